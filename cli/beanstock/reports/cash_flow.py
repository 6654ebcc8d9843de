"""The cash-flow statement by the direct method: what every voucher that changes cash is for.

A posting to cash, or to its counter account, may carry its line as metadata (`cashflow`). Otherwise the counter account
decides, by the lines of statements.yaml, in the direction that the money goes. A voucher balances, so that its other
postings are exactly the change of its cash: each counter account takes its own part of it. What only follows (discounts,
exchange differences, what is written off) goes where the largest part of its voucher goes. Moves among cash accounts
change nothing and are on no line. The sum of all lines is the change of cash.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import NamedTuple

from beanstock.ledger.cash import cash_changes
from beanstock.ledger.query import FIRST, LAST, Entry, Ledger
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
    """A part of a change of cash (money in is positive), the counter posting it is read from, and its line if it has one.

    The posting is one of cash itself where a voucher's counter accounts cancel out, and only a tag tells its flows apart.
    """

    entry: Entry
    amount: Decimal
    line: StatementLine | None


class Gathered(NamedTuple):
    """The key of a sum of flows: a counter account, whether its postings are credits, and the line's number or nothing."""

    account: str
    credited: bool
    line: str


def cash_flow(ledger: Ledger, query: Query, form: Form) -> Table:
    """Flows of a period, beside those of the fiscal year so far."""
    found, lost = {}, _ZERO
    for name, (start, end) in spans(ledger, query, form).items():
        sums = gathered(ledger, form.statement, start, end)
        found[name] = lines_of(ledger, form.statement, sums, start, end)
        if name == "amount":
            lost = sum((amount for key, amount in sums.items() if not key.line), _ZERO)
    table = laid_out("cash-flow", form.statement, form.language, found, query)
    if lost:
        table.notes.append(f"{lost:,f} of the change of cash is on no line; `beanstock check` names the vouchers.")
    return table


def spans(ledger: Ledger, query: Query, form: Form) -> dict[str, tuple[str, str]]:
    """First and last days of a cash-flow statement's columns."""
    day = last_day(ledger, query)
    found = {
        "amount": (query.first(), query.last()),
        "year_to_date": (fiscal_year(day, form.year_start).isoformat(), query.last()),
    }
    if query.compare:
        found["compared"] = compared_days(query.start, day, query.compare)
    return found


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


def gathered(ledger: Ledger, statement: Statement, start: str = FIRST, end: str = LAST) -> dict[Gathered, Decimal]:
    """The sums of all flows of a period: as `flows`, but read one by one only where a voucher's tags or parts decide."""
    cash = set(ledger.accounts_of(*CASH))
    changes = cash_changes(ledger, cash, ledger.accounts_of(*statement.follow), start, end)
    found: dict[Gathered, Decimal] = {}

    def add(account: str, line: StatementLine | None, amount: Decimal, *, credited: bool) -> None:
        key = Gathered(account, credited, line.number if line else "")
        found[key] = found.get(key, _ZERO) + amount

    for account, side, amount in changes.counters:
        credited = side == "cr" or (not side and amount < 0)
        line = counter_line(account, ledger.roles.get(account, ""), statement, incoming=amount < 0 or side == "cr")
        add(account, line, -amount, credited=credited)
    if changes.apart:
        entries = ledger.entries(start, end, vouchers=changes.apart)
        for _, postings in groupby(entries, key=lambda entry: entry.voucher):
            for one in _of_voucher(list(postings), cash, ledger, statement):
                credited = one.entry.side == "cr" or (not one.entry.side and one.entry.amount < 0)
                add(one.entry.account, one.line, one.amount, credited=credited)
    return found


def _of_voucher(postings: list[Entry], cash: set[str], ledger: Ledger, statement: Statement) -> Iterator[Flow]:
    money = [one for one in postings if one.account in cash]
    others = [one for one in postings if one.account not in cash]
    tagged = [one for one in money if tag(one)]
    change = sum((one.amount for one in money), _ZERO)
    if not others:
        return
    if not change:
        if tagged:  # what went out and what came in are for different things
            yield from (Flow(one, one.amount, named(statement, tag(one))) for one in tagged)
            rest = -sum((one.amount for one in tagged), _ZERO)
            if rest:
                yield Flow(next((one for one in money if not tag(one)), money[0]), rest, None)
        return
    left = [-one.amount for one in others]
    for one in tagged:
        for position, amount in enumerate(_shared(one.amount, others, change, ledger.unit)):
            left[position] -= amount
            if amount:
                yield Flow(others[position], amount, named(statement, tag(one)))
    untagged = [(one, amount) for one, amount in zip(others, left, strict=True) if amount]
    yield from _of_counters(untagged, ledger, statement)


