"""Sums by account and dimension: item, partner, warehouse, lot, and metadata of any name (department, project...).

One dimension over whole months comes from the index's own sums; anything else is summed from the postings.
"""

from __future__ import annotations

import calendar
import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal

from beanstock.ledger.index import DIMENSIONS, NAMED, OPENING_PART
from beanstock.ledger.query import BEFORE, FIRST, LAST, TURNOVER, Ledger, Turnover

ACCOUNT_PARTNER = "account-partner"  # the partner that the account is kept by, as its code
_DEBIT = "CASE WHEN side = 'dr' OR (side = '' AND amount > 0) THEN amount ELSE 0 END"
_CREDIT = "CASE WHEN side = 'dr' OR (side = '' AND amount > 0) THEN 0 ELSE -amount END"
# Sums kept by two dimensions would hardly be fewer than the postings (700,000 of 1,100,000 in a year of trade); an index
# that has all that such a question reads answers it in a third of the time. It is made when the first one is asked.
_BY_ITEM_AND_PARTNER = "CREATE INDEX IF NOT EXISTS postings_by_item_and_partner ON postings (account, item, party, date, part, side, amount)"
ZERO = Decimal(0)
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_ALIASES = {"customer": "partner", "supplier": "partner", "category": "item"}
USUAL = (*DIMENSIONS, *_ALIASES, "department", "project")

Reading = Callable[[str, str], str]  # a dimension's name and a value as the ledger has it, to the value to show


