"""Row 3: no name in a file or on the command line leads a write out of the books folder."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Company

from .conftest import errors_of, invoke, linked, snapshot
from .sinks import yaml_quoted

NAMES = [
    "..", ".", "../x", "../../x", "a/../../x", "./../x", "..\\x", "..\\..\\x", "/tmp/beanstock-x", "//tmp/beanstock-x", "/etc/passwd", "/", "~", "~/x",
    "~root/x", "$HOME/x", "${HOME}", "%TEMP%", "C:\\x", "C:/x", "C:x", "\\\\host\\share\\x", "//host/share", "file:///etc/passwd", "\\\\?\\C:\\x",
    "x\x00y", "\x00", "../x\x00.csv", "CON", "con.csv", "NUL", "COM1", "LPT1.yaml", "AUX", "x.", "x..", "x ", " x", "a" * 255, "a" * 256, "a" * 4096,
    "é", "e\u0301", "ITEMS", "Items", "items.", "items/", "items/../receipts", "receipts/../../x", ".beanstock", ".beanstock-commit", ".git", "...",
    "....//x", "..%2fx", "%2e%2e/x", "..;/x", "\uff0e\uff0e/x", "x\n../y", "x\u202ey", "*", "?", "[a]", "{a,b}", "-rf", "--into", "|x", ">x", "items\x00",
]  # fmt: skip
RECORDS = "number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,1,1\n"
FOREIGN = "A,B\n1,2\n"


@pytest.fixture
def outer(tmp_path: Path) -> Path:
    """A folder with things that nobody may touch; the books are two levels below."""
    for name in ("x", "passwd", "beside/x", "beside/books.txt"):
        path = tmp_path / "outer" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("precious")
    return tmp_path / "outer"


@pytest.fixture
def inner(outer: Path) -> Company:
    company = Company(outer / "beside" / "books")
    company.write("records/receipts.csv", RECORDS)
    company.post()
    return company


def quiet(action: Callable[[], object]) -> None:
    """Names that no file system or argument takes may fail as they are passed to Python itself."""
    try:
        action()
    except ValueError as fault:
        assert "null" in str(fault), fault  # noqa: PT017 nothing else may be raised


@pytest.mark.parametrize("option", ["--sample", "--pack"])
def test_init_with_a_hostile_name(option: str, outer: Path) -> None:
    """Oracle: exit code 1 or 2 and nothing is made anywhere (0 and only the folder named, for the blank name)."""
    before = snapshot(outer)
    for number, name in enumerate(NAMES):
        result = invoke("init", str(outer / f"new{number}"), f"{option}={name}")
        assert result.code in (1, 2), name
    assert snapshot(outer) == before


def test_init_writes_only_into_the_folder_named(outer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: the command line may name any folder, and nothing else than that folder changes."""
    work = outer / "beside" / "work"
    for number, name in enumerate(NAMES):
        own = work / str(number)
        (own / "in").mkdir(parents=True)
        monkeypatch.chdir(own / "in")
        target = Path(os.path.realpath(os.path.join(own / "in", name))) if "\x00" not in name else own / "none"  # noqa: PTH118 as the system sees it
        if not target.is_relative_to(outer):
            continue
        before = snapshot(outer, target)
        quiet(lambda name=name: invoke("init", "--", name))  # type: ignore[misc]
        after = snapshot(outer, target)
        written = {str(one) for one in (own / "in" / name).parents}  # folders that a name goes through before its dots
        made = {path for path in after.keys() - before.keys() - written if not target.is_relative_to(path)}
        assert not made, (name, made)
        assert all(after.get(path) == one for path, one in before.items()), name


def test_import_source_with_a_hostile_name(inner: Company, outer: Path) -> None:
    """Oracle: exit code 1 or 2, nothing changes."""
    foreign = outer / "beside" / "f.csv"
    foreign.write_text(FOREIGN)
    (outer / "beside" / "x.yaml").write_text("files: {f: {file: '*'}}\nrecords: []\n")
    before = snapshot(outer)
    for name in NAMES:
        if len(name.encode()) <= 250:
            result = invoke("import", "--into", str(inner.folder), "--", name, str(foreign))
            assert result.code in (1, 2), name
    assert snapshot(outer) == before


