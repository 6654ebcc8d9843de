"""Periods of reports: what 2026-Q1 means, fiscal years, and the period that another is compared with."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from beanstock.ledger.query import Ledger
from beanstock.table import Query

_PERIOD = re.compile(r"(\d{4})(?:-(\d{2})|-?Q([1-4]))?")
_FAR = dt.date(9900, 12, 31)  # years are counted on from a last day such as 9999-12-31
EARLIEST = 1900  # records begin there, and days are counted back from first days


def period_days(period: str) -> tuple[str, str] | None:
    """First and last day of 2026, 2026-Q1 or 2026-01; None for anything else."""
    match = _PERIOD.fullmatch(period)
    if match is None or int(match[1]) < EARLIEST:
        return None
    year = int(match[1])
    first, last = 1, 12
    if match[2]:
        first = last = int(match[2])
    elif match[3]:
        first, last = int(match[3]) * 3 - 2, int(match[3]) * 3
    if not 1 <= first <= 12:
        return None
    return f"{year:04d}-{first:02d}-01", month_end(dt.date(year, last, 1)).isoformat()


def month_end(day: dt.date) -> dt.date:
    """The last day of a day's month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_later(day: dt.date, months: int) -> dt.date:
    """The first of the month that is so many months after (or before) a day's month."""
    number = max(12, day.year * 12 + day.month - 1 + months)  # there is nothing before year 1
    return dt.date(number // 12, number % 12 + 1, 1)


def months_of(start: dt.date, end: dt.date) -> list[str]:
    """The months that the days from `start` to `end` touch, such as 2026-01."""
    count = (end.year - start.year) * 12 + end.month - start.month
    return [months_later(start, number).isoformat()[:7] for number in range(count + 1)]


def last_day(ledger: Ledger, query: Query) -> dt.date:
    """The day that a report is of: its end, or the last day with a voucher."""
    span = ledger.span()
    return min(dt.date.fromisoformat(query.end), _FAR) if query.end else span[1] if span else dt.date(1970, 1, 1)


def first_day(ledger: Ledger, query: Query) -> dt.date:
    """The first day of a report: its start, or the first day with a voucher."""
    span = ledger.span()
    return dt.date.fromisoformat(query.start) if query.start else span[0] if span else dt.date(1970, 1, 1)


def fiscal_year(day: dt.date, year_start: str) -> dt.date:
    """The first day of the fiscal year that a day belongs to; `year_start` is MM-01."""
    start = dt.date(day.year, int(year_start[:2]), 1)
    return start if start <= day else start.replace(year=day.year - 1)


def compared_days(start: str, end: dt.date, compare: str) -> tuple[str, str]:
    """The period that `start` to `end` is compared with: the one before it, of the same length, or the same a year ago.

    Whole months move by months, other periods by days. Without a start, the day alone moves: to the end of the month
    before, or to its day a year ago.
    """
    if compare == "last-year":
        return (_year_ago(dt.date.fromisoformat(start)).isoformat() if start else "", _year_ago(end).isoformat())
    if not start:
        return "", (end.replace(day=1) - dt.timedelta(days=1)).isoformat()
    first = dt.date.fromisoformat(start)
    before = first - dt.timedelta(days=1)
    if first.day == 1 and end == month_end(end):
        return months_later(first, -len(months_of(first, end))).isoformat(), before.isoformat()
    return dt.date.fromordinal(max(1, (2 * first.toordinal() - end.toordinal() - 1))).isoformat(), before.isoformat()


def _year_ago(day: dt.date) -> dt.date:
    if day == month_end(day):
        return month_end(day.replace(year=day.year - 1, day=1))
    return day.replace(year=day.year - 1)
