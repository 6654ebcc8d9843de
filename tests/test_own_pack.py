"""A pack that somebody writes: what pack.yaml may declare, and what it is told when it is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from beanstock.books import shipped
from conftest import Company

PACK = """
name: Own
language: en
takes: {accounts: ifrs, taxes: ifrs, vouchers: ifrs, statements: ifrs}
settings:
  fee: {type: percent, default: 2.5%, meaning: what we add}
  floor: {type: number, default: 3, meaning: the least}
  strict: {type: flag, default: no, meaning: refuse}
  note: {type: text, default: none, meaning: a word}
"""
INVOICES = """
    number,date,customer,item,qty,price
    I1,2026-01-05,C1,S,1,100
    I2,2026-01-06,C1,S,1,400
"""
RULE = """
own:
  document: invoices
  overrides: invoices
  narration: "Invoice {number}, {settings.note}"
  let: {fee: "max(round(net * settings.fee / 100), settings.floor)"}
  lines:
    - {dr: receivable, amount: gross, due: due}
    - {cr: revenue, amount: net - fee}
    - {cr: rounding, amount: fee}
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped rules in which packs can be written."""
    folder = tmp_path / "shipped"
    shutil.copytree(shipped() / "rules", folder / "rules")
    for module in ("books", "rulebook.load", "commands.rules"):
        monkeypatch.setattr(f"beanstock.{module}.shipped", lambda: folder)
    (folder / "rules/own").mkdir()
    (folder / "rules/own/pack.yaml").write_text(PACK)
    return folder / "rules"


def test_a_pack_of_one_file_with_settings(rules: Path, new_company: Callable[..., Company]) -> None:
    company = new_company(pack="own").records(invoices=INVOICES)
    company.write("rules/vouchers.yaml", RULE)
    company.post()
    assert company.role("rounding") == "-13.00"  # the floor of 3.00, and 2.5% of 400
    assert "Invoice I1, none" in company.ledger("2026-01.bean")
    company.write(
        "beanstock.yaml", "company: T\npack: own\ncurrency: EUR\nsettings: {fee: 4, floor: 0.5, note: late}\n"
    )
    company.post()
    assert company.role("rounding") == "-20.00"
    assert "Invoice I2, late" in company.ledger("2026-01.bean")
    told = company.run("explain", "I1").out
    assert "fee = 4.00" in told


@pytest.mark.parametrize(
    ("setting", "value", "allowed"),
    [
        ("fee", "-1%", "a percentage such as 7%"),
        ("floor", "1,000", "a number"),
        ("strict", "perhaps", "yes, no"),
    ],
)
def test_answers_that_are_none(
    rules: Path, new_company: Callable[..., Company], setting: str, value: str, allowed: str
) -> None:
    text = new_company(pack="own", settings=f"{{{setting}: '{value}'}}").fails("bad-setting")
    assert f"`{setting}` cannot be {value}" in text
    assert f"Allowed: {allowed}." in text


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("takes: {voucher: ifrs}", "bad-setting"),
        ("takes: {vouchers: nowhere}", "bad-setting"),
        ("takes: {vouchers: own}", "bad-setting"),
        ("settings: {fee: {type: percentage, default: 1}}", "bad-form"),
        ("settings: {fee: {type: percent, default: much}}", "bad-setting"),
        ("settings: {who: {type: choice(a|b), default: c}}", "bad-setting"),
        ("settings: {fee: {kind: percent}}", "unknown-key"),
    ],
)
def test_a_pack_that_is_wrong(rules: Path, new_company: Callable[..., Company], wrong: str, code: str) -> None:
    (rules / "own/pack.yaml").write_text(f"name: Own\n{wrong}\n")
    text = new_company(pack="own").run("rules", "check").err
    assert f"rules/own/pack.yaml:2:{text.split('rules/own/pack.yaml:2:')[1].split(':')[0]}: error: {code}" in text


def test_a_pack_adds_to_what_it_takes_and_replaces_only_by_saying_so(
    rules: Path, new_company: Callable[..., Company]
) -> None:
    company = new_company(pack="own").records(invoices=INVOICES)
    (rules / "own/accounts.yaml").write_text('roles: {revenue: "Income:Sales"}\n')
    assert "rules/own/accounts.yaml:1:9: error: duplicate-rule" in company.run("rules", "check").err
    (rules / "own/accounts.yaml").write_text('overrides: [revenue]\nroles: {revenue: "Income:Sales"}\n')
    company.post()
    assert [row["closing"] for row in company.report("trial-balance")["rows"] if row["account"] == "Income:Sales"] == [
        "-500.00"
    ]
