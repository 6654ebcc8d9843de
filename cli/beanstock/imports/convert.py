"""Running a mapping: foreign rows through one generated function per entry of `records`.

Foreign cells are text. Expressions turn them into cells of records with a few functions (`number`, `day`...), and a
cell that cannot be turned is a problem with its file and line. Nothing is dropped silently: a row that becomes
nothing is counted under its reason.
"""

from __future__ import annotations

import csv
import datetime as dt
import fnmatch
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from beanstock.expressions.compiler import FUNCTIONS, NUMERIC, TEXTUAL, Compiler, Function, Name, Scope
from beanstock.expressions.tree import ExpressionFault, parse_expression
from beanstock.files.decode import decode, read_bytes
from beanstock.files.typed import Text
from beanstock.imports.mapping import Mapping, Source, Spec
from beanstock.model import ZERO
from beanstock.problems import Place, Problem, problem, suggest
from beanstock.records.cells import CellFault, number

CENT = Decimal("0.01")
_TEXT = frozenset(TEXTUAL)


class ForeignFault(Exception):
    """A foreign cell that is not what the mapping says."""


def to_number(text: str) -> Decimal:
    """A foreign number: digits, sign, decimal point; blank is zero."""
    try:
        return number(text.strip(), "price", 30) if text.strip() else ZERO
    except CellFault:
        raise ForeignFault(f"`{text}` is no plain number") from None


def to_day(text: str, form: str) -> str:
    """A day in ISO form from a text of the given form (as of strptime, such as %Y-%m-%d %H:%M:%S)."""
    try:
        return dt.datetime.strptime(text.strip(), form).date().isoformat()  # noqa: DTZ007 a day has no zone
    except ValueError:
        raise ForeignFault(f"`{text}` is no date of the form {form}") from None


def to_time(text: str, form: str) -> str:
    """HH:MM:SS from a text of the given form."""
    try:
        return dt.datetime.strptime(text.strip(), form).time().isoformat("seconds")  # noqa: DTZ007
    except ValueError:
        raise ForeignFault(f"`{text}` is no time of the form {form}") from None


def to_text(value: Any) -> str:
    """A cell of a record: decimals without exponent or trailing zeros."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else str(value)


class _Memo(dict[Any, Any]):
    """A function of text, remembered, because foreign cells repeat."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def __missing__(self, key: Any) -> Any:
        value = self[key] = self.function(*key) if isinstance(key, tuple) else self.function(key)
        return value


IMPORT_FUNCTIONS: dict[str, Function] = {
    **{name: function for name, function in FUNCTIONS.items() if name != "round"},
    "number": Function(range(1, 2), _TEXT, lambda types: "number", lambda codes: f"NUMBER[{codes[0]}]"),
    "day": Function(range(2, 3), _TEXT, lambda types: "text", lambda codes: f"DAY[{codes[0]}, {codes[1]}]"),
    "time": Function(range(2, 3), _TEXT, lambda types: "text", lambda codes: f"TIME[{codes[0]}, {codes[1]}]"),
    "upper": Function(range(1, 2), _TEXT, lambda types: "text", lambda codes: f"{codes[0]}.upper()"),
    "trim": Function(range(1, 2), _TEXT, lambda types: "text", lambda codes: f"' '.join({codes[0]}.split())"),
    "starts": Function(range(2, 3), _TEXT, lambda types: "boolean", lambda codes: f"{codes[0]}.startswith({codes[1]})"),
    "ends": Function(range(2, 3), _TEXT, lambda types: "boolean", lambda codes: f"{codes[0]}.endswith({codes[1]})"),
    "has": Function(range(2, 3), _TEXT, lambda types: "boolean", lambda codes: f"({codes[1]} in {codes[0]})"),
    "without": Function(range(2, 3), _TEXT, lambda types: "text", lambda codes: f"{codes[0]}.replace({codes[1]}, '')"),
    "before": Function(range(2, 3), _TEXT, lambda types: "text", lambda codes: f"{codes[0]}.partition({codes[1]})[0]"),
    "digits": Function(
        range(1, 2), _TEXT, lambda types: "boolean", lambda codes: f"({codes[0]}.isascii() and {codes[0]}.isdigit())"
    ),
    "ascii": Function(range(1, 2), _TEXT, lambda types: "boolean", lambda codes: f"{codes[0]}.isascii()"),
}


@dataclass
class Table:
    """A foreign table in memory: its columns' positions and its rows."""

    source: Source
    shown: str
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[list[str]] = field(default_factory=list)


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
class Converted:
    """The records that foreign files became, as rows by kind, and the account of every row."""

    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    counts: list[Count] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)


def convert(mapping: Mapping, files: Iterable[Path]) -> tuple[Converted, list[Problem]]:
    """Records of foreign files. Problems: import-row, cannot-read, not-text, unknown-name and the mapping's own."""
    converted = Converted()
    tables, problems = _read_tables(mapping, files, converted)
    for spec in mapping.specs:
        table = tables.get(spec.source)
        if table is not None:
            problems += _convert(spec, table, tables, converted, mapping)
    return converted, problems


def _read_tables(
    mapping: Mapping, files: Iterable[Path], converted: Converted
) -> tuple[dict[str, Table], list[Problem]]:
    tables: dict[str, Table] = {}
    problems: list[Problem] = []
    for path in sorted(files, key=lambda path: path.name):
        source = next((one for one in mapping.sources.values() if fnmatch.fnmatchcase(path.name, one.pattern)), None)
        if source is None:
            converted.unmapped.append(path.name)
            continue
        table, found = _read(path, source)
        problems += found
        if source.name in tables and table.columns == tables[source.name].columns:
            tables[source.name].rows += table.rows
        else:
            tables[source.name] = table
    return tables, problems


