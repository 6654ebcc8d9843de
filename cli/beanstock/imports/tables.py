"""Foreign tables: files found by name, decoded, and read as rows of text."""

from __future__ import annotations

import csv
import fnmatch
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from beanstock.files.decode import decode, read_bytes
from beanstock.imports.mapping import Mapping, Source
from beanstock.problems import Place, Problem, problem
from beanstock.records.csvfile import stray_quote


@dataclass
class Table:
    """A foreign table in memory: its columns' positions and its rows."""

    source: Source
    shown: str
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[list[str]] = field(default_factory=list)
    claimed: bytearray = field(default_factory=bytearray)  # by row, whether an entry took or skipped it


def read_tables(mapping: Mapping, files: Iterable[Path]) -> tuple[dict[str, Table], list[str], list[Problem]]:
    """Tables by the mapping's names, and the files that it does not know.

    Problems: cannot-read, not-text, unclosed-quote, duplicate-column, row-length.
    """
    unmapped: list[str] = []
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for path in sorted(files, key=lambda path: path.name):
        source = next((one for one in mapping.sources.values() if fnmatch.fnmatchcase(path.name, one.pattern)), None)
        if source is None:
            unmapped.append(path.name)
            continue
        table, found = _read(path, source)
        problems += found
        if source.name in tables and table.columns == tables[source.name].columns:
            tables[source.name].rows += table.rows
        else:
            tables[source.name] = table
    for table in tables.values():
        table.claimed = bytearray(len(table.rows))
    return tables, unmapped, problems


def _read(path: Path, source: Source) -> tuple[Table, list[Problem]]:
    table = Table(source, path.name)
    data, problems = read_bytes(path, path.name)
    if source.encoding and not problems:
        try:
            text = data.decode(source.encoding)
        except (ValueError, LookupError) as fault:  # codecs raise several kinds of both
            return table, [problem("not-text", Place(path.name), detail=str(fault))]
    else:
        text, found = decode(data, path.name)
        problems += found
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=source.delimiter, strict=True)
        header = [cell.strip() for cell in next(rows, [])]
        table.rows = list(rows)
    except csv.Error as fault:
        return table, [*problems, problem("unclosed-quote", Place(path.name, 1, 1), detail=str(fault))]
    stray = stray_quote(text, source.delimiter)
    if stray:
        detail = "a quote stands inside a cell that is not quoted"
        return table, [*problems, problem("unclosed-quote", Place(path.name, *stray), detail=detail)]
    names = [source.columns.get(name, name) for name in header]
    problems += [
        problem("duplicate-column", Place(path.name, 1, 1), column=name)
        for position, name in enumerate(names)
        if name and name in names[:position]
    ]
    nameless = [position for position, name in enumerate(names) if not name]
    table.columns = {name: position for position, name in enumerate(names)}
    for record, row in enumerate(table.rows):
        if len(row) != len(header):
            if any(cell.strip() for cell in row):
                problems.append(
                    problem("row-length", Place(path.name, record + 2, 1), cells=len(row), columns=len(header))
                )
            table.rows[record] = [""] * len(header)
        elif nameless and any(row[position].strip() for position in nameless):
            columns = len(header) - len(nameless)
            problems.append(problem("row-length", Place(path.name, record + 2, 1), cells=len(row), columns=columns))
    return table, problems
