"""Makers of openings, orders, receipts, bills, purchases and returns to the supplier."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from .maker import ZERO, Made, Maker, finished, returned
from .model_money import DEBITS
from .model_prices import half_up
from .papers import NOTES, Document, Line


def opening_stock(maker: Maker) -> Made:
    if any(one.kind == "opening-stock" for one in maker.company.documents):
        return None
    codes = dict.fromkeys(maker.some_goods(4))
    lines = []
    for code in codes:
        qty = maker.qty(60)
        lines.append(
            Line(
                item=code,
                warehouse=maker.warehouse(),
                lot=maker.lot(code),
                qty=qty,
                value=maker.money(qty * (standard_cost(maker, code) or maker.price_of(code))),
            )
        )
    return Document("opening-stock", "", maker.start - dt.timedelta(days=1), lines=lines)


def standard_cost(maker: Maker, item: str) -> Fraction | None:
    """What standard goods are worth before anything changes."""
    return maker.company.items[item].standard_cost if maker.company.method(item) == "standard" else None


def opening_balances(maker: Maker) -> Made:
    if any(one.kind == "opening-balances" for one in maker.company.documents):
        return None
    random = maker.random
    lines = [Line(account=maker.account("bank"), amount=Fraction(random.randint(1000, 90000)))]
    date = maker.start - dt.timedelta(days=1)
    if maker.chance(0.15):
        role = random.choice(list(NOTES))
        amount = Fraction(random.randint(1, 900)) * (1 if role == "notes-receivable" else -1)
        partner = maker.party("customer" if role == "notes-receivable" else "supplier")
        due = date + dt.timedelta(days=random.randint(5, 60)) if maker.chance(0.7) else None
        lines.append(Line(account=f"{role}:OLD", partner=partner, amount=amount, due=due))
    if maker.chance(0.15):
        lines.append(Line(account="input-tax-pending", amount=Fraction(random.randint(1, 900)), ref="TAX-1"))
    for number in range(random.randint(0, 3)):
        role = random.choice(["receivable", "payable", "receivable", "payable", *DEBITS])
        amount = maker.money(Fraction(random.randint(100, 90000), 100)) * DEBITS[role]
        due = date + dt.timedelta(days=random.randint(-20, 40))
        partner = maker.party("customer" if role in ("receivable", "customer-advances") else "supplier")
        lines.append(Line(account=role, partner=partner, amount=amount, ref=f"OLD-{number}", due=due))
    return Document("opening-balances", "", date, lines=lines)


def purchase_order(maker: Maker) -> Made:
    codes = dict.fromkeys(maker.some_goods())
    lines = [
        maker.priced(maker.measured(Line(item=code, qty=maker.qty(), price=maker.price_of(code)))) for code in codes
    ]
    lines = [replace(line, tax_amount=None) for line in lines]
    return Document(
        "purchase-orders", maker.number("purchase-orders"), maker.date(), supplier=maker.party("supplier"), lines=lines
    )


def receipt(maker: Maker) -> Made:
    document = Document(
        "receipts",
        maker.number("receipts"),
        maker.date(),
        supplier=maker.party("supplier"),
        warehouse=maker.warehouse(),
    )
    orders = [one for one in maker.company.documents if one.kind == "purchase-orders"]
    waiting = [one for one in maker.books.purchases.travelling if one.qty]
    if orders and maker.chance(0.3):
        order = maker.random.choice(orders)
        document.order, document.supplier, document.date = maker.name(order), order.supplier, maker.after(order.date)
        document.lines = [_of_order(maker, line, maker.chance(0.7)) for line in order.lines]
        return document
    if waiting and maker.chance(0.6):
        one = maker.random.choice(waiting)
        document.bill, document.supplier, document.date = (
            maker.name(one.bill),
            one.bill.supplier,
            maker.after(one.bill.date),
        )
        qty = one.qty if maker.chance(0.5) else maker.qty(int(one.qty) + 2)
        document.lines = [Line(item=one.item, qty=qty, price=maker.price_of(one.item), lot=maker.lot(one.item))]
        return document
    for code in maker.some_goods():
        line = maker.priced(maker.measured(Line(item=code, qty=maker.qty(), price=maker.price_of(code))), taxed=False)
        document.lines.append(
            replace(line, warehouse=maker.warehouse() if maker.chance(0.1) else "", lot=maker.lot(code))
        )
    return document


def bill(maker: Maker) -> Made:
    """Of receipts, often at another price and in parts; of their returns; or before anything came."""
    found = [one for one in maker.books.purchases.received.values() if one.unbilled]
    document = Document("bills", "", maker.date(), supplier=maker.party("supplier"))
    if found and maker.chance(0.85):
        first = maker.random.choice(found)
        sign, before = first.sign, maker.chance(0.08)
        document.supplier = first.document.supplier
        document.date = (
            first.document.date - dt.timedelta(days=2)
            if before and sign > 0
            else maker.after(first.document.date + dt.timedelta(days=bool(first.document.time)), 25)
        )
        several = [one for one in found if one.document.supplier == document.supplier and one.sign == sign]
        if not before:
            several = [one for one in several if one.document.date < document.date or one.document is first.document]
        chosen = several[:3] if maker.chance(0.2) else [one for one in several if one.document is first.document]
        one_receipt = len({id(one.document) for one in chosen}) == 1
        document.receipt = maker.name(chosen[0].document) if one_receipt else ""
        for one in chosen:
            qty = one.unbilled
            if maker.chance(0.25):
                qty = maker.qty(max(1, int(qty)))
            own = abs(one.priced.unit_cost)
            price = half_up(own * Fraction(maker.random.choice([100, 100, 100, 110, 90, 125]), 100), 4)
            line = Line(item=one.line.item, qty=sign * qty, price=price)
            if sign > 0 and maker.chance(0.25):
                line = replace(line, price=None)
            elif sign > 0:
                line = maker.priced(line)
                line = replace(line, qty=line.qty or qty)
            line.receipt = "" if one_receipt else maker.name(one.document)
            line.source_line = next(at for at, each in enumerate(one.document.lines, 1) if each is one.line)
            if maker.chance(0.5) and sum(each.item == line.item for each in one.document.lines) == 1:
                line.source_line = None
            document.lines.append(line)
    elif maker.chance(0.5) and any(one.kind == "purchase-orders" for one in maker.company.documents):
        order = maker.random.choice([one for one in maker.company.documents if one.kind == "purchase-orders"])
        document.order, document.supplier, document.date = (
            maker.name(order),
            order.supplier,
            maker.after(order.date, 20),
        )
        document.lines = [replace(_of_order(maker, line, maker.chance(0.5)), lot="") for line in order.lines]
    elif maker.chance(0.4):
        codes = dict.fromkeys(maker.some_goods())
        document.lines = [
            maker.priced(maker.measured(Line(item=code, qty=maker.qty(20), price=maker.price_of(code))))
            for code in codes
        ]
    if not document.lines or (document.lines[0].qty or ZERO) > 0:
        document.lines += maker.extras("supplier")
    document.number = maker.number("bills")
    document.lines = [_reverse_charged(maker, line) for line in document.lines]
    return finished(maker, document)


def purchase(maker: Maker) -> Made:
    document = Document(
        "purchases",
        maker.number("purchases"),
        maker.date(),
        supplier=maker.party("supplier"),
        warehouse=maker.warehouse(),
    )
    orders = [one for one in maker.company.documents if one.kind == "purchase-orders"]
    if orders and maker.chance(0.2):
        order = maker.random.choice(orders)
        document.order, document.supplier, document.date = maker.name(order), order.supplier, maker.after(order.date)
        document.lines = [_of_order(maker, line, maker.chance(0.6)) for line in order.lines]
        return finished(maker, document)
    for code in maker.some_goods():
        line = Line(item=code, qty=maker.qty(), price=maker.price_of(code), lot=maker.lot(code))
        line = _reverse_charged(maker, maker.priced(maker.measured(line)))
        if maker.chance(0.06):
            line = replace(
                line, tax="non-deductible", tax_amount=maker.money(Fraction(maker.random.randint(1, 900), 100))
            )
        document.lines.append(line)
    if maker.chance(0.08):
        document.lines.append(maker.something_back())
    document.lines += maker.extras("supplier")
    return finished(maker, document)


def _of_order(maker: Maker, line: Line, agreed: bool) -> Line:
    """What an order says: often all of it, now and then more or less, at its price or another."""
    qty = line.qty or ZERO
    qty = qty if maker.chance(0.6) else max(Fraction(1), half_up(qty * maker.random.randint(40, 115) / 100, 2))
    own = None if agreed else half_up(maker.price_of(line.item) * maker.company.factor(line), 4)
    lot = maker.lot(line.item)
    return Line(item=line.item, qty=qty, unit=line.unit, price=own, lot=lot, tax="" if agreed else line.tax)


def _reverse_charged(maker: Maker, line: Line) -> Line:
    """Now and then the tax of a line is the buyer's to pay."""
    if line.tax_amount is not None or maker.company.small or not maker.chance(0.04):
        return line
    return replace(line, tax=maker.random.choice(["reverse-charge 13%", "reverse-charge 19%"]))


