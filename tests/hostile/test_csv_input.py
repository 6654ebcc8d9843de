"""Row 6: CSV in every encoding, line end, delimiter, quoting and header: the same books, or refused with a line."""

from __future__ import annotations

import csv
import io
import itertools
import random
from pathlib import Path

import pytest

from beanstock.problems import Problem
from beanstock.records.csvfile import read_rows, stray_quote
from beanstock.records.identity import content
from beanstock.records.kinds import Kinds
from beanstock.records.read import read_records
from conftest import Company

from .conftest import errors_of, invoke

ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
ENDS = ["\n", "\r\n", "\r", "\n\n"]
DELIMITERS = [",", ";", "\t", "|"]
QUOTINGS = ["none", "minimal", "all", "texts", "doubled"]
HEADERS = ["plain", "blanks", "chinese", "swapped", "extra"]
NAMES = {
    "number": "单号",
    "date": "日期",
    "supplier": "供应商",
    "item": "商品",
    "qty": "数量",
    "price": "单价",
    "memo": "备注",
}
ROWS = [
    ["R1", "2026-01-05", "S1", "A", "10", "4.00", "one"],
    ["R1", "", "", "B", "2.5", "0.125", ""],
    ["R2", "2026-01-06", "S2", "A", "1", "1000.50", 'say "hi", you'],
    ["R3", "2026-01-07", "S1", "A", "3", "2", "TEXT"],
]
COMBINATIONS = list(itertools.product(ENCODINGS, ENDS, DELIMITERS, QUOTINGS, HEADERS))


def pairwise(count: int, seed: int) -> list[tuple[str, ...]]:
    """So many combinations that every two values of two kinds meet in one."""
    chance = random.Random(seed)
    rest = {(first, second) for one in COMBINATIONS for first, second in itertools.combinations(enumerate(one), 2)}
    chosen: list[tuple[str, ...]] = []
    while rest:
        best = max(
            chance.sample(COMBINATIONS, 60), key=lambda one: len(rest & set(itertools.combinations(enumerate(one), 2)))
        )
        chosen.append(best)
        rest -= set(itertools.combinations(enumerate(best), 2))
    left = sorted(set(COMBINATIONS) - set(chosen))
    return chosen + chance.sample(left, count - len(chosen))


def quoted(cell: str, quoting: str, delimiter: str) -> str:
    must = delimiter in cell or '"' in cell
    if (
        quoting == "all"
        or (quoting == "texts" and not cell.replace(".", "").isdigit())
        or (must and quoting != "none")
        or (quoting == "doubled" and cell)
    ):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def written(encoding: str, end: str, delimiter: str, quoting: str, header: str, word: str) -> bytes:
    names = [NAMES[name] if header == "chinese" else f" {name} " if header == "blanks" else name for name in NAMES]
    rows = [[cell.replace("TEXT", word) for cell in row] for row in ROWS]
    if quoting == "none":
        rows = [[cell.replace('"', "").replace(",", "") for cell in row] for row in rows]
    table = [names, *rows]
    if header == "swapped":
        table = [row[::-1] for row in table]
    if header == "extra":
        table = [[*row, "zzz" if at == 0 else "x"] for at, row in enumerate(table)]
    lines = [delimiter.join(quoted(cell, quoting, delimiter) for cell in row) for row in table]
    return "".join(line + end for line in lines).encode(encoding)


def documents(folder: Path, data: bytes, kinds: Kinds) -> tuple[list[object], list[Problem]]:
    (folder / "records" / "receipts.csv").write_bytes(data)
    records, problems = read_records(folder / "records", kinds, 2)
    return [(one.reference, [cell for cell in content(one) if cell != "x"]) for one in records.documents], problems


