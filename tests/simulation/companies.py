"""From a seed, a small company and some weeks of its trade, such as the contract allows.

A document is drawn at random from what the books look like so far; where the model refuses it (stock below zero
somewhere in the order of events, more returned than went, a case that the contract leaves open), it is thrown away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from random import Random

from .model import Model
from .model_events import AVOIDED, Refused
from .model_money import Open
from .model_prices import half_up
from .papers import Company, Document, Item, Line, Partner, Unit, Warehouse

ZERO = Fraction(0)
POLICIES = {
    "cost_scope": ["company", "warehouse"],
    "customer_returns": ["original", "current"],
    "supplier_returns": ["original", "current", "by-method"],
    "storno": ["yes", "no"],
}
TAXES = ("", "", "13%", "20%", "9%", "5.5%", "0%", "exempt")
PREFIXES = {
    "purchase-orders": "PO", "receipts": "RC", "bills": "BL", "purchases": "PU", "deliveries": "DN", "invoices": "IN", "sales": "SA",
    "payments": "PY", "transfers": "TR", "counts": "CT", "adjustments": "AJ",
}  # fmt: skip


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

    def warehouse(self) -> str:
        return self.random.choice([*self.company.warehouses, ""])

    def goods(self) -> str:
        return self.random.choice([code for code in self.company.items if self.company.stocked(code)])

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
        return half_up(value, self.company.decimals)

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
            line = replace(line, discount_percent=Fraction(self.random.choice([5, 10, 33, Fraction(25, 2)])))
        if taxed:
            line = replace(line, tax=self.random.choice(TAXES))
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
                    tax=self.random.choice(TAXES),
                )
            )
        return lines


# --- makers of one document; None where nothing fits

Made = Document | None


def opening_stock(maker: Maker) -> Made:
    if any(one.kind == "opening-stock" for one in maker.company.documents):
        return None
    codes = dict.fromkeys(maker.some_goods(4))
    lines = []
    for code in codes:
        qty = maker.qty(60)
        lines.append(
            Line(item=code, warehouse=maker.warehouse(), qty=qty, value=maker.money(qty * maker.price_of(code)))
        )
    return Document("opening-stock", "", maker.start - dt.timedelta(days=1), lines=lines)


def opening_balances(maker: Maker) -> Made:
    if any(one.kind == "opening-balances" for one in maker.company.documents):
        return None
    random = maker.random
    lines = [Line(account="bank", amount=Fraction(random.randint(1000, 90000)))]
    date = maker.start - dt.timedelta(days=1)
    for number in range(random.randint(0, 3)):
        role = random.choice(["receivable", "payable"])
        amount = maker.money(Fraction(random.randint(100, 90000), 100)) * (1 if role == "receivable" else -1)
        due = date + dt.timedelta(days=random.randint(-20, 40))
        partner = maker.party("customer" if role == "receivable" else "supplier")
        lines.append(Line(account=role, partner=partner, amount=amount, ref=f"OLD-{number}", due=due))
    return Document("opening-balances", "", date, lines=lines)


def purchase_order(maker: Maker) -> Made:
    codes = dict.fromkeys(maker.some_goods())
    lines = [maker.measured(Line(item=code, qty=maker.qty(), price=maker.price_of(code))) for code in codes]
    return Document(
        "purchase-orders", maker.number("purchase-orders"), maker.date(), supplier=maker.party("supplier"), lines=lines
    )


def receipt(maker: Maker) -> Made:
    document = Document(
        "receipts",
        maker.number("receipts"),
        maker.date(),
        supplier=maker.party("supplier"),
        warehouse=maker.warehouse(),
    )
    orders = [one for one in maker.company.documents if one.kind == "purchase-orders"]
    waiting = [one for one in maker.books.purchases.travelling if one.qty]
    if orders and maker.chance(0.3):
        order = maker.random.choice(orders)
        document.order, document.supplier, document.date = maker.name(order), order.supplier, maker.after(order.date)
        document.lines = [replace(line, price=None if maker.chance(0.7) else line.price) for line in order.lines]
        return document
    if waiting and maker.chance(0.6):
        one = maker.random.choice(waiting)
        document.bill, document.supplier, document.date = (
            maker.name(one.bill),
            one.bill.supplier,
            maker.after(one.bill.date),
        )
        qty = one.qty if maker.chance(0.5) else maker.qty(int(one.qty) + 2)
        document.lines = [Line(item=one.item, qty=qty, price=maker.price_of(one.item))]
        return document
    for code in maker.some_goods():
        line = maker.priced(maker.measured(Line(item=code, qty=maker.qty(), price=maker.price_of(code))), taxed=False)
        document.lines.append(replace(line, warehouse=maker.warehouse() if maker.chance(0.1) else ""))
    return document


def bill(maker: Maker) -> Made:
    """Of receipts, often at another price and in parts; of their returns; or before anything came."""
    found = [one for one in maker.books.purchases.received.values() if one.unbilled]
    document = Document("bills", "", maker.date(), supplier=maker.party("supplier"))
    if found and maker.chance(0.9):
        first = maker.random.choice(found)
        sign, before = first.sign, maker.chance(0.08) and "bill before its receipt" not in AVOIDED
        document.supplier = first.document.supplier
        document.date = (
            first.document.date - dt.timedelta(days=2)
            if before and sign > 0
            else maker.after(first.document.date + dt.timedelta(days=bool(first.document.time)), 25)
        )
        several = [one for one in found if one.document.supplier == document.supplier and one.sign == sign]
        if not before:
            several = [one for one in several if one.document.date < document.date or one.document is first.document]
        chosen = several[:3] if maker.chance(0.2) else [one for one in several if one.document is first.document]
        one_receipt = len({id(one.document) for one in chosen}) == 1
        document.receipt = maker.name(chosen[0].document) if one_receipt else ""
        for one in chosen:
            qty = one.unbilled
            if maker.chance(0.25):
                qty = maker.qty(max(1, int(qty)))
            own = abs(one.priced.unit_cost)
            price = half_up(own * maker.random.choice([1, 1, 1, Fraction(11, 10), Fraction(9, 10), Fraction(5, 4)]), 4)
            line = Line(item=one.line.item, qty=sign * qty, price=price)
            if sign > 0:
                line = maker.priced(line)
                line = replace(line, qty=line.qty or qty)
            line.receipt = "" if one_receipt else maker.name(one.document)
            line.source_line = next(at for at, each in enumerate(one.document.lines, 1) if each is one.line)
            if maker.chance(0.5) and sum(each.item == line.item for each in one.document.lines) == 1:
                line.source_line = None
            document.lines.append(line)
    elif maker.chance(0.4):
        codes = dict.fromkeys(maker.some_goods())
        document.lines = [
            maker.priced(maker.measured(Line(item=code, qty=maker.qty(20), price=maker.price_of(code))))
            for code in codes
        ]
    if "service of a named receipt" not in AVOIDED or not (
        document.receipt or any(line.receipt for line in document.lines)
    ):
        document.lines += maker.extras("supplier")
    document.number = maker.number("bills")
    return finished(maker, document)


def purchase(maker: Maker) -> Made:
    document = Document(
        "purchases",
        maker.number("purchases"),
        maker.date(),
        supplier=maker.party("supplier"),
        warehouse=maker.warehouse(),
    )
    for code in maker.some_goods():
        line = maker.priced(maker.measured(Line(item=code, qty=maker.qty(), price=maker.price_of(code))))
        if maker.chance(0.06):
            line = replace(
                line, tax="non-deductible", tax_amount=maker.money(Fraction(maker.random.randint(1, 900), 100))
            )
        document.lines.append(line)
    document.lines += maker.extras("supplier")
    return finished(maker, document)


def finished(maker: Maker, document: Document) -> Document:
    """Due dates, control totals and immediate payment of an invoice or bill."""
    if maker.chance(0.15):
        document.due = maker.after(document.date, 60)
    elif maker.chance(0.12):
        document.paid_account = maker.random.choice(["bank", "cash", "wallet"])
    return document


def delivery(maker: Maker) -> Made:
    return _outgoing(
        maker, Document("deliveries", maker.number("deliveries"), maker.date(), customer=maker.party("customer"))
    )


def sale(maker: Maker) -> Made:
    document = _outgoing(
        maker, Document("sales", maker.number("sales"), maker.date(), customer=maker.party("customer"))
    )
    if document is None:
        return None
    document.lines += maker.extras("customer")
    return finished(maker, document)


def _outgoing(maker: Maker, document: Document) -> Made:
    there = [(item, place) for (item, place), qty in maker.books.on_hand.items() if qty > 0]
    if not there:
        return None
    place = maker.random.choice(there)[1]
    document.warehouse = "" if place == "main" and maker.chance(0.5) else place
    for item, where in maker.random.sample(there, min(len(there), maker.random.randint(1, 3))):
        if where == place or maker.chance(0.2):
            qty = maker.books.on_hand[item, where]
            qty = qty if maker.chance(0.2) else min(maker.qty(25), qty)
            line = Line(item=item, qty=qty, warehouse="" if where == place else where)
            if document.kind == "sales":
                line.price = maker.price_of(item, 110, 220)
                line = maker.priced(line)
            if qty >= 12:
                line = maker.measured(line)
            document.lines.append(line)
    return document if document.lines else None


def invoice(maker: Maker) -> Made:
    """Of a delivery or of a customer's return; or of services alone."""
    deliveries = [one for one in maker.company.documents if one.kind == "deliveries"]
    document = Document("invoices", maker.number("invoices"), maker.date(), customer=maker.party("customer"))
    if deliveries and maker.chance(0.85):
        source = maker.random.choice(deliveries)
        document.customer, document.date = source.customer, maker.after(source.date)
        document.delivery = maker.name(source)
        for number, line in enumerate(source.lines, 1):
            if line.item not in [one.item for one in document.lines]:
                sold = Line(item=line.item, unit=line.unit, qty=line.qty, price=maker.price_of(line.item, 110, 220))
                sold = maker.priced(sold)
                sold.source_line = number
                document.lines.append(sold)
    if "service of a named receipt" not in AVOIDED or not document.delivery:
        document.lines += maker.extras("customer")
    return finished(maker, document) if document.lines else None


