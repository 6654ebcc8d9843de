"""Missing numbers: gaps in the books' own consecutive numbers, by kind and beginning of the number."""

from __future__ import annotations

import re
from collections.abc import Iterable

from beanstock.model import Document
from beanstock.records.kinds import Kinds

_NUMBER = re.compile(r"(.*?)([0-9]{1,12})", re.DOTALL)
SHOWN_AT_MOST = 20


def missing_numbers(documents: Iterable[Document], kinds: Kinds) -> list[str]:
    """Numbers between the lowest and the highest that no document has, such as `invoices/IN-0003`.

    Only kinds that the books number themselves count: a bill has its supplier's number.
    """
    numbers: dict[tuple[str, str], dict[int, int]] = {}
    for document in documents:
        match = _NUMBER.fullmatch(document.number)
        if match and tuple(kinds.documents[document.kind].identity) == ("number",):
            numbers.setdefault((document.kind, match[1]), {})[int(match[2])] = len(match[2])
    found: list[str] = []
    for (kind, head), known in sorted(numbers.items()):
        expected = min(known)
        for number in sorted(known):
            for missing in range(expected, min(number, expected + SHOWN_AT_MOST)):
                found.append(f"{kind}/{head}{missing:0{known[number]}d}")
            expected = number + 1
    return found
