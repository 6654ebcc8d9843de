"""Makers of deliveries, sales, invoices and customers' returns."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from .maker import ZERO, Made, Maker, finished, returned
from .model_prices import half_up
from .papers import Document, Line


def delivery(maker: Maker) -> Made:
    return _outgoing(
        maker, Document("deliveries", maker.number("deliveries"), maker.date(), customer=maker.party("customer"))
    )


def sale(maker: Maker) -> Made:
    document = _outgoing(
        maker, Document("sales", maker.number("sales"), maker.date(), customer=maker.party("customer"))
    )
    if document is None:
        return None
    document.lines += maker.extras("customer")
    return finished(maker, document)


def _outgoing(maker: Maker, document: Document) -> Made:
    there = maker.stocks()
    if not there:
        return None
    place = maker.random.choice(there)[1]
    document.warehouse = "" if place == "main" and maker.chance(0.5) else place
    for item, where, lot in maker.random.sample(there, min(len(there), maker.random.randint(1, 3))):
        if where == place or maker.chance(0.2):
            qty = maker.books.goods.on_hand[item, where, lot]
            qty = qty if maker.chance(0.2) else min(maker.qty(25), qty)
            if maker.books.goods.provisional and maker.chance(0.3):
                qty += maker.qty(12)
            line = Line(item=item, qty=qty, warehouse="" if where == place else where, lot=lot)
            if document.kind == "sales":
                line.price = maker.price_of(item, 110, 220)
                line = maker.priced(line)
            elif maker.company.policy("revenue") == "at-delivery":
                line.price = maker.price_of(item, 110, 220)
            if qty >= 12:
                line = maker.measured(line)
            document.lines.append(line)
    if document.lines and maker.chance(0.08):
        document.lines.append(maker.something_back())
    return document if document.lines else None


def sales_order(maker: Maker) -> Made:
    document = Document("sales-orders", maker.number("sales-orders"), maker.date(), customer=maker.party("customer"))
    for code in dict.fromkeys(maker.some_goods()):
        line = Line(item=code, qty=maker.qty(20), price=maker.price_of(code, 110, 220))
        document.lines.append(replace(maker.priced(maker.measured(line)), tax_amount=None))
    return document


def ordered_delivery(maker: Maker) -> Made:
    """What is there of an order: delivered and invoiced later, or sold at once, at the order's price; or invoiced alone."""
    orders = [one for one in maker.company.documents if one.kind == "sales-orders"]
    if not orders:
        return None
    order = maker.random.choice(orders)
    kind = maker.random.choice(["deliveries", "deliveries", "sales"])
    document = Document(
        kind, maker.number(kind), maker.after(order.date), customer=order.customer, order=maker.name(order)
    )
    for line in order.lines:
        there = [place for place in maker.stocks() if place[0] == line.item]
        if not there:
            continue
        _, where, lot = maker.random.choice(there)
        qty = min(line.qty or ZERO, maker.books.goods.on_hand[line.item, where, lot] / maker.company.factor(line))
        if qty != half_up(qty, 3):
            continue
        own = maker.price_of(line.item, 110, 220) if maker.chance(0.2) else None
        sold = Line(item=line.item, unit=line.unit, qty=qty, price=own, lot=lot)
        sold.warehouse = "" if where == "main" else where
        document.lines.append(sold)
    return document if kind == "deliveries" else finished(maker, document)


def invoice(maker: Maker) -> Made:
    """Of a delivery or of a customer's return; or of services alone."""
    deliveries = [one for one in maker.company.documents if one.kind == "deliveries"]
    document = Document("invoices", maker.number("invoices"), maker.date(), customer=maker.party("customer"))
    if deliveries and maker.chance(0.85):
        source = maker.random.choice(deliveries)
        document.customer, document.date = source.customer, maker.after(source.date)
        document.delivery = maker.name(source)
        for number, line in enumerate(source.lines, 1):
            if line.item not in [one.item for one in document.lines]:
                sold = Line(item=line.item, unit=line.unit, qty=line.qty, price=maker.price_of(line.item, 110, 220))
                if (line.qty or ZERO) > 1 and not line.unit and maker.chance(0.25):
                    sold.qty = min(line.qty or ZERO, maker.qty(int(line.qty or ZERO)))
                sold = replace(sold, price=None) if source.order and maker.chance(0.6) else maker.priced(sold)
                sold.source_line = number
                document.lines.append(sold)
    if not document.lines or (document.lines[0].qty or ZERO) > 0:
        document.lines += maker.extras("customer")
    return finished(maker, document) if document.lines else None


def up_to_the_limit(maker: Maker) -> Made:
    """A sale that brings a small-scale taxpayer's period to just the limit of its exemption, or a cent beyond it."""
    document = Document("invoices", maker.number("invoices"), maker.date(), customer=maker.party("customer"))
    missing = maker.books.exemptions.missing(document)
    if not maker.company.small or missing <= 0 or maker.company.currency_of(document) != maker.company.currency:
        return None
    amount = missing + Fraction(maker.random.choice([0, 0, 1, -1]), 100)
    document.lines = [Line(account="Income:Other:Interest", amount=amount, tax=maker.random.choice(maker.taxes))]
    return finished(maker, document)


def customer_return(maker: Maker) -> Made:
    """Of a delivery or sale that is named, or of goods of unknown origin."""
    out = [
        one for one in maker.company.documents if one.kind in ("deliveries", "sales") and (one.lines[0].qty or ZERO) > 0
    ]
    if not out:
        return None
    original = maker.random.choice(out)
    document = Document(
        original.kind, maker.number(original.kind), maker.after(original.date), customer=original.customer
    )
    named = maker.chance(0.75)
    document.returns = maker.name(original) if named else ""
    document.warehouse = original.warehouse if maker.chance(0.8) else maker.warehouse()
    made = returned(maker, document, original, named=named)
    if made and made.kind == "deliveries" and maker.company.policy("revenue") == "at-delivery":
        for line in made.lines:
            line.price = maker.price_of(line.item) if not named or maker.chance(0.4) else None
    return made
