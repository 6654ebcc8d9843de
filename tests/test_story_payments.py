"""Stories of open items: payments in parts, for many, without a name, ahead, with fees, discounts and write-offs."""

from __future__ import annotations

from conftest import Company

INVOICES = """
    number,date,customer,item,qty,price,due
    I1,2026-01-05,C1,S,1,100,2026-02-20
    I2,2026-01-06,C1,S,1,200,2026-02-10
    I3,2026-01-07,C1,S,-1,30,2026-02-06
"""


def opens(company: Company, report: str = "receivables", *arguments: str) -> dict[str, str]:
    return {row["document"]: row["open"] for row in company.report(report, *arguments)["rows"]}


def test_a_payment_in_parts_and_one_for_many(company: Company) -> None:
    company.records(
        invoices=INVOICES,
        payments="""
            number,date,partner,direction,amount,applies,applied
            P1,2026-02-01,C1,in,60,I1,60
            P2,2026-02-03,C1,in,210,I1,
            P2,2026-02-03,C1,in,210,I2,
            P2,2026-02-03,C1,in,210,I3,
        """,
    ).post()
    # the credit note comes first, whatever row it stands in: 240 settle 40 of I1 and 200 of I2
    assert opens(company) == {}
    assert company.report("receivables")["totals"]["advances"] == "0.00"


def test_a_credit_note_pays_too(company: Company) -> None:
    company.records(
        invoices=INVOICES,
        payments="""
            number,date,partner,direction,amount,applies,applied
            P1,2026-02-01,C1,in,70,I3,30
            P1,2026-02-01,C1,in,70,I1,100
        """,
    ).post()
    assert opens(company) == {"invoices/I2": "200.00"}


def test_without_a_name_the_oldest_due_comes_first(company: Company) -> None:
    company.records(
        invoices=INVOICES,
        payments="""
            number,date,partner,direction,amount
            P1,2026-02-01,C1,in,250
            P2,2026-02-02,C1,in,100
        """,
    ).post()
    assert opens(company) == {"invoices/I3": "-30.00"}
    assert 'settles: "oldest due first"' in company.ledger("2026-02.bean")
    assert company.role("customer-advances") == "-50.00"
    assert opens(company, "receivables", "--to", "2026-02-01") == {"invoices/I1": "50.00", "invoices/I3": "-30.00"}


def test_an_advance_is_taken_over_by_the_invoice_that_it_names(company: Company) -> None:
    company.records(
        invoices=INVOICES,
        payments="""
            number,date,partner,direction,amount,applies
            P1,2026-01-02,C1,in,150,I1
        """,
    ).post()
    assert company.role("customer-advances", "--to", "2026-01-04") == "-150.00"
    assert company.role("customer-advances") == "-50.00"
    assert opens(company) == {"invoices/I2": "200.00", "invoices/I3": "-30.00"}


def test_fee_discount_and_write_off(company: Company) -> None:
    company.records(
        invoices=INVOICES,
        payments="""
            number,date,partner,direction,amount,fee,cash_discount,write_off,applies
            P1,2026-02-01,C1,in,97,1.50,2,1,I1
        """,
    ).post()
    assert company.role("bank") == "95.50"
    assert company.role("bank-charges") == "1.50"
    assert company.role("discount-given") == "2.00"
    assert company.role("write-off") == "1.00"
    assert "invoices/I1" not in opens(company)


def test_paying_suppliers_and_refunds(company: Company) -> None:
    company.records(
        bills="""
            number,date,supplier,account,amount,tax,total
            B1,2026-01-05,S1,expense,100,20%,120
            B1,2026-01-05,S2,expense,10,20%,12
            B2,2026-01-06,S1,expense,-50,20%,-60
        """,
        payments="""
            number,date,partner,direction,amount,applies
            P1,2026-02-01,S1,out,120,B1
            P2,2026-02-02,S1,in,60,B2
            P3,2026-02-03,S2,out,20,
        """,
    ).post()
    assert opens(company, "payables") == {}
    assert company.report("payables")["totals"]["advances"] == "8.00"
    assert company.role("bank") == "-80.00"


def test_a_payment_straight_to_an_account(company: Company) -> None:
    company.records(
        payments="""
            number,date,direction,amount,pays,account
            P1,2026-02-01,out,300,Expenses:Operating:Rent,cash
            P2,2026-02-02,in,7,wallet:微信,
        """
    ).post()
    rows = {row["account"]: row["closing"] for row in company.report("trial-balance")["rows"]}
    assert rows["Expenses:Operating:Rent"] == "300.00"
    assert rows["Assets:Cash:Wallet:X-微信"] == "-7.00"


