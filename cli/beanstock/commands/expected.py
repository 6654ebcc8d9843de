"""Cash that records promise beyond the last day: orders, journals that come again, wages, and sales of assets that have a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP

from beanstock.amounts.price import Pricer
from beanstock.amounts.taxes import HUNDRED
from beanstock.amounts.terms import due_date
from beanstock.commands.month import cost_of
from beanstock.ledger.query import CASH
from beanstock.masters import Masters
from beanstock.matching.notes import PAYABLE, Note
from beanstock.matching.orders import ORDERS, Progress
from beanstock.model import ZERO, Document
from beanstock.records.periodic import days_of
from beanstock.reports.forecast import Expected, Ordered
from beanstock.reports.periods import months_later
from beanstock.rulebook.accounts import AccountFault, Accounts

KINDS = ("journals", "payrolls")


def expected(
    documents: Iterable[Document], masters: Masters, accounts: Accounts, day: dt.date, until: dt.date
) -> Iterator[Expected]:
    """What moves cash after `day` up to `until`; money in is positive, in the books' currency.

    Wages are those of the last month up to `day` that has any, the employer's part included, if that is not more than a
    month ago. Lines of journals in foreign currency are left out, because their rate is not known.
    """
    wages: dict[str, list[Document]] = {}
    for document in documents:
        if document.kind == "journals":
            yield from _again(document, accounts, day, until)
        elif document.date <= day:
            wages.setdefault(document.date.isoformat()[:7], []).append(document)
    latest = max(wages, default="")
    if latest >= months_later(day, -1).isoformat()[:7]:
        for document in wages[latest]:
            cost = sum((cost_of(line) for line in document.lines), ZERO)
            for when in days_of(document.date, "month", until):
                if when > day:
                    yield Expected(when, -cost)
    for asset in masters.assets.values():
        if asset.disposed is not None and asset.proceeds and day < asset.disposed <= until:
            yield Expected(asset.disposed, asset.proceeds)


def on_order(progress: Iterable[Progress], pricer: Pricer, day: dt.date) -> Iterator[Ordered]:
    """What of orders up to `day` is not invoiced or billed, rounded half up, with the tax that its invoice will have.

    It is due by the partner's terms from the expected day on, or from `day` where that is over. Orders in foreign currency
    are left out.
    """
    billing = {order: pricer.kinds.documents[bills] for order, (_, bills) in ORDERS.items()}
    for one in progress:
        order, line = one.order, one.line
        rest = one.ordered - one.billed
        if (
            order.date > day
            or rest <= 0
            or order.partner is None
            or (order.currency or pricer.currency) != pricer.currency
        ):
            continue
        tax, percent = pricer.tax_of(order, line, billing[order.kind])
        charged = ZERO if tax.reverse or line.tax else (percent or ZERO) / HUNDRED
        amount = (line.gross * (1 + charged) * rest / one.ordered).quantize(pricer.books_unit, ROUND_HALF_UP)
        due = due_date(max(order.get("expected") or order.date, day), order.partner.terms)
        yield Ordered(due, order.partner.code, amount if order.kind == "sales-orders" else -amount)


def maturing(notes: Iterable[Note], day: dt.date) -> Iterator[Expected]:
    """What the notes of a day will bring (receivable) or take (payable, negative) when they are due, in money of the books."""
    for note in notes:
        then = note.until(day)
        for due, amount in then.maturities() if then is not None else ():
            yield Expected(due, -amount if note.role == PAYABLE else amount)


def _again(document: Document, accounts: Accounts, day: dt.date, until: dt.date) -> Iterator[Expected]:
    every = document.get("every")
    moved = ZERO
    for line in document.lines:
        extra = line.extra or {}
        if _is_cash(line.account, accounts) and not extra.get("currency"):
            moved += (extra.get("debit") or ZERO) - (extra.get("credit") or ZERO)
    if not moved:
        return
    end = min(until, document.get("until") or until) if every else document.date
    times = [document.date, *(days_of(document.date, every, end) if every else ())]
    yield from (Expected(when, moved) for when in times if day < when <= until)


def _is_cash(cell: str, accounts: Accounts) -> bool:
    try:
        _, role = accounts.cell(cell, {})
    except AccountFault:
        return False
    return role in CASH
