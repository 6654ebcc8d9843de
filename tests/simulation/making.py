"""Makers of productions, landed costs and drop shipments."""

from __future__ import annotations

from fractions import Fraction

from .maker import Made, Maker
from .papers import Document, Line

COSTS = ("Expenses:Operating:Rent", "Expenses:Selling:Freight")


def production(maker: Maker) -> Made:
    """Of what is there, in one document or by a job; now and then by somebody else, or by the bill of materials."""
    random = maker.random
    there = maker.stocks()
    document = Document("productions", maker.number("productions"), maker.date())
    if not there:
        return None
    place = random.choice(there)[1]
    written = maker.chance(0.5)
    document.warehouse = "" if place == "main" and not written else place
    if maker.chance(0.3):
        document.job = f"J{random.randint(1, 3)}{'x' if maker.chance(0.3) else ''}"
    if document.job.endswith("x") or (not document.job and maker.chance(0.15)):
        document.supplier = maker.company.partners["P0"].code
    if document.job and maker.chance(0.4):
        document.lines += _inputs(maker, there, place)
        return document if document.lines else None
    made = random.sample([code for code in maker.company.items if maker.company.stocked(code)], 1)
    products = [bom.product for bom in maker.company.boms]
    by_bom = bool(products) and maker.chance(0.5)
    if by_bom:
        made = [random.choice(products)]
    elif maker.chance(0.4):
        made = list(dict.fromkeys([*made, maker.goods()]))
    if not by_bom:
        document.lines += _inputs(maker, there, place)
    weighed = maker.chance(0.3)
    for code in made:
        line = Line(item=code, part="output", qty=maker.qty(10), lot=maker.lot(code))
        line.warehouse = maker.warehouse() if maker.chance(0.15) and any(one.part for one in document.lines) else ""
        line.share = Fraction(random.randint(1, 40), 10) if weighed else None
        document.lines.append(maker.measured(line))
    if maker.chance(0.5):
        amount = maker.money(Fraction(random.randint(100, 9000), 100))
        document.lines.append(Line(part="cost", account=random.choice(COSTS), amount=amount))
    if maker.chance(0.2):
        waste = Line(part="waste", item=maker.goods(), qty=maker.qty(3))
        waste.amount = maker.money(Fraction(random.randint(1, 300), 100)) if maker.chance(0.5) else None
        document.lines.append(waste)
    return document


def _inputs(maker: Maker, there: list[tuple[str, str, str]], place: str) -> list[Line]:
    lines = []
    for item, where, lot in maker.random.sample(there, min(len(there), maker.random.randint(1, 3))):
        if where == place or maker.chance(0.3):
            qty = min(maker.qty(12), maker.books.goods.on_hand[item, where, lot])
            line = Line(item=item, part="input", qty=qty, lot=lot, warehouse="" if where == place else where)
            lines.append(maker.measured(line) if qty >= 12 else line)
    return lines


def landed_cost(maker: Maker) -> Made:
    """Freight or duty for receipts, purchases and productions, from a supplier or out of a bill's clearing account."""
    random = maker.random
    carriers = [
        one
        for one in maker.company.documents
        if one.kind in ("receipts", "purchases", "productions")
        and any((line.qty or 0) > 0 and maker.company.stocked(line.item) for line in one.lines)
    ]
    if not carriers:
        return None
    chosen = random.sample(carriers, min(len(carriers), random.choice([1, 1, 2, 3])))
    document = Document("landed-costs", maker.number("landed-costs"), maker.after(max(one.date for one in chosen), 20))
    document.basis = random.choice(["", "value", "qty", "weight", "volume", "equal"])
    document.amount = maker.money(Fraction(random.randint(100, 30000), 100))
    bills = [one for one in maker.company.documents if one.kind == "bills"]
    if bills and maker.chance(0.3):
        document.bill = maker.name(random.choice(bills))
    else:
        document.supplier = maker.party("supplier")
        document.tax = random.choice(["", "13%", "exempt", "non-deductible"])
        if document.tax == "non-deductible" or maker.chance(0.1):
            document.tax_amount = maker.money(document.amount / 9)
    weighed = maker.chance(0.15)
    for one in chosen:
        line = Line(document=maker.name(one))
        goods = [each.item for each in one.lines if (each.qty or 0) > 0 and maker.company.stocked(each.item)]
        if one.kind == "productions":
            goods = [each.item for each in one.lines if each.part == "output"]
        if goods and maker.chance(0.2):
            line.item = random.choice(goods)
        line.share = Fraction(random.randint(1, 30), 10) if weighed and not maker.chance(0.1) else None
        document.lines.append(line)
    return document


def spent_on_production(maker: Maker) -> Made:
    """A bill of work or power, for a job or for a pool that a month's jobs share."""
    random = maker.random
    document = Document("bills", "", maker.date(), supplier=maker.party("supplier"))
    for _ in range(random.randint(1, 3)):
        line = Line(account=random.choice(COSTS), amount=maker.money(Fraction(random.randint(100, 9000), 100)))
        line.tax = random.choice(["", "", "13%", "exempt"])
        if maker.chance(0.4):
            jobs = sorted({one.job for one in maker.company.documents if one.job and one.kind == "productions"})
            line.job = random.choice(jobs) if jobs else "J1"
        elif maker.pooling:
            line.cost_pool = random.choice(["power", "车间"])
        document.lines.append(line)
    document.number = maker.number("bills")
    return document


def wip_count(maker: Maker) -> Made:
    """What is still in process of a job whose outputs take the rest."""
    jobs = [one for one in maker.company.documents if one.job and one.kind == "productions"]
    if not jobs:
        return None
    one = maker.random.choice(jobs)
    document = Document("wip-counts", "", maker.last_day(one.date), job=one.job)
    for element in maker.random.sample(["material", "labour", "overhead"], maker.random.randint(1, 2)):
        value = maker.money(Fraction(maker.random.randint(1, 900), 100))
        document.lines.append(Line(cost_element=element, value=value))
    return document


def drop_shipment(maker: Maker) -> Made:
    document = Document("drop-shipments", maker.number("drop-shipments"), maker.date())
    document.supplier, document.customer = maker.party("supplier"), maker.party("customer")
    for code in maker.some_goods(2):
        line = Line(item=code, qty=maker.qty(20), price=maker.price_of(code))
        line = maker.priced(maker.measured(line), taxed=False)
        if line.gross_amount is None:
            document.lines.append(line)
    return document
