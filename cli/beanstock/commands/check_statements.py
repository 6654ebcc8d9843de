"""The checks of `check` that are about statements: cash is on its lines, accounts are on theirs, and the forms agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from beanstock.ledger.query import FIRST, LAST, Ledger
from beanstock.model import ZERO
from beanstock.problems import Problem, problem
from beanstock.reports.cash_flow import beginning, flows, gathered
from beanstock.reports.crosschecks import Year
from beanstock.reports.indirect import indirect_lines
from beanstock.reports.periods import fiscal_year
from beanstock.reports.placing import PROFIT_ROOTS, line_of
from beanstock.rulebook.statements import Statement


def check_cash(ledger: Ledger, statements: Mapping[str, Statement]) -> list[Problem]:
    """Every change of cash is on a line of the cash-flow statement; then the lines sum to the change of cash.

    Problems: no-cash-line, ledger-differs.
    """
    statement = statements["cash-flow"]
    sums = gathered(ledger, statement)
    total = beginning(ledger, FIRST, LAST) + sum(sums.values(), ZERO)
    problems = []
    if any(not key.line for key in sums):
        for one in flows(ledger, statement):
            if one.line is None:
                facts = {"document": one.entry.document, "amount": f"{one.amount:f}", "account": one.entry.account}
                problems.append(problem("no-cash-line", None, **facts))
    balances = ledger.balances()
    held = sum((balances.get(account, ZERO) for account in ledger.cash), ZERO)
    if total != held:
        amounts = {"records": f"{total:f}", "ledger": f"{held:f}", "difference": f"{held - total:f}"}
        problems.append(problem("ledger-differs", None, what="cash by its flows", **amounts))
    return problems


def check_statements(ledger: Ledger, statements: Mapping[str, Statement], year_start: str) -> list[Problem]:
    """Every account is on exactly one line of its statement, and the comparisons of lines hold for each fiscal year.

    Problems: not-on-a-line, statements-disagree, statements-doubtful.
    """
    problems = [
        problem("not-on-a-line", None, account=account, statement=name)
        for account, name in _without_line(ledger, statements)
    ]
    span = ledger.span()
    if problems or span is None:
        return problems
    start = fiscal_year(span[0], year_start)
    while start <= span[1]:
        after = start.replace(year=start.year + 1)
        end = min(after - dt.timedelta(days=1), span[1])
        for one in Year(ledger, statements, start.isoformat(), end.isoformat()).failing():
            code = "statements-doubtful" if one.doubtful else "statements-disagree"
            sides = {"left": f"{one.left:f}", "right": f"{one.right:f}", "difference": f"{one.left - one.right:f}"}
            facts = {"statement": one.statement, "check": one.check.text, "year": f"{start} to {end}", **sides}
            problems.append(problem(code, None, **facts))
        start = after
    return problems


def _without_line(ledger: Ledger, statements: Mapping[str, Statement]) -> list[tuple[str, str]]:
    """Accounts that are on no line of a form that should have them, with the form's name."""
    found = []
    for account in sorted(ledger.balances()):
        name = "income-statement" if account.split(":", 1)[0] in PROFIT_ROOTS else "balance-sheet"
        statement = statements.get(name)
        if statement is not None and line_of(account, ledger.roles.get(account, ""), statement) is None:
            found.append((account, name))
    if "cash-flow-indirect" in statements and "cash-flow" in statements:
        _, lost = indirect_lines(ledger, statements["cash-flow-indirect"], statements["cash-flow"])
        found += [(account, "cash-flow-indirect") for account in lost]
    return found
