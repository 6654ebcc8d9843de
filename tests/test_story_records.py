"""Stories of records: identity, order of files and rows, YAML, extra columns, and what a diff of the ledger shows."""

from __future__ import annotations

import pytest

from conftest import Company

SALES = """
    number,date,customer,item,qty,price
    X1,2026-01-10,C1,S,1,20
    X1,2026-01-10,C1,S,2,10
    X2,2026-01-11,C2,S,1,20
"""


def test_the_same_document_twice_counts_once(company: Company) -> None:
    company.records(invoices=SALES)
    company.write("records/invoices/again.csv", "number,date,customer,item,qty,price\nX2,2026-01-11,C2,S,1.0,20.00\n")
    result = company.run("post")
    assert result.code == 0
    assert "invoices/X2 stands also in records/invoices" in result.err
    assert company.role("revenue") == "-60.00"


def test_other_content_under_one_number_is_a_problem(company: Company) -> None:
    company.records(invoices=SALES).post()
    before = company.contents()
    company.write("records/invoices/again.csv", "number,date,customer,item,qty,price\nX2,2026-01-11,C2,S,1,21\n")
    company.fails("conflicting-document")
    assert company.contents() == before


def test_bills_are_numbered_by_their_suppliers(company: Company) -> None:
    company.records(
        bills="""
            number,date,supplier,account,amount
            1,2026-01-05,S1,expense,100
            1,2026-01-05,S2,expense,50
        """
    ).post()
    assert {(row["partner"], row["open"]) for row in company.report("payables")["rows"]} == {
        ("S1", "-100.00"),
        ("S2", "-50.00"),
    }


def test_neither_files_nor_rows_nor_forms_matter(company: Company) -> None:
    company.records(invoices=SALES).post()
    before = company.ledger("2026-01.bean")
    company.records(
        invoices="""
            customer,number,date,price,item,qty
            C2,X2,2026-01-11,20,S,1
            C1,X1,2026-01-10,20,S,1
            ,X1,,10,S,2
        """
    ).post()
    assert company.ledger("2026-01.bean") == before
    (company.folder / "records/invoices.csv").unlink()
    company.write(
        "records/销售发票/一月.yaml", "- {number: X2, date: 2026-01-11, customer: C2, item: S, qty: 1, price: 20}\n"
    )
    company.write(
        "records/invoices/more.yaml",
        "- number: X1\n  日期: 2026-01-10\n  customer: C1\n  lines:\n    - {item: S, qty: 1, price: 20}\n    - {商品: S, 数量: 2, price: 10}\n",
    )
    company.post()
    assert company.ledger("2026-01.bean") == before


def test_one_changed_price_changes_its_own_amounts_only(company: Company) -> None:
    company.records(invoices=SALES).post()
    before = company.ledger("2026-01.bean").splitlines()
    company.records(invoices=SALES.replace("X2,2026-01-11,C2,S,1,20", "X2,2026-01-11,C2,S,1,25")).post()
    after = company.ledger("2026-01.bean").splitlines()
    changed = [(one.split(), other.split()) for one, other in zip(before, after, strict=True) if one != other]
    assert [(one[-2], other[-2]) for one, other in changed] == [("20.00", "25.00"), ("-20.00", "-25.00")]


def test_a_document_added_and_taken_away_leaves_no_trace(company: Company) -> None:
    company.records(invoices=SALES).post()
    before = company.contents()
    company.records(invoices=SALES + "    X3,2026-03-01,C1,S,1,1\n").post()
    assert "2026-03.bean" in company.contents()
    company.records(invoices=SALES).post()
    assert company.contents() == before


def test_posting_twice_changes_nothing(company: Company) -> None:
    company.records(invoices=SALES).post()
    assert "changed: nothing" in company.run("post").out
    assert "would change: nothing" in company.run("post", "--dry-run").out


def test_a_dry_run_writes_nothing(company: Company) -> None:
    company.records(invoices=SALES)
    assert "would change: 2026-01.bean" in company.run("post", "--dry-run").out
    assert company.contents() == {}


