"""Values of the state as plain JSON, and back: exact numbers, shared objects, and lines by the names of their documents.

Only the classes that are named here can come back, so that a file can make nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from beanstock.masters import Item, Partner, Warehouse
from beanstock.matching.estimates import Estimate
from beanstock.matching.notes import Event, Note
from beanstock.matching.open_items import Open
from beanstock.model import Document, Line, Masters
from beanstock.parts import Move
from beanstock.stock.layers import Issued, Layer
from beanstock.stock.planned import Leaving, PlannedPool
from beanstock.stock.pools import AveragePool, LayerPool, StandardPool
from beanstock.voucher import Posting, Voucher

_CLASSES: dict[str, type[Any]] = {
    one.__name__: one
    for one in (
        AveragePool,
        Estimate,
        Event,
        Issued,
        Layer,
        LayerPool,
        Leaving,
        Move,
        Note,
        Open,
        PlannedPool,
        Posting,
        StandardPool,
        Voucher,
    )
}
Name = str  # of a document: its reference, and where it stands


class Stale(Exception):
    """What is carried cannot be used, or could not be noted: everything is computed. The argument says why."""


def name_of(document: Document) -> Name:
    """What tells a document from all others, as long as its rows stay where they are."""
    return f"{document.reference}|{document.file}|{document.record}"


def fields_of(kind: type[Any]) -> list[str]:
    """The fields of a class with slots, those of its bases first; compiled classes have them as well."""
    slots = ("member_descriptor", "getset_descriptor")
    found = [
        name
        for base in reversed(kind.__mro__)
        for name, value in vars(base).items()
        if type(value).__name__ in slots and not name.startswith("__")
    ]
    return found or list(getattr(kind, "__dataclass_fields__", ()))


_FIELDS = {name: fields_of(kind) for name, kind in _CLASSES.items()}


class Encoder:
    """Values to JSON. Raises Stale for what has no form: lines of documents that no record has, say."""

    def __init__(self, is_known: Callable[[Document], bool]) -> None:
        self.is_known = is_known
        self.numbers: dict[int, int] = {}  # of objects that may come again
        self.alive: list[Any] = []  # which they must be as long as their ids count

    def value(self, value: Any) -> Any:
        """A value's form."""
        kind = value.__class__
        if value is None or kind is str or kind is bool or kind is int:
            return value
        if kind is Decimal:
            return ["d", str(value)]
        if kind is Line:
            return self._line(value)
        if kind is Item:
            return ["i", value.code]
        if kind is Warehouse:
            return ["w", value.code]
        if kind is Partner:
            return ["p", value.code]
        if kind is dt.date:
            return ["t", value.isoformat()]
        if kind is tuple:
            return ["(", *map(self.value, value)]
        if kind is list:
            return ["[", *map(self.value, value)]
        if kind is set:
            return ["{", *map(self.value, value)]
        if kind is deque:
            return ["q", *map(self.value, value)]
        if kind is dict or kind is defaultdict:
            pairs = [[self.value(key), self.value(one)] for key, one in value.items()]
            return ["m" if kind is dict else "s", *pairs]
        if kind is Document and self.is_known(value):
            return ["D", name_of(value)]
        return self._object(value)

    def _line(self, line: Line) -> Any:
        if not self.is_known(line.document):
            raise Stale(f"a line of {line.document.reference}, which is no record")
        return ["l", name_of(line.document), line.index, line.item.code if line.item else "", line.lot]

    def _object(self, value: Any) -> Any:
        name = type(value).__name__
        if _CLASSES.get(name) is not type(value):
            raise Stale(f"a {name}")
        number = self.numbers.get(id(value))
        if number is not None:
            return ["r", number]
        number = self.numbers[id(value)] = len(self.numbers)
        self.alive.append(value)
        return ["o", number, name, *(self.value(getattr(value, field)) for field in _FIELDS[name])]


class Decoder:
    """JSON to values. A line of a document that is not there is a stand-in: one for each, that nothing can name."""

    def __init__(self, masters: Masters, documents: dict[Name, Document]) -> None:
        self.masters = masters
        self.documents = documents
        self.objects: dict[int, Any] = {}
        self.standing_in: dict[tuple[Name, int], Line] = {}

    def value(self, form: Any) -> Any:
        """The value of a form. Raises Stale."""
        if form.__class__ is not list:
            return form
        tag = form[0]
        if tag == "d":
            return Decimal(form[1])
        if tag == "l":
            return self._line(*form[1:])
        if tag in "iwp":
            return self._master(tag, form[1])
        if tag == "t":
            return dt.date.fromisoformat(form[1])
        if tag == "(":
            return tuple([self.value(one) for one in form[1:]])
        if tag == "[":
            return [self.value(one) for one in form[1:]]
        if tag == "{":
            return {self.value(one) for one in form[1:]}
        if tag == "q":
            return deque(self.value(one) for one in form[1:])
        if tag in "ms":
            pairs = {self.value(key): self.value(one) for key, one in form[1:]}
            return pairs if tag == "m" else defaultdict(Decimal, pairs)
        if tag == "D":
            return self._document(form[1])
        if tag == "r":
            return self.objects[form[1]]
        return self._object(form[1], form[2], form[3:])

    def _master(self, tag: str, code: str) -> Any:
        masters = self.masters
        several: dict[str, Mapping[str, Any]] = {"i": masters.items, "w": masters.warehouses, "p": masters.partners}
        known = several[tag]
        if code not in known:
            raise Stale(f"{code} is gone")
        return known[code]

    def _document(self, name: Name) -> Document:
        if name not in self.documents:
            raise Stale(f"{name} is not there")
        return self.documents[name]

    def _line(self, name: Name, index: int, item: str, lot: str) -> Line:
        document = self.documents.get(name)
        if document is not None:
            line = next((one for one in document.lines if one.index == index), None)
            if line is None:
                raise Stale(f"line {index} of {name} is not there")
            return line
        line = self.standing_in.get((name, index))
        if line is None:
            reference = name.split("|", 1)[0]
            stands = Document(reference.split("/", 1)[0], "", -1)
            stands.reference = reference
            line = self.standing_in[name, index] = Line(stands, -1)
            line.index, line.lot = index, lot
            line.item = self._master("i", item) if item else None
        return line

    def _object(self, number: int, name: str, values: list[Any]) -> Any:
        kind: Any = _CLASSES[name]
        made = self.objects[number] = kind.__new__(kind)
        for field, form in zip(_FIELDS[name], values, strict=True):
            object.__setattr__(made, field, self.value(form))  # `Leaving` is frozen
        return made
