"""The places where a text enters the books on its way to the ledger, each with a document of its own for each text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

from conftest import Company

from .payloads import HIDES

Write = Callable[[Company, int, str], None]
RULE = """own{number}:
  document: receipts
  overrides: {overrides}
  when: {when}
  payee: {payee}
  narration: {narration}
  meta: {{note: {note}}}
  lines:
    - {{each: moves, dr: inventory, amount: move.value, meta: {{label: {label}}}}}
    - {{each: accruals, cr: goods-received-not-invoiced, amount: accrual.amount}}
"""
PLAIN = {"payee": '"{supplier.name}"', "narration": '"x"', "note": '"x"', "label": '"{item.name}{line.extra.label}"'}
IN_RULES = {"rule narration": "narration", "rule payee": "payee", "rule meta": "note", "rule line meta": "label"}
ACCOUNTS = 'overrides: [adjustment]\nroles:\n  adjustment: {by: [reason], rows: [["*", own-use]]}\n'
MAPPING = """files: {f: {file: "p*.csv"}}
records:
  - kind: receipts
    from: f
    columns: {number: N, date: "'2026-01-05'", supplier: "'S1'", item: "'A'", qty: "'1'", price: number(V), memo: T}
"""


def table(row: dict[str, str]) -> bytes:
    """A CSV file of one row."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([list(row), list(row.values())])
    return out.getvalue().encode()


def receipt(company: Company, index: int, **cells: str) -> None:
    row = {"number": f"R{index}", "date": "2026-01-05", "supplier": "S1", "item": "A", "qty": "1"}
    company.write(f"records/receipts/p{index}.csv", table({**row, "price": str(index + 1), **cells}))


def master(kind: str, name: str, used: str) -> Write:
    def write(company: Company, index: int, text: str) -> None:
        row = {"code": f"Z{index}", "name": "x", "unit": "pcs", name: text}
        if kind != "items":
            del row["unit"]
        company.write(f"records/{kind}/p{index}.csv", table(row))
        receipt(company, index, **{used: row["code"]})

    return write


def column(name: str) -> Write:
    return lambda company, index, text: receipt(company, index, **{name: text})


def adjustment(company: Company, index: int, text: str) -> None:
    row = {"number": f"R{index}", "date": "2026-01-05", "item": "A", "qty": "1", "value": str(index + 1)}
    company.write(f"records/adjustments/p{index}.csv", table({**row, "reason": text}))


def paid(company: Company, index: int, text: str) -> None:
    row = {"number": f"R{index}", "date": "2026-01-05", "supplier": "S1", "account": "expense"}
    company.write(
        f"records/bills/p{index}.csv", table({**row, "amount": str(index + 1), "paid_account": f"wallet:{text}"})
    )


def imported(company: Company, index: int, text: str) -> None:
    company.write(f"foreign/p{index}.csv", table({"N": f"R{index}", "V": str(index + 1), "T": text}))


SINKS: dict[str, Write] = {
    "item code": master("items", "code", "item"),
    "item name": master("items", "name", "item"),
    "partner code": master("partners", "code", "supplier"),
    "partner name": master("partners", "name", "supplier"),
    "warehouse code": master("warehouses", "code", "warehouse"),
    "number": column("number"),
    "memo": column("memo"),
    "department": column("department"),
    "project": column("project"),
    "lot": column("lot"),
    "extra column": column("label"),
    "reason": adjustment,
    "account": paid,
    "import": imported,
    **dict.fromkeys(IN_RULES, column("description")),
}


def lay(company: Company, name: str, texts: dict[int, str]) -> None:
    """Books with one document for each text in the sink of that name."""
    company.write("ledgers/pwn.py", "open('pwned', 'w')\n__plugins__ = []\n")
    company.write("rules/accounts.yaml", ACCOUNTS)
    company.write("rules/imports/m.yaml", MAPPING)
    rules: list[str] = []
    for index, text in texts.items():
        in_rules = name in IN_RULES
        SINKS[name](company, index, "x" if in_rules else text)
        if in_rules or not rules:
            own = {**PLAIN, IN_RULES[name]: yaml_quoted(text)} if in_rules else PLAIN
            when = f'number == "R{index}"' if in_rules else "number != ''"
            rules.append(
                RULE.format(
                    number=index if in_rules else 0, overrides=f"own{index}" if rules else "receipts", when=when, **own
                )
            )
    rules[1:] = [re.sub("  overrides.*\n", "", rule) for rule in rules[1:]]
    company.write("rules/vouchers.yaml", "".join(rules))


def yaml_quoted(text: str) -> str:
    """A text as a quoted YAML scalar on one line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + HIDES.sub(lambda match: f"\\U{ord(match[0]):08x}", escaped).replace("\uffff", "\\uffff") + '"'
