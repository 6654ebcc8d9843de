"""Receivables and payables: what is open by partner and document, with its age, and a partner's statement of account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from beanstock.amounts.foreign import in_currencies
from beanstock.ledger.activity import open_by_due
from beanstock.ledger.query import Ledger
from beanstock.reports.accounts import sides, totals
from beanstock.reports.periods import last_day
from beanstock.table import Cell, Chart, Column, Query, Table

BUCKETS = ((0, "not due"), (30, "1-30"), (60, "31-60"), (90, "61-90"))
OLDEST = "90+"
ADVANCES = {"receivable": "customer-advances", "payable": "supplier-advances"}
TITLES = {"receivable": ("receivables", "Receivables"), "payable": ("payables", "Payables")}
# the buckets' names as columns and totals
BUCKET_COLUMNS = {
    "not due": "not_due",
    "1-30": "days_1_30",
    "31-60": "days_31_60",
    "61-90": "days_61_90",
    "90+": "over_90",
}
NameOf = Callable[[str], str]  # a partner's name


def open_items(ledger: Ledger, query: Query, role: str, name_of: NameOf) -> Table:
    """Open documents at the end of a day; payables are negative, credit notes have the other sign.

    Advances are no rows but a total. `aging` counts the days after the due date; the totals by age add up to `open`, and
    `open` to the accounts' balance; `open_foreign` is what is open in the document's currency ("-110.00 USD"). By partner, a row is a partner and the ages are columns.
    """
    if "partner" in query.by:
        return _by_partner(ledger, query, role, name_of)
    ages = _Ages(last_day(ledger, query))
    rows: list[dict[str, Cell]] = []
    foreign = ledger.open_foreign(role, query.last())
    for partner, document, date, due, amount, left in ledger.open_items(role, query.last(), partner=query.partner):
        aging = ages[due]
        ages.sums[aging] = ages.sums.get(aging, 0) + left
        row: dict[str, Cell] = {
            "partner": partner,
            "document": document,
            "date": date,
            "due": due,
            "amount": amount,
            "open": left,
            "open_foreign": (in_currencies(foreign.get((partner, document), {})) or None) if foreign else None,
            "aging": aging,
        }
        rows.append(row)
    report, title = TITLES[role]
    columns = [
        Column("partner", "text"),
        Column("document", "text"),
        Column("date", "date"),
        Column("due", "date"),
        Column("amount", "money"),
        Column("open", "money"),
        Column("open_foreign", "text"),
        Column("aging", "text"),
    ]
    summed: dict[str, Cell] = totals(rows, ("amount", "open"))
    summed["advances"] = sum(_advances(ledger, query, role).values(), Decimal(0))
    summed |= {column: ages.sums.get(name, Decimal(0)) for name, column in BUCKET_COLUMNS.items()}
    return Table(report, title, columns, rows, summed)


class _Ages(dict[str, str]):
    """The age of a due date, worked out once for each date."""

    def __init__(self, day: dt.date) -> None:
        super().__init__()
        self.day = day
        self.sums: dict[str, Decimal] = {}

    def __missing__(self, due: str) -> str:
        found = self[due] = bucket(due, self.day)
        return found


def bucket(due: str, day: dt.date) -> str:
    """The age of a document on a day: `not due`, `1-30`, `31-60`, `61-90` or `90+` days after its due date."""
    late = (day - dt.date.fromisoformat(due)).days if due else 0
    return next((name for limit, name in BUCKETS if late <= limit), OLDEST)


def _advances(ledger: Ledger, query: Query, role: str) -> dict[str, Decimal]:
    """What partners paid ahead, by partner."""
    found: dict[str, Decimal] = {}
    for one in open_by_due(ledger, ADVANCES[role], query.last(), partner=query.partner):
        found[one.partner] = found.get(one.partner, Decimal(0)) + one.open
    return found


def _by_partner(ledger: Ledger, query: Query, role: str, name_of: NameOf) -> Table:
    """One row a partner: what is open by age, what was paid ahead, and the balance of both."""
    ages = _Ages(last_day(ledger, query))
    advances = _advances(ledger, query, role)
    sums: dict[str, dict[str, Decimal]] = {partner: {} for partner in advances}
    for one in open_by_due(ledger, role, query.last(), partner=query.partner):
        own, column = sums.setdefault(one.partner, {}), BUCKET_COLUMNS[ages[one.due]]
        own[column] = own.get(column, Decimal(0)) + one.open
    rows: list[dict[str, Cell]] = []
    for partner, own in sorted(sums.items()):
        left, ahead = sum(own.values(), Decimal(0)), advances.get(partner, Decimal(0))
        row: dict[str, Cell] = {"partner": partner, "name": name_of(partner)}
        row |= {column: own.get(column, Decimal(0)) for column in BUCKET_COLUMNS.values()}
        rows.append(row | {"open": left, "advances": ahead, "balance": left + ahead})
    money = (*BUCKET_COLUMNS.values(), "open", "advances", "balance")
    headings = {column: name.capitalize() for name, column in BUCKET_COLUMNS.items()}
    columns = [Column("partner", "text"), Column("name", "text")]
    columns += [Column(name, "money", headings.get(name, "")) for name in money]
    report, title = TITLES[role]
    return Table(report, title, columns, rows, totals(rows, money), charts=[Chart("Open", "partner", ("open",))])


def statement_of_account(ledger: Ledger, query: Query, name_of: NameOf) -> Table:
    """All that was posted to one partner's open items and advances, with a running balance; debit is what is owed to us.

    What the statement begins with is its total `opening`; what it ends with is `closing`, of which the part that is
    overdue at the end is `overdue`.
    """
    roles = (*ADVANCES, *ADVANCES.values())
    accounts = ledger.accounts_of(*roles)
    balance = Decimal(0)
    rows: list[dict[str, Cell]] = []
    opening = Decimal(0)
    for entry in ledger.entries(end=query.last(), accounts=accounts, partner=query.partner):
        balance += entry.amount
        if entry.date < query.first():
            opening = balance
            continue
        debit, credit = sides(entry)
        row: dict[str, Cell] = {"date": entry.date, "document": entry.document, "narration": entry.narration}
        row |= {"applies": entry.open_document if entry.open_document != entry.document else "", "due": entry.due}
        rows.append(row | {"debit": debit, "credit": credit, "balance": balance})
    day = last_day(ledger, query)
    overdue = sum(
        (
            one.open
            for role in ADVANCES
            for one in open_by_due(ledger, role, query.last(), partner=query.partner)
            if bucket(one.due, day) != BUCKETS[0][1]
        ),
        Decimal(0),
    )
    columns = [
        Column("date", "date"),
        *(Column(name, "text") for name in ("document", "narration", "applies")),
        Column("due", "date"),
        *(Column(name, "money") for name in ("debit", "credit", "balance")),
    ]
    summed = {"opening": opening, **totals(rows, ("debit", "credit")), "closing": balance, "overdue": overdue}
    name = name_of(query.partner)
    title = (
        f"Statement of account: {name} ({query.partner})" if name != query.partner else f"Statement of account: {name}"
    )
    return Table("statement-of-account", title, columns, rows, summed)