def _shared(part: Decimal, others: list[Entry], change: Decimal, unit: Decimal) -> list[Decimal]:
    """A part of the change of cash, shared over the counter postings in proportion; the last takes the rest."""
    if part == change:
        return [-one.amount for one in others]
    shares = [(-one.amount * part / change).quantize(unit, ROUND_HALF_UP) for one in others]
    shares[-1] += part - sum(shares, _ZERO)
    return shares


def _of_counters(parts: list[tuple[Entry, Decimal]], ledger: Ledger, statement: Statement) -> Iterator[Flow]:
    """The flows of counter postings by their own tag, their account, or the largest other part of their voucher."""
    own = [(one, amount) for one, amount in parts if tag(one) or ledger.roles.get(one.account) not in statement.follow]
    leader = max(own, key=lambda part: abs(part[1]), default=None)
    for one, amount in parts:
        if tag(one):
            yield Flow(one, amount, named(statement, tag(one)))
        elif ledger.roles.get(one.account) in statement.follow and leader is not None:
            line = named(statement, tag(leader[0])) if tag(leader[0]) else line_for(*leader, ledger, statement)
            yield Flow(one, amount, line)
        else:
            yield Flow(one, amount, line_for(one, amount, ledger, statement))


def tag(entry: Entry) -> str:
    """The line that a posting itself names."""
    return next((line[len(TAG) :] for line in entry.meta.split("\n") if line.startswith(TAG)), "")


def named(statement: Statement, text: str) -> StatementLine | None:
    """The line of a number or label; lines that are sums take nothing."""
    lines = [line for line in statement.lines if line.number and not line.sum and not line.beginning and not line.flows]
    return next((line for line in lines if text in (line.number, line.label)), None)


def line_for(entry: Entry, amount: Decimal, ledger: Ledger, statement: Statement) -> StatementLine | None:
    """The line of a counter posting: a red credit is money that came in and is taken back, not money that goes out."""
    return counter_line(
        entry.account, ledger.roles.get(entry.account, ""), statement, incoming=amount > 0 or entry.side == "cr"
    )


def counter_line(account: str, role: str, statement: Statement, *, incoming: bool) -> StatementLine | None:
    """The line of a counter account: what a line lists for the direction beats what it lists for both."""
    best: StatementLine | None = None
    most = (-1, 0)
    for line in statement.lines:
        directed = line.inflow if incoming else line.outflow
        for names, rank in ((directed, 1), (line.roles, 0), (line.accounts, 0)):
            for name in names:
                if name == role:
                    own = (1000, rank)
                elif ":" in name or name in ROOTS:
                    own = (len(name), rank) if below(account, name) else (-1, 0)
                else:
                    continue
                if own > most:
                    best, most = line, own
    return best


def lines_of(
    ledger: Ledger, statement: Statement, sums: dict[Gathered, Decimal], start: str, end: str
) -> dict[str, Decimal]:
    """The amount of every numbered line of the form of a period."""
    lines = {line.number: _ZERO for line in statement.lines if line.number}
    signs = {line.number: 1 if line.sign == "dr" else -1 for line in statement.lines}
    for key, amount in sums.items():
        if key.line:
            lines[key.line] += signs[key.line] * amount
    for line in statement.lines:
        if line.beginning:
            lines[line.number] = beginning(ledger, start, end)
    add_sums(statement, lines)
    return lines


def beginning(ledger: Ledger, start: str, end: str) -> Decimal:
    """Cash before a period, and opening balances within it."""
    cash, held, moved = ledger.accounts_of(*CASH), ledger.balances(end), ledger.movements(start, end)
    change = sum((moved[account].debit - moved[account].credit for account in cash if account in moved), _ZERO)
    return sum((held.get(account, _ZERO) for account in cash), _ZERO) - change


def _beginning(ledger: Ledger, start: str, end: str) -> Iterator[Entry]:
    cash = ledger.accounts_of(*CASH)
    openings = ledger.openings()
    for entry in ledger.entries(FIRST, end, accounts=cash):
        if entry.date < start or entry.voucher in openings:
            yield entry