def customer_return(maker: Maker) -> Made:
    """Of a delivery or sale that is named, or of goods of unknown origin."""
    out = [
        one for one in maker.company.documents if one.kind in ("deliveries", "sales") and (one.lines[0].qty or ZERO) > 0
    ]
    if not out:
        return None
    original = maker.random.choice(out)
    document = Document(
        original.kind, maker.number(original.kind), maker.after(original.date), customer=original.customer
    )
    named = maker.chance(0.75)
    document.returns = maker.name(original) if named else ""
    document.warehouse = original.warehouse if maker.chance(0.8) else maker.warehouse()
    return _returned(maker, document, original, named=named)


def supplier_return(maker: Maker) -> Made:
    came = [
        one
        for one in maker.company.documents
        if one.kind in ("receipts", "purchases") and (one.lines[0].qty or ZERO) > 0
    ]
    if not came:
        return None
    original = maker.random.choice(came)
    document = Document(
        original.kind, maker.number(original.kind), maker.after(original.date), supplier=original.supplier
    )
    named = maker.chance(0.8)
    document.returns = maker.name(original) if named else ""
    document.warehouse = original.warehouse
    return _returned(maker, document, original, named=named)


def _returned(maker: Maker, document: Document, original: Document, *, named: bool) -> Made:
    lines = [
        (number, line) for number, line in enumerate(original.lines, 1) if maker.company.stocked(line.item) and line.qty
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
        )
        if document.kind in ("sales", "purchases"):
            back.price = maker.price_of(line.item)
        elif document.kind == "receipts" and not (named and maker.chance(0.7)):
            back.price = line.price if line.price is not None else maker.price_of(line.item)
        alone = sum(one.item == line.item for one in original.lines) == 1
        back.returns_line = number if named and (not alone or maker.chance(0.3)) else None
        document.lines.append(back)
    return document if document.lines else None


