"""The model's standard goods that keep what they differ by (计划成本), and share it out when a month ends.

Goods move at the planned cost. What comes in at another value leaves a difference in the pool. At the month's end an
issue costs what it would of the month's average: value x quantity / remaining quantity, one issue after the other; what
it left at before is corrected to that, where its cost went. What comes back of the month's own issues does likewise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .model_events import Undecided
from .model_prices import ZERO, half_up
from .model_stock import NOWHERE, Layer, Origin, Pool, Taken
from .papers import Document, Line


@dataclass(eq=False)
class Leaving:
    """What left during the month, or (negative) came back of it; `fixed` at a value of its own."""

    document: Document
    line: Line
    qty: Fraction
    value: Fraction
    place: str
    taken: Taken
    fixed: bool = False


@dataclass
class PlannedPool(Pool):
    """`kept` is what the goods cost beyond the standard."""

    kept: Fraction = ZERO
    month: list[Leaving] = field(default_factory=list)

    @property
    def value(self) -> Fraction:
        return self.planned + self.kept

    @property
    def planned(self) -> Fraction:
        return sum((layer.value for layer in self.layers), ZERO)

    def receive(self, qty: Fraction, value: Fraction, origin: Origin) -> Fraction:
        self.kept += value - self._move(qty)
        return value

    def _move(self, change: Fraction) -> Fraction:
        before, after = self.planned, self.there + change
        worth = half_up(after * self.standard, self.decimals)
        self.layers = [Layer(after, worth, NOWHERE)] if after else []
        return worth - before

    def leave(self, document: Document, line: Line, qty: Fraction, place: str) -> Taken:
        """An issue at the planned cost, or with a negative quantity what comes back of the month's."""
        value = -self._move(-qty)
        taken = Taken(qty, value, NOWHERE, document.kind)
        self.month.append(Leaving(document, line, qty, value, place, taken))
        return taken

    def leave_at(self, document: Document, line: Line, qty: Fraction, value: Fraction, place: str) -> Taken:
        """An issue at a value of its own."""
        if self.there < qty:
            raise Undecided("a given value of goods that are not there")
        self.kept += -self._move(-qty) - value
        taken = Taken(qty, value, NOWHERE, document.kind)
        self.month.append(Leaving(document, line, qty, value, place, taken, fixed=True))
        return taken

    def has_just_left(self, taken: list[Taken]) -> bool:
        """Whether goods left this month, at a cost that is not known before its end."""
        return any(one.taken is taken[0] and not one.fixed for one in self.month)

    def change(self, cost: Fraction) -> None:
        """Another standard changes what is planned, and not what the goods cost."""
        self.standard = cost
        self.kept -= self._move(ZERO)

    def share_out(self) -> list[tuple[Leaving, Fraction]]:
        """What the month's issues cost beyond what they left at."""
        free = [one for one in self.month if not one.fixed]
        last = self.month[-1] if self.month and not free and not self.there else None
        self.month = []
        if not self.kept or self.there < 0:  # what is short left at the plan: differences wait
            return []
        qty = self.there + sum((one.qty for one in free), ZERO)
        value = self.value + sum((one.value for one in free), ZERO)
        shares: list[tuple[Leaving, Fraction]] = []
        unit_cost = ZERO
        for one in free:
            unit_cost = value / qty if qty else unit_cost
            cost = half_up(unit_cost * one.qty, self.decimals)
            qty, value = qty - one.qty, value - cost
            shares.append((one, cost - one.value))
        if last is not None:
            shares.append((last, value))
        for one, share in shares:
            one.taken.value += share
            self.kept -= share
        return shares
