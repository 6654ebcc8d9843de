"""`beanstock post`: records to ledger.

The whole program in one function: open the books, compute the months, turn them into text, and write what changed,
all or nothing. Nothing is posted when anything is wrong, and the old books stay.
"""

from __future__ import annotations

from collections.abc import Iterable

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
        files, made_from, run = generate(books, problems, stages)
        summary = "" if run.failed else publish(files, made_from, run, dry_run=dry_run, overwrite=overwrite)
    stages.end()
    if verbose:
        stages.show(run.lines)
    return finish(options, run.problems, books, run.rulebook.kinds, summary)


def publish(files: dict[str, bytes], made_from: dict[str, str], run: Run, *, dry_run: bool, overwrite: bool) -> str:
    """Write what changed, all or nothing, and say it. Problems: hand-edited, locked, cannot-write."""
    books = run.books
    run.stages.begin("commit")
    try:
        with writer(books.ledgers):
            change, found = plan(books.ledgers, files, made_from, overwrite=overwrite)
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
    months = len(files) - 2
    verb = "would change" if dry_run else "changed"
    return f"{books.company}: {months} month{'s' if months != 1 else ''}; {verb}: {', '.join(changed) or 'nothing'}"


def generate(
    books: Books, problems: list[Problem], stages: Stages, closing: str = ""
) -> tuple[dict[str, bytes], dict[str, str], Run]:
    """Every generated file, the hashes of what they were made from, and the run with its problems.

    `closing` is a month that ends now, as in `prepare`.
    """
    run = prepare(books, stages=stages, hashed=bool(closing) or needs_fingerprints(books), closing=closing)
    run.problems[:0] = problems
    serializer = Serializer(books.currency, decimals_of(books.currency))
    files: dict[str, bytes] = {}
    totals = Totals(unit_of(books.currency))
    if not run.failed:
        for month, vouchers, kept in written(run, serializer):
            if kept is None:
                text = serializer.month(totals.passing(vouchers, run.problems))
            else:
                text = kept
                run.problems += totals.add(vouchers)
            files[f"{month}.bean"] = text.encode()
    made, found = made_texts(run, files, totals.roles)
    run.problems += found
    return {**files, **made}, {**run.records.hashes, **run.rulebook.hashes}, run


def made_texts(
    run: Run, months: Iterable[str], opened_accounts: dict[str, str]
) -> tuple[dict[str, bytes], list[Problem]]:
    """accounts.bean and main.bean; manual vouchers are read for the accounts they use. `months` are names of files."""
    books = run.books
    manual, own, problems = read_manual(books.ledgers, run.rulebook.accounts, books.currency)
    problems += manual_kept(manual, run.closed[0], Serializer(books.currency, decimals_of(books.currency)))
    accounts = dict(opened_accounts)
    for voucher in manual:
        for posting in voucher.postings:
            if posting.account not in own:
                accounts.setdefault(posting.account, posting.role)
    names = sorted(name.removesuffix(".bean") for name in months)
    manual_names = [path.name for path in manual_files(books.ledgers)]
    texts = {
        "accounts.bean": accounts_text(accounts),
        "main.bean": main_text(books.company, books.currency, names, manual_names),
    }
    return {name: text.encode() for name, text in texts.items()}, problems
