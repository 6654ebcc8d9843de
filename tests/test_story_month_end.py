"""Stories of what finished months post by themselves: taxes, foreign money, profit and loss, and rules of one's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from conftest import Company
from repository import repository

MASTERS = {
    "items": "code,name,unit,type\nS,Service,h,service",
    "partners": "code,name,role,currency\nC1,Customer,customer,\nU1,Abroad,customer,USD\nS1,Supplier,supplier,",
}
# a month of the practice: output tax 2668.90, input tax 2367.00, of which 20.28 are given back
SALES = "number,date,customer,item,qty,price,tax\nI1,2026-03-05,C1,S,1,20530,13%\nI2,2026-04-02,C1,S,1,1,0%"
COSTS = "number,date,supplier,account,amount,tax,tax_amount\nB1,2026-03-06,S1,write-off,14000,13%,2346.72"


@pytest.fixture
def chinese(new_company: Callable[..., Company]) -> Company:
    return new_company(company="测试", pack="cn-small-business", currency="CNY").records(
        **MASTERS, invoices=SALES, bills=COSTS
    )


def closing(company: Company, month: str, rule: str) -> dict[str, str]:
    """The postings of a closing voucher: amounts by account code."""
    text = company.ledger(f"{month}.bean")
    head = f'rule: "{rule}"\n'
    if head not in text:
        return {}
    lines = text.split(head)[1].split("\n\n")[0].splitlines()
    posted = [line.split() for line in lines if line.startswith("  ") and not line.startswith("   ")]
    return {account.rsplit(":", 1)[1].split("-")[0]: amount for account, amount, _ in posted}


def test_taxes_of_a_chinese_month(chinese: Company) -> None:
    """2668.90 - 2346.72 = 322.18, of which 7, 3 and 2 %; then a quarter's profit at 5 %."""
    chinese.post()
    assert closing(chinese, "2026-03", "transfer-vat") == {"22210104": "322.18", "222102": "-322.18"}
    assert closing(chinese, "2026-03", "surcharges") == {
        "540303": "22.55", "540310": "9.67", "540314": "6.44",
        "222113": "-22.55", "222114": "-9.67", "222115": "-6.44",
    }  # fmt: skip
    # 20530 - 14000 - 38.66 = 6491.34
    assert closing(chinese, "2026-03", "income-tax") == {"5801": "324.57", "222111": "-324.57"}
    assert closing(chinese, "2026-03", "close-income") == {"5001": "20530.00", "3103": "-20530.00"}
    assert closing(chinese, "2026-03", "close-expenses")["3103"] == "14363.23"
    assert closing(chinese, "2026-04", "transfer-vat") == {}  # April still runs
    assert chinese.role("profit-of-the-year", "--after-closing", "--to", "2026-03-31") == "-6166.77"


def test_statements_do_not_see_what_closes_profit_accounts(chinese: Company) -> None:
    chinese.post()
    assert chinese.role("revenue", "--period", "2026-03") == "-20530.00"
    assert chinese.role("revenue", "--period", "2026-03", "--after-closing") == "0.00"
    income = {row["no"]: row["amount"] for row in chinese.report("income-statement", "--period", "2026-03")["rows"]}
    assert income[32] == "6166.77"
    sheet = {row["no"]: row["amount"] for row in chinese.report("balance-sheet", "--to", "2026-03-31")["rows"]}
    assert sheet[51] == "6166.77"
    assert chinese.run("check", "--frozen").code == 0


def test_the_paid_tax_of_last_month_changes_nothing_of_the_next(chinese: Company) -> None:
    chinese.records(
        invoices=SALES.replace("I2,2026-04-02,C1,S,1,1,0%", "I2,2026-04-02,C1,S,1,1000,13%\nI3,2026-05-02,C1,S,1,1,0%"),
        payments="number,date,direction,amount,account,applied,pays\nP1,2026-04-10,out,322.18,bank,322.18,222102",
    ).post()
    assert closing(chinese, "2026-04", "transfer-vat") == {"22210104": "130.00", "222102": "-130.00"}
    assert closing(chinese, "2026-04", "surcharges")["540303"] == "9.10"


