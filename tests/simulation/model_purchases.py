"""The model's goods received, billed and returned: which part of a line clears through which account.

A receipt's value is its billed quantity at the bills' prices and the rest at its own price, whatever the dates; so
this runs over all documents before the stock does.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from .model_events import Refused, Undecided, find
from .model_prices import ZERO, Priced, half_up, named_line
from .papers import Company, Document, Line

GRNI, TRANSIT = "goods-received-not-invoiced", "goods-in-transit"
ORDERS = ("purchase-orders",)
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
class Given:
    """What a return gave back of a receipt before it was billed, at the receipt's price."""

    original: Received
    qty: Fraction
    amount: Fraction
    taken_back: tuple[Fraction, Fraction] = (ZERO, ZERO)  # quantity and amount that came again


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
    given: list[Given] = field(default_factory=list)  # of a return: what it gave back before its bill
    own_cost: Fraction | None = None  # of a return: what is left for a credit note, at its own price
    restates: bool = True  # whether bills change its value
    travelled: Fraction = ZERO  # quantity that came from transit
    cleared: Fraction = ZERO  # of its own amount, by bills that do not change its value

    def estimate(self, qty: Fraction, decimals: int) -> Fraction:
        """Its own amount of a quantity to be billed; the last part takes the rest."""
        if qty != self.unbilled or (self.restates and self.billed_qty != self.travelled):
            return self.priced.part(qty, decimals) * self.sign
        return self.own(decimals) - self.cleared

    def own(self, decimals: int) -> Fraction:
        """What the receipt itself says of what did not come from transit and was not given back unbilled."""
        if self.own_cost is not None:
            return self.own_cost - self.sign * self.sent_back
        if self.from_transit:
            return self.priced.part(self.priced.qty - self.travelled, decimals) - self.sent_back
        return self.priced.cost - self.sent_back

    def value(self, decimals: int) -> Fraction:
        """Billed quantity at bill price, the rest at the receipt's."""
        given = -sum((one.amount for one in self.given), ZERO)
        if not self.billed_qty:
            return given + (self.priced.cost if self.own_cost is None else self.own_cost)
        if not self.restates or self.billed_qty == self.travelled:
            own = self.own(decimals)
            return sum((part.amount for part in self.from_transit), ZERO) + own + self.sign * self.sent_back + given
        own = self.priced.part(self.unbilled, decimals)
        return self.sign * (self.billed + self.sent_back + own) + given


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
    order: str


