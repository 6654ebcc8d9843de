"""Stories of review: vouchers wait, somebody decides, and a voucher that changes waits again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from beanstock.ledger.approvals import Approvals, Decision, put_flags, voucher_hash
from beanstock.ledger.text import Serializer
from beanstock.voucher import Voucher
from repository import ALICE, BOB, Repository, repository

RECEIPTS = """
    number,date,supplier,item,qty,price
    R1,2026-01-05,S1,A,10,10
    R2,2026-01-06,S1,B,1,5
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    shop = repository(tmp_path / "books", monkeypatch, policies="{review: all}")
    return shop.records(receipts=RECEIPTS).posted()


def states(shop: Repository) -> dict[str, str]:
    rows = shop.ok("review", "list", "--all", "--format", "json").json["rows"]
    return {row["document"]: row["state"] for row in rows}


def test_an_approval_turns_the_flag_and_names_who_and_when(shop: Repository) -> None:
    assert states(shop) == {"receipts/R1": "waiting", "receipts/R2": "waiting"}
    assert shop.ledger("2026-01.bean").count(" ! ") == 2
    shop.who(BOB).ok("review", "approve", "R1")
    shop.posted()
    assert '2026-01-05 * "Supplier One" "Receipt R1"' in shop.ledger("2026-01.bean")
    assert '2026-01-06 ! "Supplier One" "Receipt R2"' in shop.ledger("2026-01.bean")
    row = shop.ledger("approvals.csv").splitlines()[1].split(",")
    assert row[:2] == ["receipts/R1", "receipts"]
    assert row[3:] == ["approved", "Bob <bob@example.org>", "2026-02-03T10:00:00Z", ""]


def test_a_changed_voucher_waits_again_and_the_old_one_is_still_approved(shop: Repository) -> None:
    shop.ok("review", "approve", "--all")
    assert set(states(shop).values()) == {"approved"}
    shop.records(receipts=RECEIPTS.replace("A,10,10", "A,10,11"))
    assert states(shop) == {"receipts/R1": "waiting", "receipts/R2": "approved"}
    shop.records(receipts=RECEIPTS)
    assert set(states(shop).values()) == {"approved"}


def test_a_document_that_moves_in_its_file_or_gets_a_neighbour_stays_approved(shop: Repository) -> None:
    shop.ok("review", "approve", "--all")
    lines = RECEIPTS.strip().splitlines()
    shop.records(receipts="\n".join([lines[0], lines[2], "R3,2026-01-07,S1,A,1,1", lines[1]]))
    assert states(shop) == {"receipts/R1": "approved", "receipts/R2": "approved", "receipts/R3": "waiting"}


def test_a_rejected_voucher_stays_marked_until_it_changes(shop: Repository) -> None:
    shop.ok("review", "reject", "R1", "--reason", "the price is that of last year")
    shop.posted()
    assert states(shop)["receipts/R1"] == "rejected"
    shown = shop.ok("review", "show", "R1").out
    assert shown.startswith('rejected: the price is that of last year\n2026-01-05 ! "Supplier One" "Receipt R1"')
    assert "cannot be closed: receipts/R1 is rejected" in shop.refused("close", "2026-01")
    shop.records(receipts=RECEIPTS.replace("A,10,10", "A,10,11"))
    assert states(shop)["receipts/R1"] == "waiting"
    shop.ok("review", "approve", "R1")
    assert shop.posted().ledger("2026-01.bean").count(" * ") == 1


def test_nobody_approves_what_they_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = repository(tmp_path / "books", monkeypatch, policies="{review: all, four_eyes: yes}")
    shop.records(receipts=RECEIPTS)
    said = shop.refused("review", "approve", "R1")
    assert "its record is not committed" in said
    shop.posted()
    said = shop.refused("review", "approve", "--all")
    assert "records/receipts.csv:2:1: error: four-eyes: Alice <alice@example.org> cannot approve receipts/R1" in said
    assert not (shop.folder / "ledgers/approvals.csv").exists()
    shop.who(BOB).ok("review", "approve", "R1")
    shop.records(receipts=RECEIPTS.replace("B,1,5", "B,1,6")).commit()
    assert "four-eyes" in shop.refused("review", "approve", "R2")  # Bob has touched that line now


