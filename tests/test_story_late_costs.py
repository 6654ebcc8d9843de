"""Stories of costs that come late: landed costs, and bills at another price under every policy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Company

RECEIPTS = """
    number,date,supplier,item,qty,price
    R1,2026-01-05,S1,A,10,10
    R1,2026-01-05,S1,B,10,30
"""
DELIVERIES = "number,date,customer,item,qty\nD1,2026-01-10,C1,A,4\nD1,2026-01-10,C1,B,5"


@pytest.mark.parametrize(
    ("basis", "a", "b"),
    [
        ("value", "110.00", "330.00"),
        ("qty", "120.00", "320.00"),
        ("equal", "120.00", "320.00"),
        ("weight", "110.00", "330.00"),
    ],
)
def test_landed_costs_by_their_basis(company: Company, basis: str, a: str, b: str) -> None:
    company.records(
        items="code,name,unit,costing,weight\nA,Frame,pcs,,1\nB,Wheel,pcs,fifo,3\n",
        receipts=RECEIPTS,
        landed_costs=f"number,date,supplier,basis,amount,tax,document\nL1,2026-01-20,S2,{basis},40,20%,R1",
    ).post()
    assert (company.stock("A")[1], company.stock("B")[1]) == (a, b)
    assert company.role("landed-cost-clearing") == "0.00"
    assert company.role("payable") == "-48.00"


def test_landed_costs_count_from_the_receipts_date(company: Company) -> None:
    company.records(
        receipts=RECEIPTS,
        deliveries=DELIVERIES,
        landed_costs="number,date,supplier,amount,document\nL1,2026-02-20,S2,40,R1",
    ).post()
    assert company.role("cost-of-sales") == "209.00"  # 4 of 110, 5 of 330
    assert company.role("landed-cost-clearing", "--to", "2026-01-31") == "-40.00"


@pytest.mark.parametrize(
    ("sold", "cost", "difference"), [("cost-of-sales", "209.00", "0.00"), ("variance", "190.00", "19.00")]
)
def test_landed_costs_on_their_own_date_split(
    new_company: Callable[..., Company], sold: str, cost: str, difference: str
) -> None:
    company = new_company(policies=f"{{landed_cost: own-date, sold_share: {sold}}}").records(
        receipts=RECEIPTS,
        deliveries=DELIVERIES,
        landed_costs="number,date,supplier,amount,document\nL1,2026-02-20,S2,40,R1",
    )
    company.post()
    assert company.stock("A") == ("6", "66.00")
    assert company.stock("B") == ("5", "165.00")
    assert (company.role("cost-of-sales"), company.role("price-difference")) == (cost, difference)
    assert company.role("cost-of-sales", "--to", "2026-01-31") == "190.00"


PRODUCTION = """
    number,date,part,item,qty
    M1,2026-01-06,input,A,8
    M1,2026-01-06,output,C,2
"""


def test_landed_costs_by_value_know_what_a_production_made(new_company: Callable[..., Company]) -> None:
    """8 A at 10 make C worth 80; R2 is worth 160: of 30 of freight, C takes 10 and R2's B 20."""
    company = new_company(policies="{landed_cost: own-date}").records(
        items="code,name,unit\nA,Frame,pcs\nB,Wheel,pcs\nC,Bike,pcs",
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,8,10\nR2,2026-01-05,S1,B,4,40",
        productions=PRODUCTION,
        landed_costs="number,date,supplier,amount,document\nL1,2026-01-20,S2,30,M1\nL1,2026-01-20,S2,30,R2",
    )
    company.post()
    assert (company.stock("C")[1], company.stock("B")[1]) == ("90.00", "180.00")


