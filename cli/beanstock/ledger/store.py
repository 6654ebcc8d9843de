"""The ledger folder: what is generated, what its lock says, and writing only what changed.

beanstock.lock keeps the sha256 of every generated file and of what it was made from. A generated file that is neither
what the lock says nor what would be written was edited by hand, and is kept.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from beanstock.files.commit import commit
from beanstock.problems import Place, Problem, problem

LOCK = "beanstock.lock"
GENERATED = re.compile(r"(main|accounts|[0-9]{4}-[0-9]{2})\.bean")
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


def generated_files(folder: Path) -> list[Path]:
    """The generated files that are there; links are none of ours, and are not followed."""
    return [path for path in sorted(folder.glob("*.bean")) if GENERATED.fullmatch(path.name) and not path.is_symlink()]


def _links(folder: Path) -> list[Problem]:
    """Links where generated files belong. Problems: outside-books."""
    found = [
        path for path in folder.glob("*") if path.is_symlink() and (path.name == LOCK or GENERATED.fullmatch(path.name))
    ]
    return [
        problem("outside-books", Place(f"ledgers/{path.name}"), path=f"ledgers/{path.name}") for path in sorted(found)
    ]


def read_lock(folder: Path) -> Lock:
    """The lock of a ledger folder; an empty one where there is none."""
    path = folder / LOCK
    if path.is_symlink() or not path.is_file():
        return Lock()
    data = path.read_bytes()
    try:
        tree = json.loads(data)
        return Lock(dict(tree["files"]), dict(tree["made_from"]))
    except (ValueError, KeyError, TypeError):
        return Lock(conflict=bool(_MARKER.search(data)))


def lock_text(texts: dict[str, str], made_from: dict[str, str]) -> str:
    """The lock's text: sorted, one entry a line, so that git merges and shows it well."""
    files = {name: _hash(text.encode()) for name, text in texts.items()}
    return json.dumps({"files": files, "made_from": made_from}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def plan(
    folder: Path, texts: dict[str, str], made_from: dict[str, str], *, overwrite: bool
) -> tuple[Change, list[Problem]]:
    """What changes when these texts are written. Problems: hand-edited (unless `overwrite`)."""
    lock = read_lock(folder)
    change = Change()
    problems = _links(folder)
    present = {path.name for path in generated_files(folder)}
    for name in sorted({*texts, *present}):
        new = texts[name].encode() if name in texts else None
        old = (folder / name).read_bytes() if name in present else None
        if old == new:
            change.unchanged.append(name)
            continue
        if old is not None and not overwrite and not lock.conflict and _edited(old, lock.files.get(name)):
            problems.append(problem("hand-edited", Place(f"ledgers/{name}", 1, 1), path=f"ledgers/{name}"))
        if new is None:
            change.deletes.append(name)
        else:
            change.writes[name] = new
    new_lock = lock_text(texts, made_from).encode()
    path = folder / LOCK
    if path.is_symlink() or not path.is_file() or path.read_bytes() != new_lock:
        change.writes[LOCK] = new_lock
    return change, problems


def hand_edits(folder: Path) -> list[Problem]:
    """Generated files that are not what the lock says. Problems: hand-edited."""
    lock = read_lock(folder)
    problems = _links(folder)
    present = {path.name for path in generated_files(folder)}
    for name in sorted({*lock.files, *present}):
        path = folder / name
        if path.is_symlink():
            continue
        if not path.is_file() or _hash(path.read_bytes()) != lock.files.get(name):
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
