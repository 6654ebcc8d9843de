"""Pools: quantity and remaining value of an item in one scope, by costing method.

Values, never unit costs: an issue takes value x quantity / remaining quantity, rounded half up to the currency, and
emptying takes the rest, so that value is conserved to the last cent and zero quantity means zero value.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from beanstock.model import ZERO, Line
from beanstock.stock.layers import Issued, Layer, total


class Pool(Protocol):
    """What every costing method offers. Quantities and values are positive; `unit` is the currency's."""

    qty: Decimal
    value: Decimal

    def receive(self, layers: list[Layer]) -> Decimal:
        """Put layers in; they join the end of the queue where there is one. The value that the pool takes them at."""

    def issue(self, qty: Decimal, by: Line | None = None) -> list[Layer]:
        """Take a quantity out at the method's cost; `by` is the line that takes it, for `undo` and `forget`."""

    def issue_from(self, line: Line, qty: Decimal, value: Decimal) -> list[Layer]:
        """Take out what came by a receipt line, at that value where the method can tell nothing better."""

    def cost_of(self, qty: Decimal) -> Decimal | None:
        """What a quantity that comes in without a price is worth: the average or the newest layer, else the last cost."""

    def undo(self, qty: Decimal) -> list[Layer]:
        """The layers of the newest issues, as far as they are known."""

    def forget(self, by: Line, qty: Decimal) -> None:
        """A quantity that a line took has been brought back by a return that names it."""

    def remember(self, by: Line, layers: list[Layer]) -> None:
        """What a line took beyond what was there, for `undo`."""

    def correct(self, value: Decimal, lines: Collection[Line] | None) -> Decimal:
        """Add a value without quantity to what is there (of certain receipt lines, if named); what could be placed."""

    def twin(self) -> Pool:
        """The same once more, to be replayed on trial."""


class AveragePool:
    """Moving average: one quantity and one value."""

    __slots__ = ("last_qty", "last_value", "qty", "unit", "value")

    def __init__(self, unit: Decimal) -> None:
        self.unit = unit
        self.qty = ZERO
        self.value = ZERO
        self.last_qty = ZERO  # the last state before the pool was emptied: its last cost
        self.last_value = ZERO

    def receive(self, layers: list[Layer]) -> Decimal:
        before = self.value
        for layer in layers:
            self.qty += layer.qty
            self.value += layer.value
        return self.value - before

    def issue(self, qty: Decimal, by: Line | None = None) -> list[Layer]:
        if qty >= self.qty:
            value = self.value
            if self.qty > 0:
                self.last_qty, self.last_value = self.qty, self.value
            self.qty = self.value = ZERO
        else:
            value = (self.value * qty / self.qty).quantize(self.unit, ROUND_HALF_UP)
            self.qty -= qty
            self.value -= value
        return [Layer(qty, value, None)]

    def issue_from(self, line: Line, qty: Decimal, value: Decimal) -> list[Layer]:
        if qty >= self.qty:
            return self.issue(qty)
        value = min(value, self.value)
        self.qty -= qty
        self.value -= value
        return [Layer(qty, value, line)]

    def cost_of(self, qty: Decimal) -> Decimal | None:
        if self.qty > 0:
            return (self.value * qty / self.qty).quantize(self.unit, ROUND_HALF_UP)
        if self.last_qty > 0:
            return (self.last_value * qty / self.last_qty).quantize(self.unit, ROUND_HALF_UP)
        return None

    def undo(self, qty: Decimal) -> list[Layer]:
        return []

    def forget(self, by: Line, qty: Decimal) -> None:
        pass

    def remember(self, by: Line, layers: list[Layer]) -> None:
        pass

    def correct(self, value: Decimal, lines: Collection[Line] | None) -> Decimal:
        if self.qty <= 0:
            return ZERO
        self.value += value
        return value

    def twin(self) -> AveragePool:
        other = AveragePool(self.unit)
        other.qty, other.value = self.qty, self.value
        other.last_qty, other.last_value = self.last_qty, self.last_value
        return other


