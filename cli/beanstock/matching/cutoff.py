"""Both cut-off gaps at the end of a day: what is received or delivered without its bill or invoice, and the reverse.

Amounts are money of the books: receipts and bills at what their clearing accounts hold, deliveries at what they cost,
invoices before their delivery at their net amount.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from beanstock.model import ZERO, Document, Line

RECEIVED, BILLED = "received-not-billed", "billed-not-received"
DELIVERED, INVOICED = "delivered-not-invoiced", "invoiced-not-delivered"


@dataclass(eq=False)
class Gap:
    """What one document leaves open of one item."""

    gap: str
    document: str
    partner: str
    date: dt.date
    item: str
    qty: Decimal
    amount: Decimal


def gaps(documents: Iterable[Document], until: dt.date, unit: Decimal, *, takes_back: bool) -> list[Gap]:
    """The gaps at the end of a day, purchases first, then sales, each in the order of events.

    `takes_back`: estimates are taken back at the month's start, and what clears them is kept apart (see `estimates`).
    """
    known = [document for document in documents if document.date <= until]
    return [*_bought(known, takes_back=takes_back), *_sold(known, unit)]


def _bought(documents: list[Document], *, takes_back: bool) -> list[Gap]:
    found: dict[tuple[str, str, str], Gap] = {}
    owners = {
        document.reference: document
        for document in documents
        if document.kind in ("receipts", "drop-shipments", "bills")
    }
    for document in documents:
        sign = -1 if document.kind == "bills" else 1
        cleared = document.estimates if takes_back else []
        ways = ((RECEIVED, document.accruals, sign), (RECEIVED, cleared, -1), (BILLED, document.transits, -sign))
        for kind, parts, way in ways:
            for part in parts:
                owner = owners.get(part.document)
                if part.item is None or owner is None:
                    continue
                key = (kind, part.document, part.item.code)
                gap = found.get(key)
                if gap is None:
                    partner = owner.partner.code if owner.partner else ""
                    gap = found[key] = Gap(kind, part.document, partner, owner.date, part.item.code, ZERO, ZERO)
                gap.qty += way * part.qty
                gap.amount += way * part.amount
    return sorted(
        (gap for gap in found.values() if gap.amount or gap.qty),
        key=lambda gap: (gap.gap != RECEIVED, gap.date, gap.document),
    )


def _sold(documents: list[Document], unit: Decimal) -> list[Gap]:
    met: dict[Line, Decimal] = {}  # of deliveries and early invoices, the quantity that the other side has met
    for document in documents:
        for line in document.lines:
            for origin in line.matched or ():
                met[line] = met.get(line, ZERO) + origin.qty
                met[origin.line] = met.get(origin.line, ZERO) + origin.qty
    found: list[Gap] = []
    for document in documents:
        for line in document.lines:
            if line.item is None or not line.stocked:
                continue
            sign = 1 if line.base_qty >= 0 else -1
            left = abs(line.base_qty) - met.get(line, ZERO)
            if left <= 0:
                continue
            if document.kind in ("deliveries", "drop-shipments"):
                cost = (
                    -sum((move.value for move in line.moves or ()), ZERO)
                    if document.kind == "deliveries"
                    else line.cost
                )
                found.append(_gap(DELIVERED, document, line, sign * left, cost, unit))
            elif document.kind == "invoices" and line.expects:
                found.append(_gap(INVOICED, document, line, sign * left, line.net, unit))
    return found


def _gap(kind: str, document: Document, line: Line, left: Decimal, amount: Decimal, unit: Decimal) -> Gap:
    assert line.item is not None
    share = (amount * left / line.base_qty).quantize(unit, ROUND_HALF_UP) if line.base_qty else ZERO
    partner = document.customer or document.partner if document.kind == "drop-shipments" else document.partner
    code = partner.code if partner else ""
    return Gap(kind, document.reference, code, document.date, line.item.code, left, share)
