"""Maker of tax certifications: the input tax of bills that waits, whole or in part."""

from __future__ import annotations

from .maker import Made, Maker
from .model_prices import half_up
from .model_taxes import CARRIERS
from .papers import Document, Line


def certification(maker: Maker) -> Made:
    random, waiting = maker.random, maker.books.certifications.waiting
    found = [one for one in maker.company.documents if one.kind in CARRIERS and waiting.get(id(one))]
    names = [(maker.name(one), waiting[id(one)], one.date) for one in random.sample(found, min(len(found), 3))]
    names += [(name, tax, maker.start) for name, tax in waiting.items() if isinstance(name, str) and tax]
    if not names:
        return None
    date = maker.after(max(day for _, _, day in names), 40)
    document = Document("tax-certifications", maker.number("tax-certifications"), date)
    for name, tax, _ in names:
        part = half_up(tax * random.randint(20, 90) / 100, maker.company.decimals) if maker.chance(0.3) else None
        document.lines.append(Line(document=name, tax_amount=part))
    return document
