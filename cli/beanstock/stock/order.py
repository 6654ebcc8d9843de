"""The order of stock events: document order, refined by lines, by returns, and by what transfers and productions need.

A return never comes before its original: on the same day it stands right behind it. Transfers of one day are ordered
by dependency: who puts an item into a place goes before who takes it from there.
"""

from __future__ import annotations

import heapq
from typing import Any

from beanstock.model import Document, Line, Warehouse
from beanstock.problems import Problem, problem
from beanstock.records.identity import event_time
from beanstock.records.kinds import Kinds

Key = tuple[Any, ...]
KEY_LENGTH = 7  # date, time, stage, rank, number, kind, partner
BEHIND = 10**9  # what stands behind a document is behind all its lines, too


def put_behind_originals(documents: list[Document]) -> None:
    """A return of the same day stands right behind its original: its key is that one's, with its own behind."""
    for document in documents:
        originals = {origin.line.document for line in document.lines for origin in line.origins or ()}
        last = max((original.key for original in originals), default=())
        if originals and last >= document.key:
            document.key = (*last, BEHIND, *document.key)


def rank_transfers(documents: list[Document], kinds: Kinds, main: Warehouse) -> list[Problem]:
    """Give transfers of the same moment their rank in `key`. Problems: dependency-cycle."""
    groups: dict[Key, list[Document]] = {}
    for document in documents:
        if kinds.documents[document.kind].stock in ("transfer", "production"):
            groups.setdefault(document.key[:3], []).append(document)
    problems: list[Problem] = []
    for group in groups.values():
        if len(group) > 1:
            problems += _rank(group, main)
    return problems


def places_of(document: Document, main: Warehouse) -> tuple[set[object], set[object]]:
    """The places (item, warehouse, lot) that a transfer or production takes from and puts into."""
    takes: set[object] = set()
    puts: set[object] = set()
    if document.kind == "productions":
        for line in document.lines:
            place = (line.item, line.warehouse or document.warehouse or main, line.lot)
            part = line.extra.get("part") if line.extra else ""
            if part in ("input", "output"):  # waste enters no stock, and takes from none
                (puts if part == "output" else takes).add(place)
    else:
        source, target = document.get("from"), document.get("to")
        takes = {(line.item, source, line.lot) for line in document.lines}
        puts = {(line.item, target, line.lot) for line in document.lines}
    return takes, puts


def _rank(group: list[Document], main: Warehouse) -> list[Problem]:
    uses = [places_of(document, main) for document in group]
    needs: list[set[int]] = [
        {other for other in range(len(group)) if other != one and uses[one][0] & uses[other][1]}
        for one in range(len(group))
    ]
    ready = [(group[one].key, one) for one in range(len(group)) if not needs[one]]
    heapq.heapify(ready)
    done: set[int] = set()
    while ready:
        _, one = heapq.heappop(ready)
        key = group[one].key
        group[one].key = (*key[:3], len(done), *key[4:])
        done.add(one)
        for other in range(len(group)):
            if one in needs[other]:
                needs[other].discard(one)
                if not needs[other]:
                    heapq.heappush(ready, (group[other].key, other))
    stuck = [group[one] for one in range(len(group)) if one not in done]
    if not stuck:
        return []
    names = ", ".join(sorted(document.reference for document in stuck))
    return [problem("dependency-cycle", stuck[0].place("number"), documents=names, date=stuck[0].date)]


class Keys:
    """Event keys of lines."""

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds
        self.cache: dict[Line, Key] = {}

    def apart(self, document: Document) -> bool:
        """Whether lines of a document have places of their own: returns beside deliveries, or behind an original."""
        kind = self.kinds.documents[document.kind]
        if kind.returns_stage == kind.stage:
            return False
        return any(line.base_qty < 0 or line.origins for line in document.lines)

    def of(self, line: Line) -> Key:
        """A line's place among the stock events of all documents."""
        document = line.document
        kind = self.kinds.documents[document.kind]
        key = document.key
        if len(key) > KEY_LENGTH:  # the document stands behind its original as a whole
            return (*key, line.index)
        if kind.returns_stage != kind.stage:
            stage = kind.returns_stage if line.base_qty < 0 else kind.stage
            key = (document.date, event_time(document, stage, self.kinds), stage, *key[3:])
        key = (*key, line.index)
        if line.origins:
            original = max(self._cached(origin.line) for origin in line.origins)
            if original >= key:
                key = (*original, 1, *key)
        return key

    def _cached(self, line: Line) -> Key:
        if line not in self.cache:
            self.cache[line] = self.of(line)
        return self.cache[line]