class Purchases:
    """Matching in the order of events; afterwards `value` and `parts` tell about every line."""

    def __init__(self, company: Company, documents: list[Document], priced: dict[LineKey, Priced]) -> None:
        self.company = company
        self.documents = documents
        self.priced = priced
        self.received: dict[LineKey, Received] = {}
        self.bill_parts: dict[LineKey, list[Part]] = {}
        self.travelling: list[Travelling] = []
        self.differences: dict[LineKey, list[Difference]] = {}
        self.exchange: defaultdict[int, Fraction] = defaultdict(Fraction)  # of bills, what rates have changed
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
        given = [Part(GRNI, each.original.document.reference, -each.amount) for each in one.given]
        accrued -= sum((part.amount for part in given), ZERO)
        return [*one.from_transit, *given, Part(GRNI, one.document.reference, accrued)]

    def _receive(self, document: Document, line: Line) -> None:
        priced = self.priced[line_key(document, line)]
        one = Received(document, line, priced, 1, priced.qty, restates=self.restates(line.item))
        self.received[line_key(document, line)] = one
        if document.returns:
            self._take_back(one)
            return
        bill = find(self.documents, document.bill, ("bills",), document.party) if document.bill else None
        if bill is not None and self.documents.index(bill) > self.documents.index(document):
            raise Undecided("a receipt that names a later bill")
        waiting = [
            each
            for each in self.travelling
            if each.item == line.item
            and each.qty
            and (each.bill is bill or (bill is None and (each.receipt is document or self._ordered(each, document))))
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

    def _take_back(self, one: Received) -> None:
        """A receipt that names a supplier return takes its amounts and its billing state back."""
        document, line, decimals = one.document, one.line, self.company.decimals
        sent = self.received_line(document.returns, document.party, line.item, line.returns_line)
        sent.returned += one.unbilled
        if sent.sign > 0 or sent.returned > -sent.priced.qty:
            raise Refused("more comes again than was returned")
        for given in list(sent.given):
            left = (given.qty - given.taken_back[0], given.amount - given.taken_back[1])
            part = min(left[0], one.unbilled)
            if part:
                amount = left[1] if part == left[0] else given.original.priced.part(part, decimals)
                given.taken_back = (given.taken_back[0] + part, given.taken_back[1] + amount)
                given.original.unbilled += part
                given.original.sent_back -= amount
                one.unbilled -= part
                one.given.append(Given(given.original, part, -amount))
        part = min(sent.unbilled, one.unbilled)
        if part:
            amount = -sent.estimate(part, decimals)
            sent.own_cost = sent.priced.cost if sent.own_cost is None else sent.own_cost
            sent.sent_back += amount
            sent.unbilled -= part
            one.unbilled -= part
            one.given.append(Given(sent, part, -amount))
        one.own_cost = one.priced.cost if not one.given else one.priced.part(one.unbilled, decimals)

    def _ordered(self, one: Travelling, document: Document) -> bool:
        if not document.order or not one.order or one.receipt or one.bill.party != document.party:
            return False
        return self._one_order(one.order, document.order)

    def _one_order(self, one: str, other: str) -> bool:
        """Whether two references, by number or by kind/number, name the same order."""
        return one == other or find(self.documents, one, ORDERS) is find(self.documents, other, ORDERS)

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
        part = min(qty, original.unbilled)
        if not part:
            return
        amount = self._given(original, part)
        one.own_cost = ZERO
        if part < qty:
            own = priced.part(part, self.company.decimals)
            one.own_cost = priced.cost + own
        original.unbilled -= part
        original.sent_back += amount
        one.unbilled = qty - part
        one.given.append(Given(original, part, amount))

    def _given(self, original: Received, qty: Fraction) -> Fraction:
        """What goes back before its bill, at the receipt's price; all of it is all that is left."""
        amount = original.priced.part(qty, self.company.decimals)
        if qty != original.unbilled:
            return amount
        if not original.restates or original.billed_qty == original.travelled:
            return original.own(self.company.decimals) - original.cleared
        return amount

    def _of_order(self, one: Received, document: Document, line: Line) -> bool:
        """Whether a bill's line belongs to what was received of the order that the bill names."""
        if one.line.item != line.item or one.sign < 0 or one.document.party != document.party or not one.document.order:
            return False
        return self._one_order(one.document.order, document.order)

    def received_line(self, text: str, party: str, item: str, number: int | None) -> Received:
        document = find(self.documents, text, ("receipts", "drop-shipments"), party)
        key = line_key(document, named_line(document, item, number))
        if key not in self.received:
            raise Refused("no return comes before its original")
        return self.received[key]

    def _exchange(self, document: Document, one: Received, qty: Fraction) -> Fraction:
        """What the rate has changed since the receipt, on the receipt's own price; the rest is a difference of prices."""
        rates = self.company.rate_of(one.document), self.company.rate_of(document)
        if rates[0] is None or rates[1] is None or self.company.policy("fx_on_accrual") == "restate":
            return ZERO
        price = one.priced.unit_cost / rates[0]
        return half_up(one.sign * qty * price * (rates[1] - rates[0]), self.company.decimals)

    def _bill(self, document: Document, line: Line) -> None:
        key = line_key(document, line)
        priced, decimals = self.priced[key], self.company.decimals
        parts = self.bill_parts.setdefault(key, [])
        left, qty = priced.cost, abs(priced.qty)
        text = line.receipt or document.receipt
        receipt = find(self.documents, text, ("receipts", "drop-shipments"), document.party) if text else None
        targets: list[Received] = []
        if receipt is not None and self.documents.index(receipt) < self.documents.index(document):
            targets = [self.received_line(text, document.party, line.item, line.source_line)]
        elif receipt is None and document.order:
            targets = [one for one in self.received.values() if self._of_order(one, document, line)]
        for one in targets:
            if (one.sign < 0) != (priced.qty < 0):
                raise Undecided("a credit note for what never came back")
            part = min(one.unbilled, qty)
            if not part:
                continue
            value = left if part == qty else priced.part(part, decimals) * one.sign
            estimate = one.estimate(part, decimals)
            left, qty = left - value, qty - part
            exchange = self._exchange(document, one, part)
            self.exchange[id(document)] += exchange
            value -= exchange
            one.unbilled -= part
            one.billed_qty += part
            one.billed += value * one.sign
            if one.restates:
                parts.append(Part(GRNI, one.document.reference, value))
            else:
                one.cleared += estimate
                parts.append(Part(GRNI, one.document.reference, estimate))
                kept = one.unbilled + one.billed_qty
                difference = Difference(one, line_key(one.document, one.line), value - estimate, kept)
                self.differences.setdefault(key, []).append(difference)
        if qty:
            if priced.qty < 0:
                raise Undecided("a credit note for goods that were never returned")
            self.travelling.append(Travelling(document, line.item, qty, left, priced, receipt, document.order))
            parts.append(Part(TRANSIT, document.reference, left))
