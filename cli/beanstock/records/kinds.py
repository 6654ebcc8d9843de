"""The kinds of records as rules/documents.yaml declares them; columns, names and types live only there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from beanstock.files.forms import File, Form, choice, flag, mapping, named, text, texts
from beanstock.files.typed import Typed
from beanstock.files.yamltext import Map
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
    "employee",
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
_COLUMN = re.compile(r"([a-z]+)(?:\(([a-z][a-z0-9|-]*)\))?(, required)?(?:, (positive|unsigned|part))?", re.ASCII)
_COLUMN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_KIND_NAME = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)
_COMMON_HEADER = {"time": "time", "memo": "text"}
_COMMON_LINE = {"memo": "text", "department": "text", "project": "text"}


FREE, STRICT = "free", "strict"
SEQUENCES = (FREE, "warn", STRICT)

# what each effect on the stock needs to know, beside item and quantity
EFFECTS = {
    "in": "goods come in at what their line costs",
    "out": "goods go out at the cost of their method",
    "signed": "in where the quantity is positive, out where it is negative",
    "transfer": "from one warehouse (`from`) to another (`to`)",
    "level": "a count: the stock becomes `counted`",
}
_SHIPPED_EFFECTS = ("value", "production", "cost")  # of single kinds, which the program knows by name
_NEEDS = {
    "in": ("item", "qty"),
    "out": ("item", "qty"),
    "signed": ("item", "qty"),
    "transfer": ("from", "to", "item", "qty"),
    "level": ("item", "counted"),
}
_LINKED_BY_KIND = ("receipt", "delivery", "bill", "applies")  # references that mean certain shipped kinds
_COLUMNS = named(text("a type such as `money`, or `money, required`"), "Columns with their types", _COLUMN_NAME.pattern)
KIND_KEYS: dict[str, Form] = {
    "names": texts("Names in other languages, also for files"),
    "stage": text("The place among the events of a day: one of the stages of rules/documents.yaml"),
    "returns_stage": text("The place of lines that give goods back"),
    "stock": choice((*EFFECTS, *_SHIPPED_EFFECTS), "What the lines do to the stock"),
    "header": _COLUMNS,
    "lines": _COLUMNS,
    "identity": texts("What tells documents apart: number, or partner and number"),
    "group": texts("In kinds without a number: columns whose rows are one document"),
    "settles": choice(("receivable", "payable"), "What the document's total is owed as, for payments to settle"),
    "tax": choice(("input", "output"), "Which tax its lines have"),
    "prices": flag("Whether lines have prices, from which amounts are worked out"),
    "amounts": choice(("lines", "header"), "Whether amounts stand in the lines or in the header"),
    "posts": choice(("nothing", "vouchers"), "`nothing` where such documents make no voucher"),
    "links": texts("Columns that name other documents; they become links of the voucher"),
    "sequence": choice(
        SEQUENCES, "Gaps in the numbers: nothing, a warning, or an error; by default the policy decides"
    ),
}
MASTER_KEYS: dict[str, Form] = {
    "names": KIND_KEYS["names"],
    "key": texts("The columns that tell entries apart"),
    "columns": _COLUMNS,
}
_SHIPPED_KEYS = {**KIND_KEYS, "made": flag("Whether the program makes such documents by itself")}
_MORE_KEYS = {"header": _COLUMNS, "lines": _COLUMNS}
OWN_KEYS: dict[str, Form] = {
    "documents": named(mapping(KIND_KEYS, "A kind of document"), "Kinds of documents of your own", _KIND_NAME.pattern),
    "columns": named(mapping(_MORE_KEYS, "Columns"), "More columns for kinds that there are", _KIND_NAME.pattern),
    "names": named(texts("Other names"), "Names of columns in other languages"),
    "words": named(texts("Other words"), "Words in cells that mean a value of a choice"),
}
OWN_FILE = File("documents.yaml", "Kinds of documents of your own, and more columns for those that there are", OWN_KEYS)
_ALL_KEYS = (*OWN_KEYS, "masters", "stages", "last_early_stage")


@dataclass(frozen=True)
class Column:
    """A declared column; `field` is its attribute in the model, empty where it is kept in `extra`.

    `limit` is what a number must be: `positive` (above zero), `unsigned` (zero or more), `part` (a percentage from 0 to 100), or
    anything.
    """

    name: str
    type: str
    required: bool = False
    choices: tuple[str, ...] = ()
    field: str = ""
    limit: str = ""


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
    buys: bool = False  # its prices are a supplier's, whether it has a tax or is an estimate or order
    prices: bool = False
    amounts: str = "lines"  # or `header`, where the amount is the document's own
    posts: bool = True
    sequence: str = ""  # of its numbers; blank where the policy decides
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
    stages: dict[str, int] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()  # every value of a choice

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
    """Kinds of a parsed documents.yaml. Problems: unknown-key, bad-form, bad-rule."""
    problems: list[Problem] = []
    body = Typed(tree, shown, problems, _ALL_KEYS, "documents.yaml")
    stages = {name: position for position, name in enumerate(body.texts("stages"))}
    below, masters = body.map("documents"), body.map("masters")
    documents = {name: _kind(name, below.map(name, _SHIPPED_KEYS, f"the kind `{name}`"), stages) for name in below}
    found = {name: _master(name, masters.map(name, MASTER_KEYS, f"the master `{name}`")) for name in masters}
    kinds = Kinds(
        documents,
        found,
        _lists(body.map("names")),
        {word: name for name, others in _lists(body.map("words")).items() for word in others},
        stages.get(body.text("last_early_stage"), 0),
        stages,
        frozenset(
            choice
            for kind in (*documents.values(), *found.values())
            for columns in (kind.header, kind.lines)
            for column in columns.values()
            for choice in column.choices
        ),
    )
    return kinds, problems


def add_own_kinds(kinds: Kinds, tree: Map, shown: str) -> tuple[Kinds, list[Problem]]:
    """The kinds with those of a company's own documents.yaml, with the columns that it adds, and its `sequence`.

    Problems: unknown-key, bad-form, bad-rule, duplicate-rule, unknown-kind.
    """
    problems: list[Problem] = []
    body = Typed(tree, shown, problems, OWN_KEYS, "rules/documents.yaml")
    documents = dict(kinds.documents)
    below = body.map("documents")
    for name in below:
        kind = below.map(name, KIND_KEYS, f"the kind `{name}`")
        if name in documents and [*kind] == ["sequence"]:  # all that a company may say of a kind that there is
            documents[name] = replace(documents[name], sequence=_chosen(kind, "sequence"))
        elif name in documents or name in kinds.masters:
            problems.append(problem("duplicate-rule", below.key_place(name), name=name))
        elif not _KIND_NAME.fullmatch(name):
            _bad(problems, below.key_place(name), f"`{name}` cannot be the name of a kind", "Use small letters and -.")
        else:
            earlier = replace(kinds, documents=dict(documents))
            documents[name] = _kind(name, kind, kinds.stages)
            for other in documents[name].names:
                if earlier.by_name(other) is not None:
                    problems.append(problem("duplicate-rule", kind.place("names"), name=other))
            _check_own(documents[name], kind)
    more = body.map("columns")
    for name in more:
        old = documents.get(name)
        if old is None:
            facts = {"name": name, "known": ", ".join(documents), "suggestion": suggest(name, documents)}
            problems.append(problem("unknown-kind", more.key_place(name), **facts))
            continue
        added = more.map(name, _MORE_KEYS, f"the columns of `{name}`")
        for part, there in (("header", old.header), ("lines", old.lines)):
            for column in added.map(part):
                if column in there:
                    problems.append(problem("duplicate-rule", added.map(part).key_place(column), name=column))
        header = {**_columns(added.map("header"), frozenset(), {}), **old.header}
        documents[name] = replace(
            old, header=header, lines={**_columns(added.map("lines"), frozenset(), {}), **old.lines}
        )
    names = dict(kinds.column_names)
    for name, others in _lists(body.map("names")).items():
        names[name] = (*names.get(name, ()), *others)
    words = kinds.words | {word: name for name, others in _lists(body.map("words")).items() for word in others}
    return replace(kinds, documents=documents, column_names=names, words=words), problems


def _check_own(kind: Kind, body: Typed) -> None:
    """What a kind of one's own must have, so that everything behind can rely on it. Problems: bad-rule."""
    problems, place = body.problems, body.at
    if "stage" not in body:
        _bad(problems, place, f"the kind `{kind.name}` has no `stage`", "It says where in a day its documents stand.")
    if "date" not in kind.header or kind.header["date"].type != "date" or not kind.header["date"].required:
        _bad(problems, place, f"the kind `{kind.name}` needs the header column `date: date, required`")
    if not kind.group and ("number" not in kind.header or not kind.header["number"].required):
        _bad(problems, place, f"the kind `{kind.name}` needs the header column `number: text, required`, or `group`")
    if kind.stock in _SHIPPED_EFFECTS:
        _bad(problems, body.place("stock"), f"`{kind.stock}` belongs to one shipped kind; use {', '.join(EFFECTS)}")
    for name in _NEEDS.get(kind.stock, ()):
        column = kind.column(name)
        wanted = {"item": ("item",), "from": ("warehouse",), "to": ("warehouse",)}.get(name, ("quantity",))
        if column is None or column.type not in wanted or not column.required:
            detail = f"`stock: {kind.stock}` needs the column `{name}: {wanted[0]}, required`"
            _bad(problems, body.place("stock"), detail)
    partners = [column for column in kind.header.values() if column.type in ("partner", "supplier", "customer")]
    if kind.settles and not any(column.field == "partner" and column.required for column in partners):
        _bad(problems, body.place("settles"), "`settles` needs a required customer, supplier or partner in the header")
    if (kind.settles or kind.tax) and not kind.prices and kind.amounts == "lines":
        _bad(problems, place, "`settles` and `tax` need amounts: say `prices: yes`, or `amounts: header`")
    for name in (*kind.identity, *kind.group, *kind.links):
        known = [*kind.header, *kind.lines, "partner"]
        if name not in known:
            _bad(problems, place, f"`{name}` is no column of `{kind.name}`", suggest(name, known).strip())
        elif name in kind.links and name in _LINKED_BY_KIND:
            _bad(
                problems,
                body.place("links"),
                f"`{name}` cannot be a link of a kind of your own: it means certain kinds",
            )


