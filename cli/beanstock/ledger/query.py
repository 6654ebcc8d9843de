"""What reports ask the index: sums by account, by item and by open document, and the postings themselves.

Amounts come back as Decimal in the books' currency, debit positive; quantities as Decimal.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Literal, NamedTuple

from beanstock.amounts.foreign import FOREIGN, add_noted
from beanstock.ledger.index import CLOSING_PART, OPENING_PART, ORDINARY_PART
from beanstock.ledger.limits import QUANTITY_SCALE

FIRST, LAST = "0000-00-00", "9999-99-99"
CASH = ("cash", "bank", "wallet")  # roles of cash
# what is turnover of a period and what its opening; {day} is the column that holds the day
TURNOVER = (
    "{day} BETWEEN :start AND :end"
    f" AND NOT (:opened AND part = {OPENING_PART} AND :start IN ({{day}}, '0000-00-00'))"
    f" AND (:closing OR part <> {CLOSING_PART})"
)
BEFORE = f"{{day}} <= :end AND ({{day}} < :start OR (part = {OPENING_PART} AND :start IN ({{day}}, '0000-00-00')))"


class Turnover(NamedTuple):
    """Debits and credits of an account; a red entry is a negative amount in its own column."""

    debit: Decimal
    credit: Decimal


class Moves(NamedTuple):
    """Quantities and values of an item in one place: in and out, both positive unless red."""

    item: str
    warehouse: str
    lot: str
    in_qty: Decimal
    in_value: Decimal
    out_qty: Decimal
    out_value: Decimal

    @property
    def qty(self) -> Decimal:
        return self.in_qty - self.out_qty

    @property
    def value(self) -> Decimal:
        return self.in_value - self.out_value


class OpenItem(NamedTuple):
    """A document of a partner: its amount, and what is open of it."""

    partner: str
    document: str
    date: str
    due: str
    amount: Decimal
    open: Decimal


class Entry(NamedTuple):
    """A posting with its voucher."""

    date: str
    document: str
    rule: str
    payee: str
    narration: str
    voucher: int
    account: str
    amount: Decimal
    side: str
    item: str
    qty: Decimal | None
    warehouse: str
    lot: str
    partner: str
    open_document: str
    due: str
    meta: str


class Ledger:
    """Questions to one index. `cash` are the accounts of cash: of the roles, and others where the forms have them there."""

    def __init__(self, connection: sqlite3.Connection, unit: Decimal) -> None:
        self.connection = connection
        self.unit = unit
        self._span: tuple[dt.date, dt.date] | None = None
        self.roles: dict[str, str] = dict(connection.execute("SELECT account, role FROM roles").fetchall())
        self.cash = self.accounts_of(*CASH)

    def money(self, amount: int | None) -> Decimal:
        return (amount or 0) * self.unit

    @staticmethod
    def quantity(amount: int | None) -> Decimal:
        return Decimal(amount or 0).scaleb(-QUANTITY_SCALE)

    def known(self, column: Literal["item", "partner", "account"]) -> list[str]:
        """All items, partners or accounts of the ledger's postings."""
        sql = {
            "item": "SELECT DISTINCT item FROM postings WHERE item <> ''",
            "partner": "SELECT DISTINCT partner FROM postings WHERE partner <> ''",
            "account": "SELECT account FROM roles UNION SELECT DISTINCT account FROM days",
        }[column]
        return [name for (name,) in self.connection.execute(sql)]

    def span(self) -> tuple[dt.date, dt.date] | None:
        """The first and last day with a voucher."""
        if self._span is None:
            first, last = self.connection.execute("SELECT min(date), max(date) FROM days").fetchone()
            self._span = (dt.date.fromisoformat(first), dt.date.fromisoformat(last)) if first else None
        return self._span

    def accounts_of(self, *roles: str) -> list[str]:
        """The accounts that have one of these roles."""
        return sorted(account for account, role in self.roles.items() if role in roles)

    def within(self, role: str) -> tuple[str, list[str]]:
        """A condition for SQL that an account is one of a role's, and its arguments.

        Names and not a subquery, because of one account the planner reads what it has in the order of the index.
        """
        accounts = self.accounts_of(role)
        return f"account IN ({', '.join('?' * len(accounts))})", accounts

    def turnover(
        self, start: str = FIRST, end: str = LAST, *, opened: bool = False, closing: bool = True
    ) -> dict[str, Turnover]:
        """Debits and credits by account of the days from `start` to `end`, both included.

        With `opened`, without the opening documents that `opening` of the same start has; without `closing`, without
        the vouchers that close profit accounts.
        """
        rows = self.connection.execute(
            f"SELECT account, sum(debit), sum(credit) FROM days WHERE {TURNOVER.format(day='date')} GROUP BY account",  # noqa: S608
            {"start": start, "end": end, "opened": opened, "closing": closing},
        )
        return {account: Turnover(self.money(debit), self.money(credit)) for account, debit, credit in rows}

    def movements(self, start: str = FIRST, end: str = LAST) -> dict[str, Turnover]:
        """Debits and credits by account of a period, without opening documents and vouchers that close profit accounts."""
        rows = self.connection.execute(
            "SELECT account, sum(debit), sum(credit) FROM days WHERE date BETWEEN ? AND ? AND part = ? GROUP BY account",
            (start, end, ORDINARY_PART),
        )
        return {account: Turnover(self.money(debit), self.money(credit)) for account, debit, credit in rows}

    def opening(self, start: str = FIRST, end: str = LAST) -> dict[str, Decimal]:
        """Balances by account at the beginning of a day: all before it, and its own opening documents.

        Without a day, all opening documents; `end` is the last day that counts at all.
        """
        rows = self.connection.execute(
            f"SELECT account, sum(debit - credit) FROM days WHERE {BEFORE.format(day='date')} GROUP BY account",  # noqa: S608
            {"start": start, "end": end},
        )
        return {account: self.money(amount) for account, amount in rows}

    def closings(self, start: str = FIRST, end: str = LAST) -> set[int]:
        """The vouchers of a period that close profit accounts."""
        return self._of_part(CLOSING_PART, start, end)

    def openings(self) -> set[int]:
        """The vouchers of opening documents."""
        return self._of_part(OPENING_PART, FIRST, LAST)

    def _of_part(self, part: int, start: str, end: str) -> set[int]:
        if not self.connection.execute("SELECT 1 FROM days WHERE part = ? LIMIT 1", (part,)).fetchone():
            return set()
        rows = self.connection.execute(
            "SELECT DISTINCT voucher FROM postings WHERE part = ? AND date BETWEEN ? AND ?", (part, start, end)
        )
        return {voucher for (voucher,) in rows}

    def balances(self, end: str = LAST) -> dict[str, Decimal]:
        """Balances by account at the end of a day."""
        return {account: one.debit - one.credit for account, one in self.turnover(FIRST, end).items()}

    def nets(self, start: str = FIRST, end: str = LAST, *, closing: bool = True) -> dict[str, Decimal]:
        """Debits less credits by account, as `turnover`."""
        found = self.turnover(start, end, closing=closing)
        return {account: one.debit - one.credit for account, one in found.items()}

    def by_partner(self, end: str = LAST) -> dict[str, dict[str, Decimal]]:
        """Balances by account and partner at the end of a day, of accounts that are kept so."""
        return self._by_partner("date <= :end", {"end": end})

    def opening_by_partner(self, start: str = FIRST, end: str = LAST) -> dict[str, dict[str, Decimal]]:
        """Balances by account and partner at the beginning of a day, as `opening`."""
        return self._by_partner(BEFORE.format(day="date"), {"start": start, "end": end})

    def _by_partner(self, where: str, asked: dict[str, str]) -> dict[str, dict[str, Decimal]]:
        rows = self.connection.execute(
            f"SELECT account, partner, sum(amount) FROM opens WHERE {where} GROUP BY account, partner",  # noqa: S608
            asked,
        )
        found: dict[str, dict[str, Decimal]] = {}
        for account, partner, amount in rows:
            found.setdefault(account, {})[partner] = self.money(amount)
        return found

    def moves(
        self, start: str = FIRST, end: str = LAST, *, item: str = "", transfers: bool = True, opened: bool = False
    ) -> list[Moves]:
        """Stock moves summed by item, warehouse and lot; `opened` as in `turnover`."""
        rows = self.connection.execute(
            "SELECT item, warehouse, lot, sum(in_qty), sum(in_value), sum(out_qty), sum(out_value) FROM moves"
            " WHERE date BETWEEN :start AND :end AND :item IN (item, '') AND (:transfers OR kind <> 'transfers')"
            " AND NOT (:opened AND kind = 'opening-stock' AND :start IN (date, '0000-00-00'))"
            " GROUP BY item, warehouse, lot ORDER BY item, warehouse, lot",
            {"start": start, "end": end, "item": item, "transfers": transfers, "opened": opened},
        )
        return [self._moves(row) for row in rows]

    def opening_stock(self, start: str = FIRST, end: str = LAST, *, item: str = "") -> list[Moves]:
        """Stock at the beginning of a day, as `opening`."""
        rows = self.connection.execute(
            "SELECT item, warehouse, lot, sum(in_qty), sum(in_value), sum(out_qty), sum(out_value) FROM moves"
            " WHERE date <= :end AND :item IN (item, '')"
            " AND (date < :start OR (kind = 'opening-stock' AND :start IN (date, '0000-00-00')))"
            " GROUP BY item, warehouse, lot ORDER BY item, warehouse, lot",
            {"start": start, "end": end, "item": item},
        )
        return [self._moves(row) for row in rows]

    def _moves(self, row: tuple[str, str, str, int, int, int, int]) -> Moves:
        item, warehouse, lot, in_qty, in_value, out_qty, out_value = row
        return Moves(
            item,
            warehouse,
            lot,
            self.quantity(in_qty),
            self.money(in_value),
            self.quantity(out_qty),
            self.money(out_value),
        )

    def stock_by_month(self) -> dict[tuple[str, str, str, str], tuple[Decimal, Decimal]]:
        """Net quantity and value moved, by the month of the document, item, warehouse and lot.

        Corrections of closed months stand in later ones, and belong to their documents' own.
        """
        rows = self.connection.execute(
            "SELECT substr(own, 1, 7), item, warehouse, lot, sum(in_qty - out_qty), sum(in_value - out_value)"
            " FROM moves GROUP BY 1, 2, 3, 4"
        )
        return {row[:4]: (self.quantity(row[4]), self.money(row[5])) for row in rows}

    def role_by_document(self, role: str) -> dict[tuple[str, str], Decimal]:
        """What the accounts of a role hold, by partner and document; zero balances are left out."""
        rows = self.connection.execute(
            "SELECT partner, document, sum(amount) FROM opens WHERE account IN (SELECT account FROM roles WHERE role = ?)"
            " GROUP BY 1, 2 HAVING sum(amount) <> 0",
            (role,),
        )
        return {(partner, document): self.money(amount) for partner, document, amount in rows}

    def by_document(self, role: str) -> dict[str, Decimal]:
        """What vouchers of each document post to the accounts of a role, closing vouchers left out."""
        rows = self.connection.execute(
            "SELECT v.document, sum(p.amount) FROM postings p JOIN vouchers v ON v.id = p.voucher WHERE p.part <> ?"
            " AND p.account IN (SELECT account FROM roles WHERE role = ?) GROUP BY 1 HAVING sum(p.amount) <> 0",
            (CLOSING_PART, role),
        )
        return {document: self.money(amount) for document, amount in rows}

    def unbalanced(self) -> list[tuple[str, Decimal]]:
        """Documents whose voucher does not sum to exactly zero, with the sum."""
        rows = self.connection.execute(
            "SELECT v.document, sum(p.amount) FROM postings p JOIN vouchers v ON v.id = p.voucher"
            " GROUP BY p.voucher HAVING sum(p.amount) <> 0"
        )
        return [(document, self.money(amount)) for document, amount in rows]

    def open_items(self, role: str, end: str = LAST, *, partner: str = "") -> list[OpenItem]:
        """Documents that are open in a role at the end of a day (of one partner), by partner, due date and document.

        The amount is what the document's own voucher posts with a due date, else all that it posts.
        """
        inside, accounts = self.within(role)
        rows = self.connection.execute(
            f"""
            SELECT partner, document, min(CASE WHEN own THEN date END), min(due),
              sum(CASE WHEN due IS NOT NULL THEN amount END), sum(CASE WHEN own THEN amount END), sum(amount)
            FROM opens WHERE {inside} AND date <= ? AND ? IN (partner, '')
            GROUP BY partner, document HAVING sum(amount) <> 0
            ORDER BY partner, coalesce(min(due), min(CASE WHEN own THEN date END), ''), document
            """,  # noqa: S608 question marks
            (*accounts, end, partner),
        )
        unit, made = self.unit, []
        for owner, document, date, due, with_due, own, open_ in rows:
            left = open_ * unit
            amount = with_due or own or 0
            whole = left if amount == open_ else amount * unit
            made.append(OpenItem(owner, document, date or "", due or date or "", whole, left))
        return made

    def open_foreign(self, role: str, end: str = LAST) -> dict[tuple[str, str], dict[str, Decimal]]:
        """What is open in foreign currencies, by partner and document, then by currency; see `open_items`."""
        rows = self.connection.execute(
            "SELECT partner, document, currency_amount FROM opens WHERE currency_amount <> '' AND date <= ?"
            " AND account IN (SELECT account FROM roles WHERE role = ?)",
            (end, role),
        )
        found: dict[tuple[str, str], dict[str, Decimal]] = {}
        for partner, document, text in rows:
            add_noted(found.setdefault((partner, document), {}), text)
        return found

    def open_roles(self) -> list[str]:
        """The roles whose postings are kept by partner and document."""
        rows = self.connection.execute("SELECT DISTINCT role FROM roles JOIN opens USING (account) ORDER BY role")
        return [role for (role,) in rows if role]

    def foreign_money(self, end: str = LAST) -> dict[str, dict[str, Decimal]]:
        """What accounts that are not kept by partner hold in foreign currencies at the end of a day: foreign cash."""
        rows = self.connection.execute(
            "SELECT account, meta FROM postings WHERE partner = '' AND meta LIKE '%foreign=%' AND date <= ?"
            " ORDER BY account",
            (end,),
        )
        found: dict[str, dict[str, Decimal]] = {}
        for account, meta in rows:
            for line in meta.split("\n"):
                key, _, text = line.partition("=")
                if key == FOREIGN:
                    add_noted(found.setdefault(account, {}), text)
        return {account: sums for account, sums in found.items() if any(sums.values())}

    def entries(
        self,
        start: str = FIRST,
        end: str = LAST,
        *,
        account: str = "",
        item: str = "",
        document: str = "",
        partner: str = "",
        accounts: Collection[str] | None = None,
        of_cash: Collection[str] | None = None,
        vouchers: Collection[int] | None = None,
        closing: bool = True,
        opened: bool = True,
    ) -> Iterator[Entry]:
        """Postings in the order of the ledger; of an account and those below it, an item, or a document's vouchers.

        Also of several `accounts` or `vouchers`, or of all vouchers that post to the accounts `of_cash`; without `closing`, without
        the vouchers that close profit accounts; without `opened`, without opening documents.
        """
        sql = (
            "SELECT v.date, v.document, v.rule, v.payee, v.narration, v.id, p.account, p.amount, p.side, p.item, p.qty,"
            " p.warehouse, p.lot, p.partner, p.document, p.due, p.meta FROM postings p JOIN vouchers v ON v.id = p.voucher"
            " WHERE v.date BETWEEN ? AND ?"
        )
        arguments = [start, end]
        if account:
            sql += " AND (p.account = ? OR substr(p.account, 1, ?) = ?)"
            arguments += [account, str(len(account) + 1), account + ":"]
        if item:
            sql += " AND p.item = ? AND p.qty IS NOT NULL"
            arguments.append(item)
        if document:
            sql += " AND v.document = ?"
            arguments.append(document)
        if partner:
            sql += " AND p.partner = ?"
            arguments.append(partner)
        if accounts is not None:
            sql += " AND p.account IN (SELECT value FROM json_each(?))"
            arguments.append(json.dumps(sorted(accounts)))
        if of_cash is not None:
            sql += " AND p.voucher IN (SELECT voucher FROM postings WHERE account IN (SELECT value FROM json_each(?)))"
            arguments.append(json.dumps(sorted(of_cash)))
        if vouchers is not None:
            sql += " AND p.voucher IN (SELECT value FROM json_each(?))"
            arguments.append(json.dumps(sorted(vouchers)))
        if not closing:
            sql += f" AND p.part <> {CLOSING_PART}"
        if not opened:
            sql += f" AND p.part <> {OPENING_PART}"
        for row in self.connection.execute(sql + " ORDER BY v.date, v.file, v.position, p.rowid", arguments):
            qty = None if row[10] is None else self.quantity(row[10])
            yield Entry._make((*row[:7], self.money(row[7]), row[8], row[9], qty, *row[11:]))
