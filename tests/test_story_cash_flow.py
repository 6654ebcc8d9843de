"""Stories of the cash-flow statement: the Chinese and American forms, the indirect method, and how vouchers are split."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Company

NewCompany = Callable[..., Company]


def lines(company: Company, report: str, *arguments: str) -> dict[int, str]:
    """The amounts of a form's lines that are not zero."""
    rows = company.report(report, *arguments)["rows"]
    return {row["no"]: row["amount"] for row in rows if row["amount"] not in (None, "0.00")}


CHINESE = {
    "opening_balances": """
        date,account,amount
        2026-01-01,1002,100000
        2026-01-01,3001,-100000
    """,
    "purchases": """
        number,date,supplier,item,qty,price,tax
        CG1,2026-01-03,S1,A,10,1000,13%
    """,
    "sales": """
        number,date,customer,item,qty,price,tax,paid_account
        XS1,2026-01-05,C1,A,4,2000,13%,
        XS2,2026-01-06,C2,A,1,2000,13%,cash
    """,
    "payments": """
        number,date,partner,direction,amount,write_off,applies,pays
        SK1,2026-01-10,C1,in,9000,40,XS1,
        FK1,2026-01-11,S1,out,11300,,CG1,
        FK2,2026-01-12,,out,3000,,,221101
        FK3,2026-01-12,,out,130,,,222112
        FK4,2026-01-13,,out,500,,,222102
        FK5,2026-01-13,,out,60,,,540309
        FK6,2026-01-14,,out,800,,,560203
        FK7,2026-01-15,,out,6000,,,1601
        FK8,2026-01-16,,out,5000,,,1101
        SK2,2026-01-17,,in,20000,,,2001
        FK9,2026-01-18,,out,2000,,,2001
        FK10,2026-01-19,,out,100,,,560301
        SK3,2026-01-20,,in,30,,,560301
        FK11,2026-01-21,,out,700,,,2232
        SK4,2026-01-22,,in,5000,,,1101
        SK5,2026-01-22,,in,400,,,5111
        SK6,2026-01-23,,in,10000,,,3001
        SK7,2026-01-24,,in,90,,,222113
        FK12,2026-01-25,,out,1000,,,cash
    """,
}


def test_the_form_of_small_businesses(new_company: NewCompany) -> None:
    """会小企03: 9,000.00 of 9,040.00 are paid and 40.00 written off; 2,260.00 are taken in cash."""
    company = new_company(pack="cn-small-business", currency="CNY", settings="{taxpayer: general}")
    company.records(**CHINESE).post()
    assert lines(company, "cash-flow") == {
        1: "11260.00",
        2: "120.00",  # interest of the bank 30.00, a tax refund 90.00
        3: "11300.00",
        4: "3130.00",
        5: "560.00",
        6: "800.00",
        7: "-4410.00",
        8: "5000.00",
        9: "400.00",
        11: "5000.00",
        12: "6000.00",
        13: "-5600.00",
        14: "20000.00",
        15: "10000.00",
        16: "2000.00",
        17: "100.00",
        18: "700.00",
        19: "27200.00",
        20: "17190.00",
        21: "100000.00",
        22: "117190.00",
    }
    assert lines(company, "balance-sheet")[1] == "117190.00"


