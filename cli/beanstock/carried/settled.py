"""What payments of closed months left: what is open and paid ahead, foreign money of accounts, and notes.

Open items of documents are kept with these; so it makes no difference which payments have settled the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from beanstock.carried.codec import Decoder, Encoder, Name, Stale, name_of
from beanstock.matching.open_items import Open
from beanstock.matching.settlements import Settlements
from beanstock.model import ZERO, Document

# the fields of settlements that go on, and those that documents and books give
CARRIED = ("opens", "by_partner", "named", "advances", "cash", "notes")
GIVEN = (
    *["kinds", "role_of", "currency", "unit", "corrects_tax", "prepaid", "problems", "settled", "book", "items"],
    "taken_back",
)


def form_of(
    settlements: Settlements, end: dt.date, closed: dict[Name, Document], encoder: Encoder
) -> tuple[dict[str, Any], dict[Name, list[Any]], set[Document]]:
    """What all months share, the open items of each closed document, and the documents that may still be settled.

    Call it when the last document of the closed months, which end on a day, has settled what it does. Raises Stale.
    """
    listed = {id(one) for several in settlements.by_partner.values() for one in several}
    names: dict[int, tuple[Open, list[str]]] = {}
    for name, several in settlements.named.references.items():
        for one in several:
            names.setdefault(id(one), (one, []))[1].append(name)
    owners: dict[str, list[Document]] = {}
    for document in closed.values():
        owners.setdefault(document.reference, []).append(document)
    shared: list[Any] = []
    of: dict[Name, list[Any]] = {}
    live: set[Document] = set()
    for number, (one, called) in names.items():
        if one.key[0] > end:
            if one.open != one.amount:
                raise Stale(f"{one.document} was paid in a closed month")
            continue
        known = settlements.opens.get((one.partner.code, one.document)) is one
        form = [encoder.value(one), called, number in listed, known]
        own = [each for each in owners.get(one.document, ()) if each.partner is one.partner]
        if len(own) != 1:  # of an opening; its name is no document's
            shared.append(form)
            continue
        of.setdefault(name_of(own[0]), []).append(form)
        if one.open and number in listed:
            live.add(own[0])
    whole = {
        "opens": shared,
        "advances": encoder.value(settlements.advances),
        "held": encoder.value(settlements.cash.held),
        "notes": encoder.value(settlements.notes.known),
    }
    return whole, of, live


def restore(
    form: dict[str, Any],
    of: list[Any],
    settlements: Settlements,
    decoder: Decoder,
    paying: Iterable[tuple[set[str], Document]],
) -> None:
    """Put it into new settlements; `of` are the open items of the documents that are read again. Raises Stale.

    `paying` are open payments with their words: they may take back what payments of closed months did, which is not known
    here.
    """
    named: dict[str, list[Document]] = {}
    for words, payment in paying:
        for word in words:
            named.setdefault(word, []).append(payment)
    for document in decoder.documents.values():
        if document.kind == "payments":
            settlements.taken_back.paid(document)
            if document.number in named or document.reference in named:
                raise Stale(f"a payment names {document.reference}")
    settlements.advances.update(decoder.value(form["advances"]))
    settlements.cash.held = decoder.value(form["held"])
    settlements.notes.known = decoder.value(form["notes"])
    for item, names, listed, known in [*form["opens"], *of]:
        one: Open = decoder.value(item)
        payments = [payment for name in names for payment in named.get(name, ())]
        if payments and one.open != one.amount and (not one.open or any(_gives_back(one, each) for each in payments)):
            raise Stale(f"a payment may take back what was paid of {one.document}")
        for name in names:
            settlements.named.references.setdefault(name, []).append(one)
        if listed:
            settlements.by_partner.setdefault((one.partner.code, one.role), []).append(one)
        if known:
            settlements.opens[one.partner.code, one.document] = one


def _gives_back(one: Open, payment: Document) -> bool:
    """Whether a payment's money can go the other way than what settles an item, now or when the item is all paid."""
    incoming = payment.get("direction") == "in"
    return (payment.get("amount") or ZERO) < 0 or (one.amount > 0) != (incoming == (one.credit > 0))
