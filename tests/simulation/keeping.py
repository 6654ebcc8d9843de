"""Makers of transfers, counts and adjustments."""

from __future__ import annotations

from fractions import Fraction

from .maker import ZERO, Made, Maker
from .papers import Document, Line


def transfer(maker: Maker) -> Made:
    there = maker.stocks()
    if len(maker.company.warehouses) < 2 or not there:
        return None
    source = maker.random.choice(there)[1]
    target = maker.random.choice([code for code in maker.company.warehouses if code != source])
    document = Document("transfers", maker.number("transfers"), maker.date(), from_=source, to=target)
    for item, place, lot in there:
        if place == source and maker.chance(0.6):
            qty = min(maker.qty(15), maker.books.goods.on_hand[item, place, lot])
            document.lines.append(maker.measured(Line(item=item, qty=qty, lot=lot)))
    return document if document.lines else None


def count(maker: Maker) -> Made:
    warehouse = maker.random.choice(list(maker.company.warehouses))
    document = Document(
        "counts", maker.number("counts"), maker.date(), warehouse="" if warehouse == "main" else warehouse
    )
    document.scope = maker.random.choice(["", "listed", "full"]) if maker.chance(0.3) else ""
    for item in dict.fromkeys(maker.some_goods()):
        lots = [lot for own, place, lot in maker.stocks() if (own, place) == (item, warehouse)]
        lot = maker.random.choice(lots) if lots else maker.lot(item)
        there = maker.books.goods.on_hand[item, warehouse, lot]
        line = Line(
            item=item,
            lot=lot,
            counted=max(
                ZERO, there + maker.random.choice([ZERO, Fraction(-1), Fraction(-2), Fraction(1), Fraction(3), -there])
            ),
        )
        if maker.chance(0.15):
            line.price = maker.price_of(item)
        elif maker.chance(0.1):
            line.value = maker.money((line.counted or ZERO) * maker.price_of(item))
        document.lines.append(line)
    return document


def adjustment(maker: Maker) -> Made:
    reason = maker.random.choice(["own-use", "scrap", "gift", "sample", "found", "received", "cost-correction"])
    document = Document(
        "adjustments", maker.number("adjustments"), maker.date(), warehouse=maker.warehouse(), reason=reason
    )
    for item in dict.fromkeys(maker.some_goods(2)):
        qty, value = maker.qty(5), None
        if reason == "cost-correction":
            qty, value = ZERO, maker.money(Fraction(maker.random.randint(-900, 2000), 100))
        elif maker.chance(0.4):
            value = maker.money(qty * maker.price_of(item))
        sign = 1 if reason in ("found", "received") else -1
        lots = [one for own, place, one in maker.stocks() if (own, place) == (item, document.warehouse or "main")]
        lot = maker.random.choice(lots) if lots and maker.chance(0.9) else maker.lot(item)
        line = Line(item=item, qty=sign * qty, value=value, lot=lot)
        if reason == "cost-correction" and maker.chance(0.4):
            receipts = [one for one in maker.company.documents if one.kind in ("receipts", "purchases")]
            line.receipt = maker.name(maker.random.choice(receipts)) if receipts else ""
        document.lines.append(line)
    return document


def cost_change(maker: Maker) -> Made:
    """Another standard cost, of goods that have one."""
    items = [one for one in maker.company.items.values() if maker.company.stocked(one.code) and one.standard_cost]
    if not items:
        return None
    item = maker.random.choice(items)
    cost = maker.money(maker.price_of(item.code)) + (0 if maker.chance(0.9) else Fraction(1, 8))
    lines = [Line(item=item.code, standard_cost=cost)]
    return Document("cost-changes", maker.number("cost-changes"), maker.date(), lines=lines)


def disposition(maker: Maker) -> Made:
    """What becomes of a count's difference, all at once or in parts."""
    waiting = [(key, amount) for key, amount in maker.books.counts.undecided.items() if amount]
    if not waiting or not maker.company.chinese:
        return None
    (count, _), _ = maker.random.choice(waiting)
    source = next(one for one in maker.company.documents if one.reference == count)
    document = Document(
        "dispositions", maker.number("dispositions"), maker.after(source.date, 30), count=maker.name(source)
    )
    for (other, item), amount in waiting:
        if other == count and maker.chance(0.8):
            part = maker.money(amount * maker.random.randint(20, 80) / 100)
            account = maker.random.choice(["stock-loss", "stock-gain", "Expenses:Operating:Other"])
            if maker.chance(0.3):
                document.lines.append(Line(item=item, account=account, amount=part, qty=Fraction(1)))
            elif maker.chance(0.4) and 0 < abs(part) < abs(amount):
                document.lines.append(Line(item=item, account=account, amount=part))
                document.lines.append(Line(item=item, account="stock-loss", amount=amount - part))
            else:
                document.lines.append(Line(item=item, account=account, amount=amount))
    return document if document.lines else None
