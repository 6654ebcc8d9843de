"""What documents of money and wages say that nobody can mean: told where it stands, before anything is posted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from beanstock.model import ZERO, Document, Line
from beanstock.problems import Problem, problem

_DEDUCTIONS = ("social_employee", "tax_withheld")


def check_doubtful(documents: Iterable[Document], is_profit: Callable[[str], bool]) -> list[Problem]:
    """Transfers from or to income and expenses (`is_profit` judges a cell), and wages less than nothing.

    Problems: transfer-account, wages-exceeded (a warning).
    """
    problems: list[Problem] = []
    for document in documents:
        if document.kind == "cash-transfers":
            problems += [
                problem("transfer-account", document.place(column), document=document.reference, account=cell)
                for column in ("from", "to")
                if is_profit(cell := document.get(column))
            ]
        elif document.kind == "payrolls":
            for line in document.lines:
                problems += _wages(document, line)
    return problems


def _wages(document: Document, line: Line) -> list[Problem]:
    """Deductions (of the wages' sign: a correction takes both back) that are more than the wages."""
    extra = line.extra or {}
    gross: Decimal = extra.get("gross") or ZERO
    deducted = {name: extra.get(name) or ZERO for name in _DEDUCTIONS}
    whole = sum(deducted.values(), ZERO)
    if whole <= gross if gross >= 0 else whole >= gross:
        return []
    column = max(deducted, key=lambda name: abs(deducted[name]))
    facts = {"document": document.reference, "gross": gross, "deducted": whole, "net": gross - whole}
    return [problem("wages-exceeded", document.place(column, line), **facts)]
