"""`beanstock report NAME`: the ledger's index, a report's pure function, and a form to show it in."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from beanstock.amounts.money import decimals_of, unit_of, use_exact_context
from beanstock.books import Books
from beanstock.commands.options import Options, finish, opened
from beanstock.ledger.cachefile import index_path
from beanstock.ledger.index import open_index
from beanstock.ledger.query import Ledger, Moves
from beanstock.model import Warehouse
from beanstock.problems import Problem, errors, problem, suggest
from beanstock.records.read import read_master_records
from beanstock.render.tables import render
from beanstock.reports.accounts import account_ledger, journal, trial_balance
from beanstock.reports.open_items import open_items
from beanstock.reports.statements import balance_sheet, income_statement
from beanstock.reports.stock import PoolOf, stock, stock_moves
from beanstock.rulebook.accounts import AccountFault
from beanstock.rulebook.load import Rulebook, load_rulebook
from beanstock.stock.holding import Costing
from beanstock.table import Query, Table

_PERIOD = re.compile(r"(\d{4})(?:-(\d{2})|-?Q([1-4]))?")


@dataclass
class Context:
    """What a report may need beside the ledger."""

    books: Books
    rulebook: Rulebook

    def pool_of(self) -> PoolOf:
        """Which places of an item share one cost."""
        scope = self.books.policy("cost_scope")
        masters = read_master_records(self.books.records, self.rulebook.kinds, decimals_of(self.books.currency))
        costing = Costing(unit_of(self.books.currency), self.books.costing, self.books.costing_by_category, scope)
        specific = {item.code for item in masters.items.values() if costing.method(item) == "specific"}

        def pool(place: Moves) -> tuple[str, ...]:
            warehouse = place.warehouse if scope == "warehouse" else ""
            return (place.item, warehouse, place.lot if scope == "lot" or place.item in specific else "")

        return pool


Report = Callable[[Ledger, Query, Context], Table]

REPORTS: dict[str, Report] = {
    "trial-balance": lambda ledger, query, context: trial_balance(ledger, query),
    "balance-sheet": lambda ledger, query, context: balance_sheet(
        ledger,
        query,
        context.rulebook.statements["balance-sheet"],
        context.books.fiscal_year_start,
        context.books.language,
    ),
    "income-statement": lambda ledger, query, context: income_statement(
        ledger,
        query,
        context.rulebook.statements["income-statement"],
        context.books.fiscal_year_start,
        context.books.language,
    ),
    "stock": lambda ledger, query, context: stock(ledger, query, context.pool_of()),
    "stock-moves": lambda ledger, query, context: stock_moves(ledger, query),
    "receivables": lambda ledger, query, context: open_items(ledger, query, "receivable"),
    "payables": lambda ledger, query, context: open_items(ledger, query, "payable"),
    "journal": lambda ledger, query, context: journal(ledger, query),
    "ledger": lambda ledger, query, context: account_ledger(ledger, query),
}


def report(options: Options, name: str, query: Query, period: str = "") -> int:
    """Print one report; the exit code."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    problems += _misuse(options, name, query, period)
    if errors(problems):
        return finish(Options(options.folder), problems, books)
    use_exact_context()
    rulebook, found = load_rulebook(books, Warehouse("main"))
    problems += found
    if errors(problems):
        return finish(Options(options.folder), problems, books, rulebook.kinds)
    unit = unit_of(books.currency)
    with open_index(
        index_path(books.folder, books.ledgers), books.ledgers, rulebook.accounts, books.currency, unit
    ) as (
        connection,
        found,
    ):
        problems += found
        if not errors(problems):
            ledger = Ledger(connection, unit)
            if query.account:
                query.account = _account(query.account, ledger, rulebook)
            problems += _unknown(query, ledger)
        if not errors(problems):
            table = REPORTS[name](ledger, query, Context(books, rulebook))
            span = ledger.span()
            table.start = query.start or (span[0].isoformat() if span else "")
            table.end = query.end or (span[1].isoformat() if span else "")
            table.settle(unit)
            render(table, options.form, books.company, books.currency, sys.stdout)
    if not problems:
        return 0
    return finish(Options(options.folder), problems, books, rulebook.kinds)


def _misuse(options: Options, name: str, query: Query, period: str) -> list[Problem]:
    """Wrong use of the command. Problems: unknown-report, wrong-option."""
    if name not in REPORTS:
        return [problem("unknown-report", None, name=name, known=", ".join(REPORTS), suggestion=suggest(name, REPORTS))]
    problems = []
    if name == "ledger" and not query.account:
        problems.append(
            problem("wrong-option", None, option="--account", value="", allowed="an account, its code or its role")
        )
    if period:
        days = period_days(period)
        if days is None:
            problems.append(
                problem("wrong-option", None, option="--period", value=period, allowed="2026, 2026-Q1 or 2026-01")
            )
        else:
            query.start, query.end = days
    if query.by and (name != "stock-moves" or query.by != "warehouse"):
        problems.append(
            problem("wrong-option", None, option="--by", value=query.by, allowed="warehouse, in stock-moves")
        )
    for option, value in (("--from", query.start), ("--to", query.end)):
        if value and not _is_day(value):
            problems.append(problem("wrong-option", None, option=option, value=value, allowed="a day as YYYY-MM-DD"))
    if not problems and query.start and query.end and query.start > query.end:
        problems.append(
            problem("wrong-option", None, option="--to", value=query.end, allowed=f"{query.start} or later")
        )
    return problems


def _unknown(query: Query, ledger: Ledger) -> list[Problem]:
    """Names that are nowhere in the ledger. Problems: unknown-reference."""
    problems = []
    for name, column in _columns(query):
        known = ledger.known(column) if name else []
        if name and name not in known and not any(one.startswith(name + ":") for one in known):
            suggestion = suggest(name, known).strip() or f"The ledger has {len(known)} such names."
            problems.append(problem("unknown-reference", None, reference=name, suggestion=suggestion))
    return problems


def period_days(period: str) -> tuple[str, str] | None:
    """First and last day of 2026, 2026-Q1 or 2026-01; None for anything else."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        return None
    year = int(match[1])
    first, last = 1, 12
    if match[2]:
        first = last = int(match[2])
    elif match[3]:
        first, last = int(match[3]) * 3 - 2, int(match[3]) * 3
    if not 1 <= first <= 12:
        return None
    return f"{year:04d}-{first:02d}-01", f"{year:04d}-{last:02d}-{calendar.monthrange(year, last)[1]}"


def _columns(query: Query) -> list[tuple[str, Literal["item", "partner", "account"]]]:
    return [(query.item, "item"), (query.partner, "partner"), (query.account, "account")]


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _account(cell: str, ledger: Ledger, rulebook: Rulebook) -> str:
    """The account that --account names: an account, a chart code, or a role with one account."""
    if cell in ledger.roles or (":" in cell and cell.split(":", maxsplit=1)[0] not in rulebook.accounts.roles):
        return cell
    of_role = sorted(account for account, role in ledger.roles.items() if role == cell)
    if of_role:
        parts = [account.split(":") for account in of_role]
        common = [names[0] for names in zip(*parts, strict=False) if len(set(names)) == 1]
        return ":".join(common)
    try:
        return rulebook.accounts.cell(cell, {})[0]
    except AccountFault:
        return cell
