"""The model's recurring and reversing journals: each time is a document of its own."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from .papers import Company, Document

MONTHS = {"month": 1, "quarter": 3}


def written(company: Company) -> list[Document]:
    """All documents, with the further times of journals: up to `until`, else the last month that has a document."""
    last = max((one.date for one in company.documents), default=dt.date.min)
    return [*company.documents, *(each for one in company.documents for each in _further(one, last))]


def _further(document: Document, last: dt.date) -> Iterator[Document]:
    times = [document]
    if document.every:
        end, step = document.until or _end(last), MONTHS[document.every]
        while (day := _later(document.date, step * len(times))) <= end:
            times.append(_again(document, f"{document.number}/{day.isoformat()[:7]}", day, 1))
    yield from times[1:]
    if document.reverse:
        for one in times:
            yield _again(one, f"{one.number}/reversed", _end(one.date) + dt.timedelta(days=1), -1)


def _again(document: Document, number: str, day: dt.date, sign: int) -> Document:
    def turned(amount: Fraction | None) -> Fraction | None:
        return None if amount is None else sign * amount

    lines = [replace(line, debit=turned(line.debit), credit=turned(line.credit)) for line in document.lines]
    return replace(document, number=number, date=day, lines=lines)


def _end(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
