"""Stories of notes (承兑汇票): received, endorsed, discounted, collected, issued, paid, and not honoured."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Company
from test_story_payments import opens

INVOICES = """
    number,date,customer,item,qty,price,tax
    I1,2026-01-05,C1,S,1,1000,0%
    I2,2026-01-06,C2,S,1,500,0%
"""
BILLS = """
    number,date,supplier,account,amount,tax,due
    B1,2026-01-07,S1,expense,1000,0%,2026-03-31
    B2,2026-01-08,S2,expense,300,0%,2026-03-31
"""
RECEIVED = """
    number,date,partner,direction,amount,account,due,applies
    P1,2026-01-20,C1,in,1000,notes-receivable:B-001,2026-07-20,I1
    P2,2026-01-21,C2,in,500,notes-receivable:B-002,2026-04-21,
"""


def register(company: Company, *arguments: str) -> dict[str, tuple[str, str, str]]:
    """What is open of each note, what happened to it last, and who has it."""
    rows = company.report("notes", *arguments)["rows"]
    return {row["note"]: (row["open"], row["state"], row["holder"]) for row in rows}


@pytest.mark.parametrize("pack", ["ifrs", "us-gaap", "cn-small-business", "cn-asbe"])
def test_received_endorsed_discounted_and_collected(new_company: Callable[..., Company], pack: str) -> None:
    company = new_company(pack=pack)
    company.records(
        invoices=INVOICES,
        bills=BILLS,
        payments=RECEIVED + "P3,2026-02-10,S1,out,400,notes-receivable:B-001,,B1\n",
        cash_transfers="""
            number,date,from,to,amount,received
            T1,2026-03-01,notes-receivable:B-001,bank,600,588
            T2,2026-04-21,notes-receivable:B-002,bank,500,
        """,
    ).post()
    # two notes pay two invoices; nothing is cash yet
    early = ("--to", "2026-01-31")
    assert (company.role("notes-receivable", *early), company.role("receivable", *early)) == ("1500.00", "0.00")
    assert company.role("bank", *early) == "0.00"
    assert register(company, *early) == {"B-002": ("500.00", "received", "C2"), "B-001": ("1000.00", "received", "C1")}
    # 400 of the first go on to a supplier; the bank pays 588 for its other 600
    assert register(company, "--to", "2026-02-28")["B-001"] == ("600.00", "endorsed", "S1")
    assert opens(company, "payables") == {"bills/B1": "-600.00", "bills/B2": "-300.00"}
    assert company.role("interest-expense") == "12.00"
    assert company.role("bank-charges") == "0.00"
    assert company.role("bank") == "1088.00"  # 588 + 500 at maturity
    assert register(company) == {"B-002": ("0.00", "collected", "C2"), "B-001": ("0.00", "discounted", "S1")}
    assert company.role("notes-receivable") == "0.00"


def test_issued_and_paid(company: Company) -> None:
    company.records(
        bills=BILLS,
        payments="""
            number,date,partner,direction,amount,account,due,applies
            P1,2026-02-01,S1,out,1000,notes-payable:N-1,2026-05-01,B1
        """,
        cash_transfers="number,date,from,to,amount\nT1,2026-05-01,bank,notes-payable:N-1,1000",
    ).post()
    assert company.role("notes-payable", "--to", "2026-04-30") == "-1000.00"
    row = company.report("notes", "--to", "2026-04-30")["rows"][0]
    assert (row["role"], row["due"], row["amount"], row["open"]) == (
        "notes-payable",
        "2026-05-01",
        "-1000.00",
        "-1000.00",
    )
    assert opens(company, "payables") == {"bills/B2": "-300.00"}
    assert (company.role("notes-payable"), company.role("bank")) == ("0.00", "-1000.00")
    assert register(company) == {"N-1": ("0.00", "paid", "S1")}


def test_a_note_that_is_not_honoured_is_owed_again(company: Company) -> None:
    company.records(
        invoices=INVOICES,
        payments=RECEIVED
        + """
            P3,2026-04-21,C2,out,500,notes-receivable:B-002,,
            P4,2026-05-01,C2,in,520,,,
        """,
    ).post()
    then = ("--to", "2026-04-30")
    assert opens(company, "receivables", *then) == {"payments/P3": "500.00"}
    assert register(company, *then)["B-002"] == ("0.00", "returned", "C2")
    # paid after all, with 20 too much
    assert opens(company) == {}
    assert (company.role("bank"), company.role("customer-advances")) == ("520.00", "-20.00")


def test_an_endorsed_note_comes_back_from_the_supplier(company: Company) -> None:
    company.records(
        invoices=INVOICES,
        bills=BILLS,
        payments=RECEIVED
        + """
            P3,2026-02-10,S1,out,1000,notes-receivable:B-001,,B1
            P4,2026-07-21,S1,in,1000,notes-receivable:B-001,,
            P5,2026-07-22,C1,out,1000,notes-receivable:B-001,,
        """,
    ).post()
    assert opens(company, "payables", "--to", "2026-07-21") == {"payments/P4": "-1000.00", "bills/B2": "-300.00"}
    assert company.role("notes-receivable", "--to", "2026-07-21") == "1500.00"
    assert opens(company) == {"payments/P5": "1000.00"}
    assert company.role("notes-receivable") == "500.00"


def test_a_note_of_ours_that_we_cannot_pay(company: Company) -> None:
    company.records(
        bills=BILLS,
        payments="""
            number,date,partner,direction,amount,account,due,applies
            P1,2026-02-01,S2,out,300,notes-payable:N-1,2026-05-01,B2
            P2,2026-05-01,S2,in,300,notes-payable:N-1,,
            P3,2026-06-01,S2,out,300,,,P2
        """,
    ).post()
    assert opens(company, "payables", "--to", "2026-05-31") == {"bills/B1": "-1000.00", "payments/P2": "-300.00"}
    assert opens(company, "payables") == {"bills/B1": "-1000.00"}
    assert (company.role("notes-payable"), company.role("bank")) == ("0.00", "-300.00")


def test_notes_of_the_opening_and_a_note_in_foreign_currency(company: Company) -> None:
    company.records(
        opening_balances="""
            date,account,partner,amount,due
            2026-01-01,notes-receivable:OLD,C1,800,2026-02-15
            2026-01-01,bank,,200,
        """,
        invoices="number,date,customer,item,qty,price,currency,rate\nI1,2026-01-05,C2,S,1,100,USD,0.80",
        payments="""
            number,date,partner,direction,amount,account,due,currency,rate
            P1,2026-01-20,C2,in,100,notes-receivable:US-1,2026-03-20,USD,0.82
            P2,2026-03-20,C2,out,100,notes-receivable:US-1,,USD,0.85
        """,
        cash_transfers="number,date,from,to,amount\nT1,2026-02-15,notes-receivable:OLD,bank,800",
    ).post()
    assert register(company) == {"OLD": ("0.00", "collected", "C1"), "US-1": ("0.00", "returned", "C2")}
    row = company.report("receivables")["rows"][0]
    assert (row["document"], row["open"], row["open_foreign"]) == ("payments/P2", "85.00", "100.00 USD")
    assert company.role("exchange-gain") == "-5.00"  # 80 became 82, and 82 became 85
    assert company.role("bank") == "1000.00"


def test_a_note_is_not_used_twice(company: Company) -> None:
    company.records(
        invoices=INVOICES,
        payments=RECEIVED + "P3,2026-02-10,S1,out,1000,notes-receivable:B-001,,\n",
        cash_transfers="number,date,from,to,amount\nT1,2026-07-20,notes-receivable:B-001,bank,1000",
    )
    said = company.fails("note-exceeded")
    assert "cash-transfers/T1 takes 1000.00 of the note notes-receivable:B-001, of which 0.00" in said


def test_the_forecast_has_the_notes_that_fall_due(company: Company) -> None:
    """A note of 1,000 comes in on 20 July, of another 200 are left on 21 April; our own 300 are due on 10 March."""
    company.records(
        invoices=INVOICES,
        bills=BILLS,
        payments=RECEIVED
        + """
            P3,2026-02-10,S1,out,300,notes-receivable:B-002,,
            P4,2026-02-20,S2,out,300,notes-payable:N-1,2026-03-10,B2
        """,
    ).post()
    told = company.report("forecast", "--to", "2026-02-28")
    moved = {row["week"]: row["notes"] for row in told["rows"] if row["notes"] != "0.00"}
    assert moved == {"2026-03-08": "-300.00", "2026-04-19": "200.00"}  # weeks begin on Sundays after 28 February
    assert told["totals"]["later_notes"] == "1000.00"
    overdue = company.report("forecast", "--to", "2026-08-01")["rows"][0]
    assert overdue["notes"] == "900.00"


def test_notes_without_a_number_are_kept_together(company: Company) -> None:
    """Two notes of 500 under the plain role, one of them discounted: 500 are left, which are due in June."""
    company.records(
        invoices=INVOICES,
        payments="""
            number,date,partner,direction,amount,account,due,applies
            P1,2026-01-20,C2,in,500,notes-receivable,2026-04-20,I2
            P2,2026-01-21,C1,in,500,notes-receivable,2026-06-21,I1
        """,
        cash_transfers="number,date,from,to,amount,received\nT1,2026-02-01,notes-receivable,bank,500,495",
    )
    said = company.run("post").err
    assert "payments/P1 posts to notes-receivable without the note's number" in said
    assert "Write notes-receivable:NUMBER" in said
    assert said.count("note-without-number") == 2
    company.post()
    [row] = company.report("notes")["rows"]
    assert (row["note"], row["amount"], row["open"], row["state"]) == ("", "1000.00", "500.00", "collected")
    rows = company.report("forecast", "--to", "2026-06-01")["rows"]
    assert {row["week"]: row["notes"] for row in rows if row["notes"] != "0.00"} == {"2026-06-16": "500.00"}


def test_the_register_is_tied_to_the_ledger(company: Company) -> None:
    """Journals, documents paid at once and manual vouchers count; a rule of one's own that posts to a note is found."""
    company.records(
        invoices="""
            number,date,customer,item,qty,price,tax,paid_account
            I1,2026-01-05,C1,S,1,1000,0%,notes-receivable:B-001
        """,
        journals="""
            number,date,account,debit,credit
            J1,2026-01-31,Expenses:Lost,40,
            J1,2026-01-31,notes-receivable:B-001,,40
        """,
    )
    company.write(
        "ledgers/manual/2026.bean",
        '2026-02-01 * "A cent too much"\n  Assets:Receivables:Notes:B-001  -0.01 EUR\n  Expenses:Lost  0.01 EUR\n',
    )
    company.post()
    assert register(company) == {"B-001": ("960.00", "posted", "C1")}
    company.write("rules/accounts.yaml", "roles: {paper: 'Assets:Receivables:Notes:B-001'}\n")
    company.write(
        "rules/vouchers.yaml",
        "own:\n  document: adjustments\n  when: reason == 'found'\n  overrides: adjustments\n  lines:\n"
        "    - {each: moves, dr: inventory, amount: move.value}\n    - {each: moves, cr: notes-receivable, amount: move.value}\n",
    )
    company.records(
        opening_stock="date,item,qty,value\n2026-01-01,A,10,100",
        adjustments="number,date,reason,item,qty\nA1,2026-01-10,found,A,1",
    )
    assert company.run("post").code == 0
    result = company.run("check")
    assert result.code == 1
    assert "note Assets:Receivables:Notes: the records say 0, the ledger says -10.00" in result.err
