"""Payments against documents: what each settles, what stays open, what is an advance.

Open amounts have the sign of their document: an invoice is positive, a credit note negative. A payment that names
nothing settles the oldest due documents before it; what is left of it is an advance until something is allocated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from beanstock.model import ZERO, Document, Line, Partner, Settlement
from beanstock.problems import Problem, problem, suggest
from beanstock.records.kinds import Kinds

ADVANCES = {"receivable": "customer-advances", "payable": "supplier-advances"}
RoleOf = Callable[[str], str]  # the role behind an account cell, or nothing


class Open:
    """A receivable or payable document and what is still open of it."""

    __slots__ = ("amount", "document", "due", "key", "open", "owner", "partner", "role")

    def __init__(
        self, role: str, document: str, partner: Partner, due: dt.date, amount: Decimal, key: tuple[Any, ...]
    ) -> None:
        self.role = role
        self.document = document
        self.partner = partner
        self.due = due
        self.amount = amount
        self.open = amount
        self.key = key
        self.owner: Document | None = None


class Settlements:
    """Settles the documents of one company in the order of events."""

    def __init__(self, kinds: Kinds, role_of: RoleOf) -> None:
        self.kinds = kinds
        self.role_of = role_of
        self.problems: list[Problem] = []
        self.opens: dict[tuple[str, str], Open] = {}  # by partner and document
        self.by_partner: dict[tuple[str, str], list[Open]] = {}  # by partner and role, in the order of due dates
        self.references: dict[str, list[Open]] = {}
        self.advances: dict[tuple[str, str], Decimal] = {}  # by partner and role; what was paid ahead is positive

    def settle(self, documents: list[Document]) -> list[Problem]:
        """Fill in the settlements and advances of payments.

        Problems: unknown-document, ambiguous-document, over-applied, applied-sum, partner-needed.
        """
        for document in documents:
            self._register(document)
        for several in self.by_partner.values():
            several.sort(key=lambda one: (one.due, one.key))
        for document in documents:
            if document.kind == "payments":
                self._pay(document)
        return self.problems

    # --- what is open

    def _register(self, document: Document) -> None:
        kind = self.kinds.documents[document.kind]
        if document.kind == "landed-costs" and document.get("bill"):
            return  # the bill is what is owed
        if kind.settles and document.partner is not None and not document.get("paid_account"):
            one = Open(
                kind.settles,
                document.reference,
                document.partner,
                document.due or document.date,
                document.gross,
                document.key,
            )
            one.owner = document
            self._add(one, document.number)
        elif document.kind == "opening-balances":
            for line in document.lines:
                role = self.role_of(line.account)
                if role in ADVANCES and line.partner is not None and line.amount is not None:
                    self._opening(document, line, role, line.partner, line.amount)
                elif role in ADVANCES.values() and line.partner is not None and line.amount is not None:
                    amount = -line.amount if role == ADVANCES["receivable"] else line.amount
                    key = (line.partner.code, role)
                    self.advances[key] = self.advances.get(key, ZERO) + amount

    def _opening(self, document: Document, line: Line, role: str, partner: Partner, amount: Decimal) -> None:
        extra = line.extra or {}
        reference = f"{document.kind}/{extra['ref']}" if extra.get("ref") else document.reference
        amount = amount if role == "receivable" else -amount
        known = self.opens.get((partner.code, reference))
        if known is not None:
            known.amount += amount
            known.open += amount
            return
        self._add(
            Open(role, reference, partner, extra.get("due") or document.date, amount, document.key),
            extra.get("ref") or document.number,
        )

    def _add(self, one: Open, number: str) -> None:
        self.opens[one.partner.code, one.document] = one
        self.by_partner.setdefault((one.partner.code, one.role), []).append(one)
        for name in (number, one.document):
            self.references.setdefault(name, []).append(one)

    # --- payments

    def _pay(self, document: Document) -> None:
        incoming = document.get("direction") == "in"
        amount = document.get("amount") or ZERO
        rest = amount + (document.get("cash_discount") or ZERO) + (document.get("write_off") or ZERO)
        settled = rest
        named = [
            line for line in document.lines if line.extra and (line.extra.get("applies") or line.extra.get("pays"))
        ]
        found: list[tuple[Line, Open]] = []
        for line in named:
            assert line.extra is not None
            if line.extra.get("pays"):
                applied: Decimal | None = line.extra.get("applied")
                line.net = rest if applied is None else applied
                document.pays.append(line)
                rest -= line.net
                continue
            one = self._applied_to(document, line, line.extra["applies"])
            if one is not None:
                found.append((line, one))
        # what adds to the payment comes first, then stated amounts, so that the order of rows does not matter
        found.sort(
            key=lambda pair: (not self._adds(pair[1], incoming=incoming), not (pair[0].extra or {}).get("applied"))
        )
        for line, one in found:
            rest -= self._apply(document, line, one, rest, incoming=incoming)
        if len(found) + len(document.pays) < len(named):
            return  # a reference leads nowhere; the rest would be judged by half
        if not named:
            rest = self._oldest(document, rest, incoming=incoming)
        if rest < 0:
            facts = {"document": document.reference, "settled": settled, "applied": settled - rest}
            self.problems.append(problem("applied-sum", document.place("amount"), **facts))
        elif rest:
            self._advance(document, rest, incoming=incoming)

    def _applied_to(self, document: Document, line: Line, reference: str) -> Open | None:
        found = self.references.get(reference, [])
        if not found and reference.count("/") > 1:  # kind/partner/number
            kind, partner, number = reference.split("/", 2)
            found = [one for one in self.references.get(f"{kind}/{number}", []) if one.partner.code == partner]
        if len(found) > 1 and document.partner is not None:
            found = [one for one in found if one.partner is document.partner] or found
        if len(found) == 1:
            one = found[0]
            if document.partner is None:
                document.partner = one.partner
            if one.partner is document.partner:
                return one
            found = []
        place = document.place("applies", line)
        if found:
            names = ", ".join(sorted(f"{one.document} of {one.partner.code}" for one in found))
            self.problems.append(problem("ambiguous-document", place, reference=reference, found=names))
        else:
            kinds = ", ".join(kind.name for kind in self.kinds.documents.values() if kind.settles)
            of_partner = f" of {document.partner.code}" if document.partner else ""
            facts = {"reference": reference, "column": "applies", "kinds": kinds, "partner": of_partner}
            self.problems.append(
                problem("unknown-document", place, **facts, suggestion=suggest(reference, self.references))
            )
        return None

    @staticmethod
    def _adds(one: Open, *, incoming: bool) -> bool:
        """Whether settling this adds to what the payment can settle: a credit note, or the other side's document."""
        return (one.open < 0) == (incoming == (one.role == "receivable"))

    def _apply(self, document: Document, line: Line, one: Open, rest: Decimal, *, incoming: bool) -> Decimal:
        """Settle a document; what that takes of the payment's rest. A blank amount is the smaller of both."""
        applied: Decimal | None = (line.extra or {}).get("applied")
        sign = 1 if incoming == (one.role == "receivable") else -1
        if applied is not None:
            amount = applied
        else:
            amount = abs(one.open) if self._adds(one, incoming=incoming) else min(abs(one.open), rest)
        if amount > abs(one.open):
            facts = {"amount": amount, "document": one.document, "open": abs(one.open)}
            self.problems.append(problem("over-applied", document.place("applied", line), **facts))
            return ZERO
        signed = amount if one.open >= 0 else -amount
        self._record(document, one, signed, line)
        return sign * signed

    def _record(self, document: Document, one: Open, amount: Decimal, line: Line | None) -> None:
        one.open -= amount
        settlement = Settlement(one.role, one.document, one.partner, amount, line)
        if one.key > document.key and one.owner is not None:
            # the document comes later: until then the payment is an advance, which the document then takes
            settlement.role = ADVANCES[one.role]
            settlement.document = document.reference
            one.owner.prepayments.append(settlement)
            document.advance_role = settlement.role
            document.advance += amount
            return
        document.settlements.append(settlement)
        if one.role == "receivable":
            document.settled_receivables.append(settlement)
        else:
            document.settled_payables.append(settlement)

    def _oldest(self, document: Document, rest: Decimal, *, incoming: bool) -> Decimal:
        partner = document.partner
        if partner is None:
            self.problems.append(problem("partner-needed", document.place("partner"), account="the payment"))
            return ZERO
        role = _side(partner, incoming=incoming)
        wanted = 1 if incoming == (role == "receivable") else -1
        for one in self.by_partner.get((partner.code, role), ()):
            if rest <= 0:
                break
            if one.key < document.key and one.open * wanted > 0:
                taken = min(abs(one.open), rest)
                self._record(document, one, taken * wanted, None)
                document.settled_by = "oldest due first"
                rest -= taken
        return rest

    def _advance(self, document: Document, rest: Decimal, *, incoming: bool) -> None:
        if document.partner is None:
            self.problems.append(problem("partner-needed", document.place("partner"), account="an advance"))
            return
        role = _side(document.partner, incoming=incoming)
        natural = incoming == (role == "receivable")
        document.advance_role = ADVANCES[role]
        amount = rest if natural else -rest
        document.advance += amount
        key = (document.partner.code, ADVANCES[role])
        self.advances[key] = self.advances.get(key, ZERO) + amount


def _side(partner: Partner, *, incoming: bool) -> str:
    """Whether a payment is a customer's or a supplier's affair, where nothing that it names tells."""
    if partner.role == "customer":
        return "receivable"
    if partner.role == "supplier":
        return "payable"
    return "receivable" if incoming else "payable"
