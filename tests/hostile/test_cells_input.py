"""Row 7: number literals, and cells that take long: one strict grammar, equal to a table made by hand and to random values, or refused."""

from __future__ import annotations

import itertools
import random
import time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from beanstock.imports.functions import ForeignFault, to_number
from beanstock.records.cells import CellFault
from conftest import Company

from .conftest import command

VALID: dict[str, str] = {
    "0": "0", "1": "1", "12": "12", "-1": "-1", "+1": "1", "1.5": "1.5", "-1.5": "-1.5", "+1.5": "1.5", ".5": "0.5", "-.5": "-0.5", "+.5": "0.5", "0.5": "0.5", "00.5": "0.5", "007": "7",
    "0010.50": "10.5", "1.0": "1", "1.10": "1.1", "1.100000": "1.1", "-0": "0", "+0": "0", "-0.00": "0", "0.000000": "0", "0.000001": "0.000001", "-0.000001": "-0.000001",
    "999999999999999": "999999999999999", "-999999999999999": "-999999999999999", "999999999999999.999999": "999999999999999.999999", "123456789012345.123456": "123456789012345.123456",
    "000000000000000000001": "1", "1.00000000000000000000": "1", " 1": "1", "1 ": "1", "\u00a01\u3000": "1",
}  # fmt: skip
_MARKS = [
    "1,234",
    "1,234.50",
    "1.234,50",
    "1 234",
    "1 234.50",
    "1'234",
    "1’234.50",
    "1_000",
    "12,34,567",
    "1,5",
    "1.5,",
    ",5",
    "1,",
    "1,23",
    "1，234",
    "1\u202f234",
    "1\u00a0234",
    "1 2",
    "1. 5",
    "1 .5",
]
_SIGNS = [
    "--1",
    "++1",
    "+-1",
    "-+1",
    "1-",
    "1+",
    "- 1",
    "+ 1",
    "-",
    "+",
    "−1",
    "－1",
    "＋1",
    "–1",
    "—1",
    "(1)",
    "(1.50)",
    "（1）",
    "[1]",
    "<1>",
    "1 CR",
    "1 DR",
    "1CR",
    "-(1)",
    "±1",
    "~1",
    "≈1",
    "1-2",
]
_POINTS = [
    ".",
    "..",
    "1..5",
    "1.5.1",
    "1.",
    "-1.",
    "1.5.",
    "..5",
    "5..",
    "1。5",
    "1．5",
    "1·5",
    "1٫5",
    "1٬000",
    "-.",
    "+.",
]
_CURRENCIES = [
    "$5",
    "5$",
    "€5",
    "5 €",
    "£5",
    "¥5",
    "￥5",
    "5元",
    "5.00 EUR",
    "EUR 5.00",
    "5CNY",
    "CNY5",
    "5%",
    "50 %",
    "%5",
    "5‰",
    "US$5",
    "5¢",
    "5.-",
    "5,-",
    "Rs5",
    "5 pcs",
    "5kg",
    "5h",
    "5万",
    "5k",
    "5M",
]
_DIGITS = [
    "１",
    "１２３．４５",
    "１2",
    "٣",
    "۳",
    "३",
    "௩",
    "一",
    "一百",
    "壹",
    "〇",
    "Ⅷ",
    "VIII",
    "²",
    "1²",
    "½",
    "1½",
    "①",
    "❶",
    "𝟏",
    "𝟙",
    "🄁",
    "৪",
    "꘢",
    "1\u0301",
    "1\ufe0f",
    "1\u200d",
    "๑",
]
_PYTHON = ["NaN", "nan", "sNaN", "-NaN", "NaN123", "Infinity", "-Infinity", "inf", "+inf", "1e5", "1E5", "1e+5", "1e-5", "1.5e3", "1E+999999", "1e-999999", "0x10", "0b1", "0o7", "1L", "1j", "1d", "1f", "1u", "0x", "1e", "e5",
           "True", "None", "10+5", "10*2", "10/2", "=1", "=1+1", "'1", '"1"', "1;", "#1", "1#", "1:2", "12:30", "1/2", "1\\2", "1&2", "1|2", "1@2", "@1", "Decimal('1')", "1.0f", "1__0", "_1", "1_", "0.1_0"]  # fmt: skip
