"""Templates: text with expressions in braces, such as "Invoice {number}"."""

from __future__ import annotations

import re

from beanstock.expressions.compiler import Compiler
from beanstock.expressions.tree import ExpressionFault, parse_expression
from beanstock.expressions.types import TEXTUAL

MAX_PIECES = 50  # expressions in one text
_PIECES = re.compile(r"\{([^{}]*)\}")


def pieces(template: str) -> list[tuple[str, str, int]]:
    """Literal texts, the expression behind each, and where that begins. Raises ExpressionFault."""
    found: list[tuple[str, str, int]] = []
    end = 0
    for match in _PIECES.finditer(template):
        found.append((template[end : match.start()], match[1], match.start(1)))
        end = match.end()
        if len(found) > MAX_PIECES:
            raise ExpressionFault(f"it has more than {MAX_PIECES} expressions", match.start())
    found.append((template[end:], "", end))
    if any("{" in text or "}" in text for text, _, _ in found):
        raise ExpressionFault("a brace is opened and not closed", template.find("{"))
    return found


def compile_template(template: str, compiler: Compiler) -> str:
    """Python source of the filled template. Raises ExpressionFault."""
    codes: list[str] = []
    for text, expression, start in pieces(template):
        if text:
            codes.append(repr(text))
        if expression:
            try:
                name = compiler.compile(parse_expression(expression))
            except ExpressionFault as fault:
                for one in (fault, *fault.others):
                    one.start += start
                raise
            codes.append(name.code if name.type in TEXTUAL else f"shown({name.code})")
    return " + ".join(codes) or "''"
