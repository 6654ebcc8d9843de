"""Stories of wages, expense claims, journals that come again, fixed assets, and costs shared over jobs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Company

PEOPLE = {
    "departments": "code,name,function\nW,Works,production\nV,Sales,selling\nO,Office,administration",
    "employees": "code,name,department\nE1,Anna,W\nE2,Ben,V\nE3,Cleo,O",
}


def test_wages_go_by_the_departments_function(company: Company) -> None:
    company.records(
        payrolls="number,date,employee,department,gross,social_employer,social_employee,tax_withheld\n"
        "L1,2026-01-31,E1,,3000,600,500,200\nL1,2026-01-31,E2,,2000,400,300,100\nL1,2026-01-31,E3,V,1000,,,",
        payments="number,date,direction,amount,pays\nZ1,2026-02-05,out,4900,wages-payable",
        **PEOPLE,
    ).post()
    assert company.role("overhead") == "3600.00"
    assert company.role("wages-selling") == "3400.00"  # the line's own department beats the employee's
    assert company.role("wages-payable") == "0.00"
    assert company.role("social-insurance-payable") == "-1800.00"
    assert company.role("tax-withheld") == "-300.00"


def test_an_expense_claim_is_owed_to_the_employee(company: Company) -> None:
    company.records(
        expenses="number,date,employee,account,amount,tax,paid_account\nX1,2026-01-10,E2,expense,100,20%,\n"
        "X2,2026-01-11,E3,expense,30,,cash",
        payments="number,date,partner,direction,amount,applies\nZ1,2026-01-20,E2,out,120,X1",
        **PEOPLE,
    ).post()
    assert company.role("expense") == "130.00"
    assert company.role("input-tax") == "20.00"
    assert company.role("payable") == "0.00"
    assert company.role("cash") == "-30.00"


def test_journals_come_again_and_turn_back(company: Company) -> None:
    company.records(
        journals="number,date,every,until,reverse,account,debit,credit\n"
        "J1,2026-01-31,month,2026-03-31,,Expenses:Operating:Rent,500,\nJ1,2026-01-31,,,,bank,,500\n"
        "J2,2026-02-28,,,yes,Expenses:Operating:Insurance,80,\nJ2,2026-02-28,,,,wages-payable,,80",
    ).post()
    closing = {row["account"]: row["closing"] for row in company.report("trial-balance")["rows"]}
    assert closing["Expenses:Operating:Rent"] == "1500.00"
    assert closing["Expenses:Operating:Insurance"] == "0.00"
    assert '2026-02-28 * "" "Journal J1/2026-02"' in company.ledger("2026-02.bean")
    assert '2026-03-01 * "" "Journal J2/reversed"' in company.ledger("2026-03.bean")


def test_a_standard_cost_known_ahead_keeps_no_journal_going(company: Company) -> None:
    """The last thing that happens is the sale of February: the rent of March has not come yet."""
    company.records(
        journals="number,date,every,account,debit,credit\nJ1,2026-01-31,month,Expenses:Operating:Rent,500,\nJ1,2026-01-31,,bank,,500",
        invoices="number,date,customer,item,qty,price\nI1,2026-02-10,C1,S,1,100",
        standard_costs="item,from,cost\nA,2026-05-15,12",
    ).post()
    assert company.role("bank") == "-1000.00"


def test_a_journal_that_does_not_balance_is_told_as_one(company: Company) -> None:
    company.records(journals="number,date,account,debit,credit\nJ1,2026-01-31,bank,500,\nJ1,2026-01-31,cash,,400")
    assert "journals/J1 does not balance: debit 500.00, credit 400.00" in company.fails("journal-balance")
    company.records(journals="number,date,account,debit,credit\nJ1,2026-01-31,bank,500,500")
    company.fails("journal-sides")
    company.records(journals="number,date,account,debit,credit\nJ1,2026-01-31,receivable,5,\nJ1,2026-01-31,cash,,5")
    company.fails("controlled-account")


ASSETS = (
    "code,name,date,cost,salvage,life_months,method,department,disposed,proceeds\n"
    "A1,Van,2026-01-10,1000,100,36,straight-line,V,,\nA2,Press,2025-01-10,2400,0,48,declining,W,2026-03-20,1000"
)
MONTHS = "number,date,account,debit,credit\nJ1,2026-01-05,bank,1,\nJ1,2026-01-05,cash,,1\nJ2,2026-04-05,bank,1,\nJ2,2026-04-05,cash,,1"


def test_assets_lose_value_month_by_month_and_are_sold(company: Company) -> None:
    """The van loses 900/36 = 25.00 a month. The press: 1,200.00 in its first year (in the balance), 600.00 in its second:
    50.00 in January and February; sold in March for 1,000.00 with 1,300.00 lost: 100.00 less than it is worth.
    """
    company.records(
        opening_balances="date,account,amount\n2026-01-01,fixed-assets,3400\n2026-01-01,accumulated-depreciation,-1200",
        assets=ASSETS,
        journals=MONTHS,
        **PEOPLE,
    ).post()
    assert company.role("depreciation-selling", "--to", "2026-01-31") == "25.00"
    assert company.role("depreciation-selling") == "75.00"
    assert company.role("overhead") == "100.00"
    assert company.role("fixed-assets") == "1000.00"
    assert company.role("accumulated-depreciation") == "-75.00"
    assert company.role("asset-disposal-loss") == "100.00"


def test_depreciation_may_begin_with_the_next_month(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{depreciation_start: next-month}").records(assets=ASSETS, journals=MONTHS, **PEOPLE)
    company.post()
    assert company.role("depreciation-selling", "--to", "2026-01-31") == "0.00"
    assert company.role("depreciation-selling") == "50.00"


@pytest.mark.parametrize(("day", "lost"), [("2025-12-31", "300.00"), ("2026-03-31", "900.00")])
def test_an_asset_loses_value_from_its_own_date_where_nothing_opens_the_books(
    company: Company, day: str, lost: str
) -> None:
    """100.00 a month since June 2025. A manual voucher before the first record may be the opening; a later one is none."""
    company.write(
        "ledgers/manual/own.bean",
        f'{day} * "" "By hand"\n  Expenses:Operating:Other    1.00 EUR\n  Assets:Cash:Bank           -1.00 EUR\n',
    )
    company.records(
        assets="code,name,date,cost,life_months,department\nA1,Oven,2025-06-01,1200,12,O",
        journals="number,date,account,debit,credit\nJ1,2026-03-10,bank,5,\nJ1,2026-03-10,Equity:Share-Capital,,5",
        **PEOPLE,
    ).post()
    assert company.role("depreciation") == lost


def test_assets_may_lose_value_by_what_they_do(company: Company) -> None:
    """9,000.00 over 300,000 km are 0.03 each. 10,000 km of last year are in the opening balance; the second van is sold in
    March, after 1,000 km of that month: 1,500.00 less 15.00 and 30.00 lost, for 1,400.00.
    """
    company.records(
        opening_balances="date,account,amount\n2025-12-31,fixed-assets,11500\n2025-12-31,accumulated-depreciation,-300",
        assets="code,name,date,cost,salvage,life_months,life_units,method,disposed,proceeds\n"
        "V1,Van,2025-06-01,10000,1000,60,300000,units,,\nV2,Moped,2026-01-01,1500,0,60,50000,units,2026-03-20,1400",
        asset_usages="asset,month,units\nV1,2025-12,10000\nV1,2026-01,2000\nV1,2026-02,400000\nV2,2026-01,500\nV2,2026-03,1000",
        journals=MONTHS,
    ).post()
    assert company.role("depreciation", "--to", "2026-01-31") == "75.00"  # 60.00 and 15.00
    assert company.role("depreciation", "--to", "2026-02-28") == "8715.00"  # never more than cost less salvage
    assert company.role("depreciation") == "8745.00"
    assert company.role("accumulated-depreciation") == "-9000.00"
    assert company.role("asset-disposal-loss") == "55.00"


def test_what_depreciation_by_units_needs(company: Company) -> None:
    company.records(
        assets="code,name,date,cost,life_months,method\nV1,Van,2026-01-01,1000,60,units",
        asset_usages="asset,month,units\nV2,2026-01,10",
    )
    text = company.fails("missing-value", "unknown-asset")
    assert "`life_units` is empty" in text
    assert "unknown asset `V2`" in text


PRODUCTION = {
    "items": "code,name,unit,type\nM,Steel,kg,material\nA,Frame,pcs,product\nB,Fork,pcs,product\nS,Power,kWh,service",
    "purchases": "number,date,supplier,item,qty,price\nP1,2026-01-05,S1,M,40,10",
    "productions": "number,date,job,part,item,qty\nM1,2026-01-10,J1,input,M,30\nM1,2026-01-10,J1,output,A,10\n"
    "M2,2026-01-20,J2,input,M,10\nM2,2026-01-20,J2,output,B,30",
    "bills": "number,date,supplier,item,qty,price,cost_pool\nB1,2026-01-25,S1,S,1,120,power",
}


def test_cost_pools_are_shared_by_the_value_of_material(company: Company) -> None:
    """120.00 of power and 40.00 of wages over jobs with 300.00 and 100.00 of material."""
    people = {**PEOPLE, "departments": "code,name,function,cost_pool\nW,Works,production,labour"}
    people["payrolls"] = "number,date,employee,gross\nL1,2026-01-31,E1,40"
    company.records(**PRODUCTION, **people).post()
    assert company.stock("A") == ("10", "420.00")
    assert company.stock("B") == ("30", "140.00")
    assert company.role("overhead") == "0.00"
    assert company.role("work-in-process") == "0.00"


def test_cost_pools_are_shared_by_quantity(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{cost_pool_key: quantity}").records(**PRODUCTION).post()
    assert company.stock("A") == ("10", "330.00")
    assert company.stock("B") == ("30", "190.00")


def test_cost_pools_are_shared_by_hours(new_company: Callable[..., Company]) -> None:
    """120.00 of power over a job of 2 hours and one of half an hour; by quantity where nobody wrote down any."""
    company = new_company(policies="{cost_pool_key: hours}").records(**PRODUCTION).post()
    assert (company.stock("A"), company.stock("B")) == (("10", "330.00"), ("30", "190.00"))
    first, *rows = PRODUCTION["productions"].split("\n")
    timed = [f"{first},工时", *(f"{row},{2 if 'J1' in row else 0.5}" for row in rows)]
    company.records(**{**PRODUCTION, "productions": "\n".join(timed)}).post()
    assert (company.stock("A"), company.stock("B")) == (("10", "396.00"), ("30", "124.00"))
    assert company.role("overhead") == "0.00"


def test_wages_are_not_paid_to_a_customer(company: Company) -> None:
    company.records(payrolls="number,date,employee,gross\nY1,2026-01-31,C1,100", employees="code,name\nE1,Ann")
    assert "C1 has the role customer, and not employee" in company.fails("partner-role")
    company.records(payrolls="number,date,employee,gross\nY1,2026-01-31,E1,100").post()
    assert company.role("wages-payable") == "-100.00"


def test_wages_of_less_than_nothing_are_told(company: Company) -> None:
    """Unpaid leave: 300.00 of wages, 320.00 of insurance. It is posted, and said; a correction of both is no such thing."""
    company.records(
        payrolls="number,date,employee,gross,social_employee\nL1,2026-01-31,E1,300,320\nL1,2026-01-31,E2,-300,-200\n",
        **PEOPLE,
    )
    told = company.run("post", "--format", "json").json["problems"]
    assert [(one["code"], one["severity"], one["line"]) for one in told] == [("wages-exceeded", "warning", 2)]
    assert (company.role("wages-payable"), company.role("social-insurance-payable")) == ("120.00", "-120.00")
