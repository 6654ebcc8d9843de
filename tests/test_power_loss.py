"""Row 14: the power goes out during a commit. What was not synced is on the disk or not, in any combination.

A commit runs under strace; its trace is replayed on a model of a disk that promises no more than POSIX does: the bytes
of a file are there once the file was synced, a change of a folder once that folder was. Whatever is left at a moment,
the next start must make the old or the new files of it, and the new ones where the commit had returned.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pytest

from beanstock.files.commit import commit, writer

OLD = {"a": b"old a", "sub/b": b"old b", "gone": b"old", "same": b"same"}
NEW = {"a": b"new a", "sub/b": b"new b", "c": b"new c", "new/deep/d": b"new d"}
CODE = """
import sys
from pathlib import Path
from beanstock.files.commit import commit, writer
folder = Path(sys.argv[1])
with writer(folder):
    commit(folder, {new!r}, ["gone"])
"""
STATES = 400
CALLS = "openat,open,creat,write,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat"

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")


@dataclass
class Step:
    """One call that changed or synced something; paths are relative to the folder."""

    call: str
    path: str
    other: str = ""  # where a rename leads to
    data: bytes = b""


def steps(folder: Path, log: Path) -> Iterator[Step]:
    """The calls of a trace that touch the folder."""
    for line in log.read_text().splitlines():
        match = re.match(r"(?:\d+ +)?(\w+)\((.*)\) += \d+", line)
        if not match:
            continue
        call, arguments = match[1], match[2]
        texts = [_bytes(one) for one in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', arguments)]
        places = [Path(_bytes(one).decode()) for one in re.findall(r"<((?:\\x[0-9a-f]{2})+)>", arguments)]
        if call in ("write", "fsync", "fdatasync"):
            if places[0].is_relative_to(folder):
                path = places[0].relative_to(folder).as_posix()
                yield Step(call.replace("fdata", "f"), path, data=texts[0] if call == "write" else b"")
            continue
        if call in ("open", "openat") and "O_CREAT" not in arguments:
            continue
        base = places[0] if places else Path("/")
        paths = [base / one.decode() for one in texts]
        if all(one.is_relative_to(folder) for one in paths):
            names = [one.relative_to(folder).as_posix() for one in paths]
            kind = {"open": "create", "creat": "create", "rmdir": "unlink"}.get(call.removesuffix("at"), call)
            yield Step(kind.removesuffix("at").removesuffix("at2"), names[0], names[1] if len(names) > 1 else "")


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass
class Disk:
    """Entries of folders with what they lead to, and what of it is sure to outlast a power cut."""

    sure: dict[str, int] = field(default_factory=dict)  # path to file or folder
    seen: dict[str, int] = field(default_factory=dict)  # the same as running programs see it
    kept: dict[int, bytes | None] = field(default_factory=dict)  # synced bytes; None: a folder
    written: dict[int, bytes] = field(default_factory=dict)
    waiting: list[Step] = field(default_factory=list)  # changes of folders that are not synced

    def hold(self, path: str, data: bytes | None) -> None:
        """Something that was there before."""
        self.sure[path] = self.seen[path] = len(self.kept)
        self.kept[len(self.kept)] = data

    def do(self, step: Step) -> None:
        if step.call == "write":
            self.written[self.seen[step.path]] = self.written.get(self.seen[step.path], b"") + step.data
        elif step.call == "fsync":
            node = self.seen.get(step.path)
            if node is None or self.kept[node] is None:  # a folder: its entries are sure
                ready = [one for one in self.waiting if _parent(one.other or one.path) == step.path]
                for one in ready:
                    _change(self.sure, one)
                self.waiting = [one for one in self.waiting if one not in ready]
            elif node in self.written:
                self.kept[node] = self.written[node]
        else:
            if step.call in ("create", "mkdir"):
                step.data = str(len(self.kept)).encode()  # which file or folder it makes
                self.kept[len(self.kept)] = b"" if step.call == "create" else None
            _change(self.seen, step)
            self.waiting.append(step)

    def cut(self, chance: random.Random) -> dict[str, bytes | None]:
        """One of the states that a power cut may leave: files with their bytes, folders with None."""
        entries = dict(self.sure)
        share = chance.random()
        for one in self.waiting:
            if chance.random() < share:
                _change(entries, one)
        left: dict[str, bytes | None] = {}
        for path in sorted(entries):
            if _parent(path) == "." or _parent(path) in left:  # what is in a lost folder is lost
                data, written = self.kept[entries[path]], self.written.get(entries[path])
                if data is not None and written is not None and data != written:
                    data = written[: chance.randint(0, len(written))]
                left[path] = data
        return left


def _parent(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _change(entries: dict[str, int], step: Step) -> None:
    if step.call in ("create", "mkdir"):
        entries[step.path] = int(step.data)
    elif step.call == "unlink":
        entries.pop(step.path, None)
    elif step.call == "rename" and step.path in entries:
        entries[step.other] = entries.pop(step.path)


def traced(folder: Path, log: Path) -> list[Step]:
    with writer(folder):
        commit(folder, OLD)
    command = ["strace", "-f", "-y", "-xx", "-s", "100000", "-e", f"trace={CALLS}", "-o", str(log)]
    code = CODE.format(new=NEW)
    done = subprocess.run([*command, sys.executable, "-c", code, str(folder)], capture_output=True, check=False)
    if b"ptrace" in done.stderr:
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr
    return list(steps(folder, log))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_any_state_of_a_power_cut_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    before = {**OLD}
    after = {**NEW, "same": OLD["same"]}
    trace = traced(tmp_path / "books", tmp_path / "log")
    assert sum(one.call == "fsync" for one in trace) > len(NEW)
    assert files(tmp_path / "books") == after
    chance = random.Random(14)
    found = {"old": 0, "new": 0}
    for number in range(STATES):
        disk = Disk()
        for path in ("sub", *OLD):
            disk.hold(path, OLD.get(path))
        until = len(trace) if number % 20 == 0 else chance.randint(0, len(trace))
        for one in trace[:until]:
            disk.do(Step(one.call, one.path, one.other, one.data))
        folder = tmp_path / f"cut{number}"
        folder.mkdir()
        left = disk.cut(chance)
        for path, data in left.items():
            if data is None:
                (folder / path).mkdir()
            else:
                (folder / path).write_bytes(data)
        with writer(folder):
            pass
        now = files(folder)
        assert now == after or (now == before and until < len(trace)), (until, trace[max(0, until - 3) : until], left)
        found["new" if now == after else "old"] += 1
        shutil.rmtree(folder)
    assert min(found.values()) > STATES / 10
