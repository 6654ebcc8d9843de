"""`beanstock close PERIOD` and `reopen PERIOD`: a month is proven, its vouchers get their numbers, and it stays.

Nothing is closed while anything is open; every reason is named. What is written says what the month promised, and
every later run holds the books to it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from beanstock.amounts.money import decimals_of, unit_of
from beanstock.books import Books
from beanstock.commands.check import Checked, prove
from beanstock.commands.check_sequence import MISSING
from beanstock.commands.compute import Run
from beanstock.commands.options import Options, finish, opened
from beanstock.commands.post import generate, publish
from beanstock.commands.signing import signature
from beanstock.commands.stages import Stages
from beanstock.files.commit import Locked, commit, writer
from beanstock.files.decode import HIDDEN_OR_BREAK
from beanstock.files.git import GitFault
from beanstock.ledger.approvals import REJECTED, manual_hashes, read_approvals, voucher_hash
from beanstock.ledger.closed import (
    FOLDER,
    REMOVED,
    REOPENED,
    Period,
    first_day_after,
    next_period,
    parse,
    promised_documents,
    read_closed,
    sha256,
)
from beanstock.ledger.figures import put_figures
from beanstock.ledger.index import open_index
from beanstock.ledger.manual import read_manual
from beanstock.ledger.query import Ledger
from beanstock.ledger.reader import read_vouchers
from beanstock.ledger.text import Serializer, month_name
from beanstock.problems import Problem, errors, problem
from beanstock.records.sequence import gaps
from beanstock.voucher import Voucher

_PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_TRACE = ("period", "who", "when", "reason", "sha256")


def close(options: Options, month: str) -> int:
    """Close a month; the exit code. Problems: cannot-close, and all that `check --frozen` tells."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    if not _PERIOD.fullmatch(month):
        return finish(options, [_no_month(month)])
    run, results = prove(books, problems, frozen=True, hashed=True)
    for one in results:  # gaps of later months are no reason; `_reasons` tells those up to the month's end
        one.problems = [each for each in one.problems if each.code != MISSING]
    found = [one for result in results for one in result.problems]
    found += [_because(month, f"the check `{one.name}` failed", "Repair what it says.") for one in _failed(results)]
    if errors(found):
        return finish(options, found, books, run.rulebook.kinds)
    reasons = list(_reasons(books, run, month))
    if not reasons:
        run, reasons = _finish(books, run, month)
    if not reasons:
        reasons += _promise(books, run, month)
    done = "" if reasons else f"{books.company}: {month} is closed; commit ledgers/{FOLDER}/{month}.yaml"
    return finish(options, found + reasons, books, run.rulebook.kinds, done)


def _finish(books: Books, run: Run, month: str) -> tuple[Run, list[Problem]]:
    """Post what the month makes by itself at its end, where that waits for a later month to begin.

    Problems: cannot-close, and those of posting.
    """
    if any(month_name(document.date) > month for document in run.records.documents):
        return run, []
    files, made_from, ended = generate(books, [], Stages(), closing=month)
    if not ended.failed:
        for one in read_vouchers(files.get(f"{month}.bean", b"").decode(), f"ledgers/{month}.bean", books.currency)[0]:
            if one.flag == "!":
                words = f"{one.document}, which the month posts at its end, is not approved"
                remedy = f"Look at it with `beanstock review show {one.document}`, approve it, and close again."
                ended.problems.append(_because(month, words, remedy))
    if not ended.failed:
        publish(files, made_from, ended, dry_run=False, overwrite=False)
    return ended, errors(ended.problems)


def _failed(results: list[Checked]) -> list[Checked]:
    return [one for one in results if one.status == "failed"]


def _because(month: str, detail: str, remedy: str) -> Problem:
    return problem("cannot-close", None, period=month, detail=detail, remedy=remedy)


