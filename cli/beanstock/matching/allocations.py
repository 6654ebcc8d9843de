"""One document set off against another: an invoice against a bill, a credit note or an advance against what is owed."""

from __future__ import annotations

from decimal import Decimal

from beanstock.amounts.precision import too_precise
from beanstock.matching.open_items import ADVANCES, Open
from beanstock.matching.prepaid import Prepaid, told_of
from beanstock.model import ZERO, Document
from beanstock.parts import Settlement
from beanstock.problems import Problem, problem


def set_off(
    document: Document, source: Open, target: Open, books: str, unit: Decimal, prepaid: Prepaid
) -> list[Problem]:
    """Settle two open documents with each other; what their rates differ by is exchange gain or loss.

    The amount is in their currency; `books` is the currency of the books, `unit` its smallest amount.
    Problems: allocation-early, allocation-sides, too-precise, over-applied.
    """
    amount: Decimal = document.get("amount") or ZERO
    problems = _faults(document, source, target, amount, books)
    if problems:
        return problems
    parts = [amount if one.open >= 0 else -amount for one in (source, target)]
    taken = [one.take(part, unit) for one, part in zip((source, target), parts, strict=True)]
    for index, (one, other) in enumerate(((source, target), (target, source))):
        relieved, change = taken[index], ZERO
        covers = other.role == ADVANCES.get(one.role)
        if one.owner is not None and covers and told_of(one.owner, other.key, document):
            change = prepaid.measure(one.owner, amount, taken[1 - index], relieved, other.key)
        settlement = Settlement(one.role, one.document, one.partner, one.credit * (relieved + change))
        settlement.foreign = one.credit * parts[index] if one.currency != books else None
        settlement.currency, settlement.relieved = one.currency, relieved
        document.settlements.append(settlement)
        document.exchange += settlement.amount
    return []


def _faults(document: Document, source: Open, target: Open, amount: Decimal, books: str) -> list[Problem]:
    for one in (source, target):
        if one.key > document.key:
            facts = {"document": document.reference, "date": document.date, "other": one.document}
            return [problem("allocation-early", document.place("date"), **facts)]
    sides = [one.credit * (1 if one.open >= 0 else -1) for one in (source, target)]
    if sides[0] == sides[1] or source.currency != target.currency:
        facts = {"document": document.reference, "source": source.document, "target": target.document}
        return [problem("allocation-sides", document.place("from"), **facts)]
    place = document.place("amount")
    return too_precise(amount, source.currency, books, place) or [
        problem("over-applied", place, amount=amount, document=one.document, open=abs(one.open))
        for one in (source, target)
        if amount > abs(one.open)
    ]
