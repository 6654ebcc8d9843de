"""Where the index of a ledger, and what its closed months carry, are kept: in the user's own cache folder.

Not beside the ledger: whoever can bring files into a books folder, with a pull request or an archive, could bring an
index, and its figures would be believed. A cache folder that lies in the same repository is not used for that reason.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from pathlib import Path

from beanstock.files.decode import real

KEPT = 64  # indexes of other ledgers that stay; the oldest go


def index_path(books: Path, ledgers: Path) -> Path | None:
    """The file of a ledger folder's index, in a folder that is there; None where no place can be trusted."""
    place = cache_place(books, ledgers)
    if place is None:
        return None
    path = place.with_name(f"{place.name}.sqlite")
    try:
        if path.exists():
            os.utime(path)
        else:
            prune(place.parent, "*.sqlite")
    except OSError:
        return None
    return path


def cache_place(books: Path, ledgers: Path) -> Path | None:
    """What the names of a ledger folder's cache files begin with, in a folder that is there; None where none can be trusted."""
    base = _cache_folder()
    if base is None or any(base.is_relative_to(_root(folder)) for folder in (books, ledgers)):
        return None
    folder = base / "beanstock"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
            return None
    except OSError:
        return None
    return folder / hashlib.sha256(os.fsencode(real(ledgers))).hexdigest()[:32]


def _cache_folder() -> Path | None:
    """As the XDG base directories say (a relative one does not count), or what Windows and macOS have."""
    named = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", "")
    if Path(named).is_absolute():
        return real(Path(named))
    try:
        return real(Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache"))
    except RuntimeError:  # nobody's home
        return None


def _root(folder: Path) -> Path:
    """The repository that a folder lies in, else the folder."""
    folder = real(folder)
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)


def prune(folder: Path, pattern: str) -> None:
    """Remove the caches of a kind that nobody used for the longest time. Raises OSError."""
    found = sorted(folder.glob(pattern), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in found[KEPT:]:
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            with contextlib.suppress(OSError):
                (folder / name).unlink(missing_ok=True)
