"""Due dates from payment terms: a number of days, `EOM` (end of the month), or `EOM+10` (ten days after it)."""

from __future__ import annotations

import calendar
import datetime as dt


def due_date(day: dt.date, terms: str) -> dt.date:
    """The day a document of `day` is due under `terms`; without terms, the day itself."""
    if not terms:
        return day
    if terms.startswith("EOM"):
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        return last + dt.timedelta(days=int(terms[4:] or 0))
    return day + dt.timedelta(days=int(terms))