def test_a_year_ends_in_china(new_company: Callable[..., Company]) -> None:
    company = new_company(company="测试", pack="cn-small-business", currency="CNY", settings="{income_tax: 0%}")
    company.records(
        **MASTERS,
        **{"opening-balances": "date,account,amount\n2026-01-01,bank,5000\n2026-01-01,capital,-5000"},
        invoices="number,date,customer,item,qty,price,tax\nI1,2026-12-05,C1,S,1,1000,0%\nI2,2027-01-05,C1,S,1,1,0%",
    ).post()
    assert closing(company, "2026-12", "close-year") == {"3103": "1000.00", "310405": "-1000.00"}
    assert closing(company, "2026-12", "appropriate-reserve") == {"310401": "100.00", "3101": "-100.00"}
    assert company.role("retained-earnings", "--after-closing", "--to", "2026-12-31") == "-900.00"
    assert company.role("profit-of-the-year", "--after-closing", "--to", "2026-12-31") == "0.00"


def test_profit_becomes_retained_earnings_at_the_end_of_the_fiscal_year(new_company: Callable[..., Company]) -> None:
    company = new_company(company="T", pack="ifrs", currency="EUR", fiscal_year_start="04-01")
    company.records(
        **MASTERS,
        invoices="number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,100\nI2,2026-03-05,C1,S,1,50\nI3,2026-04-05,C1,S,1,7",
        bills="number,date,supplier,account,amount\nB1,2026-02-06,S1,write-off,40",
    )
    company.write(
        "ledgers/manual/own.bean",
        '2026-02-07 * "" "Bank fee"\n  Expenses:Write-Offs    10.00 EUR\n  Assets:Cash:Bank      -10.00 EUR\n',
    )
    company.post()
    assert 'rule: "close-profit"' not in company.ledger("2026-01.bean")
    assert company.role("retained-earnings", "--after-closing") == "-100.00"  # 150 less 40, and 10 by hand
    assert company.role("revenue", "--after-closing", "--to", "2026-03-31") == "0.00"
    # the year that runs begins without the profit of the last
    assert company.role("revenue", "--from", "2026-04-01") == "-7.00"
    assert company.run("check").code == 0


def test_a_year_that_has_manual_vouchers_alone_is_closed_like_any_other(new_company: Callable[..., Company]) -> None:
    company = new_company(company="T", pack="ifrs", currency="EUR")
    company.write(
        "ledgers/manual/own.bean",
        '2025-11-07 * "" "Bank fee"\n  Expenses:Operating:Other    10.00 EUR\n  Assets:Cash:Bank      -10.00 EUR\n',
    )
    company.post()
    assert company.role("expense", "--after-closing") == "10.00"  # nothing came later: 2025 is not over
    company.records(**MASTERS, invoices="number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,100").post()
    assert company.role("retained-earnings", "--after-closing", "--to", "2025-12-31") == "10.00"
    assert company.role("expense", "--after-closing", "--to", "2025-12-31") == "0.00"
    assert company.role("retained-earnings", "--after-closing") == "10.00"
    assert company.run("check").code == 0


def test_foreign_money_is_worth_what_it_is_worth_at_the_months_end(new_company: Callable[..., Company]) -> None:
    """100 USD at 0.90; 0.95 at the end of January: 5.00 gained, taken back; settled at 0.93: 3.00 gained in all."""
    company = new_company(company="T", pack="ifrs", currency="EUR")
    company.records(
        **MASTERS,
        rates="date,currency,rate\n2026-01-05,USD,0.90\n2026-01-31,USD,0.95",
        invoices="number,date,customer,item,qty,price,currency\nI1,2026-01-10,U1,S,1,100,USD",
        payments="number,date,partner,direction,amount,account,applies,currency,rate\nP1,2026-02-15,U1,in,100,bank,I1,USD,0.93",
    ).post()
    assert company.role("receivable", "--to", "2026-01-31") == "95.00"
    assert company.role("exchange-gain", "--period", "2026-01") == "-5.00"
    assert company.role("exchange-gain", "--period", "2026-02") == "-3.00"
    assert 'document: "closings/2026-02-01-revaluation"' in company.ledger("2026-02.bean")
    assert company.run("check", "--frozen").code == 0
    said = company.run("explain", "closings/2026-02-01-revaluation").out
    assert "held.value - held.amount = 95.00 - 90.00 = 5.00" in said


def test_advances_are_not_revalued(new_company: Callable[..., Company]) -> None:
    company = new_company(company="T", pack="ifrs", currency="EUR")
    company.records(
        **MASTERS,
        rates="date,currency,rate\n2026-01-05,USD,0.90\n2026-01-31,USD,0.95",
        payments="number,date,partner,direction,amount,account,currency\nP1,2026-01-15,U1,in,100,bank,USD\nP2,2026-02-15,U1,in,1,bank,USD",
    ).post()
    assert company.role("customer-advances", "--to", "2026-01-31") == "-90.00"
    assert company.role("bank", "--to", "2026-01-31") == "95.00"


