"""The model's adjustments: what comes in or goes out for a reason, and values that come without a quantity."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .model_events import Refused, find
from .model_goods import REASONS, Goods
from .model_planned import PlannedPool
from .model_prices import ZERO, base_qty, named_line
from .model_purchases import line_key
from .model_stock import Layer, Pool
from .papers import Company, Document, Line

Post = Callable[[Document, str, Fraction], None]


class Adjustments:
    """Goods that are found, used, given away or lost, and corrections of what goods cost."""

    def __init__(self, company: Company, documents: list[Document], goods: Goods, post: Post) -> None:
        self.company = company
        self.documents = documents
        self.goods = goods
        self.post = post

    def adjust(self, document: Document) -> None:
        """In at the value that is stated or the known cost, out at the value stated or the method's."""
        role = REASONS.get(document.reason, document.reason)
        if document.reason == "received" and self.company.chinese:
            role = "gift-received"
        for line in document.lines:
            qty, pool = base_qty(self.company, line), self.goods.pool_of(document, line)
            standard = pool.method == "standard" and not isinstance(pool, PlannedPool)
            if qty > 0:
                known = (
                    pool.current(qty, self.company.items[line.item].standard_cost) if line.value is None else line.value
                )
                value = self.goods.came(document, line, [(qty, known, line_key(document, line))])
            elif qty < 0 and isinstance(pool, PlannedPool) and line.value is not None:
                taken = pool.leave_at(document, line, -qty, line.value, document.place(line))
                value = -self.goods.left(document, line, [taken])
            elif qty < 0 and (line.value is None or standard):
                value = -self.goods.left(document, line, self.goods.take(document, line, -qty))
            elif qty < 0:
                value = -self.goods.left(document, line, pool.issue_at(-qty, line.value or ZERO, document.kind))
            else:
                value = self._correct(document, line, pool)
            self.post(document, role, -value)

    def _correct(self, document: Document, line: Line, pool: Pool) -> Fraction:
        """A cost correction spreads over what is there, or goes to the receipt that it names."""
        layers, value = _bearing(self.company, self.documents, pool, line), line.value or ZERO
        if not self.goods.see(document, line, pool, document.place(line), ZERO, value):
            if isinstance(pool, PlannedPool):
                pool.kept += value  # shared out with the others
                if pool.value < 0:
                    raise Refused("a correction of more than the goods are worth")
            else:
                pool.correct(value, layers)
        self.goods.moved(document, line.item, document.place(line), line.lot, ZERO, value)
        return value


def _bearing(company: Company, documents: list[Document], pool: Pool, line: Line) -> list[Layer]:
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
