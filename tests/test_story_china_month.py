"""The worked month of Chinese practice (E01 to E32): every voucher with its accounts, sides and red entries, and the statements.

A general taxpayer buys tea, has materials processed outside, makes and assembles goods, sells, counts, pays wages, estimates
what is not billed, and closes the month: 转出未交增值税, 附加税费, 所得税, 损益结转. The figures are those of the textbook month, to the
cent. Our vouchers differ in form in these places:

- E03, E12b: freight and processing fees are owed to their supplier, and reach the stock through 220203, so that a fee may
  come before or after the goods; the textbook pays them in the same voucher.
- E13a, E13b: putting together and taking apart go through 生产成本, as all production does; 生产成本 is nil after each voucher.
- E17: what is found and what is missing of one count is one voucher, and so is what was decided about it.
- E18: what employees bear (代扣社保, 个税) leaves their wages with the payroll, not with the payment.
- E21, E22: jobs keep the cost elements, 生产成本 has no accounts for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from conftest import Company

MONTH = {
    "商品": """
        编码,名称,单位,性质
        A,茶叶,斤,商品
        R,原料,公斤,原材料
        N,加工料,公斤,原材料
        P,成品,件,产成品
        G,礼盒,套,商品
    """,
    "仓库": """
        编码,名称,科目类别
        main,主仓,
        shop,门店,门店
    """,
    "往来单位": """
        编码,名称,角色
        C1,批发客户,客户
        C2,零售,客户
        S1,茶厂,供应商
        S2,原料厂,供应商
        S3,运输公司,供应商
        S4,加工厂,供应商
        S5,电力公司,供应商
        S6,茶商,供应商
        C3,成品客户,客户
    """,
    "部门": """
        编码,名称,职能,费用池
        W,车间,生产,车间
        V,销售部,销售,
        O,办公室,管理,
    """,
    "员工": """
        编码,名称,部门
        E1,生产工人,
        E2,车间主任,W
        E3,销售员,V
        E4,会计,O
    """,
    "固定资产": """
        编码,名称,日期,原值,净残值,使用月数,折旧方法,部门
        F1,车间设备,2025-12-10,24000,0,60,直线法,W
        F2,办公设备,2025-12-10,6000,0,60,直线法,O
    """,
    "期初库存": """
        日期,仓库,商品,数量,价值
        2026-01-01,main,A,100,5000
        2026-01-01,main,R,200,4000
    """,
    "期初余额": """
        日期,科目,往来单位,金额
        2026-01-01,1002,,100000
        2026-01-01,receivable,C1,56500
        2026-01-01,1601,,30000
        2026-01-01,capital,,-195500
    """,
    "采购": """
        单号,日期,供应商,商品,数量,单价,税率
        E01,2026-01-02,S1,A,200,53,13%
        E02,2026-01-02,S2,R,300,22,13%
    """,
    "采购入库": """
        单号,日期,供应商,商品,数量,单价
        E24,2026-01-31,S6,A,40,53
    """,
    "采购费用分摊": """
        单号,日期,供应商,分摊方式,金额,税率,单据
        E03,2026-01-02,S3,数量,300,9%,E02
        E12b,2026-01-05,S4,数量,200,13%,E12c
    """,
    "销售": """
        单号,日期,客户,原单,商品,数量,单价,含税单价,税率,收款账户
        E07a,2026-01-20,C2,,A,5,,101.70,13%,wallet:微信
    """,
    "销售出库": """
        单号,日期,客户,原单,商品,数量
        E04b,2026-01-10,C1,,A,120
        E05b,2026-01-12,C1,E04b,A,-10
        E23b,2026-01-28,C3,,P,50
    """,
    "销售发票": """
        单号,日期,客户,原单,商品,数量,单价,税率
        E04a,2026-01-10,C1,,A,120,90,13%
        E05a,2026-01-12,C1,E04a,A,-10,90,13%
        E23a,2026-01-28,C3,,P,50,200,13%
    """,
    "收付款": """
        单号,日期,往来单位,收付,金额,手续费,核销单据,对方科目,核销金额
        E03p,2026-01-02,S3,付,327,,E03,,
        E06,2026-01-06,C1,收,56500,,,,
        E08,2026-01-09,S1,付,11978,,E01,,
        E09,2026-01-07,S6,付,2000,,,,
        E10,2026-01-08,C3,收,3000,,,,
        E18b,2026-01-31,,付,7500,,,wages-payable,
        E18c,2026-01-31,,付,2600,,,social-insurance-payable,1700
        E18c,,,,,,,social-insurance-withheld,900
        E32,2026-02-10,,付,360.84,,,tax-payable,322.18
        E32,,,,,,,construction-tax-payable,22.55
        E32,,,,,,,education-surcharge-payable,9.67
        E32,,,,,,,local-education-surcharge-payable,6.44
    """,
    "核销": """
        单号,日期,往来单位,转出,转入,金额
        E09b,2026-02-06,S6,E09,E31,2000
        E10b,2026-01-29,C3,E10,E23a,3000
    """,
    "资金划转": """
        单号,日期,转出,转入,金额,手续费
        E07d,2026-01-21,wallet:微信,bank,508.50,3.05
    """,
    "生产": """
        单号,日期,工单,供应商,行类型,商品,科目,数量,金额,比例
        E11,2026-01-11,J1,,投入,R,,250,,
        E22,2026-01-27,J1,,产出,P,,90,,
        E12a,2026-01-03,O1,S4,投入,R,,50,,
        E12c,2026-01-05,O1,S4,产出,N,,50,,
        E13a,2026-01-13,,,投入,A,,10,,
        E13a,,,,投入,N,,10,,
        E13a,,,,产出,G,,10,,
        E13b,2026-01-14,,,投入,G,,2,,
        E13b,,,,产出,A,,2,,52
        E13b,,,,产出,N,,2,,25.8
    """,
    "在产品盘点": """
        日期,工单,成本项目,价值
        2026-01-31,J1,材料,545
    """,
    "采购发票": """
        单号,日期,供应商,入库单,商品,科目,数量,金额,税率,费用池
        E20,2026-01-20,S5,,,overhead,,600,13%,车间
        E31,2026-02-05,S6,E24,A,,40,2160,13%,
    """,
    "调拨": """
        单号,日期,调出仓库,调入仓库,商品,数量
        E14,2026-01-15,main,shop,A,20
    """,
    "库存调整": """
        单号,日期,原因,商品,数量,价值,税率,计税依据
        E15a,2026-01-16,自用,A,-1,,,
        E15b,2026-01-16,赠品,A,-2,,13%,180
        E16,2026-01-17,受赠,A,1,52,,
    """,
    "盘点": """
        单号,日期,仓库,商品,实盘数量,单价,税率
        E17,2026-01-18,main,A,157,,13%
        E17,,,R,202,21.80,
    """,
    "盘点处理": """
        单号,日期,盘点单,商品,科目,金额
        E17b,2026-01-19,E17,A,1221,50
        E17b,,,A,stock-loss,126.28
        E17b,,,R,stock-gain,-43.60
    """,
    "工资": """
        单号,日期,员工,工单,应发工资,单位社保,个人社保,代扣个税
        E18a,2026-01-25,E1,J1,3000,600,300,0
        E18a,,E2,,1000,200,100,0
        E18a,,E3,,2000,400,200,0
        E18a,,E4,,2500,500,300,100
    """,
    "记账凭证": """
        单号,日期,科目,借方,贷方
        E25,2026-01-31,560301,500,
        E25,,2231,,500
    """,
}
RULES = """
overrides: [inventory]
roles:
  inventory:
    by: [item.type, warehouse.account_key]
    rows:
      - [goods, 门店, "Assets:1405-库存商品:140502-门店"]
      - [material, "*", "Assets:1403-原材料"]
      - ["*", "*", "Assets:1405-库存商品"]
