"""The model's register of notes (承兑汇票): who gave or got each, what became of it, and what is left.

A note is a sub-account of notes-receivable or notes-payable. It comes as the account of a payment, goes on as the
account of another, or against money by a cash transfer; back to whom it came from it goes because nobody paid it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction

from .model_events import Refused
from .model_prices import ZERO
from .papers import ACCOUNTS, AMERICAN_ACCOUNTS, CHINESE_ACCOUNTS, NOTES, Document, Line


def place(cell: str) -> tuple[str, str]:
    """The role and the sub-account that a cell means, by role or by account; an account without a role is itself."""
    for role, account in (*ACCOUNTS.items(), *NOTES.items(), *CHINESE_ACCOUNTS.items(), *AMERICAN_ACCOUNTS.items()):
        for name in (role, account):
            if cell == name or cell.startswith(f"{name}:"):
                return role, cell[len(name) + 1 :]
    return cell, ""


@dataclass
class Note:
    """One note; `left` is money of the books, positive for both roles."""

    partner: str
    due: dt.date | None
    left: Fraction = ZERO
    came: Fraction = ZERO  # all that it was received or issued for
    states: list[str] = field(default_factory=list)
    holders: list[str] = field(default_factory=list)

    @property
    def holder(self) -> str:
        return next((one for one in reversed(self.holders) if one), self.partner)


class Notes:
    """All notes, by role and number, event by event."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Note] = {}

    def opened(self, line: Line, amount: Fraction) -> None:
        """A note of the opening balances, debit positive."""
        key = place(line.account)
        if self._is_note(key):
            self._happens(key, line.partner, line.due, amount, "opening")

    def goes_back(self, document: Document) -> bool:
        """Whether a payment that names no document gives a note back to whom it came from."""
        key = place(document.account)
        note = self.known.get(key)
        if note is None or any(line.applies or line.pays for line in document.lines):
            return False
        if (key[0] == "notes-receivable") == (document.direction == "in"):
            return note.states[-1] == "endorsed" and note.holder == document.partner
        return note.left > 0 and note.partner == document.partner

    def paid(self, document: Document, amount: Fraction, *, back: bool) -> None:
        """A payment whose account is a note; `amount` is the debit of that account."""
        key = place(document.account)
        if not self._is_note(key):
            return
        if key[0] == "notes-receivable":
            state = "received" if amount > 0 else "endorsed"
        else:
            state = "issued" if amount < 0 else "returned"
        self._happens(key, document.partner, document.due, amount, "returned" if back else state)

    def transferred(self, document: Document, cell: str, amount: Fraction) -> None:
        """A cash transfer takes a note to the bank, pays one of ours, or takes one back; debits are positive."""
        key = place(cell)
        if not self._is_note(key):
            return
        note = self.known.get(key)
        if (amount > 0) == (key[0] == "notes-receivable"):
            state = "returned"
        elif key[0] == "notes-payable":
            state = "paid"
        else:
            state = "discounted" if note and note.due and document.date < note.due else "collected"
        self._happens(key, "", None, amount, state)

    def _is_note(self, key: tuple[str, str]) -> bool:
        return key[0] in NOTES and bool(key[1])

    def _happens(self, key: tuple[str, str], partner: str, due: dt.date | None, amount: Fraction, state: str) -> None:
        note = self.known.setdefault(key, Note(partner, due))
        change = amount if key[0] == "notes-receivable" else -amount
        if change < 0 and note.left + change < 0:
            raise Refused("more of a note goes than is there")
        note.left += change
        note.came += change if state in ("opening", "received", "issued") else ZERO
        note.states.append(state)
        note.holders.append(partner)

    def register(self) -> dict[tuple[str, str, str], Fraction]:
        """What came and what is left of each, debit positive, with its state and its holder."""
        rows = {}
        for (role, number), note in self.known.items():
            sign = 1 if role == "notes-receivable" else -1
            rows[role, number, f"open, {note.states[-1]}, {note.holder}"] = sign * note.left
            rows[role, number, f"amount of {note.partner}, {note.due or ''}"] = sign * note.came
        return rows