def test_the_form_of_2019_and_its_supplement(new_company: NewCompany) -> None:
    """The same trade: refunds have a line, interest stands with dividends, and the supplement comes to line 10, too.

    Profit: 5 x 1,000.00 margin, less 40 written off, 60 stamp duty, 800 office, 70 interest, plus 400 from investments.
    """
    company = new_company(pack="cn-asbe", currency="CNY", settings="{taxpayer: general}")
    swaps = {"3001": "4001", "560203": "660203", "560301": "660301", "5111": "6111", "540309": "640309"}
    records = dict(CHINESE)
    for old, new in swaps.items():
        records = {
            kind: text.replace(f",{old}\n", f",{new}\n").replace(f",{old},", f",{new},")
            for kind, text in records.items()
        }
    company.records(**records).post()
    direct = lines(company, "cash-flow")
    expected = {
        1: "11260.00",
        2: "90.00",
        3: "30.00",
        4: "11380.00",
        5: "11300.00",
        6: "3130.00",
        7: "560.00",
        8: "800.00",
    }
    assert {no: direct[no] for no in expected} == expected
    assert (direct[10], direct[22], direct[31], direct[35]) == ("-4410.00", "-5600.00", "27200.00", "117190.00")
    assert (direct[11], direct[12], direct[27], direct[28]) == ("5000.00", "400.00", "2000.00", "800.00")
    supplement = lines(company, "cash-flow-indirect")
    assert supplement[1] == "4430.00"
    assert (supplement[10], supplement[11]) == ("100.00", "-400.00")  # interest paid; the bank's own is operating
    assert supplement[14] == "-5000.00"
    # 9,040.00 invoiced and paid, 500.00 + 130.00 + 3,000.00 of debts paid that nobody had booked, 1,300.00 of input tax,
    # 90.00 refunded, 1,300.00 of output tax
    assert supplement[16] == "-3540.00"
    assert (supplement[18], supplement[26]) == ("-4410.00", "117190.00")
    assert supplement[26] == f"{float(supplement[27]) + float(supplement[30]):.2f}"  # the end less the beginning
    labels = [row["label"] for row in company.report("cash-flow-indirect")["rows"] if row["level"] == 0]
    assert [label[:2] for label in labels[:1] + labels[2:4]] == ["1．", "2．", "3．"]


ASSETS = "code,name,date,cost,salvage,life_months,disposed,proceeds\nA1,Van,2026-01-02,3600,0,36,,\nA2,Old van,2025-12-01,1200,0,12,2026-02-10,500"


@pytest.mark.parametrize(
    ("pack", "investing", "depreciation", "loss", "payables"), [("ifrs", 11, 2, 3, 7), ("us-gaap", 14, 2, 3, 9)]
)
def test_from_the_profit_to_the_cash(
    new_company: NewCompany, pack: str, investing: int, depreciation: int, loss: int, payables: int
) -> None:
    """The new van is bought on account and paid in February, tagged as an investment. The old one had lost 100.00 in
    December and January each when it was sold for 500.00 of its 1,200.00.
    """
    company = new_company(pack=pack)
    cost = "fixed-assets"
    purchase = "Purchase of long-term assets" if pack == "ifrs" else "Purchases of long-lived assets"
    company.records(
        opening_balances=f"date,account,amount\n2025-12-31,bank,10000\n2025-12-31,{cost},1200\n2025-12-31,accumulated-depreciation,-100",
        assets=ASSETS,
        expenses=f"number,date,employee,account,amount\nX1,2026-01-02,E1,{cost},3600",
        employees="code,name\nE1,Anna",
        payments=f"number,date,partner,direction,amount,applies,pays,cashflow\nP1,2026-02-05,E1,out,3600,X1,,{purchase}\n"
        "P2,2026-02-06,,out,70,,expense,",
        journals="number,date,account,debit,credit\nJ1,2026-04-01,bank,1,\nJ1,2026-04-01,cash,,1",
    ).post()
    year = ("--period", "2026")
    indirect, direct = lines(company, "cash-flow-indirect", *year), lines(company, "cash-flow", *year)
    assert indirect[1] == "-970.00"  # depreciation of 100.00 and 300.00, 500.00 lost at the sale, 70.00 of expenses
    assert (indirect[depreciation], indirect[loss]) == ("400.00", "500.00")
    assert payables not in indirect  # what was owed for the van is no debt of operating activities
    assert indirect[investing] == "-3100.00"
    operating = {"ifrs": (10, 7), "us-gaap": (13, 9)}[pack]
    assert indirect[operating[0]] == direct[operating[1]] == "-70.00"
    january = lines(company, "cash-flow-indirect", "--period", "2026-01")
    assert (january[1], january[depreciation]) == ("-200.00", "200.00")
    assert payables not in january


