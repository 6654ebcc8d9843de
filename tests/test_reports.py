"""Reports: the fixed JSON form, periods, statements that tie to the trial balance, and every form of output."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from conftest import Company

REPORTS = (
    "trial-balance",
    "balance-sheet",
    "income-statement",
    "stock",
    "stock-moves",
    "receivables",
    "payables",
    "journal",
)


@pytest.fixture
def trading(company: Company) -> Company:
    return company.records(
        opening_stock="""
            date,item,qty,value
            2025-12-31,A,10,100
        """,
        purchases="""
            number,date,supplier,item,qty,price,tax
            P1,2026-01-05,S1,A,10,12,20%
        """,
        sales="""
            number,date,customer,item,qty,price,tax
            X1,2026-01-20,C1,A,5,30,20%
            X2,2026-02-10,C1,A,5,30,20%
        """,
        payments="""
            number,date,partner,direction,amount
            Y1,2026-02-15,C1,in,100
        """,
    ).post()


def test_the_json_form(trading: Company) -> None:
    tree = trading.report("trial-balance")
    assert (tree["report"], tree["company"], tree["currency"], tree["from"], tree["to"]) == (
        "trial-balance",
        "Test",
        "EUR",
        "2025-12-31",
        "2026-02-15",
    )
    assert tree["columns"][0] == {"name": "account", "type": "text"}
    assert tree["rows"][0] == {
        "account": "Assets:Cash:Bank", "code": "", "role": "bank", "opening": "0.00", "debit": "100.00", "credit": "0.00", "closing": "100.00",
    }  # fmt: skip
    assert tree["totals"]["debit"] == tree["totals"]["credit"]
    assert tree["totals"]["closing"] == "0.00"


def test_periods(trading: Company) -> None:
    for row in trading.report("trial-balance", "--period", "2026-01")["rows"]:
        opening, debit, credit, closing = (Decimal(row[name]) for name in ("opening", "debit", "credit", "closing"))
        assert closing == opening + debit - credit
    assert trading.role("revenue", "--period", "2026-01") == "-150.00"
    assert trading.role("revenue", "--period", "2026-Q1") == "-300.00"
    assert trading.role("inventory", "--to", "2025-12-31") == "100.00"
    moves = trading.report("stock-moves", "--from", "2026-02-01", "--to", "2026-02-28")["rows"][0]
    assert (moves["opening_qty"], moves["in_qty"], moves["out_qty"], moves["closing_qty"]) == ("15", "0", "5", "10")
    assert (moves["opening_value"], moves["out_value"], moves["closing_value"]) == ("165.00", "55.00", "110.00")


def test_the_balance_sheet_balances_and_ties(trading: Company) -> None:
    rows = {row["label"]: row for row in trading.report("balance-sheet")["rows"]}
    assert rows["Total assets"]["amount"] == rows["Total equity and liabilities"]["amount"]
    assert rows["Total assets"]["opening"] == rows["Total equity and liabilities"]["opening"] == "100.00"
    assert rows["Inventories"]["amount"] == trading.role("inventory")
    assert rows["Assets"]["no"] is None
    assert rows["Retained earnings"]["amount"] == "190.00"
    income = {row["label"]: row for row in trading.report("income-statement", "--period", "2026-02")["rows"]}
    assert (income["Revenue"]["amount"], income["Revenue"]["year_to_date"]) == ("150.00", "300.00")
    assert (income["Profit for the period"]["amount"], income["Profit for the period"]["year_to_date"]) == (
        "95.00",
        "190.00",
    )


def test_one_account_and_one_item(trading: Company) -> None:
    ledger = trading.report("ledger", "--account", "receivable")
    assert [row["balance"] for row in ledger["rows"]] == ["180.00", "360.00", "260.00"]
    february = trading.report("ledger", "--account", "receivable", "--from", "2026-02-01")
    assert february["totals"] == {"opening": "180.00", "debit": "180.00", "credit": "100.00", "closing": "260.00"}
    card = trading.report("stock-moves", "--item", "A")["rows"]
    assert [(row["document"], row["qty"], row["balance_qty"], row["balance_value"]) for row in card] == [
        ("opening-stock/2025-12-31", "10", "10", "100.00"),
        ("purchases/P1", "10", "20", "220.00"),
        ("sales/X1", "-5", "15", "165.00"),
        ("sales/X2", "-5", "10", "110.00"),
    ]


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("form", ["table", "csv", "md"])
def test_every_form(trading: Company, name: str, form: str) -> None:
    result = trading.run("report", name, "--format", form)
    assert result.code == 0
    assert result.out.count("\n") > 1
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(result.out)))
        assert rows[0].keys() == {column["name"] for column in trading.report(name)["columns"]}


def test_formulas_in_texts_are_neutralised_and_numbers_stay_numbers(company: Company) -> None:
    company.write("records/partners.csv", "code,name\n=1+1,@x\n")
    company.records(invoices="number,date,customer,item,qty,price\n+I1,2026-01-05,=1+1,S,-1,5").post()
    out = company.run("report", "journal", "--format", "csv").out
    assert "'@x" in out
    assert "'=1+1" in out
    assert "'-" not in out


def test_wrong_use(trading: Company) -> None:
    for arguments in (
        ("report", "trial-blance"),
        ("report", "stock", "--format", "pdf"),
        ("report", "stock", "--to", "2026-1-1"),
        ("report", "ledger"),
        ("report", "stock", "--period", "2026-13"),
    ):
        assert trading.run(*arguments).code == 2
    assert "Did you mean `trial-balance`?" in trading.run("report", "trial-blance").err


def test_reports_need_a_ledger(company: Company) -> None:
    result = company.run("report", "stock")
    assert result.code == 1
    assert "not-posted" in result.err


def test_explain_goes_back_to_the_record(trading: Company) -> None:
    text = trading.run("explain", "X1").out
    assert "recorded in records/sales.csv:2" in text
    assert "moving-average: 20 worth 220.00 before, moved -5 worth -55.00, 15 worth 165.00 after" in text
    assert "rule `sales` (rules/ifrs/vouchers.yaml:" in text
    tree = trading.run("explain", "sales/X1", "--format", "json").json[0]
    assert [posting["amount"] for posting in tree["rules"][0]["postings"]] == [
        "180.00",
        "150.00",
        "30.00",
        "55.00",
        "55.00",
    ]
    assert trading.run("explain", "nothing").code == 2
