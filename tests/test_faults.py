"""Crash safety in the suite: a sample of the faults that `make faults` runs all of."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "faults"))
from commands import commands
from injecting import calls, contents, disturbed, faults, laid

EVERY = 24  # one fault of so many


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("number", range(4), ids=["post from nothing", "post a change", "import", "init"])
def test_a_fault_at_a_call_leaves_old_or_new_books(tmp_path: Path, number: int) -> None:
    command = commands(tmp_path)[number]
    folder = tmp_path / "books"
    laid(command, folder)
    old = contents(folder)
    assert command.run(folder).returncode == 0
    new = contents(folder)
    todo = list(faults(calls(command, folder, tmp_path / "log")))
    assert len(todo) > EVERY
    for fault in todo[number::EVERY]:
        assert disturbed(command, fault, folder, old, new) == "", fault
