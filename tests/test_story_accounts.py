"""A small company's open items, clause by clause: what is settled by what, ages that add up to the ledger, statements of account."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from conftest import Company
from test_story_payments import opens

AGES = ("not_due", "days_1_30", "days_31_60", "days_61_90", "over_90")


def traded(company: Company) -> Company:
    """Two customers, a supplier, and X1 who is both; paid in parts, too much, back, in cash, by offset."""
    return company.records(
        invoices="""
            number,date,customer,due,item,qty,price
            I1,2026-01-05,C1,2026-02-04,S,1,100
            I2,2026-01-06,C1,2026-01-20,S,1,50
            I3,2026-02-15,C1,2026-03-17,S,1,80
            I4,2026-01-07,C2,,S,1,60
            I5,2026-01-08,X1,,S,1,40
            N1,2026-02-16,C1,2026-03-18,S,-1,10
        """,
        bills="number,date,supplier,account,amount\nB1,2026-01-09,X1,expense,30\nB2,2026-01-10,S1,expense,200\n",
        payments="""
            number,date,partner,direction,amount,fee,cash_discount,write_off,account,applies,applied
            P1,2026-02-01,C1,in,70,,,,,,
            P2,2026-02-20,C1,in,75,1,2,3,,I1,80
            P3,2026-02-21,C2,in,65,,,,,,
            P4,2026-02-22,S1,out,120,,,,cash,B2,
            P5,2026-02-23,C2,out,5,,,,,P3,
            P6,2026-02-25,S1,out,100,,,,,,
        """,
        allocations="number,date,partner,from,to,amount\nA1,2026-02-26,X1,B1,I5,30\n",
    ).post()


def test_oldest_due_first_and_the_voucher_says_so(company: Company) -> None:
    traded(company)
    # 70: first the 50 of I2, due before I1, then 20 of I1
    assert opens(company, "receivables", "--to", "2026-02-10") == {
        "invoices/I1": "80.00",
        "invoices/I4": "60.00",
        "invoices/I5": "40.00",
    }
    february = company.ledger("2026-02.bean")
    said = [part.split("\n")[0].split('"')[3] for part in february.split("\n\n") if "oldest due first" in part]
    assert said == ["Payment P1", "Payment P3", "Payment P6"]  # not those that name what they settle


def test_overpaid_paid_back_and_paid_ahead(company: Company) -> None:
    traded(company)
    assert company.role("customer-advances", "--to", "2026-02-21") == "-5.00"
    assert company.role("customer-advances") == "0.00"
    assert company.report("payables")["totals"]["advances"] == "20.00"  # 120 and 100 for a bill of 200
    figures = [company.role(role) for role in ("bank-charges", "discount-given", "write-off", "cash", "bank")]
    assert figures == ["1.00", "2.00", "3.00", "-120.00", "104.00"]  # 70 + 74 + 65 - 5 - 100


def test_ages_add_up_to_the_ledger_on_any_day(company: Company) -> None:
    traded(company)
    for day in ("2026-01-31", "2026-02-10", "2026-02-20", "2026-03-20", "2026-06-30"):
        for report, role in (("receivables", "receivable"), ("payables", "payable")):
            found = company.report(report, "--to", day)
            by_partner = company.report(report, "--to", day, "--by", "partner")
            balance = company.role(role, "--to", day)
            assert found["totals"]["open"] == by_partner["totals"]["open"] == balance
            assert str(sum(Decimal(found["totals"][age]) for age in AGES)) == balance
    totals = company.report("receivables", "--to", "2026-03-20")["totals"]
    assert (totals["days_1_30"], totals["days_61_90"], totals["open"]) == ("70.00", "10.00", "80.00")


def test_a_statement_of_account_is_the_partner_s_part_of_the_ledger(company: Company) -> None:
    traded(company)
    found = company.report("statement-of-account", "--partner", "C1", "--from", "2026-02-01", "--to", "2026-02-28")
    rows = [(row["document"], row["applies"], row["debit"], row["credit"], row["balance"]) for row in found["rows"]]
    assert found["totals"]["opening"] == "150.00"
    assert rows == [
        ("payments/P1", "invoices/I2", "0.00", "50.00", "100.00"),
        ("payments/P1", "invoices/I1", "0.00", "20.00", "80.00"),
        ("invoices/I3", "", "80.00", "0.00", "160.00"),
        ("invoices/N1", "", "0.00", "10.00", "150.00"),
        ("payments/P2", "invoices/I1", "0.00", "80.00", "70.00"),
    ]
    # X1 is customer and supplier: 40 owed to us, 30 by us, and offset
    both = company.report("statement-of-account", "--partner", "X1")
    assert [row["balance"] for row in both["rows"]] == ["40.00", "10.00", "40.00", "10.00"]
    closings = [
        company.report("statement-of-account", "--partner", one)["totals"]["closing"]
        for one in ("C1", "C2", "S1", "X1")
    ]
    roles = ("receivable", "payable", "customer-advances", "supplier-advances")
    assert sum(map(Decimal, closings)) == sum(Decimal(company.role(role)) for role in roles) == Decimal("100.00")


def test_write_offs_stay_within_the_tolerance(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{write_off_limit: 3.00}")
    traded(company)
    company.write("beanstock.yaml", "company: Test\npack: ifrs\ncurrency: EUR\npolicies: {write_off_limit: 2.99}\n")
    assert "payments/P2 writes off 3.00 of 80.00" in company.fails("write-off-limit")
    company.write("beanstock.yaml", "company: Test\npack: ifrs\ncurrency: EUR\npolicies: {write_off_limit: 3.75%}\n")
    company.post()  # 3 of 80
    company.write("beanstock.yaml", "company: Test\npack: ifrs\ncurrency: EUR\npolicies: {write_off_limit: 3.7%}\n")
    company.fails("write-off-limit")
