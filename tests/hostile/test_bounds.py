"""Rows 3 to 5 and 8 by other oracles: which system calls write, how much memory hostile texts take, and what the program may use."""

from __future__ import annotations

import ast
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from beanstock.expressions.tree import ExpressionFault
from beanstock.files.yamltext import parse
from beanstock.records.kinds import Kinds
from beanstock.rulebook.scopes import DocumentScope
from conftest import ROOT, Company

from .payloads import HIDES, cell
from .sinks import IN_RULES, SINKS, lay
from .test_hostile_rules import HOSTILE, compiled
from .test_paths import NAMES
from .test_yaml_input import KEPT, REFUSED

WRITES = re.compile(
    r"\b(?:openat\(.*O_(?:WRONLY|RDWR|CREAT)|(?:mkdir|mkdirat|rename|renameat|renameat2|unlink|unlinkat|rmdir|link|linkat|symlink|symlinkat|truncate|chmod|fchmodat|utimensat)\()"
)
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("name", [name for name in SINKS if name not in IN_RULES])
def test_every_write_is_in_the_books(name: str, tmp_path: Path) -> None:
    """60 hostile names through every sink of a record. Oracle: strace sees no call that writes, makes, renames or removes
    anything but below the books folder and the user's cache folder.
    """
    company = Company(tmp_path / "books")
    lay(company, name, dict(enumerate({cell(text): text for text in NAMES if not HIDES.search(text)}.values())))
    cache, log = tmp_path / "cache", tmp_path / "log"
    foreign = sorted(map(str, (company.folder / "foreign").glob("*")))
    imports = [["import", "m", *foreign, "--into", str(company.folder)]] if foreign else []
    reports = [["report", "stock", str(company.folder)]] if name == "memo" else []
    written = 0
    for arguments in (*imports, ["post", str(company.folder)], *reports):
        run = [sys.executable, "-B", "-c", "from beanstock.app import main; main()", *arguments]
        strace = ["strace", "-f", "--seccomp-bpf", "-y", "-s", "4096", "-e", "trace=file", "-o", str(log)]
        done = subprocess.run(
            [*strace, *run],
            env={**os.environ, "XDG_CACHE_HOME": str(cache)},
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr[-400:]
        for line in log.read_text(errors="replace").splitlines():
            if not WRITES.search(line):
                continue
            written += 1
            for path in QUOTED.findall(line):
                allowed = path.startswith((str(company.folder), str(cache), "/dev/")) or not path.startswith("/")
                assert allowed, line
                if not path.startswith("/"):  # relative to a folder that strace names
                    assert str(company.folder) in line, line
                assert ".." not in path.split("/"), line
        print(arguments[0], done.returncode, done.stderr[-300:])
    posted = (company.folder / "ledgers" / "2026-01.bean").is_file()
    assert posted != (name == "account")  # where names would meet in one account and are refused
    assert not posted or written > 10


def peak(action: Callable[[], object]) -> int:
    """Bytes that an action takes at most."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_of_hostile_expressions(kinds: Kinds) -> None:
    """Oracle: each takes less than 64 MB until it is refused."""
    scope = DocumentScope(kinds.documents["receipts"], {"policy.cost_scope": "company"})

    def refused(text: str) -> None:
        with contextlib.suppress(ExpressionFault):
            compiled(text, scope)

    for text in HOSTILE:
        assert peak(lambda text=text: refused(text)) < 64 << 20, text[:100]  # type: ignore[misc]


def test_memory_of_hostile_yaml() -> None:
    """Oracle: each takes less than 200 MB."""
    for text in (*REFUSED, *(text for text, _ in KEPT)):
        assert peak(lambda text=text: parse(text, "x")) < 200 << 20, text[:100]  # type: ignore[misc]


FORBIDDEN = {
    "pickle", "shelve", "marshal", "socket", "ssl", "http", "urllib", "ftplib", "smtplib", "subprocess", "multiprocessing", "ctypes", "importlib",
    "jinja2", "requests", "webbrowser", "pdb", "code",
}  # fmt: skip
HARMLESS = {"importlib.metadata", "urllib.parse"}  # read a version, and quote a path
ALLOWED = {"files/git.py": {"subprocess"}}  # asks git, with words of its own only
RUNS = {
    "expressions/interpreter.py",
    "imports/convert.py",
    "rulebook/compiling.py",
    "vouchers/explain.py",
}  # what the compiler itself made


def test_no_network_no_pickle_and_no_other_eval() -> None:
    """Rule 8. Oracle: the program's source imports nothing of the list, and runs source where the compiler made it and nowhere else."""
    for path in sorted((ROOT / "cli/beanstock").rglob("*.py")):
        inside = path.relative_to(ROOT / "cli/beanstock").as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [one.name for one in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            used = {name.split(".")[0] for name in names if name not in HARMLESS}
            assert not used & FORBIDDEN - ALLOWED.get(inside, set()), path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec"):
                assert inside in RUNS, path
