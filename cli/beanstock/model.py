"""The values that travel through the program.

A document is read from the records, and each stage fills in the fields that are its own and touches no others;
the fields are grouped below by the stage that writes them. Money, quantities and prices are Decimal, dates are
datetime.date; no value carries its position, a line knows only its record number.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from beanstock.masters import Item, Masters, Partner, StandardCost, Warehouse
from beanstock.parts import Correction, Cover, Difference, Late, Move, Origin, Part, Settlement
from beanstock.problems import Place

__all__ = ["Item", "Masters", "Partner", "StandardCost", "Warehouse"]  # masters travel with documents

ZERO = Decimal(0)
ONE = Decimal(1)


# the fields of documents and lines that records write; all other columns are kept in `extra`
HEADER_COLUMNS = (
    "date",
    "time",
    "partner",
    "customer",
    "warehouse",
    "account",
    "currency",
    "order",
    "returns",
    "due",
    "total",
    "memo",
)
LINE_COLUMNS = (
    "item",
    "account",
    "partner",
    "warehouse",
    "lot",
    "qty",
    "unit",
    "price",
    "gross_price",
    "amount",
    "gross_amount",
    "discount_percent",
    "tax_name",
    "tax_amount",
    "value",
    "department",
    "project",
    "memo",
)


class Line:
    """One line of a document. Signs are the document's own: a return has a negative quantity."""

    __slots__ = (
        "account",
        "accrued",
        "amount",
        "base_qty",
        "cost",
        "covers",
        "department",
        "discount_percent",
        "document",
        "exact",
        "expects",
        "extra",
        "file",
        "foreign",
        "foreign_cost",
        "function",
        "gross",
        "gross_amount",
        "gross_price",
        "index",
        "item",
        "landed",
        "lot",
        "matched",
        "memo",
        "moves",
        "named",
        "net",
        "origins",
        "partner",
        "per",
        "price",
        "process",
        "project",
        "qty",
        "record",
        "recovered_tax",
        "reverse_tax",
        "source",
        "tax",
        "tax_amount",
        "tax_name",
        "tax_rate",
        "unbilled",
        "unit",
        "value",
        "warehouse",
    )

    def __init__(self, document: Document, record: int) -> None:
        # records: as written
        self.document = document
        self.file = document.file
        self.record = record
        self.index = 0
        self.item: Item | None = None
        self.account = ""
        self.partner: Partner | None = None
        self.warehouse: Warehouse | None = None
        self.lot = ""
        self.qty: Decimal | None = None
        self.unit = ""
        self.price: Decimal | None = None
        self.gross_price: Decimal | None = None
        self.amount: Decimal | None = None
        self.gross_amount: Decimal | None = None
        self.discount_percent: Decimal | None = None
        self.tax_name = ""
        self.tax_amount: Decimal | None = None
        self.value: Decimal | None = None
        self.department = ""
        self.project = ""
        self.memo = ""
        self.extra: dict[str, Any] | None = None
        # matching: references
        self.named: Document | None = None  # the receipt, delivery, bill or return that this line belongs to
        self.origins: list[Origin] | None = None  # lines that this line returns
        self.source: Line | None = None  # the line whose price and tax count where this one has none
        # amounts
        self.base_qty: Decimal = ZERO  # quantity in the item's own unit
        self.net: Decimal = ZERO
        self.tax: Decimal = ZERO  # recoverable or due; what is not recoverable is in `cost`
        self.gross: Decimal = ZERO
        self.cost: Decimal = ZERO  # what the goods cost by their papers: net and tax that nobody gives back
        self.exact: Decimal = ZERO  # what the goods cost before rounding, multiplied by `per`: the price as a fraction
        self.per: Decimal = ONE
        self.tax_rate: Decimal = ZERO
        self.process = ""  # `outside`: of a job that a supplier works on
        self.function = ""  # of the line's department: production, selling or administration
        self.reverse_tax: Decimal = ZERO  # due by the buyer, not paid to the supplier
        self.recovered_tax: Decimal = ZERO  # what of it is deducted at once; the rest is in `cost`
        self.foreign: Decimal | None = None  # the gross in the document's currency, where that is foreign
        self.foreign_cost: Decimal = ZERO  # the same of cost (a buyer's) or net (a seller's)
        # matching
        self.covers: list[Cover] | None = None  # what was paid ahead for this line in foreign money
        self.accrued: Decimal = ZERO  # what clears through goods received not invoiced or in transit
        self.landed: Decimal = ZERO  # landed costs that are part of `cost`
        self.matched: list[Origin] | None = None  # deliveries that an invoice bills, or invoices before a delivery
        self.expects = False  # of an invoice, whether goods belong to it that are not delivered yet
        self.unbilled: Decimal = ZERO  # revenue that deliveries posted before their invoice
        # stock
        self.moves: list[Move] | None = None

    def cost_of(self, qty: Decimal, unit: Decimal) -> Decimal:
        """What a quantity (base units) costs at the exact price, rounded half up; divided last, so that halves stay halves."""
        return (qty * self.exact / self.per).quantize(unit, ROUND_HALF_UP)

    @property
    def stocked(self) -> bool:
        return self.item is not None and self.item.stocked


