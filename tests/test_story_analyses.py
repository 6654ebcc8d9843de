"""An owner asks what earns, what lies still, what is planned and what comes in: analyses with figures to check by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from conftest import Company


@pytest.fixture
def shop(company: Company) -> Company:
    """Two items, two customers. C1 pays its January invoice 10 days late, C2 has paid nothing."""
    company.write(
        "records/items.csv", "code,name,unit,category\nA,Frame,pcs,frames\nB,Wheel,pcs,wheels\nC,Bell,pcs,wheels\n"
    )
    return company.records(
        opening_balances="""
            date,account,amount
            2025-12-31,bank,1000
        """,
        purchases="""
            number,date,supplier,item,qty,price
            P1,2025-10-01,S1,B,4,25
            P2,2026-01-05,S1,A,10,10
            P3,2026-03-10,S1,A,10,10
        """,
        sales="""
            number,date,customer,item,qty,price,department
            X1,2026-01-10,C1,A,5,30,SHOP
            X2,2026-02-10,C2,A,3,20,WEB
            X3,2026-03-20,C1,B,1,40,SHOP
            X4,2026-03-25,C1,A,-1,30,SHOP
        """,
        payments="""
            number,date,partner,direction,amount,applies,cashflow
            Y1,2026-02-19,C1,in,150,X1,
            Y2,2026-01-20,S1,out,100,P1,
        """,
    ).post()


def test_margins(shop: Company) -> None:
    """A: 150 + 60 - 30 of 7 frames that cost 10 each; B: 40 of a wheel that cost 25."""
    tree = shop.report("margins")
    keys = ("item", "name", "qty", "revenue", "cost", "margin", "margin_percent")
    assert [tuple(row[key] for key in keys) for row in tree["rows"]] == [
        ("A", "Frame", "7", "180.00", "70.00", "110.00", "61.1"),
        ("B", "Wheel", "1", "40.00", "25.00", "15.00", "37.5"),
    ]
    assert tree["totals"] == {"revenue": "220.00", "cost": "95.00", "margin": "125.00", "margin_percent": "56.8"}
    by = {
        name: {row[name]: row["margin"] for row in shop.report("margins", "--by", name)["rows"]}
        for name in ("customer", "category", "department")
    }
    assert by == {
        "customer": {"C1": "95.00", "C2": "30.00"},  # 120 - 40 and 40 - 25; 60 - 30
        "category": {"frames": "110.00", "wheels": "15.00"},
        "department": {"SHOP": "95.00", "WEB": "30.00"},
    }
    january = shop.report("margins", "--period", "2026-01", "--by", "customer")["rows"]
    assert [(row["customer"], row["name"], row["margin"]) for row in january] == [("C1", "Customer One", "100.00")]
    assert shop.report("margins", "--by", "customer,item")["totals"] == tree["totals"]


def test_stock_aging(shop: Company) -> None:
    """On 31 March: 13 frames, 10 of them from 10 March, one came back on the 25th, 2 are of January; 3 wheels of October."""
    rows = {row["item"]: row for row in shop.report("stock-aging", "--to", "2026-03-31")["rows"]}
    assert (rows["A"]["qty"], rows["A"]["value"], rows["A"]["days_0_30"], rows["A"]["days_61_90"]) == (
        "13", "130.00", "110.00", "20.00",
    )  # fmt: skip
    assert (rows["B"]["value"], rows["B"]["over_180"], rows["B"]["last_out"]) == ("75.00", "75.00", "2026-03-20")
    assert rows["A"]["idle_days"] == 49  # since 10 February
    january = shop.report("stock-aging", "--to", "2026-01-31")["rows"]
    assert [(row["item"], row["status"], row["idle_days"]) for row in january] == [("A", "", 21), ("B", "slow", 122)]
    quarter = shop.report("stock-aging", "--period", "2026-Q1")["rows"]
    # A: from 0 to 130 is 65 on average, 80 went out in 90 days: 65 * 90 / 80
    assert quarter[0]["turnover_days"] == "73.1"
    totals = shop.report("stock-aging")["totals"]
    assert Decimal(totals["value"]) == sum(Decimal(totals[name]) for name in totals if name != "value")
    assert totals["value"] == shop.role("inventory")


def test_ratios(shop: Company) -> None:
    """Quarter: revenue 220, cost 95; cash 1050, receivables 70 (60 of C2, 40 less 30 of C1), stock 205, payables 200."""
    rows = {row["ratio"]: row for row in shop.report("ratios", "--period", "2026-Q1")["rows"]}
    values = {name: row["value"] for name, row in rows.items()}
    assert values["current-ratio"] == "6.63"  # 1325 / 200
    assert values["quick-ratio"] == "5.6"  # 1120 / 200
    assert values["gross-margin"] == "56.82"  # 125 / 220
    assert values["receivable-days"] == "14.32"  # (0 + 70) / 2 * 90 / 220
    assert values["payable-days"] == "142.11"  # (100 + 200) / 2 * 90 / 95
    assert values["debt-ratio"] == "15.09"  # 200 / 1325
    assert values["cash-cycle"] == "16.69"  # 144.47... + 14.31... - 142.10...
    empty = {row["ratio"]: row["value"] for row in shop.report("ratios", "--period", "2024")["rows"]}
    assert empty["current-ratio"] is None


def test_budget(shop: Company) -> None:
    shop.records(
        budgets="""
            account,month,amount,department
            revenue,2026-01,100,SHOP
            revenue,2026-02,100,WEB
            revenue,2026-12,500,
            Expenses:Operating:Rent,2026-01,20,
        """
    ).post()
    tree = shop.report("budget", "--period", "2026-Q1")
    rows = {row["account"]: row for row in tree["rows"]}
    revenue = rows["Income:Revenue"]
    keys = ("budget", "actual", "deviation", "deviation_percent", "year_budget", "outlook")
    assert tuple(revenue[key] for key in keys) == ("200.00", "220.00", "20.00", "10.0", "700.00", "720.00")
    assert tuple(rows["Expenses:Operating:Rent"][key] for key in keys[:3]) == ("20.00", "0.00", "-20.00")
    assert tuple(rows["Expenses:Cost-Of-Sales:Goods"][key] for key in keys[:3]) == ("0.00", "95.00", "95.00")
    assert (tree["totals"]["result_budget"], tree["totals"]["result_actual"]) == ("180.00", "125.00")
    departments = shop.report("budget", "--period", "2026-Q1", "--by", "department")["rows"]
    found = {(row["account"], row["department"]): row["deviation"] for row in departments}
    assert (found["Income:Revenue", "SHOP"], found["Income:Revenue", "WEB"]) == ("60.00", "-40.00")
    statement = shop.report("income-statement", "--period", "2026-01", "--compare", "budget")["rows"]
    line = next(row for row in statement if row["label"] == "Revenue")
    assert (line["amount"], line["compared"], line["change_percent"]) == ("150.00", "100.00", "50.0")


def test_a_budget_of_an_account_that_is_none(shop: Company) -> None:
    shop.records(budgets="account,month,amount\nrevenu,2026-01,100\n")
    result = shop.run("report", "budget")
    assert result.code == 1
    assert "records/budgets.csv:2:1" in result.err
    assert "Did you mean `revenue`?" in result.err
    shop.records(budgets="account,month,amount\nrevenue,2026-1,100\n")
    assert "a month as YYYY-MM" in shop.fails("wrong-type")


def test_forecast(shop: Company) -> None:
    """C1 paid 10 days after its due date of 9 February. Open on 31 March: C2's 60, due 10 February; C1's 40, due 19 April,
    less 30, due 24 April; S1's 100 of January and 100 of March, due 4 February and 9 April."""
    tree = shop.report("forecast", "--to", "2026-03-31")
    rows = tree["rows"]
    assert len(rows) == 13
    assert [(row["week"], row["receipts"], row["payments"], row["cash"]) for row in rows[:5]] == [
        ("2026-04-01", "60.00", "100.00", "1010.00"),  # both are overdue
        ("2026-04-08", "0.00", "100.00", "910.00"),
        ("2026-04-15", "0.00", "0.00", "910.00"),
        ("2026-04-22", "0.00", "0.00", "910.00"),
        ("2026-04-29", "10.00", "0.00", "920.00"),  # 29 April, and the credit note 4 May
    ]
    assert tree["totals"]["opening_cash"] == "1050.00"
    assert any("C1 +10" in note for note in tree["notes"])


