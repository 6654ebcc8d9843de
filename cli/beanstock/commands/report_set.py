"""`beanstock report all --to-dir DIR`: the set of reports that one sends to an owner or a bank, and how files are written."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from beanstock.commands.report_context import Context
from beanstock.problems import Problem, problem
from beanstock.render.cells import Letterhead
from beanstock.render.tables import as_bytes
from beanstock.rulebook.statements import STATEMENTS
from beanstock.table import Table

SET = (
    "balance-sheet",
    "income-statement",
    "cash-flow",
    "cash-flow-indirect",
    "trial-balance",
    "receivables",
    "payables",
    "stock",
    "stock-moves",
    "stock-aging",
    "margins",
    "ratios",
)
TOGETHER = ("html", "xlsx")  # forms that hold the whole set in one file


def set_of(context: Context) -> list[str]:
    """The reports of the set: statements only where the pack has their form."""
    return [name for name in SET if name not in STATEMENTS or name in context.rulebook.statements]


def write_set(folder: Path, tables: list[Table], form: str, head: Letterhead, problems: list[Problem]) -> list[Path]:
    """Write the set; without a form, as one page and one workbook. Problems: cannot-write."""
    forms = TOGETHER if form == "table" else (form,)
    contents: dict[Path, bytes] = {}
    for one in forms:
        if one in TOGETHER:
            contents[folder / f"reports.{one}"] = as_bytes(tables, one, head)
        else:
            contents |= {folder / f"{table.report}.{one}": as_bytes([table], one, head) for table in tables}
    return write_files(contents, problems)


def write_files(contents: dict[Path, bytes], problems: list[Problem]) -> list[Path]:
    """Write files, each wholly or not at all; those written. Problems: cannot-write."""
    written: list[Path] = []
    for path, data in contents.items():
        staged = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, staged = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(staged).chmod(0o666 & ~_umask())
            Path(staged).replace(path)
        except OSError as fault:
            if staged:
                Path(staged).unlink(missing_ok=True)
            problems.append(problem("cannot-write", None, path=str(path), detail=fault.strerror or str(fault)))
        else:
            written.append(path)
    return written


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
