"""`beanstock post`: records to ledger.

The whole program in one function: open the books, compute the months, turn them into text, and write what changed,
all or nothing. Nothing is posted when anything is wrong, and the old books stay.
"""

from __future__ import annotations

from collections.abc import Iterable

from beanstock.amounts.money import decimals_of
from beanstock.books import Books
from beanstock.carried.codec import Stale
from beanstock.carried.going import Carried
from beanstock.commands.carry import carried_of, keep_capture, kept_files
from beanstock.commands.compute import Run, prepare
from beanstock.commands.options import Options, finish, opened
from beanstock.commands.stages import Stages
from beanstock.commands.written import manual_kept, needs_fingerprints, written
from beanstock.files.commit import Locked, writer
from beanstock.ledger.manual import manual_files, read_manual
from beanstock.ledger.store import plan, write
from beanstock.ledger.text import Serializer, accounts_text, main_text
from beanstock.problems import Problem, problem
from beanstock.render.progress import progress

Made = tuple[dict[str, bytes], dict[str, str], Run]  # files, hashes of what they were made from, and the run


def post(options: Options, *, dry_run: bool = False, overwrite: bool = False, verbose: bool = False) -> int:
    """Write the ledger of a books folder; the exit code. `verbose` prints stage times."""
    stages = Stages()
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    with progress("posting") as stages.told:
        files, made_from, run = generate_open(books, problems, stages) or generate(
            books, problems, stages, capturing=True
        )
        summary = "" if run.failed else publish(files, made_from, run, dry_run=dry_run, overwrite=overwrite)
        if summary and not dry_run:
            keep_capture(run)
    stages.end()
    if verbose:
        stages.show(run.lines, len(run.kept))
    return finish(options, run.problems, books, run.rulebook.kinds, summary)


def publish(files: dict[str, bytes], made_from: dict[str, str], run: Run, *, dry_run: bool, overwrite: bool) -> str:
    """Write what changed, all or nothing, and say it. Problems: hand-edited, locked, cannot-write."""
    books = run.books
    run.stages.begin("commit")
    try:
        with writer(books.ledgers):
            change, found = plan(books.ledgers, files, made_from, overwrite=overwrite, kept=run.kept)
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
    months = len(files) + len(run.kept) - 2
    verb = "would change" if dry_run else "changed"
    return f"{books.company}: {months} month{'s' if months != 1 else ''}; {verb}: {', '.join(changed) or 'nothing'}"


def generate_open(books: Books, problems: list[Problem], stages: Stages) -> Made | None:
    """As `generate`, but going on from what closed months carry; None where everything must be computed.

    What is wrong is told by a run that sees everything.
    """
    try:
        carried = carried_of(books)
    except Stale:
        return None
    try:
        made = generate(books, problems, stages, carried=carried)
    except Stale:
        return None
    finally:
        carried.store.close()
    return None if made[2].failed else made


def generate(
    books: Books,
    problems: list[Problem],
    stages: Stages,
    closing: str = "",
    *,
    capturing: bool = False,
    carried: Carried | None = None,
) -> Made:
    """Every generated file, the hashes of what they were made from, and the run with its problems.

    `closing` is a month that ends now, as in `prepare`; `capturing` notes what closed months carry for the next run, and
    from what they have `carried` the run goes on (raises Stale, as `Carried` does).
    """
    hashed = bool(closing) or needs_fingerprints(books)
    run = prepare(books, stages=stages, hashed=hashed, closing=closing, carried=carried, capturing=capturing)
    run.problems[:0] = problems
    serializer = Serializer(books.currency, decimals_of(books.currency))
    files: dict[str, bytes] = {}
    if carried is not None:
        run.kept = kept_files(carried, books.ledgers)
    if not run.failed:
        for month, vouchers, kept in written(run, serializer):
            if kept is None:
                text = serializer.month(run.state.totals.passing(vouchers, run.problems))
            else:
                text = kept
                run.problems += run.state.totals.add(vouchers)
            files[f"{month}.bean"] = text.encode()
    made, found = made_texts(run, [*files, *run.kept], run.state.totals.roles)
    run.problems += found
    if carried is not None:
        run.problems = carried.problems(run.problems)
    return {**files, **made}, {**run.records.hashes, **run.rulebook.hashes}, run


def made_texts(
    run: Run, months: Iterable[str], opened_accounts: dict[str, str]
) -> tuple[dict[str, bytes], list[Problem]]:
    """accounts.bean and main.bean; manual vouchers are read for the accounts they use. `months` are names of files."""
    books = run.books
    manual, own, problems = read_manual(books.ledgers, run.rulebook.accounts, books.currency)
    problems += manual_kept(manual, run, Serializer(books.currency, decimals_of(books.currency)))
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