class Document:
    """Header and lines of one receipt, bill, delivery, invoice, payment..."""

    __slots__ = (
        "account",
        "accruals",
        "advance",
        "advance_foreign",
        "advance_role",
        "banked",
        "banked_foreign",
        "cash_discount",
        "corrections",
        "costs",
        "currency",
        "customer",
        "date",
        "differences",
        "discount_tax",
        "discounts",
        "due",
        "estimates",
        "exchange",
        "extra",
        "fee",
        "file",
        "foreign",
        "gross",
        "interest",
        "key",
        "kind",
        "landed",
        "lines",
        "memo",
        "moves",
        "net",
        "number",
        "order",
        "partner",
        "pays",
        "prepayments",
        "rate",
        "record",
        "recovered_tax",
        "reference",
        "reopened",
        "reopened_foreign",
        "returns",
        "reverse_tax",
        "settled_by",
        "settled_payables",
        "settled_receivables",
        "settlements",
        "shares",
        "sold",
        "tax",
        "time",
        "total",
        "transits",
        "variance",
        "warehouse",
        "write_off",
    )

    def __init__(self, kind: str, file: str, record: int) -> None:
        # records
        self.kind = kind
        self.file = file
        self.record = record
        self.number = ""
        self.date: dt.date = dt.date.min
        self.time = ""
        self.partner: Partner | None = None
        self.customer: Partner | None = None
        self.warehouse: Warehouse | None = None
        self.account = ""
        self.currency = ""
        self.order = ""
        self.returns = ""
        self.due: dt.date | None = None
        self.total: Decimal | None = None
        self.memo = ""
        self.extra: dict[str, Any] | None = None
        self.lines: list[Line] = []
        self.reference = ""  # kind/number, the name that vouchers and people use
        self.key: tuple[Any, ...] = ()  # place in the order of events
        # amounts
        self.net: Decimal = ZERO
        self.tax: Decimal = ZERO
        self.gross: Decimal = ZERO
        self.rate: Decimal | None = None  # units of the books' currency for one of `currency`, where that is foreign
        self.foreign: Decimal | None = None  # the gross in `currency`
        # matching
        self.exchange: Decimal = (
            ZERO  # what rates cost between this document and what it settles or bills; a gain is negative
        )
        self.accruals: list[Part] = []
        self.transits: list[Part] = []
        self.estimates: list[Part] = []  # what the ledger takes back or renews of unbilled receipts
        self.landed: list[Part] = []  # shares of landed costs that came with these goods
        self.shares: list[Part] = []  # of a landed cost's own document: what goes to which line
        self.differences: list[Difference] = []  # of a bill: what its price differs from the receipt's
        self.settlements: list[Settlement] = []
        self.settled_receivables: list[Settlement] = []
        self.settled_payables: list[Settlement] = []
        self.prepayments: list[Settlement] = []
        self.pays: list[Line] = []
        self.advance: Decimal = ZERO
        self.advance_foreign: Decimal | None = None
        self.advance_role = ""
        self.banked: Decimal = ZERO  # what a payment moves on its account, in money of the books
        self.banked_foreign: Decimal | None = None
        self.fee: Decimal = ZERO
        self.interest: Decimal = ZERO  # what a bank keeps of a note that it discounts
        self.reopened: Decimal = ZERO  # what is owed again because a note was not honoured
        self.reopened_foreign: Decimal | None = None
        self.cash_discount: Decimal = ZERO
        self.reverse_tax: Decimal = ZERO  # of an amount in the header: due by the buyer
        self.recovered_tax: Decimal = ZERO  # what of it is deducted at once
        self.discount_tax: Decimal = ZERO  # the part of the discount that corrects the tax of what it settles
        self.discounts: list[tuple[Document, Decimal, Decimal]] = []  # what it is of: document, discount, tax in it
        self.write_off: Decimal = ZERO
        self.settled_by = ""
        # stock
        self.moves: list[Move] = []
        self.corrections: list[Correction] = []
        self.sold: list[Late] = []  # what came too late for goods that are no longer there
        self.costs: list[Part] = []  # cost of sales that an invoice takes, or that its later delivery corrects
        self.variance: Decimal = ZERO  # of a production, what standard outputs do not take

    def get(self, column: str) -> Any:
        """A header column that has no field of its own; None where it is blank."""
        return self.extra.get(column) if self.extra else None

    def place(self, column: str = "", line: Line | None = None) -> Place:
        """Where this document, or one of its lines, stands in the records."""
        if line is not None:
            return Place(line.file, record=line.record, field=column)
        return Place(self.file, record=self.record, field=column)
