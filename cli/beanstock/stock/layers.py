"""Layers of stock: what came by one receipt, and what a line took out and may get back."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from beanstock.model import ZERO, Line

QUANTITY_UNIT = Decimal("0.000001")


class Layer:
    """A quantity with its remaining value, and the receipt line it came by."""

    __slots__ = ("line", "qty", "value")

    def __init__(self, qty: Decimal, value: Decimal, line: Line | None) -> None:
        self.qty = qty
        self.value = value
        self.line = line

    def take(self, qty: Decimal, unit: Decimal) -> Layer:
        """Split off a quantity (at most what is there) with its share of the value; the last takes the rest."""
        value = self.value if qty == self.qty else (self.value * qty / self.qty).quantize(unit, ROUND_HALF_UP)
        self.qty -= qty
        self.value -= value
        return Layer(qty, value, self.line)

    def twin(self) -> Layer:
        """The same once more, to be replayed on trial."""
        return Layer(self.qty, self.value, self.line)


class Issued:
    """What a line took out and may get back: its layers, of which partial returns take a proportional share."""

    __slots__ = ("layers", "unit")

    def __init__(self, layers: list[Layer], unit: Decimal) -> None:
        self.layers = [layer.twin() for layer in layers]
        self.unit = unit

    def twin(self) -> Issued:
        """The same once more, to be replayed on trial."""
        return Issued(self.layers, self.unit)

    def take(self, qty: Decimal) -> list[Layer]:
        """Layers that come back for a quantity: value x qty / remaining quantity, rounded; the last takes the rest."""
        whole = sum((layer.qty for layer in self.layers), ZERO)
        value = total(self.layers)
        if not whole or qty >= whole:
            back, self.layers = self.layers, []
            return _without_empty(back)
        quantities = _split(qty, [layer.qty for layer in self.layers], QUANTITY_UNIT)
        worth = (value * qty / whole).quantize(self.unit, ROUND_HALF_UP)
        values = _split(
            worth,
            [layer.value if part else ZERO for layer, part in zip(self.layers, quantities, strict=True)],
            self.unit,
        )
        back = [
            Layer(part, share, layer.line) for layer, part, share in zip(self.layers, quantities, values, strict=True)
        ]
        for layer, taken in zip(self.layers, back, strict=True):
            layer.qty -= taken.qty
            layer.value -= taken.value
        return _without_empty(back)


def _split(amount: Decimal, weights: list[Decimal], unit: Decimal) -> list[Decimal]:
    """An amount shared by weight and never beyond a weight, rounded to `unit` along the running sum."""
    whole = sum(weights, ZERO)
    shares: list[Decimal] = []
    running = given = ZERO
    for weight in weights:
        running += weight
        ideal = (amount * running / whole).quantize(unit, ROUND_HALF_UP) if whole else ZERO
        shares.append(min(max(ideal - given, ZERO), weight))
        given += shares[-1]
    for position, weight in enumerate(weights):
        more = min(amount - given, weight - shares[position])
        shares[position] += more
        given += more
    return shares


def _without_empty(layers: list[Layer]) -> list[Layer]:
    """Layers with a quantity; the value of one without joins the last that has one."""
    kept = [layer for layer in layers if layer.qty]
    if kept:
        kept[-1].value += total(layers) - total(kept)
    return kept


def joined(layers: Iterable[Layer]) -> list[Layer]:
    """Layers, where those of one receipt line are one: it went back in parts, of which some were billed."""
    found: dict[Line | None, Layer] = {}
    for layer in layers:
        if layer.line in found:
            found[layer.line].qty += layer.qty
            found[layer.line].value += layer.value
        else:
            found[layer.line] = layer
    return list(found.values())


def total(layers: list[Layer]) -> Decimal:
    """The value of layers."""
    return sum((layer.value for layer in layers), ZERO)
