"""YAML records: a list of documents, each with its header's columns and `lines:`.

Records count documents and their lines in the order they stand in, so that a problem's place can be found again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from beanstock.files.yamltext import Map, Sequence, parse
from beanstock.model import Document, Line
from beanstock.problems import Place, Problem, problem
from beanstock.records.cells import Typing
from beanstock.records.csvfile import cut_off
from beanstock.records.fill import RecordFile, Step, column_name, fill, near_column
from beanstock.records.kinds import NUMBER_TYPES, Column, Kinds


def read_yaml(one: RecordFile, kinds: Kinds, typing: Typing) -> tuple[list[Document], list[Problem]]:
    """Documents of a YAML file. Problems: bad-yaml, duplicate-key, and those of cells."""
    tree, problems = parse(one.text, one.shown)
    if any(each.severity == "error" for each in problems):
        return [], problems
    problems += cut_off(one.text, one.shown)
    if not isinstance(tree, Sequence):
        return [], [
            *problems,
            problem("bad-form", Place(one.shown, 1, 1), what="a file of documents", form="a list"),
        ]
    documents: list[Document] = []
    for record, node, lines in yaml_records(tree):
        place = Place(one.shown, record=record)
        if not isinstance(node, Map) or not all(isinstance(line, Map) for _, line in lines):
            problems.append(
                problem("bad-form", place, what="a document and each of its lines", form="a mapping of columns")
            )
            continue
        if "lines" in node and not isinstance(node["lines"], Sequence):
            problems.append(problem("bad-form", node.value_place(one.shown, "lines"), what="`lines`", form="a list"))
            continue
        if not lines and (one.kind.prices or any(column.required for column in one.kind.lines.values())):
            problems.append(problem("no-lines", place, document=f"{one.kind.name}/{node.get('number', '')}"))
            continue
        document = Document(one.kind.name, one.shown, record)
        alone = "lines" not in node
        shared: dict[str, str] = {} if alone else _shared(node, one, kinds, problems)
        others = one.kind.lines if alone else {}
        filled = _fill(document, one.kind.header, others, node, record, problems, one, kinds, typing)
        for line_record, line_node in lines:
            line = Line(document, line_record)
            own = {column_name(one.kind, key, kinds) for key in line_node}
            line_node.update({name: text for name, text in shared.items() if name not in own})
            if _fill(
                line,
                one.kind.lines,
                one.kind.header if alone else {},
                line_node,
                line_record,
                problems,
                one,
                kinds,
                typing,
            ):
                document.lines.append(line)
        if filled:
            documents.append(document)
    return documents, problems


def _shared(node: Map, one: RecordFile, kinds: Kinds, problems: list[Problem]) -> dict[str, str]:
    """Columns of lines that stand beside `lines:`, taken out of there: they hold for every line without its own.

    Numbers belong to one line. Problems: bad-form.
    """
    shared: dict[str, str] = {}
    for key in list(node):
        name = column_name(one.kind, key, kinds)
        if name in one.kind.lines and name not in one.kind.header and isinstance(node[key], str):
            if one.kind.lines[name].type in NUMBER_TYPES:
                place = node.key_place(one.shown, key)
                problems.append(problem("bad-form", place, what=f"`{key}`", form="a column of a line, below `lines`"))
            shared[name] = node.pop(key)
    return shared


def yaml_records(tree: Sequence) -> Iterator[tuple[int, Any, list[tuple[int, Any]]]]:
    """Documents with their record number, and their lines with theirs.

    A document without `lines:` is its own only line: the line's columns stand beside the header's.
    """
    record = 0
    for node in tree:
        first = record
        record += 1
        lines = node.get("lines") if isinstance(node, Map) else None
        numbered: list[tuple[int, Any]] = []
        if isinstance(lines, Sequence):
            numbered = [(record + position, line) for position, line in enumerate(lines)]
            record += len(lines)
        elif isinstance(node, Map) and lines is None:
            numbered = [(first, node)]
        yield first, node, numbered


def _fill(
    target: Document | Line,
    columns: dict[str, Column],
    others: dict[str, Column],
    node: Map,
    record: int,
    problems: list[Problem],
    one: RecordFile,
    kinds: Kinds,
    typing: Typing,
) -> bool:
    """Fill from a mapping; `others` are the columns of the other level that may stand in the same mapping."""
    plan: list[Step] = []
    row: list[str] = []
    for key, value in node.items():
        name = column_name(one.kind, key, kinds) or key
        column = columns.get(name)
        if column is None:
            if name == "lines" or name in others or (others and isinstance(target, Document)):
                continue
            column = Column(name, "text")
            problems += near_column(one.kind, key, node.key_place(one.shown, key))
        if not isinstance(value, str):
            problems.append(
                problem("bad-form", node.value_place(one.shown, key), what=f"`{key}`", form="a text or number")
            )
            return False
        if any(written.name == column.name for _, written, _ in plan):
            problems.append(problem("duplicate-column", node.key_place(one.shown, key), column=key))
        plan.append((len(row), column, typing.cells(column)))
        row.append(value)
    written = {column.name for _, column, _ in plan}
    for column in columns.values():
        if column.required and column.name not in written:
            plan.append((len(row), column, typing.cells(column)))
            row.append("")
    return fill(target, plan, row, record, problems, one)
