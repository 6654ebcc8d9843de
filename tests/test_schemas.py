"""JSON Schemas: docs/schemas is what `rules schema` writes, every shipped file fits, and readers and schemas refuse alike.

`python tests/test_schemas.py --update` writes docs/schemas anew.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from beanstock.commands.schema import schema_text
from beanstock.files.yamltext import parse
from beanstock.rulebook.load import kinds_of
from beanstock.rulebook.schemas import schemas
from conftest import Company

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "docs" / "schemas"
MADE = schemas(kinds_of(None, {})[0])
NAMES = ("accounts", "taxes", "vouchers", "vouchers.spec", "statements")


def schema_of(path: Path) -> str:
    """The schema of a file by its place."""
    name = path.name.removesuffix(".yaml")
    if path.parent.name == "imports":
        return "import"
    if "records" in path.parts:
        inside = path.parts[path.parts.index("records") + 1 :]
        return "records/" + inside[0].removesuffix(".yaml")
    return name if name in (*NAMES, "beanstock") else ""


FILES = [
    path
    for folder in ("rules", "samples")
    for path in sorted((ROOT / folder).rglob("*.yaml"))
    if schema_of(path) in MADE
]


class EditorsLoader(yaml.SafeLoader):
    """YAML 1.2 as editors read it: only true and false are no text, beside numbers."""


EditorsLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in several if tag.rpartition(":")[2] in ("int", "float", "null")]
    for first, several in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
EditorsLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false"), list("tf"))


def as_editors_read(path_or_text: Path | str) -> Any:
    """YAML with its implicit types."""
    text = path_or_text.read_text(encoding="utf-8") if isinstance(path_or_text, Path) else path_or_text
    return yaml.load(text, Loader=EditorsLoader)


def as_we_read(path_or_text: Path | str) -> Any:
    """YAML as text."""
    text = path_or_text.read_text(encoding="utf-8") if isinstance(path_or_text, Path) else path_or_text
    return json.loads(json.dumps(parse(text, "")[0]))


def faults(name: str, tree: Any) -> list[str]:
    return [f"{list(one.absolute_path)}: {one.message}" for one in Draft7Validator(MADE[name]).iter_errors(tree)]


def test_published_schemas_are_fresh_and_valid() -> None:
    published = {path.relative_to(PUBLISHED).as_posix() for path in PUBLISHED.rglob("*.json")}
    assert published == {f"{name}.schema.json" for name in MADE}, "run python tests/test_schemas.py --update"
    for name, schema in MADE.items():
        Draft7Validator.check_schema(schema)
        text = (PUBLISHED / f"{name}.schema.json").read_text(encoding="utf-8")
        assert text == schema_text(schema), f"run python tests/test_schemas.py --update, and read the diff of {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_shipped_file_fits_its_schema(path: Path) -> None:
    for read in (as_editors_read, as_we_read):
        assert faults(schema_of(path), read(path)) == []


def test_files_of_every_schema_are_tried() -> None:
    tried = {schema_of(path) for path in FILES}
    assert {*NAMES, "beanstock", "import", "records/purchase-orders"} <= tried


FENCED = re.compile(r"^`rules/(\w+(?:\.spec)?)\.yaml`\n\n```yaml\n(.*?)```", re.DOTALL | re.MULTILINE)


def test_the_pages_show_what_the_schemas_take() -> None:
    shown = FENCED.findall((ROOT / "docs/OWN-KINDS.md").read_text(encoding="utf-8"))
    assert {name for name, _ in shown} == {"documents", "accounts", "vouchers", "vouchers.spec"}
    for name, text in shown:
        assert faults(name, as_editors_read(text)) == [], name


def mappings(tree: Any, trail: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every mapping of a tree."""
    if isinstance(tree, dict):
        yield trail
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from mappings(value, (*trail, key))


