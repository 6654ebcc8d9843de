"""Options of reports: periods compared, dimensions, closing vouchers, ages that add up, and the postings behind figures."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from conftest import Company


@pytest.fixture
def year(company: Company) -> Company:
    """A shop that buys ten frames at 12, sells five in January and five in February to two customers, and pays rent."""
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
            number,date,customer,item,qty,price,tax,department
            X1,2026-01-20,C1,A,5,30,20%,SHOP
            X2,2026-02-10,C2,A,5,40,20%,WEB
        """,
        bills="""
            number,date,supplier,account,amount,department,project
            R1,2026-01-31,S2,Expenses:Operating:Rent,70,SHOP,P-1
            R2,2026-02-28,S2,Expenses:Operating:Rent,70,,
        """,
        payments="""
            number,date,partner,direction,amount,applies,applied
            Y1,2026-02-15,C1,in,100,X1,100
            Y2,2026-02-16,C2,in,300,X2,240
        """,
    ).post()


def lines(tree: Any) -> dict[str, dict[str, Any]]:
    return {row["label"]: row for row in tree["rows"]}


def test_compare_with_the_month_before_and_the_year_before(year: Company) -> None:
    tree = lines(year.report("income-statement", "--period", "2026-02", "--compare", "previous"))
    revenue, profit = tree["Revenue"], tree["Profit for the period"]
    assert (revenue["amount"], revenue["compared"], revenue["change"], revenue["change_percent"]) == (
        "200.00", "150.00", "50.00", "33.3",
    )  # fmt: skip
    assert (profit["amount"], profit["compared"]) == ("75.00", "25.00")  # 200 - 55 - 70, and 150 - 55 - 70
    before = lines(year.report("income-statement", "--period", "2026-02", "--compare", "last-year"))
    assert (before["Revenue"]["compared"], before["Revenue"]["change_percent"]) == ("0.00", None)
    sheet = lines(year.report("balance-sheet", "--to", "2026-02-28", "--compare", "previous"))
    assert (sheet["Inventories"]["amount"], sheet["Inventories"]["compared"]) == ("110.00", "165.00")
    rows = year.report("trial-balance", "--period", "2026-02", "--compare", "previous")["rows"]
    stock = next(row for row in rows if row["role"] == "inventory")
    assert (stock["closing"], stock["compared"], stock["change"]) == ("110.00", "165.00", "-55.00")


def test_quarters_move_by_quarters_and_days_by_days() -> None:
    import datetime as dt  # noqa: PLC0415

    from beanstock.reports.periods import compared_days  # noqa: PLC0415

    def compared(start: str, end: str, how: str = "previous") -> tuple[str, str]:
        return compared_days(start, dt.date.fromisoformat(end), how)

    assert compared("2026-04-01", "2026-06-30") == ("2026-01-01", "2026-03-31")
    assert compared("2026-03-01", "2026-03-31") == ("2026-02-01", "2026-02-28")
    assert compared("2026-03-10", "2026-03-19") == ("2026-02-28", "2026-03-09")
    assert compared("2024-02-01", "2024-02-29", "last-year") == ("2023-02-01", "2023-02-28")
    assert compared("2025-02-01", "2025-02-28", "last-year") == ("2024-02-01", "2024-02-29")
    assert compared("", "2026-03-31") == ("", "2026-02-28")


@pytest.mark.parametrize("days", [(), ("--period", "2026-01"), ("--from", "2026-01-10", "--to", "2026-02-12")])
@pytest.mark.parametrize("by", ["item", "partner", "department", "project", "category", "warehouse", "item,department"])
def test_the_parts_of_every_account_are_the_whole(year: Company, by: str, days: tuple[str, ...]) -> None:
    names = ("opening", "debit", "credit", "closing")
    whole = year.report("trial-balance", *days)
    parts = year.report("trial-balance", "--by", by, *days)
    assert parts["totals"] == whole["totals"]
    sums: dict[str, list[Decimal]] = {}
    for row in parts["rows"]:
        own = sums.setdefault(row["account"], [Decimal(0)] * 4)
        sums[row["account"]] = [one + Decimal(row[name]) for one, name in zip(own, names, strict=True)]
        assert all(key in row for key in by.split(","))
    assert sums == {row["account"]: [Decimal(row[name]) for name in names] for row in whole["rows"]}


