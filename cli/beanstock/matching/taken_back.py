"""Payments that come back: a returned cheque, a debit that the bank takes back, money that was booked by mistake.

What such a payment had settled is open again at the book value that it was settled at, so that what the rate has
changed since is an exchange difference of the day on which the money went back. A payment is taken back by one of the
other direction, or by a negative one of its own (a red entry on its own accounts), that names it or what it settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from beanstock.matching.open_items import Open
from beanstock.model import ZERO, Document
from beanstock.parts import Settlement

Paid = Document | Open  # a payment, or what payments have settled


class Settled:
    """What is left of an amount by which a payment settled an open item: signed like the item, with its book value.

    `paid` is 1 where money was spent on it, and -1 where it added to what the payment could settle (a credit note).
    """

    __slots__ = ("amount", "book", "one", "paid")

    def __init__(self, one: Open, amount: Decimal, book: Decimal, paid: int) -> None:
        self.one = one
        self.amount = amount
        self.book = book
        self.paid = paid

    def take(self, amount: Decimal, unit: Decimal) -> Decimal:
        """Reduce it by an amount of its sign; the book value of that, rounded half up, the last takes the rest."""
        book = self.book
        if amount != self.amount:
            book = (self.book * amount / self.amount).quantize(unit, ROUND_HALF_UP)
        self.amount -= amount
        self.book -= book
        return book


class TakenBack:
    """What each payment settled, as far as it was not taken back."""

    def __init__(self, unit: Decimal) -> None:
        self.unit = unit
        self.payments: dict[str, Document] = {}  # by number and reference
        self.parts: dict[Paid, list[Settled]] = {}

    def paid(self, document: Document) -> None:
        """A payment that others may name from now on."""
        for name in (document.number, document.reference):
            self.payments[name] = document

    def named(self, document: Document, reference: str, items: Iterable[Open]) -> Document | None:
        """The payment that a name means, where `document` gives its money back: the other way, or negative.

        `items` are the open items of that name: a document comes before a payment of the same number.
        """
        found = self.payments.get(reference)
        if found is None or found.partner is None or document.partner not in (None, found.partner):
            return None
        if any(one.document != found.reference for one in items) or _brings(document) == _brings(found):
            return None
        return found

    def note(self, payment: Document, one: Open, amount: Decimal, book: Decimal, paid: int = 1) -> None:
        """Note what a payment took off an open item."""
        part = Settled(one, amount, book, paid)
        self.parts.setdefault(payment, []).append(part)
        self.parts.setdefault(one, []).append(part)

    def allocated(self, advance: Open, one: Open, settlement: Settlement) -> None:
        """Note what an allocation took off an open item for what a payment had paid ahead."""
        payment = self.payments.get(advance.document)
        if payment is not None:
            amount = settlement.relieved if settlement.foreign is None else settlement.foreign * one.credit
            self.note(payment, one, amount, settlement.amount * one.credit)

    def left(self, of: Paid) -> Decimal:
        """What can be taken back of a payment, or of what payments settled; not negative."""
        return sum((abs(part.amount) * self._counts(of, part) for part in self.parts.get(of, ())), ZERO)

    def reopen(self, of: Paid, amount: Decimal) -> Iterator[tuple[Open, Decimal, Decimal]]:
        """Open again what was settled last: each item, the amount (signed like the item) and its book value.

        What had added to a payment is open again when the whole of it is taken back.
        """
        whole = amount == self.left(of)
        for part in reversed(self.parts.get(of, ())):
            counts = self._counts(of, part)
            taken = abs(part.amount) if whole else min(abs(part.amount), amount) if counts > 0 else ZERO
            if not taken:
                continue
            amount -= taken * counts
            signed = taken if part.amount > 0 else -taken
            book = part.take(signed, self.unit)
            part.one.open += signed
            part.one.book += book
            yield part.one, signed, book

    @staticmethod
    def _counts(of: Paid, part: Settled) -> int:
        return 1 if isinstance(of, Open) else part.paid


def discounts_of(document: Document, named: list[Paid | None]) -> tuple[Decimal, Decimal]:
    """A payment's cash discount and write-off; one that takes the whole of another back takes back that one's, too."""
    discount, write_off = document.get("cash_discount"), document.get("write_off")
    whole = named[0] if len(named) == 1 else None
    if isinstance(whole, Document) and document.get("amount") == -whole.get("amount"):
        discount = -(whole.get("cash_discount") or ZERO) if discount is None else discount
        write_off = -(whole.get("write_off") or ZERO) if write_off is None else write_off
    return discount or ZERO, write_off or ZERO


def _brings(document: Document) -> bool:
    """Whether a payment brings money: a positive one in, or a negative one out."""
    return bool((document.get("direction") == "in") == ((document.get("amount") or ZERO) >= 0))