EVERYTHING = {
    "beanstock": "company: T\npack: ifrs\ncurrency: EUR\ncosting: {default: fifo, frames: lifo}\npolicies: {negative_stock: refuse}\n",
    "rules/vouchers": (
        "own:\n  document: invoices\n  overrides: invoices\n  let: {a: gross}\n  rounding: {role: rounding, max: 0.05}\n  warn: {if: a > 1, text: x}\n  fail: [{if: a > 5, text: y}]\n"
        "  meta: {key: '{number}'}\n  lines:\n    - {dr: receivable, amount: gross}\n    - {amount: gross, split: [{cr: revenue, share: 50%}, {cr: gift, share: remaining}]}\n"
    ),
    "rules/accounts": "overrides: [revenue]\nroles:\n  revenue:\n    by: [item.type]\n    rows:\n      - {row: ['*', 'Income:A'], from: 2026-01-01}\n      - {row: ['*', 'Income:B'], to: 2025-12-31}\ncontrolled: {tax: [input-tax]}\n",
    "rules/taxes": "taxes:\n  low: {rates: [{percent: 7%, from: 2026-01-01}], recoverable: no}\n",
    "rules/documents": "documents:\n  finds:\n    stage: receipts\n    posts: nothing\n    header: {number: 'text, required', date: 'date, required'}\ncolumns:\n  invoices: {lines: {pieces: integer}}\n",
    "rules/vouchers.spec": "own:\n  - {name: n, given: {invoices: []}, expect: [{dr: bank, amount: 5}]}\n",
    "rules/imports/app": "files:\n  a: {file: a.csv, key: id}\nrecords:\n  - {kind: invoices, from: a, join: {b: {file: a, on: id}}, skip: [{if: id == 'x', reason: r}], columns: {number: id}}\n",
}  # fmt: skip


def put(tree: Any, trail: tuple[Any, ...]) -> str:
    """The tree with a key that nobody knows in one of its mappings, as YAML."""
    changed = json.loads(json.dumps(tree))
    inner = changed
    for step in trail:
        inner = inner[step]
    inner["zzz_unknown"] = "fifo"
    return yaml.safe_dump(changed, allow_unicode=True, sort_keys=False)


@pytest.mark.parametrize("file", EVERYTHING)
def test_reader_and_schema_refuse_the_same_unknown_keys(company: Company, file: str) -> None:
    """Wherever a mapping has known keys only, both say so; wherever it has names of one's own, neither does."""
    name = "import" if "imports" in file else file.rpartition("/")[2]
    for one, text in EVERYTHING.items():
        company.write(f"{one}.yaml", text)
    assert "unknown-key" not in company.run("rules", "check").err
    tree = as_we_read(EVERYTHING[file])
    assert faults(name, tree) == []
    seen = 0
    for trail in mappings(tree):
        text = put(tree, trail)
        company.write(f"{file}.yaml", text)
        told = company.run("rules", "check", "--format", "json").json["problems"]
        by_reader = any("zzz_unknown" in one["message"] for one in told if one["severity"] == "error")
        by_schema = any("zzz_unknown" in fault for fault in faults(name, as_we_read(text)))
        assert by_reader == by_schema, f"{file} {trail}: {faults(name, as_we_read(text))}"
        seen += by_reader and by_schema
    assert seen >= 1, file


def test_the_command_prints_and_writes_them(company: Company, tmp_path: Path) -> None:
    names = company.run("rules", "schema").out.split()
    assert {"vouchers", "records/invoices"} <= set(names)
    assert company.run("rules", "schema", "vouchers").json["title"] == "vouchers.yaml"
    assert "Did you mean `vouchers`?" in company.run("rules", "schema", "vouchrs").err
    company.write("rules/documents.yaml", EVERYTHING["rules/documents"])
    assert "records/finds" in company.run("rules", "schema").out
    into = tmp_path / "schemas"
    assert company.run("rules", "schema", "--into", str(into)).code == 0
    assert json.loads((into / "records/finds.schema.json").read_text())["title"] == "Records: finds"


if __name__ == "__main__" and "--update" in sys.argv:
    for path in PUBLISHED.rglob("*.json"):
        path.unlink()
    for name, schema in MADE.items():
        path = PUBLISHED / f"{name}.schema.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(schema_text(schema), encoding="utf-8", newline="\n")
