"""Monthly average: a month's issues are valued when all that came in during the month is known.

The quantities of a month are looked at first, in the order of events: what is missing to a count and what falls below
zero is judged by days. Values follow in another order: for each item all receipts, then corrections of value, then
issues in the order of events; what is made of other items, or comes from another warehouse's pool, follows those.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from beanstock.model import ZERO, Item, Line, Warehouse
from beanstock.stock.holding import Holding
from beanstock.stock.pools import Pool
from beanstock.stock.producing import part_of

MONTHLY = "monthly-average"
RECEIVING, CORRECTING, ISSUING = 0, 1, 2
Moving = tuple[Item, Warehouse, str, Decimal]  # an item, where it is, its lot, and the quantity that comes or goes


def is_monthly(holding: Holding, events: list[list[Line]]) -> bool:
    """Whether any line is about an item whose values wait for the month's end."""
    return any(
        line.item is not None and holding.costing.method(line.item) == MONTHLY
        for lines in events
        for event in lines
        for line in (event.document.lines if len(lines) == 1 else (event,))
    )


def foresee(holding: Holding, events: list[list[Line]]) -> None:
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


def by_value(holding: Holding, events: list[list[Line]]) -> list[list[Line]]:
    """The events of a month in the order in which their values can be known."""
    levels = _levels(holding, events)
    keyed: list[tuple[int, int, int, list[Line]]] = []
    for position, lines in enumerate(events):
        effect = _effect(holding, lines[0])
        for part in [lines] if effect in ("production", "value") else [[line] for line in lines]:
            keyed.append((*_moment(holding, part[0], effect, levels), position, part))
    keyed.sort(key=lambda one: one[:3])
    return [part for _, _, _, part in keyed]


def comes_back_this_month(line: Line) -> bool:
    """Whether a line brings back what left in the same month: it comes back at the month's cost."""
    return any(
        (origin.line.document.date.year, origin.line.document.date.month)
        == (line.document.date.year, line.document.date.month)
        for origin in line.origins or ()
    )


def _effect(holding: Holding, line: Line) -> str:
    return holding.kinds.documents[line.document.kind].stock


def _whole(holding: Holding, lines: list[Line]) -> list[Line]:
    """Productions are one event; all their lines move."""
    return lines[0].document.lines if _effect(holding, lines[0]) == "production" else lines


def _quantities(holding: Holding, line: Line, there: dict[tuple[Item, Warehouse, str], Decimal]) -> Iterator[Moving]:
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


def _ways(holding: Holding, lines: list[Line]) -> tuple[list[Pool], list[Pool]]:
    """The pools that an event takes from, and those that its values go into."""
    document = lines[0].document
    effect = _effect(holding, lines[0])
    takes: list[Pool] = []
    puts: list[Pool] = []
    for line in document.lines if effect == "production" else lines:
        if line.item is None:
            continue
        if effect == "transfer":
            takes.append(holding.pool(line.item, document.get("from"), line.lot))
            puts.append(holding.pool(line.item, document.get("to"), line.lot))
        elif effect == "production" and part_of(line) in ("input", "output"):
            pool = holding.pool(line.item, holding.warehouse(line), line.lot)
            (puts if part_of(line) == "output" else takes).append(pool)
    return takes, puts


def _levels(holding: Holding, events: list[list[Line]]) -> dict[Pool, int]:
    """How many steps of production or transfer a pool is away from what is bought; a cycle counts no step back."""
    sources: dict[Pool, set[Pool]] = {}
    for lines in events:
        takes, puts = _ways(holding, lines)
        for pool in puts:
            sources.setdefault(pool, set()).update(one for one in takes if one is not pool)
    levels: dict[Pool, int] = {}

    def level(pool: Pool, above: tuple[Pool, ...]) -> int:
        if pool not in levels:
            steps = [level(one, (*above, pool)) + 1 for one in sources.get(pool, ()) if one not in above]
            if above and any(one in above for one in sources.get(pool, ())):
                return max(steps, default=0)
            levels[pool] = max(steps, default=0)
        return levels[pool]

    for pool in sources:
        level(pool, ())
    return levels


def _moment(holding: Holding, line: Line, effect: str, levels: dict[Pool, int]) -> tuple[int, int]:
    """The level of an event, and whether its pool receives, is corrected, or issues then."""
    if effect in ("production", "transfer"):
        return max((levels.get(pool, 0) for pool in _ways(holding, [line])[0]), default=0), ISSUING
    if line.item is None:
        return max(levels.values(), default=0), ISSUING
    if effect == "value":
        parts = line.document.shares or line.document.differences
        pools = [holding.pool(part.item, holding.warehouse(part.line), part.line.lot) for part in parts if part.item]
        return max((levels.get(pool, 0) for pool in pools), default=0), CORRECTING
    level = levels.get(holding.pool(line.item, holding.warehouse(line), line.lot), 0)
    if holding.costing.method(line.item) != MONTHLY:
        return level, ISSUING
    return level, _phase(holding, line, effect)


def _phase(holding: Holding, line: Line, effect: str) -> int:
    if effect == "cost":
        return RECEIVING
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