def test_dimensions(year: Company) -> None:
    rows = year.report("trial-balance", "--by", "partner")["rows"]
    revenue = {row["partner"]: row["credit"] for row in rows if row["role"] == "revenue"}
    assert revenue == {"C1": "150.00", "C2": "200.00"}
    costs = {row["partner"]: row["debit"] for row in rows if row["role"] == "cost-of-sales"}
    assert costs == {"C1": "55.00", "C2": "55.00"}
    tree = year.report("income-statement", "--period", "2026-01", "--by", "department")
    rent = lines(tree)["Operating expenses"]
    assert (rent["amount"], rent["department:SHOP"]) == ("70.00", "70.00")
    tree = year.report("income-statement", "--by", "department")
    assert [one["name"] for one in tree["columns"]][5:] == ["department:SHOP", "department:WEB", "department:"]
    row = lines(tree)["Operating expenses"]
    assert (row["amount"], row["department:SHOP"], row["department:"]) == ("140.00", "70.00", "70.00")
    moves = year.report("stock-moves", "--by", "warehouse")["rows"][0]
    assert (moves["item"], moves["warehouse"], moves["closing_qty"]) == ("A", "main", "10")
    assert year.run("report", "trial-balance", "--by", "departmnt").code == 2
    assert year.run("report", "journal", "--by", "item").code == 2


def test_closing_vouchers_are_left_out_unless_asked_for(year: Company) -> None:
    year.write(
        "ledgers/manual/closing.bean",
        '2026-01-31 * "" "Closing of January" #closing\n  Income:Revenue  150.00 EUR\n'
        "  Equity:Profit-Of-The-Year  -150.00 EUR\n",
    )
    year.post()
    assert year.role("revenue", "--period", "2026-01") == "-150.00"
    assert year.role("revenue", "--period", "2026-01", "--after-closing") == "0.00"
    january = ("income-statement", "--period", "2026-01")
    assert lines(year.report(*january))["Revenue"]["amount"] == "150.00"
    assert lines(year.report(*january, "--after-closing"))["Revenue"]["amount"] == "0.00"
    february = year.report("trial-balance", "--period", "2026-02")["rows"]
    revenue = next(row for row in february if row["role"] == "revenue")
    assert (revenue["opening"], revenue["credit"]) == ("0.00", "200.00")  # January is closed
    assert lines(year.report("balance-sheet"))["Retained earnings"]["amount"] == "100.00"
    for arguments in (("--trace", "revenue"), ("--period", "2026-02", "--trace", "revenue")):
        traced = year.report("trial-balance", *arguments)
        closing = year.role("revenue", *arguments[:-2])
        assert traced["totals"]["amount"] == closing


def test_ages_add_up_to_the_ledger(year: Company) -> None:
    """C1 owes 80 of 180 since 19 February; C2's 240 were due at once and are paid, with 60 ahead."""
    tree = year.report("receivables", "--to", "2026-03-31")
    assert [(row["document"], row["open"], row["aging"]) for row in tree["rows"]] == [("sales/X1", "80.00", "31-60")]
    totals = tree["totals"]
    ages = ("not_due", "days_1_30", "days_31_60", "days_61_90", "over_90")
    assert [totals[name] for name in ages] == ["0.00", "0.00", "80.00", "0.00", "0.00"]
    assert (totals["open"], totals["advances"]) == (year.role("receivable"), year.role("customer-advances"))
    by_partner = year.report("receivables", "--to", "2026-03-31", "--by", "partner")
    assert [(row["partner"], row["days_31_60"], row["advances"], row["balance"]) for row in by_partner["rows"]] == [
        ("C1", "80.00", "0.00", "80.00"),
        ("C2", "0.00", "-60.00", "-60.00"),
    ]
    before = year.report("receivables", "--to", "2026-02-12")
    assert [(row["document"], row["open"], row["aging"]) for row in before["rows"]] == [
        ("sales/X1", "180.00", "not due"),
        ("sales/X2", "240.00", "1-30"),
    ]
    assert before["totals"]["open"] == year.role("receivable", "--to", "2026-02-12")


def test_a_statement_of_account(year: Company) -> None:
    tree = year.report("statement-of-account", "--partner", "C1", "--from", "2026-02-01", "--to", "2026-03-31")
    assert [(row["document"], row["applies"], row["credit"], row["balance"]) for row in tree["rows"]] == [
        ("payments/Y1", "sales/X1", "100.00", "80.00")
    ]
    assert tree["totals"] == {
        "opening": "180.00", "debit": "0.00", "credit": "100.00", "closing": "80.00", "overdue": "80.00",
    }  # fmt: skip
    assert "Customer One (C1)" in year.run("report", "statement-of-account", "--partner", "C1").out
    assert year.run("report", "statement-of-account").code == 2


@pytest.mark.parametrize("days", [(), ("--period", "2026-02")])
@pytest.mark.parametrize("statement", ["balance-sheet", "income-statement"])
def test_the_postings_behind_every_line_sum_to_it(year: Company, statement: str, days: tuple[str, ...]) -> None:
    for row in year.report(statement, *days)["rows"]:
        if row["no"] is not None:
            traced = year.report(statement, *days, "--trace", str(row["no"]))
            assert traced["totals"]["amount"] == row["amount"], row["label"]
            assert sum((Decimal(one["amount"]) for one in traced["rows"]), Decimal("0.00")) == Decimal(row["amount"])


