"""Stories of cut-off between deliveries and invoices, and of periodic stock."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Company

OPENING = "date,item,qty,value\n2026-01-01,A,100,1000.00"
WAITING = "goods-delivered-not-invoiced"


def at_invoice(new_company: Callable[..., Company], **records: str) -> Company:
    return new_company(policies="{cost_of_sales: at-invoice}").records(opening_stock=OPENING, **records)


def test_what_is_delivered_waits_for_its_invoice(new_company: Callable[..., Company]) -> None:
    company = at_invoice(
        new_company,
        deliveries="number,date,customer,item,qty\nD1,2026-01-10,C1,A,30",
        invoices="number,date,customer,delivery,item,qty,price\nI1,2026-01-20,C1,D1,A,20,15\nI2,2026-02-05,C1,D1,A,10,15",
    )
    company.post()
    assert company.role(WAITING, "--to", "2026-01-10") == "300.00"
    assert company.role("cost-of-sales", "--to", "2026-01-19") == "0.00"
    assert company.role("cost-of-sales", "--to", "2026-01-31") == "200.00"
    assert company.role(WAITING, "--to", "2026-01-31") == "100.00"
    assert company.role("cost-of-sales") == "300.00"
    assert company.role(WAITING) == "0.00"


def test_an_invoice_before_its_delivery_takes_the_current_cost(new_company: Callable[..., Company]) -> None:
    """Invoiced at 10 each on the 5th; 100 more at 20 make 15 on average when the goods leave on the 10th."""
    company = at_invoice(
        new_company,
        invoices="number,date,customer,order,item,qty,price\nI1,2026-01-05,C1,SO1,A,20,25",
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-07,S1,A,100,20",
        deliveries="number,date,customer,order,item,qty\nD1,2026-01-10,C1,SO1,A,20",
    )
    company.post()
    assert company.role("cost-of-sales", "--to", "2026-01-05") == "200.00"
    assert company.role(WAITING, "--to", "2026-01-05") == "-200.00"
    assert company.role("cost-of-sales") == "300.00"
    assert company.role(WAITING) == "0.00"


def test_returns_and_credit_notes(new_company: Callable[..., Company]) -> None:
    """5 come back and are credited; a credit note without goods takes the cost of its invoice."""
    company = at_invoice(
        new_company,
        deliveries="number,date,customer,returns,item,qty\nD1,2026-01-10,C1,,A,30\nD2,2026-01-25,C1,D1,A,-5",
        invoices="number,date,customer,delivery,returns,item,qty,price\nI1,2026-01-20,C1,D1,,A,30,15\n"
        "N1,2026-01-28,C1,,I1,A,-5,15\nN2,2026-01-30,C1,,I1,A,-2,15",
    )
    company.post()
    assert company.role("cost-of-sales", "--to", "2026-01-27") == "300.00"
    assert company.role(WAITING, "--to", "2026-01-27") == "-50.00"
    assert company.role("cost-of-sales", "--to", "2026-01-28") == "250.00"
    assert company.role(WAITING, "--to", "2026-01-28") == "0.00"
    assert company.role("cost-of-sales") == "230.00"
    assert company.role(WAITING) == "20.00"


def test_a_return_of_goods_that_were_never_invoiced(new_company: Callable[..., Company]) -> None:
    company = at_invoice(
        new_company,
        deliveries="number,date,customer,returns,item,qty\nD1,2026-01-10,C1,,A,30\nD2,2026-01-25,C1,D1,A,-5",
        invoices="number,date,customer,delivery,item,qty,price\nI1,2026-01-30,C1,D1,A,25,15",
    )
    company.post()
    assert company.role("cost-of-sales") == "250.00"
    assert company.role(WAITING) == "0.00"


def test_drop_shipments_wait_for_their_invoice(new_company: Callable[..., Company]) -> None:
    company = at_invoice(
        new_company,
        drop_shipments="number,date,supplier,customer,item,qty,price\nZ1,2026-01-10,S1,C1,A,10,8",
        invoices="number,date,customer,delivery,item,qty,price\nI1,2026-01-20,C1,Z1,A,10,15",
    )
    company.post()
    assert company.role(WAITING, "--to", "2026-01-10") == "80.00"
    assert company.role("cost-of-sales") == "80.00"
    assert company.role(WAITING) == "0.00"


def test_revenue_with_the_delivery(new_company: Callable[..., Company]) -> None:
    """Delivered at 15 of the order; the invoice says 16, and the difference is revenue of its day."""
    company = new_company(policies="{revenue: at-delivery}").records(
        opening_stock=OPENING,
        sales_orders="number,date,customer,item,qty,price\nSO1,2026-01-02,C1,A,30,15",
        deliveries="number,date,customer,order,item,qty\nD1,2026-01-10,C1,SO1,A,30",
        invoices="number,date,customer,delivery,item,qty,price,tax\nI1,2026-01-20,C1,D1,A,20,16,10%",
    )
    company.post()
    assert company.role("revenue", "--to", "2026-01-10") == "-450.00"
    assert company.role("unbilled-receivable", "--to", "2026-01-10") == "450.00"
    assert company.role("revenue") == "-470.00"
    assert company.role("unbilled-receivable") == "150.00"
    assert company.role("receivable") == "352.00"


def test_revenue_of_an_invoice_before_its_delivery_waits(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{revenue: at-delivery}").records(
        opening_stock=OPENING,
        invoices="number,date,customer,order,item,qty,price\nI1,2026-01-05,C1,SO1,A,20,16",
        deliveries="number,date,customer,order,item,qty,price\nD1,2026-01-10,C1,SO1,A,20,15",
    )
    company.post()
    assert company.role("revenue", "--to", "2026-01-05") == "0.00"
    assert company.role("unbilled-receivable", "--to", "2026-01-05") == "-320.00"
    assert company.role("revenue") == "-320.00"
    assert company.role("unbilled-receivable") == "0.00"


def test_periodic_stock_is_posted_against_its_change(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{inventory_system: periodic}").records(
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,100,10",
        bills="number,date,supplier,receipt,item,qty,price,tax\nB1,2026-01-10,S1,R1,A,100,11,10%",
        deliveries="number,date,customer,item,qty\nD1,2026-01-20,C1,A,40",
        invoices="number,date,customer,delivery,item,qty,price\nI1,2026-01-21,C1,D1,A,40,20",
        drop_shipments="number,date,supplier,customer,item,qty,price\nZ1,2026-01-22,S1,C1,A,10,8",
    )
    company.post()
    assert company.role("inventory", "--to", "2026-01-05") == "1100.00"
    assert company.role("change-in-inventories", "--to", "2026-01-05") == "-1100.00"
    assert company.role("purchases") == "1100.00"
    assert company.role("change-in-inventories") == "-660.00"
    assert company.role("goods-received-not-invoiced") == "0.00"
    assert company.role("cost-of-sales") == "0.00"
    assert company.role("price-difference") == "0.00"
    assert company.role("payable") == "-1210.00"


def test_a_drop_shipment_shows_no_revenue_before_its_invoice(new_company: Callable[..., Company]) -> None:
    """Its price is what the supplier gets; revenue is known with the invoice of 10 at 15."""
    company = new_company(policies="{revenue: at-delivery}").records(
        drop_shipments="number,date,supplier,customer,item,qty,price\nX1,2026-01-05,S1,C1,A,10,10",
        invoices="number,date,customer,delivery,item,qty,price\nI1,2026-01-20,C1,X1,A,10,15",
    )
    company.post()
    assert company.role("unbilled-receivable") == "0.00"
    assert company.role("revenue") == "-150.00"


@pytest.mark.parametrize("system", ["perpetual", "periodic"])
def test_an_invoice_before_its_drop_shipment_waits_for_it(system: str, new_company: Callable[..., Company]) -> None:
    company = new_company(policies=f"{{revenue: at-delivery, inventory_system: {system}}}").records(
        sales_orders="number,date,customer,item,qty,price\nO1,2026-01-02,C1,A,10,15",
        invoices="number,date,customer,order,item,qty,price\nI1,2026-01-05,C1,O1,A,10,15",
        drop_shipments="number,date,supplier,customer,order,item,qty,price\nX1,2026-01-20,S1,C1,O1,A,10,10",
    )
    company.post()
    assert company.role("unbilled-receivable", "--to", "2026-01-10") == "-150.00"
    assert company.role("unbilled-receivable") == "0.00"
    assert company.role("revenue") == "-150.00"