def test_a_rule_of_ones_own_comes_where_it_says(chinese: Company) -> None:
    """A tax on wages before the profit is closed; what an earlier rule posted is seen by the later ones."""
    chinese.write(
        "rules/closing.yaml",
        "stamp-duty:\n  before: income-tax\n  narration: 印花税\n"
        "  let: {duty: round(0.0003 * (0 - turnover('Income')))}\n  lines:\n"
        "    - {dr: 'Expenses:5403-税金及附加:540309-印花税', amount: duty}\n"
        "    - {cr: 'Liabilities:2221-应交税费:222116-应交印花税', amount: duty}\n",
    )
    chinese.post()
    assert closing(chinese, "2026-03", "stamp-duty") == {"540309": "6.16", "222116": "-6.16"}  # 20530.00 × 0.0003
    assert closing(chinese, "2026-03", "income-tax")["222111"] == "-324.26"  # 5 % of 6491.34 - 6.16
    assert closing(chinese, "2026-03", "close-expenses")["540309"] == "-6.16"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("balance('ouput-tax')", "Did you mean `output-tax`?"),
        ("balance(number)", "a text in quotes is needed here"),
        ("turnover('Income', 'weak')", "none of month, quarter, year"),
        ("turnover('Income') * balance('Expenses')", "an amount of money is needed"),
        ("line.net", "unknown-name"),
    ],
)
def test_faults_of_closing_rules_are_told_at_their_place(chinese: Company, amount: str, said: str) -> None:
    chinese.write("rules/closing.yaml", f'own:\n  lines:\n    - {{dr: bank, amount: "{amount}"}}\n')
    result = chinese.run("rules", "check")
    assert result.code == 1
    assert said in result.err
    assert "rules/closing.yaml:3:" in result.err


def test_balances_are_a_matter_of_closing_rules(chinese: Company) -> None:
    chinese.write(
        "rules/vouchers.yaml",
        "own:\n  overrides: invoices\n  document: invoices\n  lines:\n    - {dr: bank, amount: balance('bank')}\n",
    )
    assert "balance" in chinese.run("rules", "check").err


def test_the_order_of_rules_must_be_possible(chinese: Company) -> None:
    chinese.write("rules/closing.yaml", "own:\n  before: close-incom\n  lines:\n    - {dr: bank, amount: 1}\n")
    assert "Did you mean `close-income`?" in chinese.run("rules", "check").err


def test_what_is_late_for_a_closed_month_is_closed_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = repository(
        tmp_path / "books", monkeypatch, pack="cn-small-business", policies="{late_documents: next-open-period}"
    )
    invoices = "number,date,customer,item,qty,price,tax\n{}I2,2026-02-02,C1,S,1,7,0%\nI3,2026-03-02,C1,S,1,1,0%\n"
    shop.records(**MASTERS, invoices=invoices.format("I1,2026-01-05,C1,S,1,100,0%\n")).posted()
    shop.ok("close", "2026-01")
    january = shop.ledger("2026-01.bean")
    shop.records(invoices=invoices.format("I1,2026-01-05,C1,S,1,100,0%\nI0,2026-01-06,C1,S,1,50,0%\n")).posted()
    assert shop.ledger("2026-01.bean") == january
    assert "closings/2026-01-31-close-income" not in shop.ledger("2026-02.bean")
    assert shop.role("profit-of-the-year", "--after-closing", "--to", "2026-02-28") == "-157.00"
    assert shop.role("revenue", "--after-closing", "--to", "2026-02-28") == "0.00"
    shop.ok("check", "--frozen")


def test_a_closed_month_is_taken_back_as_it_was_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """100 USD at 0.90 are worth 95.00 in the closed January; 40 USD come late, and February takes back 5.00, not 7.00."""
    shop = repository(tmp_path / "books", monkeypatch, policies="{late_documents: next-open-period}")
    invoices = "number,date,customer,item,qty,price,currency\nI1,2026-01-10,U1,S,1,100,USD\n"
    rates = "date,currency,rate\n2026-01-05,USD,0.90\n2026-01-31,USD,0.95"
    shop.records(**MASTERS, rates=rates, invoices=invoices + "I3,2026-02-10,U1,S,1,10,USD").posted()
    shop.ok("close", "2026-01")
    shop.commit("January")
    shop.records(invoices=invoices + "I2,2026-01-10,U1,S,1,40,USD\nI3,2026-02-10,U1,S,1,10,USD").posted()
    assert shop.role("exchange-gain", "--to", "2026-01-31") == "-5.00"
    assert shop.role("exchange-gain", "--to", "2026-02-09") == "0.00"
    assert shop.role("receivable", "--to", "2026-02-09") == "126.00"  # 140 USD at 0.90
    shop.ok("check", "--frozen")


