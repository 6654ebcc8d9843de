"""Tables as a workbook, one sheet each: numbers are numbers with formats, dates are dates, texts are never formulas.

The same tables make the same bytes: nothing in the file says when it was written.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any

import xlsxwriter

from beanstock.render.cells import (
    NUMBERS,
    WORDS,
    Letterhead,
    columns_for_people,
    footnotes,
    heading,
    plain,
    subtitle,
    width,
    with_totals,
    worded,
)
from beanstock.table import Cell, Column, Table

_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 a constant of the file format, no moment
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")  # in names of sheets
_WIDEST, _NARROWEST = 48, 8
_HEADER = 3  # the row of the headings; company, title and a blank row stand above
_FORMATS = {
    "quantity": "#,##0.######",
    "price": "#,##0.00####",
    "percent": "0.0%",
    "integer": "0",
    "date": "yyyy-mm-dd",
}


def as_xlsx(tables: list[Table], head: Letterhead) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book: Any = xlsxwriter.Workbook(out, options)
    book.set_properties({"company": head.company, "created": _MADE})
    formats = _Formats(book)
    for table in tables:
        _sheet(book, formats, table, head)
    book.close()
    return out.getvalue()


class _Formats:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[str, bool, int, bool], Any] = {}

    def get(self, pattern: str, *, bold: bool = False, indent: int = 0, text: bool = False) -> Any:
        key = (pattern, bold, indent, text)
        if key not in self.made:
            properties: dict[str, object] = {"bold": bold, "indent": indent}
            if pattern:
                properties["num_format"] = pattern
            if text:
                properties["quote_prefix"] = True  # stays a text when somebody edits the cell
            self.made[key] = self.book.add_format(properties)
        return self.made[key]


def _sheet(book: Any, formats: _Formats, table: Table, head: Letterhead) -> None:
    sheet = book.add_worksheet(_FORBIDDEN.sub(" ", table.report)[:31])
    sheet.write_string(0, 0, head.company, formats.get("", bold=True))
    sheet.write_string(1, 0, subtitle(table, head), formats.get("", bold=True))
    columns, rows = columns_for_people(table), with_totals(table, head.language)
    for at, column in enumerate(columns):
        words = heading(column, head.language)
        sheet.write_string(
            _HEADER,
            at,
            words,
            book.add_format(
                {"bold": True, "bottom": 1, "text_wrap": True, "align": "right" if column.type in NUMBERS else "left"}
            ),
        )
        widest = max((_width(row.get(column.name)) for row in rows), default=0)
        sheet.set_column(at, at, min(_WIDEST, max(_NARROWEST, widest + 2, max(map(width, words.split())) + 2)))
    for number, row in enumerate(rows, start=_HEADER + 1):
        bold = row.get("level") == 0 or number > _HEADER + len(table.rows)
        for at, column in enumerate(columns):
            _write(sheet, formats, number, at, row, column, head, bold=bold)
    for number, note in enumerate(footnotes(table, head.language), start=_HEADER + 2 + len(rows)):
        sheet.write_string(number, 0, note)
    sheet.freeze_panes(_HEADER + 1, 1)
    sheet.repeat_rows(_HEADER)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _width(cell: Cell) -> int:
    return len(f"{cell:,f}") if isinstance(cell, Decimal) else width(str(cell if cell is not None else ""))


def _write(
    sheet: Any,
    formats: _Formats,
    row: int,
    at: int,
    cells: dict[str, Cell],
    column: Column,
    head: Letterhead,
    *,
    bold: bool,
) -> None:
    cell = cells.get(column.name)
    if cell is None or cell == "":
        return
    if isinstance(cell, Decimal):
        sheet.write_number(row, at, _scaled(cell, column), formats.get(_pattern(cell, column), bold=bold))
    elif isinstance(cell, int):
        sheet.write_number(row, at, cell, formats.get(_FORMATS["integer"], bold=bold))
    elif column.type == "date" and (day := _day(cell)) is not None:
        sheet.write_datetime(row, at, day, formats.get(_FORMATS["date"], bold=bold))
    else:
        text = worded(cell, head.language) if column.name in WORDS else cell
        level = cells.get("level")
        indent = level if column.name == "label" and isinstance(level, int) else 0
        sheet.write_string(row, at, text, formats.get("", bold=bold, indent=indent, text=text[:1] in "=+-@\t\r"))


def _scaled(cell: Decimal, column: Column) -> Decimal:
    if column.type == "money":
        return cell
    return Decimal(plain(cell / 100 if column.type == "percent" else cell, Column(column.name, "quantity")))


def _pattern(cell: Decimal, column: Column) -> str:
    """Money shows the decimals that its currency has."""
    if column.type in _FORMATS:
        return _FORMATS[column.type]
    exponent = cell.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
