"""The model's goods received, billed and returned: which part of a line clears through which account.

A receipt's value is its billed quantity at the bills' prices and the rest at its own price, whatever the dates; so
this runs over all documents before the stock does.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from .model_events import Refused, Undecided, find, literal
from .model_prices import ZERO, Priced, named_line
from .papers import Company, Document, Line

GRNI, TRANSIT = "goods-received-not-invoiced", "goods-in-transit"
LineKey = tuple[str, str, int]


def line_key(document: Document, line: Line) -> LineKey:
    return (document.reference, document.party, next(at for at, one in enumerate(document.lines) if one is line))


@dataclass
class Part:
    """An amount of a line that clears through `role`, kept by the document `about`; credit of receipts, debit of bills."""

    role: str
    about: str
    amount: Fraction


@dataclass
class Received:
    """A receipt line, or a return's with the sign turned: quantities are positive, `sign` says which it is."""

    document: Document
    line: Line
    priced: Priced
    sign: int
    unbilled: Fraction  # still to be billed
    billed_qty: Fraction = ZERO
    billed: Fraction = ZERO  # the value of what was billed
    sent_back: Fraction = ZERO  # the value, at the receipt's price, of what was returned before it was billed
    returned: Fraction = ZERO
    from_transit: list[Part] = field(default_factory=list)
    before_bill_of: Received | None = None
    restates: bool = True  # whether bills change its value
    travelled: Fraction = ZERO  # quantity that came from transit
    cleared: Fraction = ZERO  # of its own amount, by bills that do not change its value

    def estimate(self, qty: Fraction, decimals: int) -> Fraction:
        """Its own amount of a quantity to be billed; the last part takes the rest."""
        if qty != self.unbilled:
            return self.priced.part(qty, decimals) * self.sign
        return self.own(decimals) - self.cleared

    def own(self, decimals: int) -> Fraction:
        """What the receipt itself says of what did not come from transit and was not given back unbilled."""
        if self.from_transit:
            return self.priced.part(self.priced.qty - self.travelled, decimals) - self.sent_back
        return self.priced.cost - self.sent_back

    def value(self, decimals: int) -> Fraction:
        """Billed quantity at bill price, the rest at the receipt's."""
        if not self.billed_qty:
            return self.priced.cost
        if not self.restates:
            own = self.own(decimals)
            again = self.cleared + (self.priced.part(self.unbilled, decimals) * self.sign if self.unbilled else ZERO)
            literal("a receipt that keeps its price is billed in part", own, again if self.unbilled else own)
            return sum((part.amount for part in self.from_transit), ZERO) + own + self.sent_back
        own = self.priced.part(self.unbilled, decimals)
        return self.sign * (self.billed + self.sent_back + own)


@dataclass
class Difference:
    """What a bill's part differs from the receipt's own price, where the receipt keeps its own."""

    received: Received
    key: LineKey
    amount: Fraction
    kept: Fraction  # received and not given back before this bill


@dataclass
class Travelling:
    """What a bill leaves in transit."""

    bill: Document
    item: str
    qty: Fraction
    value: Fraction
    priced: Priced
    receipt: Document | None


