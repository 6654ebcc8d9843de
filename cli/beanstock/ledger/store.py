"""The ledger folder: what is generated, what its lock says, and writing only what changed.

beanstock.lock keeps the sha256 of every generated file and of what it was made from. A generated file that is neither
what the lock says nor what would be written was edited by hand, and is kept.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from beanstock.files.commit import commit
from beanstock.files.decode import MAX_BYTES, read_bytes, read_regular
from beanstock.problems import Place, Problem, problem

LOCK = "beanstock.lock"
GENERATED = re.compile(r"(main|accounts|[0-9]{4}-[0-9]{2})\.bean")
MAX_LOCK = 64 * 1024 * 1024
_NOTHING: Mapping[str, str] = {}
_MARKER = re.compile(rb"^(<<<<<<<|>>>>>>>) ", re.MULTILINE)


@dataclass
class Lock:
    """What was written last: file names to sha256, and inputs to sha256. `conflict`: git left its markers in it."""

    files: dict[str, str] = field(default_factory=dict)
    made_from: dict[str, str] = field(default_factory=dict)
    conflict: bool = False


@dataclass
class Change:
    """What writing would do to the ledger folder."""

    writes: dict[str, bytes] = field(default_factory=dict)
    deletes: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def generated_files(folder: Path) -> dict[str, bytes]:
    """The generated files that are there, by name; what is no file is none of ours, see `strange_files`.

    Raises OSError: a file that the disk does not give is not a file that is missing.
    """
    return {name: read_regular(folder / name) for name in generated_names(folder)}


def generated_hashes(folder: Path) -> dict[str, str]:
    """The sha256 of `generated_files`, of which one at a time is held in memory. Raises OSError, as they do."""
    return {name: hashlib.sha256(read_regular(folder / name)).hexdigest() for name in generated_names(folder)}


def generated_names(folder: Path) -> list[str]:
    """The names of the generated files that are there."""
    paths = [path for path in sorted(folder.glob("*.bean")) if GENERATED.fullmatch(path.name)]
    return [path.name for path in paths if _is_plain(path, MAX_BYTES)]


def _is_plain(path: Path, limit: int) -> bool:
    """Whether it is a file of ours: no link, pipe or device, and not larger than any that we write."""
    return not path.is_symlink() and path.is_file() and path.stat().st_size <= limit


def strange_files(folder: Path) -> list[Problem]:
    """Links, pipes, devices and files without end where generated files belong.

    Problems: outside-books, cannot-read, too-large.
    """
    problems = []
    for path in sorted(folder.glob("*")):
        shown = f"ledgers/{path.name}"
        if path.name != LOCK and not GENERATED.fullmatch(path.name):
            continue
        if path.is_symlink():
            problems.append(problem("outside-books", Place(shown), path=shown))
        elif not _is_plain(path, MAX_BYTES):
            problems += read_bytes(path, shown)[1]
    return problems


def read_lock(folder: Path) -> Lock:
    """The lock of a ledger folder; an empty one where there is none."""
    data = _lock_bytes(folder)
    if data is None:
        return Lock()
    try:
        tree = json.loads(data)
        return Lock(dict(tree["files"]), dict(tree["made_from"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return Lock(conflict=bool(_MARKER.search(data)))


def _lock_bytes(folder: Path) -> bytes | None:
    path = folder / LOCK
    return read_regular(path, MAX_LOCK) if _is_plain(path, MAX_LOCK) else None


def lock_text(files: dict[str, bytes], made_from: dict[str, str], kept: Mapping[str, str] = _NOTHING) -> str:
    """The lock's text: sorted, one entry a line, so that git merges and shows it well. `kept` as in `plan`."""
    hashes = {name: _hash(data) for name, data in files.items()}
    return (
        json.dumps({"files": {**hashes, **kept}, "made_from": made_from}, indent=1, sort_keys=True, ensure_ascii=False)
        + "\n"
    )


def plan(
    folder: Path,
    files: dict[str, bytes],
    made_from: dict[str, str],
    *,
    overwrite: bool,
    kept: Mapping[str, str] = _NOTHING,
) -> tuple[Change, list[Problem]]:
    """What changes when these files are written; those that are `kept` are there, with these hashes.

    Problems: hand-edited (unless `overwrite`).
    """
    lock = read_lock(folder)
    change = Change()
    problems = strange_files(folder)
    present = generated_names(folder)
    change.unchanged += kept
    for name in sorted({*files, *present} - kept.keys()):
        new = files.get(name)
        old = read_regular(folder / name) if name in present else None  # one at a time: they may be large
        if old == new:
            change.unchanged.append(name)
            continue
        if old is not None and not overwrite and not lock.conflict and _edited(old, lock.files.get(name)):
            problems.append(problem("hand-edited", Place(f"ledgers/{name}", 1, 1), path=f"ledgers/{name}"))
        if new is None:
            change.deletes.append(name)
        else:
            change.writes[name] = new
    new_lock = lock_text(files, made_from, kept).encode()
    if _lock_bytes(folder) != new_lock:
        change.writes[LOCK] = new_lock
    return change, problems


def hand_edits(folder: Path) -> list[Problem]:
    """Generated files that are not what the lock says. Problems: hand-edited."""
    lock = read_lock(folder)
    problems = strange_files(folder)
    strange = {one.facts.get("path", one.facts.get("what")) for one in problems}
    present = generated_files(folder)
    for name in sorted({*lock.files, *present}):
        if f"ledgers/{name}" in strange:
            continue
        if name not in present or _hash(present[name]) != lock.files.get(name):
            problems.append(problem("hand-edited", Place(f"ledgers/{name}", 1, 1), path=f"ledgers/{name}"))
    return problems


def write(folder: Path, change: Change) -> None:
    """Carry a change out, all or nothing. Raises OSError."""
    commit(folder, change.writes, change.deletes)


def _edited(data: bytes, locked: str | None) -> bool:
    """Whether a file holds work that the lock does not know; conflict markers of git are no work."""
    return _hash(data) != locked and not _MARKER.search(data)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
