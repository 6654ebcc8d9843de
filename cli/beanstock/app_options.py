"""Options that several commands share: folders and forms."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

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


def one_folder(folder: Path | None, books: Path | None) -> Path | None:
    """DIR or --books, which name the same; two that differ are wrong use of the command."""
    if folder is not None and books is not None and folder.resolve() != books.resolve():
        message = f"the books are {folder} by the argument and {books} by --books; name one of them."
        raise typer.BadParameter(message)
    return folder if folder is not None else books


def _one_of(*forms: str) -> Callable[[str], str]:
    """A check of --format; anything else is wrong use of the command."""

    def check(value: str) -> str:
        if value not in forms:
            message = f"{value!r} is not one of {', '.join(forms)}."
            raise typer.BadParameter(message)
        return value

    return check


FormatOption = Annotated[str, typer.Option("--format", "-f", help="table or json.", callback=_one_of("table", "json"))]
DiffOption = Annotated[
    str, typer.Option("--format", "-f", help="table, json or md.", callback=_one_of("table", "text", "json", "md"))
]
PostOption = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        help="table, json, github, junit or sarif.",
        callback=_one_of("table", "json", "github", "junit", "sarif"),
    ),
]
CheckOption = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        help="table, json, csv, md, github, junit or sarif.",
        callback=_one_of("table", "json", "csv", "md", "github", "junit", "sarif"),
    ),
]
TableOption = Annotated[
    str,
    typer.Option("--format", "-f", help="table, json, csv or md.", callback=_one_of("table", "json", "csv", "md")),
]
ReportOption = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        help="table, json, csv, md, html or xlsx.",
        callback=_one_of("table", "json", "csv", "md", "html", "xlsx"),
    ),
]
REPORTS = (
    "trial-balance, balance-sheet, income-statement, cash-flow, cash-flow-indirect, stock, stock-moves, stock-aging, receivables, payables, "
    "statement-of-account, orders, accruals, notes, tax, margins, ratios, budget, forecast, journal or ledger; `all` writes the set for an owner or a bank."
)
