"""The command line: names, options and help. Every command is imported only when it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

app = typer.Typer(
    name="beanstock",
    help="Stock and order records in; Beancount vouchers, checked books and statements out.",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Folder = Annotated[Optional[Path], typer.Argument(help="The books folder; without it, the one above that holds beanstock.yaml.", show_default=False)]
BooksOption = Annotated[Optional[Path], typer.Option("--books", "-b", help="The books folder.", show_default=False)]
RecordsOption = Annotated[Optional[Path], typer.Option("--records", help="Read the records from this folder instead.", show_default=False)]
LedgersOption = Annotated[Optional[Path], typer.Option("--ledgers", help="Keep the ledger in this folder instead.", show_default=False)]
FormatOption = Annotated[str, typer.Option("--format", "-f", help="table or json.")]


@app.callback()
def beanstock() -> None:
    """Stock and order records in; Beancount vouchers, checked books and statements out."""


@app.command()
def post(
    folder: Folder = None,
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, write nothing.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace generated files that were edited by hand.")] = False,
    form: FormatOption = "table",
) -> None:
    """Write the ledger from the records and rules."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.post import post as run  # noqa: PLC0415

    raise typer.Exit(run(Options(folder or books, records, ledgers, form), dry_run=dry_run, overwrite=overwrite))


def main() -> None:
    """Run the program; a broken invariant ends with its traceback and exit code 70."""
    try:
        app()
    except Exception:  # noqa: BLE001 the last resort: a bug must show itself, with its own exit code
        import traceback  # noqa: PLC0415

        traceback.print_exc()
        sys.exit(70)
