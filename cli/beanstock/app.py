"""The command line: names, options and help. Every command is imported only when it runs."""

from __future__ import annotations

import errno
import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from beanstock.app_groups import review, rules
from beanstock.app_options import (
    REPORTS,
    BooksOption,
    CheckOption,
    DiffOption,
    Folder,
    FormatOption,
    LedgersOption,
    PostOption,
    RecordsOption,
    ReportOption,
    TableOption,
    one_folder,
)

app = typer.Typer(
    name="beanstock",
    help="Stock and order records in; Beancount vouchers, checked books and statements out.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def beanstock() -> None:
    """Stock and order records in; Beancount vouchers, checked books and statements out."""


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")] = Path(),
    pack: Annotated[str, typer.Option("--pack", help="The accounting standard, such as ifrs.")] = "",
    sample: Annotated[str, typer.Option("--sample", help="Begin with the records of a shipped sample.")] = "",
    currency: Annotated[str, typer.Option("--currency", help="The books' currency, such as EUR.")] = "",
    company: Annotated[str, typer.Option("--company", help="The company's name.")] = "",
) -> None:
    """Make a new books folder."""
    from beanstock.commands.init import init as run  # noqa: PLC0415

    raise typer.Exit(run(folder, pack, sample, currency, company))


@app.command()
def post(
    folder: Folder = None,
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, write nothing.")] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace generated files that were edited by hand.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Print how long each stage took.")] = False,
    form: PostOption = "table",
) -> None:
    """Write the ledger from the records and rules."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.post import post as run  # noqa: PLC0415

    raise typer.Exit(
        run(
            Options(one_folder(folder, books), records, ledgers, form),
            dry_run=dry_run,
            overwrite=overwrite,
            verbose=verbose,
        )
    )


@app.command(name="import")
def import_(
    source: Annotated[str, typer.Argument(help="A mapping of rules/imports, such as northwind.")],
    files: Annotated[list[Path], typer.Argument(help="The foreign files.", exists=True, dir_okay=False)],
    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            "--books",
            "-b",
            help="The books folder; without it, the one above that holds beanstock.yaml, else this one.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Turn foreign files into records."""
    from beanstock.books import find_folder  # noqa: PLC0415
    from beanstock.commands.import_ import import_ as run  # noqa: PLC0415

    raise typer.Exit(run(source, files, into or find_folder(Path.cwd()) or Path()))


@app.command()
def check(
    folder: Folder = None,
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    frozen: Annotated[
        bool, typer.Option("--frozen", help="Also: the ledger is exactly what post would write.")
    ] = False,
    form: CheckOption = "table",
) -> None:
    """Prove the books: records, rules, balance, stock, accruals, open items, generated files, Beancount."""
    from beanstock.commands.check import check as run  # noqa: PLC0415
    from beanstock.commands.options import Options  # noqa: PLC0415

    raise typer.Exit(run(Options(one_folder(folder, books), records, ledgers, form), frozen=frozen))


@app.command()
def report(
    name: Annotated[str, typer.Argument(help=REPORTS)],
    folder: Folder = None,
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    start: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")] = "",
    end: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD; with `all` also the folder.")] = "",
    period: Annotated[str, typer.Option("--period", help="2026, 2026-Q1 or 2026-01.")] = "",
    account: Annotated[str, typer.Option("--account", help="An account, its code or its role (ledger).")] = "",
    item: Annotated[str, typer.Option("--item", help="An item (stock, stock-moves, stock-aging).")] = "",
    partner: Annotated[str, typer.Option("--partner", help="A partner (receivables, payables, orders...).")] = "",
    by: Annotated[str, typer.Option("--by", help="Dimensions: item, partner, warehouse, department...")] = "",
    compare: Annotated[str, typer.Option("--compare", help="previous, last-year or budget.")] = "",
    after_closing: Annotated[
        bool, typer.Option("--after-closing", help="With the vouchers that close profit accounts.")
    ] = False,
    trace: Annotated[str, typer.Option("--trace", help="The postings behind a statement's line or an account.")] = "",
    form: ReportOption = "table",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file.", show_default=False)
    ] = None,
    to_dir: Annotated[
        Path | None, typer.Option("--to-dir", help="The folder for `report all`.", show_default=False)
    ] = None,
) -> None:
    """Print a report from the ledger."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.report import Target  # noqa: PLC0415
    from beanstock.commands.report import report as run  # noqa: PLC0415
    from beanstock.table import Query  # noqa: PLC0415

    keys = tuple(dict.fromkeys(key.strip() for key in by.split(",") if key.strip()))
    query = Query(start, end, account, item, partner, keys, compare, after_closing, trace)
    options = Options(one_folder(folder, books), records, ledgers, form)
    raise typer.Exit(run(options, name, query, period, Target(output, to_dir)))


@app.command()
def query(
    text: Annotated[str, typer.Argument(help="A SELECT in the language of beanquery.")],
    folder: Folder = None,
    books: BooksOption = None,
    ledgers: LedgersOption = None,
    form: TableOption = "table",
) -> None:
    """Ask the ledger in BQL; postings have item, qty, partner, document, department and role as columns."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.query import query as run  # noqa: PLC0415

    raise typer.Exit(run(Options(one_folder(folder, books), None, ledgers, form), text))