def test_nobody_approves_a_summary_of_what_they_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = repository(tmp_path / "books", monkeypatch, policies="{review: all, four_eyes: yes}")
    shop.write(
        "rules/vouchers.yaml",
        "in-sum:\n  document: receipts\n  overrides: receipts\n  summary: day\n  lines:\n"
        "    - {each: moves, dr: inventory, amount: move.value}\n"
        "    - {each: accruals, cr: goods-received-not-invoiced, amount: accrual.amount}\n",
    )
    shop.records(receipts=RECEIPTS.replace("2026-01-06", "2026-01-05")).posted()
    shop.who(BOB).records(receipts=RECEIPTS.replace("2026-01-06", "2026-01-05").replace("B,1,5", "B,1,6")).posted()
    assert states(shop) == {"receipts/2026-01-05": "waiting"}
    for name in (BOB, ALICE):  # each recorded one of the two
        said = shop.who(name).refused("review", "approve", "receipts/2026-01-05")
        assert "cannot approve receipts/2026-01-05: they recorded it themselves" in said
    shop.who("Carol").ok("review", "approve", "receipts/2026-01-05")
    assert states(shop) == {"receipts/2026-01-05": "approved"}
    words = RECEIPTS.replace("2026-01-06", "2026-01-05").replace("B,1,5", "B,1,6").replace("price\n", "price,memo\n")
    shop.records(receipts=words.replace("A,10,10", "A,10,10,").replace("B,1,6", "B,1,6,from the fair"))
    assert states(shop) == {"receipts/2026-01-05": "waiting"}  # what it sums up says something else now


def test_references_and_files_that_are_wrong(shop: Repository) -> None:
    assert shop.run("review", "approve", "R9").code == 2
    shop.ok("review", "approve", "R1")
    path = shop.folder / "ledgers/approvals.csv"
    path.write_text(path.read_text().replace(",approved,", ",blessed,"))
    assert "ledgers/approvals.csv:2:1: error: bad-approval" in shop.refused("post")


def test_what_a_rule_marks_waits_and_the_rest_does_not() -> None:
    serializer = Serializer("EUR", 2)
    marked, plain = (Voucher(dt.date(2026, 1, 5), "sales/X", "sales") for _ in range(2))
    marked.flag = "!"
    approvals = Approvals()
    put_flags([marked, plain], approvals, {}, serializer, all_=False)
    assert (marked.flag, plain.flag) == ("!", "*")
    hash_ = voucher_hash(marked, {}, serializer)
    approvals.add(Decision("sales/X", "sales", hash_, "approved", "Bob", "2026-02-03", ""))
    put_flags([marked], approvals, {}, serializer, all_=False)
    assert marked.flag == "*"


def test_a_voucher_that_waits_is_shown_for_programs_too(shop: Repository) -> None:
    (shown,) = shop.ok("review", "show", "R1", "--format", "json").json
    assert (shown["document"], shown["state"], shown["flag"], shown["date"]) == (
        "receipts/R1",
        "waiting",
        "!",
        "2026-01-05",
    )
    assert [(one["side"], one["amount"], one["item"]) for one in shown["postings"]] == [
        ("dr", "100.00", "A"),
        ("cr", "100.00", ""),
    ]
    (listed,) = [
        one for one in shop.ok("review", "list", "--format", "json").json["rows"] if one["document"] == "receipts/R1"
    ]
    assert shown["hash"] == listed["hash"]


def test_an_approval_names_documents_or_all(shop: Repository) -> None:
    result = shop.who(BOB).run("review", "approve")
    assert result.code == 2
    assert "Give documents, or --all." in result.err
    assert not (shop.folder / "ledgers/approvals.csv").exists()
