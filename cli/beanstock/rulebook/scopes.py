"""What names rules may use, and the Python source each stands for.

The document is `d` in generated code, an element of a collection its own word (`line`, `move`...). Columns come from
documents.yaml; computed names are listed here, and win over columns of the same name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from beanstock.expressions.compiler import Name, Scope
from beanstock.expressions.functions import FUNCTIONS, Function
from beanstock.expressions.types import CONSTANT
from beanstock.records.kinds import NUMBER_TYPES, Column, Kind, Kinds

_ITEM = {
    "code": "text",
    "name": "text",
    "unit": "text",
    "type": "text",
    "category": "text",
    "costing": "text",
    "tax": "text",
    "price": "price",
    "standard_cost": "price",
    "last_cost": "price",
    "weight": "number",
    "volume": "number",
    "barcode": "text",
}
_PARTNER = dict.fromkeys(("code", "name", "role", "currency", "terms", "tax", "tax_id", "region"), "text")
_WAREHOUSE = dict.fromkeys(("code", "name", "account_key"), "text")
RECORDS = {
    "item": _ITEM,
    "partner": _PARTNER,
    "supplier": _PARTNER,
    "customer": _PARTNER,
    "employee": _PARTNER,
    "warehouse": _WAREHOUSE,
}

_DOCUMENT = {
    "number": ("d.number", "text"),
    "kind": ("d.kind", "text"),
    "reference": ("d.reference", "text"),
    "date": ("d.date", "date"),
    "due": ("d.due", "date"),
    "net": ("d.net", "money"),
    "tax": ("d.tax", "money"),
    "gross": ("d.gross", "money"),
    "variance": ("d.variance", "money"),
    "advance": ("d.advance", "money"),
    "advance_role": ("d.advance_role", "text"),
    "settled_by": ("d.settled_by", "text"),
    "banked": ("d.banked", "money"),
    "fee": ("d.fee", "money"),
    "interest": ("d.interest", "money"),
    "reopened": ("d.reopened", "money"),
    "cash_discount": ("d.cash_discount", "money"),
    "discount_tax": ("d.discount_tax", "money"),
    "reverse_tax": ("d.reverse_tax", "money"),
    "recovered_tax": ("d.recovered_tax", "money"),
    "write_off": ("d.write_off", "money"),
    "exchange": ("d.exchange", "money"),
}
_LINE = {
    "index": ("INTEGER[{}.index]", "number"),
    "qty": ("{}.base_qty", "quantity"),
    "net": ("{}.net", "money"),
    "tax": ("{}.tax", "money"),
    "gross": ("{}.gross", "money"),
    "cost": ("{}.cost", "money"),
    "landed": ("{}.landed", "money"),
    "tax_rate": ("{}.tax_rate", "number"),
    "stocked": ("{}.stocked", "boolean"),
    "account": ("{}.account", "account"),
    "value": ("({}.value or ZERO)", "money"),
    "amount": ("({}.amount or ZERO)", "money"),
    "unbilled": ("{}.unbilled", "money"),
    "reverse_tax": ("{}.reverse_tax", "money"),
    "recovered_tax": ("{}.recovered_tax", "money"),
    "function": ("{}.function", "text"),
    "process": ("{}.process", "text"),
    "memo": ("{}.memo", "text"),
    "department": ("{}.department", "text"),
    "project": ("{}.project", "text"),
}
_DEPARTMENT = {"code": "department", "function": "function"}  # of a line's department: what the line keeps of it
_MOVE = {
    "qty": ("{}.qty", "quantity"),
    "value": ("{}.value", "money"),
    "cost": ("(-{}.value)", "money"),
    "lot": ("{}.lot", "text"),
}
_PART = {"qty": ("{}.qty", "quantity"), "amount": ("{}.amount", "money"), "document": ("{}.document", "text")}
_SETTLEMENT = {
    "amount": ("{}.amount", "money"),
    "relieved": ("{}.relieved", "money"),
    "document": ("{}.document", "text"),
    "role": ("{}.role", "text"),
    "account": ("{}.role", "account"),
}

# its word, the names of its elements, and where its elements keep item, warehouse, line and partner
Collection = tuple[str, dict[str, tuple[str, str]], dict[str, str]]
COLLECTIONS: dict[str, Collection] = {
    "lines": (
        "line",
        _LINE,
        {"item": "line.item", "warehouse": "line.warehouse", "line": "line", "partner": "line.partner"},
    ),
    "pays": ("line", _LINE, {"line": "line"}),
    "moves": ("move", _MOVE, {"item": "move.item", "warehouse": "move.warehouse", "line": "move.line"}),
    "corrections": (
        "correction",
        {**_MOVE, "account": ("{}.account", "account")},
        {"item": "correction.item", "warehouse": "correction.warehouse", "line": "correction.line"},
    ),
    "landed": ("share", _PART, {"item": "share.item", "line": "share.line"}),
    "sold": ("late", {**_PART, "account": ("{}.account", "account")}, {"item": "late.item", "line": "late.line"}),
    "accruals": ("accrual", _PART, {"item": "accrual.item", "line": "accrual.line"}),
    "estimates": (
        "estimate",
        _PART,
        {
            "item": "estimate.item",
            "line": "estimate.line",
            "warehouse": "(estimate.line.warehouse or estimate.line.document.warehouse or MAIN)",
        },
    ),
    "costs": ("cost", _PART, {"item": "cost.item", "line": "cost.line"}),
    "transits": ("transit", _PART, {"item": "transit.item", "line": "transit.line"}),
    "settlements": ("settlement", _SETTLEMENT, {"partner": "settlement.partner"}),
    "settled_receivables": ("settlement", _SETTLEMENT, {"partner": "settlement.partner"}),
    "settled_payables": ("settlement", _SETTLEMENT, {"partner": "settlement.partner"}),
    "prepayments": ("prepayment", _SETTLEMENT, {"partner": "prepayment.partner"}),
}


# columns of the type quantity that measure nothing: they say in which relation an amount is shared
_BARE = frozenset({"share", "factor"})


class DocumentScope:
    """Names of a document of one kind: its header, its partner, its collections, policies and settings.

    `values` are policy.x and settings.x with their text, `choices` the few words that fields of masters (item.type),
    policies and settings may have. `used` notes the names of `let` that somebody asked for.
    """

    document: Mapping[str, tuple[str, str]] = _DOCUMENT
    collections: Mapping[str, Collection] = COLLECTIONS
    functions: Mapping[str, Function] = FUNCTIONS

    def __init__(
        self, kind: Kind, values: Mapping[str, str | Decimal], choices: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        self.kind = kind
        self.values = values
        self.choices = choices or {}
        self.lets: dict[str, Name] = {}
        self.used: set[str] = set()

    def resolve(self, path: tuple[str, ...]) -> Name | None:
        head, rest = path[0], path[1:]
        if head in self.lets and not rest:
            self.used.add(head)
            return self.lets[head]
        if head in ("policy", "settings"):
            value = self.values.get(".".join(path))
            if isinstance(value, Decimal):
                return Name(f"VALUES[{'.'.join(path)!r}]", CONSTANT)  # 5 may be a rate, pieces or money, like a literal
            words = self.choices.get(".".join(path), ())
            return None if value is None else Name(repr(value), "text", words, known=value)
        if head == "extra" and len(rest) == 1:
            return Name(f'(d.get({rest[0]!r}) or "")', "text")
        if not rest and head in self.document:
            return Name(*self.document[head])
        if not rest and head in self.collections:
            return Name(f"d.{head}", "collection")
        if head == "partner" and "partner" not in self.kind.header:
            return _record("d.partner", "partner", rest, self.choices)
        column = self.kind.header.get(head)
        return _column("d", column, rest, self.choices) if column else None

    def names(self) -> Iterable[str]:
        yield from self.lets
        yield from self.document
        yield from self.collections
        yield from self.values
        for column in self.kind.header.values():
            yield from _column_names("", column)

    def element(self, collection: str) -> tuple[str, Scope] | None:
        if collection not in self.collections:
            return None
        return self.collections[collection][0], ElementScope(self, collection)


class ElementScope:
    """Names inside `each`: the element's own under its word, its item and warehouse, and those of the document."""

    def __init__(self, outer: DocumentScope, collection: str) -> None:
        self.outer = outer
        self.functions = outer.functions
        self.word, self.own, self.places = outer.collections[collection]

    def resolve(self, path: tuple[str, ...]) -> Name | None:
        head, rest = path[0], path[1:]
        if head == self.word and rest and self.word != "line":
            if len(rest) == 1 and rest[0] in self.own:
                code, kind = self.own[rest[0]]
                return Name(code.format(self.word), kind, self.outer.choices.get(f"{self.word}.{rest[0]}", ()))
            return self._place(rest)
        if head == "line" and "line" in self.places:
            return self._line(self.places["line"], rest)
        return self._place(path) or self.outer.resolve(path)

    def _place(self, path: tuple[str, ...]) -> Name | None:
        head, rest = path[0], path[1:]
        if head == "department" and len(rest) == 1 and rest[0] in _DEPARTMENT and "line" in self.places:
            source, kind = _LINE[_DEPARTMENT[rest[0]]]
            return Name(source.format(self.places["line"]), kind)
        if head == "employee" and rest and "line" in self.places and "employee" in self.outer.kind.lines:
            return self._line(self.places["line"], path)
        if head == "line" and "line" in self.places:
            return self._line(self.places["line"], rest)
        if head == "warehouse" and head in self.places and self.word == "line":
            return _record("(line.warehouse or d.warehouse or MAIN)", head, rest, self.outer.choices)
        if head == "partner" and self.word == "line" and head in self.places:
            return _record("(line.partner or d.partner)", head, rest, self.outer.choices)
        if head in self.places and head != "line":
            return _record(self.places[head], head, rest, self.outer.choices)
        return None

    def _line(self, code: str, path: tuple[str, ...]) -> Name | None:
        if not path:
            return None
        head, rest = path[0], path[1:]
        own = self.outer.kind.lines.get(head)
        written = own is not None and not own.field and not self.outer.kind.prices  # nothing is computed by that name
        if not rest and head in _LINE and not written:
            source, kind = _LINE[head]
            return Name(source.format(code), kind)
        if head == "extra" and len(rest) == 1:
            return Name(f'(({code}.extra or EMPTY).get({rest[0]!r}) or "")', "text")
        if head == "item":
            return _record(f"{code}.item", "item", rest, self.outer.choices)
        column = self.outer.kind.lines.get(head)
        return _column(code, column, rest, self.outer.choices) if column else None

    def names(self) -> Iterable[str]:
        if self.word != "line":
            yield from (f"{self.word}.{name}" for name in self.own)
        if "line" in self.places:
            yield from (f"line.{name}" for name in _LINE)
            yield from (f"department.{name}" for name in _DEPARTMENT)
            for column in self.outer.kind.lines.values():
                yield from _column_names("line.", column)
        for place in self.places:
            yield from (f"{place}.{name}" for name in RECORDS.get(place, ()))
        yield from self.outer.names()

    def element(self, collection: str) -> tuple[str, Scope] | None:
        return self.outer.element(collection)


