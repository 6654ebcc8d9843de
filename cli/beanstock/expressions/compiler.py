"""A checked tree to Python source and a type, with every name resolved against what is declared.

Types are few: `money` (already rounded), `number`, `text`, `date`, `boolean`, and `collection` for what functions
take. Unknown names and operands that cannot go together are faults before anything runs.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from beanstock.expressions.tree import Expression, ExpressionFault, literal, path_of, span
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
NUMERIC = frozenset({"money", "number"})
TEXTUAL = frozenset({"text", "account"})  # an account cell is text that rules may also post to
MAX_PIECES = 200  # texts in a text: names that each double the one before would fill the memory


@dataclass(frozen=True)
class Name:
    """What a name stands for: Python source that gives its value, and its type."""

    code: str
    type: str
    pieces: int = 1  # of how many texts it may be put together


class Scope(Protocol):
    """What names an expression may use."""

    def resolve(self, path: tuple[str, ...]) -> Name | None:
        """The meaning of a dotted name, or None."""

    def names(self) -> Iterable[str]:
        """All names, for suggestions."""

    def element(self, collection: str) -> tuple[str, Scope] | None:
        """For a collection: the loop variable and the scope inside; None where it is no collection."""


@dataclass(frozen=True)
class Function:
    """A registered function: how many arguments it takes and of which types, its own type, and its source."""

    arguments: range
    takes: frozenset[str]
    type: Callable[[list[str]], str]
    code: Callable[[list[str]], str]


def _money_if_all(types: list[str]) -> str:
    return "money" if all(one == "money" for one in types) else "number"


FUNCTIONS: dict[str, Function] = {
    "min": Function(range(2, 9), NUMERIC, _money_if_all, lambda codes: f"min({', '.join(codes)})"),
    "max": Function(range(2, 9), NUMERIC, _money_if_all, lambda codes: f"max({', '.join(codes)})"),
    "abs": Function(range(1, 2), NUMERIC, lambda types: types[0], lambda codes: f"abs({codes[0]})"),
    "round": Function(
        range(1, 2), NUMERIC, lambda types: "money", lambda codes: f"({codes[0]}).quantize(UNIT, ROUND_HALF_UP)"
    ),
}


@dataclass
class Compiler:
    """Compiles expressions of one scope. `constants` collects the literals that the source names."""

    scope: Scope
    constants: dict[str, object] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=lambda: FUNCTIONS)
    in_sum: bool = False

    def compile(self, expression: Expression) -> Name:
        """Source and type of an expression. Raises ExpressionFault."""
        return self._visit(expression.node, expression.text)

    def _visit(self, node: ast.expr, text: str) -> Name:
        if isinstance(node, ast.Constant):
            return self._constant(node, text)
        if isinstance(node, ast.BinOp):
            return self._arithmetic(node, text)
        if isinstance(node, ast.UnaryOp):
            inner = self._visit(node.operand, text)
            if isinstance(node.op, ast.Not):
                return Name(f"(not {inner.code})", "boolean")
            self._need(inner, NUMERIC, node.operand, text)
            return inner if isinstance(node.op, ast.UAdd) else Name(f"(-{inner.code})", inner.type)
        if isinstance(node, ast.BoolOp):
            word = " and " if isinstance(node.op, ast.And) else " or "
            return Name("(" + word.join(self._visit(value, text).code for value in node.values) + ")", "boolean")
        if isinstance(node, ast.Compare):
            return self._comparison(node, text)
        if isinstance(node, ast.IfExp):
            test, body, other = (self._visit(one, text) for one in (node.test, node.body, node.orelse))
            if body.type != other.type and not {body.type, other.type} <= NUMERIC:
                start, length = span(node, text)
                raise ExpressionFault(f"one branch is {body.type}, the other {other.type}", start, length)
            kind = body.type if body.type == other.type else "number"
            return Name(f"({body.code} if {test.code} else {other.code})", kind, max(body.pieces, other.pieces))
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
        return Name(name, "money" if value == 0 else "number")

    def _arithmetic(self, node: ast.BinOp, text: str) -> Name:
        left, right = self._visit(node.left, text), self._visit(node.right, text)
        operator = _OPERATORS[type(node.op)]
        if operator == "+" and {left.type, right.type} <= TEXTUAL:
            pieces = left.pieces + right.pieces
            if pieces > MAX_PIECES:
                raise ExpressionFault(f"a text of more than {MAX_PIECES} pieces", *span(node, text))
            return Name(f"({left.code} + {right.code})", "text", pieces)
        self._need(left, NUMERIC, node.left, text)
        self._need(right, NUMERIC, node.right, text)
        money = operator in "+-" and left.type == right.type == "money"
        return Name(f"({left.code} {operator} {right.code})", "money" if money else "number")

    def _comparison(self, node: ast.Compare, text: str) -> Name:
        parts = [self._visit(one, text) for one in (node.left, *node.comparators)]
        code = parts[0].code
        for position, operator in enumerate(node.ops):
            left, right = parts[position], parts[position + 1]
            same = any({left.type, right.type} <= alike for alike in (NUMERIC, TEXTUAL, {left.type}))
            contains = isinstance(operator, (ast.In, ast.NotIn))
            if contains:
                same = right.type == "choices" or {left.type, right.type} <= TEXTUAL
            if not same or (right.type == "choices" and not contains):
                start, length = span(node, text)
                raise ExpressionFault(f"{left.type} cannot be compared with {right.type}", start, length)
            code += f" {_COMPARISONS[type(operator)]} {right.code}"
        return Name(f"({code})", "boolean")

    def _call(self, node: ast.Call, text: str) -> Name:
        assert isinstance(node.func, ast.Name)
        start, length = span(node.func, text)
        if node.func.id == "sum" and len(node.args) == 2:
            return self._sum(node, text)
        function = self.functions.get(node.func.id)
        if function is None:
            known = [*self.functions, "sum"]
            raise ExpressionFault(
                "",
                start,
                length,
                node.func.id,
                suggest(node.func.id, known).strip(),
                f" Functions: {', '.join(known)}.",
            )
        if len(node.args) not in function.arguments:
            many = sorted({function.arguments.start, function.arguments.stop - 1})
            raise ExpressionFault(f"{node.func.id} takes {' to '.join(map(str, many))} values", start, length)
        arguments = [self._visit(one, text) for one in node.args]
        for one, argument in zip(arguments, node.args, strict=True):
            self._need(one, function.takes, argument, text)
        codes, types = [one.code for one in arguments], [one.type for one in arguments]
        return Name(function.code(codes), function.type(types), max(one.pieces for one in arguments))

    def _sum(self, node: ast.Call, text: str) -> Name:
        """sum(lines, line.net): the second value in the scope of the collection's elements."""
        path = path_of(node.args[0])
        inside = self.scope.element(path[0]) if path and len(path) == 1 else None
        start, length = span(node.args[0], text)
        if path is None or inside is None:
            raise ExpressionFault("the first value of sum is a collection, such as lines", start, length)
        if self.in_sum:  # each level would multiply the work by the number of lines
            raise ExpressionFault("a sum inside a sum", start, length)
        collection = self.scope.resolve(path)
        assert collection is not None
        variable, scope = inside
        value = Compiler(scope, self.constants, self.functions, in_sum=True)._visit(node.args[1], text)  # noqa: SLF001 the same compiler, one scope deeper
        self._need(value, NUMERIC, node.args[1], text)
        return Name(f"sum(({value.code} for {variable} in {collection.code}), ZERO)", value.type)

    def _name(self, node: ast.expr, text: str) -> Name:
        path = path_of(node)
        assert path is not None
        found = self.scope.resolve(path)
        if found is None:
            start, length = span(node, text)
            known = list(self.scope.names())
            written = ".".join(path)
            same = [name for name in known if "." not in name or name.split(".")[0] == path[0]]
            raise ExpressionFault(
                "",
                start,
                length,
                written,
                suggest(written, known).strip(),
                " Names here: " + ", ".join(same[:60]) + ".",
            )
        return found

    def _need(self, one: Name, types: frozenset[str], node: ast.expr, text: str) -> None:
        if one.type not in types:
            start, length = span(node, text)
            raise ExpressionFault(
                f"`{text[start : start + length]}` is {one.type}, {'a number' if types is NUMERIC else ' or '.join(sorted(types))} is needed",
                start,
                length,
            )
