"""Row 9: files that were cut or doubled, and tables as long as a spreadsheet: told, or exactly what stands in them."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

from beanstock.problems import Problem
from beanstock.records.csvfile import SPREADSHEET_LIMITS, read_rows
from beanstock.records.identity import content
from beanstock.records.kinds import Kinds
from beanstock.records.read import read_records
from conftest import Company

from .conftest import errors_of, invoke

HEADER = "number,date,supplier,item,qty,price,memo\n"
Content = dict[str, tuple[object, ...]]


def many(count: int) -> str:
    """Receipts of one to four lines, with texts in and out of quotes and of more than one byte."""
    chance = random.Random(5)
    rows = []
    for number in range(count):
        memo = chance.choice(["plain", "茶叶", '"a, b"', '"say ""hi"""', ""])
        for line in range(chance.randint(1, 4)):
            head = f"R{number},2026-01-{chance.randint(1, 28):02d},S1" if not line else f"R{number},,"
            rows.append(
                f"{head},{chance.choice('AB')},{chance.randint(1, 99999)},{chance.randint(1, 9999)}.{chance.randint(0, 99):02d},{memo if not line else ''}\n"
            )
    return HEADER + "".join(rows)


def read(company: Company, data: bytes, kinds: Kinds, name: str = "receipts.csv") -> tuple[Content, list[Problem]]:
    company.write(f"records/{name}", data)
    records, problems = read_records(company.folder / "records", kinds, 2)
    return {one.reference: content(one) for one in records.documents}, problems


def same_or_beginning(own: tuple[object, ...], whole: tuple[object, ...]) -> bool:
    """A document is whole, or has the first lines of the whole one: a cut between two of its rows cannot be seen."""
    lines: tuple[object, ...] = own[2]  # type: ignore[assignment]
    every: tuple[object, ...] = whole[2]  # type: ignore[assignment]
    return own[:2] == whole[:2] and bool(lines) and lines == every[: len(lines)]


def test_cut_at_lines_and_bytes(release: bool, chance: random.Random, kinds: Kinds, books: Company) -> None:
    """A file cut at every line and at 500 bytes. Oracle: at the end of a line, exactly the rows that stand complete in it,
    and no problem; anywhere else a warning or an error. Release: at every byte.
    """
    data = many(60).encode()
    whole, none = read(books, data, kinds)
    assert not none
    ends = [at + 1 for at, byte in enumerate(data) if byte == 10]
    for cut in ends:
        found, problems = read(books, data[:cut], kinds)
        assert not problems, cut
        complete = {f"receipts/{row.split(',')[0]}" for row in data[:cut].decode().splitlines()[1:]}
        assert found.keys() == complete
        assert all(same_or_beginning(one, whole[name]) for name, one in found.items())
        unfinished = [name for name, one in found.items() if one != whole[name]]
        assert len(unfinished) <= 1
    for cut in range(1, len(data)) if release else chance.sample(sorted(set(range(1, len(data))) - set(ends)), 500):
        if cut in ends:
            continue
        found, problems = read(books, data[:cut], kinds)
        assert [one for one in problems if one.severity in ("warning", "error")], cut


def test_cut_between_the_rows_of_a_document_with_a_total(books: Company) -> None:
    """Oracle: a control total that the rows left do not reach is an error."""
    header = "number,date,supplier,account,amount,total\n"
    rows = [f"B1,2026-01-05,S1,expense,{amount}.00,{15 if amount == 1 else ''}\n" for amount in range(1, 6)]
    for count in range(1, 6):
        books.write("records/bills.csv", header + "".join(rows[:count]))
        result = invoke("post", "--dry-run", str(books.folder), "--format", "json")
        assert [one["code"] for one in errors_of(result)] == ([] if count == 5 else ["control-total"])


BILL = "- number: B1\n  date: 2026-01-05\n  supplier: S1\n  lines:\n    - {account: expense, amount: 125.00}\n"
BLOCK = BILL.replace("{account: expense, amount: 125.00}", "account: expense\n      amount: 1250.00")


