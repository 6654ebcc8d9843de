"""Stories of what happens at a month's end: averages, differences from standard costs, estimates, cost of sales."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Company

# the year of valuation.md: opening 100 at 10; buy 100 at 12; sell 120; buy 100 at 13; sell 50
OPENING = "date,item,qty,value\n2026-01-01,A,100,1000.00"
PURCHASES = "number,date,supplier,item,qty,price\nP1,2026-01-05,S1,A,100,12\nP2,2026-01-20,S1,A,100,13"
SALES = "number,date,customer,item,qty,price\nX1,2026-01-10,C1,A,120,20\nX2,2026-01-25,C1,A,50,20"
PLANNED = "code,name,unit,costing,standard_cost\nA,Frame,pcs,standard,11\nS,Repair,h,,\n"


@pytest.mark.parametrize(
    ("method", "cost", "closing"),
    [
        ("moving-average", "1925.56", "1574.44"),
        ("monthly-average", "1983.33", "1516.67"),
        ("fifo", "1840.00", "1660.00"),
        ("lifo", "2050.00", "1450.00"),
    ],
)
def test_the_same_month_under_every_method(
    method: str, cost: str, closing: str, new_company: Callable[..., Company]
) -> None:
    company = new_company(costing=method).records(opening_stock=OPENING, purchases=PURCHASES, sales=SALES).post()
    assert company.role("cost-of-sales") == cost
    assert company.stock("A") == ("130", closing)


def test_planned_costs_share_their_differences_at_the_months_end(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{variance: apportion}").records(
        items=PLANNED, opening_stock=OPENING, purchases=PURCHASES, sales=SALES
    )
    company.post()
    assert company.role("cost-of-sales") == "1983.33"
    assert company.stock("A") == ("130", "1516.67")
    assert company.role("price-difference") == "0.00"
    text = company.ledger("2026-01.bean")
    assert "1320.00 EUR" in text  # 120 leave at the planned cost of 11
    assert '2026-01-31 * "" "Differences from standard costs"' in text


def test_monthly_average_values_issues_with_what_comes_later(new_company: Callable[..., Company]) -> None:
    """Sold 10 on the 3rd of 20 at 10 each; 20 at 16 come on the 28th: the month's average is 13."""
    company = new_company(costing="monthly-average").records(
        opening_stock="date,item,qty,value\n2026-01-01,A,20,200",
        sales="number,date,customer,item,qty,price\nX1,2026-01-03,C1,A,10,20\nX2,2026-02-03,C1,A,10,20",
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-28,S1,A,20,16\nP2,2026-02-20,S1,A,30,15",
    )
    company.post()
    assert company.role("cost-of-sales", "--to", "2026-01-31") == "130.00"
    assert company.stock("A", "--to", "2026-01-31") == ("30", "390.00")
    assert company.role("cost-of-sales") == "270.00"  # February: (390 + 450) / 60 = 14


def test_monthly_average_still_judges_quantities_by_days(new_company: Callable[..., Company]) -> None:
    company = new_company(costing="monthly-average").records(
        sales="number,date,customer,item,qty,price\nX1,2026-01-03,C1,A,10,20",
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-28,S1,A,20,16",
    )
    company.fails("negative-stock")


def test_issues_of_a_monthly_average_keep_their_order(new_company: Callable[..., Company]) -> None:
    """What a production takes of A on the 10th must wait for B's receipt of the 30th, and the delivery for it."""
    company = new_company(costing="monthly-average").records(
        items="code,name,unit\nA,Frame,pcs\nB,Wheel,pcs\nC,Bike,pcs",
        purchases="""
            number,date,supplier,item,qty,amount
            P1,2026-01-02,S1,A,3,10
            P1,2026-01-02,S1,B,1,1
            P2,2026-01-30,S1,B,1,2
        """,
        productions="""
            number,date,part,item,qty
            M1,2026-01-10,input,A,1
            M1,2026-01-10,input,B,1
            M1,2026-01-10,output,C,1
        """,
        deliveries="number,date,customer,item,qty\nD1,2026-01-20,C1,A,1",
    )
    company.post()
    assert company.stock("C")[1] == "4.83"  # 10.00 / 3 = 3.33 of A, 1.50 of B
    assert company.role("cost-of-sales") == "3.34"  # 6.67 / 2 = 3.335


