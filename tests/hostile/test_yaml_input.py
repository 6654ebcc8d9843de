"""Row 5: YAML through settings, rules and records: its texts are kept as they stand, or the file is refused."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest

from beanstock.books import open_books
from beanstock.files.yamltext import MAX_DEPTH, Map, Sequence, parse
from beanstock.records.kinds import Kinds
from beanstock.records.read import read_records
from conftest import Company

from .conftest import SETTINGS, invoke

IMPLICIT = [
    "yes", "no", "Yes", "NO", "on", "Off", "y", "n", "true", "False", "null", "Null", "~", "0", "00", "010", "00123", "0o17", "0x1F", "0b101", "1_000", "1,000", "+1", "-1",
    "1.10", "1.0", "1.", ".5", "1e3", "1E+3", "-1.5e-3", ".inf", "-.Inf", ".nan", ".NaN", "12:30", "12:30:45", "190:20:30", "1:2", "2026-01-05", "2026-1-5",
    "2026-01-05 10:00:00", "2026-01-05T10:00:00Z", "20260105", "=", "<<", "1e999", "0777", "08", "1__0", "9" * 400, "1/2", "50%", "$5", "a#b", "a:b", "C:\\x", "\\n", "e5",
    "é", "茶叶", "😀", "no.", "None", "NaN", "Infinity", "1 000",
]  # fmt: skip
REFUSED = [
    # aliases and bombs
    "k: &a x\n", "k: *a\n", "k: &a x\nl: *a\n", "k: &a [x]\nl: [*a, *a]\n", "k: &a {x: *a}\n", "&a k: x\n", "*a : x\n", "k: &a\n", "- &a x\n- *a\n",
    "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n",
    "base: &base {a: 1}\nk:\n  <<: *base\n",
    # tags
    "k: !!str x\n", "k: !!int 5\n", "k: !!python/object/apply:os.system ['touch marked']\n", "k: !!python/name:os.system\n", "k: !!python/module:os\n", "k: !x y\n", "k: !<tag:x> y\n",
    "k: !!binary eA==\n", "k: !!set {a, b}\n", "k: !!omap [a: 1]\n", "k: !!null x\n", "k: !!merge x\n", "!!map {k: x}\n", "k: !!float .inf\n", "? !!str k\n: x\n", "- !!seq [x]\n",
    "%TAG ! tag:evil,2026:\n---\nk: !x y\n", "k: !!timestamp 2026-01-05\n", "k: !!python/tuple [1]\n", "k: !!python/object/new:os.system [x]\n",
    # keys
    "k: 1\nk: 2\n", "{k: 1, k: 2}\n", "k: 1\n'k': 2\n", 'k: 1\n"\\x6b": 2\n', "k: 1\n? k\n: 2\n", "a: {k: 1, k: 2}\n", "[k]: x\n", "{k: x}: y\n", "? [a, b]\n: x\n", "? {a: b}\n: x\n",
    # more than one document, or none that can be read
    "k: x\n---\nk: y\n", "---\n---\n", "k: x\n...\n---\nl: y\n", "k: x\n...\nl: y\n", "%YAML 9.9\n---\nk: x\n", "%FOO\nk: x\n", "k: x\n  l: y\n", " k: x\nl: y\n", "k: [x\n", "k: {x\n", "k: ]\n",
    'k: "x\n', "k: 'x\n", "k: x: y\n", "\tk: x\n", "k:\n\t- x\n", "k: |x\n", "k: @x\n", "k: `x`\n", "k: %x\n", '"k" "l"\n', "k: - x\n", "- k\nl: x\n", "k: 'a' b\n", 'k: "\\q"\n', 'k: "\\xZZ"\n',
    'k: "\\uD800"\n', 'k: "\\U00110000"\n', "k: \x00\n", "k: \x01\n", "k: \x1b\n", "k: \x7f\n", "k: \ufffe\n", "\x00", "k: \x0b\n", "k: \x8f\n",
    # depth
    "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "[" * 500 + "]" * 500, "{a: " * 500 + "x" + "}" * 500, "[" * 100_000, "{" * 100_000, "- " * 5000 + "x\n", "? " * 5000, "[{" * 5000, "a: " * 500,
    "k: " + "[" * 40 + "]" * 40 + "\n", "".join("  " * step + "a:\n" for step in range(200)),
]  # fmt: skip
KEPT: list[tuple[str, Any]] = [
    ("k: |\n  a\n  b\n", {"k": "a\nb\n"}), ("k: >\n  a\n  b\n", {"k": "a b\n"}), ("k: 'it''s'\n", {"k": "it's"}), ('k: "a\\tb"\n', {"k": "a\tb"}), ("k:\n", {"k": ""}), ("k: ''\n", {"k": ""}),
    ("k: ! x\n", {"k": "x"}), ("%YAML 1.1\n---\nk: x\n", {"k": "x"}), ("---\nk: x\n...\n", {"k": "x"}), ("\ufeffk: x\n", {"k": "x"}), ("k: x\r\nl: y\r\n", {"k": "x", "l": "y"}), ("k: x\rl: y\r", {"k": "x", "l": "y"}),
    ("k: a #c\n", {"k": "a"}), ("k: a#c\n", {"k": "a#c"}), ("<<: {a: b}\n", {"<<": {"a": "b"}}), ("k: x\u2028y\n", None), (": x\n", {"": "x"}), ("k : x\n", {"k": "x"}), ("? k\n", {"k": ""}),
    ("- x\n- y\n", ["x", "y"]), ("[x, , y]\n", None), ("{k}\n", {"k": ""}), ("x\n", "x"), ("", {}), ("# only\n", {}), ("---\n", {}), ("k: " + "x" * 1_000_000 + "\n", {"k": "x" * 1_000_000}),
    ("x" * 900 + ": y\n", {"x" * 900: "y"}), ("".join(f"k{step}: x\n" for step in range(20_000)), {f"k{step}": "x" for step in range(20_000)}), ("- x\n" * 50_000, ["x"] * 50_000),
    ("[" * MAX_DEPTH + "]" * MAX_DEPTH, None), ('k: "\\u202e"\n', {"k": "\u202e"}), ('k: "\\0"\n', {"k": "\x00"}), ("k: é\n", {"k": "é"}), ("k: e\u0301\n", {"k": "e\u0301"}),
]  # fmt: skip


def timed(text: str) -> tuple[Any, list[Any]]:
    begin = time.perf_counter()
    found = parse(text, "x.yaml")
    assert time.perf_counter() - begin < 1
    return found


@pytest.mark.parametrize("text", IMPLICIT)
def test_implicit_types_stay_text(text: str, kinds: Kinds, tmp_path: Path) -> None:
    """Plain scalars that YAML gives a type, in settings, records and rules. Oracle: the very text, everywhere."""
    assert timed(f"k: {text}\n") == ({"k": text}, [])
    assert timed(f"- {text}\n") == ([text], [])
    (tmp_path / "records").mkdir()
    (tmp_path / "beanstock.yaml").write_text(SETTINGS.replace("Test", text))
    books, problems = open_books(tmp_path, None, None)
    assert books is not None, problems
    assert books.company == text
    (tmp_path / "records" / "items.yaml").write_text(
        f"- {{code: {text}, name: {text}, unit: {text}}}\n"
        if "," not in text
        else f"- code: {text}\n  name: {text}\n  unit: {text}\n"
    )
    records, faults = read_records(tmp_path / "records", kinds, 2)
    assert not faults
    assert {item.code: (item.name, item.unit) for item in records.masters.items.values()} == {text: (text, text)}


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_refused(number: int, tmp_path: Path) -> None:
    """Bombs, tags, duplicate keys, broken and deep files. Oracle: an error, within a second, and no marker file."""
    text = REFUSED[number]
    _, problems = timed(text)
    assert [one for one in problems if one.severity == "error"], text[:200]
    company = Company(tmp_path)
    company.write("rules/vouchers.yaml", text)
    company.write("records/receipts.yaml", text)
    assert invoke("post", str(tmp_path)).code == 1
    company.write("beanstock.yaml", text)
    assert open_books(tmp_path, None, None)[0] is None
    assert not list(tmp_path.rglob("marked"))


@pytest.mark.parametrize("number", range(len(KEPT)))
def test_kept(number: int) -> None:
    """Unusual but harmless files. Oracle: the texts of the hand-made table, or refused where it says nothing."""
    text, expected = KEPT[number]
    found, problems = timed(text.removeprefix("\ufeff"))
    assert problems or expected is None or found == expected


# --- changed files: never a traceback

SHIPPED = Path(__file__).parents[2] / "rules" / "ifrs"
RECORDS = """- number: R1
  date: 2026-01-05
  supplier: S1
  memo: x
  lines:
    - {item: A, qty: 10, price: 4.00, department: d}
    - {item: B, qty: 2, gross_price: 4.00, tax: 0%}