def _column(base: str, column: Column, rest: tuple[str, ...], choices: Mapping[str, tuple[str, ...]]) -> Name | None:
    source = f"{base}.{column.field}" if column.field else f"{base}.get({column.name!r})"
    if base != "d" and not column.field:
        source = f"({base}.extra or EMPTY).get({column.name!r})"
    if column.type in RECORDS:
        return _record(source, column.type, rest, choices)
    if rest:
        return None
    if column.type == "integer":
        return Name(f"INTEGER[{source} or 0]", "number")
    if column.type in NUMBER_TYPES:
        measured = column.type in ("money", "quantity", "price") and column.name not in _BARE
        return Name(f"({source} or ZERO)", column.type if measured else "number")
    if column.type == "date":
        return Name(source, "date")
    kind = column.type if column.type in ("account", "boolean") else "text"
    return Name(f'({source} or "")', kind, column.choices if column.required else _or_blank(column.choices))


def _record(source: str, kind: str, rest: tuple[str, ...], choices: Mapping[str, tuple[str, ...]]) -> Name | None:
    """A field of an item, partner or warehouse; blank or zero where there is none."""
    fields = RECORDS[kind]
    if not rest:
        return Name(f"({source} is not None)", "boolean")
    if len(rest) == 2 and rest[0] == "extra":
        return Name(f'({source}.extra.get({rest[1]!r}, "") if {source} else "")', "text")
    if len(rest) != 1 or rest[0] not in fields:
        return None
    if fields[rest[0]] != "text":
        return Name(f"(({source}.{rest[0]} if {source} else None) or ZERO)", fields[rest[0]])
    master = "partner" if kind in ("supplier", "customer", "employee") else kind
    words = _or_blank(choices.get(f"{master}.{rest[0]}", ()))
    return Name(f'({source}.{rest[0]} if {source} else "")', "text", words)


def _or_blank(words: tuple[str, ...]) -> tuple[str, ...]:
    return (*words, "") if words else ()


def usual_names(kinds: Kinds) -> set[str]:
    """Names that decision tables mostly choose by: fields of masters, header columns, figures of lines."""
    found = {f"{word}.{name}" for word in ("partner", *RECORDS) for name in RECORDS[word]}
    found.update(f"line.{name}" for name in _LINE)
    for kind in kinds.documents.values():
        found.update(kind.header)
    return found


def names_of_kinds(kinds: Kinds) -> set[str]:
    """Every name that some document or line has: what a decision table may choose by."""
    found = {f"{word}.{name}" for word in ("partner", *RECORDS) for name in RECORDS[word]}
    for kind in kinds.documents.values():
        scope = DocumentScope(kind, {})
        found.update(scope.names())
        for collection in COLLECTIONS:
            found.update(ElementScope(scope, collection).names())
    return found


def _column_names(prefix: str, column: Column) -> Iterable[str]:
    if column.type in RECORDS:
        yield from (f"{prefix}{column.name}.{name}" for name in RECORDS[column.type])
    else:
        yield prefix + column.name
