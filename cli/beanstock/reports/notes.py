"""The register of notes (票据备查簿): each with its maturity, what became of it, and what the books still carry of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from beanstock.matching.notes import PAYABLE, Note
from beanstock.reports.accounts import totals
from beanstock.table import Cell, Column, Query, Table


def notes(known: Iterable[Note], query: Query) -> Table:
    """Notes at the end of a day, by their due dates; `amount` and `open` are money of the books, of notes payable negative.

    `state` is what happened last: opening, received, issued, endorsed, discounted, collected, paid or returned. `holder`
    is the partner that it came from or went to last.
    """
    rows: list[dict[str, Cell]] = []
    day = dt.date.fromisoformat(query.last()) if query.end else dt.date.max
    found = [one for note in known if (one := note.until(day)) is not None]
    for note in sorted(found, key=lambda one: (one.due or one.events[0].date, one.role, one.number)):
        sign = Decimal(-1 if note.role == PAYABLE else 1)
        partner, holder = (one.code if one else "" for one in (note.partner, note.holder))
        if query.partner not in ("", partner, holder):
            continue
        row: dict[str, Cell] = {"role": note.role, "note": note.number, "partner": partner}
        row |= {"date": note.events[0].date.isoformat(), "due": note.due.isoformat() if note.due else ""}
        came = sum((one.amount for one in note.events if one.what in ("opening", "received", "issued")), Decimal(0))
        row |= {"amount": sign * came, "open": sign * note.open + 0, "state": note.events[-1].what}
        rows.append(row | {"holder": holder, "document": note.events[-1].document})
    columns = [Column(name, "text") for name in ("role", "note", "partner")]
    columns += [Column("date", "date"), Column("due", "date"), Column("amount", "money"), Column("open", "money")]
    columns += [Column(name, "text") for name in ("state", "holder", "document")]
    return Table("notes", "Notes", columns, rows, totals(rows, ("amount", "open")))
