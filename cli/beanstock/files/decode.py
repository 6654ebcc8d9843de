"""Bytes to text: UTF-8 first on the whole file, then GB18030, never a guess by parts.

Characters that could hide text from a reviewer are found here once per file, so that clean files, which are
nearly all, pay one scan and no check per cell.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from codecs import BOM_UTF8
from pathlib import Path

from beanstock.problems import Place, Problem, problem

MAX_BYTES = 512 * 1024 * 1024
NOT_REGULAR = "it is not a regular file"

# C1 controls and delete, line and paragraph separators, bidirectional controls, byte order marks inside the text,
# unpaired surrogates, and all characters without a picture of their own (Unicode's default ignorable ones). Left out
# are the joiners U+200C and U+200D and the variation selectors, which names and emoji need
_INVISIBLE = (
    "\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff\ud800-\udfff"
)
# C0 controls, too; tab and line ends are judged by the readers
HIDDEN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f{_INVISIBLE}]")
HIDDEN_OR_BREAK = re.compile(f"[\x00-\x1f{_INVISIBLE}]")


def decode(data: bytes, shown: str) -> tuple[str, list[Problem]]:
    """Text of a file's bytes; `shown` is its path in messages.

    Problems: not-text (UTF-16, NUL, neither encoding), gb18030 (a note). An empty text goes with an error.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "", [problem("not-text", Place(shown, 1, 1), detail="it is UTF-16")]
    if b"\x00" in data:
        line = data[: data.index(b"\x00")].count(b"\n") + 1
        return "", [problem("not-text", Place(shown, line, 1), detail="it holds a NUL byte")]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        if data.startswith(BOM_UTF8):
            return "", [problem("not-text", Place(shown, line, 1), detail="it is marked as UTF-8 and is not")]
        if fault.reason == "unexpected end of data":  # all before it is UTF-8, so GB18030 would make other words of it
            return "", [problem("not-text", Place(shown, line, 1), detail="it ends inside a letter")]
    try:
        return data.decode("gb18030"), [problem("gb18030", Place(shown, 1, 1))]
    except UnicodeDecodeError:
        return "", [problem("not-text", Place(shown, line, 1), detail="it is neither UTF-8 nor GB18030")]


def read_regular(path: Path, limit: int = MAX_BYTES) -> bytes:
    """A regular file's bytes, `limit` of them at most. Raises OSError, for pipes, devices and larger files, too.

    Opening does not wait, so that a pipe that nobody writes to hangs nothing.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, NOT_REGULAR, str(path))
        if status.st_size > limit:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        return file.read()


def real(path: Path) -> Path:
    """Where a path leads to, links followed; a loop of links leads nowhere, which is no exception here."""
    return Path(os.path.realpath(path))


def read_bytes(path: Path, shown: str, inside: Path | None = None) -> tuple[bytes, list[Problem]]:
    """A regular file's bytes; with `inside`, only where no link leads out of that folder.

    Problems: cannot-read (also for pipes and devices, which could hang), too-large, outside-books.
    """
    if inside is not None and not real(path).is_relative_to(real(inside)):
        return b"", [problem("outside-books", Place(shown), path=shown)]
    try:
        return read_regular(path), []
    except OSError as fault:
        return b"", [unread(fault, shown)]


def unread(fault: OSError, shown: str) -> Problem:
    """Why a file could not be read. Problems: cannot-read, too-large."""
    if fault.errno == errno.EFBIG:
        return problem("too-large", Place(shown), what=shown, limit="512 MB")
    detail = NOT_REGULAR if fault.errno in (errno.EISDIR, errno.ENXIO) else fault.strerror or str(fault)
    return problem("cannot-read", Place(shown), path=shown, detail=detail)


def read_text(path: Path, shown: str, inside: Path | None = None) -> tuple[str, list[Problem]]:
    """`read_bytes`, then `decode`."""
    data, problems = read_bytes(path, shown, inside)
    if problems:
        return "", problems
    return decode(data, shown)


def character_name(character: str) -> str:
    """A hidden character as people can look it up, such as U+202E."""
    return f"U+{ord(character):04X}"
