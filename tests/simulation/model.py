"""The oracle: the books of a simulated company, recomputed naively and exactly from the sentences of the contract.

Nothing of the program is used. `Model(company)` holds every stock move, every amount by document and role, the open
items and the receipts not yet billed, or raises `Refused`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from .model_events import Refused, Undecided, find, in_order
from .model_money import CLAIMS, Money
from .model_prices import PRICED, ZERO, Priced, base_qty, half_up, named_line, price
from .model_purchases import GRNI, LineKey, Purchases, line_key
from .model_stock import Pool, Taken, give_back
from .papers import Company, Document, Line

Name = TypeVar("Name")
REASONS = {"found": "stock-gain", "received": "stock-gain", "cost-correction": "cost-adjustment"}


@dataclass
class Move:
    document: str
    item: str
    warehouse: str
    qty: Fraction
    value: Fraction


@dataclass
class Posted:
    """An amount, debit positive; `partner` and `about` (a document) only where the role is kept by them."""

    document: str
    role: str
    amount: Fraction
    partner: str
    about: str


class Model:
    """The books of one company."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.documents = in_order(company)
        self.places = {id(document): place for place, document in enumerate(self.documents)}
        self.moves: list[Move] = []
        self.posted: list[Posted] = []
        self.on_hand: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
        self.pools: dict[tuple[str, str], Pool] = {}
        self.taken: dict[LineKey, list[Taken]] = {}
        self.returned: defaultdict[LineKey, Fraction] = defaultdict(Fraction)
        self.receipts: dict[LineKey, tuple[Fraction, Fraction]] = {}
        self.left_of_receipt: dict[LineKey, tuple[Fraction, Fraction]] = {}
        self.priced: dict[LineKey, Priced] = {}
        self.gross: dict[int, Fraction] = {}
        for document in self.documents:
            if document.kind in PRICED:
                lines = [price(company, document, line) for line in document.lines]
                for line, one in zip(document.lines, lines, strict=True):
                    self.priced[line_key(document, line)] = one
                self.gross[id(document)] = sum((one.gross for one in lines), ZERO)
        self.purchases = Purchases(company, self.documents, self.priced)
        self.money = Money(company, self.documents, self.gross, self._post)
        for document in self.documents:
            getattr(self, "_" + document.kind.replace("-", "_"))(document)

    # --- results

    def balances(self) -> dict[tuple[str, str], Fraction]:
        """Amount by document and role, without zeros."""
        return _summed(((one.document, one.role), one.amount) for one in self.posted)

    def by_role(self) -> dict[str, Fraction]:
        return _summed((one.role, one.amount) for one in self.posted)

    def quantities(self) -> dict[tuple[str, str, str], Fraction]:
        """Quantity by document, item and warehouse."""
        return _summed(((one.document, one.item, one.warehouse), one.qty) for one in self.moves)

    def stock(self) -> dict[tuple[str, str], tuple[Fraction, Fraction]]:
        """Quantity and value by item and scope (the warehouse, or nothing where costs are the company's)."""
        return {key: (pool.qty, pool.value) for key, pool in self.pools.items() if pool.qty}

    def open_items(self) -> dict[tuple[str, str, str], Fraction]:
        """What is left, debit positive, by role, partner and document."""
        signed = {"receivable": 1, "payable": -1}
        return _summed(((one.role, one.party, one.reference), one.left * signed[one.role]) for one in self.money.items)

    def accrued(self) -> dict[str, Fraction]:
        """Goods received and not invoiced, debit positive, by receipt."""
        return _summed((one.about, one.amount) for one in self.posted if one.role == GRNI)

    # --- what documents do

    def _opening_stock(self, document: Document) -> None:
        for line in document.lines:
            value = line.value or ZERO
            self._in(document, line, line.qty or ZERO, value)
            self._post(document, "opening-equity", -value)

    def _opening_balances(self, document: Document) -> None:
        for line in document.lines:
            amount = line.amount or ZERO
            about = f"opening-balances/{line.ref}" if line.partner else ""
            self._post(document, line.account, amount, line.partner, about)
            self._post(document, "opening-equity", -amount)
        self.money.opening(document)

    def _purchase_orders(self, document: Document) -> None:
        pass

    def _receipts(self, document: Document) -> None:
        for line in document.lines:
            key = line_key(document, line)
            for part in self.purchases.parts(key):
                self._post(document, part.role, -part.amount, document.party, part.about)
            self._goods_in(document, line, self.priced[key].qty, self.purchases.value(key))

    def _bills(self, document: Document) -> None:
        for line in document.lines:
            key = line_key(document, line)
            for part in self.purchases.bill_parts.get(key, []):
                self._post(document, part.role, part.amount, document.party, part.about)
            if key not in self.purchases.bill_parts:
                self._post(document, line.account or "expense", self.priced[key].cost)
            self._post(document, "input-tax", self.priced[key].tax)
        self._owe(document)

    def _purchases(self, document: Document) -> None:
        for line in document.lines:
            one = self.priced[line_key(document, line)]
            if self.company.stocked(line.item):
                self._goods_in(document, line, one.qty, one.cost)
            else:
                self._post(document, line.account or "expense", one.cost)
            self._post(document, "input-tax", one.tax)
        self._owe(document)

    def _deliveries(self, document: Document) -> None:
        for line in document.lines:
            self._goods_out(document, line, base_qty(self.company, line))

    def _invoices(self, document: Document) -> None:
        for line in document.lines:
            one = self.priced[line_key(document, line)]
            self._post(document, line.account or "revenue", -one.net)
            self._post(document, "output-tax", -one.tax)
        self._owe(document)

    def _sales(self, document: Document) -> None:
        self._invoices(document)
        for line in document.lines:
            if self.company.stocked(line.item):
                self._goods_out(document, line, base_qty(self.company, line))

    def _payments(self, document: Document) -> None:
        self.money.pay(document)

    def _transfers(self, document: Document) -> None:
        for line in document.lines:
            qty = base_qty(self.company, line)
            if self._scope(document.from_) == self._scope(document.to):
                self._moved(document, line.item, document.from_, -qty, ZERO)
                self._moved(document, line.item, document.to, qty, ZERO)
                continue
            taken = self._pool(line.item, document.from_).issue(qty, document.kind)
            value = sum((one.value for one in taken), ZERO)
            self._moved(document, line.item, document.from_, -qty, -value)
            for one in taken:
                self._pool(line.item, document.to).receive(one.qty, one.value, one.origin)
            self._moved(document, line.item, document.to, qty, value)

    def _counts(self, document: Document) -> None:
        warehouse = document.warehouse or "main"
        listed = {line.item for line in document.lines}
        if len(listed) < len(document.lines):
            raise Undecided("an item counted twice")
        for line in document.lines:
            self._count(document, line, warehouse)
        if document.scope == "full":
            for item, place in sorted(self.on_hand):
                if place == warehouse and item not in listed:
                    self._count(document, Line(item=item, counted=ZERO), warehouse)

    def _count(self, document: Document, line: Line, warehouse: str) -> None:
        pool = self._pool(line.item, warehouse)
        change = (line.counted or ZERO) - self.on_hand[line.item, warehouse]
        value = ZERO
        if change < 0:
            value = -sum((one.value for one in pool.issue(-change, document.kind)), ZERO)
        elif change > 0:
            value = pool.current(change) if line.price is None else self._rounded(change * line.price)
            pool.receive(change, value, (document.reference, "", 0))
        if line.value is not None:
            if len(pool.layers) != 1 or pool.qty != line.counted:
                raise Undecided("a counted value over several layers or warehouses")
            value += line.value - pool.value
            pool.layers[0].value = line.value
            pool.remember()
        self._moved(document, line.item, warehouse, change, value)
        self._post(document, "stock-gain" if value > 0 else "stock-loss", -value)

    def _adjustments(self, document: Document) -> None:
        role = REASONS.get(document.reason, document.reason)
        for line in document.lines:
            qty, before = base_qty(self.company, line), len(self.moves)
            pool = self._pool(line.item, document.warehouse or "main")
            if qty > 0:
                self._in(document, line, qty, pool.current(qty) if line.value is None else line.value)
            elif qty < 0 and line.value is None:
                self._out(document, line, pool.issue(-qty, document.kind), -qty)
            elif qty < 0:
                self._out(document, line, pool.issue_at(-qty, line.value or ZERO, document.kind), -qty)
            else:
                self._correct(document, line, pool)
            self._post(document, role, -sum((move.value for move in self.moves[before:]), ZERO))

    def _correct(self, document: Document, line: Line, pool: Pool) -> None:
        """A cost correction spreads over what is there, or goes to the receipt that it names."""
        layers, value = pool.layers, line.value or ZERO
        if line.receipt:
            receipt = find(self.documents, line.receipt, ("receipts", "purchases"))
            origin = line_key(receipt, named_line(receipt, line.item, None))
            layers = [layer for layer in layers if pool.averaged or layer.origin == origin]
        if len(layers) != 1 or layers[0].value + value < 0:
            raise Undecided("a correction of several layers, or of more value than there is")
        layers[0].value += value
        pool.remember()
        self._moved(document, line.item, document.warehouse or "main", ZERO, value)

    # --- goods that come, go and come back

    def _goods_in(self, document: Document, line: Line, qty: Fraction, cost: Fraction) -> None:
        """A receipt, or what goes back to the supplier; what stock and supplier see differently is a difference."""
        if qty >= 0:
            self.receipts[line_key(document, line)] = self.left_of_receipt[line_key(document, line)] = (qty, cost)
            self._in(document, line, qty, cost)
            return
        pool = self._pool(line.item, self._place(document, line))
        policy = self.company.policies.get("supplier_returns", "by-method")
        if policy == "by-method":
            policy = "current" if pool.averaged else "original"
        origin, value = self._original_value(document, line, -qty, -cost) if document.returns else (("", "", 0), ZERO)
        if not document.returns or policy == "current":
            taken = pool.issue(-qty, document.kind)
        else:
            taken = pool.issue_from(origin, -qty, value, document.kind)
        self._out(document, line, taken, -qty)
        self._post(document, "price-difference", cost + sum((one.value for one in taken), ZERO))

    def _original_value(
        self, document: Document, line: Line, qty: Fraction, price: Fraction
    ) -> tuple[LineKey, Fraction]:
        original = find(self.documents, document.returns, ("receipts", "purchases"), document.party)
        origin = line_key(original, named_line(original, line.item, line.returns_line))
        if origin not in self.left_of_receipt:
            raise Refused("no return comes before its original")
        left_qty, left_value = self.left_of_receipt[origin]
        if qty > left_qty:
            raise Refused("more is returned than was received")
        value = left_value if qty == left_qty else self._rounded(left_value * qty / left_qty)
        if document.kind == "receipts" and self.purchases.received[line_key(document, line)].before_bill_of:
            value = price
        self.left_of_receipt[origin] = (left_qty - qty, left_value - value)
        return origin, value

    def _goods_out(self, document: Document, line: Line, qty: Fraction) -> None:
        """A delivery, or what a customer brings back."""
        pool = self._pool(line.item, self._place(document, line))
        before = len(self.moves)
        if qty > 0:
            taken = pool.issue(qty, document.kind)
            self.taken[line_key(document, line)] = taken
            self._out(document, line, taken, qty)
        else:
            self._come_back(document, line, pool, -qty)
        self._post(document, "cost-of-sales", -sum((move.value for move in self.moves[before:]), ZERO))

    def _come_back(self, document: Document, line: Line, pool: Pool, qty: Fraction) -> None:
        taken = self._original_issue(document, line, qty) if document.returns else []
        if document.returns and self.company.policies.get("customer_returns", "original") == "original":
            value = ZERO
            for part, back, origin in give_back(taken, qty, self.company.decimals):
                pool.receive(part, back, origin)
                value += back
        elif pool.averaged:
            value = pool.current(qty)
            pool.receive(qty, value, line_key(document, line))
        elif document.returns:
            raise Undecided("the current cost of layers")
        else:
            layers = pool.undo(qty)
            value = sum((layer.value for layer in layers), ZERO)
            for layer in layers:
                pool.receive(layer.qty, layer.value, layer.origin)
        self._moved(document, line.item, self._place(document, line), qty, value)

    def _original_issue(self, document: Document, line: Line, qty: Fraction) -> list[Taken]:
        original = find(self.documents, document.returns, ("deliveries", "sales"), document.party)
        key = line_key(original, named_line(original, line.item, line.returns_line))
        if key not in self.taken:
            raise Refused("no return comes before its original")
        self.returned[key] += qty
        if self.returned[key] > base_qty(self.company, named_line(original, line.item, line.returns_line)):
            raise Refused("more comes back than went")
        if any(one.undone for one in self.taken[key]):
            raise Undecided("a return of what another return has undone")
        return self.taken[key]

    # --- bookkeeping

    def _owe(self, document: Document) -> None:
        role, gross = CLAIMS[document.kind], self.gross[id(document)]
        if document.total is not None and document.total != gross:
            raise Refused("control total")
        debit = gross if role == "receivable" else -gross
        if document.paid_account:
            self._post(document, document.paid_account, debit)
        else:
            self._post(document, role, debit, document.party, document.reference)
        self.money.claim(document)

    def _place(self, document: Document, line: Line) -> str:
        return line.warehouse or document.warehouse or "main"

    def _scope(self, warehouse: str) -> str:
        return warehouse if self.company.policies.get("cost_scope") == "warehouse" else ""

    def _pool(self, item: str, warehouse: str) -> Pool:
        key = (item, self._scope(warehouse))
        if key not in self.pools:
            averaged, last_cost = self.company.method(item) == "moving-average", self.company.items[item].last_cost
            self.pools[key] = Pool(averaged, self.company.decimals, last_cost, last_cost)
        return self.pools[key]

    def _in(self, document: Document, line: Line, qty: Fraction, value: Fraction) -> None:
        self._pool(line.item, self._place(document, line)).receive(qty, value, line_key(document, line))
        self._moved(document, line.item, self._place(document, line), qty, value)

    def _out(self, document: Document, line: Line, taken: list[Taken], qty: Fraction) -> None:
        self._moved(document, line.item, self._place(document, line), -qty, -sum((one.value for one in taken), ZERO))

    def _moved(self, document: Document, item: str, warehouse: str, qty: Fraction, value: Fraction) -> None:
        self.on_hand[item, warehouse] += qty
        if self.on_hand[item, warehouse] < 0:
            raise Refused("stock below zero")
        self.moves.append(Move(document.reference, item, warehouse, qty, value))
        self._post(document, "inventory", value)

    def _post(self, document: Document, role: str, amount: Fraction, partner: str = "", about: str = "") -> None:
        self.posted.append(Posted(document.reference, role, amount, partner, about))

    def _rounded(self, value: Fraction) -> Fraction:
        return half_up(value, self.company.decimals)


def _summed(pairs: Iterable[tuple[Name, Fraction]]) -> dict[Name, Fraction]:
    sums: defaultdict[Name, Fraction] = defaultdict(Fraction)
    for name, amount in pairs:
        sums[name] += amount
    return {name: amount for name, amount in sums.items() if amount}
