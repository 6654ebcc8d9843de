"""The model's money on accounts: what foreign money is carried at, and what moves from one account to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction

from .model_events import Undecided
from .model_notes import Notes, place
from .model_prices import ZERO, half_up
from .papers import Company, Document

Post = Callable[[Document, str, Fraction], None]


class Cash:
    """Accounts of money by role and sub-account; foreign money leaves at the average of what is there."""

    def __init__(self, company: Company, post: Post) -> None:
        self.company = company
        self.write = post
        self.held: dict[tuple[tuple[str, str], str], tuple[Fraction, Fraction]] = {}  # by currency: amount, book value
        self.notes = Notes()
        self.balances: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)

    def post(self, document: Document, cell: str, amount: Fraction) -> None:
        """An amount of the books on an account."""
        if document.kind == "cash-transfers":
            self.notes.transferred(document, cell, amount)
        self.balances[place(cell)] += amount
        self.write(document, place(cell)[0], amount)

    def open(self, cell: str, currency: str, amount: Fraction, book: Fraction) -> None:
        """Foreign money of the opening."""
        there, worth = self.held.get((place(cell), currency), (ZERO, ZERO))
        self.held[place(cell), currency] = (there + amount, worth + book)

    def booked(self, document: Document, amount: Fraction) -> Fraction:
        """An amount of a document in money of the books."""
        rate = self.company.rate_of(document)
        return amount if rate is None else half_up(amount * rate, self.company.decimals)

    def moved(self, document: Document, cell: str, amount: Fraction, whole: Fraction | None = None) -> Fraction:
        """What a foreign amount on an account is worth: what is there leaves at its average, the rest at the day's rate.

        The papers may say what the whole amount is worth.
        """
        today = self.booked(document, amount) if whole is None else whole
        key = (place(cell), self.company.currency_of(document))
        if self.company.rate_of(document) is None:
            return today
        there, worth = self.held.get(key, (ZERO, ZERO))
        if there * amount >= 0:
            book = today
        elif abs(amount) < abs(there):
            book = half_up(worth * amount / there, self.company.decimals)
        else:
            rest = amount + there
            book = (
                half_up(today * rest / amount, self.company.decimals)
                if whole is not None
                else self.booked(document, rest)
            )
            book -= worth
        self.held[key] = (there + amount, worth + book)
        return book

    def transfer(self, document: Document) -> None:
        """Money goes from one account to another; a fee is a charge, what rates leave over an exchange difference."""
        amount, received = document.amount or ZERO, document.received
        source, target = document.from_, document.to
        charges = "interest-expense" if place(source)[0] == "notes-receivable" else "bank-charges"
        if self.company.rate_of(document) is None:
            fee = document.fee if document.fee is not None else ZERO if received is None else amount - received
            self.post(document, source, -amount)
            self.post(document, target, amount - fee if received is None else received)
            self.write(document, charges, fee)
            return
        there = self.held.get((place(source), self.company.currency_of(document)))
        fee = self.booked(document, document.fee or ZERO)
        self.write(document, charges, fee)
        if there is not None and not there[0]:
            raise Undecided("whether an account that had foreign money buys it or is overdrawn")
        if there is None:  # foreign money is bought; `received` is what it was bought for
            paid = self.booked(document, amount) if received is None else received
            arrived = self.moved(document, target, amount, paid - fee)
        elif received is None:  # from one foreign account to another, less a fee in that currency
            paid = -self.moved(document, source, -amount)
            arrived = self.moved(document, target, amount - (document.fee or ZERO), paid - fee)
        else:  # foreign money is sold
            paid, arrived = -self.moved(document, source, -amount), received
        self.post(document, source, -paid)
        self.post(document, target, arrived)
