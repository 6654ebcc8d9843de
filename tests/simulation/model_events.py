"""The model's order of events and its reading of references, from the page on records.

`Refused` says that a company is not one the contract allows (stock below zero, more returned than went...);
`Undecided` that two honest readers could come to different figures. The generator drops such documents.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from typing import TypeVar

from .papers import Company, Document

OPENING, RECEIPTS, CUSTOMER_RETURNS, BILLS, TRANSFERS, DELIVERIES = 0, 2, 3, 4, 5, 6
INVOICES, SUPPLIER_RETURNS, ADJUSTMENTS, COUNTS, PAYMENTS = 7, 8, 9, 10, 11

STAGES = {
    "opening-stock": (OPENING, OPENING),
    "opening-balances": (OPENING, OPENING),
    "receipts": (RECEIPTS, SUPPLIER_RETURNS),
    "purchases": (RECEIPTS, SUPPLIER_RETURNS),
    "bills": (BILLS, BILLS),
    "transfers": (TRANSFERS, TRANSFERS),
    "deliveries": (DELIVERIES, CUSTOMER_RETURNS),
    "sales": (DELIVERIES, CUSTOMER_RETURNS),
    "invoices": (INVOICES, INVOICES),
    "adjustments": (ADJUSTMENTS, ADJUSTMENTS),
    "counts": (COUNTS, COUNTS),
    "payments": (PAYMENTS, PAYMENTS),
    "purchase-orders": (PAYMENTS, PAYMENTS),
}

Anything = TypeVar("Anything")
Key = tuple[dt.date, str, int, int, str, str, str]


class Refused(Exception):
    """The records break a rule of the contract."""


class Undecided(Refused):
    """The contract does not say what happens."""


# Cases in which the program is known to differ from the sentence of the contract, or in which the sentence can be
# read in two ways. Companies that come into one of them are not made; `--known-faults` makes them all the same.
# A line goes when its case is repaired or decided.
AVOIDED = {
    "shares of a partial return",  # how the cents of a customer return fall on the layers that it is proportional over
    "last cost of layers",  # of an empty pool: what the last issue took, or what the last layer came at
}


def literal(case: str, value: Fraction, other: Fraction) -> Fraction:
    """The value that the sentence of the contract gives, unless `other` is another and the case is avoided."""
    if value != other and case in AVOIDED:
        raise Undecided(case)
    return value


def is_return(document: Document) -> bool:
    quantities = [line.qty for line in document.lines]
    return bool(quantities) and all(qty is not None and qty < 0 for qty in quantities)


def key(document: Document) -> Key:
    """Date, time (untimed: early stages at 00:00, later ones at 24:00), stage, rank among transfers, number."""
    stage = STAGES[document.kind][is_return(document)]
    time = document.time or ("00:00" if stage <= BILLS else "24:00")
    return (document.date, time, stage, 0, document.number, document.kind, document.party)


def in_order(company: Company) -> list[Document]:
    """All documents in the order of events. Transfers of one moment stand in the order of what they need."""
    documents = sorted(company.documents, key=key)
    position = 0
    while position < len(documents):
        moment = key(documents[position])[:3]
        same = [one for one in documents[position:] if key(one)[:3] == moment]
        if documents[position].kind == "transfers" and len(same) > 1:
            documents[position : position + len(same)] = _by_need(same)
        position += len(same)
    return documents


def _by_need(transfers: list[Document]) -> list[Document]:
    def needs(one: Document, other: Document) -> bool:
        items = {line.item for line in one.lines} & {line.item for line in other.lines}
        return bool(items) and one.from_ == other.to

    if len(transfers) > 2:
        raise Undecided("an order among many transfers of one moment")
    first, second = transfers
    if needs(first, second) and needs(second, first):
        raise Refused("a cycle of transfers")
    return [second, first] if needs(first, second) else [first, second]


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