def test_forecast_of_what_comes_again(company: Company) -> None:
    """On 31 March 2026: rent of 300.00 from the bank on each 15th, until May; a savings bank's interest each quarter's end;
    wages of 1,000.00 and 200.00 for March are owed and come again on 30 April, May and June; a van will be sold in May.
    The accrual of insurance moves no cash.
    """
    company.records(
        journals="""
            number,date,every,until,account,debit,credit
            J1,2026-01-15,month,2026-05-31,Expenses:Operating:Rent,300,
            J1,2026-01-15,,,bank,,300
            J2,2025-12-31,quarter,,bank,7,
            J2,2025-12-31,,,Income:Other:Interest,,7
            J3,2026-03-31,month,,Expenses:Operating:Insurance,50,
            J3,2026-03-31,,,Liabilities:Loans:Bank,,50
        """,
        employees="code,name\nE1,Anna",
        payrolls="number,date,employee,gross,social_employer,social_employee\nL1,2026-03-30,E1,1000,200,180",
        assets="code,name,date,cost,life_months,disposed,proceeds\nV1,Van,2026-01-01,6000,60,2026-05-04,2500",
    ).post()
    tree = company.report("forecast", "--to", "2026-03-31")
    found = {row["week"]: row["recurring"] for row in tree["rows"] if row["recurring"] != "0.00"}
    assert found == {
        "2026-04-01": "-1200.00",  # owed: 820.00 net, 380.00 of insurance
        "2026-04-15": "-300.00",
        "2026-04-29": "1300.00",  # wages on the 30th, and the van on 4 May
        "2026-05-13": "-300.00",
        "2026-05-27": "-1200.00",
        "2026-06-24": "-1193.00",  # and the interest of 30 June
    }
    assert tree["totals"]["opening_cash"] == "-886.00"  # three rents, two times interest
    assert tree["rows"][-1]["cash"] == "-3779.00"
    assert any("journals with `every`" in note for note in tree["notes"])


