"""The model's open items: what invoices and bills leave open, and what payments settle of it, event by event."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from .model_cash import Cash
from .model_events import Refused, Undecided, find
from .model_exemptions import Exemptions
from .model_notes import place
from .model_prices import ZERO, half_up
from .papers import Company, Document, Line

CLAIMS = {
    "invoices": "receivable", "sales": "receivable", "bills": "payable", "purchases": "payable", "landed-costs": "payable",
    "expenses": "payable",
}  # fmt: skip
ADVANCES = {"receivable": "customer-advances", "payable": "supplier-advances"}
DEBITS = {"receivable": 1, "supplier-advances": 1, "payable": -1, "customer-advances": -1}  # the side where they grow
NAMED = (*CLAIMS, "payments")  # what payments and allocations may name: a payment for the advance that is left of it

Post = Callable[[Document, str, Fraction, str, str], None]  # document, role, amount (debit positive), partner, about


@dataclass
class Open:
    """An open item: an invoice or bill that waits for its money, or an advance that waits for goods.

    `left` is in the document's currency, negative for credit notes and for advances given back; `book` is what the
    books still carry for it.
    """

    role: str
    party: str
    reference: str
    due: dt.date
    left: Fraction
    book: Fraction
    currency: str

    @property
    def debit(self) -> bool:
        """Whether it stands on the debit side: who owes it would pay us."""
        return (self.left > 0) == (DEBITS[self.role] > 0)

    def take(self, amount: Fraction, decimals: int) -> Fraction:
        """Settle a part; its book value, of which the last part takes the rest."""
        book = self.book if amount == self.left else half_up(self.book * amount / self.left, decimals)
        self.left -= amount
        self.book -= book
        return book


def due_date(company: Company, document: Document) -> dt.date:
    if document.due:
        return document.due
    terms = company.partners[document.party].terms
    if terms.startswith("EOM"):
        following = (document.date.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        return following + dt.timedelta(days=int(terms[4:] or 0) - 1)
    return document.date + dt.timedelta(days=int(terms or 0))


class Money:
    """Open items in the order in which they came; `post` writes what payments and prepaid documents move."""

    def __init__(
        self,
        company: Company,
        documents: list[Document],
        gross: dict[int, Fraction],
        foreign: dict[int, Fraction],
        tax: dict[int, Fraction],
        exemptions: Exemptions,
        post: Post,
    ) -> None:
        self.company = company
        self.documents = documents
        self.gross = gross
        self.foreign = foreign
        self.tax = tax
        self.exemptions = exemptions
        self.write = post
        self.items: list[Open] = []
        self.promised: list[tuple[Document, Document, Fraction]] = []  # payment, later document, its currency's amount
        self.cash = Cash(company, lambda document, role, amount: self.post(document, role, amount, "", ""))
        self.booked = self.cash.booked
        self.settled: list[tuple[str, Document | None, Fraction]] = []  # by one payment: role, what, how much it took
        self.unbalanced: defaultdict[int, Fraction] = defaultdict(Fraction)  # what rates leave over

    def post(self, document: Document, role: str, amount: Fraction, partner: str, about: str) -> None:
        self.write(document, role, amount, partner, about)
        self.unbalanced[id(document)] += amount

    def exchanged(self, document: Document, more: Fraction) -> None:
        """What is left over of a document is exchange gain or loss; `more` is what a bill found for itself."""
        loss = more - self.unbalanced[id(document)]
        self.write(document, "exchange-loss" if loss > 0 else "exchange-gain", loss, "", "")

    def claim(self, document: Document) -> None:
        """An invoice or bill: open in full, less what was paid before it came."""
        if document.paid_account:
            return
        role, gross, foreign = CLAIMS[document.kind], self.gross[id(document)], self.foreign[id(document)]
        currency, due = self.company.currency_of(document), due_date(self.company, document)
        one = Open(role, document.party, document.reference, due, foreign, gross, currency)
        self.items.append(one)
        for payment, later, amount in self.promised:
            if later is document:
                sign = 1 if role == "receivable" else -1
                advance, relieved = self.booked(payment, amount), one.take(amount, self.company.decimals)
                self.post(document, ADVANCES[role], sign * advance, document.party, payment.reference)
                self.post(document, role, -sign * relieved, document.party, document.reference)

    def opened(self, document: Document, line: Line) -> Fraction:
        """An opening line's amount in money of the books; claims and foreign money are remembered."""
        amount, currency = line.amount or ZERO, line.currency or self.company.currency
        book = amount
        if currency != self.company.currency:
            rate = line.rate if line.rate is not None else self.company.rate_on(currency, document.date)
            book = half_up(amount * rate, self.company.decimals)
        if line.account in DEBITS:
            sign = DEBITS[line.account]
            due, about = line.due or document.date, f"opening-balances/{line.ref}"
            self.items.append(Open(line.account, line.partner, about, due, sign * amount, sign * book, currency))
        else:
            self.cash.balances[place(line.account)] += book
            self.cash.notes.opened(line, book)
            if currency != self.company.currency:
                self.cash.open(line.account, currency, amount, book)
        return book

    def paid_at_once(self, document: Document, debit: Fraction) -> None:
        """An invoice or bill that is paid on its day; `debit` is its gross in money of the books."""
        foreign = self.foreign[id(document)] * (1 if CLAIMS[document.kind] == "receivable" else -1)
        self.unbalanced[id(document)] -= debit
        account = document.paid_account
        self.cash.post(document, account, self.cash.moved(document, account, foreign, debit))

    def pay(self, document: Document) -> None:
        into = 1 if document.direction == "in" else -1
        amount, fee = document.amount or ZERO, document.fee or ZERO
        discount, write_off = document.cash_discount or ZERO, document.write_off or ZERO
        left = amount + discount + write_off
        unit = self.company.decimals_of(self.company.currency_of(document))
        stated = [amount, fee, discount, write_off, *(line.applied or ZERO for line in document.lines)]
        if any(half_up(one, unit) != one for one in stated):
            raise Refused("finer than the currency")
        banked = document.bank_amount
        if banked is None:
            banked = self.cash.moved(document, document.account or "bank", into * amount - fee)
        else:
            banked *= into
        self.cash.post(document, document.account or "bank", banked)
        self.post(document, "bank-charges", self.booked(document, fee), "", "")
        self._refuse_write_off(document, write_off, left)
        self.settled = []
        forgiven = "payables-forgiven" if self.company.chinese and into < 0 else "write-off"
        self.post(document, forgiven, into * self.booked(document, write_off), "", "")
        for line in sorted(document.lines, key=lambda line: self._place_of(document, line)):
            if line.pays:
                paid = left if line.applied is None else line.applied
                self.cash.post(document, line.pays, -into * self.booked(document, paid))
                left -= paid
            elif line.applies:
                left -= self._apply(document, line.applies, line.applied, left)
        back = self.cash.notes.goes_back(document)
        if back:
            left = self._owed_again(document, left)
        elif not any(line.applies or line.pays for line in document.lines):
            left = self._oldest_first(document, left)
        self.cash.notes.paid(document, banked, back=back)
        self._give_discount(document, into, discount)
        if left < 0:
            raise Refused("more is applied than is paid")
        if left:
            role = ADVANCES[self._side(document)]
            self.post(document, role, -into * self.booked(document, left), document.partner, document.reference)
            ahead = -into * DEBITS[role] * left
            book, currency = self.booked(document, ahead), self.company.currency_of(document)
            self.items.append(Open(role, document.partner, document.reference, document.date, ahead, book, currency))

    def _refuse_write_off(self, document: Document, amount: Fraction, settled: Fraction) -> None:
        """A payment may write off an amount of the books, or a share of what it settles."""
        limit = self.company.policy("write_off_limit")
        if limit.endswith("%") and amount * 100 > Fraction(limit[:-1]) * settled:
            raise Refused("more is written off than may be")
        if limit[-1].isdigit() and amount * (self.company.rate_of(document) or 1) > Fraction(limit):
            raise Refused("more is written off than may be")

    def _give_discount(self, document: Document, into: int, discount: Fraction) -> None:
        """A discount on the customer's documents (the supplier's, for money out), and the tax in it where that is corrected.

        Each bears its share of what the payment settles on that side; what credit notes give to it, with the other sign.
        """
        own = "receivable" if into > 0 else "payable"
        whole = (document.amount or ZERO) + discount + (document.write_off or ZERO)
        whole -= sum((taken for role, _, taken in self.settled if role not in (own, ADVANCES[own])), ZERO)
        keeps = self.company.policy("discount_tax") == "keep"
        tax = ZERO
        for role, target, taken in self.settled:
            taxed = role == own and target is not None and whole > 0 and self.gross[id(target)] and self.tax[id(target)]
            if target is not None and taxed and not keeps and not self.exemptions.owes_nothing(target):
                share = half_up(self.booked(document, discount * taken / whole), self.company.decimals)
                part = half_up(share * self.tax[id(target)] / self.gross[id(target)], self.company.decimals)
                self.exemptions.sold(target, part - share, -part, on=document.date)
                tax += part
        side, corrected = ("discount-given", "output-tax") if into > 0 else ("discount-taken", "input-tax")
        self.post(document, side, into * (self.booked(document, discount) - tax), "", "")
        self.post(document, corrected, into * tax, "", "")

    def _owed_again(self, document: Document, amount: Fraction) -> Fraction:
        """What a note that comes back had settled is owed again, as a document of the payment that gives it back."""
        role = "receivable" if document.direction == "out" else "payable"
        book, currency = self.booked(document, amount), self.company.currency_of(document)
        due = document.due or document.date
        self.items.append(Open(role, document.partner, document.reference, due, amount, book, currency))
        self.post(document, role, DEBITS[role] * book, document.partner, document.reference)
        return ZERO

    def _side(self, document: Document) -> str:
        """Money in is a customer's, unless the partner is only a supplier; and the other way round."""
        role = self.company.partners[document.partner].role
        if role == "both":
            return "receivable" if document.direction == "in" else "payable"
        return "receivable" if role == "customer" else "payable"

    def allocate(self, document: Document) -> None:
        """Settle a debit with a credit of one partner; what their rates differ by is exchange gain or loss."""
        amount, pair = document.amount or ZERO, []
        for text in (document.from_, document.to):
            one = self._open_item(document, text)
            if one is None:
                raise Refused("what comes later, or is not open, settles nothing")
            if amount <= 0 or amount > abs(one.left):
                raise Refused("over-applied")
            pair.append(one)
        if pair[0].debit == pair[1].debit or pair[0].currency != pair[1].currency:
            raise Refused("two of one side, or of two currencies")
        for one in pair:
            relieved = one.take(amount if one.left > 0 else -amount, self.company.decimals)
            self.post(document, one.role, -DEBITS[one.role] * relieved, one.party, one.reference)

    def _place_of(self, document: Document, line: Line) -> int:
        """What adds to the payment, then stated amounts, then blank ones; an account that is paid the rest comes last."""
        if line.applies and not self._takes(document, line):
            return 0
        if line.applied is not None:
            return 1
        return 2 if line.applies else 3

    def _takes(self, document: Document, line: Line) -> bool:
        """Whether a line takes from the payment; credit notes give to it, and come first."""
        one = self._open_item(document, line.applies) if line.applies else None
        return one is None or not one.left or one.debit == (document.direction == "in")

    def _open_item(self, document: Document, text: str) -> Open | None:
        mine = [one for one in self.items if one.party == document.partner]
        opening = [one for one in mine if one.reference in (text, f"opening-balances/{text}")]
        if opening:
            return opening[0]
        target = find(self.documents, text, NAMED, document.partner)
        return next((one for one in mine if one.reference == target.reference), None)

    def _apply(self, document: Document, text: str, applied: Fraction | None, left: Fraction) -> Fraction:
        """What one `applies` takes of the payment; credit notes give to it."""
        one = self._open_item(document, text)
        if one is not None:
            return self._settle(document, one, applied, left)
        target = find(self.documents, text, tuple(CLAIMS), document.partner)
        if target.paid_account or self.documents.index(target) < self.documents.index(document):
            raise Refused("applied to what is not open")
        if self.company.currency_of(target) != self.company.currency_of(document):
            raise Refused("another currency")
        if (document.direction == "in") != (CLAIMS[target.kind] == "receivable") or self.foreign[id(target)] <= 0:
            raise Undecided("an advance on a credit note")
        before = sum((amount for _, later, amount in self.promised if later is target), ZERO)
        amount = min(self.foreign[id(target)] - before, left) if applied is None else applied
        if amount + before > self.foreign[id(target)]:
            raise Refused("over-applied")
        if amount <= 0:
            raise Undecided("a payment of nothing")
        self.promised.append((document, target, amount))
        self.settled.append((CLAIMS[target.kind], target, amount))
        self.post(
            document,
            ADVANCES[CLAIMS[target.kind]],
            self.booked(document, -amount if document.direction == "in" else amount),
            document.partner,
            document.reference,
        )
        return amount

    def _settle(self, document: Document, one: Open, applied: Fraction | None, left: Fraction) -> Fraction:
        if one.currency != self.company.currency_of(document):
            raise Refused("another currency")
        takes = self._takes(document, Line(applies=one.reference))
        wanted = left if applied is None else applied
        if takes and one.role in ADVANCES.values() and one.reference.startswith("payments/") and wanted > abs(one.left):
            raise Undecided("a payment that comes back: see tests/test_story_taken_back.py")
        amount = applied if applied is not None else max(ZERO, min(abs(one.left), left)) if takes else abs(one.left)
        if amount > abs(one.left):
            raise Refused("over-applied")
        if not amount:
            return ZERO
        relieved = one.take(amount if one.left > 0 else -amount, self.company.decimals)
        self.post(document, one.role, -DEBITS[one.role] * relieved, one.party, one.reference)
        target = [each for each in self.documents if (each.reference, each.party) == (one.reference, one.party)]
        taxed = target[0] if target and target[0].kind in CLAIMS else None
        self.settled.append((one.role, taxed, amount if takes else -amount))
        return amount if takes else -amount

    def _oldest_first(self, document: Document, left: Fraction) -> Fraction:
        """What the partner's side has open that this payment can settle; of one due date, what came first."""
        currency, side = self.company.currency_of(document), self._side(document)
        mine = [one for one in self.items if (one.party, one.currency, one.role) == (document.partner, currency, side)]
        for one in sorted(mine, key=lambda one: one.due):
            if left > 0 and one.left and one.debit == (document.direction == "in"):
                left -= self._settle(document, one, None, left)
        return left
