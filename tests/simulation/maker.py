"""What the makers of simulated documents share: the company so far, its books, and many small choices."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random

from .model import Model
from .model_prices import half_up
from .papers import ACCOUNTS, Company, Document, Line

ZERO = Fraction(0)
TAXES = ("", "", "13%", "20%", "9%", "5.5%", "0%", "exempt")
CHINESE_TAXES = ("", "", "13%", "9%", "0%", "exempt")
SMALL_TAXES = ("", "", "1%", "3%", "13%", "0%", "exempt")
AMERICAN_TAXES = ("", "sales-tax", "sales-tax", "8.875%", "0%", "exempt")
PREFIXES = {
    "purchase-orders": "PO", "sales-orders": "SO", "receipts": "RC", "bills": "BL", "purchases": "PU", "deliveries": "DN", "invoices": "IN", "sales": "SA",
    "payments": "PY", "transfers": "TR", "counts": "CT", "dispositions": "DP", "adjustments": "AJ",
    "drop-shipments": "DS", "landed-costs": "LC", "productions": "MO", "cost-changes": "CC",
    "allocations": "AL", "cash-transfers": "CX", "notes": "BN", "tax-certifications": "TC",
    "expenses": "EX", "payrolls": "WG", "journals": "JR",
}  # fmt: skip
Made = Document | None  # what a maker of documents gives: None where nothing fits


@dataclass
class Maker:
    """What the makers of documents share."""

    company: Company
    random: Random
    start: dt.date
    days: int
    books: Model
    costs: dict[str, Fraction] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    clashing: bool = False  # numbers repeat among kinds and suppliers, and references are written out

    pooling: bool = False  # there are cost pools

    @property
    def taxes(self) -> tuple[str, ...]:
        if self.company.american:
            return AMERICAN_TAXES
        if self.company.small:
            return SMALL_TAXES
        return CHINESE_TAXES if self.company.chinese else TAXES

    # --- small choices

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def date(self) -> dt.date:
        """Later and later as documents are made, but now and then one is entered late."""
        progress = len(self.company.documents) / 60 * self.days
        day = int(progress) + self.random.choice([0, 1, 2, 3, 5, -2, -6, -15])
        return self.start + dt.timedelta(days=min(max(day, 0), self.days))

    def after(self, date: dt.date, most: int = 12) -> dt.date:
        return date + dt.timedelta(days=self.random.randint(0, most))

    @staticmethod
    def last_day(date: dt.date) -> dt.date:
        return date.replace(day=calendar.monthrange(date.year, date.month)[1])

    def number(self, kind: str, party: str = "") -> str:
        if self.clashing and self.chance(0.4):
            return f"N-{self.random.randint(1, 12):02d}"
        while True:
            number = f"{PREFIXES[kind]}-{self.random.randint(1, 9999):04d}"
            if number not in self.numbers:
                self.numbers.add(number)
                return number

    def name(self, document: Document) -> str:
        """A reference to a document, written out where numbers are not enough."""
        if self.clashing:
            supplied = document.kind in ("bills", "purchases")
            return f"{document.kind}/{document.party}/{document.number}" if supplied else document.reference
        return self.random.choice([document.number, document.number, document.reference])

    def party(self, role: str) -> str:
        found = [one.code for one in self.company.partners.values() if one.role in (role, "both")]
        return self.random.choice(found)

    def account(self, *roles: str) -> str:
        """An account of money, by its role or its name, now and then one beneath it."""
        role = self.random.choice(roles or tuple(ACCOUNTS))
        name = role if self.chance(0.8) else self.company.account(role)
        return name if self.chance(0.7) else f"{name}:USD"

    def warehouse(self) -> str:
        return self.random.choice([*self.company.warehouses, ""])

    def goods(self) -> str:
        return self.random.choice([code for code in self.company.items if self.company.stocked(code)])

    def lot(self, item: str) -> str:
        """A lot for goods that come: always where it has a cost of its own, else now and then."""
        own = self.company.method(item) == "specific"
        if own or self.chance(0.85 if self.company.policy("cost_scope") == "lot" else 0.06):
            return f"L{self.random.randint(1, 3)}"
        return ""

    def stocks(self) -> list[tuple[str, str, str]]:
        """Item, warehouse and lot of what is there."""
        return [place for place, qty in self.books.goods.on_hand.items() if qty > 0]

    def something_back(self) -> Line:
        """A line of goods that come back on a document that gives others, and name no original."""
        item = self.goods()
        lots = [lot for own, _, lot in self.stocks() if own == item]
        lot = self.random.choice(lots) if lots else self.lot(item)
        return Line(item=item, qty=-self.qty(3), price=self.price_of(item), lot=lot)

    def some_goods(self, most: int = 3) -> list[str]:
        codes = [code for code in self.company.items if self.company.stocked(code)]
        if self.chance(0.15):
            codes = codes * 2
        return self.random.sample(codes, min(len(codes), self.random.randint(1, most)))

    def qty(self, most: int = 40) -> Fraction:
        whole = Fraction(self.random.randint(1, most))
        if self.chance(0.12):
            return whole + Fraction(self.random.randint(1, 999), self.random.choice([10, 100, 1000]))
        return whole

    def money(self, value: Fraction) -> Fraction:
        """An amount that every currency of the company can have."""
        foreign = [self.company.decimals_of(one.currency) for one in self.company.rates]
        return half_up(value, min([self.company.decimals, *foreign]))

    def price_of(self, item: str, low: int = 85, high: int = 120) -> Fraction:
        if self.chance(0.02):
            return ZERO
        places = self.random.choice([2, 2, 2, 3, 4, 8]) if self.company.decimals else self.random.choice([0, 0, 2])
        return half_up(
            self.costs[item] * self.random.randint(low, high) / 100 + Fraction(self.random.randint(0, 99), 10000),
            places,
        )

    # --- lines

    def measured(self, line: Line) -> Line:
        """Now and then in another unit of the item."""
        units = [one for one in self.company.units if one.item == line.item]
        if units and self.chance(0.4):
            unit = self.random.choice(units)
            qty = max(Fraction(1), Fraction(int((line.qty or ZERO) / unit.factor)))
            price = None if line.price is None else half_up(line.price * unit.factor, 4)
            return replace(line, qty=qty, unit=unit.unit, price=price)
        if self.chance(0.05):
            return replace(line, unit=self.company.items[line.item].unit)
        return line

    def priced(self, line: Line, *, taxed: bool = True) -> Line:
        """The same price, written in one of the ways that the contract has."""
        price, qty = line.price or ZERO, line.qty or ZERO
        way = self.random.random()
        if way < 0.2:
            line = replace(line, price=None, gross_price=price)
        elif way < 0.28 and qty > 0:
            line = replace(line, price=None, amount=self.money(price * qty))
        elif way < 0.34 and qty > 0:
            line = replace(line, price=None, gross_amount=self.money(price * qty * Fraction(11, 10)))
        if line.amount is None and line.gross_amount is None and self.chance(0.15):
            line = replace(line, discount_percent=Fraction(self.random.choice([50, 100, 330, 125]), 10))
        if taxed:
            line = replace(line, tax=self.random.choice(self.taxes))
            if qty > 0 and self.chance(0.05):
                line = replace(line, tax_amount=self.money(price * qty / 10))
        return line

    def extras(self, role: str) -> list[Line]:
        """Lines that are no goods: services, consumables, accounts."""
        lines = []
        other = [code for code in self.company.items if not self.company.stocked(code)]
        if other and self.chance(0.25):
            code = self.random.choice(other)
            lines.append(self.priced(Line(item=code, qty=self.qty(5), price=self.price_of(code))))
        if self.chance(0.1):
            account = "Expenses:Selling:Freight" if role == "supplier" else "Income:Other:Interest"
            lines.append(
                Line(
                    account=account,
                    amount=self.money(Fraction(self.random.randint(1, 9000), 100)),
                    tax=self.random.choice(self.taxes),
                )
            )
        return lines


def finished(maker: Maker, document: Document) -> Document:
    """Due dates, control totals and immediate payment of an invoice or bill."""
    if maker.chance(0.15):
        document.due = maker.after(document.date, 60)
    elif maker.chance(0.12):
        document.paid_account = maker.account()
    if maker.company.small and document.customer:
        document.invoice_type = maker.random.choice(["", "", "ordinary", "special"])
        if maker.chance(0.15):
            document.supply_date = document.date + dt.timedelta(days=maker.random.randint(-40, 40))
    return document


def returned(maker: Maker, document: Document, original: Document, *, named: bool) -> Made:
    lines = [
        (number, line)
        for number, line in enumerate(original.lines, 1)
        if maker.company.stocked(line.item) and (line.qty or ZERO) > 0
    ]
    for number, line in maker.random.sample(lines, min(len(lines), maker.random.randint(1, 2))):
        qty = line.qty or ZERO
        part = qty if maker.chance(0.25) else min(qty, maker.qty(max(1, int(qty / 2))))
        back = Line(
            item=line.item,
            unit=line.unit,
            qty=-part,
            tax=line.tax if line.tax != "non-deductible" else "0%",
            warehouse=line.warehouse,
            lot=line.lot,
        )
        if document.kind in ("sales", "purchases"):
            back.price = maker.price_of(line.item)
        elif document.kind == "receipts" and not (named and maker.chance(0.6)):
            back.price = line.price if line.price is not None and maker.chance(0.6) else maker.price_of(line.item)
        alone = sum(one.item == line.item for one in original.lines) == 1
        back.returns_line = number if named and (not alone or maker.chance(0.3)) else None
        document.lines.append(back)
    return document if document.lines else None
