"""Documents that come again: recurring and reversing journals become one document for each time.

They are expanded before anything is valued, so that their costs count in the month that they belong to.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from beanstock.model import ZERO, Document, Line
from beanstock.problems import Problem, problem
from beanstock.records.expand import is_standard_cost

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def expand_journals(documents: list[Document], ended: dt.date = dt.date.min) -> tuple[list[Document], list[Problem]]:
    """The further times of recurring journals up to `until`, or to the last month with a record or that `ended`; reversals.

    Each line has a debit or a credit; a journal's sides are equal. Problems: journal-sides, journal-balance.
    """
    problems: list[Problem] = []
    made: list[Document] = []
    last = max((document.date for document in documents if not is_standard_cost(document)), default=dt.date.min)
    last = max(last, ended)
    for document in documents:
        if document.kind != "journals":
            continue
        problems += _faults(document)
        times = [document]
        every = document.get("every")
        if every:
            end = document.get("until") or _month_end(last)
            times += [_copy(document, day) for day in days_of(document.date, every, end)]
        made += times[1:]
        if document.get("reverse"):
            made += [_reversal(one) for one in times]
    return made, problems


def _faults(document: Document) -> list[Problem]:
    found = []
    debit = credit = ZERO
    for line in document.lines:
        sides = [(line.extra or {}).get(side) for side in ("debit", "credit")]
        if (sides[0] is None) == (sides[1] is None):
            found.append(problem("journal-sides", document.place("debit", line), document=document.reference))
        debit += sides[0] or ZERO
        credit += sides[1] or ZERO
    foreign = any((line.extra or {}).get("currency") for line in document.lines)
    if not found and debit != credit and not foreign:
        facts = {"document": document.reference, "debit": debit, "credit": credit, "difference": debit - credit}
        found.append(problem("journal-balance", document.place("number"), **facts))
    return found


def days_of(start: dt.date, every: str, end: dt.date) -> Iterator[dt.date]:
    """The days after the first one up to `end`, on the same day of the month or its last where it has no such day.

    `every` is month, quarter or year.
    """
    count, step = 1, _MONTHS[every]
    while True:
        months = start.month - 1 + count * step
        year, month = start.year + months // 12, months % 12 + 1
        day = dt.date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
        if day > end:
            return
        yield day
        count += 1


def _copy(document: Document, day: dt.date, sign: int = 1, suffix: str = "") -> Document:
    other = Document(document.kind, document.file, document.record)
    other.number = f"{document.number}{suffix or f'/{day.isoformat()[:7]}'}"
    other.reference = f"{document.kind}/{other.number}"
    other.date, other.time, other.memo = day, document.time, document.memo
    other.extra = {key: value for key, value in (document.extra or {}).items() if key == "cashflow"}
    for line in document.lines:
        copy = Line(other, line.record)
        copy.index, copy.account, copy.partner = line.index, line.account, line.partner
        copy.department, copy.project, copy.memo = line.department, line.project, line.memo
        copy.extra = {key: _turned(key, value, sign) for key, value in (line.extra or {}).items()}
        other.lines.append(copy)
    return other


def _turned(key: str, value: object, sign: int) -> object:
    return sign * value if key in ("debit", "credit") and isinstance(value, Decimal) else value


def _reversal(document: Document) -> Document:
    """The same amounts in red on the first day of the next month."""
    day = _month_end(document.date) + dt.timedelta(days=1)
    return _copy(document, day, -1, "/reversed")


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