def test_trace_by_label_and_account(year: Company) -> None:
    traced = year.report("income-statement", "--period", "2026-02", "--trace", "gross profit")
    assert [(row["document"], row["account"], row["amount"]) for row in traced["rows"]] == [
        ("sales/X2", "Income:Revenue", "200.00"),
        ("sales/X2", "Expenses:Cost-Of-Sales:Goods", "-55.00"),
    ]
    account = year.report("trial-balance", "--trace", "receivable", "--to", "2026-02-15")
    assert account["totals"]["amount"] == "320.00"
    wrong = year.run("report", "balance-sheet", "--trace", "Moon")
    assert wrong.code == 2
    assert "4 Inventories" in wrong.err
    assert year.run("report", "stock", "--trace", "1").code == 2


def test_wrong_options(year: Company, new_company: Callable[..., Company]) -> None:
    for arguments in (
        ("income-statement", "--compare", "previous"),
        ("stock", "--compare", "previous", "--period", "2026-01"),
        ("balance-sheet", "--compare", "budget", "--to", "2026-01-31"),
        ("stock", "--by", "department"),
    ):
        assert year.run("report", *arguments).code == 2, arguments


def test_days_at_the_ends_of_the_calendar(year: Company) -> None:
    from beanstock.commands.report_list import REPORTS  # noqa: PLC0415

    for name, report in REPORTS.items():
        more = {"account": ("--account", "bank"), "partner": ("--partner", "C1")}.get(report.needs, ())
        assert year.run("report", name, "--from", "1900-01-01", "--to", "9999-12-31", *more).code == 0, name
        assert year.run("report", name, "--to", "0001-01-01", *more).code == 2, name
        for compare in report.compare:
            days = ("--from", "1900-01-01", "--to", "9999-12-31", "--compare", compare)
            assert year.run("report", name, *days).code == 0, (name, compare)


@pytest.mark.parametrize(
    "arguments",
    [
        ("ledger", "--account", "bank"),
        ("ledger", "--account", "Assets:Cash:Bank"),
        ("ledger", "--account", "Expenses:Operating:Rent"),
        ("stock", "--item", "B"),
        ("stock-moves", "--item", "B"),
        ("receivables", "--partner", "C1"),
        ("statement-of-account", "--partner", "C1"),
        ("ledger", "--account", "receivable", "--partner", "C1"),
    ],
)
def test_what_has_not_moved_yet_makes_an_empty_report(company: Company, arguments: tuple[str, ...]) -> None:
    company.records(receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,1,1\n").post()
    assert company.report(*arguments)["rows"] == []
    assert company.run("report", *arguments[:2], "NOWHERE").code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("trial-balance", "--item", "A"), "--item cannot be `A`"),
        (("stock", "--partner", "C1"), "--partner cannot be `C1`"),
        (("journal", "--account", "bank"), "--account cannot be `bank`"),
        (("balance-sheet", "--partner", "C1"), "--partner cannot be `C1`"),
        (("stock", "--period", "2026-01", "--to", "2026-02-28"), "--period cannot be `2026-01`"),
        (("all", "--item", "A", "--to-dir", "set"), "--item cannot be `A`"),
    ],
)
def test_an_option_that_would_be_ignored_is_refused(year: Company, arguments: tuple[str, ...], said: str) -> None:
    """A report that left one out would show more than was asked for."""
    result = year.run("report", *arguments)
    assert result.code == 2
    assert said in result.err


def test_options_that_choose_rows(year: Company) -> None:
    assert {row["partner"] for row in year.report("payables", "--partner", "S2")["rows"]} == {"S2"}
    assert {row["item"] for row in year.report("stock-aging", "--item", "A")["rows"]} == {"A"}
    assert year.report("orders", "--partner", "S2")["rows"] == []


def test_an_accounts_ledger_with_one_partner(year: Company) -> None:
    """C1 owes 180.00 at the end of January and pays 100.00; C2 owes 240.00, pays it, and 60.00 ahead."""
    whole = year.report("ledger", "--account", "receivable", "--from", "2026-02-01")
    assert [row["document"] for row in whole["rows"]] == ["sales/X2", "payments/Y1", "payments/Y2"]
    tree = year.report("ledger", "--account", "receivable", "--partner", "C1", "--from", "2026-02-01")
    assert [(row["document"], row["credit"], row["balance"]) for row in tree["rows"]] == [
        ("payments/Y1", "100.00", "80.00")
    ]
    assert (tree["totals"]["opening"], tree["totals"]["closing"]) == ("180.00", "80.00")
    ahead = year.report("ledger", "--account", "customer-advances", "--partner", "C2")
    assert [(row["document"], row["balance"]) for row in ahead["rows"]] == [("payments/Y2", "-60.00")]
    assert (
        year.report("ledger", "--account", "bank", "--partner", "C1")["rows"] == []
    )  # the bank is not kept by partner
    said = year.run("report", "ledger", "--account", "receivable", "--partner", "C1").out
    assert " with C1, 2025-12-31 to 2026-02-28 (EUR)" in said
    assert year.run("report", "ledger", "--account", "receivable", "--partner", "C9").code == 2
