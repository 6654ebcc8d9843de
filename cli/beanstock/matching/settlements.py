"""Payments against documents: what each settles, what stays open, what is an advance.

Open amounts have the sign of their document: an invoice is positive, a credit note negative. A payment that names
nothing settles the oldest due documents before it; what is left of it is an advance until something is allocated. In a
foreign currency a settlement relieves the document's own book value; the rest of what was paid is exchange gain or loss.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from beanstock.matching.allocations import set_off
from beanstock.matching.cash import Cash
from beanstock.matching.notes import RECEIVABLE, Notes
from beanstock.matching.open_items import ADVANCES, Open, correct_tax, side_of
from beanstock.matching.prepaid import Prepaid
from beanstock.model import ZERO, Document, Line
from beanstock.parts import Settlement
from beanstock.problems import Problem, problem, suggest
from beanstock.records.kinds import Kinds

OLDEST = "oldest due first"
_PREPAID_ROLES = frozenset((*ADVANCES, *ADVANCES.values()))


class Settlements:
    """Settles the documents of one company in the order of events."""

    def __init__(
        self,
        kinds: Kinds,
        role_of: Callable[[str], str],  # the role behind an account cell, or nothing
        same: Callable[[str], str],  # one name for all cells of an account
        currency: str,
        unit: Decimal,
        notes: Notes,
        prepaid: Prepaid,
        *,
        corrects_tax: bool = False,  # whether a cash discount takes its share of the tax back
    ) -> None:
        self.kinds = kinds
        self.role_of = role_of
        self.currency = currency
        self.unit = unit
        self.corrects_tax, self.prepaid = corrects_tax, prepaid
        self.problems: list[Problem] = []
        self.opens: dict[tuple[str, str], Open] = {}  # by partner and document
        self.by_partner: dict[tuple[str, str], list[Open]] = {}  # by partner and role, in the order of due dates
        self.references: dict[str, list[Open]] = {}
        self.advances: dict[tuple[str, str], Decimal] = {}  # by partner and role; what was paid ahead is positive
        self.cash = Cash(unit, same)
        self.settled: list[tuple[Open, Decimal]] = []  # by the payment at hand; signed like what is open
        self.notes, self.book = notes, self.cash.book

    def settle(
        self, documents: list[Document], end: dt.date = dt.date.max, ended: Callable[[], None] | None = None
    ) -> list[Problem]:
        """Fill in the settlements and advances of payments; `ended` is called when the documents up to `end` have settled.

        Problems: unknown-document, ambiguous-document, over-applied, applied-sum, partner-needed, other-currency,
        allocation-sides, allocation-early, too-precise, note-exceeded.
        """
        for document in documents:
            self._register(document)
        for several in self.by_partner.values():
            several.sort(key=lambda one: (one.due, one.key))
        for document in documents:
            if ended is not None and document.date > end:
                ended()
                ended = None
            settles = self.kinds.documents[document.kind].settles
            if document.kind == "payments":
                self._pay(document)
            elif document.kind == "allocations":
                self._allocate(document)
            elif document.kind == "cash-transfers":
                self._transfer(document)
            elif document.kind == "opening-balances":
                self._hold(document)
            elif document.get("paid_account") and settles:
                self.cash.pay_at_once(document, 1 if settles == "receivable" else -1)
            self.problems += self.notes.others(document, settles)
        if ended is not None:
            ended()
        self.prepaid.give_back(documents)
        return self.problems

    # --- what is open

    def _register(self, document: Document) -> None:
        kind = self.kinds.documents[document.kind]
        if document.kind == "landed-costs" and document.get("bill"):
            return  # the bill is what is owed
        if kind.settles and document.partner is not None and not document.get("paid_account"):
            due, foreign = (
                document.due or document.date,
                document.gross if document.foreign is None else document.foreign,
            )
            currency = document.currency or self.currency
            owed, key = document.gross, document.key
            one = Open(kind.settles, document.reference, document.partner, due, foreign, key, currency, owed)
            one.owner = document
            self._add(one, document.number)
        elif document.kind == "opening-balances":
            for line in document.lines:
                if line.amount is not None:
                    self._opening(document, line, line.amount)

    def _opening(self, document: Document, line: Line, book: Decimal) -> None:
        role = self.role_of(line.account)
        extra = line.extra or {}
        currency = extra.get("currency") or self.currency
        foreign = book if line.foreign is None else line.foreign
        if line.partner is None or role not in _PREPAID_ROLES:
            self.problems += self.notes.opening(line, document, line.partner, extra.get("due"), book)
            return
        if role in ("payable", "customer-advances"):
            book, foreign = -book, -foreign
        reference = f"{document.kind}/{extra['ref']}" if extra.get("ref") else document.reference
        if role in ADVANCES.values():
            key = (line.partner.code, role)
            self.advances[key] = self.advances.get(key, ZERO) + book
        known = self.opens.get((line.partner.code, reference))
        if known is not None and known.role == role:
            known.amount += foreign
            known.open += foreign
            known.book += book
            return
        due = extra.get("due") or document.date
        one = Open(role, reference, line.partner, due, foreign, document.key, currency, book)
        self._add(one, extra.get("ref") or document.number)

    def _hold(self, document: Document) -> None:
        """Foreign money that accounts hold: from the opening's own day on."""
        for line in document.lines:
            claim = line.partner is not None and self.role_of(line.account) in _PREPAID_ROLES
            if line.amount is not None and line.foreign is not None and not claim:
                currency = (line.extra or {}).get("currency") or self.currency
                self.cash.add(line.account, currency, line.foreign, line.amount)

    def _add(self, one: Open, number: str) -> None:
        self.opens[one.partner.code, one.document] = one
        self.by_partner.setdefault((one.partner.code, one.role), []).append(one)
        for name in (number, one.document):
            self.references.setdefault(name, []).append(one)

    # --- payments

    def _pay(self, document: Document) -> None:
        incoming = document.get("direction") == "in"
        amount = document.get("amount") or ZERO
        discount, write_off, fee = (document.get(name) or ZERO for name in ("cash_discount", "write_off", "fee"))
        rest = amount + discount + write_off
        settled = rest
        named = [
            line for line in document.lines if line.extra and (line.extra.get("applies") or line.extra.get("pays"))
        ]
        self.settled = []
        found: list[tuple[Line, Open | None]] = []
        for line in named:
            assert line.extra is not None
            one = None if line.extra.get("pays") else self._named(document, "applies", line.extra["applies"], line)
            if one is not None or line.extra.get("pays"):
                found.append((line, one))
        found.sort(key=lambda pair: self._rank(*pair, incoming=incoming))
        for line, one in found:
            if one is None:
                rest -= self._direct(document, line, rest)
            else:
                rest -= self._apply(document, line, one, rest, incoming=incoming)
        document.pays.sort(key=lambda line: line.index)
        if len(found) < len(named):
            return  # a reference leads nowhere; the rest would be judged by half
        back = not named and self.notes.goes_back(document)
        if back:
            rest = self._reopen(document, rest, incoming=incoming)
        elif not named:
            rest = self._oldest(document, rest, incoming=incoming)
        if rest < 0:
            facts = {"document": document.reference, "settled": settled, "applied": settled - rest}
            self.problems.append(problem("applied-sum", document.place("amount"), **facts))
        elif rest:
            self._advance(document, rest, incoming=incoming)
        if self.corrects_tax:
            correct_tax(document, self.settled, self.unit)
        document.fee, document.cash_discount, document.write_off = (
            self.book(one, document.rate) for one in (fee, discount, write_off)
        )
        self._bank(document, amount - fee if incoming else amount + fee, incoming=incoming)
        self.problems += self.notes.payment(document, back=back)

    def _rank(self, line: Line, one: Open | None, *, incoming: bool) -> int:
        """What adds to the payment, then stated amounts, then blank ones, so that the order of rows does not matter.

        An account that is paid what is left comes last.
        """
        if one is not None and self._adds(one, incoming=incoming):
            return 0
        if (line.extra or {}).get("applied") is not None:
            return 1
        return 2 if one is not None else 3

    def _direct(self, document: Document, line: Line, rest: Decimal) -> Decimal:
        """What is paid straight to an account: what is stated, else what is left."""
        applied: Decimal | None = (line.extra or {}).get("applied")
        paid = rest if applied is None else applied
        line.net = self.book(paid, document.rate)
        document.pays.append(line)
        return paid

    def _reopen(self, document: Document, rest: Decimal, *, incoming: bool) -> Decimal:
        """A note was not honoured and goes back: what it had settled is owed again, as a document of this payment."""
        partner = document.partner
        assert partner is not None
        role = "payable" if incoming else "receivable"
        document.reopened = self.book(rest, document.rate)
        document.reopened_foreign = None if document.rate is None else rest
        due, currency = document.due or document.date, document.currency or self.currency
        one = Open(role, document.reference, partner, due, rest, document.key, currency, document.reopened)
        self._add(one, document.number)
        self.by_partner[partner.code, role].sort(key=lambda one: (one.due, one.key))
        return ZERO

    def _bank(self, document: Document, amount: Decimal, *, incoming: bool) -> None:
        """What moves on the account, and what the rates between payment and settled documents cost."""
        stated = document.get("bank_amount")
        document.banked = self.book(amount, document.rate)
        if document.rate is None:
            return
        if stated is not None:
            document.banked = stated
        else:
            account = document.account or "bank"
            document.banked_foreign = amount
            sign = 1 if incoming else -1
            moved = self.cash.move(account, document.currency, sign * amount, partial(self.book, rate=document.rate))
            document.banked = sign * moved
        settled = sum((one.amount for one in document.settled_receivables), ZERO)
        settled -= sum((one.amount for one in document.settled_payables), ZERO)
        direct = sum((line.net for line in document.pays), ZERO)
        advance = document.advance if document.advance_role == "customer-advances" else -document.advance
        spent = document.fee + document.cash_discount + document.write_off
        if incoming:
            document.exchange = settled + direct + advance + document.reopened - document.banked - spent
        else:
            kept = document.cash_discount + document.write_off
            document.exchange = settled - direct + advance - document.reopened + document.banked + kept - document.fee

    def _named(self, document: Document, column: str, reference: str, line: Line | None = None) -> Open | None:
        """The one open document that a cell names. Problems: unknown-document, ambiguous-document, other-currency."""
        found = self.references.get(reference, [])
        if not found and reference.count("/") > 1:  # kind/partner/number
            kind, partner, number = reference.split("/", 2)
            found = [one for one in self.references.get(f"{kind}/{number}", []) if one.partner.code == partner]
        if len(found) > 1 and document.partner is not None:
            found = [one for one in found if one.partner is document.partner] or found
        place = document.place(column, line)
        if len(found) == 1:
            one = found[0]
            if document.partner is None:
                document.partner = one.partner
            currency = document.currency or self.currency
            if one.partner is document.partner and (one.currency == currency or document.kind == "allocations"):
                return one
            if one.partner is document.partner:
                facts = {"document": document.reference, "currency": currency, "theirs": one.currency}
                self.problems.append(problem("other-currency", place, other=one.document, **facts))
                return None
            found = []
        if found:
            names = ", ".join(sorted(f"{one.document} of {one.partner.code}" for one in found))
            self.problems.append(problem("ambiguous-document", place, reference=reference, found=names))
        else:
            kinds = ", ".join(kind.name for kind in self.kinds.documents.values() if kind.settles)
            of_partner = f" of {document.partner.code}" if document.partner else ""
            facts = {"reference": reference, "column": column, "kinds": kinds, "partner": of_partner}
            self.problems.append(
                problem("unknown-document", place, **facts, suggestion=suggest(reference, self.references))
            )
        return None

    @staticmethod
    def _adds(one: Open, *, incoming: bool) -> bool:
        """Whether settling this adds to what the payment can settle: a credit note, or the other side's document."""
        return (one.open < 0) == (incoming == (one.credit > 0))

    def _apply(self, document: Document, line: Line, one: Open, rest: Decimal, *, incoming: bool) -> Decimal:
        """Settle a document; what that takes of the payment's rest. A blank amount is the smaller of both."""
        applied: Decimal | None = (line.extra or {}).get("applied")
        sign = 1 if incoming == (one.credit > 0) else -1
        if applied is not None:
            amount = applied
        else:
            amount = abs(one.open) if self._adds(one, incoming=incoming) else max(ZERO, min(abs(one.open), rest))
        if amount > abs(one.open):
            facts = {"amount": amount, "document": one.document, "open": abs(one.open)}
            self.problems.append(problem("over-applied", document.place("applied", line), **facts))
            return ZERO
        signed = amount if one.open >= 0 else -amount
        self._record(document, one, signed, line)
        return sign * signed

    def _record(self, document: Document, one: Open, amount: Decimal, line: Line | None) -> None:
        self.settled.append((one, amount))
        relieved = one.take(amount, self.unit)
        settlement = Settlement(one.role, one.document, one.partner, relieved, line)
        settlement.foreign = amount if one.currency != self.currency else None
        if one.key > document.key and one.owner is not None and one.role in ADVANCES:
            # the document comes later: until then the payment is an advance, which the document then takes
            settlement.role = ADVANCES[one.role]
            settlement.document = document.reference
            settlement.amount = self.book(amount, document.rate)
            one.owner.prepayments.append(settlement)
            settlement.relieved += self.prepaid.measure(one.owner, amount, settlement.amount, relieved, document.key)
            difference = settlement.amount - settlement.relieved
            one.owner.exchange += difference if one.role == "payable" else -difference
            self._paid_ahead(document, settlement.role, settlement.amount, amount)
            return
        if one.role in ADVANCES.values():  # an advance is given back
            key = (one.partner.code, one.role)
            self.advances[key] -= relieved
            settlement.amount = relieved if one.credit > 0 else -relieved
            document.settled_receivables.append(settlement)
        elif one.role == "receivable":
            document.settled_receivables.append(settlement)
        else:
            document.settled_payables.append(settlement)

    def _oldest(self, document: Document, rest: Decimal, *, incoming: bool) -> Decimal:
        partner = document.partner
        if partner is None:
            self.problems.append(problem("partner-needed", document.place("partner"), account="the payment"))
            return ZERO
        role = side_of(partner, incoming=incoming)
        wanted = 1 if incoming == (role == "receivable") else -1
        currency = document.currency or self.currency
        for one in self.by_partner.get((partner.code, role), ()):
            if rest <= 0:
                break
            if one.key < document.key and one.open * wanted > 0 and one.currency == currency:
                taken = min(abs(one.open), rest)
                self._record(document, one, taken * wanted, None)
                document.settled_by = OLDEST
                rest -= taken
        return rest

    def _advance(self, document: Document, rest: Decimal, *, incoming: bool) -> None:
        if document.partner is None:
            self.problems.append(problem("partner-needed", document.place("partner"), account="an advance"))
            return
        role = side_of(document.partner, incoming=incoming)
        foreign = rest if incoming == (role == "receivable") else -rest
        amount = self.book(foreign, document.rate)
        self._paid_ahead(document, ADVANCES[role], amount, foreign)
        key = (document.partner.code, ADVANCES[role])
        self.advances[key] = self.advances.get(key, ZERO) + amount
        currency = document.currency or self.currency
        one = Open(
            ADVANCES[role], document.reference, document.partner, document.date, foreign, document.key, currency, amount
        )
        for name in (document.number, document.reference):
            self.references.setdefault(name, []).append(one)

    @staticmethod
    def _paid_ahead(document: Document, role: str, amount: Decimal, foreign: Decimal) -> None:
        document.advance_role = role
        document.advance += amount
        if document.rate is not None:
            document.advance_foreign = (document.advance_foreign or ZERO) + foreign

    # --- one document against another, and money between accounts

    def _allocate(self, document: Document) -> None:
        """Set one document off against another. Problems: see `set_off`, and those of `_named`."""
        source, target = (self._named(document, column, document.get(column)) for column in ("from", "to"))
        if source is None or target is None:
            return
        self.problems += set_off(document, source, target, self.currency, self.unit, self.prepaid)
        for settlement in document.settlements:
            if settlement.role in ADVANCES.values():
                partner = settlement.partner
                assert partner is not None
                self.advances[partner.code, settlement.role] -= settlement.relieved

    def _transfer(self, document: Document) -> None:
        """Money from one account to another; what a bank keeps of a note that it discounts is interest and no charge."""
        self.cash.transfer(document)
        if self.role_of(document.get("from")) == RECEIVABLE:
            document.interest, document.fee = document.fee, ZERO
        self.problems += self.notes.transfer(document)
