"""Makers of payments."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from .maker import ZERO, Made, Maker
from .model_money import Open
from .model_notes import place
from .model_prices import half_up
from .papers import Document, Line


def payment(maker: Maker) -> Made:
    """In parts, of several documents, of what comes later, in advance, or straight to an account."""
    random = maker.random
    document = Document("payments", maker.number("payments"), maker.date(), direction=random.choice(["in", "out"]))
    if maker.chance(0.1):
        document.amount = maker.money(Fraction(random.randint(100, 90000), 100))
        document.lines = [
            Line(pays="Expenses:Operating:Rent" if document.direction == "out" else "Liabilities:Loans:Bank")
        ]
        return document
    wanted = "receivable" if document.direction == "in" else "payable"
    refund = maker.chance(0.15)
    role = "customer" if (document.direction == "in") != refund else "supplier"
    document.partner = maker.party(role)
    mine = [one for one in maker.books.money.items if one.party == document.partner and one.left]
    style = random.random()
    if mine and style < 0.55:
        _applied(maker, document, mine)
    elif style < 0.85:
        document.amount = maker.money(Fraction(random.randint(100, 200000), 100))
        owed = sum((one.left for one in mine if one.role == wanted), ZERO)
        if owed > 0 and maker.chance(0.4):
            document.amount = owed
    else:
        kinds = ("invoices", "sales") if wanted == "receivable" else ("bills", "purchases")
        later = [one for one in maker.company.documents if one.kind in kinds and one.party == document.partner]
        if not later:
            return None
        target = random.choice(later)
        document.date = target.date - dt.timedelta(days=random.randint(1, 9))
        document.amount = maker.money(Fraction(random.randint(100, 20000), 100))
        document.lines = [Line(applies=maker.name(target))]
    if not document.amount or document.amount <= 0:
        return None
    document.account = "" if maker.chance(0.4) else maker.account()
    if maker.chance(0.1):
        document.fee = maker.money(Fraction(random.randint(100, 900), 100))
    return document


def allocation(maker: Maker) -> Made:
    """One open item of a partner set off against another: in part, whole, and now and then what cannot be."""
    waiting = [one for one in maker.books.money.items if one.left]
    pairs = [
        (one, other)
        for one in waiting
        for other in waiting
        if (one.party, one.currency) == (other.party, other.currency) and one.debit != other.debit
    ]
    if not pairs:
        return None
    one, other = maker.random.choice(pairs)
    amount = min(abs(one.left), abs(other.left))
    if maker.chance(0.3):
        amount = maker.money(amount * maker.random.randint(10, 90) / 100)
    names = [open_name(maker, each) for each in (one, other)]
    date = maker.after(max(_day(maker, each) for each in (one, other)))
    document = Document("allocations", maker.number("allocations"), date, partner=one.party, amount=amount)
    document.from_, document.to = names
    return document


def cash_transfer(maker: Maker) -> Made:
    """Money among the own accounts: with a fee or less what is kept, of foreign money bought, moved or sold."""
    random = maker.random
    document = Document("cash-transfers", maker.number("cash-transfers"), maker.date())
    document.from_, document.to = maker.account(), maker.account()
    if place(document.from_) == place(document.to):
        return None
    document.amount = maker.money(Fraction(random.randint(100, 90000), 100))
    if maker.company.rates and maker.chance(0.6):
        _foreign_transfer(maker, document)
    elif maker.chance(0.3):
        document.received = document.amount - maker.money(document.amount * random.randint(0, 5) / 100)
    if maker.chance(0.3):
        document.fee = maker.money(document.amount * random.randint(1, 5) / 100)
    return document


def _foreign_transfer(maker: Maker, document: Document) -> None:
    """Often of what an account holds, and often all of it."""
    currency, rate = maker.company.rates[0].currency, maker.company.rates[0].rate * maker.random.randint(90, 110) / 100
    document.currency = currency
    if maker.chance(0.4):
        document.rate = half_up(rate, 8)
    held = [(cell, amount) for (cell, _), (amount, _) in maker.books.money.cash.held.items() if amount > 0]
    held = [one for one in held if one[0] != place(document.to)]
    if held and maker.chance(0.7):
        (role, beneath), amount = maker.random.choice(held)
        document.from_ = f"{role}:{beneath}" if beneath else role
        document.amount = amount if maker.chance(0.5) else maker.money(amount * maker.random.randint(20, 150) / 100)
        if maker.chance(0.5):
            document.received = half_up(document.amount * rate, maker.company.decimals)


def _day(maker: Maker, one: Open) -> dt.date:
    """The day on which something became open."""
    found = [each for each in maker.company.documents if (each.reference, each.party) == (one.reference, one.party)]
    return found[0].date if found else maker.start


def _applied(maker: Maker, document: Document, mine: list[Open]) -> None:
    """Apply to open items: exactly what they need, or less, or more, now and then less a discount."""
    random = maker.random
    fitting = [one for one in mine if one.debit == (document.direction == "in")]
    mine = fitting if fitting and maker.chance(0.5) else mine
    chosen = random.sample(mine, min(len(mine), random.randint(1, 3)))
    need = ZERO
    for one in chosen:
        part = one.left if maker.chance(0.7) else maker.money(one.left * random.randint(20, 90) / 100)
        need += abs(part) if one.debit == (document.direction == "in") else -abs(part)
        line = Line(applies=open_name(maker, one))
        line.applied = abs(part) if part != one.left or maker.chance(0.5) else None
        document.lines.append(line)
    if maker.chance(0.08):
        more = maker.money(need * random.randint(1, 20) / 100)
        account = "Expenses:Operating:Rent" if document.direction == "out" else "Liabilities:Loans:Bank"
        document.lines.insert(random.randint(0, len(chosen)), Line(pays=account))
        need += more
    if maker.chance(0.35):
        document.cash_discount = maker.money(need / 50)
    if maker.chance(0.1):
        document.write_off = maker.money(Fraction(random.randint(1, 99), 100))
    document.amount = need - (document.cash_discount or ZERO) - (document.write_off or ZERO)
    if maker.chance(0.1):
        document.amount += maker.money(Fraction(random.randint(-500, 5000), 100))


def open_name(maker: Maker, one: Open) -> str:
    found = [each for each in maker.company.documents if (each.reference, each.party) == (one.reference, one.party)]
    return maker.name(found[0]) if found else maker.random.choice([one.reference, one.reference.split("/")[1]])
