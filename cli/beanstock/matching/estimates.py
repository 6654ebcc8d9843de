"""Estimates of goods received and not billed (暂估), as the ledger keeps them from month to month.

Valuation always keeps the estimate. `grni_method` moves only the ledger: with reverse-at-month-start what is unbilled
at the end of a month is taken back on the first day of the next (月初冲回) and estimated again on its last day; a
bill in between puts the goods into stock itself. With reverse-on-bill the bill does both (单到冲回).
"""

from __future__ import annotations

from decimal import Decimal

from beanstock.model import ZERO, Document, Line
from beanstock.parts import Part


class Estimate:
    """What is unbilled of a receipt's line, in money of the books, and whether the ledger has taken it back."""

    __slots__ = ("amount", "line", "qty", "reversed")

    def __init__(self, line: Line) -> None:
        self.line = line
        self.qty = ZERO
        self.amount = ZERO
        self.reversed = False


class Estimates:
    """The estimates of one company while posting goes from month to month."""

    def __init__(self, method: str) -> None:
        self.method = method
        self.open: dict[str, list[Estimate]] = {}  # by the receipt's reference

    def note(self, documents: list[Document]) -> None:
        """Follow the accruals of a month's receipts and bills; what clears a reversed estimate becomes `estimates`."""
        if self.method == "difference-on-bill":
            return
        for document in documents:
            if document.kind in ("receipts", "drop-shipments", "bills"):
                kept: list[Part] = []
                for part in document.accruals:
                    if document.kind != "bills" and part.document == document.reference:
                        self._add(part)
                        kept.append(part)
                    else:
                        kept += self._clear(document, part)
                document.accruals = kept

    def month_start(self, document: Document) -> None:
        """Take back what is unbilled."""
        for reference, several in self.open.items():
            for one in several:
                if one.amount and self.method == "reverse-at-month-start":
                    document.estimates.append(Part(one.line, reference, ZERO, -one.amount))
                    one.reversed = True

    def month_end(self, document: Document) -> None:
        """Estimate again what is still unbilled."""
        for reference, several in self.open.items():
            for one in several:
                if one.reversed:
                    if one.amount:
                        document.estimates.append(Part(one.line, reference, ZERO, one.amount))
                    one.reversed = False
        self.open = {reference: kept for reference, kept in self.open.items() if any(one.amount for one in kept)}

    def taken_back(self) -> dict[str, Decimal]:
        """By receipt, what the ledger has taken back and not estimated again: where it differs from the stock."""
        found: dict[str, Decimal] = {}
        for reference, several in self.open.items():
            amount = sum((one.amount for one in several if one.reversed), ZERO)
            if amount:
                found[reference] = amount
        return found

    def _add(self, part: Part) -> None:
        if part.line.document.kind == "drop-shipments":
            return
        one = Estimate(part.line)
        one.qty, one.amount = part.qty, part.amount
        self.open.setdefault(part.document, []).append(one)

    def _grows(self, part: Part, rest: Decimal) -> bool:
        """Whether more becomes unbilled: what was returned comes again, or a credit note takes a bill back."""
        if part.document.startswith("drop-shipments/"):
            return False
        several = [one for one in self.open.get(part.document, []) if one.line.item is part.item]
        if not several:
            return rest < 0
        return bool(rest) and not any(one.amount and (one.amount > 0) == (rest > 0) for one in several)

    def _grow(self, document: Document, part: Part, rest_qty: Decimal, rest: Decimal) -> list[Part]:
        """Add to an estimate; what the ledger has taken back stays so. The parts that stay accruals."""
        several = self.open.setdefault(part.document, [])
        one = next((one for one in several if one.line.item is part.item), None)
        if one is None:
            one = Estimate(part.line)
            several.append(one)
        one.qty -= rest_qty
        one.amount -= rest
        if not one.reversed:
            return [part]
        document.estimates.append(Part(one.line, part.document, rest_qty, rest))
        return []

    def _clear(self, document: Document, part: Part) -> list[Part]:
        """What a bill or a return takes of an estimate; the parts that stay accruals."""
        sign = 1 if document.kind == "bills" else -1
        rest_qty, rest = sign * part.qty, sign * part.amount
        kept: list[Part] = []
        if self._grows(part, rest):
            return self._grow(document, part, rest_qty, rest)
        for one in self.open.get(part.document, []):
            if one.line.item is not part.item or not rest or (rest > 0) != (one.amount > 0):
                continue
            # by amount: lines of one item are one estimate, and prices may tell them apart as little as quantities
            amount = one.amount if abs(rest) > abs(one.amount) else rest
            qty = one.qty if abs(rest_qty) > abs(one.qty) else rest_qty
            if one.reversed or (self.method == "reverse-on-bill" and document.kind == "bills"):
                document.estimates.append(Part(one.line, part.document, qty, amount))
            if not one.reversed:
                kept.append(Part(part.line, part.document, sign * qty, sign * amount))
            one.qty -= qty
            one.amount -= amount
            rest_qty -= qty
            rest -= amount
        if not rest:
            return kept
        # goods that go back at more than their bill's price: less than nothing is owed, until they come again
        beyond = Part(part.line, part.document, sign * rest_qty, sign * rest)
        known = any(one.line.item is part.item for one in self.open.get(part.document, []))
        return kept + (self._grow(document, beyond, rest_qty, rest) if known else [beyond])
