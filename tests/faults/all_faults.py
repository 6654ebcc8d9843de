"""`make faults`: every fault at every file-system call of every writing command, and the random tests at release counts.

It prints how far it is, what it ran, and what was wrong (then it exits with 1). A run that was interrupted goes on where
it was, as long as the program and these tests are the same; `--fresh` begins anew, `--few` leaves out the calls. It
needs strace; with a C compiler it also shortens writes, and as root it fills a small tmpfs.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from commands import ROOT, commands
from injecting import (
    BEANSTOCK,
    ENVIRONMENT,
    Command,
    build_short_write,
    calls,
    contents,
    disturbed,
    faults,
    judged,
    laid,
    shortened,
)

Test = Callable[[Path], str]  # runs in a folder of its own and says what is wrong
SPENT = "there is no room to lay the books"  # not counted: nothing was tested


@dataclass(frozen=True)
class Job:
    """One test: what it counts as, its own name, and what it does."""

    kind: str
    name: str
    test: Test


@dataclass(frozen=True)
class Before:
    """A command with the books as they are before it and after an undisturbed run."""

    command: Command
    old: dict[str, bytes]
    new: dict[str, bytes]


def undisturbed(command: Command, folder: Path) -> Before:
    laid(command, folder)
    old = contents(folder)
    assert command.run(folder).returncode == 0
    return Before(command, old, contents(folder))


def every_call(one: Before, scratch: Path, library: Path | None) -> Iterator[Job]:
    """All faults at all calls, and all writes shortened."""
    found = calls(one.command, scratch / "books", scratch / "log")
    for fault in faults(found):
        kind = f"{one.command.name}: {fault.what}"
        yield Job(kind, str(fault), partial(disturbed, one.command, fault, old=one.old, new=one.new))
    for at in range(1, sum(call == "write" for call, _ in found) + 1):
        if library is not None:
            yield Job(
                f"{one.command.name}: short write",
                f"write {at}",
                partial(shortened, one.command, at, library, old=one.old, new=one.new),
            )


def full_disk(one: Before) -> Iterator[Job]:
    """Limits of file size, and a tmpfs that is full, at many sizes."""
    largest = max(len(data) for data in one.new.values())
    for size in sorted({0, 1, 100, 511, 512, 1000, *range(0, largest, max(1, largest // 12))}):
        yield Job("file size limits", f"{one.command.name}, {size} bytes", partial(limited, one, size))
    if os.geteuid() == 0:
        for size in range(12, 120, 8):
            yield Job("full disks", f"{one.command.name}, {size} kB", partial(filled, one, size))


def limited(one: Before, size: int, own: Path) -> str:
    laid(one.command, own)
    return judged(one.command, own, one.command.run(own, ("prlimit", f"--fsize={size}")), one.old, one.new)


def filled(one: Before, kilobytes: int, own: Path) -> str:
    own.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(own)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        return SPENT
    try:
        books = own / "books"
        try:
            laid(one.command, books)
        except (OSError, shutil.Error):
            return SPENT
        done = one.command.run(books)
        left = {name: data for name, data in contents(books).items() if ".beanstock-commit" not in name}
        if done.returncode in (0, 1) and left in (one.old, one.new):
            return ""
        return f"exit {done.returncode}, {done.stderr[-200:]}"
    finally:
        subprocess.run(["umount", str(own)], check=False)


def killed(one: Before, number: int, own: Path) -> str:
    """SIGKILL after a random time."""
    laid(one.command, own)
    delay = random.Random(f"2026 {one.command.name} {number}").uniform(0.05, 0.45)
    done = one.command.run(own, ("timeout", "--signal=KILL", f"{delay:.3f}"))
    return judged(one.command, own, done, one.old, one.new)


def many(one: Before, writers: int, own: Path) -> str:
    """Several writers at once: one order of them, nothing lost."""
    laid(one.command, own)
    arguments = [argument.replace("{}", str(own)) for argument in one.command.arguments]
    running = [
        subprocess.Popen(
            [*BEANSTOCK, *arguments], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(writers)
    ]
    codes = {each.wait() for each in running}
    good = codes <= {0, 2, 3} and 0 in codes and contents(own) == one.new
    return "" if good else f"exit codes {codes}"


def jobs(scratch: Path, *, few: bool) -> Iterator[Job]:
    library = build_short_write(scratch)
    for command in commands(scratch):
        one = undisturbed(command, scratch / "books")
        if not few:
            yield from every_call(one, scratch, library)
        yield from full_disk(one)
        for number in range(5 if few else 100):
            name = f"{command.name} {number}"
            yield Job("killed at a random moment", name, partial(killed, one, number))
        for writers in (2, 4, 8):
            for number in range(1 if few else 20):
                name = f"{command.name} {number}"
                yield Job(f"{writers} writers at once", name, partial(many, one, writers))


class Record:
    """What ran, kept in a file line by line, so that an interrupted run can go on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ran: dict[str, tuple[str, str]] = {}
        self.lock = threading.Lock()
        if path.exists():
            for line in path.read_text().splitlines():
                try:
                    key, kind, wrong = json.loads(line)
                except ValueError:  # the line that was being written
                    continue
                self.ran[key] = (kind, wrong)

    def add(self, job: Job, wrong: str) -> None:
        with self.lock, self.path.open("a") as file:
            file.write(json.dumps([f"{job.kind}, {job.name}", job.kind, wrong]) + "\n")
        self.ran[f"{job.kind}, {job.name}"] = (job.kind, wrong)

    def wrong(self) -> list[str]:
        return [f"{key}: {wrong}" for key, (_, wrong) in self.ran.items() if wrong not in ("", SPENT)]


