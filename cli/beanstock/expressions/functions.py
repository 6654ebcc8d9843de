"""The functions that rules may call; each is a piece of Python source, and nothing else can be called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from beanstock.expressions.types import TEXTUAL, UNKNOWN, combined, is_numeric

Types = list[str]


@dataclass(frozen=True)
class Function:
    """A registered function: how many arguments, their kind (number, text, date, any), its type, and its source.

    `type` gives None where the arguments do not go together. Arguments that have a check in `literal` are written out,
    and it says what is wrong with them.
    """

    arguments: range
    takes: str
    type: Callable[[Types], str | None]
    code: Callable[[list[str]], str]
    literal: tuple[Callable[[str], str | None], ...] = ()


MAX_PLACES = 12  # decimals that `round` may keep
MAX_TEXT = 10_000  # characters of a text that is put together


class TooLong(ArithmeticError):
    """A text that grows beyond every use."""


def joined(left: str, right: str) -> str:
    """Two texts as one. Raises TooLong."""
    if len(left) + len(right) > MAX_TEXT:
        raise TooLong("`+` makes a text that is too long")
    return left + right


def accepts(takes: str, kind: str) -> bool:
    """Whether an argument of a type may stand where a function takes this."""
    if takes == "number":
        return is_numeric(kind)
    if takes == "text":
        return kind in TEXTUAL or kind == UNKNOWN
    return takes == "any" or kind in (takes, UNKNOWN)


def _always(kind: str) -> Callable[[Types], str]:
    return lambda types: kind


def _rounded(types: Types) -> str | None:
    """round(x) is money; round(x, places) keeps the unit."""
    if len(types) == 1:
        return "money" if combined([types[0], "money"]) or types[0] == "number" else None
    return combined([types[0], "amount"]) or combined([types[0], "quantity"]) or types[0]


def _rounding(codes: list[str]) -> str:
    to = "UNIT" if len(codes) == 1 else f"PLACES[{codes[1]}]"
    return f"({codes[0]}).quantize({to}, ROUND_HALF_UP)"


NUMBERS: dict[str, Function] = {
    "min": Function(range(2, 9), "number", combined, lambda codes: f"min({', '.join(codes)})"),
    "max": Function(range(2, 9), "number", combined, lambda codes: f"max({', '.join(codes)})"),
    "abs": Function(range(1, 2), "number", lambda types: types[0], lambda codes: f"abs({codes[0]})"),
}
TEXTS: dict[str, Function] = {
    "upper": Function(range(1, 2), "text", _always("text"), lambda codes: f"{codes[0]}.upper()"),
    "lower": Function(range(1, 2), "text", _always("text"), lambda codes: f"{codes[0]}.lower()"),
    "starts": Function(range(2, 3), "text", _always("boolean"), lambda codes: f"{codes[0]}.startswith({codes[1]})"),
    "ends": Function(range(2, 3), "text", _always("boolean"), lambda codes: f"{codes[0]}.endswith({codes[1]})"),
    "has": Function(range(2, 3), "text", _always("boolean"), lambda codes: f"({codes[1]} in {codes[0]})"),
}
FUNCTIONS: dict[str, Function] = {
    **NUMBERS,
    "round": Function(range(1, 3), "number", _rounded, _rounding),
    "number": Function(range(1, 2), "any", _always("number"), lambda codes: f"NUMBER({codes[0]})"),
    **TEXTS,
    "rate": Function(range(1, 2), "text", _always("number"), lambda codes: f"RATE({codes[0]}, d.date)"),
    "year": Function(range(1, 2), "date", _always("number"), lambda codes: f"INTEGER[{codes[0]}.year]"),
    "month": Function(range(1, 2), "date", _always("number"), lambda codes: f"INTEGER[{codes[0]}.month]"),
    "days": Function(range(2, 3), "date", _always("number"), lambda codes: f"INTEGER[({codes[1]} - {codes[0]}).days]"),
}
# over a collection: the second value is worked out for each of its elements
OVER = {
    "sum": "sum(({value} for {word} in {of}), ZERO)",
    "count": "INTEGER[sum(1 for {word} in {of} if {value})]",
    "any": "any({value} for {word} in {of})",
    "all": "all({value} for {word} in {of})",
}
