"""Closing a finished month by the rules of closing.yaml: one document for each rule, in the order of the rules.

Each sees the balances as those before it left them. The vouchers are marked by the rules themselves; those that close
profit accounts carry the tag `closing`, and reports leave them out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

from beanstock.amounts.currency import Rates
from beanstock.model import Document, Partner
from beanstock.problems import Problem, errors
from beanstock.rulebook.closings import KIND
from beanstock.rulebook.compiling import CompiledRule
from beanstock.rulebook.load import Rulebook
from beanstock.voucher import Posting, Voucher
from beanstock.vouchers.balances import Balances
from beanstock.vouchers.write import make_voucher, takes, uncomputed

MONETARY = frozenset(
    {"cash", "bank", "wallet", "receivable", "payable", "notes-receivable", "notes-payable", "unbilled-receivable"}
)
REVERSED_ON = "reversed_on"  # the day on which a voucher is taken back, whatever becomes of its rule
_BEHIND = 1_001  # behind every other document of the day


@dataclass(frozen=True)
class Entry:
    """An account with what it holds, debit positive, as `each` gives it to a rule."""

    account: str
    amount: Decimal


@dataclass(frozen=True)
class Held(Entry):
    """Foreign money of an account (by partner and document where it is kept so), booked at `amount` and worth `value`."""

    role: str
    currency: str
    foreign: Decimal
    value: Decimal
    partner: Partner | None
    document: str

    @property
    def monetary(self) -> bool:
        """Whether it is money or a right or duty to money (IAS 21.8): advances, which are settled by goods, are not."""
        return self.role in MONETARY


class ClosingDocument(Document):
    """What one closing rule posts for one month, with the balances that it sees; what was asked stays as it was."""

    __slots__ = ("asked", "ends_quarter", "ends_year", "periods", "sees", "takes_back")
    asked: dict[tuple[str, ...], Any]
    periods: dict[str, list[str]]
    ends_quarter: bool
    ends_year: bool
    sees: Closer
    takes_back: ClosingDocument | None  # the document of the month before

    def balance(self, name: str) -> Decimal:
        """See `Balances.balance`."""
        return cast(Decimal, self._once(("balance", name), lambda: self.sees.balances.balance(name)))

    def turnover(self, name: str, period: str = "month") -> Decimal:
        """What moved in the month, or in the quarter or fiscal year so far."""
        made = self._once(("turnover", name, period), lambda: self.sees.balances.turnover(name, self.periods[period]))
        return cast(Decimal, made)

    def credited(self, name: str, period: str = "month") -> Decimal:
        """The credits of the month, or of the quarter or fiscal year so far."""
        made = self._once(("credited", name, period), lambda: self.sees.balances.credited(name, self.periods[period]))
        return cast(Decimal, made)

    @property
    def income_accounts(self) -> list[Entry]:
        """Income accounts that hold anything."""
        return self._below("Income")

    @property
    def expense_accounts(self) -> list[Entry]:
        """Expense accounts that hold anything."""
        return self._below("Expenses")

    @property
    def foreign_balances(self) -> list[Held]:
        """What accounts hold in foreign money, at the rate of the day; at its booked value where no rate is known."""
        return cast("list[Held]", self._once(("foreign",), lambda: self.sees.held(self.date)))

    def _below(self, root: str) -> list[Entry]:
        made = self._once(("below", root), lambda: [Entry(*one) for one in self.sees.balances.below(root)])
        return cast("list[Entry]", made)

    def _once(self, key: tuple[str, ...], make: Callable[[], Any]) -> Any:
        if key not in self.asked:
            self.asked[key] = make()
        return self.asked[key]


@dataclass
class Closer:
    """Closes months one after the other. `year_start` is the first month of fiscal years."""

    rulebook: Rulebook
    balances: Balances
    year_start: int
    rates: Rates
    partners: Mapping[str, Partner]
    unit: Decimal
    storno: bool
    reversal: str  # the word before the narration of a voucher that is taken back
    reversals: list[Voucher] = field(default_factory=list)  # which the next month begins with

    def close(self, day: dt.date) -> tuple[list[Document], list[Voucher], list[Problem]]:
        """The closing documents and vouchers of the month that ends on a day; the balances move on.

        Problems: those of `make_voucher`.
        """
        documents: list[Document] = []
        vouchers: list[Voucher] = []
        problems: list[Problem] = []
        for position, rule in enumerate(self.rulebook.rules.get(KIND, ())):
            document = closing_document(rule.rule.id, day, position, self)
            faults = len(errors(problems))
            voucher = self._voucher(document, rule, problems)
            if voucher is None:
                documents += [document] if len(errors(problems)) > faults else []  # for `explain` to show why
                continue
            self.balances.add(document.periods["month"][0], [voucher])
            documents.append(document)
            vouchers.append(voucher)
            if rule.rule.reverse:
                following = closing_document(rule.rule.id, day + dt.timedelta(1), position, self)
                following.takes_back = document
                voucher.meta += ((REVERSED_ON, following.date.isoformat()),)
                documents.append(following)
                self.reversals.append(self._back(voucher, following))
        return documents, vouchers, problems

    def _voucher(self, document: ClosingDocument, rule: CompiledRule, problems: list[Problem]) -> Voucher | None:
        try:
            return make_voucher(document, rule, self.rulebook, problems) if takes(rule, document) else None
        except (ArithmeticError, TypeError) as fault:
            problems.append(uncomputed(document, rule, fault))
            return None

    def begin(self) -> list[Voucher]:
        """What the month that begins takes back."""
        taken, self.reversals = self.reversals, []
        return taken

    def instead(self, kept: list[Voucher]) -> None:
        """A closed month keeps other vouchers than are computed for it: these are what the next month takes back.

        Which of them, they say themselves: their rules may be others now, or gone.
        """
        rules = self.rulebook.rules.get(KIND, ())
        positions = {one.rule.id: position for position, one in enumerate(rules)}
        marked = {one.document for one in self.reversals if one.flag == "!"}
        self.reversals = []
        for voucher in kept:
            after = voucher.date + dt.timedelta(1)
            if voucher.document.startswith(f"{KIND}/") and (REVERSED_ON, after.isoformat()) in voucher.meta:
                document = closing_document(voucher.rule, after, positions.get(voucher.rule, len(rules)), self)
                back = self._back(voucher, document)
                back.flag = "!" if document.reference in marked else "*"
                self.reversals.append(back)

    def _back(self, voucher: Voucher, document: Document) -> Voucher:
        """The voucher with every amount turned: red on its own side where red entries are used, else on the other."""
        made = Voucher(document.date, document.reference, voucher.rule)
        made.key, made.payee, made.tags, made.flag = document.key, voucher.payee, list(voucher.tags), voucher.flag
        made.meta = tuple(pair for pair in voucher.meta if pair[0] != REVERSED_ON)
        made.narration = f"{self.reversal}{voucher.narration}"
        made.links = [document.number]
        for one in voucher.postings:
            posting = Posting(one.account, one.role, -one.amount)
            posting.partner, posting.document, posting.due = one.partner, one.document, one.due
            if self.storno and not one.side:
                posting.side = "dr" if one.amount > 0 else "cr"
            made.postings.append(posting)
        return made

    def held(self, day: dt.date) -> list[Held]:
        """See `ClosingDocument.foreign_balances`."""
        found = []
        for (account, currency, partner, document), (foreign, amount) in sorted(self.balances.foreign.items()):
            rate = self.rates.on(currency, day)
            value = amount if rate is None else (foreign * rate).quantize(self.unit, ROUND_HALF_UP)
            if foreign or amount:
                role, known = self.balances.roles[account], self.partners.get(partner)
                found.append(Held(account, amount, role, currency, foreign, value, known, document))
        return found


def closing_document(rule: str, day: dt.date, position: int, closer: Closer) -> ClosingDocument:
    """The document of a rule for a month."""
    document = ClosingDocument(KIND, "", 0)
    document.date = day
    document.asked, document.sees, document.takes_back = {}, closer, None
    document.number = f"{day.isoformat()}-{rule}"
    document.reference = f"{KIND}/{document.number}"
    document.key = (day, "99:99", _BEHIND, closer.rulebook.kinds.documents[KIND].stage, KIND, f"{position:04}", "")
    passed = (day.month - closer.year_start) % 12  # months of the fiscal year before this one
    so_far = _months_until(day, passed + 1)
    document.periods = {"month": so_far[-1:], "quarter": so_far[passed - passed % 3 :], "year": so_far}
    document.ends_quarter, document.ends_year = passed % 3 == 2, passed == 11
    return document


def _months_until(day: dt.date, count: int) -> list[str]:
    last = day.year * 12 + day.month - 1
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(last - count + 1, last + 1)]