class Dimensions:
    """Questions by dimension. `read` turns what the ledger has into what is shown: payees to partners, items to categories."""

    def __init__(self, ledger: Ledger, read: Reading) -> None:
        self.ledger = ledger
        self.read = read

    def known(self) -> list[str]:
        """All dimensions that can be asked for."""
        rows = self.ledger.connection.execute("SELECT DISTINCT dimension FROM months")
        return sorted({*USUAL, *(name for (name,) in rows)})

    def turnover(
        self, keys: tuple[str, ...], start: str = FIRST, end: str = LAST, *, opened: bool = False, closing: bool = True
    ) -> dict[tuple[str, ...], Turnover]:
        """Debits and credits by (account, value of each key), as `Ledger.turnover`."""
        asked: dict[str, object] = {"start": start, "end": end, "opened": opened, "closing": closing}
        if len(keys) == 1 and self._whole_months(start, end):
            rows = self._by_month(keys[0], TURNOVER, asked)
            whole = self.ledger.turnover(start, end, opened=opened, closing=closing)
            return self._with_rest(keys[0], rows, whole)
        return self._gathered(keys, self._by_posting(keys, TURNOVER, asked))

    def opening(self, keys: tuple[str, ...], start: str = FIRST, end: str = LAST) -> dict[tuple[str, ...], Decimal]:
        """Balances by (account, value of each key), as `Ledger.opening`."""
        asked: dict[str, object] = {"start": start, "end": end}
        if len(keys) == 1 and self._whole_months(start, end):
            rows = self._by_month(keys[0], BEFORE, asked)
            whole = {name: Turnover(amount, ZERO) for name, amount in self.ledger.opening(start, end).items()}
            found = self._with_rest(keys[0], rows, whole, net=True)
        elif self.ledger.opening(start, end):
            found = self._gathered(keys, self._by_posting(keys, BEFORE, asked))
        else:  # nothing came before, and no posting needs to be looked at for that
            found = {}
        return {key: one.debit - one.credit for key, one in found.items()}

    def _whole_months(self, start: str, end: str) -> bool:
        """Whether sums by month answer a question: its days are whole months, and openings are told apart."""
        if start != FIRST and (
            start[8:] != "01"
            or self.ledger.connection.execute(
                "SELECT 1 FROM days WHERE part = ? AND date > ? AND date < ? LIMIT 1",
                (OPENING_PART, start, start[:7] + "-99"),
            ).fetchone()
        ):
            return False
        return end == LAST or end[8:] == f"{calendar.monthrange(int(end[:4]), int(end[5:7]))[1]}"

    def _by_month(self, key: str, where: str, asked: dict[str, object]) -> list[tuple[str, str, int, int]]:
        months = {
            **asked,
            "start": str(asked["start"])[:7],
            "end": str(asked["end"])[:7],
            "dimension": ledger_name(key),
        }
        return self.ledger.connection.execute(
            "SELECT account, value, sum(debit), sum(credit) FROM months WHERE dimension = :dimension AND "  # noqa: S608
            + where.format(day="month").replace("'0000-00-00'", "'0000-00'")
            + " GROUP BY account, value",
            months,
        ).fetchall()

    def _by_posting(self, keys: tuple[str, ...], where: str, asked: dict[str, object]) -> list[tuple[str, ...]]:
        self.ledger.connection.create_function("metadata", 2, _metadata, deterministic=True)
        if {ledger_name(key) for key in keys} == {"item", "partner"}:
            with contextlib.suppress(sqlite3.OperationalError):  # a cache that cannot be written answers all the same
                self.ledger.connection.execute(_BY_ITEM_AND_PARTNER)
        columns = ", ".join(_column(key) for key in keys)
        return self.ledger.connection.execute(
            f"SELECT account, {columns}, sum({_DEBIT}), sum({_CREDIT}) FROM postings"  # noqa: S608 checked names
            f" WHERE {where.format(day='date')} GROUP BY account, {columns}",
            asked,
        ).fetchall()

    def _with_rest(
        self, key: str, rows: list[tuple[str, str, int, int]], whole: dict[str, Turnover], *, net: bool = False
    ) -> dict[tuple[str, ...], Turnover]:
        """What has a value, and for each account the rest that has none."""
        found = self._gathered((key,), rows)
        named: dict[str, tuple[Decimal, Decimal]] = {}
        for (account, value), one in found.items():
            if value:
                debit, credit = named.get(account, (ZERO, ZERO))
                named[account] = (debit + one.debit, credit + one.credit)
        for account, one in whole.items():
            debit, credit = named.get(account, (ZERO, ZERO))
            rest = (
                Turnover(one.debit - debit + credit, ZERO) if net else Turnover(one.debit - debit, one.credit - credit)
            )
            if any(rest):
                found[account, ""] = rest
        return found

    def _gathered(
        self, keys: tuple[str, ...], rows: list[tuple[str, ...]] | list[tuple[str, str, int, int]]
    ) -> dict[tuple[str, ...], Turnover]:
        found: dict[tuple[str, ...], Turnover] = {}
        money, nothing = self.ledger.money, self.ledger.money(0)
        columns: list[list[str]] = [[str(row[0]) for row in rows]]
        for at, key in enumerate(keys, start=1):  # few values, often repeated
            values = [str(row[at]) for row in rows]
            shown = {value: self.read(key, value) for value in set(values)}
            columns.append([shown[value] for value in values])
        cells: Iterator[tuple[str, ...]] = zip(*columns, strict=True)
        for cell, row in zip(cells, rows, strict=True):
            debit = money(int(row[-2])) if row[-2] else nothing
            credit = money(int(row[-1])) if row[-1] else nothing
            before = found.get(cell)
            found[cell] = Turnover(before.debit + debit, before.credit + credit) if before else Turnover(debit, credit)
        return found


def ledger_name(key: str) -> str:
    """The ledger's own name of a dimension: a customer is a partner, a category is read from the item."""
    return _ALIASES.get(key, key)


def payee(value: str) -> str | None:
    """The payee that stands for a partner without a code; None where the value is a code."""
    return value.removeprefix(NAMED) if value.startswith(NAMED) else None


def _column(key: str) -> str:
    name = ledger_name(key)
    if name == ACCOUNT_PARTNER:
        return "partner"
    if name in DIMENSIONS:
        return DIMENSIONS[name]
    assert _NAME.fullmatch(name), name
    return f"CASE WHEN meta = '' THEN '' ELSE metadata(meta, '{name}') END"


def _metadata(meta: str, name: str) -> str:
    """The value of one name in a posting's metadata."""
    start = f"{name}="
    return next((line[len(start) :] for line in meta.split("\n") if line.startswith(start)), "")
