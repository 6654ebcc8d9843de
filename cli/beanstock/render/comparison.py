"""Expected and posted side by side, as an accountant compares them: debit, credit, and the difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from beanstock.render.problems import safe

Row = tuple[str, Decimal | None, Decimal | None, str]  # account or role, expected, posted (debit positive), a note


def comparison_lines(title: str, rows: Iterable[Row]) -> Iterator[str]:
    """A table of text."""
    table = [
        (safe(name), _said(expected), _said(posted), _difference(expected, posted), safe(note))
        for name, expected, posted, note in rows
    ]
    heads = ("", "expected", "posted", "difference", "")
    widths = [max(len(row[at]) for row in [heads, *table]) for at in range(len(heads))]
    yield title
    for name, expected, posted, difference, note in [heads, *table]:
        cells = f"{expected:>{widths[1]}}  {posted:>{widths[2]}}  {difference:>{widths[3]}}  {note}"
        yield f"  {name:<{widths[0]}}  {cells}".rstrip()


def _said(amount: Decimal | None) -> str:
    """`dr 60.00`; a dash where there is nothing."""
    return "-" if amount is None else f"{'dr' if amount >= 0 else 'cr'} {abs(amount):f}"


def _difference(expected: Decimal | None, posted: Decimal | None) -> str:
    difference = (posted or Decimal(0)) - (expected or Decimal(0))
    return _said(difference) if difference or (expected is None) != (posted is None) else ""
