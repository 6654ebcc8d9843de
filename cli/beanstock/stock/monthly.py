"""Monthly average: a month's issues are valued when all that came in during the month is known.

The quantities of a month are looked at first, in the order of events: what is missing to a count and what falls below
zero is judged by days. Values follow in another order: for each item all receipts, then corrections of value, then
issues in the order of events; what is made of other items, or comes from another warehouse's pool, follows those.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from decimal import Decimal

from beanstock.matching.outputs import part_of
from beanstock.model import ZERO, Item, Line, Warehouse
from beanstock.stock.late import LateCosts
from beanstock.stock.pools import Pool

MONTHLY = "monthly-average"
RECEIVING, CORRECTING, ISSUING = 0, 1, 2
Pooled = tuple[Item, Pool]
Role = tuple[object, int | None]  # what an event touches, and its phase where that is a monthly pool
Moving = tuple[Item, Warehouse, str, Decimal]  # an item, where it is, its lot, and the quantity that comes or goes


def is_monthly(holding: LateCosts, events: list[list[Line]]) -> bool:
    """Whether any line is about an item whose values wait for the month's end."""
    return any(
        line.item is not None and holding.costing.method(line.item) == MONTHLY
        for lines in events
        for event in lines
        for line in (event.document.lines if len(lines) == 1 else (event,))
    )


def foresee(holding: LateCosts, events: list[list[Line]]) -> None:
    """The quantities of a month in the order of events: differences of counts, and what falls below zero."""
    there = dict(holding.on_hand)
    for lines in events:
        for line in _whole(holding, lines):
            for item, warehouse, lot, qty in list(_quantities(holding, line, there)):
                place = (item, warehouse, lot)
                before = there.get(place, ZERO)
                there[place] = before + qty
                if qty < 0 and before + qty < 0:
                    holding.refuse(line, place, before, qty)


def by_value(holding: LateCosts, events: list[list[Line]]) -> list[list[Line]]:
    """The events of a month in an order in which their values can be known, and else in their own order.

    What a monthly average issues waits for all that it receives, and for corrections of value; in other pools, and in
    jobs, one event follows the other. Where values need each other in a circle, the first event goes first.
    """
    parts = [part for lines in events for part in _parts(holding, lines)]
    roles = [list(_roles(holding, lines)) for lines in parts]
    for lines, found in zip(parts, roles, strict=True):
        if _effect(holding, lines[0]) == "cost":  # also of what only comes during the month: its pools are known by now
            found += [(pool, None) for (item, _, _), pool in holding.pools.items() if item is lines[0].item]
    position = {line: number for number, lines in enumerate(parts) for line in lines}
    needs: list[set[int]] = [set() for _ in parts]
    gates: dict[tuple[object, int], list[int]] = {}  # by monthly pool and phase
    last: dict[object, int] = {}
    for number, found in enumerate(roles):
        for thing, phase in found:
            if phase is None:
                if thing in last:
                    needs[number].add(last[thing])
                last[thing] = number
            else:
                gates.setdefault((thing, phase), []).append(number)
        for line in parts[number]:
            others = [*(line.matched or ()), *(() if _at_months_cost(holding, line) else line.origins or ())]
            needs[number].update(position[one.line] for one in others if one.line in position)
            if line in holding.late:
                needs[number].update(position[one] for one in holding.waited_for(line) if one in position)
    return [parts[number] for number in _sorted(roles, needs, gates)]