def test_monthly_average_through_production(new_company: Callable[..., Company]) -> None:
    """Material at 10 and 14 makes 12 on average; what is made of it on the 10th costs that, too."""
    company = new_company(costing="monthly-average").records(
        items="code,name,unit,type\nM,Steel,kg,material\nA,Frame,pcs,product",
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-02,S1,M,10,10\nP2,2026-01-30,S1,M,10,14",
        productions="number,date,part,item,qty\nM1,2026-01-10,input,M,10\nM1,2026-01-10,output,A,5",
        sales="number,date,customer,item,qty,price\nX1,2026-01-12,C1,A,2,90",
        counts="number,date,item,counted\nK1,2026-01-20,A,4",
    )
    company.post()
    assert company.role("cost-of-sales") == "48.00"  # 2 of 5 that cost 120
    assert company.stock("M") == ("10", "120.00")
    assert company.stock("A") == ("4", "96.00")  # a gain of one at the average


RECEIPT = "number,date,supplier,item,qty,price\nR1,2026-01-28,S1,A,10,10\nR2,2026-02-20,S1,A,1,10"
BILL = "number,date,supplier,receipt,item,qty,price\nB1,2026-02-10,S1,R1,A,10,11"


def test_estimates_are_taken_back_at_the_months_start(new_company: Callable[..., Company]) -> None:
    """暂估: red on the first day of the next month, the bill in blue; R2 is estimated again month by month."""
    company = new_company(policies="{grni_method: reverse-at-month-start, bill_difference: split}").records(
        receipts=RECEIPT,
        bills=BILL,
        sales="number,date,customer,item,qty,price\nX1,2026-04-20,C1,A,1,30",
    )
    company.post()
    assert company.role("goods-received-not-invoiced", "--to", "2026-01-31") == "-100.00"
    assert company.role("goods-received-not-invoiced", "--to", "2026-02-01") == "0.00"
    assert company.role("inventory", "--to", "2026-02-01") == "0.00"
    assert company.stock("A", "--to", "2026-02-01") == ("10", "100.00")  # the stock keeps its value
    assert company.role("inventory", "--to", "2026-02-10") == "110.00"
    assert company.role("goods-received-not-invoiced", "--to", "2026-02-28") == "-10.00"
    assert company.role("goods-received-not-invoiced", "--to", "2026-03-01") == "0.00"
    assert company.role("goods-received-not-invoiced", "--to", "2026-03-31") == "-10.00"
    assert company.role("payable") == "-110.00"
    gaps = [(row["document"], row["qty"], row["amount"]) for row in company.report("accruals")["rows"]]
    assert gaps == [("receipts/R2", "1", "10.00")]
    assert "R2, 10.00, is taken back" in company.run("check").err


def test_a_standard_cost_of_a_later_month_takes_no_estimate_back(new_company: Callable[..., Company]) -> None:
    """February is not over before a document follows: its estimate stays, and is taken back once and not each month."""
    standards = "item,from,cost\nA,2026-03-15,11\nA,2026-04-15,12"
    company = new_company(policies="{grni_method: reverse-at-month-start}").records(
        receipts=RECEIPT, standard_costs=standards
    )
    company.post()
    assert company.role("goods-received-not-invoiced") == "-10.00"  # R2; R1 was estimated in January


def test_the_bill_takes_the_estimate_back_in_red(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{grni_method: reverse-on-bill, bill_difference: split}").records(
        receipts=RECEIPT, bills=BILL
    )
    company.post()
    assert company.role("inventory", "--to", "2026-02-10") == "110.00"
    assert company.role("goods-received-not-invoiced") == "-10.00"
    bill = company.ledger("2026-02.bean").split('"Bill B1"')[1].split("\n\n")[0]
    assert "-100.00 EUR" in bill
    assert " 100.00 EUR" in bill


def test_a_return_of_what_was_taken_back(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{grni_method: reverse-at-month-start}").records(
        receipts="number,date,supplier,item,qty,price,returns\nR1,2026-01-28,S1,A,10,10,\nR2,2026-02-20,S1,A,-4,,R1\n"
        "R3,2026-03-02,S1,A,1,10,",
    )
    company.post()
    assert company.role("inventory", "--to", "2026-02-28") == "60.00"
    assert company.role("goods-received-not-invoiced", "--to", "2026-02-28") == "-60.00"


