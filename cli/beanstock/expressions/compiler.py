"""A checked tree to Python source and a type, with every name resolved against what is declared.

Unknown names, values that cannot go together and texts that a column never has are faults before anything runs; all
of an expression are told at once. `types` says which types there are.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from beanstock.expressions.functions import FUNCTIONS, MAX_PLACES, OVER, Function, accepts
from beanstock.expressions.tree import Expression, ExpressionFault, literal, number_in, path_of, span
from beanstock.expressions.types import (
    CONSTANT,
    TEXTUAL,
    UNKNOWN,
    ZERO_TYPE,
    combined,
    is_numeric,
    multiplied,
    said,
)
from beanstock.problems import suggest

_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_SHOWN = 12  # words that a message lists


@dataclass(frozen=True)
class Name:
    """What a name stands for: Python source that gives its value, its type, and the texts that it is one of."""

    code: str
    type: str
    choices: tuple[str, ...] = ()
    known: str | None = None  # the value, where it is the same for all documents


class Scope(Protocol):
    """What names an expression may use."""

    def resolve(self, path: tuple[str, ...]) -> Name | None:
        """The meaning of a dotted name, or None."""

    def names(self) -> Iterable[str]:
        """All names, for suggestions."""

    def element(self, collection: str) -> tuple[str, Scope] | None:
        """For a collection: the loop variable and the scope inside; None where it is no collection."""


@dataclass
class Compiler:
    """Compiles expressions of one scope. `constants` collects the literals that the source names."""

    scope: Scope
    constants: dict[str, object] = field(default_factory=dict)
    functions: Mapping[str, Function] | None = None  # without, those of the scope
    faults: list[ExpressionFault] = field(default_factory=list)
    inside: bool = False  # of a function over a collection: one in the other would take for ever

    def __post_init__(self) -> None:
        if self.functions is None:
            self.functions = getattr(self.scope, "functions", FUNCTIONS)

    def compile(self, expression: Expression) -> Name:
        """Source and type of an expression. Raises ExpressionFault, with all the others that it has."""
        self.faults = []
        name = self._visit(expression.node, expression.text)
        if self.faults:
            first, *others = self.faults
            first.others = others
            raise first
        return name

    def _visit(self, node: ast.expr, text: str) -> Name:
        """A node's source; its fault is noted, and the rest of the expression is still read."""
        try:
            return self._node(node, text)
        except ExpressionFault as fault:
            self.faults.append(fault)
            return Name("ZERO", UNKNOWN)

    def _node(self, node: ast.expr, text: str) -> Name:
        if isinstance(node, ast.Constant):
            return self._constant(node, text)
        if isinstance(node, ast.BinOp):
            return self._arithmetic(node, text)
        if isinstance(node, ast.UnaryOp):
            inner = self._visit(node.operand, text)
            if isinstance(node.op, ast.Not):
                return Name(f"(not {inner.code})", "boolean")
            self._need(inner, "number", node.operand, text)
            return inner if isinstance(node.op, ast.UAdd) else Name(f"(-{inner.code})", inner.type)
        if isinstance(node, ast.BoolOp):
            word = " and " if isinstance(node.op, ast.And) else " or "
            return Name("(" + word.join(self._visit(value, text).code for value in node.values) + ")", "boolean")
        if isinstance(node, ast.Compare):
            return self._comparison(node, text)
        if isinstance(node, ast.IfExp):
            return self._choice(node, text)
        if isinstance(node, ast.Call):
            return self._call(node, text)
        if isinstance(node, (ast.Tuple, ast.List)):
            return Name("(" + "".join(self._visit(one, text).code + ", " for one in node.elts) + ")", "choices")
        return self._name(node, text)

    def _constant(self, node: ast.Constant, text: str) -> Name:
        value = literal(node, text)
        if isinstance(value, bool):
            return Name(str(value), "boolean")
        if isinstance(value, str):
            return Name(repr(value), "text")
        name = f"K{len(self.constants)}"
        self.constants[name] = value
        return Name(name, ZERO_TYPE if value == 0 else CONSTANT)

    def _arithmetic(self, node: ast.BinOp, text: str) -> Name:
        left, right = self._visit(node.left, text), self._visit(node.right, text)
        operator = _OPERATORS[type(node.op)]
        code = f"({left.code} {operator} {right.code})"
        if operator == "+" and {left.type, right.type} <= TEXTUAL:
            # names of `let` could double a text again and again
            return Name(f"JOIN({left.code}, {right.code})" if "let_" in code else code, "text")
        if operator == "+" and {left.type, right.type} & TEXTUAL:
            raise self._fault(node, text, f"{said(left.type)} and {said(right.type)} cannot be added")
        self._need(left, "number", node.left, text)
        self._need(right, "number", node.right, text)
        if operator in "*/":
            product = multiplied(left.type, right.type, 1 if operator == "*" else -1)
            if product is None:
                raise self._fault(node, text, "units are multiplied too often")
            return Name(code, product)
        kind = combined([left.type, right.type])
        if kind is None:
            word = "added" if operator == "+" else "subtracted"
            raise self._fault(node, text, f"{said(left.type)} and {said(right.type)} cannot be {word}")
        return Name(code, kind)

    def _choice(self, node: ast.IfExp, text: str) -> Name:
        test, body, other = (self._visit(one, text) for one in (node.test, node.body, node.orelse))
        kinds = [body.type, other.type]
        if is_numeric(body.type) and is_numeric(other.type):
            kind = combined(kinds)
        else:
            kind = body.type if other.type in (body.type, UNKNOWN) else None
            if {*kinds} <= TEXTUAL:
                kind = "text"
        if kind is None:
            raise self._fault(node, text, f"one branch is {said(body.type)}, the other {said(other.type)}")
        return Name(f"({body.code} if {test.code} else {other.code})", kind)

    def _comparison(self, node: ast.Compare, text: str) -> Name:
        nodes = [node.left, *node.comparators]
        parts = [self._visit(one, text) for one in nodes]
        code = parts[0].code
        for position, operator in enumerate(node.ops):
            left, right = parts[position], parts[position + 1]
            contains = isinstance(operator, (ast.In, ast.NotIn))
            if not _alike(left.type, right.type, contains=contains):
                raise self._fault(node, text, f"{said(left.type)} cannot be compared with {said(right.type)}")
            if left.choices or right.choices:
                owner, value = (left, nodes[position + 1]) if left.choices else (right, nodes[position])
                self._possible(owner, value, text)
            code += f" {_COMPARISONS[type(operator)]} {right.code}"
        return Name(f"({code})", "boolean")

    def _possible(self, name: Name, value: ast.expr, text: str) -> None:
        """A text that is compared with a column of few words must be one of them, or blank."""
        words = [word for word in name.choices if word]
        for one in value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]:
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value not in ("", *words):
                listed = ", ".join(words) if len(words) <= _SHOWN else f"the {len(words)} words that it may be"
                detail = f"`{one.value}` is none of {listed}"
                start, length = span(one, text)
                near = suggest(one.value, words)
                self.faults.append(ExpressionFault(detail + ("." + near if near else ""), start + 1, length - 2))

    def _call(self, node: ast.Call, text: str) -> Name:
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        start, length = span(node.func, text)
        if name in OVER and len(node.args) == 2:
            return self._over(name, node, text)
        assert self.functions is not None
        function = self.functions.get(name)
        if function is None:
            if name in OVER:
                raise ExpressionFault(f"{name} takes 2 values, a collection and what is in it", start, length)
            known = [*self.functions, *OVER]
            near = suggest(name, known).strip()
            raise ExpressionFault("", start, length, name, near, f" Functions: {', '.join(known)}.")
        if len(node.args) not in function.arguments:
            many = sorted({function.arguments.start, function.arguments.stop - 1})
            values = "value" if many == [1] else "values"
            raise ExpressionFault(f"{name} takes {' to '.join(map(str, many))} {values}", start, length)
        arguments = [self._visit(one, text) for one in node.args]
        for one, argument in zip(arguments, node.args, strict=True):
            self._need(one, function.takes, argument, text)
        for check, argument in zip(function.literal, node.args, strict=False):
            self._literal(check, argument, text)
        if name == "round" and len(node.args) == 2:
            self._places(arguments[1], node.args[1], text)
        kind = function.type([one.type for one in arguments])
        if kind is None:
            detail = f"{name} cannot take {' and '.join(said(one.type) for one in arguments)}"
            raise ExpressionFault(detail, start, length)
        return Name(function.code([one.code for one in arguments]), kind)

    def _places(self, one: Name, node: ast.expr, text: str) -> None:
        """The number of decimals that is rounded to: a bare number, and a sensible one where it is written out."""
        value = number_in(node)
        start, length = span(node, text)
        if value is not None and (value != value.to_integral_value() or not 0 <= value <= MAX_PLACES):
            detail = f"`{text[start : start + length]}` is no number of decimal places from 0 to {MAX_PLACES}"
            raise ExpressionFault(detail, start, length)
        if one.type not in (CONSTANT, ZERO_TYPE, "number", UNKNOWN):
            detail = f"`{text[start : start + length]}` is {said(one.type)}, a number of decimal places is needed"
            raise ExpressionFault(detail, start, length)

    def _literal(self, check: Callable[[str], str | None], node: ast.expr, text: str) -> None:
        """An argument that is written out as a text, and passes its check."""
        start, length = span(node, text)
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            raise ExpressionFault("a text in quotes is needed here", start, length)
        wrong = check(node.value)
        if wrong is not None:
            raise ExpressionFault(wrong, start + 1, length - 2)

    def _over(self, name: str, node: ast.Call, text: str) -> Name:
        """sum(lines, line.net): the second value in the scope of the collection's elements."""
        path = path_of(node.args[0])
        inside = self.scope.element(path[0]) if path and len(path) == 1 else None
        start, length = span(node.args[0], text)
        if self.inside:
            raise ExpressionFault(f"{name} cannot stand inside another function over a collection", start, length)
        if path is None or inside is None:
            raise ExpressionFault(f"the first value of {name} is a collection, such as lines", start, length)
        collection = self.scope.resolve(path)
        assert collection is not None
        variable, scope = inside
        deeper = Compiler(scope, self.constants, self.functions, self.faults, inside=True)
        value = deeper._visit(node.args[1], text)
        if name == "sum":
            self._need(value, "number", node.args[1], text)
        code = OVER[name].format(value=value.code, word=variable, of=collection.code)
        return Name(code, value.type if name == "sum" else "number" if name == "count" else "boolean")

    def _name(self, node: ast.expr, text: str) -> Name:
        path = path_of(node)
        assert path is not None
        found = self.scope.resolve(path)
        if found is None:
            start, length = span(node, text)
            known = list(dict.fromkeys(self.scope.names()))
            written = ".".join(path)
            same = [name for name in known if "." not in name or name.split(".")[0] == path[0]]
            told = " Names here: " + ", ".join(same[:60]) + "."
            raise ExpressionFault("", start, length, written, suggest(written, known).strip(), told)
        return found

    def _need(self, one: Name, takes: str, node: ast.expr, text: str) -> None:
        if not accepts(takes, one.type):
            start, length = span(node, text)
            needed = takes if takes == "text" else f"a {takes}"
            raise ExpressionFault(
                f"`{text[start : start + length]}` is {said(one.type)}, {needed} is needed", start, length
            )

    @staticmethod
    def _fault(node: ast.expr, text: str, detail: str) -> ExpressionFault:
        return ExpressionFault(detail, *span(node, text))


def _alike(left: str, right: str, *, contains: bool) -> bool:
    """Whether values of two types can be compared."""
    if UNKNOWN in (left, right):
        return True
    if contains:
        return right == "choices" or {left, right} <= TEXTUAL
    if "choices" in (left, right):
        return False
    if is_numeric(left) and is_numeric(right):
        return combined([left, right]) is not None
    return left == right or {left, right} <= TEXTUAL
