"""Beancount itself as the second judge: the whole ledger must load without a single error.

Its cache is off, because a planted cache file would run code; it only ever loads what the strict reader has seen, so
no plugin, option or include of a file can reach it.
"""

from __future__ import annotations

import os
from pathlib import Path

from beanstock.problems import Place, Problem, problem


def judge(folder: Path) -> list[Problem]:
    """Errors that Beancount finds in main.bean. Problems: beancount-error."""
    os.environ["BEANCOUNT_DISABLE_LOAD_CACHE"] = "1"
    from beancount import loader  # noqa: PLC0415 half a second, and only checks need it

    _, faults, _ = loader.load_file(str(folder / "main.bean"))
    found = []
    for fault in faults:
        path = Path(fault.source.get("filename", "main.bean"))
        shown = f"ledgers/{path.relative_to(folder).as_posix()}" if path.is_relative_to(folder) else path.name
        detail = str(fault.message).splitlines()[0]
        found.append(
            problem("beancount-error", Place(shown, int(fault.source.get("lineno", 0) or 0), 1), detail=detail)
        )
    return found