def test_all_problems_come_at_once_with_their_places(company: Company) -> None:
    company.records(
        invoices="""
            number,date,customer,item,qty,price
            X1,2026-01-10,C1,S,"1,234",20
            X2,05/01/2026,C9,S,1,20
            X3,2026-01-11,S1,Z,one,
        """
    )
    result = company.run("post", "--format", "json")
    found = [(one["code"], one["line"], one["column"]) for one in result.json["problems"]]
    assert found == [
        ("ambiguous-number", 2, 20),
        ("ambiguous-date", 3, 4),
        ("unknown-partner", 3, 15),
        ("partner-role", 4, 15),
        ("unknown-item", 4, 18),
        ("wrong-type", 4, 20),
    ]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("rates", "date,currency,rate\n2026-01-01,USD,0\n"),
        ("units", "item,unit,factor\nA,box,-12\n"),
        ("boms", "product,qty,item,item_qty\nA,0,B,1\n"),
        ("assets", "code,name,date,cost,life_months\nV,Van,2026-01-01,100,0\n"),
        ("assets", "code,name,date,cost,salvage,life_months\nV,Van,2026-01-01,100,101,5\n"),
        ("assets", "code,name,date,cost,life_months,disposed\nV,Van,2026-01-01,100,5,2025-12-31\n"),
        ("units", "item,unit,factor\nA,pcs,12\n"),
        ("counts", "number,date,item,counted\nK1,2026-01-01,A,-1\n"),
        ("invoices", "number,date,customer,item,qty,price,discount_percent\nI1,2026-01-01,C1,S,1,5,-10\n"),
        ("purchases", "number,date,supplier,item,qty,price,discount_percent\nP1,2026-01-01,S1,A,1,5,100.01\n"),
        ("cost-changes", "number,date,item,standard_cost\nH1,2026-01-01,A,-1\n"),
        ("productions", "number,date,part,item,qty\nW1,2026-01-01,output,A,0\n"),
        ("adjustments", "number,date,reason,item,qty,value\nA1,2026-01-01,found,A,1,-5\n"),
    ],
)
def test_numbers_that_cannot_be_are_refused(company: Company, kind: str, text: str) -> None:
    company.write(f"records/{kind}.csv", text)
    assert "must be" in company.fails("wrong-type")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("purchases", "number,date,supplier,item,qty,price\nP1,2026-01-01,S1,A,,5\n"),
        ("invoices", "number,date,customer,item,qty,price\nI1,2026-01-01,C1,A,,5\n"),
        ("productions", "number,date,part,item,qty\nW1,2026-01-01,output,A,\n"),
        ("productions", "number,date,part,item,account,qty,amount\nW1,2026-01-01,output,A,,1,\nW1,,cost,,wages,,\n"),
        ("payments", "number,date,partner,direction,amount,applied\nM1,2026-01-01,C1,in,5,5\n"),
        ("assets", "code,name,date,cost,life_months,proceeds\nV,Van,2026-01-01,100,5,40\n"),
        ("productions", "number,date,part,account,amount\nW1,2026-01-01,cost,wages,5.00\n"),
    ],
)
def test_what_must_be_there_beside_something_else(company: Company, kind: str, text: str) -> None:
    company.write(f"records/{kind}.csv", text)
    assert "is empty" in company.fails("missing-value")


def test_what_is_applied_is_positive_but_what_is_paid_straight_may_be_red(company: Company) -> None:
    company.records(invoices="number,date,customer,account,amount\nI1,2026-01-01,C1,revenue,103.00")
    rows = "number,date,partner,direction,amount,applies,applied,pays\nM1,2026-01-05,C1,in,100.00,I1,{},\nM1,,,,,,-3.00,bank-charges"
    company.records(payments=rows.format("-103.00"))
    assert "zero or more" in company.fails("wrong-type")
    company.records(payments=rows.format("103.00")).post()
    assert company.role("receivable") == "0.00"
    assert company.role("bank-charges") == "3.00"


def test_a_column_of_lines_beside_them_holds_for_all(company: Company) -> None:
    company.write(
        "records/invoices.yaml",
        "- number: I1\n  date: 2026-01-05\n  customer: C1\n  tax: 20%\n  department: SHOP\n  lines:\n"
        "  - {account: revenue, amount: 10}\n  - {account: revenue, amount: 5, tax: 0%, department: WEB}\n",
    )
    company.post()
    assert company.role("output-tax") == "-2.00"
    rows = company.report("trial-balance", "--by", "department")["rows"]
    found = {row["department"]: row["closing"] for row in rows if row["role"] == "revenue"}
    assert found == {"SHOP": "-10.00", "WEB": "-5.00"}


def test_an_amount_beside_lines_and_an_invoice_without_any_are_told(company: Company) -> None:
    company.write(
        "records/invoices.yaml",
        "- {number: I1, date: 2026-01-05, customer: C1, amount: 7, lines: [{account: revenue, amount: 5}]}\n"
        "- {number: I2, date: 2026-01-05, customer: C1, lines: []}\n",
    )
    company.fails("bad-form", "no-lines")


def test_blank_rows_of_a_spreadsheet_are_no_lines(company: Company) -> None:
    text = "number,date,customer,account,amount\nI1,2026-01-01,C1,revenue,5\n,,,,\n , ,,,\nI2,2026-01-01,C1,revenue,6\n,,,,\n"
    company.write("records/invoices.csv", text)
    company.post()
    assert company.role("revenue") == "-11.00"


def test_a_name_in_other_letters_is_suggested(company: Company) -> None:
    company.records(rates="Date,currency,rate\n2026-01-01,USD,1")
    assert "Did you mean `date`?" in company.fails("missing-value")


def test_a_fault_of_an_asset_is_told(company: Company) -> None:
    company.records(assets="code,name,date,cost,life_months,method\nV,Van,2026-01-01,100,12,linear")
    assert "linear" in company.fails("wrong-type")


def test_gb18030_is_read_and_said(company: Company) -> None:
    company.write(
        "records/invoices.csv",
        "单号,日期,客户,商品,数量,单价,备注\nX1,2026-01-10,C1,S,1,20,第一张发票\n".encode("gb18030"),
    )
    result = company.run("post")
    assert result.code == 0
    assert "gb18030" in result.err


def test_quotes_and_backslashes_are_escaped(company: Company) -> None:
    company.write("records/partners.csv", 'code,name\nC1,"He said ""no"" \\ yes\\"\n')
    company.records(invoices="number,date,customer,item,qty,price\nX1,2026-01-10,C1,S,1,20").post()
    assert '"He said \\"no\\" \\\\ yes\\\\"' in company.ledger("2026-01.bean")
    assert company.report("journal")["rows"][0]["payee"] == 'He said "no" \\ yes\\'
