"""Identity of documents and the order of events.

One number names one document: the same content twice counts once, other content is a problem. The order is total
(date, time, stage, number), so the order of files and rows never matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from operator import attrgetter
from typing import Any

from beanstock.model import HEADER_COLUMNS, LINE_COLUMNS, Document, Item, Line, Partner, Warehouse
from beanstock.problems import Problem, problem
from beanstock.records.kinds import Kind, Kinds

_EARLY, _LATE = "00:00:00", "24:00:00"
_FIELDS = frozenset(("number", *HEADER_COLUMNS))  # columns that have a field of their own
_HEADER_VALUES, _LINE_VALUES = attrgetter(*HEADER_COLUMNS), attrgetter(*LINE_COLUMNS)


def assemble(documents: list[Document], kinds: Kinds) -> tuple[list[Document], list[Problem]]:
    """Documents by identity, in the order of events, each with its reference and its lines numbered.

    Problems: repeated-document (a note), conflicting-document.
    """
    problems: list[Problem] = []
    kept: dict[tuple[str, ...], Document] = {}
    groups: dict[tuple[str, ...], list[Document]] = {}
    for document in documents:
        kind = kinds.documents[document.kind]
        if kind.group:
            groups.setdefault((kind.name, *(str(_header(document, column)) for column in kind.group)), []).append(
                document
            )
            continue
        document.reference = f"{kind.name}/{document.number}"
        identity = (kind.name, *(_text(_header(document, column)) for column in kind.identity))
        other = kept.setdefault(identity, document)
        if other is not document:
            # files are read in the order of their names; the place shown is the later one
            code = "repeated-document" if content(other) == content(document) else "conflicting-document"
            problems.append(problem(code, document.place("number"), document=document.reference, other=other.file))
    gathered = [_gather(identity, parts) for identity, parts in groups.items()]
    ordered = [*kept.values(), *gathered]
    for document in ordered:
        document.key = event_key(document, kinds.documents[document.kind], kinds)
        for index, line in enumerate(document.lines, start=1):
            line.index = index
    ordered.sort(key=lambda document: document.key)
    return ordered, problems


def event_key(document: Document, kind: Kind, kinds: Kinds) -> tuple[Any, ...]:
    """A document's place in the order of events: date, time, stage, number; kind and partner only break ties.

    The 0 between stage and number is the rank among transfers of one day, which stock sets by what they need.
    """
    returned = bool(document.lines) and all(line.qty is not None and line.qty < 0 for line in document.lines)
    stage = kind.returns_stage if returned else kind.stage
    return (
        document.date,
        event_time(document, stage, kinds),
        stage,
        0,
        document.number,
        kind.name,
        _text(document.partner),
    )


def event_time(document: Document, stage: int, kinds: Kinds) -> str:
    """The time of a document for one stage; untimed ones stand at the start or the end of the day."""
    if document.time:
        return document.time if len(document.time) > 5 else document.time + ":00"
    return _EARLY if stage <= kinds.last_early_stage else _LATE


def content(document: Document) -> tuple[Any, ...]:
    """All that the record says, comparable: two documents with equal content are the same document."""
    return (
        _texts(_HEADER_VALUES(document)),
        _extra(document.extra),
        tuple(line_content(line) for line in document.lines),
    )


def line_content(line: Line) -> tuple[Any, ...]:
    """All that a line says, comparable."""
    return (*_texts(_LINE_VALUES(line)), _extra(line.extra))


def _gather(identity: tuple[str, ...], parts: list[Document]) -> Document:
    """One document of the rows of a kind without numbers; its lines stand in the order of their content."""
    first = min(parts, key=lambda part: (part.file, part.record))
    document = Document(first.kind, first.file, first.record)
    document.date, document.time, document.memo = first.date, first.time, first.memo
    document.extra = first.extra
    document.number = "/".join(identity[1:])
    document.reference = "/".join(identity)
    lines = [line for part in parts for line in part.lines]
    lines.sort(key=line_content)
    for line in lines:
        line.document = document
    document.lines = lines
    return document


def _header(document: Document, column: str) -> Any:
    return getattr(document, column) if column in _FIELDS else document.get(column)


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    """`_text` of each; most are blank or texts already, and every line of every document comes by."""
    return tuple([value if value.__class__ is str else "" if value is None else _text(value) for value in values])


def _text(value: Any) -> str:
    if isinstance(value, (Item, Partner, Warehouse)):
        return value.code
    if isinstance(value, Decimal):
        return str(value.normalize())
    return "" if value is None else str(value)


def _extra(extra: dict[str, Any] | None) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, _text(value)) for name, value in extra.items())) if extra else ()