class Purchases:
    """Matching in the order of events; afterwards `value` and `parts` tell about every line."""

    def __init__(self, company: Company, documents: list[Document], priced: dict[LineKey, Priced]) -> None:
        self.company = company
        self.documents = documents
        self.priced = priced
        self.received: dict[LineKey, Received] = {}
        self.bill_parts: dict[LineKey, list[Part]] = {}
        self.travelling: list[Travelling] = []
        self.differences: dict[LineKey, Difference] = {}
        for document in documents:
            for line in document.lines:
                if document.kind in ("receipts", "drop-shipments"):
                    if self.priced[line_key(document, line)].qty < 0:
                        self._return(document, line)
                    else:
                        self._receive(document, line)
                elif document.kind == "bills" and company.stocked(line.item):
                    self._bill(document, line)

    def restates(self, item: str) -> bool:
        """Whether a bill's price changes what the receipt was worth; standard items show the difference."""
        return self.company.policy("bill_difference") == "restate" and self.company.method(item) != "standard"

    def value(self, key: LineKey) -> Fraction:
        return self.received[key].value(self.company.decimals)

    def parts(self, key: LineKey) -> list[Part]:
        """How a receipt's or bill's line is cleared."""
        if key in self.bill_parts:
            return self.bill_parts[key]
        one = self.received[key]
        accrued = self.value(key) - sum((part.amount for part in one.from_transit), ZERO)
        owner = one.before_bill_of or one
        return [*one.from_transit, Part(GRNI, owner.document.reference, accrued)]

    def _receive(self, document: Document, line: Line) -> None:
        priced = self.priced[line_key(document, line)]
        one = Received(document, line, priced, 1, priced.qty, restates=self.restates(line.item))
        self.received[line_key(document, line)] = one
        bill = find(self.documents, document.bill, ("bills",), document.party) if document.bill else None
        if bill is not None and self.documents.index(bill) > self.documents.index(document):
            raise Undecided("a receipt that names a later bill")
        waiting = [
            each
            for each in self.travelling
            if each.item == line.item and each.qty and (each.bill is bill or each.receipt is document)
        ]
        if len(waiting) > 1 or (waiting and sum(each.item == line.item for each in document.lines) > 1):
            raise Undecided("which of several bills a receipt takes from")
        for each in waiting:
            part = min(one.unbilled, each.qty)
            value = each.value
            if part != each.qty:
                value = each.priced.part(part, self.company.decimals)
            each.qty -= part
            each.value -= value
            one.unbilled -= part
            one.billed_qty += part
            one.travelled += part
            one.billed += value
            one.from_transit.append(Part(TRANSIT, each.bill.reference, value))

    def _return(self, document: Document, line: Line) -> None:
        priced = self.priced[line_key(document, line)]
        qty = -priced.qty
        one = Received(document, line, priced, -1, qty, restates=self.restates(line.item))
        self.received[line_key(document, line)] = one
        if not document.returns:
            return
        original = self.received_line(document.returns, document.party, line.item, line.returns_line)
        original.returned += qty
        if original.returned > original.priced.qty:
            raise Refused("more is returned than was received")
        if not original.unbilled:
            return
        if original.unbilled < qty or priced.unit_cost != original.priced.unit_cost:
            raise Undecided("a return that is partly billed, or unbilled but at another price")
        if qty == original.unbilled and not original.billed_qty:
            # all of it goes back: zero quantity is zero value, whatever the cents of its own price
            one.priced = replace(priced, cost=original.sent_back - original.priced.cost)
            self.priced[line_key(document, line)] = one.priced
        if not original.restates and original.billed_qty and qty == original.unbilled:
            # what was billed has taken its part of the receipt's own amount, and the last part takes the rest
            rest = -(original.own(self.company.decimals) - original.cleared)
            literal("a receipt that keeps its price is billed in part", rest, one.priced.cost)
            one.priced = replace(priced, cost=rest)
            self.priced[line_key(document, line)] = one.priced
        original.unbilled -= qty
        one.unbilled = ZERO
        one.before_bill_of = original
        original.sent_back -= one.priced.cost

    def received_line(self, text: str, party: str, item: str, number: int | None) -> Received:
        document = find(self.documents, text, ("receipts", "drop-shipments"), party)
        key = line_key(document, named_line(document, item, number))
        if key not in self.received:
            raise Refused("no return comes before its original")
        return self.received[key]

    def _bill(self, document: Document, line: Line) -> None:
        key = line_key(document, line)
        priced, decimals = self.priced[key], self.company.decimals
        parts = self.bill_parts.setdefault(key, [])
        left, qty = priced.cost, abs(priced.qty)
        text = line.receipt or document.receipt
        receipt = find(self.documents, text, ("receipts", "drop-shipments"), document.party) if text else None
        if receipt is not None and self.documents.index(receipt) < self.documents.index(document):
            one = self.received_line(text, document.party, line.item, line.source_line)
            if one.before_bill_of or (one.sign < 0) != (priced.qty < 0):
                raise Undecided("a credit note for what was returned before its bill")
            part = min(one.unbilled, qty)
            value = priced.cost
            if part != qty:
                value = priced.part(part, decimals) * one.sign
            estimate = one.estimate(part, decimals)
            one.unbilled -= part
            one.billed_qty += part
            one.billed += value * one.sign
            if not part:
                pass
            elif one.restates:
                parts.append(Part(GRNI, one.document.reference, value))
            else:
                one.cleared += estimate
                parts.append(Part(GRNI, one.document.reference, estimate))
                kept = one.unbilled + one.billed_qty
                self.differences[key] = Difference(one, line_key(one.document, one.line), value - estimate, kept)
            left, qty = left - value, qty - part
        if qty:
            if receipt is not None and receipt.kind == "drop-shipments":
                literal("a bill before its drop shipment", qty, ZERO)
            if priced.qty < 0:
                raise Undecided("a credit note for goods that were never returned")
            self.travelling.append(Travelling(document, line.item, qty, left, priced, receipt))
            parts.append(Part(TRANSIT, document.reference, left))