def transfer(maker: Maker) -> Made:
    there = [(item, place) for (item, place), qty in maker.books.on_hand.items() if qty > 0]
    if len(maker.company.warehouses) < 2 or not there:
        return None
    source = maker.random.choice(there)[1]
    target = maker.random.choice([code for code in maker.company.warehouses if code != source])
    document = Document("transfers", maker.number("transfers"), maker.date(), from_=source, to=target)
    for item, place in there:
        if place == source and maker.chance(0.6):
            document.lines.append(
                maker.measured(Line(item=item, qty=min(maker.qty(15), maker.books.on_hand[item, place])))
            )
    return document if document.lines else None


def count(maker: Maker) -> Made:
    warehouse = maker.random.choice(list(maker.company.warehouses))
    document = Document(
        "counts", maker.number("counts"), maker.date(), warehouse="" if warehouse == "main" else warehouse
    )
    document.scope = maker.random.choice(["", "listed", "full"]) if maker.chance(0.3) else ""
    for item in dict.fromkeys(maker.some_goods()):
        there = maker.books.on_hand[item, warehouse]
        line = Line(item=item, counted=max(ZERO, there + maker.random.choice([0, -1, -2, 1, 3, -there])))
        if maker.chance(0.15):
            line.price = maker.price_of(item)
        elif maker.chance(0.1):
            line.value = maker.money((line.counted or ZERO) * maker.price_of(item))
        document.lines.append(line)
    return document


