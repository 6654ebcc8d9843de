"""From a seed, a small company and some weeks of its trade, such as the contract allows.

A document is drawn at random from what the books look like so far; where the model refuses it (stock below zero
somewhere in the order of events, more returned than went, a case that the contract leaves open), it is thrown away.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from random import Random

from .buying import (
    bill,
    opening_balances,
    opening_stock,
    purchase,
    purchase_order,
    receipt,
    received_again,
    supplier_return,
)
from .certifying import certification
from .keeping import adjustment, cost_change, count, disposition, transfer
from .maker import Made, Maker
from .making import drop_shipment, landed_cost, production, spent_on_production, wip_count
from .model import Model
from .model_events import Refused
from .model_notes import place
from .model_prices import half_up
from .noting import note_banked, note_given, note_passed_on
from .papers import SALES_TAX, Bom, Company, Department, Document, Item, Partner, Rate, StandardCost, Unit, Warehouse
from .paying import allocation, cash_transfer, payment
from .selling import customer_return, delivery, invoice, ordered_delivery, sale, sales_order, up_to_the_limit
from .spending import expense, journal, payroll

POLICIES = {
    "cost_scope": ["company", "warehouse", "lot"],
    "customer_returns": ["original", "current"],
    "supplier_returns": ["original", "current", "by-method"],
    "storno": ["yes", "no"],
    "bill_difference": ["restate", "split", "variance"],
    "sold_share": ["cost-of-sales", "variance"],
    "landed_cost": ["receipt-date", "own-date"],
    "negative_stock": ["refuse", "provisional"],
    "fx_on_accrual": ["gain-loss", "restate"],
    "grni_method": ["difference-on-bill", "reverse-on-bill", "reverse-at-month-start"],
    "input_tax": ["on-bill", "on-certification"],
    "discount_tax": ["keep", "correct"],
    "write_off_limit": ["none", "0.50", "1%"],
    "cost_of_sales": ["at-delivery", "at-delivery", "at-invoice", "month-end"],
    "revenue": ["at-invoice", "at-delivery"],
    "variance": ["expense", "apportion"],
    "cost_pool_key": ["material", "quantity"],
    "over_billing": ["warn", "problem", "warn 5%", "problem 12.5%"],
    "over_price": ["warn", "problem", "warn 5%", "problem 12.5%"],
    "inventory_system": ["perpetual", "perpetual", "periodic"],
}

RATES = {"EUR": {"USD": "0.8915", "JPY": "0.00612"}, "CNY": {"USD": "7.0512"}, "JPY": {"USD": "151.25", "EUR": "164"}}
METHODS = ("moving-average", "monthly-average", "fifo", "lifo", "specific", "standard")

MAKERS: list[tuple[int, Callable[[Maker], Made]]] = [
    (1, opening_stock), (1, opening_balances), (2, purchase_order), (2, sales_order), (3, ordered_delivery), (6, receipt), (6, bill), (5, purchase), (5, delivery), (6, sale),
    (4, invoice), (2, up_to_the_limit), (4, customer_return), (3, supplier_return), (3, transfer), (2, count), (3, adjustment), (6, payment),
    (3, production), (4, landed_cost), (2, drop_shipment), (1, cost_change), (2, received_again),
    (2, spent_on_production), (1, wip_count), (2, disposition), (2, expense), (2, payroll), (2, journal),
    (3, allocation), (3, cash_transfer), (2, certification), (2, note_given), (2, note_passed_on), (2, note_banked),
]  # fmt: skip


WITHOUT_LINES = ("payments", "allocations", "cash-transfers")


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
    maker.pooling = maker.chance(0.3)
    larger = random.choice([1, 30, 200]) if company.small else 1  # so that some come near the limit of their tax
    for code in company.items:
        cost = random.choice([3, 45, 250, 990, 1999, 12345]) + random.randint(0, 60)
        maker.costs[code] = Fraction(larger * cost, 100 if company.decimals else 1)
    _give_standards(company, random, maker)
    if maker.chance(0.3):
        _give_currency(company, random, maker)
    makers = [make for weight, make in MAKERS for _ in range(weight)]
    size = random.choice([12, 20, 25, 30, 40, 55])
    for _ in range(size * 3):
        if len(company.documents) >= size:
            break
        try_one(maker, random.choice(makers))
    return company, maker.books


def try_one(maker: Maker, make: Callable[[Maker], Made]) -> None:
    """Make a document and keep it if the books stay possible."""
    document = make(maker)
    if document is None or not (document.lines or document.kind in WITHOUT_LINES):
        return
    _in_currency(maker, document)
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


FOREIGN = ("receipts", "bills", "purchases", "drop-shipments", "landed-costs", "invoices", "sales", "payments")


def _in_currency(maker: Maker, document: Document) -> None:
    """Where the partner's currency is foreign: now and then said once more, and now and then at a rate of its own."""
    company = maker.company
    currency = company.currency_of(document)
    if document.kind == "opening-balances":
        for line in document.lines:
            line.currency = company.partners[line.partner].currency if line.partner else ""
            if not line.currency and company.rates and place(line.account)[0] == "bank" and maker.chance(0.5):
                line.currency = company.rates[0].currency
            if line.currency and maker.chance(0.5):
                line.rate = half_up(company.rates[0].rate * maker.random.randint(95, 105) / 100, 8)
    if currency == company.currency or document.kind not in FOREIGN:
        return
    if document.kind == "landed-costs" and document.bill:
        return
    document.currency = currency if maker.chance(0.3) else ""
    rate = company.rates[0].rate * maker.random.randint(90, 110) / 100
    if maker.chance(0.3):
        document.rate = half_up(rate, maker.random.choice([2, 4, 8]) if rate > 1 else 8)
    elif document.kind == "payments" and document.amount and document.amount > 0 and maker.chance(0.3):
        document.bank_amount = half_up(document.amount * rate, company.decimals) or Fraction(1)