def _read(path: Path, source: Source) -> tuple[Table, list[Problem]]:
    table = Table(source, path.name)
    data, problems = read_bytes(path, path.name)
    if source.encoding and not problems:
        try:
            text = data.decode(source.encoding)
        except (UnicodeDecodeError, LookupError) as fault:
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
    table.columns = {source.columns.get(name, name): position for position, name in enumerate(header)}
    for record, row in enumerate(table.rows):
        if len(row) != len(header):
            if any(cell.strip() for cell in row):
                problems.append(
                    problem("row-length", Place(path.name, record + 2, 1), cells=len(row), columns=len(header))
                )
            table.rows[record] = [""] * len(header)
    return table, problems


class _Scope:
    """Names of a row (`r`) and of the rows joined to it; whether a joined row is there is asked by its bare name."""

    def __init__(self, table: Table, joined: dict[str, Table]) -> None:
        self.table = table
        self.joined = joined

    def resolve(self, path: tuple[str, ...]) -> Name | None:
        if len(path) == 1 and path[0] in self.table.columns:
            return Name(f"r[{self.table.columns[path[0]]}]", "text")
        if path[0] in self.joined and len(path) == 1:
            return Name(f"(j_{path[0]} is not None)", "boolean")
        if path[0] in self.joined and len(path) == 2 and path[1] in self.joined[path[0]].columns:
            return Name(f"(j_{path[0]}[{self.joined[path[0]].columns[path[1]]}] if j_{path[0]} else '')", "text")
        return None

    def names(self) -> Iterable[str]:
        yield from self.table.columns
        for name, table in self.joined.items():
            yield from (f"{name}.{column}" for column in table.columns)

    def element(self, collection: str) -> tuple[str, Scope] | None:
        return None


def _convert(
    spec: Spec, table: Table, tables: dict[str, Table], converted: Converted, mapping: Mapping
) -> list[Problem]:
    problems: list[Problem] = []
    function = _compile(spec, table, tables, problems)
    if function is None or problems:
        return problems
    count = Count(spec.label, spec.kind, controlled=spec.control is not None)
    converted.counts.append(count)
    rows = converted.rows.setdefault(spec.kind, [])
    names = list(spec.columns)
    firsts: dict[str, dict[str, str]] = {}
    seen: set[str] = set()
    for record, row in enumerate(table.rows):
        if not any(row):
            continue
        try:
            reason, cells, control = function(row)
        except ForeignFault as fault:
            place = Place(table.shown, record + 2, 1, excerpt=",".join(row))
            problems.append(problem("import-row", place, detail=str(fault), mapping=mapping.shown))
            continue
        if not reason and spec.once:
            once = to_text(cells[names.index(spec.once)])
            reason = "named before" if once in seen else ""
            seen.add(once)
        if reason:
            count.skipped[reason] = count.skipped.get(reason, 0) + 1
            count.skipped_exact += control
            continue
        count.taken += 1
        count.exact += control
        count.rounded += control.quantize(CENT, ROUND_HALF_UP)
        made = dict(zip(names, map(to_text, cells), strict=True))
        if spec.first:
            first = firsts.setdefault(made["number"], made)
            made.update({column: first[column] for column in spec.first})
        rows.append(made)
    return problems


Row = Callable[[list[str]], tuple[str, tuple[Any, ...], Decimal]]


def _compile(spec: Spec, table: Table, tables: dict[str, Table], problems: list[Problem]) -> Row | None:
    """The entry's function: a row to (reason to skip it, cells, control amount)."""
    joined: dict[str, Table] = {}
    constants: dict[str, object] = {}
    lines = ["def convert(r):"]
    names: dict[str, object] = {
        "NUMBER": _Memo(to_number),
        "DAY": _Memo(to_day),
        "TIME": _Memo(to_time),
        "ZERO": ZERO,
        "__builtins__": {"abs": abs, "min": min, "max": max},
    }

    def code(text: Text) -> Name:
        try:
            return Compiler(_Scope(table, joined), constants, IMPORT_FUNCTIONS).compile(parse_expression(text.value))
        except ExpressionFault as fault:
            problems.append(fault.problem(text.place, text.value))
            return Name("''", "text")

    for name, (file, on) in spec.joins.items():
        other = tables.get(file)
        if other is None:
            problems.append(
                problem(
                    "import-row",
                    spec.place,
                    detail=f"the file of `{file}` is needed and was not given",
                    mapping=spec.place.path,
                )
            )
            return None
        if other.source.key not in other.columns:
            known = suggest(other.source.key, other.columns)
            problems.append(
                problem("bad-rule", spec.place, detail=f"`{file}` has no column `{other.source.key}`", suggestion=known)
            )
            return None
        key = other.columns[other.source.key]
        names[f"J_{name}"] = {row[key]: row for row in reversed(other.rows) if row[key]}
        lines.append(f"    j_{name} = J_{name}.get({code(on).code})")
        joined[name] = other
    control = code(spec.control) if spec.control else Name("ZERO", "number")
    if control.type not in NUMERIC:
        problems.append(problem("bad-rule", spec.place, detail="`control` is a number", suggestion=""))
    lines.append(f"    control = {control.code}")
    for condition, reason in spec.skips:
        lines.append(f"    if {code(condition).code}: return {reason!r}, (), control")
    cells = "".join(code(text).code + ", " for text in spec.columns.values())
    lines.append(f"    return '', ({cells}), control")
    names.update(constants)
    exec(compile("\n".join(lines), f"<import {spec.label}>", "exec"), names)  # noqa: S102 made of checked expressions only
    made: Any = names["convert"]
    return made  # type: ignore[no-any-return]