def adjustment(maker: Maker) -> Made:
    reason = maker.random.choice(["own-use", "scrap", "gift", "sample", "found", "received", "cost-correction"])
    document = Document(
        "adjustments", maker.number("adjustments"), maker.date(), warehouse=maker.warehouse(), reason=reason
    )
    for item in dict.fromkeys(maker.some_goods(2)):
        qty, value = maker.qty(5), None
        if reason == "cost-correction":
            qty, value = ZERO, maker.money(Fraction(maker.random.randint(-900, 2000), 100))
        elif maker.chance(0.4):
            value = maker.money(qty * maker.price_of(item))
        sign = 1 if reason in ("found", "received") else -1
        line = Line(item=item, qty=sign * qty, value=value)
        if reason == "cost-correction" and maker.chance(0.4):
            receipts = [one for one in maker.company.documents if one.kind in ("receipts", "purchases")]
            line.receipt = maker.name(maker.random.choice(receipts)) if receipts else ""
        document.lines.append(line)
    return document


def payment(maker: Maker) -> Made:
    """In parts, of several documents, of what comes later, in advance, or straight to an account."""
    random = maker.random
    document = Document("payments", maker.number("payments"), maker.date(), direction=random.choice(["in", "out"]))
    if maker.chance(0.1):
        document.amount = maker.money(Fraction(random.randint(100, 90000), 100))
        document.lines = [
            Line(pays="Expenses:Operating:Rent" if document.direction == "out" else "Liabilities:Loans:Bank")
        ]
        return document
    wanted = "receivable" if document.direction == "in" else "payable"
    role = "customer" if document.direction == "in" else "supplier"
    document.partner = maker.party(role)
    mine = [one for one in maker.books.money.items if one.party == document.partner and one.left]
    style = random.random()
    if mine and style < 0.55:
        _applied(maker, document, mine, wanted)
    elif style < 0.85:
        document.amount = maker.money(Fraction(random.randint(100, 200000), 100))
        owed = sum((one.left for one in mine if one.role == wanted), ZERO)
        if owed > 0 and maker.chance(0.4):
            document.amount = owed
    else:
        kinds = ("invoices", "sales") if wanted == "receivable" else ("bills", "purchases")
        later = [one for one in maker.company.documents if one.kind in kinds and one.party == document.partner]
        if not later:
            return None
        target = random.choice(later)
        document.date = target.date - dt.timedelta(days=random.randint(1, 9))
        document.amount = maker.money(Fraction(random.randint(100, 20000), 100))
        document.lines = [Line(applies=maker.name(target))]
    if not document.amount or document.amount <= 0:
        return None
    document.account = random.choice(["", "", "bank", "cash", "wallet"])
    if maker.chance(0.1):
        document.fee = maker.money(Fraction(random.randint(100, 900), 100))
    return document


def _applied(maker: Maker, document: Document, mine: list[Open], wanted: str) -> None:
    """Apply to open items: exactly what they need, or less, or more, now and then less a discount."""
    random = maker.random
    chosen = random.sample(mine, min(len(mine), random.randint(1, 3)))
    need = ZERO
    for one in chosen:
        part = one.left if maker.chance(0.7) else maker.money(one.left * random.randint(20, 90) / 100)
        need += part if one.role == wanted else -part
        line = Line(applies=_open_name(maker, one))
        line.applied = abs(part) if part != one.left or maker.chance(0.5) else None
        document.lines.append(line)
    if maker.chance(0.2):
        document.cash_discount = maker.money(need / 50)
    if maker.chance(0.1):
        document.write_off = maker.money(Fraction(random.randint(1, 99), 100))
    document.amount = need - (document.cash_discount or ZERO) - (document.write_off or ZERO)
    if maker.chance(0.1):
        document.amount += maker.money(Fraction(random.randint(-500, 5000), 100))