def test_a_tag_is_shared_over_the_counter_accounts(company: Company) -> None:
    """A journal pays 90.00 of a loan and 10.00 of interest from two accounts; the 40.00 tagged take 36.00 and 4.00."""
    company.records(
        journals="number,date,account,debit,credit\nJ1,2026-01-31,Liabilities:Loans:Bank,90,\nJ1,2026-01-31,Expenses:Finance:Interest,10,\n"
        "J1,2026-01-31,bank,,100",
    ).post()
    assert lines(company, "cash-flow")[14] == "90.00"
    company.records(
        journals="number,date,cashflow,account,debit,credit\nJ1,2026-01-31,Paid to owners,Liabilities:Loans:Bank,90,\n"
        "J1,2026-01-31,,Expenses:Finance:Interest,10,\nJ1,2026-01-31,,bank,,100",
    ).post()
    found = lines(company, "cash-flow")
    assert found[12] == "100.00"
    assert 14 not in found
    indirect = lines(company, "cash-flow-indirect")
    assert (indirect[1], indirect[4], indirect[12]) == ("-10.00", "10.00", "-100.00")


def test_some_of_the_cash_is_tagged(company: Company) -> None:
    """Of 100.00 that leave two accounts, the 40.00 of the tagged one are for the loan by its tag: the rest is 54.00 and 6.00."""
    company.write(
        "ledgers/manual/two.bean",
        '2026-01-31 * "" "Loan and interest"\n'
        "  Liabilities:Loans:Bank  90.00 EUR\n  Expenses:Finance:Interest  10.00 EUR\n"
        '  Assets:Cash:Bank  -60.00 EUR\n  Assets:Cash:On-Hand  -40.00 EUR\n    cashflow: "Paid to owners"\n',
    )
    company.post()
    found = lines(company, "cash-flow")
    assert (found[12], found[14], found[15]) == ("40.00", "54.00", "6.00")
    indirect = lines(company, "cash-flow-indirect")
    assert (indirect[1], indirect[4], indirect[12]) == ("-10.00", "10.00", "-100.00")


def test_what_follows_a_payment(company: Company) -> None:
    """600.00 USD at 1.00 are invoiced and paid at 0.90 less a discount of 10.00 USD: the line says what was received."""
    company.records(
        invoices="number,date,customer,item,qty,price,currency,rate\nI1,2026-01-05,C1,S,6,100,USD,1",
        payments="number,date,partner,direction,amount,cash_discount,currency,rate,applies\nP1,2026-01-20,C1,in,590,10,USD,0.9,I1",
    ).post()
    found = lines(company, "cash-flow")
    assert found[1] == company.role("bank") == "531.00"
    assert set(found) == {1, 7, 18, 20}


def test_forms_that_are_replaced_are_not_compared_with_old_lines(company: Company) -> None:
    company.records(payments="number,date,direction,amount,pays\nY1,2026-01-05,out,80,Expenses:Operating:Rent")
    company.write(
        "rules/statements.yaml",
        "cash-flow:\n  title: Cash\n  lines:\n    - {no: 1, label: All, accounts: [Assets, Liabilities, Equity, Income, Expenses]}\n",
    )
    company.post()
    assert lines(company, "cash-flow") == {1: "-80.00"}
    assert company.run("report", "cash-flow-indirect").code == 2
    company.write(
        "rules/statements.yaml", "cash-flow:\n  title: Cash\n  lines: []\n  checks: [1 = balance-sheet 9, 3 is 4]\n"
    )
    problems = company.run("check").err
    assert "cash-flow has no line 1" in problems
    assert "such as 3 >= 4 + 5" in problems