@pytest.mark.parametrize("ending", ["  to: 2026-01-31\n", "", "next:\n  overrides: own\n  skip: no more\n"])
def test_a_rule_that_ends_still_takes_back_what_was_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    shop = repository(tmp_path / "books", monkeypatch)
    rule = "own:\n{}  reverse: yes\n  lines:\n    - {{dr: expense, amount: 5}}\n    - {{cr: bank, amount: 5}}\n{}"
    shop.write("rules/closing.yaml", rule.format("", ""))
    shop.records(**MASTERS, invoices="number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,9").posted()
    shop.ok("close", "2026-01")
    parts = ("", ending) if ending.startswith("next") else (ending, "")
    shop.write("rules/closing.yaml", rule.format(*parts))
    invoices = (
        "number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,9\nI2,2026-02-05,C1,S,1,9\nI3,2026-03-05,C1,S,1,9"
    )
    shop.records(invoices=invoices).posted()
    assert shop.role("expense", "--to", "2026-02-01") == "0.00"
    assert ("closings/2026-02-28-own" in shop.ledger("2026-02.bean")) == (not ending)
    shop.ok("check", "--frozen")


@pytest.mark.parametrize("follows", [True, False])
def test_a_rule_that_is_gone_still_takes_back_what_was_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, follows: bool
) -> None:
    shop = repository(tmp_path / "books", monkeypatch)
    rule = "own:\n  reverse: yes\n  review: number != ''\n  lines: [{dr: expense, amount: 5}, {cr: bank, amount: 5}]\n"
    shop.write("rules/closing.yaml", rule)
    invoices = "number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,9\n"
    shop.records(**MASTERS, invoices=invoices).posted()
    said = shop.refused("close", "2026-01")
    assert "closings/2026-01-31-own, which the month posts at its end, is not approved" in said
    assert shop.ok("review", "show", "closings/2026-01-31-own").out.startswith('waiting\n2026-01-31 ! ""')
    shop.ok("review", "approve", "closings/2026-01-31-own")
    assert shop.ok("review", "list", "--format", "json").json["rows"] == []  # January is not over
    shop.ok("close", "2026-01")
    assert ' ! "" "Reversal: ' in shop.ledger("2026-02.bean")  # what takes it back is reviewed like it
    january = shop.ledger("2026-01.bean")
    assert 'reversed_on: "2026-02-01"' in january
    shop.write("rules/closing.yaml", "")
    shop.records(invoices=invoices + ("I2,2026-02-05,C1,S,1,9\n" if follows else "")).posted()
    assert shop.ledger("2026-01.bean") == january
    assert 'document: "closings/2026-02-01-own"' in shop.ledger("2026-02.bean")
    assert shop.role("expense", "--to", "2026-02-01") == "0.00"
    shop.ok("check", "--frozen")


@pytest.mark.parametrize("late_documents", ["refuse", "next-open-period"])
def test_a_revaluation_that_is_left_out_still_takes_back_what_was_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late_documents: str
) -> None:
    shop = repository(tmp_path / "books", monkeypatch, policies=f"{{late_documents: {late_documents}}}")
    invoices = "number,date,customer,item,qty,price,currency\nI1,2026-01-10,U1,S,1,100,USD\n"
    rates = "date,currency,rate\n2026-01-05,USD,0.90\n2026-01-31,USD,0.95\n2026-02-28,USD,1.00"
    shop.records(**MASTERS, rates=rates, invoices=invoices + "I2,2026-02-10,C1,S,1,7,\n").posted()
    shop.ok("close", "2026-01")
    shop.write("rules/closing.yaml", "own:\n  overrides: revaluation\n  skip: not in these books\n")
    shop.posted()
    assert shop.role("exchange-gain", "--to", "2026-01-31") == "-5.00"
    assert shop.role("exchange-gain", "--to", "2026-02-28") == "0.00"
    assert shop.role("receivable") == "97.00"
    shop.ok("check", "--frozen")


