"""Money of accounts: what payments, transfers and documents paid at once move, and what foreign money is carried at."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from beanstock.model import ZERO, Document


class Cash:
    """Accounts that hold foreign money (or are overdrawn in it): what is there, at what book value.

    What reduces a balance takes its average book value, and what empties it the rest, so that a foreign balance of zero
    is a book balance of zero; what goes beyond is worth what it is on its day.
    """

    def __init__(self, unit: Decimal, same: Callable[[str], str]) -> None:
        self.unit = unit
        self.same = same  # one name for all cells of an account
        self.held: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}  # by account and currency: foreign, book

    def book(self, amount: Decimal, rate: Decimal | None) -> Decimal:
        """An amount of a document in money of the books."""
        return amount if rate is None else (amount * rate).quantize(self.unit, ROUND_HALF_UP)

    def add(self, account: str, currency: str, amount: Decimal, book: Decimal) -> None:
        """What an account holds at the opening."""
        account = self.same(account)
        there, worth = self.held.get((account, currency), (ZERO, ZERO))
        self.held[account, currency] = (there + amount, worth + book)

    def holds(self, account: str, currency: str) -> bool:
        return bool(self.held.get((self.same(account), currency), (ZERO, ZERO))[0])

    def move(self, account: str, currency: str, amount: Decimal, worth: Callable[[Decimal], Decimal]) -> Decimal:
        """The book value of foreign money that comes (positive) or leaves; `worth` values an amount of it today."""
        account = self.same(account)
        there, book = self.held.get((account, currency), (ZERO, ZERO))
        if there * amount >= 0:
            moved = worth(amount)
        elif abs(amount) < abs(there):
            moved = (book * amount / there).quantize(self.unit, ROUND_HALF_UP)
        else:
            moved = worth(there + amount) - book
        self.held[account, currency] = (there + amount, book + moved)
        return moved

    def pay_at_once(self, document: Document, sign: int) -> None:
        """An invoice (sign 1) or bill (-1) that is paid on its day: what its account is carried at, and the rest exchange."""
        document.banked = document.gross
        if document.rate is None or document.foreign is None:
            return
        worth = partial(self._part, sign * document.gross, sign * document.foreign)
        moved = self.move(document.get("paid_account"), document.currency, sign * document.foreign, worth)
        document.banked, document.banked_foreign = sign * moved, document.foreign
        document.exchange += sign * document.gross - moved

    def transfer(self, document: Document) -> None:
        """Money from one account to another: `amount` leaves, `received` arrives, the fee is what is stated of the rest."""
        amount = document.get("amount") or ZERO
        fee, received = document.get("fee"), document.get("received")
        source, target = document.get("from"), document.get("to")
        rate = document.rate
        if rate is None:
            document.banked = amount
            document.fee = fee if fee is not None else amount - received if received is not None else ZERO
            document.gross = received if received is not None else amount - document.fee
            document.exchange = amount - document.fee - document.gross
            return
        document.fee = self.book(fee or ZERO, rate)
        arrives = self.book(amount, rate) - document.fee if received is None else received
        if self.holds(source, document.currency):
            document.banked = -self.move(source, document.currency, -amount, partial(self.book, rate=rate))
            document.banked_foreign = amount
            if received is None:  # both accounts hold this currency: the money keeps its value
                document.foreign = amount - (fee or ZERO)
                arrives = self._arrive(document, target, document.foreign, document.banked - document.fee)
        else:  # foreign money is bought
            document.banked = self.book(amount, rate) if received is None else received
            document.foreign = amount
            arrives = self._arrive(document, target, amount, document.banked - document.fee)
        document.gross = arrives
        document.exchange = document.banked - document.fee - arrives

    def _arrive(self, document: Document, account: str, foreign: Decimal, book: Decimal) -> Decimal:
        """Foreign money that is worth `book` comes to an account; what that carries it at."""
        return self.move(account, document.currency, foreign, partial(self._part, book, foreign))

    def _part(self, book: Decimal, whole: Decimal, amount: Decimal) -> Decimal:
        """What a part of foreign money is worth, of which the whole is worth `book`."""
        return book if amount == whole else (book * amount / whole).quantize(self.unit, ROUND_HALF_UP)
