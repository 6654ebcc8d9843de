"""The cash-flow statement by the direct method: what every voucher that changes cash is for.

A posting to cash, or to its counter account, may carry its line as metadata (`cashflow`). Otherwise the counter account
decides, by the lines of statements.yaml, in the direction that the money goes. A voucher balances, so that its other
postings are exactly the change of its cash: each counter account takes its own part of it. What only follows (discounts,
exchange differences, what is written off) goes where the largest part of its voucher goes. Moves among cash accounts
change nothing and are on no line. The sum of all lines is the change of cash.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import NamedTuple

from beanstock.ledger.cash import cash_changes
from beanstock.ledger.query import FIRST, LAST, Entry, Ledger
from beanstock.reports.accounts import below
from beanstock.reports.periods import compared_days, fiscal_year, last_day
from beanstock.reports.placing import add_sums, line_of
from beanstock.reports.statements import Form, laid_out
from beanstock.reports.trace import listed, share_in
from beanstock.rulebook.names import ROOTS
from beanstock.rulebook.statements import Statement, StatementLine
from beanstock.table import Query, Table

_ZERO = Decimal(0)
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


def know_cash(ledger: Ledger, statements: Mapping[str, Statement]) -> None:
    """Let the ledger's cash be all accounts that the balance sheet shows as its base `cash`, whatever their role."""
    sheet = statements.get("balance-sheet")
    if sheet is not None:
        lines = [line for line in sheet.lines if line.number in sheet.bases.get("cash", ())]
        shown = [one for one in ledger.known("account") if line_of(one, ledger.roles.get(one, ""), sheet) in lines]
        ledger.cash = sorted({*ledger.cash, *shown})


def cash_flow(ledger: Ledger, query: Query, form: Form) -> Table:
    """Flows of a period, beside those of the fiscal year so far."""
    asked = spans(ledger, query, form)
    sums = {days: gathered(ledger, form.statement, *days) for days in set(asked.values())}
    found = {name: lines_of(ledger, form.statement, sums[days], *days) for name, days in asked.items()}
    lost = sum((amount for key, amount in sums[asked["amount"]].items() if not key.line), _ZERO)
    table = laid_out("cash-flow", form.statement, form.language, found, query)
    if lost:
        table.notes.append(f"{lost:,f} of the change of cash is on no line; `beanstock check` names the vouchers.")
    return table


def spans(ledger: Ledger, query: Query, form: Form) -> dict[str, tuple[str, str]]:
    """First and last days of a cash-flow statement's columns; two that begin before all vouchers begin on one day."""
    day, span = last_day(ledger, query), ledger.span()
    starts = {"amount": query.first(), "year_to_date": fiscal_year(day, form.year_start).isoformat()}
    begins = span[0].isoformat() if span else FIRST
    found = {name: (max(start, begins), query.last()) for name, start in starts.items()}
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


def flows(ledger: Ledger, statement: Statement, start: str = FIRST, end: str = LAST) -> Iterator[Flow]:
    """The flows of every voucher that changes cash, in the order of the ledger; openings are none."""
    reader = _Reader(ledger, statement)
    yield from reader.flows(ledger.entries(start, end, of_cash=reader.cash, opened=False))


def gathered(ledger: Ledger, statement: Statement, start: str = FIRST, end: str = LAST) -> dict[Gathered, Decimal]:
    """The sums of all flows of a period: as `flows`, but read one by one only where a voucher's tags or parts decide."""
    reader = _Reader(ledger, statement)
    changes = cash_changes(ledger, reader.cash, reader.follow, start, end)
    found: dict[Gathered, Decimal] = {}

    def add(account: str, side: str, posted: Decimal, line: StatementLine | None, amount: Decimal) -> None:
        credited = side == "cr" or (not side and posted < 0)
        key = Gathered(account, credited, line.number if line else "")
        found[key] = found.get(key, _ZERO) + amount

    for account, side, amount, meta in changes.counters:
        line = reader.named(tag(meta)) if meta else reader.line(account, side, -amount)
        add(account, side, amount, line, -amount)
    if changes.apart:
        for one in reader.flows(ledger.entries(start, end, vouchers=changes.apart)):
            add(one.entry.account, one.entry.side, one.entry.amount, one.line, one.amount)
    return found