def _kind(name: str, body: Typed, stages: dict[str, int]) -> Kind:
    for key in ("stage", "returns_stage"):
        if key in body and body.text(key) not in stages:
            near = suggest(body.text(key), stages).strip()
            _bad(body.problems, body.place(key), f"unknown stage `{body.text(key)}`", near)
    header, lines = body.map("header"), body.map("lines")
    renamed = HEADER_FIELDS if "supplier" in header else CUSTOMER_FIELDS
    line_columns = _columns(lines, frozenset(LINE_COLUMNS), LINE_FIELDS, _COMMON_LINE)
    stage = stages.get(body.text("stage"), 0)
    return Kind(
        name,
        body.texts("names"),
        _columns(header, frozenset((*HEADER_COLUMNS, "number")), renamed, _COMMON_HEADER),
        line_columns,
        identity=body.texts("identity") or ("number",),
        group=body.texts("group"),
        stage=stage,
        returns_stage=stages.get(body.text("returns_stage"), stage),
        stock=_chosen(body, "stock"),
        settles=_chosen(body, "settles"),
        tax=_chosen(body, "tax"),
        buys="supplier" in header or body.text("tax") == "input",
        prices=body.flag("prices", default=False),
        posts=_chosen(body, "posts") != "nothing",
        sequence=_chosen(body, "sequence"),
        made=body.flag("made", default=False),
        amounts=_chosen(body, "amounts") or "lines",
        links=body.texts("links"),
        line_links=tuple(name for name in body.texts("links") if name in line_columns),
    )