_EXCEL = [
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "####",
    "TRUE",
    "FALSE",
    "-",
    "--",
    "n/a",
    "N/A",
    "null",
    "nil",
    "none",
    "?",
    "x",
    "tbd",
    "free",
    "0,0",
    "1.2.3",
    "2026-01-05",
    "1,000,000",
    "1.000.000",
]
_HIDDEN = [
    "1\n",
    "1\r",
    "1\t2",
    "\t1",
    "1\x00",
    "1\u200b",
    "\u200e1",
    "\u202e1",
    "\ufeff1",
    "1\u2028",
    "1\x1b",
    "1\x7f",
    "1\x85",
    "1\xad0",
    "1\u20600",
    "1\x0b",
    "1\x0c",
    "\x1c1",
]
_RANGE = [
    "1000000000000000",
    "-1000000000000000",
    "9" * 16,
    "9" * 30,
    "9" * 400,
    "1" + "0" * 5000,
    "9" * 30 + ".5",
    "1.1234567",
    "0.0000001",
    "-0.0000001",
    "1.00000001",
    "0." + "0" * 40 + "1",
    "1." + "1" * 400,
]
_STYLES = [
    "{0},{1}",
    "{0}.{1}.",
    "{0}e{1}",
    "{0} {1}",
    "{0}%{1}",
    "{0}_{1}",
    "{0}-{1}",
    "({0}.{1})",
    "{0}.{1}-",
    "${0}.{1}",
    "{0}.{1} EUR",
    "{0}'{1}",
]
INVALID = list(
    dict.fromkeys([*_MARKS, *_SIGNS, *_POINTS, *_CURRENCIES, *_DIGITS, *_PYTHON, *_EXCEL, *_HIDDEN, *_RANGE,
                   *(style.format(one, other) for style, (one, other) in itertools.product(_STYLES, [("1", "23"), ("12", "345"), ("0", "5"), ("999", "999"), ("7", "0"), ("1234", "56"), ("10", "00"), ("3", "14"), ("2", "5"), ("15", "000"), ("66", "6"), ("400", "1"), ("8", "88")]))])
)  # fmt: skip


@pytest.mark.parametrize("name", ["quantity", "price", "money", "percent", "rate", "integer"])
def test_number_literals(name: str, cells: dict[str, Any]) -> None:
    """More than 400 literals x 6 types. Oracle: the value of the table made by hand where it fits the type's decimals, else
    CellFault; never another value or exception.
    """
    decimals = {"quantity": 6, "price": 8, "money": 2, "percent": 6, "rate": 8, "integer": 0}[name]
    assert len(VALID) + len(INVALID) >= 400
    for text, value in VALID.items():
        if (Fraction(value) * 10**decimals).denominator == 1:
            assert Fraction(cells[name][text]) == Fraction(value), text
        else:
            with pytest.raises(CellFault):
                cells[name][text]
    for text in INVALID:
        if text in ("1.1234567", "1.00000001", "0.0000001", "-0.0000001") and decimals == 8:
            continue
        with pytest.raises(CellFault):
            print(repr(text), cells[name][text])


@pytest.mark.parametrize("digits", [55, 400, 5000])
def test_long_numbers_with_too_many_decimals(digits: int, cells: dict[str, Any]) -> None:
    """Oracle: CellFault."""
    with pytest.raises(CellFault):
        cells["quantity"]["9" * digits + ".1234567"]


