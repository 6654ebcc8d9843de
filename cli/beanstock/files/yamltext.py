"""YAML as text with positions: every scalar stays the text that stands in the file.

Implicit types (`no`, `010`, `12:30`), aliases, tags and duplicate keys are what makes YAML unsafe for codes and
amounts; the reader works on events, so none of them is ever built, and depth is bounded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Union

import yaml

from beanstock.problems import Place, Problem, problem, suggest

Value = Union[str, "Map", "Sequence"]
MAX_DEPTH = 24
_CUT = " An expression with a comma needs quotes between { and }."
MAX_EVENTS = 20_000_000
_PARSER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Map(dict[str, Any]):
    """A mapping that knows where it and each of its keys and values stand (1-based line and column)."""

    __slots__ = ("at", "keys_at", "values_at")

    def __init__(self, at: tuple[int, int] = (1, 1)) -> None:
        super().__init__()
        self.at = at
        self.keys_at: dict[str, tuple[int, int]] = {}
        self.values_at: dict[str, tuple[int, int]] = {}

    def changed(self, values: dict[str, Any]) -> Map:
        """The mapping with other values, at the places of those before; a tree that was parsed stays as it is."""
        other = Map(self.at)
        other.update({**self, **values})
        other.keys_at, other.values_at = self.keys_at, self.values_at
        return other

    def key_place(self, path: str, key: str) -> Place:
        line, column = self.keys_at.get(key, self.at)
        return Place(path, line, column, width=max(1, len(key)))

    def value_place(self, path: str, key: str) -> Place:
        line, column = self.values_at.get(key, self.at)
        value = self.get(key)
        return Place(path, line, column, width=max(1, len(value)) if isinstance(value, str) else 1)


class Sequence(list[Any]):
    """A list that knows where it and its items stand."""

    __slots__ = ("at", "items_at")

    def __init__(self, at: tuple[int, int] = (1, 1)) -> None:
        super().__init__()
        self.at = at
        self.items_at: list[tuple[int, int]] = []

    def place(self, path: str, index: int) -> Place:
        line, column = self.items_at[index]
        value = self[index]
        return Place(path, line, column, width=max(1, len(value)) if isinstance(value, str) else 1)


class _Fault(Exception):
    def __init__(self, detail: str, at: tuple[int, int]) -> None:
        super().__init__(detail)
        self.detail, self.at = detail, at


def unknown_keys(body: Map, known: Iterable[str], where: str, shown: str) -> list[Problem]:
    """A problem unknown-key for each key that `where` (a phrase such as "a rule") does not have."""
    known = tuple(known)
    return [
        problem(
            "unknown-key",
            body.key_place(shown, key),
            key=key,
            where=where,
            known=", ".join(known),
            suggestion=_CUT if "(" in key or ")" in key else suggest(key, known),
        )
        for key in body
        if key not in known
    ]


def parse(text: str, shown: str) -> tuple[Value, list[Problem]]:
    """The one document of a YAML text. Problems: bad-yaml, duplicate-key; an empty text gives an empty mapping."""
    problems: list[Problem] = []
    try:
        root = _build(text, shown, problems)
    except _Fault as fault:
        return Map(), [*problems, problem("bad-yaml", Place(shown, *fault.at), detail=fault.detail)]
    except yaml.YAMLError as fault:
        mark = getattr(fault, "context_mark", None) or getattr(fault, "problem_mark", None)
        at = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        detail = str(getattr(fault, "problem", None) or fault).splitlines()[0]
        return Map(), [*problems, problem("bad-yaml", Place(shown, *at), detail=detail)]
    return root, problems


def parse_map(text: str, shown: str) -> tuple[Map, list[Problem]]:
    """`parse` for files whose top is a mapping."""
    value, problems = parse(text, shown)
    if isinstance(value, Map):
        return value, problems
    return Map(), [*problems, problem("bad-yaml", Place(shown, 1, 1), detail="a mapping of keys is expected here")]


def _build(text: str, shown: str, problems: list[Problem]) -> Value:
    root: Value | None = None
    stack: list[Map | Sequence] = []
    keys: list[str | None] = []  # the key that waits for its value, per open mapping
    documents = 0
    events: Any = yaml.parse(text, Loader=_PARSER)
    for count, event in enumerate(events):
        start = event.start_mark.index
        at = (event.start_mark.line + 1, event.start_mark.column + 1)
        if count > MAX_EVENTS:
            raise _Fault("it is too large", at)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Fault("aliases and anchors are not allowed", at)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _Fault("a file holds one document", at)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            stack.pop()
            keys.pop()
        elif isinstance(event, (yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if event.tag is not None and event.tag != "!":
                raise _Fault("tags are not allowed", at)
            value: Value
            if isinstance(event, yaml.ScalarEvent):
                value = event.value
                if not event.style and text[start - 1 : start] == "?":
                    raise _Fault("a text in brackets may not begin with `?`; put it in quotes", at)
                if event.style in ("'", '"'):
                    at = (at[0], at[1] + 1)  # the text begins behind its quote
            else:
                value = Map(at) if isinstance(event, yaml.MappingStartEvent) else Sequence(at)
            is_key = bool(stack) and isinstance(stack[-1], Map) and keys[-1] is None
            if is_key:
                _open_key(stack[-1], keys, value, at, shown, problems)
                continue
            if not stack:
                root = value
            else:
                _put(stack[-1], keys, value, at)
            if not isinstance(value, str):
                if len(stack) >= MAX_DEPTH:
                    raise _Fault(f"it is nested deeper than {MAX_DEPTH}", at)
                stack.append(value)
                keys.append(None)
    return Map() if root is None or root == "" else root


def _open_key(
    owner: Map | Sequence,
    keys: list[str | None],
    value: Value,
    at: tuple[int, int],
    shown: str,
    problems: list[Problem],
) -> None:
    assert isinstance(owner, Map)
    if not isinstance(value, str):
        raise _Fault("a key must be text", at)
    if value in owner:
        problems.append(problem("duplicate-key", Place(shown, *at, width=len(value)), key=value))
    keys[-1] = value
    owner.keys_at.setdefault(value, at)


def _put(owner: Map | Sequence, keys: list[str | None], value: Value, at: tuple[int, int]) -> None:
    if isinstance(owner, Map):
        key = keys[-1]
        assert key is not None
        keys[-1] = None
        owner[key] = value
        owner.values_at[key] = at
    else:
        owner.append(value)
        owner.items_at.append(at)
