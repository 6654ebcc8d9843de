"""Which rows of the record files belong to closed months, and files with only those of them that are asked for.

A file is looked at up to the last row that belongs to a closed month: as long as that part is as it was, its rows are
blank lines to the reader, but for those that somebody wants. Every row keeps its record number.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from beanstock.carried.codec import Stale
from beanstock.model import Document
from beanstock.records.csvfile import LINE_BREAKS, row_lines
from beanstock.records.expand import is_standard_cost
from beanstock.records.fill import RecordFile, column_name
from beanstock.records.fingerprint import digest
from beanstock.records.kinds import Kinds

Span = tuple[int, int, int, int]  # first record, how many, and where their text begins and ends


@dataclass(frozen=True)
class Known:
    """A file's part that belongs to closed months: its length in characters, hash, and spans that are always read."""

    whole: str  # hash of the whole file
    part: str  # hash of the part
    length: int
    head: int  # where the first record begins
    records: int
    keep: list[Span]

    def form(self) -> list[Any]:
        return [self.whole, self.part, self.length, self.head, self.records, self.keep]

    def holds(self, whole: str, text: str) -> bool:
        """Whether the part is as it was."""
        return whole == self.whole or digest(text[: self.length]) == self.part


def rows_of(document: Document) -> set[tuple[str, int]]:
    """File and record of each row that says something of a document; those that masters stand for have none."""
    if is_standard_cost(document):
        return set()
    return {(document.file, document.record)} | {(line.file, line.record) for line in document.lines}


def row_spans(text: str) -> tuple[int, list[tuple[int, int]]]:
    """Where the first record of a CSV text begins, and where each begins and ends, its line break included."""
    begins = [0, *(match.end() for match in LINE_BREAKS.finditer(text)), len(text)]  # of each line, and the end
    spans = [(begins[first - 1], begins[last]) for first, last in row_lines(text)]
    return (spans[0][0] if spans else len(text)), spans


def runs(records: Iterable[int], spans: list[tuple[int, int]]) -> list[Span]:
    """Records as spans of those that follow each other."""
    found: list[Span] = []
    for record in sorted(records):
        begin, end = spans[record]
        if found and sum(found[-1][:2]) == record:
            first, count, start, _ = found[-1]
            found[-1] = (first, count + 1, start, end)
        else:
            found.append((record, 1, begin, end))
    return found


def continues(one: RecordFile, known: Known, kinds: Kinds) -> bool:
    """Whether the first row behind the known part has no number: it belongs to the row before it, which may not be read."""
    header = next(csv.reader(io.StringIO(one.text[: known.head], newline="")), [])
    columns = [column_name(one.kind, cell.strip(), kinds) for cell in header]
    if "number" not in columns:
        return False
    at = columns.index("number")
    rows = csv.reader(io.StringIO(one.text[known.length :], newline=""))
    try:
        first = next((row for row in rows if any(map(str.strip, row))), None)
    except csv.Error:
        return True
    return first is not None and not "".join(first[at : at + 1]).strip()


class Mask:
    """Takes out of record files what belongs to closed months and nobody wants. Raises Stale where a file has changed."""

    def __init__(self, files: dict[str, Known], kinds: Kinds) -> None:
        self.files = files
        self.kinds = kinds
        self.wanted: dict[str, list[Span]] = {}
        self.seen: set[str] = set()

    def __call__(self, one: RecordFile, hash_: str) -> None:
        """Cut a file's text down; `hash_` is that of its bytes."""
        known = self.files.get(one.shown)
        if known is None:
            return
        self.seen.add(one.shown)
        if not known.holds(hash_, one.text):
            raise Stale(f"{one.shown} has changed")
        wanted = self.wanted.get(one.shown, [])
        if one.form == "yaml":  # such a file is read as a whole, or not at all
            if len(one.text) != known.length:
                raise Stale(f"{one.shown} has changed")
            one.text = one.text if wanted else ""
            return
        if hash_ != known.whole and continues(one, known, self.kinds):
            raise Stale(f"{one.shown} goes on with its last closed document")
        pieces, next_record = [one.text[: known.head]], 0
        for first, count, begin, end in sorted({*map(tuple, wanted), *map(tuple, known.keep)}):
            pieces.append("\n" * (first - next_record))
            pieces.append(one.text[begin:end])
            next_record = first + count
        pieces.append("\n" * (known.records - next_record))
        pieces.append(one.text[known.length :])
        one.text = "".join(pieces)
