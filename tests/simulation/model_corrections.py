"""The model's cost corrections: which goods bear a value that comes without a quantity."""

from __future__ import annotations

from .model_events import Refused, find
from .model_planned import PlannedPool
from .model_prices import named_line
from .model_purchases import line_key
from .model_stock import Layer, Pool
from .papers import Company, Document, Line


def bearing(company: Company, documents: list[Document], pool: Pool, line: Line) -> list[Layer]:
    """What is there: of the receipt that the line names, and in layers of the lot that it names."""
    layers, planned = pool.layers, isinstance(pool, PlannedPool)
    if line.receipt:
        receipt = find(documents, line.receipt, ("receipts", "purchases"))
        origin = line_key(receipt, named_line(receipt, line.item, None))
        layers = [layer for layer in layers if pool.averaged or planned or layer.origin == origin]
    if line.lot and not company.scope(line.item, "", line.lot)[2] and pool.method in ("fifo", "lifo"):
        layers = [layer for layer in layers if _lot(documents, layer) == line.lot]
    if not layers or (pool.method == "standard" and not planned):
        raise Refused("a correction that nothing bears")
    return layers


def _lot(documents: list[Document], layer: Layer) -> str:
    """The lot that a layer's goods came with."""
    reference, party, number = layer.origin
    came = [one for one in documents if (one.reference, one.party) == (reference, party)]
    return came[0].lines[number].lot if came else ""
