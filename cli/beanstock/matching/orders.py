"""Orders and what became of them: received and billed, delivered and invoiced, paid; and what goes beyond them.

A line belongs to an order that it or its document names, through its receipt or delivery too; where `source_line` says
nothing, lines of the same item are filled one after the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from beanstock.matching.references import Directory, order_name
from beanstock.model import ONE, ZERO, Document, Line
from beanstock.problems import Problem, problem

ORDERS = {"purchase-orders": ("receipts", "bills"), "sales-orders": ("deliveries", "invoices")}
BOTH = {"purchases": "purchase-orders", "sales": "sales-orders"}
HUNDRED = Decimal(100)


@dataclass(eq=False)
class Progress:
    """An order's line: quantities in base units, amounts in the order's currency; returns are taken off."""

    order: Document
    line: Line
    moved: Decimal = ZERO  # received or delivered
    billed: Decimal = ZERO  # billed or invoiced
    paid: Decimal = ZERO  # share of the order's bills or invoices that payments have settled, of the line's gross

    @property
    def ordered(self) -> Decimal:
        return self.line.base_qty


class Orders:
    """Follows the orders of one company; call `follow` once everything is linked, priced and settled."""

    def __init__(self, documents: list[Document], directory: Directory) -> None:
        self.directory = directory
        self.paid: Mapping[Document, Decimal] = {}
        self.progress: dict[Document, list[Progress]] = {
            document: [Progress(document, line) for line in document.lines if line.item is not None]
            for document in documents
            if document.kind in ORDERS
        }

    def follow(
        self,
        documents: list[Document],
        until: dt.date = dt.date.max,
        paid: Mapping[Document, Decimal] | None = None,
    ) -> list[Progress]:
        """Quantities moved and billed up to a day, in the order of the orders; `paid` is the settled part of bills."""
        self.paid = paid or {}
        for document in documents:
            if document.date > until:
                continue
            for kind, (moves, bills) in ORDERS.items():
                both = BOTH.get(document.kind) == kind
                # a drop shipment receives and delivers: it may name the order of either side
                if document.kind in (moves, "drop-shipments") or both:
                    self._add(document, kind, "moved")
                if document.kind == bills or both:
                    self._add(document, kind, "billed")
        return [one for several in self.progress.values() for one in several]

    def _add(self, document: Document, kind: str, what: str) -> None:
        for line in document.lines:
            order = self.order_of(line, kind)
            if order is None or line.item is None:
                continue
            number = line.extra.get("source_line") if line.extra and line.named is None else None
            lines = [
                one
                for one in self.progress.get(order, ())
                if one.line.item is line.item and number in (None, one.line.index)
            ]
            rest = line.base_qty
            for position, one in enumerate(lines):
                last = position == len(lines) - 1
                part = rest if last or rest < 0 else min(rest, max(ZERO, one.ordered - getattr(one, what)))
                setattr(one, what, getattr(one, what) + part)
                if what == "billed" and line.base_qty:
                    share = ONE if document.get("paid_account") else self.paid.get(document, ZERO)
                    one.paid += line.gross * part / line.base_qty * share
                rest -= part
                if not rest:
                    break

    def order_of(self, line: Line, kind: str) -> Document | None:
        """The order that a line belongs to, by its own cell, its document's, or that of what it bills or returns."""
        reference = (line.extra.get("order") if line.extra else None) or line.document.order
        if not reference and line.named is not None:
            reference = line.named.order
        back = line if line.origins else line.source  # a return, or the credit note of one
        while not reference and back is not None and back.origins:
            back = back.origins[0].line
            reference = back.document.order
        if not reference:
            return None
        found = self.directory.find(order_name(str(reference)), (kind,), line.document.partner)
        return found[0] if len(found) == 1 else None

    def beyond(self, policy: str, tolerance: Decimal) -> list[Problem]:
        """What is billed beyond what was ordered. Problems: billed-beyond-order (or, as a warning, -warning)."""
        problems = []
        for order, several in self.progress.items():
            for one in several:
                most = one.ordered * (ONE + tolerance / HUNDRED)
                if one.billed > most:
                    code = "billed-beyond-order" if policy == "problem" else "billed-beyond-order-warning"
                    facts = {
                        "order": order.reference,
                        "item": one.line.item.code if one.line.item else "",
                        "billed": f"{one.billed.normalize():f}",
                        "ordered": f"{one.ordered.normalize():f}",
                        "tolerance": f"{tolerance:f}",
                    }
                    problems.append(problem(code, order.place("qty", one.line), **facts))
        return problems

    def above(self, documents: list[Document], policy: str, tolerance: Decimal, unit: Decimal) -> list[Problem]:
        """What is billed at a higher price than ordered; `unit` is the smallest amount of money, and the slack of rounding.

        Problems: billed-above-price (or, as a warning, -warning).
        """
        code = "billed-above-price" if policy == "problem" else "billed-above-price-warning"
        problems = []
        for document in documents:
            if document.kind not in ("bills", "purchases"):
                continue
            for line in document.lines:
                order = self.order_of(line, "purchase-orders")
                agreed = None if order is None or line.base_qty <= 0 else self._agreed(order, line)
                if order is None or agreed is None:
                    continue
                same = document.currency == order.currency
                price = line.net / line.base_qty / (document.rate or ONE if same else ONE)
                ordered = agreed.net / agreed.base_qty / (order.rate or ONE if same else ONE)
                slack = unit * (1 / line.base_qty + 1 / agreed.base_qty)
                if price > ordered * (ONE + tolerance / HUNDRED) + slack:
                    said = {"price": _price(price), "ordered": _price(ordered), "tolerance": f"{tolerance:f}"}
                    said |= {"document": document.reference, "order": order.reference}
                    item = line.item
                    names = {"item": item.code if item else "", "unit": item.unit if item else ""}
                    problems.append(problem(code, document.place("price", line), **said, **names))
        return problems

    def _agreed(self, order: Document, line: Line) -> Line | None:
        """The order's line that a bill's line belongs to: the one it names, else the dearest of its item."""
        number = line.extra.get("source_line") if line.extra and line.named is None else None
        lines = [
            one.line
            for one in self.progress.get(order, ())
            if one.line.item is line.item and number in (None, one.line.index) and one.line.base_qty > 0
        ]
        priced = [one for one in lines if one.net]
        return max(priced, key=lambda one: one.net / one.base_qty, default=None)


def _price(price: Decimal) -> str:
    """A price as people read it: at most 4 decimals, at least 2."""
    text = f"{price.quantize(Decimal('0.0001')):f}"
    return text.removesuffix("00")
