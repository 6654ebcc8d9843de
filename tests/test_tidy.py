"""What a linter cannot check: no float near money, one place that prints, and everything documented."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from beanstock.catalogue import CATALOGUE
from beanstock.commands.report_list import REPORTS
from beanstock.policies import POLICIES

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "cli/beanstock").rglob("*.py"))
TOP = {
    "cli", "rules", "ledgers", "samples", "tests", "docs", "pyproject.toml", "README.md", "Makefile", "LICENSE", ".ci", ".gitignore", ".git",
    "action.yml", ".pre-commit-hooks.yaml",
}  # fmt: skip
MADE = {
    ".venv",
    ".venv-compiled",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
    "dist",
    "build",
}


def trees() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES]


def test_no_float_and_no_clock() -> None:
    for path, tree in trees():
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.Name) and node.id == "float"), path
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), path
            assert not (isinstance(node, ast.Attribute) and node.attr in ("today", "now", "getlocale")), path
            clock = isinstance(node, ast.Attribute) and node.attr == "time" and ast.unparse(node) == "time.time"
            assert not clock or path.name == "signing.py", path  # who signs says when


def test_only_commands_and_render_speak() -> None:
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                assert "commands" in path.parts or "render" in path.parts, path


def test_every_module_and_every_public_function_says_what_it_is() -> None:
    for path, tree in trees():
        assert ast.get_docstring(tree), path
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path}: {node.name}"


def test_nothing_compiled_hides_the_source() -> None:
    """An extension that lies beside a module would be run in its place, whatever the module says by now."""
    assert not [path for path in (ROOT / "cli").rglob("*") if path.suffix in (".so", ".pyd")]


def test_files_stay_readable() -> None:
    for path in SOURCES:
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= 400, f"{path} has {lines} lines"


def test_the_catalogue_is_used_and_complete() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES if path.parent.name != "catalogue")
    for code, entry in CATALOGUE.items():
        assert re.search(rf'"{code}"', text), f"nothing tells {code}"
        assert all((entry.what, entry.why, entry.remedy)), code


@pytest.mark.parametrize("page", ["README.md", "docs/README.zh.md"])
def test_the_readme_names_every_report(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for name in REPORTS:
        assert f"`{name}`" in text, name


def test_every_policy_is_documented() -> None:
    text = (ROOT / "docs/POLICIES.md").read_text(encoding="utf-8")
    for key, policy in POLICIES.items():
        assert f"`{key}`" in text, key
        for value in policy.values:
            assert f"`{value}`" in text, f"{key}: {value}"


def test_every_function_and_every_rule_command_is_documented() -> None:
    from beanstock.expressions.functions import FUNCTIONS, OVER  # noqa: PLC0415

    text = (ROOT / "docs/RULES.md").read_text(encoding="utf-8")
    for name in (*FUNCTIONS, *OVER):
        assert re.search(rf"`{name}[(`]", text) or f"`{name}(" in text, name
    for name in ("check", "test", "coverage", "schema"):
        assert f"`beanstock rules {name}`" in text, name


def test_every_rule_key_is_documented() -> None:
    from beanstock.rulebook.vouchers import LINE_KEYS, RULE_KEYS  # noqa: PLC0415

    text = (ROOT / "docs/RULES.md").read_text(encoding="utf-8")
    for key in (*RULE_KEYS, *LINE_KEYS):
        assert f"`{key}`" in text, key


def test_the_top_level_holds_what_the_design_names() -> None:
    assert {path.name for path in ROOT.iterdir()} <= TOP | MADE
