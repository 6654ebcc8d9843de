"""Bytes to text: UTF-8 first on the whole file, then GB18030, never a guess by parts.

Characters that could hide text from a reviewer are found here once per file, so that clean files, which are
nearly all, pay one scan and no check per cell.
"""

from __future__ import annotations

import re
from pathlib import Path

from beanstock.problems import Place, Problem, problem

MAX_BYTES = 512 * 1024 * 1024

# C0 and C1 controls (tab and line ends are judged by the readers), line and paragraph separators, bidirectional
# controls, invisible characters that join or break words, byte order marks inside the text, and unpaired surrogates
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
HIDDEN_OR_BREAK = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


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
    try:
        return data.decode("gb18030"), [problem("gb18030", Place(shown, 1, 1))]
    except UnicodeDecodeError:
        return "", [problem("not-text", Place(shown, line, 1), detail="it is neither UTF-8 nor GB18030")]


def read_bytes(path: Path, shown: str, inside: Path | None = None) -> tuple[bytes, list[Problem]]:
    """A regular file's bytes; with `inside`, only where no link leads out of that folder.

    Problems: cannot-read (also for pipes and devices, which could hang), too-large, outside-books.
    """
    try:
        if inside is not None and not path.resolve().is_relative_to(inside.resolve()):
            return b"", [problem("outside-books", Place(shown), path=shown)]
        if not path.is_file():
            return b"", [problem("cannot-read", Place(shown), path=shown, detail="it is not a regular file")]
        if path.stat().st_size > MAX_BYTES:
            return b"", [problem("too-large", Place(shown), what=shown, limit="512 MB")]
        return path.read_bytes(), []
    except OSError as fault:
        return b"", [problem("cannot-read", Place(shown), path=shown, detail=fault.strerror or str(fault))]


def read_text(path: Path, shown: str, inside: Path | None = None) -> tuple[str, list[Problem]]:
    """`read_bytes`, then `decode`."""
    data, problems = read_bytes(path, shown, inside)
    if problems:
        return "", problems
    return decode(data, shown)


def character_name(character: str) -> str:
    """A hidden character as people can look it up, such as U+202E."""
    return f"U+{ord(character):04X}"
