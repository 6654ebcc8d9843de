"""What else analyses ask of the index: what was sold, when stock came and last went, and when documents were paid."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from beanstock.ledger.query import FIRST, LAST, Ledger

SELLING = ("sales", "deliveries", "drop-shipments")  # kinds of documents whose moves are sales


class Arrival(NamedTuple):
    """A quantity of an item that came in on a day."""

    item: str
    date: str
    qty: Decimal


class Paid(NamedTuple):
    """What a partner's document had open when some of it was paid: the due date, the day of payment, the amount."""

    partner: str
    due: str
    date: str
    amount: Decimal


def sold(ledger: Ledger, start: str = FIRST, end: str = LAST) -> dict[str, Decimal]:
    """Quantities sold by item, returns taken off."""
    rows = ledger.connection.execute(
        "SELECT item, sum(out_qty - in_qty) FROM moves WHERE date BETWEEN ? AND ? AND kind IN (?, ?, ?) GROUP BY item",
        (start, end, *SELLING),
    )
    return {item: ledger.quantity(qty) for item, qty in rows}


def arrivals(ledger: Ledger, end: str = LAST) -> list[Arrival]:
    """What came into the stock by item, the newest day first; moves between warehouses are none."""
    rows = ledger.connection.execute(
        "SELECT item, date, sum(in_qty) FROM moves WHERE date <= ? AND kind <> 'transfers' AND in_qty > 0"
        " GROUP BY item, date ORDER BY item, date DESC",
        (end,),
    )
    return [Arrival(item, date, ledger.quantity(qty)) for item, date, qty in rows]


def last_issues(ledger: Ledger, end: str = LAST) -> dict[str, str]:
    """The last day on which anything of an item went out."""
    rows = ledger.connection.execute(
        "SELECT item, max(date) FROM moves WHERE date <= ? AND kind <> 'transfers' AND out_qty > 0 GROUP BY item",
        (end,),
    )
    return dict(rows.fetchall())


def payments_of(ledger: Ledger, role: str, end: str = LAST) -> list[Paid]:
    """Settlements of documents of a role up to a day, with the due date of what they settle; amounts are positive."""
    accounts = "account IN (SELECT account FROM roles WHERE role = ?)"
    if not ledger.connection.execute(f"SELECT 1 FROM opens WHERE NOT own AND {accounts} LIMIT 1", (role,)).fetchone():  # noqa: S608
        return []
    rows = ledger.connection.execute(
        """
        WITH mine AS MATERIALIZED
          (SELECT * FROM opens WHERE account IN (SELECT account FROM roles WHERE role = ?) AND date <= ?),
        owed AS (SELECT partner, document, min(coalesce(due, date)) AS due, sum(amount) > 0 AS debit
                 FROM mine WHERE own GROUP BY partner, document)
        SELECT mine.partner, owed.due, mine.date, sum(mine.amount)
        FROM mine JOIN owed USING (partner, document)
        WHERE NOT mine.own AND (mine.amount < 0) = owed.debit GROUP BY 1, 2, 3
        """,
        (role, end),
    )
    return [Paid(partner, due, date, abs(ledger.money(amount))) for partner, due, date, amount in rows]
