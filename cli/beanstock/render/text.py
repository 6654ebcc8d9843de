"""Tables as aligned text: as wide as they are for pipes and files, fitted to the width of a terminal.

Where a table is too wide, headings break at words first, then texts give way, and what still does not fit stands in a
second block below that repeats the first column. Numbers are never cut.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from beanstock.render.cells import (
    NUMBERS,
    Letterhead,
    columns_for_people,
    footnotes,
    heading,
    shown_column,
    title,
    widest,
    width,
    with_totals,
)
from beanstock.table import Table

GAP = 2
NARROWEST = 10  # columns that a text keeps at least, where it has so much to say
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_WORDS = re.compile(r"\d{4}-\d\d-\d\d[.,:]?|\s+|[^\s:/,-]*[:/,-]|[^\s:/,-]+")


@dataclass
class _Laid:
    """One column laid out: its heading and cells as text, and the width it is given."""

    heading: str
    cells: list[str]
    right: bool
    size: int = 0
    least: int = 0
    natural: int = 0


def as_text(table: Table, head: Letterhead, limit: int = 0, *, bold: bool = False) -> str:
    """A table as text lines, none wider than `limit` (0: any width), in bold where lines are sums."""
    rows = with_totals(table, head.language)
    laid = []
    for column in columns_for_people(table):
        one = _Laid(heading(column, head.language), shown_column(rows, column, head.language), column.type in NUMBERS)
        needed = widest(one.cells)
        one.size = one.natural = max(needed, width(one.heading))
        word = max((width(part) for part in one.heading.split()), default=0)
        one.least = max(word, needed if one.right else min(needed, NARROWEST))
        laid.append(one)
    strong = {at for at, row in enumerate(rows) if row.get("level") == 0 or at >= len(table.rows)} if bold else set()
    lines = _wrapped(title(table, head), limit)
    if bold:
        lines = [f"{_BOLD}{line}{_PLAIN}" for line in lines]
    for block in _blocks(laid, limit):
        lines.append("")
        lines += _block(block, strong, bold=bold)
    below = [line for note in footnotes(table, head.language) for line in _wrapped(note, limit)]
    return "\n".join([*lines, *([""] if below else []), *below]) + "\n"


def _blocks(laid: list[_Laid], limit: int) -> list[list[_Laid]]:
    """The columns side by side, narrowed to fit; in several blocks where they cannot."""
    if not limit or _total(laid) <= limit:
        return [laid]
    for one in laid:
        if one.right:
            one.size = one.least
    _narrow(laid, limit)
    if _total(laid) <= limit:
        return [laid]
    for one in laid:  # there is room now
        one.size = one.least if one.right else max(one.least, min(one.natural, limit // 3))
    first, rest = laid[0], laid[1:]
    blocks: list[list[_Laid]] = [[first]]
    for one in rest:
        if len(blocks[-1]) > 1 and _total([*blocks[-1], one]) > limit:
            blocks.append([first])
        blocks[-1].append(one)
    return blocks


def _narrow(laid: list[_Laid], limit: int) -> None:
    """Take width from the widest texts until the columns fit, or none can give any more."""
    while _total(laid) > limit:
        giving = [one for one in laid if not one.right and one.size > one.least]
        if not giving:
            return
        widest = max(giving, key=lambda one: one.size)
        others = [one.size for one in giving if one is not widest]
        down_to = max([widest.least, *(size for size in others if size < widest.size)])
        widest.size = max(down_to, widest.size - max(1, _total(laid) - limit))


def _total(laid: list[_Laid]) -> int:
    return sum(one.size for one in laid) + GAP * (len(laid) - 1)


def _block(laid: list[_Laid], strong: set[int], *, bold: bool) -> list[str]:
    """The lines of columns side by side."""
    gap = " " * GAP
    heads = [_wrapped(one.heading, one.size) for one in laid]
    tallest = max(map(len, heads), default=1)
    lines = []
    for at in range(tallest):
        parts = [
            _padded(own[at - tallest + len(own)] if at >= tallest - len(own) else "", one)
            for own, one in zip(heads, laid, strict=True)
        ]
        line = gap.join(parts).rstrip()
        lines.append(f"{_BOLD}{line}{_PLAIN}" if bold else line)
    lines.append(gap.join("-" * one.size for one in laid))
    padded, tall = [], False
    for one in laid:
        cells, several = _padded_column(one)
        padded.append(cells)
        tall = tall or several
    if not tall and not strong:
        return lines + [line.rstrip() for line in map(gap.join, zip(*padded, strict=True))]
    for at, row in enumerate(zip(*padded, strict=True)):
        made = _tall(row, laid) if tall else [gap.join(map(str, row)).rstrip()]
        lines += [f"{_BOLD}{line}{_PLAIN}" for line in made] if at in strong else made
    return lines


def _padded_column(one: _Laid) -> tuple[Sequence[str | list[str]], bool]:
    """A column's cells at its width, and whether some are lists, because they take several lines."""
    size = one.size
    if all(map(str.isascii, one.cells)) and max(map(len, one.cells), default=0) <= size:
        pad = str.rjust if one.right else str.ljust
        return [pad(text, size) for text in one.cells], False
    cells = [
        _padded(text, one) if width(text) <= size else [_padded(line, one) for line in _wrapped(text, size)]
        for text in one.cells
    ]
    return cells, any(isinstance(cell, list) for cell in cells)


def _tall(cells: tuple[str | list[str], ...], laid: list[_Laid]) -> list[str]:
    """A row of several lines."""
    several = [cell if isinstance(cell, list) else [cell] for cell in cells]
    return [
        (" " * GAP)
        .join(own[at] if at < len(own) else " " * one.size for own, one in zip(several, laid, strict=True))
        .rstrip()
        for at in range(max(map(len, several)))
    ]


def _padded(text: str, one: _Laid) -> str:
    gap = " " * (one.size - width(text))
    return gap + text if one.right else text + gap


def _wrapped(text: str, size: int) -> list[str]:
    """A text in lines of at most so many columns, broken at blanks and at `:`, `/`, `,`, `-` where that is possible."""
    if not size or width(text) <= size:
        return [text]
    indent = text[: len(text) - len(text.lstrip())][: size // 2]
    lines, line = [], indent
    for part in _WORDS.findall(text.strip()):
        if width(line + part.rstrip()) > size and line.strip():
            lines.append(line.rstrip())
            line = indent
        if part.isspace() and not line.strip():
            continue
        for character in part:
            if width(line + character) > size and not character.isspace():
                lines.append(line.rstrip())
                line = indent
            line += character
    return [*lines, line.rstrip()]
