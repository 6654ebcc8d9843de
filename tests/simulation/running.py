"""Runs the program in this process, for speed: what the command line calls, with its output kept."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from beanstock.commands.check import check
from beanstock.commands.close import close
from beanstock.commands.options import Options
from beanstock.commands.post import post
from beanstock.commands.report import report
from beanstock.table import Query


def posted(folder: Path) -> tuple[int, str]:
    """Exit code of `beanstock post` and all that it said."""
    return _heard(lambda: post(Options(folder)))


def checked(folder: Path) -> tuple[int, str]:
    """Exit code of `beanstock check --frozen` and all that it said."""
    return _heard(lambda: check(Options(folder), frozen=True))


def closed(folder: Path, month: str) -> tuple[int, str]:
    """Exit code of `beanstock close MONTH` and all that it said."""
    return _heard(lambda: close(Options(folder), month))


def reported(folder: Path, name: str) -> list[dict[str, Any]]:
    """The rows of `beanstock report NAME --format json`."""
    code, said = _heard(lambda: report(Options(folder, form="json"), name, Query()))
    assert code == 0, said
    rows: list[dict[str, Any]] = json.loads(said)["rows"]
    return rows


def _heard(command: Callable[[], int]) -> tuple[int, str]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = command()
    return code, said.getvalue()


def ledger_bytes(folder: Path) -> dict[str, bytes]:
    """Every Beancount file of the books."""
    return {path.name: path.read_bytes() for path in sorted((folder / "ledgers").glob("*.bean"))}
