"""Notes, while everything is computed, what later runs need to go on from the last closed month.

Documents that have to do with each other are one group: they bill, pay, return or carry each other, or name the same
order or job. Groups that open months touch, or can touch without naming anything, are read by every later run; the
others only when somebody names them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from beanstock.carried.codec import Encoder, Name, Stale, name_of
from beanstock.carried.rows import Known, row_spans, rows_of, runs
from beanstock.carried.settled import form_of as settled_form
from beanstock.carried.state import State, bound_lines, form_of, lines_of
from beanstock.carried.told import Told, groups_of, names_of
from beanstock.matching.settlements import Settlements
from beanstock.model import Document
from beanstock.problems import Problem
from beanstock.records.fill import RecordFile
from beanstock.records.fingerprint import digest

_ALWAYS = "always"  # the group that every run reads
OPENING = ("opening-stock", "opening-balances")


@dataclass
class Entry:
    """A closed document: its group, what matching made of it, its rows, its place in stock and among open items, its warnings."""

    name: Name
    digest: str
    words: set[str]
    group: int = 0
    rows: dict[str, list[Any]] = field(default_factory=dict)
    stock: dict[str, Any] = field(default_factory=dict)
    opens: list[Any] = field(default_factory=list)
    problems: list[Any] = field(default_factory=list)


class Capture:
    """What is noted of one run, step by step. `end` is the last closed day, `conditions` what else the state depends on."""

    def __init__(self, documents: list[Document], end: dt.date, conditions: dict[str, Any]) -> None:
        self.end = end
        self.conditions = conditions
        self.documents = documents
        self.closed = {name_of(document): document for document in documents if document.date <= end}
        if len(self.closed) != sum(document.date <= end for document in documents):
            raise Stale("two documents have one name")
        self.known = set(self.closed.values())
        self.groups: dict[Any, Any] = {}
        self.entries: dict[Document, Entry] = {}
        self.settled: tuple[dict[str, Any], dict[Name, list[Any]]] = ({}, {})
        self.state: dict[str, Any] = {}
        self.told = slice(0)
        self.whole = True

    def step(self, take: Callable[[], None]) -> None:
        """Take one of the next three steps; after one that failed nothing is noted any more."""
        if self.whole:
            try:
                take()
            except Stale:
                self.whole = False

    def at_settled(self, settlements: Settlements) -> None:
        """When all payments of closed months have settled what they do."""
        if any(one.kind in OPENING and one.date > self.end for one in self.documents):
            raise Stale("open months have opening records")
        whole, of, live = settled_form(settlements, self.end, self.closed, self._encoder())
        self.settled = (whole, of)
        for document in live:  # a payment that names nothing may settle it
            self._join(_ALWAYS, document)

    def at_matched(self) -> None:
        """When everything is matched, before the first month is posted."""
        self._group(self.documents, self.end)
        for name, opens in self.settled[1].items():
            self.entries[self.closed[name]].opens = opens

    # --- groups: each member knows another one, the last knows itself

    def _root(self, one: Any) -> Any:
        groups = self.groups
        while (above := groups.setdefault(one, one)) is not one:
            groups[one] = one = groups[above]
        return one

    def _join(self, one: Any, other: Any) -> None:
        self.groups[self._root(other)] = self._root(one)

    def _group(self, documents: list[Document], end: dt.date) -> None:
        by_reference: dict[str, list[Document]] = {}
        by_rows: dict[tuple[str, int], Document] = {}
        for document in documents:
            by_reference.setdefault(document.reference, []).append(document)
        for document in documents:
            told = Told()
            hash_ = told.digest(document)
            if document.date <= end:
                self.entries[document] = Entry(name_of(document), hash_, names_of(document))
            else:
                self._join(_ALWAYS, document)
            for other in told.touched:
                self._join(document, other)
            for reference in told.references:
                for other in by_reference.get(reference, ()):
                    self._join(document, other)
            for group in groups_of(document):
                self._join(document, group)
            for row in rows_of(document):
                self._join(by_rows.setdefault(row, document), document)
            if _is_open_ended(document):
                self._join(_ALWAYS, document)

    # --- the state, at the end of the last closed month

    def at_boundary(self, state: State, told: slice) -> None:
        """Take the state; `told` says which of the run's problems the closed months have told. Raises Stale."""
        self.told = told
        for line in bound_lines(state):
            self._join(_ALWAYS, line.document)
        self.state = form_of(state, self._encoder())
        for document, entry in self.entries.items():
            entry.stock = lines_of(state.stock, document, self._encoder())
        state.stock.remembers_all = False

    def _encoder(self) -> Encoder:
        return Encoder(lambda document: document in self.known)

    # --- files and problems, when all went well

    def finish(
        self, files: Iterable[RecordFile], hashes: dict[str, str], problems: list[Problem]
    ) -> tuple[dict[str, Known], dict[str, list[Any]]]:
        """The files that closed documents stand in; the run's problems, sorted. Raises Stale.

        Closed months `told` some, which every run tells again; others belong to no document (`loose`), or to one.
        """
        owners: dict[str, dict[int, Document]] = {}
        open_rows: set[str] = set()
        for document in self.documents:
            for file, record in rows_of(document):
                if document in self.entries:
                    owners.setdefault(file, {})[record] = document
                else:
                    open_rows.add(file)
        known: dict[str, Known] = {}
        for one in files:
            rows = owners.get(one.shown)
            if not rows:
                continue
            if one.form == "csv":
                known[one.shown] = self._csv(one, hashes[one.shown], rows)
                continue
            documents = list(dict.fromkeys(rows.values()))
            for document in documents:
                self._join(documents[0], document)
                self.entries[document].rows[one.shown] = [(0, 0, 0, 0)]
            if one.shown in open_rows:  # read as a whole by every run
                self._join(_ALWAYS, documents[0])
            else:
                known[one.shown] = Known(hashes[one.shown], "", len(one.text), 0, 0, [])
        if owners.keys() - {one.shown for one in files}:
            raise Stale("a file is gone")
        told = problems[self.told]
        rest = [*problems[: self.told.start], *problems[self.told.stop :]]
        loose = self._of_nobody(rest, owners)
        return known, {"told": list(map(problem_form, told)), "loose": loose}

    def _csv(self, one: RecordFile, hash_: str, rows: dict[int, Document]) -> Known:
        head, spans = row_spans(one.text)
        last = max(rows)
        own: dict[Document, list[int]] = {}
        for record, document in rows.items():
            own.setdefault(document, []).append(record)
        for document, records in own.items():
            self.entries[document].rows[one.shown] = runs(records, spans)
        others = [record for record in range(last + 1) if record not in rows]
        length = spans[last][1]
        return Known(hash_, digest(one.text[:length]), length, head, last + 1, runs(others, spans))

    def _of_nobody(self, problems: list[Problem], owners: dict[str, dict[int, Document]]) -> list[Any]:
        """Give each problem to the closed document that it stands in; open ones make theirs again."""
        left = []
        for one in problems:
            place = one.place
            if place is None or place.record < 0:
                left.append(problem_form(one))
                continue
            document = owners.get(place.path, {}).get(place.record)
            if document is not None:
                self.entries[document].problems.append(problem_form(one))
        return left

    def numbered(self) -> list[int]:
        """Number the groups, and give the numbers of those that every run reads."""
        numbers: dict[Any, int] = {}
        for document, entry in self.entries.items():
            entry.group = numbers.setdefault(self._root(document), len(numbers))
        root = self._root(_ALWAYS)
        return [number for one, number in numbers.items() if one is root]


def _is_open_ended(document: Document) -> bool:
    """Whether later months need a document that nobody names: openings, and journals that come again."""
    if document.kind in OPENING:
        return True
    return bool(document.kind == "journals" and (document.get("every") or document.get("reverse")))


def problem_form(one: Problem) -> list[Any]:
    """A problem as JSON; numbers and days of its facts come back as they are written. Raises Stale."""
    facts = {name: _fact(value) for name, value in one.facts.items()}
    return [one.code, facts, list(one.place) if one.place else None]


def _fact(value: object) -> Any:
    if value is None or isinstance(value, (str, int)):
        return value
    return str(value)


def dumped(value: Any) -> str:
    """JSON in its shortest form; blank where there is nothing."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""