def test_a_return_of_more_than_the_bill_will_say_is_estimated_when_it_comes_again(
    new_company: Callable[..., Company],
) -> None:
    """10 come, worth 8 x 6 + 2 x 10 = 68.00 by their bill; 100.00 go back, 80.00 come again: 48.00 are left to be billed."""
    company = new_company(policies="{grni_method: reverse-at-month-start}").records(
        receipts="""
            number,date,supplier,item,qty,price,returns
            R1,2026-01-05,S1,A,10,10,
            R2,2026-01-10,S1,A,-10,10,R1
            R3,2026-01-12,S1,A,8,10,R2
        """,
        bills="number,date,supplier,receipt,item,qty,price\nB1,2026-02-05,S1,R1,A,8,6",
    )
    company.post()
    assert company.role("goods-received-not-invoiced", "--to", "2026-01-31") == "-48.00"
    assert company.role("goods-received-not-invoiced", "--to", "2026-02-01") == "0.00"
    assert company.role("goods-received-not-invoiced") == "0.00"
    assert company.role("payable") == "-48.00"


def test_cost_of_sales_at_the_months_end(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{cost_of_sales: month-end}").records(
        opening_stock=OPENING,
        purchases=PURCHASES,
        sales=SALES,
        deliveries="number,date,customer,item,qty\nD1,2026-02-03,C1,A,10",
    )
    company.post()
    assert company.role("cost-of-sales", "--to", "2026-01-30") == "0.00"
    assert company.role("goods-delivered-not-invoiced", "--to", "2026-01-30") == "1925.56"
    assert company.role("cost-of-sales", "--to", "2026-01-31") == "1925.56"
    assert company.role("goods-delivered-not-invoiced", "--to", "2026-01-31") == "0.00"
    assert company.role("cost-of-sales") == "1925.56"  # February is not finished


def test_months_that_have_not_begun_take_no_estimates_back(new_company: Callable[..., Company]) -> None:
    """A standard cost of a later month is known ahead; until something happens then, February is still running."""
    company = new_company(policies="{grni_method: reverse-at-month-start}").records(
        items=PLANNED,
        receipts="number,date,supplier,item,qty,price\nR1,2026-02-05,S1,A,10,11",
        standard_costs="item,from,cost\nA,2026-04-13,12",
    )
    company.post()
    assert company.role("goods-received-not-invoiced") == "-110.00"


def test_each_item_that_a_full_count_does_not_list_has_a_month_of_its_own(new_company: Callable[..., Company]) -> None:
    """13 B at 100 are lost before 3 B at 150 become A; A's month is 650.00 for 24, of which 20 are lost."""
    company = new_company().records(
        items="code,name,unit,costing\nA,Frame,pcs,monthly-average\nB,Tube,pcs,fifo\nC,Wheel,pcs,",
        purchases="""
            number,date,supplier,item,qty,price
            P1,2026-01-02,S1,A,20,10
            P2,2026-01-02,S1,B,13,100
            P3,2026-01-04,S1,B,16,150
        """,
        counts="number,date,scope,item,counted\nN1,2026-01-03,full,C,0",
        productions="number,date,part,item,qty\nM1,2026-01-12,input,B,3\nM1,2026-01-12,output,A,4",
    )
    company.post()
    assert company.role("stock-loss") == "1841.67"
    assert company.stock("A") == ("4", "108.33")
    assert company.stock("B") == ("13", "1950.00")


def test_two_lines_of_one_item_are_one_estimate(new_company: Callable[..., Company]) -> None:
    """10 at 1 and 10 at 2, billed in two parts: 8 of the second line first. Nothing is left of the estimate."""
    company = new_company(policies="{grni_method: reverse-at-month-start, bill_difference: split}").records(
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,10,1\nR1,2026-01-05,S1,A,10,2",
        bills="""
            number,date,supplier,receipt,item,qty,price,source_line
            B1,2026-02-05,S1,R1,A,8,2,2
            B2,2026-02-14,S1,R1,A,10,1,1
            B2,2026-02-14,S1,R1,A,2,2,2
        """,
    )
    company.post()
    assert company.role("goods-received-not-invoiced") == "0.00"
    assert company.role("inventory") == "30.00"