def _master(name: str, body: Typed) -> Kind:
    return Kind(
        name, body.texts("names"), lines=_columns(body.map("columns"), frozenset(), {}), identity=body.texts("key")
    )


def _chosen(body: Typed, key: str) -> str:
    return body.choice(key, KIND_KEYS[key].words, "") if key in body else ""


def _lists(body: Typed) -> dict[str, tuple[str, ...]]:
    return {name: body.texts(name) for name in body}


def _columns(
    body: Typed, fields: frozenset[str], renamed: dict[str, str], common: dict[str, str] | None = None
) -> dict[str, Column]:
    """Columns with their types; `common` ones stand behind. Problems: bad-rule."""
    columns: dict[str, Column] = {}
    declared = {name: one.value for name, one in body.named_texts_of().items()}
    for name, form in [*declared.items(), *(pair for pair in (common or {}).items() if pair[0] not in declared)]:
        match = _COLUMN.fullmatch(form)
        if not _COLUMN_NAME.fullmatch(name):
            _bad(
                body.problems, body.key_place(name), f"`{name}` cannot be a column", "Use small letters, digits and _."
            )
        elif (
            match is None
            or match[1] not in TYPES
            or (match[1] == "choice") != bool(match[2])
            or (match[4] and match[1] not in NUMBER_TYPES)
        ):
            near = suggest(form.split(",")[0], TYPES).strip()
            _bad(body.problems, body.place(name), f"`{form}` is no column type", near)
        else:
            chosen = renamed.get(name, name)
            choices = tuple(match[2].split("|")) if match[2] else ()
            written_to = chosen if chosen in fields else ""
            columns[name] = Column(name, match[1], bool(match[3]), choices, written_to, match[4] or "")
    return columns


def _bad(problems: list[Problem], place: Place, detail: str, suggestion: str = "") -> None:
    problems.append(problem("bad-rule", place, detail=detail, suggestion=f" {suggestion}" if suggestion else ""))
