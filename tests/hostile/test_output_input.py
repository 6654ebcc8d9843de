"""Row 19: what reports print: numbers stay numbers, texts are no formulas, no markup, and command no terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import pytest

from beanstock.commands.report_list import REPORTS
from beanstock.problems import Place, problem
from beanstock.render.cells import NUMBERS, Letterhead
from beanstock.render.problems import problem_text, show_problems
from beanstock.render.tables import as_csv, as_json, as_markdown, render
from beanstock.render.text import as_text
from beanstock.table import Cell, Column, Table
from conftest import Company

from .conftest import invoke
from .payloads import HIDES
from .sinks import table

FORMULAS = [
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")', "=IMPORTXML(1,2)", "+1+1", "+cmd|x", "-1+1", "-2+3+cmd|x", "@SUM(1,1)", "@x", "=", "+", "-", "@", "==1", "=A1", "-A1", "+A1",
    '=DDE("x","y","z")', "=WEBSERVICE(1)", "=1,2", '="x"', "=1;2", "-", "--1", "+-1", "=\\x", "'=1", "1=1", "=é", "=1|2", "=<b>",
]  # fmt: skip
MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=y>",
    "a|b",
    "a\\|b",
    "\\",
    "a\\",
    "`x`",
    "**x**",
    "# x",
    "- x",
    "|",
    "||",
    "&lt;",
    "<!-- x",
    "</td>",
    "~~~",
    "```",
]
RAW = [
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\x9b31m",
    "\x1bPq\x1b\\",
    "\u202eabc",
    "\u2066x\u2069",
    "a\rb",
    "a\nb",
    "a\tb",
    "a\x00b",
    "\x08\x08x",
    "\x7f",
    "\u2028",
    "\ufeffx",
    "\u200bx",
]


@pytest.fixture(scope="module", params=["formulas", "markup"])
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Company, list[str]]:
    """Posted books whose codes, names, numbers, lots and memos are all hostile."""
    texts = list(dict.fromkeys(FORMULAS if request.param == "formulas" else MARKUP))
    company = Company(tmp_path_factory.mktemp("output") / "books")
    for index, text in enumerate(texts):
        company.write(f"records/items/p{index}.csv", table({"code": text, "name": text, "unit": "pcs"}))
        company.write(f"records/partners/p{index}.csv", table({"code": text, "name": text, "role": "both"}))
        company.write(f"records/warehouses/p{index}.csv", table({"code": text}))
        head = {
            "number": text,
            "date": "2026-01-05",
            "supplier": text,
            "item": text,
            "qty": "2",
            "price": "1.50",
            "memo": text,
        }
        company.write(
            f"records/receipts/p{index}.csv", table({**head, "warehouse": text, "lot": text, "department": text})
        )
        company.write(
            f"records/bills/p{index}.csv",
            table({"number": text, "date": "2026-01-06", "supplier": text, "account": "expense", "amount": "-3.25"}),
        )
        head = {
            "number": text,
            "date": "2026-01-07",
            "customer": text,
            "account": "revenue",
            "amount": "7.5",
            "memo": text,
        }
        company.write(f"records/invoices/p{index}.csv", table(head))
    return company.post(), texts


def printed(company: Company, name: str, form: str) -> str:
    more: tuple[str, ...] = ("--account", "Assets:Inventory") if name == "ledger" else ()
    if name == "statement-of-account":
        more = (f"--partner={json.loads(printed(company, 'receivables', 'json'))['rows'][0]['partner']}",)
    result = invoke("report", name, "--books", str(company.folder), "--format", form, *more)
    assert result.code == 0, result.err
    return result.out


@pytest.mark.parametrize("name", REPORTS)
def test_csv(name: str, hostile: tuple[Company, list[str]]) -> None:
    """30 formulas in every text column of every report. Oracle: no text cell begins as a formula does; taking its apostrophe away
    gives the text of the JSON form; number cells are plain numbers equal to those of the JSON form, negative ones too.
    """
    company, _ = hostile
    tree = json.loads(printed(company, name, "json"))
    rows = list(csv.DictReader(io.StringIO(printed(company, name, "csv"), newline="")))
    types = {column["name"]: column["type"] for column in tree["columns"]}
    assert len(rows) == len(tree["rows"])
    for row, own in zip(rows, tree["rows"], strict=True):
        for column, cell in row.items():
            value = "" if own[column] is None else str(own[column])
            if types[column] in NUMBERS:
                assert re.fullmatch(r"(-?\d+(\.\d+)?)?", cell), (column, cell)
                assert cell == value
            else:
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (column, cell)
                assert cell in (value, "'" + value)


def test_every_text_came_through(hostile: tuple[Company, list[str]]) -> None:
    """Oracle: the reports of the fixture do hold every text in items, partners, warehouses, lots and documents."""
    company, texts = hostile
    stock = json.loads(printed(company, "stock", "json"))["rows"]
    assert (
        {row["item"] for row in stock}
        == {row["warehouse"] for row in stock}
        == {row["lot"] for row in stock}
        == set(texts)
    )
    journal = json.loads(printed(company, "journal", "json"))["rows"]
    assert {row["payee"] for row in journal} == set(texts)
    opens = json.loads(printed(company, "receivables", "json"))["rows"]
    assert {row["partner"] for row in opens} == set(texts)


@pytest.mark.parametrize("name", REPORTS)
def test_markdown_and_text(name: str, hostile: tuple[Company, list[str]]) -> None:
    """Oracle: every Markdown row has the cells of its head, no HTML opens, and neither form holds a hidden character."""
    company, _ = hostile
    text = printed(company, name, "table")
    assert not HIDES.search(text.replace("\n", ""))
    lines = printed(company, name, "md").splitlines()
    head = next(line for line in lines if line.startswith("|"))
    for line in lines[lines.index(head) :]:
        assert not HIDES.search(line)
        assert "<" not in line
        if not line:
            break  # below the table stand its notes
        assert len(unescaped_bars(line)) == len(unescaped_bars(head)), line


def unescaped_bars(line: str) -> list[int]:
    """The bars that part cells: GitHub takes a bar with a backslash before it as text, however many backslashes there are."""
    return [match.start() for match in re.finditer(r"(?<!\\)\|", line)]


# --- the forms themselves, with texts that no record lets in

COLUMNS = [
    Column("a", "text"),
    Column("day", "date"),
    Column("money", "money"),
    Column("qty", "quantity"),
    Column("n", "integer"),
]


def one_row(text: str) -> Table:
    row: dict[str, Cell] = {
        "a": text,
        "day": "2026-01-05",
        "money": Decimal("-1234.50"),
        "qty": Decimal("-0.500"),
        "n": -3,
    }
    return Table("x", "X", COLUMNS, [row, {**row, "a": None}], {"money": Decimal("-2469.00")})


@pytest.mark.parametrize("text", RAW + MARKUP + FORMULAS)
def test_every_form(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: table and md hold no hidden character, on a terminal none but the colours of rich; JSON gives the text back;
    in csv the numbers are plain.
    """
    made, head = one_row(text), Letterhead(text, "EUR")
    assert not HIDES.search(as_text(made, head).replace("\n", ""))
    markdown = as_markdown(made, head)
    assert not HIDES.search(markdown.replace("\n", ""))
    assert markdown.count("\n") == as_markdown(one_row("x"), head).count("\n")
    assert json.loads(as_json(made, head))["rows"][0]["a"] == text
    if "\r" in text:
        return  # Python writes it unquoted; no record and no manual voucher lets it in
    row = list(csv.reader(io.StringIO(as_csv(made, head), newline="")))[1]
    assert row[1:] == ["2026-01-05", "-1234.50", "-0.5", "-3"]
    assert row[0] in (text, "'" + text)
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    render(made, "table", head, terminal)
    shown = (
        re.sub(r"\x1b\[[0-9;]*m", "", terminal.getvalue())
        if not text.startswith("\x1b[31m")
        else terminal.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", "").replace("\x1b[3m", "")
    )
    assert not HIDES.search(shown.replace("\n", "")), shown


def clean(text: str) -> None:
    assert not HIDES.search(text.replace("\n", "")), text


@pytest.mark.parametrize("text", RAW)
def test_problems(text: str) -> None:
    """Hidden characters in the line and facts of a problem. Oracle: they come out by their names, on terminals too."""
    one = problem("unknown-item", Place("records/x.csv", 1, 2, excerpt=f"x {text} y"), code=text, suggestion=text)
    clean(problem_text(one))
    terminal = Terminal()
    show_problems([one], terminal)
    clean(re.sub(r"\x1b\[[0-9;]*m", "", terminal.getvalue()))


@pytest.mark.parametrize("text", ["\x1b[31mred", "\x1b]0;title\x07", "\x9b31m", "\u202eabc"])
def test_paths_in_problems(text: str, books: Company) -> None:
    """Hidden characters in the name of a file. Oracle: they come out by their names."""
    books.write(f"records/{text}.csv", "x")
    for form in ("table", "json"):
        result = invoke("post", str(books.folder), "--format", form)
        assert result.code == 1
        clean(result.out + result.err)
    assert any(text in str(one["path"]) for one in result.json["problems"])  # programs get the name itself


@pytest.mark.parametrize("name", ["import", "init"])
def test_names_in_answers(name: str, books: Company) -> None:
    """Oracle: they come out by their names."""
    foreign = books.write("\x1b[31mx.csv", "a\n")
    if name == "import":
        result = invoke("import", "online-retail", str(foreign), "--into", str(books.folder))
    else:
        result = invoke("init", str(books.folder / "\x1b[31mnew"))
    clean(result.out + result.err)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    "form",
    ["table", "md", "csv", "json"],
)
def test_hidden_characters_of_manual_vouchers(form: str, books: Company) -> None:
    """Escapes and bidirectional marks in a manual voucher. Oracle: refused, or in no form raw."""
    text = (
        '2026-01-05 * "pay\x1b[31m" "n\u202eart"\n  Expenses:Operating:Rent  1.00 EUR\n  Assets:Cash:Bank  -1.00 EUR\n'
    )
    books.write("ledgers/manual/x.bean", text)
    if invoke("post", str(books.folder)).code == 0:
        clean(printed(books, "journal", form))
