"""Stories of `diff`: what changed between two states of the books, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from beanstock.app import app
from repository import Repository, repository

RECEIPTS = """
    number,date,supplier,item,qty,price
    R1,2026-01-05,S1,A,10,10
"""
DELIVERIES = """
    number,date,customer,item,qty
    D1,2026-01-10,C1,A,4
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    shop = repository(tmp_path / "books", monkeypatch)
    shop.records(receipts=RECEIPTS, deliveries=DELIVERIES)
    return shop.posted("January")


def vouchers(tree: Any) -> dict[str, Any]:
    return {one["document"]: one for one in tree["vouchers"]}


def test_a_record_changes_its_voucher_and_costs_that_follow(shop: Repository) -> None:
    shop.records(receipts=RECEIPTS.replace("A,10,10", "A,10,12"))
    tree = shop.ok("diff", "--format", "json").json
    found = vouchers(tree)
    assert (tree["from"], tree["to"]) == ("HEAD", "the working tree")
    assert found["receipts/R1"]["cause"] == {"kind": "record", "of": [], "place": "records/receipts.csv:2"}
    # 4 leave at 12 instead of 10
    assert found["deliveries/D1"]["cause"] == {
        "kind": "cost effect of",
        "of": ["receipts/R1"],
        "place": "records/deliveries.csv:2",
    }
    cost = next(one for one in found["deliveries/D1"]["postings"] if "CostOfSales" in one["account"].replace("-", ""))
    assert (cost["before"], cost["after"], cost["difference"]) == ("40.00", "48.00", "8.00")
    assert tree["stock"] == [
        {"item": "A", "qty_before": "6", "qty_after": "6", "before": "60.00", "after": "72.00", "difference": "12.00"}
    ]
    lines = {row["line"]: row["difference"] for row in tree["statements"]}
    assert lines["Inventories"] == "12.00"
    assert lines["Cost of sales"] == "8.00"


def test_added_and_removed_vouchers_and_manual_ones(shop: Repository) -> None:
    shop.records(deliveries=DELIVERIES.replace("D1,2026-01-10,C1,A,4", "D2,2026-01-11,C1,A,1"))
    shop.write(
        "ledgers/manual/rent.bean",
        '2026-01-31 * "Rent"\n  Expenses:Rent   100.00 EUR\n  Assets:Bank  -100.00 EUR\n',
    )
    found = vouchers(shop.ok("diff", "HEAD", "--format", "json").json)
    assert {name: (one["change"], one["cause"]["kind"]) for name, one in found.items()} == {
        "deliveries/D1": ("removed", "record"),
        "deliveries/D2": ("added", "record"),
        "manual/rent": ("added", "manual voucher"),
    }
    assert found["deliveries/D1"]["cause"]["place"] == "records/deliveries.csv:2"
    shop.commit("February")
    assert vouchers(shop.ok("diff", "HEAD~1", "HEAD", "--format", "json").json).keys() == found.keys()
    assert shop.ok("diff", "HEAD", "--format", "json").json["vouchers"] == []


def test_a_rule_is_named_as_the_cause(shop: Repository) -> None:
    shop.write(
        "rules/vouchers.yaml",
        """
        own-deliveries:
          overrides: deliveries
          document: deliveries
          narration: "Own {number}"
          lines:
            - {each: moves, dr: scrap, amount: move.cost}
            - {each: moves, cr: inventory, amount: move.cost}
        """.replace("\n        ", "\n"),
    )
    shop.records(receipts=RECEIPTS + "R2,2026-01-06,S1,B,1,5\n")
    found = vouchers(shop.ok("diff", "--format", "json").json)
    assert {(one["document"], one["change"], one["cause"]["kind"]) for one in found.values()} == {
        ("deliveries/D1", "added", "rule"),
        ("receipts/R2", "added", "record"),
    }
    tree = shop.ok("rules", "diff", "--from", "HEAD", "--format", "json").json
    assert {(one["document"], one["rule"], one["change"]) for one in tree["vouchers"]} == {
        ("deliveries/D1", "deliveries", "removed"),
        ("deliveries/D1", "own-deliveries", "added"),
    }
    assert all(one["cause"]["kind"] == "rule" for one in tree["vouchers"])


def test_tables_and_markdown_say_the_same(shop: Repository) -> None:
    shop.records(receipts=RECEIPTS.replace("A,10,10", "A,10,12"))
    text, marked = shop.ok("diff").out, shop.ok("diff", "--format", "md").out
    assert "Test: HEAD → the working tree: vouchers 0 added, 0 removed, 2 changed" in text
    assert "cost effect of receipts/R1" in text
    assert "| changed | 2026-01-10 | deliveries/D1 | cost effect of receipts/R1 |" in marked
    assert marked.startswith("### Test: HEAD")


def test_books_that_began_after_the_revision_are_all_added(shop: Repository) -> None:
    shop.git("checkout", "--quiet", "--orphan", "empty")
    shop.git("rm", "-rq", "--cached", ".")
    shop.git("commit", "--quiet", "--allow-empty", "--message", "nothing")
    shop.git("checkout", "--quiet", "--force", "main")
    found = shop.ok("diff", "empty", "--format", "json").json["vouchers"]
    assert {one["change"] for one in found} == {"added"}
    assert len(found) == 2


def test_revisions_that_are_none_or_look_like_options(shop: Repository) -> None:
    for revision in ("nowhere", "--output=x", "HEAD:records", "HEAD\nmain"):
        result = CliRunner().invoke(app, ["diff", "--books", str(shop.folder), "--", revision])
        assert result.exit_code == 1
        assert "error: git-failed: git: " in result.stderr
    assert not (shop.folder / "x").exists()


def test_a_revision_with_errors_says_which(shop: Repository) -> None:
    shop.records(deliveries=DELIVERIES.replace("A,4", "Z,4")).run("post")
    shop.commit("broken")
    shop.records(deliveries=DELIVERIES)
    said = shop.refused("diff", "HEAD")
    assert "HEAD cannot be posted" in said
    assert "records/deliveries.csv:2:18: error: unknown-item" in said


def test_links_and_hostile_names_of_a_revision_are_refused(shop: Repository, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("code,name\n")
    (shop.folder / "records" / "warehouses.csv").unlink()
    (shop.folder / "records" / "warehouses.csv").symlink_to(tmp_path / "secret.csv")
    shop.commit("a link")
    assert "outside-books" in shop.refused("diff", "HEAD", "HEAD~1")
