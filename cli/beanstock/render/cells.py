"""Cells, columns and titles as text: once for programs (`plain`), once for people (`shown`)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from beanstock.files.decode import HIDDEN_OR_BREAK
from beanstock.render.problems import safe
from beanstock.render.sentences import sentence
from beanstock.render.words import said, said_heading
from beanstock.table import Cell, Column, Table

NUMBERS = frozenset({"money", "quantity", "price", "integer", "percent"})
# columns whose cells are the program's own words
WORDS = frozenset(
    {"aging", "label", "measure", "unit", "flow", "status", "gap", "box", "state", "formula"}
) | frozenset({"part", "used", "change", "why", "origin", "severity"})
_BLANK: tuple[Cell, ...] = (None, "")
_TRIMMED = frozenset({"quantity", "price"})


@dataclass(frozen=True)
class Letterhead:
    """Whose tables these are, and the language that people read them in."""

    company: str
    currency: str
    language: str = "en"


def plain(cell: Cell, column: Column) -> str:
    """A cell's data form: decimals without exponents, quantities without trailing zeros, nothing for None."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        text = f"{cell:f}"
        if column.type in _TRIMMED and "." in text:
            text = text.rstrip("0").rstrip(".")
        return "0" if text == "-0" else text
    return str(cell)


def shown(cell: Cell, column: Column, language: str = "en") -> str:
    """A cell for people: thousands separated, zero money as a dash."""
    if isinstance(cell, Decimal):
        if column.type == "money":
            return f"{cell:,f}" if cell else "-"
        return f"{cell:f} %" if column.type == "percent" else plain(cell, column)
    text = safe(plain(cell, column))
    return worded(text, language) if column.name in WORDS else text


def worded(text: str, language: str) -> str:
    """The program's own words, or a sentence, in a language."""
    other = said(text, language)
    return sentence(text, language) if other == text else other


def shown_column(rows: list[dict[str, Cell]], column: Column, language: str) -> list[str]:
    """A whole column for people; tens of thousands of cells are cheaper this way than one by one."""
    name = column.name
    cells = [row.get(name) for row in rows]
    if column.type == "money":
        return [(f"{cell:,f}" if cell else "-") if isinstance(cell, Decimal) else str(cell or "") for cell in cells]
    if column.type in ("text", "date") and name not in WORDS:
        texts = [cell if isinstance(cell, str) else "" if cell is None else plain(cell, column) for cell in cells]
        return [safe(text) for text in texts] if HIDDEN_OR_BREAK.search("".join(texts)) else texts
    if column.type == "text" and name != "label":  # few words, repeated
        known = {cell: shown(cell, column, language) for cell in set(cells)}
        return [known[cell] for cell in cells]
    found = [shown(cell, column, language) for cell in cells]
    if name == "label":
        levels = (row.get("level") for row in rows)
        return [
            "  " * level + text if isinstance(level, int) else text for level, text in zip(levels, found, strict=True)
        ]
    return found


def columns_for_people(table: Table) -> list[Column]:
    """The columns that say something: not the indentation's level, and none that is blank in every row."""
    return list(_speaking(table))


def _speaking(table: Table) -> Iterator[Column]:
    for column in table.columns:
        name = column.name
        if name != "level" and (not table.rows or any(row.get(name) not in _BLANK for row in table.rows)):
            yield column


def title(table: Table, head: Letterhead) -> str:
    """Company, title and period in one line."""
    return f"{safe(head.company)}: {subtitle(table, head)}"


def subtitle(table: Table, head: Letterhead) -> str:
    """Title and period."""
    period = ""
    if table.of_day and table.end:
        period = f", {said('on', head.language)} {table.end}"
    elif table.start or table.end:
        period = f", {table.start or '…'} {said('to', head.language)} {table.end or '…'}"
    return f"{safe(worded(table.title, head.language))}{period} ({head.currency})"


def heading(column: Column, language: str = "en") -> str:
    """A column's heading for people."""
    return safe(said_heading(column.heading or column.name.replace("_", " ").capitalize(), column.type, language))


def with_totals(table: Table, language: str = "en") -> list[dict[str, Cell]]:
    """The rows, and a last one with those totals that have a column."""
    names = {column.name for column in table.columns}
    totals = {name: cell for name, cell in table.totals.items() if name in names}
    if not totals:
        return table.rows
    first = next(_speaking(table)).name
    return [*table.rows, {first: said("Total", language), **totals}]


def footnotes(table: Table, language: str = "en") -> list[str]:
    """What stands below a table: the totals that have no column, as far as they are not zero, and the notes."""
    names = {column.name for column in table.columns}
    parts = [
        f"{heading(column, language)}: {shown(cell, column, language)}"
        for name, cell in table.totals.items()
        if name not in names and cell
        for column in [Column(name, "quantity" if name.endswith("_qty") else "money")]
    ]
    return ([" · ".join(parts)] if parts else []) + [safe(sentence(note, language)) for note in table.notes]


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def widest(texts: list[str]) -> int:
    """The columns that the widest of many texts takes."""
    if all(map(str.isascii, texts)):
        return max(map(len, texts), default=0)
    return max(map(width, texts), default=0)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
