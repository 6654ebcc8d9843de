"""`beanstock report NAME`: the ledger's index, a report's pure function, and a form to show it in."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from beanstock.amounts.money import unit_of, use_exact_context
from beanstock.commands.options import Options, finish, opened
from beanstock.commands.report_context import Context
from beanstock.commands.report_list import REPORTS
from beanstock.commands.report_options import ALL, looks_like_a_day, misuse, unknown, wrong
from beanstock.commands.report_set import set_of, write_files, write_set
from beanstock.ledger.cachefile import index_path
from beanstock.ledger.index import open_index
from beanstock.ledger.query import Ledger
from beanstock.model import Warehouse
from beanstock.problems import Problem, errors
from beanstock.render.cells import Letterhead
from beanstock.render.problems import safe
from beanstock.render.tables import as_bytes, render
from beanstock.reports.cash_flow import know_cash, trace_cash
from beanstock.reports.trace import find_line, trace_account, trace_line
from beanstock.rulebook.load import load_rulebook
from beanstock.table import Query, Table


@dataclass
class Target:
    """Where a report goes: a file, a folder (`report all`), or stdout."""

    file: Path | None = None
    folder: Path | None = None


def report(options: Options, name: str, query: Query, period: str = "", target: Target | None = None) -> int:
    """Print or write one report, or write the whole set; the exit code."""
    target = target or Target()
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    if name == ALL and target.folder is None and query.end and not looks_like_a_day(query.end):
        target.folder, query.end = Path(query.end), ""  # `report all --to DIR`
    problems += misuse(name, query, period) + _misdirected(name, options.form, target)
    if errors(problems):
        return finish(Options(options.folder), problems, books)
    use_exact_context()
    rulebook, found = load_rulebook(books, Warehouse("main"), parts=("accounts", "statements"))
    problems += found
    written: list[Path] = []
    if not errors(problems):
        unit = unit_of(books.currency)
        path = index_path(books.folder, books.ledgers)
        with open_index(path, books.ledgers, rulebook.accounts, books.currency, unit) as (connection, found):
            problems += found
            if not errors(problems):
                ledger = Ledger(connection, unit)
                know_cash(ledger, rulebook.statements)
                context = Context(books, rulebook, ledger)
                problems += unknown(name, query, context)
                if not errors(problems):
                    written = _shown(name, query, context, options.form, target, problems)
    for one in written:
        print(f"wrote {safe(str(one))}")  # noqa: T201
    return finish(Options(options.folder), problems, books, rulebook.kinds) if problems else 0


def _shown(name: str, query: Query, context: Context, form: str, target: Target, problems: list[Problem]) -> list[Path]:
    """Make the tables and show or write them; the files written. Problems: wrong-option, cannot-write."""
    head = Letterhead(context.books.company, context.books.currency, context.books.language)
    if target.folder is not None:
        tables = [made(one, replace(query), context, problems) for one in set_of(context)]
        return write_set(target.folder, [one for one in tables if one is not None], form, head, problems)
    table = made(name, query, context, problems)
    if table is None or errors(problems):
        return []
    if target.file is not None:
        return write_files({target.file: as_bytes([table], form, head)}, problems)
    render(table, form, head, sys.stdout)
    return []


def _misdirected(name: str, form: str, target: Target) -> list[Problem]:
    """Output that has nowhere to go. Problems: wrong-option."""
    if name == ALL:
        return [] if target.folder is not None else [wrong("--to-dir", "", "a folder for the files")]
    if target.folder is not None:
        return [wrong("--to-dir", str(target.folder), f"only with `report {ALL}`; one report takes --output")]
    if form == "xlsx" and target.file is None and sys.stdout.isatty():
        return [wrong("--output", "", "a file, because a workbook is nothing to read on a terminal")]
    return []


def made(name: str, query: Query, context: Context, problems: list[Problem]) -> Table | None:
    """A report's table, or what is behind one of its lines. Problems: wrong-option."""
    ledger = context.ledger
    if not query.trace:
        table = REPORTS[name].make(query, context)
        table.of_day = REPORTS[name].of_day
    elif name == "trial-balance":
        table = trace_account(ledger, query, query.trace)
    else:
        statement = context.rulebook.statements[name]
        line = find_line(statement, query.trace)
        if line is None:
            lines = ", ".join(f"{one.number} {one.label}" for one in statement.lines if one.number)
            problems.append(wrong("--trace", query.trace, f"the number or label of a line: {lines}"))
            return None
        trace = trace_cash if name == "cash-flow" else trace_line
        table = trace(ledger, query, statement, line)
    problems += context.problems
    span = ledger.span()
    table.start = query.start or (span[0].isoformat() if span else "")
    table.end = query.end or (span[1].isoformat() if span else "")
    table.settle(ledger.unit)
    return table
