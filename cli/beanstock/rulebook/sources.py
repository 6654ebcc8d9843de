"""Expressions and templates of a rule to Python source; what is wrong with them is collected."""

from __future__ import annotations

from collections.abc import Mapping

from beanstock.expressions.compiler import Compiler, Name, Scope
from beanstock.expressions.template import compile_template
from beanstock.expressions.tree import ExpressionFault, parse_expression
from beanstock.expressions.types import UNKNOWN, said
from beanstock.files.typed import Text
from beanstock.problems import Place, Problem, problem


class Sources:
    """Source of the expressions of one rule. Problems: unknown-name, bad-expression, bad-rule."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.constants: dict[str, object] = {}

    def compiled(self, text: Text, scope: Scope) -> Name:
        """An expression's source and type; a fault is told, and gives the type unknown."""
        try:
            return Compiler(scope, self.constants).compile(parse_expression(text.value))
        except ExpressionFault as fault:
            self.problems += fault.problems(text.place, text.value)
            return Name("ZERO", UNKNOWN)

    def value(self, text: Text, scope: Scope, kinds: frozenset[str] = frozenset(), needed: str = "") -> str:
        """Source of a single value, of one of these types where some are given."""
        name = self.compiled(text, scope)
        if name.type in ("collection", "choices"):
            self.bad(text.place, f"`{text.value}` is a {name.type}, a single value is needed")
        elif kinds and name.type not in kinds and name.type != UNKNOWN:
            self.bad(text.place, f"`{text.value}` is {said(name.type)}, {needed} is needed")
        return name.code

    def template(self, text: Text | None, scope: Scope) -> str:
        """Source of a text with expressions in braces; of a blank text where there is none."""
        if text is None:
            return "''"
        try:
            return compile_template(text.value, Compiler(scope, self.constants))
        except ExpressionFault as fault:
            self.problems += fault.problems(text.place, text.value)
            return "''"

    def meta(self, meta: Mapping[str, Text], scope: Scope) -> str:
        """Source of metadata: pairs whose text is not blank."""
        pairs = [f"({key!r}, {self.template(text, scope)})" for key, text in meta.items()]
        return f"[pair for pair in ({', '.join(pairs)},) if pair[1]]" if pairs else "[]"

    def bad(self, place: Place, detail: str, suggestion: str = "") -> None:
        """Note a fault of the rule."""
        self.problems.append(problem("bad-rule", place, detail=detail, suggestion=suggestion))
