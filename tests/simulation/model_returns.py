"""The model's goods that go out, and those that go back: customers' returns and returns to suppliers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction

from .model_events import Refused, Undecided, find
from .model_goods import MONTHLY, Goods
from .model_invoicing import Invoicing
from .model_late import Late
from .model_planned import PlannedPool
from .model_prices import ZERO, base_qty, named_line
from .model_purchases import LineKey, Purchases, line_key
from .model_revenue import Revenue
from .model_stock import NOWHERE, Pool, Taken, give_back
from .papers import Company, Document, Line

Post = Callable[[Document, str, Fraction], None]


class Returns:
    """What deliveries took and what receipts left, so that it can come back."""

    def __init__(
        self,
        company: Company,
        documents: list[Document],
        purchases: Purchases,
        late: Late,
        goods: Goods,
        invoicing: Invoicing,
        revenue: Revenue,
    ) -> None:
        self.company = company
        self.documents = documents
        self.purchases = purchases
        self.late = late
        self.goods = goods
        self.invoicing = invoicing
        self.revenue = revenue
        self.sent: dict[LineKey, list[Taken]] = {}
        self.taken: dict[LineKey, list[Taken]] = {}
        self.returned: defaultdict[LineKey, Fraction] = defaultdict(Fraction)
        self.left_of_receipt: dict[
            LineKey, tuple[Fraction, Fraction, Fraction]
        ] = {}  # quantity, value, landed costs in it

    def keep(self, document: Document, line: Line, qty: Fraction, value: Fraction) -> None:
        self.left_of_receipt[line_key(document, line)] = (qty, value, ZERO)

    # --- to suppliers

    def to_supplier(self, document: Document, line: Line, qty: Fraction) -> Fraction:
        """The value that goes back: the original, or the current cost."""
        pool = self.goods.pool_of(document, line)
        policy = self.company.policy("supplier_returns")
        if policy == "by-method":
            policy = "current" if pool.method in ("moving-average", MONTHLY) else "original"
        origin, value = self._original(document, line, qty) if document.returns else (("", "", 0), ZERO)
        if document.returns and policy == "original":
            if isinstance(pool, PlannedPool):
                taken = [pool.leave_at(document, line, qty, value, document.place(line))]
                self.sent[line_key(document, line)] = taken
                return self.goods.left(document, line, taken)
            if self.goods.provisional and pool.there < qty and pool.method != "standard":
                raise Undecided("goods go back that are not there")
            taken = pool.issue_from(origin, qty, value, document.kind)
        else:
            taken = self.goods.take(document, line, qty)
        self.sent[line_key(document, line)] = taken
        return self.goods.left(document, line, taken)

    def _original(self, document: Document, line: Line, qty: Fraction) -> tuple[LineKey, Fraction]:
        original = find(self.documents, document.returns, ("receipts", "purchases"), document.party)
        named = named_line(original, line.item, line.returns_line)
        origin = line_key(original, named)
        if origin not in self.left_of_receipt:
            raise Refused("no return comes before its original")
        if named.lot != line.lot:
            raise Refused("a lot goes back as it came")
        left_qty, left_value, before = self.left_of_receipt[origin]
        added = self.late.of_receipt(origin)
        late = added + self.late.billed[origin]
        if late != before and left_qty < base_qty(self.company, named):
            raise Undecided("costs that came late for what has gone back in part")
        left_value += late - before
        if qty > left_qty:
            raise Refused("more is returned than was received")
        value = ZERO
        if document.kind == "receipts":
            for given in self.purchases.received[line_key(document, line)].given:
                costs = self.late.at_receipt(origin) + added
                value += given.amount + self.goods.rounded(costs * given.qty / given.original.priced.qty)
                left_qty, qty, left_value = left_qty - given.qty, qty - given.qty, left_value - value
        if qty:
            billed = left_value if qty == left_qty else self.goods.rounded(left_value * qty / left_qty)
            left_qty, left_value, value = left_qty - qty, left_value - billed, value + billed
        self.left_of_receipt[origin] = (left_qty, left_value, late)
        return origin, value

    def from_supplier(self, document: Document, line: Line, qty: Fraction) -> Fraction:
        """Goods come again that were returned: at what they left at."""
        sent = find(self.documents, document.returns, ("receipts",), document.party)
        named = named_line(sent, line.item, line.returns_line)
        if line_key(sent, named) not in self.sent:
            raise Refused("no return comes before its original")
        if named.lot != line.lot:
            raise Refused("a lot comes again as it went")
        pool = self.goods.pool_of(sent, named)
        if isinstance(pool, PlannedPool) and pool.has_just_left(self.sent[line_key(sent, named)]):
            if pool is not self.goods.pool_of(document, line):
                raise Undecided("goods that come again elsewhere, before their cost is known")
            return -self.goods.left(document, line, [pool.leave(document, line, -qty, document.place(line))])
        parts = give_back(self.sent[line_key(sent, named)], qty, self.company.decimals)
        if self.goods.pool_of(document, line).owing:
            raise Undecided("goods that come again where some are owed")
        if sent.returns:  # in averages, too, they are the goods of their receipt again
            first = find(self.documents, sent.returns, ("receipts",), sent.party)
            again = line_key(first, named_line(first, named.item, named.returns_line))
            parts = [(part, value, again if origin == NOWHERE else origin) for part, value, origin in parts]
        return self.goods.came(document, line, parts)

    # --- to and from customers

    def goods_out(self, document: Document, line: Line) -> None:
        """A delivery, or what a customer brings back."""
        qty = base_qty(self.company, line)
        if qty > 0:
            taken = self.goods.take(document, line, qty)
            self.taken[line_key(document, line)] = taken
            cost = self.goods.left(document, line, taken)
        else:
            cost = -self._come_back(document, line, self.goods.pool_of(document, line), -qty)
        self.invoicing.delivered(document, line, cost)
        self.revenue.delivered(document, line)

    def _come_back(self, document: Document, line: Line, pool: Pool, qty: Fraction) -> Fraction:
        taken = self._original_issue(document, line, qty) if document.returns else []
        monthly = pool.method == MONTHLY or isinstance(pool, PlannedPool)
        monthly = monthly and bool(document.returns) and self.goods.came_back_at_once(document)
        if document.returns and self.company.policy("customer_returns") == "original" and not monthly:
            parts = give_back(taken, qty, self.company.decimals)
            return self.goods.came(document, line, parts)
        if isinstance(pool, PlannedPool):
            return -self.goods.left(document, line, [pool.leave(document, line, -qty, document.place(line))])
        if pool.averaged or pool.method == "standard":
            value = pool.current(qty, self.company.items[line.item].standard_cost)
            return self.goods.came(document, line, [(qty, value, line_key(document, line))])
        layers = pool.undo(qty)
        return self.goods.came(document, line, [(layer.qty, layer.value, layer.origin) for layer in layers])

    def _original_issue(self, document: Document, line: Line, qty: Fraction) -> list[Taken]:
        original = find(self.documents, document.returns, ("deliveries", "sales"), document.party)
        named = named_line(original, line.item, line.returns_line)
        key = line_key(original, named)
        if key not in self.taken:
            raise Refused("no return comes before its original")
        if named.lot != line.lot:
            raise Refused("a lot comes back as it went")
        self.returned[key] += qty
        if self.returned[key] > base_qty(self.company, named):
            raise Refused("more comes back than went")
        if any(one.undone for one in self.taken[key]):
            raise Undecided("a return of what another return has undone")
        return self.taken[key]
