"""How much a ledger may add up to: SQLite sums in 64 bits, and a sum that does not fit must be refused, never wrong.

What is added up is bounded by the sum of all amounts without their signs, so that no report has to look again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from beanstock.model import ZERO
from beanstock.problems import Problem, problem
from beanstock.voucher import Voucher

MAX_SUM = 2**63 - 1
QUANTITY_SCALE = 6  # quantities are counted in millionths
MAX_QUANTITY = Decimal(MAX_SUM).scaleb(-QUANTITY_SCALE)


@dataclass
class Totals:
    """Amounts and quantities of postings added up without their signs; `unit` is the currency's smallest amount."""

    unit: Decimal
    amount: Decimal = ZERO
    quantity: Decimal = ZERO
    roles: dict[str, str] = field(default_factory=dict)  # of the accounts that were met

    def add(self, vouchers: Iterable[Voucher]) -> list[Problem]:
        """Add vouchers; the one that goes beyond what can be summed is a problem. Problems: beyond-range."""
        problems: list[Problem] = []
        for _ in self.passing(vouchers, problems):
            if problems:
                break
        return problems

    def passing(self, vouchers: Iterable[Voucher], problems: list[Problem]) -> Iterator[Voucher]:
        """Vouchers on their way to whoever writes them, added as they pass: while they are at hand it costs half.

        Problems: beyond-range, once, at the voucher that goes beyond.
        """
        roles, told = self.roles, not self.fits()
        for voucher in vouchers:
            amount, quantity = self.amount, self.quantity
            for posting in voucher.postings:
                amount += abs(posting.amount)
                roles[posting.account] = posting.role
                if posting.qty is not None:
                    quantity += abs(posting.qty)
            self.amount, self.quantity = amount, quantity
            if not told and not self.fits():
                told = True
                problems.append(problem("beyond-range", None, document=voucher.document, **self.largest()))
            yield voucher

    def fits(self) -> bool:
        """Whether every sum of these amounts and quantities fits in 64 bits."""
        return self.amount <= MAX_SUM * self.unit and self.quantity <= MAX_QUANTITY

    def largest(self) -> dict[str, str]:
        """The largest sums, for messages."""
        return {
            "amount": f"{(MAX_SUM * self.unit).to_integral_value():,f}",
            "quantity": f"{MAX_QUANTITY.to_integral_value():,f}",
        }
