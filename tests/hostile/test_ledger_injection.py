"""Row 1: no text of a record, setting, rule or foreign file becomes anything but that text in the ledger."""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from beancount.core import account
from beancount.parser import parser

from beanstock.books import open_books
from beanstock.ledger.text import main_text
from conftest import Company

from .conftest import SETTINGS, errors_of, invoke
from .payloads import HIDES, cell, payloads
from .sinks import IN_RULES, SINKS, lay, yaml_quoted

TEXTS = dict(enumerate(payloads()))
TAB_OR_CR = re.compile("[\t\r]")
Shape = tuple[object, ...]


def post(company: Company, name: str, texts: dict[int, str]) -> set[int]:
    """Post the texts through a sink; those that are refused, of which posting then wrote nothing."""
    lay(company, name, texts)
    if name == "import":
        files = sorted(str(path) for path in (company.folder / "foreign").iterdir())
        result = invoke("import", "m", *files, "--into", str(company.folder))
        if result.code:
            return {int(one) for one in re.findall(r"^p(\d+)\.csv:", result.err, re.MULTILINE)}
    result = invoke("post", str(company.folder), "--format", "json")
    if result.code == 0:
        return set()
    assert not list((company.folder / "ledgers").glob("*.bean"))
    found = {index_of(str(one["path"]), int(str(one["line"] or 0)), company) for one in errors_of(result)}
    assert found, result.out
    return found


def index_of(path: str, line: int, company: Company) -> int:
    """The text that a problem's place belongs to."""
    match = re.search(r"/p(\d+)\.csv$", path)
    if match:
        return int(match[1])
    if path == "records/receipts/m.csv":
        with (company.folder / path).open(encoding="utf-8", newline="") as file:
            reader, before = csv.reader(file), 0
            for row in reader:
                if before < line <= reader.line_num:
                    return int(row[0][1:])
                before = reader.line_num
    before_it = (company.folder / path).read_text(encoding="utf-8").split("\n")[:line]
    rules = [one for one in before_it if re.fullmatch(r"own\d+:", one)]
    return int(rules[-1][3:-1])


def settled(folder: Path, name: str, texts: dict[int, str]) -> tuple[Company, set[int]]:
    """Books of all texts that are not refused, and those that are; a traceback names the one text that makes it."""
    out: set[int] = set()
    for attempt in range(5):
        company = Company(folder / f"books{attempt}")
        rest = {index: text for index, text in texts.items() if index not in out}
        try:
            found = post(company, name, rest)
        except AssertionError:
            culprit(folder, name, rest)
            raise
        if not found:
            return company, out
        out |= found
    pytest.fail(f"{name}: new problems after every repair, last {sorted(found)}")


def culprit(folder: Path, name: str, texts: dict[int, str]) -> None:
    for index, text in texts.items():
        try:
            post(Company(folder / f"one{index}"), name, {index: text})
        except AssertionError as fault:
            pytest.fail(f"{name} breaks with {text[:200]!r}: {fault!r}"[:1000])


def shapes(company: Company) -> tuple[Counter[Shape], set[str], dict[str, Any]]:
    """Every voucher as Beancount's parser reads it, the accounts it opens, and the options."""
    ledgers = company.folder / "ledgers"
    found: Counter[Shape] = Counter()
    for path in ledgers.glob("2*.bean"):
        entries, faults, options = parsed(path)
        assert not faults, faults[:3]
        assert (options["plugin"], options["include"]) == ([], [])
        found.update(map(shape, entries))
    entries, faults, options = parsed(ledgers / "accounts.bean")
    assert not faults
    assert (options["plugin"], options["include"]) == ([], [])
    assert {type(entry).__name__ for entry in entries} <= {"Open"}
    opened = {entry.account for entry in entries}
    entries, faults, options = parsed(ledgers / "main.bean")
    assert not entries
    assert not faults
    return found, opened, options


def parsed(path: Path) -> tuple[list[Any], list[Any], dict[str, Any]]:
    result: Any = parser.parse_file(str(path))
    return result  # type: ignore[no-any-return]


def shape(entry: Any) -> Shape:
    """All that a voucher says but its links, which are checked here."""
    assert type(entry).__name__ == "Transaction", entry
    number = entry.meta["document"].partition("/")[2]
    assert entry.links <= {number}
    assert all(re.fullmatch(r"[A-Za-z0-9_/.-]+", link) for link in entry.links)
    postings = tuple(
        (
            one.account,
            str(one.units),
            one.cost,
            one.price,
            one.flag,
            tuple(sorted((key, str(value)) for key, value in one.meta.items() if key not in ("filename", "lineno"))),
        )
        for one in entry.postings
    )
    meta = tuple(sorted((key, str(value)) for key, value in entry.meta.items() if key not in ("filename", "lineno")))
    return (entry.date, entry.flag, entry.payee, entry.narration, tuple(sorted(entry.tags)), meta, postings)


def replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, tuple):
        return tuple(replaced(one, old, new) for one in value)
    return value.replace(old, new) if isinstance(value, str) else value


def without_account(one: Shape, prefix: str = "Assets:Cash:Wallet") -> Shape:
    """A voucher with the accounts below a prefix, which hold the text in their own spelling, cut back to it."""
    postings: Any = one[-1]
    assert all(account.is_valid(each[0]) for each in postings), postings
    cut = tuple((prefix, *each[1:]) if each[0].startswith(prefix + ":") else each for each in postings)
    return (*one[:-1], cut)


