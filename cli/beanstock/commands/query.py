"""`beanstock query "SELECT ..."`: the ledger asked in beanquery's language, in every form that tables have."""

from __future__ import annotations

import sys

from beanstock.amounts.money import unit_of, use_exact_context
from beanstock.commands.options import Options, finish, letterhead, opened
from beanstock.ledger.bql import query_ledger
from beanstock.ledger.cachefile import index_path
from beanstock.ledger.index import open_index
from beanstock.ledger.query import Ledger
from beanstock.model import Warehouse
from beanstock.problems import errors
from beanstock.render.tables import render
from beanstock.rulebook.load import load_rulebook


def query(options: Options, text: str) -> int:
    """Print the answer to a SELECT; the exit code."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    use_exact_context()
    rulebook, found = load_rulebook(books, Warehouse("main"), parts=("accounts",))
    problems += found
    if not errors(problems):
        unit = unit_of(books.currency)
        path = index_path(books.folder, books.ledgers)
        with open_index(path, books.ledgers, rulebook.accounts, books.currency, unit) as (connection, found):
            problems += found
            if not errors(problems):
                table, more = query_ledger(Ledger(connection, unit), text, books.currency)
                problems += more
                if table is not None:
                    table.settle(unit)
                    render(table, options.form, letterhead(books), sys.stdout)
    return finish(Options(options.folder), problems, books, rulebook.kinds) if problems else 0
