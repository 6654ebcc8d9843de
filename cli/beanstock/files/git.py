"""What is asked of git: files of a revision, who touched a line last, and who is at the keyboard.

Git runs as its own process, with everything off that a repository could make it run. Files come out object by object,
so neither attributes nor filters touch them, and a name that could leave its folder is refused.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from beanstock.files.decode import HIDDEN_OR_BREAK, MAX_BYTES
from beanstock.problems import Place, Problem, problem

_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false")
_ENTRY = re.compile(rb"(\d{6}) (\w+) ([0-9a-f]{40,64})\t(.*)", re.DOTALL)
_FILE = (b"100644", b"100755")
_IDENTITY = re.compile(r"([^<>]+) <([^<>]*)> \d+ [+-]\d{4}")


class GitFault(Exception):
    """Git cannot answer; the text says why."""


@dataclass(frozen=True)
class Person:
    """A name and an address, as git has them."""

    name: str
    mail: str

    def __str__(self) -> str:
        return f"{self.name} <{self.mail}>"


def git(folder: Path, *arguments: str, data: bytes = b"") -> bytes:
    """What a git command prints. Raises GitFault where there is no git, no repository, or the command fails."""
    environment = {
        **os.environ,
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_PAGER": "cat",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
    command = ["git", *_QUIET, *arguments]
    try:
        done = subprocess.run(command, cwd=folder, input=data, capture_output=True, check=False, env=environment)  # noqa: S603 no shell, fixed commands
    except OSError as fault:
        raise GitFault(fault.strerror or str(fault)) from None
    if done.returncode:
        raise GitFault(done.stderr.decode("utf-8", "replace").strip().split("\n")[0] or "git failed")
    return done.stdout


def commit_of(folder: Path, revision: str) -> str:
    """The full name of the commit that a revision means. Raises GitFault."""
    if HIDDEN_OR_BREAK.search(revision):
        raise GitFault("a revision holds no line breaks or control characters")
    git(folder, "rev-parse", "--git-dir")
    try:
        name = git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    except GitFault:
        raise GitFault(f"there is no commit `{revision}`") from None
    return name.decode().strip()


def extract(source: Path, commit: str, target: Path, below: Iterable[str]) -> list[Problem]:
    """Write the files that a folder had at a commit into another one: those at or below the names given.

    Links and hostile names are left out with a problem. Problems: outside-books, too-large. Raises GitFault.
    """
    home = next(folder for folder in (source, *source.parents) if folder.is_dir())
    root = Path(os.fsdecode(git(home, "rev-parse", "--show-toplevel").rstrip(b"\n"))).resolve()
    if not source.resolve().is_relative_to(root):
        raise GitFault(f"{source} is not in the repository {root}")
    inside = PurePosixPath(source.resolve().relative_to(root).as_posix())
    prefixes = [(inside / name).parts for name in below]
    listed = git(home, "ls-tree", "-r", "-z", "--full-tree", commit)
    problems: list[Problem] = []
    found: list[tuple[str, Path]] = []
    for entry in listed.split(b"\0"):
        match = _ENTRY.fullmatch(entry)
        if match is None:
            continue
        name = match[4].decode("utf-8", "surrogateescape")
        parts = PurePosixPath(name).parts
        if not any(parts[: len(prefix)] == prefix for prefix in prefixes):
            continue
        shown = "/".join(parts[len(inside.parts) :])
        if match[1] not in _FILE or HIDDEN_OR_BREAK.search(name) or ".." in parts or name.startswith("/"):
            printable = shown.encode("utf-8", "replace").decode()
            problems.append(problem("outside-books", Place(printable), path=printable))
            continue
        found.append((match[3].decode(), target / shown))
    problems += _write(home, found)
    return problems


def _write(source: Path, found: list[tuple[str, Path]]) -> list[Problem]:
    """Ask for all objects at once and write each to its place."""
    asked = "".join(f"{name}\n" for name, _ in found).encode()
    sizes = git(source, "cat-file", "--batch-check=%(objectsize)", data=asked).split()
    if sum(map(int, sizes)) > MAX_BYTES:
        return [problem("too-large", Place("git"), what="the revision", limit="512 MB")]
    answer = git(source, "cat-file", "--batch", data=asked)
    start = 0
    for _, path in found:
        end = answer.index(b"\n", start)
        size = int(answer[start:end].split()[2])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(answer[end + 1 : end + 1 + size])
        start = end + size + 2
    return []


def author_of(file: Path, line: int) -> Person | None:
    """Who committed a line last; None where it is not committed yet. Raises GitFault."""
    git(file.parent, "rev-parse", "--git-dir")
    try:
        git(file.parent, "cat-file", "-e", f"HEAD:./{file.name}")
    except GitFault:
        return None
    text = git(file.parent, "blame", "--porcelain", "-L", f"{line},{line}", "--", file.name).decode("utf-8", "replace")
    if text.startswith("0" * 40):
        return None
    facts = dict(one.split(" ", 1) for one in text.split("\n") if one.startswith(("author ", "author-mail ")))
    return Person(facts.get("author", ""), facts.get("author-mail", "").strip("<>"))


def identity(folder: Path) -> Person:
    """Who is at the keyboard, by git's configuration. Raises GitFault where it does not say."""
    try:
        text = git(folder, "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT").decode("utf-8", "replace")
    except GitFault:
        raise GitFault("git does not know who you are (user.name, user.email)") from None
    match = _IDENTITY.fullmatch(text.strip())
    if match is None or HIDDEN_OR_BREAK.search(text.strip()):
        raise GitFault("user.name or user.email is no plain text")
    return Person(match[1], match[2])
