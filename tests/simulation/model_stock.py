"""The model's stock: layers of quantity with their remaining value, recomputed from the first document on.

An average, or a lot whose cost is its own, is kept as one layer into which everything is poured. Quantities and values
are exact; only what leaves is rounded, as the page on valuation says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .model_events import Refused, Undecided
from .model_prices import ZERO, half_up

Origin = tuple[str, str, int]  # kind/number, partner and line of the document that brought or took a quantity
NOWHERE: Origin = ("", "", 0)


@dataclass(eq=False)
class Layer:
    qty: Fraction
    value: Fraction
    origin: Origin


@dataclass(eq=False)
class Taken:
    """What one layer gave to one issue, and how much of it is still out."""

    qty: Fraction
    value: Fraction
    origin: Origin
    issue: str = ""
    undone: bool = False  # by a return that named nothing
    named: bool = False  # by a return, whole or in part
    owed: Fraction = ZERO  # what of it was not there when it left, and is not covered yet
    owed_value: Fraction = ZERO
    role: str = ""  # where its cost went
    corrected: bool = False  # by what covered it
    by: Origin = NOWHERE  # the line that took what was not there

    def give_back(self, qty: Fraction, decimals: int) -> Fraction:
        """The value of a part that comes back: proportional, and the rest with the last part."""
        value = self.value if qty == self.qty else half_up(self.value * qty / self.qty, decimals)
        self.qty -= qty
        self.value -= value
        return value


@dataclass
class Pool:
    """One item in one scope. `arrivals` is all that ever came, in order: origin and quantity."""

    method: str
    decimals: int
    last_cost: Fraction | None  # the item's own, until the pool has known a cost
    standard: Fraction = ZERO  # the standard cost in force
    came_at: Fraction | None = None  # the unit cost that the newest layer came with
    layers: list[Layer] = field(default_factory=list)
    issued: list[Taken] = field(default_factory=list)
    owing: list[Taken] = field(default_factory=list)
    arrivals: list[tuple[Origin, Fraction]] = field(default_factory=list)

    @property
    def averaged(self) -> bool:
        return self.method in ("moving-average", "monthly-average", "specific")

    @property
    def there(self) -> Fraction:
        """The quantity in the layers."""
        return sum((layer.qty for layer in self.layers), ZERO)

    @property
    def qty(self) -> Fraction:
        return self.there - sum((one.owed for one in self.owing), ZERO)

    @property
    def value(self) -> Fraction:
        value = sum((layer.value for layer in self.layers), ZERO)
        return value - sum((one.owed_value for one in self.owing), ZERO)

    # --- standard costs: what is there is worth the cost in force

    def at_standard(self, change: Fraction) -> Fraction:
        """The value of a change of quantity: round(quantity x cost), and what is left is worth its own round."""
        before, value = self.there, self.value
        after = before + change
        worth = half_up(after * self.standard, self.decimals)
        self.layers = [Layer(after, worth, NOWHERE)] if after else []
        return worth - value

    def receive(self, qty: Fraction, value: Fraction, origin: Origin) -> Fraction:
        """The value that goods are taken in at: their own, or the standard."""
        self.arrivals.append((origin, qty))
        if self.method == "standard":
            return self.at_standard(qty)
        if self.averaged and self.layers:
            self.layers[0].qty += qty
            self.layers[0].value += value
        elif qty:
            # what leaves an average has no receipt of its own
            self.layers.append(Layer(qty, value, NOWHERE if self.averaged else origin))
            self.came_at = value / qty
        self.remember()
        return value

    def issue(self, qty: Fraction, kind: str) -> list[Taken]:
        """Take from the front, or from the end where the last goes first.

        Each layer gives value x qty / remaining qty rounded, the last of it the rest.
        """
        if self.method == "standard":
            taken = [Taken(qty, -self.at_standard(-qty), NOWHERE, kind)]
            self.issued += taken
            return taken
        taken = []
        while qty > 0:
            if not self.layers:
                raise Refused("stock below zero")
            layer = self.layers[-1 if self.method == "lifo" else 0]
            part = min(qty, layer.qty)
            taken.append(self._take(layer, part, None, kind))
            qty -= part
        return taken

    def owe(self, qty: Fraction, cost: Fraction, kind: str, role: str) -> Taken:
        """What leaves without being there: at the last known cost; of layers, at that of the newest before the issue."""
        one = Taken(qty, cost, NOWHERE, kind, owed=qty, owed_value=cost, role=role)
        self.issued.append(one)
        self.owing.append(one)
        return one

    def issue_at(self, qty: Fraction, value: Fraction, kind: str) -> list[Taken]:
        """Take at a given value; emptying a pool takes the rest all the same."""
        if self.method == "standard":
            raise Undecided("standard goods at a given value")
        if not self.layers or self.there < qty:
            raise Undecided("a given value of goods that are not there")
        if len(self.layers) == 1:
            return [self._take(self.layers[0], qty, value, kind)]
        taken = self.issue(qty, kind)
        if self.layers:  # what the layers say too much or too little stays with the others, by their value
            more = sum((one.value for one in taken), ZERO) - value
            self.correct(more, self.layers)
            taken[-1].value -= more
        return taken

    def issue_from(self, origin: Origin, qty: Fraction, value: Fraction, kind: str) -> list[Taken]:
        """Take what one receipt brought, at a given value: an average has only its one layer."""
        if self.method == "standard":
            return self.issue(qty, kind)
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
            self.last_cost = newest.value / newest.qty

    def current(self, qty: Fraction, standard: Fraction | None = None) -> Fraction:
        """What a quantity without a cost of its own takes: the average or the newest layer, else the last cost."""
        if self.method == "standard":
            return half_up(self.standard * qty, self.decimals)
        known = self.last_cost if self.averaged or self.layers else self.came_at
        if known is None:
            known = standard or ZERO
        return half_up(known * qty, self.decimals)

    def correct(self, value: Fraction, layers: list[Layer]) -> None:
        """A value without quantity spreads by value over layers; rounded, and the last takes the rest."""
        whole, left = sum((layer.value for layer in layers), ZERO), value
        for layer in layers:
            part = half_up(value * layer.value / whole, self.decimals) if whole else ZERO
            part = left if layer is layers[-1] else part
            if len(layers) > 1 and not whole:
                raise Undecided("a value over layers that have none")
            layer.value += part
            left -= part
            if layer.value < 0:
                raise Undecided("a correction of more value than there is")
        self.remember()

    def held(self, origin: Origin) -> Fraction:
        """How much of what one line brought is there; in averages the oldest units count as gone first."""
        if not self.averaged and self.method != "standard":
            return sum((layer.qty for layer in self.layers if layer.origin == origin), ZERO)
        held = later = ZERO
        for own, qty in reversed(self.arrivals):
            if own == origin:
                held += max(ZERO, min(qty, self.there - later))
            later += qty
        return held

    def undo(self, qty: Fraction) -> list[Layer]:
        """Undo the newest issues, for a return that names none."""
        back: list[Layer] = []
        for taken in reversed(self.issued):
            if qty > 0 and taken.qty > 0:
                if taken.issue not in ("deliveries", "sales") or taken.corrected or taken.owed:
                    raise Undecided("which issues a return undoes")
                part = min(qty, taken.qty)
                back.append(Layer(part, taken.give_back(part, self.decimals), taken.origin))
                qty -= part
                taken.undone = True
        if qty > 0:
            raise Undecided("more comes back than ever went")
        return back


def give_back(taken: list[Taken], qty: Fraction, decimals: int) -> list[tuple[Fraction, Fraction, Origin]]:
    """A part of an issue comes back, proportional over its layers.

    The sum is rounded once, and so are quantities and values along the running sum of the layers, so that what layers
    get differs from their exact share by less than a cent, and sums to the whole.
    """
    out = [one for one in taken if one.qty]
    if any(one.corrected for one in out):
        raise Undecided("a return of what was corrected")
    quantities = along(qty, [one.qty for one in out], 6)
    worth = half_up(sum((one.value for one in out), ZERO) * qty / sum((one.qty for one in out), ZERO), decimals)
    values = along(worth, [one.value if part else ZERO for one, part in zip(out, quantities, strict=True)], decimals)
    back: list[tuple[Fraction, Fraction, Origin]] = []
    for one, part, value in zip(out, quantities, values, strict=True):
        one.named = True
        one.qty -= part
        one.value -= value
        back.append((part, value, one.origin))
    return [one for one in back if one[0]]


def along(amount: Fraction, weights: list[Fraction], decimals: int) -> list[Fraction]:
    """Shares of an amount by weight, each the step of the rounded running sum, and none beyond its weight."""
    whole = sum(weights, ZERO)
    shares: list[Fraction] = []
    running = ZERO
    for weight in weights:
        running += weight
        step = half_up(amount * running / whole, decimals) - sum(shares, ZERO) if whole else ZERO
        shares.append(min(max(step, ZERO), weight))
    for number, weight in enumerate(weights):
        shares[number] += min(amount - sum(shares, ZERO), weight - shares[number])
    return shares
