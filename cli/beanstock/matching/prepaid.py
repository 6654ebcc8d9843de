"""What was paid ahead in foreign money measures what it was paid for (IFRIC 22; the Chinese standards likewise).

An advance is no monetary item: the goods, costs or revenue that it covers stand at the advance's book value, and no
exchange difference arises on them. Tax, and what is beyond the advance, stay at the document's rate. An advance covers
what was bought or sold before it covers the tax on it, because tax is owed at the document's rate whatever was paid.
What comes back of such a line comes back at its rate; what the note is worth beyond that is an exchange difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from beanstock.model import ZERO, Document, Line
from beanstock.parts import Cover
from beanstock.records.kinds import Kinds


class Prepaid:
    """Measures the documents of one company by what was paid ahead for them, and what comes back of them."""

    def __init__(self, kinds: Kinds, unit: Decimal, *, applies: bool, exchange_apart: bool) -> None:
        self.kinds = kinds
        self.unit = unit
        self.applies = applies
        self.exchange_apart = exchange_apart  # `Purchases` then tells what the rate changed of goods that are billed
        self.uncovered: dict[Document, Decimal] = {}  # of foreign cost or revenue

    def measure(
        self, document: Document, foreign: Decimal, paid: Decimal, relieved: Decimal, key: tuple[Any, ...]
    ) -> Decimal:
        """What a document is worth more (money of the books) because `foreign` of it was paid ahead for `paid`.

        `relieved` is what that takes off the document at its own rate, `key` the advance's place in the order of events.
        The change is in the document's gross and lines; of an advance that covers tax, too, the rest of the difference
        stays one of exchange. Shares of lines are rounded half up, the last line takes what is left.
        """
        if not self.applies or document.rate is None or document.foreign is None or min(foreign, document.foreign) <= 0:
            return ZERO
        left = self.uncovered.setdefault(document, _cost(document))
        covered = min(foreign, left)
        if covered <= 0:
            return ZERO
        self.uncovered[document] = left - covered
        change = ((paid - relieved) * covered / foreign).quantize(self.unit, ROUND_HALF_UP)
        document.gross += change
        lines = [line for line in document.lines if line.foreign_cost]
        if lines:
            document.net += change
        whole = sum((line.foreign_cost for line in lines), ZERO)
        rest = change
        for line in lines:
            part = (change * line.foreign_cost / whole).quantize(self.unit, ROUND_HALF_UP)
            part = rest if line is lines[-1] else part
            rest -= part
            _change(line, Cover(covered * line.foreign_cost / whole, paid / foreign, part, key))
        return change

    def give_back(self, documents: Iterable[Document]) -> None:
        """Credit notes and returns of what was paid ahead take their originals' rate; the rest is exchange.

        Goods of bills are left to `Purchases` where that tells what the rate changed: it knows what a note clears.
        """
        if not self.uncovered:
            return
        for document in documents:
            settles = self.kinds.documents[document.kind].settles
            if not settles or document.rate is None:
                continue
            for line in document.lines:
                original = _original(line)
                if original is None or line.foreign_cost >= 0:
                    continue
                if document.kind == "bills" and line.stocked and self.exchange_apart:
                    continue
                worth = (line.foreign_cost * rate_of(original)).quantize(self.unit, ROUND_HALF_UP)
                change = worth - (line.foreign_cost * document.rate).quantize(self.unit, ROUND_HALF_UP)
                _change(line, Cover(line.foreign_cost, rate_of(original), change, document.key))
                document.exchange += -change if settles == "payable" else change


class Standing:
    """At what rate the goods of receipts stand in the stock, once their bills were paid ahead in part."""

    def __init__(self, *, exchange_apart: bool) -> None:
        self.exchange_apart = exchange_apart
        self.sums: dict[Line, tuple[Decimal, Decimal]] = {}  # by a receipt's line: quantity, quantity x rate
        self.covered: set[Line] = set()

    def of(self, line: Line) -> Decimal:
        """The rate of a receipt's line: of its document, or what advances have made of it."""
        qty, rated = self.sums.get(line, (ZERO, ZERO))
        return rated / qty if line in self.covered and qty else line.document.rate or ZERO

    def add(self, receipt: Line, bill: Line, qty: Decimal, rate: Decimal) -> None:
        """A quantity of a receipt's line that a bill's line gives a rate."""
        before, rated = self.sums.get(receipt, (ZERO, ZERO))
        self.sums[receipt] = (before + qty, rated + qty * rate)
        if bill.covers:
            self.covered.add(receipt)

    def billed(self, receipt: Line, bill: Line, qty: Decimal) -> Decimal:
        """What the rate has changed from the receipt to its bill, or credit note (negative quantity).

        What was paid ahead before the receipt changes nothing; what was paid between both, from the receipt to its day.
        """
        own, now = receipt.document.rate or ZERO, bill.document.rate or ZERO
        if qty < 0:
            return now - self.of(receipt)
        change, stands = now - own, own if self.exchange_apart else now
        for cover in bill.covers or ():
            share = cover.foreign / bill.foreign_cost
            before = cover.key < receipt.document.key
            change += share * ((own if before else cover.rate) - now)
            stands += share * ((cover.rate if before else own) - own if self.exchange_apart else cover.rate - now)
        self.add(receipt, bill, qty, stands)
        return change

    def take_back(self, line: Line, unit: Decimal) -> None:
        """A return of goods that were paid ahead goes back at the rate at which they stand."""
        origins = [one.line for one in line.origins or () if one.line in self.covered]
        if not origins or line.document.rate is None or line.document.currency != origins[0].document.currency:
            return
        qty = sum((origin.qty for origin in line.origins or ()), ZERO)
        rate = sum((origin.qty * self.of(origin.line) for origin in line.origins or ()), ZERO) / qty
        worth = (line.foreign_cost * rate).quantize(unit, ROUND_HALF_UP)
        _change(line, Cover(line.foreign_cost, rate, worth - line.cost, line.document.key))
        self.sums[line] = (qty, qty * rate)
        self.covered.add(line)


