"""Goes on from what was noted: reads open documents, and those of closed months that they can touch.

Each step compares what it finds with what was noted, and gives up where it is not the same (`Stale`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from beanstock.carried.capture import OPENING, Entry, dumped, problem_form
from beanstock.carried.codec import Decoder, Name, Stale, name_of
from beanstock.carried.rows import Known, Mask
from beanstock.carried.settled import restore as restore_settled
from beanstock.carried.state import State, remember, restore
from beanstock.carried.store import Store
from beanstock.carried.told import Told, settled_by, words_of
from beanstock.matching.settlements import Settlements
from beanstock.model import Document, Masters
from beanstock.problems import Place, Problem, errors
from beanstock.records.expand import is_standard_cost
from beanstock.records.fingerprint import digest
from beanstock.records.kinds import Kinds
from beanstock.records.read import Records, read_records

ONCE = "account-not-in-chart"  # what is told of an account once, at its first document


class Carried:
    """The state of the last closed month, and the closed documents that are read again. All methods raise Stale."""

    def __init__(self, store: Store, end: dt.date) -> None:
        self.store = store
        self.end = end  # the last closed day
        self.groups: set[int] = set(store.fact("always"))
        self.entries: dict[Name, Entry] = {}
        self.documents: dict[Name, Document] = {}

    def read(self, folder: Path, kinds: Kinds, money_decimals: int) -> tuple[Records, list[Problem]]:
        """The records of open months, and of those closed documents that they can touch. Problems: as `read_records`."""
        files = {name: Known(*form) for name, form in self.store.fact("files").items()}
        noted = self.store.fact("masters")
        while True:
            self.entries = {one.name: one for one in self.store.documents(self.groups)}
            mask = Mask(files, kinds)
            for entry in self.entries.values():
                for file, spans in entry.rows.items():
                    mask.wanted.setdefault(file, []).extend(tuple(span) for span in spans)
            records, problems = read_records(folder, kinds, money_decimals, mask)
            if errors(problems):
                raise Stale("the records have errors")
            if mask.seen != files.keys():
                raise Stale("a file is gone")
            if not same(noted, said_of(records.masters, self.end)):
                raise Stale("master records changed")
            words: set[str] = set()
            for document in records.documents:
                if document.date > self.end:
                    words |= words_of(document)
            more = self.store.groups_of(words) - self.groups
            if not more:
                return records, problems
            self.groups |= more

    def fits(self, conditions: dict[str, Any]) -> None:
        """Compare all that closed months depend on beside what is recorded."""
        noted = self.store.fact("conditions")
        for name, one in conditions.items():
            if noted.get(name) != one:
                raise Stale(f"{name} changed")

    def admit(self, documents: list[Document]) -> list[Document]:
        """The documents that count: of closed months those that were noted, and no others."""
        kept = []
        for document in documents:
            name = name_of(document)
            if document.date > self.end:
                if document.kind in OPENING:  # they say when assets begin
                    raise Stale("open months have opening records")
                kept.append(document)
            elif name in self.entries:
                kept.append(document)
                if self.documents.setdefault(name, document) is not document:
                    raise Stale(f"{name} is there twice")
            elif not is_standard_cost(document):  # those stand for master records, which are compared
                raise Stale(f"{name} is late")
        gone = self.entries.keys() - self.documents.keys()
        if gone:
            raise Stale(f"{min(gone)} is gone")
        return kept

    def settle(self, settlements: Settlements, masters: Masters, documents: list[Document]) -> list[Document]:
        """Put back what was open; the documents that settle something now."""
        opens = [form for entry in self.entries.values() for form in entry.opens]
        settling = [document for document in documents if document.date > self.end]
        self._stay_named(settling)
        paying = [(words_of(one), one) for one in settling if one.kind == "payments"]
        restore_settled(self.store.fact("settled"), opens, settlements, Decoder(masters, self.documents), paying)
        return settling

    def _stay_named(self, others: list[Document]) -> None:
        """What payments of closed months name must not be ambiguous now."""
        by_name: dict[str, list[Document]] = {}
        for one in others:
            for name in (one.number, one.reference):
                by_name.setdefault(name, []).append(one)
        for document in self.documents.values():
            for name in settled_by(document):
                for one in by_name.get(name, ()):
                    if document.partner is None or one.partner in (None, document.partner):
                        raise Stale(f"{document.reference} may mean {one.reference}")

    def compare(self) -> None:
        """Compare what matching makes of closed documents now with what was noted."""
        for name, document in self.documents.items():
            if Told().digest(document) != self.entries[name].digest:
                raise Stale(f"{name} is another")

    def restore(self, state: State, masters: Masters) -> None:
        """Put the state in place."""
        decoder = Decoder(masters, self.documents)
        restore(self.store.fact("state"), state, decoder)
        for name, document in self.documents.items():
            remember(self.entries[name].stock, state.stock, document, decoder)

    def fits_manual(self, hashes: list[str]) -> None:
        """Compare the manual vouchers of closed months."""
        if self.store.fact("manual") != hashes:
            raise Stale("manual vouchers changed")

    def problems(self, found: Iterable[Problem]) -> list[Problem]:
        """All that a whole run would tell: what was found, and the warnings of documents that were not read again."""
        noted = self.store.fact("problems")
        told = [problem_of(form) for form in noted["told"]]
        known = {one.facts["account"] for one in told if one.code == ONCE}
        found = [one for one in found if one.code != ONCE or one.facts["account"] not in known]
        loose = [problem_form(one) for one in found if one.place is None or one.place.record < 0]
        if Counter(map(dumped, loose)) != Counter(map(dumped, noted["loose"])):
            raise Stale("other warnings")
        return [*(problem_of(form) for group, form in self.store.problems() if group not in self.groups), *told, *found]


def problem_of(form: list[Any]) -> Problem:
    """A problem that was noted."""
    code, facts, place = form
    return Problem(code, facts, Place(*place) if place else None)


def same(known: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether what master records said is what they say now; new ones may have come."""
    return known["rest"] == now["rest"] and all(now["each"].get(name) == one for name, one in known["each"].items())


def said_of(masters: Masters, end: dt.date) -> dict[str, Any]:
    """Master records as texts: each item, partner and warehouse, and all others together, as far as they count until a day.

    New items, partners and warehouses change nothing that was there, and neither do rates and standard costs of later days.
    """
    each = {
        f"{kind}/{one.code}": digest(repr(one))
        for kind, several in (("i", masters.items), ("p", masters.partners), ("w", masters.warehouses))
        for one in several.values()
    }
    boms = sorted((item.code, one.code, str(qty)) for item, inputs in masters.boms.items() for one, qty in inputs)
    costs = sorted((one.item.code, str(one.start), str(one.cost)) for one in masters.standard_costs if one.start <= end)
    rates = sorted((str(day), currency, str(rate)) for day, currency, rate in masters.rates if day <= end)
    others = [sorted(several.items()) for several in (masters.departments, masters.assets, masters.department_of)]
    return {"each": each, "rest": repr([boms, costs, rates, others])}
