"""What matching made of a document, as one hash; and the documents that it touches.

Every field counts, but those that say where a document stands, those that payments fill in (see `settled`), and those
that the stock fills in later: a field that somebody adds to documents or lines counts by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from operator import attrgetter
from typing import Any

from beanstock.carried.codec import fields_of, name_of
from beanstock.masters import Item, Partner, Warehouse
from beanstock.model import Document, Line
from beanstock.parts import Part, Settlement
from beanstock.records.fingerprint import digest

_STOCK = {"moves", "corrections", "sold", "costs", "variance"}
_PLACE = {"file", "record", "index", "key", "lines", "document"}
_SETTLED = {
    "settlements",
    "settled_receivables",
    "settled_payables",
    "prepayments",
    "pays",
    "advance",
    "advance_foreign",
    "advance_role",
    "banked",
    "banked_foreign",
    "fee",
    "interest",
    "reopened",
    "reopened_foreign",
    "cash_discount",
    "discount_tax",
    "discounts",
    "write_off",
    "settled_by",
    "exchange",
}
_ORDERS = ("purchase-orders", "sales-orders")
SETTLING = ("payments", "allocations", "cash-transfers")
_DOCUMENT = sorted({*fields_of(Document)} - _STOCK - _PLACE - _SETTLED)
_LINE = sorted({*fields_of(Line)} - _STOCK - _PLACE)
_OF_DOCUMENT, _OF_LINE = attrgetter(*_DOCUMENT), attrgetter(*_LINE)


class Told:
    """Says documents as texts, and notes whom they name on the way: documents, and references that only are texts."""

    def __init__(self) -> None:
        self.touched: set[Document] = set()
        self.references: set[str] = set()

    def digest(self, document: Document) -> str:
        """All that matching made of a document, as a hash (see `fingerprint.digest`).

        Of payments and the like only how many rows they have: what they do is settled.
        """
        if document.kind in SETTLING:
            return f"{len(document.lines)} rows"
        parts = [self._fields(_DOCUMENT, _OF_DOCUMENT(document))]
        parts += [self._fields(_LINE, _OF_LINE(line)) for line in document.lines]
        return digest("\n".join(parts))

    def _fields(self, names: list[str], values: tuple[Any, ...]) -> str:
        """Most fields are blank, zero or empty: these are left out."""
        return ";".join([f"{name}={self._text(value)}" for name, value in zip(names, values, strict=True) if value])

    def _text(self, value: Any) -> str:
        kind = value.__class__
        if kind is str:
            return repr(value)
        if kind in (Decimal, int, bool) or value is None:
            return str(value)
        if kind is Line:
            self.touched.add(value.document)
            return f"{name_of(value.document)}#{value.index}"
        if kind is Document:
            self.touched.add(value)
            return name_of(value)
        if kind in (Item, Partner, Warehouse):
            return str(value.code)
        if kind is dt.date:
            return str(value)
        if kind in (list, tuple):
            return "[" + ",".join(map(self._text, value)) + "]"
        if kind is dict:
            return "{" + ",".join(f"{key}:{self._text(one)}" for key, one in value.items()) + "}"
        if isinstance(value, Part | Settlement) and value.document:
            self.references.add(value.document)
        return f"{kind.__name__}({self._fields(*_fields(kind)(value))})"


_KNOWN: dict[type[Any], Callable[[Any], tuple[list[str], tuple[Any, ...]]]] = {}


def _fields(kind: type[Any]) -> Callable[[Any], tuple[list[str], tuple[Any, ...]]]:
    """What gives the names and values of the fields of a part of a document."""
    if kind not in _KNOWN:
        names = fields_of(kind)
        assert len(names) > 1, kind
        of = attrgetter(*names)
        _KNOWN[kind] = lambda value: (names, of(value))
    return _KNOWN[kind]


def words_of(document: Document) -> set[str]:
    """All that a document can be named by, and all names that it says, in each form that a reference can have.

    A reference is a number, kind/number or kind/partner/number; orders and jobs are known by their names alone.
    """
    said = {document.number, document.order, document.returns}
    said |= _texts(document.extra)
    for line in document.lines:
        said |= _texts(line.extra)
    found = set(said)
    for text in said:
        rest = text
        for _ in range(2):
            _, slash, rest = rest.partition("/")
            if not slash:
                break
            found.add(rest)
    found.discard("")
    return found


_NAMING = ("order", "job", "ref", "document", "receipt", "delivery", "bill", "count")


def names_of(document: Document) -> set[str]:
    """The words by which later documents can mean this one, or mean with it the same third one.

    Its number, its orders and jobs, what openings open, and what it names itself.
    """
    found = {document.number, document.reference}
    if document.kind in SETTLING:
        return found | settled_by(document)
    found |= {document.order, document.returns}
    for extra in (document.extra, *(line.extra for line in document.lines)):
        found |= {str(extra[column]) for column in _NAMING if extra.get(column)} if extra else set()
    for text in tuple(found):
        kind, slash, rest = text.partition("/")
        if slash and kind in _ORDERS:
            found.add(rest)
    found.discard("")
    return found


def settled_by(document: Document) -> set[str]:
    """What a payment or an allocation names, as it is written: another document of that name would make it ambiguous."""
    if document.kind == "allocations":
        return {document.get("from"), document.get("to")}
    if document.kind != "payments":
        return set()
    return {str(line.extra["applies"]) for line in document.lines if line.extra and line.extra.get("applies")}


def groups_of(document: Document) -> set[str]:
    """Orders and jobs: documents that name the same one belong together, whether it is recorded or not."""
    found = set()
    extras = [document.extra, *(line.extra for line in document.lines)]
    orders = {document.order, *(str(extra.get("order") or "") for extra in extras if extra)}
    for order in orders - {""}:
        kind, _, rest = order.partition("/")
        found.add(f"order/{rest if kind in _ORDERS else order}")
    if document.kind in _ORDERS:
        found.add(f"order/{document.number}")
    found |= {f"job/{extra['job']}" for extra in extras if extra and extra.get("job")}
    return found


def _texts(extra: dict[str, Any] | None) -> set[str]:
    return {value for value in extra.values() if value.__class__ is str} if extra else set()
