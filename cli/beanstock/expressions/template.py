"""Templates: text with expressions in braces, such as "Invoice {number}"."""

from __future__ import annotations

import re

from beanstock.expressions.compiler import TEXTUAL, Compiler
from beanstock.expressions.tree import ExpressionFault, parse_expression

_PIECES = re.compile(r"\{([^{}]*)\}")


def pieces(template: str) -> list[tuple[str, str]]:
    """Alternating literal texts and expressions: ("Invoice ", "number"), ("", "")... Raises ExpressionFault."""
    found: list[tuple[str, str]] = []
    end = 0
    for match in _PIECES.finditer(template):
        found.append((template[end : match.start()], match[1]))
        end = match.end()
    found.append((template[end:], ""))
    if any("{" in text or "}" in text for text, _ in found):
        raise ExpressionFault("a brace is opened and not closed", template.find("{"))
    return found


def compile_template(template: str, compiler: Compiler) -> str:
    """Python source of the filled template. Raises ExpressionFault."""
    codes: list[str] = []
    for text, expression in pieces(template):
        if text:
            codes.append(repr(text))
        if expression:
            name = compiler.compile(parse_expression(expression))
            codes.append(name.code if name.type in TEXTUAL else f"shown({name.code})")
    return " + ".join(codes) or "''"
