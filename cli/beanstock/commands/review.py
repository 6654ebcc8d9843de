"""`beanstock review list|show|approve|reject`: what waits for a second person, and what that person decides.

A decision is a row in ledgers/approvals.csv; git carries it. `beanstock post` then writes the approved vouchers with `*`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from beanstock.amounts.money import decimals_of, unit_of
from beanstock.books import Books
from beanstock.commands.compute import Run, prepare
from beanstock.commands.explain_closed import voucher_tree
from beanstock.commands.options import Options, finish, letterhead, locate_in, opened
from beanstock.commands.signing import signature
from beanstock.commands.written import written
from beanstock.files.commit import Locked, commit, writer
from beanstock.files.decode import HIDDEN_OR_BREAK
from beanstock.files.git import GitFault, author_of
from beanstock.ledger.approvals import (
    APPROVED,
    NAME,
    REJECTED,
    Approvals,
    Decision,
    read_approvals,
    voucher_hash,
)
from beanstock.ledger.closed import last_closed
from beanstock.ledger.text import Serializer, month_name
from beanstock.problems import Problem, problem, suggest
from beanstock.render.problems import json_text
from beanstock.render.tables import render
from beanstock.table import Cell, Column, Table
from beanstock.voucher import Voucher

_MADE = re.compile(r"[a-z-]+/(\d{4}-(?:0[1-9]|1[0-2]))-\d{2}")  # what months make is named by its day


@dataclass
class Pending:
    """A voucher that is reviewed: what a decision on it is bound to, and the last decision."""

    voucher: Voucher
    hash: str
    state: str
    reason: str


@dataclass
class Review:
    """The vouchers of open months that are reviewed."""

    books: Books
    run: Run
    serializer: Serializer
    approvals: Approvals
    pending: list[Pending]


def list_reviews(options: Options, *, all_: bool) -> int:
    """List what waits or was rejected; with `all_`, what was approved, too. The exit code."""
    review, problems = _review(options)
    if review is None or review.run.failed:
        return _end(options, review, problems)
    rows: list[dict[str, Cell]] = [
        {
            "state": one.state,
            "date": one.voucher.date.isoformat(),
            "document": one.voucher.document,
            "rule": one.voucher.rule,
            "payee": one.voucher.payee,
            "narration": one.voucher.narration,
            "amount": sum((each.amount for each in one.voucher.postings if each.amount > 0), Decimal(0)),
            "reason": one.reason,
            "hash": one.hash,
        }
        for one in review.pending
        if all_ or one.state != APPROVED
    ]
    columns = [
        Column(name, {"amount": "money", "date": "date"}.get(name, "text"))  # type: ignore[arg-type]
        for name in ("state", "date", "document", "rule", "payee", "narration", "amount", "reason", "hash")
    ]
    table = Table("review", "Review", columns, rows)
    table.settle(unit_of(review.books.currency))
    render(table, options.form, letterhead(review.books), sys.stdout)
    return 0


def show_review(options: Options, reference: str) -> int:
    """Print the vouchers of a document as they would be written, with their state; the exit code."""
    review, problems = _review(options, [reference])
    if review is None or review.run.failed:
        return _end(options, review, problems)
    found = _named(review, reference)
    if not found:
        return _end(options, review, [_nothing(review, reference)])
    if options.form == "json":
        print(json_text([_shown(one) for one in found]))  # noqa: T201
        return 0
    for one in found:
        parts: list[str] = []
        review.serializer.voucher(one.voucher, parts)
        print(f"{one.state}{f': {one.reason}' if one.reason else ''}\n{''.join(parts)}")  # noqa: T201
    return 0


def _shown(one: Pending) -> dict[str, object]:
    """A voucher that is reviewed, as JSON values; what it posts has the form of `explain`."""
    head = {"document": one.voucher.document, "state": one.state, "reason": one.reason, "hash": one.hash}
    said = {"flag": one.voucher.flag, "payee": one.voucher.payee, "narration": one.voucher.narration}
    return {**head, **said, **voucher_tree(one.voucher)}


def decide(options: Options, references: list[str], decision: str, reason: str, *, all_: bool = False) -> int:
    """Approve or reject the vouchers of documents (or all that wait); nothing is written when one is refused."""
    review, problems = _review(options, references)
    if review is None or review.run.failed:
        return _end(options, review, problems)
    if not references and not all_:
        problems.append(problem("missing-option", None, option="DOCUMENTS", allowed="documents, or --all"))
    found = [one for one in review.pending if all_ and one.state == "waiting"]
    for reference in references:
        own = _named(review, reference)
        found += own
        if not own:
            problems.append(_nothing(review, reference))
    if HIDDEN_OR_BREAK.search(reason) or (decision == REJECTED and not reason.strip()):
        problems.append(problem("wrong-option", None, option="--reason", value=reason, allowed="a line of text"))
    if not problems:
        problems += _sign(review, found, decision, reason, options)
    done = f"{len(found)} {decision}; `beanstock post` writes what follows from it"
    return finish(options, problems, review.books, review.run.rulebook.kinds, "" if problems else done)


def _sign(review: Review, found: list[Pending], decision: str, reason: str, options: Options) -> list[Problem]:
    """Add the rows and write the file. Problems: git-failed, four-eyes, locked, cannot-write."""
    books = review.books
    try:
        who, when = signature(books.folder)
        if decision == APPROVED and books.policy("four_eyes") == "yes":
            problems = [one for each in found for one in _four_eyes(review, each.voucher, who, options)]
            if problems:
                return problems
        with writer(books.ledgers):
            approvals, problems = read_approvals(books.ledgers)  # again, inside the lock
            for one in found:
                approvals.add(Decision(one.voucher.document, one.voucher.rule, one.hash, decision, who, when, reason))
            if not problems:
                commit(books.ledgers, {NAME: approvals.text().encode()})
            return problems
    except GitFault as fault:
        return [problem("git-failed", None, detail=str(fault))]
    except Locked:
        return [problem("locked", None, folder=str(books.ledgers))]
    except OSError as fault:
        return [problem("cannot-write", None, path=str(fault.filename or books.ledgers), detail=fault.strerror)]


def _four_eyes(review: Review, voucher: Voucher, who: str, options: Options) -> list[Problem]:
    """Whoever committed a line of the record last cannot approve it, and one that nobody committed nobody can.

    People are told apart by their addresses. What a month makes by itself (depreciation, closings) nobody recorded, and
    anybody may approve it. Problems: four-eyes. Raises GitFault.
    """
    books, run = review.books, review.run
    names = set(voucher.sources)
    documents = [one for one in run.records.documents if one.reference in names]
    places = [one.place("", line) for one in documents for line in one.lines] + [one.place() for one in documents]
    problems = [problem("cannot-read", place, path="", detail="") for place in dict.fromkeys(places)]
    mail = who.rpartition("<")[2].lower()
    for one in locate_in(problems, books, run.rulebook.kinds, options):
        if one.place is None:
            continue
        author = author_of(books.records / one.place.path.partition("/")[2], one.place.line)
        detail = "its record is not committed, so nobody knows who recorded it" if author is None else ""
        if author is not None and f"{author.mail.lower()}>" == mail:
            detail = "they recorded it themselves"
        if detail:
            return [problem("four-eyes", one.place, who=who, document=voucher.document, detail=detail)]
    return []


def _review(options: Options, references: Iterable[str] = ()) -> tuple[Review | None, list[Problem]]:
    """What is reviewed in the open months; problems are those of posting, which must be possible.

    `close` asks for vouchers that a month makes when it ends (closings/2026-01-31-income-tax): where they are not there
    yet, the month that is named ends now.
    """
    books, problems = opened(options)
    if books is None:
        return None, problems
    review = _computed(books, problems)
    missing = [] if review.run.failed else [name for name in references if not _named(review, name)]
    ending = max((match[1] for name in missing for match in [_MADE.match(name)] if match), default="")
    if ending:
        review = _computed(books, problems, ending)
    return review, review.run.problems if review.run.failed else []


def _computed(books: Books, problems: list[Problem], ending: str = "") -> Review:
    run = prepare(books, hashed=True, closing=ending)
    run.problems[:0] = problems
    serializer = Serializer(books.currency, decimals_of(books.currency))
    approvals, _ = read_approvals(books.ledgers)
    review = Review(books, run, serializer, approvals, [])
    last = last_closed(books.ledgers)
    if run.failed:
        return review
    for _, vouchers, _ in written(run, serializer):
        for voucher in vouchers:
            hash_ = voucher_hash(voucher, run.fingerprints, serializer)
            decision = approvals.last.get((voucher.document, hash_))
            if month_name(voucher.date) > last and (decision is not None or voucher.flag == "!"):
                state = approvals.state(voucher.document, hash_)
                review.pending.append(Pending(voucher, hash_, state, decision.reason if decision else ""))
    return review


def _named(review: Review, reference: str) -> list[Pending]:
    names = (reference, reference.rpartition("/")[2])
    exact = [one for one in review.pending if one.voucher.document == reference]
    return exact or [one for one in review.pending if one.voucher.document.partition("/")[2] in names]


def _nothing(review: Review, reference: str) -> Problem:
    known = [one.voucher.document for one in review.pending]
    return problem("nothing-to-review", None, document=reference, suggestion=suggest(reference, known))


def _end(options: Options, review: Review | None, problems: list[Problem]) -> int:
    if review is None:
        return finish(Options(options.folder), problems)
    return finish(Options(options.folder), problems or review.run.problems, review.books, review.run.rulebook.kinds)
