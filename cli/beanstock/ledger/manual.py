"""Manual vouchers: what may stand in ledgers/manual/*.bean, read by Beancount's parser and checked by us.

Every amount is written out; lots, prices, pads, plugins, options and includes are refused, and so are lines that
Beancount would skip without a word. Controlled accounts belong to their documents.
"""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from beanstock.amounts.money import unit_of
from beanstock.files.decode import HIDDEN, HIDDEN_OR_BREAK, character_name, read_text
from beanstock.problems import Place, Problem, problem
from beanstock.rulebook.accounts import Accounts
from beanstock.voucher import Posting, Voucher

_SKIPPED_STARTS = "*#:!&?%"
_POSTING = re.compile(
    r"\s+(?:[*!]\s+)?[A-Z][^\s;\":]*+(?::[^\s;\":]++)++\s+-?\d++(?:\.\d++)?\s+[A-Z][A-Z0-9]*+\s*+(?:;.*)?"
)
_POSTING_LIKE = re.compile(r"\s+(?:[*!]\s+)?[A-Z][A-Za-z]*:\S")
_RETURN = re.compile(r"\r(?!$)")  # which ends a line for some programs, and not for others
_META = ("item", "qty", "warehouse", "lot", "partner", "document", "due", "side")
_ALLOWED = ("Transaction", "Open", "Close", "Note", "Document", "Event", "Balance", "Commodity", "Custom")


def manual_files(folder: Path) -> list[Path]:
    """The manual ledger files, by name; names that hide something are told by `read_manual` and never included."""
    return sorted(path for path in (folder / "manual").glob("*.bean") if not HIDDEN_OR_BREAK.search(path.name))


def read_manual(folder: Path, accounts: Accounts, currency: str) -> tuple[list[Voucher], list[str], list[Problem]]:
    """Manual vouchers, the accounts that manual files open themselves, and what is wrong.

    Problems: manual-refused, controlled-account, not-balanced, not-text.
    """
    vouchers: list[Voucher] = []
    opened: list[str] = []
    problems: list[Problem] = []
    for path in sorted((folder / "manual").glob("*.bean")):
        if HIDDEN_OR_BREAK.search(path.name):
            detail = "the file's name holds a line break or control character"
            problems.append(problem("manual-refused", Place("ledgers/manual"), detail=detail))
    for path in manual_files(folder):
        shown = f"ledgers/manual/{path.name}"
        text, found = read_text(path, shown, folder)
        problems += found
        if any(one.severity == "error" for one in found):
            continue
        refused = _refused_lines(text, shown)
        made, opens, found = _parse(_without(text, refused), shown, accounts, currency)
        found = sorted([*refused, *found], key=lambda one: one.place.line if one.place else 0)
        vouchers += made
        opened += opens
        problems += found
    vouchers.sort(key=lambda voucher: (voucher.date, voucher.document))
    return vouchers, opened, problems


def _refused_lines(text: str, shown: str) -> list[Problem]:
    problems = []
    hides = HIDDEN.search(text) or "\r" in text
    for number, line in enumerate(text.split("\n"), start=1):
        word = line.split(maxsplit=1)[0] if line.strip() else ""
        detail = ""
        hidden = (HIDDEN.search(line) or _RETURN.search(line)) if hides else None
        if hidden:
            detail = f"the line holds the hidden character {character_name(hidden[0])}"
        elif line[:1] in tuple(_SKIPPED_STARTS) and line.strip():
            detail = f"Beancount skips lines that begin with `{line[0]}` without a word"
        elif word in ("plugin", "option", "include", "pushtag", "poptag", "pushmeta", "popmeta"):
            detail = f"`{word}` is not allowed in manual vouchers"
        elif _POSTING_LIKE.match(line) and not _POSTING.fullmatch(line):
            detail = (
                "a posting is an account, an amount written out and a currency; no arithmetic, lots, costs or prices"
            )
        if detail:
            problems.append(problem("manual-refused", Place(shown, number, 1, excerpt=line), detail=detail))
    return problems