def test_cash_flow(shop: Company) -> None:
    tree = {row["label"]: row for row in shop.report("cash-flow", "--period", "2026-Q1")["rows"]}
    amounts = {label: row["amount"] for label, row in tree.items() if row["amount"] not in (None, "0.00")}
    assert amounts == {
        "Receipts from customers": "150.00",
        "Payments to suppliers": "100.00",
        "Net cash from operating activities": "50.00",
        "Net change in cash": "50.00",
        "Cash at the beginning": "1000.00",
        "Cash at the end": "1050.00",
    }
    february = {row["label"]: row for row in shop.report("cash-flow", "--period", "2026-02")["rows"]}
    assert february["Receipts from customers"]["amount"] == "150.00"
    assert february["Net change in cash"]["year_to_date"] == "50.00"
    assert (february["Cash at the beginning"]["amount"], february["Cash at the end"]["amount"]) == ("900.00", "1050.00")
    for row in tree.values():
        if row["no"] is not None:
            traced = shop.report("cash-flow", "--period", "2026-Q1", "--trace", str(row["no"]))
            assert traced["totals"]["amount"] == row["amount"], row["label"]


def test_cash_flows_by_tag_and_by_counter_account(shop: Company) -> None:
    """A cash sale with tax and cost of sales, wages paid directly, a fee, a tagged payment, a move between cash accounts."""
    shop.records(
        sales="""
            number,date,customer,item,qty,price,tax,paid_account
            Z1,2026-04-01,C2,A,2,50,20%,cash
        """,
        payments="""
            number,date,partner,direction,amount,fee,applies,pays,cashflow
            Y1,2026-04-02,,out,80,,,wages,
            Y2,2026-04-03,,out,30,2,,Expenses:Operating:Rent,
            Y3,2026-04-04,,out,7,,,Expenses:Operating:Rent,Interest and bank charges paid
            Y4,2026-04-05,,out,50,,,cash,
            Y5,2026-04-06,,out,11,,,output-tax,
        """,
    ).post()
    rows = {row["label"]: row["amount"] for row in shop.report("cash-flow", "--period", "2026-04")["rows"]}
    assert rows["Receipts from customers"] == "120.00"
    assert rows["Payments to suppliers"] == "0.00"  # the cost of what was sold is no payment
    assert rows["Payments to and for employees"] == "80.00"
    assert rows["Other operating payments"] == "30.00"
    assert rows["Interest and bank charges paid"] == "9.00"
    assert rows["Taxes paid"] == "11.00"
    assert rows["Net change in cash"] == "-10.00"
    assert Decimal(rows["Cash at the end"]) == Decimal(shop.role("bank")) + Decimal(shop.role("cash"))


def test_cash_that_is_on_no_line(shop: Company) -> None:
    shop.records(payments="number,date,partner,direction,amount,pays,cashflow\nY9,2026-04-02,,out,80,wages,Moon\n")
    assert shop.run("post").code == 0
    result = shop.run("check")
    assert result.code == 1
    assert "payments/Y9 moves -80.00 of cash" in result.err
    assert "cash         failed" in result.out
    assert "-80.00 of the change of cash is on no line" in shop.run("report", "cash-flow").out


def test_forecast_of_orders(company: Company) -> None:
    """On 31 March: C1's 10 of 12 ordered for 20 April, 12.00 each with tax, 30 days: 120.00 on 20 May; S1's 5 for February,
    which are late, 7.00 each, 10 days after 31 March; the order in dollars, and that of April, are left out.
    """
    company.records(
        partners="code,name,role,terms\nC1,Customer,customer,30\nS1,Supplier,supplier,10",
        **{
            "sales-orders": "number,date,customer,expected,item,qty,price,tax,currency\nSO1,2026-03-01,C1,2026-04-20,S,12,10,20%,\n"
            "SO2,2026-03-01,C1,2026-04-20,S,1,99,0%,USD\nSO3,2026-04-01,C1,2026-04-20,S,1,99,0%,",
            "purchase-orders": "number,date,supplier,expected,item,qty,price\nPO1,2026-02-01,S1,2026-02-20,A,5,7",
        },
        invoices="number,date,customer,order,item,qty,price,tax,paid_account\nI1,2026-03-10,C1,SO1,S,2,10,20%,bank",
    ).post()
    tree = company.report("forecast", "--to", "2026-03-31")
    found = {row["week"]: row["orders"] for row in tree["rows"] if row["orders"] != "0.00"}
    assert found == {"2026-04-08": "-35.00", "2026-05-20": "120.00"}
    assert tree["rows"][-1]["cash"] == "109.00"  # 24.00 less 35.00, and 120.00
