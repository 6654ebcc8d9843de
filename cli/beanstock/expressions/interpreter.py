"""The slow reading of an expression: the same tree as the compiled rule, step by step, for `explain`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from beanstock.expressions.compiler import Compiler, Scope
from beanstock.expressions.functions import OVER
from beanstock.expressions.tree import Expression, path_of, span

_SHOWN = 12  # elements of a collection that a sum spells out


@dataclass
class Worked:
    """An expression that was worked out: its value, the values that went in, and its text with these put in.

    `put_in` is blank where the expression is a single name or literal.
    """

    text: str
    value: Any
    inputs: list[tuple[str, Any]] = field(default_factory=list)
    put_in: str = ""


def interpret(expression: Expression, scope: Scope, names: Mapping[str, Any]) -> tuple[Any, list[tuple[str, Any]]]:
    """The value, and each name and operation with its value, innermost first.

    `names` holds the document, the element and what compiled rules use. Raises ExpressionFault.
    """
    steps: list[tuple[str, Any]] = []

    def walk(node: ast.expr) -> None:
        if isinstance(node, ast.Constant):
            return
        if not _is_leaf(node):
            for child in _operands(node):
                walk(child)
        step = (_text(node, expression), _value(node, expression, scope, names))
        if step not in steps:
            steps.append(step)

    walk(expression.node)
    return _value(expression.node, expression, scope, names), steps


def work_out(expression: Expression, scope: Scope, names: Mapping[str, Any], said: Callable[[Any], str]) -> Worked:
    """An expression with its inputs; `said` is how a value stands in a text. Raises ExpressionFault."""
    worked = Worked(expression.text.replace("ƒ", "f"), _value(expression.node, expression, scope, names))
    pieces: list[tuple[int, int, str]] = []
    for leaf in _leaves(expression.node):
        value = _value(leaf, expression, scope, names)
        pair = (_text(leaf, expression), value)
        if pair not in worked.inputs:
            worked.inputs.append(pair)
        start, length = span(leaf, expression.text)
        parts = _elements(leaf, expression, scope, names) if isinstance(leaf, ast.Call) else []
        spelt = f"({' + '.join(map(said, parts))})" if 1 < len(parts) <= _SHOWN else said(value)
        pieces.append((start, length, spelt))
    alone = len(pieces) == 1 and pieces[0][:2] == span(expression.node, expression.text)
    if pieces and (not alone or pieces[0][2].startswith("(")):
        text = expression.text
        for start, length, spelt in sorted(pieces, reverse=True):
            text = text[:start] + spelt + text[start + length :]
        worked.put_in = text
    return worked


def terms(node: ast.expr) -> list[ast.expr]:
    """The conditions that a condition joins with `and`; itself where it joins none."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        return [one for value in node.values for one in terms(value)]
    return [node]


def _value(node: ast.expr, expression: Expression, scope: Scope, names: Mapping[str, Any]) -> Any:
    constants: dict[str, object] = {}
    code = Compiler(scope, constants).compile(Expression(expression.text, node)).code
    return eval(code, {**names, **constants})  # noqa: S307 source made by the compiler from checked trees only


def _elements(node: ast.Call, expression: Expression, scope: Scope, names: Mapping[str, Any]) -> list[Any]:
    """What a sum adds up; nothing for other functions."""
    path = path_of(node.args[0])
    inside = scope.element(path[0]) if path else None
    collection = scope.resolve(path) if path else None
    if not isinstance(node.func, ast.Name) or node.func.id != "sum" or inside is None or collection is None:
        return []
    word, deeper = inside
    elements = eval(collection.code, dict(names))  # noqa: S307 a declared collection
    return [_value(node.args[1], expression, deeper, {**names, word: one}) for one in elements]


def _is_leaf(node: ast.expr) -> bool:
    """Names, functions of texts that are written out, and those over a collection, which have names of their own inside."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        written = all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.args)
        return written or node.func.id in OVER
    return path_of(node) is not None


def _operands(node: ast.expr) -> list[ast.expr]:
    return [
        child
        for child in ast.iter_child_nodes(node)
        if isinstance(child, ast.expr) and not (isinstance(node, ast.Call) and child is node.func)
    ]


def _leaves(node: ast.expr) -> list[ast.expr]:
    if _is_leaf(node):
        return [node]
    return [leaf for child in _operands(node) for leaf in _leaves(child)]


def _text(node: ast.expr, expression: Expression) -> str:
    start, length = span(node, expression.text)
    return expression.text[start : start + length].replace("ƒ", "f")
