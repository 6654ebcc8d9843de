"""How old the stock is, what lies still, and how long it takes to turn over.

What is left of an item is taken to be what came last (first in, first out, whatever its costing method), so that the ages
say what lies on the shelf and not how it is valued.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from beanstock.ledger.activity import Arrival, activity, arrivals
from beanstock.ledger.query import Ledger
from beanstock.reports.accounts import totals
from beanstock.reports.periods import last_day
from beanstock.table import Cell, Chart, Column, Query, Table

_ZERO, _HALF, _TENTH = Decimal(0), Decimal("0.5"), Decimal("0.1")
AGES = ((30, "days_0_30"), (60, "days_31_60"), (90, "days_61_90"), (180, "days_91_180"))
OLDEST = "over_180"
SLOW = 90  # days without an issue after which an item counts as slow
YEAR = 365
NameOf = Callable[[str], str]


def stock_aging(ledger: Ledger, query: Query, name_of: NameOf) -> Table:
    """Quantity and value of each item at the end of a day, its value by age, its last issue and its turnover in days.

    `turnover_days` is the average of opening and closing value, by what went out in the period, times the period's days
    (the year up to the day, where no period is asked for); blank where nothing went out.
    """
    day = last_day(ledger, query)
    span = ledger.span()
    start = dt.date.fromisoformat(query.start) if query.start else day - dt.timedelta(days=YEAR - 1)
    if not query.start and span and span[0] > start:
        start = span[0]
    came: dict[str, list[Arrival]] = {}
    for one in arrivals(ledger, day.isoformat()):
        came.setdefault(one.item, []).append(one)
    rows: list[dict[str, Cell]] = []
    for item, opening, qty, value, out, last in activity(ledger, start.isoformat(), day.isoformat()):
        if (not qty and not value) or query.item not in ("", item):
            continue
        row: dict[str, Cell] = {"item": item, "name": name_of(item), "qty": qty, "value": value}
        row |= _ages(qty, value, came.get(item, []), day, ledger.unit)
        since = last or (came[item][-1].date if item in came else day.isoformat())
        idle = (day - dt.date.fromisoformat(since)).days
        row |= {"last_out": last or None, "idle_days": idle, "status": "slow" if idle > SLOW else ""}
        days = (opening + value) * _HALF * ((day - start).days + 1) / out if out else None
        rows.append(row | {"turnover_days": None if days is None else days.quantize(_TENTH, ROUND_HALF_UP)})
    money = ("value", *(name for _, name in AGES), OLDEST)
    columns = [Column("item", "text"), Column("name", "text"), Column("qty", "quantity")]
    columns += [Column(name, "money", _heading(name)) for name in money]
    columns += [Column("last_out", "date"), Column("idle_days", "integer"), Column("status", "text")]
    columns.append(Column("turnover_days", "quantity"))
    notes = [
        "What is left is taken to be what came last, at the item's average value.",
        f"Slow: nothing went out for more than {SLOW} days. Turnover from {start} to {day}.",
    ]
    charts = [Chart("Value", "item", ("value",))]
    return Table("stock-aging", "Stock aging", columns, rows, totals(rows, money), notes=notes, charts=charts)


def _heading(name: str) -> str:
    return {OLDEST: "180+", "value": ""}.get(name, name.removeprefix("days_").replace("_", "-"))


def _ages(qty: Decimal, value: Decimal, came: list[Arrival], day: dt.date, unit: Decimal) -> dict[str, Cell]:
    """The value by age: the newest arrivals that make up the quantity; rounding goes to the oldest."""
    by_age = dict.fromkeys((*(name for _, name in AGES), OLDEST), _ZERO)
    left = qty
    for one in came:
        if left <= 0:
            break
        part = min(left, one.qty)
        left -= part
        by_age[_age((day - dt.date.fromisoformat(one.date)).days)] += part
    by_age[OLDEST] += left  # no arrival says where it is from, or it is below zero
    amounts: dict[str, Cell] = {}
    rest = value
    names = [name for name in by_age if by_age[name]]
    for name in by_age:
        amount = _ZERO
        if names and name == names[-1]:
            amount = rest
        elif qty and by_age[name]:
            amount = (value * by_age[name] / qty).quantize(unit, ROUND_HALF_UP)
        rest -= amount
        amounts[name] = amount
    if rest:
        amounts[OLDEST] = rest  # value without quantity
    return amounts


def _age(days: int) -> str:
    return next((name for limit, name in AGES if days <= limit), OLDEST)
