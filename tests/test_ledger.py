"""The ledger's text: one canonical form, read back exactly, hand edits kept, manual vouchers fenced in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beanstock.files.decode import HIDDEN_OR_BREAK
from beanstock.ledger.cachefile import index_path
from beanstock.ledger.reader import read_vouchers
from beanstock.ledger.text import Serializer, number
from beanstock.rulebook.names import account_part, is_account
from beanstock.voucher import Posting, Voucher
from conftest import Company

INVOICES = """
    number,date,customer,item,qty,price
    I1,2026-01-05,C1,S,1,100
"""
visible = st.text(st.characters().filter(lambda one: not HIDDEN_OR_BREAK.search(one)), max_size=20)


@given(
    payee=visible,
    narration=visible,
    item=visible,
    amount=st.decimals(min_value=-(10**12), max_value=10**12, places=2),
    qty=st.decimals(min_value=-(10**9), max_value=10**9, places=6),
)
@settings(max_examples=300)
def test_what_is_written_is_read_back(payee: str, narration: str, item: str, amount: Decimal, qty: Decimal) -> None:
    voucher = Voucher(dt.date(2026, 1, 5), f"invoices/{narration}", "invoices")
    voucher.payee, voucher.narration, voucher.links, voucher.tags = payee, narration, ["I1"], ["invoices"]
    posting = Posting("Assets:1405-库存商品", "inventory", amount)
    posting.item, posting.qty, posting.warehouse, posting.lot, posting.side = item, qty, "shop", "L 1", "cr"
    posting.partner, posting.document, posting.due, posting.meta = (
        "C1",
        "invoices/I1",
        dt.date(2026, 2, 4),
        (("project", payee),),
    )
    voucher.postings = [posting]
    serializer = Serializer("EUR", 2)
    text = serializer.month([voucher])
    back, problems = read_vouchers(text, "x.bean")
    assert not problems
    assert serializer.month(back) == text
    assert (back[0].payee, back[0].narration, back[0].postings[0].item) == (payee, narration, item)
    assert (back[0].postings[0].amount, back[0].postings[0].qty) == (amount, qty)


@pytest.mark.parametrize(
    "line",
    [
        "* 2026-01-05 balance Assets:Bank 0 EUR",
        'plugin "pwn"',
        '2026-01-05 * "a" "b" garbage',
        "  Assets:Bank  1+1 EUR",
        "  Assets:Bank",
        '    qty: "x" y',
    ],
)
def test_a_line_that_is_not_canonical_is_a_problem(line: str) -> None:
    _, problems = read_vouchers(f"{line}\n", "x.bean")
    assert [one.code for one in problems] == ["ledger-unreadable"]


@pytest.mark.parametrize(
    ("value", "text"), [("5", "5"), ("5.50", "5.5"), ("-0.000", "0"), ("1E+3", "1000"), ("0.000001", "0.000001")]
)
def test_quantities(value: str, text: str) -> None:
    assert number(Decimal(value)) == text


@pytest.mark.parametrize(
    ("text", "part"),
    [("bank", "Bank"), ("微信", "X-微信"), ("C 1/2", "C-1-2"), ("1405-库存", "1405-库存"), ("élan", "X-élan"), ("", "X-"), ("a.b_c·d", "A-b-c-d"), ("-x", "X--x")],
)  # fmt: skip
def test_account_parts(text: str, part: str) -> None:
    assert account_part(text) == part
    assert is_account(f"Assets:{part}")


@given(st.text(max_size=20))
def test_every_part_is_acceptable(text: str) -> None:
    assert is_account(f"Assets:{account_part(text)}")


def test_a_hand_edit_is_kept_and_told(company: Company) -> None:
    company.records(invoices=INVOICES).post()
    path = company.folder / "ledgers/2026-01.bean"
    edited = path.read_text().replace("100.00", "101.00")
    path.write_text(edited)
    company.fails("hand-edited")
    assert path.read_text() == edited
    result = company.run("check", "--format", "json")
    assert {one["name"] for one in result.json["checks"] if one["status"] == "failed"} >= {"generated", "receivable"}
    assert company.run("post", "--overwrite").code == 0
    company.post()


def test_conflict_markers_of_git_are_no_hand_edit(company: Company) -> None:
    company.records(invoices=INVOICES).post()
    before = company.contents()
    for name in ("2026-01.bean", "beanstock.lock"):
        path = company.folder / "ledgers" / name
        path.write_text("<<<<<<< ours\n" + path.read_text() + "=======\n>>>>>>> theirs\n")
    company.post()
    assert company.contents() == before


def test_a_lost_file_is_made_again(company: Company) -> None:
    company.records(invoices=INVOICES).post()
    before = company.contents()
    (company.folder / "ledgers/2026-01.bean").unlink()
    (company.folder / "ledgers/beanstock.lock").unlink()
    company.post()
    assert company.contents() == before


MANUAL = """
2026-01-31 * "Landlord" "Rent of January"
  Expenses:Operating:Rent   500.00 EUR
  Assets:Cash:Bank         -500.00 EUR
