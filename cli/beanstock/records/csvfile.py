"""CSV as comma-separated, strictly quoted rows; anything that could shift or swallow cells is a problem."""

from __future__ import annotations

import csv
import io
import re
from functools import lru_cache

from beanstock.problems import Place, Problem, problem

_QUOTED = r'(?:[^"]|"")*+'  # between the quotes of a cell
LINE_BREAKS = re.compile("\r\n|\n|\r")
SPREADSHEET_LIMITS = frozenset({65_535, 65_536, 1_048_575, 1_048_576})
csv.field_size_limit(1_000_000)


def read_rows(text: str, shown: str) -> tuple[list[str], list[list[str]], list[Problem]]:
    """Header and rows of a CSV text. A blank row, as spreadsheets leave them, is an empty list and keeps its record number.

    Problems: unclosed-quote, wrong-delimiter, duplicate-column, row-length, no-final-newline, row-limit.
    """
    problems: list[Problem] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        rows = list(reader)
    except csv.Error as fault:
        return [], [], [problem("unclosed-quote", Place(shown, *_fault_line(text)), detail=str(fault))]
    stray = stray_quote(text)
    if stray:
        return (
            [],
            [],
            [problem("unclosed-quote", Place(shown, *stray), detail="a quote stands inside a cell that is not quoted")],
        )
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        return [], [], [problem("wrong-delimiter", Place(shown, 1, 1), cell=header[0])]
    for position, name in enumerate(header):
        if name and name in header[:position]:
            problems.append(problem("duplicate-column", Place(shown, 1, 1), column=name))
    nameless = [position for position, name in enumerate(header) if not name]
    width = len(header)
    for record, row in enumerate(rows):
        if len(row) != width:
            if any(cell.strip() for cell in row):
                problems.append(problem("row-length", Place(shown, record=record), cells=len(row), columns=width))
            rows[record] = []
        elif (not row[0] or row[0].isspace()) and not any(map(str.strip, row)):
            rows[record] = []
        elif any(row[position].strip() for position in nameless):
            # a cell below a blank header: most likely a comma without quotes that shifted the row
            problems.append(
                problem("row-length", Place(shown, record=record), cells=width, columns=width - len(nameless))
            )
    problems += cut_off(text, shown)
    if len(rows) in SPREADSHEET_LIMITS:
        problems.append(problem("row-limit", Place(shown), rows=len(rows)))
    return header, rows, problems


def cut_off(text: str, shown: str) -> list[Problem]:
    """A warning where the last line does not end: the file may have been cut off. Problems: no-final-newline."""
    if not text or text.endswith(("\n", "\r")):
        return []
    return [problem("no-final-newline", Place(shown, text.count("\n") + 1, 1))]


def stray_quote(text: str, delimiter: str = ",") -> tuple[int, int] | None:
    """Line and column (1-based) of a quote inside an unquoted cell, which the csv module would keep without a word."""
    row, opened, closed = _patterns(delimiter)
    inside = False  # a quoted cell that goes over several lines
    at, number = 0, 1
    while (quote := text.find('"', at)) >= 0:
        begin = max(text.rfind("\n", at, quote), text.rfind("\r", at, quote), at - 1) + 1
        number += len(LINE_BREAKS.findall(text, at, begin))
        end = LINE_BREAKS.search(text, quote)
        line = text[begin : end.start() if end else len(text)]
        rest = 0
        if inside:
            match = closed.match(line)
            rest = match.end() if match else len(line)
            inside = match is None
        if not inside and not row.fullmatch(line, rest):
            match = opened.fullmatch(line, rest)
            if match is None:
                clean = row.match(line, rest)
                return number, line.find('"', clean.end() if clean else rest) + 1
            inside = True
        if end is None:
            return None
        at, number = end.end(), number + 1
    return None


@lru_cache
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A row or the rest of one; one whose last cell goes on in the next line; and the end of such a cell."""
    mark = re.escape(delimiter)
    cell = f'(?:"{_QUOTED}"(?={mark}|$)|[^"{mark}]*+)'
    # behind the end of a cell that began in a line before, a row goes on with a delimiter
    row = f"{cell}(?:{mark}{cell})*+"
    return re.compile(row), re.compile(f'(?:{cell}{mark})*+"{_QUOTED}'), re.compile(f'{_QUOTED}"(?={mark}|$)')


def row_lines(text: str) -> list[tuple[int, int]]:
    """First and last line (1-based) of each record after the header."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    spans: list[tuple[int, int]] = []
    before = 0
    for _ in reader:
        spans.append((before + 1, reader.line_num))
        before = reader.line_num
    return spans[1:]


def cell_columns(line: str) -> list[int]:
    """The 0-based character position of each cell in a line of CSV text."""
    starts, quoted = [0], False
    for position, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == "," and not quoted:
            starts.append(position + 1)
    return starts


def _fault_line(text: str) -> tuple[int, int]:
    """Where the record begins that csv could not finish: the nearest place that a person can repair."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = 0
    try:
        for _ in reader:
            before = reader.line_num
    except csv.Error:
        pass
    lines = LINE_BREAKS.split(text)
    line = lines[before] if before < len(lines) else ""
    return before + 1, line.find('"') + 1 or 1
