"""Margins: what was sold, what it cost and what is left, by item, customer, category, department or any dimension."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from beanstock.ledger.activity import sold
from beanstock.ledger.dimensions import Dimensions, ledger_name
from beanstock.ledger.query import Ledger
from beanstock.reports.accounts import totals
from beanstock.reports.statements import percent
from beanstock.table import Cell, Chart, Column, Query, Table

_ZERO = Decimal(0)
REVENUE, COST = ("revenue",), ("cost-of-sales",)
NameOf = Callable[[str], str]
_QUANTITIES = ("item", "category")  # what sold quantities are kept by


def margins(ledger: Ledger, query: Query, dimensions: Dimensions, item_name: NameOf, partner_name: NameOf) -> Table:
    """Revenue and cost of sales by the keys of `by` (item, where none is given), the largest margin first.

    Revenue counts on the day of the invoice, cost on the day of the delivery. `margin_percent` is of revenue.
    """
    keys = query.by or ("item",)
    roles = dict.fromkeys(ledger.accounts_of(*REVENUE), 0) | dict.fromkeys(ledger.accounts_of(*COST), 1)
    sums: dict[tuple[str, ...], list[Decimal]] = {}
    for key, one in dimensions.turnover(keys, query.first(), query.last(), closing=False).items():
        side = roles.get(key[0])
        if side is not None:
            own = sums.setdefault(key[1:], [_ZERO, _ZERO])
            own[side] += one.credit - one.debit if side == 0 else one.debit - one.credit
    quantities = _quantities(ledger, query, dimensions, keys)
    rows: list[dict[str, Cell]] = []
    for key, (revenue, cost) in sorted(sums.items(), key=lambda one: (one[1][1] - one[1][0], one[0])):
        row: dict[str, Cell] = dict(zip(keys, key, strict=True))
        if len(keys) == 1 and ledger_name(keys[0]) in ("item", "partner") and keys[0] != "category":
            row["name"] = item_name(key[0]) if keys[0] == "item" else partner_name(key[0])
        if quantities is not None:
            row["qty"] = quantities.get(key[0], _ZERO)
        row |= {"revenue": revenue, "cost": cost, "margin": revenue - cost}
        rows.append(row | {"margin_percent": percent(revenue - cost, revenue)})
    columns = [Column(name, "text") for name in keys]
    if rows and "name" in rows[0]:
        columns.append(Column("name", "text"))
    if quantities is not None:
        columns.append(Column("qty", "quantity"))
    columns += [Column(name, "money") for name in ("revenue", "cost", "margin")]
    columns.append(Column("margin_percent", "percent"))
    summed = totals(rows, ("revenue", "cost", "margin"))
    all_revenue, all_margin = (summed[name] for name in ("revenue", "margin"))
    assert isinstance(all_revenue, Decimal)
    assert isinstance(all_margin, Decimal)
    summed["margin_percent"] = percent(all_margin, all_revenue)
    notes = ["Revenue counts on the day of the invoice, cost of sales on the day of the delivery."]
    charts = [Chart("Margin", keys[0], ("margin",))]
    return Table("margins", "Margins", columns, rows, summed, notes=notes, charts=charts)


def _quantities(
    ledger: Ledger, query: Query, dimensions: Dimensions, keys: tuple[str, ...]
) -> dict[str, Decimal] | None:
    if len(keys) != 1 or keys[0] not in _QUANTITIES:
        return None
    found: dict[str, Decimal] = {}
    for item, qty in sold(ledger, query.first(), query.last()).items():
        key = dimensions.read(keys[0], item)
        found[key] = found.get(key, _ZERO) + qty
    return found
