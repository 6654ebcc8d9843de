"""What the accounts hold while posting goes on: closing rules are given it as a value.

Amounts are money of the books, debit positive. A name is a role, or an account or root of accounts (`Income`), whose
sub-accounts count with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal

from beanstock.model import ZERO, Posting, Voucher

CLOSING = "closing"  # the tag of vouchers that close profit accounts; turnovers leave them out


class Balances:
    """Balances of accounts so far, and their turnovers by month. `role_of` gives the role of an account by its name."""

    def __init__(self, role_of: Callable[[str], str]) -> None:
        self.role_of = role_of
        self.roles: dict[str, str] = {}
        self.held: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.moved: dict[str, defaultdict[str, Decimal]] = {}
        # what accounts hold in foreign money, and its value in money of the books: by account, currency, partner, document
        self.foreign: dict[tuple[str, str, str, str], list[Decimal]] = {}
        self.credits: dict[str, defaultdict[str, Decimal]] = {}

    def add(self, month: str, vouchers: Iterable[Voucher], sign: int = 1) -> None:
        """Count vouchers of a month (2026-01), or with the sign -1 take them back."""
        held, roles = self.held, self.roles
        moved = self.moved.setdefault(month, defaultdict(Decimal))
        credited = self.credits.setdefault(month, defaultdict(Decimal))
        for voucher in vouchers:
            counts = CLOSING not in voucher.tags
            for posting in voucher.postings:
                account = posting.account
                if account not in roles:
                    roles[account] = posting.role or self.role_of(account)
                amount = posting.amount if sign > 0 else -posting.amount
                held[account] += amount
                if posting.meta:
                    self._foreign(posting, amount, sign)
                if counts:
                    moved[account] += amount
                    if posting.side == "cr" or (not posting.side and posting.amount < 0):
                        credited[account] -= amount

    def _foreign(self, posting: Posting, amount: Decimal, sign: int) -> None:
        for key, text in posting.meta:
            if key == "foreign":
                number, _, currency = text.partition(" ")
                place = (posting.account, currency, posting.partner, posting.document if posting.partner else "")
                sums = self.foreign.setdefault(place, [ZERO, ZERO])
                sums[0] += sign * Decimal(number)
                sums[1] += amount

    def instead(self, month: str, counted: Iterable[Voucher], kept: Iterable[Voucher]) -> None:
        """Count what a closed month keeps in place of what is computed for it today."""
        self.add(month, counted, -1)
        self.add(month, kept)

    def balance(self, name: str) -> Decimal:
        """What a role's accounts, or the accounts below a name, hold."""
        return self._sum(self.held, name)

    def turnover(self, name: str, months: Iterable[str]) -> Decimal:
        """What moved in them in these months, without what closed profit accounts."""
        return sum((self._sum(self.moved[month], name) for month in months if month in self.moved), ZERO)

    def credited(self, name: str, months: Iterable[str]) -> Decimal:
        """The credits alone, positive; a red entry of a credit reduces them."""
        return sum((self._sum(self.credits[month], name) for month in months if month in self.credits), ZERO)

    def below(self, root: str) -> list[tuple[str, Decimal]]:
        """The accounts below a root that hold anything, by name."""
        return sorted((account, held) for account, held in self.held.items() if held and _is_below(account, root))

    def _sum(self, amounts: dict[str, Decimal], name: str) -> Decimal:
        if name[:1].isupper():
            return sum((amount for account, amount in amounts.items() if _is_below(account, name)), ZERO)
        return sum((amount for account, amount in amounts.items() if self.roles[account] == name), ZERO)


def _is_below(account: str, name: str) -> bool:
    return account == name or account.startswith(f"{name}:")
