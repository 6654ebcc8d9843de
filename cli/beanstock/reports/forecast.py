"""Forecast: the cash of the next weeks, from what is open today and from how late each customer really pays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from beanstock.ledger.activity import Due, Paid, open_by_due, payments_of
from beanstock.ledger.query import Ledger
from beanstock.reports.accounts import totals
from beanstock.reports.cash_flow import CASH
from beanstock.reports.periods import last_day
from beanstock.table import Cell, Chart, Column, Query, Table

_ZERO, _ONE = Decimal(0), Decimal(1)
WEEKS = 13


def forecast(ledger: Ledger, query: Query) -> Table:
    """Receipts, payments and cash at the end of each of the 13 weeks after a day.

    A receivable comes in on its due date and the customer's average delay (by amount; that of all customers where the
    customer has paid nothing yet); a payable is paid when it is due. What should have moved already moves in the first
    week; what moves after the last week is in the totals `later_receipts` and `later_payments`.
    """
    day = last_day(ledger, query)
    delays, overall = delays_of(payments_of(ledger, "receivable", day.isoformat()))
    receipts = _by_week(
        ((one, delays.get(one.partner, overall)) for one in open_by_due(ledger, "receivable", day.isoformat())), day, 1
    )
    payments = _by_week(((one, 0) for one in open_by_due(ledger, "payable", day.isoformat())), day, -1)
    balances = ledger.balances(day.isoformat())
    cash = opening = sum((balances.get(account, _ZERO) for account in ledger.accounts_of(*CASH)), _ZERO)
    rows: list[dict[str, Cell]] = []
    for week in range(WEEKS):
        incoming, outgoing = receipts.get(week, _ZERO), payments.get(week, _ZERO)
        cash += incoming - outgoing
        start = day + dt.timedelta(days=1 + 7 * week)
        rows.append(
            {
                "week": start.isoformat(),
                "receipts": incoming,
                "payments": outgoing,
                "net": incoming - outgoing,
                "cash": cash,
            }
        )
    columns = [Column("week", "date"), *(Column(name, "money") for name in ("receipts", "payments", "net", "cash"))]
    summed = {"opening_cash": opening, **totals(rows, ("receipts", "payments", "net"))}
    summed |= {"later_receipts": receipts.get(WEEKS, _ZERO), "later_payments": payments.get(WEEKS, _ZERO)}
    late = ", ".join(f"{partner} {days:+d}" for partner, days in sorted(delays.items())[:12])
    notes = [
        "Receivables come in on their due date and the customer's average delay so far, weighted by amount.",
        f"Customers who paid nothing yet are given {overall:+d} days. Payables are paid when they are due.",
        "What is overdue moves in the first week. Not in it: advances, orders, and costs, wages and taxes without a document.",
        *([f"Delays in days: {late}{'...' if len(delays) > 12 else ''}."] if late else []),
    ]
    charts = [Chart("Cash", "week", ("cash",), kind="lines")]
    return Table("forecast", "Forecast", columns, rows, summed, notes=notes, charts=charts)


def delays_of(paid: Iterable[Paid]) -> tuple[dict[str, int], int]:
    """Average days between due date and payment by partner, and of all; weighted by amount, half up; early is negative."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for one in paid:
        for key in (one.partner, ""):
            days, amount = sums.get(key, (_ZERO, _ZERO))
            sums[key] = (days + one.days * one.amount, amount + one.amount)
    averages = {
        key: int((days / amount).quantize(_ONE, ROUND_HALF_UP)) for key, (days, amount) in sums.items() if amount
    }
    overall = averages.pop("", 0)
    return averages, overall


def _by_week(found: Iterable[tuple[Due, int]], day: dt.date, sign: int) -> dict[int, Decimal]:
    """Open amounts by the number of the week in which they move; the last number is for all that moves later."""
    sums: dict[int, Decimal] = {}
    for one, delay in found:
        due = dt.date.fromisoformat(one.due) if one.due else day
        week = max(0, ((due - day).days + delay - 1) // 7)
        week = min(week, WEEKS)
        sums[week] = sums.get(week, _ZERO) + sign * one.open
    return sums
