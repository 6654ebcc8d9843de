"""What a closed period promised: ledgers/closed/YYYY-MM.yaml, written by `close` and never by hand.

It is YAML with one exact form, read strictly: what would not be written the same way is refused. A seal over its own
text shows a careless change; the hash of the file before it chains the periods, and git says who changed what.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from functools import cached_property
from json.encoder import encode_basestring
from pathlib import Path

from beanstock.files.decode import read_text
from beanstock.problems import Place, Problem, problem

FOLDER = "closed"
REOPENED = "reopened.csv"
REMOVED = "removed"
NOTICE = "# Written by `beanstock close`. A closed period is changed by `beanstock reopen` only.\n"
_SCALARS = ("period", "closed_by", "closed_at", "previous", "ledger")
_SECTIONS = ("vouchers", "documents", "trial_balance", "foreign_money", "stock", "open_items")
_NAME = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])\.yaml")
_PLAIN = r'[^"\\\x00-\x1f]*+'
_QUOTED = rf'"{_PLAIN}(?:\\(?:["\\bfnrt]|u00[01][0-9a-f]){_PLAIN})*+"'  # as `_quoted` writes it
_FORM = re.compile(
    "".join(
        [
            re.escape(NOTICE),
            *(f"{name}: ({_QUOTED})\n" for name in _SCALARS),
            *(f"{name}:\n(?:  {_QUOTED}: {_QUOTED}\n)*+" for name in _SECTIONS),
            r'(seal: "([0-9a-f]{64})"\n)',
        ]
    )
)
_NEXT = re.compile(b"^[a-z]", re.MULTILINE)
_ENTRIES = re.compile(f"^  ({_QUOTED}): ({_QUOTED})$", re.MULTILINE)
_SCALAR = re.compile(f"([a-z_]+): {_QUOTED}")
_ENTRY = re.compile(f"  {_QUOTED}: {_QUOTED}")


class Period:
    """One closed period. Figures are texts: they are compared, never computed with.

    Each section is read from the file's text when somebody asks for it: posting asks for few, and open items are many.
    """

    def __init__(self, period: str, *, previous: str = "", written: str = "") -> None:
        self.period = period
        self.closed_by = ""
        self.closed_at = ""
        self.previous = previous  # sha256 of the closed file before
        self.ledger = ""  # sha256 of the month's ledger file; blank where it has none
        self._written = written.encode()  # half as many bytes as the text, where that has Chinese in it

    @cached_property
    def vouchers(self) -> dict[str, str]:
        """By number: date, document, rule and hash."""
        return self._section("vouchers")

    @cached_property
    def documents(self) -> dict[str, str]:
        """What was new or changed since the period before: references and hashes."""
        return self._section("documents")

    @cached_property
    def trial_balance(self) -> dict[str, str]:
        """Balances by account."""
        return self._section("trial_balance")

    @cached_property
    def foreign_money(self) -> dict[str, str]:
        """What accounts hold in foreign currencies."""
        return self._section("foreign_money")

    @cached_property
    def stock(self) -> dict[str, str]:
        """Quantity and value by item and place."""
        return self._section("stock")

    @cached_property
    def open_items(self) -> dict[str, str]:
        """What is owed, by partner and document."""
        return self._section("open_items")

    @property
    def end(self) -> dt.date:
        """The last day."""
        return first_day_after(self.period) - dt.timedelta(days=1)

    def _section(self, name: str) -> dict[str, str]:
        _, found, rest = self._written.partition(f"\n{name}:\n".encode())
        end = _NEXT.search(rest)
        entries = _ENTRIES.findall(rest[: end.start()].decode()) if found and end else []
        return {_unquoted(key): _unquoted(value) for key, value in entries}

    def text(self) -> str:
        """The file's text, sealed."""
        lines = [NOTICE]
        lines += [f"{name}: {_quoted(getattr(self, name))}\n" for name in _SCALARS]
        for name in _SECTIONS:
            lines.append(f"{name}:\n")
            lines += [f"  {_quoted(key)}: {_quoted(value)}\n" for key, value in getattr(self, name).items()]
        body = "".join(lines)
        return f"{body}seal: {_quoted(sha256(body))}\n"


