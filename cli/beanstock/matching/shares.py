"""What purchases are matched by: quantities with amounts that are taken in parts, and the billing state of receipts."""

from __future__ import annotations

from decimal import Decimal

from beanstock.model import ZERO, Line
from beanstock.parts import Part


class Share:
    """A quantity with its amount that is taken in parts: at the exact price of its line each, the last takes the rest."""

    __slots__ = ("amount", "line", "qty", "unit")

    def __init__(self, line: Line, qty: Decimal, amount: Decimal, unit: Decimal) -> None:
        self.line = line
        self.qty = qty
        self.amount = amount
        self.unit = unit

    def take(self, qty: Decimal) -> Decimal:
        """The amount of a quantity, which is not beyond what is left."""
        amount = self.amount if qty == self.qty else self.line.cost_of(qty, self.unit)
        self.qty -= qty
        self.amount -= amount
        return amount


class Receipt:
    """The billing state of a receipt line, or (negative) of what a return left to be credited.

    Quantities are in base units and have the line's sign; `amount` is the whole at the line's own price.
    """

    __slots__ = ("amount", "billed", "line", "qty", "restates", "returned_amount", "returned_qty", "unit")

    def __init__(self, line: Line, qty: Decimal, amount: Decimal, unit: Decimal, *, restates: bool) -> None:
        self.restates = restates  # whether a bill's price changes what the receipt was worth
        self.line = line
        self.qty = qty
        self.amount = amount
        self.unit = unit
        self.billed: list[Part] = []
        self.returned_qty = ZERO  # given back before it was billed
        self.returned_amount = ZERO

    @property
    def billed_qty(self) -> Decimal:
        return sum((part.qty for part in self.billed), ZERO)

    @property
    def open_qty(self) -> Decimal:
        """Received, not billed, not returned."""
        return self.qty - self.returned_qty - self.billed_qty

    @property
    def open_amount(self) -> Decimal:
        """What is open, at the receipt's own price."""
        if not self.billed or not self.restates:
            return self.amount - self.returned_amount - sum((part.amount for part in self.billed), ZERO)
        return self._estimate(self.open_qty)

    @property
    def value(self) -> Decimal:
        """Billed parts at their bills' prices, the rest at the receipt's own."""
        return sum((part.amount for part in self.billed), ZERO) + self.returned_amount + self.open_amount

    def give_back(self, qty: Decimal) -> Decimal:
        """Return a quantity that is not billed; its amount at the receipt's price."""
        amount = self.open_amount if qty == self.open_qty else self._estimate(qty)
        self.returned_qty += qty
        self.returned_amount += amount
        return amount

    def clear(self, qty: Decimal) -> Decimal:
        """The receipt's own amount of a quantity that is billed at another price; the last part takes the rest."""
        if qty == self.open_qty:
            return self.amount - self.returned_amount - sum((part.amount for part in self.billed), ZERO)
        return self._estimate(qty)

    def take_back(self, qty: Decimal, amount: Decimal) -> None:
        """Undo a return of a quantity: it is open again."""
        self.returned_qty -= qty
        self.returned_amount -= amount

    def _estimate(self, qty: Decimal) -> Decimal:
        return self.line.cost_of(qty, self.unit)
