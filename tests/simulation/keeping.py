"""Makers of transfers, counts and adjustments."""

from __future__ import annotations

from fractions import Fraction

from .maker import ZERO, Made, Maker
from .papers import Document, Line


def transfer(maker: Maker) -> Made:
    there = [(item, place) for (item, place), qty in maker.books.on_hand.items() if qty > 0]
    if len(maker.company.warehouses) < 2 or not there:
        return None
    source = maker.random.choice(there)[1]
    target = maker.random.choice([code for code in maker.company.warehouses if code != source])
    document = Document("transfers", maker.number("transfers"), maker.date(), from_=source, to=target)
    for item, place in there:
        if place == source and maker.chance(0.6):
            document.lines.append(
                maker.measured(Line(item=item, qty=min(maker.qty(15), maker.books.on_hand[item, place])))
            )
    return document if document.lines else None


def count(maker: Maker) -> Made:
    warehouse = maker.random.choice(list(maker.company.warehouses))
    document = Document(
        "counts", maker.number("counts"), maker.date(), warehouse="" if warehouse == "main" else warehouse
    )
    document.scope = maker.random.choice(["", "listed", "full"]) if maker.chance(0.3) else ""
    for item in dict.fromkeys(maker.some_goods()):
        there = maker.books.on_hand[item, warehouse]
        line = Line(
            item=item,
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
        line = Line(item=item, qty=sign * qty, value=value)
        if reason == "cost-correction" and maker.chance(0.4):
            receipts = [one for one in maker.company.documents if one.kind in ("receipts", "purchases")]
            line.receipt = maker.name(maker.random.choice(receipts)) if receipts else ""
        document.lines.append(line)
    return document
