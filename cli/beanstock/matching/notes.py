"""Notes (承兑汇票): what becomes of each between the day it is received or issued and the day it is paid.

A note is a sub-account of the roles notes-receivable and notes-payable (`notes-receivable:B-001`). It comes as the
account of a payment, is endorsed as the account of a payment to somebody else, discounted or collected by a cash
transfer to the bank, and paid by one from it. A note that goes back to whom it came from was not honoured: what it had
settled is owed again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from beanstock.model import ZERO, Document, Partner
from beanstock.problems import Place, Problem, problem

RECEIVABLE, PAYABLE = "notes-receivable", "notes-payable"


@dataclass(eq=False)
class Event:
    """What a document does with a note; `amount` is money of the books, positive where it adds to the note."""

    date: dt.date
    document: str
    what: str  # opening, received, issued, endorsed, discounted, collected, paid, returned
    partner: Partner | None
    amount: Decimal


@dataclass(eq=False)
class Note:
    """One note: who gave or got it first, when it is due, and all that happened to it."""

    role: str
    number: str
    partner: Partner | None
    due: dt.date | None
    events: list[Event] = field(default_factory=list)

    @property
    def open(self) -> Decimal:
        """What the books still carry of it."""
        return sum((one.amount for one in self.events), ZERO)

    def until(self, day: dt.date) -> Note | None:
        """The note as it was at the end of a day; None where it was not there yet."""
        events = [one for one in self.events if one.date <= day]
        return Note(self.role, self.number, self.partner, self.due, events) if events else None

    @property
    def holder(self) -> Partner | None:
        """Who has it: the last partner that it went to or came from."""
        return next((one.partner for one in reversed(self.events) if one.partner is not None), self.partner)


class Notes:
    """The notes of one company by their accounts, in the order of events."""

    def __init__(self, role_of: Callable[[str], str], same: Callable[[str], str]) -> None:
        self.role_of = role_of
        self.same = same  # one name for all cells of an account
        self.known: dict[str, Note] = {}  # by that name

    def role(self, cell: str) -> str:
        """The role of a note's cell; nothing where the cell is no note, or names none of them."""
        role = self.role_of(cell) if cell else ""
        return role if role in (RECEIVABLE, PAYABLE) and self.same(cell).startswith(f"{self.same(role)}:") else ""

    def goes_back(self, document: Document) -> bool:
        """Whether a payment gives a note back to whom it came from, or takes it back from whom it was given to."""
        note = self.known.get(self.same(document.account))
        if note is None or document.partner is None:
            return False
        if self._adds(note.role, incoming=document.get("direction") == "in"):
            return note.events[-1].what == "endorsed" and note.holder is document.partner
        return note.open > 0 and note.partner is document.partner

    @staticmethod
    def _adds(role: str, *, incoming: bool) -> bool:
        return (role == RECEIVABLE) == incoming

    def opening(
        self, cell: str, document: Document, partner: Partner | None, due: dt.date | None, amount: Decimal
    ) -> None:
        """A note of the opening balances; `amount` is debit positive."""
        role = self.role(cell)
        if role:
            signed = amount if role == RECEIVABLE else -amount
            self._event(cell, role, due, Event(document.date, document.reference, "opening", partner, signed))

    def payment(self, document: Document, *, back: bool) -> list[Problem]:
        """Follow the note that a payment names as its account. Problems: note-exceeded."""
        cell, role = document.account, self.role(document.account)
        if not role:
            return []
        adds = self._adds(role, incoming=document.get("direction") == "in")
        first = "received" if role == RECEIVABLE else "issued"
        gone = "endorsed" if role == RECEIVABLE else "returned"
        what = "returned" if back else first if adds else gone
        signed = document.banked if adds else -document.banked
        event = Event(document.date, document.reference, what, document.partner, signed)
        return self._event(cell, role, document.due, event, document.place("account"))

    def transfer(self, document: Document) -> list[Problem]:
        """Follow the notes that a cash transfer names. Problems: note-exceeded."""
        problems: list[Problem] = []
        for column, sign in (("from", -1), ("to", 1)):
            cell = document.get(column)
            role = self.role(cell)
            if role:
                signed = document.banked * sign if sign < 0 else document.gross
                if role == PAYABLE:
                    signed = -signed
                note = self.known.get(self.same(cell))
                early = note is not None and note.due is not None and document.date < note.due
                what = (
                    "returned" if signed > 0 else "paid" if role == PAYABLE else "discounted" if early else "collected"
                )
                event = Event(document.date, document.reference, what, None, signed)
                problems += self._event(cell, role, None, event, document.place(column))
        return problems

    def _event(
        self, cell: str, role: str, due: dt.date | None, event: Event, place: Place | None = None
    ) -> list[Problem]:
        account = self.same(cell)
        note = self.known.get(account)
        if note is None:
            written = cell.removeprefix(f"{role}:")
            number = written if written != cell else account.removeprefix(f"{self.same(role)}:")
            note = self.known[account] = Note(role, number, event.partner, due)
        was = note.open
        note.events.append(event)
        if event.amount < 0 and was + event.amount < 0:
            facts = {"document": event.document, "amount": -event.amount, "note": cell, "open": was}
            return [problem("note-exceeded", place, **facts)]
        return []
