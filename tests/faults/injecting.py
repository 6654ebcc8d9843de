"""Faults at file-system calls: killed, failing or out of space at the N-th call that touches a folder.

A first run under strace lists the calls that touch the folder, with their ordinal among all calls of that name; each
fault is then a run in which strace makes exactly that call fail, or kills the process at it. Afterwards the folder must
be what it was before or what an undisturbed run makes of it, and one more run must finish the work and leave nothing
behind.
"""

from __future__ import annotations

import hashlib
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
PATIENCE = 120  # seconds after which a run counts as hanging
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
        settings = {"capture_output": True, "text": True, "env": ENVIRONMENT, "timeout": PATIENCE, **options}
        return subprocess.run([*prefix, *BEANSTOCK, *arguments], check=False, **settings)  # type: ignore[call-overload, no-any-return]


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


def build_short_write(scratch: Path) -> Path | None:
    """The library that shortens one write; None where there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    made = scratch / "short_write.so"
    source = Path(__file__).with_name("short_write.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(source), "-ldl"], check=True)
    return made


def shortened(
    command: Command, at: int, library: Path, folder: Path, old: dict[str, bytes], new: dict[str, bytes]
) -> str:
    """Run with one write that takes half of its bytes, which must change nothing; what is wrong, or nothing."""
    laid(command, folder)
    more = {"LD_PRELOAD": str(library), "SHORT_FOLDER": str(folder), "SHORT_AT": str(at)}
    done = command.run(folder, env={**ENVIRONMENT, **more})
    return f"exit code {done.returncode}" if done.returncode else judged(command, folder, done, old, new)


def disturbed(command: Command, fault: Fault, folder: Path, old: dict[str, bytes], new: dict[str, bytes]) -> str:
    """Run with a fault, judge what is left, run again and judge that; what is wrong, or nothing."""
    laid(command, folder)
    inject = f"inject={fault.call}:{FAULTS[fault.what]}:when={fault.at}"
    log = folder.with_name(f"{folder.name}.log")
    done = command.run(folder, ("strace", "-f", "-y", "-o", str(log), "-e", f"trace={fault.call}", "-e", inject))
    hit = [line for line in log.read_text(errors="replace").splitlines() if f" {fault.call}(" in f" {line}"]
    log.unlink()
    struck = hit[-1] if fault.what == "killed" and hit else next((one for one in hit if "(INJECTED)" in one), "")
    if str(folder) not in struck:
        return f"the fault struck elsewhere: {struck[:200]}"
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
    state = (command.name, state_of(folder))
    if state not in _FOLLOWED:  # many faults leave the same, and the next run sees nothing else
        again = command.run(folder)
        _FOLLOWED[state] = (
            f"the next run fails: {again.stderr[-300:]}"
            if again.returncode not in (0, 2)
            else "the next run does not make what an undisturbed run makes"
            if contents(folder) != new
            else "the next run leaves a staging folder behind"
            if any(path.name == STAGING for path in folder.rglob("*"))
            else ""
        )
    return _FOLLOWED[state]


_FOLLOWED: dict[tuple[str, str], str] = {}


def state_of(folder: Path) -> str:
    """A hash of everything below a folder, empty folders and modes of files included."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name}\0{path.is_dir()}\0{path.stat().st_mode:o}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def whole(folder: Path, old: dict[str, bytes], new: dict[str, bytes]) -> bool:
    """Whether the books are the old or the new ones, or a committed change that the next start will finish."""
    left = {name: data for name, data in contents(folder).items() if STAGING not in name}
    if left in (old, new):
        return True
    committed = any((path / "manifest.json").exists() for path in folder.rglob(STAGING))
    return committed and all(left.get(name) in (old.get(name), new.get(name)) for name in {*old, *new, *left})
