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
    company.fails("lot-needed", "negative-stock")


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
