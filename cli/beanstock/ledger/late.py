"""What closed months and the computation of today differ by: red and blue vouchers on the first open day.

The state of a document in closed months is what its own voucher posted, less what red ones took back, plus what blue
ones posted in its place, in whichever closed month they stand. A correction keeps the document's own day as `late`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from beanstock.amounts.foreign import FOREIGN
from beanstock.voucher import Posting, Voucher

RED, BLUE = "red", "blue"
_LATE = re.compile(r'^  late: "(\d{4}-\d{2})-\d{2}"$', re.MULTILINE)
_WORDS = {"en": ("Reversal of {}", "{}"), "zh": ("红字冲销 {}", "{}")}


@dataclass
class Corrected:
    """A document whose vouchers differ: what is taken back and what is posted instead."""

    document: str
    promised: list[Voucher] = field(default_factory=list)
    computed: list[Voucher] = field(default_factory=list)


def late_months(text: str) -> set[str]:
    """The months that the corrections in a month's text belong to."""
    return set(_LATE.findall(text)) if "\n  late: " in text else set()  # most have none: see that at once


def own_day(voucher: Voucher) -> dt.date:
    """The day of a voucher's document: its own, or what a correction remembers."""
    late = dict(voucher.meta).get("late", "")
    return dt.date.fromisoformat(late) if late else voucher.date


def content(voucher: Voucher, sign: int = 1) -> tuple[Any, ...]:
    """What counts of a voucher: its own day and its postings; words, flags and due dates do not."""
    postings = []
    for one in voucher.postings:
        qty = None if one.qty is None else one.qty * sign
        place = (one.item, one.warehouse or "main", one.lot, one.partner, one.document, _foreign(one.meta, sign))
        postings.append((one.account, one.amount * sign, qty, *place))
    return (own_day(voucher), sorted(postings, key=repr))


def effective(vouchers: Iterable[Voucher]) -> dict[str, list[Voucher]]:
    """What counts of each document after all corrections; `vouchers` stand in the order of their months."""
    found: dict[str, list[Voucher]] = {}
    for voucher in vouchers:
        several = found.setdefault(voucher.document, [])
        if dict(voucher.meta).get("correction") == RED:
            taken = content(voucher, -1)
            at = next((at for at, one in enumerate(several) if content(one) == taken), None)
            if at is not None:
                del several[at]
        else:
            several.append(voucher)
    return found


def corrected(promised: dict[str, list[Voucher]], computed: dict[str, list[Voucher]]) -> list[Corrected]:
    """The documents whose vouchers differ, in the order of their days."""
    found = []
    for document in {**promised, **computed}:
        old, new = list(promised.get(document, ())), list(computed.get(document, ()))
        for one in tuple(old):
            same = next((other for other in new if content(other) == content(one)), None)
            if same is not None:
                old.remove(one)
                new.remove(same)
        if old or new:
            found.append(Corrected(document, old, new))
    return sorted(found, key=lambda one: (own_day((one.promised or one.computed)[0]), one.document))


def corrections(found: Iterable[Corrected], day: dt.date, language: str) -> list[Voucher]:
    """The red and blue vouchers that post the differences on a day."""
    made = []
    red_words, blue_words = _WORDS[language]
    for one in found:
        made += [_correction(voucher, day, RED, red_words) for voucher in one.promised]
        made += [_correction(voucher, day, BLUE, blue_words) for voucher in one.computed]
    return made


def _correction(voucher: Voucher, day: dt.date, kind: str, words: str) -> Voucher:
    made = Voucher(day, voucher.document, voucher.rule)
    made.payee, made.narration = voucher.payee, words.format(voucher.narration)
    made.flag, made.links, made.tags = voucher.flag if kind == BLUE else "*", voucher.links, voucher.tags
    kept = tuple((key, value) for key, value in voucher.meta if key not in ("late", "correction"))
    made.meta = (*kept, ("correction", kind), ("late", own_day(voucher).isoformat()))
    made.postings = [_red(one) for one in voucher.postings] if kind == RED else voucher.postings
    return made


def _red(posting: Posting) -> Posting:
    """The posting with its signs turned, on its own side: turnover is cancelled and not inflated."""
    red = Posting(posting.account, posting.role, -posting.amount)
    own = posting.side or ("dr" if posting.amount > 0 else "cr")
    natural = "dr" if red.amount > 0 else "cr"
    red.side = own if own != natural and red.amount else ""
    red.item, red.warehouse, red.lot, red.partner = posting.item, posting.warehouse, posting.lot, posting.partner
    red.document, red.due, red.meta = posting.document, posting.due, _turned(posting.meta)
    red.qty = None if posting.qty is None else -posting.qty
    return red


def _turned(meta: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """A posting's metadata with its amount in a foreign currency turned."""
    return tuple((key, _foreign(meta, -1) if key == FOREIGN else value) for key, value in meta)


def _foreign(meta: tuple[tuple[str, str], ...], sign: int) -> str:
    """The amount in a foreign currency that a posting notes, times a sign; blank where there is none."""
    text = dict(meta).get(FOREIGN, "")
    if sign > 0 or not text:
        return text
    return text[1:] if text.startswith("-") else f"-{text}"
