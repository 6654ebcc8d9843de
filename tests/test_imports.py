"""Import mappings: joins, skips that are counted, control totals, and faults with their place."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from beanstock.app import app
from conftest import Company, Result

MAPPING = """
title: A till
books: {company: Till, pack: ifrs, currency: EUR}
files:
  sold: {file: "sold*.csv", columns: {"Betrag (EUR)": amount}}
  things: {file: things.csv, key: id}
records:
  - kind: items
    from: things
    columns: {code: id, name: title, unit: "'pcs'", type: "'service'"}
  - kind: partners
    from: sold
    once: code
    columns: {code: "'C' + customer", name: "'Customer ' + customer"}
  - kind: invoices
    from: sold
    join: {thing: {file: things, on: item}}
    skip:
      - {if: number(amount) == 0, reason: nothing charged}
      - {if: not thing, reason: unknown thing}
    control: number(amount)
    first: [date]
    columns:
      number: "'I' + ticket"
      date: day(when, "%d.%m.%Y")
      customer: "'C' + customer"
      item: item
      qty: 1
      amount: round(number(amount))
      memo: trim(thing.title)
"""
SOLD = "ticket,when,customer,item,Betrag (EUR)\n1,05.01.2026,7,x,10.005\n1,06.01.2026,7,y,5\n2,07.01.2026,8,x,0\n3,08.01.2026,8,z,9\n"
THINGS = "id,title\nx,  Thing   X \ny,Thing Y\n"


@pytest.fixture
def till(tmp_path: Path) -> Path:
    for name, text in (
        ("books/rules/imports/till.yaml", MAPPING),
        ("sold-1.csv", SOLD),
        ("things.csv", THINGS),
        ("other.csv", "a\n1\n"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def run(folder: Path, *names: str) -> Result:
    files = [str(folder / name) for name in names or ("sold-1.csv", "things.csv", "other.csv")]
    outcome = CliRunner().invoke(app, ["import", "till", *files, "--into", str(folder / "books")])
    if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    return Result(outcome.exit_code, outcome.stdout, outcome.stderr)


def test_rows_become_records_or_are_counted(till: Path) -> None:
    (till / "books/rules/imports/till.yaml").write_text(MAPPING.replace("round(number(amount))", "number(amount)"))
    result = run(till)
    assert result.code == 0, result.err
    assert "invoices: 2 rows to invoices" in result.out
    assert "1 rows to nothing: nothing charged" in result.out
    assert "1 rows to nothing: unknown thing" in result.out
    assert (
        "control total 15.005 exact, in rows to nothing 9; rounded by line 15.01, effect of rounding 0.005"
        in result.out
    )
    assert "not mapped: other.csv" in result.out
    text = (till / "books/records/invoices/till.csv").read_text()
    assert (
        text
        == "number,date,customer,item,qty,amount,memo\nI1,2026-01-05,C7,x,1,10.005,Thing X\nI1,2026-01-05,C7,y,1,5,Thing Y\n"
    )
    assert (till / "books/beanstock.yaml").read_text() == "company: Till\npack: ifrs\ncurrency: EUR\n"


def test_faults_of_rows_have_their_place_and_nothing_is_written(till: Path) -> None:
    (till / "books/rules/imports/till.yaml").write_text(MAPPING.replace("round(number(amount))", "number(amount)"))
    (till / "sold-1.csv").write_text(SOLD.replace("05.01.2026", "2026-01-05").replace(",9\n", ",nine\n"))
    result = run(till)
    assert result.code == 1
    assert "sold-1.csv:2:1: error: import-row" in result.err
    assert "sold-1.csv:5:1: error: import-row" in result.err
    assert not (till / "books/records").exists()


def test_faults_of_mappings_have_their_place(till: Path) -> None:
    path = till / "books/rules/imports/till.yaml"
    for old, new, code in (
        ("'C' + customer\", name", "'C' + costumer\", name", "unknown-name"),
        ("from: sold", "from: slod", "bad-rule"),
        ("control:", "controll:", "unknown-key"),
        ("number(amount) == 0", "number(amount) ** 0", "bad-expression"),
    ):
        path.write_text(MAPPING.replace("round(number(amount))", "number(amount)").replace(old, new, 1))
        result = run(till)
        assert result.code == 1
        assert code in result.err
        assert "rules/imports/till.yaml:" in result.err


def test_a_file_that_a_join_needs_must_be_given(till: Path) -> None:
    (till / "books/rules/imports/till.yaml").write_text(MAPPING.replace("round(number(amount))", "number(amount)"))
    assert "the file of `things` is needed" in run(till, "sold-1.csv").err


def test_an_unknown_mapping_is_suggested(company: Company, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a\n")
    outcome = CliRunner().invoke(app, ["import", "northwnd", str(tmp_path / "x.csv"), "--into", str(company.folder)])
    assert outcome.exit_code == 2
    assert "Did you mean `northwind`?" in outcome.stderr


def test_a_row_that_divides_by_zero_is_told(till: Path) -> None:
    mapping = MAPPING.replace("round(number(amount))", "number(amount) / (number(amount) - 5)")
    (till / "books/rules/imports/till.yaml").write_text(mapping)
    result = run(till)
    assert result.code == 1
    assert "sold-1.csv:3:1: error: import-row" in result.err
    assert "a division by zero" in result.err
