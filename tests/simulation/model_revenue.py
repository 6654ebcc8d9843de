"""The model's revenue of goods delivered and not invoiced: the delivery's price waits for the invoice of its goods."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .model_events import Refused, Undecided, find
from .model_goods import Waiting
from .model_prices import ZERO, base_qty, half_up, named_line
from .model_prices import price as price_of
from .model_purchases import LineKey, line_key
from .papers import Company, Document, Line

Post = Callable[[Document, str, Fraction], None]
UNBILLED = "unbilled-receivable"


class Revenue:
    """What waits of each delivery's line: quantity and price, negative for what came back."""

    def __init__(self, company: Company, documents: list[Document], post: Post) -> None:
        self.company = company
        self.documents = documents
        self.post = post
        self.waiting: dict[LineKey, Waiting] = {}
        self.comes_first = company.policy("revenue") == "at-delivery"

    def delivered(self, document: Document, line: Line) -> None:
        """Revenue of its own price. A return gives back what waits of its original, and the rest at its own price."""
        if not self.comes_first or document.kind != "deliveries":
            return
        qty = base_qty(self.company, line)
        own = self.waiting[line_key(document, line)] = Waiting(qty, self._net(document, line))
        revenue = own.cost
        if document.returns:
            original = find(self.documents, document.returns, ("deliveries", "sales"), document.party)
            named = named_line(original, line.item, line.returns_line)
            other = self.waiting.get(line_key(original, named), Waiting(ZERO, ZERO))
            part = min(-qty, max(other.qty, ZERO))
            if part:
                self._part(own, -part)
                revenue = own.cost - self._part(other, part)
        self.post(document, UNBILLED, revenue)
        self.post(document, "revenue", -revenue)

    def invoiced(self, document: Document, line: Line) -> Fraction:
        """What an invoice's line takes of the revenue that its delivery has shown."""
        if not self.comes_first or document.kind == "sales" or not self.company.stocked(line.item):
            return ZERO
        delivery = find(self.documents, line.delivery or document.delivery, ("deliveries",), document.party)
        waiting = self.waiting.get(line_key(delivery, named_line(delivery, line.item, line.source_line)))
        qty = base_qty(self.company, line)
        if waiting is None or abs(qty) > abs(waiting.qty) or qty * waiting.qty < 0:
            raise Undecided("an invoice of more than was delivered")
        return self._part(waiting, qty)

    def _net(self, document: Document, line: Line) -> Fraction:
        """Quantity x price in money of the books, which deliveries are always in; a return's, else its original's."""
        qty, price, per = line.qty or ZERO, line.price, Fraction(1)
        if price is None and document.returns:
            original = find(self.documents, document.returns, ("deliveries", "sales"), document.party)
            named = named_line(original, line.item, line.returns_line)
            if original.kind == "sales":
                raise Undecided("a delivery that takes back a sale, at its price")
            price, per = named.price, self.company.factor(line) / self.company.factor(named)
        if price is None and document.order:
            if self.company.currency_of(document) != self.company.currency:
                raise Undecided("a delivery in books' money of an order in a foreign currency")
            return price_of(self.company, document, line).net
        if price is None:
            raise Refused("no price")
        return half_up(qty * per * price, self.company.decimals)

    def _part(self, waiting: Waiting, qty: Fraction) -> Fraction:
        amount = waiting.cost
        if qty != waiting.qty:
            amount = half_up(waiting.cost * qty / waiting.qty, self.company.decimals)
        waiting.qty -= qty
        waiting.cost -= amount
        return amount
