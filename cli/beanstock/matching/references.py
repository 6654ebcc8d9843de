"""References between documents: what a line returns, belongs to, and takes its price from.

A reference is a number, kind/number, or kind/partner/number. Nothing is matched by guess: a reference that names
more than one document is a problem.
"""

from __future__ import annotations

from decimal import Decimal

from beanstock.model import Document, Line, Partner
from beanstock.parts import Origin
from beanstock.problems import Problem, problem, suggest
from beanstock.records.kinds import Kinds

# Which kinds a column of a kind may name; the first that has the number wins only when it is the only one
RETURNED = {
    "receipts": ("receipts", "purchases"),
    "purchases": ("purchases", "receipts"),
    "deliveries": ("deliveries", "sales"),
    "sales": ("sales", "deliveries"),
    "bills": ("receipts", "bills", "purchases"),
    "invoices": ("invoices", "sales", "deliveries"),
}
NAMED = {
    ("bills", "receipt"): ("receipts", "drop-shipments"),
    ("invoices", "delivery"): ("deliveries", "drop-shipments"),
    ("landed-costs", "bill"): ("bills",),
    ("productions", "bill"): ("bills",),
    ("receipts", "bill"): ("bills",),
    ("adjustments", "receipt"): ("receipts", "purchases"),
    ("dispositions", "count"): ("counts",),
}
ORDERED = {
    "drop-shipments": "purchase-orders",
    "receipts": "purchase-orders",
    "bills": "purchase-orders",
    "purchases": "purchase-orders",
    "deliveries": "sales-orders",
    "invoices": "sales-orders",
    "sales": "sales-orders",
}


def order_name(reference: str) -> str:
    """An order's number, whether it is named by number or by kind/number; the order itself need not be recorded."""
    kind, _, number = reference.partition("/")
    return number if kind in ("purchase-orders", "sales-orders") else reference


class Directory:
    """Documents by the names that people write."""

    def __init__(self, documents: list[Document]) -> None:
        self.by_number: dict[str, list[Document]] = {}
        for document in documents:
            self.by_number.setdefault(document.number, []).append(document)

    def find(self, reference: str, kinds: tuple[str, ...], partner: Partner | None) -> list[Document]:
        """All documents that the reference may mean, of these kinds (any, where there are none)."""
        found = self._candidates(reference, kinds)
        if len(found) > 1 and partner is not None:
            own = [document for document in found if document.partner is partner]
            found = own or found
        if len(found) > 1 and kinds:
            first = next((kind for kind in kinds if any(document.kind == kind for document in found)), "")
            same = [document for document in found if document.kind == first]
            found = same if len(same) == 1 else found
        return found

    def _candidates(self, reference: str, kinds: tuple[str, ...]) -> list[Document]:
        found = [one for one in self.by_number.get(reference, ()) if not kinds or one.kind in kinds]
        parts = reference.split("/")
        if not found and len(parts) > 1:
            number = "/".join(parts[1:])
            found = [one for one in self.by_number.get(number, ()) if one.kind == parts[0]]
            if not found and len(parts) > 2:
                number = "/".join(parts[2:])
                found = [
                    one
                    for one in self.by_number.get(number, ())
                    if one.kind == parts[0] and one.partner is not None and one.partner.code == parts[1]
                ]
        return [one for one in found if not kinds or one.kind in kinds]


def full_names(documents: list[Document]) -> str:
    """Documents by kind/number, with the partner between where that alone does not tell them apart."""
    names = [document.reference for document in documents]
    told = [
        name
        if names.count(name) == 1 or document.partner is None
        else f"{document.kind}/{document.partner.code}/{document.number}"
        for name, document in zip(names, documents, strict=True)
    ]
    return ", ".join(sorted(told))


