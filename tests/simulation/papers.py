"""What a simulated company wrote down: masters, documents and their lines, as the columns of the contract.

Field names are column names (`from_` is the column `from`), so that the writer needs no table. Numbers are exact
fractions; those that the generator makes always have few decimals.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction

STOCKED = ("goods", "material", "product")
DEFAULTS = {
    "cost_scope": "company",
    "customer_returns": "original",
    "supplier_returns": "by-method",
    "bill_difference": "restate",
    "sold_share": "cost-of-sales",
    "landed_cost": "receipt-date",
    "negative_stock": "refuse",
    "fx_on_accrual": "gain-loss",
    "grni_method": "difference-on-bill",
    "cost_of_sales": "at-delivery",
    "revenue": "at-invoice",
    "variance": "expense",
    "cost_pool_key": "material",
    "input_tax": "on-bill",
    "discount_tax": "keep",
    "write_off_limit": "none",
    "inventory_system": "perpetual",
    "over_billing": "warn",
    "over_price": "warn",
}
# with periodic stock nothing is accrued that these could be asked of
PERIODIC = {"grni_method": "difference-on-bill", "cost_of_sales": "at-delivery", "fx_on_accrual": "restate"}
CHINESE = {"bill_difference": "split", "grni_method": "reverse-at-month-start"}  # defaults of the Chinese packs
DECIMALS = {"EUR": 2, "CNY": 2, "USD": 2, "JPY": 0}
# accounts of money: what the pack calls them, and beneath which a cell `role:name` opens one more
ACCOUNTS = {"bank": "Assets:Cash:Bank", "cash": "Assets:Cash:On-Hand", "wallet": "Assets:Cash:Wallet"}
NOTES = {"notes-receivable": "Assets:Receivables:Notes", "notes-payable": "Liabilities:Payables:Notes"}
CHINESE_ACCOUNTS = {
    "bank": "Assets:1002-银行存款", "cash": "Assets:1001-库存现金", "wallet": "Assets:1012-其他货币资金",
    "notes-receivable": "Assets:1121-应收票据", "notes-payable": "Liabilities:2201-应付票据",
}  # fmt: skip
AMERICAN_ACCOUNTS = {
    "bank": "Assets:1020-Checking-Account", "cash": "Assets:1010-Petty-Cash", "wallet": "Assets:1030-Payment-Processor-Clearing",
    "notes-receivable": "Assets:1210-Notes-Receivable", "notes-payable": "Liabilities:2050-Notes-Payable",
}  # fmt: skip
SALES_TAX = {"CA": "7.25", "MN": "6.875", "TX": "6.25", "OR": "0"}  # percent by the partner's state, in 2026
FORBIDS_LIFO = ("ifrs", "cn-small-business", "cn-asbe")
Scope = tuple[str, str, str]  # item, warehouse, lot


@dataclass
class Item:
    code: str
    name: str
    unit: str = "pcs"
    type: str = "goods"
    category: str = ""
    costing: str = ""
    tax: str = ""
    last_cost: Fraction | None = None
    standard_cost: Fraction | None = None
    weight: Fraction | None = None
    volume: Fraction | None = None


@dataclass
class Unit:
    item: str
    unit: str
    factor: Fraction


@dataclass
class Bom:
    """One input of a product: `item_qty` for `qty` of it, and what is wasted on the way."""

    product: str
    qty: Fraction
    item: str
    item_qty: Fraction
    waste_percent: Fraction | None = None


@dataclass
class StandardCost:
    item: str
    from_: dt.date
    cost: Fraction


@dataclass
class Partner:
    code: str
    name: str
    role: str
    terms: str = ""
    tax: str = ""
    currency: str = ""
    region: str = ""
    department: str = ""  # of employees


@dataclass
class Employee:
    """How a partner who works here is written down."""

    code: str
    name: str
    department: str = ""


@dataclass
class Department:
    """Whose work it is decides where wages go: to a function's account, or a cost pool."""

    code: str
    name: str
    function: str = ""
    cost_pool: str = ""


@dataclass
class Rate:
    """Units of the books' currency for one foreign unit, from a day on."""

    date: dt.date
    currency: str
    rate: Fraction


@dataclass
class Warehouse:
    code: str
    name: str = ""


@dataclass
class Line:
    item: str = ""
    account: str = ""
    partner: str = ""
    description: str = ""
    part: str = ""
    document: str = ""
    warehouse: str = ""
    lot: str = ""
    qty: Fraction | None = None
    unit: str = ""
    price: Fraction | None = None
    gross_price: Fraction | None = None
    amount: Fraction | None = None
    gross_amount: Fraction | None = None
    discount_percent: Fraction | None = None
    tax: str = ""
    tax_amount: Fraction | None = None
    receipt: str = ""
    delivery: str = ""
    source_line: int | None = None
    returns_line: int | None = None
    counted: Fraction | None = None
    value: Fraction | None = None
    share: Fraction | None = None
    standard_cost: Fraction | None = None
    ref: str = ""
    due: dt.date | None = None
    applies: str = ""
    applied: Fraction | None = None
    pays: str = ""
    currency: str = ""
    rate: Fraction | None = None
    job: str = ""
    cost_pool: str = ""
    cost_element: str = ""
    debit: Fraction | None = None
    credit: Fraction | None = None
    employee: str = ""
    gross: Fraction | None = None
    social_employer: Fraction | None = None
    social_employee: Fraction | None = None
    tax_withheld: Fraction | None = None


