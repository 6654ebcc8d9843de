"""The slow reading of an expression: the same tree as the compiled rule, step by step, for `explain`."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from beanstock.expressions.compiler import Compiler, Scope
from beanstock.expressions.tree import Expression, path_of, span


def interpret(expression: Expression, scope: Scope, names: Mapping[str, Any]) -> tuple[Any, list[tuple[str, Any]]]:
    """The value, and each name and operation with its value, innermost first.

    `names` holds the document, the element and what compiled rules use. Raises ExpressionFault.
    """
    steps: list[tuple[str, Any]] = []
    constants: dict[str, object] = {}

    def value(node: ast.expr) -> Any:
        compiler = Compiler(scope, constants)
        code = compiler.compile(Expression(expression.text, node)).code
        return eval(code, {**names, **constants})  # noqa: S307 source made by the compiler from checked trees only

    def walk(node: ast.expr) -> None:
        if isinstance(node, ast.Constant):
            return
        if path_of(node) is None and not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sum"
        ):
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr) and not (isinstance(node, ast.Call) and child is node.func):
                    walk(child)
        start, length = span(node, expression.text)
        step = (expression.text[start : start + length].replace("ƒ", "f"), value(node))
        if step not in steps:
            steps.append(step)

    walk(expression.node)
    return value(expression.node), steps