"""
# document | debits | credits, in the codes of 小企业会计准则; a negative amount is a red entry
VOUCHERS = """
    purchases/E01 | 1405 10600.00; 22210101 1378.00 | 220201 11978.00
    purchases/E02 | 1403 6900.00; 22210101 858.00 | 220201 7458.00; 220203 300.00
    landed-costs/E03 | 220203 300.00; 22210101 27.00 | 220201 327.00
    payments/E03p | 220201 327.00 | 1002 327.00
    productions/E12a | 1408 1090.00 | 1403 1090.00
    landed-costs/E12b | 220203 200.00; 22210101 26.00 | 220201 226.00
    productions/E12c | 1403 1290.00; 1408 200.00 | 1408 1290.00; 220203 200.00
    payments/E06 | 1002 56500.00 | 1122 56500.00
    payments/E09 | 1123 2000.00 | 1002 2000.00
    payments/E10 | 1002 3000.00 | 2203 3000.00
    payments/E08 | 220201 11978.00 | 1002 11978.00
    deliveries/E04b | 5401 6240.00 | 1405 6240.00
    invoices/E04a | 1122 12204.00 | 5001 10800.00; 22210107 1404.00
    productions/E11 | 4001 5450.00 | 1403 5450.00
    deliveries/E05b | 5401 -520.00 | 1405 -520.00
    invoices/E05a | 1122 -1017.00 | 5001 -900.00; 22210107 -117.00
    productions/E13a | 4001 778.00; 1405 778.00 | 1405 520.00; 1403 258.00; 4001 778.00
    productions/E13b | 4001 155.60; 1405 104.00; 1403 51.60 | 1405 155.60; 4001 155.60
    transfers/E14 | 140502 1040.00 | 1405 1040.00
    adjustments/E15a | 560207 52.00 | 1405 52.00
    adjustments/E15b | 560117 127.40 | 1405 104.00; 22210107 23.40
    adjustments/E16 | 1405 52.00 | 530103 52.00
    counts/E17 | 1403 43.60; 1901 176.28 | 1901 43.60; 1405 156.00; 22210109 20.28
    dispositions/E17b | 1221 50.00; 571101 126.28; 1901 43.60 | 1901 176.28; 530104 43.60
    bills/E20 | 4101 600.00; 22210101 78.00 | 220201 678.00
    sales/E07a | 1012 508.50; 5401 260.00 | 5001 450.00; 22210107 58.50; 1405 260.00
    cash-transfers/E07d | 1002 505.45; 560303 3.05 | 1012 508.50
    payrolls/E18a | 4001 3600.00; 4101 1200.00; 560101 2400.00; 560201 3000.00; 221101 1000.00 | 221101 8500.00; 221103 1700.00; 224101 900.00; 222112 100.00
    productions/E22 | 1405 10705.00 | 4001 10705.00
    deliveries/E23b | 5401 5947.22 | 1405 5947.22
    invoices/E23a | 1122 11300.00 | 5001 10000.00; 22210107 1300.00
    allocations/E10b | 2203 3000.00 | 1122 3000.00
    receipts/E24 | 1405 2120.00 | 220202 2120.00
    payments/E18b | 221101 7500.00 | 1002 7500.00
    payments/E18c | 221103 1700.00; 224101 900.00 | 1002 2600.00
    journals/E25 | 560301 500.00 | 2231 500.00
    cost-pools/2026-01-31 | 4001 2200.00 | 4101 2200.00
    depreciations/2026-01-31 | 4101 400.00; 560202 100.00 | 1602 500.00
    closings/2026-01-31-transfer-vat | 22210104 322.18 | 222102 322.18
    closings/2026-01-31-surcharges | 540303 22.55; 540310 9.67; 540314 6.44 | 222113 22.55; 222114 9.67; 222115 6.44
    closings/2026-01-31-income-tax | 5801 108.55 | 222111 108.55
    estimates/2026-02-01 | 1405 -2120.00 | 220202 -2120.00
    bills/E31 | 1405 2160.00; 22210101 280.80 | 220201 2440.80
    allocations/E09b | 220201 2000.00 | 1123 2000.00
    payments/E32 | 222102 322.18; 222113 22.55; 222114 9.67; 222115 6.44 | 1002 360.84
