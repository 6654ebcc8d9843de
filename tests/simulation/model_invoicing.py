"""The model's goods delivered and not invoiced: the cost of a delivery waits for the invoice of its goods."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .model_events import Undecided, find
from .model_goods import Goods, Waiting
from .model_months import DELIVERED
from .model_prices import ZERO, base_qty, half_up, named_line
from .model_purchases import line_key
from .papers import Company, Document, Line

Post = Callable[[Document, str, Fraction], None]


class Invoicing:
    """What waits of each delivery's line: quantity and cost, negative for what came back."""

    def __init__(self, company: Company, documents: list[Document], goods: Goods, post: Post) -> None:
        self.company = company
        self.documents = documents
        self.goods = goods
        self.post = post

    def role(self, document: Document) -> str:
        """Where the cost of what leaves goes at first."""
        policy = self.company.policy("cost_of_sales")
        waits = policy == "month-end" or (policy == "at-invoice" and document.kind != "sales")
        return DELIVERED if waits else "cost-of-sales"

    def delivered(self, document: Document, line: Line, cost: Fraction) -> None:
        self.post(document, self.role(document), cost)
        if self.company.policy("cost_of_sales") != "at-invoice" or document.kind != "deliveries":
            return
        own = self.goods.waiting[line_key(document, line)] = Waiting(base_qty(self.company, line), cost)
        if document.returns:
            original = find(self.documents, document.returns, ("deliveries",), document.party)
            other = self.goods.waiting[line_key(original, named_line(original, line.item, line.returns_line))]
            part = min(-own.qty, max(other.qty, ZERO))
            if part:
                self._sold(document, self._part(own, -part) + self._part(other, part))

    def invoiced(self, document: Document, line: Line) -> None:
        """An invoice takes the cost of its own deliveries, a credit note that of the return."""
        if self.company.policy("cost_of_sales") != "at-invoice" or not self.company.stocked(line.item):
            return
        if document.kind == "sales":
            return
        delivery = find(self.documents, line.delivery or document.delivery, ("deliveries",), document.party)
        key = line_key(delivery, named_line(delivery, line.item, line.source_line))
        qty = base_qty(self.company, line)
        waiting = self.goods.waiting.get(key)
        if waiting is None or abs(qty) > abs(waiting.qty) or qty * waiting.qty < 0:
            raise Undecided("an invoice of more than was delivered")
        self._sold(document, self._part(waiting, qty))

    def _sold(self, document: Document, cost: Fraction) -> None:
        self.post(document, "cost-of-sales", cost)
        self.post(document, DELIVERED, -cost)

    def _part(self, waiting: Waiting, qty: Fraction) -> Fraction:
        cost = waiting.cost
        if qty != waiting.qty:
            cost = half_up(waiting.cost * qty / waiting.qty, self.company.decimals)
        waiting.qty -= qty
        waiting.cost -= cost
        return cost
