"""Stories of settling documents with each other, of money between accounts, and of taxes that the buyer owes."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Company


def test_an_advance_is_offset_later(company: Company) -> None:
    company.records(
        payments="number,date,partner,direction,amount\nZ1,2026-01-05,C1,in,80",
        invoices="number,date,customer,item,qty,price\nI1,2026-01-10,C1,S,1,100",
        allocations="number,date,partner,from,to,amount\nV1,2026-01-20,C1,Z1,I1,80",
    ).post()
    assert company.role("customer-advances", "--to", "2026-01-19") == "-80.00"
    assert company.role("customer-advances") == "0.00"
    rows = company.report("receivables")["rows"]
    assert [(row["document"], row["open"]) for row in rows] == [("invoices/I1", "20.00")]


def test_a_credit_note_and_a_customer_who_is_a_supplier(company: Company) -> None:
    company.records(
        partners="code,name\nP1,Both",
        invoices="number,date,customer,item,qty,price\nI1,2026-01-10,P1,S,1,100\nN1,2026-01-12,P1,S,-1,30",
        bills="number,date,supplier,item,qty,price\nB1,2026-01-15,P1,S,1,50",
        allocations="number,date,partner,from,to,amount\nV1,2026-01-20,P1,N1,I1,30\nV2,2026-01-21,P1,B1,I1,50",
    ).post()
    assert [(row["document"], row["open"]) for row in company.report("receivables")["rows"]] == [
        ("invoices/I1", "20.00")
    ]
    assert company.role("payable") == "0.00"


def test_two_invoices_do_not_settle_each_other(company: Company) -> None:
    company.records(
        invoices="number,date,customer,item,qty,price\nI1,2026-01-10,C1,S,1,100\nI2,2026-01-12,C1,S,1,30",
        allocations="number,date,partner,from,to,amount\nV1,2026-01-20,C1,I1,I2,30",
    )
    company.fails("allocation-sides")


def test_money_between_accounts(company: Company) -> None:
    """A wallet pays out 1,000.00 less a fee of 6.00; 500.00 leave the bank and 498.00 arrive as cash."""
    company.records(
        opening_balances="date,account,amount\n2026-01-01,wallet,1200\n2026-01-01,bank,600",
        cash_transfers="number,date,from,to,amount,received,fee\nT1,2026-01-05,wallet,bank,1000,,6\n"
        "T2,2026-01-06,bank,cash,500,498,",
    ).post()
    assert company.role("wallet") == "200.00"
    assert company.role("bank") == "1094.00"
    assert company.role("cash") == "498.00"
    assert company.role("bank-charges") == "8.00"


def test_foreign_money_is_bought_and_moved(company: Company) -> None:
    company.records(
        cash_transfers="number,date,from,to,amount,received,fee,currency,rate\n"
        "T1,2026-01-05,bank,bank:usd,100,,,USD,6.5\nT2,2026-01-06,bank:usd,cash:usd,40,,,USD,6.6\n"
        "T3,2026-01-07,bank:usd,bank,60,396,,USD,6.6",
    ).post()
    closing = {row["account"]: row["closing"] for row in company.report("trial-balance")["rows"]}
    assert closing["Assets:Cash:Bank:Usd"] == "0.00"
    assert closing["Assets:Cash:On-Hand:Usd"] == "260.00"
    assert company.role("exchange-gain") == "-6.00"


def test_the_buyer_owes_the_tax_and_recovers_it(company: Company) -> None:
    company.records(
        bills="number,date,supplier,item,qty,price,tax\nB1,2026-01-15,S1,S,1,1000,reverse-charge 19%",
    ).post()
    assert company.role("payable") == "-1000.00"
    assert company.role("input-tax") == "190.00"
    assert company.role("output-tax") == "-190.00"


def test_tax_is_rounded_once_for_each_rate(new_company: Callable[..., Company]) -> None:
    """Three lines of 0.13 at 19 %: 0.02 each by line, 0.07 of 0.39 by rate."""
    lines = "number,date,customer,item,qty,price,tax\n" + "I1,2026-01-15,C1,S,1,0.13,19%\n" * 3
    assert new_company().records(invoices=lines).post().role("output-tax") == "-0.06"
    company = new_company(policies="{tax_rounding: per-rate}").records(invoices=lines).post()
    assert company.role("output-tax") == "-0.07"
    assert company.role("receivable") == "0.46"
