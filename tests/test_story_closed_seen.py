"""Stories of closed months seen by `diff` and `explain`: they tell what the ledger keeps, not what today would give."""

from __future__ import annotations

from pathlib import Path

import pytest

from repository import BOB, Repository, repository

RECEIPTS = """
    number,date,supplier,item,qty,price
    R1,2026-01-05,S1,A,10,10
"""
INVOICES = """
    number,date,customer,item,qty,price
    I1,2026-01-12,C1,S,4,20
    I2,2026-02-12,C1,S,1,20
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """January is closed; what comes late stands in February."""
    shop = repository(tmp_path / "books", monkeypatch, policies="{late_documents: next-open-period}")
    shop.records(receipts=RECEIPTS, invoices=INVOICES).posted()
    shop.ok("close", "2026-01")
    return shop.commit("close January")


def test_a_difference_of_a_closed_month_stands_where_the_ledger_has_it(shop: Repository) -> None:
    shop.records(invoices=INVOICES.replace("S,4,20", "S,4,25"))
    tree = shop.ok("diff", "--format", "json").json
    changes = [(one["change"], one["date"], one["document"], one["cause"]["kind"]) for one in tree["vouchers"]]
    assert changes == [
        ("added", "2026-02-01", "invoices/I1", "record"),
        ("added", "2026-02-01", "invoices/I1", "record"),
    ]
    revenue = [
        each["difference"] for one in tree["vouchers"] for each in one["postings"] if "Income" in each["account"]
    ]
    assert revenue == ["80.00", "-100.00"]  # red and blue
    shop.posted()
    assert shop.ok("diff", "--format", "json").json["vouchers"] == []
    assert len(shop.ok("diff", "HEAD~1", "HEAD", "--format", "json").json["vouchers"]) == 2


def test_closing_a_month_changes_no_voucher(shop: Repository) -> None:
    assert shop.ok("diff", "HEAD~1", "--format", "json").json["vouchers"] == []


def test_what_a_rule_changes_in_a_closed_month_is_the_rules_work(shop: Repository) -> None:
    shop.write(
        "rules/vouchers.yaml",
        "own:\n  document: invoices\n  overrides: invoices\n  lines:\n"
        "    - {dr: receivable, amount: gross}\n    - {cr: expense, amount: gross}\n",
    )
    for command in (("diff",), ("rules", "diff", "--from", "HEAD")):
        tree = shop.ok(*command, "--format", "json").json
        found = {(one["change"], one["date"], one["document"]): one["cause"]["kind"] for one in tree["vouchers"]}
        assert found == {
            ("added", "2026-02-01", "invoices/I1"): "rule",
            ("removed", "2026-02-12", "invoices/I2"): "rule",
            ("added", "2026-02-12", "invoices/I2"): "rule",
        }


def test_an_approval_is_named_as_the_cause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = repository(tmp_path / "books", monkeypatch, policies="{review: all}")
    shop.records(receipts=RECEIPTS).posted()
    shop.who(BOB).ok("review", "approve", "R1")
    (one,) = shop.ok("diff", "--format", "json").json["vouchers"]
    assert (one["change"], one["cause"]["kind"]) == ("changed", "approval")
    assert one["words"] == [{"what": "flag", "before": "!", "after": "*"}]


def test_explain_tells_what_a_closed_document_kept_and_what_corrects_it(shop: Repository) -> None:
    assert "in the ledger" not in shop.ok("explain", "I1").out  # nothing differs
    shop.records(invoices=INVOICES.replace("S,4,20", "S,4,25")).posted()
    out = shop.ok("explain", "I1").out
    assert "in the ledger of 2026-01-12, rule `invoices`: as it was closed" in out
    assert "in the ledger of 2026-02-01, rule `invoices`: takes that back\n    dr  Assets:Receivable" in out
    (tree,) = shop.ok("explain", "I1", "--format", "json").json
    amounts = [[(one["side"], one["amount"]) for one in each["postings"]] for each in tree["ledger"]]
    assert amounts == [
        [("dr", "80.00"), ("cr", "80.00")],
        [("dr", "-80.00"), ("cr", "-80.00")],
        [("dr", "100.00"), ("cr", "100.00")],
    ]
    lines = shop.ledger("2026-02.bean").splitlines()
    at = next(number for number, line in enumerate(lines, 1) if "-100.00" in line)
    (tree,) = shop.ok("explain", f"ledgers/2026-02.bean:{at}", "--format", "json").json
    assert [one["amount"] for rule in tree["rules"] for one in rule["postings"]] == ["100.00"]


def test_explain_knows_what_only_the_ledger_has(shop: Repository) -> None:
    shop.records(invoices=INVOICES.replace("    I1,2026-01-12,C1,S,4,20\n", "")).posted()
    out = shop.ok("explain", "invoices/I1").out
    assert "no record has it any more: this is what the ledger keeps" in out
    assert out.count("in the ledger of") == 2
