"""Why a voucher differs between two states: its record, its rule, a manual voucher, or an effect of other documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from beanstock.commands.options import Options, locate_in
from beanstock.commands.snapshot import Snapshot
from beanstock.ledger.text import month_name
from beanstock.model import Document
from beanstock.problems import problem
from beanstock.render.problems import position
from beanstock.reports.differences import Change, Key, compare
from beanstock.rulebook.closings import KIND
from beanstock.voucher import Voucher

RECORD, RULE, MANUAL, EFFECT, MASTER = "record", "rule", "manual voucher", "cost effect of", "master data"
REVIEW = "approval"
UNKNOWN = "records and rules"


class Causes:
    """What is known of two states; `middle` are the old records by the new rules, None where nobody knows them."""

    def __init__(self, before: Snapshot, after: Snapshot, middle: Mapping[Key, Voucher] | None) -> None:
        self.before = before
        self.after = after
        self.middle = middle
        names = {*before.fingerprints, *after.fingerprints}
        self.changed = {name for name in names if before.fingerprints.get(name) != after.fingerprints.get(name)}
        self.touched: dict[str, set[str]] = {name: {name} for name in self.changed}
        self.made = {one.reference for state in (before, after) if state.run for one in state.run.made}
        self.months: dict[str, set[str]] = {}  # changed documents by month
        for state in (before, after):
            for document in state.run.records.documents if state.run else ():
                if document.reference in self.changed:
                    self.months.setdefault(month_name(document.date), set()).add(document.reference)
                    self.touched[document.reference] |= _touches(document)

    def fill(self, changes: list[Change]) -> None:
        """Write the cause of each change into it."""
        for change in changes:
            self._fill(change)

    def _fill(self, change: Change) -> None:
        if change.voucher.rule == "manual":
            change.cause = MANUAL
        elif self.middle is None:
            change.cause = RECORD if change.key.document in self.changed else UNKNOWN
        else:
            by_rule = compare(change.key, self.before.vouchers.get(change.key), self.middle.get(change.key)) is not None
            if change.key.document in self.changed:
                change.cause = f"{RECORD} and {RULE}" if by_rule and change.old else RECORD
            elif not change.differences and [word for word, _, _ in change.words] == ["flag"] and not by_rule:
                change.cause = REVIEW
            elif by_rule:
                change.cause, change.of = RULE, [f"`{change.voucher.rule}`"]
            else:
                names = self._names(change)
                change.of = sorted(name for name in self.changed if names & self.touched[name])
                if not change.of and change.key.document in self.made:  # it is made of all that its month has
                    change.of = sorted(self._of_month(change.voucher))
                change.cause = EFFECT if change.of else MASTER

    def _of_month(self, voucher: Voucher) -> set[str]:
        """The changed documents of the month that a voucher is made of; closing vouchers see all months before, too."""
        closing = voucher.document.startswith(f"{KIND}/")
        back = closing and voucher.date.day == 1  # it takes back what the month before made
        month = month_name(voucher.date - dt.timedelta(1) if back else voucher.date)
        earlier = [names for other, names in self.months.items() if other < month] if closing else []
        return self.months.get(month) or set().union(*earlier)

    def _names(self, change: Change) -> set[str]:
        """What ties a voucher to other documents: the items and documents of its postings."""
        found = {change.key.document}
        for voucher in (change.old, change.new):
            for posting in voucher.postings if voucher is not None else ():
                found |= {posting.item, posting.document}
        return found - {""}


def _touches(document: Document) -> set[str]:
    """The items of a document, and the documents that it names or settles."""
    found = {one.document for one in document.settlements}
    found |= {one.document for one in (*document.landed, *document.shares)}
    for line in document.lines:
        found |= {line.item.code} if line.item else set()
        found |= {line.named.reference} if line.named else set()
        found |= {origin.line.document.reference for origin in line.origins or ()}
    return found


def place_texts(found: list[Change], before: Snapshot, after: Snapshot, options: Options) -> dict[str, str]:
    """Where the record of each changed document stands, such as `records/bills.csv:3`; of a removed one, where it stood."""
    texts: dict[str, str] = {}
    for state in (before, after):
        if state.run is None:
            continue
        names = {change.key.document for change in found}
        documents = [one for one in state.run.records.documents if one.reference in names]
        problems = [problem("cannot-read", one.place(), path=one.reference, detail="") for one in documents]
        located = locate_in(problems, state.run.books, state.run.rulebook.kinds, options)
        for one in located:
            place = one.place
            if place is not None:
                texts[str(one.facts["path"])] = position(place._replace(column=0)).removesuffix(": ")
    return texts
