"""Stories of payments that come back: returned cheques, in part and whole, and what they had settled."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Company

INVOICES = """
    number,date,customer,item,qty,price,tax,due
    I1,2026-01-05,C1,S,1,100,0%,2026-02-04
    I2,2026-01-06,C1,S,1,50,0%,2026-02-05
"""
HEADER = "number,date,partner,direction,amount,applies,applied\n"
PAID = f"{HEADER}P1,2026-01-20,C1,in,150,I1,\nP1,2026-01-20,C1,in,150,I2,\n"


def opens(company: Company, report: str = "receivables", *arguments: str) -> dict[str, tuple[str, str, str]]:
    rows = company.report(report, *arguments)["rows"]
    return {row["document"]: (row["amount"], row["open"], row["due"]) for row in rows}


@pytest.mark.parametrize("pack", ["ifrs", "cn-small-business"])
@pytest.mark.parametrize(
    "back",
    [
        "P2,2026-01-27,C1,in,-150,P1,",  # red: the cheque's own entry with the other sign
        "P2,2026-01-27,C1,out,150,P1,",
        "P2,2026-01-27,,out,150,payments/P1,150",
        "P2,2026-01-27,C1,in,-150,I1,100\nP2,2026-01-27,C1,in,-150,I2,50",  # naming what it paid
        "P2,2026-01-27,C1,in,-150,I1,\nP2,2026-01-27,C1,in,-150,I2,",
        "P2,2026-01-27,C1,out,150,I1,\nP2,2026-01-27,C1,out,150,I2,",
    ],
)
def test_a_returned_cheque_opens_its_invoices_again(new_company: Callable[..., Company], pack: str, back: str) -> None:
    company = new_company(pack=pack)
    company.records(invoices=INVOICES, payments=PAID + back).post()
    assert opens(company, "receivables", "--to", "2026-01-26") == {}
    assert opens(company) == {
        "invoices/I1": ("100.00", "100.00", "2026-02-04"),
        "invoices/I2": ("50.00", "50.00", "2026-02-05"),
    }
    assert (company.role("bank"), company.role("receivable")) == ("0.00", "150.00")
    assert company.role("customer-advances") == "0.00"


def test_a_red_entry_stands_on_its_own_side(new_company: Callable[..., Company]) -> None:
    """Chinese books write what comes back in red: no turnover on the bank's credit side."""
    company = new_company(pack="cn-small-business")
    company.records(invoices=INVOICES, payments=PAID + "P2,2026-01-27,C1,in,-150,P1,").post()
    rows = {row["role"]: row for row in company.report("trial-balance")["rows"]}
    assert (rows["bank"]["debit"], rows["bank"]["credit"]) == ("0.00", "0.00")
    assert (rows["receivable"]["debit"], rows["receivable"]["credit"]) == ("150.00", "0.00")


def test_paid_again_after_it_came_back(company: Company) -> None:
    """The bank takes 5 for it; the customer pays the older invoice again, and the second cheque comes back, too."""
    company.records(
        invoices=INVOICES,
        payments="""
            number,date,partner,direction,amount,fee,applies
            P1,2026-01-20,C1,in,150,,
            P2,2026-01-27,C1,in,-150,5,P1
            P3,2026-01-28,C1,in,100,,
            P4,2026-01-30,C1,in,-100,,P3
            P5,2026-02-10,C1,in,150,,
        """,
    ).post()
    assert list(opens(company, "receivables", "--to", "2026-01-28")) == ["invoices/I2"]
    assert len(opens(company, "receivables", "--to", "2026-01-31")) == 2
    assert opens(company) == {}
    assert (company.role("bank"), company.role("bank-charges")) == ("145.00", "5.00")


def test_what_was_settled_last_is_open_first(company: Company) -> None:
    """70 of 150 go back: all of the second invoice, and 20 of the first; then the rest."""
    company.records(
        invoices=INVOICES, payments=PAID + "P2,2026-01-27,C1,out,70,P1,\nP3,2026-02-01,C1,out,80,P1,"
    ).post()
    then = opens(company, "receivables", "--to", "2026-01-31")
    assert {name: row[1] for name, row in then.items()} == {"invoices/I1": "20.00", "invoices/I2": "50.00"}
    assert company.role("receivable") == "150.00"


def test_the_discount_goes_back_with_its_payment(new_company: Callable[..., Company]) -> None:
    """3 % of 120.00 with 20 % tax: 3.00 and 0.60. When the money comes back, so do the revenue and the tax."""
    company = new_company(policies="{discount_tax: correct}")
    company.records(
        invoices="number,date,customer,item,qty,price,tax\nI1,2026-01-05,C1,S,1,100,20%\n",
        payments="""
            number,date,partner,direction,amount,cash_discount,applies
            P1,2026-01-20,C1,in,116.40,3.60,I1
            P2,2026-01-27,C1,in,-116.40,,P1
        """,
    ).post()
    assert company.role("discount-given", "--to", "2026-01-26") == "3.00"
    assert company.role("output-tax", "--to", "2026-01-26") == "-19.40"
    assert (company.role("discount-given"), company.role("output-tax")) == ("0.00", "-20.00")
    assert (company.role("receivable"), company.role("bank")) == ("120.00", "0.00")


