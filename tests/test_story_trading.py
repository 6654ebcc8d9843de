"""Stories of a trading company over the command line, with figures that can be checked by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Company

STOCK = """
    date,item,qty,value
    2026-01-01,A,100,1000
"""
PURCHASES = """
    number,date,supplier,item,qty,price
    P1,2026-01-02,S1,A,100,12
    P2,2026-01-20,S1,A,100,13
"""
SALES = """
    number,date,customer,item,qty,price
    X1,2026-01-10,C1,A,120,20
    X2,2026-01-25,C1,A,50,20
"""


@pytest.mark.parametrize(
    ("method", "cost", "closing"),
    [
        ("moving-average", "1925.56", "1574.44"),
        ("fifo", "1840.00", "1660.00"),
        ("lifo", "2050.00", "1450.00"),
    ],
)
def test_worked_figures_of_the_costing_methods(
    new_company: Callable[..., Company], method: str, cost: str, closing: str
) -> None:
    company = new_company(costing=method).records(opening_stock=STOCK, purchases=PURCHASES, sales=SALES).post()
    assert company.role("cost-of-sales") == cost
    assert company.stock("A") == ("130", closing)
    assert company.role("inventory") == closing
    assert company.role("revenue") == "-3400.00"


def test_a_bill_that_comes_later_at_another_price_restates_the_receipt(company: Company) -> None:
    company.records(
        receipts="""
            number,date,supplier,item,qty,price
            R1,2026-01-05,S1,A,10,10
        """,
        deliveries="""
            number,date,customer,item,qty
            D1,2026-01-10,C1,A,4
        """,
    ).post()
    assert company.role("cost-of-sales") == "40.00"
    assert company.role("goods-received-not-invoiced") == "-100.00"
    company.records(
        bills="""
            number,date,supplier,receipt,item,qty,price,tax
            B1,2026-02-03,S1,R1,A,6,12,20%
        """
    ).post()
    # 6 at 12 and 4 at 10 are 112; 4 of 10 leave
    assert company.stock("A") == ("6", "67.20")
    assert company.role("cost-of-sales") == "44.80"
    assert company.role("goods-received-not-invoiced") == "-40.00"
    assert company.role("payable") == "-86.40"
    assert company.role("input-tax") == "14.40"
    assert company.stock("A", "--to", "2026-01-31") == ("6", "67.20")


def test_a_bill_before_its_goods_waits_in_transit(company: Company) -> None:
    company.records(
        bills="""
            number,date,supplier,item,qty,price
            B1,2026-01-05,S1,A,3,10.01
        """
    ).post()
    assert company.role("goods-in-transit") == "30.03"
    company.records(
        receipts="""
            number,date,supplier,bill,item,qty
            R1,2026-01-08,S1,B1,A,2
        """
    ).post()
    assert company.role("goods-in-transit") == "10.01"
    company.records(
        receipts="""
            number,date,supplier,bill,item,qty,price
            R1,2026-01-08,S1,B1,A,2,9
            R2,2026-02-08,S1,B1,A,3,9
        """
    ).post()
    # 2 take round(2 x 10.01), 1 the rest; the 2 beyond the bill are open at their own price
    assert company.role("goods-in-transit") == "0.00"
    assert company.role("goods-received-not-invoiced") == "-18.00"
    assert company.stock("A") == ("5", "48.03")


def test_returns_of_customers_come_back_at_the_cost_they_left_with(company: Company) -> None:
    company.records(
        opening_stock="""
            date,item,qty,value
            2026-01-01,A,10,100
            2026-01-01,B,2,20
        """,
        purchases="""
            number,date,supplier,item,qty,price
            P1,2026-01-12,S1,A,10,30
            P1,2026-01-12,S1,B,2,30
        """,
        deliveries="""
            number,date,customer,item,qty,returns
            D1,2026-01-10,C1,A,4,
            D1,2026-01-10,C1,B,1,
            D2,2026-01-15,C1,A,-1,D1
            D2,2026-01-15,C1,B,-1,D1
            D3,2026-01-16,C1,A,-1,
        """,
    ).post()
    # A: 6 at 60 and 10 at 300 are 16 at 360; back 1 at 10: 17 at 370; back 1 at the average: 21.76
    assert company.stock("A") == ("18", "391.76")
    # B (fifo): the layer that came back joins the end of the queue
    assert company.stock("B") == ("4", "80.00")


def test_a_return_before_its_bill_is_not_billed(company: Company) -> None:
    company.records(
        receipts="""
            number,date,supplier,item,qty,price,returns
            R1,2026-01-05,S1,A,10,10,
            R2,2026-01-06,S1,A,-4,,R1
        """,
        bills="""
            number,date,supplier,receipt,item,qty,price
            B1,2026-01-09,S1,R1,A,6,12
        """,
    ).post()
    assert company.role("goods-received-not-invoiced") == "0.00"
    assert company.role("payable") == "-72.00"
    # restated to 6 x 12 + 4 x 10 = 112; the return left at the average 44.80, the supplier gave 40.00
    assert company.stock("A") == ("6", "67.20")
    assert company.role("price-difference") == "4.80"


def test_a_return_after_its_bill_waits_for_the_credit_note(company: Company) -> None:
    receipts = """
        number,date,supplier,item,qty,price,returns
        R1,2026-01-05,S1,A,10,10,
        R2,2026-01-12,S1,A,-4,,R1
    """
    bills = """
        number,date,supplier,receipt,item,qty,price
        B1,2026-01-09,S1,R1,A,10,10
    """
    company.records(receipts=receipts, bills=bills).post()
    assert company.role("goods-received-not-invoiced") == "40.00"
    company.records(bills=bills + "    B2,2026-01-20,S1,R2,A,-4,9\n").post()
    assert company.role("goods-received-not-invoiced") == "0.00"
    assert company.role("payable") == "-64.00"
    assert company.role("price-difference") == "4.00"


def test_counts_are_levels(company: Company) -> None:
    company.records(
        opening_stock=STOCK,
        counts="""
            number,date,item,counted,price
            K1,2026-01-31,A,97,
            K2,2026-02-28,A,99,15
        """,
    ).post()
    assert company.role("stock-loss") == "30.00"
    assert company.role("stock-gain") == "-30.00"
    company.records(
        sales="""
            number,date,customer,item,qty,price
            X9,2026-01-15,C1,A,1,20
        """
    ).post()  # an earlier document that comes later changes the difference, never the level
    assert company.stock("A")[0] == "99"
    assert company.role("stock-loss") == "20.00"


def test_a_full_count_says_that_the_rest_is_gone(company: Company) -> None:
    company.records(
        opening_stock="""
            date,item,qty,value,warehouse
            2026-01-01,A,100,1000,main
            2026-01-01,B,5,50,main
            2026-01-01,B,5,50,shop
        """,
        counts="""
            number,date,warehouse,scope,item,counted
            K1,2026-01-31,main,full,A,100
        """,
    ).post()
    assert company.stock("B") == ("5", "50.00")
    assert company.role("stock-loss") == "50.00"


def test_warehouses_with_costs_of_their_own(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{cost_scope: warehouse}").records(
        opening_stock="""
            date,warehouse,item,qty,value
            2026-01-01,main,A,10,100
            2026-01-01,shop,A,10,300
        """,
        transfers="""
            number,date,from,to,item,qty
            T1,2026-01-05,main,shop,A,5
        """,
        sales="""
            number,date,customer,warehouse,item,qty,price
            X1,2026-01-10,C1,shop,A,3,50
        """,
    )
    company.post()
    rows = {row["warehouse"]: (row["qty"], row["value"]) for row in company.report("stock")["rows"]}
    # the shop has 15 worth 350; 3 of them take 70
    assert rows == {"main": ("5", "50.00"), "shop": ("12", "280.00")}


def test_under_one_cost_a_warehouse_shows_its_share(company: Company) -> None:
    company.records(
        opening_stock="""
            date,warehouse,item,qty,value
            2026-01-01,main,A,10,100
            2026-01-01,shop,A,10,300
        """,
        sales="""
            number,date,customer,warehouse,item,qty,price
            X1,2026-01-10,C1,main,A,10,50
        """,
    ).post()
    rows = company.report("stock")["rows"]
    assert [(row["warehouse"], row["qty"], row["value"]) for row in rows] == [("shop", "10", "200.00")]


def test_transfers_of_a_day_are_ordered_by_what_they_need(company: Company) -> None:
    company.records(
        warehouses="code\nmain\nshop\nfair",
        opening_stock=STOCK,
        transfers="""
            number,date,from,to,item,qty
            T1,2026-01-05,shop,fair,A,5
            T2,2026-01-05,main,shop,A,5
        """,
    ).post()
    assert [row["warehouse"] for row in company.report("stock")["rows"]] == ["fair", "main"]


def test_a_return_of_the_same_day_stands_behind_its_original(company: Company) -> None:
    company.records(
        opening_stock=STOCK,
        deliveries="""
            number,date,customer,item,qty,returns
            D1,2026-01-05,C1,A,100,
            D2,2026-01-05,C1,A,-100,D1
        """,
    ).post()
    assert company.stock("A") == ("100", "1000.00")


def test_adjustments_by_reason(company: Company) -> None:
    company.records(
        opening_stock=STOCK,
        adjustments="""
            number,date,reason,item,qty,value
            J1,2026-01-05,own-use,A,-1,
            J2,2026-01-06,scrap,A,-1,
            J3,2026-01-07,gift,A,-1,
            J4,2026-01-08,found,A,1,
            J5,2026-01-09,received,A,2,30
            J6,2026-01-10,cost-correction,A,0,-100
            J7,2026-01-11,sample,A,-10,200
        """,
    ).post()
    assert company.role("own-use") == "10.00"
    assert company.role("scrap") == "10.00"
    assert company.role("gift") == "10.00"
    assert company.role("stock-gain") == "-40.00"
    assert company.role("cost-adjustment") == "100.00"
    assert company.role("sample") == "200.00"
    assert company.stock("A") == ("90", "710.00")


def test_units_are_converted(company: Company) -> None:
    company.records(
        units="item,unit,factor\nA,box,12",
        purchases="""
            number,date,supplier,item,qty,unit,price
            P1,2026-01-02,S1,A,2,box,60
        """,
        sales="""
            number,date,customer,item,qty,price
            X1,2026-01-10,C1,A,1,9
        """,
    ).post()
    assert company.stock("A") == ("23", "115.00")
    assert company.role("cost-of-sales") == "5.00"


def test_chinese_headers_and_words(company: Company) -> None:
    company.records(
        采购="""
                单号,日期,供应商,商品,数量,单价,税率
                P1,2026-01-02,S1,A,10,5,13%
            """,
        收付款="""
                单号,日期,往来单位,收付方向,金额
                F1,2026-01-09,S1,付,56.50
            """,
    ).post()
    assert company.stock("A") == ("10", "50.00")
    assert company.role("payable") == "0.00"
