"""Tables as terminal text, JSON, CSV and Markdown.

Numbers stay numbers: in CSV a text cell that a spreadsheet would take for a formula gets an apostrophe in front, a
number never does.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from decimal import Decimal
from typing import TextIO

from beanstock.render.problems import json_text, safe
from beanstock.table import Cell, Column, Table

FORMS = ("table", "json", "csv", "md")
NUMBERS = frozenset({"money", "quantity", "price", "integer"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(table: Table, form: str, company: str, currency: str, stream: TextIO) -> None:
    """Write a table to a stream in one of FORMS."""
    if form == "json":
        stream.write(as_json(table, company, currency) + "\n")
    elif form == "csv":
        stream.write(as_csv(table))
    elif form == "md":
        stream.write(as_markdown(table))
    elif stream.isatty():
        _on_terminal(table, company, currency, stream)
    else:
        stream.write(as_text(table, company, currency))


def plain(cell: Cell, column: Column) -> str:
    """A cell's data form: decimals without exponents, quantities without trailing zeros, nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        text = f"{cell:f}"
        if column.type in ("quantity", "price") and "." in text:
            text = text.rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return str(cell)


def shown(cell: Cell, column: Column) -> str:
    """A cell for people: thousands separated, zero money as a dash."""
    text = plain(cell, column)
    if isinstance(cell, Decimal) and column.type == "money":
        return f"{cell:,f}" if cell else "-"
    return safe(text)


def as_json(table: Table, company: str, currency: str) -> str:
    """The fixed JSON form: amounts and quantities are strings, dates ISO."""
    types = {column.name: column for column in table.columns}

    def value(name: str, cell: Cell) -> object:
        column = types.get(name) or Column(name, "quantity" if name.endswith("_qty") else "money")
        return plain(cell, column) if isinstance(cell, Decimal) else cell

    tree = {
        "report": table.report,
        "company": company,
        "currency": currency,
        "from": table.start or None,
        "to": table.end or None,
        "columns": [{"name": column.name, "type": column.type} for column in table.columns],
        "rows": [{name: value(name, cell) for name, cell in row.items()} for row in table.rows],
        "totals": {name: value(name, cell) for name, cell in table.totals.items()},
    }
    return json_text(tree)


def as_csv(table: Table) -> str:
    """CSV with the columns' names as header; totals are left to the reader's own sums."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(column.name for column in table.columns)
    for row in table.rows:
        writer.writerow(_csv_cell(row.get(column.name), column) for column in table.columns)
    return out.getvalue()


def _csv_cell(cell: Cell, column: Column) -> str:
    text = plain(cell, column)
    return "'" + text if column.type == "text" and text.startswith(_FORMULA) else text


def as_markdown(table: Table) -> str:
    """A Markdown table; bars in texts are escaped."""
    lines = [f"## {table.title}", ""]
    columns = columns_for_people(table)
    lines.append("| " + " | ".join(heading(column) for column in columns) + " |")
    lines.append("|" + "|".join("---:" if column.type in NUMBERS else "---" for column in columns) + "|")
    for row in _with_totals(table):
        cells = (_indented(row, column).replace("|", "\\|").replace("<", "&lt;") for column in columns)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def as_text(table: Table, company: str, currency: str) -> str:
    """Aligned plain text for pipes and files."""
    columns = columns_for_people(table)
    rows = [[_indented(row, column) for column in columns] for row in _with_totals(table)]
    widths = [max([width(heading(column)), *(width(row[at]) for row in rows)]) for at, column in enumerate(columns)]
    lines = [title(table, company, currency), ""]
    lines.append("  ".join(_pad(heading(column), widths[at], column) for at, column in enumerate(columns)).rstrip())
    lines.append("  ".join("-" * size for size in widths))
    lines += [
        "  ".join(_pad(row[at], widths[at], column) for at, column in enumerate(columns)).rstrip() for row in rows
    ]
    return "\n".join(lines) + "\n"


def columns_for_people(table: Table) -> list[Column]:
    """The columns that say something: not the indentation's level, and none that is blank in every row."""
    return [
        column
        for column in table.columns
        if column.name != "level"
        and (not table.rows or any(row.get(column.name) not in (None, "") for row in table.rows))
    ]


def title(table: Table, company: str, currency: str) -> str:
    """Company, title and period in one line."""
    period = f", {table.start or '…'} to {table.end or '…'}" if table.start or table.end else ""
    return f"{safe(company)}: {table.title}{period} ({currency})"


def heading(column: Column) -> str:
    """A column's heading for people."""
    return column.heading or column.name.replace("_", " ").capitalize()


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _pad(text: str, size: int, column: Column) -> str:
    gap = " " * (size - width(text))
    return gap + text if column.type in NUMBERS else text + gap


def _indented(row: dict[str, Cell], column: Column) -> str:
    text = shown(row.get(column.name), column)
    level = row.get("level")
    return "  " * level + text if column.name == "label" and isinstance(level, int) else text


def _with_totals(table: Table) -> list[dict[str, Cell]]:
    """The rows, and a last one with those totals that have a column."""
    names = {column.name for column in table.columns}
    totals = {name: cell for name, cell in table.totals.items() if name in names}
    if not totals:
        return table.rows
    first = columns_for_people(table)[0].name
    return [*table.rows, {first: "Total", **totals}]


def _on_terminal(table: Table, company: str, currency: str, stream: TextIO) -> None:
    from rich.console import Console  # noqa: PLC0415 only terminals pay for it
    from rich.table import Table as RichTable  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    rich = RichTable(header_style="bold", box=None, pad_edge=False)
    columns = columns_for_people(table)
    for column in columns:
        right = column.type in NUMBERS
        rich.add_column(Text(heading(column)), justify="right" if right else "left", no_wrap=right, overflow="fold")
    body = _with_totals(table)
    for position, row in enumerate(body):
        last = position == len(body) - 1 and len(body) > len(table.rows)
        strong = last or row.get("level") == 0
        rich.add_row(*(Text(_indented(row, column)) for column in columns), style="bold" if strong else "")
    console = Console(file=stream, highlight=False)
    console.print(Text(title(table, company, currency), style="bold"), soft_wrap=True)
    console.print(rich)
