"""Situations of other programs' test suites, told again as books folders: tests/acceptance/<theme>.yaml.

A case is the records of a small company, its policies, and the figures that an accountant expects of them. Values of
`records` are tables as in a CSV file, or lists of documents as in a YAML file. What may be expected:

    problems, warnings   codes of `post`; with problems it exits 1 and nothing else is looked at
    stock                item: [quantity, value], over all places, of the last day
    roles                role or account: its closing balance, debit positive
    vouchers             document: {role or account: what the voucher moves on it, debit positive}
    open                 document: what is open of it (receivables and payables)
    rows                 report and options: rows that must be there, by the cells that are said
    on                   day: stock and roles of that day
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import Company

FOLDER = Path(__file__).parent / "acceptance"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['case']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
]
EXPECTATIONS = {"problems", "warnings", "stock", "roles", "vouchers", "open", "rows", "on"}


@pytest.mark.parametrize("case", CASES)
def test_acceptance(case: dict[str, Any], tmp_path: Path) -> None:
    expect = case["expect"]
    assert case.keys() <= {"case", "after", "told", "books", "rules", "records", "expect"}
    assert expect
    assert expect.keys() <= EXPECTATIONS
    company = books(case, tmp_path / "books")
    posted = company.run("post", "--format", "json")
    said = posted.json["problems"]
    for severity, key in (("error", "problems"), ("warning", "warnings")):
        found = sorted({one["code"] for one in said if one["severity"] == severity})
        assert found == sorted(expect.get(key, [])), posted.out
    assert posted.code == (1 if expect.get("problems") else 0)
    if not expect.get("problems"):
        checked = company.run("check", "--frozen")
        assert checked.code == 0, checked.err + checked.out
        assert Reports(company).found(expect) == {
            key: expect[key] for key in expect if key not in {"problems", "warnings"}
        }


def books(case: dict[str, Any], folder: Path) -> Company:
    """The books folder of a case."""
    company = Company(folder)
    said = {"company": "Test", "pack": "ifrs", "currency": "EUR"} | case.get("books", {})
    company.write("beanstock.yaml", yaml.safe_dump(said, allow_unicode=True))
    for kind, records in case["records"].items():
        if isinstance(records, str):
            company.records(**{kind: records})
        else:
            company.write(f"records/{kind}.yaml", yaml.safe_dump(records, allow_unicode=True))
    for name, text in case.get("rules", {}).items():
        company.write(f"rules/{name}.yaml", text)
    return company


class Reports:
    """What the reports of a company say; each is asked once."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.known: dict[str, list[dict[str, Any]]] = {}

    def rows(self, command: str) -> list[dict[str, Any]]:
        """The rows of a report, by its name and options."""
        if command not in self.known:
            self.known[command] = self.company.report(*command.split())["rows"]
        return self.known[command]

    def found(self, expect: dict[str, Any]) -> dict[str, Any]:
        """What is there of everything that a case expects, in the form in which it is expected."""
        found: dict[str, Any] = {}
        if "stock" in expect:
            found["stock"] = self.stock(expect["stock"])
        if "roles" in expect:
            found["roles"] = self.roles(expect["roles"])
        if "vouchers" in expect:
            named = {row["account"]: row["role"] or row["account"] for row in self.rows("trial-balance")}
            found["vouchers"] = vouchers(self.rows("journal"), named, expect["vouchers"])
        if "open" in expect:
            found["open"] = {
                row["document"]: row["open"] for name in ("receivables", "payables") for row in self.rows(name)
            }
        if "rows" in expect:
            found["rows"] = {name: matching_rows(self.rows(name), rows) for name, rows in expect["rows"].items()}
        if "on" in expect:
            found["on"] = {day: self.on(day, figures) for day, figures in expect["on"].items()}
        return found

    def on(self, day: str, figures: dict[str, Any]) -> dict[str, Any]:
        """Stock and roles at the end of a day."""
        assert figures.keys() <= {"stock", "roles"}
        readers = {"stock": self.stock, "roles": self.roles}
        return {key: readers[key](figures[key], f" --to {day}") for key in figures}

    def stock(self, items: dict[str, Any], options: str = "") -> dict[str, list[str]]:
        """Quantity and value of the items that a case names, over all places."""
        found = {}
        for item in items:
            rows = [row for row in self.rows(f"stock{options}") if row["item"] == item]
            qty = sum((Decimal(row["qty"]) for row in rows), Decimal(0))
            found[item] = [f"{qty:f}", str(sum((Decimal(row["value"]) for row in rows), Decimal("0.00")))]
        return found

    def roles(self, names: dict[str, str], options: str = "") -> dict[str, str]:
        """Closing balances of roles and accounts."""
        found = {}
        for name in names:
            rows = [row for row in self.rows(f"trial-balance{options}") if name in (row["role"], row["account"])]
            found[name] = str(sum((Decimal(row["closing"]) for row in rows), Decimal("0.00")))
        return found


def vouchers(rows: list[dict[str, Any]], named: dict[str, str], documents: dict[str, Any]) -> dict[str, dict[str, str]]:
    """What each document moves on each role."""
    found: dict[str, dict[str, Decimal]] = {document: {} for document in documents}
    for row in rows:
        if row["document"] in found:
            moved = found[row["document"]]
            name = named[row["account"]]
            moved[name] = moved.get(name, Decimal(0)) + Decimal(row["debit"]) - Decimal(row["credit"])
    return {
        document: {name: str(amount) for name, amount in moved.items() if amount} for document, moved in found.items()
    }


def matching_rows(rows: list[dict[str, Any]], expected: list[dict[str, str]]) -> list[dict[str, str]]:
    """For each expected row, what the first row with the same first cell says of its cells."""
    found = []
    for wanted in expected:
        candidates = [{name: str(row.get(name)) for name in wanted} for row in rows]
        best = max(candidates, key=lambda row: [row[name] == wanted[name] for name in wanted], default={})
        found.append(best)
    return found