"""


def test_manual_vouchers_count(company: Company) -> None:
    company.records(invoices=INVOICES)
    company.write("ledgers/manual/rent.bean", MANUAL)
    company.post()
    assert company.role("bank") == "-500.00"
    assert 'include "manual/rent.bean"' in company.ledger("main.bean")
    assert "open Expenses:Operating:Rent" in company.ledger("accounts.bean")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('plugin "pwn"\n', "manual-refused"),
        ('option "insert_pythonpath" "TRUE"\n', "manual-refused"),
        ('include "/etc/passwd"\n', "manual-refused"),
        (MANUAL.replace("-500.00 EUR", ""), "manual-refused"),
        (MANUAL.replace("500.00 EUR", "250.00*2 EUR", 1), "manual-refused"),
        (MANUAL.replace("500.00 EUR", "500.00 USD"), "manual-refused"),
        (MANUAL.replace("500.00 EUR", "1 X {500.00 EUR}", 1), "manual-refused"),
        (MANUAL.replace("-500.00", "-499.99"), "not-balanced"),
        (MANUAL.replace("Expenses:Operating:Rent ", "Assets:Inventory:Goods "), "controlled-account"),
        ("*" + MANUAL.lstrip(), "manual-refused"),
        ("2026-01-01 pad Assets:Cash:Bank Equity:Opening-Balances\n", "manual-refused"),
    ],
)
def test_what_manual_files_may_not_do(company: Company, text: str, code: str) -> None:
    company.records(invoices=INVOICES)
    company.write("ledgers/manual/x.bean", text)
    result = company.run("post", "--format", "json")
    assert result.code == 1
    assert code in {one["code"] for one in result.json["problems"]}
    assert not (company.folder / "ledgers/2026-01.bean").exists()


def test_the_index_is_only_a_cache(company: Company) -> None:
    company.records(invoices=INVOICES).post()
    expected = company.report("trial-balance")
    index = index_path(company.folder, company.folder / "ledgers")
    assert index is not None
    index.write_bytes(b"not a database" * 1000)
    assert company.report("trial-balance") == expected
    index.unlink()
    assert company.report("trial-balance") == expected
    company.records(invoices=INVOICES.replace(",100", ",200")).post()
    assert company.role("revenue") == "-200.00"


def test_all_that_is_wrong_with_manual_vouchers_is_told_at_once(company: Company) -> None:
    company.write(
        "ledgers/manual/a.bean",
        """plugin "os"
2026-01-01 pad Assets:Cash:Bank Equity:Share-Capital
2026-01-02 * "lots, which are told once"
  Assets:Cash:Bank  5 USD {3 EUR}
  Equity:Share-Capital  -15.00 EUR
2026-01-03 * "a cent is missing"
  Assets:Cash:Bank  5.00 EUR
  Equity:Share-Capital  -4.99 EUR
2026-01-04 * "stock"
  Assets:Inventory:Goods  5.00 EUR
  Equity:Share-Capital  -5.00 EUR
2026-01-05 * "fine"
  Assets:Cash:Bank  5.00 EUR
  Equity:Share-Capital  -5.00 EUR
garbage
""",
    )
    problems = company.run("post", "--format", "json").json["problems"]
    assert [(one["line"], one["code"]) for one in problems] == [
        (1, "manual-refused"),
        (2, "manual-refused"),
        (4, "manual-refused"),
        (6, "not-balanced"),
        (10, "controlled-account"),
        (15, "manual-refused"),
    ]
