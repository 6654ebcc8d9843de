"""The model's three-way match: what is billed beyond its order, and at a higher price than ordered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from .model_events import find
from .model_prices import base_qty, foreign_net
from .papers import Company, Document, Line

ORDERS = {
    "bills": "purchase-orders",
    "purchases": "purchase-orders",
    "invoices": "sales-orders",
    "sales": "sales-orders",
}
MOVES = {"bills": ("receipts", "drop-shipments"), "invoices": ("deliveries", "drop-shipments")}
RETURNED = {"receipts": ("receipts", "purchases"), "deliveries": ("deliveries", "sales")}
Told = tuple[str, ...]


def tolerance(text: str) -> Fraction:
    """`problem 5%` as a factor of what was ordered."""
    _, _, percent = text.partition(" ")
    return 1 + Fraction(percent.rstrip("%") or 0) / 100


class Orders:
    """What a company must be told of its orders."""

    def __init__(self, company: Company, documents: list[Document]) -> None:
        self.company = company
        self.documents = documents

    def stops(self, which: str) -> bool:
        return self.company.policy(which).startswith("problem")

    def beyond(self) -> list[Told]:
        """Order, item, quantity billed and ordered, of all that is billed beyond the tolerance."""
        billed: defaultdict[tuple[int, str], Fraction] = defaultdict(Fraction)
        for _, line, order in self._billed():
            billed[id(order), line.item] += base_qty(self.company, line)
        found = []
        for order in self.documents:
            for line in order.lines if order.kind in ORDERS.values() else ():
                qty, ordered = billed[id(order), line.item], base_qty(self.company, line)
                if qty > ordered * tolerance(self.company.policy("over_billing")):
                    found.append((order.reference, line.item, str(qty), str(ordered)))
        return sorted(found)

    def above(self) -> tuple[list[Told], list[Told]]:
        """Bill, item and order of what must be told of prices; and what may be, where only rounding decides."""
        must: list[Told] = []
        may: list[Told] = []
        for document, line, order in self._billed():
            qty, agreed = base_qty(self.company, line), [one for one in order.lines if one.item == line.item]
            if order.kind != "purchase-orders" or qty <= 0 or not agreed:
                continue
            ordered, there = foreign_net(self.company, order, agreed[0]), base_qty(self.company, agreed[0])
            if not ordered:
                continue
            price, limit = foreign_net(self.company, document, line) / qty, ordered / there
            limit *= tolerance(self.company.policy("over_price"))
            slack = self._unit(document) * (1 / qty + 1 / there)
            told = (document.reference, line.item, order.reference)
            if price > limit - slack:
                may.append(told)
            if price > limit + 2 * slack:
                must.append(told)
        return sorted(must), sorted(may)

    def _unit(self, document: Document) -> Fraction:
        """What rounding may make of an amount: the smallest amount of its currency, and of the books'."""
        unit = Fraction(1, 10 ** self.company.decimals_of(self.company.currency_of(document)))
        rate = self.company.rate_of(document)
        return unit if rate is None else unit + Fraction(1, 10**self.company.decimals) / rate

    def _billed(self) -> Iterator[tuple[Document, Line, Document]]:
        for document in self.documents:
            for line in document.lines if document.kind in ORDERS else ():
                order = self._order(document, line) if line.item else None
                if order is not None and any(one.item == line.item for one in order.lines):
                    yield document, line, order

    def _order(self, document: Document, line: Line) -> Document | None:
        """The order that a line's document names, or what it bills; what goes back belongs to its original's order."""
        if document.order:
            return find(self.documents, document.order, (ORDERS[document.kind],), document.party)
        text = line.receipt or document.receipt or line.delivery or document.delivery
        moved = find(self.documents, text, MOVES[document.kind], document.party) if text else None
        if moved is None and document.returns and document.kind in RETURNED["receipts"] + RETURNED["deliveries"]:
            moved = find(self.documents, document.returns, (document.kind, "receipts", "deliveries"), document.party)
        while moved is not None and moved.returns and not moved.order:
            moved = find(self.documents, moved.returns, RETURNED.get(moved.kind, (moved.kind,)), moved.party)
        if moved is None or not moved.order:
            return None
        return find(self.documents, moved.order, ("purchase-orders", "sales-orders"), document.party)
