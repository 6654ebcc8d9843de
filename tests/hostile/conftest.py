"""What the hostile tests share: counts, seeds, books in this process, and the command in a process of its own.

`pytest tests/hostile --release` (or HOSTILE_RELEASE=1) runs the counts of a release, HOSTILE_SEED=n another seed.
"""

from __future__ import annotations

import hashlib
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from beanstock.amounts.money import use_exact_context
from beanstock.app import app
from beanstock.files.decode import read_text
from beanstock.files.yamltext import parse_map
from beanstock.model import Masters
from beanstock.records.cells import Typing
from beanstock.records.kinds import Kinds, load_kinds
from conftest import Company, Result

SETTINGS = "company: Test\npack: ifrs\ncurrency: EUR\n"
RECEIPTS = "number,date,supplier,item,qty,price\n"
DECLARED = (0, 1, 2, 3)  # the exit codes that are promised; 70 is a bug
MEMORY = 2 << 30
SECONDS = 2.0  # what no hostile file may take
STARTING = 0.5  # what a process may take to begin and end beside that
PATIENCE = 6


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--release", action="store_true", help="hostile input at the counts of a release")


@pytest.fixture(scope="session")
def release(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--release", default=False)) or os.environ.get("HOSTILE_RELEASE") == "1"


@pytest.fixture(scope="session")
def seed() -> int:
    return int(os.environ.get("HOSTILE_SEED", "2026"))


@pytest.fixture
def chance(seed: int) -> random.Random:
    print(f"HOSTILE_SEED={seed}")  # shown when the test fails
    return random.Random(seed)


@pytest.fixture(scope="session")
def kinds() -> Kinds:
    rules = Path(__file__).parents[2] / "rules" / "documents.yaml"
    tree, problems = parse_map(read_text(rules, "rules/documents.yaml")[0], "rules/documents.yaml")
    found, more = load_kinds(tree, "rules/documents.yaml")
    assert not problems
    assert not more
    return found


@pytest.fixture
def books(tmp_path: Path) -> Company:
    return Company(tmp_path / "books")


def invoke(*arguments: str) -> Result:
    """Run a command in this process: no traceback (it would be raised here) and an exit code that is promised."""
    outcome = CliRunner().invoke(app, list(arguments))
    if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception
    assert outcome.exit_code in DECLARED, (arguments, outcome.exit_code)
    return Result(outcome.exit_code, outcome.stdout, outcome.stderr)


def errors_of(result: Result) -> list[dict[str, object]]:
    """The errors of a command that answered with --format json."""
    return [one for one in result.json["problems"] if one["severity"] == "error"]


def command(folder: Path, *arguments: str, seconds: float = SECONDS, **more: str | None) -> Result:
    """Run the command in a process of its own, in `folder`, with bounded memory and time, and `more` environment variables
    (None: without that one). Time is the processor's, so that other work on the machine does not count; by the clock it may take
    `PATIENCE` times as long before it hangs.
    """
    environment = {name: text for name, text in {**os.environ, **more}.items() if text is not None}
    script = Path(sys.executable).parent / "beanstock"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(
            [str(script), *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE * (seconds + STARTING),
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        )
    except subprocess.TimeoutExpired:
        pytest.fail(f"{arguments} hangs for more than {seconds} s")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert used <= seconds + STARTING, f"{arguments} takes {used:.1f} s of the processor"
    result = Result(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))
    assert result.code in DECLARED, result.err[-600:]
    return result


def snapshot(folder: Path, *leave_out: Path) -> dict[str, str]:
    """Every file, folder and link below a folder with a hash of what it holds."""

    def found() -> Iterator[tuple[str, str]]:
        for path in sorted(folder.rglob("*")):
            if any(path == one or path.is_relative_to(one) for one in leave_out):
                continue
            if path.is_symlink():
                yield str(path), "link " + os.fspath(path.readlink())
            elif path.is_file():
                yield str(path), hashlib.sha256(path.read_bytes()).hexdigest()
            else:
                yield str(path), "folder or special"

    return dict(found())


def linked(path: Path, target: str) -> Path:
    """A symbolic link in place of whatever is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(target)
    return path


def fastest(action: Callable[[], object], seconds: float) -> None:
    """An action takes less than so many seconds; a busy machine may try three times."""
    took = []
    for _ in range(3):
        begin = time.perf_counter()
        action()
        took.append(time.perf_counter() - begin)
        if took[-1] < seconds:
            return
    pytest.fail(f"took {min(took):.2f} s, more than {seconds} s")


@pytest.fixture(scope="module")
def cells() -> dict[str, Any]:
    """The types of cells by name, as records without masters have them."""
    use_exact_context()
    return dict(Typing(Masters(), {}, 2).by_type)
