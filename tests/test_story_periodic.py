"""Stories of periodic stock: purchases are an expense, and the stock is posted against the change in inventories."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Company

CHANGE = "change-in-inventories"
OPENING = "date,item,qty,value\n2026-01-01,A,10,100.00"
BELOW = "{inventory_system: periodic, negative_stock: provisional}"
FREIGHT = "number,date,supplier,amount,document\nL1,2026-01-08,S1,20,"


def test_freight_is_bought_once(new_company: Callable[..., Company]) -> None:
    """10 at 10 and 20.00 of freight: 120.00 are bought, and the stock is worth 120.00 from the purchase's day."""
    company = new_company(policies="{inventory_system: periodic}").records(
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-05,S1,A,10,10",
        landed_costs=FREIGHT + "P1",
    )
    company.post()
    assert company.role("purchases", "--to", "2026-01-05") == "100.00"
    assert company.role(CHANGE, "--to", "2026-01-05") == "-120.00"
    assert company.role("purchases") == "120.00"
    assert company.role("landed-cost-clearing") == "0.00"


def test_freight_of_what_was_made_is_in_the_stock(new_company: Callable[..., Company]) -> None:
    """10 worth 100.00 become 5 of B; 20.00 of freight on them make 120.00 from the day they are made."""
    company = new_company(policies="{inventory_system: periodic}").records(
        opening_stock=OPENING,
        productions="number,date,part,item,qty\nM1,2026-01-05,input,A,10\nM1,2026-01-05,output,B,5",
        landed_costs=FREIGHT + "M1",
    )
    company.post()
    assert company.stock("B") == ("5", "120.00")
    assert company.role(CHANGE) == "-20.00"
    assert company.role("purchases") == "20.00"
    assert company.role("landed-cost-clearing") == "0.00"
    assert company.role("work-in-process") == "0.00"


@pytest.mark.parametrize("when", ["at-invoice", "month-end"])
def test_no_cost_of_sales_waits(when: str, new_company: Callable[..., Company]) -> None:
    """What is delivered in January is in the change of January, whatever is invoiced and when."""
    company = new_company(policies=f"{{inventory_system: periodic, cost_of_sales: {when}}}").records(
        opening_stock=OPENING,
        deliveries="number,date,customer,item,qty\nD1,2026-01-10,C1,A,4",
        invoices="number,date,customer,delivery,item,qty,price\nI1,2026-02-03,C1,D1,A,4,15",
    )
    company.post()
    assert company.role(CHANGE, "--to", "2026-01-31") == "40.00"
    for role in ("cost-of-sales", "goods-delivered-not-invoiced"):
        assert company.role(role) == "0.00"


def test_no_estimate_is_taken_back(new_company: Callable[..., Company]) -> None:
    """Nothing was accrued in January, so that February begins with the stock as it is."""
    policies = "{inventory_system: periodic, grni_method: reverse-at-month-start}"
    company = new_company(policies=policies).records(
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-28,S1,A,10,10\nR2,2026-03-02,S1,A,1,10",
    )
    company.post()
    assert company.role("inventory", "--to", "2026-02-01") == "100.00"
    assert company.role("goods-received-not-invoiced") == "0.00"


def test_what_covers_own_use_corrects_own_use(new_company: Callable[..., Company]) -> None:
    """2 were taken at 10 without being there; they come at 13. 6.00 more are own use, and no change in inventories."""
    company = new_company(policies=BELOW).records(
        opening_stock=OPENING,
        adjustments="number,date,reason,item,qty\nJ1,2026-01-05,own-use,A,-12",
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-10,S1,A,2,13",
    )
    company.post()
    assert company.role("own-use") == "126.00"
    assert company.role(CHANGE) == "-26.00"
    assert company.role("inventory") == "0.00"


def test_what_a_count_finds_corrects_the_change(new_company: Callable[..., Company]) -> None:
    """2 of 12 sold were not there; a count finds 3 more at 12: the sale took 24.00 for them and not 20.00."""
    company = new_company(policies=BELOW).records(
        opening_stock=OPENING,
        sales="number,date,customer,item,qty,price\nX1,2026-01-05,C1,A,12,20",
        counts="number,date,item,counted,price\nN1,2026-01-31,A,1,12",
    )
    company.post()
    assert company.stock("A") == ("1", "12.00")
    assert company.role("stock-gain") == "-36.00"
    assert company.role(CHANGE) == "124.00"
    assert company.role("cost-of-sales") == "0.00"
