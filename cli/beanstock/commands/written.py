"""From what the months compute to what is written: vouchers wait for approvals, and closed months stay as they are.

A closed month gives the text that it was closed with, whatever is computed for it today. What differs is refused, or
goes as red and blue vouchers to the first open day. Costs that documents of open months change in closed ones (a bill
at another price, say) always go there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from beanstock.books import Books
from beanstock.commands.compute import Run, fingerprints_of, prepare
from beanstock.commands.fold import fold
from beanstock.ledger.approvals import NAME, Approvals, manual_hashes, put_flags, read_approvals
from beanstock.ledger.closed import Period, first_day_after, promised_documents
from beanstock.ledger.late import Corrected, corrected, corrections, effective, late_months, own_day
from beanstock.ledger.reader import read_vouchers
from beanstock.ledger.text import Serializer, month_name
from beanstock.problems import Place, Problem, problem
from beanstock.rulebook.closings import KIND as CLOSINGS
from beanstock.voucher import Voucher

CODES = ("late-document", "closed-record", "closed-effect", "closed-tampered", "closed-differs")


@dataclass
class Closed:
    """The closed months while they are posted again: what they promised, and what is computed for them now."""

    periods: list[Period]
    texts: dict[str, str] = field(default_factory=dict)  # what closed months keep, by month
    touched: set[str] = field(default_factory=set)  # months that corrections in closed months belong to
    computed: dict[str, list[Voucher]] = field(default_factory=dict)  # by month, where it is not what was promised

    @property
    def last(self) -> str:
        return self.periods[-1].period if self.periods else ""


def needs_fingerprints(books: Books) -> bool:
    """Whether every voucher may be bound to what its documents say; taking the fingerprints costs time.

    Closed months ask for them only where something differs.
    """
    return (books.ledgers / NAME).exists()


def written(run: Run, serializer: Serializer) -> Iterator[tuple[str, list[Voucher], str | None]]:
    """Each month with its vouchers; a closed one with the text that it keeps. Problems are added to the run's.

    Problems: bad-approval, closed-tampered, late-document, closed-record, closed-effect.
    """
    books = run.books
    approvals, problems = read_approvals(books.ledgers)
    if run.carried is not None:  # nothing of closed months is computed, and nothing is late for them
        run.problems += problems
        for month, vouchers in () if run.failed else fold(run):
            _flag(vouchers, approvals, run, serializer)
            yield month, vouchers, None
        return
    closed, found = _read(run)
    run.problems += problems + found
    if run.failed:
        return
    seen: set[str] = set()
    begun = len(run.problems)
    first = month_name(first_day_after(closed.last)) if closed.periods else ""
    settled = not closed.periods
    late: list[Voucher] = []
    unseen: list[tuple[str, list[Voucher], str]] = []

    def before(month: str) -> list[Voucher]:
        """At the first open month: what is late for closed ones."""
        nonlocal settled, late
        if settled or month <= closed.last:
            return []
        settled = True
        unseen.extend(_unseen(closed, seen, run))
        late = _late(closed, approvals, run, serializer)
        if run.capture is not None and not late and not run.failed:
            run.capture.step(partial(run.capture.at_boundary, run.state, slice(begun, len(run.problems))))
        return late

    for month, vouchers in fold(run, before):
        _flag(vouchers, approvals, run, serializer)
        if month <= closed.last:
            text = serializer.month(vouchers)
            kept = _keep(month, text, vouchers, closed, books.ledgers, run)
            seen.add(month)
            if kept is not None:
                if kept[0] is not vouchers:
                    run.balances.instead(month, vouchers, kept[0])
                    run.state.closer.instead(kept[0])
                yield month, *kept
            continue
        yield from unseen
        unseen.clear()
        if late and month != first:
            yield first, late, None
        yield month, late + vouchers if month == first else vouchers, None
        late = []
    before(first)
    yield from unseen
    if late:
        yield first, late, None


def _flag(vouchers: list[Voucher], approvals: Approvals, run: Run, serializer: Serializer) -> None:
    all_ = run.books.policy("review") == "all"
    put_flags(vouchers, approvals, run.fingerprints, serializer, all_=all_)


def _read(run: Run) -> tuple[Closed, list[Problem]]:
    """The closed periods, and the text of each one's ledger file where it is what was promised."""
    periods, problems = run.closed
    closed = Closed(periods)
    for period in periods:
        path = run.books.ledgers / f"{period.period}.bean"
        data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        if period.ledger and hashlib.sha256(data).hexdigest() == period.ledger:
            text = closed.texts[period.period] = data.decode()
            closed.touched |= late_months(text)
    return closed, problems


def _keep(
    month: str, text: str, vouchers: list[Voucher], closed: Closed, ledgers: Path, run: Run
) -> tuple[list[Voucher], str] | None:
    """A closed month's vouchers and text; what is computed otherwise is put aside. Problems: closed-tampered."""
    period = next((one for one in closed.periods if one.period == month), None)
    same = period is not None and hashlib.sha256(text.encode()).hexdigest() == period.ledger
    if period is not None and same:
        closed.texts.setdefault(month, text)  # a file that is gone or was changed comes back as it was
    if not same or month in closed.touched:
        closed.computed[month] = vouchers
    if same:
        return vouchers, text
    return _promised(month, closed, run) if period is not None and period.ledger else None


