"""Runs the program in this process, for speed: what `beanstock post` calls, with its output kept."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from beanstock.commands.options import Options
from beanstock.commands.post import post


def posted(folder: Path) -> tuple[int, str]:
    """Exit code and all that was said."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = post(Options(folder))
    return code, said.getvalue()
