"""Writing all or nothing: old or new contents, never a mixture, whatever interrupts."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from beanstock.files import commit as module
from beanstock.files.commit import STAGING, Locked, commit, writer

OLD = {"a": b"old a", "sub/b": b"old b", "gone": b"old"}
NEW = {"a": b"new a", "sub/b": b"new b", "c": b"new c"}


def state(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def prepare(folder: Path) -> None:
    with writer(folder):
        commit(folder, OLD)


def test_a_commit_replaces_and_deletes(tmp_path: Path) -> None:
    prepare(tmp_path)
    with writer(tmp_path):
        commit(tmp_path, NEW, ["gone"])
    assert state(tmp_path) == NEW


@pytest.mark.parametrize("name", ["fsync", "replace", "rename", "unlink", "mkdir", "open"])
@pytest.mark.parametrize("at", range(1, 9))
def test_a_failing_call_leaves_old_or_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, at: int) -> None:
    prepare(tmp_path)
    target = os if name == "fsync" else Path
    real = getattr(target, name)
    calls = 0

    def failing(*arguments: object, **options: object) -> object:
        nonlocal calls
        calls += 1
        if calls == at:
            raise OSError(errno.EIO, "broken")
        return real(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(target, name, failing)
        try:
            with writer(tmp_path):
                commit(tmp_path, NEW, ["gone"])
        except OSError:
            pass
    with writer(tmp_path):  # the next start finishes or rolls back
        pass
    assert state(tmp_path) in (OLD, NEW)
    with writer(tmp_path):
        commit(tmp_path, NEW, ["gone"])
    assert state(tmp_path) == NEW
    assert not (tmp_path / STAGING).exists()


def test_a_second_writer_is_refused_and_a_killed_one_is_not_waited_for(tmp_path: Path) -> None:
    code = f"import sys\nfrom pathlib import Path\nfrom beanstock.files.commit import writer\nwith writer(Path({str(tmp_path)!r})):\n print('in', flush=True)\n sys.stdin.read()\n"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"in\n"
        with pytest.raises(Locked), writer(tmp_path):
            pass
        other.kill()
    with writer(tmp_path):
        pass


def test_a_manifest_is_rolled_forward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(tmp_path)
    monkeypatch.setattr(module, "_finish", lambda folder, staging: None)  # killed right after the moment of commitment
    with writer(tmp_path):
        commit(tmp_path, NEW, ["gone"])
    monkeypatch.undo()
    with writer(tmp_path):
        pass
    assert state(tmp_path) == NEW
