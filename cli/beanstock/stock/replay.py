"""The one replay of stock moves: every line that touches the stock becomes moves with a quantity and a value.

`Replay` is the stock's part of the state that posting carries from month to month: what is where, what it is worth,
and what lines that will be returned took out. Each kind of stock effect has one method below; what they share is
`_move`, which keeps quantities by place and refuses to go below zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from beanstock.model import ZERO, Correction, Document, Item, Line, Move, Origin, Warehouse
from beanstock.problems import Problem, problem
from beanstock.records.kinds import Kinds
from beanstock.stock.order import Key, Keys
from beanstock.stock.pools import AveragePool, Issued, Layer, LayerPool, Pool, StandardPool, total


@dataclass(frozen=True)
class Costing:
    """How values are kept: the method by item or category, and the policies that valuation.md names."""

    unit: Decimal
    default: str = "moving-average"
    by_category: dict[str, str] = field(default_factory=dict)
    scope: str = "company"
    customer_returns: str = "original"
    supplier_returns: str = ""  # blank: current for averages, else original
    refuses: bool = True  # negative stock is a problem; else it is provisional

    def method(self, item: Item) -> str:
        return item.costing or self.by_category.get(item.category, "") or self.default


Place = tuple[Item, Warehouse, str]


class Replay:
    """Quantities and values after the documents replayed so far."""

    def __init__(self, costing: Costing, kinds: Kinds, main: Warehouse, documents: Iterable[Document]) -> None:
        self.costing = costing
        self.kinds = kinds
        self.main = main
        self.keys = Keys(kinds)
        self.on_hand: dict[Place, Decimal] = {}
        self.pools: dict[tuple[Item, Warehouse | None, str], Pool] = {}
        self.debts: dict[Pool, list[Layer]] = {}  # what left beyond what was there, at what cost, by which line
        self.standards: dict[Item, Decimal] = {}  # standard costs in force, where they have changed
        self.issued: dict[Line, Issued] = {}
        self.originals: dict[Line, Layer] = {}  # of receipts that goods go back to, what is left of their cost
        self.problems: list[Problem] = []
        self.watched = ""  # the reference of a document whose pools are noted before and after each line
        self.notes: dict[Line, tuple[Decimal, Decimal, Decimal, Decimal]] = {}
        self._below: set[Place] = set()
        self._returned: set[Line] = set()  # lines that others return: only these are remembered
        self._undone: set[Item] = set()  # items with returns that name nothing: their issues are remembered
        for document in documents:
            for line in document.lines:
                if line.origins:
                    self._returned.update(origin.line for origin in line.origins)
                if (
                    line.item is not None
                    and line.base_qty < 0
                    and (not line.origins or costing.customer_returns == "current")
                ):
                    self._undone.add(line.item)

    def replay(self, documents: list[Document]) -> list[Problem]:
        """Moves of the documents of one month, put on their lines. Problems: negative-stock, unknown-cost."""
        self.problems = []
        moving = [document for document in documents if self.kinds.documents[document.kind].stock]
        for lines in self._events(moving):
            for line in lines:
                if self.watched and line.item is not None and line.document.reference == self.watched:
                    self._watch(line, line.item)
                else:
                    self._event(line)
        for document in moving:
            document.moves = [move for line in document.lines for move in line.moves or ()]
        return self.problems

    def _events(self, documents: list[Document]) -> list[list[Line]]:
        """Lines in the order of events. A document is one event unless a line of it has a place of its own."""
        events: list[tuple[Key, list[Line]]] = []
        for document in documents:
            lines = [line for line in document.lines if line.stocked]
            if self.keys.apart(document):
                events += [(self.keys.of(line), [line]) for line in lines]
            else:
                events.append((document.key, lines))
            if document.kind == "counts" and document.get("scope") == "full":
                events.append(((*document.key, len(document.lines) + 1), [Line(document, document.record)]))
        events.sort(key=lambda event: event[0])
        return [lines for _, lines in events]

    def _event(self, line: Line) -> None:
        effect = self.kinds.documents[line.document.kind].stock
        if line.item is not None and effect != "cost":
            self._check(line, line.item)
        if line.item is None:
            self._count_the_rest(line.document)
        elif effect == "out":
            self._out(line, line.item)
        elif effect == "in":
            self._in(line, line.item)
        elif effect == "transfer":
            self._transfer(line, line.item)
        elif effect == "signed":
            self._adjust(line, line.item)
        elif effect == "level":
            self._count(line, line.item)
        elif effect == "cost":
            self._change_cost(line, line.item)

    def _check(self, line: Line, item: Item) -> None:
        """What a method needs of a line. Problems: lot-needed, no-standard-cost."""
        method = self.costing.method(item)
        if method == "specific" and not line.lot:
            self.problems.append(problem("lot-needed", line.document.place("lot", line), item=item.code))
        if method == "standard" and item.standard_cost is None and item not in self.standards:
            facts = {"item": item.code, "date": line.document.date}
            self.problems.append(problem("no-standard-cost", line.document.place("item", line), **facts))

    def _watch(self, line: Line, item: Item) -> None:
        """Note the pool before and after a line, for `explain`."""
        pool = self._pool(item, self._warehouse(line), line.lot)
        before = (pool.qty, pool.value)
        self._event(line)
        self.notes[line] = (*before, pool.qty, pool.value)

    def value_of(self, item: Item, warehouse: Warehouse, lot: str) -> Decimal:
        """The value of a place; under company scope its quantity's share of the pool's value."""
        pool = self._pool(item, warehouse, lot)
        qty = self.on_hand.get((item, warehouse, lot), ZERO)
        if not pool.qty or qty == pool.qty:
            return pool.value if qty else ZERO
        return (pool.value * qty / pool.qty).quantize(self.costing.unit, ROUND_HALF_UP)

    # --- effects of kinds

    def _in(self, line: Line, item: Item) -> None:
        """Receipts and purchases; negative ones go back to the supplier, positive ones that name such take it back."""
        warehouse = self._warehouse(line)
        pool = self._pool(item, warehouse, line.lot)
        if line.base_qty >= 0:
            layers = self._back(line) if line.origins else [Layer(line.base_qty, self._papers(line), line)]
            self._move(line, item, warehouse, line.base_qty, self._put(pool, layers, line, item))
            return
        qty = -line.base_qty
        policy = self.costing.supplier_returns or ("current" if isinstance(pool, AveragePool) else "original")
        if policy == "original" and line.origins and qty <= pool.qty:
            layers = []
            for origin in line.origins:
                layers += pool.issue_from(origin.line, origin.qty, self._original(origin))
        else:
            layers = self._take(pool, qty, line, item)
        self._remember(line, layers)
        self._move(line, item, warehouse, -qty, -total(layers))

    def _out(self, line: Line, item: Item) -> None:
        """Deliveries and sales; negative ones come back from the customer."""
        warehouse = self._warehouse(line)
        pool = self._pool(item, warehouse, line.lot)
        if line.base_qty >= 0:
            layers = self._take(pool, line.base_qty, line, item)
            self._remember(line, layers)
            self._move(line, item, warehouse, -line.base_qty, -total(layers))
            return
        qty = -line.base_qty
        if line.origins and self.costing.customer_returns == "original":
            layers = self._back(line)
        else:
            layers = pool.undo(qty)
            rest = qty - sum((layer.qty for layer in layers), ZERO)
            if rest:
                layers = [*layers, Layer(rest, self._known_cost(pool, line, item, rest), line)]
        self._remember(line, layers)
        self._move(line, item, warehouse, qty, self._put(pool, layers, line, item))

    def _transfer(self, line: Line, item: Item) -> None:
        """Within one pool a move between warehouses has no value of its own."""
        source, target = line.document.get("from"), line.document.get("to")
        out, into = self._pool(item, source, line.lot), self._pool(item, target, line.lot)
        value = taken = ZERO
        if out is not into:
            layers = self._take(out, line.base_qty, line, item)
            taken, value = total(layers), self._put(into, layers, line, item)
        self._move(line, item, source, -line.base_qty, -taken)
        self._move(line, item, target, line.base_qty, value)

    def _adjust(self, line: Line, item: Item) -> None:
        """Adjustments: in at their value or the known cost, out at their value or the method's; 0 corrects the cost."""
        warehouse = self._warehouse(line)
        pool = self._pool(item, warehouse, line.lot)
        qty, value = line.base_qty, line.value
        if qty > 0:
            worth = self._known_cost(pool, line, item, qty) if value is None else value
            worth = self._put(pool, [Layer(qty, worth, line)], line, item)
        elif qty < 0:
            worth = -self._issue_at(pool, -qty, value, line, item)
        else:
            named = [one for one in line.named.lines if one.item is item] if line.named is not None else [None]
            worth = pool.correct(value or ZERO, named[0] if named else None)
        self._move(line, item, warehouse, qty, worth)

    def _issue_at(self, pool: Pool, qty: Decimal, value: Decimal | None, line: Line, item: Item) -> Decimal:
        """Issue a quantity; a stated value is what leaves, unless the pool is emptied and takes the rest."""
        taken = total(self._take(pool, qty, line, item))
        if value is None or not pool.qty:
            return taken
        stated = min(abs(value), taken + pool.value)
        pool.correct(taken - stated, None)
        return stated

    def _change_cost(self, line: Line, item: Item) -> None:
        """Another standard cost from this day on: what is there is worth more or less."""
        cost: Decimal = (line.extra or {}).get("standard_cost") or ZERO
        self.standards[item] = cost
        for (own, _, _), pool in list(self.pools.items()):
            if own is item and isinstance(pool, StandardPool):
                worth = pool.revalue(cost)
                if worth:
                    places = [place for place in self.on_hand if place[0] is item and self._pool(*place) is pool]
                    self._move(line, item, places[0][1], ZERO, worth, places[0][2])

    def _count(self, line: Line, item: Item) -> None:
        """A count is a level: the move is what is missing to it, and `value` sets the value as well."""
        counted: Decimal = (line.extra or {})["counted"]
        self._to_level(line, item, self._warehouse(line), line.lot, counted)

    def _to_level(self, line: Line, item: Item, warehouse: Warehouse, lot: str, counted: Decimal) -> None:
        pool = self._pool(item, warehouse, lot)
        difference = counted - self.on_hand.get((item, warehouse, lot), ZERO)
        worth = ZERO
        if difference > 0:
            if line.price is not None:
                worth = (line.price * difference).quantize(self.costing.unit, ROUND_HALF_UP)
            else:
                worth = self._known_cost(pool, line, item, difference)
            worth = self._put(pool, [Layer(difference, worth, line)], line, item)
        elif difference < 0:
            worth = -total(self._take(pool, -difference, line, item))
        self._move(line, item, warehouse, difference, worth, lot)
        if line.value is not None and counted:
            worth = pool.correct(line.value - self.value_of(item, warehouse, lot), None)
            if worth and line.moves:
                line.moves[-1].value += worth
        if line.moves and not line.moves[-1].qty and not line.moves[-1].value:
            line.moves.pop()

    def _count_the_rest(self, document: Document) -> None:
        """A full count: what it does not list is not there."""
        warehouse = document.warehouse or self.main
        listed = {(line.item, line.lot) for line in document.lines}
        missing = [
            (item, lot)
            for (item, place, lot), qty in self.on_hand.items()
            if place is warehouse and qty and (item, lot) not in listed
        ]
        for item, lot in sorted(missing, key=lambda pair: (pair[0].code, pair[1])):
            line = Line(document, document.record)
            line.index = len(document.lines) + 1
            line.item, line.lot, line.warehouse = item, lot, warehouse
            document.lines.append(line)
            self._to_level(line, item, warehouse, lot, ZERO)

    # --- what the effects share

    def _pool(self, item: Item, warehouse: Warehouse, lot: str) -> Pool:
        """The pool of a place, by the scope of costs; specific costs follow the lot."""
        method = self.costing.method(item)
        scope = warehouse if self.costing.scope == "warehouse" else None
        key = (item, scope, lot if method == "specific" or self.costing.scope == "lot" else "")
        pool = self.pools.get(key)
        if pool is None:
            if method == "standard":
                pool = StandardPool(self.costing.unit, self.standards.get(item, item.standard_cost or ZERO))
            elif method in ("fifo", "lifo"):
                keeps = item in self._undone
                pool = LayerPool(self.costing.unit, keeps_history=keeps, newest_first=method == "lifo")
            else:
                pool = AveragePool(self.costing.unit)
            self.pools[key] = pool
        return pool

    def _take(self, pool: Pool, qty: Decimal, line: Line, item: Item) -> list[Layer]:
        """Issue a quantity. What is not there leaves at the last known cost and is a debt until a receipt covers it."""
        short = qty - max(pool.qty, ZERO)
        if short <= 0 or isinstance(pool, StandardPool):
            return pool.issue(qty, line)
        cost = self._known_cost(pool, line, item, short)
        layers = pool.issue(qty - short, line) if qty > short else []
        self.debts.setdefault(pool, []).append(Layer(short, cost, line))
        return [*layers, Layer(short, cost, line)]

    def _put(self, pool: Pool, layers: list[Layer], line: Line, item: Item) -> Decimal:
        """Receive layers; debts are covered first, and what they were mistaken by is corrected. The value taken in."""
        debts = self.debts.get(pool)
        if not debts:
            return pool.receive(layers)
        value = total(layers)
        for layer in layers:
            while debts and layer.qty > 0:
                covered = layer.take(min(layer.qty, debts[0].qty), self.costing.unit)
                owed = debts[0].take(covered.qty, self.costing.unit)
                if covered.value != owed.value:
                    self._correct(line, item, owed.line, covered.value - owed.value)
                if not debts[0].qty:
                    debts.pop(0)
        pool.receive([layer for layer in layers if layer.qty])
        return value

    def _correct(self, line: Line, item: Item, issued: Line | None, amount: Decimal) -> None:
        """A provisional issue was mistaken by an amount: it leaves the stock on the covering document's day."""
        correction = Correction(line, item, self._warehouse(line), line.lot, ZERO)
        correction.value = -amount
        correction.account = cost_role(issued) if issued is not None else "cost-of-sales"
        line.document.corrections.append(correction)

    def _warehouse(self, line: Line) -> Warehouse:
        return line.warehouse or line.document.warehouse or self.main

    @staticmethod
    def _papers(line: Line) -> Decimal:
        """What the papers say that goods cost: an opening's value, else the line's cost."""
        return line.value if line.value is not None and line.document.kind == "opening-stock" else line.cost

    def _original(self, origin: Origin) -> Decimal:
        """What goods that go back came in at.

        What was given back unbilled counts at its price, the rest at its share of what the receipt's kept goods cost;
        parts of one receipt share what is left, and the last takes the rest.
        """
        if origin.value is not None:
            return origin.value
        line = origin.line
        share = self.originals.get(line)
        if share is None:
            qty, value = line.base_qty - line.returned_qty, self._papers(line) - line.returned_cost
            share = self.originals[line] = Layer(qty, value, line)
        return share.take(min(origin.qty, share.qty), self.costing.unit).value

    def _remember(self, line: Line, layers: list[Layer]) -> None:
        if line in self._returned:
            self.issued[line] = Issued(layers, self.costing.unit)

    def _back(self, line: Line) -> list[Layer]:
        """The layers that the lines returned took out, in the returned quantities."""
        back: list[Layer] = []
        for origin in line.origins or ():
            if origin.line in self.issued:
                back += self.issued[origin.line].take(origin.qty)
            pool = (
                self._pool(origin.line.item, self._warehouse(origin.line), origin.line.lot)
                if origin.line.item
                else None
            )
            if pool is not None:
                pool.forget(origin.line, origin.qty)
        return back

    def _known_cost(self, pool: Pool, line: Line, item: Item, qty: Decimal) -> Decimal:
        cost = pool.cost_of(qty)
        if cost is not None:
            return cost
        for price in (item.last_cost, item.standard_cost):
            if price is not None:
                return (price * qty).quantize(self.costing.unit, ROUND_HALF_UP)
        document = line.document
        self.problems.append(
            problem("unknown-cost", document.place("item", line), item=item.code, document=document.reference)
        )
        return ZERO

    def _move(
        self, line: Line, item: Item, warehouse: Warehouse, qty: Decimal, value: Decimal, lot: str | None = None
    ) -> None:
        move = Move(line, item, warehouse, line.lot if lot is None else lot, qty)
        move.value = value
        if line.moves is None:
            line.moves = [move]
        else:
            line.moves.append(move)
        place = (item, warehouse, move.lot)
        before = self.on_hand.get(place, ZERO)
        after = before + qty
        self.on_hand[place] = after
        if after < 0 and qty < 0 and self.costing.refuses and place not in self._below:
            self._below.add(place)
            document = line.document
            where = warehouse.code + (f", lot {move.lot}" if move.lot else "")
            facts = {
                "item": item.code,
                "balance": plain(after),
                "place": where,
                "date": document.date,
                "document": document.reference,
            }
            self.problems.append(
                problem("negative-stock", document.place("qty", line), **facts, qty=plain(-qty), before=plain(before))
            )


def cost_role(line: Line) -> str:
    """The role that an issue's cost went to: where its correction goes."""
    kind = line.document.kind
    if kind == "adjustments":
        return str(line.document.get("reason"))
    return {"counts": "stock-loss", "receipts": "price-difference", "purchases": "price-difference"}.get(
        kind, "cost-of-sales"
    )


def plain(number: Decimal) -> str:
    """A quantity as people write it, without an exponent or trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
