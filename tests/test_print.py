"""Printed vouchers: numbers, sheets, red amounts, Chinese words, and nothing that a cell could smuggle in."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from beanstock.render.chinese_amounts import in_words
from conftest import Company
from repository import BOB, repository

RECEIPTS = """
    number,date,supplier,item,qty,price
    R1,2026-01-05,S1,A,10,123.45
"""


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1.05", "壹元零伍分"),
        ("10", "壹拾元整"),
        ("1234.5", "壹仟贰佰叁拾肆元伍角整"),
        ("1005", "壹仟零伍元整"),
        ("10005.01", "壹万零伍元零壹分"),
        ("100000", "壹拾万元整"),
        ("1050000", "壹佰零伍万元整"),
        ("100100", "壹拾万零壹佰元整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("107000.53", "壹拾万零柒仟元伍角叁分"),
        ("100000001", "壹亿零壹元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("-1680.32", "负壹仟陆佰捌拾元叁角贰分"),
    ],
)
def test_amounts_in_words(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words


class Page(HTMLParser):
    """What a browser sees: the tags, and the text of each section."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.sections: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "section":
            self.sections.append("")

    def handle_data(self, data: str) -> None:
        if self.sections:
            self.sections[-1] += data + " "


def page(company: Company, *arguments: str) -> Page:
    result = company.run("print", *arguments)
    assert result.code == 0, result.err
    return Page(result.out)


def test_a_closed_approved_voucher_names_its_number_and_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = repository(
        tmp_path / "books", monkeypatch, language="zh", policies="{review: all, late_documents: next-open-period}"
    )
    shop.records(receipts=RECEIPTS).posted()
    assert "未审核" in page(shop).sections[0]
    assert "未结账" in page(shop).sections[0]
    shop.who(BOB).ok("review", "approve", "--all")
    shop.posted().ok("close", "2026-01")
    (sheet,) = page(shop, "--period", "2026-01").sections
    for text in ("凭证号 记-0001", "审核 Bob <bob@example.org>", "记账 Bob", "壹仟贰佰叁拾肆元伍角整", "1,234.50"):
        assert text in sheet
    assert "未审核" not in sheet
    # taken back in February, in red, with the day of the document
    shop.records(receipts="number,date,supplier,item,qty,price").post()
    (sheet,) = page(shop, "--period", "2026-02").sections
    for text in ("红字冲销 Receipt R1", "业务日期 2026-01-05", "-1,234.50", "负壹仟贰佰叁拾肆元伍角整"):
        assert text in sheet


def test_long_vouchers_take_several_sheets(company: Company) -> None:
    rows = "".join(f"R1,2026-01-05,S1,A,{number},1\n" for number in range(1, 18))
    company.records(receipts="number,date,supplier,item,qty,price\n" + rows).post()
    sheets = page(company).sections
    assert [f"{number}/3" in sheet for number, sheet in enumerate(sheets, start=1)] == [True] * 3
    assert ["Total" in sheet for sheet in sheets] == [False, False, True]
    assert "153.00" in sheets[-1]  # 1 + 2 + ... + 17


def test_cells_cannot_bring_markup(company: Company) -> None:
    evil = '"<script>alert(1)</script><img src=x onerror=alert(1)>"'
    company.records(partners=f"code,name,role\nS1,{evil},supplier\n", receipts=RECEIPTS).post()
    found = page(company)
    assert not found.tags & {"script", "img"}
    assert "<script>alert(1)</script>" in found.sections[0]


def test_only_what_stands_in_the_ledger_is_printed(company: Company) -> None:
    company.records(receipts=RECEIPTS).post()
    assert len(page(company, "--document", "receipts/R1").sections) == 1
    assert company.run("print", "--document", "receipts/R2").code == 2
    assert company.run("print", "--period", "soon").code == 2
    path = company.folder / "ledgers/2026-01.bean"
    path.write_text(path.read_text().replace("1234.50", "1234.51"))
    result = company.run("print")
    assert result.code == 1
    assert "hand-edited" in result.err
    assert result.out == ""
