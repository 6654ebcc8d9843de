"""Deliveries and invoices: which quantity of a delivery is invoiced, and what each posts before the other.

An invoice's line bills the deliveries that it names, or those of the order it names, in the order of events; what is
beyond them is expected, and the delivery that comes later meets it. A return gives back what was not invoiced; what it
leaves is cleared by a credit note that names it. A credit note that names an invoice and no goods goes back to that.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from beanstock.matching.references import order_name
from beanstock.model import ZERO, Document, Line
from beanstock.parts import Origin


class Left:
    """What is left to match of a line: a quantity in base units and its net amount, both positive for returns too."""

    __slots__ = ("amount", "line", "qty", "unit")

    def __init__(self, line: Line, unit: Decimal) -> None:
        self.line = line
        self.qty = abs(line.base_qty)
        self.amount = line.net if line.base_qty >= 0 else -line.net
        self.unit = unit

    def take(self, qty: Decimal) -> Decimal:
        """The amount of a quantity; the last part takes the rest."""
        amount = self.amount if qty == self.qty else (self.amount * qty / self.qty).quantize(self.unit, ROUND_HALF_UP)
        self.qty -= qty
        self.amount -= amount
        return amount


class Sales:
    """Matches the deliveries and invoices of one company, documents in the order of events."""

    def __init__(self, unit: Decimal, *, revenue_at_delivery: bool) -> None:
        self.unit = unit
        self.revenue_at_delivery = revenue_at_delivery
        self.delivered: dict[Line, Left] = {}
        self.by_document: dict[
            Document, list[Left]
        ] = {}  # of deliveries, drop shipments and returns, what is not invoiced
        self.by_order: dict[str, list[Left]] = {}
        self.ahead: dict[object, list[Left]] = {}  # invoiced and not delivered, by the delivery or order it names
        self.invoiced: dict[Document, list[Left]] = {}  # what credit notes may go back to

    def match(self, documents: list[Document]) -> None:
        """Fill in `matched`, `expects` and `unbilled` of the lines of deliveries and invoices."""
        for document in documents:
            if document.kind in ("deliveries", "drop-shipments"):
                for line in document.lines:
                    if line.stocked:
                        (self._return if line.base_qty < 0 else self._deliver)(document, line)
            elif document.kind == "invoices":
                for line in document.lines:
                    if line.stocked:
                        (self._credit if line.base_qty < 0 else self._invoice)(document, line)

    def _deliver(self, document: Document, line: Line) -> None:
        left = Left(line, self.unit)
        for one in [*self.ahead.get(document, ()), *self.ahead.get(_order(line), ())]:
            if one.line.item is line.item and one.line.document.partner is _customer(document):
                self._meet(line, one, left)
        if document.kind == "drop-shipments":  # its price is what the supplier gets: revenue comes with the invoice
            left.amount = ZERO
        self._recognise(line, left.amount)
        self._keep(document, line, left)

    def _return(self, document: Document, line: Line) -> None:
        left = Left(line, self.unit)
        for origin in line.origins or ():
            original = self.delivered.get(origin.line)
            if original is not None:
                self._meet(line, original, left, origin.qty)
        self._recognise(line, left.amount)
        self._keep(document, line, left)

    def _keep(self, document: Document, line: Line, left: Left) -> None:
        self.delivered[line] = left
        self.by_document.setdefault(document, []).append(left)
        if _order(line):
            self.by_order.setdefault(_order(line), []).append(left)

    def _invoice(self, document: Document, line: Line) -> None:
        rest = Left(line, self.unit)
        for one in self._targets(document, line):
            if one.line.base_qty > 0:
                self._meet(line, one, rest)
        self.invoiced.setdefault(document, []).append(Left(line, self.unit))
        if rest.qty and (line.named is not None or _order(line)):
            line.expects = True
            self.ahead.setdefault(line.named or _order(line), []).append(rest)
            self._recognise(line, rest.amount)

    def _credit(self, document: Document, line: Line) -> None:
        rest = Left(line, self.unit)
        for one in self._targets(document, line):
            if one.line.base_qty < 0:
                self._meet(line, one, rest)
        named = line.named
        if named is not None and any(one.base_qty > 0 for one in named.lines):
            for one in self._returned_of(named):
                if one.line.item is line.item:
                    self._meet(line, one, rest)
            unbilled = line.unbilled  # without goods, it is the revenue itself that is given back
            for one in self.invoiced.get(named, ()):
                if one.line.item is line.item:
                    self._meet(line, one, rest)
            line.unbilled = unbilled

    def _returned_of(self, named: Document) -> list[Left]:
        """Returned goods of a delivery, or of those that an invoice had billed, that no credit note has cleared."""
        billed = set(named.lines)
        if named.kind == "invoices":
            billed = {origin.line for line in named.lines for origin in line.matched or ()}
        return [
            left
            for left in self.delivered.values()
            if left.line.base_qty < 0 and left.qty and any(one.line in billed for one in left.line.origins or ())
        ]

    def _targets(self, document: Document, line: Line) -> list[Left]:
        number = line.extra.get("source_line") if line.extra else None
        if line.named is not None and line.named.kind != "invoices":
            found = self.by_document.get(line.named, [])
        else:
            found = [
                one
                for one in (self.by_order.get(_order(line), []) if _order(line) else [])
                if _customer(one.line.document) is document.partner
            ]
        return [one for one in found if one.line.item is line.item and (number in (None, one.line.index))]

    def _meet(self, line: Line, other: Left, own: Left, most: Decimal | None = None) -> None:
        qty = min(other.qty, own.qty) if most is None else min(other.qty, own.qty, most)
        if qty > 0:
            if line.matched is None:
                line.matched = []
            line.matched.append(Origin(other.line, qty))
            own.take(qty)
            self._recognise(line, other.take(qty))

    def _recognise(self, line: Line, amount: Decimal) -> None:
        """Revenue that waits between delivery and invoice, with the sign of its line."""
        if self.revenue_at_delivery:
            line.unbilled += amount if line.base_qty >= 0 else -amount


def _order(line: Line) -> str:
    return order_name((line.extra.get("order") if line.extra else None) or line.document.order)


def _customer(document: Document) -> object:
    return document.customer if document.kind == "drop-shipments" else document.partner