def _sorted(roles: list[list[Role]], needs: list[set[int]], gates: dict[tuple[object, int], list[int]]) -> list[int]:
    """Positions of events, each behind those it needs and behind the earlier phases of its pools (see `Issues`, too)."""
    waits = [len(needed - {number}) for number, needed in enumerate(needs)]
    followers: list[list[int]] = [[] for _ in needs]
    for number, needed in enumerate(needs):
        for other in needed - {number}:
            followers[other].append(number)
    left = {gate: len(members) for gate, members in gates.items()}
    behind: dict[tuple[object, int], list[int]] = {}  # who waits for a phase to be over
    for number, found in enumerate(roles):
        for thing, phase in found:
            for earlier in range(phase or 0):
                if left.get((thing, earlier)):
                    behind.setdefault((thing, earlier), []).append(number)
                    waits[number] += 1
    issues = Issues(roles, gates)
    ready = [number for number, count in enumerate(waits) if not count and issues.is_next(number)]
    early = [number for number, count in enumerate(waits) if not count and not issues.is_next(number)]
    rest = iter(range(len(needs)))
    done: set[int] = set()
    order: list[int] = []
    while len(order) < len(needs):
        heap = ready or early
        number = heapq.heappop(heap) if heap else next(one for one in rest if one not in done)
        if number in done:
            continue
        done.add(number)
        order.append(number)
        freed = list(followers[number])
        for thing, phase in roles[number]:
            if phase is not None:
                left[thing, phase] -= 1
                freed += behind.get((thing, phase), ()) if not left[thing, phase] else ()
        for other in freed:
            waits[other] -= 1
            if not waits[other] and other not in done:
                heapq.heappush(ready if issues.is_next(other) else early, other)
        for other in issues.after(number, done):
            if waits[other] <= 0:
                heapq.heappush(ready, other)
    return order


class Issues:
    """The issues of each monthly pool, one after another: a later one waits as long as it can for an earlier one."""

    def __init__(self, roles: list[list[Role]], gates: dict[tuple[object, int], list[int]]) -> None:
        self.pools = [[thing for thing, phase in found if phase == ISSUING] for found in roles]
        self.queues = {thing: deque(members) for (thing, phase), members in gates.items() if phase == ISSUING}

    def is_next(self, number: int) -> bool:
        return all(self.queues[pool][0] == number for pool in self.pools[number])

    def after(self, number: int, done: set[int]) -> list[int]:
        """An event is done: which now are the next of all their pools because of it."""
        found: list[int] = []
        for pool in self.pools[number]:
            queue = self.queues[pool]
            while queue and queue[0] in done:
                queue.popleft()
            if queue and self.is_next(queue[0]):
                found.append(queue[0])
        return found


def _parts(holding: LateCosts, lines: list[Line]) -> list[list[Line]]:
    if _effect(holding, lines[0]) == "production":
        return [lines]
    if _effect(holding, lines[0]) == "value":
        return holding.late_apart(lines[0].document)
    if lines[0].item is None:  # what a full count does not list: each item has a month of its own
        lines = [one for one in lines[0].document.lines if not one.extra and one in holding.differences]
    return [[line] for line in lines]


def _roles(holding: LateCosts, lines: list[Line]) -> Iterator[Role]:
    """What an event touches: monthly pools with the phase in which it does, other pools and jobs."""
    line, document = lines[0], lines[0].document
    effect = _effect(holding, line)
    job = document.get("job") if effect == "production" else None
    whole = effect == "value" and line is document.lines[0]
    jobs = {job} if job else {(one.extra or {}).get("job") for one in document.lines} if whole else set()
    yield from (((name, "job"), None) for name in sorted(str(one) for one in jobs if one))
    if effect in ("production", "transfer"):
        takes, puts = _ways(holding, lines)
        for item, pool in dict.fromkeys(takes):
            yield pool, ISSUING if _is_monthly(holding, item) else None
        for item, pool in dict.fromkeys(puts):
            if (item, pool) not in takes:
                yield pool, RECEIVING if _is_monthly(holding, item) else None
    elif effect == "value":
        for part in holding.late[line] if line is not document.lines[0] else []:
            if part.item is not None:
                pool = holding.pool(part.item, holding.warehouse(part.line), part.line.lot)
                yield pool, CORRECTING if _is_monthly(holding, part.item) else None
    elif line.item is not None and effect != "cost":
        pool = holding.pool(line.item, holding.warehouse(line), line.lot)
        phase = _phase(holding, line, effect) if effect else ISSUING  # an invoice takes what its delivery cost
        yield pool, phase if _is_monthly(holding, line.item) else None


