"""How much a ledger may add up to: SQLite sums in 64 bits, and a sum that does not fit must be refused, never wrong.

What is added up is bounded by the sum of all amounts without their signs, so that no report has to look again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from beanstock.model import ZERO, Posting, Voucher
from beanstock.problems import Problem, problem

MAX_SUM = 2**63 - 1
QUANTITY_SCALE = 6  # quantities are counted in millionths


@dataclass
class Totals:
    """Amounts and quantities of postings added up without their signs; `unit` is the currency's smallest amount."""

    unit: Decimal
    amount: Decimal = ZERO
    quantity: Decimal = ZERO

    def add(self, vouchers: Iterable[Voucher]) -> list[Problem]:
        """Add vouchers; the one that goes beyond what can be summed is a problem. Problems: beyond-range."""
        for voucher in vouchers:
            for posting in voucher.postings:
                self._add(posting)
            if not self.fits():
                return [problem("beyond-range", None, document=voucher.document, **self.largest())]
        return []

    def _add(self, posting: Posting) -> None:
        self.amount += abs(posting.amount)
        if posting.qty is not None:
            self.quantity += abs(posting.qty)

    def fits(self) -> bool:
        """Whether every sum of these amounts and quantities fits in 64 bits."""
        return self.amount / self.unit <= MAX_SUM and self.quantity.scaleb(QUANTITY_SCALE) <= MAX_SUM

    def largest(self) -> dict[str, str]:
        """The largest sums, for messages."""
        return {
            "amount": f"{(MAX_SUM * self.unit).to_integral_value():,f}",
            "quantity": f"{Decimal(MAX_SUM).scaleb(-QUANTITY_SCALE).to_integral_value():,f}",
        }
