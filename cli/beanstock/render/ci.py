"""The outcome of checks as machines of code review take it: GitHub's annotations, JUnit's XML, and SARIF 2.1.0.

What a record says is escaped by each form's own rules, so that no cell can speak as a command or as markup.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple
from xml.etree import ElementTree as ET

from beanstock.catalogue import CATALOGUE
from beanstock.problems import Problem
from beanstock.render.problems import problem_text, safe

FORMS = ("github", "junit", "sarif")
Locator = Callable[[str], str]  # the path that messages show to the path in the checkout
_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
_SARIF = {"error": "error", "warning": "warning", "note": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class Outcome(NamedTuple):
    """One check: its name, ok, failed or skipped, and what it found."""

    name: str
    status: str
    problems: list[Problem]


def as_ci(form: str, company: str, outcomes: list[Outcome], path: Locator) -> str:
    """The outcomes in one of FORMS."""
    if form == "github":
        return "".join(f"{line}\n" for line in _github(outcomes, path))
    return (_junit(company, outcomes) if form == "junit" else _sarif(outcomes, path)) + "\n"


def _github(outcomes: list[Outcome], path: Locator) -> Iterable[str]:
    """Workflow commands, errors first because GitHub shows the first ones only; then a line for each check."""
    problems = [one for outcome in outcomes for one in outcome.problems]
    for one in sorted(problems, key=lambda one: ("error", "warning", "note").index(one.severity)):
        where: dict[str, str] = {}
        if one.place is not None and one.place.path:
            where["file"] = path(one.place.path)
            if one.place.line:
                where["line"] = str(one.place.line)
            if one.place.column:
                where["col"] = str(one.place.column)
        facts = ",".join(f"{key}={_property(value)}" for key, value in {**where, "title": one.code}.items())
        text = "\n".join(part for part in (one.message, one.reason, one.remedy) if part.strip())
        yield f"::{_LEVELS[one.severity]} {facts}::{_data(text)}"
    for outcome in outcomes:
        yield f"{outcome.name:<12} {outcome.status}"


def _data(text: str) -> str:
    lines = (safe(line).replace("%", "%25") for line in text.split("\n"))
    return "%0A".join(lines)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _junit(company: str, outcomes: list[Outcome]) -> str:
    failed = sum(outcome.status == "failed" for outcome in outcomes)
    skipped = sum(outcome.status == "skipped" for outcome in outcomes)
    counts = {"tests": str(len(outcomes)), "failures": str(failed), "skipped": str(skipped), "errors": "0"}
    suites = ET.Element("testsuites", {"name": "beanstock check", **counts})
    suite = ET.SubElement(suites, "testsuite", {"name": safe(company), **counts})
    for outcome in outcomes:
        case = ET.SubElement(suite, "testcase", {"classname": "beanstock.check", "name": outcome.name})
        told = "\n\n".join(problem_text(one) for one in outcome.problems)
        if outcome.status == "failed":
            first = next(one for one in outcome.problems if one.severity == "error")
            failure = ET.SubElement(case, "failure", {"message": safe(first.message), "type": first.code})
            failure.text = told
        elif outcome.status == "skipped":
            ET.SubElement(case, "skipped", {"message": "what it needs has failed"})
        elif told:
            ET.SubElement(case, "system-out").text = told
    ET.indent(suites, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suites, encoding="unicode")


def _sarif(outcomes: list[Outcome], path: Locator) -> str:
    problems = [one for outcome in outcomes for one in outcome.problems]
    codes = sorted({one.code for one in problems})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": CATALOGUE[code].what},
            "defaultConfiguration": {"level": _SARIF[CATALOGUE[code].severity]},
        }
        for code in codes
    ]
    driver = {"name": "beanstock", "version": _version(), "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes, path) for one in problems],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1)


def _result(one: Problem, codes: list[str], path: Locator) -> Mapping[str, object]:
    text = " ".join(safe(part) for part in (one.message, one.reason, one.remedy) if part.strip())
    result: dict[str, object] = {
        "ruleId": one.code,
        "ruleIndex": codes.index(one.code),
        "level": _SARIF[one.severity],
        "message": {"text": text},
    }
    if one.place is not None and one.place.path:
        from urllib.parse import quote  # noqa: PLC0415 only this form pays for it

        physical: dict[str, object] = {"artifactLocation": {"uri": quote(path(one.place.path))}}
        if one.place.line:
            physical["region"] = {"startLine": one.place.line, "startColumn": max(1, one.place.column)}
        result["locations"] = [{"physicalLocation": physical}]
    return result


def _version() -> str:
    try:
        return version("beanstock")
    except PackageNotFoundError:  # run from a source tree that nobody installed
        return "0"
