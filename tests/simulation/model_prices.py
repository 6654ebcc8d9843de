"""The model's prices: net, tax, gross and cost of a line, from the paragraph on prices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from .model_events import RETURNED, Refused, Undecided, find
from .papers import SALES_TAX, Company, Document, Line

ZERO = Fraction(0)
TAXED = ("bills", "purchases", "invoices", "sales", "expenses")
BOUGHT = ("bills", "purchases", "landed-costs", "expenses")
PRICED = (*TAXED, "receipts", "drop-shipments")


@dataclass
class Priced:
    """Signed as the line is. `unit_cost` is the exact price of one base unit."""

    qty: Fraction = ZERO
    net: Fraction = ZERO
    tax: Fraction = ZERO
    gross: Fraction = ZERO
    cost: Fraction = ZERO
    unit_cost: Fraction = ZERO
    reverse: Fraction = ZERO  # tax that the buyer owes; he deducts it, or (in America) it is part of the cost
    foreign: Fraction = ZERO  # the gross in the document's own currency

    def part(self, qty: Fraction, decimals: int) -> Fraction:
        """What a part of the line costs: quantity x the exact price, rounded."""
        return half_up(qty * self.unit_cost, decimals)


def half_up(value: Fraction, decimals: int) -> Fraction:
    """Rounded to the currency's decimals, away from zero at the half."""
    scaled = abs(value) * 10**decimals
    whole = scaled.numerator // scaled.denominator
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    return Fraction(whole if value >= 0 else -whole, 10**decimals)


def base_qty(company: Company, line: Line) -> Fraction:
    return (line.qty or ZERO) * company.factor(line) if line.item else ZERO


def price(company: Company, document: Document, line: Line) -> Priced:
    """Net, tax, gross and cost of one line of a priced kind, in money of the books: net and tax are rounded each."""
    one = _in_books_money(company, document, _priced(company, document, line))
    if not company.american or not one.reverse:
        return one
    share = one.reverse / one.qty if one.qty else ZERO
    return replace(one, cost=one.cost + one.reverse, unit_cost=one.unit_cost + share)


def _in_books_money(company: Company, document: Document, one: Priced) -> Priced:
    rate = company.rate_of(document)
    if rate is None:
        return one
    net = half_up(one.net * rate, company.decimals)
    tax = half_up((one.gross - one.net) * rate, company.decimals)
    kept = tax if one.tax else ZERO
    reverse = half_up(one.reverse * rate, company.decimals)
    return Priced(one.qty, net, kept, net + tax, net + tax - kept, one.unit_cost * rate, reverse, one.gross)


def _priced(company: Company, document: Document, line: Line) -> Priced:
    """The same in the document's currency."""
    line = with_price(company, document, line)
    rate, deductible = tax_of(company, document, line)
    kept = 1 - (line.discount_percent or ZERO) / 100
    written = line.qty if line.qty is not None else Fraction(1)

    def rounded(value: Fraction) -> Fraction:
        return half_up(value, company.decimals_of(company.currency_of(document)))

    gross: Fraction | None = None
    if line.amount is not None:
        exact = net = line.amount
    elif line.gross_amount is not None or line.gross_price is not None:
        exact_gross = (
            line.gross_amount if line.gross_amount is not None else written * (line.gross_price or ZERO) * kept
        )
        gross = rounded(exact_gross)
        exact = exact_gross / (1 + rate)
        net = rounded(gross / (1 + rate))
        if line.tax_amount is not None:
            exact = net = gross - line.tax_amount
    else:
        exact = written * (line.price or ZERO) * kept
        net = rounded(exact)
    if line.tax_amount is not None:
        tax = line.tax_amount
    elif gross is not None:
        tax = gross - net
    else:
        tax = rounded(net * rate)
    qty = base_qty(company, line)
    cost = net if deductible else net + tax
    exact_cost = exact if deductible else cost  # tax is rounded for the line, and parts share it
    unit_cost = exact_cost / qty if qty else ZERO
    reverse = rounded(net * reverse_charge(line))
    return Priced(qty, net, tax if deductible else ZERO, net + tax, cost, unit_cost, reverse, net + tax)


def header_price(company: Company, document: Document) -> Priced:
    """An amount in the header, net of the tax named there; `net` is what it costs, with tax that nobody gives back."""
    one = price(company, document, Line(amount=document.amount, tax=document.tax, tax_amount=document.tax_amount))
    return Priced(net=one.cost, tax=one.tax, gross=one.gross, foreign=one.foreign)


