"""The model's values that come with other papers than the goods: landed costs, and bills at another price."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction

from .model_events import Refused, Undecided, find, gives_back
from .model_goods import MONTHLY, Goods, Month, Planned
from .model_planned import PlannedPool
from .model_prices import ZERO, Priced, base_qty, half_up, header_price
from .model_purchases import Difference, LineKey, Purchases, line_key
from .model_taxes import incurred
from .papers import Company, Document, Line, Scope

Post = Callable[..., None]  # document, role, amount (debit positive), partner, about
CARRIERS = ("receipts", "purchases", "productions")


class Late:
    """Shares of landed costs by receipt line, and what bills say too late."""

    def __init__(
        self,
        company: Company,
        documents: list[Document],
        priced: dict[LineKey, Priced],
        purchases: Purchases,
        goods: Goods,
        post: Post,
    ) -> None:
        self.company = company
        self.documents = documents
        self.priced = priced
        self.purchases = purchases
        self.goods = goods
        self.post = post
        self.shares: dict[int, list[tuple[Document, Line, Fraction]]] = {}
        self.restated: defaultdict[LineKey, Fraction] = defaultdict(Fraction)  # from the receipt's date on
        self.added: defaultdict[LineKey, Fraction] = defaultdict(Fraction)  # on their own date, so far
        self.billed: defaultdict[LineKey, Fraction] = defaultdict(Fraction)  # what bills differed by, so far
        self.made: dict[LineKey, Fraction] = {}  # what outputs of productions were worth
        for document in documents:
            if document.kind == "landed-costs" and not (self._waits(document) and not self._restates()):
                self.shares[id(document)] = self._shares(document)
                for carrier, line, amount in self.shares[id(document)]:
                    if self._restates():
                        self.restated[line_key(carrier, line)] += amount

    def at_receipt(self, key: LineKey) -> Fraction:
        """What landed costs add to a receipt from its own date on."""
        return self.restated[key]

    def of_receipt(self, key: LineKey) -> Fraction:
        """What landed costs of their own date have added so far."""
        return self.added[key]

    def begin(self, month: Month) -> None:
        """What comes late for monthly averages during a month is on its goods from the month's beginning."""
        for (when, why, key), amount in (self.goods.planned or Planned()).late.items():
            if when == month:
                (self.added if why == "landed" else self.billed)[key] += amount

    def _restates(self) -> bool:
        return self.company.policy("landed_cost") == "receipt-date"

    # --- landed costs

    def _waits(self, document: Document) -> bool:
        """Whether values of outputs count beside others: they are known when they are made, and not before."""
        stated = any(line.share is not None for line in document.lines)
        carriers = [find(self.documents, line.document, CARRIERS) for line in document.lines]
        several = len({id(one) for one in carriers}) > 1
        return document.basis in ("", "value") and not stated and several and _makes(carriers)

    def _shares(self, document: Document) -> list[tuple[Document, Line, Fraction]]:
        targets: list[tuple[Document, Line, Fraction]] = []
        if self._waits(document) and self._restates():
            raise Refused("the value of an output beside others, before it is made")
        stated = any(line.share is not None for line in document.lines)
        for line in document.lines:
            carrier = find(self.documents, line.document, CARRIERS)
            goods = [one for one in carrier.lines if self._carried(carrier, one) and line.item in ("", one.item)]
            if carrier.kind == "productions" and not line.item:
                back = {id(carrier.lines[place]) for place in gives_back(self.company, carrier)}
                goods = [one for one in goods if id(one) not in back]
            if not goods:
                raise Refused("landed costs of nothing")
            weights = [self._weight(document, carrier, one) for one in goods]
            if carrier.kind == "productions" and document.basis in ("", "value") and not self._waits(document):
                weights = self._as_made(goods)
            if stated:
                whole = sum(weights, ZERO)
                if not whole:
                    raise Undecided("a share among goods without weight")
                weights = [(line.share or ZERO) * one / whole for one in weights]
            targets += [(carrier, one, weight) for one, weight in zip(goods, weights, strict=True)]
        weights = [weight for _, _, weight in targets]
        if not any(weights):
            weights = [base_qty(self.company, one) for _, one, _ in targets]
        if any(weight < 0 for weight in weights):
            raise Undecided("a negative weight")
        net = header_price(self.company, document).net
        amounts = shared(net, weights, self.company.decimals)
        return [(carrier, one, amount) for (carrier, one, _), amount in zip(targets, amounts, strict=True)]

    def _carried(self, carrier: Document, line: Line) -> bool:
        wanted = carrier.kind != "productions" or line.part == "output"
        return wanted and self.company.stocked(line.item) and (line.qty or ZERO) > 0

    def _weight(self, document: Document, carrier: Document, line: Line) -> Fraction:
        item, qty = self.company.items[line.item], base_qty(self.company, line)
        if document.basis == "equal":
            return Fraction(1)
        if document.basis == "qty":
            return qty
        if document.basis in ("weight", "volume"):
            return qty * ((item.weight if document.basis == "weight" else item.volume) or ZERO)
        key = line_key(carrier, line)
        if carrier.kind == "productions":
            return self.made.get(key, ZERO)
        return self.purchases.value(key) if carrier.kind == "receipts" else self.priced[key].cost

    def _as_made(self, outputs: list[Line]) -> list[Fraction]:
        """Outputs of one production share as they shared its cost: by stated weights, standard values or quantities."""
        quantities = [base_qty(self.company, one) for one in outputs]
        if any(one.share is not None for one in outputs):
            return [one.share or ZERO for one in outputs]
        standards = [self.company.items[one.item].standard_cost for one in outputs]
        if any(one is None for one in standards):
            return quantities
        return [qty * (one or ZERO) for qty, one in zip(quantities, standards, strict=True)]

    def landed_cost(self, document: Document) -> None:
        if id(document) not in self.shares:
            self.shares[id(document)] = self._shares(document)
        priced = header_price(self.company, document)
        clearing = priced.net
        for carrier, line, amount in self.shares[id(document)]:
            if self._restates():
                continue
            clearing -= amount
            self._late(document, carrier, line, amount, base_qty(self.company, line), "landed")
        if document.bill:
            self.post(document, "landed-cost-clearing", clearing - priced.net)
            return
        self.post(document, "landed-cost-clearing", clearing)
        self.post(document, incurred(self.company), priced.tax)
        self.post(document, "payable", -priced.gross, document.party, document.reference)

    # --- bills

    def difference(self, document: Document, one: Difference) -> None:
        """A bill's price where the receipt keeps its own."""
        received = one.received
        if received.document.kind == "drop-shipments":
            role = "cost-of-sales" if self.company.policy("bill_difference") == "split" else "price-difference"
            self.post(document, self._sold(received.line) if role == "cost-of-sales" else role, one.amount)
        elif (
            received.sign < 0
            or (self.company.policy("bill_difference") != "split" and not self._keeps(received.line))
            or (self.company.method(received.line.item) == "standard" and not self._keeps(received.line))
        ):
            self.post(document, "price-difference", one.amount)
        else:
            self._late(document, received.document, received.line, one.amount, one.kept, "bill")

    def _keeps(self, line: Line) -> bool:
        """Whether goods keep what they differ by from a plan, until the month is over."""
        return self.company.method(line.item) == "standard" and self.company.policy("variance") == "apportion"

    def _sold(self, line: Line) -> str:
        if self.company.method(line.item) == "standard":
            return "price-difference"
        return "price-difference" if self.company.policy("sold_share") == "variance" else "cost-of-sales"

    def _late(
        self, document: Document, carrier: Document, line: Line, amount: Fraction, brought: Fraction, why: str
    ) -> None:
        """The share of goods still held goes to the stock, rounded; the rest is the sold share."""
        key = line_key(carrier, line)
        there = ZERO
        if self._keeps(line):
            pool = self.goods.pool_of(carrier, line)
            assert isinstance(pool, PlannedPool)
            pool.kept += (there := amount)
            self.goods.moved(document, line.item, carrier.place(line), line.lot, ZERO, amount)
        elif self.company.method(line.item) == MONTHLY:
            there = self._into_month(document, carrier, line, amount, brought)
            month = (document.date.year, document.date.month)
            late = self.goods.seen.late
            late[month, why, key] = late.get((month, why, key), ZERO) + amount
        elif self.company.method(line.item) != "standard":
            held = self._held(line, key)
            whole = min(sum(held.values(), ZERO), brought)
            there = left = self._rounded(amount * whole / brought)
            for scope, qty in held.items():
                last = scope == list(held)[-1]
                part = left if last else self._rounded(there * qty / whole)
                left -= part
                pool = self.goods.pools[scope]
                pool.correct(part, [one for one in pool.layers if pool.averaged or one.origin == key])
                if part:
                    place = scope[1] or carrier.place(line)
                    self.goods.moved(document, line.item, place, line.lot, ZERO, part)
        if self.company.method(line.item) != MONTHLY or self.goods.planned is None:
            (self.added if why == "landed" else self.billed)[key] += amount
        self.post(document, self._sold(line), amount - there)

    def _into_month(
        self, document: Document, carrier: Document, line: Line, amount: Fraction, brought: Fraction
    ) -> Fraction:
        """What goes into a month's average, as what it receives does: all but the share of goods gone in earlier months."""
        place = carrier.place(line)
        scope, pool = self.company.scope(line.item, place, line.lot), self.goods.pool_of(carrier, line)
        month = (document.date.year, document.date.month)
        held = min(self.goods.held_this_month(scope, line_key(carrier, line), month), brought)
        there = self._rounded(amount * held / brought)
        if held and not self.goods.see(document, line, pool, place, ZERO, there):
            pool.correct(there, pool.layers)
        if there:
            self.goods.moved(document, line.item, place, line.lot, ZERO, there)
        return there

    def _held(self, line: Line, key: LineKey) -> dict[Scope, Fraction]:
        """What is still there of a receipt's goods, by scope of costs; a transfer may have taken them elsewhere."""
        held = {scope: pool.held(key) for scope, pool in self.goods.pools.items() if scope[0] == line.item}
        return {scope: qty for scope, qty in held.items() if qty}

    def _rounded(self, value: Fraction) -> Fraction:
        return half_up(value, self.company.decimals)


def _makes(carriers: list[Document]) -> bool:
    return any(one.kind == "productions" for one in carriers)


def shared(amount: Fraction, weights: list[Fraction], decimals: int) -> list[Fraction]:
    """Shares rounded half up; the residue goes to the last whose share keeps its sign."""
    whole = sum(weights, ZERO)
    if not whole:
        raise Undecided("costs of no weight and no quantity")
    shares = [half_up(amount * weight / whole, decimals) for weight in weights]
    residue = amount - sum(shares, ZERO)
    for position in reversed(range(len(shares))):
        if shares[position] * amount > 0 and (shares[position] + residue) * amount > 0:
            shares[position] += residue
            return shares
    if residue:
        raise Undecided("a residue that no share can take")
    return shares