@dataclass
class Document:
    kind: str
    number: str
    date: dt.date
    time: str = ""
    supplier: str = ""
    customer: str = ""
    partner: str = ""
    warehouse: str = ""
    from_: str = ""
    to: str = ""
    due: dt.date | None = None
    order: str = ""
    receipt: str = ""
    delivery: str = ""
    bill: str = ""
    count: str = ""
    returns: str = ""
    total: Fraction | None = None
    paid_account: str = ""
    direction: str = ""
    amount: Fraction | None = None
    tax: str = ""
    tax_amount: Fraction | None = None
    basis: str = ""
    job: str = ""
    account: str = ""
    fee: Fraction | None = None
    cash_discount: Fraction | None = None
    write_off: Fraction | None = None
    scope: str = ""
    reason: str = ""
    currency: str = ""
    rate: Fraction | None = None
    bank_amount: Fraction | None = None
    received: Fraction | None = None
    employee: str = ""
    every: str = ""
    until: dt.date | None = None
    reverse: str = ""
    invoice_type: str = ""
    supply_date: dt.date | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """The name that vouchers and references use."""
        return f"{self.kind}/{self.number or self.date.isoformat()}"

    @property
    def party(self) -> str:
        return self.supplier or self.customer or self.partner or self.employee

    def place(self, line: Line) -> str:
        """The warehouse of a line."""
        return line.warehouse or self.warehouse or "main"


@dataclass
class Company:
    """Masters, settings and documents; the documents stand in the order in which they were thought of."""

    seed: int
    pack: str = "ifrs"
    currency: str = "EUR"
    decimals: int = 2
    taxpayer: str = ""  # "small-scale": pays a levy, deducts nothing, and none of it below a limit
    tax_period: str = ""
    costing: str = "moving-average"
    costing_by_category: dict[str, str] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    units: list[Unit] = field(default_factory=list)
    boms: list[Bom] = field(default_factory=list)
    standard_costs: list[StandardCost] = field(default_factory=list)
    partners: dict[str, Partner] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    warehouses: dict[str, Warehouse] = field(default_factory=dict)
    rates: list[Rate] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)

    def stocked(self, code: str) -> bool:
        return code in self.items and self.items[code].type in STOCKED

    def method(self, code: str) -> str:
        """The item's own costing method, else its category's, else the company's."""
        item = self.items[code]
        return item.costing or self.costing_by_category.get(item.category, self.costing)

    def currency_of(self, document: Document) -> str:
        """The document's own currency, else its partner's, else that of the books."""
        if document.kind == "expenses":
            return self.currency
        partner = self.partners.get(document.party)
        return document.currency or (partner.currency if partner else "") or self.currency

    def decimals_of(self, currency: str) -> int:
        return self.decimals if currency == self.currency else DECIMALS[currency]

    def rate_of(self, document: Document) -> Fraction | None:
        """The rate of a foreign document: its own, else what its bank account moved, else the latest of the master."""
        currency = self.currency_of(document)
        if currency == self.currency:
            return None
        if document.rate is not None:
            return document.rate
        if document.bank_amount is not None:
            return document.bank_amount / (document.amount or Fraction(1))
        return self.rate_on(currency, document.date)

    def rate_on(self, currency: str, day: dt.date) -> Fraction:
        known = [one for one in self.rates if one.currency == currency and one.date <= day]
        return max(known, key=lambda one: one.date).rate

    def policy(self, name: str) -> str:
        if self.periodic and name in PERIODIC:
            return PERIODIC[name]
        defaults = DEFAULTS | CHINESE if self.chinese else DEFAULTS
        return self.policies.get(name, defaults[name])

    @property
    def periodic(self) -> bool:
        return self.policies.get("inventory_system") == "periodic"

    def account(self, role: str) -> str:
        """What the pack calls an account of money or notes."""
        if self.american:
            return AMERICAN_ACCOUNTS[role]
        return CHINESE_ACCOUNTS[role] if self.chinese else (ACCOUNTS | NOTES)[role]

    @property
    def american(self) -> bool:
        """Taxed by the sales tax of the partner's state, which nobody gives back."""
        return self.pack == "us-gaap"

    @property
    def chinese(self) -> bool:
        return self.pack.startswith("cn-")

    @property
    def small(self) -> bool:
        return self.taxpayer == "small-scale"

    def scope(self, code: str, warehouse: str, lot: str) -> Scope:
        """What has one cost: the item, of one warehouse or one lot where costs are kept so."""
        scope = self.policy("cost_scope")
        by_lot = scope == "lot" or self.method(code) == "specific"
        return (code, warehouse if scope == "warehouse" else "", lot if by_lot else "")

    def factor(self, line: Line) -> Fraction:
        """Base units in one of the line's unit."""
        if not line.unit or line.unit == self.items[line.item].unit:
            return Fraction(1)
        return next(one.factor for one in self.units if (one.item, one.unit) == (line.item, line.unit))
