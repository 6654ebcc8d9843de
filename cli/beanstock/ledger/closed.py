"""What a closed period promised: ledgers/closed/YYYY-MM.yaml, written by `close` and never by hand.

It is YAML with one exact form, read strictly: what would not be written the same way is refused. A seal over its own
text shows a careless change; the hash of the file before it chains the periods, and git says who changed what.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass, field
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
_SCALAR = re.compile(r'([a-z_]+): ("(?:[^"\\]|\\.)*")')
_ENTRY = re.compile(r'  ("(?:[^"\\]|\\.)*"): ("(?:[^"\\]|\\.)*")')


@dataclass
class Period:
    """One closed period. Figures are texts: they are compared, never computed with."""

    period: str
    closed_by: str = ""
    closed_at: str = ""
    previous: str = ""  # sha256 of the closed file before
    ledger: str = ""  # sha256 of the month's ledger file; blank where it has none
    vouchers: dict[str, str] = field(default_factory=dict)  # number: date, document, rule and hash
    documents: dict[str, str] = field(default_factory=dict)  # what was new or changed since the period before
    trial_balance: dict[str, str] = field(default_factory=dict)
    foreign_money: dict[str, str] = field(default_factory=dict)  # what accounts hold in foreign currencies
    stock: dict[str, str] = field(default_factory=dict)
    open_items: dict[str, str] = field(default_factory=dict)

    @property
    def end(self) -> dt.date:
        """The last day."""
        return first_day_after(self.period) - dt.timedelta(days=1)

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
    period = Period("")
    section: dict[str, str] | None = None
    for number, line in enumerate(text.removeprefix(NOTICE).split("\n"), start=text.startswith(NOTICE) + 1):
        entry, scalar = _ENTRY.fullmatch(line), _SCALAR.fullmatch(line)
        try:
            if entry and section is not None:
                section[json.loads(entry[1])] = json.loads(entry[2])
            elif scalar and scalar[1] in _SCALARS:
                setattr(period, scalar[1], json.loads(scalar[2]))
            elif scalar and scalar[1] == "seal":
                continue  # it is worked out again below
            elif line.removesuffix(":") in _SECTIONS and line.endswith(":"):
                section = getattr(period, line[:-1])
            elif line:
                return None, number
        except ValueError:
            return None, number
    if not _NAME.fullmatch(f"{period.period}.yaml") or period.text() != text:
        return None, 0
    return period, 0


def promised_documents(periods: list[Period]) -> dict[str, str]:
    """The fingerprint of every document of the closed periods, as it was when the last one was closed."""
    found: dict[str, str] = {}
    for period in periods:
        found.update(period.documents)
    return {name: hash_ for name, hash_ in found.items() if hash_ != REMOVED}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / FOLDER).glob("*.yaml") if _NAME.fullmatch(path.name))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
