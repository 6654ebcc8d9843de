"""The records folder to masters and documents.

Each file becomes a plan (which cell fills which field through which typed dictionary), and the plan runs over the
rows. A row that cannot be typed is run again cell by cell, so that all its faults are told at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from beanstock.files.decode import HIDDEN_OR_BREAK, decode, read_bytes
from beanstock.model import Document, Line, Masters, Warehouse
from beanstock.problems import Place, Problem, problem, suggest
from beanstock.records.cells import Typing, composed
from beanstock.records.csvfile import read_rows
from beanstock.records.expand import expanded
from beanstock.records.fill import RecordFile, Step, column_name, fill, near_column
from beanstock.records.identity import assemble
from beanstock.records.kinds import Column, Kind, Kinds
from beanstock.records.masters import read_masters
from beanstock.records.yamlfile import read_yaml

FINEST = 3  # no currency has more decimals
_SUFFIXES = {".csv": "csv", ".yaml": "yaml", ".yml": "yaml"}


@dataclass(slots=True)
class Records:
    """All that the records folder says, and the sha256 of each file it was read from."""

    masters: Masters = field(default_factory=Masters)
    documents: list[Document] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    finer: bool = False  # whether amounts have more decimals than the books' currency


def read_records(
    folder: Path, kinds: Kinds, money_decimals: int, cut: Callable[[RecordFile, str], None] | None = None
) -> tuple[Records, list[Problem]]:
    """Every record below `folder`, typed and identified. Problems: all codes of records/ (see the catalogue).

    `cut` is given each file of documents with its hash, and may take out of its text what need not be read.
    """
    records = Records()
    files, problems = find_files(folder, kinds, records.hashes)
    for one in files if cut is not None else ():
        if cut is not None and one.kind.name in kinds.documents:
            cut(one, records.hashes[one.shown])
    masters, found = read_masters([one for one in files if one.kind.name in kinds.masters], kinds, money_decimals)
    problems += found
    masters.warehouses.setdefault("main", Warehouse("main"))
    records.masters = masters
    typing = Typing(masters, kinds.words, money_decimals, chosen=kinds.chosen, finest=FINEST)
    documents: list[Document] = []
    for one in files:
        if one.text and one.kind.name in kinds.documents:
            read, found = read_file(one, kinds, typing)
            documents += read
            problems += found
        one.text = ""
    records.finer = typing.finer
    records.documents, found = assemble([*documents, *expanded(masters)], kinds)
    return records, problems + found


def read_master_records(folder: Path, kinds: Kinds, money_decimals: int) -> Masters:
    """The masters alone, for reports; what is wrong with them is told by post and check."""
    files, _ = find_files(folder, kinds, {}, kinds.masters)
    return read_masters(files, kinds, money_decimals)[0]


def read_some_records(
    folder: Path, kinds: Kinds, money_decimals: int, masters: Masters, only: Container[str]
) -> list[Document]:
    """The documents of some kinds alone, for reports; what is wrong with them is told by post and check."""
    typing = Typing(masters, kinds.words, money_decimals, chosen=kinds.chosen)
    files, _ = find_files(folder, kinds, {}, only)
    return assemble([document for one in files for document in read_file(one, kinds, typing)[0]], kinds)[0]


def find_files(
    folder: Path, kinds: Kinds, hashes: dict[str, str], only: Container[str] | None = None
) -> tuple[list[RecordFile], list[Problem]]:
    """The readable record files below a folder, in the order of their names; `only` of some kinds, where given.

    Problems: unknown-kind, outside-books, ignored-file and empty-file.
    """
    files: list[RecordFile] = []
    problems: list[Problem] = []
    for path, shown in _walk(folder):
        form = _SUFFIXES.get(path.suffix.lower())
        if HIDDEN_OR_BREAK.search(shown):
            printable = shown.encode("utf-8", "replace").decode()
            problems.append(problem("not-text", Place(printable), detail="its name holds what is no text"))
            continue
        if path.is_dir() or (form is None and path.is_symlink()):
            problems.append(problem("outside-books" if path.is_symlink() else "ignored-file", Place(shown), path=shown))
            continue
        if form is None:
            if path.suffix.lower() != ".md":
                problems.append(problem("ignored-file", Place(shown), path=shown))
            continue
        first = path.relative_to(folder).parts[0]
        name = first if path.parent != folder else path.stem
        kind = kinds.by_name(name)
        if kind is None:
            known = kinds.known()
            facts = {"name": name, "known": ", ".join(known), "suggestion": suggest(name, known)}
            problems.append(problem("unknown-kind", Place(shown), **facts))
            continue
        if only is not None and kind.name not in only:
            continue
        data, found = read_bytes(path, shown, folder)
        text, more = ("", []) if found else decode(data, shown)
        problems += found + more
        hashes[shown] = hashlib.sha256(data).hexdigest()
        if not data and not found:
            problems.append(problem("empty-file", Place(shown)))
        elif text:
            files.append(RecordFile(shown, kind, form, text))
    return files, problems


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    """Files below a folder; folders only where they are links, which are not followed, or look like files."""
    if folder.is_dir():
        for path in sorted(folder.rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if not hidden and (not path.is_dir() or path.is_symlink() or path.suffix.lower() in _SUFFIXES):
                yield path, f"records/{path.relative_to(folder).as_posix()}"


def read_file(one: RecordFile, kinds: Kinds, typing: Typing) -> tuple[list[Document], list[Problem]]:
    """Documents of one file; those of a grouped kind come one per row and are joined by `assemble`."""
    if one.form == "yaml":
        return read_yaml(one, kinds, typing)
    header, rows, problems = read_rows(one.text, one.shown)
    if not header:
        return [], problems
    plan, found = make_plan(one.kind, header, kinds, typing, one.shown)
    if found and any(each.severity == "error" for each in found):
        return [], problems + found
    documents, more = _read_csv_rows(one, plan, rows)
    return documents, problems + found + more


@dataclass(slots=True)
class Plan:
    """Which cell of a row fills which column, in header and line."""

    header: list[Step]
    lines: list[Step]
    number: int  # position of the document number, -1 in kinds without


def make_plan(kind: Kind, header: list[str], kinds: Kinds, typing: Typing, shown: str) -> tuple[Plan, list[Problem]]:
    """The plan for a CSV header. Problems: missing-column, near-column, duplicate-column."""
    problems: list[Problem] = []
    positions: dict[str, int] = {}
    extra: list[tuple[int, str]] = []
    for position, name in enumerate(header):
        column = column_name(kind, name, kinds)
        if column:
            if column in positions:
                problems.append(problem("duplicate-column", _header_place(shown, header, position), column=name))
            positions[column] = position
        elif name:
            extra.append((position, name))
            problems += near_column(kind, name, _header_place(shown, header, position))
    for wanted in (*kind.header.values(), *kind.lines.values()):
        if wanted.required and wanted.name not in positions:
            others = kinds.column_names.get(wanted.name, ())
            also = f" ({', '.join(others)})" if others else ""
            problems.append(
                problem("missing-column", Place(shown, 1, 1), column=wanted.name, kind=kind.name, also=also)
            )
    text = typing.by_type["text"]
    header_steps = [(positions[c.name], c, typing.cells(c)) for c in kind.header.values() if c.name in positions]
    line_steps = [(positions[c.name], c, typing.cells(c)) for c in kind.lines.values() if c.name in positions]
    line_steps += [(position, Column(name, "text"), text) for position, name in extra]
    return Plan(header_steps, line_steps, positions.get("number", -1)), problems


def _header_place(shown: str, header: list[str], position: int) -> Place:
    """Where a header cell stands, as far as no cell before it is quoted."""
    before = sum(len(name) + 1 for name in header[:position])
    return Place(shown, 1, before + 1, width=max(1, len(header[position])))


def _read_csv_rows(one: RecordFile, plan: Plan, rows: list[list[str]]) -> tuple[list[Document], list[Problem]]:
    problems: list[Problem] = []
    documents: dict[object, Document] = {}
    first_rows: dict[object, tuple[object, list[str]]] = {}  # with the cells that all rows share
    kind, number, header_only = one.kind, plan.number, _header_only(one.kind, plan)
    head = itemgetter(*header_only) if header_only else len  # nothing to compare: any two rows are alike
    marks = [position for position, column, _ in plan.header if column.field in ("number", "partner")]
    mark = itemgetter(*marks) if marks else len
    last: object = None  # the cells that named the document of the row before: the same cells name it again
    document: Document | None = None
    key: object = None
    by_number: dict[str, object] = {}  # further rows may leave the partner blank
    for record, row in enumerate(rows):
        if not row:
            continue
        if number < 0:
            key = record
        elif row[number] and not row[number].isspace():
            if mark(row) != last:
                last = mark(row)
                key = _identity(kind, row, plan, by_number)
        elif document is None or any(row[position].strip() for position in header_only):
            problems.append(
                problem(
                    "missing-value",
                    Place(one.shown, record=record, field="number"),
                    column="number",
                    kind=kind.name,
                    more="",
                )
            )
            continue
        found = documents.get(key)
        if found is None:
            document = Document(kind.name, one.shown, record)
            if not fill(document, plan.header, row, record, problems, one):
                document.kind = ""  # marked as unreadable: further rows join it, nobody uses it
            documents[key] = document
            first_rows[key] = (head(row), row)
        else:
            document = found
            shared, first = first_rows[key]
            if head(row) != shared:
                problems += _conflicts(first, row, header_only, one, record, plan)
        line = Line(document, record)
        if fill(line, plan.lines, row, record, problems, one):
            document.lines.append(line)
    return [document for document in documents.values() if document.kind], problems


def _identity(kind: Kind, row: list[str], plan: Plan, by_number: dict[str, object]) -> object:
    """What tells documents of one file apart: the number, with the partner where numbers are the partner's."""
    if "partner" not in kind.identity:
        return composed(row[plan.number])
    partner = next((composed(row[position]) for position, column, _ in plan.header if column.field == "partner"), "")
    number = composed(row[plan.number])
    if partner or number not in by_number:
        by_number[number] = (partner, number)
    return by_number[number]


def _header_only(kind: Kind, plan: Plan) -> list[int]:
    return [
        position for position, column, _ in plan.header if column.name not in kind.lines and position != plan.number
    ]


def _conflicts(
    first: list[str], row: list[str], positions: list[int], one: RecordFile, record: int, plan: Plan
) -> list[Problem]:
    problems = []
    for position in positions:
        cell = row[position]
        if cell and cell != first[position] and composed(cell) != composed(first[position]):
            column = next(column.name for at, column, _ in plan.header if at == position)
            place = Place(one.shown, record=record, field=column)
            problems.append(
                problem(
                    "conflicting-header",
                    place,
                    column=column,
                    one=cell.strip(),
                    other=first[position].strip(),
                    number=row[plan.number].strip(),
                )
            )
    return problems
