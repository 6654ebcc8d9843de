"""Comparisons of statements' lines (勾稽关系), as statements.yaml says them in `checks`.

    3 >= 4 + 5 + 6                      lines of the statement itself
    22 = balance-sheet 1                a line of another statement
    51 - 51 opening = income-statement 32 + 51 moved

`opening` is a balance-sheet line at the beginning of the fiscal year. `moved` is what its own accounts took in the year
beside the profit: distributions, dividends, corrections of earlier years.
"""

from __future__ import annotations

import re
from typing import NamedTuple

EQUAL, AT_LEAST = "=", ">="
_TERM = re.compile(r"(?P<sign>[+-]) *(?:(?P<of>[a-z]+(?:-[a-z]+)+) +)?(?P<line>\w+)(?: +(?P<at>opening|moved))? *")


class Term(NamedTuple):
    """A line of a statement, added or (`sign` -1) subtracted, as it is (`at` blank), `opening` or `moved`."""

    sign: int
    statement: str
    line: str
    at: str


class Comparison(NamedTuple):
    """Two sums of lines that are equal, or of which the left one is no less (`>=`); `text` is how it was written."""

    text: str
    operator: str
    left: tuple[Term, ...]
    right: tuple[Term, ...]

    def names(self, statement: str) -> bool:
        """Whether it has a line of a statement."""
        return any(term.statement == statement for term in (*self.left, *self.right))


def read_comparison(text: str, statement: str) -> Comparison | None:
    """A comparison of a statement's `checks`; None where it cannot be read."""
    operator = AT_LEAST if AT_LEAST in text else EQUAL
    left, found, right = text.partition(operator)
    sides = (_terms(left, statement), _terms(right, statement))
    return Comparison(text, operator, *sides) if found and all(sides) else None


def _terms(text: str, statement: str) -> tuple[Term, ...]:
    """The terms of one side; none where it cannot be read."""
    rest = text.strip()
    rest = rest if rest.startswith(("+", "-")) else f"+{rest}"
    terms: list[Term] = []
    while rest:
        match = _TERM.match(rest)
        if match is None:
            return ()
        terms.append(
            Term(1 if match["sign"] == "+" else -1, match["of"] or statement, match["line"], match["at"] or "")
        )
        rest = rest[match.end() :]
    return tuple(terms)
