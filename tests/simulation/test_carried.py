"""Posting that goes on from closed months makes the same books as posting that computes everything.

Random companies close one month after the other. After each, open months are written in several ways: as they are,
with documents left out, up to another day. Both runs must say and write the same, to the last byte.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from beanstock.carried.going import Carried

from .companies import make_company
from .files import _columns, _csv, _rows, _write, _yaml, settings, write_records
from .papers import Company, Document
from .running import closed, ledger_bytes, posted

WAYS = 4  # how often the open months of a company are written anew after each closing
SEEDS = range(600, 640)
ENOUGH = 3  # runs that went on: then no further company is made


@pytest.fixture(autouse=True)
def _somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("NAME", "Alice"), ("EMAIL", "alice@example.org")):
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")


@pytest.fixture
def went_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs that went on from closed months to their end."""
    runs: list[str] = []
    problems = Carried.problems

    def noted(self: Carried, found: list[object]) -> object:
        told = problems(self, found)  # type: ignore[arg-type]
        runs.append(str(self.end))
        return told

    monkeypatch.setattr(Carried, "problems", noted)
    return runs


def test_going_on_from_closed_months_is_the_same_as_computing_them(
    went_on: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = 0
    for seed in SEEDS:
        if compared > ENOUGH:
            return
        for number, (books, other) in enumerate(_ways(seed, tmp_path / str(seed), monkeypatch)):
            monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"{seed} {number}"))
            whole = posted(other)
            monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"{seed}"))
            before = len(went_on)
            code, said = posted(books)
            assert (code, sorted(said.splitlines())) == (whole[0], sorted(whole[1].splitlines())), f"{seed} {number}"
            assert ledger_bytes(books) == ledger_bytes(other), f"{seed} {number}"
            compared += len(went_on) - before
    pytest.fail(f"only {compared} runs went on from closed months: too few for this to say anything")


def _ways(seed: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Path]]:
    """Books with closed months, and a copy of them that nothing is noted of, as often as they are written anew."""
    company, _ = make_company(seed)
    company.policies["late_documents"] = "next-open-period"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    random = Random(f"carried {seed}")
    everything = company.documents
    for month in sorted({_month(one) for one in everything})[:-1]:
        known = [one for one in everything if _month(one) <= month]
        _write_books(company, known, everything, folder / "books")
        if posted(folder / "books")[0] or closed(folder / "books", month)[0]:
            return
        later = [one for one in everything if _month(one) > month]
        for way in range(WAYS):
            some = [one for one in later if way == 0 or random.random() < 0.9]
            some = some[: random.randint(len(some) // 2, len(some))] if 0 < way < WAYS - 1 else some
            _write_books(company, known + some, everything, folder / "books")
            shutil.rmtree(folder / "copy", ignore_errors=True)
            shutil.copytree(folder / "books", folder / "copy")
            yield folder / "books", folder / "copy"


def _month(document: Document) -> str:
    return str(document.date)[:7]


def _write_books(company: Company, documents: list[Document], everything: list[Document], folder: Path) -> None:
    """Books as people keep them: one file for each month of a kind, or one that grows at its end."""
    shutil.rmtree(folder / "records", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "beanstock.yaml").write_text(settings(company), encoding="utf-8")
    company.documents = []
    write_records(company, folder / "records", Random(company.seed))
    for kind in sorted({one.kind for one in documents}):
        own = [one for one in documents if one.kind == kind]
        if Random(f"{company.seed} {kind}").random() < 0.5:
            for month in sorted({_month(one) for one in own}):
                _write_month([one for one in own if _month(one) == month], folder / "records" / kind / month)
        else:
            columns = _columns([row for one in everything if one.kind == kind for row in _rows(one, Random(f"{one}"))])
            rows = [row for one in sorted(own, key=lambda one: one.date) for row in _rows(one, Random(f"{one}"))]
            _write(folder / "records" / f"{kind}.csv", _csv(columns, rows, columns, chinese=False), Random(0))


def _write_month(documents: list[Document], path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    random = Random(f"{path.parent.name} {path.name}")
    if random.random() < 0.3:
        _write(path.with_name(f"{path.name}.yaml"), _yaml(documents, chinese=False), Random(0))
    else:
        rows = [row for one in documents for row in _rows(one, random)]
        columns = _columns(rows)
        _write(path.with_name(f"{path.name}.csv"), _csv(columns, rows, columns, chinese=False), Random(0))
