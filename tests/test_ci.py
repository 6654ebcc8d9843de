"""What continuous integration sees: the forms of `check`, the GitHub action and the pre-commit hooks."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from conftest import ROOT, Company
from repository import repository

RECEIPTS = """
    number,date,supplier,item,qty,price
    R1,2026-01-05,S1,A,10,10
"""
BROKEN = RECEIPTS + "R2,2026-01-06,S1,Z%,1,1\n"


def test_github_annotations_stand_at_the_cell(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    company.records(receipts=BROKEN)
    monkeypatch.chdir(company.folder.parent)
    result = company.run("check", "--format", "github")
    assert result.code == 1
    first = result.out.splitlines()[0]
    assert first.startswith("::error file=books/records/receipts.csv,line=3,col=18,title=unknown-item::")
    assert "unknown item `Z%25`%0A" in first
    assert "records      failed" in result.out


def test_no_cell_can_give_a_workflow_command(company: Company) -> None:
    company.records(receipts=RECEIPTS + 'R2,2026-01-06,S1,"Z\n::set-env name=A::b",1,1\n')
    lines = company.run("check", "--format", "github").out.splitlines()
    assert {line.split(" ")[0] for line in lines if line.startswith("::")} == {"::error"}


def test_a_table_has_a_row_for_every_problem_and_check(company: Company) -> None:
    company.records(receipts=BROKEN + 'R3,2026-01-06,S1,"=Z\n|b",1,1\n')
    result = company.run("check", "--format", "csv")
    assert result.code == 1
    rows = list(csv.DictReader(result.out.splitlines()))
    assert [(one["check"], one["status"], one["code"], one["line"], one["column"]) for one in rows[:3]] == [
        ("records", "failed", "unknown-item", "3", "18"),
        ("records", "failed", "control-character", "4", "18"),
        ("rules", "ok", "", "", ""),
    ]
    table = company.run("check", "--format", "md").out.splitlines()
    assert table[2].startswith("| Check | Status | Severity | Code | Path | Line | Column |")
    assert len(table) == 4 + len(rows)
    refused = company.run("post", "--format", "csv")
    assert refused.code == 2
    assert "'csv' is not one of table, json, github, junit, sarif" in " ".join(refused.err.split())


def test_junit_has_a_case_for_every_check(company: Company) -> None:
    company.records(receipts=RECEIPTS).post()
    suites = ET.fromstring(company.run("check", "--frozen", "--format", "junit").out)
    names = [case.get("name") for case in suites.iter("testcase")]
    assert names[0] == "records"
    assert names[-1] == "frozen"
    assert (suites.get("tests"), suites.get("failures")) == (str(len(names)), "0")
    company.records(receipts=BROKEN)
    suites = ET.fromstring(company.run("check", "--format", "junit").out)
    failures = list(suites.iter("failure"))
    assert [one.get("type") for one in failures] == ["unknown-item"]
    assert "records/receipts.csv:3:18" in str(failures[0].text)
    assert len(list(suites.iter("skipped"))) == len(names) - 3


def test_sarif_names_rule_place_and_level(company: Company) -> None:
    company.records(receipts=BROKEN)
    tree: Any = json.loads(company.run("check", "--format", "sarif").out)
    run = tree["runs"][0]
    (result,) = run["results"]
    assert tree["version"] == "2.1.0"
    assert (result["ruleId"], result["level"]) == ("unknown-item", "error")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "unknown-item"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith("records/receipts.csv")
    assert place["region"] == {"startLine": 3, "startColumn": 18}


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`beanstock` on the path."""
    script = tmp_path / "bin" / "beanstock"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -c "from beanstock.app import main; main()" "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", str(script.parent), prepend=os.pathsep)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "cli"))


def run_action(folder: Path, summary: Path, **inputs: str) -> tuple[int, str]:
    """Run the scripts of the action that need no network, as its runner does; exit code of the last, and what it printed."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    values = {name: str(one["default"]) for name, one in action["inputs"].items()} | inputs
    code, out = 0, ""
    for step in action["runs"]["steps"]:
        if "uses" in step or "pip install" in step["run"]:
            continue
        if "if" in step and not values[step["if"].removeprefix("inputs.").split(" ")[0]]:
            continue
        assert "${{" not in step["run"], "inputs may only come in as variables"
        assert step["shell"] == "bash"
        names = {key: re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", text) for key, text in step["env"].items()}
        environment = {key: values[match[1]] for key, match in names.items() if match}
        assert environment.keys() == step["env"].keys()
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder,
            env={**os.environ, **environment, "GITHUB_STEP_SUMMARY": str(summary)},
            capture_output=True,
            text=True,
            check=False,
        )
        code, out = done.returncode, done.stdout + done.stderr
    return code, out


@pytest.mark.usefixtures("program")
def test_the_action_checks_and_summarises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = repository(tmp_path / "books", monkeypatch)
    shop.records(receipts=RECEIPTS)
    shop.posted("first")
    shop.records(receipts=RECEIPTS.replace("A,10,10", "A,10,12"))
    summary = tmp_path / "summary.md"
    code, out = run_action(tmp_path, summary, books="books", **{"compare-with": "HEAD"})
    assert code == 1
    assert "::error file=books/ledgers/2026-01.bean,line=" in out
    assert "| changed | 2026-01-05 | receipts/R1 | record |" in summary.read_text()
    assert run_action(tmp_path, summary, books="books", frozen="false")[0] == 1  # the stock differs, too
    shop.post()
    assert run_action(tmp_path, summary, books="books")[0] == 0


@pytest.mark.usefixtures("program")
def test_an_input_cannot_run_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = repository(tmp_path / "books", monkeypatch)
    shop.records(receipts=RECEIPTS).post()
    evil = "$(touch evil); touch evil"
    run_action(tmp_path, tmp_path / "summary.md", books=evil, ledgers=evil, frozen=evil, **{"compare-with": evil})
    assert not (tmp_path / "evil").exists()


@pytest.mark.usefixtures("program")
def test_the_hooks_run_and_watch_the_right_files(company: Company) -> None:
    company.records(receipts=RECEIPTS).post()
    hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert set(hooks) == {"beanstock-check", "beanstock-rules"}
    for hook in hooks.values():
        assert subprocess.run(shlex.split(hook["entry"]), cwd=company.folder, check=False).returncode == 0
        assert not hook["pass_filenames"]
    files = re.compile(hooks["beanstock-check"]["files"])
    assert all(files.search(name) for name in ("beanstock.yaml", "shop/records/a.csv", "ledgers/2026-01.bean"))
    assert not files.search("docs/records.md")
    company.records(receipts=RECEIPTS.replace("A,10,10", "A,10,12"))
    entry = shlex.split(hooks["beanstock-check"]["entry"])
    assert subprocess.run(entry, cwd=company.folder, check=False, capture_output=True).returncode == 1