def test_forms_of_csv(release: bool, seed: int, kinds: Kinds, tmp_path: Path) -> None:
    """360 combinations, every pair of values among them. Oracle: the documents of the plain file, or an error with a line; in
    the eight-bit encoding, which nobody can tell from GB18030, a note says so and no figure differs. Release: all 3,600.
    """
    print(f"HOSTILE_SEED={seed}")
    company = Company(tmp_path / "books")
    read = {"equal": 0, "refused": 0, "guessed": 0}
    for encoding, end, delimiter, quoting, header in COMBINATIONS if release else pairwise(360, seed):
        word = "café" if encoding == "cp1252" else "茶叶，好"
        if encoding == "cp1252" and header == "chinese":
            continue  # it has no such letters
        own, problems = documents(company.folder, written(encoding, end, delimiter, quoting, header, word), kinds)
        plain, none = documents(
            company.folder,
            written(
                "utf-8",
                "\n",
                ",",
                "none" if quoting == "none" else "minimal",
                "extra" if header == "extra" else "plain",
                word,
            ),
            kinds,
        )
        assert not none
        assert len(plain) == 3
        where = (encoding, end, delimiter, quoting, header)
        faults = [one for one in problems if one.severity == "error"]
        if faults:
            assert all(one.place is not None and (one.place.line or one.place.record >= 0) for one in faults), where
            read["refused"] += 1
        elif encoding == "cp1252" and own != plain:
            assert [one.code for one in problems] == ["gb18030"], where
            assert [repr(one).replace("TEXT", "")[:100] for one in own] == [
                repr(one).replace("TEXT", "")[:100] for one in plain
            ]
            read["guessed"] += 1
        else:
            assert own == plain, where
            assert encoding in ("utf-8", "utf-8-sig") or any(one.code == "gb18030" for one in problems), where
            assert delimiter == ",", where
            read["equal"] += 1
    assert read["equal"] >= 30, read
    assert read["refused"] >= 200, read


SPECTRUM: dict[str, tuple[str, list[list[str]] | None]] = {
    # the cases of csv-spectrum, and more: the cells as they must be read, or None where the file must be refused
    "comma in quotes": ('a,b\n1,"x, y"\n', [["1", "x, y"]]),
    "empty": ('a,b,c\n1,"",""\n2,3,4\n', [["1", "", ""], ["2", "3", "4"]]),
    "empty crlf": ('a,b,c\r\n1,"",""\r\n2,3,4\r\n', [["1", "", ""], ["2", "3", "4"]]),
    "escaped quotes": ('a,b\n1,"ha ""ha"" ha"\n3,4\n', [["1", 'ha "ha" ha'], ["3", "4"]]),
    "json": (
        'key,val\n1,"{""type"": ""Point"", ""coordinates"": [102.0, 0.5]}"\n',
        [["1", '{"type": "Point", "coordinates": [102.0, 0.5]}']],
    ),
    "newlines": (
        'a,b,c\n1,2,3\n"Once upon \na time",5,6\n7,8,9\n',
        [["1", "2", "3"], ["Once upon \na time", "5", "6"], ["7", "8", "9"]],
    ),
    "quotes and newlines": ('a,b\n1,"ha \n""ha"" \nha"\n3,4\n', [["1", 'ha \n"ha" \nha'], ["3", "4"]]),
    "simple": ("a,b,c\n1,2,3\n", [["1", "2", "3"]]),
    "simple crlf": ("a,b,c\r\n1,2,3\r\n", [["1", "2", "3"]]),
    "utf8": ("a,b,c\n1,2,3\n4,5,ʤ\n", [["1", "2", "3"], ["4", "5", "ʤ"]]),
    "location": ('id,"lat, lon"\n1,"5, 6"\n', [["1", "5, 6"]]),
    "cr only": ("a,b\r1,2\r", [["1", "2"]]),
    "mixed ends": ("a,b\r\n1,2\n3,4\r5,6\r\n", [["1", "2"], ["3", "4"], ["5", "6"]]),
    "unclosed": ('a,b\n1,"2\n3,4\n5,6\n', None),
    "unclosed at the end": ('a,b\n1,2\n3,"4', None),
    "quotes in a cell": ('a,b\n1,x"y"\n', None),
    "text after a quote": ('a,b\n1,"x"y\n', None),
    "blank before a quote": ('a,b\n1, "x, y"\n', None),
    "backslash quote": ('a,b\n1,"x\\"y"\n', None),
    "too many cells": ("a,b\n1,2,3\n", None),
    "too few cells": ("a,b\n1\n", None),
    "semicolons": ("a;b\n1;2\n", None),
    "tabs": ("a\tb\n1\t2\n", None),
    "bars": ("a|b\n1|2\n", None),
    "same header twice": ("a,a\n1,2\n", None),
    "same header twice with blanks": ("a, a\n1,2\n", None),
    "a cell of a million": ("a,b\n1," + "x" * 1_000_001 + "\n", None),
    "a long cell": ("a,b\n1," + "x" * 200_000 + "\n", [["1", "x" * 200_000]]),
    "blank rows": ("a,b\n\n1,2\n,\n\n", [["1", "2"]]),
    "many quotes": ("a,b\n1," + '"' * 2000 + "\n", [["1", '"' * 999]]),
    "odd quotes": ("a,b\n1," + '"' * 2001 + "\n", None),
    "quotes that never fit": ("a,b\n" + '"x""' * 20_000 + "\n", None),
}