def _promised(month: str, closed: Closed, run: Run) -> tuple[list[Voucher], str] | None:
    if month not in closed.texts:
        path = f"ledgers/{month}.bean"
        run.problems.append(
            problem(
                "closed-tampered", Place(path, 1, 1), path=path, detail="its hash is not what the closed month promised"
            )
        )
        return None
    text = closed.texts[month]
    vouchers, problems = read_vouchers(text, f"ledgers/{month}.bean", run.books.currency)
    run.problems += problems
    for voucher in vouchers:
        for posting in voucher.postings:
            posting.role = run.rulebook.accounts.role_of_account(posting.account)
    return vouchers, text


def _unseen(closed: Closed, seen: set[str], run: Run) -> Iterator[tuple[str, list[Voucher], str]]:
    """Closed months for which nothing is computed any more."""
    for period in closed.periods:
        if period.ledger and period.period not in seen:
            kept = _promised(period.period, closed, run)
            closed.computed[period.period] = []
            if kept is not None:
                yield period.period, *kept


def _late(closed: Closed, approvals: Approvals, run: Run, serializer: Serializer) -> list[Voucher]:
    """The corrections of closed months for the first open day. Problems: late-document, closed-record, closed-effect."""
    months = set(closed.computed)
    if not months or run.failed:
        return []
    promised: list[Voucher] = []
    for month, text in sorted(closed.texts.items()):
        if month in months or late_months(text) & months:
            vouchers, _ = read_vouchers(text, f"ledgers/{month}.bean", run.books.currency)
            promised += [one for one in vouchers if month_name(own_day(one)) in months and not _closing(one)]
    computed: dict[str, list[Voucher]] = {}
    for month in sorted(months):
        for voucher in closed.computed[month]:
            if not _closing(voucher):
                computed.setdefault(voucher.document, []).append(voucher)
    counted = effective(promised)
    found = corrected(counted, computed)
    if run.books.policy("late_documents") == "refuse":
        run.problems += _refused(found, counted, closed, run)
    for one in found:
        for voucher in one.promised:
            for posting in voucher.postings:
                posting.role = run.rulebook.accounts.role_of_account(posting.account)
    made = corrections(found, first_day_after(closed.last), run.books.language)
    _flag(made, approvals, run, serializer)
    return made


def _closing(voucher: Voucher) -> bool:
    """Vouchers of closing rules stay as they are: the next month's take what is late with them."""
    return voucher.document.startswith(f"{CLOSINGS}/")


def _refused(found: list[Corrected], counted: dict[str, list[Voucher]], closed: Closed, run: Run) -> list[Problem]:
    """Documents that may not come, change or go; costs that open months change are none of them."""
    known = promised_documents(closed.periods)
    problems: list[Problem] = []
    rest: list[Corrected] = []
    places = {one.reference: one.place() for one in run.records.documents}
    prints = (run.fingerprints or fingerprints_of(run)) if found else {}
    for one in found:
        voucher = (one.promised or one.computed)[0]
        facts = {"document": one.document, "period": month_name(own_day(voucher))}
        now, then = prints.get(one.document), known.get(one.document)
        place = places.get(one.document)
        if then is None and now is None:  # a document that the month makes by itself
            rest.append(one)
        elif then is None:
            problems.append(problem("late-document", place, **facts, date=own_day(voucher)))
        elif now != then:
            what = "removed" if now is None else "changed"
            problems.append(problem("closed-record", place, **facts, what=what))
        else:
            rest.append(one)
    if problems or not rest:
        return problems
    own = _without_open_months(closed, run)
    for one in rest:
        if corrected({one.document: counted.get(one.document, [])}, {one.document: own.get(one.document, [])}):
            facts = {"document": one.document, "period": month_name(own_day((one.promised or one.computed)[0]))}
            problems.append(problem("closed-effect", places.get(one.document), **facts))
    return problems


def _without_open_months(closed: Closed, run: Run) -> dict[str, list[Voucher]]:
    """What the closed months' own documents alone would post today; what open months change is not in it."""
    alone = prepare(run.books, run.rulebook, until=first_day_after(closed.last) - dt.timedelta(days=1))
    vouchers: dict[str, list[Voucher]] = {}
    if not alone.failed:
        for _, several in fold(alone):
            for voucher in several:
                vouchers.setdefault(voucher.document, []).append(voucher)
    return vouchers


def manual_kept(manual: list[Voucher], run: Run, serializer: Serializer) -> list[Problem]:
    """Manual vouchers of closed months are as they were. Problems: closed-record. Raises Stale, as `Carried` does."""
    if run.carried is not None:
        run.carried.fits_manual(manual_hashes([one for one in manual if one.date <= run.carried.end], serializer))
        return []
    problems = []
    for period in run.closed[0]:
        own = [one for one in manual if month_name(one.date) == period.period]
        entries = [one.split(" ") for one in period.vouchers.values() if not one.startswith("void ")]
        then = Counter(entry[-1] for entry in entries if entry[-2] == "manual")
        for voucher, hash_ in zip(own, manual_hashes(own, serializer), strict=True):
            if not then[hash_]:
                problems.append(_manual(voucher.document, period.period, "added or changed"))
            then[hash_] -= 1
        problems += [
            _manual("a manual voucher", period.period, "removed or changed") for count in then.values() if count > 0
        ]
    return problems


def _manual(document: str, period: str, what: str) -> Problem:
    name, _, line = document.removeprefix("manual/").partition(":")
    place = Place(f"ledgers/manual/{name}.bean", int(line), 1) if line else None
    return problem("closed-record", place, document=document, period=period, what=what)
