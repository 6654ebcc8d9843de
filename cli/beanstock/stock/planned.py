"""Standard cost (计划成本) that keeps what goods differ by, and shares it over issues and stock at the month's end.

Goods move at the plan. At the month's end an issue costs what it would of the month's average: value x quantity /
remaining quantity, rounded half up, one issue after the other; what it left at before is corrected to that. What comes
back of the month's own issues does likewise.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from beanstock.model import ZERO, Line
from beanstock.stock.layers import Layer, total
from beanstock.stock.pools import StandardPool


@dataclass(frozen=True)
class Leaving:
    """What a line took this month, or (negative) brought back of the month's issues; `fixed` at a value of its own."""

    by: Line
    qty: Decimal
    value: Decimal
    fixed: bool = False


class PlannedPool(StandardPool):
    """`value` is what the goods cost: quantity x standard, and the differences kept in `variance`."""

    __slots__ = ("month", "variance")

    def __init__(self, unit: Decimal, cost: Decimal) -> None:
        super().__init__(unit, cost)
        self.variance = ZERO
        self.month: list[Leaving] = []

    def receive(self, layers: list[Layer]) -> Decimal:
        actual = total(layers)
        self.variance += actual - self._move_to(self.qty + sum((layer.qty for layer in layers), ZERO))
        self.value = self._planned() + self.variance
        return actual

    def issue(self, qty: Decimal, by: Line | None = None) -> list[Layer]:
        """Take out at the plan; a negative quantity comes back of the month's issues."""
        assert by is not None
        value = -self._move_to(self.qty - qty)
        self.month.append(Leaving(by, qty, value))
        return [Layer(qty, value, None)]

    def issue_at(self, qty: Decimal, value: Decimal, by: Line) -> list[Layer]:
        """Take out at a value of its own, which bears no share of the differences."""
        self.variance += -self._move_to(self.qty - qty) - value
        self.value = self._planned() + self.variance
        self.month.append(Leaving(by, qty, value, fixed=True))
        return [Layer(qty, value, None)]

    def has_just_left(self, by: Line) -> bool:
        """Whether a line took goods this month at a cost that is not known before its end."""
        return any(one.by is by and not one.fixed for one in self.month)

    def correct(self, value: Decimal, lines: Collection[Line] | None) -> Decimal:
        self.variance += value
        self.value += value
        return value

    def revalue(self, cost: Decimal) -> Decimal:
        """Another standard changes what is planned, not what the goods cost."""
        before = self._planned()
        self.cost = cost
        self.variance -= self._planned() - before
        return ZERO

    def twin(self) -> PlannedPool:
        other = PlannedPool(self.unit, self.cost)
        other.qty, other.value, other.variance, other.month = self.qty, self.value, self.variance, list(self.month)
        return other

    def share_out(self) -> list[tuple[Leaving, Decimal]]:
        """The month's issues with what they cost beyond what they left at.

        Where nothing is left and all went at values of its own, the last takes the rest. Below zero all waits.
        """
        month, self.month = self.month, []
        free = [one for one in month if not one.fixed]
        if self.qty < 0 or not self.variance:
            return []
        qty = self.qty + sum((one.qty for one in free), ZERO)
        value = self.value + sum((one.value for one in free), ZERO)
        last = (value, qty)  # the average before the stock was empty
        shares: list[tuple[Leaving, Decimal]] = []
        for one in free:
            last = (value, qty) if qty else last
            cost = (last[0] * one.qty / last[1]).quantize(self.unit, ROUND_HALF_UP) if last[1] else ZERO
            qty, value = qty - one.qty, value - cost
            shares.append((one, cost - one.value))
        if month and not free and not self.qty:
            shares.append((month[-1], self.value))
        for _, share in shares:
            self.correct(-share, None)
        return shares

    def _planned(self) -> Decimal:
        return (self.qty * self.cost).quantize(self.unit, ROUND_HALF_UP)

    def _move_to(self, qty: Decimal) -> Decimal:
        before = self._planned()
        self.qty = qty
        change = self._planned() - before
        self.value = before + change + self.variance
        return change
