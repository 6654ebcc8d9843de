"""Quarters and years of Chinese books: the exemption of small-scale taxpayers, a loss carried forward, what comes after closing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Company
from repository import Repository, repository

PACKS = ("cn-small-business", "cn-asbe")
SERVICE = "编码,名称,单位,性质\nF,咨询,次,服务"


def turnover(company: Company, role: str, period: str) -> tuple[str, str]:
    """Debits and credits of a role in a period, closing vouchers among them."""
    rows = company.report("trial-balance", "--period", period, "--after-closing")["rows"]
    found = [(row["debit"], row["credit"]) for row in rows if row["role"] == role]
    return found[0] if found else ("0.00", "0.00")


@pytest.mark.parametrize("pack", PACKS)
def test_quarters_of_a_small_scale_taxpayer(new_company: Callable[..., Company], pack: str) -> None:
    """January to March sell 9,000.00 and 1,000.00 of it on 专票: 80.00 are waived, 10.00 are owed. The second quarter sells
    300,001.00, and all of it is taxed at 1 %: 3,000.01, with half of 7 %, 3 % and 2 %.
    """
    company = new_company(
        company="小规模",
        pack=pack,
        currency="CNY",
        settings="{taxpayer: small-scale, surcharge_relief: 50%, income_tax: 0%}",
    ).records(
        items="编码,名称,单位,性质\nA,茶叶,斤,商品\nF,咨询,次,服务",
        purchases="单号,日期,供应商,商品,数量,含税单价,税率\nCG1,2026-01-05,S1,A,100,56.50,13%",
        sales="单号,日期,客户,原单,商品,数量,含税单价,发票类型,收款账户\n"
        "XS1,2026-01-10,C1,,A,90,101,,\nXS2,2026-02-10,C1,XS1,A,-10,101,,\nXS3,2026-03-10,C1,,A,10,101,专票,bank",
        payments="单号,日期,收付,金额,对方科目\nF1,2026-07-10,付,3000.01,output-tax",
        invoices="单号,日期,客户,商品,数量,含税单价\nFW1,2026-05-10,C1,F,1,303001.01\nFW2,2026-07-10,C1,F,1,101",
    )
    company.post()
    assert turnover(company, "output-tax", "2026-Q1") == ("80.00", "90.00")  # 90 - 10 in red, 10 on 专票; 80 waived
    assert turnover(company, "tax-relief", "2026-Q1") == ("80.00", "80.00")  # closed to 本年利润
    assert turnover(company, "construction-tax-payable", "2026-Q1") == ("0.00", "0.35")  # 10.00 × 7 % / 2
    assert turnover(company, "tax-relief", "2026-Q2") == ("0.00", "0.00")
    assert turnover(company, "output-tax", "2026-Q2") == ("0.00", "3000.01")
    assert turnover(company, "construction-tax-payable", "2026-Q2") == ("0.00", "105.00")
    assert turnover(company, "education-surcharge-payable", "2026-Q2") == ("0.00", "45.00")
    assert turnover(company, "local-education-surcharge-payable", "2026-Q2") == ("0.00", "30.00")
    flows = {row["label"]: row["amount"] for row in company.report("cash-flow", "--period", "2026")["rows"]}
    assert "1010.00" in (flows.get("销售产成品、商品、提供劳务收到的现金"), flows.get("销售商品、提供劳务收到的现金"))
    assert "3000.01" in (flows.get("支付的税费"), flows.get("支付的各项税费"))
    assert company.stock("A") == ("10", "565.00")  # bought at the full price


@pytest.mark.parametrize(("pack", "equity", "reserve"), [("cn-small-business", 51, 50), ("cn-asbe", 70, 69)])
def test_a_loss_is_carried_forward(new_company: Callable[..., Company], pack: str, equity: int, reserve: int) -> None:
    """2025 earns 3,000.00 and loses 8,000.00: the tax of its first quarter comes back, and 未分配利润 is 5,000.00 in debit.
    2026 earns 12,000.00: tax on 7,000.00 at 25 %, 1,750.00; the reserve is 10 % of 12,000 - 1,750 - 5,000.
    """
    company = new_company(company="咨询", pack=pack, currency="CNY", settings="{income_tax: 25%}").records(
        items=SERVICE,
        opening_balances="日期,科目,金额\n2025-01-01,bank,50000\n2025-01-01,capital,-50000",
        bills="单号,日期,供应商,科目,金额,税率\nB1,2025-05-10,S1,expense,8000,0%\nB2,2026-05-10,S1,expense,2000,0%",
        invoices="单号,日期,客户,商品,数量,单价,税率\nI0,2025-02-10,C1,F,1,3000,0%\nI1,2026-02-10,C1,F,1,4000,0%\n"
        "I2,2026-08-10,C1,F,1,7000,0%\nI3,2026-11-10,C1,F,1,3000,0%\nI4,2027-01-10,C1,F,1,1,0%",
    )
    company.post()
    assert turnover(company, "income-tax-payable", "2025-Q1") == ("0.00", "750.00")
    assert turnover(company, "income-tax-payable", "2025-Q2") == ("0.00", "-750.00")
    assert turnover(company, "retained-earnings", "2025") == ("5000.00", "0.00")
    for quarter, accrued in (("2026-Q1", "0.00"), ("2026-Q2", "0.00"), ("2026-Q3", "1000.00"), ("2026-Q4", "750.00")):
        assert turnover(company, "income-tax-payable", quarter) == ("0.00", accrued), quarter
    rows = {row["no"]: row["amount"] for row in company.report("balance-sheet", "--period", "2026")["rows"]}
    assert (rows[equity], rows[reserve]) == ("4725.00", "525.00")
    # costs of 2,000.00, tax of 1,750.00 and what is closed, 10,250.00, against sales of 14,000.00
    assert turnover(company, "profit-of-the-year", "2026") == ("14000.00", "14000.00")


@pytest.mark.parametrize("pack", PACKS)
def test_a_bill_after_closing_and_a_correction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: str) -> None:
    """January's estimate of 530.00 is billed late at 540.00, dated in January, and an invoice of January is corrected.

    January and its closing vouchers stay; February takes both on its first day, and its own closing what they change.
    """
    books: Repository = repository(
        tmp_path / "books", monkeypatch, pack=pack, currency="CNY", policies="{late_documents: next-open-period}"
    )
    sold = "单号,日期,客户,商品,数量,单价,税率\nI1,2026-01-10,C1,F,1,1000,13%\nI2,2026-02-10,C1,F,1,100,13%\nI3,2026-03-01,C1,F,1,1,0%"
    books.records(
        items="编码,名称,单位,性质\nA,茶叶,斤,商品\nF,咨询,次,服务",
        receipts="单号,日期,供应商,商品,数量,单价\nR1,2026-01-20,S1,A,10,53",
        invoices=sold,
    ).posted()
    books.ok("close", "2026-01")
    january = books.ledger("2026-01.bean")
    assert "转出未交增值税" in january
    books.commit("close January")
    books.records(
        bills="单号,日期,供应商,入库单,商品,数量,单价,税率\nB1,2026-01-31,S1,R1,A,10,54,13%",
        invoices=sold.replace("C1,F,1,1000", "C1,F,1,1200"),
    ).posted()
    assert books.ledger("2026-01.bean") == january
    february = books.ledger("2026-02.bean")
    assert february.count('late: "2026-01-10"') == 2  # red and blue
    assert "红字冲销 销售发票 I1" in february
    assert 'late: "2026-01-31"' in february
    # red entries on their own side: 1000 out, 1200 and 100 in; closed with the month
    assert turnover(books, "revenue", "2026-02") == ("300.00", "300.00")
    assert turnover(books, "output-tax", "2026-02") == ("0.00", "39.00")  # 156 - 130 + 13
    assert turnover(books, "input-tax", "2026-02") == ("70.20", "0.00")
    assert turnover(books, "goods-received-not-invoiced", "2026-02") == ("530.00", "0.00")
    assert books.stock("A") == ("10", "540.00")
    # January owed 130.00; February has 31.20 of credit to carry, and transfers nothing
    assert books.role("tax-payable") == "-130.00"
    rows = {row["label"]: row["amount"] for row in books.report("balance-sheet", "--period", "2026-02")["rows"]}
    assert rows["其他流动资产"] == "31.20"
    books.ok("close", "2026-02")
    books.ok("check", "--frozen")
