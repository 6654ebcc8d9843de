"""Row 2: what the serializer writes, the strict reader reads back, and Beancount reads the same."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount.parser import parser

from beanstock.amounts.money import decimals_of
from beanstock.books import open_books
from beanstock.carried.codec import fields_of
from beanstock.commands.compute import prepare
from beanstock.commands.fold import fold
from beanstock.ledger.reader import read_vouchers
from beanstock.ledger.text import Serializer
from beanstock.voucher import Posting, Voucher
from conftest import Company

from .payloads import HIDES, payloads

LETTERS = [
    '"',
    "\\",
    "'",
    ";",
    "#",
    "^",
    "{",
    "}",
    ":",
    "*",
    "a",
    "Z",
    "0",
    " ",
    "é",
    "茶",
    "😀",
    "-",
    ".",
    "/",
    "|",
    "%",
    "$",
    "&",
    "<",
]
WORDS = [text for text in payloads() if len(text) < 40 and not HIDES.search(text)]


def text(chance: random.Random) -> str:
    if chance.random() < 0.3:
        return chance.choice(WORDS)
    return "".join(chance.choices(LETTERS, k=chance.randint(0, 12)))


def decimal(chance: random.Random, decimals: int, digits: int = 5) -> str:
    value = Decimal(chance.randint(1, 10 ** chance.randint(1, digits + decimals))).scaleb(-decimals)
    return f"{value:f}"


def table(header: str, rows: Iterable[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header.split(","), *rows])
    return out.getvalue().encode()


def random_books(folder: Path, chance: random.Random, documents: int) -> Company:
    """Receipts, services invoiced and billed, gains of stock and payments, with texts of all kinds."""
    company = Company(folder)

    def day() -> str:
        return f"2026-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"

    rows: dict[str, list[list[str]]] = {"receipts": [], "invoices": [], "bills": [], "adjustments": [], "payments": []}
    for number in range(documents):
        kind = chance.choice(list(rows))
        named = f"{text(chance)}.{number}"
        memo, first = text(chance), True
        date = day()
        for _ in range(1 if kind == "payments" else chance.randint(1, 4)):
            head = [named, date, memo] if first else [named, "", ""]
            first = False
            dimensions = [text(chance), text(chance)]
            if kind == "receipts":
                line = ["S1", chance.choice("AB"), decimal(chance, 6), decimal(chance, 8), text(chance), *dimensions]
            elif kind == "invoices":
                line = ["C1", "S", decimal(chance, 3), decimal(chance, 2), *dimensions]
            elif kind == "bills":
                line = ["S2", "expense", decimal(chance, 2), *dimensions]
            elif kind == "adjustments":
                line = [chance.choice("AB"), decimal(chance, 6), "found", decimal(chance, 2), text(chance), *dimensions]
            else:
                line = [
                    "in" if chance.random() < 0.5 else "out",
                    decimal(chance, 2),
                    chance.choice(["C1", "S1"]),
                    "cash",
                ]
            rows[kind].append([*head, *line])
    headers = {
        "receipts": "number,date,memo,supplier,item,qty,price,lot,department,project",
        "invoices": "number,date,memo,customer,item,qty,price,department,project",
        "bills": "number,date,memo,supplier,account,amount,department,project",
        "adjustments": "number,date,memo,item,qty,reason,value,lot,department,project",
        "payments": "number,date,memo,direction,amount,partner,account",
    }
    for kind, header in headers.items():
        company.write(f"records/{kind}.csv", table(header, rows[kind]))
    return company


def slots(value: Voucher | Posting) -> dict[str, Any]:
    """All that the text of a voucher or posting says."""
    left_out = ("key", "postings", "role")
    found = {name: getattr(value, name) for name in fields_of(type(value)) if name not in left_out}
    if isinstance(value, Posting) and (value.qty is None or not value.warehouse):
        found["warehouse"] = ""
    if isinstance(value, Posting):
        found["lot"] = value.lot if value.qty is not None else ""
        found["due"] = value.due if value.document else None
    return found


def like_beancount(voucher: Voucher, entry: Any) -> None:
    assert (entry.date, entry.flag, entry.payee, entry.narration) == (
        voucher.date,
        voucher.flag,
        voucher.payee,
        voucher.narration,
    )
    assert (entry.tags, entry.links) == (set(voucher.tags), set(voucher.links))
    assert {key: value for key, value in entry.meta.items() if key not in ("filename", "lineno")} == {
        "document": voucher.document,
        "rule": voucher.rule,
        **dict(voucher.meta),
    }
    for posting, one in zip(voucher.postings, entry.postings, strict=True):
        assert (one.account, one.units.number, one.cost, one.price) == (posting.account, posting.amount, None, None)
        for key in ("item", "lot", "partner", "document", "due"):
            assert one.meta.get(key) == (getattr(posting, key) or None)
        assert one.meta.get("qty") == posting.qty
        assert all(one.meta[key] == value for key, value in posting.meta)


@pytest.mark.parametrize("part", range(4))
def test_round_trip(part: int, release: bool, seed: int, tmp_path: Path) -> None:
    """2,000 random documents. Oracle: vouchers -> text -> strict reader gives equal vouchers in every field, and equal
    text again; Beancount's parser reads the same dates, texts, accounts, amounts and metadata. Release: 200,000.
    """
    print(f"HOSTILE_SEED={seed}")
    chance = random.Random(seed * 10 + part)
    for number in range(100 if release else 1):
        company = random_books(tmp_path / str(number), chance, 500)
        books, problems = open_books(company.folder, None, None)
        assert books is not None, problems
        run = prepare(books)
        serializer = Serializer(books.currency, decimals_of(books.currency))
        count = 0
        for month, vouchers in fold(run):
            written = serializer.month(vouchers)
            read, faults = read_vouchers(written, month)
            assert not faults, faults[:2]
            assert [slots(one) for one in read] == [slots(one) for one in vouchers]
            assert [list(map(slots, one.postings)) for one in read] == [
                list(map(slots, one.postings)) for one in vouchers
            ]
            assert serializer.month(read) == written
            parsed: Any = parser.parse_string(written)
            assert not parsed[1], parsed[1][:2]
            for voucher, entry in zip(vouchers, parsed[0], strict=True):
                like_beancount(voucher, entry)
            count += len(vouchers)
        assert not [one for one in run.problems if one.severity == "error"], run.problems[:3]
        assert count > 450
