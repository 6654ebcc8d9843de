"""The strict reader of generated files: canonical text back to vouchers, and nothing else.

It accepts exactly what the serializer writes. A line that it does not know is a problem, never skipped, because
Beancount itself ignores some broken lines without a word.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal

from beanstock.ledger.text import NOTICE
from beanstock.model import Posting, Voucher
from beanstock.problems import Place, Problem, problem

_STRING = r'"((?:[^"\\]|\\.)*)"'
_HEAD = re.compile(rf"(\d{{4}}-\d\d-\d\d) ([*!]) {_STRING} {_STRING}((?: \^\S+)*)((?: #\S+)*)")
_POSTING = re.compile(r"  ([A-Z]\S+) +(-?\d+(?:\.\d+)?) ([A-Z][A-Z0-9]*)")
_META = re.compile(rf"(?:    |  )([a-z][a-z0-9_-]*): (?:{_STRING}|(\S+))")
_OPEN = re.compile(r"\d{4}-\d\d-\d\d open (\S+)")


def read_vouchers(text: str, shown: str) -> tuple[list[Voucher], list[Problem]]:
    """The vouchers of a month file. Problems: ledger-unreadable."""
    vouchers: list[Voucher] = []
    problems: list[Problem] = []
    posting: Posting | None = None
    voucher: Voucher | None = None
    amounts: dict[str, Decimal] = {}
    dates: dict[str, dt.date] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or (number == 1 and line == NOTICE[:-1]):
            continue
        if line.startswith("    ") and posting is not None:
            match = _META.fullmatch(line)
            if match and _put(posting, match):
                continue
        elif line.startswith("  ") and voucher is not None:
            match = _POSTING.fullmatch(line)
            if match:
                amount = amounts.get(match[2])
                if amount is None:
                    amount = amounts[match[2]] = Decimal(match[2])
                posting = Posting(match[1], "", amount)
                voucher.postings.append(posting)
                continue
            match = _META.fullmatch(line) if not voucher.postings else None
            if match:
                _put_head(voucher, match)
                continue
        else:
            match = _HEAD.fullmatch(line)
            if match:
                day = dates.get(match[1])
                if day is None:
                    day = dates[match[1]] = dt.date.fromisoformat(match[1])
                voucher = Voucher(day, "", "")
                voucher.flag, voucher.payee, voucher.narration = match[2], unquoted(match[3]), unquoted(match[4])
                voucher.links = [link[1:] for link in match[5].split()]
                voucher.tags = [tag[1:] for tag in match[6].split()]
                posting = None
                vouchers.append(voucher)
                continue
        problems.append(problem("ledger-unreadable", Place(shown, number, 1, excerpt=line), text=line.strip()))
    return vouchers, problems


def read_roles(text: str) -> dict[str, str]:
    """Accounts of accounts.bean with their roles."""
    roles: dict[str, str] = {}
    account = ""
    for line in text.split("\n"):
        match = _OPEN.fullmatch(line)
        if match:
            account = match[1]
            roles[account] = ""
        elif line.startswith("  role: ") and account:
            roles[account] = line[9:-1]
    return roles


def unquoted(text: str) -> str:
    """The text of a Beancount string."""
    return re.sub(r"\\(.)", r"\1", text) if "\\" in text else text


def _put_head(voucher: Voucher, match: re.Match[str]) -> None:
    value = unquoted(match[2]) if match[2] is not None else match[3]
    if match[1] == "document":
        voucher.document = value
    elif match[1] == "rule":
        voucher.rule = value
    else:
        voucher.meta = (*voucher.meta, (match[1], value))


def _put(posting: Posting, match: re.Match[str]) -> bool:
    key, text, bare = match[1], match[2], match[3]
    if key == "qty":
        posting.qty = Decimal(bare)
    elif key == "due":
        posting.due = dt.date.fromisoformat(bare)
    elif text is None:
        return False
    elif key in ("item", "warehouse", "lot", "partner", "document", "side"):
        setattr(posting, key, unquoted(text))
    else:
        posting.meta = (*posting.meta, (key, unquoted(text)))
    return True


def sum_of(postings: Iterable[Posting]) -> Decimal:
    """The sum of postings, which is exactly zero in a balanced voucher."""
    return sum((posting.amount for posting in postings), Decimal(0))
