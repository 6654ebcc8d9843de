"""Makers of what happens to notes (承兑汇票): given, endorsed or given back, and brought to the bank or paid."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from .maker import ZERO, Made, Maker
from .model_notes import Note
from .model_prices import half_up
from .papers import Document, Line
from .paying import open_name


def note_given(maker: Maker) -> Made:
    """A customer pays by a note, or we pay a supplier by one; what it pays is named, or the oldest, or nothing yet."""
    random = maker.random
    direction = random.choice(["in", "in", "out"])
    document = Document("payments", maker.number("payments"), maker.date(), direction=direction)
    document.partner = maker.party("customer" if direction == "in" else "supplier")
    document.account = _cell(maker, "notes-receivable" if direction == "in" else "notes-payable", maker.number("notes"))
    document.due = document.date + dt.timedelta(days=random.randint(5, 90)) if maker.chance(0.9) else None
    document.amount = maker.money(Fraction(random.randint(100, 200000), 100))
    _pay_something(maker, document)
    return document


def note_passed_on(maker: Maker) -> Made:
    """A note of a customer pays a supplier, whole or in part; or a note goes back to whom it came from or went to."""
    found = _left(maker)
    if not found:
        return None
    (role, number), note = maker.random.choice(found)
    into = role == "notes-payable"
    document = Document("payments", maker.number("payments"), maker.date(), direction="in" if into else "out")
    back = into or maker.chance(0.35)
    document.partner = note.partner if back else maker.party("supplier")
    if not back and note.states[-1] == "endorsed" and maker.chance(0.4):
        document.partner, document.direction = note.holder, "in"
    document.account = _cell(maker, role, number)
    document.amount = _part(maker, note, (role, number), 0.6)
    if not back and document.direction == "out":
        _pay_something(maker, document)
    elif maker.chance(0.3):
        document.due = maker.after(document.date, 30)
    return document if document.amount and document.partner else None


def note_banked(maker: Maker) -> Made:
    """Discounted or collected, with what the bank keeps; a note of ours is paid; now and then the bank gives one back."""
    found = _left(maker)
    if not found:
        return None
    (role, number), note = maker.random.choice(found)
    day = note.due if note.due and maker.chance(0.5) else maker.date()
    document = Document("cash-transfers", maker.number("cash-transfers"), day)
    document.from_, document.to = _cell(maker, role, number), maker.account("bank")
    partner = maker.company.partners.get(note.partner)
    document.currency = partner.currency if partner else ""
    document.amount = _part(maker, note, (role, number), 0.7)
    if (role == "notes-payable") != maker.chance(0.08):
        document.from_, document.to = document.to, document.from_
    elif maker.chance(0.5):
        rate = maker.company.rate_of(document) or 1
        document.received = half_up(
            document.amount * rate * maker.random.randint(95, 100) / 100, maker.company.decimals
        )
    if maker.chance(0.2):
        document.fee = maker.money(document.amount / 80)
    return document if document.amount else None


def _left(maker: Maker) -> list[tuple[tuple[str, str], Note]]:
    notes = list(maker.books.money.cash.notes.known.items())
    return [one for one in notes if one[1].left > 0] or notes


def _part(maker: Maker, note: Note, key: tuple[str, str], whole: float) -> Fraction:
    """All that is left of a note in its own currency, or a part."""
    partner = maker.company.partners.get(note.partner)
    currency = (partner.currency if partner else "") or maker.company.currency
    left = note.left
    if currency != maker.company.currency:
        left = abs(maker.books.money.cash.held.get((key, currency), (ZERO, ZERO))[0])
    return left if maker.chance(whole) else maker.money(left * maker.random.randint(10, 90) / 100)


def _cell(maker: Maker, role: str, number: str) -> str:
    """The account of a note, by its role or by the account's name."""
    return f"{role}:{number}" if maker.chance(0.8) else f"{maker.company.account(role)}:{number}"


def _pay_something(maker: Maker, document: Document) -> None:
    """Now and then it names an open document, often for exactly what is open."""
    currency = maker.company.currency_of(document)
    mine = [
        one
        for one in maker.books.money.items
        if (one.party, one.currency) == (document.partner, currency)
        and one.left
        and one.debit == (document.direction == "in")
    ]
    if mine and maker.chance(0.6):
        one = maker.random.choice(mine)
        document.lines = [Line(applies=open_name(maker, one))]
        if document.kind == "payments" and maker.chance(0.6) and not maker.books.money.cash.notes.known:
            document.amount = abs(one.left)
