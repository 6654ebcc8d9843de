"""The error gallery: every code of the catalogue has a small broken books folder and its golden message.

`tests/errors/<code>/` (or `<code>/<variant>/`) holds the folder, `command` and `expected.txt`. A line of `command`
is what follows `beanstock`, run inside a copy of the folder; only the last one's messages are compared. A line that
begins with `!` changes a file in between, see `change`. `python tests/test_errors.py --update` writes expected.txt
and docs/ERRORS.md again and says what changed.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import pytest
from typer.testing import CliRunner

from beanstock.app import app
from beanstock.catalogue import CATALOGUE

HERE = Path(__file__).parent
GALLERY = HERE / "errors"
DOCUMENT = HERE.parent / "docs" / "ERRORS.md"
EXPECTED = "expected.txt"
COMMAND = "command"

# Codes that no books folder can provoke, and why
NOT_IN_GALLERY: dict[str, str] = {}

# Exit codes of codes that are neither plain errors (1) nor warnings and notes (0)
EXIT_CODES = {
    "no-books": 2,
    "unknown-report": 2,
    "unknown-reference": 2,
    "nothing-to-review": 2,
    "wrong-option": 2,
    "missing-option": 2,
    "folder-in-use": 2,
    "bad-query": 2,
    "locked": 3,
}
# and where it is the command line that says it
ON_THE_COMMAND_LINE = {"unknown-pack/mapping": 2}


# Who works at what time in every case; git's own configuration does not count
ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_COMMITTER_NAME": "Alice",
    "GIT_COMMITTER_EMAIL": "alice@example.org",
    "SOURCE_DATE_EPOCH": "1770112800",
}


class Outcome(NamedTuple):
    """What the last command of a case did."""

    messages: str
    exit_code: int
    before: dict[str, bytes]
    after: dict[str, bytes]


def cases() -> list[str]:
    """The names of all cases, such as `missing-column` or `bad-yaml/alias`."""
    return sorted(path.parent.relative_to(GALLERY).as_posix() for path in GALLERY.rglob(COMMAND))


def run(case: str, scratch: Path) -> Outcome:
    """Run a case's commands in a copy of its folder below `scratch`."""
    folder = scratch.resolve() / "books"
    shutil.copytree(GALLERY / case, folder, ignore=shutil.ignore_patterns(EXPECTED, COMMAND))
    lines = (GALLERY / case / COMMAND).read_text(encoding="utf-8").splitlines()
    before: dict[str, bytes] = {}
    messages, exit_code = "", 0
    with contextlib.ExitStack() as held, contextlib.chdir(folder), mock.patch.dict(os.environ, ENVIRONMENT):
        for line in lines:
            if line.startswith("!"):
                change(line[1:], held)
                continue
            before = contents(folder)
            result = CliRunner().invoke(app, shlex.split(line))
            if result.exception is not None and not isinstance(result.exception, SystemExit):
                raise result.exception
            messages, exit_code = result.stderr.replace(str(folder), "/books"), result.exit_code
    return Outcome(messages, exit_code, before, contents(folder))


