"""What the accounts hold while posting goes on: closing rules are given it as a value.

Amounts are money of the books, debit positive. A name is a role, or an account or root of accounts (`Income`), whose
sub-accounts count with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from decimal import Decimal

from beanstock.amounts.foreign import FOREIGN, noted
from beanstock.model import ZERO
from beanstock.voucher import Posting, Voucher

Sums = defaultdict[str, Decimal]
CLOSING = "closing"  # the tag of vouchers that close profit accounts; turnovers leave them out


class Balances:
    """Balances of accounts so far, and their turnovers by month.

    `role_of` gives the role of an account by its name; `credited_names` are those whose credits are asked for. Months
    are added in their order, and every posting costs one addition: the rest is done when it is asked for.
    """

    def __init__(self, role_of: Callable[[str], str], credited_names: Container[str] = ()) -> None:
        self.role_of = role_of
        self.credited_names = credited_names
        self.roles: dict[str, str] = {}
        self.month = ""
        self.before: Sums = defaultdict(Decimal)  # what the months before this one left
        self.closed: Sums = defaultdict(Decimal)  # what closed profit accounts in this one
        self.moved: dict[str, Sums] = {}
        self.credits: dict[str, Sums] = {}
        self.tracked: set[str] = set()  # accounts whose credits are asked for
        # what accounts hold in foreign money, and its value in money of the books: by account, currency, partner, document
        self.foreign: dict[tuple[str, str, str, str], list[Decimal]] = {}

    def add(self, month: str, vouchers: Iterable[Voucher], sign: int = 1) -> None:
        """Count vouchers of a month (2026-01), the last that was counted or a later one; with the sign -1 take them back."""
        if month != self.month:
            self._begin(month)
        moved, roles, tracked = self.moved[month], self.roles, self.tracked
        for voucher in vouchers:
            into = self.closed if voucher.tags and CLOSING in voucher.tags else moved
            for posting in voucher.postings:
                account = posting.account
                if account not in roles:
                    self._meet(account, posting.role)
                amount = posting.amount if sign > 0 else -posting.amount
                into[account] += amount
                if posting.meta:
                    self._foreign(posting, amount, sign)
                if account in tracked and (posting.side == "cr" or (not posting.side and posting.amount < 0)):
                    self.credits[month][account] -= amount

    def _begin(self, month: str) -> None:
        for sums in self._all()[1:]:
            for account, amount in sums.items():
                self.before[account] += amount
        self.closed.clear()
        self.month = month
        self.moved.setdefault(month, defaultdict(Decimal))
        self.credits.setdefault(month, defaultdict(Decimal))

    def _meet(self, account: str, role: str) -> None:
        self.roles[account] = role = role or self.role_of(account)
        parts = account.split(":")
        names = (role, *(":".join(parts[:count]) for count in range(1, len(parts) + 1)))
        if any(name in self.credited_names for name in names):
            self.tracked.add(account)

    def _foreign(self, posting: Posting, amount: Decimal, sign: int) -> None:
        for key, text in posting.meta:
            found = noted(text) if key == FOREIGN else None
            if found:
                number, currency = found
                place = (posting.account, currency, posting.partner, posting.document if posting.partner else "")
                sums = self.foreign.setdefault(place, [ZERO, ZERO])
                sums[0] += sign * number
                sums[1] += amount

    def instead(self, month: str, counted: Iterable[Voucher], kept: Iterable[Voucher]) -> None:
        """Count what a closed month keeps in place of what is computed for it today."""
        self.add(month, counted, -1)
        self.add(month, kept)

    def balance(self, name: str) -> Decimal:
        """What a role's accounts, or the accounts below a name, hold."""
        return sum((self._sum(sums, name) for sums in self._all()), ZERO)

    def _all(self) -> tuple[Mapping[str, Decimal], ...]:
        return self.before, self.moved.get(self.month, {}), self.closed

    def turnover(self, name: str, months: Iterable[str]) -> Decimal:
        """What moved in them in these months, without what closed profit accounts."""
        return sum((self._sum(self.moved[month], name) for month in months if month in self.moved), ZERO)

    def credited(self, name: str, months: Iterable[str]) -> Decimal:
        """The credits alone, positive; a red entry of a credit reduces them."""
        return sum((self._sum(self.credits[month], name) for month in months if month in self.credits), ZERO)

    def below(self, root: str) -> list[tuple[str, Decimal]]:
        """The accounts below a root that hold anything, by name."""
        held: Sums = defaultdict(Decimal)
        for sums in self._all():
            for account, amount in sums.items():
                if _is_below(account, root):
                    held[account] += amount
        return sorted((account, amount) for account, amount in held.items() if amount)

    def _sum(self, amounts: Mapping[str, Decimal], name: str) -> Decimal:
        if name[:1].isupper():
            return sum((amount for account, amount in amounts.items() if _is_below(account, name)), ZERO)
        return sum((amount for account, amount in amounts.items() if self.roles[account] == name), ZERO)


def _is_below(account: str, name: str) -> bool:
    return account == name or account.startswith(f"{name}:")
