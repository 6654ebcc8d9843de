"""The strict reader of generated files: canonical text back to vouchers, and nothing else.

It accepts exactly what the serializer writes. A line that it does not know is a problem, never skipped, because
Beancount itself ignores some broken lines without a word.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from beanstock.amounts.money import decimals_of
from beanstock.files.decode import HIDDEN
from beanstock.ledger.text import NOTICE
from beanstock.problems import Place, Problem, problem
from beanstock.voucher import Posting, Voucher

_STRING = r'"((?:[^"\\]|\\["\\])*+)"'
_HEAD = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}) ([*!]) {_STRING} {_STRING}((?: \^\S+)*)((?: #\S+)*)")
_QUANTITY = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,6})?")
_META = re.compile(rf"(?:    |  )([a-z][a-z0-9_-]*): (?:{_STRING}|(\S+))")
_DAY_LENGTH = len("2026-01-05")
_OPEN = re.compile(r"\d{4}-\d\d-\d\d open (\S+)")


@lru_cache
def _posting(currency: str) -> re.Pattern[str]:
    """A posting in a currency, with exactly its decimals; in any, where none is given."""
    if not currency:
        return re.compile(r"  ([A-Z]\S+) +(-?[0-9]{1,40}(?:\.[0-9]{1,4})?) [A-Z][A-Z0-9]*")
    decimals = decimals_of(currency)
    point = rf"\.[0-9]{{{decimals}}}" if decimals else ""
    return re.compile(rf"  ([A-Z]\S+) +(-?[0-9]{{1,40}}{point}) {currency}")


def read_vouchers(text: str, shown: str, currency: str = "") -> tuple[list[Voucher], list[Problem]]:
    """The vouchers of a month file, whose amounts are all in `currency`. Problems: ledger-unreadable."""
    hidden = HIDDEN.search(text) or ("\r" in text and re.search("\r", text))
    if hidden:
        number = text.count("\n", 0, hidden.start()) + 1
        line = text.split("\n")[number - 1]
        return [], [problem("ledger-unreadable", Place(shown, number, 1, excerpt=line), text=line.strip())]
    of_posting = _posting(currency)
    vouchers: list[Voucher] = []
    problems: list[Problem] = []
    posting: Posting | None = None
    voucher: Voucher | None = None
    amounts: dict[str, Decimal] = {}
    dates: dict[str, dt.date | None] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or (number == 1 and line == NOTICE[:-1]):
            continue
        if line.startswith("    ") and posting is not None:
            match = _META.fullmatch(line)
            if match and _put(posting, match):
                continue
        elif line.startswith("  ") and voucher is not None:
            match = of_posting.fullmatch(line)
            if match:
                amount = amounts.get(match[2])
                if amount is None:
                    amount = amounts[match[2]] = Decimal(match[2])
                posting = Posting(match[1], "", amount)
                voucher.postings.append(posting)
                continue
            match = _META.fullmatch(line) if not voucher.postings else None
            if match and _put_head(voucher, match):
                continue
        else:
            match = _HEAD.fullmatch(line)
            day = dates.get(match[1]) if match else None
            if match and day is None:
                day = dates[match[1]] = _day(match[1])
            if match and day is not None:
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


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _put_head(voucher: Voucher, match: re.Match[str]) -> bool:
    key, text = match[1], match[2]
    if text is None:
        return False
    value = unquoted(text)
    if key in ("document", "rule"):
        if getattr(voucher, key):
            return False
        setattr(voucher, key, value)
    else:
        voucher.meta = (*voucher.meta, (key, value))
    return True


def _put(posting: Posting, match: re.Match[str]) -> bool:
    key, text, bare = match[1], match[2], match[3]
    if key == "qty":
        if posting.qty is not None or bare is None or not _QUANTITY.fullmatch(bare):
            return False
        posting.qty = Decimal(bare)
    elif key == "due":
        if posting.due is not None or bare is None or len(bare) != _DAY_LENGTH:
            return False
        posting.due = _day(bare)
        return posting.due is not None
    elif text is None:
        return False
    elif key in ("item", "warehouse", "lot", "partner", "document", "side"):
        if getattr(posting, key) or (key == "side" and text not in ("dr", "cr")):
            return False
        setattr(posting, key, unquoted(text))
    else:
        posting.meta = (*posting.meta, (key, unquoted(text)))
    return True


def sum_of(postings: Iterable[Posting]) -> Decimal:
    """The sum of postings, which is exactly zero in a balanced voucher."""
    return sum((posting.amount for posting in postings), Decimal(0))