def test_a_long_import_source(inner: Company) -> None:
    """Oracle: exit code 1 or 2."""
    foreign = inner.write("f.csv", FOREIGN)
    assert invoke("import", "a" * 5000, str(foreign), "--into", str(inner.folder)).code in (1, 2)


@pytest.mark.parametrize(
    "key", ["kind", "from", "label", "once", "file", "encoding", "delimiter", "column", "join", "books"]
)
def test_names_in_a_mapping(key: str, inner: Company, outer: Path) -> None:
    """Oracle: nothing outside the books changes, and inside only records/<kind>/m.csv and beanstock.yaml."""
    foreign = outer / "beside" / "f.csv"
    foreign.write_text(FOREIGN)
    before = snapshot(outer, inner.folder)
    inside = snapshot(inner.folder)
    for name in NAMES if key in ("kind", "file", "column") else NAMES[::3]:
        texts = {
            "kind": "items",
            "from": "f",
            "label": "x",
            "file": "f.csv",
            "encoding": "utf-8",
            "delimiter": ",",
            "column": "memo",
            "once": "code",
        }
        value = {**texts, key: name}
        books = f"books: {{company: {yaml_quoted(name)}, {yaml_quoted(name)}: x}}\n" if key == "books" else ""
        join = f", join: {{{yaml_quoted(name)}: {{file: f, on: A}}}}" if key == "join" else ""
        inner.write(
            "rules/imports/m.yaml",
            f"{books}files: {{f: {{file: {yaml_quoted(value['file'])}, encoding: {yaml_quoted(value['encoding'])}, delimiter: {yaml_quoted(value['delimiter'])}, key: A}}}}\n"
            f"records: [{{kind: {yaml_quoted(value['kind'])}, from: {yaml_quoted(value['from'])}, label: {yaml_quoted(value['label'])}{join}, once: {yaml_quoted(value['once'])},"
            f" columns: {{code: A, name: B, unit: B, {yaml_quoted(value['column'])}: B}}}}]\n",
        )
        invoke("import", "m", str(foreign), "--into", str(inner.folder))
    assert snapshot(outer, inner.folder) == before
    made = {path.removeprefix(f"{inner.folder}/") for path in snapshot(inner.folder).keys() - inside.keys()}
    assert made <= {
        "records/items",
        "records/items/m.csv",
        "rules",
        "rules/imports",
        "rules/imports/m.yaml",
        "records/receipts",
        "records/receipts/m.csv",
    }, made


def test_nul_in_a_label(inner: Company) -> None:
    """Oracle: refused with a problem."""
    foreign = inner.write("f.csv", FOREIGN)
    inner.write(
        "rules/imports/m.yaml",
        'files: {f: {file: f.csv}}\nrecords: [{kind: items, from: f, label: "x\\0", columns: {code: A}}]\n',
    )
    assert invoke("import", "m", str(foreign), "--into", str(inner.folder)).code == 1


@pytest.mark.parametrize("name", ["x\x00y", "undefined", "punycode"])
def test_encodings_of_a_mapping(name: str, inner: Company) -> None:
    """Oracle: refused with a problem."""
    inner.write("f.csv", FOREIGN)
    inner.write("rules/imports/m.yaml", f"files: {{f: {{file: f.csv, encoding: {yaml_quoted(name)}}}}}\nrecords: []\n")
    assert invoke("import", "m", str(inner.folder / "f.csv"), "--into", str(inner.folder)).code == 1


def test_kinds_in_examples(inner: Company, outer: Path) -> None:
    """Oracle: unknown kinds are problems; neither the books nor the folder of temporary files gets a file by that name."""
    before = snapshot(outer)
    given = "{" + ", ".join(f"? {yaml_quoted(name)} : [{{a: b}}]" for name in NAMES) + "}"
    for text in (f"records: {given}\n", f"receipts: [{{name: x, given: {given}, expect: []}}]\n"):
        inner.write("rules/vouchers.spec.yaml", text)
        result = invoke("rules", "test", str(inner.folder), "--format", "json")
        told = [one["code"] for one in errors_of(result)]
        assert told.count("unknown-kind") >= sum(name not in ("items", "receipts") for name in NAMES) - 2, told
    shutil.rmtree(inner.folder / "rules")
    assert snapshot(outer) == before


