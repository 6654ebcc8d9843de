"""Balance sheet and income statement by the pack's statements.yaml: all lines of the form, zeros too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from beanstock.ledger.query import Ledger
from beanstock.reports.accounts import below
from beanstock.rulebook.statements import Statement, StatementLine
from beanstock.table import Cell, Column, Query, Table

_ZERO = Decimal(0)
PROFIT_ROOTS = ("Income", "Expenses")


@dataclass
class _Balances:
    """Balances by account, and what of them is kept by partner."""

    accounts: Mapping[str, Decimal]
    partners: Mapping[str, Mapping[str, Decimal]]

    def parcels(self) -> Iterator[tuple[str, Decimal]]:
        """Every account's balance, in one piece or one for each partner."""
        for account, balance in self.accounts.items():
            pieces = self.partners.get(account, {})
            yield from ((account, amount) for amount in pieces.values())
            yield account, balance - sum(pieces.values(), _ZERO)

    def below(self, prefix: str) -> Decimal:
        return sum((balance for account, balance in self.accounts.items() if below(account, prefix)), _ZERO)


def balance_sheet(ledger: Ledger, query: Query, statement: Statement, year_start: str, language: str) -> Table:
    """Balances at the end of a day, beside those at the start of its fiscal year."""
    day = last_day(ledger, query)
    start = fiscal_year(day, year_start)
    columns = {
        "amount": _Balances(ledger.balances(query.last()), ledger.by_partner(query.last())),
        "opening": _Balances(ledger.opening(start), ledger.by_partner(start, opening=True)),
    }
    return _statement("balance-sheet", ledger, statement, columns, language)


def income_statement(ledger: Ledger, query: Query, statement: Statement, year_start: str, language: str) -> Table:
    """Turnover of a period, beside that of the fiscal year so far."""
    day = last_day(ledger, query)
    columns = {}
    for name, start in (("amount", query.first()), ("year_to_date", fiscal_year(day, year_start))):
        turnover = ledger.turnover(start, query.last())
        columns[name] = _Balances({account: one.debit - one.credit for account, one in turnover.items()}, {})
    return _statement("income-statement", ledger, statement, columns, language)


def last_day(ledger: Ledger, query: Query) -> dt.date:
    """The day that a report is of: its end, or the last day with a voucher."""
    span = ledger.span()
    return dt.date.fromisoformat(query.end) if query.end else span[1] if span else dt.date(1970, 1, 1)


def fiscal_year(day: dt.date, year_start: str) -> str:
    """The first day of the fiscal year that a day belongs to; `year_start` is MM-01."""
    start = dt.date(day.year, int(year_start[:2]), 1)
    return (start if start <= day else start.replace(year=day.year - 1)).isoformat()


def line_of(account: str, role: str, statement: Statement) -> StatementLine | None:
    """The one line an account belongs to: by its role, else by the longest beginning of its name."""
    best: StatementLine | None = None
    longest = -1
    for line in statement.lines:
        if line.of:
            continue
        if role and role in line.roles:
            return line
        for prefix in line.accounts:
            if below(account, prefix) and len(prefix) > longest:
                best, longest = line, len(prefix)
    return best


def _statement(
    report: str, ledger: Ledger, statement: Statement, columns: Mapping[str, _Balances], language: str
) -> Table:
    amounts = {name: _amounts(report, ledger, statement, balances) for name, balances in columns.items()}
    rows: list[dict[str, Cell]] = []
    for line in statement.lines:
        row: dict[str, Cell] = {"no": _number(line.number), "label": line.label, "level": line.level}
        for name in columns:
            row[name] = amounts[name][line.number] if line.number else None
        rows.append(row)
    made = [
        Column("no", "integer"),
        Column("label", "text"),
        Column("level", "integer"),
        *(Column(name, "money") for name in columns),
    ]
    return Table(report, statement.titles.get(language, statement.title), made, rows)


def _amounts(report: str, ledger: Ledger, statement: Statement, balances: _Balances) -> dict[str, Decimal]:
    """The amount of every numbered line, signed as on the form."""
    found = {line.number: _ZERO for line in statement.lines if line.number}
    result = next((one for one in statement.lines if one.result), None)
    parts = [line for line in statement.lines if line.of]
    for account, amount in balances.parcels():
        profit = account.split(":", 1)[0] in PROFIT_ROOTS
        role = ledger.roles.get(account, "")
        if report == "balance-sheet" and profit:
            line = result
        else:
            line = _other_side(account, amount, statement, balances) or line_of(account, role, statement)
        for one in (line, *(part for part in parts if line is not None and part.of == line.number)):
            if one is None or (one is not line and not _takes(one, account, role)):
                continue
            found[one.number] += amount if one.sign == "dr" else -amount
    for line in statement.lines:
        if line.sum:
            found[line.number] += sum(
                (-found[term[1:]] if term.startswith("-") else found[term] for term in line.sum), _ZERO
            )
    return found


def _takes(line: StatementLine, account: str, role: str) -> bool:
    return role in line.roles or any(below(account, prefix) for prefix in line.accounts)


def _other_side(account: str, amount: Decimal, statement: Statement, balances: _Balances) -> StatementLine | None:
    """The line that takes an account because of the side its balance is on: its own, of one partner, or all below it."""
    for line in statement.lines:
        for prefixes, sign in ((line.debit, 1), (line.credit, -1)):
            for prefix in prefixes:
                if below(account, prefix):
                    balance = amount if account in balances.partners else balances.below(prefix)
                    if balance * sign > 0:
                        return line
    return None


def _number(text: str) -> Cell:
    return int(text) if text.isdigit() else text or None
