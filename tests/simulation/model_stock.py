"""The model's stock: layers of quantity with their remaining value, recomputed from the first document on.

An average is kept as one layer into which everything is poured. Quantities and values are exact; only what leaves is
rounded, as the page on valuation says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .model_events import Refused, Undecided, literal
from .model_prices import ZERO, half_up

Origin = tuple[str, str, int]  # kind/number, partner and line of the document that brought or took a quantity


@dataclass
class Layer:
    qty: Fraction
    value: Fraction
    origin: Origin
    came_at: Fraction = ZERO  # the unit cost that it came with


@dataclass
class Taken:
    """What one layer gave to one issue, and how much of it is still out."""

    qty: Fraction
    value: Fraction
    origin: Origin
    issue: str = ""
    undone: bool = False  # by a return that named nothing
    named: bool = False  # by a return, whole or in part

    def give_back(self, qty: Fraction, decimals: int) -> Fraction:
        """The value of a part that comes back: proportional, and the rest with the last part."""
        value = self.value if qty == self.qty else half_up(self.value * qty / self.qty, decimals)
        self.qty -= qty
        self.value -= value
        return value


@dataclass
class Pool:
    """One item in one scope."""

    averaged: bool
    decimals: int
    last_cost: Fraction | None  # the item's own, until the pool has known a cost
    came_at: Fraction | None = None
    layers: list[Layer] = field(default_factory=list)
    issued: list[Taken] = field(default_factory=list)

    @property
    def qty(self) -> Fraction:
        return sum((layer.qty for layer in self.layers), ZERO)

    @property
    def value(self) -> Fraction:
        return sum((layer.value for layer in self.layers), ZERO)

    def receive(self, qty: Fraction, value: Fraction, origin: Origin) -> None:
        if self.averaged and self.layers:
            self.layers[0].qty += qty
            self.layers[0].value += value
        else:
            self.layers.append(Layer(qty, value, origin, value / qty))
        self.remember()

    def issue(self, qty: Fraction, kind: str) -> list[Taken]:
        """Take from the front; each layer gives value x qty / remaining qty rounded, the last of it the rest."""
        taken: list[Taken] = []
        while qty > 0:
            if not self.layers:
                raise Refused("stock below zero")
            layer = self.layers[0]
            part = min(qty, layer.qty)
            taken.append(self._take(layer, part, None, kind))
            qty -= part
        return taken

    def issue_at(self, qty: Fraction, value: Fraction, kind: str) -> list[Taken]:
        """Take at a given value; emptying a pool takes the rest all the same."""
        if not self.layers or len(self.layers) > 1 or self.layers[0].qty < qty:
            raise Undecided("a given value over several layers")
        return [self._take(self.layers[0], qty, value, kind)]

    def issue_from(self, origin: Origin, qty: Fraction, value: Fraction, kind: str) -> list[Taken]:
        """Take what one receipt brought, at a given value: an average has only its one layer."""
        found = [layer for layer in self.layers if self.averaged or layer.origin == origin]
        if len(found) != 1 or found[0].qty < qty:
            raise Undecided("a return of goods that are no longer there")
        return [self._take(found[0], qty, value, kind)]

    def _take(self, layer: Layer, qty: Fraction, given: Fraction | None, kind: str) -> Taken:
        value = half_up(layer.value * qty / layer.qty, self.decimals) if given is None else given
        if qty == layer.qty:
            value = layer.value
            self.layers.remove(layer)
        elif given is not None and layer.value < value:
            raise Undecided("more value leaves than is there")
        layer.qty -= qty
        layer.value -= value
        taken = Taken(qty, value, layer.origin, kind)
        self.issued.append(taken)
        self.remember()
        if not self.layers:
            self.last_cost = value / qty
        return taken

    def remember(self) -> None:
        """Keep the unit cost for the time when the pool is empty."""
        if self.layers:
            newest = self.layers[-1]
            self.last_cost, self.came_at = newest.value / newest.qty, newest.came_at

    def current(self, qty: Fraction) -> Fraction:
        """What a quantity without a cost of its own takes: the average or the newest layer, else the last cost."""
        if self.last_cost is None:
            return ZERO
        cost = half_up(self.last_cost * qty, self.decimals)
        if self.averaged or self.layers:
            return cost
        return literal("last cost of layers", cost, half_up((self.came_at or ZERO) * qty, self.decimals))

    def undo(self, qty: Fraction) -> list[Layer]:
        """Undo the newest issues, for a return that names none."""
        back: list[Layer] = []
        for taken in reversed(self.issued):
            if qty > 0 and taken.qty > 0:
                if taken.issue not in ("deliveries", "sales"):
                    raise Undecided("which issues a return undoes")
                part = min(qty, taken.qty)
                back.append(Layer(part, taken.give_back(part, self.decimals), taken.origin))
                qty -= part
                taken.undone = True
        if qty > 0:
            raise Undecided("more comes back than ever went")
        return back


def give_back(taken: list[Taken], qty: Fraction, decimals: int) -> list[tuple[Fraction, Fraction, Origin]]:
    """A part of an issue comes back, proportional over its layers; the sum is rounded and shared by value."""
    out = [one for one in taken if one.qty]
    share = qty / sum((one.qty for one in out), ZERO)
    values = sum((one.value for one in out), ZERO)
    left = half_up(values * share, decimals)
    back: list[tuple[Fraction, Fraction, Origin]] = []
    for one in out:
        one.named = True
        value = left if one is out[-1] or not values else half_up(left * one.value / values, decimals)
        literal("shares of a partial return", value, half_up(one.value * share, decimals))
        values -= one.value
        left -= value
        back.append((one.qty * share, value, one.origin))
        one.qty -= one.qty * share
        one.value -= value
    return back
