"""What every report returns: typed columns, rows, totals."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Type = Literal["text", "date", "money", "quantity", "price", "integer", "percent"]
Cell = str | Decimal | int | None


@dataclass(frozen=True)
class Column:
    """A column: its name in data, its heading for people, its type."""

    name: str
    type: Type
    heading: str = ""


@dataclass
class Chart:
    """A picture of some columns of a table: bars (one for each row) or lines over the rows."""

    title: str
    label: str
    values: tuple[str, ...]
    kind: Literal["bars", "lines"] = "bars"
    rows: tuple[int, ...] | None = None  # the rows to draw; all of them by default


@dataclass
class Table:
    """A report's result. Rows map column names to cells; amounts are debit positive unless a statement says otherwise.

    `notes` are sentences that the reader needs: assumptions, and what is left out.
    """

    report: str
    title: str
    columns: list[Column]
    rows: list[dict[str, Cell]]
    totals: dict[str, Cell] = field(default_factory=dict)
    start: str = ""
    end: str = ""
    of_day: bool = False  # it says how things are on its last day, whatever its first is
    notes: list[str] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)

    def settle(self, unit: Decimal) -> None:
        """Give every amount of money the decimals of its currency; `unit` is the smallest amount."""
        money = {column.name for column in self.columns if column.type == "money"}
        others = {column.name for column in self.columns if column.type != "money"}
        for name in money:
            for row in self.rows:
                cell = row.get(name)
                if isinstance(cell, Decimal) and not cell.same_quantum(unit):
                    row[name] = cell.quantize(unit)
        for name, cell in self.totals.items():
            if isinstance(cell, Decimal) and name not in others and not name.endswith("_qty"):
                self.totals[name] = cell.quantize(unit)


@dataclass
class Query:
    """What a report is asked for. Days are ISO; blank is open."""

    start: str = ""
    end: str = ""
    account: str = ""
    item: str = ""
    partner: str = ""
    by: tuple[str, ...] = ()
    compare: str = ""
    after_closing: bool = False
    trace: str = ""

    def first(self) -> str:
        return self.start or "0000-00-00"

    def last(self) -> str:
        return self.end or "9999-99-99"

    def before(self) -> str:
        """The day before the period, or a day before everything."""
        return (dt.date.fromisoformat(self.start) - dt.timedelta(days=1)).isoformat() if self.start else "0000-00-00"
