"""Running a mapping: foreign rows through one generated function per entry of `records`.

Nothing is dropped silently: a row that becomes nothing is counted under its reason, and a row that no entry wants is
counted, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, DivisionUndefined
from pathlib import Path
from typing import Any

from beanstock.expressions.compiler import Compiler, Name, Scope
from beanstock.expressions.functions import joined
from beanstock.expressions.tree import ExpressionFault, parse_expression
from beanstock.expressions.types import is_numeric
from beanstock.files.typed import Text
from beanstock.imports.functions import (
    IMPORT_FUNCTIONS,
    ForeignFault,
    Lookup,
    Memo,
    to_day,
    to_number,
    to_text,
    to_time,
)
from beanstock.imports.mapping import Mapping, Spec
from beanstock.imports.tables import Table, read_tables
from beanstock.model import ZERO
from beanstock.problems import Place, Problem, problem, suggest

CENT = Decimal("0.01")


@dataclass
class Count:
    """What became of the rows of one entry. Sums are exact; `rounded` sums each row rounded half up to cents."""

    label: str
    kind: str
    taken: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    exact: Decimal = ZERO
    rounded: Decimal = ZERO
    skipped_exact: Decimal = ZERO
    controlled: bool = False


@dataclass
class Block:
    """Record lines with the same columns."""

    columns: tuple[str, ...]
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class Converted:
    """The records that foreign files became, by kind, and the account of every row."""

    blocks: dict[str, list[Block]] = field(default_factory=dict)
    counts: list[Count] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    unclaimed: dict[str, int] = field(default_factory=dict)  # rows by table that no entry wants


def convert(
    mapping: Mapping, files: Iterable[Path], told: Callable[[str], None] | None = None
) -> tuple[Converted, list[Problem]]:
    """Records of foreign files; `told` hears what is being made.

    Problems: import-row, those of tables, and unknown-name and others of the mapping.
    """
    converted = Converted()
    tables, converted.unmapped, problems = read_tables(mapping, files)
    for spec in mapping.specs:
        table = tables.get(spec.source)
        if told is not None:
            told(spec.label)
        if table is not None:
            problems += _convert(spec, table, tables, converted, mapping)
    for name in dict.fromkeys(spec.source for spec in mapping.specs):
        rest = tables[name].claimed.count(0) if name in tables else 0
        if rest:
            converted.unclaimed[name] = rest
    return converted, problems


def _convert(
    spec: Spec, table: Table, tables: dict[str, Table], converted: Converted, mapping: Mapping
) -> list[Problem]:
    problems: list[Problem] = []
    function = _compile(spec, table, tables, mapping, problems)
    if function is None or problems:
        return problems
    count = Count(spec.label, spec.kind, controlled=spec.control is not None)
    converted.counts.append(count)
    block = Block(tuple(spec.columns))
    converted.blocks.setdefault(spec.kind, []).append(block)
    number = block.columns.index("number") if spec.first else 0
    kept = [block.columns.index(column) for column in spec.first]
    firsts: dict[str, list[str]] = {}
    for record, row in enumerate(table.rows):
        try:
            reason, cells, control = function(row)
            made = [cell if cell.__class__ is str else to_text(cell) for cell in cells]
            rounded = control.quantize(CENT, ROUND_HALF_UP) if control else ZERO
        except (ForeignFault, ArithmeticError, KeyError, ValueError, TypeError, re.error) as fault:
            place = Place(table.shown, record + 2, 1, excerpt=",".join(row))
            problems.append(problem("import-row", place, detail=_why(fault), mapping=mapping.shown))
            continue
        if reason is None:
            continue
        table.claimed[record] = 1
        if reason:
            if reason != NAMED_BEFORE:
                count.skipped[reason] = count.skipped.get(reason, 0) + 1
                count.skipped_exact += control
            continue
        count.taken += 1
        if control:
            count.exact += control
            count.rounded += rounded
        if kept:
            first = firsts.setdefault(made[number], made)
            for position in kept:
                made[position] = first[position]
        block.rows.append(made)
    return problems


def _why(fault: Exception) -> str:
    """Why a row cannot be worked out, in words."""
    if isinstance(fault, DivisionByZero | DivisionUndefined):
        return "a division by zero"
    if isinstance(fault, KeyError):
        return f"there is no table {fault}"
    if isinstance(fault, (ValueError, re.error)):
        return f"an argument of a function is wrong: {fault}"
    if isinstance(fault, ForeignFault) or str(fault).startswith("`"):
        return str(fault)
    return "a number is too large" if isinstance(fault, ArithmeticError) else f"an expression cannot use it: {fault}"


# a reason (None: the entry does not want the row, "": it takes it), the cells, and the control amount
Row = Callable[[list[str]], tuple[str | None, tuple[Any, ...], Decimal]]
NAMED_BEFORE = "named before"


class _Scope:
    """Names of a row (`r`), of the rows joined to it, and of `let`; a joined row's bare name asks whether it is there."""

    def __init__(self, table: Table, joined: dict[str, Table], lets: dict[str, Name]) -> None:
        self.table = table
        self.joined = joined
        self.lets = lets

    def resolve(self, path: tuple[str, ...]) -> Name | None:
        if len(path) == 1 and path[0] in self.lets:
            return self.lets[path[0]]
        if len(path) == 1 and path[0] in self.table.columns:
            return Name(f"r[{self.table.columns[path[0]]}]", "text")
        if path[0] in self.joined and len(path) == 1:
            return Name(f"(j_{path[0]} is not None)", "boolean")
        if path[0] in self.joined and len(path) == 2 and path[1] in self.joined[path[0]].columns:
            return Name(f"(j_{path[0]}[{self.joined[path[0]].columns[path[1]]}] if j_{path[0]} else '')", "text")
        return None

    def names(self) -> Iterable[str]:
        yield from self.lets
        yield from self.table.columns
        for name, table in self.joined.items():
            yield from (f"{name}.{column}" for column in table.columns)

    def element(self, collection: str) -> tuple[str, Scope] | None:
        return None


