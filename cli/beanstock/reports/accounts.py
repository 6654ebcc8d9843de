"""Reports by account: trial balance, one account's ledger, and the journal."""

from __future__ import annotations

from decimal import Decimal

from beanstock.ledger.query import Entry, Ledger, Turnover
from beanstock.rulebook.names import code_of
from beanstock.table import Cell, Column, Query, Table

_ZERO = Decimal(0)


def trial_balance(ledger: Ledger, query: Query) -> Table:
    """Every account with opening, debit, credit and closing; closing = opening + debit - credit.

    Opening documents of the first day count as opening, and all of them where no first day is asked for.
    """
    opening = ledger.opening(query.first(), query.last())
    turnover = ledger.turnover(query.first(), query.last(), opened=True)
    rows: list[dict[str, Cell]] = []
    for account in sorted({*opening, *turnover}):
        start = opening.get(account, _ZERO)
        debit, credit = turnover.get(account, Turnover(_ZERO, _ZERO))
        if start or debit or credit or account in turnover:
            rows.append(
                {
                    "account": account,
                    "code": code_of(account),
                    "role": ledger.roles.get(account, ""),
                    "opening": start,
                    "debit": debit,
                    "credit": credit,
                    "closing": start + debit - credit,
                }
            )
    money = ("opening", "debit", "credit", "closing")
    columns = [
        Column("account", "text"),
        Column("code", "text"),
        Column("role", "text"),
        *(Column(name, "money") for name in money),
    ]
    return Table("trial-balance", "Trial balance", columns, rows, totals(rows, money))


def account_ledger(ledger: Ledger, query: Query) -> Table:
    """The postings of one account and those below it, with a running balance."""
    balance = sum(
        (amount for account, amount in ledger.balances(query.before()).items() if below(account, query.account)), _ZERO
    )
    if not query.start:
        balance = _ZERO
    opening = balance
    rows: list[dict[str, Cell]] = []
    for entry in ledger.entries(query.first(), query.last(), account=query.account):
        balance += entry.amount
        debit, credit = sides(entry)
        rows.append(
            {
                "date": entry.date,
                "document": entry.document,
                "payee": entry.payee,
                "narration": entry.narration,
                "account": entry.account,
                "partner": entry.partner,
                "item": entry.item,
                "debit": debit,
                "credit": credit,
                "balance": balance,
            }
        )
    text = ("document", "payee", "narration", "account", "partner", "item")
    columns = [
        Column("date", "date"),
        *(Column(name, "text") for name in text),
        *(Column(name, "money") for name in ("debit", "credit", "balance")),
    ]
    summed = {"opening": opening, **totals(rows, ("debit", "credit")), "closing": balance}
    return Table("ledger", f"Ledger of {query.account}", columns, rows, summed)


def journal(ledger: Ledger, query: Query) -> Table:
    """Every posting in the order of the ledger."""
    rows: list[dict[str, Cell]] = []
    for entry in ledger.entries(query.first(), query.last()):
        debit, credit = sides(entry)
        rows.append(
            {
                "date": entry.date,
                "voucher": entry.voucher,
                "document": entry.document,
                "payee": entry.payee,
                "narration": entry.narration,
                "account": entry.account,
                "partner": entry.partner,
                "item": entry.item,
                "qty": entry.qty,
                "warehouse": entry.warehouse,
                "debit": debit,
                "credit": credit,
            }
        )
    first: dict[object, int] = {}
    for row in rows:  # vouchers are numbered as they stand, whatever the index calls them
        row["voucher"] = first.setdefault(row["voucher"], len(first) + 1)
    text = ("document", "payee", "narration", "account", "partner", "item")
    columns = [
        Column("date", "date"),
        Column("voucher", "integer"),
        *(Column(name, "text") for name in text),
        Column("qty", "quantity"),
        Column("warehouse", "text"),
        Column("debit", "money"),
        Column("credit", "money"),
    ]
    return Table("journal", "Journal", columns, rows, totals(rows, ("debit", "credit")))


def sides(entry: Entry) -> tuple[Decimal, Decimal]:
    """Debit and credit of a posting; a red entry is negative in its own column."""
    debit = entry.side == "dr" or (not entry.side and entry.amount > 0)
    return (entry.amount, _ZERO) if debit else (_ZERO, -entry.amount)


def below(account: str, parent: str) -> bool:
    """Whether an account is `parent` or stands below it."""
    return account == parent or account.startswith(parent + ":")


def totals(rows: list[dict[str, Cell]], names: tuple[str, ...]) -> dict[str, Cell]:
    """The sums of money columns."""
    return {name: sum((cell for row in rows if isinstance(cell := row[name], Decimal)), _ZERO) for name in names}
