"""What each document says of its taxes: the boxes of a return, by rate, with their base. Money of the books."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from beanstock.model import ZERO, Document, Line
from beanstock.records.kinds import Kinds

OUTPUT, INPUT, REVERSED, REVERSE_CHARGE = "output", "input", "input-reversed", "reverse-charge"
NOT_RECOVERED = "reverse-charge-in-cost"  # due like the one above, and never deducted
PENDING, EXEMPTED = "input-pending", "exempted"
HUNDREDTH = Decimal("0.01")  # of a percent
Found = tuple[str, Line, Decimal, Decimal]  # box, a line with the tax's name and rate, base, tax


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


def tax_lines(documents: Iterable[Document], kinds: Kinds, unit: Decimal, *, pending: bool = False) -> list[TaxLine]:
    """Lines by box, rate and document, in the order of events; documents without any tax named are left out.

    Under `pending` input tax waits in a box of its own, which certifications empty again. Parts are rounded half up to
    `unit`.
    """
    found: dict[tuple[str, Decimal, str, str], TaxLine] = {}
    for document in documents:
        for box, line, base, tax in _of(document, kinds, unit, PENDING if pending else INPUT):
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


def tax_items(document: Document, kinds: Kinds, unit: Decimal) -> Iterator[Found]:
    """What one document says of its taxes, line by line: box, line, base and tax."""
    return _of(document, kinds, unit, INPUT)


def _of(document: Document, kinds: Kinds, unit: Decimal, incoming: str) -> Iterator[Found]:
    kind = kinds.documents[document.kind]
    if kind.amounts == "header" and kind.tax and (document.tax or document.reverse_tax):
        amount = document.tax or document.reverse_tax
        line = Line(document, document.record)
        line.tax_name = document.get("tax") or ""
        if document.net:
            line.tax_rate = (amount * 100 / document.net).quantize(HUNDREDTH).normalize()
        charged = REVERSE_CHARGE if document.recovered_tax else NOT_RECOVERED
        yield incoming if document.tax else charged, line, document.net, amount
        return
    if document.kind == "tax-exemptions":
        yield from ((EXEMPTED, line, -line.net, -line.tax) for line in document.lines)
        return
    if document.kind == "tax-certifications":
        yield from _certified(document, kinds, unit)
        return
    for owner, discount, tax in document.discounts:
        box = OUTPUT if kinds.documents[owner.kind].tax == "output" else INPUT
        for line, base, part in _parts(owner, kinds, unit, tax, discount - tax):
            yield box, line, -base, -part
    for line in document.lines:
        if line.reverse_tax:
            yield REVERSE_CHARGE if line.recovered_tax else NOT_RECOVERED, line, _base(line), line.reverse_tax
        elif kind.tax == "output" and (line.tax or line.tax_name or line.tax_rate):
            yield OUTPUT, line, _base(line), line.tax
        elif kind.tax == "input" and (line.tax or line.tax_name or line.tax_rate):
            yield incoming if line.tax else INPUT, line, _base(line), line.tax
        elif line.tax and document.kind in ("adjustments", "counts"):
            lost = document.kind == "counts" or document.get("reason") == "scrap"
            stated = (line.extra or {}).get("tax_base")
            cost = -sum((move.value for move in line.moves or ()), ZERO)
            base = cost if stated is None else stated if line.tax > 0 else -stated  # a gift that comes back
            yield REVERSED if lost else OUTPUT, line, base, line.tax


def _base(line: Line) -> Decimal:
    """What a line's tax was worked out from: its net at the document's rate, whatever was paid ahead."""
    return line.net - sum((cover.change for cover in line.covers), ZERO) if line.covers else line.net


def _certified(document: Document, kinds: Kinds, unit: Decimal) -> Iterator[Found]:
    """What leaves the pending box and becomes input tax; of an opening balance nothing is known but the tax."""
    for line in document.lines:
        parts = [(line, ZERO, line.tax)]
        if line.named is not None:
            base = line.named.net * line.tax / line.named.tax if line.named.tax else ZERO
            parts = _parts(line.named, kinds, unit, line.tax, base.quantize(unit, ROUND_HALF_UP))
        for taxed, net, tax in parts:
            yield PENDING, taxed, -net, -tax
            yield INPUT, taxed, net, tax


def _parts(
    document: Document, kinds: Kinds, unit: Decimal, tax: Decimal, net: Decimal
) -> list[tuple[Line, Decimal, Decimal]]:
    """A part of a document's tax and net by its rates, each with a line of the rate; the last takes what is left."""
    sums: dict[tuple[Decimal, str], tuple[Line, Decimal, Decimal]] = {}
    for _, line, base, amount in _of(document, kinds, unit, INPUT):
        if amount and not line.reverse_tax:
            first, bases, taxes = sums.get((line.tax_rate, line.tax_name), (line, ZERO, ZERO))
            sums[line.tax_rate, line.tax_name] = (first, bases + base, taxes + amount)
    found: list[tuple[Line, Decimal, Decimal]] = []
    whole = sum((base for _, base, _ in sums.values()), ZERO)
    parts_of = (net, tax)
    for position, (line, base, amount) in enumerate(sums.values()):
        if position == len(sums) - 1:
            found.append((line, net, tax))
            break
        parts = ((parts_of[0], base, whole), (parts_of[1], amount, document.tax))
        part_net, part_tax = ((of * own / all_).quantize(unit, ROUND_HALF_UP) for of, own, all_ in parts)
        found.append((line, part_net, part_tax))
        net, tax = net - part_net, tax - part_tax
    return found
