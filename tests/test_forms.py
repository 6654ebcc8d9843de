"""What people see: tables that fit a terminal, pages without a script, workbooks with numbers, and the set for a bank."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from beanstock.commands.report_list import REPORTS
from beanstock.render.cells import Letterhead, width
from beanstock.render.charts import as_svg
from beanstock.render.html import as_html
from beanstock.render.tables import as_bytes, as_csv, as_json
from beanstock.render.text import as_text
from beanstock.table import Cell, Chart, Column, Table
from conftest import Company

HEAD = Letterhead("Tea & Co", "EUR")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>&'


def sample(text: str = "Frame", name: str = "sample") -> Table:
    columns = [
        Column("item", "text"), Column("day", "date"), Column("qty", "quantity"), Column("value", "money"), Column("share", "percent"),
        Column("no", "integer"),
    ]  # fmt: skip
    row: dict[str, Cell] = {
        "item": text, "day": "2026-01-05", "qty": Decimal("-1.5"), "value": Decimal("-1234.50"), "share": Decimal("12.5"), "no": 3,
    }  # fmt: skip
    other: dict[str, Cell] = {**row, "item": "Wheel", "value": Decimal("2000.00"), "share": None}
    table = Table(name, "Sample", columns, [row, other], {"value": Decimal("765.50"), "extra": Decimal("7.00")})
    table.charts = [Chart("Value", "item", ("value",)), Chart("Value", "day", ("value", "qty"), kind="lines")]
    table.notes = ["A note."]
    return table


def sheet(data: bytes, number: int = 1) -> dict[str, tuple[str, str, str]]:
    """Cells of a sheet: place to (type, value, number format)."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        shared = ["".join(one.itertext()) for one in ET.fromstring(book.read("xl/sharedStrings.xml"))]
        styles = ET.fromstring(book.read("xl/styles.xml"))
        formats = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{MAIN}numFmt")}
        crossed = styles.find(f"{MAIN}cellXfs")
        assert crossed is not None
        used = [formats.get(one.get("numFmtId"), one.get("numFmtId")) or "" for one in crossed]
        found = {}
        for cell in ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{MAIN}c"):
            value = cell.findtext(f"{MAIN}v") or ""
            assert cell.find(f"{MAIN}f") is None, "a formula"
            kind = cell.get("t", "n")
            found[cell.get("r", "")] = (
                kind,
                shared[int(value)] if kind == "s" else value,
                used[int(cell.get("s", "0"))],
            )
        return found


def test_a_workbook_has_numbers_dates_and_texts() -> None:
    data = as_bytes([sample(HOSTILE), sample(name="other/sheet")], "xlsx", HEAD)
    cells = sheet(data)
    assert cells["A1"][:2] == ("s", "Tea & Co")
    assert [cells[f"{letter}4"][1] for letter in "ABCDEF"] == ["Item", "Day", "Qty", "Value", "Share", "No"]
    assert cells["A5"][:2] == ("s", HOSTILE)
    assert cells["B5"] == ("n", "46027", "yyyy-mm-dd")  # days since 1900
    assert cells["C5"] == ("n", "-1.5", "#,##0.######")
    assert cells["D5"] == ("n", "-1234.50", "#,##0.00")
    assert cells["E5"][:2] == ("n", "0.125")
    assert cells["D7"][:2] == ("n", "765.50")
    assert data == as_bytes([sample(HOSTILE), sample(name="other/sheet")], "xlsx", HEAD)


