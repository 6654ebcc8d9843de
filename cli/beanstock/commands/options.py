"""What all commands share: where the books are, in which form to answer, and how to end."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from beanstock.books import Books, open_books, shipped
from beanstock.files.decode import read_text
from beanstock.problems import Problem, begin_suggestions, errors
from beanstock.records.kinds import Kinds
from beanstock.records.locate import locate
from beanstock.render.cells import Letterhead
from beanstock.render.problems import problems_json, safe, show_problems

_MISUSE = (
    "no-books",
    "unknown-report",
    "unknown-reference",
    "wrong-option",
    "missing-option",
    "folder-in-use",
    "bad-query",
    "nothing-to-review",
)
OK, FAILED, MISUSED, BUSY, BUG = 0, 1, 2, 3, 70


@dataclass
class Options:
    """The options that every command takes."""

    folder: Path | None = None
    records: Path | None = None
    ledgers: Path | None = None
    form: str = "table"
    out: Path | None = None
    extra: dict[str, str] = field(default_factory=dict)


def opened(options: Options) -> tuple[Books | None, list[Problem]]:
    """The books that the options name. Problems: those of `open_books`."""
    begin_suggestions()
    return open_books(options.folder, options.records, options.ledgers)


def finish(
    options: Options, problems: list[Problem], books: Books | None = None, kinds: Kinds | None = None, summary: str = ""
) -> int:
    """Show all problems once, then the summary; the exit code."""
    located = locate_in(problems, books, kinds, options)
    if options.form == "json":
        print(problems_json(located, summary))  # noqa: T201 the answer itself
    else:
        show_problems(located, stream=sys.stderr)
        if summary:
            print("\n".join(map(safe, summary.split("\n"))))  # noqa: T201
    return exit_code(problems)


def locate_in(problems: list[Problem], books: Books | None, kinds: Kinds | None, options: Options) -> list[Problem]:
    """Problems with line, column and excerpt."""
    problems = list({(one.code, one.place, one.message): one for one in problems}.values())  # each told once
    return locate(problems, kinds or Kinds({}, {}, {}, {}, 0), lambda shown: _text(shown, books, options))


def in_checkout(shown: str, books: Books) -> str:
    """A path that messages show, as seen from the current folder, which is where continuous integration has its checkout."""
    head, _, rest = shown.partition("/")
    roots = {"records": books.records, "ledgers": books.ledgers}
    path = roots[head] / rest if head in roots else books.folder / shown
    here = Path.cwd().resolve()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else shown


def exit_code(problems: list[Problem]) -> int:
    """0 fine, warnings included; 1 errors; 2 wrong use; 3 somebody else holds the lock."""
    failed = errors(problems)
    if not failed:
        return OK
    if any(one.code == "locked" for one in failed):
        return BUSY
    return MISUSED if all(_is_misuse(one) for one in failed) else FAILED


def _is_misuse(one: Problem) -> bool:
    """Whether the command line says something wrong; a pack may be misnamed there, or in a file."""
    return one.code in _MISUSE or (one.code == "unknown-pack" and one.place is None)


def _text(shown: str, books: Books | None, options: Options) -> str:
    """The text behind a shown path, for excerpts."""
    folder = books.folder if books else (options.folder or Path.cwd())
    head, _, rest = shown.partition("/")
    if books is not None and head == "records":
        path = books.records / rest
    elif books is not None and head == "ledgers":
        path = books.ledgers / rest
    else:
        path = folder / shown
        if not path.is_file() and head == "rules":
            path = shipped() / shown
    return read_text(path, shown)[0] if path.is_file() else ""


def letterhead(books: Books) -> Letterhead:
    """What stands above the tables of books."""
    return Letterhead(books.company, books.currency, books.language)
