"""Stock differences that wait for a decision (待处理财产损溢): what counts left, and what dispositions clear."""

from __future__ import annotations

from decimal import Decimal

from beanstock.model import ZERO, Document, Item, Line
from beanstock.problems import Problem, problem


class Pending:
    """What is undecided by count and item; a loss is positive, in money of the books."""

    def __init__(self) -> None:
        self.amounts: dict[tuple[Document, Item], Decimal] = {}

    def note(self, documents: list[Document]) -> list[Problem]:
        """Follow the counts and dispositions of a month. Problems: disposition-sum."""
        problems: list[Problem] = []
        for document in documents:
            if document.kind == "counts":
                for line in document.lines:
                    if line.item is not None:
                        cost = -sum((move.value for move in line.moves or ()), ZERO)
                        self._add(document, line.item, cost + line.tax)
            elif document.kind == "dispositions":
                problems += self._clear(document)
        return problems

    def _add(self, count: Document, item: Item, amount: Decimal) -> None:
        self.amounts[count, item] = self.amounts.get((count, item), ZERO) + amount

    def _clear(self, document: Document) -> list[Problem]:
        """An item's lines sum to what is pending of it; lines with a quantity may leave the rest for later."""
        problems: list[Problem] = []
        sums: dict[tuple[Document, Item], Decimal] = {}
        partial: set[tuple[Document, Item]] = set()
        first: dict[tuple[Document, Item], Line] = {}
        for line in document.lines:
            if line.item is None or line.named is None:
                continue
            key = (line.named, line.item)
            sums[key] = sums.get(key, ZERO) + (line.amount or ZERO)
            first.setdefault(key, line)
            if line.qty is not None:
                partial.add(key)
        for (count, item), amount in sums.items():
            pending = self.amounts.get((count, item), ZERO)
            beyond = abs(amount) > abs(pending) or (amount > 0) != (pending > 0)
            if amount != pending and (beyond or (count, item) not in partial):
                facts = {"item": item.code, "amount": amount, "pending": pending, "count": count.reference}
                place = document.place("amount", first[count, item])
                problems.append(problem("disposition-sum", place, **facts))
            self._add(count, item, -amount)
        return problems