def told_of(document: Document, key: tuple[Any, ...], allocation: Document) -> bool:
    """Whether an allocation tells in time what an advance (by its place in the order of events) was for.

    In the document's own month: a later one would change books that may be closed.
    """
    day, told = document.date, allocation.date
    return key < document.key and (day.year, day.month) == (told.year, told.month)


def rate_of(line: Line) -> Decimal:
    """The rate at which a line stands: its document's, with what advances have changed."""
    rate = line.document.rate or ZERO
    if not line.covers or not line.foreign_cost:
        return rate
    return rate + sum((cover.change for cover in line.covers), ZERO) / line.foreign_cost


def _cost(document: Document) -> Decimal:
    """What of a document's foreign gross is no tax that somebody gives back or is owed."""
    cost = sum((line.foreign_cost for line in document.lines), ZERO)
    if cost or document.foreign is None or not document.gross:
        return cost
    return document.foreign * (document.gross - document.tax) / document.gross  # the amount stands in the header


def _change(line: Line, cover: Cover) -> None:
    """Change what a line is worth, and the exact price of its parts in proportion."""
    if line.covers is None:
        line.covers = []
    line.covers.append(cover)
    if line.cost:
        line.exact *= line.cost + cover.change
        line.per *= line.cost
    line.net += cover.change
    line.gross += cover.change
    line.cost += cover.change


def _original(line: Line) -> Line | None:
    """The line that a credit note or return takes back, where that was paid ahead."""
    found = [line.source] if line.source is not None else line.named.lines if line.named is not None else []
    number = (line.extra or {}).get("source_line")
    same = (one for one in found if one.covers and one.item is line.item and one.account == line.account)
    return next((one for one in same if number in (None, one.index)), None)
