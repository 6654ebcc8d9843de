"""What each document says of its taxes: the boxes of a return, by rate, with their base. Money of the books."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from beanstock.model import ZERO, Document, Line
from beanstock.records.kinds import Kinds

OUTPUT, INPUT, REVERSED, REVERSE_CHARGE = "output", "input", "input-reversed", "reverse-charge"


@dataclass(eq=False)
class TaxLine:
    """The tax of one rate in one document. `base` is net; both have the document's sign: a credit note is negative."""

    box: str
    rate: Decimal
    tax_name: str
    date: dt.date
    document: str
    partner: str
    base: Decimal
    tax: Decimal


def tax_lines(documents: Iterable[Document], kinds: Kinds) -> list[TaxLine]:
    """Lines by box, rate and document, in the order of events; documents without any tax named are left out."""
    found: dict[tuple[str, Decimal, str, str], TaxLine] = {}
    for document in documents:
        for box, line, base, tax in _of(document, kinds):
            key = (box, line.tax_rate, line.tax_name, document.reference)
            one = found.get(key)
            if one is None:
                partner = document.partner.code if document.partner else ""
                day = document.get("supply_date") or document.get("tax_date") or document.date
                one = found[key] = TaxLine(
                    box, line.tax_rate, line.tax_name, day, document.reference, partner, ZERO, ZERO
                )
            one.base += base
            one.tax += tax
    return list(found.values())


def _of(document: Document, kinds: Kinds) -> Iterator[tuple[str, Line, Decimal, Decimal]]:
    kind = kinds.documents[document.kind]
    if kind.amounts == "header" and kind.tax and document.tax:
        line = Line(document, document.record)
        line.tax_name = document.get("tax") or ""
        if document.net:
            line.tax_rate = (document.tax * 100 / document.net).quantize(Decimal("0.01")).normalize()
        yield INPUT, line, document.net, document.tax
        return
    for line in document.lines:
        if line.reverse_tax:
            yield REVERSE_CHARGE, line, line.net, line.reverse_tax
        elif kind.tax == "output" and (line.tax or line.tax_name or line.tax_rate):
            yield OUTPUT, line, line.net, line.tax
        elif kind.tax == "input" and (line.tax or line.tax_name or line.tax_rate):
            yield INPUT, line, line.net, line.tax
        elif line.tax and document.kind in ("adjustments", "counts"):
            lost = document.kind == "counts" or document.get("reason") == "scrap"
            base = (line.extra or {}).get("tax_base")
            cost = -sum((move.value for move in line.moves or ()), ZERO)
            yield REVERSED if lost else OUTPUT, line, cost if base is None else base, line.tax
