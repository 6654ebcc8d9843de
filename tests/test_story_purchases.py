"""Vectors that the simulator found: bills, returns and receipts in unusual orders, each small enough to check by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Company

CLEARING = ("goods-received-not-invoiced", "goods-in-transit")


def cleared(company: Company) -> bool:
    return all(company.role(role) == "0.00" for role in CLEARING)


def test_a_bill_that_names_a_receipt_of_a_later_day(company: Company) -> None:
    company.records(
        bills="number,date,supplier,receipt,item,qty,price\nB1,2026-01-02,S1,R1,A,10,6",
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,10,5",
    ).post()
    assert company.stock("A") == ("10", "60.00")
    assert cleared(company)


def test_a_bill_of_an_order_before_its_goods(company: Company) -> None:
    company.records(
        bills="number,date,supplier,order,item,qty,price\nB1,2026-01-02,S1,PO,A,4,105",
        receipts="number,date,supplier,order,item,qty,price\nR1,2026-01-03,S1,PO,A,4,100",
    ).post()
    assert company.stock("A") == ("4", "420.00")
    assert cleared(company)


def test_an_unnamed_return_does_not_undo_what_a_named_one_brought_back(company: Company) -> None:
    company.records(
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-02,S1,B,10,5\nP2,2026-01-03,S1,B,10,8",
        deliveries="""
            number,date,customer,item,qty,returns
            D1,2026-01-04,C1,B,10,
            D2,2026-01-05,C1,B,10,
            D3,2026-01-06,C1,B,-10,D2
            D4,2026-01-07,C1,B,-10,
        """,
    ).post()
    assert company.stock("B") == ("20", "130.00")


def test_a_return_before_its_bill_leaves_at_the_receipts_price(company: Company) -> None:
    company.records(
        receipts="number,date,supplier,item,qty,price,returns\nR1,2026-01-02,S1,B,10,5,\nR2,2026-01-03,S1,B,-4,,R1",
        bills="number,date,supplier,receipt,item,qty,price\nB1,2026-01-10,S1,R1,B,6,6",
    ).post()
    assert company.stock("B") == ("6", "36.00")
    assert company.role("price-difference") == "0.00"
    assert cleared(company)


def test_parts_are_quantity_times_price(company: Company) -> None:
    company.records(
        bills="number,date,supplier,item,qty,price\nB1,2026-01-02,S1,A,12,6.633",
        receipts="number,date,supplier,bill,item,qty,price\nR1,2026-01-05,S1,B1,A,1,6\nR2,2026-01-06,S1,B1,A,10,6",
    ).post()
    assert company.role("goods-in-transit") == "6.64"  # 79.60 - 6.63 - 66.33
    company.records(
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,12,6.633",
        bills="number,date,supplier,receipt,item,qty,price\nB1,2026-01-12,S1,R1,A,1,7",
    ).post()
    assert company.stock("A") == ("12", "79.96")  # 7.00 + 11 x 6.633


@pytest.mark.parametrize(
    ("before", "left"),
    [("adjustments=J1,2026-01-05,own-use,B,-1,1", "49.00"), ("adjustments=J1,2026-01-05,own-use,B,-4,40", "10.00")],
)
def test_a_layer_goes_back_at_what_it_came_in_at(company: Company, before: str, left: str) -> None:
    kind, row = before.split("=")
    company.records(
        purchases="number,date,supplier,item,qty,price,returns\nP1,2026-01-02,S1,B,10,10,\nP2,2026-01-09,S1,B,-5,10,P1",
        **{kind: "number,date,reason,item,qty,value\n" + row},
    ).post()
    assert company.stock("B")[1] == left


def test_a_credit_note_for_what_was_billed_beyond_the_kept_goods(company: Company) -> None:
    company.records(
        receipts="number,date,supplier,item,qty,price,returns\nR1,2026-01-02,S1,A,10,5,\nR2,2026-01-03,S1,A,-4,,R1",
        bills="number,date,supplier,receipt,item,qty,price\nB1,2026-01-10,S1,R1,A,10,5\nB2,2026-01-12,S1,R2,A,-4,5",
    )
    result = company.run("post")
    assert "over-billed" in result.err
    assert cleared(company)
    assert company.role("payable") == "-30.00"


def test_goods_that_come_again_take_their_billing_state_back(company: Company) -> None:
    company.records(
        receipts="""
            number,date,supplier,item,qty,price,returns
            R1,2026-01-02,S1,A,10,5,
            R2,2026-01-03,S1,A,-4,,R1
            R3,2026-01-04,S1,A,4,,R2
        """,
        bills="number,date,supplier,receipt,item,qty,price\nB1,2026-01-10,S1,R1,A,10,6",
    ).post()
    assert cleared(company)
    assert company.stock("A") == ("10", "60.00")
    assert company.role("price-difference") == "0.00"


def test_a_return_of_the_same_day_is_written_behind_its_original(company: Company) -> None:
    company.records(
        opening_stock="date,item,qty,value\n2026-01-01,A,10,100",
        deliveries="number,date,customer,item,qty,returns\nD2,2026-01-05,C1,A,5,\nD1,2026-01-05,C1,A,-2,D2",
    ).post()
    text = company.ledger("2026-01.bean")
    assert text.index("Delivery D2") < text.index("Delivery D1")


@pytest.mark.parametrize("policy", ["original", "current"])
def test_returns_at_current_cost_undo_the_newest_issues_of_layers(
    new_company: Callable[..., Company], policy: str
) -> None:
    company = new_company(policies=f"{{customer_returns: {policy}}}").records(
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-02,S1,B,1,5\nP2,2026-01-03,S1,B,1,8",
        deliveries="""
            number,date,customer,item,qty,returns
            D1,2026-01-04,C1,B,1,
            D2,2026-01-05,C1,B,1,
            D3,2026-01-06,C1,B,-1,D1
        """,
    )
    assert company.post().stock("B") == ("1", "5.00" if policy == "original" else "8.00")


def test_stated_amounts_come_before_blank_ones(company: Company) -> None:
    company.records(
        invoices="number,date,customer,item,qty,price\nI1,2026-01-02,C1,S,1,100\nI2,2026-01-03,C1,S,1,80",
        payments="number,date,partner,direction,amount,applies,applied\nP1,2026-01-09,C1,in,120,I1,\nP1,2026-01-09,C1,in,120,I2,50",
    ).post()
    assert {row["document"]: row["open"] for row in company.report("receivables")["rows"]} == {
        "invoices/I1": "30.00",
        "invoices/I2": "30.00",
    }