def with_price(company: Company, document: Document, line: Line) -> Line:
    """A receipt's line with the price of its order, a return's with the original's, where it has none of its own."""
    own = (line.price, line.gross_price, line.amount, line.gross_amount)
    if any(one is not None for one in own):
        return line
    source, number = _agreed(company, document, line)
    other = named_line(source, line.item, number)
    if source.kind == "deliveries" and other.price is not None and company.rate_of(document) is not None:
        raise Undecided("a delivery's price in the books' money, on an invoice in another")
    tax = line.tax or other.tax
    if other.amount is not None or other.gross_amount is not None:
        net = _priced(company, source, other).net
        each = net / base_qty(company, other) * company.factor(line)
        return replace(line, price=each, tax=tax)
    other = with_price(company, source, other)
    per = company.factor(line) / company.factor(other)
    return replace(
        line,
        price=None if other.price is None else other.price * per,
        gross_price=None if other.gross_price is None else other.gross_price * per,
        discount_percent=other.discount_percent,
        tax=tax or other.tax,
    )


def _agreed(company: Company, document: Document, line: Line) -> tuple[Document, int | None]:
    """Whose price a line without one takes: that of the original, the receipt or delivery, or the order."""
    if document.returns and document.kind in RETURNED:
        return find(company.documents, document.returns, RETURNED[document.kind], document.party), line.returns_line
    moved = line.receipt or document.receipt if document.kind == "bills" else line.delivery or document.delivery
    if moved and document.kind in ("bills", "invoices"):
        kinds = ("receipts", "drop-shipments") if document.kind == "bills" else ("deliveries",)
        return find(company.documents, moved, kinds, document.party), line.source_line
    if not document.order:
        raise Refused("no price")
    return find(company.documents, document.order, ("purchase-orders", "sales-orders"), document.party), None


def foreign_net(company: Company, document: Document, line: Line) -> Fraction:
    """What a line costs without tax, in its document's currency."""
    return _priced(company, document, line).net


def named_line(document: Document, item: str, number: int | None) -> Line:
    """The line of a document that another line names, by number or else by its item."""
    if number is not None:
        if not 1 <= number <= len(document.lines) or document.lines[number - 1].item != item:
            raise Refused("no such line")
        return document.lines[number - 1]
    found = [line for line in document.lines if line.item == item]
    if len(found) != 1:
        raise Refused("a line belongs to one line of the document it names")
    return found[0]


def _said(company: Company, document: Document, line: Line) -> str:
    """The tax that a line names, or else what it comes from, as far as to its order."""
    if line.tax or not line.item:
        return line.tax
    try:
        source, number = _agreed(company, document, line)
        if source.kind in TAXED and document.kind not in TAXED:
            return ""
        return _said(company, source, named_line(source, line.item, number))
    except Refused:
        return ""


def reverse_charge(line: Line) -> Fraction:
    """The rate of a tax that the supplier does not charge."""
    name, _, percent = line.tax.partition(" ")
    return Fraction(percent[:-1]) / 100 if name == "reverse-charge" else ZERO


def tax_of(company: Company, document: Document, line: Line) -> tuple[Fraction, bool]:
    """Rate, and whether the tax is given back. The line's tax, else the item's, else the partner's, else none."""
    item, party = company.items.get(line.item), company.partners.get(document.party)
    name = _said(company, document, line) or (item.tax if item else "") or (party.tax if party else "")
    sold = document.kind in ("invoices", "sales")
    if name == "non-deductible" or (company.american and name.startswith("reverse-charge")):
        return ZERO, False
    if not _said(company, document, line) and line.tax_amount is not None:
        name = ""  # an amount is of the usual tax, whatever item and partner say
    if company.american and name != "exempt" and (name or line.tax_amount is not None):
        percent = SALES_TAX[party.region] if party and name == "sales-tax" else name.rstrip("%")
        return Fraction(
            percent or 0
        ) / 100, document.kind not in BOUGHT  # an estimate has no tax, whatever is in its price
    if company.small and name != "exempt" and (name or line.tax_amount is not None):
        return Fraction(name.rstrip("%") or 0) / 100, document.kind not in BOUGHT
    if company.small:
        return Fraction(
            1 if sold and not name and line.tax_amount is None else 0, 100
        ), True  # the levy on what is sold
    if name.endswith("%") and not name.startswith("reverse-charge"):
        return Fraction(name[:-1]) / 100, True
    if not name and company.chinese and line.tax_amount is None and (sold or line.item):
        return Fraction(13, 100), True  # what is sold, and goods that are bought
    return ZERO, True  # exempt, or no tax named anywhere
