"""Small rests that a payment writes off: within a tolerance that the books set, policy `write_off_limit`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from beanstock.model import ONE, ZERO, Document
from beanstock.problems import Problem, problem

HUNDRED = Decimal(100)


def check_write_offs(documents: Iterable[Document], limit: str) -> list[Problem]:
    """Payments that write off more than the limit: `none`, an amount in the books' currency, or a percentage of what they settle.

    Problems: write-off-limit.
    """
    if limit == "none":
        return []
    bound = Decimal(limit.rstrip("%"))
    problems = []
    for document in documents:
        written = document.get("write_off") if document.kind == "payments" else None
        if not written:
            continue
        settled = written + (document.get("amount") or ZERO) + (document.get("cash_discount") or ZERO)
        if limit.endswith("%"):
            beyond = written * HUNDRED > bound * settled
        else:
            beyond = written * (document.rate or ONE) > bound
        if beyond:
            facts = {"document": document.reference, "amount": written, "settled": settled, "limit": limit}
            problems.append(problem("write-off-limit", document.place("write_off"), **facts))
    return problems
