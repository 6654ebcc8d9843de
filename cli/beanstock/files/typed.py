"""Reading YAML mappings key by key: whatever has another form than asked for is a problem, never an exception.

Every file that people write (settings, rules, taxes, statements, mappings, examples) is read through here, so that a
list where a text belongs, or a misspelt key, is told with its place.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from beanstock.files.decode import HIDDEN_OR_BREAK
from beanstock.files.yamltext import Map, Sequence, unknown_keys
from beanstock.problems import Place, Problem, problem, suggest

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True)
class Text:
    """A text of a file and where it stands."""

    value: str
    place: Place


class Typed:
    """A mapping whose keys are read with the form they must have. `where` names it in messages: "a rule"."""

    def __init__(
        self,
        body: object,
        shown: str,
        problems: list[Problem],
        known: Iterable[str],
        where: str,
        place: Place | None = None,
    ) -> None:
        self.shown = shown
        self.problems = problems
        self.where = where
        if isinstance(body, Map):
            self.body = body
            if known:
                problems += unknown_keys(body, known, where, shown)
        else:
            self.body = Map()
            problems.append(problem("bad-form", place or Place(shown, 1, 1), what=where, form="a mapping of keys"))
        self.at = Place(shown, *self.body.at) if place is None or isinstance(body, Map) else place

    def __contains__(self, key: str) -> bool:
        return key in self.body

    def place(self, key: str) -> Place:
        """Where a key's value stands."""
        return self.body.value_place(self.shown, key)

    def key_place(self, key: str) -> Place:
        """Where a key stands."""
        return self.body.key_place(self.shown, key)

    def text(self, key: str, default: str = "") -> str:
        """A text. Problems: bad-form."""
        value = self.body.get(key, default)
        if isinstance(value, str) and HIDDEN_OR_BREAK.search(value):
            self._bad(key, "a text without line breaks and control characters")
            return default
        if isinstance(value, str):
            return value
        self._bad(key, "a text")
        return default

    def located(self, key: str) -> Text | None:
        """A text with its place, or None where the key is missing. Problems: bad-form."""
        if key not in self.body:
            return None
        value = self.text(key)
        return Text(value, self.place(key)) if isinstance(self.body[key], str) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts. Problems: bad-form."""
        value = self.body.get(key, Sequence())
        if isinstance(value, Sequence) and all(isinstance(one, str) for one in value):
            return tuple(value)
        self._bad(key, "a list of texts")
        return ()

    def choice(self, key: str, choices: Iterable[str], default: str) -> str:
        """One of a few words. Problems: bad-form."""
        value, allowed = self.text(key, default), list(choices)
        if value in allowed:
            return value
        self._bad(key, "one of " + ", ".join(allowed), suggest(value, allowed))
        return default

    def flag(self, key: str, *, default: bool) -> bool:
        """Yes or no. Problems: bad-form."""
        value = self.text(key, "yes" if default else "no").lower()
        if value in _FLAGS:
            return _FLAGS[value]
        self._bad(key, "yes or no")
        return default

    def day(self, key: str) -> dt.date | None:
        """An ISO day. Problems: bad-form."""
        if key not in self.body:
            return None
        value = self.text(key)
        try:
            if _DAY.fullmatch(value):
                return dt.date.fromisoformat(value)
        except ValueError:
            pass
        self._bad(key, "a day as YYYY-MM-DD")
        return None

    def map(self, key: str, known: Iterable[str] = (), where: str = "") -> Typed:
        """A mapping below, empty where the key is missing. Problems: bad-form, unknown-key."""
        value = self.body.get(key)
        if value in (None, ""):
            value = Map(self.body.at)
        return Typed(
            value, self.shown, self.problems, known, where or f"`{key}`", self.place(key) if key in self.body else None
        )

    def named_texts(self, key: str) -> dict[str, Text]:
        """A mapping of names to texts. Problems: bad-form."""
        return self.map(key).named_texts_of()

    def named_texts_of(self) -> dict[str, Text]:
        """All of this mapping as texts. Problems: bad-form."""
        found = {name: self.located(name) for name in self.body}
        return {name: text for name, text in found.items() if text is not None}

    def list(self, key: str) -> Iterator[tuple[object, Place]]:
        """The items of a list with their places. Problems: bad-form."""
        value = self.body.get(key, Sequence())
        if isinstance(value, Sequence):
            for position, one in enumerate(value):
                yield one, value.place(self.shown, position)
        elif value != "":
            self._bad(key, "a list")

    def maps(self, key: str, known: Iterable[str], where: str) -> Iterator[Typed]:
        """A list of mappings. Problems: bad-form, unknown-key."""
        for one, place in self.list(key):
            yield Typed(one, self.shown, self.problems, known, where, place)

    def __iter__(self) -> Iterator[str]:
        return iter(self.body)

    def _bad(self, key: str, form: str, suggestion: str = "") -> None:
        self.problems.append(
            problem("bad-form", self.place(key), what=f"`{key}`", form=form + "." + suggestion if suggestion else form)
        )