def _reasons(books: Books, run: Run, month: str) -> Iterable[Problem]:
    """What is still open. Problems: cannot-close."""
    periods, _ = read_closed(books.ledgers)
    vouchers, months = _vouchers_of(books, run, month)
    if periods and month <= periods[-1].period:
        yield _because(month, "it is closed already", "There is nothing to do.")
        return
    expected = next_period(periods[-1].period) if periods else min(months, default=month)
    if month != expected:
        remedy = f"Close {expected} first." if month > expected else "Its vouchers begin later."
        yield _because(month, f"{expected} is the next month to close", remedy)
        return
    approvals, _ = read_approvals(books.ledgers)
    serializer = Serializer(books.currency, decimals_of(books.currency))
    prints = run.fingerprints
    for one in vouchers:
        if one.flag == "!":
            state = approvals.state(one.document, voucher_hash(one, prints, serializer))
            words = "is rejected" if state == REJECTED else "is not approved"
            yield _because(month, f"{one.document} {words}", "Repair it, or `beanstock review approve` it, and post.")
    end = Period(month).end
    if books.policy("open_estimates") == "refuse":
        yield from _estimates(books, run, month)
    documents = [one for one in run.records.documents if one.date <= end]
    for gap in gaps(documents, run.rulebook.kinds, books.policy("sequence")):
        for name in gap.names if gap.strict else ():
            yield _because(month, f"the number {name} is missing", "Record it, or a document that says it is void.")


def _estimates(books: Books, run: Run, month: str) -> Iterable[Problem]:
    unit = unit_of(books.currency)
    end = Period(month).end.isoformat()
    with open_index(None, books.ledgers, run.rulebook.accounts, books.currency, unit) as (connection, _):
        for one in Ledger(connection, unit).open_items("goods-received-not-invoiced", end):
            yield _because(month, f"{one.document} is not billed ({-one.open:f})", "Record the bill.")


def _vouchers_of(books: Books, run: Run, month: str) -> tuple[list[Voucher], set[str]]:
    """The vouchers of a month as they stand in the ledger, manual ones behind those of their day; and all months."""
    manual, _, _ = read_manual(books.ledgers, run.rulebook.accounts, books.currency)
    path = books.ledgers / f"{month}.bean"
    made = read_vouchers(path.read_text(encoding="utf-8"), path.name, books.currency)[0] if path.is_file() else []
    own = sorted([*made, *(one for one in manual if month_name(one.date) == month)], key=lambda one: one.date)
    months = {one.stem for one in books.ledgers.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9].bean")}
    return own, months | {month_name(one.date) for one in manual}


def _promise(books: Books, run: Run, month: str) -> list[Problem]:
    """Write the closed period. Problems: git-failed, locked, cannot-write."""
    try:
        who, when = signature(books.folder)
        with writer(books.ledgers):
            period = _period(books, run, month)
            period.closed_by, period.closed_at = who, when
            commit(books.ledgers, {f"{FOLDER}/{month}.yaml": period.text().encode()})
    except GitFault as fault:
        return [problem("git-failed", None, detail=str(fault))]
    except Locked:
        return [problem("locked", None, folder=str(books.ledgers))]
    except OSError as fault:
        return [problem("cannot-write", None, path=str(fault.filename or books.ledgers), detail=fault.strerror)]
    return []


def _period(books: Books, run: Run, month: str) -> Period:
    """All that a month promises."""
    periods, _ = read_closed(books.ledgers)
    vouchers, _ = _vouchers_of(books, run, month)
    period = Period(month, previous=sha256(periods[-1].text()) if periods else "")
    path = books.ledgers / f"{month}.bean"
    period.ledger = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    serializer = Serializer(books.currency, decimals_of(books.currency))
    prints = fingerprints_until(run, month)
    hashes = dict(zip(map(id, vouchers), manual_hashes(vouchers, serializer), strict=True))
    entries = [f"{one.date} {one.document} {one.rule} {hashes[id(one)]}" for one in vouchers]
    period.vouchers = numbered(entries, _earlier_numbers(books.ledgers, month))
    known = promised_documents(periods)
    period.documents = {name: hash_ for name, hash_ in sorted(prints.items()) if known.get(name) != hash_}
    period.documents.update({name: REMOVED for name in sorted(known) if name not in prints})
    unit = unit_of(books.currency)
    with open_index(None, books.ledgers, run.rulebook.accounts, books.currency, unit) as (connection, _):
        put_figures(period, Ledger(connection, unit))
    return period


