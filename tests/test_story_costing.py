"""Stories of costing methods beyond averages and fifo: lots, standard costs, stock below zero."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Company

LOTS = """
    number,date,supplier,item,qty,price,lot
    P1,2026-01-02,S1,A,10,5,L1
    P1,2026-01-02,S1,A,10,8,L2
"""


def test_specific_costs_follow_the_lot(new_company: Callable[..., Company]) -> None:
    company = new_company(costing="specific").records(
        purchases=LOTS, sales="number,date,customer,item,qty,price,lot\nX1,2026-01-05,C1,A,4,20,L2"
    )
    company.post()
    rows = {row["lot"]: (row["qty"], row["value"]) for row in company.report("stock")["rows"]}
    assert rows == {"L1": ("10", "50.00"), "L2": ("6", "48.00")}
    assert company.role("cost-of-sales") == "32.00"
    company.records(sales="number,date,customer,item,qty,price,lot\nX1,2026-01-05,C1,A,4,20,")
    company.fails("lot-needed")


def test_scope_lot_keeps_a_cost_for_each_lot(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{cost_scope: lot}").records(
        purchases=LOTS, sales="number,date,customer,item,qty,price,lot\nX1,2026-01-05,C1,A,4,20,L1"
    )
    assert company.post().role("cost-of-sales") == "20.00"


ITEMS = "code,name,unit,costing,standard_cost\nA,Frame,pcs,standard,11\nS,Repair,h,,\n"


def test_standard_cost_with_the_difference_at_receipt(company: Company) -> None:
    company.records(
        items=ITEMS,
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-02,S1,A,100,10\nP2,2026-01-05,S1,A,100,12",
        sales="number,date,customer,item,qty,price\nX1,2026-01-07,C1,A,120,20",
    ).post()
    assert company.role("cost-of-sales") == "1320.00"
    assert company.stock("A") == ("80", "880.00")
    assert company.role("price-difference") == "0.00"  # -100.00 and +100.00


def test_dated_standard_costs_revalue_what_is_there(company: Company) -> None:
    company.records(
        items=ITEMS,
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-02,S1,A,100,10",
        sales="number,date,customer,item,qty,price\nX1,2026-02-07,C1,A,10,20",
        standard_costs="item,from,cost\nA,2026-02-01,12.5",
        cost_changes="number,date,item,standard_cost\nCC1,2026-03-01,A,12",
    ).post()
    assert company.role("price-difference") == "-100.00"
    assert company.role("cost-of-sales") == "125.00"
    assert company.role("cost-adjustment") == "-105.00"  # 100 x 1.50 up, 90 x 0.50 down
    assert company.stock("A") == ("90", "1080.00")
    assert 'document: "cost-changes/A/2026-02-01"' in company.ledger("2026-02.bean")


def test_cents_of_standard_goods_that_change_their_scope(new_company: Callable[..., Company]) -> None:
    """At 2.51 each place is worth round(quantity x cost): 10.5 are 26.36 (26.355), 10 are 25.10, 0.5 are 1.26 (1.255)."""
    company = new_company(costing="standard", policies="{cost_scope: warehouse}").records(
        items="code,name,unit,standard_cost\nA,Frame,pcs,2.51",
        warehouses="code,name\nmain,Main\nW1,Other",
        opening_stock="date,item,qty,value\n2026-01-01,A,10.5,26.36",
        transfers="""
            number,date,from,to,item,qty
            T1,2026-01-05,main,W1,A,0.5
            T2,2026-01-06,W1,main,A,0.1
        """,
    )
    company.post()
    assert company.stock("A", "--to", "2026-01-05") == ("10.5", "26.36")
    # 0.4 are 1.00 (1.004), so 0.26 leave; 10.1 are 25.35 (25.351), so 0.25 come: a cent is lost
    assert company.stock("A", "--to", "2026-01-06") == ("10.5", "26.35")
    assert company.role("cost-adjustment", "--to", "2026-01-06") == "0.01"


def test_a_new_standard_cost_holds_for_what_comes_later(new_company: Callable[..., Company]) -> None:
    """What is made of B on the 5th waits for the month's average, and the change of the 10th for that; W1's goods, too."""
    company = new_company(
        costing="{default: monthly-average, special: standard}", policies="{cost_scope: warehouse}"
    ).records(
        items="code,name,unit,category,standard_cost\nA,Frame,pcs,special,10\nB,Wheel,pcs,,",
        warehouses="code,name\nmain,Main\nW1,Other",
        purchases="""
            number,date,supplier,warehouse,item,qty,price
            P1,2026-01-02,S1,main,B,10,9
            P2,2026-01-12,S1,W1,A,10,12
            P3,2026-01-30,S1,main,B,10,11
        """,
        productions="number,date,part,item,qty\nM1,2026-01-05,input,B,1\nM1,2026-01-05,output,A,1",
        cost_changes="number,date,item,standard_cost\nK1,2026-01-10,A,12",
    )
    company.post()
    assert company.stock("A") == ("11", "132.00")
    assert company.role("price-difference") == "0.00"  # bought at 12, when 12 was in force
    assert company.role("cost-adjustment") == "-2.00"  # the one that was made at 10


def test_stock_below_zero_leaves_at_the_last_cost_and_is_corrected(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{negative_stock: provisional}").records(
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-02,S1,A,10,5\nP2,2026-01-20,S1,A,10,8",
        sales="number,date,customer,item,qty,price\nX1,2026-01-05,C1,A,14,20",
    )
    company.post()
    # 10 at 50.00 and 4 more at 5.00 leave; the receipt of the 20th covers 4 at 8.00, and says so on its day
    assert company.role("cost-of-sales", "--to", "2026-01-19") == "70.00"
    assert company.stock("A", "--to", "2026-01-19") == ("-4", "-20.00")
    assert company.role("cost-of-sales") == "82.00"
    assert company.stock("A") == ("6", "48.00")


def test_a_correction_goes_where_the_cost_went(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{negative_stock: provisional}", costing="fifo").records(
        items="code,name,unit,last_cost\nA,Frame,pcs,7\n",
        adjustments="number,date,reason,item,qty\nJ1,2026-01-05,own-use,A,-2",
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-09,S1,A,5,9",
    )
    company.post()
    assert company.role("own-use") == "18.00"
    assert company.stock("A") == ("3", "27.00")


def test_without_any_known_cost_it_is_zero_with_a_warning(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{negative_stock: provisional}").records(
        sales="number,date,customer,item,qty,price\nX1,2026-01-05,C1,A,1,20"
    )
    result = company.run("post")
    assert result.code == 0
    assert "unknown-cost" in result.err


def test_what_came_back_by_name_is_not_undone_again(new_company: Callable[..., Company]) -> None:
    """12 leave: 1 at 10, 2 at 20 and 9 short at 20, 230.00; half of each comes back. 5 more undo 4.5 and 0.5 at 20."""
    company = new_company(policies="{negative_stock: provisional}", costing="fifo").records(
        purchases="""
            number,date,supplier,item,qty,price
            P1,2026-01-02,S1,A,1,10
            P2,2026-01-03,S1,A,2,20
            P3,2026-01-06,S1,A,20,20
            P4,2026-01-09,S1,A,5,50
        """,
        deliveries="""
            number,date,customer,item,qty,returns
            D1,2026-01-05,C1,A,12,
            D2,2026-01-08,C1,A,-6,D1
            D3,2026-01-09,C1,A,-5,
        """,
    )
    company.post()
    assert company.role("cost-of-sales", "--to", "2026-01-08") == "115.00"
    assert company.role("cost-of-sales") == "15.00"


def test_what_standard_goods_are_worth_is_not_stated(new_company: Callable[..., Company]) -> None:
    """10 at a standard of 11; 2 are scrapped, whatever value is said, at 22.00; a count says 5 worth 1.00: 55.00."""
    company = new_company().records(
        items="code,name,unit,costing,standard_cost\nA,Frame,pcs,standard,11",
        opening_stock="date,item,qty,value\n2026-01-01,A,10,110.00",
        adjustments="number,date,reason,item,qty,value\nJ1,2026-01-05,scrap,A,-2,30.00",
        counts="number,date,item,counted,value\nN1,2026-01-10,A,5,1.00",
    )
    company.post()
    assert company.role("scrap") == "22.00"
    assert company.role("stock-loss") == "33.00"
    assert company.stock("A") == ("5", "55.00")


def test_a_cost_correction_that_nothing_bears_is_refused(new_company: Callable[..., Company]) -> None:
    """All 10 of the receipt are sold: 7.00 more must not be lost without a word."""
    company = new_company(costing="fifo").records(
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-02,S1,A,10,5\nP2,2026-01-03,S1,A,10,6",
        sales="number,date,customer,item,qty,price\nX1,2026-01-05,C1,A,10,20",
        adjustments="number,date,reason,item,qty,value,receipt\nJ1,2026-01-08,cost-correction,A,0,7.00,P1",
    )
    assert "changes the cost of A by 7.00" in company.fails("nothing-to-correct")


def test_goods_far_below_their_plan_can_be_corrected_in_mid_month(new_company: Callable[..., Company]) -> None:
    """10 planned at 10.00 came at 1.00; 4 left at the plan, 40.00, before 2.00 are added: 6 of 10 are worth 6/10 of 12.00."""
    company = new_company(costing="standard", policies="{variance: apportion}")
    company.records(
        items="code,name,unit,standard_cost\nA,Tea,pcs,10",
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-02,S1,A,10,1",
        deliveries="number,date,customer,item,qty\nD1,2026-01-05,C1,A,4",
        adjustments="number,date,reason,item,qty,value\nJ1,2026-01-06,cost-correction,A,0,2",
    ).post()
    assert company.stock("A") == ("6", "7.20")


def test_a_counted_value_is_of_what_was_counted_and_not_of_what_the_month_still_receives(
    new_company: Callable[..., Company],
) -> None:
    """10 at 10 were worth 90 when they were counted; of the 20 at 190 that the month then has, 4 leave at 38."""
    company = new_company(costing="monthly-average").records(
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-05,S1,A,10,10\nP2,2026-01-20,S1,A,10,10",
        counts="number,date,item,counted,value\nT1,2026-01-10,A,10,90",
        sales="number,date,customer,item,qty,price\nX1,2026-01-25,C1,A,4,20",
    )
    company.post()
    assert company.stock("A") == ("16", "152.00")
    assert (company.role("stock-loss"), company.role("cost-of-sales")) == ("10.00", "38.00")