def test_a_credit_note_that_was_set_off_is_open_again(company: Company) -> None:
    """100 less a credit note of 30 were paid with 70; and a refund that did not arrive leaves the credit note open."""
    company.records(
        invoices="""
            number,date,customer,item,qty,price
            I1,2026-01-05,C1,S,1,100
            N1,2026-01-06,C1,S,-1,30
            N2,2026-01-07,C2,S,-1,40
        """,
        payments=HEADER
        + """
            P1,2026-01-20,C1,in,70,I1,
            P1,2026-01-20,C1,in,70,N1,
            P2,2026-01-27,C1,out,70,P1,
            P3,2026-01-21,C2,out,40,N2,
            P4,2026-01-28,C2,in,40,P3,
        """,
    ).post()
    assert {name: row[1] for name, row in opens(company).items()} == {
        "invoices/I1": "100.00",
        "invoices/N1": "-30.00",
        "invoices/N2": "-40.00",
    }


def test_a_payment_to_a_supplier_comes_back(company: Company) -> None:
    company.records(
        bills="number,date,supplier,account,amount\nB1,2026-01-05,S1,expense,80\n",
        payments=HEADER + "P1,2026-01-20,S1,out,80,B1,\nP2,2026-01-27,S1,in,80,P1,\n",
    ).post()
    assert {name: row[1] for name, row in opens(company, "payables").items()} == {"bills/B1": "-80.00"}
    assert (company.role("bank"), company.role("payable")) == ("0.00", "-80.00")


def test_what_was_paid_ahead_comes_back(company: Company) -> None:
    """100 are paid; 60 of them for an invoice that comes later, 30 allocated to another, and 10 are left."""
    company.records(
        invoices="number,date,customer,item,qty,price\nI1,2026-01-25,C1,S,1,60\nI2,2026-01-26,C1,S,1,30\n",
        payments=HEADER + "P1,2026-01-20,C1,in,100,I1,60\nP2,2026-02-05,C1,out,100,P1,\n",
        allocations="number,date,partner,from,to,amount\nL1,2026-01-31,C1,P1,I2,30\n",
    ).post()
    assert company.role("customer-advances", "--to", "2026-01-31") == "-10.00"
    assert {name: row[1] for name, row in opens(company).items()} == {"invoices/I1": "60.00", "invoices/I2": "30.00"}
    assert (company.role("customer-advances"), company.role("bank")) == ("0.00", "0.00")


def test_foreign_money_that_comes_back(company: Company) -> None:
    """100 USD stand at 90, are paid at 0.95 and go back at 0.92: a gain of 5, and the loss of what they lost at the bank."""
    company.records(
        invoices="number,date,customer,currency,rate,item,qty,price\nI1,2026-01-05,C1,USD,0.90,S,1,100\n",
        payments="""
            number,date,partner,direction,currency,rate,amount,account,applies
            P1,2026-01-20,C1,in,USD,0.95,100,bank,I1
            P2,2026-01-27,C1,in,USD,0.92,-100,Assets:Cash:Clearing,P1
        """,
    ).post()
    # the receivable is back at 90.00; the other account pays 92.00 for it
    assert (company.role("receivable"), company.role("exchange-gain")) == ("90.00", "-5.00")
    assert company.role("exchange-loss") == "2.00"
    (row,) = company.report("receivables")["rows"]
    assert (row["open"], row["open_foreign"]) == ("90.00", "100.00 USD")


@pytest.mark.parametrize(
    ("back", "said"),
    [
        ("P2,2026-01-27,C1,in,-150,,", "it does not say which payment"),
        ("P2,2026-01-27,C1,in,-160,P1,", "150.00 are left of what it names"),
        ("P2,2026-01-27,C1,out,150,P1,160", "150.00 are left of payments/P1"),
        ("P2,2026-01-27,C1,in,-10,I3,", "0.00 are left of what it names"),
        ("P2,2026-01-27,C1,out,150,P1,\nP3,2026-01-28,C1,out,1,P1,1", "0.00 are left of payments/P1"),
    ],
)
def test_no_more_comes_back_than_was_paid(company: Company, back: str, said: str) -> None:
    company.records(invoices=INVOICES + "I3,2026-01-07,C1,S,1,10,0%,\n", payments=PAID + back)
    assert said in company.fails("cannot-take-back")


def test_money_goes_back_before_the_invoice_that_it_was_for(company: Company) -> None:
    company.records(
        invoices="number,date,customer,item,qty,price\nI1,2026-02-25,C1,S,1,60\n",
        payments=HEADER + "P1,2026-01-20,C1,in,60,I1,\nP2,2026-02-05,C1,out,60,P1,\n",
    )
    assert "invoices/I1, which it paid, comes later" in company.fails("cannot-take-back")


def test_a_note_that_goes_back_with_its_payment_named(company: Company) -> None:
    """Named, its invoice is open again with its own due date, instead of a new claim."""
    company.records(
        invoices=INVOICES,
        payments="""
            number,date,partner,direction,amount,account,due,applies
            P1,2026-01-20,C1,in,100,notes-receivable:B-001,2026-04-20,I1
            P2,2026-04-21,C1,in,-100,notes-receivable:B-001,,P1
        """,
    ).post()
    assert opens(company)["invoices/I1"] == ("100.00", "100.00", "2026-02-04")
    (row,) = company.report("notes")["rows"]
    assert (row["note"], row["open"], row["state"]) == ("B-001", "0.00", "returned")