def _at_months_cost(holding: LateCosts, line: Line) -> bool:
    """Whether goods come back at what their month costs, which asks nothing of the event they left by."""
    effect = _effect(holding, line)
    return effect == "out" and line.item is not None and _is_monthly(holding, line.item) and comes_back_this_month(line)


def _is_monthly(holding: LateCosts, item: Item) -> bool:
    return holding.costing.method(item) == MONTHLY


def comes_back_this_month(line: Line) -> bool:
    """Whether a line brings back what left in the same month: it comes back at the month's cost."""
    return any(
        (origin.line.document.date.year, origin.line.document.date.month)
        == (line.document.date.year, line.document.date.month)
        for origin in line.origins or ()
    )


def _effect(holding: LateCosts, line: Line) -> str:
    return holding.kinds.documents[line.document.kind].stock


def _whole(holding: LateCosts, lines: list[Line]) -> list[Line]:
    """Productions are one event; all their lines move."""
    return lines[0].document.lines if _effect(holding, lines[0]) == "production" else lines


def _quantities(holding: LateCosts, line: Line, there: dict[tuple[Item, Warehouse, str], Decimal]) -> Iterator[Moving]:
    effect, item, warehouse = _effect(holding, line), line.item, holding.warehouse(line)
    if item is None and effect == "level":
        for rest in holding.missing(line.document, there):
            assert rest.item is not None
            left = there.get((rest.item, warehouse, rest.lot), ZERO)
            holding.differences[rest] = -left
            yield rest.item, warehouse, rest.lot, -left
    if item is None or effect in ("cost", "value", ""):
        return
    if effect == "level":
        counted: Decimal = (line.extra or {})["counted"]
        holding.differences[line] = counted - there.get((item, warehouse, line.lot), ZERO)
        yield item, warehouse, line.lot, holding.differences[line]
    elif effect == "transfer":
        yield item, line.document.get("from"), line.lot, -line.base_qty
        yield item, line.document.get("to"), line.lot, line.base_qty
    elif effect == "production":
        if part_of(line) in ("input", "output"):
            yield item, warehouse, line.lot, line.base_qty if part_of(line) == "output" else -line.base_qty
    else:
        yield item, warehouse, line.lot, -line.base_qty if effect == "out" else line.base_qty


def _ways(holding: LateCosts, lines: list[Line]) -> tuple[list[Pooled], list[Pooled]]:
    """The pools that an event takes from, and those that its values go into."""
    document = lines[0].document
    effect = _effect(holding, lines[0])
    takes: list[Pooled] = []
    puts: list[Pooled] = []
    for line in document.lines if effect == "production" else lines:
        if line.item is None:
            continue
        if effect == "transfer":
            ends = [holding.pool(line.item, document.get(end), line.lot) for end in ("from", "to")]
            if ends[0] is not ends[1]:
                takes.append((line.item, ends[0]))
                puts.append((line.item, ends[1]))
        elif part_of(line) in ("input", "output"):
            pool = holding.pool(line.item, holding.warehouse(line), line.lot)
            (puts if part_of(line) == "output" else takes).append((line.item, pool))
    return takes, puts


def _phase(holding: LateCosts, line: Line, effect: str) -> int:
    if effect == "signed" and not line.base_qty:
        return CORRECTING
    if effect == "level":
        return RECEIVING if line.price is not None and holding.differences.get(line, ZERO) > 0 else ISSUING
    if effect == "signed":
        return RECEIVING if line.base_qty > 0 and line.value is not None else ISSUING
    if effect == "out":
        back = line.base_qty < 0 and bool(line.origins) and holding.costing.customer_returns == "original"
        return RECEIVING if back and not comes_back_this_month(line) else ISSUING
    return RECEIVING if line.base_qty >= 0 and not comes_back_this_month(line) else ISSUING
