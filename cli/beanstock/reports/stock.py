"""Reports of the stock: what is where and what it is worth, and what moved (收发存)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from beanstock.ledger.query import Ledger, Moves
from beanstock.reports.accounts import totals
from beanstock.table import Cell, Chart, Column, Query, Table

_ZERO = Decimal(0)
PRICE_DECIMALS = Decimal("0.000001")


PoolOf = Callable[[Moves], tuple[str, ...]]  # what the value of a place is shared within
CategoryOf = Callable[[str], str]  # an item's category
BY = ("item", "category", "warehouse", "lot")


def stock(ledger: Ledger, query: Query, pool_of: PoolOf, category_of: CategoryOf) -> Table:
    """Quantity and value by item, warehouse and lot (or as `by` says) at the end of a day.

    Places that share one cost (all warehouses of an item, under company scope) each show their quantity's share of
    its value; the last place takes the rest.
    """
    places = ledger.moves(end=query.last(), item=query.item)
    values = shares(places, ledger.unit, pool_of)
    names = query.by or ("item", "warehouse", "lot")
    sums: dict[tuple[str, ...], list[Decimal]] = {}
    for one in places:
        found = sums.setdefault(_key(one, names, category_of), [_ZERO, _ZERO])
        found[0] += one.qty
        found[1] += values[one]
    rows: list[dict[str, Cell]] = [
        {**dict(zip(names, key, strict=True)), "qty": qty, "value": value, "unit_cost": unit_cost(value, qty)}
        for key, (qty, value) in sorted(sums.items())
        if qty or value
    ]
    columns = [
        *(Column(name, "text") for name in names),
        Column("qty", "quantity"),
        Column("value", "money"),
        Column("unit_cost", "price"),
    ]
    charts = [Chart("Value", names[0], ("value",))]
    return Table("stock", "Stock", columns, rows, totals(rows, ("value",)), charts=charts)


def _key(one: Moves, names: tuple[str, ...], category_of: CategoryOf) -> tuple[str, ...]:
    return tuple(category_of(one.item) if name == "category" else getattr(one, name) for name in names)


def shares(places: list[Moves], unit: Decimal, pool_of: PoolOf) -> dict[Moves, Decimal]:
    """The value of each place by its share of its pool's quantity; the last place with a quantity takes the rest."""
    found: dict[Moves, Decimal] = {}
    pools: dict[tuple[str, ...], list[Moves]] = {}
    for one in places:
        pools.setdefault(pool_of(one), []).append(one)
    for own in pools.values():
        rest_qty, rest = sum((one.qty for one in own), _ZERO), sum((one.value for one in own), _ZERO)
        for one in own:
            value = _ZERO
            if rest_qty and one.qty:
                value = rest if one.qty == rest_qty else (rest * one.qty / rest_qty).quantize(unit, ROUND_HALF_UP)
            found[one] = value
            rest -= value
            rest_qty -= one.qty
        if rest:  # a value without any quantity is shown, not hidden
            found[own[-1]] += rest
    return found


def unit_cost(value: Decimal, qty: Decimal) -> Decimal | None:
    """Value by quantity, for display only (6 decimals)."""
    return (value / qty).quantize(PRICE_DECIMALS, ROUND_HALF_UP) if qty else None


_QUANTITIES = ("opening_qty", "in_qty", "out_qty", "closing_qty")
_VALUES = ("opening_value", "in_value", "out_value", "closing_value")


def stock_moves(ledger: Ledger, query: Query, category_of: CategoryOf) -> Table:
    """Opening, in, out and closing of every item in quantity and value; with an item, its card.

    Opening documents of the first day count as opening, and all of them where no first day is asked for.

    Moves between warehouses count only where the report is by warehouse. `by` item or category says what a row is;
    anything else splits the items.
    """
    if query.item:
        return card(ledger, query)
    by_place = "warehouse" in query.by
    names = query.by if {"item", "category"} & set(query.by) else ("item", *query.by)
    if by_place and "lot" not in names:
        names += ("lot",)
    before = ledger.opening_stock(query.first(), query.last())
    inside = ledger.moves(query.first(), query.last(), transfers=by_place, opened=True)
    sums: dict[tuple[str, ...], list[Decimal]] = {}
    for position, several in ((0, before), (1, inside)):
        for one in several:
            found = sums.setdefault(_key(one, names, category_of), [_ZERO] * 6)
            if position == 0:
                found[0] += one.qty
                found[1] += one.value
            else:
                for offset, amount in enumerate(one[3:], start=2):
                    found[offset] += amount
    rows: list[dict[str, Cell]] = []
    for key, (opening_qty, opening_value, in_qty, in_value, out_qty, out_value) in sorted(sums.items()):
        if any(sums[key]):
            row: dict[str, Cell] = dict(zip(names, key, strict=True))
            row |= {"opening_qty": opening_qty, "opening_value": opening_value, "in_qty": in_qty, "in_value": in_value}
            row |= {"out_qty": out_qty, "out_value": out_value}
            row |= {
                "closing_qty": opening_qty + in_qty - out_qty,
                "closing_value": opening_value + in_value - out_value,
            }
            rows.append(row)
    columns = [Column(name, "text") for name in names]
    for quantity, value in zip(_QUANTITIES, _VALUES, strict=True):
        columns += [Column(quantity, "quantity"), Column(value, "money")]
    return Table("stock-moves", "Stock moves", columns, rows, totals(rows, _VALUES))


def card(ledger: Ledger, query: Query) -> Table:
    """Every move of one item with its document and the balance after it."""
    before = ledger.moves(end=query.before(), item=query.item) if query.start else []
    qty, value = sum((one.qty for one in before), _ZERO), sum((one.value for one in before), _ZERO)
    opening: dict[str, Cell] = {"opening_qty": qty, "opening_value": value}
    rows: list[dict[str, Cell]] = []
    for entry in ledger.entries(query.first(), query.last(), item=query.item):
        moved = entry.qty or _ZERO
        qty += moved
        value += entry.amount
        rows.append(
            {
                "date": entry.date,
                "document": entry.document,
                "warehouse": entry.warehouse,
                "lot": entry.lot,
                "qty": moved,
                "value": entry.amount,
                "balance_qty": qty,
                "balance_value": value,
            }
        )
    columns = [
        Column("date", "date"),
        Column("document", "text"),
        Column("warehouse", "text"),
        Column("lot", "text"),
        Column("qty", "quantity"),
        Column("value", "money"),
        Column("balance_qty", "quantity"),
        Column("balance_value", "money"),
    ]
    return Table(
        "stock-moves",
        f"Stock card of {query.item}",
        columns,
        rows,
        {**opening, "closing_qty": qty, "closing_value": value},
    )