@pytest.mark.parametrize("name", SPECTRUM)
def test_spectrum(name: str) -> None:
    """Oracle: the cells of the table, or an error."""
    text, expected = SPECTRUM[name]
    _, rows, problems = read_rows(text, "x.csv")
    faults = [one for one in problems if one.severity == "error"]
    if expected is None:
        assert faults, rows
    else:
        assert not faults, faults
        assert [row for row in rows if any(row)] == expected


STRAY = {
    'a,b\n1,x"y\n': (2, 4),
    'a,b\n1,x"y\n2,x"y"\n': (2, 4),
    'a,b\n1,"x\ny"\n2,z"\n': (4, 4),
    'a,b\n"1\n\n2",x"\n': (4, 5),
    'a,b\n"1\n"" ""\n3",4\n5"",6\n': (5, 2),
    'a"b,c\n1,2\n': (1, 2),
    'a,b\r\n1,"x"\r\n2,y"\r\n': (3, 4),
    'a,b\r1,"x"\r2,y"': (3, 4),
    'a,b\n"1","2\n3""4\n",5""\n': (4, 4),
}


@pytest.mark.parametrize("text", STRAY)
def test_lone_stray_quotes(text: str) -> None:
    """Oracle: an error, as for two of them, at the quote."""
    assert stray_quote(text) == STRAY[text]
    assert [one for one in read_rows(text, "x.csv")[2] if one.severity == "error"]
    assert stray_quote(text.replace(",", ";"), ";") == STRAY[text]


def test_random_quotes(chance: random.Random) -> None:
    """3,000 tables written by the csv module, half of them with a quote put into a cell without quotes. Oracle: the clean ones
    have no stray quote, the others have that one.
    """
    for _ in range(3000):
        rows = [["".join(chance.choices('ab"\n\r,;', k=chance.randint(0, 4))) for _ in range(3)] for _ in range(4)]
        out = io.StringIO()
        csv.writer(out, lineterminator=chance.choice(["\n", "\r\n"])).writerows([*rows, ["x", "y", "z"]])
        text = out.getvalue()
        assert stray_quote(text) is None, text
        broken = text.replace("x,y,z", chance.choice(['x"y,y,z', 'x",y,z', 'x,y"",z', 'x,y,z"']))
        assert stray_quote(broken) is not None, broken


H = "number,date,supplier,item,qty,price"


def test_cells_below_a_blank_header(books: Company) -> None:
    """Oracle: refused; the row length cannot tell."""
    books.write("records/receipts.csv", f"{H},\nR1,2026-01-05,S1,A,1,000,4.00\n")
    assert errors_of(invoke("post", str(books.folder), "--format", "json"))


def test_one_number_in_two_spellings(books: Company) -> None:
    """Oracle: two lines of one document, as where both are spelt the same; or refused."""
    books.write("records/receipts.csv", f"{H}\n\u00c91,2026-01-05,S1,A,1,4.00\nE\u03011,2026-01-05,S1,A,1,4.00\n")
    books.post()
    assert books.stock("A") == ("2", "8.00")


@pytest.mark.parametrize("text", ["N,N,V\nA,B,1\n", 'N,V\nA,x"y\n', "N,V,\nA,B,1\n"])
def test_foreign_files(text: str, books: Company) -> None:
    """Oracle: refused, as records would be."""
    foreign = books.write("f.csv", text)
    books.write(
        "rules/imports/m.yaml",
        "files: {f: {file: f.csv}}\nrecords: [{kind: items, from: f, columns: {code: N, name: V, unit: V}}]\n",
    )
    assert invoke("import", "m", str(foreign), "--into", str(books.folder)).code == 1