"""
CLOSINGS = {
    "cn-small-business": """
    closings/2026-01-31-close-income | 5001 20350.00; 530103 52.00; 530104 43.60 | 3103 20445.60
    closings/2026-01-31-close-expenses | 3103 18383.16 | 5401 11927.22; 540303 22.55; 540310 9.67; 540314 6.44; 560101 2400.00; 560117 127.40; 560201 3000.00; 560202 100.00; 560207 52.00; 560301 500.00; 560303 3.05; 571101 126.28; 5801 108.55
    """,
    # stock found and missing is 管理费用: 95.60 of income less 43.60, and 43.60 less of expenses
    "cn-asbe": """
    closings/2026-01-31-close-income | 6001 20350.00; 630103 52.00 | 4103 20402.00
    closings/2026-01-31-close-expenses | 4103 18339.56 | 6401 11927.22; 640303 22.55; 640310 9.67; 640314 6.44; 660101 2400.00; 660117 127.40; 660201 3000.00; 660202 100.00; 660207 52.00; 660216 -43.60; 660217 126.28; 660301 500.00; 660303 3.05; 6801 108.55
    """,
}  # fmt: skip
# where 企业会计准则 has another code; the first that fits
ASBE = {
    "571101": "660217", "530104": "660216", "5301": "6301", "2203": "2204", "3103": "4103", "4001": "5001", "4101": "5101",
    "5001": "6001", "5401": "6401", "5403": "6403", "5601": "6601", "5602": "6602", "5603": "6603", "5801": "6801",
}  # fmt: skip


def month(new_company: Callable[..., Company], pack: str) -> Company:
    company = new_company(
        company="茶业公司",
        pack=pack,
        currency="CNY",
        settings="{income_tax: 5%, income_tax_rhythm: month}",
        policies="{cost_scope: warehouse}",  # 主仓 and 门店 have accounts of their own
    )
    for name in ("items", "partners", "warehouses"):
        (company.folder / f"records/{name}.csv").unlink()
    for kind, text in MONTH.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        csv = "\n".join(lines) + "\n"
        company.write(f"records/{kind}.csv", csv.replace(",560301,", f",{code('560301', pack)},"))
    company.write("rules/accounts.yaml", RULES)
    return company.post()


def code(small: str, pack: str) -> str:
    if pack == "cn-asbe":
        for old, new in ASBE.items():
            if small.startswith(old):
                return new + small[len(old) :]
    return small


def side(text: str, pack: str) -> dict[str, Decimal]:
    parts = [part.split() for part in text.split(";")]
    return {code(one, pack): Decimal(amount) for one, amount in parts}


def expected(text: str, pack: str) -> dict[str, tuple[dict[str, Decimal], dict[str, Decimal]]]:
    rows = [line.split("|") for line in text.strip().splitlines()]
    return {document.strip(): (side(left, pack), side(right, pack)) for document, left, right in rows}


def posted(company: Company) -> dict[str, tuple[dict[str, Decimal], dict[str, Decimal]]]:
    """Debits and credits of every voucher, by the deepest code of their accounts."""
    found: dict[str, tuple[dict[str, Decimal], dict[str, Decimal]]] = {}
    for row in company.report("journal", "--after-closing")["rows"]:
        account = re.findall(r":(\d+)-", row["account"])[-1]
        for sums, amount in zip(
            found.setdefault(row["document"], ({}, {})), (row["debit"], row["credit"]), strict=True
        ):
            if Decimal(amount):
                sums[account] = sums.get(account, Decimal(0)) + Decimal(amount)
    return found


@pytest.mark.parametrize("pack", CLOSINGS)
def test_every_voucher_of_the_month(new_company: Callable[..., Company], pack: str) -> None:
    found = posted(month(new_company, pack))
    wanted = expected(VOUCHERS, pack) | expected(CLOSINGS[pack], "")
    for document, sides in wanted.items():
        assert found[document] == sides, document
    assert set(found) - set(wanted) == {"opening-balances/2026-01-01", "opening-stock/2026-01-01"}


@pytest.mark.parametrize("pack", CLOSINGS)
def test_stock_at_the_months_end(new_company: Callable[..., Company], pack: str) -> None:
    company = month(new_company, pack)
    until = ("--to", "2026-01-31")
    # 100 + 200 - 120 + 10 - 10 + 2 - 1 - 2 + 1 - 3 - 5 = 172 at 52.00, and 40 estimated at 53.00
    assert company.stock("A", *until) == ("212", "11064.00")
    assert company.stock("R", *until) == ("202", "4403.60")  # 200 + 300 - 50 - 250 + 2, at 21.80
    assert company.stock("N", *until) == ("42", "1083.60")  # 50 - 10 + 2, at 25.80
    assert company.stock("P", *until) == ("40", "4757.78")  # 10705.00 - 5947.22
    assert company.stock("G", *until) == ("8", "622.40")
    rows = {
        row["code"]: row for row in company.report("trial-balance", "--period", "2026-01", "--after-closing")["rows"]
    }
    assert rows[code("3103", pack)]["closing"] == "-2062.44"
    assert rows["220202"]["closing"] == "-2120.00"  # 暂估不含税
    assert rows[code("4001", pack)]["closing"] == "545.00"  # 10 in process, of material only
    assert rows[code("5001", pack)]["closing"] == "0.00"


@pytest.mark.parametrize(("pack", "balance", "income", "flows"), [
    (
        "cn-small-business",
        {1: "135600.45", 4: "19487.00", 5: "2000.00", 8: "50.00", 9: "22476.38", 10: "5487.20", 11: "545.00", 12: "16444.18",
         20: "29500.00", 30: "209113.83", 33: "10482.00", 35: "0.00", 36: "569.39", 37: "500.00", 51: "2062.44", 53: "209113.83"},
        {1: "20350.00", 2: "11927.22", 3: "38.66", 6: "22.55", 10: "16.11", 11: "2527.40", 14: "3152.00", 18: "503.05",
         19: "500.00", 21: "2201.67", 22: "95.60", 24: "126.28", 30: "2170.99", 31: "108.55", 32: "2062.44"},
        {1: "60008.50", 3: "14305.00", 4: "10100.00", 5: "0.00", 6: "3.05", 7: "35600.45", 20: "35600.45", 21: "100000.00", 22: "135600.45"},
    ),
    (
        "cn-asbe",
        {1: "135600.45", 5: "19487.00", 7: "2000.00", 8: "50.00", 9: "22476.38", 22: "29500.00", 34: "209113.83", 39: "10482.00",
         43: "569.39", 44: "500.00", 70: "2062.44", 72: "209113.83"},
        {1: "20350.00", 2: "11927.22", 3: "38.66", 4: "2527.40", 5: "3234.68", 7: "503.05", 19: "2118.99", 20: "52.00",
         22: "2170.99", 23: "108.55", 24: "2062.44"},
        {1: "60008.50", 5: "14305.00", 6: "10100.00", 7: "0.00", 8: "3.05", 10: "35600.45", 33: "35600.45", 35: "135600.45"},
    ),
])  # fmt: skip
def test_the_months_statements(
    new_company: Callable[..., Company],
    pack: str,
    balance: dict[int, str],
    income: dict[int, str],
    flows: dict[int, str],
) -> None:
    company = month(new_company, pack)
    for name, lines in (("balance-sheet", balance), ("income-statement", income), ("cash-flow", flows)):
        rows = {row["no"]: row["amount"] for row in company.report(name, "--period", "2026-01")["rows"]}
        assert {number: rows[number] for number in lines} == lines
