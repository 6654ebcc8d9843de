"""Receipts and bills: which quantity of a receipt is billed, at what price, and what waits in transit.

A receipt's value is the billed quantity at bill price and the rest at its own price (`bill_difference: restate`).
What is received and not billed stays in goods received not invoiced under the receipt; what is billed and not
received stays in goods in transit under the bill. All amounts are money of the books, rounded half up; where an
amount is split, the last part takes the rest.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from beanstock.model import ZERO, Document, Line, Part
from beanstock.problems import Problem, problem


class Share:
    """A quantity with its amount that is taken in parts; the last part takes the rest."""

    __slots__ = ("amount", "qty", "unit")

    def __init__(self, qty: Decimal, amount: Decimal, unit: Decimal) -> None:
        self.qty = qty
        self.amount = amount
        self.unit = unit

    def take(self, qty: Decimal) -> Decimal:
        """The amount of a quantity, which is not beyond what is left."""
        amount = self.amount if qty == self.qty else (self.amount * qty / self.qty).quantize(self.unit, ROUND_HALF_UP)
        self.qty -= qty
        self.amount -= amount
        return amount


class Receipt:
    """The billing state of a receipt line, or (negative) of what a return left to be credited.

    Quantities are in base units and have the line's sign; `qty` and `amount` are its own, at its own price.
    """

    __slots__ = ("amount", "billed", "line", "qty", "returned_amount", "returned_qty", "unit")

    def __init__(self, line: Line, qty: Decimal, amount: Decimal, unit: Decimal) -> None:
        self.line = line
        self.qty = qty
        self.amount = amount
        self.unit = unit
        self.billed: list[Part] = []
        self.returned_qty = ZERO  # given back before it was billed
        self.returned_amount = ZERO

    @property
    def billed_qty(self) -> Decimal:
        return sum((part.qty for part in self.billed), ZERO)

    @property
    def open_qty(self) -> Decimal:
        """Received, not billed, not returned."""
        return self.qty - self.returned_qty - self.billed_qty

    @property
    def open_amount(self) -> Decimal:
        """What is open, at the receipt's own price."""
        if not self.billed:
            return self.amount - self.returned_amount
        return self._estimate(self.open_qty)

    @property
    def value(self) -> Decimal:
        """Billed parts at their bills' prices, the rest at the receipt's own."""
        return sum((part.amount for part in self.billed), ZERO) + self.returned_amount + self.open_amount

    def give_back(self, qty: Decimal) -> Decimal:
        """Return a quantity that is not billed; its amount at the receipt's price."""
        amount = self.open_amount if qty == self.open_qty else self._estimate(qty)
        self.returned_qty += qty
        self.returned_amount += amount
        return amount

    def _estimate(self, qty: Decimal) -> Decimal:
        return (self.amount * qty / self.qty).quantize(self.unit, ROUND_HALF_UP) if self.qty else ZERO


