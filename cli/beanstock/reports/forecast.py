"""Forecast: the cash of the next weeks, from what is open today, how late each customer really pays, and what comes again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from beanstock.ledger.activity import Due, Paid, open_by_due, payments_of
from beanstock.ledger.query import Ledger
from beanstock.reports.accounts import totals
from beanstock.reports.periods import last_day
from beanstock.table import Cell, Chart, Column, Query, Table

_ZERO, _ONE = Decimal(0), Decimal(1)
WEEKS = 13
OWED = ("wages-payable", "social-insurance-payable", "tax-withheld")  # to employees, and for them


class Expected(NamedTuple):
    """Money that will come in (positive) or go out on a day, though no open document says so yet."""

    date: dt.date
    amount: Decimal


class Ordered(NamedTuple):
    """What is ordered and not invoiced or billed yet: due on a day, positive from a customer, negative to a supplier."""

    date: dt.date
    partner: str
    amount: Decimal


Ordering = Callable[[dt.date], Iterable[Ordered]]  # what is on order at the end of a day
Maturing = Callable[[dt.date], Iterable[Expected]]  # notes that are open at the end of a day, when they are due
Expecting = Callable[[dt.date, dt.date], Iterable[Expected]]  # what is expected after a day, up to another


def forecast(ledger: Ledger, query: Query, expecting: Expecting, ordering: Ordering, maturing: Maturing) -> Table:
    """Receipts, payments, notes, orders, what comes again, and cash at the end of each of the 13 weeks after a day.

    A receivable comes in on its due date and the customer's average delay (by amount; that of all customers where the
    customer has paid nothing yet); a payable is paid when it is due. What should have moved already moves in the first
    week, and so does what is owed for wages; what moves after the last week is in `later_receipts`, `later_payments`,
    `later_notes` and `later_orders`. `orders` is what `ordering` says, of customers with their delay; `recurring` is what `expecting` says; `notes` what
    `maturing` says: they are paid on their day, by whoever holds them.
    """
    day = last_day(ledger, query)
    delays, overall = delays_of(payments_of(ledger, "receivable", day.isoformat()))
    receipts = _by_week(
        ((one, delays.get(one.partner, overall)) for one in open_by_due(ledger, "receivable", day.isoformat())), day, 1
    )
    payments = _by_week(((one, 0) for one in open_by_due(ledger, "payable", day.isoformat())), day, -1)
    orders: dict[int, Decimal] = {}
    for ordered in ordering(day):
        delay = delays.get(ordered.partner, overall) if ordered.amount > 0 else 0
        week = _week(ordered.date, delay, day)
        orders[week] = orders.get(week, _ZERO) + ordered.amount
    bills: dict[int, Decimal] = {}
    for note in maturing(day):
        week = _week(note.date, 0, day)
        bills[week] = bills.get(week, _ZERO) + note.amount
    balances = ledger.balances(day.isoformat())
    recurring = {0: sum((balances.get(account, _ZERO) for account in ledger.accounts_of(*OWED)), _ZERO)}
    for one in expecting(day, day + dt.timedelta(days=7 * WEEKS)):
        week = ((one.date - day).days - 1) // 7
        recurring[week] = recurring.get(week, _ZERO) + one.amount
    cash = opening = sum((balances.get(account, _ZERO) for account in ledger.cash), _ZERO)
    rows: list[dict[str, Cell]] = []
    for week in range(WEEKS):
        incoming, outgoing, paper, due, again = (
            sums.get(week, _ZERO) for sums in (receipts, payments, bills, orders, recurring)
        )
        net = incoming - outgoing + paper + due + again
        cash += net
        start = day + dt.timedelta(days=1 + 7 * week)
        moved = {"receipts": incoming, "payments": outgoing, "notes": paper, "orders": due, "recurring": again}
        rows.append({"week": start.isoformat(), **moved, "net": net, "cash": cash})
    money = ("receipts", "payments", "notes", "orders", "recurring", "net")
    headings = {"notes": "Notes due"}
    columns = [Column("week", "date"), *(Column(name, "money", headings.get(name, "")) for name in (*money, "cash"))]
    summed = {"opening_cash": opening, **totals(rows, money)}
    summed |= {"later_receipts": receipts.get(WEEKS, _ZERO), "later_payments": payments.get(WEEKS, _ZERO)}
    summed |= {"later_notes": bills.get(WEEKS, _ZERO), "later_orders": orders.get(WEEKS, _ZERO)}
    late = ", ".join(f"{partner} {days:+d}" for partner, days in sorted(delays.items())[:12])
    notes = [
        "Receivables come in on their due date and the customer's average delay so far, weighted by amount.",
        f"Customers who paid nothing yet are given {overall:+d} days. Payables are paid when they are due.",
        "Notes come in, and are paid, when they are due.",
        "What is overdue, and what is owed to and for employees, moves in the first week.",
        "Recurring: journals with `every` where they post to cash, the wages of the last month again on their day, and sales of assets that have a date.",
        "Orders: what is not invoiced or billed yet, when it is expected (at once, where that is over), and the partner's terms after that.",
        "Not in it: advances, orders in foreign currency, taxes that are not due, and costs without a document.",
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
        week = _week(dt.date.fromisoformat(one.due) if one.due else day, delay, day)
        sums[week] = sums.get(week, _ZERO) + sign * one.open
    return sums


def _week(due: dt.date, delay: int, day: dt.date) -> int:
    """The number of the week after a day in which money that is due moves; what is overdue moves in the first."""
    return min(WEEKS, max(0, ((due - day).days + delay - 1) // 7))
