"""Reports of documents rather than of the ledger: orders, cut-off gaps, and the documents behind a tax return."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from beanstock.amounts.tax_lines import TaxLine
from beanstock.matching.cutoff import Gap
from beanstock.matching.orders import Progress
from beanstock.reports.accounts import totals
from beanstock.table import Cell, Column, Query, Table

_ZERO = Decimal(0)


def orders(progress: Iterable[Progress], query: Query) -> Table:
    """Each line of each order: what is ordered, received or delivered, billed or invoiced, and what is still to come."""
    rows: list[dict[str, Cell]] = []
    for one in progress:
        order, line = one.order, one.line
        partner = order.partner.code if order.partner else ""
        if query.partner and partner != query.partner:
            continue
        buying = order.kind == "purchase-orders"
        expected = order.get("expected")
        rows.append(
            {
                "order": order.reference,
                "partner": partner,
                "date": order.date.isoformat(),
                "expected": expected.isoformat() if expected else "",
                "item": line.item.code if line.item else "",
                "ordered": one.ordered,
                "received": one.moved if buying else None,
                "delivered": None if buying else one.moved,
                "billed": one.billed if buying else None,
                "invoiced": None if buying else one.billed,
                "paid": one.paid,
                "open": max(_ZERO, one.ordered - one.moved),
                "net": line.net,
            }
        )
    quantities = ("ordered", "received", "delivered", "billed", "invoiced")
    columns = [Column(name, "text") for name in ("order", "partner")]
    columns += [Column("date", "date"), Column("expected", "date"), Column("item", "text")]
    columns += [Column(name, "quantity") for name in quantities]
    columns += [Column("paid", "money"), Column("open", "quantity"), Column("net", "money")]
    return Table("orders", "Orders", columns, rows, {})


def accruals(gaps: Iterable[Gap], query: Query) -> Table:
    """What is received or delivered and not billed or invoiced at the end of a day, and the reverse, by document and item."""
    rows: list[dict[str, Cell]] = [
        {
            "gap": gap.gap,
            "document": gap.document,
            "partner": gap.partner,
            "date": gap.date.isoformat(),
            "item": gap.item,
            "qty": gap.qty,
            "amount": gap.amount,
        }
        for gap in gaps
        if query.partner in ("", gap.partner)
    ]
    columns = [Column(name, "text") for name in ("gap", "document", "partner")]
    columns += [Column("date", "date"), Column("item", "text"), Column("qty", "quantity"), Column("amount", "money")]
    return Table("accruals", "Accruals", columns, rows, {})


def tax(lines: Iterable[TaxLine], query: Query) -> Table:
    """The boxes of a tax return with the documents behind each: base and tax by rate; credit notes are negative."""
    rows: list[dict[str, Cell]] = [
        {
            "box": line.box,
            "rate": line.rate,
            "tax": line.tax_name,
            "date": line.date.isoformat(),
            "document": line.document,
            "partner": line.partner,
            "base": line.base,
            "amount": line.tax,
        }
        for line in sorted(lines, key=lambda one: (one.box, one.rate, one.date))
        if query.first() <= line.date.isoformat() <= query.last()
    ]
    columns = [Column("box", "text"), Column("rate", "quantity"), Column("tax", "text"), Column("date", "date")]
    columns += [
        Column("document", "text"),
        Column("partner", "text"),
        Column("base", "money"),
        Column("amount", "money"),
    ]
    return Table("tax", "Taxes", columns, rows, totals(rows, ()))