@pytest.mark.parametrize(
    "key",
    [
        "company",
        "pack",
        "currency",
        "fiscal_year_start",
        "language",
        "costing",
        "policies",
        "settings",
        "records",
        "ledgers",
    ],
)
def test_values_of_beanstock_yaml(key: str, inner: Company, outer: Path) -> None:
    """Oracle: refused, or posted into the books' own ledgers; nothing outside changes and no other pack is read."""
    before = snapshot(outer, inner.folder)
    for name in NAMES if key == "pack" else NAMES[::2]:
        settings = {"company": "Test", "pack": "ifrs", "currency": "EUR", key: name}
        inner.write("beanstock.yaml", "".join(f"{one}: {yaml_quoted(value)}\n" for one, value in settings.items()))
        result = invoke("post", str(inner.folder))
        assert result.code == 1 or key == "company" or re.fullmatch("[A-Z][A-Z0-9]{2,5}", name), name
    assert snapshot(outer, inner.folder) == before


@pytest.mark.parametrize(
    "folder", ["records", "records/receipts", "ledgers/manual", "rules", "rules/imports", "ledgers"]
)
def test_names_of_files(folder: str, inner: Company, outer: Path) -> None:
    """All names that the system takes, as files of that folder at once. Oracle: they are read or told, no write but the ledger."""
    before = snapshot(outer, inner.folder)
    for name in NAMES:
        plain = name.replace("/", "_").replace("\x00", "0")[:200]
        inner.write(f"{folder}/{plain}.{'bean' if 'ledgers' in folder else 'yaml' if 'rules' in folder else 'csv'}", "")
    for arguments in (("post",), ("check",), ("report", "journal"), ("rules", "check"), ("rules", "test")):
        result = invoke(*arguments, "--books", str(inner.folder))
        assert "\x1b" not in result.out + result.err
    assert snapshot(outer, inner.folder) == before


@pytest.mark.parametrize("name", ["a\nb", "a\x1bb", "\u202ea"])
def test_hidden_characters_in_names_of_manual_files(name: str, inner: Company) -> None:
    """Oracle: refused with a problem."""
    inner.write(f"ledgers/manual/{name}.bean", "")
    assert invoke("post", str(inner.folder)).code == 1


@pytest.mark.parametrize("name", [b"records/receipts/\xff.csv", b"ledgers/manual/\xff.bean"])
def test_names_that_are_no_text(name: bytes, inner: Company) -> None:
    """Oracle: refused with a problem."""
    path = os.path.join(os.fsencode(inner.folder), name)  # noqa: PTH118 bytes
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120 bytes
    with open(path, "wb") as file:  # noqa: PTH123 bytes
        file.write(RECORDS.replace("R1", "R2").encode() if b"records" in name else b"")
    assert invoke("post", str(inner.folder)).code == 1


# --- links

OUTSIDE_LINKS = [
    "records/receipts/out.csv", "records/out", "records/receipts", "records", "rules", "rules/vouchers.yaml", "rules/vouchers.spec.yaml", "rules/imports",
    "rules/imports/m.yaml", "ledgers", "ledgers/manual", "ledgers/manual/out.bean", "ledgers/.beanstock-commit", ".beanstock-commit", "beanstock.yaml",
]  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE_LINKS)
def test_links_that_lead_out(name: str, inner: Company, outer: Path) -> None:
    """Oracle: whatever a command does, nothing changes where the link leads."""
    there = outer / "there"
    shutil.copytree(inner.folder, there / "books")
    (there / "file").write_text(RECORDS.replace("R1", "R9"))
    place = inner.folder / name
    if place.is_dir():
        shutil.rmtree(place)
    linked(
        place,
        os.fspath(
            there / "file"
            if place.suffix
            else there / "books" / name
            if (there / "books" / name).is_dir()
            else there / "books"
        ),
    )
    before = snapshot(outer, inner.folder)
    (outer / "beside" / "online-retail.csv").write_text(RETAIL)
    before |= {
        str(outer / "beside" / "online-retail.csv"): snapshot(outer)[str(outer / "beside" / "online-retail.csv")]
    }
    for arguments in (("post",), ("post", "--overwrite"), ("check",), ("report", "journal"), ("rules", "test")):
        invoke(*arguments, "--books", str(inner.folder))
    for into in (inner.folder,):
        invoke("import", "online-retail", str(outer / "beside" / "online-retail.csv"), "--into", str(into))
    assert snapshot(outer, inner.folder) == before