"""
STRANGE: list[Any] = [
    "",
    "x",
    "no",
    "0",
    "-1",
    "1e9",
    "2026-02-30",
    "a:b",
    "{",
    "{number}",
    "{x",
    "*",
    "Assets:X",
    "\n",
    "\t",
    "\x00",
    "x" * 3000,
    [],
    [""],
    ["x", []],
    {},
    {"x": "y"},
    {"": ""},
    [[["x"]]],
    {"x": {"y": ["z"]}},
]


def nodes(tree: Any) -> list[tuple[Any, Any]]:
    """Every place of a tree: its holder and its key or index."""
    found = []
    for key, value in (
        list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)) if isinstance(tree, list) else []
    ):
        found += [(tree, key), *nodes(value)]
    return found


def plain(value: Any) -> Any:
    if isinstance(value, Map):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, Sequence) else value


def changed(tree: Any, chance: random.Random) -> Any:
    """A tree with one to three places taken out, replaced, doubled or swapped."""
    tree = json.loads(json.dumps(tree))
    for _ in range(chance.randint(1, 3)):
        places = nodes(tree)
        if not places:
            break
        holder, key = chance.choice(places)
        action = chance.randrange(5)
        if action == 0:
            del holder[key]
        elif action == 1:
            holder[key] = chance.choice(STRANGE)
        elif action == 2 and isinstance(holder, list):
            holder.insert(key, json.loads(json.dumps(holder[key])))
        elif action == 3 and isinstance(holder, dict):
            holder[
                chance.choice(["x", "", "lines", "meta", "each", "if", "dr", "overrides", "a b", "\x1b", "x" * 500])
            ] = holder.pop(key)
        else:
            other, place = chance.choice(places)
            if (other is holder or place in other) if isinstance(other, dict) else place < len(other):
                holder[key] = json.loads(json.dumps(other[place]))
    return tree


@pytest.mark.parametrize(
    "name",
    ["vouchers", "accounts", "closing", "statements", "taxes", "vouchers.spec", "beanstock", "records", "mapping"],
)
def test_changed_files(name: str, release: bool, seed: int, tmp_path: Path) -> None:
    """195 changed files: the pack's own as the user's, settings, records and a mapping. Oracle: read or refused,
    with an exit code that is promised and no traceback. Release: 40,000.
    """
    print(f"HOSTILE_SEED={seed}")
    chance = random.Random(f"{seed} {name}")
    path = SHIPPED / f"{name}.yaml"
    text = (
        path.read_text(encoding="utf-8")
        if path.is_file()
        else {
            "beanstock": SETTINGS + "costing: {default: fifo}\npolicies: {negative_stock: refuse}\n",
            "records": RECORDS,
        }.get(name)
    )
    if text is None:
        text = (SHIPPED.parent / "imports" / "online-retail.yaml").read_text(encoding="utf-8")
    tree = plain(parse(text, name)[0])
    company = Company(tmp_path / "books")
    company.write("records/receipts.yaml", RECORDS)
    foreign = company.write(
        "online-retail.csv",
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n1,A1,x,6,2010-12-01 08:26:00,2.55,17850,UK\n",
    )
    target = {"beanstock": "beanstock.yaml", "records": "records/receipts.yaml", "mapping": "rules/imports/m.yaml"}.get(
        name, f"rules/{name}.yaml"
    )
    for number in range(5000 if release else 3 if "spec" in name else 24):
        whole = tree
        if "spec" in name and isinstance(tree, dict):  # a few rules' examples at a time: each is posted
            few = chance.sample(sorted(tree.keys() - {"records"}), 6)
            whole = {key: value for key, value in tree.items() if key in ("records", *few)}
        own = changed(whole, chance)
        if name in ("vouchers", "accounts", "closing") and isinstance(
            own, dict
        ):  # so that they are taken in place of the pack's
            own = overriding(name, own)
        company.write(target, json.dumps(own, ensure_ascii=False))
        try:
            if name == "mapping":
                invoke("import", "m", str(foreign), "--into", str(tmp_path / "books"))
            else:
                invoke(*(("rules", "test") if "spec" in name else ("post", "--overwrite")), str(company.folder))
        except BaseException:
            print(f"change {number}: {json.dumps(own, ensure_ascii=False)[:3000]}")
            raise


def test_a_role_without_rows(books: Company) -> None:
    """Oracle: refused with a problem."""
    books.write("rules/accounts.yaml", "overrides: [bank]\nroles: {bank: {by: [], rows: []}}\n")
    assert invoke("post", str(books.folder)).code == 1


def overriding(name: str, tree: dict[str, Any]) -> dict[str, Any]:
    if name == "accounts":
        roles = tree.get("roles")
        return {**tree, "overrides": list(roles)} if isinstance(roles, dict) else tree
    return {key: {"overrides": key, **one} if isinstance(one, dict) else one for key, one in tree.items()}
