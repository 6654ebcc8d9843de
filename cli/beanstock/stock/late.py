"""What comes too late for the receipts it belongs to: landed costs on their own date, and differences of bills.

The share of goods still held goes to the stock, wherever in it they are; this part is rounded half up, and the rest is
the sold share. A bill restates only what was kept; a landed cost is of all that was received.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from beanstock.matching.landed import shared, waits_for_values, weight
from beanstock.model import ZERO, Document, Item, Line, Warehouse
from beanstock.parts import Difference, Late, Part
from beanstock.stock.invoicing import Invoicing
from beanstock.stock.planned import PlannedPool
from beanstock.stock.pools import LayerPool, Pool, StandardPool

Held = tuple[Pool, Warehouse, str, Decimal]  # a pool with goods of a receipt, where it is, and how many


class LateCosts(Invoicing):
    """Values without quantity that follow the goods of an earlier document."""

    def add_value(self, event: Line) -> None:
        """Fill in the moves and the `sold` parts of a bill or landed cost, or of what `late_apart` says of an event."""
        document = event.document
        landed = document.kind == "landed-costs"
        if event is document.lines[0]:
            if not landed:
                self._add_to_jobs(document)
            elif waits_for_values(document, [part.line for part in document.shares]):
                self._share_by_values(document.shares)
        for part in self.late.pop(event) if event in self.late else _late(document):
            if part.item is not None:
                there = self._place(document, part, part.item)
                if part.amount != there:
                    role = self._role_of_rest(part, part.item, landed=landed)
                    document.sold.append(Late(part.line, part.document, part.qty, part.amount - there, role))
                if landed or self.costing.splits_bills or self.costing.is_planned(part.item):
                    self._remember(part)

    def late_apart(self, document: Document) -> list[list[Line]]:
        """Events of a document, each with its own part in `late`: goods of one part may be made of those of another.

        The first is the document's own, with what finds no goods.
        """
        first = document.lines[0]
        self.late[first] = []
        events = [first]
        for part in _late(document):
            if self._reaches_stock(part):
                events.append(Line(document, document.record))
                self.late[events[-1]] = [part]
            else:
                self.late[first].append(part)
        return [[event] for event in events]

    def waited_for(self, event: Line) -> list[Line]:
        """Events before which a part of a late cost is not known: the productions by whose values it is shared."""
        document = event.document
        targets = [part.line for part in document.shares]
        if not waits_for_values(document, targets):
            return []
        made = [line.document.lines[0] for line in targets if line.document.kind == "productions"]
        return made if event is document.lines[0] else [document.lines[0]]

    def _reaches_stock(self, part: Part) -> bool:
        """Whether a late cost can find goods: not those that never came into the stock, or went back."""
        if part.line.base_qty < 0 or part.line.document.kind == "drop-shipments":
            return False
        planned = part.item is not None and self.costing.is_planned(part.item)
        return not isinstance(part, Difference) or self.costing.splits_bills or planned

    def _share_by_values(self, parts: list[Part]) -> None:
        """Now that productions have been valued: their outputs by what they came in at, other goods by what they cost."""
        made = [part.line.document.kind == "productions" for part in parts]
        worth = [
            sum((move.value for move in part.line.moves or ()), ZERO) if is_output else weight(part.line, "value")
            for part, is_output in zip(parts, made, strict=True)
        ]
        whole = sum((part.amount for part in parts), ZERO)
        targets = [(part.line, value) for part, value in zip(parts, worth, strict=True)]
        for part, amount in zip(parts, shared(whole, worth, targets, self.costing.unit), strict=True):
            part.amount = amount

    def _add_to_jobs(self, document: Document) -> None:
        for line in document.lines:
            job = line.extra.get("job") if line.extra else None
            if job:
                self.jobs[job] = self.jobs.get(job, ZERO) + line.cost

    def _place(self, document: Document, part: Part, item: Item) -> Decimal:
        """What of a part goes to the stock."""
        target = part.line
        if target.base_qty < 0 or target.document.kind == "drop-shipments":
            return ZERO
        pool = self.pool(item, self.warehouse(target), target.lot)
        if isinstance(pool, PlannedPool):
            there = pool.correct(part.amount, None)
            self._value(document, item, self.warehouse(target), target.lot, there)
            return there
        if isinstance(part, Difference) and not self.costing.splits_bills:
            return ZERO
        kept = part.kept if isinstance(part, Difference) else target.base_qty
        holders = self._holders(pool, target, item)
        held = min(sum((one[3] for one in holders), ZERO), kept)
        if held <= 0:
            return ZERO
        amount = (part.amount * held / kept).quantize(self.costing.unit, ROUND_HALF_UP)
        rest_qty, rest, placed = held, amount, ZERO
        for holder, warehouse, lot, qty in holders:
            share = rest if qty >= rest_qty else (rest * qty / rest_qty).quantize(self.costing.unit, ROUND_HALF_UP)
            there = holder.correct(share, [target] if isinstance(holder, LayerPool) else None)
            self._value(document, item, warehouse, lot, there)
            rest_qty, rest, placed = rest_qty - qty, rest - share, placed + there
        return placed

    def _remember(self, part: Part) -> None:
        """Goods that go back leave with their share of it, wherever the rest went."""
        line = part.line
        late = self.billed_late if isinstance(part, Difference) else self.landed_late
        late[line] = late.get(line, ZERO) + part.amount
        left = self.originals.get(line)
        if left is not None:
            brought = part.kept if isinstance(part, Difference) else line.base_qty
            left.value += (part.amount * left.qty / brought).quantize(self.costing.unit, ROUND_HALF_UP)

    def _value(self, document: Document, item: Item, warehouse: Warehouse, lot: str, value: Decimal) -> None:
        if value:
            self.move(document.lines[0], item, warehouse, ZERO, value, lot)

    def _role_of_rest(self, part: Part, item: Item, *, landed: bool) -> str:
        """Where goes what no stock takes: to the sold share, or where nothing was sold to price differences."""
        target = part.line
        pool = self.pool(item, self.warehouse(target), target.lot)
        plain = isinstance(pool, StandardPool) or not (landed or self.costing.splits_bills)
        return "price-difference" if plain or target.base_qty < 0 else self.costing.sold_role

    def _holders(self, pool: Pool, line: Line, item: Item) -> list[Held]:
        """Where the goods of a receipt's line are; in averages the oldest units of its pool count as gone first."""
        if not isinstance(pool, LayerPool):
            held = self._held(pool, line)
            return [(pool, self.warehouse(line), line.lot, held)] if held else []
        found: list[Held] = []
        for (own, warehouse, lot), other in self.pools.items():
            if own is item and isinstance(other, LayerPool):
                held = sum((layer.qty for layer in other.layers if layer.line is line), ZERO)
                if held:
                    found.append((other, warehouse or self.warehouse(line), lot or line.lot, held))
        return found

    def _held(self, pool: Pool, line: Line) -> Decimal:
        held = later = ZERO
        arrived = sorted(self.arrivals.get(pool, []), key=lambda one: one[0])
        for _, own, qty in reversed(arrived):
            if own is line:
                held += max(ZERO, min(qty, pool.qty - later))
            later += qty
        return held


def _late(document: Document) -> list[Part]:
    """What a landed cost, or a bill, says too late for the goods it is of."""
    return list(document.shares if document.kind == "landed-costs" else document.differences)
