"""The cash-flow statement by the indirect method: from the profit to the cash of operating activities.

All accounts together change by nothing, so that cash changes by what the others do, turned round. Every account's change
is on one line; what the direct form shows as investing or financing is taken off it, and stands on lines of its own. The
cash from operating activities is therefore that of the direct form, however its vouchers were split.
"""

from __future__ import annotations

from decimal import Decimal

from beanstock.ledger.query import FIRST, LAST, Ledger
from beanstock.reports.cash_flow import beginning, counter_line, gathered, lines_of, spans
from beanstock.reports.placing import PROFIT_ROOTS, add_sums
from beanstock.reports.statements import Form, laid_out
from beanstock.reports.trace import share_in
from beanstock.rulebook.statements import Statement
from beanstock.table import Query, Table

_ZERO = Decimal(0)


def indirect_cash_flow(ledger: Ledger, query: Query, form: Form, direct: Statement) -> Table:
    """Profit and changes of a period, beside those of the fiscal year so far; `direct` is the direct form."""
    asked = spans(ledger, query, form)
    made = {days: indirect_lines(ledger, form.statement, direct, *days) for days in set(asked.values())}
    found = {name: made[days][0] for name, days in asked.items()}
    lost = made[asked["amount"]][1]
    table = laid_out("cash-flow-indirect", form.statement, form.language, found, query)
    if lost:
        table.notes.append(f"On no line of this form: {', '.join(lost)}.")
    return table


def indirect_lines(
    ledger: Ledger, form: Statement, direct: Statement, start: str = FIRST, end: str = LAST
) -> tuple[dict[str, Decimal], list[str]]:
    """The amount of every numbered line, and the accounts that are on none. Money in is positive, but for `sign: cr`."""
    sums = gathered(ledger, direct, start, end)
    lines = {line.number: _ZERO for line in form.lines if line.number}
    lost: set[str] = set()

    def add(account: str, amount: Decimal, *, credited: bool) -> None:
        line = counter_line(account, ledger.roles.get(account, ""), form, incoming=credited)
        if line is None and amount:
            lost.add(account)
        elif line is not None:
            lines[line.number] += amount if line.sign == "dr" else -amount

    profit = next((line for line in form.lines if line.result), None)
    cash = set(ledger.cash)
    for account, (debit, credit) in ledger.movements(start, end).items():
        if account in cash:
            continue
        if profit is not None and account.split(":", 1)[0] in PROFIT_ROOTS:
            lines[profit.number] += credit - debit
            continue
        add(account, credit, credited=True)
        add(account, -debit, credited=False)
    apart = elsewhere(form, direct)
    for key, amount in sums.items():
        if key.line in apart:
            add(key.account, -amount, credited=key.credited)
    _other_activities(form, lines_of(ledger, direct, sums, start, end), lines)
    for line in form.lines:
        if line.beginning:
            lines[line.number] = beginning(ledger, start, end)
    add_sums(form, lines)
    return lines, sorted(lost)


def elsewhere(form: Statement, direct: Statement) -> set[str]:
    """The lines of the direct form whose flows are no part of operating activities."""
    named = [term.removeprefix("-") for line in form.lines for term in line.flows]
    return {line.number for line in direct.lines if any(share_in(direct, line.number, term) for term in named)}


def _other_activities(form: Statement, direct: dict[str, Decimal], lines: dict[str, Decimal]) -> None:
    for line in form.lines:
        if line.flows:
            lines[line.number] = sum(
                (-direct[term[1:]] if term.startswith("-") else direct[term] for term in line.flows), _ZERO
            )
