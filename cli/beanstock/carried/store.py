"""The file that closed months carry their state in: SQLite, named by its own hash, so that what was damaged is not found.

It is written once and never changed: a run that computes everything writes another one.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from beanstock.carried.capture import Entry, dumped
from beanstock.carried.codec import Stale
from beanstock.files.decode import read_regular
from beanstock.ledger.cachefile import prune

SUFFIX = ".closed"
_MAX = 2**31  # bytes
_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID;
CREATE TABLE words (word TEXT, of_group INTEGER, PRIMARY KEY (word, of_group)) WITHOUT ROWID;
CREATE TABLE documents (of_group INTEGER, name TEXT, digest TEXT, rows TEXT, stock TEXT, opens TEXT, problems TEXT, at INTEGER,
    PRIMARY KEY (of_group, at)) WITHOUT ROWID;
"""


def save(place: Path, facts: dict[str, Any], entries: Iterable[Entry]) -> None:
    """Write a state; it is there as a whole or not at all. Raises OSError and sqlite3.Error."""
    handle, name = tempfile.mkstemp(prefix=f"{place.name}-", suffix=".new", dir=place.parent)
    os.close(handle)
    path = Path(name)
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
            _fill(connection, facts, entries)
        sum_ = hashlib.sha256(path.read_bytes()).hexdigest()[:32]
        old = _files(place)
        path.replace(place.with_name(f"{place.name}-{sum_}{SUFFIX}"))
        for one in old:
            if not one.name.endswith(f"{sum_}{SUFFIX}"):
                one.unlink(missing_ok=True)
        prune(place.parent, f"*{SUFFIX}")
    finally:
        path.unlink(missing_ok=True)


def _fill(connection: sqlite3.Connection, facts: dict[str, Any], entries: Iterable[Entry]) -> None:
    several = list(entries)
    connection.executemany("INSERT INTO facts VALUES (?, ?)", [(name, json.dumps(one)) for name, one in facts.items()])
    words = sorted({(word, entry.group) for entry in several for word in entry.words})
    connection.executemany("INSERT INTO words VALUES (?, ?)", words)
    rows: list[tuple[Any, ...]] = [
        (
            one.group,
            one.name,
            one.digest,
            dumped(one.rows),
            dumped(one.stock),
            dumped(one.opens),
            dumped(one.problems),
            at,
        )
        for at, one in enumerate(several)
    ]
    rows.sort(key=lambda row: (row[0], row[7]))
    connection.executemany("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.commit()


def _files(place: Path) -> list[Path]:
    return sorted(place.parent.glob(f"{place.name}-*{SUFFIX}"))


class Store:
    """A state that was written. Close it after use."""

    def __init__(self, place: Path) -> None:
        """Raises Stale where there is none, or only a damaged one, which is removed."""
        try:
            files = _files(place)
            if len(files) != 1:
                raise Stale("nothing is noted")
            data = read_regular(files[0], _MAX)
            if hashlib.sha256(data).hexdigest()[:32] != files[0].name[len(place.name) + 1 : -len(SUFFIX)]:
                files[0].unlink(missing_ok=True)
                raise Stale("what was noted is damaged")
            self.connection = sqlite3.connect(f"{files[0].as_uri()}?mode=ro&immutable=1", uri=True)
        except (OSError, sqlite3.Error) as fault:
            raise Stale(str(fault)) from None

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def fact(self, name: str) -> Any:
        """One of the facts that were saved. Raises Stale."""
        row = self._all("SELECT body FROM facts WHERE name = ?", [name])
        if not row:
            raise Stale(f"{name} is not noted")
        return json.loads(row[0][0])

    def groups_of(self, words: set[str]) -> set[int]:
        """The groups of the documents that any of these words can mean."""
        query = "SELECT DISTINCT of_group FROM words WHERE word IN (SELECT value FROM json_each(?))"
        return {row[0] for row in self._all(query, [json.dumps(sorted(words))])}

    def documents(self, groups: Iterable[int]) -> Iterator[Entry]:
        """The documents of groups."""
        for group in sorted(groups):
            for row in self._all(
                "SELECT name, digest, rows, stock, opens, problems FROM documents WHERE of_group = ?", [group]
            ):
                yield Entry(row[0], row[1], set(), group, *(json.loads(text) if text else {} for text in row[2:]))

    def problems(self) -> Iterator[tuple[int, list[Any]]]:
        """The warnings of all documents, with their groups, in the order that they were told in."""
        for group, text in self._all("SELECT of_group, problems FROM documents WHERE problems <> '' ORDER BY at", []):
            for one in json.loads(text):
                yield group, one

    def _all(self, query: str, values: list[Any]) -> list[Any]:
        try:
            return self.connection.execute(query, values).fetchall()
        except sqlite3.Error as fault:
            raise Stale(str(fault)) from None
