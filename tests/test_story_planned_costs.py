"""Stories of planned costs (计划成本): goods move at the plan, and the month's end makes issues cost what they did."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Company

ITEMS = "code,name,unit,costing,standard_cost\nA,Frame,pcs,standard,10\nB,Bike,pcs,standard,50\n"
BOUGHT = "number,date,supplier,item,qty,price\nP1,2026-01-05,S1,A,10,12"  # 20.00 beyond the plan, 2.00 each
NEXT = "number,date,supplier,account,amount\nB1,2026-02-01,S1,Expenses:Operating:Rent,1"  # January is over


@pytest.fixture
def planned(new_company: Callable[..., Company]) -> Company:
    return new_company(policies="{variance: apportion}").records(items=ITEMS, purchases=BOUGHT, bills=NEXT)


def test_what_comes_back_within_the_month_takes_its_share_back(planned: Company) -> None:
    planned.records(
        deliveries="""
            number,date,customer,item,qty,returns
            D1,2026-01-10,C1,A,8,
            D2,2026-01-20,C1,A,-3,D1
        """
    )
    planned.post()
    assert planned.role("cost-of-sales") == "60.00"  # 5 at 12
    assert planned.stock("A") == ("5", "60.00")


def test_what_comes_back_later_costs_what_it_left_at(planned: Company) -> None:
    """In February A is bought at the plan; what comes back is still worth 12 each."""
    planned.records(
        deliveries="""
            number,date,customer,item,qty,returns
            D1,2026-01-10,C1,A,10,
            D2,2026-02-20,C1,A,-3,D1
        """
    )
    planned.post()
    assert planned.role("cost-of-sales", "--to", "2026-01-31") == "120.00"
    assert planned.role("cost-of-sales") == "84.00"
    assert planned.stock("A") == ("3", "36.00")


def test_goods_that_go_back_take_the_differences_of_their_receipt(planned: Company) -> None:
    """10 at 12 and 10 at 10; 4 of the first go back at 12 each, and of the rest nothing has gone."""
    planned.records(
        purchases="""
            number,date,supplier,item,qty,price,returns
            P1,2026-01-05,S1,A,10,12,
            P2,2026-01-06,S1,A,10,10,
            P3,2026-01-20,S1,A,-4,12,P1
        """
    )
    planned.post()
    assert planned.role("price-difference") == "0.00"
    assert planned.stock("A") == ("16", "172.00")


def test_another_plan_asks_nothing_of_what_has_gone(planned: Company) -> None:
    """5 leave at the plan of 10 before it becomes 15: they cost 12 each all the same."""
    planned.records(
        deliveries="number,date,customer,item,qty\nD1,2026-01-10,C1,A,5",
        standard_costs="item,from,cost\nA,2026-01-20,15",
    )
    planned.post()
    assert planned.role("cost-of-sales") == "60.00"
    assert planned.stock("A") == ("5", "60.00")


def test_a_stated_value_bears_no_share(planned: Company) -> None:
    planned.records(adjustments="number,date,reason,item,qty,value\nA1,2026-01-10,own-use,A,-2,30")
    planned.post()
    assert planned.role("own-use") == "30.00"
    assert planned.stock("A") == ("8", "90.00")


def test_shares_of_what_is_made_of_goods_go_into_it_first(planned: Company) -> None:
    """B is made of 5 A in January and sold: A's 10.00 go through it into the cost of sales."""
    planned.records(
        productions="""
            number,date,part,item,qty
            M1,2026-01-10,input,A,5
            M1,2026-01-10,output,B,1
        """,
        deliveries="number,date,customer,item,qty\nD1,2026-01-15,C1,B,1",
    )
    planned.post()
    assert planned.role("cost-of-sales") == "60.00"
    assert planned.stock("A") == ("5", "60.00")
    assert planned.stock("B") == ("0", "0.00")
    assert planned.role("work-in-process") == "0.00"


def test_what_comes_too_late_for_goods_that_are_gone_is_a_cost_of_sales(planned: Company) -> None:
    planned.records(
        deliveries="number,date,customer,item,qty\nD1,2026-01-10,C1,A,10",
        landed_costs="number,date,supplier,basis,amount,document\nL1,2026-02-10,S2,value,7,P1",
    )
    planned.settings["policies"] = "{variance: apportion, landed_cost: own-date}"
    planned.__post_init__()
    planned.records(items=ITEMS)
    planned.post()
    assert planned.role("cost-of-sales") == "127.00"
    assert planned.stock("A") == ("0", "0.00")


def test_what_a_finished_job_took_is_in_what_it_put_out(planned: Company) -> None:
    """4 A at 12 go into a job; B, at the plan 50, cost 48. Nothing stays in process, and the B that was sold cost 48."""
    planned.records(
        productions="""
            number,date,job,part,item,qty
            M1,2026-01-10,J1,input,A,4
            M2,2026-01-12,J1,output,B,2
        """,
        deliveries="number,date,customer,item,qty\nD1,2026-01-20,C1,B,1",
    )
    planned.post()
    assert planned.role("work-in-process") == "0.00"
    assert (planned.stock("A"), planned.stock("B")) == (("6", "72.00"), ("1", "24.00"))
    assert planned.role("cost-of-sales") == "24.00"
