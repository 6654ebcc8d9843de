"""Input tax that may only be deducted once its invoice is certified (勾选认证), under `input_tax: on-certification`.

Until then the tax of bills, purchases, expenses and landed costs is pending; a tax certification names documents and makes
their tax, or the part that it states, input tax of its own day. A credit note's tax is pending with the other sign.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from beanstock.matching.references import Linker
from beanstock.model import ZERO, Document, Line
from beanstock.problems import Problem, problem
from beanstock.records.kinds import Kinds

KIND = "tax-certifications"
PENDING_ROLE = "input-tax-pending"


class Certifications:
    """Follows pending input tax by document, in money of the books."""

    def __init__(self, kinds: Kinds, linker: Linker, role_of: Callable[[str], str], *, pending: bool) -> None:
        self.carriers = tuple(kind.name for kind in kinds.documents.values() if kind.tax == "input")
        self.linker = linker
        self.role_of = role_of
        self.pending = pending
        self.open: dict[Document | str, Decimal] = {}  # by document, or by the reference of an opening balance

    def match(self, documents: list[Document]) -> list[Problem]:
        """Fill in `tax` of the lines of certifications. Problems: over-certified, unknown-document, ambiguous-document."""
        problems: list[Problem] = []
        before = len(self.linker.problems)
        for document in documents:
            if document.kind == KIND:
                for line in document.lines:
                    problems += self._certify(document, line)
            elif self.pending and document.kind in self.carriers:
                self.open[document] = document.tax
            elif document.kind == "opening-balances":
                for line in document.lines:
                    reference = (line.extra or {}).get("ref")
                    if reference and line.amount and self.role_of(line.account) == PENDING_ROLE:
                        self.open[reference] = self.open.get(reference, ZERO) + line.amount
        return problems + self.linker.problems[before:]

    def _certify(self, document: Document, line: Line) -> list[Problem]:
        reference = str((line.extra or {}).get("document"))
        key: Document | str | None = reference
        if reference not in self.open:
            key = line.named = self.linker.resolve(document, "document", reference, self.carriers, line)
        if key is None:
            return []
        pending = self.open.get(key, ZERO)
        amount = pending if line.tax_amount is None else line.tax_amount
        if not amount or abs(amount) > abs(pending) or (amount > 0) != (pending > 0):
            stated = "the tax" if line.tax_amount is None else amount
            name = key if isinstance(key, str) else key.reference
            facts = {"document": document.reference, "tax": stated, "of": name, "pending": f"{pending:f}"}
            return [problem("over-certified", document.place("document", line), **facts)]
        self.open[key] = pending - amount
        line.tax = amount
        return []
