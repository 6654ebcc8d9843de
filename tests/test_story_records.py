"""Stories of records: identity, order of files and rows, YAML, extra columns, and what a diff of the ledger shows."""

from __future__ import annotations

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
