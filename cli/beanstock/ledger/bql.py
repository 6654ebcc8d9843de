"""`query`: the ledger asked in beanquery's language (BQL), with our metadata as columns of postings.

The vouchers come from the index, which has checked every file, and never through main.bean: nothing that a ledger's file
says can load a plugin or include another file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from beanstock.ledger.query import Ledger
from beanstock.ledger.text import OPENED
from beanstock.problems import Problem, problem
from beanstock.rulebook.names import code_of
from beanstock.table import Cell, Column, Table, Type

COLUMNS = ("item", "warehouse", "lot", "partner", "document", "department", "project", "cashflow", "side", "role")
_POSTINGS = (
    "SELECT v.id, v.date, v.flag, v.payee, v.narration, v.document, v.rule, v.tags, v.file, v.position, p.account, p.amount,"
    " p.item, p.qty, p.warehouse, p.lot, p.partner, p.document, p.due, p.side, p.meta"
    " FROM vouchers v JOIN postings p ON p.voucher = v.id ORDER BY v.date, v.file, v.position, p.rowid"
)


def query_ledger(ledger: Ledger, text: str, currency: str) -> tuple[Table | None, list[Problem]]:
    """The answer to a SELECT. Problems: bad-query."""
    import beanquery  # noqa: PLC0415 half a second, and only `query` needs it

    if not text.strip():
        return None, [problem("bad-query", None, detail="there is none")]
    if _several(text):
        return None, [problem("bad-query", None, detail="one SELECT at a time is answered, and `;` ends it")]
    try:
        asked = beanquery.parser.parse(text)
        if type(asked).__name__ != "Select":
            return None, [problem("bad-query", None, detail="only SELECT is answered")]
        connection = _connection(ledger, currency)
        cursor = connection.execute(asked)
    except (beanquery.Error, ArithmeticError, TypeError, ValueError) as fault:
        detail = " ".join(str(fault).split()) or type(fault).__name__
        return None, [problem("bad-query", None, detail=detail[:300])]
    names = [str(column.name) for column in cursor.description]
    answered = cursor.fetchall()
    found = [[_cell(value) for value in row] for row in answered]
    columns = [
        Column(
            name, "date" if _are_days(row[at] for row in answered) else _type([row[at] for row in found], ledger.unit)
        )
        for at, name in enumerate(names)
    ]
    rows: list[dict[str, Cell]] = [dict(zip(names, row, strict=True)) for row in found]
    return Table("query", "Query", columns, rows), []


def _several(text: str) -> bool:
    """Whether something follows a `;` outside quotes, which the parser would leave out without a word."""
    outside = re.sub(r"'[^']*'|\"[^\"]*\"", "", text)
    return bool(outside.partition(";")[2].strip())


def _connection(ledger: Ledger, currency: str) -> Any:
    import beanquery  # noqa: PLC0415
    from beancount.parser.options import OPTIONS_DEFAULTS  # noqa: PLC0415
    from beanquery.query_env import ColumnsRegistry  # noqa: PLC0415

    options = {**OPTIONS_DEFAULTS, "operating_currency": [currency]}
    entries = [*_opens(ledger), *_transactions(ledger, currency)]
    connection = beanquery.connect("beancount:", entries=entries, errors=[], options=options)
    table = connection.tables["postings"]
    table.columns = ColumnsRegistry(table.columns)
    for name, kind in (*((name, str) for name in COLUMNS), ("qty", Decimal), ("due", dt.date)):
        if name not in table.columns:
            table.columns.register(kind)(_reader(name))
    connection.tables[None] = table
    return connection


def _reader(name: str) -> Any:
    def read(context: Any) -> Any:
        return context.posting.meta.get(name)

    read.__name__ = name
    return read


def _opens(ledger: Ledger) -> Iterator[Any]:
    from beancount.core import data  # noqa: PLC0415

    day = dt.date.fromisoformat(OPENED)
    for position, (account, role) in enumerate(sorted(ledger.roles.items()), start=1):
        meta = data.new_metadata("ledgers/accounts.bean", position, {"role": role, "code": code_of(account)})
        yield data.Open(meta, day, account, [], None)


def _transactions(ledger: Ledger, currency: str) -> Iterator[Any]:
    from beancount.core import data  # noqa: PLC0415
    from beancount.core.amount import Amount  # noqa: PLC0415

    for _, group in groupby(ledger.connection.execute(_POSTINGS), key=lambda row: row[0]):
        rows = list(group)
        _, date, flag, payee, narration, document, rule, tags, file, position, *_ = rows[0]
        postings = []
        for row in rows:
            account, amount, *values = row[10:]
            meta = dict(
                zip(("item", "qty", "warehouse", "lot", "partner", "document", "due", "side"), values[:-1], strict=True)
            )
            meta["qty"] = None if meta["qty"] is None else ledger.quantity(meta["qty"])
            meta["due"] = dt.date.fromisoformat(meta["due"]) if meta["due"] else None
            meta |= dict(line.split("=", 1) for line in values[-1].split("\n") if line)
            meta = {key: value for key, value in meta.items() if value not in (None, "")}
            meta["role"] = ledger.roles.get(account, "")
            postings.append(data.Posting(account, Amount(ledger.money(amount), currency), None, None, None, meta))
        head = data.new_metadata(f"ledgers/{file}", position, {"document": document, "rule": rule})
        yield data.Transaction(
            head, dt.date.fromisoformat(date), flag, payee, narration, frozenset(tags.split()), frozenset(), postings
        )


def _cell(value: Any) -> Cell:
    """A value of BQL as a cell; amounts and inventories of one currency are numbers."""
    if value is None or isinstance(value, (Decimal, str)):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (set, frozenset, list, tuple)) and not hasattr(value, "_fields"):
        return ", ".join(sorted(map(str, value)))
    if hasattr(value, "is_empty"):  # an inventory: the ledger is kept in one currency
        return sum((position.units.number for position in value), Decimal(0))
    number = getattr(getattr(value, "units", value), "number", None)
    return number if isinstance(number, Decimal) else str(value)


def _are_days(values: Iterable[Any]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(value, dt.date) for value in known)


def _type(cells: list[Cell], unit: Decimal) -> Type:
    known = [cell for cell in cells if cell is not None]
    if known and all(isinstance(cell, Decimal) for cell in known):
        even = [isinstance(cell, Decimal) and cell.same_quantum(unit) for cell in known]
        money = any(even) and all(one or not cell for one, cell in zip(even, known, strict=True))
        return "money" if money else "quantity"
    return "integer" if known and all(isinstance(cell, int) for cell in known) else "text"
