"""Row 20: planted files: nothing of a books folder runs, hangs the program or fills the memory."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import pickle
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from beanstock.ledger import store
from beanstock.ledger.cachefile import KEPT, index_path
from conftest import Company

from .conftest import command, invoke, linked

MARK = "marked"
COMMANDS = (("post",), ("check", "--frozen"), ("report", "stock"))
EVERY = (*COMMANDS, ("rules", "test"), ("explain", "R1"), ("policies",))


class Marking:
    """Makes a marker file when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (MARK,)


@pytest.fixture
def posted(tmp_path: Path) -> Company:
    company = Company(tmp_path / "books")
    company.records(receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,10,4.00")
    return company.post()


def forged(company: Company, name: str, text: str) -> None:
    """A generated file with another text, and a lock that agrees with it, as a pull request could bring both."""
    company.write(f"ledgers/{name}", text)
    lock = json.loads(company.ledger("beanstock.lock"))
    lock["files"][name] = hashlib.sha256(text.encode()).hexdigest()
    company.write("ledgers/beanstock.lock", json.dumps(lock))


def every(company: Company, *commands: tuple[str, ...]) -> str:
    """Run commands in the books folder, each with the limits of `command`; all that they said."""
    said = ""
    for arguments in commands or COMMANDS:
        result = command(company.folder, *arguments)
        said += result.out + result.err
    assert not list(company.folder.rglob(MARK))
    return said


# --- code


def test_modules_in_the_current_folder(posted: Company) -> None:
    """Modules named like ours and Python's, in the folder where the command runs. Oracle: none is imported."""
    for name in (
        "beancount",
        "sitecustomize",
        "usercustomize",
        "yaml",
        "typer",
        "json",
        "decimal",
        "beanstock",
        "rich",
        "sqlite3",
        "ply",
        "regex",
    ):
        posted.write(f"{name}.py", f"import os\nos.mkdir({MARK!r})\n")
        posted.write(f"ledgers/{name}.py", f"import os\nos.mkdir({MARK!r})\n")
    posted.write("pyvenv.cfg", "home = .\n")
    posted.write("x.pth", f"import os; os.mkdir({MARK!r})\n")
    every(posted, *EVERY)


def test_pickles(posted: Company) -> None:
    """Beancount's cache and others beside the ledger. Oracle: none is loaded."""
    data = pickle.dumps(Marking())
    for name in ("main", "accounts", "2026-01"):
        for form in (".{}.bean.picklecache", ".{}.picklecache", "{}.bean.picklecache", ".m.{}.picklecache"):
            posted.write("ledgers/" + form.format(name), data)
    posted.write(".beanstock/cache.pickle", data)
    os.utime(posted.folder / "ledgers/.main.bean.picklecache", (2**31, 2**31))
    every(posted, *EVERY)


def test_a_plugin_without_the_lock(posted: Company) -> None:
    """Oracle: check says that the file was changed, and does not let Beancount load it."""
    posted.write("ledgers/pwn.py", f"import os\nos.mkdir({MARK!r})\n__plugins__ = []\n")
    posted.write("ledgers/main.bean", posted.ledger("main.bean") + 'option "insert_pythonpath" "TRUE"\nplugin "pwn"\n')
    assert "hand-edited" in every(posted, ("check",), ("report", "stock"))


def test_a_plugin_with_a_forged_lock(posted: Company) -> None:
    """Oracle: the plugin does not run, and check fails."""
    posted.write("ledgers/pwn.py", f"import os\nos.mkdir({MARK!r})\n__plugins__ = []\n")
    forged(posted, "main.bean", posted.ledger("main.bean") + 'option "insert_pythonpath" "TRUE"\nplugin "pwn"\n')
    every(posted, ("check",))
    assert command(posted.folder, "check").code == 1


FORGED = [
    ("main.bean", 'include "{outside}"\n'),
    ("main.bean", 'include "/etc/passwd"\n'),
    ("main.bean", 'option "plugin_processing_mode" "raw"\n'),
    ("main.bean", 'option "inferred_tolerance_default" "*:1000"\n'),
    ("accounts.bean", 'include "{outside}"\n'),
    ("accounts.bean", 'plugin "pwn"\n'),
    (
        "accounts.bean",
        '2026-01-05 * "hidden"\n  Assets:Inventory:Goods  5.00 EUR\n  Liabilities:Accruals:Received-Not-Invoiced  -5.00 EUR\n',
    ),
]


@pytest.mark.parametrize(("name", "text"), FORGED)
def test_other_lines_with_a_forged_lock(name: str, text: str, posted: Company, tmp_path: Path) -> None:
    """Oracle: check fails, and no line of a file outside comes back."""
    (tmp_path / "outside").write_text("SECRET_TOKEN=hunter2\n")
    forged(posted, name, posted.ledger(name) + text.format(outside=tmp_path / "outside"))
    result = command(posted.folder, "check")
    assert result.code == 1
    assert "hunter2" not in result.out + result.err
    assert "postgres" not in result.out + result.err
    assert "root:x" not in result.out + result.err


CHANGED = [
    ("40.00 EUR", "40.00 USD"), ("40.00 EUR", "40.001 EUR"), ("40.00 EUR", "40 EUR"), ("qty: 10\n", "qty: 10\n    qty: 20\n"), ("qty: 10\n", "qty: 10.0000001\n"),
    ("qty: 10\n", "qty: \u0661\n"), ("2026-01-05 *", "2026-W02-1 *"), ("2026-01-05 *", "\u0662\u0660\u0662\u0666-01-05 *"), ('item: "A"', 'item: "A\\n"'), ('item: "A"', 'item: "A\u202e"'),
    ('item: "A"', 'item: "A"\n    side: "x"'), ('item: "A"', 'item: "A"\n    item: "B"'), ('rule: "receipts"', 'rule: "receipts"\n  rule: "x"'), ('rule: "receipts"', "rule: receipts"), ("EUR\n", "EUR\r\n"),
    ("2026-01-05 *", "2026-13-45 *"), ("2026-01-05 *", "0000-01-01 *"), ("qty: 10\n", "qty: x\n"), ("qty: 10\n", "qty: NaN\n"), ("qty: 10\n", "qty: 1e400000\n"),
    ("qty: 10\n", 'qty: "10"\n'), ("qty: 10\n", "qty: 10\n    due: 2026-99-99\n"), ("40.00 EUR", "123456789012345678901234567890.00 EUR"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), CHANGED)
def test_lines_that_look_canonical(old: str, new: str, posted: Company) -> None:
    """Oracle: told as a line that is not canonical, or as more than can be summed; told again by the next run, and gone with
    its repair.
    """
    text = posted.ledger("2026-01.bean")
    assert old in text
    truth = invoke("report", "journal", "--books", str(posted.folder)).out
    posted.write("ledgers/2026-01.bean", text.replace(old, new, 1))
    for arguments in (("report", "stock"), ("report", "stock"), ("check",)):
        result = invoke(*arguments, "--books", str(posted.folder))
        assert result.code == 1, result.out
        assert re.search("ledger-unreadable|beyond-range", result.err), result.err
    posted.write("ledgers/2026-01.bean", text)
    assert invoke("report", "journal", "--books", str(posted.folder)).out == truth


def test_a_planted_index(posted: Company) -> None:
    """An index with other figures and the right hashes, at every place in the books where one could be looked for. Oracle:
    a report says what the ledger's text says, also where the cache folder is said to lie in the books or their repository.
    """
    truth = command(posted.folder, "report", "stock").out
    index = cache_of(posted)
    with sqlite3.connect(index) as connection:
        connection.execute("UPDATE moves SET in_value = in_value * 100")
    connection.close()
    assert command(posted.folder, "report", "stock").out != truth  # it is the index that reports read
    (posted.folder.parent / ".git").mkdir()
    planted = index.read_bytes()
    index.unlink()
    for folder in (".beanstock", ".cache/beanstock", "beanstock", "../.cache/beanstock", "ledgers"):
        for name in (index.name, "ledgers.sqlite"):
            posted.write(f"{folder}/{name}", planted)
    for cache in (None, "", ".cache", ".", str(posted.folder / ".cache"), str(posted.folder.parent / ".cache")):
        assert command(posted.folder, "report", "stock", XDG_CACHE_HOME=cache).out == truth, cache


def cache_of(company: Company) -> Path:
    """The file of the index."""
    path = index_path(company.folder, company.folder / "ledgers")
    assert path is not None
    return path


def test_a_broken_index(posted: Company) -> None:
    """Oracle: an index that is no database, or another one, is made again."""
    truth = command(posted.folder, "report", "stock").out
    index = cache_of(posted)
    for data in (b"", b"x" * 5000, b"SQLite format 3\x00" + b"\xff" * 5000):
        for name in (index.name, f"{index.name}-wal"):
            index.with_name(name).write_bytes(data)
        assert command(posted.folder, "report", "stock").out == truth


def test_a_refused_file_is_taken_in_once(posted: Company) -> None:
    """A manual file with a fault beside a good one, then repaired. Oracle: each voucher counts once."""
    rent = '2026-01-06 * "a" "b"\n  Expenses:Operating:Rent  {}.00 EUR\n  Assets:Cash:Bank  -5.00 EUR\n'
    posted.write("ledgers/manual/good.bean", rent.format(5))
    posted.write("ledgers/manual/bad.bean", rent.format(6))
    for _ in range(2):
        assert "not-balanced" in invoke("report", "trial-balance", "--books", str(posted.folder)).err
    posted.write("ledgers/manual/bad.bean", rent.format(5))
    rows = posted.report("trial-balance")["rows"]
    assert [row["closing"] for row in rows if row["account"] == "Assets:Cash:Bank"] == ["-10.00"]


def test_a_file_that_the_disk_does_not_give(posted: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: nothing is written and nothing taken for missing; the fault is told."""
    before = posted.contents()
    posted.records(receipts="number,date,supplier,item,qty,price\nR1,2026-02-05,S1,A,10,4.00")

    def broken(path: Path, limit: int = 0) -> bytes:
        raise OSError(errno.EIO, "Input/output error", str(path))

    monkeypatch.setattr(store, "read_regular", broken)
    result = invoke("post", str(posted.folder))
    assert result.code == 1
    assert "output error" in result.err
    assert posted.contents() == before


def test_the_cache_keeps_the_last_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: of more than it keeps, the oldest indexes go, with what SQLite laid beside them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for number in range(KEPT + 5):
        path = index_path(tmp_path / "books", tmp_path / f"books/ledgers{number}")
        assert path is not None
        for name in (path.name, f"{path.name}-wal"):
            path.with_name(name).touch()
        os.utime(path, (number, number))
    names = sorted((tmp_path / "cache" / "beanstock").iterdir())
    assert len(names) == 2 * (KEPT + 1)  # the newest was made after the last look


# --- pipes, devices, sizes

READ = [
    "records/receipts.csv",
    "records/items.csv",
    "records/new.yaml",
    "rules/vouchers.yaml",
    "rules/accounts.yaml",
    "rules/vouchers.spec.yaml",
]
OTHERS = [
    "beanstock.yaml",
    "ledgers/2026-01.bean",
    "ledgers/accounts.bean",
    "ledgers/main.bean",
    "ledgers/manual/x.bean",
    "ledgers/beanstock.lock",
]
FORMS = ["pipe", "sparse", "device"]


def special(form: str, path: Path) -> None:
    """A pipe, a device (by a link, as git can bring it), or 10 GB that take no room on the disk, in place of a file."""
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if form == "pipe":
        os.mkfifo(path)
    elif form == "device":
        path.symlink_to("/dev/zero")
    else:
        path.touch()
        os.truncate(path, 10 << 30)


@pytest.mark.parametrize("form", FORMS)
def test_special_records_and_rules(form: str, posted: Company) -> None:
    """All records and rules at once. Oracle: no command hangs or fills the memory, each ends with a promised exit code."""
    for name in READ:
        special(form, posted.folder / name)
    said = every(posted, *COMMANDS, ("rules", "test"))
    assert all(name in said for name in READ[:3])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", OTHERS)
def test_special_files(form: str, name: str, posted: Company) -> None:
    """Settings, generated files, manual vouchers and the lock. Oracle: as above."""
    special(form, posted.folder / name)
    every(posted, ("report", "stock"), ("post",))


MANIFEST, LOCK = "ledgers/.beanstock-commit/manifest.json", "ledgers/beanstock.lock"


@pytest.mark.parametrize(
    ("name", "form"),
    [(MANIFEST, "pipe"), (MANIFEST, "device"), (MANIFEST, "deep"), (LOCK, "deep"), (LOCK, "pipe"), (LOCK, "device")],
)
def test_manifest_and_lock(name: str, form: str, posted: Company) -> None:
    """Oracle: as for pipes."""
    path = posted.folder / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if form == "deep":
        path.write_text("[" * 100_000)
    elif form == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    every(posted, ("post",))


# --- loops of links

LOOPS = [
    "records/dir/self", "rules", "rules/vouchers.yaml", "ledgers/2026-01.bean", "ledgers/main.bean", ".beanstock", "beanstock.yaml", "ledgers/beanstock.lock",
    "records/receipts.csv", "records", "ledgers", "ledgers/manual/x.bean",
]  # fmt: skip


@pytest.mark.parametrize("name", LOOPS)
def test_loops_of_links(name: str, posted: Company) -> None:
    """A link to itself. Oracle: no traceback and no hang."""
    path = posted.folder / name
    if path.is_dir():
        shutil.rmtree(path)
    linked(path, path.name)
    for arguments in COMMANDS:
        invoke(*arguments, "--books", str(posted.folder))


def test_links_to_folders_above(posted: Company) -> None:
    """Oracle: they are told and not followed."""
    linked(posted.folder / "records" / "receipts" / "up", "..")
    linked(posted.folder / "records" / "here", ".")
    assert "outside-books" in every(posted, ("post",), ("report", "stock"))


def test_no_links_to_folders_are_followed_in_rules(posted: Company) -> None:
    """Oracle: no hang; nothing of it counts."""
    linked(posted.folder / "rules" / "up", "..")
    every(posted, ("post",), ("rules", "check"))


# --- archives, and other things that are no records


def test_things_that_are_no_records(posted: Company) -> None:
    """Archives, spreadsheets, empty, binary and very deep things. Oracle: told or refused, no traceback."""
    zeros = b"PK\x03\x04" + b"\x00" * 100_000
    for name in ("a.xlsx", "a.zip", "a.csv.gz", "a.ods", "a.db", "a.pyc", "a", "A.CSV", "a.Yaml", "a.yml"):
        posted.write(f"records/receipts/{name}", zeros)
    deep = posted.folder / "records" / "receipts"
    for _ in range(40):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "x.csv").write_text("number,date,supplier,item,qty,price\nR7,2026-01-05,S1,A,1,1\n")
    (posted.folder / "records" / "receipts" / "folder.csv").mkdir()
    assert "not-text" in every(posted)
