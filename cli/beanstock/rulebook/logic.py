"""Which cases a condition can tell apart, and what it says in each: the ground on which rules are compared unread.

A case gives a value to every name that conditions compare with literals: each text that occurs, the declared words of a
column, `""` and one text that is none of them; for numbers each literal, one value between any two, and one beyond each
end. What cannot be taken apart (`gross > net`, a call) is *free*: it may be true or false in any case. So a condition
that holds in no case can never hold, and two that hold in one case, whatever is free, do hold together.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise, product
from typing import Any

from beanstock.expressions.compiler import Name, Scope
from beanstock.expressions.tree import Expression, exact, number_in, path_of
from beanstock.expressions.types import TEXTUAL, is_numeric

Case = Mapping[str, object]
OTHER = "(anything else)"
MAX_CASES = 1024
_ORDERS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


_NUMERIC: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {**_ORDERS, ast.Eq: operator.eq, ast.NotEq: operator.ne}
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}


@dataclass
class Variables:
    """What cases differ in: texts and numbers by name, and what is free."""

    texts: dict[str, set[str]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)  # texts that are one of declared words
    numbers: dict[str, set[Decimal]] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    free: set[str] = field(default_factory=set)

    def cases(self) -> Iterator[Case]:
        """All cases of what is not free; none where they are too many to go through."""
        domains: dict[str, list[object]] = {name: list(_points(values)) for name, values in self.numbers.items()}
        for name, texts in self.texts.items():
            domains[name] = [*sorted(texts), *(() if name in self.closed else (OTHER,))]
        for name in self.flags:
            domains[name] = [False, True]
        yield from _product(domains, 2 ** len(self.free))

    def freely(self) -> list[Case]:
        """All cases of what is free."""
        return list(_product({name: [False, True] for name in self.free}, 1))


def _product(domains: Mapping[str, list[object]], times: int) -> Iterator[Case]:
    many = times
    for values in domains.values():
        many *= len(values)
    if many <= MAX_CASES:
        for chosen in product(*domains.values()):
            yield dict(zip(domains, chosen, strict=True))


class Point(Decimal):
    """A number that stands for all of a range, and how a message says it."""

    said: str

    @classmethod
    def of(cls, value: Decimal, said: str) -> Point:
        """A number with what it stands for."""
        point = cls(value)
        point.said = said
        return point


def _points(values: Iterable[Decimal]) -> Iterator[Point]:
    """Every literal, a value between any two, and one beyond each end."""
    ordered = sorted(values)
    yield Point.of(ordered[0] - 1, f"below {ordered[0]}")
    for one, following in zip(ordered, [*ordered[1:], None], strict=True):
        yield Point.of(one, f"= {one}")
        if following is None:
            yield Point.of(one + 1, f"above {one}")
        else:
            yield Point.of((one + following) / 2, f"between {one} and {following}")


class Condition:
    """A condition as a function of cases; `lets` are the trees behind the names of `let`.

    `fixed`: policies and settings are what they are; else they differ from case to case like everything else.
    `figures`: what is worked out (balances, sums, differences) and compared with literals makes cases, too; it is the
    same wherever the same is written.
    """

    def __init__(
        self,
        expression: Expression,
        scope: Scope,
        lets: Mapping[str, ast.expr],
        *,
        fixed: bool = False,
        figures: bool = False,
    ) -> None:
        self.fixed = fixed
        self.figures = figures
        self.expression = expression
        self.scope = scope
        self.lets = lets

    def gather(self, variables: Variables) -> None:
        """Add what the condition compares."""
        self._gather(self.expression.node, variables)

    def holds(self, case: Case) -> bool:
        """Whether it holds in a case that gives a value to everything that it compares."""
        return self._holds(self.expression.node, case)

    def _gather(self, node: ast.expr, variables: Variables) -> None:
        node = self._behind(node)
        for inner in _inner(node):
            self._gather(inner, variables)
        if _inner(node) or isinstance(node, ast.Constant) or _decided(node) is not None:
            return
        figure = self._figure(node)
        if figure is not None:
            variables.numbers.setdefault(figure[0], set()).add(figure[2])
            return
        name, values = self._compared(node)
        found = self._name(name)
        if found is None or name is None:
            variables.free.add(ast.dump(node))
        elif self.fixed and found.known is not None:
            variables.texts[name] = {found.known}
            variables.closed.add(name)
        elif found.type in TEXTUAL:
            texts = variables.texts.setdefault(name, {""} if not found.choices else set())
            texts |= {*found.choices, *(str(value) for value in values)}
            if found.choices:
                variables.closed.add(name)
        elif found.type == "boolean":
            variables.flags.add(name)
        else:
            numbers = variables.numbers.setdefault(name, set())
            numbers |= {value for value in values if isinstance(value, Decimal)} or {Decimal(0)}

    def _holds(self, node: ast.expr, case: Case) -> bool:
        node = self._behind(node)
        if isinstance(node, ast.BoolOp):
            several = [self._holds(value, case) for value in node.values]
            return all(several) if isinstance(node.op, ast.And) else any(several)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return not self._holds(node.operand, case)
        if isinstance(node, ast.IfExp):
            return self._holds(node.body if self._holds(node.test, case) else node.orelse, case)
        if isinstance(node, ast.Constant):
            return bool(node.value)
        decided, figure = _decided(node), self._figure(node)
        if decided is not None:
            return decided
        if figure is not None:
            return bool(_NUMERIC[figure[1]](case[figure[0]], figure[2]))
        name, values = self._compared(node)
        if name is None or name not in case:
            return bool(case.get(ast.dump(node), False))
        value = case[name]
        if not isinstance(node, ast.Compare):
            return bool(value)
        compare = node.ops[0]
        if isinstance(compare, (ast.Eq, ast.In)):
            return value in values
        if isinstance(compare, (ast.NotEq, ast.NotIn)):
            return value not in values
        return bool(_ORDERS[type(compare)](value, values[0]))

    def _behind(self, node: ast.expr) -> ast.expr:
        """The tree behind a name of `let`."""
        path = path_of(node)
        return self._behind(self.lets[path[0]]) if path and len(path) == 1 and path[0] in self.lets else node

    def _compared(self, node: ast.expr) -> tuple[str | None, list[object]]:
        """The name that a node asks for and the literals it is compared with; (None, []) where it is free."""
        path = path_of(node)
        if path is not None:
            return ".".join(path), []
        if not isinstance(node, ast.Compare) or len(node.ops) != 1 or path_of(node.left) is None:
            return None, []
        right = node.comparators[0]
        listed = right.elts if isinstance(right, (ast.Tuple, ast.List)) else [right]
        values = [exact(one) for one in listed if isinstance(one, ast.Constant)]
        in_text = isinstance(node.ops[0], (ast.In, ast.NotIn)) and listed == [right]
        if len(values) != len(listed) or in_text:
            return None, []
        name = ".".join(path_of(node.left) or ())
        found = self._name(name)
        alike = found is not None and all(isinstance(value, str) == (found.type in TEXTUAL) for value in values)
        ordered = isinstance(node.ops[0], tuple(_ORDERS))
        return (name, list(values)) if alike and not (ordered and isinstance(values[0], str)) else (None, [])

    def _figure(self, node: ast.expr) -> tuple[str, type[ast.cmpop], Decimal] | None:
        """Something that is worked out and compared with a number: its text, how, and the number."""
        if not self.figures or not isinstance(node, ast.Compare) or len(node.ops) != 1:
            return None
        left, compare, right = node.left, type(node.ops[0]), node.comparators[0]
        if number_in(left) is not None:
            left, compare, right = right, _TURNED.get(compare, compare), left
        left, number = self._behind(left), number_in(right)
        path = path_of(left)
        plain = path is not None and self._name(".".join(path)) is None  # an unknown thing, which may be no number
        if number is None or compare not in _NUMERIC or plain or isinstance(left, (ast.IfExp, ast.BoolOp)):
            return None
        return (ast.unparse(left) if path is None else ".".join(path)), compare, number

    def _name(self, name: str | None) -> Name | None:
        if name is None:
            return None
        path = tuple(name.split("."))
        if len(path) == 1 and path[0] in self.lets:
            return None
        found = self.scope.resolve(path)
        simple = found is not None and (found.type in TEXTUAL or found.type == "boolean" or is_numeric(found.type))
        return found if simple else None


def _decided(node: ast.expr) -> bool | None:
    """What a comparison of literals gives (`1 == 2`); None for anything else."""
    if not isinstance(node, ast.Compare):
        return None
    values: list[Any] = []
    for one in (node.left, *node.comparators):
        number = number_in(one)
        text = one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else None
        values.append(text if number is None else number)
    alike = {type(value) for value in values}
    compares = [_NUMERIC.get(type(one)) for one in node.ops]
    if len(alike) != 1 or None in values or None in compares:
        return None
    return all(compare(*pair) for compare, pair in zip(compares, pairwise(values), strict=True) if compare is not None)


def _inner(node: ast.expr) -> list[ast.expr]:
    """The conditions that a condition is made of."""
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return [node.operand]
    return [node.test, node.body, node.orelse] if isinstance(node, ast.IfExp) else []


def told(case: Case, *, fixed: bool = False) -> str:
    """A case as a message says it."""
    parts = []
    for name, value in case.items():
        if fixed and name.startswith(("policy.", "settings.")):
            continue  # they are the same in every case
        if isinstance(value, bool):
            parts.append(name if value else f"not {name}")
        elif isinstance(value, Point):
            parts.append(f"{name} {value.said}")
        elif value == OTHER:
            parts.append(f"another {name}")
        else:
            parts.append(f"{name} = {value if value != '' else 'nothing'}")
    return ", ".join(parts) or "every case"
