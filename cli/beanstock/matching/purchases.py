"""Receipts and bills: which quantity of a receipt is billed, at what price, and what waits in transit.

A receipt's value is the billed quantity at bill price and the rest at its own price (`bill_difference: restate`); under
`split` and `variance` it stays at its own price, and the bill keeps the difference.
What is received and not billed stays in goods received not invoiced under the receipt; what is billed and not
received stays in goods in transit under the bill. All amounts are money of the books, rounded half up; where an
amount is split, the last part takes the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from beanstock.matching.prepaid import Standing, rate_of
from beanstock.matching.references import order_name
from beanstock.matching.shares import Receipt, Share
from beanstock.model import ZERO, Document, Item, Line
from beanstock.parts import Difference, Origin, Part
from beanstock.problems import Problem, problem


class Purchases:
    """Matches the receipts and bills of one company in the order of events."""

    def __init__(
        self, unit: Decimal, restates: Callable[[Item], bool] = lambda item: True, *, exchange_apart: bool = True
    ) -> None:
        self.unit = unit
        self.exchange_apart = exchange_apart  # what a rate has changed since the receipt is no part of the goods' cost
        self.standing = Standing(exchange_apart=exchange_apart)
        self.restates = restates  # whether a bill's price changes what the receipt of an item was worth
        self.problems: list[Problem] = []
        self.receipts: dict[Line, Receipt] = {}
        self.by_document: dict[Document, list[Receipt]] = {}
        self.by_order: dict[str, list[Receipt]] = {}
        self.transit: dict[Document, list[tuple[Line, Share]]] = {}
        self.transit_by_order: dict[str, list[tuple[Line, Share]]] = {}
        self.transit_by_receipt: dict[Document, list[tuple[Line, Share]]] = {}  # by the receipt that a bill names
        self.netted: dict[Line, list[tuple[Receipt, Share]]] = {}  # what a return gave back before it was billed
        self.left_by_returns: dict[Line, list[Receipt]] = {}
        self.waiting: dict[Document, list[Receipt]] = {}  # receipts that name a bill of a later day

    def match(self, documents: list[Document]) -> list[Problem]:
        """Fill in `accruals`, `transits` and `cost` of receipts and bills. Problems: over-billed (a warning)."""
        for document in documents:
            if document.kind in ("receipts", "drop-shipments"):
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
        """What is in transit on bills arrives at their value, what was returned comes back as it was; the rest is open."""
        own = Share(line, line.base_qty, line.cost, self.unit)
        line.cost = ZERO
        for origin in line.origins or []:
            self._undo_return(document, line, origin, own)
        bill = line.named if line.named is not None and line.named.kind == "bills" else None
        for bill_line, share in self._in_transit(document, bill):
            taken = min(share.qty, own.qty)
            if bill_line.item is line.item and taken > 0:
                amount = share.take(taken)
                own.take(taken)
                document.transits.append(Part(line, bill_line.document.reference, taken, amount))
                self.standing.add(line, bill_line, taken, rate_of(bill_line))
                line.cost += amount
        if own.qty:
            amount = own.amount if own.qty == line.base_qty else line.cost_of(own.qty, self.unit)
            receipt = self._open(document, line, own.qty, amount)
            if bill is not None and bill not in self.transit:
                self.waiting.setdefault(bill, []).append(receipt)

    def _undo_return(self, document: Document, line: Line, origin: Origin, own: Share) -> None:
        """A receipt that names a supplier return takes its billing state back, at the amounts that the return had."""
        rest = origin.qty
        billed_by_name = self.by_document.setdefault(document, [])
        for receipt, share in self.netted.get(origin.line, []):
            taken = min(share.qty, rest)
            if taken > 0:
                billed_by_name.append(receipt)  # a bill may name either receipt
                amount = share.take(taken)
                receipt.take_back(taken, amount)
                self._accrue(document, line, receipt, taken, amount)
                own.take(taken)
                rest -= taken
        left = self.receipts.get(origin.line)
        taken = min(-left.open_qty, rest) if left is not None else ZERO
        if left is not None and taken > 0:
            self._accrue(document, line, left, taken, -left.give_back(-taken))
            own.take(taken)

    def _accrue(self, document: Document, line: Line, receipt: Receipt, qty: Decimal, amount: Decimal) -> None:
        document.accruals.append(Part(line, receipt.line.document.reference, qty, amount))
        line.cost += amount

    def _in_transit(self, document: Document, bill: Document | None) -> list[tuple[Line, Share]]:
        """What waits on the bill that a receipt names, else on the bills that name the receipt or its order."""
        if bill is not None:
            return self.transit.get(bill, [])
        waiting = list(self.transit_by_receipt.get(document, ()))
        for line, share in self.transit_by_order.get(order_name(document.order), ()) if document.order else ():
            if line.document.partner is document.partner and (line, share) not in waiting:
                waiting.append((line, share))
        return waiting

    def _return(self, document: Document, line: Line) -> None:
        """A return gives back what is not billed yet, at the receipt's price; the rest waits for a credit note.

        What it gives back unbilled is marked on its origins, because it leaves the stock at that price, too.
        """
        self.standing.take_back(line, self.unit)
        own = Share(line, -line.base_qty, -line.cost, self.unit)
        line.cost = ZERO
        origins: list[Origin] = []
        for origin in line.origins or []:
            receipt = self.receipts.get(origin.line)
            taken = min(origin.qty, receipt.open_qty) if receipt is not None else ZERO
            if receipt is not None and taken > 0:
                amount = receipt.give_back(taken)
                own.take(taken)
                self._accrue(document, line, receipt, -taken, -amount)
                self.netted.setdefault(line, []).append((receipt, Share(origin.line, taken, amount, self.unit)))
                origins.append(Origin(origin.line, taken, amount))
                origin.qty -= taken
            if origin.qty:
                origins.append(origin)
        if line.origins:
            line.origins = origins
        if own.qty:
            left = self._open(document, line, -own.qty, -own.amount)
            for origin in line.origins or []:
                self.left_by_returns.setdefault(origin.line, []).append(left)

    def _open(self, document: Document, line: Line, qty: Decimal, amount: Decimal) -> Receipt:
        restates = line.item is None or self.restates(line.item)
        receipt = Receipt(line, qty, amount, self.unit, restates=restates)
        self.receipts[line] = receipt
        self.by_document.setdefault(document, []).append(receipt)
        if document.order:
            self.by_order.setdefault(order_name(document.order), []).append(receipt)
        return receipt

    # --- bills and credit notes

    def _charge(self, document: Document, line: Line) -> None:
        """A bill takes the open quantity of the receipts it belongs to; what is beyond waits in transit."""
        rest = Share(line, line.base_qty, line.cost, self.unit)
        targets = self._targets(document, line)
        if not rest.qty and targets:  # an amount without quantity corrects the price of what was received
            self._bill(document, line, targets[0], ZERO, rest.amount)
            return
        for receipt in targets:
            taken = min(receipt.open_qty, rest.qty)
            if taken > 0:
                self._bill(document, line, receipt, taken, rest.take(taken))
        if rest.qty or not line.base_qty:
            if line.named is not None and line.item is not None and self._is_received(line.named):
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
        rest = Share(line, -line.base_qty, -line.cost, self.unit)
        targets = self._targets(document, line)
        left = [one for one in targets if one.qty < 0]
        left += [one for receipt in targets for one in self.left_by_returns.get(receipt.line, ())]
        for receipt in left:
            taken = min(-receipt.open_qty, rest.qty)
            if taken > 0:
                self._bill(document, line, receipt, -taken, -rest.take(taken))
        for bill_line, share in self._credited_transit(line):
            taken = min(share.qty, rest.qty)
            if bill_line.item is line.item and taken > 0:
                amount = rest.take(taken)
                exchange = self._transit_exchange(document, bill_line, taken)
                document.exchange -= exchange
                amount -= exchange
                share.qty -= taken
                share.amount -= amount  # at the note's price; a difference stays visible under the bill
                document.transits.append(Part(line, bill_line.document.reference, -taken, -amount))
        for receipt in targets:
            taken = min(receipt.billed_qty, rest.qty)
            if receipt.qty > 0 and taken > 0:
                self._bill(document, line, receipt, -taken, -rest.take(taken))
        if rest.qty:
            self._put_in_transit(document, line, Share(line, -rest.qty, -rest.amount, self.unit))

    def _bill(self, document: Document, line: Line, receipt: Receipt, qty: Decimal, amount: Decimal) -> None:
        """A part of a bill line that belongs to a receipt: it clears the accrual, and gives the receipt its price."""
        exchange = self._exchange(document, line, receipt.line, qty)
        document.exchange += exchange
        amount -= exchange
        if not receipt.restates:
            estimate = receipt.clear(qty)
            kept = receipt.line.base_qty - receipt.returned_qty
            document.differences.append(Difference(receipt.line, document.reference, qty, amount - estimate, kept))
            amount = estimate
        receipt.billed.append(Part(line, document.reference, qty, amount))
        document.accruals.append(Part(line, receipt.line.document.reference, qty, amount))

    def _exchange(self, document: Document, billed: Line, line: Line, qty: Decimal) -> Decimal:
        """What the rate has changed since the receipt: quantity x the receipt's price x the difference of both rates.

        The price's own difference stays at the bill's rate.
        """
        received = line.document
        if document.rate is None or received.rate is None or document.currency != received.currency:
            return ZERO
        change = self.standing.billed(line, billed, qty)
        if not self.exchange_apart or not change:
            return ZERO
        return (qty * line.exact * change / rate_of(line) / line.per).quantize(self.unit, ROUND_HALF_UP)

    def _transit_exchange(self, document: Document, line: Line, qty: Decimal) -> Decimal:
        """What the rate has changed between a bill of goods in transit and the credit note that takes them back."""
        billed = line.document
        if not self.exchange_apart or document.rate is None or document.currency != billed.currency:
            return ZERO
        rate = rate_of(line)
        return (qty * line.exact * (document.rate - rate) / rate / line.per).quantize(self.unit, ROUND_HALF_UP)

    def _credited_transit(self, line: Line) -> list[tuple[Line, Share]]:
        """What is in transit of the bill that a credit note names, or of the bills of the receipt or return it names."""
        named = line.named
        if named is None:
            return []
        receipts = [named, *(origin.line.document for one in named.lines for origin in one.origins or ())]
        waiting = list(self.transit.get(named, ()))
        for receipt in dict.fromkeys(receipts):
            waiting += self.transit_by_receipt.get(receipt, ())
        return waiting

    def _is_received(self, receipt: Document) -> bool:
        return receipt in self.by_document

    def _put_in_transit(self, document: Document, line: Line, rest: Share) -> None:
        document.transits.append(Part(line, document.reference, rest.qty, rest.amount))
        waiting = (line, Share(line, rest.qty, rest.amount, self.unit))
        self.transit[document].append(waiting)
        if line.named is not None:
            self.transit_by_receipt.setdefault(line.named, []).append(waiting)
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
    return order_name((line.extra.get("order") if line.extra else None) or line.document.order)
