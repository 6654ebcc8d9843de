"""What is behind a figure: the postings of a statement's line or of an account, which sum to the figure."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from beanstock.ledger.query import FIRST, Entry, Ledger
from beanstock.reports.accounts import below
from beanstock.reports.placing import Balances, Placing
from beanstock.reports.statements import held
from beanstock.rulebook.statements import Statement, StatementLine
from beanstock.table import Cell, Column, Query, Table

_ZERO = Decimal(0)


def trace_line(ledger: Ledger, query: Query, statement: Statement, line: StatementLine) -> Table:
    """The postings behind the `amount` of a line, signed as on the form; sums go down to the lines that they add."""
    sheet = statement.name == "balance-sheet"
    start, closing = (FIRST, True) if sheet else (query.first(), query.after_closing)
    balances = (
        held(ledger, query.last()) if sheet else Balances(ledger.nets(query.first(), query.last(), closing=closing))
    )
    placing = Placing(statement, ledger.roles, balances)

    @cache
    def factor(account: str, partner: str) -> int:
        return sum(
            share_in(statement, own.number, line.number) * (1 if own.sign == "dr" else -1)
            for own in placing.lines(account, partner)
        )

    accounts = {account for account, partner, _ in balances.parcels() if factor(account, partner)}
    entries = ledger.entries(start, query.last(), accounts=accounts, closing=closing)
    found = [(entry, entry.amount * factor(entry.account, entry.partner)) for entry in entries]
    return listed([(entry, amount) for entry, amount in found if amount], f"{line.number} {line.label}")


def trace_account(ledger: Ledger, query: Query, account: str) -> Table:
    """The postings behind an account's `closing` in the trial balance, those of accounts below it included."""
    accounts = ledger.accounts_of(account)  # of a role that has several accounts, in different places
    accounts += [name for name in {*ledger.roles, *ledger.balances()} if below(name, account)]
    entries = ledger.entries(FIRST, query.last(), accounts=accounts)
    # as in the trial balance: vouchers that close profit accounts count where they are before the period
    closings = set() if query.after_closing else ledger.closings(query.first(), query.last())
    return listed([(one, one.amount) for one in entries if one.voucher not in closings], account)


def share_in(statement: Statement, number: str, of: str) -> int:
    """How often a line is contained in another, with its sign: 1, -1, or 0 where it is not."""
    if number == of:
        return 1
    line = next(one for one in statement.lines if one.number == of)
    return sum(
        -share_in(statement, number, term[1:]) if term.startswith("-") else share_in(statement, number, term)
        for term in line.sum
    )


def find_line(statement: Statement, cell: str) -> StatementLine | None:
    """The numbered line that a number or label names."""
    numbered = [line for line in statement.lines if line.number]
    folded = cell.strip().casefold()
    return next((line for line in numbered if line.number == cell.strip()), None) or next(
        (line for line in numbered if line.label.casefold() == folded), None
    )


def listed(found: list[tuple[Entry, Decimal]], what: str) -> Table:
    """Postings with the amount that each adds to a figure."""
    rows: list[dict[str, Cell]] = [
        {
            "date": entry.date,
            "document": entry.document,
            "payee": entry.payee,
            "narration": entry.narration,
            "account": entry.account,
            "partner": entry.partner,
            "item": entry.item,
            "amount": amount,
        }
        for entry, amount in found
    ]
    text = ("document", "payee", "narration", "account", "partner", "item")
    columns = [Column("date", "date"), *(Column(name, "text") for name in text), Column("amount", "money")]
    return Table("trace", f"Behind {what}", columns, rows, {"amount": sum((amount for _, amount in found), _ZERO)})
