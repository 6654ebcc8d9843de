"""What partners owe and what was paid ahead, document by document, in its own currency and in money of the books."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from beanstock.model import ONE, Document, Partner

ADVANCES = {"receivable": "customer-advances", "payable": "supplier-advances"}


class Open:
    """A receivable or payable document, or a payment with an advance, and what is still open of it.

    An invoice or bill is positive, a credit note negative; an advance is positive. `open` is in the document's
    currency, `book` what the books still carry for it.
    """

    __slots__ = ("amount", "book", "currency", "document", "due", "key", "open", "owner", "partner", "role")

    def __init__(
        self,
        role: str,
        document: str,
        partner: Partner,
        due: dt.date,
        amount: Decimal,
        key: tuple[Any, ...],
        currency: str,
        book: Decimal,
    ) -> None:
        self.role = role
        self.document = document
        self.partner = partner
        self.due = due
        self.amount = amount
        self.open = amount
        self.book = book
        self.currency = currency
        self.key = key
        self.owner: Document | None = None

    def take(self, amount: Decimal, unit: Decimal) -> Decimal:
        """Relieve an amount of the document's currency (signed like what is open); its book value, the last takes the rest."""
        book = self.book
        if amount != self.open:
            same = self.open == self.book
            book = amount if same else (self.book * amount / self.open).quantize(unit, ROUND_HALF_UP)
        self.open -= amount
        self.book -= book
        return book

    @property
    def credit(self) -> int:
        """1 where settling it credits its account, -1 where that debits it."""
        return 1 if self.role in ("receivable", "supplier-advances") else -1


def correct_tax(
    document: Document, discount: Decimal, whole: Decimal, settled: list[tuple[Open, Decimal]], unit: Decimal
) -> None:
    """Note the tax in a payment's cash discount, as far as it falls on documents that have tax.

    Money in is a discount on the customer's documents, money out on the supplier's. Each amount of them (signed: a credit
    note takes from it) bears its share of what the payment settles on that side; its tax is the document's share of
    tax. Both are rounded half up. `whole` is what the payment settles; of one that takes another back it is negative, like
    its discount.
    """
    if not discount:
        return
    incoming = document.get("direction") == "in"
    own = "receivable" if incoming else "payable"
    for one, amount in settled:
        if one.role not in (own, ADVANCES[own]):  # what the other side takes of the payment, or adds to it
            whole -= amount if incoming == (one.credit > 0) else -amount
    if whole * discount <= 0:
        return
    for one, amount in settled:
        owner = one.owner
        if one.role != own or owner is None or not owner.gross or not owner.tax:
            continue
        share = (discount * amount / whole * (document.rate or ONE)).quantize(unit, ROUND_HALF_UP)
        tax = (share * owner.tax / owner.gross).quantize(unit, ROUND_HALF_UP)
        document.discount_tax += tax
        document.discounts.append((owner, share, tax))


def side_of(partner: Partner, *, incoming: bool) -> str:
    """Whether a payment is a customer's or a supplier's affair, where nothing that it names tells."""
    if partner.role == "customer":
        return "receivable"
    if partner.role == "supplier":
        return "payable"
    return "receivable" if incoming else "payable"
