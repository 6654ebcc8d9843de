"""What may stand under the keys of a YAML file: declared once, used by the readers and for the published JSON Schemas.

A reader takes its keys (and the words of a choice) from these declarations, so that a schema cannot know a key that the
reader does not. Everything is text to the readers; a schema also allows what an editor's YAML makes of such text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = dict[str, Any]


@dataclass(frozen=True)
class Form:
    """The form of a value, as a JSON Schema; `words` are those of a choice."""

    schema: Schema
    words: tuple[str, ...] = ()


Keys = Mapping[str, Form]
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def text(about: str, pattern: str = "") -> Form:
    """A text; numbers and yes or no are texts, too."""
    if pattern:
        return Form({"description": about, "type": ["string", "number"], "pattern": pattern})
    return Form({"description": about, "type": ["string", "number", "boolean"]})


def texts(about: str, words: Iterable[str] = ()) -> Form:
    """A list of texts, each one of a few words where some are given."""
    one: Schema = {"enum": list(words)} if words else dict(text("").schema, description="")
    one.pop("description", None)
    return Form({"description": about, "type": "array", "items": one})


def choice(words: Iterable[str], about: str) -> Form:
    """One of a few words."""
    listed = tuple(words)
    read_by_editors = [word == "yes" for word in listed if word in ("yes", "no")]
    return Form({"description": about, "enum": [*listed, *read_by_editors]}, listed)


def flag(about: str) -> Form:
    """Yes or no."""
    return choice(("yes", "no", "true", "false"), about)


def day(about: str) -> Form:
    """A day as YYYY-MM-DD."""
    return Form({"description": about, "type": "string", "pattern": _DAY})


def mapping(keys: Keys, about: str, required: Iterable[str] = ()) -> Form:
    """A mapping with known keys."""
    schema: Schema = {"description": about, "type": "object", "additionalProperties": False}
    schema["properties"] = {key: form.schema for key, form in keys.items()}
    if required:
        schema["required"] = list(required)
    return Form(schema)


def named(form: Form, about: str, names: str = "") -> Form:
    """A mapping of names of one's own."""
    schema: Schema = {"description": about, "type": ["object", "null"], "additionalProperties": form.schema}
    if names:
        schema["propertyNames"] = {"pattern": names}
    return Form(schema)


def listed(form: Form, about: str) -> Form:
    """A list."""
    return Form({"description": about, "type": "array", "items": form.schema})


def one_of(about: str, *forms: Form) -> Form:
    """One of several forms."""
    return Form({"description": about, "anyOf": [form.schema for form in forms]})


def cells(about: str) -> Form:
    """A list of cells and what they give."""
    return Form(
        {"description": about, "type": "array", "items": {"type": ["string", "number", "boolean"]}, "minItems": 1}
    )


@dataclass(frozen=True)
class File:
    """A kind of file: its name, what it is for, its keys, and whether other keys are names of one's own."""

    name: str
    about: str
    keys: Keys = field(default_factory=dict)
    required: tuple[str, ...] = ()
    others: Form | None = None
    items: Form | None = None  # of a file that is a list

    def schema(self) -> Schema:
        """The JSON Schema of the whole file."""
        head: Schema = {"$schema": "http://json-schema.org/draft-07/schema#", "title": self.name}
        if self.items is not None:
            return {**head, **listed(self.items, self.about).schema}
        body = dict(mapping(self.keys, self.about, self.required).schema)
        if self.others is not None:
            body["additionalProperties"] = self.others.schema
        return {**head, **body}
