"""What the user must hear: a code of the catalogue, its facts and its place; and suggestions for words nobody knows."""

from __future__ import annotations

import difflib
import heapq
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from beanstock.catalogue import CATALOGUE
from beanstock.catalogue.entry import Severity

MAX_SUGGESTED = 100  # characters of a word that is compared with others


class Place(NamedTuple):
    """Where a problem is: a file, and either a line and column, or a record and the name of its column.

    `record` counts the records of the file from 0; it is turned into a line (1-based) and a column (1-based, in
    characters) only when a problem is shown, so that no value has to carry its position.
    """

    path: str
    line: int = 0
    column: int = 0
    record: int = -1
    field: str = ""
    excerpt: str = ""
    width: int = 1


class Problem(NamedTuple):
    """One message: a code of the catalogue, the facts that fill its texts, and its place."""

    code: str
    facts: Mapping[str, object]
    place: Place | None = None

    @property
    def severity(self) -> Severity:
        return CATALOGUE[self.code].severity

    @property
    def message(self) -> str:
        """What is wrong."""
        return CATALOGUE[self.code].what.format(**self.facts)

    @property
    def reason(self) -> str:
        """Why it matters."""
        return CATALOGUE[self.code].why.format(**self.facts)

    @property
    def remedy(self) -> str:
        """What to do."""
        return CATALOGUE[self.code].remedy.format(**self.facts).strip()


def problem(code: str, place: Place | None = None, /, **facts: object) -> Problem:
    """Make a problem of a code that the catalogue knows."""
    assert code in CATALOGUE, code
    return Problem(code, facts, place)


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that make a run fail."""
    return [one for one in problems if one.severity == "error"]


class _Patience:
    """How many more known words a run compares with unknown ones, and how many it looks at."""

    CLOSELY, ALL = 5_000, 300_000

    def __init__(self) -> None:
        self.closely, self.all = self.CLOSELY, self.ALL


_patience = _Patience()
_MANY = 40  # known words of which a closer look is taken


def begin_suggestions() -> None:
    """A run begins: suggestions may take their time again."""
    _patience.closely, _patience.all = _Patience.CLOSELY, _Patience.ALL


def suggest(word: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest known word, or nothing.

    Of many known words only those are compared that share most pairs of letters with it. A run that has thousands of
    unknown words, where suggestions help nobody, gets no more of them after the first.
    """
    if _patience.closely <= 0 or _patience.all <= 0 or len(word) > MAX_SUGGESTED:
        return ""
    words = list(known)
    _patience.all -= len(words)
    for other in (word.lower(), word.upper()):
        if other != word and other in words:
            return f" Did you mean `{other}`?"
    if len(words) > _MANY:
        pairs = {word[at : at + 2] for at in range(len(word) - 1)}
        words = [one for one in words if abs(len(one) - len(word)) <= len(word)]
        words = heapq.nlargest(_MANY, words, key=lambda one: sum(pair in one for pair in pairs))
    _patience.closely -= len(words)
    near = difflib.get_close_matches(word, [one for one in words if len(one) <= MAX_SUGGESTED], n=1)
    return f" Did you mean `{near[0]}`?" if near else ""
