"""The kinds of records as rules/documents.yaml declares them; columns, names and types live only there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from beanstock.files.yamltext import Map, Sequence, unknown_keys
from beanstock.model import HEADER_COLUMNS, LINE_COLUMNS
from beanstock.problems import Place, Problem, problem, suggest

NUMBER_TYPES = frozenset({"quantity", "price", "money", "percent", "rate", "integer"})
TYPES = NUMBER_TYPES | {
    "text",
    "date",
    "month",
    "time",
    "boolean",
    "item",
    "partner",
    "supplier",
    "customer",
    "warehouse",
    "account",
    "tax",
    "terms",
    "word",
    "choice",
}

# Columns whose field in the model has another name: the column `tax` is what was written, `Line.tax` is an amount
LINE_FIELDS = {"tax": "tax_name", "employee": "partner"}
# A document's partner is its supplier; its customer, where it has no supplier
HEADER_FIELDS = {"supplier": "partner"}
CUSTOMER_FIELDS = {"customer": "partner"}
_COLUMN = re.compile(r"([a-z]+)(?:\(([a-z|-]+)\))?(, required)?")
_COMMON_HEADER = {"time": "time", "memo": "text"}
_COMMON_LINE = {"memo": "text", "department": "text", "project": "text"}


@dataclass(frozen=True)
class Column:
    """A declared column; `field` is its attribute in the model, empty where it is kept in `extra`."""

    name: str
    type: str
    required: bool = False
    choices: tuple[str, ...] = ()
    field: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of document or master."""

    name: str
    names: tuple[str, ...]
    header: dict[str, Column] = field(default_factory=dict)
    lines: dict[str, Column] = field(default_factory=dict)
    identity: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    stage: int = 0
    returns_stage: int = 0
    stock: str = ""
    settles: str = ""
    tax: str = ""
    prices: bool = False
    amounts: str = "lines"  # or `header`, where the amount is the document's own
    posts: bool = True
    made: bool = False  # by the program itself at a month's beginning or end, never by records
    links: tuple[str, ...] = ()
    line_links: tuple[str, ...] = ()  # those of them that lines may have, too

    def column(self, name: str) -> Column | None:
        """The column of that name, wherever it stands."""
        return self.lines.get(name) or self.header.get(name)


@dataclass(frozen=True)
class Kinds:
    """All that documents.yaml declares."""

    documents: dict[str, Kind]
    masters: dict[str, Kind]
    column_names: dict[str, tuple[str, ...]]
    words: dict[str, str]
    last_early_stage: int

    def by_name(self, name: str) -> Kind | None:
        """A kind by its English or other name."""
        for kinds in (self.documents, self.masters):
            for kind in kinds.values():
                if not kind.made and (name == kind.name or name in kind.names):
                    return kind
        return None

    def known(self) -> list[str]:
        return [*(name for name, kind in self.documents.items() if not kind.made), *self.masters]


def load_kinds(tree: Map, shown: str) -> tuple[Kinds, list[Problem]]:
    """Kinds of a parsed documents.yaml. Problems: unknown-key, bad-rule."""
    problems: list[Problem] = []
    stages = {str(name): position for position, name in enumerate(tree.get("stages", []))}
    documents = {
        name: _kind(name, body, stages, shown, problems, document=True)
        for name, body in tree.get("documents", Map()).items()
    }
    masters = {
        name: _kind(name, body, stages, shown, problems, document=False)
        for name, body in tree.get("masters", Map()).items()
    }
    names = {name: tuple(others) for name, others in tree.get("names", Map()).items()}
    words = {word: name for name, others in tree.get("words", Map()).items() for word in others}
    early = stages.get(tree.get("last_early_stage", ""), 0)
    return Kinds(documents, masters, names, words, early), problems


_KIND_KEYS = (
    "names",
    "key",
    "columns",
    "header",
    "lines",
    "identity",
    "group",
    "stage",
    "returns_stage",
    "stock",
    "settles",
    "tax",
    "prices",
    "posts",
    "made",
    "links",
    "amounts",
)


def _kind(name: str, body: Map, stages: dict[str, int], shown: str, problems: list[Problem], *, document: bool) -> Kind:
    problems += unknown_keys(body, _KIND_KEYS, "a kind", shown)
    for key in ("stage", "returns_stage"):
        if key in body and body[key] not in stages:
            problems.append(
                problem(
                    "bad-rule",
                    body.value_place(shown, key),
                    detail=f"unknown stage `{body[key]}`",
                    suggestion=suggest(body[key], stages),
                )
            )
    if not document:
        columns = _columns(body.get("columns", Map()), {}, frozenset(), {}, shown, problems)
        return Kind(name, tuple(body.get("names", ())), lines=columns, identity=tuple(body.get("key", ())))
    renamed = HEADER_FIELDS if "supplier" in body.get("header", Map()) else CUSTOMER_FIELDS
    header = _columns(
        body.get("header", Map()), _COMMON_HEADER, frozenset((*HEADER_COLUMNS, "number")), renamed, shown, problems
    )
    lines = _columns(body.get("lines", Map()), _COMMON_LINE, frozenset(LINE_COLUMNS), LINE_FIELDS, shown, problems)
    stage = stages.get(body.get("stage", ""), 0)
    return Kind(
        name,
        tuple(body.get("names", Sequence())),
        header,
        lines,
        identity=tuple(body.get("identity", ("number",))),
        group=tuple(body.get("group", ())),
        stage=stage,
        returns_stage=stages.get(body.get("returns_stage", ""), stage),
        stock=body.get("stock", ""),
        settles=body.get("settles", ""),
        tax=body.get("tax", ""),
        prices=body.get("prices", "") == "true",
        posts=body.get("posts", "") != "nothing",
        made=body.get("made", "") == "true",
        amounts=body.get("amounts", "lines"),
        links=tuple(body.get("links", ())),
        line_links=tuple(name for name in body.get("links", ()) if name in lines),
    )


def _columns(
    body: Map,
    common: dict[str, str],
    fields: frozenset[str],
    renamed: dict[str, str],
    shown: str,
    problems: list[Problem],
) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for name, text in [*body.items(), *(pair for pair in common.items() if pair[0] not in body)]:
        match = _COLUMN.fullmatch(text)
        if match is None or match[1] not in TYPES:
            place = body.value_place(shown, name) if name in body else Place(shown)
            problems.append(
                problem("bad-rule", place, detail=f"`{text}` is no column type", suggestion=suggest(text, TYPES))
            )
            continue
        chosen = renamed.get(name, name)
        choices = tuple(match[2].split("|")) if match[2] else ()
        columns[name] = Column(name, match[1], bool(match[3]), choices, chosen if chosen in fields else "")
    return columns