class Purchases:
    """Matches the receipts and bills of one company in the order of events."""

    def __init__(self, unit: Decimal) -> None:
        self.unit = unit
        self.problems: list[Problem] = []
        self.receipts: dict[Line, Receipt] = {}
        self.by_document: dict[Document, list[Receipt]] = {}
        self.by_order: dict[str, list[Receipt]] = {}
        self.transit: dict[Document, list[tuple[Line, Share]]] = {}
        self.transit_by_order: dict[str, list[tuple[Line, Share]]] = {}
        self.left_by_returns: dict[Line, list[Receipt]] = {}
        self.waiting: dict[Document, list[Receipt]] = {}  # receipts that name a bill of a later day

    def match(self, documents: list[Document]) -> list[Problem]:
        """Fill in `accruals`, `transits` and `cost` of receipts and bills. Problems: over-billed (a warning)."""
        for document in documents:
            if document.kind == "receipts":
                for line in document.lines:
                    (self._return if line.base_qty < 0 else self._receive)(document, line)
            elif document.kind == "bills":
                self.transit[document] = []
                for line in document.lines:
                    if line.stocked:
                        (self._credit if line.base_qty < 0 else self._charge)(document, line)
        for receipt in self.receipts.values():
            line = receipt.line
            line.document.accruals.append(Part(line, line.document.reference, receipt.qty, receipt.value))
            line.cost += receipt.value
        return self.problems

    def open_by_receipt(self) -> dict[str, Decimal]:
        """What is received and not billed, by receipt, as goods received not invoiced holds it (credit positive)."""
        found: dict[str, Decimal] = {}
        for receipt in self.receipts.values():
            if receipt.open_amount:
                reference = receipt.line.document.reference
                found[reference] = found.get(reference, ZERO) + receipt.open_amount
        return found

    def open_in_transit(self) -> dict[str, Decimal]:
        """What is billed and not received, by bill, as goods in transit holds it (debit positive)."""
        found: dict[str, Decimal] = {}
        for document, shares in self.transit.items():
            amount = sum((share.amount for _, share in shares), ZERO)
            if amount:
                found[document.reference] = found.get(document.reference, ZERO) + amount
        return found

    # --- receipts and returns

    def _receive(self, document: Document, line: Line) -> None:
        """What is in transit on the bill that the receipt names arrives at the bill's value; the rest is open."""
        own = Share(line.base_qty, line.cost, self.unit)
        line.cost = ZERO
        bill = line.named if line.named is not None and line.named.kind == "bills" else None
        for bill_line, share in self._in_transit(document, bill):
            taken = min(share.qty, own.qty)
            if bill_line.item is line.item and taken > 0:
                amount = share.take(taken)
                own.take(taken)
                document.transits.append(Part(line, bill_line.document.reference, taken, amount))
                line.cost += amount
        if own.qty:
            receipt = self._open(document, line, own.qty, own.amount)
            if bill is not None and bill not in self.transit:
                self.waiting.setdefault(bill, []).append(receipt)

    def _in_transit(self, document: Document, bill: Document | None) -> list[tuple[Line, Share]]:
        """What waits on the bill that a receipt names, else on the bills of its order."""
        if bill is not None:
            return self.transit.get(bill, [])
        if not document.order:
            return []
        return [
            (line, share)
            for line, share in self.transit_by_order.get(document.order, [])
            if line.document.partner is document.partner
        ]

    def _return(self, document: Document, line: Line) -> None:
        """A return gives back what is not billed yet, at the receipt's price; the rest waits for a credit note."""
        own = Share(-line.base_qty, -line.cost, self.unit)
        line.cost = ZERO
        for origin in line.origins or []:
            receipt = self.receipts.get(origin.line)
            taken = min(origin.qty, receipt.open_qty) if receipt is not None else ZERO
            if receipt is not None and taken > 0:
                amount = receipt.give_back(taken)
                own.take(taken)
                document.accruals.append(Part(line, origin.line.document.reference, -taken, -amount))
                line.cost -= amount
        if own.qty:
            left = self._open(document, line, -own.qty, -own.amount)
            for origin in line.origins or []:
                self.left_by_returns.setdefault(origin.line, []).append(left)

    def _open(self, document: Document, line: Line, qty: Decimal, amount: Decimal) -> Receipt:
        receipt = Receipt(line, qty, amount, self.unit)
        self.receipts[line] = receipt
        self.by_document.setdefault(document, []).append(receipt)
        if document.order:
            self.by_order.setdefault(document.order, []).append(receipt)
        return receipt

    # --- bills and credit notes

    def _charge(self, document: Document, line: Line) -> None:
        """A bill takes the open quantity of the receipts it belongs to; what is beyond waits in transit."""
        rest = Share(line.base_qty, line.cost, self.unit)
        targets = self._targets(document, line)
        if not rest.qty and targets:  # an amount without quantity corrects the price of what was received
            self._bill(document, line, targets[0], ZERO, rest.amount)
            return
        for receipt in targets:
            taken = min(receipt.open_qty, rest.qty)
            if taken > 0:
                self._bill(document, line, receipt, taken, rest.take(taken))
        if rest.qty or not line.base_qty:
            if line.named is not None and line.item is not None:
                facts = {
                    "document": document.reference,
                    "qty": rest.qty,
                    "item": line.item.code,
                    "receipt": line.named.reference,
                }
                self.problems.append(problem("over-billed", document.place("qty", line), **facts))
            self._put_in_transit(document, line, rest)

    def _credit(self, document: Document, line: Line) -> None:
        """A credit note clears what returns left, then what is in transit, then what was billed."""
        rest = Share(-line.base_qty, -line.cost, self.unit)
        targets = self._targets(document, line)
        left = [one for one in targets if one.qty < 0]
        left += [one for receipt in targets for one in self.left_by_returns.get(receipt.line, ())]
        for receipt in left:
            taken = min(-receipt.open_qty, rest.qty)
            if taken > 0:
                self._bill(document, line, receipt, -taken, -rest.take(taken))
        for bill_line, share in self.transit.get(line.named, []) if line.named is not None else []:
            taken = min(share.qty, rest.qty)
            if bill_line.item is line.item and taken > 0:
                amount = rest.take(taken)
                share.qty -= taken
                share.amount -= amount  # at the note's price; a difference stays visible under the bill
                document.transits.append(Part(line, bill_line.document.reference, -taken, -amount))
        for receipt in targets:
            taken = min(receipt.billed_qty, rest.qty)
            if receipt.qty > 0 and taken > 0:
                self._bill(document, line, receipt, -taken, -rest.take(taken))
        if rest.qty:
            self._put_in_transit(document, line, Share(-rest.qty, -rest.amount, self.unit))

    def _bill(self, document: Document, line: Line, receipt: Receipt, qty: Decimal, amount: Decimal) -> None:
        """A part of a bill line that belongs to a receipt: it clears the accrual, and gives the receipt its price."""
        receipt.billed.append(Part(line, document.reference, qty, amount))
        document.accruals.append(Part(line, receipt.line.document.reference, qty, amount))

    def _put_in_transit(self, document: Document, line: Line, rest: Share) -> None:
        document.transits.append(Part(line, document.reference, rest.qty, rest.amount))
        waiting = (line, Share(rest.qty, rest.amount, self.unit))
        self.transit[document].append(waiting)
        self.transit_by_order.setdefault(_order_of(line), []).append(waiting)

    def _targets(self, document: Document, line: Line) -> list[Receipt]:
        """The receipts that a bill line belongs to: those it names, or of its order, or that name the bill."""
        number = line.extra.get("source_line") if line.extra else None
        order = _order_of(line)
        if line.named is not None and line.named.kind == "bills":
            found = [
                receipt
                for receipt in self.receipts.values()
                if any(part.document == line.named.reference for part in receipt.billed)
            ]
        elif line.named is not None:
            found = self.by_document.get(line.named, [])
        elif order:
            found = self.by_order.get(order, [])
            found = [receipt for receipt in found if receipt.line.document.partner is document.partner]
        else:
            found = self.waiting.get(document, [])
        return [
            one
            for one in found
            if one.line.item is line.item and (line.named is None or number in (None, one.line.index))
        ]


def _order_of(line: Line) -> str:
    """The order that a line belongs to: its own, else the document's."""
    return str((line.extra.get("order") if line.extra else None) or line.document.order)