def test_landed_costs_from_the_receipts_date_cannot_wait_for_values(company: Company) -> None:
    company.records(
        items="code,name,unit\nA,Frame,pcs\nB,Wheel,pcs\nC,Bike,pcs",
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,8,10\nR2,2026-01-05,S1,B,4,40",
        productions=PRODUCTION,
        landed_costs="number,date,supplier,amount,document\nL1,2026-01-20,S2,30,M1\nL1,2026-01-20,S2,30,R2",
    )
    company.fails("missing-value")


def test_a_blank_share_beside_stated_ones_bears_nothing(company: Company) -> None:
    company.records(
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,10,10\nR2,2026-01-05,S1,B,10,10",
        landed_costs="number,date,supplier,amount,document,share\nL1,2026-01-20,S2,30,R1,3\nL1,2026-01-20,S2,30,R2,",
    ).post()
    assert (company.stock("A")[1], company.stock("B")[1]) == ("130.00", "100.00")


def test_landed_costs_of_a_bill_clear_its_account(company: Company) -> None:
    company.records(
        receipts=RECEIPTS,
        bills="number,date,supplier,account,amount,tax\nF1,2026-01-18,S2,landed-cost-clearing,40,20%",
        landed_costs="number,date,bill,amount,document,item\nL1,2026-01-20,F1,40,R1,B",
    ).post()
    assert company.stock("B") == ("10", "340.00")
    assert company.role("landed-cost-clearing") == "0.00"
    assert company.role("payable") == "-48.00"


BILLS = "number,date,supplier,receipt,item,qty,price\nB1,2026-02-03,S1,R1,A,10,12\nB1,2026-02-03,S1,R1,B,10,28"


@pytest.mark.parametrize(
    ("policy", "a", "b", "cost", "difference"),
    [
        ("restate", "72.00", "140.00", "188.00", "0.00"),
        ("split", "72.00", "140.00", "188.00", "0.00"),
        ("variance", "60.00", "150.00", "190.00", "0.00"),
    ],
)
def test_a_bill_at_another_price(
    new_company: Callable[..., Company], policy: str, a: str, b: str, cost: str, difference: str
) -> None:
    company = new_company(policies=f"{{bill_difference: {policy}}}").records(
        receipts=RECEIPTS, deliveries=DELIVERIES, bills=BILLS
    )
    company.post()
    assert (company.stock("A")[1], company.stock("B")[1]) == (a, b)
    assert (company.role("cost-of-sales"), company.role("price-difference")) == (cost, difference)
    assert company.role("goods-received-not-invoiced") == "0.00"
    assert company.role("cost-of-sales", "--to", "2026-01-31") == ("188.00" if policy == "restate" else "190.00")


def test_in_averages_the_oldest_units_count_as_gone_first(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{bill_difference: split}").records(
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,10,10\nR2,2026-01-06,S1,A,10,10",
        deliveries="number,date,customer,item,qty\nD1,2026-01-10,C1,A,12",
        bills="number,date,supplier,receipt,item,qty,price\nB1,2026-02-03,S1,R1,A,10,11\nB2,2026-02-04,S1,R2,A,10,11",
    )
    company.post()
    # of R1 nothing is left, of R2 eight of ten
    assert company.stock("A") == ("8", "88.00")
    assert company.role("cost-of-sales") == "132.00"


def test_standard_items_show_every_difference(company: Company) -> None:
    company.records(
        items="code,name,unit,costing,standard_cost\nA,Frame,pcs,standard,9\n",
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,10,10",
        bills="number,date,supplier,receipt,item,qty,price\nB1,2026-02-03,S1,R1,A,10,12",
        landed_costs="number,date,supplier,amount,document\nL1,2026-02-20,S2,5,R1",
    ).post()
    assert company.stock("A") == ("10", "90.00")
    assert company.role("price-difference") == "35.00"


