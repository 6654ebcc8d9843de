"""What the stock holds: quantities by place, values by pool, debts, and what may still come back.

`Holding` is the stock's part of the state that posting carries from month to month; `Replay` is what the documents of
a month do to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from beanstock.matching.outputs import made_of
from beanstock.model import ZERO, Document, Item, Line, Warehouse
from beanstock.parts import Correction, Move, Origin, Part
from beanstock.problems import Problem, problem
from beanstock.records.kinds import Kinds
from beanstock.stock.costing import Costing
from beanstock.stock.layers import Issued, Layer, total
from beanstock.stock.order import Key, Keys
from beanstock.stock.planned import PlannedPool
from beanstock.stock.pools import AveragePool, LayerPool, Pool, StandardPool
from beanstock.stock.producing import spread

OF_GOODS = ("cost-of-sales", "price-difference")  # roles of costs that periodic stock does not tell apart
Place = tuple[Item, Warehouse, str]  # where a quantity is: item, warehouse, lot


class Holding:
    """Quantities and values after the documents replayed so far."""

    def __init__(self, costing: Costing, kinds: Kinds, main: Warehouse, documents: Iterable[Document]) -> None:
        self.costing = costing
        self.kinds = kinds
        self.main = main
        self.keys = Keys(kinds)
        self.on_hand: dict[Place, Decimal] = {}
        self.pools: dict[tuple[Item, Warehouse | None, str], Pool] = {}
        self.debts: dict[Pool, list[Layer]] = {}  # what left beyond what was there, at what cost, by which line
        self.arrivals: dict[Pool, list[tuple[Key, Line | None, Decimal]]] = {}  # what came into averages, and when
        self.pooled: dict[
            str, Decimal
        ] = {}  # what cost pools give to the month's jobs, until their production takes it
        self.jobs: dict[str, Decimal] = {}  # cost so far of jobs that have no output yet
        self.finished: dict[str, Document] = {}  # of jobs, the production that put out their cost so far
        self.standards: dict[Item, Decimal] = {}  # standard costs in force, where they have changed
        self.issued: dict[Line, Issued] = {}
        self.originals: dict[Line, Layer] = {}  # of receipts that goods go back to, what is left of their cost
        self.by_warehouse = costing.scope == "warehouse"
        self.methods: dict[Item, str] = {}  # of the items that documents name
        self.problems: list[Problem] = []
        self.watched = ""  # the reference of a document whose pools are noted before and after each line
        self.notes: dict[Line, tuple[Decimal, Decimal, Decimal, Decimal]] = {}
        self.below: set[Place] = set()
        self.waiting: dict[Line, Layer] = {}  # delivered and not invoiced: quantity and cost of a delivery's line
        self.invoiced_ahead: dict[Line, Layer] = {}  # invoiced and not delivered: what an invoice took as cost
        self.landed_late: dict[Line, Decimal] = {}  # landed costs that came on their own date and found the goods
        self.billed_late: dict[Line, Decimal] = {}  # what bills differed by from receipts that keep their own price
        self.costs: dict[Line, Layer] = {}  # of invoices, the cost of sales that they took
        self.late: dict[
            Line, list[Part]
        ] = {}  # late costs that an event has by itself, where values have an order of their own
        self.differences: dict[Line, Decimal] = {}  # of counts, where quantities were foreseen for a whole month
        self.foreseen = False
        self.returned: set[Line] = set()  # lines that others return: only these are remembered
        self.undone: set[Item] = set()  # items with returns that name nothing: their issues are remembered
        self.remembers_all = False  # whether every issue is remembered, for months that go on from these
        self.in_process: dict[tuple[str, int, int], Decimal] = {}  # stated work in process by job, year and month
        for document in documents:
            if document.kind == "wip-counts":
                key = (document.get("job"), document.date.year, document.date.month)
                stated = sum((line.value or ZERO for line in document.lines), ZERO)
                self.in_process[key] = self.in_process.get(key, ZERO) + stated
            for line in document.lines:
                if line.origins:
                    self.returned.update(origin.line for origin in line.origins)
                item = line.item
                if item is None:
                    continue
                if item not in self.methods:
                    self.methods[item] = costing.method(item)
                if line.base_qty < 0 and (not line.origins or costing.customer_returns == "current"):
                    self.undone.add(item)
        self.has_monthly = "monthly-average" in self.methods.values()

    def twin(self) -> Self:
        """The same once more, to be replayed on trial: what the stock holds is its own, documents and masters are not."""
        other = type(self)(self.costing, self.kinds, self.main, ())
        other.keys, other.methods, other.has_monthly = self.keys, self.methods, self.has_monthly
        other.returned, other.undone, other.in_process = self.returned, self.undone, self.in_process
        twins = {pool: pool.twin() for pool in self.pools.values()}
        other.pools = {key: twins[pool] for key, pool in self.pools.items()}
        other.debts = {twins[pool]: [layer.twin() for layer in debts] for pool, debts in self.debts.items()}
        other.arrivals = {twins[pool]: list(arrived) for pool, arrived in self.arrivals.items()}
        other.issued = {line: issued.twin() for line, issued in self.issued.items()}
        other.originals = {line: layer.twin() for line, layer in self.originals.items()}
        other.waiting = {line: layer.twin() for line, layer in self.waiting.items()}
        other.invoiced_ahead = {line: layer.twin() for line, layer in self.invoiced_ahead.items()}
        other.costs = {line: layer.twin() for line, layer in self.costs.items()}
        other.on_hand, other.standards = dict(self.on_hand), dict(self.standards)
        other.pooled, other.jobs, other.finished = dict(self.pooled), dict(self.jobs), dict(self.finished)
        other.landed_late, other.billed_late = dict(self.landed_late), dict(self.billed_late)
        other.below = set(self.below)
        return other

    def value_of(self, item: Item, warehouse: Warehouse, lot: str, qty: Decimal) -> Decimal:
        """The value of a quantity at a place: its share of the pool's value."""
        pool = self.pool(item, warehouse, lot)
        if not pool.qty or qty == pool.qty:
            return pool.value if qty else ZERO
        return (pool.value * qty / pool.qty).quantize(self.costing.unit, ROUND_HALF_UP)

    # --- pools

    def pool(self, item: Item, warehouse: Warehouse, lot: str) -> Pool:
        """The pool of a place, by the scope of costs; specific costs follow the lot."""
        key = (item, warehouse if self.by_warehouse else None, lot if lot and self.is_by_lot(item) else "")
        pool = self.pools.get(key)
        if pool is None:
            method = self.costing.method(item)
            if method == "standard":
                kind = PlannedPool if self.costing.apportions else StandardPool
                pool = kind(self.costing.unit, self.standards.get(item, item.standard_cost or ZERO))
            elif method in ("fifo", "lifo"):
                keeps = item in self.undone
                pool = LayerPool(self.costing.unit, keeps_history=keeps, newest_first=method == "lifo")
            else:
                pool = AveragePool(self.costing.unit)
            self.pools[key] = pool
        return pool

    def take(self, pool: Pool, qty: Decimal, line: Line, item: Item) -> list[Layer]:
        """Issue a quantity. What is not there leaves at the last known cost and is a debt until a receipt covers it."""
        short = qty - max(pool.qty, ZERO)
        if short <= 0 or isinstance(pool, StandardPool):
            return pool.issue(qty, line)
        cost = self.known_cost(pool, line, item, short, silent=self.costing.refuses)  # refused anyhow
        layers = pool.issue(qty - short, line) if qty > short else []
        self.debts.setdefault(pool, []).append(Layer(short, cost, line))
        pool.remember(line, [Layer(short, cost, line)])
        return [*layers, Layer(short, cost, line)]

    def put(
        self, pool: Pool, layers: list[Layer], line: Line, item: Item, warehouse: Warehouse | None = None
    ) -> Decimal:
        """Receive layers; debts are covered first, and what they were mistaken by is corrected. The value taken in."""
        if self.costing.tracks_arrivals:
            when = self.keys.of(line)  # a month's average takes values in another order
            self.arrivals.setdefault(pool, []).extend((when, layer.line, layer.qty) for layer in layers)
        debts = self.debts.get(pool)
        if not debts:
            return pool.receive(layers)
        value = total(layers)
        for layer in layers:
            while debts and layer.qty > 0:
                covered = layer.take(min(layer.qty, debts[0].qty), self.costing.unit)
                owed = debts[0].take(covered.qty, self.costing.unit)
                if covered.value != owed.value:
                    self.correct(line, item, owed.line, covered.value - owed.value, warehouse=warehouse)
                if not debts[0].qty:
                    debts.pop(0)
        pool.receive([layer for layer in layers if layer.qty])
        return value

    def correct(
        self,
        line: Line,
        item: Item,
        issued: Line | None,
        amount: Decimal,
        document: Document | None = None,
        warehouse: Warehouse | None = None,
    ) -> None:
        """An issue was mistaken by an amount: it leaves the stock on the covering document's day, and follows the cost."""
        owner = document or line.document
        where = warehouse or self.warehouse(line)
        waiting = self.waiting.get(issued) if issued is not None else None
        if issued is not None and issued.document.kind == "productions":
            self._correct_outputs(owner, line, where, issued.document, amount)
        elif issued is not None and issued.document.kind == "transfers":
            self._correct_target(owner, line, where, issued, amount)
        elif waiting is not None and waiting.qty:
            waiting.value += amount
            self.leave(owner, line, item, -amount, "goods-delivered-not-invoiced", where)
        else:
            role = cost_role(issued) if issued is not None else "cost-of-sales"
            self.leave(owner, line, item, -amount, role, where)

    def leave(self, owner: Document, line: Line, item: Item, value: Decimal, role: str, warehouse: Warehouse) -> None:
        """A value without quantity comes into the stock of a place (negative: leaves it), against a role."""
        correction = Correction(line, item, warehouse, line.lot, ZERO)
        correction.value = value
        correction.account = "change-in-inventories" if self.costing.by_nature and role in OF_GOODS else role
        owner.corrections.append(correction)

    def _correct_target(self, owner: Document, line: Line, warehouse: Warehouse, moved: Line, amount: Decimal) -> None:
        """What a transfer was mistaken by follows the goods to where they went, as far as they are still there."""
        assert line.item is not None
        target = moved.document.get("to")
        pool = self.pool(line.item, target, moved.lot)
        placed = self._placed(pool, moved, amount)
        if placed:
            self.leave(owner, line, line.item, -placed, "cost-adjustment", warehouse)
            self.leave(owner, line, line.item, placed, "cost-adjustment", target)
        if placed != amount:
            self.leave(owner, line, line.item, placed - amount, "cost-of-sales", warehouse)

    def _correct_outputs(
        self, owner: Document, line: Line, warehouse: Warehouse, made: Document, amount: Decimal
    ) -> None:
        """What an input of a production was mistaken by goes into what was made of it, as far as that is still there.

        Nothing of it goes back with what gave the input back: that was no longer missing, or comes with its own share.
        """
        assert line.item is not None
        item = line.item
        process = "outside-processing" if made.partner is not None else "work-in-process"
        made = self.outputs_of(made)
        if not made_of(made):
            self.jobs[made.get("job")] = self.jobs.get(made.get("job"), ZERO) + amount
            self.leave(owner, line, item, -amount, process, warehouse)
            return
        for output, share in spread(amount, made, {}, self.costing.unit):
            assert output.item is not None
            pool = self.pool(output.item, self.warehouse(output), output.lot)
            placed = self._placed(pool, output, share)
            if placed:
                self.leave(owner, line, item, -placed, process, warehouse)
                self.leave(owner, output, output.item, placed, process, self.warehouse(output))
            if share != placed:
                gone = "production-variance" if isinstance(pool, StandardPool) else "cost-of-sales"
                self.leave(owner, line, item, placed - share, gone, warehouse)

    def outputs_of(self, made: Document) -> Document:
        """The production that took what another one put into its job, where that job is finished by now."""
        job = made.get("job")
        return self.finished.get(job, made) if not made_of(made) and job not in self.jobs else made

    def _placed(self, pool: Pool, line: Line, amount: Decimal) -> Decimal:
        """What of an amount a line's goods take that are still there: in layers their share by quantity, rounded half up."""
        if not isinstance(pool, LayerPool):
            return pool.correct(amount, None)
        there = sum((layer.qty for layer in pool.layers if layer.line is line), ZERO)
        share = amount if there == line.base_qty else (amount * there / line.base_qty)
        return pool.correct(share.quantize(self.costing.unit, ROUND_HALF_UP), [line])

    def warehouse(self, line: Line) -> Warehouse:
        return line.warehouse or line.document.warehouse or self.main

    @staticmethod
    def papers(line: Line) -> Decimal:
        """What the papers say that goods cost: an opening's value, else the line's cost."""
        return line.value if line.value is not None and line.document.kind == "opening-stock" else line.cost

    def original(self, origin: Origin) -> Decimal:
        """What goods that go back came in at.

        What was given back unbilled counts at its price, the rest at its share of what the receipt's kept goods cost;
        parts of one receipt share what is left, and the last takes the rest.
        """
        line = origin.line
        landed = self.landed_of(line)
        share = self.originals.get(line)
        if share is None:
            late = landed - line.landed + self.billed_late.get(line, ZERO)
            share = self.originals[line] = Layer(line.base_qty, self.papers(line) + late, line)
        if origin.value is None:
            return share.take(min(origin.qty, share.qty), self.costing.unit).value
        part = landed * origin.qty / line.base_qty if landed else ZERO
        value = origin.value + part.quantize(self.costing.unit, ROUND_HALF_UP)
        share.qty -= origin.qty
        share.value -= value
        return value

    def landed_of(self, line: Line) -> Decimal:
        """Landed costs of a receipt's line so far: those in its cost, and those that came on their own date."""
        return line.landed + self.landed_late.get(line, ZERO)

    def remember(self, line: Line, layers: list[Layer]) -> None:
        if self.remembers_all or line in self.returned:
            self.issued[line] = Issued(layers, self.costing.unit)

    def back(self, line: Line) -> list[Layer]:
        """The layers that the lines returned took out, in the returned quantities."""
        back: list[Layer] = []
        for origin in line.origins or ():
            if origin.line in self.issued:
                layers = self.issued[origin.line].take(origin.qty)
                for layer in layers:  # goods that went back to the supplier come again as those of their receipt
                    if origin.line.origins and layer.line in (None, origin.line):  # the line itself: what was not there
                        layer.line = origin.line.origins[0].line
                back += layers
            pool = (
                self.pool(origin.line.item, self.warehouse(origin.line), origin.line.lot) if origin.line.item else None
            )
            if pool is not None:
                pool.forget(origin.line, origin.qty)
        return back

    def known_cost(self, pool: Pool, line: Line, item: Item, qty: Decimal, *, silent: bool = False) -> Decimal:
        """What a quantity costs by all that is known of the item. Problems: unknown-cost, unless `silent`."""
        cost = pool.cost_of(qty)
        if cost is not None:
            return cost
        for price in (item.last_cost, item.standard_cost):
            if price is not None:
                return (price * qty).quantize(self.costing.unit, ROUND_HALF_UP)
        document = line.document
        if not silent:
            self.problems.append(
                problem("unknown-cost", document.place("item", line), item=item.code, document=document.reference)
            )
        return ZERO

    def move(
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
        if after < 0 and qty < 0 and not self.foreseen:
            self.refuse(line, place, before, qty)

    def refuse(self, line: Line, place: Place, before: Decimal, qty: Decimal) -> None:
        """More leaves than is there: told once for each place. Problems: negative-stock."""
        if not self.costing.refuses or place in self.below:
            return
        self.below.add(place)
        item, warehouse, lot = place
        if not lot and self.costing.method(item) == "specific":
            return  # the line names no lot, and is told of that
        document = line.document
        facts = {
            "item": item.code,
            "balance": plain(before + qty),
            "place": warehouse.code + (f", lot {lot}" if lot else ""),
            "date": document.date,
            "document": document.reference,
        }
        self.problems.append(
            problem("negative-stock", document.place("qty", line), **facts, qty=plain(-qty), before=plain(before))
        )

    def missing(self, document: Document, there: dict[Place, Decimal]) -> list[Line]:
        """Lines for what a full count does not list: it is not there."""
        warehouse = document.warehouse or self.main
        listed = {(line.item, line.lot) for line in document.lines}
        found = [
            (item, lot)
            for (item, place, lot), qty in there.items()
            if place is warehouse and qty and (item, lot) not in listed
        ]
        lines: list[Line] = []
        for item, lot in sorted(found, key=lambda pair: (pair[0].code, pair[1])):
            line = Line(document, document.record)
            line.index = len(document.lines) + 1
            line.item, line.lot, line.warehouse = item, lot, warehouse
            document.lines.append(line)
            lines.append(line)
        return lines

    def is_by_lot(self, item: Item) -> bool:
        """Whether each lot of an item has a cost of its own."""
        return self.costing.scope == "lot" or self.costing.method(item) == "specific"

    def check(self, line: Line, item: Item) -> None:
        """What a method needs of a line. Problems: lot-needed, no-standard-cost."""
        method = self.methods.get(item)
        if method is None:
            method = self.methods[item] = self.costing.method(item)
        if method == "specific" and not line.lot:
            self.problems.append(problem("lot-needed", line.document.place("lot", line), item=item.code))
        if method == "standard" and item.standard_cost is None and item not in self.standards:
            facts = {"item": item.code, "date": line.document.date}
            self.problems.append(problem("no-standard-cost", line.document.place("item", line), **facts))


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