def test_a_difference_names_what_a_closing_voucher_and_its_reversal_are_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = repository(tmp_path / "books", monkeypatch)
    rule = "own:\n  reverse: yes\n  let: {b: turnover('Income')}\n  lines: [{dr: expense, amount: b}, {cr: bank, amount: b}]\n"
    shop.write("rules/closing.yaml", rule)
    invoices = "number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,9\nI2,2026-02-05,C1,S,1,9\n"
    shop.records(**MASTERS, invoices=invoices).posted()
    shop.records(invoices=invoices + "I3,2026-01-06,C1,S,1,1\n")
    rows = shop.ok("diff", "HEAD", "--format", "json").json["vouchers"]
    causes = {row["document"]: row["cause"]["of"] for row in rows if row["document"].startswith("closings/")}
    assert causes == {"closings/2026-01-31-own": ["invoices/I3"], "closings/2026-02-01-own": ["invoices/I3"]}


def test_a_rule_that_changes_does_not_change_what_a_closed_month_takes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = repository(tmp_path / "books", monkeypatch)
    rule = "own:\n  reverse: yes\n  lines:\n    - {{dr: expense, amount: {0}}}\n    - {{cr: bank, amount: {0}}}\n"
    shop.write("rules/closing.yaml", rule.format(5))
    shop.records(**MASTERS, invoices="number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,9").posted()
    shop.ok("close", "2026-01")
    shop.write("rules/closing.yaml", rule.format(8))
    shop.posted()
    assert shop.role("expense", "--to", "2026-01-31") == "5.00"
    assert shop.role("expense") == "0.00"
    shop.ok("check", "--frozen")


def test_months_of_a_fiscal_year() -> None:
    from beanstock.rulebook.load import kinds_of  # noqa: PLC0415
    from beanstock.vouchers.closing import Closer, closing_document  # noqa: PLC0415

    kinds, _ = kinds_of(None, {})
    closer = Closer.__new__(Closer)
    closer.rulebook, closer.year_start = SimpleNamespace(kinds=kinds), 4  # type: ignore[assignment]
    document = closing_document("own", dt.date(2027, 2, 28), 0, closer)
    assert document.periods["quarter"] == ["2027-01", "2027-02"]
    assert document.periods["year"][0] == "2026-04"
    assert (document.ends_quarter, document.ends_year) == (False, False)
    ending = closing_document("own", dt.date(2027, 3, 31), 0, closer)
    assert (ending.ends_quarter, ending.ends_year) == (True, True)


def test_foreign_money_of_manual_vouchers_is_read_where_it_is_some(new_company: Callable[..., Company]) -> None:
    """100 USD that stand for 90.00 by hand are 95.00 at the month's end; a note that is none is left out."""
    company = new_company(company="T", pack="ifrs", currency="EUR").records(
        **MASTERS,
        rates="date,currency,rate\n2026-01-31,USD,0.95",
        invoices="number,date,customer,item,qty,price\nI0,2026-01-10,C1,S,1,5\nI1,2026-02-10,C1,S,1,100",
    )
    posting = '2026-01-12 * "" "By hand"\n  Assets:Cash:Bank    {0} EUR\n    foreign: "{1}"\n  Equity:Opening-Balances  -{0} EUR\n'
    company.write("ledgers/manual/own.bean", posting.format("90.00", "100.00 USD") + posting.format("1.00", "abc"))
    company.post()
    assert company.role("bank", "--to", "2026-01-31") == "96.00"
    assert company.role("exchange-gain", "--period", "2026-01") == "-5.00"


def test_what_is_late_and_what_is_taken_back_share_the_first_open_month(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing follows the closed January: its revaluation of 5.00 is taken back in February, beside what is late for it."""
    shop = repository(tmp_path / "books", monkeypatch, policies="{late_documents: next-open-period}")
    invoices = "number,date,customer,item,qty,price,currency\nI1,2026-01-10,U1,S,1,100,USD\n"
    rates = "date,currency,rate\n2026-01-05,USD,0.90\n2026-01-31,USD,0.95"
    shop.records(**MASTERS, rates=rates, invoices=invoices).posted()
    shop.ok("close", "2026-01")
    assert shop.role("receivable") == "90.00"
    shop.commit("close January")
    shop.records(invoices=invoices + "I2,2026-01-12,C1,S,1,7,\n").posted()
    assert 'document: "closings/2026-02-01-revaluation"' in shop.ledger("2026-02.bean")
    assert 'document: "invoices/I2"' in shop.ledger("2026-02.bean")
    assert shop.role("receivable") == "97.00"
    shop.ok("check", "--frozen")