class _Writer:
    """Writes the function of one entry."""

    def __init__(self, spec: Spec, table: Table, mapping: Mapping, problems: list[Problem]) -> None:
        self.spec = spec
        self.problems = problems
        self.scope = _Scope(table, {}, {})
        self.constants: dict[str, object] = {}
        self.lines = ["def convert(r):"]
        self.names: dict[str, object] = {
            "NUMBER": Memo(to_number),
            "DAY": Memo(to_day),
            "TIME": Memo(to_time),
            "ZERO": ZERO,
            "JOIN": joined,
            "LOOKUP": Lookup(mapping.tables),
            "SEEN": set(),
            "__builtins__": {"abs": abs, "min": min, "max": max, "sum": sum, "any": any, "all": all},
        }

    def code(self, text: Text) -> Name:
        """Source of an expression. Problems: unknown-name, bad-expression."""
        try:
            return Compiler(self.scope, self.constants, IMPORT_FUNCTIONS).compile(parse_expression(text.value))
        except ExpressionFault as fault:
            self.problems += fault.problems(text.place, text.value)
            return Name("''", "text")

    def join(self, name: str, other: Table, on: Text) -> None:
        """Look the row of another table up by its key."""
        key = other.columns.get(other.source.key)
        if key is None:
            detail = f"`{other.source.name}` has no column `{other.source.key}`"
            near = suggest(other.source.key, other.columns)
            self.problems.append(problem("bad-rule", self.spec.place, detail=detail, suggestion=near))
            return
        self.names[f"J_{name}"] = {row[key]: row for row in reversed(other.rows) if row[key]}
        self.lines.append(f"    j_{name} = J_{name}.get({self.code(on).code})")
        self.scope.joined[name] = other

    def body(self) -> None:
        """Lets, the filter, the control amount, the skips, and the cells."""
        for name, text in self.spec.lets.items():
            found = self.code(text)
            self.lines.append(f"    let_{name} = {found.code}")
            self.scope.lets[name] = replace(found, code=f"let_{name}")
        if self.spec.where:
            self.lines.append(f"    if not {self.code(self.spec.where).code}: return None, (), ZERO")
        if self.spec.once:
            self.lines.append(f"    once = {self.code(self.spec.columns[self.spec.once]).code}")
            self.lines.append(f"    if once in SEEN: return {NAMED_BEFORE!r}, (), ZERO")
        control = self.code(self.spec.control) if self.spec.control else Name("ZERO", "number")
        if not is_numeric(control.type):
            self.problems.append(problem("bad-rule", self.spec.place, detail="`control` is a number", suggestion=""))
        self.lines.append(f"    control = {control.code}")
        for condition, reason in self.spec.skips:
            self.lines.append(f"    if {self.code(condition).code}: return {reason!r}, (), control")
        if self.spec.once:
            self.lines.append("    SEEN.add(once)")
        cells = "".join(self.code(text).code + ", " for text in self.spec.columns.values())
        self.lines.append(f"    return '', ({cells}), control")


def _compile(
    spec: Spec, table: Table, tables: dict[str, Table], mapping: Mapping, problems: list[Problem]
) -> Row | None:
    """The entry's function; None where a file that it joins is missing."""
    writer = _Writer(spec, table, mapping, problems)
    for name, (file, on) in spec.joins.items():
        other = tables.get(file)
        if other is None:
            detail = f"the file of `{file}` is needed and was not given"
            problems.append(problem("import-row", spec.place, detail=detail, mapping=spec.place.path))
            return None
        writer.join(name, other, on)
    writer.body()
    if problems:
        return None
    writer.names.update(writer.constants)
    source = "\n".join(writer.lines)
    exec(compile(source, "<import>", "exec"), writer.names)  # noqa: S102 made of checked expressions only
    made: Any = writer.names["convert"]
    return made  # type: ignore[no-any-return]
