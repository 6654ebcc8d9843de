"""Faults at file-system calls: killed, failing or out of space at the N-th call that touches a folder.

A first run under strace lists the calls that touch the folder, with their ordinal among all calls of that name; each
fault is then a run in which strace makes exactly that call fail, or kills the process at it. Afterwards the folder must
be what it was before or what an undisturbed run makes of it, and one more run must finish the work and leave nothing
behind.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

BEANSTOCK = [sys.executable, "-c", "from beanstock.app import main; main()"]
ENVIRONMENT = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
# what reads (a call that fails there must leave everything as it was) and what writes
CALLS = ("openat", "read", "write", "fsync", "rename", "unlink", "unlinkat", "mkdir", "rmdir", "flock", "getdents64")
FAULTS = {"killed": "signal=SIGKILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
STAGING = ".beanstock-commit"
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)$")


@dataclass
class Command:
    """A writing command and the folder it works on: how the folder looks before, and the arguments."""

    name: str
    before: Path
    arguments: list[str]
    watched: list[str] = field(default_factory=lambda: ["ledgers", "records", "beanstock.yaml"])

    def run(self, folder: Path, prefix: tuple[str, ...] = (), **options: object) -> subprocess.CompletedProcess[str]:
        """Run the command on a folder, which `{}` in the arguments stands for."""
        arguments = [argument.replace("{}", str(folder)) for argument in self.arguments]
        return subprocess.run(  # type: ignore[call-overload, no-any-return]
            [*prefix, *BEANSTOCK, *arguments], capture_output=True, text=True, check=False, env=ENVIRONMENT, **options
        )


@dataclass(frozen=True)
class Fault:
    """One fault: at which call (its name and ordinal among its name) what happens."""

    call: str
    at: int
    what: str


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def laid(command: Command, folder: Path) -> None:
    """Make the folder what it is before the command."""
    shutil.rmtree(folder, ignore_errors=True)
    if command.before.exists():
        shutil.copytree(command.before, folder)


def calls(command: Command, folder: Path, log: Path) -> list[tuple[str, int]]:
    """The calls of an undisturbed run that touch the folder, each with its ordinal among the calls of its name."""
    laid(command, folder)
    done = command.run(folder, ("strace", "-f", "-y", "-e", f"trace={','.join(CALLS)}", "-o", str(log)))
    assert done.returncode == 0, done.stderr
    seen: dict[str, int] = {}
    found = []
    for line in log.read_text(errors="replace").splitlines():
        match = _CALL.match(line)
        if match and match[1] in CALLS:
            seen[match[1]] = seen.get(match[1], 0) + 1
            if str(folder) in match[2]:
                found.append((match[1], seen[match[1]]))
    return found


def faults(found: list[tuple[str, int]]) -> Iterator[Fault]:
    """Every call with every fault that can happen to it."""
    for call, at in found:
        for what in FAULTS:
            if what != "ENOSPC" or call in ("openat", "write", "fsync", "mkdir", "rename"):
                yield Fault(call, at, what)


def disturbed(command: Command, fault: Fault, folder: Path, old: dict[str, bytes], new: dict[str, bytes]) -> str:
    """Run with a fault, judge what is left, run again and judge that; what is wrong, or nothing."""
    laid(command, folder)
    inject = f"inject={fault.call}:{FAULTS[fault.what]}:when={fault.at}"
    done = command.run(folder, ("strace", "-f", "-o", "/dev/null", "-e", f"trace={fault.call}", "-e", inject))
    return judged(command, folder, done, old, new)


def judged(
    command: Command, folder: Path, done: subprocess.CompletedProcess[str], old: dict[str, bytes], new: dict[str, bytes]
) -> str:
    """What is wrong after a disturbed run, or nothing."""
    if done.returncode not in (0, 1, 2, 3, -9, 137):
        return f"exit code {done.returncode}: {done.stderr[-300:]}"
    if done.returncode == 0 and contents(folder) != new:
        return "it said that all was well"
    if not whole(folder, old, new):
        return "the folder is neither old nor new"
    again = command.run(folder)
    if again.returncode not in (0, 2):
        return f"the next run fails: {again.stderr[-300:]}"
    if contents(folder) != new:
        return "the next run does not make what an undisturbed run makes"
    return ""


def whole(folder: Path, old: dict[str, bytes], new: dict[str, bytes]) -> bool:
    """Whether the books are the old or the new ones, or a committed change that the next start will finish."""
    left = {name: data for name, data in contents(folder).items() if STAGING not in name}
    if left in (old, new):
        return True
    committed = any((path / "manifest.json").exists() for path in folder.rglob(STAGING))
    return committed and all(left.get(name) in (old.get(name), new.get(name)) for name in {*old, *new, *left})
