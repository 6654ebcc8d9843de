"""What stages note beside lines and documents: parts of amounts and quantities that belong to another one, and stock moves."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from beanstock.masters import Item, Partner, Warehouse

if TYPE_CHECKING:
    from beanstock.model import Line

ZERO = Decimal(0)


class Origin:
    """A line that another line returns, with the quantity (positive, base units) that comes back from it.

    `value` is what that quantity is worth, where it went back to the supplier before it was billed.
    """

    __slots__ = ("line", "qty", "value")

    def __init__(self, line: Line, qty: Decimal, value: Decimal | None = None) -> None:
        self.line = line
        self.qty = qty
        self.value = value


class Cover:
    """Foreign money that was paid ahead for a line: at which rate, and what that changes of the line's worth.

    `foreign` and `rate` are exact, `change` is money of the books; `key` is the advance's place in the order of events.
    """

    __slots__ = ("change", "foreign", "key", "rate")

    def __init__(self, foreign: Decimal, rate: Decimal, change: Decimal, key: tuple[Any, ...]) -> None:
        self.foreign = foreign
        self.rate = rate
        self.change = change
        self.key = key


class Part:
    """A part of a receipt or bill line: the quantity and amount that belong to one receipt (or bill in transit).

    `amount` has the sign of the line that owns it, in money of the books; `document` is the one that the
    clearing account is kept by.
    """

    __slots__ = ("amount", "document", "item", "line", "qty")

    def __init__(self, line: Line, document: str, qty: Decimal, amount: Decimal) -> None:
        self.line = line
        self.item = line.item
        self.document = document
        self.qty = qty
        self.amount = amount


class Difference(Part):
    """What a bill's price differs from its receipt's, and how much was received and not given back before the bill."""

    __slots__ = ("kept",)

    def __init__(self, line: Line, document: str, qty: Decimal, amount: Decimal, kept: Decimal) -> None:
        super().__init__(line, document, qty, amount)
        self.kept = kept


class Late(Part):
    """An amount that came too late for goods that are gone, and the role it goes to."""

    __slots__ = ("account",)

    def __init__(self, line: Line, document: str, qty: Decimal, amount: Decimal, account: str) -> None:
        super().__init__(line, document, qty, amount)
        self.account = account


class Settlement:
    """An amount of a payment that settles one document; positive reduces what an invoice or bill leaves open.

    `amount` is money of the books, `foreign` the same in the document's currency. Of a prepayment, `amount` is what was
    paid ahead and `relieved` what it takes off its document: they differ where the rate has changed.
    """

    __slots__ = ("amount", "currency", "document", "due", "foreign", "line", "partner", "relieved", "role")

    def __init__(
        self, role: str, document: str, partner: Partner | None, amount: Decimal, line: Line | None = None
    ) -> None:
        self.role = role
        self.document = document
        self.partner = partner
        self.amount = amount
        self.line = line
        self.due: dt.date | None = None
        self.foreign: Decimal | None = None
        self.currency = ""
        self.relieved = amount


class Move:
    """A quantity of an item into (positive) or out of (negative) a place, and its value with the same sign."""

    __slots__ = ("item", "line", "lot", "qty", "value", "warehouse")

    def __init__(self, line: Line, item: Item, warehouse: Warehouse, lot: str, qty: Decimal) -> None:
        self.line = line
        self.item = item
        self.warehouse = warehouse
        self.lot = lot
        self.qty = qty
        self.value: Decimal = ZERO

    @property
    def cost(self) -> Decimal:
        """What leaves: the value with the sign turned."""
        return -self.value


class Correction(Move):
    """What a provisional issue was mistaken by: a value without quantity, and the role that the issue's cost went to."""

    __slots__ = ("account",)

    def __init__(self, line: Line, item: Item, warehouse: Warehouse, lot: str, qty: Decimal) -> None:
        super().__init__(line, item, warehouse, lot, qty)
        self.account = "cost-of-sales"
