"""Whether a run can go on from closed months, and what it notes for the next one: see `carried`."""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from beanstock import __version__
from beanstock.amounts.money import decimals_of
from beanstock.books import Books
from beanstock.carried.capture import Capture
from beanstock.carried.codec import Stale
from beanstock.carried.going import Carried, said_of
from beanstock.carried.store import Store, save
from beanstock.files.decode import read_regular
from beanstock.ledger.approvals import manual_hashes
from beanstock.ledger.cachefile import cache_place
from beanstock.ledger.closed import FOLDER, Period, last_closed, sha256
from beanstock.ledger.manual import read_manual
from beanstock.ledger.store import generated_hashes
from beanstock.ledger.text import Serializer
from beanstock.model import Document
from beanstock.records.read import find_files
from beanstock.rulebook.load import Rulebook

if TYPE_CHECKING:
    from beanstock.commands.compute import Run

WORTH = 2_000  # lines of closed months from which on it pays to note their state


def carried_of(books: Books) -> Carried:
    """What the closed months of books carry. Raises Stale."""
    last = last_closed(books.ledgers)
    place = cache_place(books.folder, books.ledgers)
    if not last or place is None:
        raise Stale("no month is closed" if not last else "there is no place to note anything")
    return Carried(Store(place), Period(last).end)


def conditions(books: Books, rulebook: Rulebook) -> dict[str, Any]:
    """All that the state of closed months depends on beside records and manual vouchers."""
    said = replace(books, folder=Path(), records=Path(), ledgers=Path(), declared={})  # what is declared is in `values`
    return {
        "the program": _program(),
        "the books": repr((said, books.values())),
        "the rules": rulebook.hashes,
        "what months were closed with": _closed_files(books.ledgers / FOLDER),
    }


@cache
def _program() -> str:
    """The version, and sizes and times of all modules: whoever works on the program changes more than its version."""
    root = Path(__file__).parents[1]
    modules = sorted(path for path in root.rglob("*.*") if path.suffix in (".py", ".so"))
    said = [f"{path.relative_to(root)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in modules]
    return f"{__version__} {sha256(' '.join(said))}"


def _closed_files(folder: Path) -> dict[str, str]:
    """The hashes of what closed months promised. Raises Stale."""
    try:
        return {path.name: hashlib.sha256(read_regular(path)).hexdigest() for path in sorted(folder.glob("*.yaml"))}
    except OSError as fault:
        raise Stale(str(fault)) from None


def begun_capture(books: Books, rulebook: Rulebook, documents: list[Document]) -> Capture | None:
    """A capture of what closed months of books carry, where months are closed and it pays."""
    last = last_closed(books.ledgers)
    if not last or cache_place(books.folder, books.ledgers) is None:
        return None
    end = Period(last).end
    if sum(len(one.lines) for one in documents if one.date <= end) < WORTH:
        return None
    with suppress(Stale):  # such as two documents with one name
        return Capture(documents, end, conditions(books, rulebook))
    return None


def keep_capture(run: Run) -> None:
    """Write down what was noted, once all was posted; a cache that cannot be written is none."""
    capture, books = run.capture, run.books
    place = cache_place(books.folder, books.ledgers)
    if capture is None or place is None or not capture.state or not capture.whole:
        return
    with suppress(Stale, OSError, sqlite3.Error):
        hashes: dict[str, str] = {}
        files = find_files(books.records, run.rulebook.kinds, hashes, run.rulebook.kinds.documents)[0]
        known, problems = capture.finish(files, hashes, run.problems)
        others = any(run.records.hashes.get(name) != one for name, one in hashes.items())
        if others or conditions(books, run.rulebook) != capture.conditions:
            return  # somebody writes records, or has closed or reopened a month meanwhile
        always = capture.numbered()
        facts = {
            "always": always,
            "files": {name: one.form() for name, one in known.items()},
            "conditions": capture.conditions,
            "masters": said_of(run.records.masters, capture.end),
            "problems": problems,
            "settled": capture.settled[0],
            "state": capture.state,
            "manual": _manual(run, capture.end),
            "ledger": {one.period: one.ledger for one in run.closed[0] if one.ledger},
        }
        save(place, facts, capture.entries.values())


def _manual(run: Run, end: dt.date) -> list[str]:
    """The hashes of the manual vouchers of closed months."""
    books = run.books
    manual = read_manual(books.ledgers, run.rulebook.accounts, books.currency)[0]
    serializer = Serializer(books.currency, decimals_of(books.currency))
    return manual_hashes([one for one in manual if one.date <= end], serializer)


def kept_files(carried: Carried, ledgers: Path) -> dict[str, str]:
    """The ledger files of closed months, which are as they were, with their hashes. Raises Stale."""
    try:
        there = generated_hashes(ledgers)
    except OSError as fault:
        raise Stale(str(fault)) from None
    kept: dict[str, str] = {f"{month}.bean": hash_ for month, hash_ in carried.store.fact("ledger").items()}
    if any(there.get(name) != hash_ for name, hash_ in kept.items()):
        raise Stale("a ledger file has changed")
    return kept
