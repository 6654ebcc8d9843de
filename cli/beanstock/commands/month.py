"""The documents that a month makes by itself: on its first day, and on its last when it is finished.

They post by the rules of their kinds like every other document: `estimates` take back and renew what is unbilled,
`cost-variances` share out differences from standard costs, `cost-transfers` make the month's deliveries a cost of sales.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from beanstock.model import ZERO, Document, Item, Line
from beanstock.parts import Part
from beanstock.records.kinds import Kinds

FIRST, LAST = -1, 1_000  # places in the order of events of a day: before and behind everything else


def months_between(first: dt.date, last: dt.date) -> Iterator[str]:
    """All months from one day's to another's, as 2026-01."""
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield f"{year:04d}-{month:02d}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def first_day(month: str) -> dt.date:
    """The first day of a month such as 2026-01."""
    return dt.date.fromisoformat(f"{month}-01")


def last_day(month: str) -> dt.date:
    """The last day of a month."""
    start = first_day(month)
    return start.replace(day=calendar.monthrange(start.year, start.month)[1])


def made_document(kind: str, day: dt.date, kinds: Kinds, *, first: bool = False) -> Document:
    """A document that no record has: its number is its day's."""
    document = Document(kind, "", 0)
    document.date = day
    document.number = day.isoformat()
    document.reference = f"{kind}/{document.number}"
    stage = FIRST if first else LAST
    document.key = (day, "" if first else "99:99", stage, kinds.documents[kind].stage, kind, kind, "")
    return document


COSTS = ("bills", "expenses", "payrolls", "journals", "depreciations")  # kinds whose lines may name a job or cost pool


def cost_of(line: Line) -> Decimal:
    """What a line of one of these kinds costs, in money of the books."""
    extra = line.extra or {}
    kind = line.document.kind
    if kind == "payrolls":
        return Decimal(extra.get("gross") or ZERO) + Decimal(extra.get("social_employer") or ZERO)
    if kind == "journals":
        return Decimal(extra.get("debit") or ZERO) - Decimal(extra.get("credit") or ZERO)
    return line.cost if kind in ("bills", "expenses") else line.amount or ZERO


def cost_transfers(documents: list[Document], into: Document) -> None:
    """What the month's deliveries cost, by item, as it becomes a cost of sales."""
    sums: dict[Item, tuple[Line, Decimal]] = {}
    for document in documents:
        if document.kind in ("deliveries", "sales"):
            for move in document.moves:
                line, amount = sums.get(move.item, (move.line, ZERO))
                sums[move.item] = (line, amount - move.value)
        elif document.kind == "drop-shipments":
            for line in document.lines:
                if line.item is not None:
                    first, amount = sums.get(line.item, (line, ZERO))
                    sums[line.item] = (first, amount + line.cost)
    into.costs = [Part(line, into.reference, ZERO, amount) for line, amount in sums.values() if amount]
