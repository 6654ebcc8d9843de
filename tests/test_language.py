"""Chinese books speak Chinese: titles, headings and the program's own words in every table; data forms never change."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from beanstock.policies import POLICIES
from beanstock.render.meanings import MEANINGS
from beanstock.render.sentences import sentence
from conftest import ROOT, Company

REPORTS = (
    "trial-balance", "balance-sheet", "income-statement", "cash-flow", "stock", "stock-moves", "stock-aging", "receivables",
    "payables", "orders", "accruals", "notes", "tax", "margins", "ratios", "budget", "forecast", "journal",
)  # fmt: skip
MORE = (
    ("ledger", "--account", "bank"),
    ("ledger", "--account", "receivable", "--partner", "YL"),
    ("statement-of-account", "--partner", "YL"),
    ("stock-moves", "--item", "LH"),
    ("receivables", "--by", "partner"),
    ("trial-balance", "--compare", "previous", "--period", "2026-03"),
    ("balance-sheet", "--compare", "last-year", "--to", "2026-03-31"),
    ("income-statement", "--compare", "previous", "--period", "2026-03"),
    ("cash-flow", "--trace", "1"),
)
# what is English in Chinese books: names that people type (documents, roles, warehouses), and accounts
CODES = re.compile(r"[A-Za-z][\w:/*.-]*[/:-]\S*|\b[A-Z]{1,4}\b")


@pytest.fixture(scope="module")
def tea_house(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("books") / "tea"
    shutil.copytree(ROOT / "samples" / "tea-house", folder)
    company = Company.__new__(Company)
    company.folder = folder
    return company.post()


def english(markdown: str, *, names: tuple[str, ...] = ()) -> Iterator[str]:
    """The English words of a title, of headings, and of the columns that are not `names`."""
    title, _, heads, _, *rows = markdown.splitlines()
    yield from re.findall(r"[A-Za-z]{2,}", CODES.sub("", title.replace("(CNY)", "")))
    headings = [one.strip() for one in heads.strip("|").split("|")]
    yield from (one for one in headings if re.search("[A-Za-z]", one))
    for row in rows:
        cells = [one.strip() for one in row.replace("\\|", "").strip("|").split("|")] if row.startswith("|") else [row]
        for heading, cell in zip(headings, cells, strict=False):
            if heading not in names or not row.startswith("|"):
                yield from re.findall(r"[A-Za-z]{3,}", CODES.sub("", cell.replace("`beanstock check`", "")))


NAMES = ("角色", "仓库", "单据", "科目", "比率", "摘要")


@pytest.mark.parametrize("arguments", [*((name,) for name in REPORTS), *MORE], ids=" ".join)
def test_reports(tea_house: Company, arguments: tuple[str, ...]) -> None:
    result = tea_house.run("report", *arguments, "--format", "md")
    assert result.code == 0, result.err
    assert list(english(result.out, names=NAMES)) == []


def test_tables_of_other_commands(tea_house: Company) -> None:
    names = ("名称", "取值", "可选值", "位置", "检查项", "含义", "来源")
    for command in (("policies",), ("rules", "coverage"), ("check",), ("review", "list")):
        result = tea_house.run(*command, "--format", "md")
        assert result.code == 0, result.err
        assert list(english(result.out, names=names)) == []


def test_differences(tmp_path: Path, tea_house: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in ("git init -q", "git add .", "git -c user.name=a -c user.email=a@b commit -qm x"):
        subprocess.run(command.split(), cwd=tea_house.folder, check=True, capture_output=True)
    records = tea_house.folder / "records" / "销售发票.csv"
    records.write_text(records.read_text().replace("2026-03-16", "2026-03-17"))
    head, *tables = tea_house.run("diff", "--format", "md").out.split("\n\n## ")
    assert head.strip() == "### 青山茶庄: HEAD → 当前工作区：凭证新增 0，删除 0，修改 1"
    assert len(tables) == 1
    found = "\n".join(tables[0].splitlines())
    assert found.startswith("凭证差异 (CNY)\n\n| 变动 | 日期 | 单据 | 原因 |")
    assert "| 修改 | 2026-03-17 | invoices/FS-06 | 记录 |" in found


def test_boxes_and_states_of_other_books(new_company: Callable[..., Company]) -> None:
    company = new_company(pack="cn-small-business", currency="CNY", policies="{input_tax: on-certification}")
    company.records(
        bills="number,date,supplier,account,amount,tax\nB1,2026-01-05,S1,expense,100,6%\nB2,2026-01-06,S1,expense,50,reverse-charge 6%\n",
        tax_certifications="number,date,document\nZ1,2026-02-10,B1\n",
        invoices="number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,100\nI2,2026-01-05,C1,S,1,100\n",
        payments="number,date,partner,direction,amount,account,due,applies\n"
        "P1,2026-01-20,C1,in,113,notes-receivable:8001,2026-04-20,I1\n",
        cash_transfers="number,date,from,to,amount\nT1,2026-02-20,notes-receivable:8001,bank,113\n",
    ).post()
    for report in ("tax", "notes"):
        out = company.run("report", report, "--format", "md").out
        assert list(english(out, names=("单据", "角色", "税种"))) == []
    assert "| 代扣代缴（可抵扣） |" in company.run("report", "tax", "--format", "md").out
    assert "| 已贴现 |" in company.run("report", "notes", "--format", "md").out
    boxes = {row["box"] for row in company.report("tax")["rows"]}
    assert boxes == {"input", "input-pending", "output", "reverse-charge"}  # data stays as it is


def test_every_policy_has_its_meaning_in_chinese() -> None:
    assert MEANINGS["zh"].keys() == POLICIES.keys()


def test_causes_are_sentences() -> None:
    assert (
        sentence("cost effect of receipts/R1, receipts/R2 and 3 more", "zh")
        == "成本影响：receipts/R1, receipts/R2 等，另有 3 个"
    )