def equal(name: str, folder: Path, texts: dict[int, str]) -> set[int]:
    """The whole comparison: hostile books against the same books with plain words. The refused texts."""
    plain = Company(folder / "plain")
    assert post(plain, name, {index: f"Plain{index}end" for index in texts}) == set()
    reference, opened, options = shapes(plain)
    company, out = settled(folder, name, texts)
    expected: Counter[Shape] = Counter()
    for index in sorted(texts.keys() - out):
        one = next(each for each in reference if f"Plain{index}end" in repr(each))
        expected[replaced(one, f"Plain{index}end", cell(texts[index]) if name not in IN_RULES else texts[index])] += 1
    found, own_opened, own_options = shapes(company)
    if name == "account":
        found = Counter(map(without_account, found.elements()))
        expected = Counter(map(without_account, (one for one in reference if index_in(one) not in out)))
    else:
        assert own_opened == opened
    assert not (found - expected), next(iter(found - expected))
    assert not (expected - found), next(iter(expected - found))
    assert own_options["plugin"] == options["plugin"] == []
    assert own_options["include"] == options["include"] == ["accounts.bean", "2026-01.bean"]
    assert own_options["title"] == "Test"
    checked = invoke("check", str(company.folder), "--frozen")
    assert checked.code == 0, checked.err
    return out


def index_in(one: Shape) -> int:
    match = re.search(r"Plain(\d+)end", repr(one))
    assert match
    return int(match[1])


@pytest.mark.parametrize("name", SINKS)
def test_a_text_stays_a_text(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """18 sinks x 137 payloads. Oracle: the ledger, parsed again by Beancount, holds exactly the vouchers of the same books
    with plain words, with the text itself in the place of the word; a text with a hidden character is refused, and no
    other (but braces that are no template); no plugin, include or option is added and no marker file made.
    """
    monkeypatch.chdir(tmp_path)
    texts = TEXTS
    if name in IN_RULES:  # braces are templates there: what they give is not the text itself
        texts = {
            index: text for index, text in TEXTS.items() if not re.search("[{}]", text) and not TAB_OR_CR.search(text)
        }
    out = equal(name, tmp_path, texts)
    assert not list(tmp_path.rglob("pwned"))
    hidden = {index for index, text in texts.items() if HIDES.search(text)}
    assert hidden <= out, [texts[index] for index in hidden - out]
    if name != "account":  # where other texts meet in one account or give none
        assert out == hidden, [texts[index][:80] for index in out - hidden]


@pytest.mark.parametrize("text", ["a\tb", "a\rb"])
@pytest.mark.parametrize("name", IN_RULES)
def test_tabs_and_carriage_returns_in_rules(name: str, text: str, tmp_path: Path) -> None:
    """Oracle: refused with a problem."""
    assert post(Company(tmp_path / "books"), name, {0: text}) == {0}


@pytest.mark.parametrize("text", ["a\nb", "a\x1bb", "a\u202eb", "a\x00b", "a\tb"])
def test_hidden_characters_in_the_name_of_a_rule(text: str, books: Company) -> None:
    """Oracle: refused with a problem."""
    books.write("rules/vouchers.yaml", f"{yaml_quoted(text)}: {{document: receipts, overrides: receipts, lines: []}}\n")
    books.records(receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,1,1")
    books.write("rules/vouchers.yaml", f"{yaml_quoted(text)}:\n  document: receipts\n  overrides: receipts\n" + LINES)
    assert invoke("post", str(books.folder)).code == 1


LINES = """  lines:
    - {each: moves, dr: inventory, amount: move.value}
    - {each: accruals, cr: goods-received-not-invoiced, amount: accrual.amount}
"""


@pytest.mark.parametrize("text", ['"', "a: b #c", "own\\", "規則", "x" * 900])
def test_any_other_name_of_a_rule(text: str, books: Company) -> None:
    """Oracle: the rule's name is the text of `rule` in the ledger, and the books are fine."""
    books.records(receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,1,1")
    books.write("rules/vouchers.yaml", f"{yaml_quoted(text)}:\n  document: receipts\n  overrides: receipts\n" + LINES)
    books.post()
    entries, _, _ = parsed(books.folder / "ledgers" / "2026-01.bean")
    assert [entry.meta["rule"] for entry in entries] == [text]


def test_the_company_stays_a_text(tmp_path: Path) -> None:
    """Oracle: refused when it holds a hidden character, else the ledger's title is the text and nothing else is added."""
    for index, text in TEXTS.items():
        company = Company(tmp_path / f"b{index}")
        company.write("beanstock.yaml", SETTINGS.replace("Test", yaml_quoted(text)))
        found, problems = open_books(company.folder, None, None)
        if HIDES.search(text):
            assert found is None, text
            assert problems
            continue
        assert found is not None, (text, problems)
        result: Any = parser.parse_string(main_text(found.company, found.currency, ["2026-01"], ["own.bean"]))
        entries, faults, options = result
        assert (entries, faults, options["plugin"]) == ([], [], [])
        assert options["title"] == text
        assert options["include"] == ["accounts.bean", "2026-01.bean", "manual/own.bean"]


def test_random_texts(release: bool, chance: random.Random, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random joins of payloads in random sinks; oracle as above. Release: 50,000."""
    monkeypatch.chdir(tmp_path)
    for number in range(250 if release else 2):
        name = chance.choice([one for one in SINKS if one not in IN_RULES])
        texts = {index: "".join(chance.choices(payloads_short(), k=3)) for index in range(200)}
        unique = {cell(text): index for index, text in texts.items() if cell(text)}
        kept = {index: texts[index] for index in unique.values()}
        equal(name, tmp_path / str(number), kept)
    assert not list(tmp_path.rglob("pwned"))


def payloads_short() -> list[str]:
    return [text for text in payloads() if len(text) < 100]
