"""Missing numbers: gaps in the books' own consecutive numbers, by kind and beginning of the number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from beanstock.model import Document
from beanstock.records.kinds import FREE, STRICT, Kinds

_NUMBER = re.compile(r"(.*?)([0-9]{1,12})", re.DOTALL)
SHOWN_AT_MOST = 20


@dataclass(frozen=True)
class Gap:
    """Numbers that are missing before a document; `names` are the first of them, such as `invoices/IN-0003`."""

    before: Document
    count: int
    names: list[str]
    strict: bool


def gaps(documents: Iterable[Document], kinds: Kinds, usual: str) -> Iterator[Gap]:
    """Every gap between the lowest and the highest number of a kind that says `sequence: warn` or `strict`.

    `usual` is what counts for kinds that say nothing. Only kinds that the books number themselves count: a bill has its
    supplier's number.
    """
    numbers: dict[tuple[str, str], dict[int, tuple[int, Document]]] = {}
    wanted = {
        name: kind.sequence or usual
        for name, kind in kinds.documents.items()
        if kind.identity == ("number",) and (kind.sequence or usual) != FREE
    }
    for document in documents:
        match = _NUMBER.fullmatch(document.number) if document.kind in wanted else None
        if match:
            numbers.setdefault((document.kind, match[1]), {})[int(match[2])] = len(match[2]), document
    for (kind, head), known in sorted(numbers.items()):
        expected = min(known)
        for number in sorted(known):
            width, document = known[number]
            if number > expected:
                shown = range(expected, min(number, expected + SHOWN_AT_MOST))
                names = [f"{kind}/{head}{missing:0{width}d}" for missing in shown]
                yield Gap(document, number - expected, names, wanted[kind] == STRICT)
            expected = number + 1
