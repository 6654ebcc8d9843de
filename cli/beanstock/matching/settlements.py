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
from beanstock.matching.opened import PARTNERS_ROLES, OpenItems
from beanstock.matching.prepaid import Prepaid
from beanstock.matching.taken_back import Paid, TakenBack, discounts_of
from beanstock.model import ZERO, Document, Line
from beanstock.parts import Settlement
from beanstock.problems import Problem, problem
from beanstock.records.kinds import Kinds

OLDEST = "oldest due first"


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
        self.items = OpenItems(kinds, role_of, currency, notes, self.problems)
        self.opens, self.by_partner, self.advances = self.items.opens, self.items.by_partner, self.items.advances
        self.named = self.items.named
        self.taken_back = TakenBack(unit)
        self.cash = Cash(unit, same)
        self.settled: list[tuple[Open, Decimal]] = []  # by the payment at hand; signed like what is open
        self.notes, self.book = notes, self.cash.book

    def settle(
        self, documents: list[Document], end: dt.date = dt.date.max, ended: Callable[[], None] | None = None
    ) -> list[Problem]:
        """Fill in the settlements and advances of payments; `ended` is called when the documents up to `end` have settled.

        Problems: unknown-document, ambiguous-document, over-applied, applied-sum, partner-needed, other-currency,
        allocation-sides, allocation-early, too-precise, note-exceeded, cannot-take-back.
        """
        for document in documents:
            self.items.register(document)
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

    def _hold(self, document: Document) -> None:
        """Foreign money that accounts hold: from the opening's own day on."""
        for line in document.lines:
            claim = line.partner is not None and self.role_of(line.account) in PARTNERS_ROLES
            if line.amount is not None and line.foreign is not None and not claim:
                currency = (line.extra or {}).get("currency") or self.currency
                self.cash.add(line.account, currency, line.foreign, line.amount)

    # --- payments

    def _pay(self, document: Document) -> None:
        incoming = document.get("direction") == "in"
        amount = document.get("amount") or ZERO
        named = [
            line for line in document.lines if line.extra and (line.extra.get("applies") or line.extra.get("pays"))
        ]
        self.settled = []
        found: list[tuple[Line, Paid | None]] = []
        for line in named:
            assert line.extra is not None
            one = None if line.extra.get("pays") else self._target(document, line.extra["applies"], line)
            if one is not None or line.extra.get("pays"):
                found.append((line, one))
        found.sort(key=lambda pair: self._rank(*pair, incoming=incoming))
        discount, write_off = discounts_of(document, [one for _, one in found])
        fee = document.get("fee") or ZERO
        rest = settled = amount + discount + write_off
        for line, one in found:
            if one is None:
                rest -= self._direct(document, line, rest)
            elif isinstance(one, Document) or self._takes_back(one, amount, incoming=incoming):
                rest -= self._take_back(document, line, one, rest, incoming=incoming)
            else:
                rest -= self._apply(document, line, one, rest, incoming=incoming)
        document.pays.sort(key=lambda line: line.index)
        if len(found) < len(named):
            return  # a reference leads nowhere; the rest would be judged by half
        back = not named and self.notes.goes_back(document)
        if rest < 0 and not named:
            self._cannot_take_back(document, "amount", amount, "it does not say which payment (`applies`)")
        elif back:
            rest = self._reopen(document, rest, incoming=incoming)
        elif not named:
            rest = self._oldest(document, rest, incoming=incoming)
        if rest < 0 and named and amount < 0:
            self._cannot_take_back(document, "amount", amount, f"{rest - settled} are left of what it names")
        elif rest < 0 and named:
            facts = {"document": document.reference, "settled": settled, "applied": settled - rest}
            self.problems.append(problem("applied-sum", document.place("amount"), **facts))
        elif rest:
            self._advance(document, rest, incoming=incoming)
        if self.corrects_tax:
            correct_tax(document, discount, settled, self.settled, self.unit)
        document.fee, document.cash_discount, document.write_off = (
            self.book(one, document.rate) for one in (fee, discount, write_off)
        )
        self._bank(document, amount - fee if incoming else amount + fee, incoming=incoming)
        self.problems += self.notes.payment(document, back=back or self._same_note(document, found))
        self.taken_back.paid(document)

    def _rank(self, line: Line, one: Paid | None, *, incoming: bool) -> int:
        """What adds to the payment, then stated amounts, then blank ones, so that the order of rows does not matter.

        An account that is paid what is left comes last.
        """
        if isinstance(one, Open) and self._adds(one, incoming=incoming):
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
        self.items.add(one, document.number)
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

    # --- payments that come back

    def _target(self, document: Document, reference: str, line: Line) -> Paid | None:
        """What a line settles, or the payment that it takes back. Problems: other-currency, and those of `Named`."""
        found = self.taken_back.named(document, reference, self.named.references.get(reference, ()))
        if found is None:
            return self.named.find(document, "applies", reference, line)
        document.partner = document.partner or found.partner
        mine, theirs = (one.currency or self.currency for one in (document, found))
        if mine == theirs:
            return found
        facts = {"document": document.reference, "currency": mine, "theirs": theirs, "other": found.reference}
        self.problems.append(problem("other-currency", document.place("applies", line), **facts))
        return None

    def _takes_back(self, one: Open, amount: Decimal, *, incoming: bool) -> bool:
        """Whether money opens an item again: negative money, or money of the other direction for what is all paid."""
        gives = ((one.open or one.amount) < 0) == (incoming == (one.credit > 0))
        return not gives if amount < 0 else gives and not one.open and self.taken_back.left(one) > 0

    def _take_back(self, document: Document, line: Line, paid: Paid, rest: Decimal, *, incoming: bool) -> Decimal:
        """Open again what was settled; what that takes of the payment's rest. Problems: cannot-take-back."""
        applied: Decimal | None = (line.extra or {}).get("applied")
        ahead = None
        if isinstance(paid, Document):
            ahead = next((one for one in self.named.references.get(paid.reference, ()) if one.open), None)
        left = self.taken_back.left(paid)
        there = left + (abs(ahead.open) if ahead is not None else ZERO)
        amount = min(abs(rest), there) if applied is None else applied
        name = paid.reference if isinstance(paid, Document) else paid.document
        if amount > there:
            self._cannot_take_back(document, "applies", amount, f"{there} are left of {name}", line)
            return rest
        used = ZERO
        if ahead is not None:
            advance = min(amount, abs(ahead.open))
            amount -= advance
            signed = advance if ahead.open > 0 else -advance
            self._record(document, ahead, signed, line)
            used += signed if incoming == (ahead.credit > 0) else -signed
        for one, signed, book in self.taken_back.reopen(paid, amount):
            if one.key > document.key:
                self._cannot_take_back(
                    document, "applies", abs(signed), f"{one.document}, which it paid, comes later", line
                )
            settlement = Settlement(one.role, one.document, one.partner, -book, line)
            settlement.foreign = -signed if one.currency != self.currency else None
            self._settled(document, one, settlement)
            self.settled.append((one, -signed))
            used -= signed if incoming == (one.credit > 0) else -signed
        return used

    def _same_note(self, document: Document, named: list[tuple[Line, Paid | None]]) -> bool:
        """Whether a payment takes back one that came with the same note."""
        same = self.cash.same
        return any(isinstance(one, Document) and same(one.account) == same(document.account) for _, one in named)

    def _cannot_take_back(
        self, document: Document, column: str, amount: Decimal, why: str, line: Line | None = None
    ) -> None:
        facts = {"document": document.reference, "amount": abs(amount), "why": why}
        self.problems.append(problem("cannot-take-back", document.place(column, line), **facts))

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
            self.taken_back.note(document, one, amount, settlement.relieved)
            return
        self._settled(document, one, settlement)
        paid = 1 if (document.get("direction") == "in") == (one.credit > 0) else -1
        self.taken_back.note(document, one, amount, relieved, paid if amount > 0 else -paid)

    def _settled(self, document: Document, one: Open, settlement: Settlement) -> None:
        """Add a settlement of what is there to a payment."""
        if one.role in ADVANCES.values():  # an advance is given back
            key = (one.partner.code, one.role)
            self.advances[key] -= settlement.amount
            settlement.amount = settlement.amount if one.credit > 0 else -settlement.amount
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
        self.named.add(one, document.number)

    @staticmethod
    def _paid_ahead(document: Document, role: str, amount: Decimal, foreign: Decimal) -> None:
        document.advance_role = role
        document.advance += amount
        if document.rate is not None:
            document.advance_foreign = (document.advance_foreign or ZERO) + foreign

    # --- one document against another, and money between accounts

    def _allocate(self, document: Document) -> None:
        """Set one document off against another. Problems: see `set_off`, and those of `Named`."""
        source, target = (self.named.find(document, column, document.get(column)) for column in ("from", "to"))
        if source is None or target is None:
            return
        self.problems += set_off(document, source, target, self.currency, self.unit, self.prepaid)
        for settlement in document.settlements:
            if settlement.role in ADVANCES.values():
                partner = settlement.partner
                assert partner is not None
                self.advances[partner.code, settlement.role] -= settlement.relieved
        for (one, other), settlement in zip(((source, target), (target, source)), document.settlements, strict=False):
            if other.role == ADVANCES.get(one.role):
                self.taken_back.allocated(other, one, settlement)

    def _transfer(self, document: Document) -> None:
        """Money from one account to another; what a bank keeps of a note that it discounts is interest and no charge."""
        self.cash.transfer(document)
        if self.role_of(document.get("from")) == RECEIVABLE:
            document.interest, document.fee = document.fee, ZERO
        self.problems += self.notes.transfer(document)
