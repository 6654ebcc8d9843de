"""`beanstock post`: records to ledger.

The whole program in one function: open the books, compute the months, turn them into text, and write what changed,
all or nothing. Nothing is posted when anything is wrong, and the old books stay.
"""

from __future__ import annotations

from beanstock.amounts.money import decimals_of, unit_of
from beanstock.books import Books
from beanstock.commands.compute import Run, prepare
from beanstock.commands.options import Options, finish, opened
from beanstock.commands.stages import Stages
from beanstock.commands.written import manual_kept, needs_fingerprints, written
from beanstock.files.commit import Locked, writer
from beanstock.ledger.limits import Totals
from beanstock.ledger.manual import manual_files, read_manual
from beanstock.ledger.store import plan, write
from beanstock.ledger.text import Serializer, accounts_text, main_text
from beanstock.problems import Problem, problem
from beanstock.render.progress import progress


def post(options: Options, *, dry_run: bool = False, overwrite: bool = False, verbose: bool = False) -> int:
    """Write the ledger of a books folder; the exit code. `verbose` prints stage times."""
    stages = Stages()
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    with progress("posting") as stages.told:
        texts, made_from, run = generate(books, problems, stages)
        summary = "" if run.failed else publish(texts, made_from, run, dry_run=dry_run, overwrite=overwrite)
    stages.end()
    if verbose:
        stages.show(run.lines)
    return finish(options, run.problems, books, run.rulebook.kinds, summary)


def publish(texts: dict[str, str], made_from: dict[str, str], run: Run, *, dry_run: bool, overwrite: bool) -> str:
    """Write what changed, all or nothing, and say it. Problems: hand-edited, locked, cannot-write."""
    books = run.books
    run.stages.begin("commit")
    try:
        with writer(books.ledgers):
            change, found = plan(books.ledgers, texts, made_from, overwrite=overwrite)
            run.problems += found
            if run.failed:
                return ""
            if not dry_run:
                write(books.ledgers, change)
    except Locked:
        run.problems.append(problem("locked", None, folder=str(books.ledgers)))
        return ""
    except OSError as fault:
        path = str(fault.filename or books.ledgers)
        run.problems.append(problem("cannot-write", None, path=path, detail=fault.strerror))
        return ""
    changed = [name for name in change.writes if name.endswith(".bean")] + change.deletes
    months = len(texts) - 2
    verb = "would change" if dry_run else "changed"
    return f"{books.company}: {months} month{'s' if months != 1 else ''}; {verb}: {', '.join(changed) or 'nothing'}"


def generate(
    books: Books, problems: list[Problem], stages: Stages, closing: str = ""
) -> tuple[dict[str, str], dict[str, str], Run]:
    """The text of every generated file, the hashes of what they were made from, and the run with its problems.

    `closing` is a month that ends now, as in `prepare`.
    """
    run = prepare(books, stages=stages, hashed=bool(closing) or needs_fingerprints(books), closing=closing)
    run.problems[:0] = problems
    serializer = Serializer(books.currency, decimals_of(books.currency))
    texts: dict[str, str] = {}
    opened_accounts: dict[str, str] = {}
    totals = Totals(unit_of(books.currency))
    if not run.failed:
        for month, vouchers, kept in written(run, serializer):
            run.problems += totals.add(vouchers)
            texts[f"{month}.bean"] = serializer.month(vouchers) if kept is None else kept
            for voucher in vouchers:
                for posting in voucher.postings:
                    opened_accounts[posting.account] = posting.role
    texts, found = texts_of(run, texts, opened_accounts)
    run.problems += found
    return texts, {**run.records.hashes, **run.rulebook.hashes}, run


def texts_of(run: Run, months: dict[str, str], opened_accounts: dict[str, str]) -> tuple[dict[str, str], list[Problem]]:
    """The month files with accounts.bean and main.bean; manual vouchers are read for the accounts they use."""
    books = run.books
    manual, own, problems = read_manual(books.ledgers, run.rulebook.accounts, books.currency)
    problems += manual_kept(manual, books.ledgers, Serializer(books.currency, decimals_of(books.currency)))
    accounts = dict(opened_accounts)
    for voucher in manual:
        for posting in voucher.postings:
            if posting.account not in own:
                accounts.setdefault(posting.account, posting.role)
    names = sorted(name.removesuffix(".bean") for name in months)
    texts = dict(months)
    texts["accounts.bean"] = accounts_text(accounts)
    texts["main.bean"] = main_text(
        books.company, books.currency, names, [path.name for path in manual_files(books.ledgers)]
    )
    return texts, problems