def program() -> str:
    """A hash of the program, what it ships, and these tests."""
    digest = hashlib.sha256()
    for folder in ("cli", "rules", "samples", "tests/faults"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def run(job: Job, scratch: Path, numbers: Iterator[int], lock: threading.Lock) -> str:
    with lock:
        number = next(numbers)
    own = scratch / f"b{number % 10_000:04d}"  # as long as `books`, so that calls read as often as they did there
    try:
        return job.test(own)
    except subprocess.TimeoutExpired:
        return "it hangs"
    finally:
        shutil.rmtree(own, ignore_errors=True)


def main() -> None:
    if shutil.which("strace") is None:
        sys.exit("make faults needs strace")
    few = "--few" in sys.argv
    record = Record(Path(tempfile.gettempdir()) / f"beanstock-faults-{program()}{'-few' if few else ''}.jsonl")
    if "--fresh" in sys.argv:
        record.path.unlink(missing_ok=True)
        record.ran.clear()
    begin, told = time.monotonic(), 0.0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        scratch = Path(folder)
        planned = list(jobs(scratch, few=few))
        todo = [job for job in planned if f"{job.kind}, {job.name}" not in record.ran]
        print(f"{len(planned)} faults, {len(planned) - len(todo)} of them ran before", flush=True)
        numbers, lock = iter(range(len(todo))), threading.Lock()
        running = {pool.submit(run, job, scratch, numbers, lock): job for job in todo}
        for count, future in enumerate(as_completed(running), start=1):
            record.add(running[future], future.result())
            if time.monotonic() - told > 10 or count == len(todo):
                told = time.monotonic()
                print(f"{count} of {len(todo)}, {len(record.wrong())} wrong, {told - begin:.0f} s", flush=True)
    counts = Counter(kind for kind, wrong in record.ran.values() if wrong != SPENT)
    for what, count in counts.items():
        print(f"{count:6} {what}")
    print(f"{sum(counts.values()):6} in all, {len(record.wrong())} wrong")
    print("\n".join(record.wrong()))
    if record.wrong():
        sys.exit(1)
    record.path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