RETAIL = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n1,A1,x,6,2010-12-01 08:26:00,2.55,17850,UK\n"


@pytest.mark.parametrize("name", [".beanstock", ".beanstock/ledgers.sqlite"])
def test_the_index_follows_no_link(name: str, inner: Company, outer: Path) -> None:
    """Oracle: the report is given, and nothing changes where the link leads."""
    import sqlite3  # noqa: PLC0415 only here

    shutil.rmtree(inner.folder / ".beanstock", ignore_errors=True)
    target = outer / "there"
    target.mkdir()
    if name.endswith("sqlite"):
        target = target / "browser.sqlite"
        with sqlite3.connect(target) as connection:
            connection.execute("CREATE TABLE bookmarks (url TEXT)")
        connection.close()
    linked(inner.folder / name, os.fspath(target))
    before = snapshot(outer, inner.folder)
    assert invoke("report", "stock", str(inner.folder)).code in (0, 1)
    assert snapshot(outer, inner.folder) == before


def test_a_refused_write_leaves_nothing_behind(inner: Company, outer: Path) -> None:
    """Oracle: the import is refused, and no half commit stays in the books folder."""
    (outer / "there").mkdir()
    shutil.rmtree(inner.folder / "records")
    linked(inner.folder / "records", os.fspath(outer / "there"))
    foreign = outer / "online-retail.csv"
    foreign.write_text(RETAIL)
    assert invoke("import", "online-retail", str(foreign), "--into", str(inner.folder)).code == 1
    assert not (inner.folder / ".beanstock-commit").exists()


@pytest.mark.parametrize("name", ["ledgers/2026-01.bean", "rules/vouchers.spec.yaml"])
def test_no_line_of_a_file_outside_is_shown(name: str, inner: Company, outer: Path) -> None:
    """Oracle: nothing of what the link leads to comes back."""
    (outer / "environ").write_text("SECRET_TOKEN=hunter2\n")
    linked(inner.folder / name, os.fspath(outer / "environ"))
    for arguments in (("check",), ("report", "stock"), ("rules", "test"), ("post",)):
        result = invoke(*arguments, "--books", str(inner.folder))
        assert "hunter2" not in result.out + result.err


def test_a_planted_commit(inner: Company, outer: Path) -> None:
    """Oracle: a manifest that leads out, by dots, by an absolute path or by a link, is refused and moves nothing."""
    before = snapshot(outer, inner.folder)
    (inner.folder / "ledgers" / "out").symlink_to(outer / "beside")
    for name in (
        "../../x",
        "/tmp/beanstock-x",
        "out/books.txt",
        "../records/items.csv",
        "a/../../beanstock.yaml",
        5,
        None,
        ["x"],
        {"a": 1},
    ):
        for key in ("writes", "deletes"):
            staging = inner.folder / "ledgers" / ".beanstock-commit"
            staging.mkdir(exist_ok=True)
            (staging / "0.new").write_text("evil")
            (staging / "manifest.json").write_text(json.dumps({"writes": [], "deletes": [], key: [name]}))
            inside = snapshot(inner.folder, inner.folder / "ledgers")
            invoke("post", str(inner.folder))
            assert snapshot(outer, inner.folder) == before
            assert snapshot(inner.folder, inner.folder / "ledgers") == inside
            shutil.rmtree(staging, ignore_errors=True)
