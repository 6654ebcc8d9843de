"""Trading years of any size: what `make bench` posts.

Several hundred items are bought at the start of each month and sold in documents of five lines, with VAT, on account.
Unless the year is plain, one line in ten is something else: freight that comes on the purchases' cost, products made of
what was bought and sold with the rest, and goods that customers bring back or that go back to their supplier.
The same size gives the same bytes.
"""

from __future__ import annotations

import calendar
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

ITEMS = 400
PRODUCTS = 40
PARTNERS = 200
LINES_PER_SALE = 5
INPUTS = 3  # of a production, which has one output


def write_books(
    folder: Path, lines: int, *, plain: bool = False, paid: bool = False, settled: bool = False, years: int = 1
) -> None:
    """A books folder with years of about `lines` record lines: one purchase line for every four sales lines.

    With `paid`, there are three payments of customers for every four sales from February on; with `settled`, what is
    bought and sold in a month is paid in the next one, document by document.
    """
    records = folder / "records"
    folder.mkdir(parents=True)
    (folder / "beanstock.yaml").write_text("company: Bench\npack: ifrs\ncurrency: EUR\n")
    _write(records / "items.csv", "code,name,unit,tax", _items())
    _write(records / "partners.csv", "code,name,role,terms", _partners())
    for month in range(1, 12 * years + 1):
        _Month(records, lines / 12, month, random.Random(lines * 100 + month)).write(
            plain=plain, paid=paid, settled=settled
        )


def _items() -> Iterator[str]:
    yield from (f"I{number:04d},Item {number},pcs,20%" for number in range(ITEMS))
    yield from (f"M{number:04d},Product {number},pcs,20%" for number in range(PRODUCTS))


def _partners() -> Iterator[str]:
    for number in range(PARTNERS):
        yield f"C{number:03d},Customer {number},customer,30"
        yield f"S{number:03d},Supplier {number},supplier,30"


def _write(path: Path, header: str, rows: Iterator[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *rows, ""]))


