"""A month of a Chinese trader under both standards: records in Chinese, the figures of everyday practice, red entries on
their own side, and the statements by their line numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from conftest import Company

MONTH = {
    "商品": "编码,名称,单位,性质\nA,茶叶,斤,商品\nN,礼盒,个,原材料\nG,礼盒装,套,产成品",
    "往来单位": "编码,名称,角色,账期\nC1,批发客户,客户,30\nC2,零售,客户,\nS1,茶厂,供应商,30\nS2,包装厂,供应商,30",
    "期初余额": "日期,科目,金额\n2026-01-01,1002,100000\n2026-01-01,{capital},-100000",
    # E01: 货票同到 200 × 53；E24: 货到票未到 40 × 53，月末暂估；E03: 材料
    "采购": "单号,日期,供应商,商品,数量,单价,税率\nCG-1,2026-01-03,S1,A,200,53,13%\nCG-2,2026-01-03,S2,N,100,21.80,13%",
    "采购入库": "单号,日期,供应商,商品,数量,单价\nRK-1,2026-01-28,S1,A,40,53",
    # E04: 120 × 90；E05: 退 10
    "销售出库": "单号,日期,客户,原单,商品,数量\nCK-1,2026-01-10,C1,,A,120\nCK-2,2026-01-15,C1,CK-1,A,-10",
    "销售发票": "单号,日期,客户,原单,商品,数量,单价,税率\nFS-1,2026-01-10,C1,,A,120,90,13%\nFS-2,2026-01-15,C1,FS-1,A,-10,90,13%",
    # E07: 微信零售 5 × 101.70
    "销售": "单号,日期,客户,商品,数量,含税单价,税率,收款账户\nLS-1,2026-01-20,C2,A,5,101.70,13%,wallet:微信",
    # E07c/d: 手续费 3.05，提现；E09: 预付 2000；E06: 收款
    "收付款": "单号,日期,往来单位,收付,金额,手续费,对方科目\nTX-1,2026-01-21,,收,508.50,3.05,wallet:微信\n"
    "FK-1,2026-01-22,S2,付,5000,,\nSK-1,2026-01-23,C1,收,11187,,",
    # E13a: 组装 10 套；E15a: 自用 1；E17: 盘亏 3
    "生产": "单号,日期,行类型,商品,数量\nZZ-1,2026-01-24,投入,A,10\nZZ-1,,投入,N,10\nZZ-1,,产出,G,10",
    "库存调整": "单号,日期,原因,商品,数量\nTZ-1,2026-01-25,自用,A,-1",
    "盘点": "单号,日期,商品,实盘数量\nPD-1,2026-01-26,A,71",
}
CODES = {
    "cn-small-business": {
        "capital": "3001", "revenue": "5001", "cost": "5401", "own-use": "560207", "wip": "4001", "fee": "560303",
        "advances": "1123",
    },
    "cn-asbe": {
        "capital": "4001", "revenue": "6001", "cost": "6401", "own-use": "660207", "wip": "5001", "fee": "660303",
        "advances": "1123",
    },
}  # fmt: skip


def month(new_company: Callable[..., Company], pack: str, **settings: str) -> Company:
    company = new_company(company="测试", pack=pack, currency="CNY", **settings)
    for name in ("items", "partners", "warehouses"):
        (company.folder / f"records/{name}.csv").unlink()
    for kind, text in MONTH.items():
        company.write(f"records/{kind}.csv", text.replace("{capital}", CODES[pack]["capital"]) + "\n")
    return company


def by_code(company: Company) -> dict[str, dict[str, str]]:
    rows = company.report("trial-balance")["rows"]
    return {row["code"] or row["role"]: row for row in rows}


@pytest.mark.parametrize("pack", CODES)
def test_a_month_of_a_general_taxpayer(new_company: Callable[..., Company], pack: str) -> None:
    codes = CODES[pack]
    rows = by_code(month(new_company, pack).post())
    # bought 10600 and 2120 at 53 in stock; 120 - 10 + 5 sold, 10 assembled, 1 used, 3 missing
    assert rows[codes["revenue"]]["credit"] == "10350.00"  # 10800 - 900 red + 450: turnover is not inflated
    assert rows[codes["revenue"]]["debit"] == "0.00"
    assert rows["22210107"]["credit"] == "1345.50"  # 1404 - 117 + 58.50
    assert rows["22210101"]["debit"] == "1661.40"  # 1378 + 283.40
    assert rows[codes["cost"]]["debit"] == "6095.00"  # 115 × 53, the return red
    assert rows[codes["own-use"]]["closing"] == "53.00"
    assert rows["1901"]["closing"] == "159.00"  # 盘亏 3 × 53
    assert (rows[codes["wip"]]["debit"], rows[codes["wip"]]["closing"]) == ("748.00", "0.00")  # 530 + 218
    assert rows["1405"]["closing"] == "6631.00"  # (71 + 40) × 53 = 5883, and 748 assembled
    assert rows["1403"]["closing"] == "1962.00"
    assert rows["220202"]["closing"] == "-2120.00"  # 暂估不含税
    assert rows["1122"]["closing"] == "0.00"
    assert rows[codes["fee"]]["closing"] == "3.05"
    assert rows[codes["advances"]]["closing"] == "2536.60"  # 5000 paid, 2463.40 owed


@pytest.mark.parametrize(("pack", "stock", "other", "vat", "total"), [
    ("cn-small-business", 9, 14, 36, (30, 53)), ("cn-asbe", 9, 13, 43, (34, 72)),
])  # fmt: skip
def test_its_statements(
    new_company: Callable[..., Company], pack: str, stock: int, other: int, vat: int, total: tuple[int, int]
) -> None:
    company = month(new_company, pack).post()
    report = company.report("balance-sheet")
    lines = {row["no"]: row["amount"] for row in report["rows"] if row["no"]}
    assert lines[stock] == "8593.00"
    assert lines[other] == "474.90"  # 留抵 1661.40 - 1345.50 = 315.90, and 159.00 of 1901
    assert lines[vat] == "0.00"
    assert lines[total[0]] == lines[total[1]]
    income = {row["no"]: row["amount"] for row in company.report("income-statement")["rows"]}
    assert (income[1], income[2]) == ("10350.00", "6095.00")
    last = 32 if pack == "cn-small-business" else 24
    assert income[last] == "4198.95"  # 10350 - 6095 - 53 - 3.05
    assert "资产负债表" in company.run("report", "balance-sheet").out


def test_a_small_scale_taxpayer_takes_input_tax_into_cost(new_company: Callable[..., Company]) -> None:
    company = month(new_company, "cn-small-business", settings="{taxpayer: small-scale}")
    for kind in ("销售发票", "销售"):
        path = company.folder / f"records/{kind}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("13%", "征收率"), encoding="utf-8")
    rows = by_code(company.post())
    assert "22210101" not in rows
    assert "22210107" not in rows
    assert rows["222101"]["closing"] == "-104.03"  # 108 - 9 + 508.50 / 1.01 × 1% = 5.03
    assert rows["1403"]["closing"] == "2217.06"  # 90 × 21.80 × 1.13


def test_an_estimate_of_a_small_scale_taxpayer_has_no_tax_in_its_price(new_company: Callable[..., Company]) -> None:
    company = new_company(pack="cn-small-business", currency="CNY", settings="{taxpayer: small-scale}")
    company.records(
        items="code,name,unit\nA,茶叶,斤",
        receipts="number,date,supplier,item,qty,gross_price\nR1,2026-01-05,S1,A,10,11.30",
    )
    assert company.post().stock("A") == ("10", "113.00")  # the levy of 1% is for what is sold


def test_where_the_standards_differ(new_company: Callable[..., Company]) -> None:
    closing: dict[str, dict[str, str]] = {}
    for pack in CODES:
        company = new_company(company="测试", pack=pack, currency="CNY")
        company.records(
            items="code,name,unit,type\nA,茶叶,斤,goods\nN,礼盒,个,material",
            opening_stock="date,item,qty,value\n2026-01-01,A,10,500\n2026-01-01,N,10,20",
            invoices="number,date,customer,item,qty,price,tax\nI1,2026-01-05,C1,A,1,100,0%\nI2,2026-01-05,C1,N,2,5,0%",
            deliveries="number,date,customer,item,qty\nD1,2026-01-05,C1,A,1\nD2,2026-01-05,C1,N,2",
            adjustments="number,date,reason,item,qty\nJ1,2026-01-06,盘盈,A,1\nJ2,2026-01-06,报废,A,-2",
            payments="""
                number,date,partner,direction,amount,cash_discount,write_off
                P1,2026-01-07,C1,in,105,2,3
                P2,2026-01-08,C2,in,40,,
            """,
        )
        rows = company.post().report("trial-balance")["rows"]
        closing[pack] = {row["account"].split(":", 1)[1]: row["closing"] for row in rows}
    small, general = closing["cn-small-business"], closing["cn-asbe"]
    for account, amount in (
        ("5051-其他业务收入", "-10.00"),
        ("5402-其他业务成本", "4.00"),
        ("5301-营业外收入:530104-盘盈收益", "-50.00"),
        ("5711-营业外支出:571108-存货报废损失", "100.00"),
        ("5603-财务费用:560304-给予的现金折扣", "2.00"),
        ("5711-营业外支出:571103-坏账损失", "3.00"),
        ("2203-预收账款", "-40.00"),
    ):
        assert small[account] == amount
    for account, amount in (
        ("6051-其他业务收入", "-10.00"),
        ("6402-其他业务成本", "4.00"),
        ("6602-管理费用:660216-存货盘盈", "-50.00"),
        ("6602-管理费用:660218-存货报废", "100.00"),
        ("6001-主营业务收入:600199-现金折扣", "2.00"),
        ("6702-信用减值损失", "3.00"),
        ("2204-合同负债", "-40.00"),
    ):
        assert general[account] == amount
    assert sum(Decimal(amount) for amount in small.values()) == sum(Decimal(amount) for amount in general.values()) == 0


def test_a_code_that_has_sub_accounts_names_them(new_company: Callable[..., Company]) -> None:
    company = new_company(company="测试", pack="cn-small-business", currency="CNY")
    company.records(期初余额="日期,科目,金额\n2026-01-01,5603,5\n2026-01-01,1002,-5")
    assert "It is posted to by its sub-accounts: 560301-利息费用, 560302-汇兑损失" in company.fails("unknown-account")


def test_sub_accounts_have_the_code_of_their_account(new_company: Callable[..., Company]) -> None:
    """微信 and 支付宝 are wallets without codes of their own: they stand under 1012, and a bank under 1002."""
    company = new_company(pack="cn-small-business", currency="CNY", language="zh").records(
        invoices="number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,100",
        payments="number,date,partner,direction,amount,account\nP1,2026-01-06,C1,in,50,wallet:微信\n"
        "P2,2026-01-06,C1,in,20,wallet\nP3,2026-01-06,C1,in,30,bank:ICBC",
    )
    company.post()
    rows = company.report("trial-balance")["rows"]
    codes = {row["account"].split(":", 1)[1]: row["code"] for row in rows}
    assert codes["1012-其他货币资金:X-微信"] == codes["1012-其他货币资金"] == "1012"
    assert codes["1002-银行存款:ICBC"] == "1002"
    assert codes["2221-应交税费:222101-应交增值税:22210107-销项税额"] == "22210107"


def test_words_of_a_choice_are_words_in_its_columns_only(new_company: Callable[..., Company]) -> None:
    """按数量 is a basis of landed costs; a reason of one's own may be called 数量, and reaches the rule as it is written."""
    company = new_company(pack="cn-small-business", currency="CNY", language="zh").records(
        opening_stock="date,item,qty,value\n2026-01-01,A,10,100",
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-02,S1,A,10,10",
        landed_costs="number,date,supplier,basis,amount,document\nL1,2026-01-03,S2,数量,20,R1",
        adjustments="单号,日期,原因,商品,数量\nA1,2026-01-10,数量,A,-1\nA2,2026-01-11,报废,A,-1",
    )
    company.write(
        "rules/vouchers.yaml",
        "weighed:\n  document: adjustments\n  when: reason == '数量'\n  lines:\n"
        "    - {each: moves, dr: sample, amount: move.cost}\n    - {each: moves, cr: inventory, amount: move.cost}\n"
        "others:\n  document: adjustments\n  overrides: adjustments\n  when: reason == 'scrap'\n  lines:\n"
        "    - {each: moves, dr: scrap, amount: move.cost}\n    - {each: moves, cr: inventory, amount: move.cost}\n",
    )
    company.post()
    assert (company.role("sample"), company.role("scrap")) == ("11.00", "11.00")
