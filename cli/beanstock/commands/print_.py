"""`beanstock print`: the vouchers of a period as they stand in the ledger, as one HTML page for the archive."""

from __future__ import annotations

import sys

from beanstock.amounts.money import decimals_of
from beanstock.books import Books
from beanstock.commands.compute import Run, prepare
from beanstock.commands.options import Options, finish, opened
from beanstock.ledger.approvals import APPROVED, manual_hashes, read_approvals, voucher_hash
from beanstock.ledger.closed import Period, read_closed
from beanstock.ledger.manual import read_manual
from beanstock.ledger.reader import read_vouchers
from beanstock.ledger.store import hand_edits
from beanstock.ledger.text import Serializer, month_name
from beanstock.problems import Problem, errors, problem, suggest
from beanstock.render.vouchers import Printed, as_html
from beanstock.reports.periods import period_days
from beanstock.voucher import Voucher


def print_vouchers(options: Options, period: str, document: str) -> int:
    """Print the vouchers of a period, or those of one document; the exit code.

    What is printed is what stands in the ledger; files that were edited by hand are refused. Problems: hand-edited,
    wrong-option, unknown-reference, cannot-write.
    """
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    days = period_days(period) if period else ("0000-00-00", "9999-99-99")
    if days is None:
        problems.append(
            problem("wrong-option", None, option="--period", value=period, allowed="2026, 2026-Q1 or 2026-01")
        )
        return finish(options, problems, books)
    run = prepare(books, hashed=True)
    periods, found = read_closed(books.ledgers)
    vouchers, more = _vouchers(books, run)
    problems += run.problems + found + more + hand_edits(books.ledgers)
    chosen = [one for one in vouchers if days[0] <= one.date.isoformat() <= days[1] and document in ("", one.document)]
    if document and not chosen:
        near = suggest(document, [one.document for one in vouchers])
        problems.append(problem("unknown-reference", None, reference=document, suggestion=near))
    if errors(problems):
        return finish(options, problems, books, run.rulebook.kinds)
    printed, void = _completed(books, run, vouchers, periods)
    wanted = set(map(id, chosen))
    pages = [one for one in printed if id(one.voucher) in wanted]
    gone = [name for name, month in void if days[0][:7] <= month <= days[1][:7] and not document]
    text = "".join(as_html(books.company, books.currency, books.language, pages, gone))
    if options.out is None:
        sys.stdout.write(text)
        return 0
    try:
        options.out.write_text(text, encoding="utf-8")
    except OSError as fault:
        problems.append(problem("cannot-write", None, path=str(options.out), detail=fault.strerror))
    done = "" if errors(problems) else f"{len(pages)} in {options.out}"
    return finish(options, problems, books, run.rulebook.kinds, done)


def _vouchers(books: Books, run: Run) -> tuple[list[Voucher], list[Problem]]:
    """Everything in the ledger, by months, manual vouchers behind those of their day."""
    found, _, problems = read_manual(books.ledgers, run.rulebook.accounts, books.currency)
    made: list[Voucher] = []
    for path in sorted(books.ledgers.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9].bean")):
        if not path.is_symlink():
            vouchers, faults = read_vouchers(path.read_text(encoding="utf-8"), f"ledgers/{path.name}", books.currency)
            made += vouchers
            problems += faults
    return sorted([*made, *found], key=lambda one: one.date), problems


def _completed(
    books: Books, run: Run, vouchers: list[Voucher], periods: list[Period]
) -> tuple[list[Printed], list[tuple[str, str]]]:
    """Vouchers with number, approver and closer; and the void numbers with their month."""
    serializer = Serializer(books.currency, decimals_of(books.currency))
    approvals, _ = read_approvals(books.ledgers)
    numbers: dict[tuple[str, str], list[str]] = {}
    closers = {period.period: period.closed_by for period in periods}
    void: list[tuple[str, str]] = []
    for period in periods:
        for number, entry in period.vouchers.items():
            if entry.startswith("void "):
                void.append((number, period.period))
            else:
                numbers.setdefault((period.period, entry), []).append(number)
    printed = []
    for voucher, hash_ in zip(vouchers, manual_hashes(vouchers, serializer), strict=True):
        month = month_name(voucher.date)
        entry = f"{voucher.date} {voucher.document} {voucher.rule} {hash_}"
        own = numbers.get((month, entry), [])
        decision = approvals.last.get((voucher.document, voucher_hash(voucher, run.fingerprints, serializer)))
        approver = decision.who if decision is not None and decision.decision == APPROVED else ""
        printed.append(Printed(voucher, own.pop(0) if own else "", approver, closers.get(month, "")))
    return sorted(printed, key=lambda one: (month_name(one.voucher.date), one.number)), void
