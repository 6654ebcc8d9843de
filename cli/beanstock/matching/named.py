"""Which open item or payment the cell of a payment or an allocation names."""

from __future__ import annotations

from beanstock.matching.open_items import Open
from beanstock.model import Document, Line
from beanstock.problems import Problem, problem, suggest
from beanstock.records.kinds import Kinds


class Named:
    """Open items by their numbers and references."""

    def __init__(self, kinds: Kinds, currency: str, problems: list[Problem]) -> None:
        self.kinds = kinds
        self.currency = currency
        self.references: dict[str, list[Open]] = {}
        self.problems = problems  # where faults are told

    def add(self, one: Open, number: str) -> None:
        """An open item that may be named by its number and its reference."""
        for name in (number, one.document):
            self.references.setdefault(name, []).append(one)

    def find(self, document: Document, column: str, reference: str, line: Line | None = None) -> Open | None:
        """The one open item that a cell names. Problems: unknown-document, ambiguous-document, other-currency."""
        found = self.references.get(reference, [])
        if not found and reference.count("/") > 1:  # kind/partner/number
            kind, partner, number = reference.split("/", 2)
            found = [one for one in self.references.get(f"{kind}/{number}", []) if one.partner.code == partner]
        if len(found) > 1 and document.partner is not None:
            found = [one for one in found if one.partner is document.partner] or found
        place = document.place(column, line)
        if len(found) == 1:
            one = found[0]
            if document.partner is None:
                document.partner = one.partner
            currency = document.currency or self.currency
            if one.partner is document.partner and (one.currency == currency or document.kind == "allocations"):
                return one
            if one.partner is document.partner:
                facts = {"document": document.reference, "currency": currency, "theirs": one.currency}
                self.problems.append(problem("other-currency", place, other=one.document, **facts))
                return None
            found = []
        if found:
            names = ", ".join(sorted(f"{one.document} of {one.partner.code}" for one in found))
            self.problems.append(problem("ambiguous-document", place, reference=reference, found=names))
        else:
            kinds = ", ".join(kind.name for kind in self.kinds.documents.values() if kind.settles)
            of_partner = f" of {document.partner.code}" if document.partner else ""
            facts = {"reference": reference, "column": column, "kinds": kinds, "partner": of_partner}
            self.problems.append(
                problem("unknown-document", place, **facts, suggestion=suggest(reference, self.references))
            )
        return None
