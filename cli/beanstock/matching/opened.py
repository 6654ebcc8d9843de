"""What documents open: receivables and payables by partner and document, and what openings say of them and of advances."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from beanstock.matching.named import Named
from beanstock.matching.notes import Notes
from beanstock.matching.open_items import ADVANCES, Open
from beanstock.model import ZERO, Document, Line
from beanstock.problems import Problem
from beanstock.records.kinds import Kinds

PARTNERS_ROLES = frozenset((*ADVANCES, *ADVANCES.values()))


class OpenItems:
    """The open items of one company."""

    def __init__(
        self, kinds: Kinds, role_of: Callable[[str], str], currency: str, notes: Notes, problems: list[Problem]
    ) -> None:
        self.kinds = kinds
        self.role_of = role_of  # the role behind an account cell, or nothing
        self.currency = currency
        self.notes = notes
        self.problems = problems  # where faults are told
        self.opens: dict[tuple[str, str], Open] = {}  # by partner and document
        self.by_partner: dict[tuple[str, str], list[Open]] = {}  # by partner and role, in the order of due dates
        self.advances: dict[tuple[str, str], Decimal] = {}  # by partner and role; what was paid ahead is positive
        self.named = Named(kinds, currency, problems)

    def register(self, document: Document) -> None:
        """What a document opens. Problems: note-without-number."""
        kind = self.kinds.documents[document.kind]
        if document.kind == "landed-costs" and document.get("bill"):
            return  # the bill is what is owed
        if kind.settles and document.partner is not None and not document.get("paid_account"):
            due, foreign = (
                document.due or document.date,
                document.gross if document.foreign is None else document.foreign,
            )
            currency = document.currency or self.currency
            owed, key = document.gross, document.key
            one = Open(kind.settles, document.reference, document.partner, due, foreign, key, currency, owed)
            one.owner = document
            self.add(one, document.number)
        elif document.kind == "opening-balances":
            for line in document.lines:
                if line.amount is not None:
                    self._opening(document, line, line.amount)

    def _opening(self, document: Document, line: Line, book: Decimal) -> None:
        role = self.role_of(line.account)
        extra = line.extra or {}
        currency = extra.get("currency") or self.currency
        foreign = book if line.foreign is None else line.foreign
        if line.partner is None or role not in PARTNERS_ROLES:
            self.problems += self.notes.opening(line, document, line.partner, extra.get("due"), book)
            return
        if role in ("payable", "customer-advances"):
            book, foreign = -book, -foreign
        reference = f"{document.kind}/{extra['ref']}" if extra.get("ref") else document.reference
        if role in ADVANCES.values():
            key = (line.partner.code, role)
            self.advances[key] = self.advances.get(key, ZERO) + book
        known = self.opens.get((line.partner.code, reference))
        if known is not None and known.role == role:
            known.amount += foreign
            known.open += foreign
            known.book += book
            return
        due = extra.get("due") or document.date
        one = Open(role, reference, line.partner, due, foreign, document.key, currency, book)
        self.add(one, extra.get("ref") or document.number)

    def add(self, one: Open, number: str) -> None:
        """An open item that may be named by its number, too."""
        self.opens[one.partner.code, one.document] = one
        self.by_partner.setdefault((one.partner.code, one.role), []).append(one)
        self.named.add(one, number)
