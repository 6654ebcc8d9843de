"""A mapping file: which foreign tables there are, and what their rows become.

files:    foreign tables by name: the file's name pattern, its key, its encoding, names for its columns
records:  what becomes of rows: the kind, the table they come from, joins, skips with a reason, columns
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field
from pathlib import Path

from beanstock.books import shipped
from beanstock.files.decode import read_text
from beanstock.files.forms import File, Keys, listed, mapping, named, text, texts
from beanstock.files.typed import Text, Typed
from beanstock.files.yamltext import parse_map
from beanstock.problems import Place, Problem, problem, suggest
from beanstock.records.kinds import Kinds

_NAME = re.compile(r"[a-z][a-z0-9_-]*", re.ASCII)
MAX_NAME = 100
_JOIN = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_FILE_KEYS: Keys = {
    "file": text("The pattern of file names, such as orders*.csv"),
    "key": text("The column by which other tables join it"),
    "encoding": text("The encoding, where it is neither UTF-8 nor found by itself"),
    "delimiter": text("The character between cells"),
    "columns": named(text("The name in expressions"), "Header cells and their names in expressions"),
}
_JOIN_KEYS: Keys = {"file": text("A name of `files`"), "on": text("The value to look for in that file's key")}
_SKIP_KEYS: Keys = {"if": text("A condition"), "reason": text("Why such rows become nothing")}
_RECORD_KEYS: Keys = {
    "kind": text("The kind of record"),
    "from": text("The name of the file whose rows they are"),
    "where": text("Which rows are wanted at all"),
    "join": named(mapping(_JOIN_KEYS, "A join", _JOIN_KEYS), "Rows of other files, by a name for expressions"),
    "let": named(text("An expression"), "Names for expressions"),
    "skip": listed(mapping(_SKIP_KEYS, "A skip", ["if"]), "Rows that become nothing, counted by reason"),
    "columns": named(text("An expression"), "Columns of the record"),
    "first": texts("Columns whose first cell counts for the whole document"),
    "once": text("The column that may come once only"),
    "control": text("What is summed over all rows"),
    "label": text("What it is called in the account of the import"),
}
_KEYS: Keys = {
    "title": text("Where the files come from"),
    "books": named(text("A value"), "beanstock.yaml, where there is none yet"),
    "files": named(mapping(_FILE_KEYS, "A foreign table", ["file"]), "Foreign tables by name"),
    "tables": named(named(text("A value"), "A table"), "Tables for lookup()"),
    "records": listed(mapping(_RECORD_KEYS, "What rows become", ["kind", "from", "columns"]), "Records"),
}
FILE = File("import.yaml", "What foreign tables become", _KEYS, ("files", "records"))


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

    `where`: which rows are wanted at all; `let`: names for expressions; `first`: columns whose first cell counts for the whole document; `once`: the column that may come once only
    (masters); `control`: what is summed over all rows.
    """

    kind: str
    source: str
    place: Place
    label: str = ""
    joins: dict[str, tuple[str, Text]] = field(default_factory=dict)
    where: Text | None = None
    lets: dict[str, Text] = field(default_factory=dict)
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
    tables: dict[str, dict[str, str]] = field(default_factory=dict)  # for lookup("table", cell)
    specs: list[Spec] = field(default_factory=list)