class LayerPool:
    """Layers in the order they came: first in, first out, or last in, first out."""

    __slots__ = ("history", "last", "layers", "newest_first", "qty", "unit", "value")

    def __init__(self, unit: Decimal, *, keeps_history: bool, newest_first: bool = False) -> None:
        self.newest_first = newest_first
        self.unit = unit
        self.qty = ZERO
        self.value = ZERO
        self.layers: deque[Layer] = deque()
        self.last: tuple[Decimal, Decimal] | None = None  # quantity and value of the newest layer ever
        self.history: list[tuple[Line | None, Issued]] | None = [] if keeps_history else None

    def receive(self, layers: list[Layer]) -> Decimal:
        for layer in layers:
            if layer.qty:
                self.layers.append(Layer(layer.qty, layer.value, layer.line))
                self.qty += layer.qty
                self.value += layer.value
                self.last = (layer.qty, layer.value)
        return total(layers)

    def issue(self, qty: Decimal, by: Line | None = None) -> list[Layer]:
        taken: list[Layer] = []
        wanted = qty
        end = -1 if self.newest_first else 0
        while wanted > 0 and self.layers:
            taken.append(self._take(self.layers[end], min(self.layers[end].qty, wanted)))
            wanted -= taken[-1].qty
            if not self.layers[end].qty:
                del self.layers[end]
        if self.history is not None:
            self.history.append((by, Issued(taken, self.unit)))
        return taken

    def issue_from(self, line: Line, qty: Decimal, value: Decimal) -> list[Layer]:
        """The receipt's own layers at the stated value as far as they are there, then the next layers out.

        Emptying those layers takes their rest.
        """
        own = [layer for layer in self.layers if layer.line is line]
        there = min(qty, sum((layer.qty for layer in own), ZERO))
        rest = there
        taken: list[Layer] = []
        for layer in own:
            if rest > 0:
                taken.append(self._take(layer, min(layer.qty, rest)))
                rest -= taken[-1].qty
        self.layers = deque(layer for layer in self.layers if layer.qty)
        stays = [layer for layer in self.layers if layer.line is line]
        if there and stays:
            difference = min(value - total(taken), total(stays))
            taken[-1].value += difference
            self.correct(-difference, [line])
        return taken + (self.issue(qty - there) if qty > there else [])

    def cost_of(self, qty: Decimal) -> Decimal | None:
        newest = (self.layers[-1].qty, self.layers[-1].value) if self.layers else self.last
        if newest is None:
            return None
        return (newest[1] * qty / newest[0]).quantize(self.unit, ROUND_HALF_UP)

    def undo(self, qty: Decimal) -> list[Layer]:
        undone: list[Layer] = []
        for _, issued in reversed(self.history or []):
            while qty > 0 and issued.layers:
                undone.append(issued.layers[-1].take(min(issued.layers[-1].qty, qty), self.unit))
                qty -= undone[-1].qty
                if not issued.layers[-1].qty:
                    issued.layers.pop()
        while self.history and not self.history[-1][1].layers:
            self.history.pop()
        return undone

    def remember(self, by: Line, layers: list[Layer]) -> None:
        if self.history and self.history[-1][0] is by:  # with what was there it is one issue, of which parts come back
            self.history[-1][1].layers += Issued(layers, self.unit).layers
        elif self.history is not None:
            self.history.append((by, Issued(layers, self.unit)))

    def forget(self, by: Line, qty: Decimal) -> None:
        for line, issued in self.history or []:
            if line is by and issued.layers:
                issued.take(qty)

    def correct(self, value: Decimal, lines: Collection[Line] | None) -> Decimal:
        """Spread by value over the layers (by quantity where they have none); the last takes the rest."""
        there = [layer for layer in self.layers if lines is None or layer.line in lines]
        if not there:
            return ZERO
        whole = sum((layer.value for layer in there), ZERO)
        rest = value
        for position, layer in enumerate(there):
            share = rest
            if position < len(there) - 1:
                part, total = (layer.value, whole) if whole else (layer.qty, sum((one.qty for one in there), ZERO))
                share = (value * part / total).quantize(self.unit, ROUND_HALF_UP)
            layer.value += share
            rest -= share
        self.value += value
        return value

    def twin(self) -> LayerPool:
        other = LayerPool(self.unit, keeps_history=False, newest_first=self.newest_first)
        other.qty, other.value, other.last = self.qty, self.value, self.last
        other.layers = deque(layer.twin() for layer in self.layers)
        if self.history is not None:
            other.history = [(by, issued.twin()) for by, issued in self.history]
        return other

    def _take(self, layer: Layer, qty: Decimal) -> Layer:
        taken = layer.take(qty, self.unit)
        self.qty -= taken.qty
        self.value -= taken.value
        return taken


class StandardPool:
    """Standard cost: what is there is always worth quantity x the cost in force, rounded; moves take the difference."""

    __slots__ = ("cost", "qty", "unit", "value")

    def __init__(self, unit: Decimal, cost: Decimal) -> None:
        self.unit = unit
        self.cost = cost
        self.qty = ZERO
        self.value = ZERO

    def receive(self, layers: list[Layer]) -> Decimal:
        return self._move_to(self.qty + sum((layer.qty for layer in layers), ZERO))

    def issue(self, qty: Decimal, by: Line | None = None) -> list[Layer]:
        return [Layer(qty, -self._move_to(self.qty - qty), None)]

    def issue_from(self, line: Line, qty: Decimal, value: Decimal) -> list[Layer]:
        return self.issue(qty)

    def cost_of(self, qty: Decimal) -> Decimal | None:
        return (self.cost * qty).quantize(self.unit, ROUND_HALF_UP)

    def undo(self, qty: Decimal) -> list[Layer]:
        return []

    def forget(self, by: Line, qty: Decimal) -> None:
        pass

    def remember(self, by: Line, layers: list[Layer]) -> None:
        pass

    def correct(self, value: Decimal, lines: Collection[Line] | None) -> Decimal:
        return ZERO

    def revalue(self, cost: Decimal) -> Decimal:
        """Put another cost in force; what the stock gains by it."""
        self.cost = cost
        return self._move_to(self.qty)  # its own value is still the one before

    def twin(self) -> StandardPool:
        other = StandardPool(self.unit, self.cost)
        other.qty, other.value = self.qty, self.value
        return other

    def _move_to(self, qty: Decimal) -> Decimal:
        before = self.value
        self.qty = qty
        self.value = (qty * self.cost).quantize(self.unit, ROUND_HALF_UP)
        return self.value - before
