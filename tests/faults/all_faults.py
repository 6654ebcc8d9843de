"""`make faults`: every fault at every file-system call of every writing command, and the random tests at release counts.

It prints what it ran and exits with 1 when anything was wrong. It needs strace; as root it also fills a small tmpfs.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from commands import commands
from injecting import BEANSTOCK, ENVIRONMENT, Command, calls, contents, disturbed, faults, judged, laid

WRONG: list[str] = []
RAN: Counter[str] = Counter()


def every_call(command: Command, scratch: Path) -> None:
    """All faults at all calls, two at a time."""
    folder = scratch / "books"
    laid(command, folder)
    old = contents(folder)
    assert command.run(folder).returncode == 0
    new = contents(folder)
    todo = list(faults(calls(command, folder, scratch / "log")))

    def one(numbered: tuple[int, object]) -> None:
        number, fault = numbered
        # the folder keeps the length of its name, so that ordinals stay what they were
        own = scratch / f"b{number % 10_000:04d}"
        wrong = disturbed(command, fault, own, old, new)  # type: ignore[arg-type]
        shutil.rmtree(own, ignore_errors=True)
        RAN[command.name] += 1
        if wrong:
            WRONG.append(f"{command.name}, {fault}: {wrong}")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, enumerate(todo)))


def full_disk(command: Command, scratch: Path) -> None:
    """Limits of file size, and a tmpfs that is full, at many sizes."""
    folder = scratch / "books"
    laid(command, folder)
    old = contents(folder)
    assert command.run(folder).returncode == 0
    new = contents(folder)
    largest = max(len(data) for data in new.values())
    for size in sorted({0, 1, 100, 511, 512, 1000, *range(0, largest, max(1, largest // 12))}):
        laid(command, folder)
        done = command.run(folder, ("prlimit", f"--fsize={size}"))
        wrong = judged(command, folder, done, old, new)
        RAN["file size limits"] += 1
        if wrong:
            WRONG.append(f"{command.name}, files of at most {size} bytes: {wrong}")
    if os.geteuid() != 0:
        return
    mount = scratch / "small"
    mount.mkdir(exist_ok=True)
    for kilobytes in range(12, 120, 8):
        if subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(mount)], check=False, capture_output=True
        ).returncode:
            return
        try:
            books = mount / "books"
            try:
                laid(command, books)
            except (OSError, shutil.Error):
                continue
            done = command.run(books)
            left = {name: data for name, data in contents(books).items() if ".beanstock-commit" not in name}
            RAN["full disks"] += 1
            if done.returncode not in (0, 1) or left not in (old, new):
                WRONG.append(f"{command.name}, a disk of {kilobytes} kB: exit {done.returncode}, {done.stderr[-200:]}")
        finally:
            subprocess.run(["umount", str(mount)], check=False)


def killed_at_random(command: Command, scratch: Path, times: int) -> None:
    """SIGKILL after a random time."""
    folder = scratch / "books"
    laid(command, folder)
    old = contents(folder)
    assert command.run(folder).returncode == 0
    new = contents(folder)
    chance = random.Random(2026)
    for _ in range(times):
        laid(command, folder)
        delay = chance.uniform(0.05, 0.45)
        done = command.run(folder, ("timeout", "--signal=KILL", f"{delay:.3f}"))
        wrong = judged(command, folder, done, old, new)
        RAN["killed at a random moment"] += 1
        if wrong:
            WRONG.append(f"{command.name}, killed after {delay:.3f} s: {wrong}")


def many_at_once(command: Command, scratch: Path, rounds: int) -> None:
    """Two, four and eight writers at once: one order of them, nothing lost."""
    folder = scratch / "books"
    laid(command, folder)
    assert command.run(folder).returncode == 0
    new = contents(folder)
    for writers in (2, 4, 8):
        for _ in range(rounds):
            laid(command, folder)
            arguments = [argument.replace("{}", str(folder)) for argument in command.arguments]
            running = [
                subprocess.Popen(
                    [*BEANSTOCK, *arguments], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
                for _ in range(writers)
            ]
            codes = {one.wait() for one in running}
            RAN[f"{writers} writers at once"] += 1
            if not codes <= {0, 2, 3} or 0 not in codes or contents(folder) != new:
                WRONG.append(f"{command.name}, {writers} writers: exit codes {codes}")


def main() -> None:
    if shutil.which("strace") is None:
        sys.exit("make faults needs strace")
    few = "--few" in sys.argv
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        for command in commands(scratch):
            if not few:
                every_call(command, scratch)
            full_disk(command, scratch)
            killed_at_random(command, scratch, 5 if few else 100)
            many_at_once(command, scratch, 1 if few else 20)
    for what, count in RAN.items():
        print(f"{count:6} {what}")
    print(f"{sum(RAN.values()):6} in all, {len(WRONG)} wrong")
    print("\n".join(WRONG))
    sys.exit(1 if WRONG else 0)


if __name__ == "__main__":
    main()
