"""Makers of expenses, payrolls and journals: for nothing in particular, for a job, or for a pool that jobs share."""

from __future__ import annotations

from fractions import Fraction

from .maker import ZERO, Made, Maker
from .making import COSTS
from .papers import Document, Line


def expense(maker: Maker) -> Made:
    """What an employee or a supplier has spent."""
    document = Document("expenses", maker.number("expenses"), maker.date())
    workers = _workers(maker)
    if workers and maker.chance(0.6):
        document.employee = maker.random.choice(workers)
    else:
        document.partner = maker.party("supplier")
    for _ in range(maker.random.randint(1, 3)):
        line = Line(account=maker.random.choice(COSTS), amount=_some_money(maker))
        if maker.chance(0.3):
            line.amount, line.gross_amount = None, line.amount
        line.tax = maker.random.choice(["", "9%", "0%", "exempt"] if document.employee else maker.taxes)
        document.lines.append(_for_a_job(maker, line))
    if maker.chance(0.3):
        document.paid_account = maker.account()
    return document


def payroll(maker: Maker) -> Made:
    workers = _workers(maker)
    if not workers:
        return None
    document = Document("payrolls", maker.number("payrolls"), maker.date())
    if maker.chance(0.5):
        document.date = maker.last_day(document.date)
    for code in maker.random.sample(workers, maker.random.randint(1, len(workers))):
        line = Line(employee=code, gross=_some_money(maker) * 10)
        line.social_employer = _some_money(maker) if maker.chance(0.5) else None
        line.social_employee = maker.money((line.gross or ZERO) / 12) if maker.chance(0.5) else None
        line.tax_withheld = maker.money((line.gross or ZERO) / 20) if maker.chance(0.4) else None
        document.lines.append(_for_a_job(maker, line) if maker.chance(0.6) else line)
    return document


def journal(maker: Maker) -> Made:
    """Once, again and again, or taken back when the next month begins."""
    document = Document("journals", maker.number("journals"), maker.date())
    document.every = maker.random.choice(["month", "month", "quarter"]) if maker.chance(0.3) else ""
    document.until = maker.after(document.date, 70) if document.every and maker.chance(0.5) else None
    document.reverse = "yes" if maker.chance(0.25) else ""
    whole = ZERO
    for _ in range(maker.random.randint(1, 2)):
        amount = _some_money(maker)
        whole += amount
        document.lines.append(_for_a_job(maker, Line(account=maker.random.choice(COSTS), debit=amount)))
    other = Line(account="Liabilities:Loans:Bank", credit=whole)
    if maker.chance(0.2):  # what was spent on one is spent on another
        other = _for_a_job(maker, Line(account=COSTS[0], credit=whole))
    document.lines.append(other)
    return document


def _for_a_job(maker: Maker, line: Line) -> Line:
    jobs = sorted({one.job for one in maker.company.documents if one.job and one.kind == "productions"})
    if maker.chance(0.4):
        line.job = maker.random.choice(jobs) if jobs else "J1"
    if maker.pooling and maker.chance(0.5):
        line.cost_pool = maker.random.choice(["power", "车间"])
    return line


def _workers(maker: Maker) -> list[str]:
    return [one.code for one in maker.company.partners.values() if one.role == "employee"]


def _some_money(maker: Maker) -> Fraction:
    return maker.money(Fraction(maker.random.randint(100, 9000), 100))
