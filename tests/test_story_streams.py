"""What the program reads and writes beside its files: UTF-8 everywhere, closed streams, full disks, wrong names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Company

BEANSTOCK = Path(sys.executable).parent / "beanstock"
NAMES = """
    code,name,unit
    A,绿茶 “一级”,pcs
"""


@pytest.fixture
def tea(company: Company) -> Company:
    company.records(items=NAMES, opening_stock="date,item,qty,value\n2026-01-01,A,10,100.00")
    company.write("beanstock.yaml", "company: 青山茶庄\npack: ifrs\ncurrency: CNY\n")
    return company.post()


def shell(company: Company, line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["/bin/sh", "-c", line.replace("beanstock", str(BEANSTOCK))],
        cwd=company.folder,
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_the_locale_is_never_read(tea: Company) -> None:
    """The same bytes, whatever the machine's language and encoding are."""
    usual = shell(tea, "beanstock report stock-aging")
    assert "绿茶 “一级”".encode() in usual.stdout
    odd = shell(tea, "beanstock report stock-aging", LC_ALL="C", PYTHONIOENCODING="ascii", TZ="Asia/Shanghai")
    assert (odd.returncode, odd.stdout) == (0, usual.stdout)
    assert "青山茶庄".encode() in shell(tea, "beanstock post", PYTHONIOENCODING="latin-1").stdout


def test_a_closed_stream_is_one_that_nobody_reads(tea: Company) -> None:
    for line in ("beanstock report stock >&-", "beanstock post >&- 2>&-", "beanstock check <&- >&- 2>&-"):
        done = shell(tea, line)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b""), line
    assert shell(tea, "beanstock report nope >&- 2>&-").returncode == 2
    assert tea.run("check", "--frozen").code == 0, "nothing was written into a file in place of the stream"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_behind_the_output_is_told(tea: Company) -> None:
    done = shell(tea, "beanstock report stock > /dev/full")
    assert done.returncode == 1
    assert b"error: cannot-write: cannot write the output: No space left on device" in done.stderr


def test_queries_that_are_none_or_several(tea: Company) -> None:
    for text in ("", "  ", "SELECT account; SELECT number"):
        result = tea.run("query", text)
        assert result.code == 2, text
        assert "bad-query" in result.err
    assert tea.run("query", "SELECT account WHERE narration != ';' ;").code == 0


def test_what_the_command_line_names_wrongly_is_wrong_use(tea: Company, tmp_path: Path) -> None:
    """Exit code 2 is for the command line, 1 for what stands in files."""
    for line in (
        "beanstock init new --pack nope --sample nix --currency eur --company 'a\nb'",
        "beanstock init new --company 'a\nb'",
        "beanstock import nope beanstock.yaml",
        "beanstock rules schema nope",
        "beanstock post --records nope",
        "beanstock reopen nope --reason why",
        "beanstock post . --books ..",
    ):
        done = shell(tea, line)
        assert done.returncode == 2, (line, done.stderr)
        assert not (tea.folder / "new").exists()
    all_at_once = shell(tea, "beanstock init new --pack nope --sample nix --currency eur --company 'a\nb'")
    assert b"4 errors" in all_at_once.stderr


def test_import_finds_the_books_above(tea: Company) -> None:
    """Like every other command: `--into` and `--books` name the folder, else it is the one above that holds the books."""
    tea.write("records/inbox/nothing.txt", "id\n1\n")
    done = shell(tea, "cd records/inbox && beanstock import northwind nothing.txt")
    assert done.returncode == 0, done.stderr
    assert b"not mapped: nothing.txt" in done.stdout
    assert not (tea.folder / "records/inbox/beanstock.yaml").exists()
    for option in ("--into", "--books", "-b"):
        done = shell(tea, f"cd .. && beanstock import northwind books/records/inbox/nothing.txt {option} books")
        assert done.returncode == 0, done.stderr


def test_files_that_cannot_be_written_are_told_and_nothing_else_is_said(tea: Company) -> None:
    tea.write("taken", "a file")
    for line in ("beanstock print --out taken/page.html", "beanstock rules schema --into taken/schemas"):
        done = shell(tea, line)
        assert (done.returncode, done.stdout) == (1, b""), line
        assert b"error: cannot-write: cannot write taken/" in done.stderr
