"""Decimals of money in records: as many as the currency of the document, or of the line, has.

A cell is typed before its currency is known, so amounts finer than the books' currency are let through then and judged
here. What the bank moved, and what arrives of a transfer, is money of the books. An allocation has the currency of the
documents that it names, which only settling knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from beanstock.amounts.money import decimals_of, unit_of
from beanstock.model import Document, Line
from beanstock.problems import Place, Problem, problem
from beanstock.records.kinds import Column, Kind, Kinds

OF_THE_BOOKS = ("bank_amount", "received")
OF_THEIR_DOCUMENTS = ("allocations",)


def check_precision(documents: list[Document], kinds: Kinds, books: str, *, finer: bool) -> list[Problem]:
    """Amounts with more decimals than their currency has. `finer`: some are finer than the books' currency.

    Problems: too-precise.
    """
    problems: list[Problem] = []
    for document in documents:
        kind = kinds.documents[document.kind]
        foreign = document.currency not in ("", books) or "currency" in kind.lines
        if (foreign or finer) and document.kind not in OF_THEIR_DOCUMENTS:
            for column, line, value in _amounts(document, kind):
                currency = (line.extra or {}).get("currency") if line is not None else None
                currency = currency or document.currency or books
                if column in OF_THE_BOOKS:
                    currency = books
                problems += too_precise(value, currency, books, document.place(column, line))
    return problems


def too_precise(value: Decimal, currency: str, books: str, place: Place) -> list[Problem]:
    """Whether an amount has more decimals than its currency. Problems: too-precise."""
    if value == value.quantize(unit_of(currency)):
        return []
    facts = {
        "text": f"{value.normalize():f}",
        "decimals": -int(value.normalize().as_tuple().exponent),
        "type": "amount" if currency == books else f"amount in {currency}",
    }
    return [problem("too-precise", place, **facts, allowed=decimals_of(currency))]


def _amounts(document: Document, kind: Kind) -> Iterator[tuple[str, Line | None, Decimal]]:
    header = [column for column in kind.header.values() if column.type == "money"]
    lines = [column for column in kind.lines.values() if column.type == "money"]
    for column in header:
        value = _value(document, column)
        if value is not None:
            yield column.name, None, value
    for line in document.lines if lines else ():
        for column in lines:
            value = _value(line, column)
            if value is not None:
                yield column.name, line, value


def _value(target: Document | Line, column: Column) -> Decimal | None:
    value = getattr(target, column.field) if column.field else (target.extra or {}).get(column.name)
    return value if isinstance(value, Decimal) else None
