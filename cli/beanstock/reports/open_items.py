"""Receivables and payables: what is open by partner and document, with its age."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from beanstock.ledger.query import Ledger
from beanstock.reports.accounts import totals
from beanstock.table import Cell, Column, Query, Table

BUCKETS = ((0, "not due"), (30, "1-30"), (60, "31-60"), (90, "61-90"))
ADVANCES = {"receivable": "customer-advances", "payable": "supplier-advances"}
TITLES = {"receivable": ("receivables", "Receivables"), "payable": ("payables", "Payables")}


def open_items(ledger: Ledger, query: Query, role: str) -> Table:
    """Open documents at the end of a day; payables are negative, credit notes have the other sign.

    Advances are no rows but a total. `aging` counts the days after the due date.
    """
    span = ledger.span()
    day = dt.date.fromisoformat(query.end) if query.end else span[1] if span else dt.date.min
    rows: list[dict[str, Cell]] = [
        {
            "partner": one.partner,
            "document": one.document,
            "date": one.date,
            "due": one.due,
            "amount": one.amount,
            "open": one.open,
            "open_foreign": None,
            "aging": bucket(one.due, day),
        }
        for one in ledger.open_items(role, query.last())
        if query.partner in ("", one.partner)
    ]
    report, title = TITLES[role]
    columns = [
        Column("partner", "text"),
        Column("document", "text"),
        Column("date", "date"),
        Column("due", "date"),
        Column("amount", "money"),
        Column("open", "money"),
        Column("open_foreign", "money"),
        Column("aging", "text"),
    ]
    advances = [one for one in ledger.open_items(ADVANCES[role], query.last()) if query.partner in ("", one.partner)]
    summed: dict[str, Cell] = totals(rows, ("amount", "open"))
    summed["advances"] = sum((one.open for one in advances), Decimal(0))
    return Table(report, title, columns, rows, summed)


def bucket(due: str, day: dt.date) -> str:
    """The age of a document on a day: `not due`, `1-30`, `31-60`, `61-90` or `90+` days after its due date."""
    late = (day - dt.date.fromisoformat(due)).days if due else 0
    return next((name for limit, name in BUCKETS if late <= limit), "90+")