def _without(text: str, refused: list[Problem]) -> str:
    """The text without what was refused, whole entries: what Beancount makes of these would be told a second time."""
    if not refused:
        return text
    lines = text.split("\n")
    starts = [at for at, line in enumerate(lines) if line.strip() and not line[0].isspace()]
    for one in refused:
        at = one.place.line - 1 if one.place else 0
        first = max((start for start in starts if start <= at), default=at)
        last = min((start for start in starts if start > at), default=len(lines))
        lines[first:last] = [""] * (last - first)
    return "\n".join(lines)


def _parse(text: str, shown: str, accounts: Accounts, currency: str) -> tuple[list[Voucher], list[str], list[Problem]]:
    os.environ["BEANCOUNT_DISABLE_LOAD_CACHE"] = "1"
    from beancount.parser import parser  # noqa: PLC0415 heavy, and only where there are manual files

    parsed: Any = parser.parse_string(text, report_filename=shown)
    entries, faults, _ = parsed
    problems = [
        problem("manual-refused", Place(shown, fault.source.get("lineno", 0), 1), detail=str(fault.message))
        for fault in faults
    ]
    vouchers: list[Voucher] = []
    opened: list[str] = []
    for entry in entries:
        kind = type(entry).__name__
        place = Place(shown, entry.meta.get("lineno", 0), 1)
        if kind == "Open":
            opened.append(entry.account)
        elif kind == "Transaction":
            vouchers.append(_voucher(entry, shown, place, accounts, currency, problems))
        elif kind not in _ALLOWED:
            problems.append(
                problem("manual-refused", place, detail=f"`{kind.lower()}` is not allowed in manual vouchers")
            )
    return vouchers, opened, problems


def _is_written_out(one: Any) -> bool:
    """A posting with a number and a currency, and nothing else; what is left out is None or a marker class."""
    return isinstance(getattr(one.units, "number", None), Decimal) and one.cost is None and one.price is None


def _voucher(
    entry: Any, shown: str, place: Place, accounts: Accounts, currency: str, problems: list[Problem]
) -> Voucher:
    number = entry.meta.get("lineno", 0)
    voucher = Voucher(entry.date, f"manual/{Path(shown).stem}:{number}", "manual")
    voucher.flag, voucher.payee, voucher.narration = entry.flag, entry.payee or "", entry.narration or ""
    before = len(problems)
    voucher.tags, voucher.links = sorted(entry.tags), sorted(entry.links)
    for one in entry.postings:
        at = place._replace(line=one.meta.get("lineno", number) if one.meta else number)
        if not _is_written_out(one):
            problems.append(problem("manual-refused", at, detail="every amount is written out, without lots or prices"))
            continue
        if one.units.currency != currency:
            detail = f"amounts are in {currency}, not {one.units.currency}"
            problems.append(problem("manual-refused", at, detail=detail))
        elif one.units.number != one.units.number.quantize(unit_of(currency)):
            detail = f"{one.units.number} has more decimals than {currency} has"
            problems.append(problem("manual-refused", at, detail=detail))
        role = accounts.role_of_account(one.account)
        if accounts.controlled.get(role):
            facts = {"account": one.account, "role": role, "instead": "Record it as a document of its own kind."}
            problems.append(problem("controlled-account", at, **facts))
        posting = Posting(one.account, role, one.units.number)
        meta = one.meta or {}
        posting.meta = tuple(
            (key, str(value))
            for key, value in meta.items()
            if key not in ("filename", "lineno") and not key.startswith("__") and key not in _META
        )
        if meta.get("side") in ("dr", "cr"):
            posting.side = meta["side"]
        elif "side" in meta:
            problems.append(problem("manual-refused", at, detail="`side` is dr or cr"))
        voucher.postings.append(posting)
    if len(problems) > before:
        return voucher
    difference = sum((posting.amount for posting in voucher.postings), Decimal(0))
    if difference:
        problems.append(problem("not-balanced", place, document=voucher.document, sum=difference))
    return voucher
