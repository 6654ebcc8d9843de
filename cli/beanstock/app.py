"""The command line: names, options and help. Every command is imported only when it runs."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="beanstock",
    help="Stock and order records in; Beancount vouchers, checked books and statements out.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Folder = Annotated[
    Path | None,
    typer.Argument(help="The books folder; without it, the one above that holds beanstock.yaml.", show_default=False),
]
BooksOption = Annotated[Path | None, typer.Option("--books", "-b", help="The books folder.", show_default=False)]
RecordsOption = Annotated[
    Path | None, typer.Option("--records", help="Read the records from this folder instead.", show_default=False)
]
LedgersOption = Annotated[
    Path | None, typer.Option("--ledgers", help="Keep the ledger in this folder instead.", show_default=False)
]


def _one_of(*forms: str) -> Callable[[str], str]:
    """A check of --format; anything else is wrong use of the command."""

    def check(value: str) -> str:
        if value not in forms:
            message = f"{value!r} is not one of {', '.join(forms)}."
            raise typer.BadParameter(message)
        return value

    return check


FormatOption = Annotated[str, typer.Option("--format", "-f", help="table or json.", callback=_one_of("table", "json"))]
TableOption = Annotated[
    str,
    typer.Option("--format", "-f", help="table, json, csv or md.", callback=_one_of("table", "json", "csv", "md")),
]


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
    form: FormatOption = "table",
) -> None:
    """Write the ledger from the records and rules."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.post import post as run  # noqa: PLC0415

    raise typer.Exit(
        run(Options(folder or books, records, ledgers, form), dry_run=dry_run, overwrite=overwrite, verbose=verbose)
    )


@app.command(name="import")
def import_(
    source: Annotated[str, typer.Argument(help="A mapping of rules/imports, such as northwind.")],
    files: Annotated[list[Path], typer.Argument(help="The foreign files.", exists=True, dir_okay=False)],
    into: Annotated[Path, typer.Option("--into", help="The books folder.")] = Path(),
) -> None:
    """Turn foreign files into records."""
    from beanstock.commands.import_ import import_ as run  # noqa: PLC0415

    raise typer.Exit(run(source, files, into))


@app.command()
def check(
    folder: Folder = None,
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    frozen: Annotated[
        bool, typer.Option("--frozen", help="Also: the ledger is exactly what post would write.")
    ] = False,
    form: FormatOption = "table",
) -> None:
    """Prove the books: records, rules, balance, stock, accruals, open items, generated files, Beancount."""
    from beanstock.commands.check import check as run  # noqa: PLC0415
    from beanstock.commands.options import Options  # noqa: PLC0415

    raise typer.Exit(run(Options(folder or books, records, ledgers, form), frozen=frozen))


@app.command()
def report(
    name: Annotated[
        str,
        typer.Argument(
            help="trial-balance, balance-sheet, income-statement, stock, stock-moves, receivables, payables, journal or ledger."
        ),
    ],
    folder: Folder = None,
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    start: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")] = "",
    end: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = "",
    period: Annotated[str, typer.Option("--period", help="2026, 2026-Q1 or 2026-01.")] = "",
    account: Annotated[str, typer.Option("--account", help="An account, its code or its role (ledger).")] = "",
    item: Annotated[str, typer.Option("--item", help="An item (stock, stock-moves).")] = "",
    partner: Annotated[str, typer.Option("--partner", help="A partner (receivables, payables).")] = "",
    by: Annotated[str, typer.Option("--by", help="warehouse (stock-moves).")] = "",
    form: TableOption = "table",
) -> None:
    """Print a report from the ledger."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.report import report as run  # noqa: PLC0415
    from beanstock.table import Query  # noqa: PLC0415

    raise typer.Exit(
        run(
            Options(folder or books, records, ledgers, form),
            name,
            Query(start, end, account, item, partner, by),
            period,
        )
    )


@app.command()
def explain(
    reference: Annotated[
        str,
        typer.Argument(
            help="A document (number or kind/number), a posting (number#2), a line of the ledger (2026-01.bean:120), an item, an account or a role."
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

    raise typer.Exit(run(Options(folder or books, records, ledgers, form), reference))


@app.command()
def policies(
    folder: Folder = None,
    books: BooksOption = None,
    form: TableOption = "table",
) -> None:
    """List every policy with its value, where it comes from, and what it decides."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.policies import policies as run  # noqa: PLC0415

    raise typer.Exit(run(Options(folder or books, form=form)))


rules = typer.Typer(help="Check and test the rule files.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(rules, name="rules")


@rules.command(name="check")
def rules_check(folder: Folder = None, books: BooksOption = None, form: FormatOption = "table") -> None:
    """Read and compile every rule file; tell all faults at once."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.rules import check_rules as run  # noqa: PLC0415

    raise typer.Exit(run(Options(folder or books, form=form)))


@rules.command(name="test")
def rules_test(folder: Folder = None, books: BooksOption = None, form: FormatOption = "table") -> None:
    """Run the examples beside the rules, the pack's and the books' own."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.rules import test_rules as run  # noqa: PLC0415

    raise typer.Exit(run(Options(folder or books, form=form)))


@rules.command(name="coverage")
def rules_coverage(folder: Folder = None, books: BooksOption = None, form: TableOption = "table") -> None:
    """List which rules, lines and rows of tables the documents of the books and the examples use."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.rules import cover_rules as run  # noqa: PLC0415

    raise typer.Exit(run(Options(folder or books, form=form)))


@rules.command(name="schema")
def rules_schema(
    name: Annotated[str, typer.Argument(help="Which one, such as vouchers or records/invoices.")] = "",
    folder: Folder = None,
    books: BooksOption = None,
    into: Annotated[Path | None, typer.Option("--into", help="Write all of them to this folder.")] = None,
) -> None:
    """Print the JSON Schema of a file that people write; without a name, the names."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.schema import print_schema as run  # noqa: PLC0415

    raise typer.Exit(run(Options(folder or books), name, into))


def _unreadable(fault: OSError) -> int:
    """A disk that fails where no command expects it is the user's to hear of, and no bug of ours."""
    from beanstock.problems import problem  # noqa: PLC0415
    from beanstock.render.problems import show_problems  # noqa: PLC0415

    detail = fault.strerror or str(fault)
    show_problems([problem("cannot-read", None, path=str(fault.filename or "a file"), detail=detail)], sys.stderr)
    return 1


def main() -> None:
    """Run the program; a broken invariant ends with its traceback and exit code 70.

    A run makes its values and ends: cycles are not collected (a third of the time, measured), and the values are not
    taken apart one by one at the end (a tenth).
    """
    gc.disable()
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
