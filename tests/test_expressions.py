"""Expressions: what is allowed, what is refused at once, and that compiled ones equal exact fractions."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from decimal import Decimal, getcontext
from fractions import Fraction
from typing import Any

import pytest

from beanstock.expressions.compiler import Compiler, Name, Scope
from beanstock.expressions.interpreter import interpret
from beanstock.expressions.template import compile_template
from beanstock.expressions.tree import ExpressionFault, parse_expression

VALUES: dict[str, Decimal | str] = {"a": Decimal("2.5"), "b": Decimal(-3), "c": Decimal("0.01"), "word": "in"}


class Values:
    """A scope of a few names."""

    def resolve(self, path: tuple[str, ...]) -> Name | None:
        if len(path) == 1 and path[0] in VALUES:
            return Name(f"v[{path[0]!r}]", "text" if path[0] == "word" else "number")
        return None

    def names(self) -> Iterable[str]:
        return VALUES

    def element(self, collection: str) -> tuple[str, Scope] | None:
        return None


def evaluate(text: str) -> Any:
    compiler = Compiler(Values())
    name = compiler.compile(parse_expression(text))
    return eval(name.code, {"v": VALUES, "__builtins__": {"min": min, "max": max, "abs": abs}, **compiler.constants})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a + b * 2", Decimal("-3.5")),
        ("-(a - 0.1)", Decimal("-2.4")),
        ("max(a, b, 1.1)", Decimal("2.5")),
        ("abs(b)", Decimal(3)),
        ("a if word == 'in' else b", Decimal("2.5")),
        ("word in ('in', 'out') and not a < 0", True),
        ("0.1 + 0.2", Decimal("0.3")),
    ],
)
def test_values(text: str, value: object) -> None:
    assert evaluate(text) == value


HOSTILE = [
    "__import__('os')", "a.__class__", "().__class__", "a.b.c", "open('x')", "eval('1')", "lambda: 1", "[x for x in a]", "{1: 2}", "f'{a}'",
    "a ** b", "9 ** 9 ** 9", "a // b", "a % b", "a << 1", "a @ b", "a[0]", "a := 1", "a; b", "import os", "'x' * 1e9", "b'x'", "1j", "...",
    "0x10", "1_000", "1e5", "١", "a if b", "print(a)", "max()", "max(a, key=b)", "*a", "a is b", "None", "a.format(b)", "_a", "a._b",
    "(" * 200 + "a" + ")" * 200, "-" * 900 + "a", "a + " * 300 + "a", "a" * 5000, "not " * 240 + "a", "a\nb", "a\x00", "'{0.__class__}'.format(a)",
    "exec('1')", "getattr(a, 'b')", "globals()", "a() ", "(lambda x: x)(a)", "yield a", "await a", "a if a else", "'a' + 1", "a + word", "word * 2", "a < word",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_expressions_are_refused_at_once(text: str) -> None:
    begin = time.perf_counter()
    with pytest.raises(ExpressionFault):
        Compiler(Values()).compile(parse_expression(text))
    assert time.perf_counter() - begin < 0.1


def test_a_misspelt_name_gets_a_suggestion() -> None:
    with pytest.raises(ExpressionFault) as fault:
        Compiler(Values()).compile(parse_expression("a + wrod"))
    assert (fault.value.name, fault.value.start, fault.value.suggestion) == ("wrod", 4, "Did you mean `word`?")


def _random(chance: random.Random, depth: int) -> tuple[str, Fraction]:
    kind = chance.randrange(6) if depth else chance.randrange(2)
    if kind == 0:
        name = chance.choice(["a", "b", "c"])
        return name, Fraction(str(VALUES[name]))
    if kind == 1:
        number = f"{chance.randint(0, 999)}.{chance.randint(0, 99):02d}"
        return number, Fraction(number)
    left, one = _random(chance, depth - 1)
    right, other = _random(chance, depth - 1)
    if kind == 5:
        return f"max({left}, {right})", max(one, other)
    operator = "+-*"[kind - 2]
    value = {"+": one + other, "-": one - other, "*": one * other}[operator]
    return f"({left} {operator} {right})", value


def test_valid_expressions_equal_exact_fractions() -> None:
    getcontext().prec = 60
    chance = random.Random(2026)
    for _ in range(3000):
        text, value = _random(chance, 4)
        assert Fraction(evaluate(text)) == value, text


def test_the_interpreter_tells_every_step() -> None:
    value, steps = interpret(
        parse_expression("a - b if word == 'in' else 0"), Values(), {"v": VALUES, "__builtins__": {}}
    )
    assert value == Decimal("5.5")
    assert ("a - b", Decimal("5.5")) in steps
    assert ("word == 'in'", True) in steps


def test_templates() -> None:
    code = compile_template("Paid {word}, {a}", Compiler(Values()))
    assert eval(code, {"v": VALUES, "shown": str}) == "Paid in, 2.5"
    with pytest.raises(ExpressionFault):
        compile_template("open {brace", Compiler(Values()))


UNITS = {
    "gross": "money",
    "net": "money",
    "qty": "quantity",
    "price": "price",
    "rate": "number",
    "name": "text",
    "day": "date",
}


class Measured:
    """A scope of one name of each type."""

    def resolve(self, path: tuple[str, ...]) -> Name | None:
        if path == ("direction",):
            return Name("direction", "text", ("in", "out"))
        return Name(path[0], UNITS[path[0]]) if path[0] in UNITS else None

    def names(self) -> Iterable[str]:
        return UNITS

    def element(self, collection: str) -> tuple[str, Scope] | None:
        return None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("gross - net", "money"),
        ("gross - 0.5", "amount"),
        ("gross if rate > 1 else 0", "money"),
        ("max(gross, 0)", "money"),
        ("qty * price", "amount"),
        ("gross / qty", "price"),
        ("gross * net / net", "amount"),
        ("gross * rate", "amount"),
        ("round(gross / 3)", "money"),
        ("round(price, 4)", "price"),
        ("net / gross", "number"),
        ("number(qty)", "number"),
        ("2 * 3", "constant"),
        ("days(day, day) + 1", "number"),
        ("has(name, 'x') or starts(lower(name), 'y')", "boolean"),
    ],
)
def test_numbers_know_what_they_measure(text: str, kind: str) -> None:
    assert Compiler(Measured()).compile(parse_expression(text)).type == kind


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gross + qty", "money and a quantity cannot be added"),
        ("gross * net + gross", "money × money and money cannot be added"),
        ("gross - rate", "money and a number cannot be subtracted"),
        ("name + qty", "text and a quantity cannot be added"),
        ("price > gross", "a price cannot be compared with money"),
        ("day > 5", "date cannot be compared with a number"),
        ("gross if rate else qty", "one branch is money, the other a quantity"),
        ("min(qty, price)", "min cannot take a quantity and a price"),
        ("direction == 'inn'", "`inn` is none of in, out. Did you mean `in`?"),
        ("direction in ('in', 'oust')", "`oust` is none of in, out. Did you mean `out`?"),
        ("round(qty)", "round cannot take a quantity"),
        ("year(name)", "`name` is text, a date is needed"),
    ],
)
def test_what_does_not_go_together_is_told(text: str, said: str) -> None:
    with pytest.raises(ExpressionFault) as fault:
        Compiler(Measured()).compile(parse_expression(text))
    assert fault.value.detail == said


def test_all_faults_of_an_expression_are_told_at_once() -> None:
    with pytest.raises(ExpressionFault) as fault:
        Compiler(Measured()).compile(parse_expression("grss + qti * (gross + qty) if nam == 'x' else 0"))
    faults = [fault.value, *fault.value.others]
    assert [(one.name or one.detail, one.start) for one in faults] == [
        ("nam", 30),
        ("grss", 0),
        ("qti", 7),
        ("money and a quantity cannot be added", 14),
    ]
