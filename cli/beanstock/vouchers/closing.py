"""Closing a finished month by the rules of closing.yaml: one document for each rule, in the order of the rules.

Each sees the balances as those before it left them. The vouchers are marked by the rules themselves; those that close
profit accounts carry the tag `closing`, and reports leave them out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from beanstock.model import Document, Voucher
from beanstock.problems import Problem
from beanstock.records.kinds import Kinds
from beanstock.rulebook.closings import KIND
from beanstock.rulebook.load import Rulebook
from beanstock.vouchers.balances import Balances
from beanstock.vouchers.write import make_voucher, takes

_BEHIND = 1_001  # behind every other document of the day


@dataclass(frozen=True)
class Entry:
    """An account with what it holds, debit positive, as `each` gives it to a rule."""

    account: str
    amount: Decimal


class ClosingDocument(Document):
    """What one closing rule posts for one month, with the balances that it sees."""

    __slots__ = ("balances", "ends_quarter", "ends_year", "periods")

    def balance(self, name: str) -> Decimal:
        """See `Balances.balance`."""
        return self.balances.balance(name)

    def turnover(self, name: str, period: str = "month") -> Decimal:
        """What moved in the month, or in the quarter or fiscal year so far."""
        return self.balances.turnover(name, self.periods[period])

    def credited(self, name: str, period: str = "month") -> Decimal:
        """The credits of the month, or of the quarter or fiscal year so far."""
        return self.balances.credited(name, self.periods[period])

    @property
    def income_accounts(self) -> list[Entry]:
        """Income accounts that hold anything."""
        return [Entry(*one) for one in self.balances.below("Income")]

    @property
    def expense_accounts(self) -> list[Entry]:
        """Expense accounts that hold anything."""
        return [Entry(*one) for one in self.balances.below("Expenses")]

    balances: Balances
    periods: dict[str, list[str]]
    ends_quarter: bool
    ends_year: bool


def close_month(
    day: dt.date, rulebook: Rulebook, balances: Balances, year_start: int
) -> tuple[list[Document], list[Voucher], list[Problem]]:
    """The closing documents and vouchers of the month that ends on a day; the balances move on.

    `year_start` is the first month of fiscal years. Problems: those of `make_voucher`.
    """
    documents: list[Document] = []
    vouchers: list[Voucher] = []
    problems: list[Problem] = []
    for position, rule in enumerate(rulebook.rules.get(KIND, ())):
        document = closing_document(rule.rule.id, day, position, rulebook.kinds, year_start)
        document.balances = balances
        if not takes(rule, document):
            continue
        voucher = make_voucher(document, rule, rulebook, problems)
        if voucher is not None:
            balances.add(document.periods["month"][0], [voucher])
            documents.append(document)
            vouchers.append(voucher)
    return documents, vouchers, problems


def closing_document(rule: str, day: dt.date, position: int, kinds: Kinds, year_start: int) -> ClosingDocument:
    """The document of a rule for the month that ends on a day."""
    document = ClosingDocument(KIND, "", 0)
    document.date = day
    document.number = f"{day.isoformat()}-{rule}"
    document.reference = f"{KIND}/{document.number}"
    document.key = (day, "99:99", _BEHIND, kinds.documents[KIND].stage, KIND, f"{position:04}", "")
    passed = (day.month - year_start) % 12  # months of the fiscal year before this one
    so_far = _months_until(day, passed + 1)
    document.periods = {"month": so_far[-1:], "quarter": so_far[passed - passed % 3 :], "year": so_far}
    document.ends_quarter, document.ends_year = passed % 3 == 2, passed == 11
    return document


def _months_until(day: dt.date, count: int) -> list[str]:
    last = day.year * 12 + day.month - 1
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(last - count + 1, last + 1)]
