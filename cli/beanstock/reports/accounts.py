"""Reports by account: trial balance, one account's ledger, and the journal."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from beanstock.ledger.dimensions import Dimensions
from beanstock.ledger.query import Entry, Ledger, Turnover
from beanstock.reports.periods import compared_days, last_day
from beanstock.rulebook.names import code_above
from beanstock.table import Cell, Column, Query, Table

_ZERO = Decimal(0)


def trial_balance(ledger: Ledger, query: Query, dimensions: Dimensions) -> Table:
    """Every account with opening, debit, credit and closing; closing = opening + debit - credit.

    Opening documents of the first day count as opening, and all of them where no first day is asked for. Vouchers of the
    period that close profit accounts are left out unless asked for. `by` splits accounts by dimensions.
    """
    asked = (query.first(), query.last())
    opening: dict[tuple[str, ...], Decimal]
    turnover: dict[tuple[str, ...], Turnover]
    if query.by:
        opening = dimensions.opening(query.by, *asked)
        turnover = dimensions.turnover(query.by, *asked, opened=True, closing=query.after_closing)
    else:
        opening = {(account,): amount for account, amount in ledger.opening(*asked).items()}
        found = ledger.turnover(*asked, opened=True, closing=query.after_closing)
        turnover = {(account,): one for account, one in found.items()}
    compared = _compared(ledger, query) if query.compare else {}
    rows: list[dict[str, Cell]] = []
    codes = {account: code_above(account) for account in {key[0] for key in (*opening, *turnover)}}
    nothing = Turnover(_ZERO, _ZERO)
    for key in sorted({*opening, *turnover} if opening else turnover):
        start = opening.get(key, _ZERO)
        debit, credit = turnover.get(key, nothing)
        if start or debit or credit or key in turnover:
            row: dict[str, Cell] = {"account": key[0], "code": codes[key[0]], "role": ledger.roles.get(key[0], "")}
            row.update(zip(query.by, key[1:], strict=True))
            row |= {"opening": start, "debit": debit, "credit": credit, "closing": start + debit - credit}
            if query.compare:
                row["compared"] = compared.get(key[0], _ZERO)
                row["change"] = start + debit - credit - compared.get(key[0], _ZERO)
            rows.append(row)
    money = ["opening", "debit", "credit", "closing", *(("compared", "change") if query.compare else ())]
    columns = [
        *(Column(name, "text") for name in ("account", "code", "role", *query.by)),
        *(Column(name, "money") for name in money),
    ]
    return Table("trial-balance", "Trial balance", columns, rows, totals(rows, money))


def _compared(ledger: Ledger, query: Query) -> dict[str, Decimal]:
    """Closing balances of the period that is compared with."""
    start, end = compared_days(query.start, last_day(ledger, query), query.compare)
    other = Query(start, end)
    found = ledger.opening(other.first(), end)
    for account, one in ledger.turnover(other.first(), end, opened=True, closing=query.after_closing).items():
        found[account] = found.get(account, _ZERO) + one.debit - one.credit
    return found


def account_ledger(ledger: Ledger, query: Query) -> Table:
    """The postings of one account and those below it, or of a role's accounts, with a running balance; also with one partner."""
    own = ledger.accounts_of(query.account)  # of a role that has several accounts, in different places
    prefix = "" if own else query.account
    before: Iterable[Decimal] = ()
    if query.start and query.partner:
        earlier = ledger.entries(end=query.before(), account=prefix, accounts=own or None, partner=query.partner)
        before = (entry.amount for entry in earlier)
    elif query.start:
        balances = ledger.balances(query.before()).items()
        before = (amount for account, amount in balances if account in own or below(account, query.account))
    opening = balance = sum(before, _ZERO)
    rows: list[dict[str, Cell]] = []
    for entry in ledger.entries(
        query.first(), query.last(), account=prefix, accounts=own or None, partner=query.partner
    ):
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
    of = f"{query.account} with {query.partner}" if query.partner else query.account
    return Table("ledger", f"Ledger of {of}", columns, rows, summed)


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


def totals(rows: list[dict[str, Cell]], names: Iterable[str]) -> dict[str, Cell]:
    """The sums of money columns."""
    return {name: sum((cell for row in rows if isinstance(cell := row[name], Decimal)), _ZERO) for name in names}