def _open_name(maker: Maker, one: Open) -> str:
    found = [each for each in maker.company.documents if (each.reference, each.party) == (one.reference, one.party)]
    return maker.name(found[0]) if found else maker.random.choice([one.reference, one.reference.split("/")[1]])


MAKERS: list[tuple[int, Callable[[Maker], Made]]] = [
    (1, opening_stock), (1, opening_balances), (2, purchase_order), (6, receipt), (6, bill), (5, purchase), (5, delivery), (6, sale),
    (4, invoice), (4, customer_return), (3, supplier_return), (3, transfer), (2, count), (3, adjustment), (6, payment),
]  # fmt: skip


def make_company(seed: int) -> tuple[Company, Model]:
    """The company of a seed and the books that the model expects of it."""
    random = Random(seed)
    company = _founded(seed, random)
    maker = Maker(
        company,
        random,
        dt.date(2026, 1, 1) + dt.timedelta(days=random.randint(0, 60)),
        random.randint(25, 110),
        Model(company),
    )
    maker.clashing = maker.chance(0.25)
    for code in company.items:
        maker.costs[code] = Fraction(
            random.choice([3, 45, 250, 990, 1999, 12345]) + random.randint(0, 60), 100 if company.decimals else 1
        )
    makers = [make for weight, make in MAKERS for _ in range(weight)]
    size = random.randint(10, 60)
    for _ in range(size * 3):
        if len(company.documents) >= size:
            break
        try_one(maker, random.choice(makers))
    return company, maker.books


def try_one(maker: Maker, make: Callable[[Maker], Made]) -> None:
    """Make a document and keep it if the books stay possible."""
    document = make(maker)
    if document is None or not (document.lines or document.kind == "payments"):
        return
    if maker.chance(0.1):
        document.time = f"{maker.random.randint(0, 23):02d}:{maker.random.randint(0, 59):02d}"
    same = [one for one in maker.company.documents if one.reference == document.reference]
    if any(one.kind not in ("bills", "purchases") or one.supplier == document.supplier for one in same):
        return
    maker.company.documents.append(document)
    try:
        maker.books = Model(maker.company)
    except Refused:
        maker.company.documents.pop()


def _founded(seed: int, random: Random) -> Company:
    company = Company(seed)
    company.currency, company.decimals = random.choice([("EUR", 2), ("EUR", 2), ("CNY", 2), ("JPY", 0)])
    company.costing = random.choice(["moving-average", "moving-average", "fifo"])
    if random.random() < 0.2:
        company.costing_by_category["special"] = random.choice(["fifo", "moving-average"])
    for key, values in POLICIES.items():
        if random.random() < 0.5:
            company.policies[key] = random.choice(values)
    for number in range(random.randint(1, 4)):
        code = random.choice(["A-", "茶", "x.", "Item "]) + str(number)
        item = Item(
            code,
            random.choice(["Tea, green", "茶叶", 'The "best" frame', "Screw"]),
            type=random.choice(["goods", "", "material", "product"]),
        )
        item.type = item.type or "goods"
        item.category = random.choice(["", "special", "plain"])
        item.costing = random.choice(["", "", "", "fifo", "moving-average"])
        item.tax = random.choice(["", "", "13%", "exempt"])
        item.last_cost = Fraction(random.randint(1, 5000), 100) if random.random() < 0.4 else None
        company.items[code] = item
        if random.random() < 0.4:
            company.units.append(Unit(code, "box", Fraction(random.choice([6, 12, 10, Fraction(5, 2)]))))
    for code, kind in (("SV-1", "service"), ("CO-1", "consumable")):
        if random.random() < 0.5:
            company.items[code] = Item(code, f"Some {kind}", type=kind)
    roles = ["supplier", "customer"] + [
        random.choice(["supplier", "customer", "both"]) for _ in range(random.randint(0, 3))
    ]
    for number, role in enumerate(roles):
        terms = random.choice(["", "30", "0", "EOM", "EOM+10"])
        company.partners[f"P{number}"] = Partner(
            f"P{number}", f"Partner {number}", role, terms, random.choice(["", "", "20%"])
        )
    for code in ["main", *random.sample(["W1", "W2", "北仓"], random.choice([0, 0, 1, 2]))]:
        company.warehouses[code] = Warehouse(code)
    return company