def _give_standards(company: Company, random: Random, maker: Maker) -> None:
    """Standard costs of the goods that are kept by them, and of some others; bills of materials of products."""
    goods = [code for code in company.items if company.stocked(code)]
    for code in goods:
        if company.method(code) == "standard" or random.random() < 0.15:
            item = company.items[code]
            item.standard_cost = maker.money(maker.costs[code])
            if random.random() < 0.3:
                start = maker.start + dt.timedelta(days=random.randint(0, maker.days))
                cost = maker.money(maker.costs[code] * random.randint(90, 115) / 100)
                company.standard_costs.append(StandardCost(code, start, cost))
    if len(goods) > 1 and random.random() < 0.5:
        product, *parts = random.sample(goods, random.randint(2, len(goods)))
        for part in parts:
            waste = Fraction(random.choice([25, 50, 100]), 10) if random.random() < 0.3 else None
            qty, item_qty = Fraction(random.choice([1, 1, 2, 10])), Fraction(random.randint(1, 30), 10)
            company.boms.append(Bom(product, qty, part, item_qty, waste))


def _give_currency(company: Company, random: Random, maker: Maker) -> None:
    """A foreign currency with its rates, in which some partners buy and sell."""
    currency, rate = random.choice(list(RATES[company.currency].items()))
    days = [-40, *random.sample(range(maker.days), random.randint(1, 5))]
    for day in days:
        changed = half_up(Fraction(rate) * random.randint(900, 1100) / 1000, random.choice([4, 6, 8]))
        company.rates.append(Rate(maker.start + dt.timedelta(days=day), currency, changed))
    partners = [one for one in company.partners.values() if one.role != "employee"]
    for partner in random.sample(partners, random.randint(1, len(partners))):
        partner.currency = currency


def _employ(company: Company, random: Random) -> None:
    """Departments and who works there; some departments' wages are shared over jobs."""
    for number in range(random.randint(1, 3)):
        function = random.choice(["production", "selling", "administration", ""])
        pool = random.choice(["", "车间"]) if function == "production" else ""
        company.departments[f"D{number}"] = Department(f"D{number}", f"Department {number}", function, pool)
        company.partners[f"E{number}"] = Partner(f"E{number}", f"Worker {number}", "employee")
        company.partners[f"E{number}"].department = random.choice([f"D{number}", f"D{number}", ""])


def _founded(seed: int, random: Random) -> Company:
    company = Company(seed)
    company.currency, company.decimals = random.choice([("EUR", 2), ("EUR", 2), ("CNY", 2), ("JPY", 0)])
    if company.currency == "CNY" and random.random() < 0.6:
        company.pack = random.choice(["cn-small-business", "cn-asbe"])
    elif random.random() < 0.25:
        company.pack = "us-gaap"
    company.costing = random.choice(["moving-average", "monthly-average", "fifo", "lifo", "specific", "standard"])
    if random.random() < 0.2:
        company.costing_by_category["special"] = random.choice(METHODS)
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
        item.costing = random.choice(["", "", "", *METHODS])
        item.tax = random.choice(["", "", "13%", "exempt"])
        item.last_cost = Fraction(random.randint(1, 5000), 100) if random.random() < 0.4 else None
        item.weight = Fraction(random.randint(0, 50), 10) if random.random() < 0.5 else None
        item.volume = Fraction(random.randint(1, 900), 1000) if random.random() < 0.5 else None
        company.items[code] = item
        if random.random() < 0.4:
            company.units.append(Unit(code, "box", Fraction(random.choice([60, 120, 100, 25]), 10)))
    for code, kind in (("SV-1", "service"), ("CO-1", "consumable")):
        if random.random() < 0.5:
            company.items[code] = Item(code, f"Some {kind}", type=kind)
    roles = ["supplier", "customer"] + [
        random.choice(["supplier", "customer", "both"]) for _ in range(random.randint(0, 3))
    ]
    for number, role in enumerate(roles):
        terms = random.choice(["", "30", "0", "EOM", "EOM+10"])
        company.partners[f"P{number}"] = Partner(
            f"P{number}", f"Partner {number}", role, terms, random.choice(["", "", "9%" if company.chinese else "20%"])
        )
        if company.american:
            company.partners[f"P{number}"].region = random.choice(list(SALES_TAX))
    if random.random() < 0.5:
        _employ(company, random)
    if company.chinese and random.random() < 0.35:
        company.taxpayer, company.tax_period = "small-scale", random.choice(["", "quarter", "month", "month"])
    for code in ["main", *random.sample(["W1", "W2", "北仓"], random.choice([0, 0, 1, 2]))]:
        company.warehouses[code] = Warehouse(code)
    return company