def find_mapping(name: str, books: Path, kinds: Kinds) -> tuple[Mapping | None, list[Problem]]:
    """The mapping of that name: the books' own, else the shipped one.

    Problems: unknown-pack, bad-form, bad-rule, unknown-key, near-column.
    """
    named = _NAME.fullmatch(name) is not None and len(name) <= MAX_NAME
    own = books / "rules" / "imports" / f"{name if named else '-'}.yaml"
    folder = shipped() / "rules" / "imports"
    known = sorted([*(path.stem for path in folder.glob("*.yaml")), "ubl"])  # ubl has a reader of its own
    if not named or (not own.is_file() and name not in known):
        facts = {"what": "import mapping", "name": name, "known": ", ".join(known), "suggestion": suggest(name, known)}
        return None, [problem("unknown-pack", None, **facts)]
    shown = f"rules/imports/{name}.yaml"
    read, problems = read_text(own, shown, books) if own.is_file() else read_text(folder / f"{name}.yaml", shown)
    tree, found = parse_map(read, shown)
    problems += found
    body = Typed(tree, shown, problems, _KEYS, "an import mapping")
    made = Mapping(name, shown, body.text("title", name))
    made.books = {key: one.value for key, one in body.named_texts("books").items()}
    tables = body.map("tables")
    made.tables = {key: {name: one.value for name, one in tables.named_texts(key).items()} for key in tables}
    files = body.map("files")
    for key in files:
        below = files.map(key, _FILE_KEYS, f"the file `{key}`")
        columns = {header: one.value for header, one in below.named_texts("columns").items()}
        source = Source(
            key, below.text("file"), below.text("key"), below.text("encoding"), below.text("delimiter", ","), columns
        )
        if len(source.delimiter) != 1 or source.delimiter in '"\r\n':
            problems.append(problem("bad-form", below.place("delimiter"), what="`delimiter`", form="one character"))
            source.delimiter = ","
        made.sources[key] = source
    for entry in body.maps("records", _RECORD_KEYS, "an entry of records"):
        made.specs.append(_spec(entry, made, kinds))
    return made, problems


def _spec(body: Typed, of: Mapping, kinds: Kinds) -> Spec:
    problems = body.problems
    spec = Spec(body.text("kind"), body.text("from"), body.at, body.text("label", body.text("kind")))
    kind = kinds.by_name(spec.kind)
    if kind is None:
        known = kinds.known()
        facts = {"name": spec.kind, "known": ", ".join(known), "suggestion": suggest(spec.kind, known)}
        problems.append(problem("unknown-kind", body.place("kind"), **facts))
    else:
        spec.kind = kind.name
    joins = body.map("join")
    for name in joins:
        join = joins.map(name, _JOIN_KEYS, f"the join `{name}`")
        on = join.located("on")
        if not _JOIN.fullmatch(name) or keyword.iskeyword(name):
            problems.append(
                problem("bad-rule", joins.key_place(name), detail=f"`{name}` cannot be a name", suggestion="")
            )
        elif on is None:
            problems.append(problem("bad-form", join.at, what="a join", form="a file and what it is joined on"))
        else:
            spec.joins[name] = (join.text("file"), on)
            _known_source(join.text("file"), of, join.place("file"), problems)
    spec.where, spec.lets = body.located("where"), body.named_texts("let")
    for name in spec.lets:
        if not _JOIN.fullmatch(name) or keyword.iskeyword(name):
            problems.append(problem("bad-rule", body.place("let"), detail=f"`{name}` cannot be a name", suggestion=""))
    for skip in body.maps("skip", _SKIP_KEYS, "a skip"):
        condition = skip.located("if")
        if condition is not None:
            spec.skips.append((condition, skip.text("reason", "no reason given")))
    spec.columns = body.named_texts("columns")
    columns = body.map("columns")
    for name in spec.columns:
        if kind is not None and kind.column(name) is None:
            near = suggest(name, [*kind.header, *kind.lines]).strip()
            if near:
                problems.append(
                    problem("near-column", columns.key_place(name), column=name, kind=kind.name, suggestion=near)
                )
    spec.first, spec.once, spec.control = body.texts("first"), body.text("once"), body.located("control")
    for name in (*spec.first, *([spec.once] if spec.once else ()), *(("number",) if spec.first else ())):
        if name not in spec.columns:
            facts = {"detail": f"`{name}` is none of the entry's columns", "suggestion": suggest(name, spec.columns)}
            problems.append(problem("bad-rule", body.at, **facts))
    _known_source(spec.source, of, body.place("from"), problems)
    return spec


def _known_source(name: str, of: Mapping, place: Place, problems: list[Problem]) -> None:
    if name not in of.sources:
        facts = {"detail": f"`{name}` is none of the mapping's files", "suggestion": suggest(name, of.sources)}
        problems.append(problem("bad-rule", place, **facts))
