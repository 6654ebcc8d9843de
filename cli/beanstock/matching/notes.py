"""Notes (承兑汇票): what becomes of each between the day it is received or issued and the day it is paid.

A note is a sub-account of the roles notes-receivable and notes-payable (`notes-receivable:B-001`). It comes as the
account of a payment, is endorsed as the account of a payment to somebody else, discounted or collected by a cash
transfer to the bank, and paid by one from it. A note that goes back to whom it came from was not honoured: what it had
settled is owed again. What is posted to a note in any other way (journals, documents paid at once) counts as well, and what
names the role alone, without a number, is kept together: nobody can tell which of these notes is which.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from beanstock.model import ZERO, Document, Line, Partner
from beanstock.problems import Place, Problem, problem

RECEIVABLE, PAYABLE = "notes-receivable", "notes-payable"


@dataclass(eq=False)
class Event:
    """What a document does with a note; `amount` is money of the books, positive where it adds to the note."""

    date: dt.date
    document: str
    what: str  # opening, received, issued, endorsed, discounted, collected, paid, returned, posted
    partner: Partner | None
    amount: Decimal
    due: dt.date | None = None


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

    def maturities(self) -> Iterator[tuple[dt.date, Decimal]]:
        """What is open by the days on which it is due; what left took what is due first, as of notes without numbers."""
        gone = sum((one.amount for one in self.events if one.amount < 0), ZERO)
        came = [one for one in self.events if one.amount > 0]
        for one in sorted(came, key=lambda one: one.due or self.due or one.date):
            left = max(ZERO, one.amount + gone)
            gone = min(ZERO, one.amount + gone)
            if left:
                yield one.due or self.due or one.date, left

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
        """The role of a note's cell; nothing where the cell is no note."""
        role = self.role_of(cell) if cell else ""
        return role if role in (RECEIVABLE, PAYABLE) else ""

    def goes_back(self, document: Document) -> bool:
        """Whether a payment gives a note back to whom it came from, or takes it back from whom it was given to."""
        note = self.known.get(self.same(document.account))
        if note is None or not note.number or document.partner is None:
            return False
        if self._adds(note.role, incoming=document.get("direction") == "in"):
            return note.events[-1].what == "endorsed" and note.holder is document.partner
        return note.open > 0 and note.partner is document.partner

    @staticmethod
    def _adds(role: str, *, incoming: bool) -> bool:
        return (role == RECEIVABLE) == incoming

    def opening(
        self, line: Line, document: Document, partner: Partner | None, due: dt.date | None, amount: Decimal
    ) -> list[Problem]:
        """A note of the opening balances; `amount` is debit positive. Problems: note-without-number."""
        role = self.role(line.account)
        if not role:
            return []
        signed = amount if role == RECEIVABLE else -amount
        event = Event(document.date, document.reference, "opening", partner, signed, due)
        return self._event(line.account, role, event, document.place("account", line))

    def others(self, document: Document, settles: str) -> list[Problem]:
        """What anything else posts to notes: journals, documents paid at once, accounts that a payment pays directly.

        `settles` is what the document's kind is open as. Problems: note-without-number.
        """
        problems: list[Problem] = []
        if document.kind == "journals":
            for line in document.lines:
                extra = line.extra or {}
                amount = (extra.get("debit") or ZERO) - (extra.get("credit") or ZERO)
                problems += self._post(line.account, document, amount, document.place("account", line))
        elif document.kind == "payments":
            sign = -1 if document.get("direction") == "in" else 1
            for line in document.pays:
                cell = (line.extra or {})["pays"]
                problems += self._post(cell, document, sign * line.net, document.place("pays", line))
        elif settles and document.get("paid_account"):
            amount = document.banked if settles == "receivable" else -document.banked
            problems += self._post(document.get("paid_account"), document, amount, document.place("paid_account"))
        return problems

    def _post(self, cell: str, document: Document, amount: Decimal, place: Place) -> list[Problem]:
        """`amount` is debit positive."""
        role = self.role(cell)
        if not role or not amount:
            return []
        signed = amount if role == RECEIVABLE else -amount
        event = Event(document.date, document.reference, "posted", document.partner, signed, document.due)
        return self._event(cell, role, event, place)

    def payment(self, document: Document, *, back: bool) -> list[Problem]:
        """Follow the note that a payment names as its account. Problems: note-exceeded, note-without-number."""
        cell, role = document.account, self.role(document.account)
        if not role:
            return []
        adds = self._adds(role, incoming=document.get("direction") == "in")
        first = "received" if role == RECEIVABLE else "issued"
        gone = "endorsed" if role == RECEIVABLE else "returned"
        what = "returned" if back else first if adds else gone
        signed = document.banked if adds else -document.banked
        event = Event(document.date, document.reference, what, document.partner, signed, document.due)
        return self._event(cell, role, event, document.place("account"))

    def transfer(self, document: Document) -> list[Problem]:
        """Follow the notes that a cash transfer names. Problems: note-exceeded, note-without-number."""
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
                problems += self._event(cell, role, event, document.place(column))
        return problems

    def _number(self, cell: str, role: str) -> str:
        """What a cell says below its role's account; nothing where it says no more than that."""
        account, whole = self.same(cell), self.same(role)
        written = cell.removeprefix(f"{role}:")
        return "" if account == whole else written if written != cell else account.removeprefix(f"{whole}:")

    def _event(self, cell: str, role: str, event: Event, place: Place) -> list[Problem]:
        account = self.same(cell)
        note = self.known.get(account)
        if note is None:
            number = self._number(cell, role)
            partner = event.partner if number else None
            note = self.known[account] = Note(role, number, partner, event.due if number else None)
        was = note.open
        note.events.append(event)
        if not note.number and event.amount > 0:
            return [problem("note-without-number", place, document=event.document, note=role)]
        if note.number and event.what != "posted" and event.amount < 0 and was + event.amount < 0:
            facts = {"document": event.document, "amount": -event.amount, "note": cell, "open": was}
            return [problem("note-exceeded", place, **facts)]
        return []
