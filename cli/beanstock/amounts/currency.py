"""Foreign currencies: the rate of a document, and its amounts in money of the books.

A rate is the number of units of the books' currency for one foreign unit. A document's own rate wins, then what its
bank account moved, then the latest of the master `rates` up to its day. Each line's net and tax are rounded half up to
the books' currency; the document's gross is their sum.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from beanstock.model import ZERO, Document, Line


class Rates:
    """Rates by currency and day."""

    def __init__(self, rows: Iterable[tuple[dt.date, str, Decimal]]) -> None:
        self.by_currency: dict[str, list[tuple[dt.date, Decimal]]] = {}
        for day, currency, rate in sorted(rows):
            self.by_currency.setdefault(currency, []).append((day, rate))

    def on(self, currency: str, day: dt.date) -> Decimal | None:
        """The latest rate up to a day."""
        known = self.by_currency.get(currency, [])
        position = bisect_right(known, day, key=lambda one: one[0])
        return known[position - 1][1] if position else None


def currency_of(document: Document, books: str) -> str:
    """A document's currency: its own, else that of the line its price comes from, its partner's, the books'."""
    if document.currency:
        return document.currency
    source = priced_by(document)
    if source is not None:
        return source.currency or books
    if document.partner is not None and document.partner.currency:
        return document.partner.currency
    return books


def priced_by(document: Document) -> Document | None:
    """The document that the first line without a price of its own takes one from.

    A delivery, which has no currency, that takes its price from an order is no more than a link to that.
    """
    for line in document.lines:
        if line.source is None:  # of nearly every line, and it is the cheaper question
            continue
        source = None if _has_price(line) else line.source
        while source is not None and source.document.kind == "deliveries" and source.source and not _has_price(source):
            source = source.source
        if source is not None:
            return source.document
    return None


def _has_price(line: Line) -> bool:
    return any(price is not None for price in (line.price, line.gross_price, line.amount, line.gross_amount))


def rate_of(document: Document, rates: Rates) -> Decimal | None:
    """The rate that a document in a foreign currency is booked at."""
    rate: Decimal | None = document.get("rate")
    if rate is not None:
        return rate
    bank, amount = document.get("bank_amount"), document.get("amount")
    if bank is not None and amount:
        return Decimal(bank) / Decimal(amount)
    return rates.on(document.currency, document.date)


def convert(line: Line, rate: Decimal, unit: Decimal) -> None:
    """Net, tax, gross and cost of a priced line in money of the books; `foreign` keeps its gross."""
    line.foreign, line.foreign_cost = line.gross, line.cost
    recovered = line.tax
    net = (line.net * rate).quantize(unit, ROUND_HALF_UP)
    tax = ((line.gross - line.net) * rate).quantize(unit, ROUND_HALF_UP)
    line.net, line.gross = net, net + tax
    line.tax = tax if recovered else ZERO
    line.cost = line.gross - line.tax
    line.exact *= rate