def test_random_decimals(release: bool, chance: random.Random, cells: dict[str, Any]) -> None:
    """2,000 random decimals in 12 styles. Oracle: the six plain styles give exactly the value, the six others are refused.
    Release: 1,000,000.
    """
    for _ in range(1_000_000 if release else 2000):
        scale = chance.randint(0, 6)
        value = Decimal(chance.randint(0, 10 ** chance.randint(1, 15 + scale) - 1)).scaleb(-scale)
        text = f"{value:f}"
        for plain in (
            text,
            f"+{text}",
            f"00{text}",
            f" {text} ",
            f"{text}000" if "." in text else text,
            text.lstrip("0") if text.startswith("0.") else text,
        ):
            assert Fraction(cells["quantity"][plain]) == Fraction(value), plain
        assert Fraction(cells["quantity"][f"-{text}"]) == -Fraction(value)
        assert Fraction(to_number(text)) == Fraction(value)
        other = chance.choice(
            [
                f"{value:,f}" if value >= 1000 else f"{text},",
                f"({text})",
                f"{text}%",
                f"€{text}",
                f"{text}e1",
                text.translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
                f"{text}-",
                f"− {text}",
            ]
        )
        with pytest.raises(CellFault):
            print(other, cells["quantity"][other])
        with pytest.raises(ForeignFault):
            print(other, to_number(other))


def test_random_numbers_through_a_file(chance: random.Random, books: Company) -> None:
    """500 quantities of six decimals in a file. Oracle: the quantity on stock is their exact sum."""
    texts = [f"{Decimal(chance.randint(1, 10**9)).scaleb(-chance.randint(0, 6)):f}" for _ in range(500)]
    rows = "".join(f"R{number},2026-01-05,S1,A,{text},1.00\n" for number, text in enumerate(texts))
    books.write("records/receipts.csv", "number,date,supplier,item,qty,price\n" + rows)
    books.post()
    assert Fraction(books.stock("A")[0]) == sum(map(Fraction, texts))


# --- cells that take long


@pytest.mark.parametrize(("column", "text"), [
    ("qty", "1" * 100_000 + "x"), ("date", "1" * 100_000 + "x"), ("price", "1," * 100_000 + "x"), ("qty", "$" + " " * 40_000 + "x"),
    ("number", "1" * 100_000 + "x"), ("memo", "1" * 900_000), ("item", "A" * 100_000), ("qty", "x" * 900_000), ("qty", "9" * 900_000), ("date", "x" * 900_000), ("price", "0" * 900_000 + "1"),
])  # fmt: skip
def test_long_cells(column: str, text: str, books: Company) -> None:
    """Oracle: read or refused within 4 s."""
    row = {
        "number": "R1",
        "date": "2026-01-05",
        "supplier": "S1",
        "item": "A",
        "qty": "1",
        "price": "1",
        "memo": "",
        column: f'"{text}"',
    }
    books.write("records/receipts.csv", ",".join(row) + "\n" + ",".join(row.values()) + "\n")
    begin = time.perf_counter()
    command(books.folder, "post")
    assert time.perf_counter() - begin < 4


def test_many_unknown_codes(books: Company) -> None:
    """Oracle: refused within 2 s."""
    books.write(
        "records/items.csv", "code,name,unit\n" + "".join(f"ITEM{number:05d},x,pcs\n" for number in range(3000))
    )
    books.write(
        "records/receipts.csv",
        "number,date,supplier,item,qty,price\n"
        + "".join(f"R{number},2026-01-05,S1,ITEN{number:05d},1,1\n" for number in range(1500)),
    )
    assert command(books.folder, "post").code == 1


def test_a_long_line_of_a_manual_file(books: Company) -> None:
    """Oracle: refused within 2 s."""
    books.write("ledgers/manual/x.bean", '2026-01-05 * "a" "b"\n  A' + ":" * 60_000 + " x\n")
    assert command(books.folder, "post").code == 1


LARGE = ["10000000000000,0.01", "999999999999999,999999999999999", "1,100000000000000000"]


@pytest.mark.parametrize("cells_of_row", LARGE)
def test_large_figures(cells_of_row: str, books: Company) -> None:
    """Oracle: refused by post, or reported."""
    books.write("records/receipts.csv", f"number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,{cells_of_row}\n")
    if command(books.folder, "post").code == 0:
        assert command(books.folder, "report", "stock").code == 0
