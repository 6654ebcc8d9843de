"""Writing several files all or nothing, and the lock for writers.

New contents are written and fsynced in a staging folder beside their targets. The rename of its manifest is the one
moment of commitment: before it the old files stand, after it every start rolls the rest forward. The lock is the
operating system's on the folder itself, so it dies with its process and leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from beanstock.files.decode import read_regular, real

STAGING = ".beanstock-commit"
_MANIFEST = "manifest.json"
MAX_MANIFEST = 64 * 1024 * 1024


class Locked(Exception):
    """Somebody else holds the lock."""


@contextlib.contextmanager
def writer(folder: Path) -> Iterator[None]:
    """Hold the writers' lock of a folder, which is made if need be, and finish what a killed writer left.

    Raises Locked, OSError.
    """
    _make(folder)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _lock(descriptor)
        recover(folder)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    try:
        import fcntl  # noqa: PLC0415 missing on Windows, where writers are not kept apart
    except ImportError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Locked from None


def commit(folder: Path, writes: Mapping[str, bytes], deletes: Sequence[str] = ()) -> None:
    """Replace files below `folder` (names with slashes), or none of them. Raises OSError; the old files then stand.

    Call it inside `writer`.
    """
    if not writes and not deletes:
        return
    outside = [name for name in (*writes, *deletes) if not _is_inside(folder, name)]
    if outside:
        raise OSError(errno.EPERM, "it leads out of its folder", str(folder / outside[0]))
    staging = folder / STAGING
    staging.mkdir()
    try:
        names = sorted(writes)
        for position, name in enumerate(names):
            _write(staging / f"{position}.new", writes[name])
        manifest = {"writes": names, "deletes": sorted(deletes)}
        _write(staging / "manifest.new", json.dumps(manifest, ensure_ascii=False).encode())
        _sync(staging)
        _sync(folder)  # that the staging folder is there, before anything of it moves
        (staging / "manifest.new").rename(staging / _MANIFEST)
        _sync(staging)
    except BaseException:
        if not (staging / _MANIFEST).exists():
            shutil.rmtree(staging, ignore_errors=True)
        raise
    _finish(folder, staging)


def recover(folder: Path) -> None:
    """Finish a commit whose manifest stands; throw away what never got one. Raises OSError."""
    staging = folder / STAGING
    if not staging.is_dir():
        return
    if (staging / _MANIFEST).exists():
        _finish(folder, staging)
    else:
        shutil.rmtree(staging)


def _finish(folder: Path, staging: Path) -> None:
    """Move every staged file into place; doing it again after an interruption changes nothing."""
    writes, deletes = _read_manifest(folder, staging / _MANIFEST)
    parents = {folder}
    for position, name in enumerate(writes):
        source, target = staging / f"{position}.new", folder / name
        if source.exists():
            _make(target.parent)
            source.replace(target)
        parents.add(target.parent)
    for name in deletes:
        (folder / name).unlink(missing_ok=True)
    for parent in parents:
        _sync(parent)
    (staging / _MANIFEST).unlink()
    shutil.rmtree(staging)
    _sync(folder)


def _is_inside(folder: Path, name: str) -> bool:
    return real(folder / name).is_relative_to(real(folder))


def _read_manifest(folder: Path, path: Path) -> tuple[list[str], list[str]]:
    """What a commit writes and deletes. A manifest that leads out of the folder was not written by us: OSError."""
    try:
        manifest = json.loads(read_regular(path, MAX_MANIFEST))
        writes, deletes = list(map(str, manifest["writes"])), list(map(str, manifest["deletes"]))
        good = all(_is_inside(folder, name) for name in (*writes, *deletes))
    except (ValueError, KeyError, TypeError, RecursionError):
        good, writes, deletes = False, [], []
    if not good:
        raise OSError(errno.EINVAL, "this is no manifest of an interrupted run; remove the folder it is in", str(path))
    return writes, deletes


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _make(folder: Path) -> None:
    """A folder that outlasts a power cut, with the folders it is in."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(exist_ok=True)
        with contextlib.suppress(PermissionError):  # a folder above the books that may be entered but not read
            _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