def change(line: str, held: contextlib.ExitStack) -> None:
    r"""Carry out a line that begins with `!` (in texts, \n, \t and \uXXXX stand for the character).

    append FILE TEXT · git ARGUMENTS · bytes FILE HEX · repeat FILE COUNT TEXT (with {n}) · link FILE TARGET · size FILE BYTES · lock FOLDER
    """
    verb, name, rest = (*line.split(" ", 2), "")[:3]
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    if verb == "git":
        subprocess.run(["git", *shlex.split(f"{name} {rest}")], check=True)
    elif verb == "append":
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(unescaped(rest))
    elif verb == "bytes":
        path.write_bytes(bytes.fromhex(rest))
    elif verb == "repeat":
        count, text = rest.split(" ", 1)
        with path.open("a", encoding="utf-8", newline="") as file:
            file.writelines(unescaped(text).replace("{n}", str(number)) for number in range(1, int(count) + 1))
    elif verb == "link":
        path.symlink_to(rest)
    elif verb == "size":
        path.touch()
        os.truncate(path, int(rest))
    elif verb == "lock":
        import fcntl  # noqa: PLC0415 missing on Windows, where writers are not kept apart

        descriptor = os.open(path, os.O_RDONLY)
        held.callback(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        raise AssertionError(line)


def unescaped(text: str) -> str:
    """A text with its \\n, \\t and \\uXXXX made characters."""
    characters = {"n": "\n", "t": "\t"}
    return re.sub(r"\\(n|t|u[0-9a-f]{4})", lambda match: characters.get(match[1]) or chr(int(match[1][1:], 16)), text)


def contents(folder: Path) -> dict[str, bytes]:
    """Every small file below a folder but the cache, by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if not {".beanstock", ".git"} & set(path.parts) and path.is_file() and path.stat().st_size < 10_000_000
    }


# --- the tests


@pytest.mark.parametrize("case", cases())
def test_message(case: str, tmp_path: Path) -> None:
    outcome = run(case, tmp_path)
    code = case.split("/", maxsplit=1)[0]
    assert outcome.messages == (GALLERY / case / EXPECTED).read_text(encoding="utf-8")
    assert f"{CATALOGUE[code].severity}: {code}: " in outcome.messages
    assert outcome.exit_code == ON_THE_COMMAND_LINE.get(case, exit_code(code))
    if outcome.exit_code:
        assert outcome.after == outcome.before, "a command that failed wrote something"


def test_every_code_is_shown_or_excused() -> None:
    shown = {case.split("/")[0] for case in cases()}
    assert shown | set(NOT_IN_GALLERY) == set(CATALOGUE)
    assert not shown & set(NOT_IN_GALLERY)


def test_document_is_fresh() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run python tests/test_errors.py --update"


def test_quotes_in_a_cell_are_no_problem(tmp_path: Path) -> None:
    records = tmp_path / "records"
    records.mkdir()
    (tmp_path / "beanstock.yaml").write_text("company: 'The \"Best\" Tea'\npack: ifrs\ncurrency: EUR\n")
    (records / "items.csv").write_text("code,name,unit\nTEA,Green tea,kg\n")
    (records / "partners.csv").write_text('code,name,role\nLEAF,"Leaf ""2026"" \\ Growers",supplier\n')
    (records / "receipts.csv").write_text("number,date,supplier,item,qty,price\nR-1,2026-01-05,LEAF,TEA,10,4.00\n")
    result = CliRunner().invoke(app, ["post", str(tmp_path)])
    assert (result.exit_code, result.stderr) == (0, "")
    assert '* "Leaf \\"2026\\" \\\\ Growers" "Receipt R-1"' in (tmp_path / "ledgers" / "2026-01.bean").read_text()
    assert CliRunner().invoke(app, ["check", str(tmp_path)]).exit_code == 0


def exit_code(code: str) -> int:
    """What a command ends with when this is the only code it meets."""
    return EXIT_CODES.get(code, 1 if CATALOGUE[code].severity == "error" else 0)


# --- docs/ERRORS.md

INTRODUCTION = """\
# What beanstock says

Every message has a code; this page lists them all, each with its cause, its remedy, and an example of a broken input
with the message that it gets. An error makes a command fail (exit code 1, or what is noted) and leaves the old books
untouched; warnings and notes do not. The page is made from `cli/beanstock/catalogue/` and `tests/errors/` by
`python tests/test_errors.py --update`.
"""
MASTERS = ("beanstock.yaml", "records/items.csv", "records/partners.csv", "records/warehouses.csv")


def document() -> str:
    """The text of docs/ERRORS.md."""
    parts = [INTRODUCTION]
    by_code: dict[str, list[str]] = {}
    for case in cases():
        by_code.setdefault(case.split("/")[0], []).append(case)
    for code in sorted(CATALOGUE):
        entry = CATALOGUE[code]
        ends = f", exit code {EXIT_CODES[code]}" if code in EXIT_CODES else ""
        parts.append(f"\n## {code}\n\n{entry.severity.capitalize()}{ends}: {marked(entry.what)}\n")
        for label, text in (("Why", entry.why), ("Remedy", entry.remedy)):
            if re.sub(r"\{\w+\}", "", text).strip():
                parts.append(f"\n{label}: {marked(text)}\n")
        if code in NOT_IN_GALLERY:
            parts.append(f"\nNo example: {NOT_IN_GALLERY[code]}.\n")
        for case in by_code.get(code, []):
            parts += example(case)
    return "".join(parts)


def example(case: str) -> Iterator[str]:
    """What is broken, the command, and the golden message."""
    golden = (GALLERY / case / EXPECTED).read_text(encoding="utf-8")
    variant = case.partition("/")[2].replace("-", " ")
    yield f"\n### {variant.capitalize()}\n" if variant else ""
    for name, text in broken(case, golden):
        yield f"\n`{name}`\n\n```\n{shortened(text)}```\n"
    commands = (GALLERY / case / COMMAND).read_text(encoding="utf-8").splitlines()
    said = "".join((f"# {line[1:]}" if line[0] == "!" else f"$ beanstock {line}") + "\n" for line in commands)
    yield f"\n```\n{shortened(said)}{golden}```\n"


def broken(case: str, golden: str) -> Iterator[tuple[str, str]]:
    """The files of a case but its masters, and those too where the message is about them."""
    for path in sorted((GALLERY / case).rglob("*")):
        name = path.relative_to(GALLERY / case).as_posix()
        if path.is_file() and name not in (EXPECTED, COMMAND) and (name not in MASTERS or f"{name}:" in golden):
            yield name, path.read_text(encoding="utf-8")


def shortened(text: str) -> str:
    """At most twelve lines of at most 120 characters."""
    lines = text.splitlines()
    lines = [line if len(line) <= 120 else line[:117] + "..." for line in lines]
    return "".join(line + "\n" for line in (lines if len(lines) <= 12 else [*lines[:12], "..."]))


def marked(text: str) -> str:
    """A template's text with its facts in italics; those that are said in some cases only are left out."""
    told = re.sub(r"(?<!\{)\{(suggestion|more|also|known|instead)\}", "", text)
    parts = told.replace("{{", "\x01").replace("}}", "\x02").split("`")
    parts[::2] = [re.sub(r"\{(\w+)\}", r"*\1*", part) for part in parts[::2]]
    return "`".join(parts).replace("\x01", "{").replace("\x02", "}").strip(" :")


def update() -> None:
    """Write every golden message and the document again."""
    for case in cases():
        with tempfile.TemporaryDirectory() as scratch:
            try:
                outcome = run(case, Path(scratch))
            except Exception as fault:  # noqa: BLE001 the other cases are still worth writing
                print(f"{case}: {fault!r}")
                continue
        rewrite(GALLERY / case / EXPECTED, outcome.messages)
        if outcome.exit_code != exit_code(case.split("/")[0]):
            print(f"{case}: exit code {outcome.exit_code}")
    rewrite(DOCUMENT, document())


def rewrite(path: Path, text: str) -> None:
    """Write a file where its text differs, and say so."""
    old = path.read_text(encoding="utf-8") if path.is_file() else ""
    if text != old:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{'changed' if old else 'new'}: {path.relative_to(HERE.parent)}")


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit("usage: python tests/test_errors.py --update")
    update()
