"""The commands below `rules` and `review`: names, options and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from beanstock.app_options import (
    BooksOption,
    DiffOption,
    Folder,
    FormatOption,
    LedgersOption,
    RecordsOption,
    TableOption,
    one_folder,
)

rules = typer.Typer(help="Check and test the rule files.", no_args_is_help=True, rich_markup_mode=None)


@rules.command(name="check")
def rules_check(folder: Folder = None, books: BooksOption = None, form: FormatOption = "table") -> None:
    """Read and compile every rule file; tell all faults at once."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.rules import check_rules as run  # noqa: PLC0415

    raise typer.Exit(run(Options(one_folder(folder, books), form=form)))


@rules.command(name="test")
def rules_test(folder: Folder = None, books: BooksOption = None, form: FormatOption = "table") -> None:
    """Run the examples beside the rules, the pack's and the books' own."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.rules import test_rules as run  # noqa: PLC0415

    raise typer.Exit(run(Options(one_folder(folder, books), form=form)))


@rules.command(name="explain")
def rules_explain(
    document: Annotated[str, typer.Argument(help="A document, a posting (number#2) or a line of the ledger.")],
    folder: Folder = None,
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    form: FormatOption = "table",
) -> None:
    """Say how the rules post a document, or how near each came; the same as `beanstock explain`."""
    from beanstock.commands.explain import explain as run  # noqa: PLC0415
    from beanstock.commands.options import Options  # noqa: PLC0415

    raise typer.Exit(run(Options(one_folder(folder, books), records, ledgers, form), document))


@rules.command(name="coverage")
def rules_coverage(folder: Folder = None, books: BooksOption = None, form: TableOption = "table") -> None:
    """List which rules, lines and rows of tables the documents of the books and the examples use."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.rules import cover_rules as run  # noqa: PLC0415

    raise typer.Exit(run(Options(one_folder(folder, books), form=form)))


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

    raise typer.Exit(run(Options(one_folder(folder, books)), name, into))


@rules.command(name="diff")
def rules_diff(
    revision: Annotated[str, typer.Option("--from", help="The git revision with the rules before.")] = "HEAD",
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    form: DiffOption = "table",
) -> None:
    """What changed rules, policies and settings change in these books."""
    from beanstock.commands.diff import diff_rules as run  # noqa: PLC0415
    from beanstock.commands.options import Options  # noqa: PLC0415

    raise typer.Exit(run(Options(books, records, ledgers, form), revision))


review = typer.Typer(
    help="What waits for an approval, and what is decided.", no_args_is_help=True, rich_markup_mode=None
)
Documents = Annotated[list[str], typer.Argument(help="Documents: numbers, or kind/number.", show_default=False)]


@review.command(name="list")
def review_list(
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    all_: Annotated[bool, typer.Option("--all", help="Approved ones, too.")] = False,
    form: TableOption = "table",
) -> None:
    """List the vouchers that wait for an approval or were rejected."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.review import list_reviews as run  # noqa: PLC0415

    raise typer.Exit(run(Options(books, records, ledgers, form), all_=all_))


@review.command(name="show")
def review_show(
    document: Annotated[str, typer.Argument(help="A document: its number, or kind/number.")],
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    form: FormatOption = "table",
) -> None:
    """Print the vouchers of a document as they would be written."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.review import show_review as run  # noqa: PLC0415

    raise typer.Exit(run(Options(books, records, ledgers, form), document))


@review.command(name="approve")
def review_approve(
    documents: Documents = [],  # noqa: B006 typer copies it
    all_: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="A note.")] = "",
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    form: FormatOption = "table",
) -> None:
    """Approve the vouchers of documents, as the person that git knows."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.review import decide as run  # noqa: PLC0415

    raise typer.Exit(run(Options(books, records, ledgers, form), documents, "approved", reason, all_=all_))


@review.command(name="reject")
def review_reject(
    documents: Documents,
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    books: BooksOption = None,
    records: RecordsOption = None,
    ledgers: LedgersOption = None,
    form: FormatOption = "table",
) -> None:
    """Reject the vouchers of documents; they stay marked until they change and are approved."""
    from beanstock.commands.options import Options  # noqa: PLC0415
    from beanstock.commands.review import decide as run  # noqa: PLC0415

    raise typer.Exit(run(Options(books, records, ledgers, form), documents, "rejected", reason))