class Linker:
    """Resolves the references of documents in the order of events."""

    def __init__(self, documents: list[Document], kinds: Kinds) -> None:
        self.documents = documents
        self.kinds = kinds
        self.directory = Directory(documents)
        self.problems: list[Problem] = []
        self.known: dict[tuple[str, ...], list[str]] = {}  # numbers by kinds, for suggestions
        self.faulty: set[Document] = set()  # documents with a reference that leads nowhere
        self.left: dict[Line, Decimal] = {}  # of a returned line, the quantity that may still come back

    def link(self) -> list[Problem]:
        """Fill in `named`, `origins` and `source` of all lines.

        Problems: unknown-document, ambiguous-document, no-such-line, return-too-much, return-before-original.
        """
        for document in self.documents:
            kind = self.kinds.documents[document.kind]
            if not kind.links:
                continue
            before = len(self.problems)
            if document.returns:
                self._returns(document)
            for column in ("receipt", "delivery", "bill", "count"):
                if column in kind.links:
                    self._named(document, column)
            if document.order or "order" in kind.lines:
                self._ordered(document)
            if len(self.problems) > before:
                self.faulty.add(document)
        return self.problems

    def resolve(
        self, document: Document, column: str, reference: str, kinds: tuple[str, ...], line: Line | None = None
    ) -> Document | None:
        """The one document that a cell names. Problems: unknown-document, ambiguous-document."""
        found = self.directory.find(reference, kinds, document.partner)
        if len(found) == 1:
            return found[0]
        place = document.place(column, line)
        if found:
            self.problems.append(problem("ambiguous-document", place, reference=reference, found=full_names(found)))
            return None
        of_partner = f" of {document.partner.code}" if document.partner else ""
        if kinds not in self.known:
            numbers = self.directory.by_number.items()
            self.known[kinds] = [number for number, several in numbers if any(one.kind in kinds for one in several)]
        facts = {"reference": reference, "column": column, "kinds": ", ".join(kinds), "partner": of_partner}
        self.problems.append(
            problem("unknown-document", place, **facts, suggestion=suggest(reference, self.known[kinds]))
        )
        return None

    def _returns(self, document: Document) -> None:
        original = self.resolve(document, "returns", document.returns, RETURNED.get(document.kind, (document.kind,)))
        if original is None:
            return
        if original.date > document.date:
            facts = {
                "document": document.reference,
                "date": document.date,
                "original": original.reference,
                "original_date": original.date,
            }
            self.problems.append(problem("return-before-original", document.place("returns"), **facts))
            return
        for line in document.lines:
            line.named = original
            if line.item is None or line.qty is None:
                continue
            if self.kinds.documents[document.kind].stock in (
                "",
                "value",
            ):  # a credit note: only its price may be missing
                number = line.extra.get("source_line") if line.extra else None
                same = [one for one in original.lines if one.item is line.item and number in (None, one.index)]
                line.source = same[0] if same else None
                continue
            self._origins(document, line, original)

    def _origins(self, document: Document, line: Line, original: Document) -> None:
        number = line.extra.get("returns_line") if line.extra else None
        lines = [
            one
            for one in original.lines
            if one.item is line.item
            and (one.base_qty > 0) != (line.base_qty > 0)
            and (not line.lot or one.lot == line.lot)
            and (number is None or one.index == number)
        ]
        item = line.item.code if line.item else ""
        if not lines and line.base_qty > 0:
            return  # goods given in exchange
        if not lines:
            detail = f": {item}" + (f", line {number}" if number else "")
            place = document.place("returns_line" if number else "item", line)
            self.problems.append(problem("no-such-line", place, document=original.reference, detail=detail))
            return
        wanted = abs(line.base_qty)
        origins: list[Origin] = []
        for one in lines:
            left = self.left.setdefault(one, abs(one.base_qty))
            taken = min(left, wanted)
            if taken > 0:
                origins.append(Origin(one, taken))
                self.left[one] = left - taken
                wanted -= taken
        if wanted > 0:
            place = document.place("qty", line)
            left = abs(line.base_qty) - wanted
            self.problems.append(
                problem(
                    "return-too-much", place, qty=abs(line.base_qty), item=item, left=left, document=original.reference
                )
            )
            return
        line.origins = origins
        line.source = origins[0].line

    def _named(self, document: Document, column: str) -> None:
        kinds = NAMED[document.kind, column]
        header = document.get(column)
        resolved = self.resolve(document, column, header, kinds) if header else None
        for line in document.lines:
            own = line.extra.get(column) if line.extra else None
            target = resolved if not own or own == header else self.resolve(document, column, own, kinds, line)
            if target is None or not line.stocked or line.item is None:
                continue  # carriage on the invoice of a delivery is on no line of the delivery
            line.named = target
            number = line.extra.get("source_line") if line.extra else None
            same = [one for one in target.lines if one.item is line.item and number in (None, one.index)]
            if same and line.source is None:
                line.source = same[0]
            full = column == "count" and target.get("scope") == "full"  # also of what it does not list
            if column != "bill" and not full and not same:
                detail = f": {line.item.code}" + (f", line {number}" if number else "")
                self.problems.append(
                    problem("no-such-line", document.place("item", line), document=target.reference, detail=detail)
                )

    def _ordered(self, document: Document) -> None:
        """Prices come from the order where the line has none; the order itself need not be recorded."""
        for line in document.lines:
            reference = (line.extra.get("order") if line.extra else None) or document.order
            ordered = ORDERED.get(document.kind)
            if not reference or line.item is None or line.source is not None or ordered is None:
                continue
            found = self.directory.find(reference, (ordered,), document.partner)
            if len(found) == 1:
                number = line.extra.get("source_line") if line.extra else None
                same = [one for one in found[0].lines if one.item is line.item and number in (None, one.index)]
                line.source = same[0] if same else None
