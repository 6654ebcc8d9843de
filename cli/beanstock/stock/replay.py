"""The one replay of stock moves: every line that touches the stock becomes moves with a quantity and a value.

Each kind of stock effect has one method below; what they share is in `holding`.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from beanstock.matching.outputs import given_back, made_of, part_of
from beanstock.model import ZERO, Document, Item, Line, Warehouse
from beanstock.problems import Problem, problem
from beanstock.records.kinds import Kind
from beanstock.stock.layers import Layer, joined, total
from beanstock.stock.monthly import MONTHLY, by_value, comes_back_this_month, foresee, is_monthly
from beanstock.stock.order import Key
from beanstock.stock.planned import PlannedPool
from beanstock.stock.pools import AveragePool, LayerPool, Pool, StandardPool
from beanstock.stock.producing import spread
from beanstock.stock.variances import Variances


class Replay(Variances):
    """What the documents of one month after the other do to the stock."""

    def replay(self, documents: list[Document]) -> list[Problem]:
        """Moves of the documents of one month, put on their lines. Problems: negative-stock, unknown-cost, nothing-to-correct."""
        self.problems = []
        moving = [document for document in documents if self._moves(self.kinds.documents[document.kind])]
        events = self._events(moving)
        self.foreseen = self.has_monthly and is_monthly(self, events)
        if self.foreseen:
            foresee(self, events)
            events = by_value(self, events)
        for lines in events:
            for line in lines:
                if self.watched and line.item is not None and line.document.reference == self.watched:
                    self._watch(line, line.item)
                else:
                    self._event(line)
        for document in moving:
            document.moves = [move for line in document.lines for move in line.moves or ()]
        return self.problems

    def _moves(self, kind: Kind) -> bool:
        """Whether documents of a kind are events of the stock."""
        return bool(kind.stock) or (self.costing.costs_at_invoice and kind.name in ("invoices", "drop-shipments"))

    def _events(self, documents: list[Document]) -> list[list[Line]]:
        """Lines in the order of events. A document is one event unless a line of it has a place of its own."""
        events: list[tuple[Key, list[Line]]] = []
        for document in documents:
            if self.kinds.documents[document.kind].stock in ("production", "value"):
                events.append((document.key, document.lines[:1]))  # such a document moves as a whole
                continue
            lines = [line for line in document.lines if line.stocked]
            if self.keys.apart(document):
                events += [(self.keys.of(line), [line]) for line in lines]
            else:
                events.append((document.key, lines))
            if document.kind == "counts" and document.get("scope") == "full":
                events.append(((*document.key, len(document.lines) + 1), [Line(document, document.record)]))
        events.sort(key=lambda event: event[0])
        return [lines for _, lines in events if lines]

    def _event(self, line: Line) -> None:
        effect = self.kinds.documents[line.document.kind].stock
        if not effect:
            if line.document.kind == "invoices":
                self.invoice(line)
            else:
                self.deliver(line)  # a drop shipment
            return
        if effect == "production":
            self._produce(line.document)
            return
        if effect == "value":
            self.add_value(line)
            return
        if line.item is not None and effect != "cost":
            self.check(line, line.item)
        if line.item is None:
            self._count_the_rest(line.document)
        elif effect == "out":
            self._out(line, line.item)
            if self.costing.costs_at_invoice and line.document.kind == "deliveries":
                self.deliver(line)
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

    def _watch(self, line: Line, item: Item) -> None:
        """Note the pool before and after a line, for `explain`."""
        pool = self.pool(item, self.warehouse(line), line.lot)
        before = (pool.qty, pool.value)
        self._event(line)
        self.notes[line] = (*before, pool.qty, pool.value)

    # --- effects of kinds

    def _in(self, line: Line, item: Item) -> None:
        """Receipts and purchases; negative ones go back to the supplier, positive ones that name such take it back."""
        warehouse = self.warehouse(line)
        pool = self.pool(item, warehouse, line.lot)
        if line.base_qty >= 0:
            if isinstance(pool, PlannedPool) and any(pool.has_just_left(origin.line) for origin in line.origins or ()):
                self._come_back_to_plan(pool, line, item, line.base_qty)
                return
            layers = self.back(line) if line.origins else [Layer(line.base_qty, self.papers(line), line)]
            self.move(line, item, warehouse, line.base_qty, self.put(pool, layers, line, item))
            return
        qty = -line.base_qty
        averages = isinstance(pool, AveragePool) and self.costing.method(item) != "specific"
        policy = self.costing.supplier_returns or ("current" if averages else "original")
        named = policy == "original" and bool(line.origins) and qty <= pool.qty
        if named and isinstance(pool, PlannedPool):
            layers = pool.issue_at(qty, sum((self.original(origin) for origin in line.origins or ()), ZERO), line)
        elif named:
            layers = joined(
                layer
                for origin in line.origins or ()
                for layer in pool.issue_from(origin.line, origin.qty, self.original(origin))
            )
        else:
            layers = self.take(pool, qty, line, item)
        self.remember(line, layers)
        self.move(line, item, warehouse, -qty, -total(layers))

    def _out(self, line: Line, item: Item) -> None:
        """Deliveries and sales; negative ones come back from the customer."""
        warehouse = self.warehouse(line)
        pool = self.pool(item, warehouse, line.lot)
        if line.base_qty >= 0:
            layers = self.take(pool, line.base_qty, line, item)
            self.remember(line, layers)
            self.move(line, item, warehouse, -line.base_qty, -total(layers))
            return
        qty = -line.base_qty
        if line.origins and self.costing.customer_returns == "original" and not self._at_months_cost(line, item):
            layers = self.back(line)
        elif isinstance(pool, PlannedPool):
            self._come_back_to_plan(pool, line, item, qty)
            return
        else:
            layers = self._undone(pool, qty, line, item)
        self.remember(line, layers)
        self.move(line, item, warehouse, qty, self.put(pool, layers, line, item))

    def _undone(self, pool: Pool, qty: Decimal, line: Line, item: Item) -> list[Layer]:
        """What comes back and names nothing: of layers the newest issues, else at the current or last cost."""
        layers = pool.undo(qty)
        rest = qty - sum((layer.qty for layer in layers), ZERO)
        return [*layers, Layer(rest, self.known_cost(pool, line, item, rest), line)] if rest else layers

    def _at_months_cost(self, line: Line, item: Item) -> bool:
        """Whether goods come back of the month's own issues, whose cost is not known before its end."""
        is_monthly = self.costing.method(item) == MONTHLY or self.costing.is_planned(item)
        return is_monthly and comes_back_this_month(line)

    def _come_back_to_plan(self, pool: PlannedPool, line: Line, item: Item, qty: Decimal) -> Decimal:
        """Goods come back of the month's issues, at the plan that is returned; their share follows at the month's end."""
        value = -total(pool.issue(-qty, line))
        self.move(line, item, self.warehouse(line), qty, value)
        return value

    def _transfer(self, line: Line, item: Item) -> None:
        """Within one pool a move between warehouses has no value of its own; a negative quantity moves back."""
        source, target, qty = line.document.get("from"), line.document.get("to"), line.base_qty
        if qty < 0:
            source, target, qty = target, source, -qty
        out, into = self.pool(item, source, line.lot), self.pool(item, target, line.lot)
        value = taken = ZERO
        if out is not into:
            layers = self.take(out, qty, line, item)
            taken, value = total(layers), self.put(into, layers, line, item, target)
            if value != taken:  # standard goods: what is there is worth round(quantity x cost) at either end
                self.leave(line.document, line, item, value - taken, "cost-adjustment", target)
                value = taken
        self.move(line, item, source, -qty, -taken)
        self.move(line, item, target, qty, value)

    def _adjust(self, line: Line, item: Item) -> None:
        """Adjustments: in at their value or the known cost, out at their value or the method's; 0 corrects the cost."""
        warehouse = self.warehouse(line)
        pool = self.pool(item, warehouse, line.lot)
        qty, value = line.base_qty, line.value
        if qty > 0:
            worth = self.known_cost(pool, line, item, qty) if value is None else value
            worth = self.put(pool, [Layer(qty, worth, line)], line, item)
        elif qty < 0:
            worth = -self._issue_at(pool, -qty, value, line, item)
        else:
            worth = self._correct_cost(pool, line, item)
        self.move(line, item, warehouse, qty, worth)

    def _correct_cost(self, pool: Pool, line: Line, item: Item) -> Decimal:
        """Spread a value by value over what is there: of the receipt or, in layers, of the lot that the line names.

        Problems: nothing-to-correct.
        """
        value, of, there = line.value or ZERO, None, pool.value
        if isinstance(pool, LayerPool) and (line.named is not None or (line.lot and not self.is_by_lot(item))):
            lines = line.named.lines if line.named is not None else [layer.line for layer in pool.layers]
            of = [one for one in lines if one is not None and one.item is item and line.lot in ("", one.lot)]
            there = total([layer for layer in pool.layers if layer.line in of])
        waits = isinstance(pool, PlannedPool) and pool.qty > 0  # what has left at the plan may be corrected below it
        worth = pool.correct(value, of) if waits or there + value >= 0 else ZERO
        if worth != value:
            why = f"What it is for is worth {there} then." if there else "Nothing of it is there then."
            if isinstance(pool, StandardPool):
                why = "Standard goods are always worth their standard cost."
            facts = {"document": line.document.reference, "item": item.code, "value": value, "left": value - worth}
            self.problems.append(problem("nothing-to-correct", line.document.place("value", line), **facts, why=why))
        return worth

    def _issue_at(self, pool: Pool, qty: Decimal, value: Decimal | None, line: Line, item: Item) -> Decimal:
        """Issue a quantity; a stated value is what leaves, unless the pool is emptied or standard: they take their own."""
        if isinstance(pool, PlannedPool) and value is not None:
            return total(pool.issue_at(qty, abs(value), line))
        taken = total(self.take(pool, qty, line, item))
        if value is None or not pool.qty or isinstance(pool, StandardPool):
            return taken
        stated = min(abs(value), taken + pool.value)
        pool.correct(taken - stated, None)
        return stated

    def _produce(self, document: Document) -> None:
        """Inputs leave at cost, costs are added, and outputs share it all (see `producing`)."""
        job = document.get("job") or ""
        cost = self.jobs.pop(job, ZERO) if job else ZERO
        cost += self.pooled.pop(job or document.reference, ZERO)
        used: dict[Item, Decimal] = {}
        for line in document.lines:
            item, part = line.item, part_of(line)
            if item is not None and part in ("input", "output"):
                self.check(line, item)
            if part == "input" and item is not None:
                worth = -self._use(line, item)
                used[item] = used.get(item, ZERO) + worth
                cost += worth
            elif part in ("cost", "waste"):
                cost += (line.amount or ZERO) if part == "cost" else -(line.amount or ZERO)
        if not made_of(document):
            self.jobs[job] = cost
            return
        stays = self.in_process.get((job, document.date.year, document.date.month), ZERO) if job else ZERO
        if stays:
            self.jobs[job] = stays
            cost -= stays
        if job:
            self.finished[job] = document
        taken, back = ZERO, given_back(document)
        for line, share in spread(cost, document, used, self.costing.unit):
            assert line.item is not None
            warehouse = self.warehouse(line)
            pool = self.pool(line.item, warehouse, line.lot)
            planned = isinstance(pool, PlannedPool) and any(pool.has_just_left(one) for one in document.lines)
            if isinstance(pool, PlannedPool) and planned and line in back and not line.landed:
                taken += self._come_back_to_plan(pool, line, line.item, line.base_qty)
                continue
            value = self.put(pool, [Layer(line.base_qty, share + line.landed, line)], line, line.item)
            self.move(line, line.item, warehouse, line.base_qty, value)
            taken += value - line.landed
        document.variance = cost - taken

    def _use(self, line: Line, item: Item) -> Decimal:
        """An input leaves at its cost; a negative one comes back like a return that names nothing. The stock's change."""
        warehouse = self.warehouse(line)
        pool, qty = self.pool(item, warehouse, line.lot), line.base_qty
        if qty >= 0 or isinstance(pool, PlannedPool):
            worth = -total(self.take(pool, qty, line, item))
        else:
            worth = self.put(pool, self._undone(pool, -qty, line, item), line, item)
        self.move(line, item, warehouse, -qty, worth)
        return worth

    def _change_cost(self, line: Line, item: Item) -> None:
        """Another standard cost from this day on: what is there is worth more or less."""
        cost: Decimal = (line.extra or {}).get("standard_cost") or ZERO
        self.standards[item] = cost
        for (own, _, _), pool in list(self.pools.items()):
            if own is item and isinstance(pool, StandardPool):
                worth = pool.revalue(cost)
                if worth:
                    places = [place for place in self.on_hand if place[0] is item and self.pool(*place) is pool]
                    self.move(line, item, places[0][1], ZERO, worth, places[0][2])

    def _count(self, line: Line, item: Item) -> None:
        """A count is a level: the move is what is missing to it, and `value` sets the value as well."""
        counted: Decimal = (line.extra or {}).get("counted", ZERO)  # none of what a full count does not list
        self._to_level(line, item, self.warehouse(line), line.lot, counted)

    def _to_level(self, line: Line, item: Item, warehouse: Warehouse, lot: str, counted: Decimal) -> None:
        pool = self.pool(item, warehouse, lot)
        difference = counted - self.on_hand.get((item, warehouse, lot), ZERO)
        if self.foreseen:
            difference = self.differences[line]
        worth = ZERO
        if difference > 0:
            if line.price is not None:
                worth = (line.price * difference).quantize(self.costing.unit, ROUND_HALF_UP)
            else:
                worth = self.known_cost(pool, line, item, difference)
            worth = self.put(pool, [Layer(difference, worth, line)], line, item)
        elif difference < 0:
            worth = -total(self.take(pool, -difference, line, item))
        self.move(line, item, warehouse, difference, worth, lot)
        if line.value is not None and counted:
            worth = pool.correct(line.value - self.value_of(item, warehouse, lot, counted), None)
            if worth and line.moves:
                line.moves[-1].value += worth
        if line.moves and not line.moves[-1].qty and not line.moves[-1].value:
            line.moves.pop()

    def _count_the_rest(self, document: Document) -> None:
        """A full count: what it does not list is not there."""
        for line in self.missing(document, self.on_hand):
            assert line.item is not None
            self._to_level(line, line.item, self.warehouse(line), line.lot, ZERO)
