"""The cash-flow statement by the direct method: what every voucher that changes cash is for.

A posting to cash, or to its counter account, may carry its line as metadata (`cashflow`). Otherwise the counter account
decides, by the lines of statements.yaml, in the direction that the money goes. A voucher balances, so that its other
postings are exactly the change of its cash: each counter account takes its own part of it. Moves among cash accounts
change nothing and are on no line. The sum of all lines is the change of cash.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import NamedTuple

from beanstock.ledger.query import FIRST, Entry, Ledger
from beanstock.reports.accounts import below
from beanstock.reports.periods import compared_days, fiscal_year, last_day
from beanstock.reports.placing import add_sums
from beanstock.reports.statements import Form, laid_out
from beanstock.reports.trace import listed, share_in
from beanstock.rulebook.names import ROOTS
from beanstock.rulebook.statements import Statement, StatementLine
from beanstock.table import Query, Table

_ZERO = Decimal(0)
CASH = ("cash", "bank", "wallet")
TAG = "cashflow="


class Flow(NamedTuple):
    """A part of a change of cash (money in is positive), the posting it is read from, and its line if it has one."""

    entry: Entry
    amount: Decimal
    line: StatementLine | None


def cash_flow(ledger: Ledger, query: Query, form: Form) -> Table:
    """Flows of a period, beside those of the fiscal year so far."""
    day = last_day(ledger, query)
    spans = {"amount": query.first(), "year_to_date": fiscal_year(day, form.year_start).isoformat()}
    every = list(flows(ledger, form.statement, min(spans.values()), query.last()))
    found = {name: _amounts(ledger, form.statement, every, start, query.last()) for name, start in spans.items()}
    if query.compare:
        start, end = compared_days(query.start, day, query.compare)
        found["compared"] = _amounts(ledger, form.statement, flows(ledger, form.statement, start, end), start, end)
    table = laid_out("cash-flow", form.statement, form.language, found, query)
    lost = sum((one.amount for one in every if one.line is None and one.entry.date >= spans["amount"]), _ZERO)
    if lost:
        table.notes.append(f"{lost:,f} of the change of cash is on no line; `beanstock check` names the vouchers.")
    return table


def trace_cash(ledger: Ledger, query: Query, statement: Statement, line: StatementLine) -> Table:
    """The postings behind the `amount` of a line, signed as on the form."""
    found: list[tuple[Entry, Decimal]] = []
    for own in statement.lines:
        factor = share_in(statement, own.number, line.number) if own.beginning else 0
        if factor:
            found += [(entry, factor * entry.amount) for entry in _beginning(ledger, query.first(), query.last())]
    for one in flows(ledger, statement, query.first(), query.last()):
        factor = share_in(statement, one.line.number, line.number) if one.line else 0
        if one.line is not None and factor:
            found.append((one.entry, one.amount * factor * (1 if one.line.sign == "dr" else -1)))
    return listed(found, f"{line.number} {line.label}")


def flows(ledger: Ledger, statement: Statement, start: str = FIRST, end: str = "9999-99-99") -> Iterator[Flow]:
    """The flows of every voucher that changes cash, in the order of the ledger; openings are none."""
    cash = set(ledger.accounts_of(*CASH))
    entries = ledger.entries(start, end, of_cash=cash, opened=False)
    for _, postings in groupby(entries, key=lambda entry: entry.voucher):
        yield from _of_voucher(list(postings), cash, ledger, statement)


def _of_voucher(postings: list[Entry], cash: set[str], ledger: Ledger, statement: Statement) -> Iterator[Flow]:
    money = [one for one in postings if one.account in cash]
    others = [one for one in postings if one.account not in cash]
    tagged = [one for one in money if tag(one)]
    change = left = sum((one.amount for one in money), _ZERO)
    if not change and not others:
        return
    for one in tagged:
        left -= one.amount
        yield Flow(one, one.amount, named(statement, tag(one)))
    if not left or not change:
        if left:  # what went out and came in is tagged on one side only
            untagged = next(one for one in money if not tag(one))
            yield Flow(untagged, left, None)
        return
    rest = left
    for position, one in enumerate(others, start=1):
        amount = -one.amount
        if left != change:  # some of the cash is tagged: its counter accounts share the rest
            amount = (amount * left / change).quantize(ledger.unit, ROUND_HALF_UP)
        amount = rest if position == len(others) else amount
        rest -= amount
        if amount:
            line = named(statement, tag(one)) if tag(one) else _line(one, amount, ledger, statement)
            yield Flow(one, amount, line)


def tag(entry: Entry) -> str:
    """The line that a posting itself names."""
    return next((line[len(TAG) :] for line in entry.meta.split("\n") if line.startswith(TAG)), "")


def named(statement: Statement, text: str) -> StatementLine | None:
    """The line of a number or label; lines that are sums take nothing."""
    lines = [line for line in statement.lines if line.number and not line.sum and not line.beginning]
    return next((line for line in lines if text in (line.number, line.label)), None)


def _line(entry: Entry, amount: Decimal, ledger: Ledger, statement: Statement) -> StatementLine | None:
    """The line of a counter account: what a line lists for the direction beats what it lists for both."""
    role = ledger.roles.get(entry.account, "")
    best: StatementLine | None = None
    most = (-1, 0)
    for line in statement.lines:
        directed = line.inflow if amount > 0 else line.outflow
        for names, rank in ((directed, 1), (line.roles, 0), (line.accounts, 0)):
            for name in names:
                if name == role:
                    own = (1000, rank)
                elif ":" in name or name in ROOTS:
                    own = (len(name), rank) if below(entry.account, name) else (-1, 0)
                else:
                    continue
                if own > most:
                    best, most = line, own
    return best


def _amounts(ledger: Ledger, statement: Statement, found: Iterable[Flow], start: str, end: str) -> dict[str, Decimal]:
    lines = {line.number: _ZERO for line in statement.lines if line.number}
    for one in found:
        if one.line is not None and one.entry.date >= start:
            lines[one.line.number] += one.amount if one.line.sign == "dr" else -one.amount
    for line in statement.lines:
        if line.beginning:
            lines[line.number] = beginning(ledger, start, end)
    add_sums(statement, lines)
    return lines


def beginning(ledger: Ledger, start: str, end: str) -> Decimal:
    """Cash before a period, and opening balances within it."""
    return sum((entry.amount for entry in _beginning(ledger, start, end)), _ZERO)


def _beginning(ledger: Ledger, start: str, end: str) -> Iterator[Entry]:
    cash = ledger.accounts_of(*CASH)
    openings = ledger.openings()
    for entry in ledger.entries(FIRST, end, accounts=cash):
        if entry.date < start or entry.voucher in openings:
            yield entry
