"""What the model's months make by themselves: estimates that are taken back and renewed, deliveries that become costs.

Both only move amounts in the ledger, so they are written behind all documents, month by month.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from .model_purchases import GRNI

DELIVERED = "goods-delivered-not-invoiced"


@dataclass
class Posted:
    """An amount, debit positive; `partner` and `about` (a document) only where the role is kept by them."""

    document: str
    role: str
    amount: Fraction
    partner: str
    about: str
    day: dt.date


def _months(posted: list[Posted], last: dt.date) -> list[tuple[dt.date, dt.date, list[Posted], bool]]:
    """First and last day of each month with its postings; whether another month follows."""
    found = []
    day = min(one.day for one in posted).replace(day=1)
    while day <= last:
        end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        within = [one for one in posted if day <= one.day <= end]
        found.append((day, end, within, end < last))
        day = end + dt.timedelta(days=1)
    return found


def estimates_taken_back(posted: list[Posted], last: dt.date) -> list[Posted]:
    """What is unbilled when a month begins is taken back; a bill then puts the goods into stock; the rest comes again."""
    made: list[Posted] = []
    unbilled: defaultdict[str, Fraction] = defaultdict(Fraction)
    for first, end, within, finished in _months(posted, last):
        back = {about: amount for about, amount in unbilled.items() if amount}
        made += _estimates(first, {about: -amount for about, amount in back.items()})
        for one in within:
            if one.role == GRNI and not one.about.startswith("drop-shipments/"):
                unbilled[one.about] += one.amount
                if one.about in back:
                    one.role, one.partner = "inventory", ""
        if finished:
            made += _estimates(end, {about: unbilled[about] for about in back})
    return made


def _estimates(day: dt.date, amounts: dict[str, Fraction]) -> list[Posted]:
    name = f"estimates/{day.isoformat()}"
    return [
        posted
        for about, amount in amounts.items()
        for posted in (Posted(name, GRNI, amount, "", about, day), Posted(name, "inventory", -amount, "", "", day))
    ]


def deliveries_at_month_end(posted: list[Posted], last: dt.date) -> list[Posted]:
    """What was delivered in a month becomes its cost of sales when it is over."""
    made: list[Posted] = []
    for _, end, within, finished in _months(posted, last):
        cost = sum((one.amount for one in within if one.role == DELIVERED), Fraction(0))
        if finished:
            name = f"cost-transfers/{end.isoformat()}"
            made.append(Posted(name, "cost-of-sales", cost, "", "", end))
            made.append(Posted(name, DELIVERED, -cost, "", "", end))
    return made
