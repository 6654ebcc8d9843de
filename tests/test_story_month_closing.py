"""Stories of closing months that post something by themselves at their end, and of closed foreign money."""

from __future__ import annotations

from pathlib import Path

import pytest

from repository import Repository, repository

MONTH_END = "{cost_of_sales: month-end, late_documents: next-open-period}"
RECEIPTS = """
    number,date,supplier,item,qty,price
    R1,2026-01-05,S1,A,10,10
"""
DELIVERIES = """
    number,date,customer,item,qty
    D1,2026-01-10,C1,A,4
"""


def cost_of_sales(shop: Repository, month: str) -> list[str]:
    text = shop.ledger(f"{month}.bean") if (shop.folder / f"ledgers/{month}.bean").exists() else ""
    return [line for line in text.splitlines() if '"cost-transfers/' in line and "document:" in line]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    shop = repository(tmp_path / "books", monkeypatch, policies=MONTH_END)
    return shop.records(receipts=RECEIPTS, deliveries=DELIVERIES).posted()


def test_closing_ends_a_month_that_nothing_follows(shop: Repository) -> None:
    assert not cost_of_sales(shop, "2026-01")  # January still runs
    shop.ok("close", "2026-01")
    assert cost_of_sales(shop, "2026-01")
    assert shop.role("cost-of-sales") == "40.00"
    shop.commit("close January")
    before = shop.contents()
    shop.post()
    assert shop.contents() == before
    assert "closed       ok" in shop.ok("check", "--frozen").out


def test_what_comes_later_leaves_the_closed_month_as_it_is(shop: Repository) -> None:
    shop.ok("close", "2026-01")
    january = shop.ledger("2026-01.bean")
    shop.records(receipts=RECEIPTS + "    R2,2026-02-05,S1,A,10,10\n").posted()
    assert shop.ledger("2026-01.bean") == january
    assert "late:" not in shop.ledger("2026-02.bean")
    shop.ok("check", "--frozen")


def test_a_late_delivery_corrects_what_the_month_made_of_it(shop: Repository) -> None:
    shop.ok("close", "2026-01")
    shop.records(deliveries=DELIVERIES + "    D2,2026-01-20,C1,A,1\n").posted()
    february = shop.ledger("2026-02.bean")
    assert february.count('correction: "red"') == 1  # of the cost of January's sales: 40.00
    assert february.count('correction: "blue"') == 2  # that cost is 50.00 now; and the delivery itself
    assert shop.role("cost-of-sales") == "50.00"
    shop.ok("check", "--frozen")


def test_reopening_lets_the_month_run_on(shop: Repository) -> None:
    shop.ok("close", "2026-01")
    shop.commit("close January")
    shop.ok("reopen", "2026-01", "--reason", "a delivery was forgotten")
    shop.post()
    assert not cost_of_sales(shop, "2026-01")


def test_closed_months_hold_foreign_money(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = repository(tmp_path / "books", monkeypatch, policies="{late_documents: next-open-period}")
    shop.records(
        rates="date,currency,rate\n2026-01-01,USD,0.90\n",
        receipts="number,date,supplier,item,qty,price,currency\nR1,2026-01-05,S1,A,10,11,USD\n",
        bills="number,date,supplier,receipt,item,qty,price,currency\nB1,2026-01-06,S1,R1,A,10,11,USD\n",
    ).posted()
    row = shop.report("payables")["rows"][0]
    assert (row["open"], row["open_foreign"]) == ("-99.00", "-110.00 USD")
    shop.ok("close", "2026-01")
    assert '"payable S1 bills/B1": "-99.00 (-110.00 USD)"' in shop.ledger("closed/2026-01.yaml")
    # the bill was of 12.00 each: red takes 110.00 USD back, blue owes 120.00 USD
    shop.records(
        bills="number,date,supplier,receipt,item,qty,price,currency\nB1,2026-01-06,S1,R1,A,10,12,USD\n"
    ).posted()
    february = shop.ledger("2026-02.bean")
    assert 'foreign: "110.00 USD"' in february
    assert 'foreign: "-120.00 USD"' in february
    row = shop.report("payables")["rows"][0]
    assert (row["open"], row["open_foreign"]) == ("-108.00", "-120.00 USD")
    shop.ok("check")


def test_differences_name_the_documents_behind_what_a_month_makes(shop: Repository) -> None:
    march = "    R3,2026-03-01,S1,A,1,10\n"
    shop.records(receipts=RECEIPTS + march).posted("March begins")
    shop.records(receipts=RECEIPTS.replace("10,10", "10,12") + march, deliveries=DELIVERIES)
    rows = {row["document"]: row for row in shop.ok("diff", "HEAD", "--format", "json").json["vouchers"]}
    assert rows["cost-transfers/2026-01-31"]["cause"] == {
        "kind": "cost effect of",
        "of": ["receipts/R1"],
        "place": "",
    }