class _Month:
    """One month (the first is 1), with about `lines` record lines."""

    def __init__(self, records: Path, lines: float, month: int, chance: random.Random) -> None:
        self.records = records
        year, of_year = 2026 + (month - 1) // 12, (month - 1) % 12 + 1
        self.month = f"{year}-{of_year:02d}"
        self.short = f"{month:02d}"
        self.chance = chance
        self.lines = lines
        self.days = calendar.monthrange(year, of_year)[1]
        self.owed: dict[str, tuple[str, Decimal]] = {}  # by purchase and sale: to or by whom, and how much
        self.sold: list[tuple[str, str, str, int]] = []  # sales that may come back: number, customer, item, quantity

    def write(self, *, plain: bool, paid: bool, settled: bool) -> None:
        bought = max(int(self.lines / 5), ITEMS)
        rest = self.lines - bought
        sales = int(rest * (1 if plain else 0.875)) // LINES_PER_SALE
        _write(self.file("purchases"), "number,date,supplier,item,qty,price", self.purchases(bought, sales))
        _write(self.file("sales"), "number,date,customer,item,qty,price", self.sales(sales, plain=plain))
        if paid:
            _write(self.file("payments"), "number,date,partner,direction,amount,cash_discount", self.payments(sales))
        if not plain:
            made = max(int(rest * 0.06) // (INPUTS + 1), PRODUCTS)
            back, gone, freight = int(rest * 0.04), int(rest * 0.01), max(int(rest * 0.015), 1)
            _write(self.file("productions"), "number,date,part,item,qty", self.productions(made, sales))
            _write(
                self.file("landed-costs"), "number,date,supplier,basis,amount,document", self.freight(freight, bought)
            )
            _write(self.file("sales", "-returns"), "number,date,customer,returns,item,qty", self.returns(back))
            _write(self.file("purchases", "-returns"), "number,date,supplier,returns,item,qty", self.gone(gone, bought))

        if settled:
            year, month = map(int, self.month.split("-"))
            self.month = f"{year + month // 12}-{month % 12 + 1:02d}"
            _write(self.file("payments"), "number,date,partner,direction,amount,applies", self.settlements())

    def file(self, kind: str, more: str = "") -> Path:
        return self.records / kind / f"{self.month}{more}.csv"

    def purchases(self, lines: int, sales: int) -> Iterator[str]:
        enough = max(1, sales * LINES_PER_SALE * 4 // lines) * 2
        for line in range(lines):
            price = f"{self.chance.randint(100, 9999) / 100:.2f}"
            qty = enough * 4 + self.chance.randint(0, 20)
            self._owe(self.purchase(line), self.supplier(line), qty, price)
            yield f"{self.purchase(line)},{self.month}-01,{self.supplier(line)},I{line % ITEMS:04d},{qty},{price}"

    def purchase(self, line: int) -> str:
        return f"P-{self.short}-{line // LINES_PER_SALE:05d}"

    @staticmethod
    def supplier(line: int) -> str:
        return f"S{line // LINES_PER_SALE % PARTNERS:03d}"

    def sales(self, count: int, *, plain: bool) -> Iterator[str]:
        for number in range(count):
            day = 1 + number * self.days // max(1, count)
            customer = f"C{self.chance.randrange(PARTNERS):03d}"
            name = f"X-{self.short}-{number:06d}"
            for line in range(LINES_PER_SALE):
                price = f"{self.chance.randint(500, 19999) / 100:.2f}"
                chosen = self.chance.randrange(ITEMS if plain else ITEMS + PRODUCTS)
                item = f"I{chosen:04d}" if chosen < ITEMS else f"M{chosen - ITEMS:04d}"
                qty = self.chance.randint(1, 6)
                if line == 0:
                    self.sold.append((name, customer, item, qty))
                self._owe(name, customer, qty, price)
                yield f"{name},{self.month}-{day:02d},{customer},{item},{qty},{price}"

    def payments(self, sales: int) -> Iterator[str]:
        """What customers pay of what is due first: 2,000.00 at a time, in one of ten less a discount."""
        for number in range(0 if self.month.endswith("2026-01") else sales * 3 // 4):
            cells = f"C{self.chance.randrange(PARTNERS):03d},in,2000.00,{'40.00' if number % 10 == 0 else ''}"
            yield f"Y-{self.short}-{number:06d},{self.month}-{self.chance.randint(1, 28):02d},{cells}"

    def _owe(self, name: str, partner: str, qty: int, price: str) -> None:
        net = qty * Decimal(price)
        self.owed[name] = (partner, self.owed.get(name, (partner, Decimal(0)))[1] + net + round(net / 5, 2))

    def settlements(self) -> Iterator[str]:
        """One payment for each purchase and sale, of all that is owed for it; `month` is the one they fall in."""
        for number, (name, partner, gross) in enumerate((name, *owed) for name, owed in self.owed.items()):
            direction = "in" if partner[0] == "C" else "out"
            yield f"Z-{self.short}-{number:06d},{self.month}-20,{partner},{direction},{gross},{name}"

    def productions(self, count: int, sales: int) -> Iterator[str]:
        each = 8 + sales * LINES_PER_SALE * 8 // (ITEMS + PRODUCTS) * PRODUCTS // count  # twice of what is sold
        for number in range(count):
            head = f"B-{self.short}-{number:05d},{self.month}-01"
            yield f"{head},output,M{number % PRODUCTS:04d},{each}"
            for line in range(INPUTS):
                yield f"{head},input,I{(number * INPUTS + line * 7) % ITEMS:04d},{1 + each // 4}"

    def freight(self, count: int, bought: int) -> Iterator[str]:
        for number in range(count):
            line = number * LINES_PER_SALE % bought
            amount = f"{self.chance.randint(1000, 20000) / 100:.2f}"
            purchase = f"purchases/{self.supplier(line)}/{self.purchase(line)}"
            yield f"L-{self.short}-{number:05d},{self.month}-01,{self.supplier(number)},qty,{amount},{purchase}"

    def returns(self, count: int) -> Iterator[str]:
        for number, (sale, customer, item, qty) in enumerate(self.sold[:: max(1, len(self.sold) // max(1, count))]):
            yield f"R-{self.short}-{number:05d},{self.month}-{self.days},{customer},{sale},{item},{-qty}"

    def gone(self, count: int, bought: int) -> Iterator[str]:
        for number in range(count):
            line = number * LINES_PER_SALE % bought
            yield f"G-{self.short}-{number:05d},{self.month}-01,{self.supplier(line)},{self.purchase(line)},I{line % ITEMS:04d},-1"


def write_foreign(path: Path, lines: int) -> None:
    """A file with the columns of the Online Retail set."""
    chance = random.Random(lines)
    with path.open("w") as file:
        file.write("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n")
        for line in range(lines):
            number = 500_000 + line // 20
            item = chance.randrange(4000)
            price = f"{chance.randint(20, 2000) / 100:.2f}"
            minute = number % 600
            when = f"2011-{1 + number % 12:02d}-{1 + number % 28:02d} {8 + minute // 60:02d}:{minute % 60:02d}:00"
            file.write(
                f"{number},{20000 + item},THING NUMBER {item},{chance.randint(1, 12)},{when},{price},{12000 + number % 4000}.0,United Kingdom\n"
            )