class _Reader:
    """Splits vouchers into flows, and remembers which lines its accounts and tags have."""

    def __init__(self, ledger: Ledger, statement: Statement) -> None:
        self.cash = set(ledger.cash)
        self.follow = set(ledger.accounts_of(*statement.follow))
        self._ledger = ledger
        self._statement = statement
        self._lines: dict[tuple[str, bool], StatementLine | None] = {}

    def line(self, account: str, side: str, amount: Decimal) -> StatementLine | None:
        """The line of a counter posting: a red credit is money that came in and is taken back, not money that goes out."""
        key = (account, amount > 0 or side == "cr")
        if key not in self._lines:
            role = self._ledger.roles.get(account, "")
            self._lines[key] = counter_line(account, role, self._statement, incoming=key[1])
        return self._lines[key]

    def named(self, text: str) -> StatementLine | None:
        """The line of a number or label; lines that are sums take nothing."""
        lines = (one for one in self._statement.lines if one.number and not one.sum and not one.beginning)
        return next((one for one in lines if text in (one.number, one.label)), None)

    def flows(self, entries: Iterable[Entry]) -> Iterator[Flow]:
        """The flows of vouchers, given all their postings."""
        for _, postings in groupby(entries, key=lambda entry: entry.voucher):
            yield from self._of_voucher(list(postings))

    def _of_voucher(self, postings: list[Entry]) -> Iterator[Flow]:
        money = [one for one in postings if one.account in self.cash]
        others = [one for one in postings if one.account not in self.cash]
        tagged = [one for one in money if tag(one.meta)]
        change = sum((one.amount for one in money), _ZERO)
        if not others:
            return
        if not change:
            if tagged:  # what went out and what came in are for different things
                yield from (Flow(one, one.amount, self.named(tag(one.meta))) for one in tagged)
                rest = -sum((one.amount for one in tagged), _ZERO)
                if rest:
                    yield Flow(next((one for one in money if not tag(one.meta)), money[0]), rest, None)
            return
        left = [-one.amount for one in others]
        for one in tagged:
            for position, amount in enumerate(_shared(one.amount, others, change, self._ledger.unit)):
                left[position] -= amount
                if amount:
                    yield Flow(others[position], amount, self.named(tag(one.meta)))
        yield from self._of_counters([(one, part) for one, part in zip(others, left, strict=True) if part])

    def _of_counters(self, parts: list[tuple[Entry, Decimal]]) -> Iterator[Flow]:
        """The flows of counter postings by their own tag, their account, or the largest other part of their voucher."""
        lines = [self._own_line(one, amount) for one, amount in parts]
        leaders = [number for number, (one, _) in enumerate(parts) if tag(one.meta) or one.account not in self.follow]
        leader = max(leaders, key=lambda number: abs(parts[number][1]), default=None)
        for (one, amount), line in zip(parts, lines, strict=True):
            follows = leader is not None and one.account in self.follow and not tag(one.meta)
            yield Flow(one, amount, lines[leader] if leader is not None and follows else line)

    def _own_line(self, entry: Entry, amount: Decimal) -> StatementLine | None:
        text = tag(entry.meta)
        return self.named(text) if text else self.line(entry.account, entry.side, amount)


def _shared(part: Decimal, others: list[Entry], change: Decimal, unit: Decimal) -> list[Decimal]:
    """A part of the change of cash, shared over the counter postings in proportion; the last takes the rest."""
    if part == change:
        return [-one.amount for one in others]
    shares = [(-one.amount * part / change).quantize(unit, ROUND_HALF_UP) for one in others]
    shares[-1] += part - sum(shares, _ZERO)
    return shares


def tag(meta: str) -> str:
    """The line that a posting itself names."""
    if TAG not in meta:
        return ""
    return next((line[len(TAG) :] for line in meta.split("\n") if line.startswith(TAG)), "")


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
    cash, held, moved = ledger.cash, ledger.balances(end), ledger.movements(start, end)
    change = sum((moved[account].debit - moved[account].credit for account in cash if account in moved), _ZERO)
    return sum((held.get(account, _ZERO) for account in cash), _ZERO) - change


def _beginning(ledger: Ledger, start: str, end: str) -> Iterator[Entry]:
    openings = ledger.openings()
    for entry in ledger.entries(FIRST, end, accounts=ledger.cash):
        if entry.date < start or entry.voucher in openings:
            yield entry
