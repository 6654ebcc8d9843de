"""Text to a checked tree: only arithmetic, comparisons, and/or/not/in, if-else, names and registered functions.

Python's own parser does the reading; every node is then checked against a short list, and length and depth are
bounded, so that a hostile rule is refused before anything is made of it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from beanstock.files.decode import HIDDEN_OR_BREAK
from beanstock.problems import Place, Problem, problem

MAX_LENGTH = 1000
MAX_DEPTH = 40
MAX_DIGITS = 30
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
# `from` is a column (transfers) and a word of Python; it is read as another identifier of the same length
_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b", re.ASCII)
_WORD_FROM = re.compile(r"""("[^"]*"|'[^']*')|\bfrom\b""")
_FROM = "ƒrom"
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)


class ExpressionFault(Exception):
    """An expression that cannot be used: why, and which characters of its text (0-based start, length)."""

    def __init__(
        self, detail: str, start: int = 0, length: int = 1, name: str = "", suggestion: str = "", known: str = ""
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.start = start
        self.length = length
        self.name = name  # set where a name is unknown
        self.suggestion = suggestion
        self.known = known
        self.others: list[ExpressionFault] = []  # further faults of the same expression

    def problems(self, place: Place, expression: str) -> list[Problem]:
        """All faults of the expression. Problems: unknown-name, bad-expression."""
        return [one.problem(place, expression) for one in (self, *self.others)]

    def problem(self, place: Place, expression: str) -> Problem:
        """The fault as a problem; `place` is where the expression begins. Problems: unknown-name, bad-expression."""
        place = place._replace(column=place.column + self.start, width=max(1, self.length))
        if self.name:
            facts = {
                "name": self.name,
                "expression": shortened(expression),
                "suggestion": self.suggestion,
                "known": self.known,
            }
            return problem("unknown-name", place, **facts)
        return problem("bad-expression", place, expression=shortened(expression), detail=self.detail)


def shortened(text: str) -> str:
    """A text that fits a message."""
    return text if len(text) <= 80 else text[:60] + "…"


@dataclass(frozen=True)
class Expression:
    """A checked expression and the text it came from."""

    text: str
    node: ast.expr


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Expression:
    """A checked tree. Raises ExpressionFault."""
    if len(text) > MAX_LENGTH:
        raise ExpressionFault(f"it is longer than {MAX_LENGTH} characters")
    hidden = HIDDEN_OR_BREAK.search(text)
    if hidden:  # places are counted in one line, and a number on a second one would be taken from the first
        raise ExpressionFault("it holds a line break or control character", hidden.start())
    nesting = depth = 0
    for position, character in enumerate(text):
        nesting += (character in "([{") - (character in ")]}")
        depth = max(depth, nesting)
        if depth > MAX_DEPTH:
            raise ExpressionFault(f"it is nested deeper than {MAX_DEPTH}", position)
    try:
        read = _WORD_FROM.sub(lambda match: match[1] or _FROM, text.strip())
        node = ast.parse(read, mode="eval").body
    except SyntaxError as fault:
        written = _DAY.search(text)
        if written:
            detail = f"the day {written[0]} cannot be written here; a rule's `from` and `to` say when it is in force"
            raise ExpressionFault(detail, written.start(), len(written[0])) from None
        raise ExpressionFault("it cannot be read from here on", max(0, (fault.offset or 1) - 1)) from None
    except (ValueError, RecursionError, MemoryError):
        raise ExpressionFault("it cannot be read") from None
    _check(node, read, 0)
    return Expression(read, node)


def span(node: ast.expr, text: str) -> tuple[int, int]:
    """Start and length of a node in characters of the text; ast counts UTF-8 bytes."""
    raw = text.encode()
    start = len(raw[: node.col_offset].decode(errors="ignore"))
    end = len(raw[: node.end_col_offset or node.col_offset].decode(errors="ignore"))
    return start, max(1, end - start)


def path_of(node: ast.expr) -> tuple[str, ...] | None:
    """The dotted name that a node spells, such as ("line", "item", "code"); None for other nodes."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ("from" if node.id == _FROM else node.id, *reversed(parts))


def literal(node: ast.Constant, text: str) -> Decimal | str | bool:
    """The value of a constant; numbers are decimals of exactly the digits written. Raises ExpressionFault."""
    start, length = span(node, text)
    if isinstance(node.value, str) and HIDDEN_OR_BREAK.search(node.value):
        raise ExpressionFault("a text holds a line break or control character", start, length)
    if isinstance(node.value, (str, bool)):
        return node.value
    written = text[start : start + length]
    if not _NUMBER.fullmatch(written) or len(written) > MAX_DIGITS:
        raise ExpressionFault(f"`{written}` is no plain number", start, length)
    return Decimal(written)


def exact(node: ast.Constant) -> Decimal | str | bool:
    """The value of a constant in a checked tree, whatever text it came from."""
    value: Decimal | str | bool = node.exact  # type: ignore[attr-defined]
    return value


def number_in(node: ast.expr) -> Decimal | None:
    """The number that is written out here, with its sign; None for anything else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        inner = number_in(node.operand)
        return -inner if inner is not None and isinstance(node.op, ast.USub) else inner
    value = exact(node) if isinstance(node, ast.Constant) else None
    return value if isinstance(value, Decimal) else None


def _check(node: ast.expr, text: str, depth: int) -> None:
    start, length = span(node, text)
    if depth > MAX_DEPTH:
        raise ExpressionFault(f"it is nested deeper than {MAX_DEPTH}", start, length)
    children: list[ast.expr] = []
    if isinstance(node, ast.BinOp) and isinstance(node.op, _OPERATORS):
        children = [node.left, node.right]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd, ast.Not)):
        children = [node.operand]
    elif isinstance(node, ast.BoolOp):
        children = node.values
    elif isinstance(node, ast.Compare) and all(isinstance(op, _COMPARISONS) for op in node.ops):
        children = [node.left, *node.comparators]
    elif isinstance(node, ast.IfExp):
        children = [node.test, node.body, node.orelse]
    elif isinstance(node, (ast.Tuple, ast.List)) and node.elts:
        children = node.elts
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        children = node.args
    elif (
        isinstance(node, ast.Constant)
        and not isinstance(node.value, (bytes, complex))
        and node.value not in (None, ...)
    ):
        node.exact = literal(node, text)  # type: ignore[attr-defined]
    elif path_of(node) is None or any(part.startswith("_") for part in path_of(node) or ()):
        raise ExpressionFault(f"`{text[start : start + length]}` is not allowed here", start, length)
    for child in children:
        _check(child, text, depth + 1)