def numbered(entries: list[str], earlier: dict[str, str]) -> dict[str, str]:
    """Consecutive voucher numbers (记-0001). A number that was given once stays with its document and rule.

    `earlier` are the numbers of a month that was closed before and reopened; those of vouchers that are gone are void.
    """
    names = Counter[tuple[str, ...]]()
    free: dict[tuple[str, ...], list[str]] = {}
    for number, entry in earlier.items():
        free.setdefault(_name(entry), []).append(number)
    found: dict[str, str] = {}
    unnumbered = []
    for entry in entries:
        name = _name(entry)
        own = free.get(name, [])
        if names[name] < len(own):
            found[own[names[name]]] = entry
        else:
            unnumbered.append(entry)
        names[name] += 1
    for number, entry in earlier.items():
        if number not in found:
            found[number] = entry if entry.startswith("void ") else f"void {entry}"
    first = len(found) + 1
    found.update({f"记-{at:04d}": entry for at, entry in enumerate(unnumbered, start=first)})
    return dict(sorted(found.items()))


def _name(entry: str) -> tuple[str, ...]:
    """What a numbered voucher is known by: its document and rule; a manual one by its hash."""
    words = entry.removeprefix("void ").split(" ")
    return (words[-1],) if words[-2] == "manual" else (" ".join(words[1:-1]),)


def _earlier_numbers(ledgers: Path, month: str) -> dict[str, str]:
    """The numbers of the last time that this month was closed."""
    past = sorted(path for path in (ledgers / FOLDER).glob(f"{month}.reopened-*.yaml") if not path.is_symlink())
    period = parse(past[-1].read_text(encoding="utf-8"))[0] if past else None
    return period.vouchers if period is not None else {}


def fingerprints_until(run: Run, month: str) -> dict[str, str]:
    """The fingerprints of the documents that post, up to a month's end."""
    end = first_day_after(month)
    kinds = run.rulebook.kinds.documents
    names = {one.reference for one in run.records.documents if one.date < end and kinds[one.kind].posts}
    return {name: run.fingerprints[name] for name in names}


def _no_month(text: str) -> Problem:
    return problem("wrong-option", None, option="PERIOD", value=text, allowed="a month as YYYY-MM")


def reopen(options: Options, month: str, reason: str) -> int:
    """Reopen the last closed month; the exit code. Problems: cannot-reopen, wrong-option."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    if not _PERIOD.fullmatch(month):
        return finish(options, [_no_month(month)])
    periods, found = read_closed(books.ledgers)
    last = periods[-1].period if periods else ""
    tampered = [one for one in found if one.place is None or f"/{month}.yaml" not in one.place.path]
    if not reason.strip() or HIDDEN_OR_BREAK.search(reason):
        problems.append(problem("wrong-option", None, option="--reason", value=reason, allowed="a line of text"))
    elif tampered:
        problems += tampered
    elif found and month > last:
        pass  # a last month that was tampered with can be reopened; that is one way out
    elif month != last:
        detail = f"{last} is the last closed month" if last else "no month is closed"
        remedy = f"Reopen {last} first." if last and month < last else "There is nothing to do."
        problems.append(problem("cannot-reopen", None, period=month, detail=detail, remedy=remedy))
    if not errors(problems):
        problems += _reopen(books, month, reason)
    done = "" if errors(problems) else f"{books.company}: {month} is open again; commit ledgers/{FOLDER}/"
    return finish(options, problems, books, None, done)


def _reopen(books: Books, month: str, reason: str) -> list[Problem]:
    """Put the closed file aside and add a row to the trace. Problems: git-failed, locked, cannot-write."""
    folder = books.ledgers / FOLDER
    try:
        who, when = signature(books.folder)
        with writer(books.ledgers):
            data = (folder / f"{month}.yaml").read_bytes()
            times = len(list(folder.glob(f"{month}.reopened-*.yaml"))) + 1
            out = io.StringIO()
            trace = folder / REOPENED
            if trace.is_file() and not trace.is_symlink():  # a link could bring in what is nobody's business
                out.write(trace.read_text(encoding="utf-8"))
            else:
                csv.writer(out, lineterminator="\n").writerow(_TRACE)
            row = (month, who, when, reason, hashlib.sha256(data).hexdigest())
            csv.writer(out, lineterminator="\n").writerow(row)
            writes = {
                f"{FOLDER}/{month}.reopened-{times:03d}.yaml": data,
                f"{FOLDER}/{REOPENED}": out.getvalue().encode(),
            }
            commit(books.ledgers, writes, [f"{FOLDER}/{month}.yaml"])
    except GitFault as fault:
        return [problem("git-failed", None, detail=str(fault))]
    except Locked:
        return [problem("locked", None, folder=str(books.ledgers))]
    except OSError as fault:
        return [problem("cannot-write", None, path=str(fault.filename or books.ledgers), detail=fault.strerror)]
    return []
