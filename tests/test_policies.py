"""The worked figures of docs/POLICIES.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from conftest import Company
from costing_year import BOUGHT, METHODS, PAGE, page, table


@pytest.mark.parametrize(("policy", "closing"), [("original", "370.00"), ("current", "382.50")])
def test_customer_returns(new_company: Callable[..., Company], policy: str, closing: str) -> None:
    company = new_company(policies=f"{{customer_returns: {policy}}}").records(
        opening_stock="date,item,qty,value\n2026-01-01,A,10,100",
        deliveries="number,date,customer,item,qty,returns\nD1,2026-01-05,C1,A,4,\nD2,2026-01-20,C1,A,-1,D1",
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-10,S1,A,10,30",
    )
    assert company.post().stock("A") == ("17", closing)


@pytest.mark.parametrize(
    ("policy", "difference"), [("current", "-10.00"), ("by-method", "-10.00"), ("original", "0.00")]
)
def test_supplier_returns(new_company: Callable[..., Company], policy: str, difference: str) -> None:
    company = new_company(policies=f"{{supplier_returns: {policy}}}").records(
        receipts="""
            number,date,supplier,item,qty,price,returns
            R1,2026-01-05,S1,A,10,10,
            R2,2026-01-06,S1,A,10,20,
            R3,2026-01-07,S1,A,-2,,R2
        """,
    )
    assert company.post().role("price-difference") == difference


@pytest.mark.parametrize(("policy", "cost"), [("company", "60.00"), ("warehouse", "90.00")])
def test_cost_scope(new_company: Callable[..., Company], policy: str, cost: str) -> None:
    company = new_company(policies=f"{{cost_scope: {policy}}}").records(
        opening_stock="date,warehouse,item,qty,value\n2026-01-01,main,A,10,100\n2026-01-01,shop,A,10,300",
        deliveries="number,date,customer,warehouse,item,qty\nD1,2026-01-05,C1,shop,A,3",
    )
    assert company.post().role("cost-of-sales") == cost


@pytest.mark.parametrize(("policy", "debit", "credit"), [("no", "100.00", "30.00"), ("yes", "70.00", "0.00")])
def test_storno(new_company: Callable[..., Company], policy: str, debit: str, credit: str) -> None:
    company = new_company(policies=f"{{storno: {policy}}}").records(
        invoices="number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,100\nI2,2026-01-06,C1,S,-1,30"
    )
    rows = {row["role"]: row for row in company.post().report("trial-balance")["rows"]}
    assert (rows["receivable"]["debit"], rows["receivable"]["credit"]) == (debit, credit)
    assert rows["receivable"]["closing"] == "70.00"
    assert ('side: "dr"' in company.ledger("2026-01.bean")) == (policy == "yes")


def test_the_year_under_every_method() -> None:
    """The table of docs/POLICIES.md is what the program gives; nothing of what was bought is lost under any method."""
    assert page() == PAGE.read_text(encoding="utf-8"), "run python tests/costing_year.py --update, and read the diff"
    bought = 1650 + sum(qty * Decimal(price) for qty, price in BOUGHT) - 10 * Decimal("11.90")
    rows = re.findall(r"^\| `[^|]*\|([^|]*)\|([^|]*)\|([^|]*)\|$", table(), re.MULTILINE)
    assert len(rows) == len(METHODS)
    assert {sum(Decimal(one.replace(",", "")) for one in row) for row in rows} == {bought}


@pytest.mark.parametrize(
    ("policy", "refused"),
    [("warn", False), ("problem", True), ("problem 10%", True), ("'problem, 20'", False), ("problem 100%", False)],
)
def test_over_billing(new_company: Callable[..., Company], policy: str, refused: bool) -> None:
    company = new_company(policies=f"{{over_billing: {policy}}}").records(
        purchase_orders="number,date,supplier,item,qty,price\nPO1,2026-01-01,S1,A,10,10",
        receipts="number,date,supplier,order,item,qty\nR1,2026-01-05,S1,PO1,A,12",
        bills="number,date,supplier,order,item,qty,price\nB1,2026-01-06,S1,PO1,A,12,10",
    )
    if refused:
        assert "12 A are billed of purchase-orders/PO1, 10 were ordered" in company.fails("billed-beyond-order")
    else:
        assert company.post().role("payable") == "-120.00"
