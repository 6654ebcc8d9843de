"""The page of reports in a real browser: `make test-browser`, where Chromium is installed (apt install chromium)."""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import subprocess
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from beanstock.app import app

ROOT = Path(__file__).parents[2]
BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
SAMPLES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/beanstock.yaml"))
OWN_CALLS = ("google", "gvt1.com")  # what the browser asks its maker, if it could
pytestmark = pytest.mark.skipif("BROWSER_TESTS" not in os.environ, reason="`make test-browser` runs these")


def browse(page: Path, scratch: Path, *options: str) -> str:
    """Open a page in a browser of its own that knows no network, and return what it prints."""
    command = [BROWSER, "--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={scratch / 'profile'}"]
    command += [
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--log-net-log={scratch / 'net.json'}",
        "--enable-logging=stderr",
    ]
    command += ["--no-sandbox"] if os.geteuid() == 0 else []
    done = subprocess.run([*command, *options, page.as_uri()], capture_output=True, text=True, timeout=120, check=True)
    complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not complaints, complaints
    return done.stdout


def fetched(scratch: Path) -> set[str]:
    """Every address that was asked for, but for the browser's own calls home."""
    text = (scratch / "net.json").read_text(encoding="utf-8", errors="replace")
    found = set(re.findall(r'"url":"((?:file|https?|data|ftp|ws)[^"]*)"', text))
    return {url for url in found if not any(own in url for own in OWN_CALLS)}


class Cells(HTMLParser):
    """The texts of table rows by section, as the browser has them after laying the page out."""

    def __init__(self) -> None:
        super().__init__()
        self.section, self.rows, self.tags = "", {}, []  # type: str, dict[str, list[list[str]]], list[str]
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "section":
            self.section = dict(attrs)["id"] or ""
        elif tag == "tr":
            self.rows.setdefault(self.section, []).append([])
        elif tag == "td":
            self.rows[self.section][-1].append("")
        self.inside = tag in ("td", "b")

    def handle_data(self, data: str) -> None:
        if self.inside and self.rows.get(self.section, [[]])[-1]:
            self.rows[self.section][-1][-1] += data


def report(*arguments: str) -> str:
    outcome = CliRunner().invoke(app, ["report", *arguments])
    assert outcome.exit_code == 0, outcome.stderr
    return outcome.stdout


def amount(text: str) -> str:
    return "0.00" if text == "-" else text.replace(",", "")


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_page_shows_the_figures_and_fetches_nothing(sample: str, tmp_path: Path) -> None:
    books = ["--books", str(ROOT / "samples" / sample), "--ledgers", str(ROOT / "ledgers" / sample)]
    report("all", "--to-dir", str(tmp_path), "--format", "html", *books)
    page = tmp_path / "reports.html"
    seen = Cells()
    seen.feed(browse(page, tmp_path, "--dump-dom"))
    assert fetched(tmp_path) <= {page.as_uri()}
    assert "svg" in seen.tags
    assert "script" not in seen.tags
    for name in ("balance-sheet", "income-statement", "cash-flow"):
        rows: list[dict[str, Any]] = json.loads(report(name, "--format", "json", *books))["rows"]
        wanted = [[str(row["no"]), row["label"], row["amount"]] for row in rows if row["no"] is not None]
        shown = [[row[0], row[1], amount(row[2])] for row in seen.rows[name] if row and row[0]]
        assert shown == wanted


def test_the_page_is_painted(tmp_path: Path) -> None:
    """The picture has bars of the charts and text: more than a handful of its rows are not one colour."""
    books = ["--books", str(ROOT / "samples/bike-works"), "--ledgers", str(ROOT / "ledgers/bike-works")]
    page, picture = tmp_path / "page.html", tmp_path / "page.png"
    report("income-statement", "--format", "html", "--output", str(page), *books)
    browse(page, tmp_path, f"--screenshot={picture}", "--window-size=900,900")
    rows = pixels(picture)
    assert len(rows) > 500
    assert sum(len(set(row)) > 1 for row in rows) > 200
    assert sum(bytes.fromhex("2b6cb0") * 20 in row for row in rows) > 20  # bars of a chart


def pixels(picture: Path) -> list[bytes]:
    """The rows of a PNG of eight bits a colour as red, green, blue; its filters undone."""
    data = picture.read_bytes()
    at, packed, width, size = 8, b"", 0, 3
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind == b"IHDR":
            width, _, depth, colours = struct.unpack(">IIBB", data[at + 8 : at + 18])
            assert depth == 8
            size = {2: 3, 6: 4}[colours]
        elif kind == b"IDAT":
            packed += data[at + 8 : at + 8 + length]
        at += 12 + length
    raw, rows, above = zlib.decompress(packed), [], bytes(width * size)
    for start in range(0, len(raw), width * size + 1):
        row = unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + width * size]), above, size)
        rows.append(bytes(byte for number, byte in enumerate(row) if number % size < 3))
        above = row
    return rows


def unfiltered(kind: int, row: bytearray, above: bytes, size: int) -> bytes:
    for at in range(len(row)):
        left, up, corner = (row[at - size], above[at], above[at - size]) if at >= size else (0, above[at], 0)
        if kind == 4:
            guess = left + up - corner
            near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
        else:
            near = (0, left, up, (left + up) // 2)[kind]
        row[at] = (row[at] + near) & 255
    return bytes(row)