class Page(HTMLParser):
    """The tags of a page, what they refer to, and the texts between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [
            value or "" for name, value in attrs if name in ("src", "href", "action") or name.startswith("on")
        ]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_page_is_self_contained_and_escapes_everything() -> None:
    page = Page(as_html([sample(HOSTILE), sample()], Letterhead('<img src="x" onerror=y>', "EUR")))
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(page.tags)
    assert set(page.links) == {"#sample"}
    assert HOSTILE in page.texts
    assert page.tags.count("svg") == 4
    assert "-1,234.50" in page.texts
    assert "A note." in page.texts
    assert "Extra: 7.00" in page.texts


def test_bars_are_as_long_as_their_values() -> None:
    svg = as_svg(sample(), sample().charts[0], "en")
    widths = [int(one) for one in re.findall(r'<rect x="\d+" y="\d+" width="(\d+)"', svg)]
    assert abs(widths[0] * 20000 // widths[1] - 12345) < 60  # pixels are whole
    ET.fromstring(svg)


@pytest.mark.parametrize("limit", [40, 60, 80, 120])
def test_tables_fit_and_lose_nothing(limit: int) -> None:
    names = [f"amount_number_{number}" for number in range(12)]
    columns = [Column("account", "text"), Column("narration", "text"), *(Column(name, "money") for name in names)]
    rows: list[dict[str, Cell]] = [
        {"account": f"Assets:库存商品:Number-{at}", "narration": "goods that were sold " * 4}
        | {name: Decimal(at * 1000 + column) for column, name in enumerate(names)}
        for at in range(1, 4)
    ]
    text = as_text(Table("wide", "Wide", columns, rows), HEAD, limit)
    assert max(width(line) for line in text.splitlines()) <= limit
    numbers = re.findall(r"\d,\d{3}", text)
    assert sorted(numbers) == sorted(f"{at * 1000 + column:,}" for at in range(1, 4) for column in range(12))
    assert text.count("goods") == 12
    assert as_text(Table("wide", "Wide", columns, rows), HEAD).count("\n") == 7  # a pipe gets it in one piece


def test_notes_are_in_the_json_form_only_where_there_are_any() -> None:
    assert json.loads(as_json(sample(), HEAD))["notes"] == ["A note."]
    table = sample()
    table.notes = []
    assert "notes" not in json.loads(as_json(table, HEAD))


@pytest.fixture
def trading(company: Company) -> Company:
    return company.records(
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-05,S1,A,10,12\n",
        sales="number,date,customer,item,qty,price\nX1,2026-01-20,C1,A,5,30\nX2,2026-02-20,C1,A,1,30\n",
    ).post()


def test_the_set_for_a_bank(trading: Company, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    result = trading.run("report", "all", "--to-dir", str(folder), "--to", "2026-01-31")
    assert result.code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["reports.html", "reports.xlsx"]
    page = (folder / "reports.html").read_text(encoding="utf-8")
    assert "Balance sheet, on 2026-01-31 (EUR)" in page
    for name in ("Income statement", "Statement of cash flows", "Margins", "Ratios"):
        assert f"{name}, 2026-01-05 to 2026-01-31 (EUR)" in page
    with zipfile.ZipFile(folder / "reports.xlsx") as book:
        assert sum(name.startswith("xl/worksheets/sheet") for name in book.namelist()) == 12
    single = trading.run("report", "all", "--to", str(tmp_path / "csv"), "--format", "csv")
    assert single.code == 0
    assert len(list((tmp_path / "csv").iterdir())) == 12
    assert (tmp_path / "csv/margins.csv").read_text().splitlines()[1].startswith("A,Frame,6,180.00")
    for arguments in (
        ("all",),
        ("all", "--to", "2026-13-01"),
        ("stock", "--to-dir", "x"),
        ("all", "--to-dir", "x", "--by", "item"),
    ):
        assert trading.run("report", *arguments).code == 2, arguments
    (tmp_path / "file").write_text("")
    assert "cannot-write" in trading.run("report", "all", "--to-dir", str(tmp_path / "file")).err


def test_output_to_a_file(trading: Company, tmp_path: Path) -> None:
    target = tmp_path / "stock.xlsx"
    assert trading.run("report", "stock", "--format", "xlsx", "--output", str(target)).code == 0
    cells = sheet(target.read_bytes())
    assert (cells["A5"][1], cells["C5"][1], cells["D5"][1]) == ("A", "4", "48.00")
    assert trading.run("report", "stock", "--format", "html").out.startswith("<!DOCTYPE html>")


def test_labels_in_chinese(trading: Company) -> None:
    trading.write("beanstock.yaml", "company: 青山\npack: ifrs\ncurrency: EUR\nlanguage: zh\n")
    text = trading.run("report", "receivables").out
    assert text.startswith("青山: 应收账款账龄表, 截至 2026-02-20 (EUR)")
    assert "往来单位" in text
    assert "未到期" in text
    assert [row["aging"] for row in trading.report("receivables")["rows"]] == ["1-30", "not due"]


def test_the_help_names_every_report() -> None:
    from beanstock.app_options import REPORTS as HELP  # noqa: PLC0415
    from beanstock.commands.report_list import REPORTS  # noqa: PLC0415

    assert set(re.findall(r"[a-z-]+", HELP)) >= {*REPORTS, "all"}


@pytest.mark.parametrize(
    "name", [name for name, report in REPORTS.items() if not report.needs and name != "cash-flow-indirect"]
)
def test_chinese_books_read_chinese(name: str) -> None:
    """No heading and no note of the tea house's reports is left in English."""
    root = Path(__file__).parents[1]
    company = Company.__new__(Company)
    company.folder = root / "samples/tea-house"
    told = company.run("report", name, "--format", "md", "--ledgers", str(root / "ledgers/tea-house"))
    assert told.code == 0
    lines = told.out.splitlines()
    heads = next(line for line in lines if line.startswith("|"))
    assert not re.search("[A-Za-z]", heads), heads
    for line in lines:
        if line and not line.startswith("|"):
            assert re.search("[\u4e00-\u9fff]", line), line


@pytest.mark.parametrize("more", [{}, {"note": "x"}])
def test_rows_are_the_same_however_they_are_written(more: dict[str, Cell]) -> None:
    """Whole columns of amounts and of texts are written at once, mixed ones cell by cell, rows of other keys one by one."""
    columns = [Column("name", "text"), Column("line", "integer"), Column("qty", "quantity"), Column("value", "money")]
    rows: list[dict[str, Cell]] = [
        {"name": "=a", "line": 1, "qty": Decimal("1.50"), "value": Decimal("1E+3")},
        {"name": 'b"', "line": None, "qty": Decimal("-0.0"), "value": Decimal("-0"), **more},
        {"name": "=a", "line": 1, "qty": Decimal("1E+1"), "value": Decimal("0.00")},
    ]
    head = Letterhead("C", "EUR")
    assert as_csv(Table("t", "T", columns, rows), head).splitlines() == [
        "name,line,qty,value",
        "'=a,1,1.5,1000",
        '"b""",,0,0',
        "'=a,1,10,0.00",
    ]
    written = json.loads(as_json(Table("t", "T", columns, rows), head))["rows"]
    assert written == [
        {"name": "=a", "line": 1, "qty": "1.5", "value": "1000"},
        {"name": 'b"', "line": None, "qty": "0", "value": "-0"} | more,
        {"name": "=a", "line": 1, "qty": "10", "value": "0.00"},
    ]
