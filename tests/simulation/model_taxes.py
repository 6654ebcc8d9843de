"""The model's taxes beyond their rates: input tax that waits for its certification, and tax in cash discounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction

from .model_events import Refused, find
from .model_prices import ZERO
from .papers import Company, Document, Line

PENDING = "input-tax-pending"
CARRIERS = ("bills", "purchases", "landed-costs", "expenses")

Post = Callable[[Document, str, Fraction], None]


def incurred(company: Company) -> str:
    """Where the tax of what is bought goes on its own day."""
    return PENDING if company.policy("input_tax") == "on-certification" else "input-tax"


class Certifications:
    """Pending input tax by document, or by the reference of an opening balance."""

    def __init__(self, company: Company, documents: list[Document], post: Post) -> None:
        self.company = company
        self.documents = documents
        self.post = post
        self.waiting: defaultdict[str | int, Fraction] = defaultdict(Fraction)

    def opened(self, line: Line) -> None:
        if line.account == PENDING and line.ref:
            self.waiting[line.ref] += line.amount or ZERO

    def came(self, document: Document, tax: Fraction) -> None:
        if incurred(self.company) == PENDING:
            self.waiting[id(document)] += tax

    def certify(self, document: Document) -> None:
        """All that waits of each document, or the part that is stated, becomes input tax."""
        for line in document.lines:
            name: str | int = line.document
            if name not in self.waiting:
                name = id(find(self.documents, line.document, CARRIERS))
            waits = self.waiting[name]
            tax = waits if line.tax_amount is None else line.tax_amount
            if not tax or tax * waits < 0 or abs(tax) > abs(waits):
                raise Refused("more is certified than waits")
            self.waiting[name] -= tax
            self.post(document, PENDING, -tax)
            self.post(document, "input-tax", tax)
