"""Row 1: no text of a record, setting, rule or foreign file becomes anything but that text in the ledger."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount.parser import parser
from conftest import Company

from beanstock.books import open_books
from beanstock.files.yamltext import parse_map
from beanstock.ledger.text import main_text

from .conftest import SETTINGS, declared, known
from .payloads import HIDES, cell, payloads

RULE = """own{number}:
  document: receipts
  {overrides}
  when: number == "R{number}"
  payee: {payee}
  narration: {narration}
  meta: {{note: {note}}}
  lines:
    - {{each: moves, dr: inventory, amount: move.value, meta: {{label: "{{item.name}}"}}}}
    - {{each: accruals, cr: goods-received-not-invoiced, amount: accrual.amount}}
"""


@dataclass
class Sink:
    """Where a text goes in, and where it must come out of a voucher."""

    write: Callable[[Company, int, str], None]
    read: Callable[[Any], object]
    rules: bool = False  # the text stands in a rule


def table(*rows: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def receipt(company: Company, index: int, **cells: str) -> None:
    """A receipt of its own file, so that a fault of a file is a fault of one text."""
    row = {
        "number": f"R{index}",
        "date": "2026-01-05",
        "supplier": "S1",
        "item": "A",
        "qty": "1",
        "price": str(index + 1),
    }
    row.update(cells)
    company.write(f"records/receipts/p{index}.csv", table(list(row), list(row.values())))


def master(kind: str, column: str, used: str = "") -> Callable[[Company, int, str], None]:
    def write(company: Company, index: int, text: str) -> None:
        row = {"code": f"X{index}", "name": "x", **({"unit": "pcs"} if kind == "items" else {}), column: text}
        company.write(f"records/{kind}/p{index}.csv", table(list(row), list(row.values())))
        receipt(company, index, **{used: row["code"]})

    return write


def paid(company: Company, index: int, text: str) -> None:
    row = ["number", "date", "supplier", "account", "amount", "paid_account"]
    values = [f"R{index}", "2026-01-05", "S1", "expense", str(index + 1), f"wallet:{text}"]
    company.write(f"records/bills/p{index}.csv", table(row, values))


def column(name: str) -> Callable[[Company, int, str], None]:
    return lambda company, index, text: receipt(company, index, **{name: text})


def adjustment(company: Company, index: int, text: str) -> None:
    row = {
        "number": f"R{index}",
        "date": "2026-01-05",
        "item": "A",
        "qty": "1",
        "value": str(index + 1),
        "reason": text,
    }
    company.write(f"records/adjustments/p{index}.csv", table(list(row), list(row.values())))


def imported(company: Company, index: int, text: str) -> None:
    company.write(f"foreign/p{index}.csv", table(["N", "V", "T"], [f"R{index}", str(index + 1), text]))


def stock(entry: Any) -> dict[str, Any]:
    """The metadata of the voucher's first posting."""
    return dict(entry.postings[0].meta)


SINKS = {
    "item code": Sink(master("items", "code", "item"), lambda entry: stock(entry)["item"]),
    "item name": Sink(master("items", "name", "item"), lambda entry: stock(entry)["label"]),
    "partner code": Sink(master("partners", "code", "supplier"), lambda entry: entry.postings[1].meta["partner"]),
    "partner name": Sink(master("partners", "name", "supplier"), lambda entry: entry.payee),
    "warehouse code": Sink(master("warehouses", "code", "warehouse"), lambda entry: stock(entry)["warehouse"]),
    "number": Sink(column("number"), lambda entry: entry.meta["document"].removeprefix("receipts/")),
    "memo": Sink(column("memo"), lambda entry: entry.meta["memo"]),
    "department": Sink(column("department"), lambda entry: stock(entry)["department"]),
    "project": Sink(column("project"), lambda entry: stock(entry)["project"]),
    "lot": Sink(column("lot"), lambda entry: stock(entry)["lot"]),
    "extra column": Sink(column("note"), lambda entry: entry.meta["note"]),
    "reason": Sink(adjustment, lambda entry: entry.narration.partition(", ")[2]),
    "account": Sink(paid, lambda entry: None),
    "import": Sink(imported, lambda entry: entry.meta["memo"]),
    "rule narration": Sink(column("memo"), lambda entry: entry.narration, rules=True),
    "rule payee": Sink(column("memo"), lambda entry: entry.payee, rules=True),
    "rule meta": Sink(column("memo"), lambda entry: entry.meta["note"], rules=True),
}
MAPPING = """files: {f: {file: "p*.csv"}}
records:
  - kind: receipts
    from: f
    columns: {number: N, date: "'2026-01-05'", supplier: "'S1'", item: "'A'", qty: "1", price: number(V), memo: T}
"""
ACCOUNTS = 'overrides: [adjustment]\nroles:\n  adjustment: {by: [reason], rows: [["*", own-use]]}\n'


def lay(company: Company, name: str, texts: dict[int, str]) -> None:
    """Books with one document for each text in the sink of that name."""
    sink = SINKS[name]
    company.write("ledgers/pwn.py", "open('pwned', 'w')\n__plugins__ = []\n")
    company.write("rules/accounts.yaml", ACCOUNTS)
    company.write("rules/imports/m.yaml", MAPPING)
    rules = []
    for index, text in texts.items():
        texts_of_rule = {"payee": '"{supplier.name}"', "narration": '"x"', "note": '"{line_note}"'}
        if sink.rules:
            key = {"rule narration": "narration", "rule payee": "payee", "rule meta": "note"}[name]
            texts_of_rule["note"] = '"x"'
            texts_of_rule[key] = json.dumps(text)
            rules.append(RULE.format(number=index, overrides="" if rules else "overrides: receipts", **texts_of_rule))
            sink.write(company, index, "x")
        else:
            sink.write(company, index, text)
    if not sink.rules:
        note = '"{extra.note}"' if name == "extra column" else '"x"'
        rule = RULE.format(
            number="", overrides="overrides: receipts", payee='"{supplier.name}"', narration='"x"', note=note
        )
        rules = [rule.replace('  when: number == "R"\n', "")]
    company.write("rules/vouchers.yaml", "\n".join(rules))


def refused(company: Company, name: str, texts: dict[int, str]) -> set[int]:
    """The texts that posting tells a problem of; nothing may be posted then."""
    if name == "import":
        files = sorted(str(path) for path in (company.folder / "foreign").iterdir())
        result = company.run_alone("import", "m", *files, "--into", str(company.folder))  # type: ignore[attr-defined]
    return set()
