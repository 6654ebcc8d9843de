"""Budget: what was planned by account and month, what came of it, and where the year is heading.

Amounts are signed as people plan them: income, equity and liabilities are positive when they are credits, all else when
they are debits. A month counts as soon as the period touches it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from beanstock.ledger.dimensions import Dimensions
from beanstock.ledger.query import Ledger, Turnover
from beanstock.reports.periods import fiscal_year, last_day, month_end, months_later, months_of
from beanstock.reports.placing import PROFIT_ROOTS
from beanstock.reports.statements import percent
from beanstock.table import Cell, Chart, Column, Query, Table

_ZERO = Decimal(0)
_CREDIT_ROOTS = ("Income", "Equity", "Liabilities")
DIMENSIONS = ("department", "project")
_MONEY = ("budget", "actual", "deviation", "year_budget", "outlook")


@dataclass(frozen=True)
class Planned:
    """One line of the budget; the amount is signed as people plan it."""

    account: str
    month: str
    amount: Decimal
    department: str = ""
    project: str = ""


def natural(account: str, amount: Decimal) -> Decimal:
    """A debit-positive amount as people plan it, or the other way round."""
    return -amount if account.split(":", 1)[0] in _CREDIT_ROOTS else amount


def budgeted(plan: Iterable[Planned], start: str, end: str) -> dict[str, Decimal]:
    """Budgeted amounts by account of the months that a period touches, debit positive."""
    months = set(months_of(dt.date.fromisoformat(start or end), dt.date.fromisoformat(end)))
    found: dict[str, Decimal] = {}
    for one in plan:
        if one.month in months:
            found[one.account] = found.get(one.account, _ZERO) + natural(one.account, one.amount)
    return found


def budget(ledger: Ledger, query: Query, plan: list[Planned], dimensions: Dimensions, year_start: str) -> Table:
    """Budget, actual and deviation of a period (the fiscal year so far), and the outlook of its fiscal year.

    The outlook is what happened from the start of the fiscal year to the end of the period, and the budget of the
    months after it.
    """
    end = last_day(ledger, query)
    year = fiscal_year(end, year_start)
    start = dt.date.fromisoformat(query.start) if query.start else year
    year_end = month_end(months_later(year, 11))
    columns: dict[str, dict[tuple[str, ...], Decimal]] = {
        "budget": _planned(plan, query.by, months_of(start, end)),
        "actual": _actual(ledger, query, dimensions, start, end),
        "year_budget": _planned(plan, query.by, months_of(year, year_end)),
        "so_far": _actual(ledger, query, dimensions, year, end),
        "to_come": _planned(plan, query.by, months_of(year, year_end)[len(months_of(year, end)) :]),
    }
    keys = sorted({key for name in ("budget", "actual", "year_budget") for key in columns[name]})
    rows: list[dict[str, Cell]] = []
    result = dict.fromkeys(_MONEY, _ZERO)
    planned_accounts = {one.account for one in plan}
    for key in keys:
        account = key[0]
        if account.split(":", 1)[0] not in PROFIT_ROOTS and account not in planned_accounts:
            continue
        budget_, actual, year_budget, so_far, to_come = (
            natural(account, columns[name].get(key, _ZERO)) for name in columns
        )
        amounts = dict(zip(_MONEY, (budget_, actual, actual - budget_, year_budget, so_far + to_come), strict=True))
        if account.split(":", 1)[0] in PROFIT_ROOTS:
            for name, amount in amounts.items():
                result[name] -= natural(account, amount)
        row: dict[str, Cell] = {"account": account, **dict(zip(query.by, key[1:], strict=True)), **amounts}
        rows.append(row | {"deviation_percent": percent(actual - budget_, abs(budget_))})
    made = [Column(name, "text") for name in ("account", *query.by)]
    made += [Column("budget", "money"), Column("actual", "money"), Column("deviation", "money")]
    made += [Column("deviation_percent", "percent"), Column("year_budget", "money"), Column("outlook", "money")]
    notes = [
        "Income is positive, and so are expenses; a month's budget counts as soon as the period touches the month.",
        f"Result (income less expenses): budget {result['budget']:,f}, actual {result['actual']:,f}, outlook {result['outlook']:,f}.",
        f"Outlook: actual from {year} to {end}, and the budget of the months after that up to {year_end}.",
    ]
    summed: dict[str, Cell] = {f"result_{name}": result[name] for name in _MONEY}
    charts = [Chart("Deviation", "account", ("deviation",))]
    return Table("budget", "Budget and actual", made, rows, summed, notes=notes, charts=charts)


def _planned(plan: list[Planned], by: tuple[str, ...], months: list[str]) -> dict[tuple[str, ...], Decimal]:
    wanted = set(months)
    found: dict[tuple[str, ...], Decimal] = {}
    for one in plan:
        if one.month in wanted:
            key = (one.account, *(str(getattr(one, name)) for name in by))
            found[key] = found.get(key, _ZERO) + natural(one.account, one.amount)
    return found


def _actual(
    ledger: Ledger, query: Query, dimensions: Dimensions, start: dt.date, end: dt.date
) -> dict[tuple[str, ...], Decimal]:
    days = (start.isoformat(), end.isoformat())
    found: dict[tuple[str, ...], Turnover]
    if query.by:
        found = dimensions.turnover(query.by, *days, closing=False)
    else:
        found = {(account,): one for account, one in ledger.turnover(*days, closing=False).items()}
    return {key: one.debit - one.credit for key, one in found.items()}