def supplier_return(maker: Maker) -> Made:
    came = [
        one
        for one in maker.company.documents
        if one.kind in ("receipts", "purchases") and (one.lines[0].qty or ZERO) > 0
    ]
    if not came:
        return None
    original = maker.random.choice(came)
    document = Document(
        original.kind, maker.number(original.kind), maker.after(original.date), supplier=original.supplier
    )
    named = maker.chance(0.8)
    document.returns = maker.name(original) if named else ""
    document.warehouse = original.warehouse
    return returned(maker, document, original, named=named)


def received_again(maker: Maker) -> Made:
    """What was returned comes again, whole or in part."""
    sent = [one for one in maker.company.documents if one.kind == "receipts" and one.returns and one.lines[0].qty]
    sent = [one for one in sent if (one.lines[0].qty or ZERO) < 0]
    if not sent:
        return None
    original = maker.random.choice(sent)
    document = Document("receipts", maker.number("receipts"), maker.after(original.date), supplier=original.supplier)
    document.returns, document.warehouse = maker.name(original), original.warehouse
    for number, line in enumerate(original.lines, 1):
        qty = -(line.qty or ZERO)
        qty = qty if maker.chance(0.6) else min(qty, maker.qty(max(1, int(qty))))
        again = Line(item=line.item, unit=line.unit, qty=qty, warehouse=line.warehouse, lot=line.lot)
        again.price = line.price if maker.chance(0.5) else None
        again.returns_line = number
        document.lines.append(again)
    return document