def test_drop_shipments_never_touch_the_stock(company: Company) -> None:
    company.records(
        drop_shipments="number,date,supplier,customer,item,qty,price\nDS1,2026-01-05,S1,C1,A,3,10",
        bills="number,date,supplier,receipt,item,qty,price\nB1,2026-01-09,S1,DS1,A,3,11",
        invoices="number,date,customer,delivery,item,qty,price\nI1,2026-01-06,C1,DS1,A,3,20",
    ).post()
    assert company.role("cost-of-sales") == "33.00"
    assert company.role("inventory") == company.role("goods-received-not-invoiced") == "0.00"


def test_what_a_month_finds_is_as_old_as_its_day(new_company: Callable[..., Company]) -> None:
    """10 come, 5 are found on the 3rd, 10 come on the 20th; 12 are sold. The last 10 are there, and bear all of their 20.00."""
    company = new_company(costing="monthly-average", policies="{landed_cost: own-date}").records(
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-02,S1,A,10,10\nP2,2026-01-20,S1,A,10,10",
        adjustments="number,date,reason,item,qty\nJ1,2026-01-03,found,A,5",
        sales="number,date,customer,item,qty,price\nX1,2026-01-25,C1,A,12,20",
        landed_costs="number,date,supplier,amount,document\nL1,2026-02-05,S2,20,P2",
    )
    company.post()
    assert company.stock("A") == ("13", "150.00")
    assert company.role("cost-of-sales") == "120.00"


def test_a_months_average_takes_late_costs_of_goods_that_are_made_of_each_other(
    new_company: Callable[..., Company],
) -> None:
    """Freight of 40 for both: 5 of A at 12 become B, of which 15 are worth 300 + 20 + 60, and 3 of those leave at 76."""
    company = new_company(costing="monthly-average", policies="{landed_cost: own-date}").records(
        items="code,name,unit\nA,Frame,pcs\nB,Wheel,pcs",
        receipts=RECEIPTS,
        productions="number,date,part,item,qty\nM1,2026-01-10,input,A,5\nM1,2026-01-10,output,B,5",
        landed_costs="number,date,supplier,basis,amount,document\nL1,2026-01-20,S2,qty,40,R1",
        deliveries="number,date,customer,item,qty\nD1,2026-01-12,C1,B,3",
    )
    company.post()
    assert (company.stock("A"), company.stock("B")) == (("5", "60.00"), ("12", "304.00"))
    assert company.role("cost-of-sales") == "76.00"


def test_a_months_average_takes_late_costs_shared_with_other_methods(new_company: Callable[..., Company]) -> None:
    """As above, C takes 10 of the freight, and the one that left before it 5 of those."""
    company = new_company(policies="{landed_cost: own-date}").records(
        items="code,name,unit,costing\nA,Frame,pcs,\nB,Wheel,pcs,fifo\nC,Bike,pcs,monthly-average",
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,8,10\nR2,2026-01-05,S1,B,4,40",
        productions=PRODUCTION,
        deliveries="number,date,customer,item,qty\nD1,2026-01-10,C1,C,1",
        landed_costs="number,date,supplier,amount,document\nL1,2026-01-20,S2,30,M1\nL1,2026-01-20,S2,30,R2",
    )
    company.post()
    assert (company.stock("C"), company.stock("B")[1]) == (("1", "45.00"), "180.00")
    assert company.role("cost-of-sales") == "45.00"


def test_goods_of_a_months_average_go_back_with_costs_that_come_later_in_the_month(
    new_company: Callable[..., Company],
) -> None:
    """Each of the ten bears 2 of the freight; the supplier pays 10 for each that goes back."""
    policies = "{landed_cost: own-date, supplier_returns: original}"
    company = new_company(costing="monthly-average", policies=policies).records(
        purchases="""
            number,date,supplier,returns,item,qty,price
            P1,2026-01-05,S1,,A,10,10
            P2,2026-01-10,S1,P1,A,-2,10
        """,
        landed_costs="number,date,supplier,amount,document\nL1,2026-01-20,S2,20,P1",
    )
    company.post()
    assert company.stock("A") == ("8", "96.00")
    assert company.role("price-difference") == "4.00"
