"""Trading years of any size: what `make bench` posts.

Several hundred items are bought at the start of each month and sold in documents of five lines, with VAT, on account.
The same size gives the same bytes.
"""

from __future__ import annotations

import calendar
import random
from collections.abc import Iterator
from pathlib import Path

ITEMS = 400
PARTNERS = 200
LINES_PER_SALE = 5


def write_books(folder: Path, lines: int, *, paid: bool = False) -> None:
    """A books folder with a year of about `lines` record lines: one purchase line for every four sales lines.

    With `paid`, there are three payments of customers for every four sales from February on.
    """
    chance = random.Random(lines)
    records = folder / "records"
    (records / "sales").mkdir(parents=True)
    (records / "purchases").mkdir()
    (folder / "beanstock.yaml").write_text("company: Bench\npack: ifrs\ncurrency: EUR\n")
    items = "".join(f"I{number:04d},Item {number},pcs,20%\n" for number in range(ITEMS))
    (records / "items.csv").write_text("code,name,unit,tax\n" + items)
    partners = "".join(
        f"C{number:03d},Customer {number},customer,30\nS{number:03d},Supplier {number},supplier,30\n"
        for number in range(PARTNERS)
    )
    (records / "partners.csv").write_text("code,name,role,terms\n" + partners)
    for month in range(1, 13):
        sales = lines * 4 // 5 // 12 // LINES_PER_SALE
        (records / "purchases" / f"2026-{month:02d}.csv").write_text(
            "".join(_purchases(month, lines // 5 // 12, sales, chance))
        )
        (records / "sales" / f"2026-{month:02d}.csv").write_text("".join(_sales(month, sales, chance)))
        if paid:
            (records / "payments").mkdir(exist_ok=True)
            (records / "payments" / f"2026-{month:02d}.csv").write_text("".join(_payments(month, sales, chance)))


def _payments(month: int, sales: int, chance: random.Random) -> Iterator[str]:
    """What customers pay of what is due first: 2,000.00 at a time, in one of ten less a discount."""
    yield "number,date,partner,direction,amount,cash_discount\n"
    for number in range(sales * 3 // 4 if month > 1 else 0):
        cells = f"C{chance.randrange(PARTNERS):03d},in,2000.00,{'40.00' if number % 10 == 0 else ''}"
        yield f"Y-{month:02d}-{number:06d},2026-{month:02d}-{chance.randint(1, 28):02d},{cells}\n"


def _purchases(month: int, lines: int, sales: int, chance: random.Random) -> Iterator[str]:
    yield "number,date,supplier,item,qty,price\n"
    enough = max(1, sales * LINES_PER_SALE * 4 // max(1, lines)) * 2
    for line in range(max(lines, ITEMS)):
        number = line // LINES_PER_SALE
        price = f"{chance.randint(100, 9999) / 100:.2f}"
        qty = enough * 4 + chance.randint(0, 20)
        yield f"P-{month:02d}-{number:05d},2026-{month:02d}-01,S{number % PARTNERS:03d},I{line % ITEMS:04d},{qty},{price}\n"


def _sales(month: int, sales: int, chance: random.Random) -> Iterator[str]:
    days = calendar.monthrange(2026, month)[1]
    yield "number,date,customer,item,qty,price\n"
    for number in range(sales):
        day = 1 + number * days // max(1, sales)
        customer = f"C{chance.randrange(PARTNERS):03d}"
        for _ in range(LINES_PER_SALE):
            price = f"{chance.randint(500, 19999) / 100:.2f}"
            item = f"I{chance.randrange(ITEMS):04d}"
            yield f"X-{month:02d}-{number:06d},2026-{month:02d}-{day:02d},{customer},{item},{chance.randint(1, 6)},{price}\n"


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
