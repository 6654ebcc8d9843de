"""Decimals of money in records: as many as the currency of the document, or of the line, has.

A cell is typed before its currency is known, so amounts finer than the books' currency are let through then and judged
here. What the bank moved, and what arrives of a transfer, is money of the books.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from beanstock.amounts.money import decimals_of, unit_of
from beanstock.model import Document, Line
from beanstock.problems import Problem, problem
from beanstock.records.kinds import Column, Kind, Kinds

OF_THE_BOOKS = ("bank_amount", "received")


def check_precision(documents: list[Document], kinds: Kinds, books: str, *, finer: bool) -> list[Problem]:
    """Amounts with more decimals than their currency has. `finer`: some are finer than the books' currency.

    Problems: too-precise.
    """
    problems: list[Problem] = []
    for document in documents:
        kind = kinds.documents[document.kind]
        foreign = document.currency not in ("", books) or "currency" in kind.lines
        if foreign or finer:
            for column, line, value in _amounts(document, kind):
                currency = (line.extra or {}).get("currency") if line is not None else None
                currency = currency or document.currency or books
                if column in OF_THE_BOOKS:
                    currency = books
                if value != value.quantize(unit_of(currency)):
                    text, decimals = f"{value.normalize():f}", -int(value.normalize().as_tuple().exponent)
                    facts = {
                        "text": text,
                        "decimals": decimals,
                        "type": "amount" if currency == books else f"amount in {currency}",
                    }
                    place = document.place(column, line)
                    problems.append(problem("too-precise", place, **facts, allowed=decimals_of(currency)))
    return problems


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
