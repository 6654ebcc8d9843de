"""JSON Schemas of everything that people write in YAML, made from the declarations that the readers use."""

from __future__ import annotations

from beanstock.books import BOOKS_FILE
from beanstock.files.forms import Schema
from beanstock.imports.mapping import FILE as IMPORT_FILE
from beanstock.records.kinds import NUMBER_TYPES, OWN_FILE, Column, Kind, Kinds
from beanstock.rulebook.accounts import FILE as ACCOUNTS_FILE
from beanstock.rulebook.closings import FILE as CLOSING_FILE
from beanstock.rulebook.specs import FILE as SPECS_FILE
from beanstock.rulebook.statements import FILE as STATEMENTS_FILE
from beanstock.rulebook.taxes import FILE as TAXES_FILE
from beanstock.rulebook.vouchers import FILE as VOUCHERS_FILE

_FILES = (
    BOOKS_FILE,
    ACCOUNTS_FILE,
    TAXES_FILE,
    VOUCHERS_FILE,
    CLOSING_FILE,
    SPECS_FILE,
    STATEMENTS_FILE,
    OWN_FILE,
    IMPORT_FILE,
)
_SCALAR = ["string", "number", "boolean", "null"]


def schemas(kinds: Kinds) -> dict[str, Schema]:
    """Schemas by name: `vouchers`, `accounts`..., and `records/KIND` for the YAML records of every kind."""
    found = {one.name.removesuffix(".yaml"): one.schema() for one in _FILES}
    for kind in (*kinds.documents.values(), *kinds.masters.values()):
        found[f"records/{kind.name}"] = _records(kind, kinds)
    return found


def _records(kind: Kind, kinds: Kinds) -> Schema:
    """A list of documents: the header's columns with `lines`, or header and line in one. Other columns are kept as text."""
    header, lines = _properties(kind.header, kinds), _properties(kind.lines, kinds)
    listed = {"type": "array", "items": {"type": "object", "properties": {**header, **lines}}}
    document: Schema = {"type": "object", "properties": {**header, **lines}}
    if kind.header:
        document["properties"]["lines"] = listed
    document["allOf"] = [*_required(kind.header, kinds)]
    in_lines = _required(kind.lines, kinds)
    if in_lines:
        document["allOf"].append({"anyOf": [{"required": ["lines"]}, {"allOf": in_lines}]})
    if not document["allOf"]:
        del document["allOf"]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Records: {kind.name}",
        "type": "array",
        "items": document,
    }


def _properties(columns: dict[str, Column], kinds: Kinds) -> Schema:
    return {
        name: _cell(column, kinds) for column in columns.values() for name in (column.name, *_others(column, kinds))
    }


def _others(column: Column, kinds: Kinds) -> tuple[str, ...]:
    """Names of a column in other languages."""
    return kinds.column_names.get(column.name, ())


def _required(columns: dict[str, Column], kinds: Kinds) -> list[Schema]:
    return [
        {"anyOf": [{"required": [name]} for name in (column.name, *_others(column, kinds))]}
        for column in columns.values()
        if column.required
    ]


def _cell(column: Column, kinds: Kinds) -> Schema:
    about = f"{column.type}, required" if column.required else column.type
    if column.type == "choice":
        words = [word for word, meant in kinds.words.items() if meant in column.choices]
        return {"description": about, "enum": [*column.choices, *words, *([] if column.required else ["", None])]}
    if column.type in NUMBER_TYPES:
        return {"description": about, "type": ["string", "number", "null"]}
    if column.type in ("date", "time"):
        return {"description": about, "type": ["string", "null"]}
    return {"description": about, "type": _SCALAR}
