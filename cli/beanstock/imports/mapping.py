"""A mapping file: which foreign tables there are, and what their rows become.

files:    foreign tables by name: the file's name pattern, its key, its encoding, names for its columns
records:  what becomes of rows: the kind, the table they come from, joins, skips with a reason, columns
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from beanstock.books import shipped
from beanstock.files.decode import read_text
from beanstock.files.yamltext import Map, Sequence, parse_map, unknown_keys
from beanstock.problems import Place, Problem, problem, suggest

_KEYS = ("title", "books", "files", "records")
_FILE_KEYS = ("file", "key", "encoding", "delimiter", "columns")
_RECORD_KEYS = ("kind", "from", "join", "skip", "columns", "first", "once", "control", "label")
_JOIN_KEYS = ("file", "on")
_SKIP_KEYS = ("if", "reason")


@dataclass
class Text:
    """An expression of the mapping and where it stands."""

    value: str
    place: Place


@dataclass
class Source:
    """A foreign table. `columns` gives header cells the names that expressions use."""

    name: str
    pattern: str
    key: str = ""
    encoding: str = ""
    delimiter: str = ","
    columns: dict[str, str] = field(default_factory=dict)


@dataclass
class Spec:
    """What the rows of a table become.

    `first`: columns whose first cell counts for the whole document; `once`: the column that may come once only
    (masters); `control`: what is summed over all rows.
    """

    kind: str
    source: str
    place: Place
    label: str = ""
    joins: dict[str, tuple[str, Text]] = field(default_factory=dict)
    skips: list[tuple[Text, str]] = field(default_factory=list)
    columns: dict[str, Text] = field(default_factory=dict)
    first: tuple[str, ...] = ()
    once: str = ""
    control: Text | None = None


@dataclass
class Mapping:
    """One rules/imports/*.yaml. `books` is what beanstock.yaml says where there is none yet."""

    name: str
    shown: str
    title: str = ""
    books: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    specs: list[Spec] = field(default_factory=list)


def find_mapping(name: str, books: Path) -> tuple[Mapping | None, list[Problem]]:
    """The mapping of that name: the books' own, else the shipped one. Problems: unknown-pack, and those of its text."""
    own = books / "rules" / "imports" / f"{name}.yaml"
    folder = shipped() / "rules" / "imports"
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    path = own if own.is_file() else folder / f"{name}.yaml"
    if not own.is_file() and name not in known:
        return None, [
            problem(
                "unknown-pack",
                None,
                what="import mapping",
                name=name,
                known=", ".join(known),
                suggestion=suggest(name, known),
            )
        ]
    shown = f"rules/imports/{name}.yaml"
    text, problems = read_text(path, shown)
    tree, found = parse_map(text, shown)
    problems += found
    problems += unknown_keys(tree, _KEYS, "an import mapping", shown)
    mapping = Mapping(name, shown, tree.get("title", name), dict(tree.get("books") or {}))
    for key, body in (tree.get("files") or Map()).items():
        problems += unknown_keys(body, _FILE_KEYS, "a file of a mapping", shown)
        columns = dict(body.get("columns") or {})
        source = Source(
            key,
            body.get("file", ""),
            body.get("key", ""),
            body.get("encoding", ""),
            body.get("delimiter", ","),
            columns,
        )
        mapping.sources[key] = source
    for body in tree.get("records") or Sequence():
        mapping.specs.append(_spec(body, mapping, shown, problems))
    return mapping, problems


def _spec(body: Map, mapping: Mapping, shown: str, problems: list[Problem]) -> Spec:
    problems += unknown_keys(body, _RECORD_KEYS, "an entry of records", shown)
    spec = Spec(
        body.get("kind", ""), body.get("from", ""), Place(shown, *body.at), body.get("label", body.get("kind", ""))
    )
    for name, join in (body.get("join") or Map()).items():
        problems += unknown_keys(join, _JOIN_KEYS, "a join", shown)
        spec.joins[name] = (join.get("file", ""), Text(join.get("on", ""), join.value_place(shown, "on")))
        _known_source(join.get("file", ""), mapping, join.value_place(shown, "file"), problems)
    for skip in body.get("skip") or Sequence():
        problems += unknown_keys(skip, _SKIP_KEYS, "a skip", shown)
        spec.skips.append((Text(skip.get("if", ""), skip.value_place(shown, "if")), skip.get("reason", "")))
    columns: Map = body.get("columns") or Map()
    spec.columns = {name: Text(value, columns.value_place(shown, name)) for name, value in columns.items()}
    spec.first = tuple(body.get("first", ()))
    spec.once = body.get("once", "")
    if "control" in body:
        spec.control = Text(body["control"], body.value_place(shown, "control"))
    _known_source(spec.source, mapping, body.value_place(shown, "from"), problems)
    return spec


def _known_source(name: str, mapping: Mapping, place: Place, problems: list[Problem]) -> None:
    if name not in mapping.sources:
        facts = {"detail": f"`{name}` is none of the mapping's files", "suggestion": suggest(name, mapping.sources)}
        problems.append(problem("bad-rule", place, **facts))
