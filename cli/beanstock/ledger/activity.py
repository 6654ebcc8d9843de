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


class Activity(NamedTuple):
    """An item's value before a period, its quantity and value after it, what the period took out, the last day of an issue."""

    item: str
    opening: Decimal
    qty: Decimal
    value: Decimal
    out: Decimal
    last_out: str


class Due(NamedTuple):
    """What a partner's open documents of one due date sum to."""

    partner: str
    due: str
    open: Decimal


class Paid(NamedTuple):
    """What of a partner's documents was paid so many days after it was due; early payments have negative days."""

    partner: str
    days: int
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


def activity(ledger: Ledger, start: str, end: str) -> list[Activity]:
    """What every item did from a day to another, and what there was before; moves between warehouses take nothing out."""
    rows = ledger.connection.execute(
        """
        SELECT item, sum(CASE WHEN date < :start THEN in_value - out_value ELSE 0 END), sum(in_qty - out_qty),
          sum(in_value - out_value), sum(CASE WHEN date >= :start AND kind <> 'transfers' THEN out_value ELSE 0 END),
          max(CASE WHEN kind <> 'transfers' AND out_qty > 0 THEN date END)
        FROM moves WHERE date <= :end GROUP BY item ORDER BY item
        """,
        {"start": start, "end": end},
    )
    money = ledger.money
    return [
        Activity(item, money(before), ledger.quantity(qty), money(value), money(out), last or "")
        for item, before, qty, value, out, last in rows
    ]


def open_by_due(ledger: Ledger, role: str, end: str = LAST, *, partner: str = "") -> list[Due]:
    """What is open in a role at the end of a day, summed by partner and due date."""
    inside, accounts = ledger.within(role)
    rows = ledger.connection.execute(
        f"""
        SELECT partner, due, sum(open) FROM (
          SELECT partner, coalesce(min(due), min(CASE WHEN own THEN date END), '') AS due, sum(amount) AS open
          FROM opens WHERE {inside} AND date <= ? AND ? IN (partner, '')
          GROUP BY partner, document HAVING sum(amount) <> 0)
        GROUP BY partner, due ORDER BY partner, due
        """,  # noqa: S608 question marks
        (*accounts, end, partner),
    )
    return [Due(partner, due, ledger.money(amount)) for partner, due, amount in rows]


def payments_of(ledger: Ledger, role: str, end: str = LAST) -> list[Paid]:
    """Settlements of documents of a role up to a day, by how late they were; amounts are positive."""
    inside, accounts = ledger.within(role)
    if not ledger.connection.execute(f"SELECT 1 FROM opens WHERE NOT own AND {inside} LIMIT 1", accounts).fetchone():  # noqa: S608
        return []
    rows = ledger.connection.execute(
        f"""
        SELECT mine.partner, CAST(julianday(mine.date) - julianday(owed.due) AS INTEGER) AS days, abs(sum(mine.amount))
        FROM (SELECT partner, document, min(coalesce(due, date)) AS due, sum(amount) > 0 AS debit
              FROM opens WHERE {inside} AND date <= ? AND own GROUP BY partner, document) AS owed
        CROSS JOIN opens AS mine USING (partner, document)
        WHERE mine.{inside} AND mine.date <= ? AND NOT mine.own AND (mine.amount < 0) = owed.debit
        GROUP BY 1, 2, owed.debit
        """,  # noqa: S608 question marks
        (*accounts, end, *accounts, end),
    )
    return [Paid(partner, days, ledger.money(amount)) for partner, days, amount in rows]