def first_day_after(period: str) -> dt.date:
    """The day after a period such as 2026-01."""
    year, month = map(int, period.split("-"))
    return dt.date(year + month // 12, month % 12 + 1, 1)


def next_period(period: str) -> str:
    """The period after one."""
    return first_day_after(period).isoformat()[:7]


def sha256(text: str) -> str:
    """The sha256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def has_closed(folder: Path) -> bool:
    """Whether a ledger folder has closed periods."""
    return bool(_files(folder))


def last_closed(folder: Path) -> str:
    """The last closed month by the files' names, blank where none is closed; `read_closed` judges the files."""
    files = _files(folder)
    return files[-1].stem if files else ""


def read_closed(folder: Path) -> tuple[list[Period], list[Problem]]:
    """The closed periods of a ledger folder in their order. Problems: closed-tampered, and those of reading a file."""
    periods: list[Period] = []
    problems: list[Problem] = []
    before = ""
    for path in _files(folder):
        shown = f"ledgers/{FOLDER}/{path.name}"
        text, found = read_text(path, shown, folder)
        problems += found
        if found:
            continue
        period, line = parse(text)
        detail = ""
        if period is None:
            detail = f"line {line} is not as it was written" if line else "its seal does not fit its text"
        elif f"{period.period}.yaml" != path.name:
            detail = f"it is of {period.period}"
        elif period.previous != (sha256(before) if before else ""):
            detail = "the period before it is not the one that it followed"
        elif periods and next_period(periods[-1].period) != period.period:
            detail = f"it does not follow {periods[-1].period}"
        if detail or period is None:
            problems.append(problem("closed-tampered", Place(shown, line or 1, 1), path=shown, detail=detail))
            continue
        before = text
        periods.append(period)
    return periods, problems


def parse(text: str) -> tuple[Period | None, int]:
    """A period of a file's text, or None and the first line that is not canonical (0: only the seal is wrong)."""
    form = _FORM.fullmatch(text)
    if form is None:
        return None, _first_fault(text)
    period = Period("", written=text)
    for name, value in zip(_SCALARS, form.groups(), strict=False):
        setattr(period, name, _unquoted(value))
    sealed = sha256(text[: form.start(len(_SCALARS) + 1)]) == form[len(_SCALARS) + 2]
    return (period, 0) if sealed and _NAME.fullmatch(f"{period.period}.yaml") else (None, 0)


def _first_fault(text: str) -> int:
    """The first line that has none of the forms; 0 where each has one, and they do not stand as they were written."""
    for number, line in enumerate(text.removeprefix(NOTICE).split("\n"), start=text.startswith(NOTICE) + 1):
        scalar = _SCALAR.fullmatch(line)
        named = scalar[1] in (*_SCALARS, "seal") if scalar else line.removesuffix(":") in _SECTIONS
        if line and not named and not _ENTRY.fullmatch(line):
            return number
    return 0


def promised_documents(periods: list[Period]) -> dict[str, str]:
    """The fingerprint of every document of the closed periods, as it was when the last one was closed."""
    found: dict[str, str] = {}
    for period in periods:
        found.update(period.documents)
    return {name: hash_ for name, hash_ in found.items() if hash_ != REMOVED}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / FOLDER).glob("*.yaml") if _NAME.fullmatch(path.name))


def _quoted(text: str) -> str:
    return encode_basestring(text)  # as json.dumps writes a text, without making an encoder for each


def _unquoted(text: str) -> str:
    """A text of its JSON form. Raises ValueError."""
    found: str = json.loads(text) if "\\" in text else text[1:-1]
    return found
