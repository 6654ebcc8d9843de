"""`query`: BQL over the ledger, with our metadata."""

from __future__ import annotations

from decimal import Decimal

import pytest

from conftest import Company


@pytest.fixture
def trading(company: Company) -> Company:
    return company.records(
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-05,S1,A,10,12\n",
        sales="number,date,customer,item,qty,price,department\nX1,2026-01-20,C1,A,5,30,SHOP\nX2,2026-02-20,C2,A,1,30,WEB\n",
    ).post()


def test_metadata_are_columns(trading: Company) -> None:
    text = "SELECT item, department, sum(number) AS revenue, sum(qty) AS qty WHERE role = 'revenue' GROUP BY 1, 2 ORDER BY 3"
    tree = trading.run("query", text, "--format", "json").json
    assert tree["rows"] == [
        {"item": "A", "department": "SHOP", "revenue": "-150.00", "qty": "0"},
        {"item": "A", "department": "WEB", "revenue": "-30.00", "qty": "0"},
    ]
    assert tree["columns"][2] == {"name": "revenue", "type": "money"}
    moved = trading.run(
        "query", "SELECT sum(qty), sum(position) WHERE item = 'A' AND qty != 0", "--format", "json"
    ).json
    assert list(moved["rows"][0].values()) == ["4", "48.00"]
    open_ = "SELECT partner, document, due, entry_meta('rule') WHERE partner = 'C1'"
    row = trading.run("query", open_, "--format", "json").json["rows"][0]
    assert list(row.values()) == ["C1", "sales/X1", "2026-02-19", "sales"]


def test_a_query_ties_to_the_trial_balance(trading: Company) -> None:
    text = "SELECT account, sum(number) AS closing GROUP BY account ORDER BY account"
    rows = trading.run("query", text, "--format", "json").json["rows"]
    balance = {row["account"]: Decimal(row["closing"]) for row in trading.report("trial-balance")["rows"]}
    assert {row["account"]: Decimal(row["closing"]) for row in rows} == balance
    assert "Assets:Inventory:Goods" in trading.run("query", text).out


@pytest.mark.parametrize(
    "text",
    [
        "SELECT",
        "SELECT moon",
        "DROP TABLE x",
        "CREATE TABLE t USING 'csv:/etc/passwd'",
        "PRINT",
        "SELECT sum(account)",
        "SELECT 1/0",
    ],
)
def test_what_cannot_be_answered(trading: Company, text: str) -> None:
    result = trading.run("query", text)
    assert (result.code, result.out) == (2, "") or (text == "SELECT 1/0" and result.code == 0)


def test_no_plugin_of_a_ledger_runs(trading: Company) -> None:
    (trading.folder / "ledgers" / "main.bean").write_text('plugin "pwn"\n')
    trading.write("ledgers/pwn.py", "open('pwned', 'w')\n__plugins__ = []\n")
    assert trading.run("query", "SELECT count(account)").code == 0
    assert not list(trading.folder.rglob("pwned"))


def test_days_are_days(trading: Company) -> None:
    tree = trading.run("query", "SELECT account, max(date) GROUP BY account", "--format", "json").json
    assert [column["type"] for column in tree["columns"]] == ["text", "date"]
