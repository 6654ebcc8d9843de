"""Tables in every form: terminal text, JSON, CSV, Markdown, HTML, XLSX.

Numbers stay numbers: in CSV a text cell that a spreadsheet would take for a formula gets an apostrophe in front, a
number never does.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TextIO

from beanstock.render.cells import (
    NUMBERS,
    Letterhead,
    columns_for_people,
    footnotes,
    heading,
    plain,
    shown_column,
    subtitle,
    with_totals,
)
from beanstock.render.problems import escaped
from beanstock.render.text import as_text
from beanstock.table import Cell, Column, Table

FORMS = ("table", "json", "csv", "md", "html", "xlsx")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(table: Table, form: str, head: Letterhead, stream: TextIO) -> None:
    """Write a table to a stream in one of FORMS; on a terminal it is fitted to its width."""
    if form == "table" and stream.isatty():
        width = shutil.get_terminal_size((80, 24)).columns
        stream.write(as_text(table, head, width, bold="NO_COLOR" not in os.environ))
    elif form == "xlsx":
        stream.flush()
        stream.buffer.write(as_bytes([table], form, head))
        stream.buffer.flush()
    else:
        stream.write(as_bytes([table], form, head).decode("utf-8"))


def as_bytes(tables: list[Table], form: str, head: Letterhead) -> bytes:
    """Tables as the content of a file; only html and xlsx hold more than one."""
    if form == "html":
        from beanstock.render.html import as_html  # noqa: PLC0415 only who asks for it pays

        return as_html(tables, head).encode("utf-8")
    if form == "xlsx":
        from beanstock.render.xlsx import as_xlsx  # noqa: PLC0415 only who asks for it pays

        return as_xlsx(tables, head)
    (table,) = tables
    return {"json": as_json, "csv": as_csv, "md": as_markdown, "table": as_text}[form](table, head).encode("utf-8")


def as_json(table: Table, head: Letterhead) -> str:
    """The fixed JSON form: amounts and quantities are strings, dates ISO. `notes` are there only where there are any."""
    tree: dict[str, object] = {
        "report": table.report,
        "company": head.company,
        "currency": head.currency,
        "from": table.start or None,
        "to": table.end or None,
        "columns": [{"name": column.name, "type": column.type} for column in table.columns],
        "rows": [],
        "totals": {name: _value(name, cell, table) for name, cell in table.totals.items()},
    }
    if table.notes:
        tree["notes"] = table.notes
    encode = json.JSONEncoder(ensure_ascii=False).encode  # indented, it would be ten times slower
    parts = []
    for key, value in tree.items():
        elements = _json_rows(table) if key == "rows" else map(encode, value) if isinstance(value, list) else ()
        listed = ",\n  ".join(elements)
        parts.append(f' "{key}": [\n  {listed}\n ]' if listed else f' "{key}": {encode(value)}')
    return escaped("{\n" + ",\n".join(parts) + "\n}\n")


def _json_rows(table: Table) -> Iterator[str]:
    """Each row as an object. Column by column, because many cells are few texts, and tens of thousands are slow one by one."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    trimmed = {column.name for column in table.columns if column.type in ("quantity", "price")}

    def value(name: str, cell: Cell) -> object:
        return f"{cell:f}" if isinstance(cell, Decimal) and name not in trimmed else _value(name, cell, table)

    names = list(table.rows[0]) if table.rows else []
    if any(list(row) != names for row in table.rows):
        yield from (encode({name: value(name, cell) for name, cell in row.items()}) for row in table.rows)
        return
    columns = []
    for at, name in enumerate(names):
        cells = [row[name] for row in table.rows]
        begin = f"{', ' if at else '{'}{encode(name)}: "
        if name not in trimmed and all(isinstance(cell, Decimal) for cell in cells):
            columns.append([f'{begin}"{text}"' for text in _digits(cells)])
        elif all(isinstance(cell, str) for cell in cells):
            known = {cell: begin + encode(cell) for cell in set(cells)}
            columns.append([known[cell] for cell in cells])
        else:
            columns.append([begin + encode(value(name, cell)) for cell in cells])
    yield from ("".join(parts) + "}" for parts in zip(*columns, strict=True))


def _digits(cells: Iterable[object]) -> Iterator[str]:
    """Decimals without exponents; `str` is four times as fast as a format, and has an exponent for the fewest."""
    return (text if "E" not in (text := str(cell)) else f"{cell:f}" for cell in cells)


def _value(name: str, cell: Cell, table: Table) -> object:
    if not isinstance(cell, Decimal):
        return cell
    column = next((one for one in table.columns if one.name == name), None)
    return plain(cell, column or Column(name, "quantity" if name.endswith("_qty") else "money"))


def as_csv(table: Table, head: Letterhead) -> str:
    """CSV with the columns' names as header; totals are left to the reader's own sums."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(csv_text(column.name) for column in table.columns)
    writer.writerows(zip(*(_csv_column(table, column) for column in table.columns), strict=True))
    return out.getvalue()


def _csv_column(table: Table, column: Column) -> list[str]:
    """A column's cells; the texts of one are few, and looked at once each."""
    cells = [row.get(column.name) for row in table.rows]
    if column.type == "money":
        if all(isinstance(cell, Decimal) for cell in cells):
            return ["0" if text == "-0" else text for text in _digits(cells)]
        return [plain(cell, column) for cell in cells]
    if column.type != "text":
        return [plain(cell, column) for cell in cells]
    if not all(isinstance(cell, str) for cell in cells):
        return [csv_text(plain(cell, column)) for cell in cells]
    known = {cell: csv_text(plain(cell, column)) for cell in set(cells)}
    return [known[cell] for cell in cells]


def csv_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(_FORMULA) else text


def as_markdown(table: Table, head: Letterhead) -> str:
    """A Markdown table; bars in texts are escaped."""
    lines = [f"## {_marked(subtitle(table, head))}", ""]
    columns, rows = columns_for_people(table), with_totals(table, head.language)
    lines.append("| " + " | ".join(_marked(heading(column, head.language)) for column in columns) + " |")
    lines.append("|" + "|".join("---:" if column.type in NUMBERS else "---" for column in columns) + "|")
    cells = [[_marked(text) for text in shown_column(rows, column, head.language)] for column in columns]
    lines += ["| " + " | ".join(row) + " |" for row in zip(*cells, strict=True)]
    below = footnotes(table, head.language)
    return "\n".join([*lines, *([""] if below else []), *(_marked(note) for note in below)]) + "\n"


def _marked(text: str) -> str:
    """A text that Markdown shows as it is; leading blanks stay, so that levels show."""
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return "\u00a0" * (len(escaped) - len(escaped.lstrip(" "))) + escaped.lstrip(" ")