def test_opening_balances_are_open_items(company: Company) -> None:
    company.records(
        opening_balances="""
            date,account,partner,amount,ref,due
            2026-01-01,receivable,C1,120,OLD-1,2026-01-31
            2026-01-01,payable,S1,-70,OLD-2,
            2026-01-01,customer-advances,C2,-15,,
            2026-01-01,bank,,1000,,
        """,
        payments="""
            number,date,partner,direction,amount,applies
            P1,2026-02-01,C1,in,20,OLD-1
            P2,2026-02-01,S1,out,70,OLD-2
        """,
    ).post()
    row = company.report("receivables")["rows"][0]
    assert (row["document"], row["due"], row["amount"], row["open"]) == (
        "opening-balances/OLD-1",
        "2026-01-31",
        "120.00",
        "100.00",
    )
    assert company.report("receivables")["totals"]["advances"] == "-15.00"
    assert opens(company, "payables") == {}


def test_aging_buckets(company: Company) -> None:
    company.records(invoices=INVOICES).post()
    aging = {row["document"]: row["aging"] for row in company.report("receivables", "--to", "2026-03-15")["rows"]}
    assert aging == {"invoices/I1": "1-30", "invoices/I2": "31-60", "invoices/I3": "31-60"}


def test_what_is_applied_is_not_more_than_what_is_open_or_paid(company: Company) -> None:
    company.records(
        invoices=INVOICES,
        payments="""
            number,date,partner,direction,amount,applies,applied
            P1,2026-02-01,C1,in,200,I1,150
        """,
    )
    assert "150.00 is applied to invoices/I1, of which 100.00 was open" in company.fails("over-applied")
    company.records(
        payments="""
            number,date,partner,direction,amount,applies,applied
            P1,2026-02-01,C1,in,100,I1,100
            P1,2026-02-01,C1,in,100,I2,100
        """
    )
    company.fails("applied-sum")


def test_prices_discounts_and_taxes(company: Company) -> None:
    company.records(
        invoices="""
            number,date,customer,item,qty,price,gross_price,amount,gross_amount,discount_percent,tax,tax_amount,total
            I1,2026-01-05,C1,S,3,33.335,,,,,20%,,
            I1,2026-01-05,C1,S,2,,59.99,,,10,19%,,
            I1,2026-01-05,C1,S,1,,,50,,,,4.99,
            I1,2026-01-05,C1,S,1,,,,11,,10%,,
            I1,2026-01-05,C1,S,-1,0.125,,,,,,,
        """
    ).post()
    ledger = company.ledger("2026-01.bean")
    # 100.01 + 20.00; 107.98 = 90.74 + 17.24; 50 + 4.99; 11 = 10 + 1; -0.13 (away from zero at the half)
    assert "293.85 EUR" in ledger
    assert company.role("output-tax") == "-43.23"
    assert company.role("revenue") == "-250.62"


def test_the_order_of_rows_never_matters_in_a_payment(company: Company) -> None:
    """60 of I1 and all of I2 are paid, and what is left of 300 goes to an account, whatever row says so."""
    rows = [
        "P1,2026-02-01,C1,in,300,I1,60,\n",
        "P1,2026-02-01,C1,in,300,I2,,\n",
        "P1,2026-02-01,C1,in,300,,,interest\n",
    ]
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        payments = "number,date,partner,direction,amount,applies,applied,pays\n" + "".join(rows[at] for at in order)
        company.records(invoices=INVOICES, payments=payments.replace("interest", "Income:Other:Interest")).post()
        assert opens(company) == {"invoices/I1": "40.00", "invoices/I3": "-30.00"}
        closing = {row["account"]: row["closing"] for row in company.report("trial-balance")["rows"]}
        assert closing["Income:Other:Interest"] == "-40.00"


def test_a_blank_amount_does_not_make_up_for_too_much_applied(company: Company) -> None:
    company.records(
        invoices=INVOICES,
        payments="""
            number,date,partner,direction,amount,applies,applied
            P1,2026-02-01,C1,in,50,I1,100
            P1,2026-02-01,C1,in,50,I2,
        """,
    )
    company.fails("applied-sum")


def test_overpaid_and_given_back(company: Company) -> None:
    """150 for an invoice of 100: the rest goes back, named or not, and what is not named waits for an allocation."""
    company.records(
        invoices="number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,100",
        payments="""
            number,date,partner,direction,amount,applies
            P1,2026-02-01,C1,in,150,I1
            P2,2026-02-02,C1,out,30,P1
            P3,2026-02-03,C1,out,20,
        """,
        allocations="number,date,partner,from,to,amount\nV1,2026-02-04,C1,P1,P3,20",
    ).post()
    assert company.role("customer-advances", "--to", "2026-02-02") == "-20.00"
    assert company.role("customer-advances") == "0.00"
    assert company.role("bank") == "100.00"


def test_money_is_not_transferred_into_expenses(company: Company) -> None:
    """Whatever the cell is called: a role of one account or several, an account, income or expenses."""
    company.records(
        cash_transfers="""
            number,date,from,to,amount
            T1,2026-01-05,bank,bank-charges,5
            T2,2026-01-05,bank,wages-cost,5
            T3,2026-01-05,Income:Other:Interest,bank,5
            T4,2026-01-05,bank,cash,5
        """,
    )
    assert "as a payment that `pays` the account" in company.fails(*["transfer-account"] * 3)
