"""The model's order of events and its reading of references, from the page on records.

`Refused` says that a company is not one the contract allows (stock below zero, more returned than went...);
`Undecided` that two honest readers could come to different figures. The generator drops such documents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from itertools import groupby
from typing import TypeVar

from .model_journals import written
from .papers import Company, Document, Line

OPENING, COST_CHANGES, RECEIPTS, CUSTOMER_RETURNS, BILLS, TRANSFERS, DELIVERIES = 0, 1, 2, 3, 4, 5, 6
INVOICES, SUPPLIER_RETURNS, ADJUSTMENTS, COUNTS, PAYMENTS = 7, 8, 9, 10, 11

STAGES = {
    "opening-stock": (OPENING, OPENING),
    "opening-balances": (OPENING, OPENING),
    "wip-counts": (OPENING, OPENING),
    "cost-changes": (COST_CHANGES, COST_CHANGES),
    "receipts": (RECEIPTS, SUPPLIER_RETURNS),
    "purchases": (RECEIPTS, SUPPLIER_RETURNS),
    "drop-shipments": (RECEIPTS, RECEIPTS),
    "bills": (BILLS, BILLS),
    "landed-costs": (BILLS, BILLS),
    "productions": (TRANSFERS, TRANSFERS),
    "transfers": (TRANSFERS, TRANSFERS),
    "deliveries": (DELIVERIES, CUSTOMER_RETURNS),
    "sales": (DELIVERIES, CUSTOMER_RETURNS),
    "invoices": (INVOICES, INVOICES),
    "adjustments": (ADJUSTMENTS, ADJUSTMENTS),
    "counts": (COUNTS, COUNTS),
    "payments": (PAYMENTS, PAYMENTS),
    "dispositions": (PAYMENTS, PAYMENTS),
    "allocations": (PAYMENTS, PAYMENTS),
    "tax-certifications": (PAYMENTS, PAYMENTS),
    "cash-transfers": (PAYMENTS, PAYMENTS),
    "expenses": (PAYMENTS, PAYMENTS),
    "payrolls": (PAYMENTS, PAYMENTS),
    "journals": (PAYMENTS, PAYMENTS),
    "purchase-orders": (PAYMENTS, PAYMENTS),
    "sales-orders": (PAYMENTS, PAYMENTS),
}

Anything = TypeVar("Anything")
Key = tuple[dt.date, str, int, int, str, str, str]


class Refused(Exception):
    """The records break a rule of the contract."""


class Undecided(Refused):
    """The contract does not say what happens."""


def is_return(document: Document) -> bool:
    quantities = [line.qty for line in document.lines]
    return bool(quantities) and all(qty is not None and qty < 0 for qty in quantities)


def negative(line: Line) -> bool:
    return line.qty is not None and line.qty < 0


def is_mixed(document: Document) -> bool:
    """Whether a document gives goods and takes others back."""
    mixed = any(negative(line) for line in document.lines) and not is_return(document)
    return mixed and STAGES[document.kind][0] != STAGES[document.kind][1]


def key(document: Document) -> Key:
    """Date, time (untimed: early stages at 00:00, later ones at 24:00), stage, rank among transfers, number."""
    return key_at(document, back=is_return(document))


def key_at(document: Document, *, back: bool) -> Key:
    """The key of what a document gives, or of what comes back on it."""
    stage = STAGES[document.kind][back]
    time = document.time or ("00:00" if stage <= BILLS else "24:00")
    return (document.date, time, stage, 0, document.number, document.kind, document.party)


def in_order(company: Company) -> list[Document]:
    """All documents in the order of events. Transfers and productions of one moment: who needs what others bring, later."""
    keyed = [(behind(company, one), one) for one in [*written(company), *_dated_standards(company)]]
    keyed.sort(key=lambda pair: pair[0])
    documents: list[Document] = []
    for _, group in groupby(keyed, key=lambda pair: pair[0][:3]):
        same = [one for _, one in group]
        needing = same[0].kind in ("transfers", "productions") and len(same) > 1
        documents += _by_need(company, same) if needing else same
    return documents


RETURNED = {"receipts": ("receipts", "purchases"), "deliveries": ("deliveries", "sales")}
RETURNED |= {"purchases": RETURNED["receipts"], "sales": RETURNED["deliveries"]}


def behind(company: Company, document: Document) -> tuple[object, ...]:
    """The key of a document; a return of the same day stands right behind its original."""
    own = key(document)
    if document.returns and document.kind in RETURNED:
        original = find(company.documents, document.returns, RETURNED[document.kind], document.party)
        first = behind(company, original)
        if original.date > document.date:
            raise Refused("no return comes before its original")
        if first >= own:
            return (*first, 1, *own)
    return own


def _dated_standards(company: Company) -> list[Document]:
    return [
        Document(
            "cost-changes",
            f"{one.item}/{one.from_.isoformat()}",
            one.from_,
            lines=[Line(item=one.item, standard_cost=one.cost)],
        )
        for one in company.standard_costs
    ]


def _by_need(company: Company, documents: list[Document]) -> list[Document]:
    """Again and again the first that needs nothing of those which wait."""
    places = {id(one): _places(company, one) for one in documents}
    waiting, ordered = list(documents), []
    while waiting:
        ready = [
            one
            for one in waiting
            if not any(places[id(one)][0] & places[id(other)][1] for other in waiting if other is not one)
        ]
        if not ready:
            raise Refused("a cycle of transfers and productions")
        ordered.append(ready[0])
        waiting.remove(ready[0])
    return ordered


def _places(company: Company, document: Document) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """Item, warehouse and lot of what a transfer or production takes, and of what it brings."""
    if document.kind == "transfers":
        return (
            {(line.item, document.from_, line.lot) for line in document.lines},
            {(line.item, document.to, line.lot) for line in document.lines},
        )
    lines = [*document.lines, *needed(company, document)]
    parts = [(line.part, (line.item, document.place(line), line.lot)) for line in lines]
    return {place for part, place in parts if part == "input"}, {place for part, place in parts if part == "output"}


def needed(company: Company, document: Document) -> list[Line]:
    """The inputs of a production that states none, by the bill of materials of its outputs.

    None where a document before it gave its job the inputs.
    """
    if any(line.part == "input" for line in document.lines):
        return []
    if document.job and any(_issues(one, document.job) and key(one) < key(document) for one in company.documents):
        return []
    quantities: dict[str, Fraction] = {}
    for line in document.lines:
        for bom in company.boms:
            if line.part == "output" and bom.product == line.item:
                factor = bom.item_qty / bom.qty * (1 + (bom.waste_percent or 0) / Fraction(100))
                base = (line.qty or Fraction(0)) * company.factor(line)
                quantities[bom.item] = quantities.get(bom.item, Fraction(0)) + factor * base
    return [Line(item=item, part="input", qty=_six_decimals(qty)) for item, qty in quantities.items()]


def _issues(document: Document, job: str) -> bool:
    """Whether a document gives a job its inputs and puts nothing out."""
    parts = {line.part for line in document.lines}
    return document.kind == "productions" and document.job == job and "input" in parts and "output" not in parts


def _six_decimals(value: Fraction) -> Fraction:
    """Quantities have six decimals, half up."""
    return Fraction((value * 10**6 + Fraction(1, 2)).__floor__(), 10**6)


def find(documents: Iterable[Document], text: str, kinds: tuple[str, ...], party: str = "") -> Document:
    """The one document that a reference (number, kind/number or kind/partner/number) names."""
    parts = text.split("/")

    def fits(one: Document) -> bool:
        return (
            one.kind in kinds
            and one.number == parts[-1]
            and (len(parts) < 2 or one.kind == parts[0])
            and (len(parts) < 3 or one.party == parts[1])
            and (not party or one.party == party)
        )

    return only([one for one in documents if fits(one)], f"document {text}")


def only(found: list[Anything], what: str) -> Anything:
    if len(found) != 1:
        raise Refused(f"{what}: {len(found)} found")
    return found[0]


def gives_back(company: Company, document: Document) -> dict[int, Fraction]:
    """Outputs (by their place) that give back an input, with their part of what went in of it; none, where all would."""
    parts = [(one.part, one) for one in [*document.lines, *needed(company, document)]]
    outputs = [one for part, one in parts if part == "output"]
    found: dict[int, Fraction] = {}
    for place, line in enumerate(document.lines):
        went = [_base(company, one) for part, one in parts if part == "input" and one.item == line.item]
        came = [_base(company, one) for one in outputs if one.share is None and one.item == line.item]
        if line.part == "output" and line.share is None and 0 < sum(came) <= sum(went) and (line.qty or 0) > 0:
            found[place] = _base(company, line) / sum(went, Fraction(0))
    return found if len(found) < len(outputs) else {}


def _base(company: Company, line: Line) -> Fraction:
    return (line.qty or Fraction(0)) * company.factor(line)
