"""Filling documents and lines from cells: what CSV and YAML share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from beanstock.problems import Place, Problem, problem, suggest
from beanstock.records.cells import CellFault, Cells
from beanstock.records.kinds import Column, Kind, Kinds

Step = tuple[int, Column, Cells]  # the position of a cell, its column, and what types it


class Fillable(Protocol):
    """What can be filled: it keeps columns that have no field of their own in `extra`."""

    extra: dict[str, Any] | None


@dataclass(slots=True)
class RecordFile:
    """A file of records: its shown path (relative, with slashes), kind and text."""

    shown: str
    kind: Kind
    form: str
    text: str


def column_name(kind: Kind, name: str, kinds: Kinds) -> str:
    """The declared name of a column that may be written in another language, or nothing."""
    if kind.column(name):
        return name
    for column in (*kind.header, *kind.lines):
        if name in kinds.column_names.get(column, ()):
            return column
    return ""


def near_column(kind: Kind, name: str, place: Place) -> list[Problem]:
    """A warning where an extra column looks like a misspelt one. Problems: near-column."""
    suggestion = suggest(name, [*kind.header, *kind.lines]).strip() if len(name) > 3 else ""
    if not suggestion:
        return []
    return [problem("near-column", place, column=name, kind=kind.name, suggestion=suggestion)]


def fill(
    target: Fillable,
    plan: list[Step],
    row: list[str],
    record: int,
    problems: list[Problem],
    one: RecordFile,
) -> bool:
    """Put a row's cells into a document or line; on a fault, tell all faults of the row and return False."""
    try:
        for position, column, cells in plan:
            value = cells[row[position]]
            if value is None:
                if column.required:
                    missing()
            elif column.field:
                setattr(target, column.field, value)
            elif target.extra is None:
                target.extra = {column.name: value}
            else:
                target.extra[column.name] = value
    except CellFault:
        problems += _faults(plan, row, Place(one.shown, record=record), one.kind)
        return False
    return True


def missing() -> None:
    """A required cell is blank."""
    raise CellFault("missing-value", more="")


def _faults(plan: list[Step], row: list[str], place: Place, kind: Kind) -> list[Problem]:
    problems = []
    for position, column, cells in plan:
        try:
            if cells[row[position]] is None and column.required:
                missing()
        except CellFault as fault:
            facts = {"column": column.name, "kind": kind.name, **fault.facts}
            problems.append(problem(fault.code, place._replace(field=column.name), **facts))
    return problems