@app.command()
def explain(
    reference: Annotated[
        str,
        typer.Argument(
            help="A document (number or kind/number), a posting (number#2), a line of the ledger (2026-01.bean:120), an item, a partner, an asset, an account or a role."
        ),
    ],
    folder: Folder = None,
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    form: FormatOption = "table",
) -> None:
    """Say why a document posts what it posts."""
    from beanstock.commands.explain import explain as run  # noqa: PLC0415
    from beanstock.commands.options import Options  # noqa: PLC0415

    raise typer.Exit(run(Options(one_folder(folder, books), records, ledgers, form), reference))


@app.command()
def diff(
    revision: Annotated[str, typer.Argument(help="A git revision.")] = "HEAD",
    other: Annotated[str, typer.Argument(help="Another one; without it, the working tree.", show_default=False)] = "",
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    form: DiffOption = "table",
) -> None:
    """Compare two states of the books: vouchers, accounts, stock and statement lines, each with its cause."""
    from beanstock.commands.diff import diff as run  # noqa: PLC0415
    from beanstock.commands.options import Options  # noqa: PLC0415

    raise typer.Exit(run(Options(books, records, ledgers, form), revision, other))


@app.command()
def close(
    period: Annotated[str, typer.Argument(help="A month, such as 2026-01.")],
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    form: FormatOption = "table",
) -> None:
    """Close a month for good: prove it, number its vouchers, and keep what it promised."""
    from beanstock.commands.close import close as run  # noqa: PLC0415
    from beanstock.commands.options import Options  # noqa: PLC0415

    raise typer.Exit(run(Options(books, records, ledgers, form), period))


@app.command()
def reopen(
    period: Annotated[str, typer.Argument(help="The last closed month.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept.")],
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    form: FormatOption = "table",
) -> None:
    """Reopen the last closed month, and leave a trace of it."""
    from beanstock.commands.close import reopen as run  # noqa: PLC0415
    from beanstock.commands.options import Options  # noqa: PLC0415

    raise typer.Exit(run(Options(books, records, ledgers, form), period, reason))


@app.command(name="print")
def print_(
    folder: Folder = None,
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    period: Annotated[str, typer.Option("--period", help="2026, 2026-Q1 or 2026-01.")] = "",
    document: Annotated[str, typer.Option("--document", help="One document, as kind/number.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The file to write; without it, stdout.", show_default=False)
    ] = None,
) -> None:
    """Print vouchers as an HTML page for the archive."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.print_ import print_vouchers as run  # noqa: PLC0415

    raise typer.Exit(run(Options(one_folder(folder, books), records, ledgers, out=out), period, document))


@app.command()
def policies(
    folder: Folder = None,
    books: BooksOption = None,
    form: TableOption = "table",
) -> None:
    """List every policy with its value, where it comes from, and what it decides."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.policies import policies as run  # noqa: PLC0415

    raise typer.Exit(run(Options(one_folder(folder, books), form=form)))


app.add_typer(rules, name="rules")
app.add_typer(review, name="review")


def _unreadable(fault: OSError) -> int:
    """A disk that fails where no command expects it is the user's to hear of, and no bug of ours."""
    from beanstock.problems import problem  # noqa: PLC0415
    from beanstock.render.problems import show_problems  # noqa: PLC0415

    detail = fault.strerror or str(fault)
    full = fault.filename is None and fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    code, path = ("cannot-write", "the output") if full else ("cannot-read", str(fault.filename or "a file"))
    show_problems([problem(code, None, path=path, detail=detail)], sys.stderr)
    return 1


def _open_streams() -> None:
    """The same bytes on any machine: UTF-8, whatever the locale says. A stream that was closed is one that nobody reads."""
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        stream = getattr(sys, name)
        if stream is None:  # and the next file that is opened must not become it
            nothing = os.open(os.devnull, os.O_RDWR)
            if nothing != number:
                os.dup2(nothing, number)
            setattr(sys, name, os.fdopen(number, "r+" if number else "r", encoding="utf-8"))
        elif number:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def main() -> None:
    """Run the program; a broken invariant ends with its traceback and exit code 70.

    A run makes its values and ends: cycles are not collected (a third of the time, measured), and the values are not
    taken apart one by one at the end (a tenth).
    """
    gc.disable()
    _open_streams()
    code = _run()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # a full disk or a closed pipe behind the output
        code = code or 1
    os._exit(code)


def _run() -> int:
    try:
        app()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BrokenPipeError:  # whoever read the output has enough of it
        return 1
    except OSError as fault:
        return _unreadable(fault)
    except Exception:  # noqa: BLE001 the last resort: a bug must show itself, with its own exit code
        import traceback  # noqa: PLC0415

        traceback.print_exc()
        return 70
    return 0
