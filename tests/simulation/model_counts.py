"""The model's counts: levels of stock, their differences, and what is decided of those."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .model_events import Refused, Undecided, find
from .model_goods import Goods
from .model_planned import PlannedPool
from .model_prices import ZERO, half_up
from .papers import Company, Document, Line

Post = Callable[[Document, str, Fraction], None]


class Counts:
    """What was counted, and what is still undecided of it."""

    def __init__(self, company: Company, documents: list[Document], goods: Goods, post: Post) -> None:
        self.company = company
        self.documents = documents
        self.goods = goods
        self.post = post
        self.undecided: dict[tuple[str, str], Fraction] = {}  # by count and item; losses are positive

    def count(self, document: Document) -> None:
        """The move is what is missing to the level; a full count says that nothing else is there."""
        warehouse = document.warehouse or "main"
        listed = {(line.item, line.lot) for line in document.lines}
        if len(listed) < len(document.lines):
            raise Refused("an item counted twice")
        for line in document.lines:
            self._count(document, line, warehouse)
        if document.scope == "full":
            for (item, place, lot), qty in sorted(self.goods.on_hand.items()):
                if place == warehouse and (item, lot) not in listed and qty:
                    self._count(document, Line(item=item, lot=lot, counted=ZERO), warehouse)

    def _count(self, document: Document, line: Line, warehouse: str) -> None:
        pool = self.goods.pool(line.item, warehouse, line.lot)
        change, value = (line.counted or ZERO) - self.goods.on_hand[line.item, warehouse, line.lot], ZERO
        if change < 0:
            value = -sum((one.value for one in self.goods.take(document, line, -change, warehouse)), ZERO)
        elif change > 0:
            value = (
                pool.current(change, self.company.items[line.item].standard_cost)
                if line.price is None
                else self._rounded(change * line.price)
            )
            value = self.goods.put(document, line, [(change, value, (document.reference, "", 0))], warehouse)
        if line.value is not None and line.counted and (pool.method != "standard" or isinstance(pool, PlannedPool)):
            if pool.qty <= 0 or pool.owing:
                raise Undecided("a counted value where more is owed")
            # a warehouse has its quantity's share of the value
            more = line.value - self._rounded(pool.value * line.counted / pool.qty)
            if isinstance(pool, PlannedPool):
                pool.kept += more
            else:
                pool.correct(more, pool.layers)
            value += more
        self.goods.moved(document, line.item, warehouse, line.lot, change, value)
        role = "stock-gain" if value > 0 else "stock-loss"
        self.post(document, "stock-pending" if self.company.chinese else role, -value)
        key = (document.reference, line.item)
        self.undecided[key] = self.undecided.get(key, ZERO) - value

    def dispose(self, document: Document) -> None:
        """What is decided of a count's difference; without a quantity it must be all that is left of the item's."""
        count = find(self.documents, document.count, ("counts",))
        if not self.company.chinese or self.documents.index(count) > self.documents.index(document):
            raise Refused("nothing is pending")
        for item in dict.fromkeys(line.item for line in document.lines):
            lines = [line for line in document.lines if line.item == item]
            left = self.undecided.get((count.reference, item), ZERO)
            amount = sum((line.amount or ZERO for line in lines), ZERO)
            if all(line.qty is None for line in lines) and amount != left:
                raise Refused("a part is decided, and nothing says so")
            if amount * left <= 0 or abs(amount) > abs(left):
                raise Refused("more is decided than is pending")
            self.undecided[count.reference, item] = left - amount
        for line in document.lines:
            self.post(document, line.account, line.amount or ZERO)
            self.post(document, "stock-pending", -(line.amount or ZERO))

    def _rounded(self, value: Fraction) -> Fraction:
        return half_up(value, self.company.decimals)
