"""What comes to open months and changes what closed ones said: a run that goes on finds what a run of everything finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from repository import Repository, repository
from test_carried import FEBRUARY, JANUARY, carries, same_as_everything

SALE = "number,date,customer,item,qty,price\n"
OPEN = {"sales": JANUARY["sales"] + FEBRUARY}
PAID = "number,date,partner,direction,amount,applies\n"
OPENING = {
    "opening_balances": "date,account,partner,amount,ref\n2026-01-01,receivable,C1,50,OLD\n2026-01-01,bank,,-50,",
    "payments": f"{PAID}Y1,2026-01-20,C1,in,50,OLD",
    "sales": f"{SALE}X3,2026-02-03,C1,S,2,20",
}
ALLOCATED = {
    **JANUARY,
    "payments": "number,date,partner,direction,amount\nY1,2026-01-02,C2,in,45",
    "allocations": "number,date,partner,from,to,amount\nL1,2026-01-25,C2,Y1,X2,45",
}


def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **records: str) -> Repository:
    """Books whose January is closed, and whose state is noted."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shop = repository(tmp_path / "books", monkeypatch)
    shop.records(**records)
    shop.posted("January")
    shop.ok("close", "2026-01")
    shop.ok("post")
    assert carries(shop.ok("post", "-v"))
    return shop


@pytest.mark.parametrize(
    ("records", "number", "customer"),
    [
        (JANUARY, "X2", "C2"),
        ({**JANUARY, "payments": f"{PAID}Y1,2026-01-20,,in,45,X2"}, "X2", "C1"),
        (OPENING, "OLD", "C1"),
        (ALLOCATED, "X2", "C2"),
        (ALLOCATED, "Y1", "C2"),
    ],
    ids=["payment", "payment-of-anybody", "opening", "to", "from"],
)
def test_what_a_closed_payment_names_becomes_ambiguous(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, records: dict[str, str], number: str, customer: str
) -> None:
    shop = closed(tmp_path, monkeypatch, **{**records, **({} if records is OPENING else OPEN)})
    shop.records(invoices=f"{SALE}{number},2026-02-05,{customer},S,1,5")
    shop.fails("ambiguous-document")


def test_a_number_that_somebody_else_has_makes_nothing_ambiguous(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = closed(tmp_path, monkeypatch, **{**JANUARY, **OPEN})
    shop.records(invoices=f"{SALE}X2,2026-02-05,C1,S,1,5")  # the payment says that C2 paid
    assert carries(shop.ok("post", "-v"))
    same_as_everything(shop, monkeypatch)


def test_a_row_without_number_belongs_to_a_closed_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """X2 is paid and not read again: the row would go to X3, which stands before it."""
    lines = JANUARY["sales"].splitlines()
    shop = closed(tmp_path, monkeypatch, **{**JANUARY, "sales": "\n".join([*lines[:2], FEBRUARY[1:], lines[2]])})
    shop.write("records/sales.csv", (shop.folder / "records/sales.csv").read_text() + "\n,,,B,1,5\n")
    shop.fails("closed-record")


def test_a_closed_payment_gets_another_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Y0 paid 10 ahead, which an allocation sets off; then it says itself what these are for."""
    paid = f"{PAID}Y0,2026-01-21,C1,in,90,X1\n"
    allocated = "number,date,partner,from,to,amount\nL1,2026-02-25,C1,Y0,X3,10"
    shop = closed(tmp_path, monkeypatch, **{**JANUARY, **OPEN, "payments": paid, "allocations": allocated})
    shop.records(payments=f"{paid}Y0,2026-01-21,C1,in,90,X3")
    shop.fails("unknown-document")


def test_opening_records_of_open_months_tell_when_assets_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assets = "code,name,date,cost,life_months\nK,Car,2026-01-01,1200,12"
    shop = closed(tmp_path, monkeypatch, **{**JANUARY, **OPEN, "assets": assets})
    shop.records(opening_balances="date,account,amount\n2026-02-28,bank,50\n2026-02-28,cash,-50")
    assert not carries(shop.ok("post", "-v"))


def test_more_comes_back_than_open_months_paid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """X1 was paid by 30 in January and 50 now: of 60 that go back, 10 were January's, and nothing is paid ahead."""
    paid = f"{JANUARY['payments']}\nY0,2026-01-21,C1,in,30,X1"
    shop = closed(tmp_path, monkeypatch, **{**JANUARY, **OPEN, "payments": paid})
    shop.records(payments=f"{paid}\nY5,2026-02-05,C1,in,50,X1\nY6,2026-02-07,C1,out,60,X1")
    assert not carries(shop.ok("post", "-v"))
    assert shop.role("customer-advances") == "0.00"
