"""Landed costs: freight, duty and the like, shared over the goods that they brought.

A cost is shared by value, quantity, weight, volume or equally over the lines of the documents it names; shares are
rounded half up, and the residue goes to the last line whose share keeps its sign. Weights that are all zero count as
quantities. With `landed_cost: receipt-date` a share becomes part of what the goods cost from their own day on.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from beanstock.matching.outputs import given_back, part_of, weights_of
from beanstock.matching.references import Linker
from beanstock.model import ONE, ZERO, Document, Line
from beanstock.parts import Part
from beanstock.problems import Problem, problem

CARRIERS = ("receipts", "purchases", "productions")


class LandedCosts:
    """Shares the landed costs of one company."""

    def __init__(self, unit: Decimal, linker: Linker, *, at_receipt: bool) -> None:
        self.unit = unit
        self.linker = linker
        self.at_receipt = at_receipt
        self.problems: list[Problem] = []

    def share(self, documents: list[Document]) -> list[Problem]:
        """Fill in `landed` of receipts and purchases, or `shares` of the cost's own document.

        Problems: unknown-document, ambiguous-document, no-such-line, missing-value.
        """
        for document in documents:
            if document.kind == "landed-costs":
                before = len(self.linker.problems)
                targets = self._targets(document)
                self.problems += self.linker.problems[before:]
                if targets:
                    self._share(document, targets)
        return self.problems

    def _targets(self, document: Document) -> list[tuple[Line, Decimal]]:
        """The lines that the cost is for, each with its weight."""
        found: list[tuple[Line, Decimal]] = []
        stated = _states_shares(document)
        for line in document.lines:
            reference = (line.extra or {}).get("document", "")
            carrier = self.linker.resolve(document, "document", reference, CARRIERS, line) if reference else None
            if carrier is None:
                continue
            goods = [one for one in carrier.lines if one.stocked and one.base_qty > 0 and line.item in (None, one.item)]
            if carrier.kind == "productions":
                back = given_back(carrier) if line.item is None else {}
                goods = [one for one in goods if part_of(one) == "output" and one not in back]
            if not goods:
                detail = f": {line.item.code}" if line.item else ""
                place = document.place("item", line)
                self.problems.append(problem("no-such-line", place, document=carrier.reference, detail=detail))
            share = (line.extra or {}).get("share")
            basis = document.get("basis") or "value"
            weights = [weight(one, basis) for one in goods]
            if carrier.kind == "productions" and basis == "value":
                weights = weights_of(goods)  # what they are worth is only known when they are made
            if stated:  # a blank beside stated ones bears nothing, as among the outputs of a production
                whole = sum(weights, ZERO)
                weights = [(share or ZERO) * (one / whole if whole else ONE / len(goods)) for one in weights]
            found += zip(goods, weights, strict=True)
        if self.at_receipt and waits_for_values(document, [one for one, _ in found]):
            more = " What a production's output is worth is not known before it is made; or share by another basis."
            self.problems.append(
                problem("missing-value", document.place("share"), column="share", kind=document.kind, more=more)
            )
        return found

    def _share(self, document: Document, targets: list[tuple[Line, Decimal]]) -> None:
        cost = document.gross - document.tax + document.reverse_tax - document.recovered_tax
        for (line, _), amount in zip(
            targets, shared(cost, [one for _, one in targets], targets, self.unit), strict=True
        ):
            part = Part(line, document.reference, line.base_qty, amount)
            if self.at_receipt:
                line.cost += amount
                line.landed += amount
                line.document.landed.append(part)
            else:
                document.shares.append(part)


def _states_shares(document: Document) -> bool:
    return any((line.extra or {}).get("share") is not None for line in document.lines)


def waits_for_values(document: Document, targets: list[Line]) -> bool:
    """Whether a cost is shared by values that only the replay knows: outputs of a production beside other documents."""
    if (document.get("basis") or "value") != "value" or _states_shares(document):
        return False
    carriers = {id(line.document): line.document.kind for line in targets}
    return len(carriers) > 1 and "productions" in carriers.values()


def weight(line: Line, basis: str) -> Decimal:
    """How much of a cost a line bears, by one of the bases."""
    item = line.item
    if basis == "equal" or item is None:
        return ONE
    if basis == "qty":
        return line.base_qty
    if basis in ("weight", "volume"):
        return line.base_qty * ((item.weight if basis == "weight" else item.volume) or ZERO)
    return line.cost - line.landed


def shared(
    amount: Decimal, weights: list[Decimal], targets: list[tuple[Line, Decimal]], unit: Decimal
) -> list[Decimal]:
    """An amount by weights, rounded half up; the residue goes to the last share that keeps its sign."""
    whole = sum(weights, ZERO)
    if not whole:
        weights = [line.base_qty for line, _ in targets]
        whole = sum(weights, ZERO)
    shares = [(amount * one / whole).quantize(unit, ROUND_HALF_UP) for one in weights]
    residue = amount - sum(shares, ZERO)
    for position in reversed(range(len(shares))):
        if shares[position] and (shares[position] + residue) * amount > 0:
            shares[position] += residue
            return shares
    shares[-1] += residue
    return shares
