"""What tests share: a books folder made of a few lines of text, and the command line run in this process."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import typer.testing
from typer.testing import CliRunner

from beanstock.app import app
from beanstock.commands import carry
from beanstock.files import yamltext
from beanstock.problems import Problem

ROOT = Path(__file__).parents[1]

# the command line is put together once and not for each run, which takes as long as a small report
typer.testing._get_command = functools.cache(typer.testing._get_command)  # type: ignore[attr-defined]


@functools.cache
def _parsed(text: str, shown: str) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    return _build(text, shown, problems), problems


def _build_once(text: str, shown: str, problems: list[Problem]) -> Any:
    if not shown.startswith("rules/"):
        return _build(text, shown, problems)
    root, found = _parsed(text, shown)
    problems += found
    return root


# rule files are parsed once and not for each run, a quarter of what it takes to load them
_build, yamltext._build = yamltext._build, _build_once

# what closed months carry is noted of the smallest books, too, so that every test of closed months goes on from it
carry.WORTH = 0

ITEMS = "code,name,unit,type,costing\nA,Frame,pcs,goods,\nB,Wheel,pcs,goods,fifo\nS,Repair,h,service,\n"
PARTNERS = "code,name,role,terms\nC1,Customer One,customer,30\nC2,Customer Two,customer,\nS1,Supplier One,supplier,30\nS2,Supplier Two,supplier,\nX1,Both,both,\n"
WAREHOUSES = "code,name\nmain,Main\nshop,Shop\n"


@dataclass
class Result:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Company:
    """A books folder in a test's own directory."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        said = {"company": "Test", "pack": "ifrs", "currency": "EUR"} | self.settings
        self.write("beanstock.yaml", "".join(f"{key}: {value}\n" for key, value in said.items()))
        self.records(items=ITEMS, partners=PARTNERS, warehouses=WAREHOUSES)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def records(self, **kinds: str) -> Company:
        """Write records/<kind>.csv for each keyword; blanks around lines are taken away, so that tables can be indented."""
        for kind, text in kinds.items():
            lines = [line.strip() for line in text.strip().splitlines()]
            self.write(f"records/{kind.replace('_', '-')}.csv", "\n".join(lines) + "\n")
        return self

    def run(self, *arguments: str) -> Result:
        outcome = CliRunner().invoke(app, [*arguments, "--books", str(self.folder)])
        if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
            raise outcome.exception
        return Result(outcome.exit_code, outcome.stdout, outcome.stderr)

    def post(self) -> Company:
        """Post and check; both must be fine."""
        for command in (("post",), ("check", "--frozen")):
            result = self.run(*command)
            assert result.code == 0, result.err + result.out
        return self

    def fails(self, *codes: str) -> str:
        """Posting fails with exactly these errors; the text of stderr."""
        result = self.run("post", "--format", "json")
        found = [one["code"] for one in result.json["problems"] if one["severity"] == "error"]
        assert sorted(found) == sorted(codes), result.out
        assert result.code == 1
        return self.run("post").err

    def report(self, name: str, *arguments: str) -> Any:
        result = self.run("report", name, "--format", "json", *arguments)
        assert result.code == 0, result.err
        return result.json

    def role(self, role: str, *arguments: str) -> str:
        """The closing balance of a role in the trial balance."""
        rows = self.report("trial-balance", *arguments)["rows"]
        return str(sum((Decimal(row["closing"]) for row in rows if row["role"] == role), Decimal("0.00")))

    def stock(self, item: str, *arguments: str) -> tuple[str, str]:
        """Quantity and value of an item over all places."""
        rows = [row for row in self.report("stock", *arguments)["rows"] if row["item"] == item]
        qty = sum((Decimal(row["qty"]) for row in rows), Decimal(0))
        return f"{qty:f}", str(sum((Decimal(row["value"]) for row in rows), Decimal("0.00")))

    def ledger(self, name: str) -> str:
        return (self.folder / "ledgers" / name).read_text(encoding="utf-8")

    def contents(self) -> dict[str, bytes]:
        """Every ledger file with its bytes."""
        folder = self.folder / "ledgers"
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Indexes of the tests' books stay out of the user's cache."""
    before = os.environ.get("XDG_CACHE_HOME")
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))
    yield
    os.environ.pop("XDG_CACHE_HOME")
    if before is not None:
        os.environ["XDG_CACHE_HOME"] = before


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path / "books")


@pytest.fixture
def new_company(tmp_path: Path) -> Callable[..., Company]:
    """A maker of companies with settings of their own."""
    made: list[Company] = []

    def make(**settings: str) -> Company:
        made.append(Company(tmp_path / f"books{len(made)}", settings))
        return made[-1]

    return make