def test_yaml_cut_at_a_line(books: Company, kinds: Kinds) -> None:
    """Oracle: an error, or the documents as they stand complete; a bill whose amount is cut off is none."""
    text = BLOCK + BLOCK.replace("B1", "B2")
    whole, _ = read(books, text.encode(), kinds, "bills.yaml")
    for count in range(1, text.count("\n")):
        cut = "".join(text.splitlines(keepends=True)[:count])
        found, _ = read(books, cut.encode(), kinds, "bills.yaml")
        result = invoke("post", "--dry-run", str(books.folder))
        assert result.code == 1 or found.items() <= whole.items(), cut


def test_yaml_cut_inside_the_last_number(books: Company) -> None:
    """Oracle: warned or refused."""
    books.write("records/bills.yaml", BLOCK[: BLOCK.index("1250.00") + 3])
    assert invoke("post", "--dry-run", str(books.folder), "--format", "json").json["problems"]


def test_cut_inside_a_letter(books: Company) -> None:
    """Files of Chinese texts, with and without a byte order mark, cut one or two bytes into their last letter. Oracle: refused:
    all but the last letter is UTF-8.
    """
    for mark, cut, count in itertools.product(("utf-8", "utf-8-sig"), (2, 3), range(1, 6)):
        data = (HEADER + "".join(f"R{number},2026-01-05,S1,A,1,4.00,茶叶\n" for number in range(count))).encode(mark)
        books.write("records/receipts.csv", data[:-cut])
        assert invoke("post", "--dry-run", str(books.folder)).code == 1, (mark, cut, count)


# --- doubled


def test_the_same_file_twice(books: Company, kinds: Kinds) -> None:
    """Oracle: each document counts once, each with a note."""
    data = many(40).encode()
    whole, _ = read(books, data, kinds)
    books.write("records/receipts/copy.csv", data)
    found, problems = read(books, data, kinds)
    assert found == whole
    assert [one.code for one in problems] == ["repeated-document"] * 40


def test_a_file_and_a_changed_copy(books: Company, kinds: Kinds) -> None:
    """Oracle: a document with other content is an error, each of the others a note."""
    data = many(40).encode()
    books.write("records/receipts/copy.csv", data.replace(b"R7,2026-01", b"R7,2026-02"))
    _, problems = read(books, data, kinds)
    assert [one.code for one in problems].count("conflicting-document") == 1


def test_a_file_appended_to_itself(books: Company, kinds: Kinds) -> None:
    """With its header, cut or whole. Oracle: the second header is an error."""
    data = many(40).encode()
    for first in (data, data[:-1], data[:400]):
        _, problems = read(books, first + data, kinds)
        assert [one for one in problems if one.severity == "error"]


def test_rows_appended_to_themselves(books: Company) -> None:
    """Without the header: every row of a document counts, by contract. Oracle: a control total is an error."""
    rows = "B1,2026-01-05,S1,expense,5.00,10.00\nB1,,,expense,5.00,\n"
    books.write("records/bills.csv", "number,date,supplier,account,amount,total\n" + rows * 2)
    result = invoke("post", "--dry-run", str(books.folder), "--format", "json")
    assert [one["code"] for one in errors_of(result)] == ["control-total"]


# --- the limits of spreadsheets


@pytest.mark.parametrize("rows", sorted(SPREADSHEET_LIMITS))
def test_rows_at_the_limits(rows: int) -> None:
    """Oracle: a warning at each limit, and none beside it."""
    assert {65_535, 65_536, 1_048_575, 1_048_576} == SPREADSHEET_LIMITS
    for count in (rows - 1, rows, rows + 1) if rows < 100_000 else (rows,):
        _, found, problems = read_rows("a\n" + "1\n" * count, "x.csv")
        assert len(found) == count
        assert [one.code for one in problems] == (["row-limit"] if count in SPREADSHEET_LIMITS else [])


def test_a_limit_reaches_the_user(tmp_path: Path) -> None:
    """Oracle: post prints the warning."""
    company = Company(tmp_path / "books")
    company.write("records/items.csv", "code,name,unit\n" + "".join(f"I{number},x,pcs\n" for number in range(65_535)))
    result = invoke("post", str(company.folder))
    assert result.code == 0
    assert "row-limit" in result.err
