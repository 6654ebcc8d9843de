"""The functions that import mappings may call: foreign cells are text, and these turn them into cells of records."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from beanstock.expressions.functions import NUMBERS, TEXTS, Function
from beanstock.model import ZERO
from beanstock.records.cells import CellFault, number

_TEXT = "text"


class ForeignFault(Exception):
    """A foreign cell that is not what the mapping says."""


def to_number(text: str) -> Decimal:
    """A foreign number: digits, sign, decimal point; blank is zero."""
    try:
        return number(text.strip(), "price", 30) if text.strip() else ZERO
    except CellFault:
        raise ForeignFault(f"`{text}` is no plain number") from None


def to_day(text: str, form: str) -> str:
    """A day in ISO form from a text of the given form (as of strptime, such as %Y-%m-%d %H:%M:%S)."""
    try:
        return dt.datetime.strptime(text.strip(), form).date().isoformat()  # noqa: DTZ007 a day has no zone
    except (ValueError, re.error):  # a form that names a part twice is an error of patterns
        raise ForeignFault(f"`{text}` is no date of the form {form}") from None


def to_time(text: str, form: str) -> str:
    """HH:MM:SS from a text of the given form."""
    try:
        return dt.datetime.strptime(text.strip(), form).time().isoformat("seconds")  # noqa: DTZ007
    except (ValueError, re.error):
        raise ForeignFault(f"`{text}` is no time of the form {form}") from None


def to_text(value: Any) -> str:
    """A cell of a record: decimals without exponent or trailing zeros."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else str(value)


class Lookup(dict[str, dict[str, str]]):
    """The mapping's tables by name."""

    def __missing__(self, name: str) -> dict[str, str]:
        raise ForeignFault(f"the mapping has no table `{name}`")


class Memo(dict[Any, Any]):
    """A function of text, remembered, because foreign cells repeat."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.function = function

    def __missing__(self, key: Any) -> Any:
        value = self[key] = self.function(*key) if isinstance(key, tuple) else self.function(key)
        return value


IMPORT_FUNCTIONS: dict[str, Function] = {
    **NUMBERS,
    **TEXTS,
    "number": Function(range(1, 2), _TEXT, lambda types: "number", lambda codes: f"NUMBER[{codes[0]}]"),
    "day": Function(range(2, 3), _TEXT, lambda types: "text", lambda codes: f"DAY[{codes[0]}, {codes[1]}]"),
    "time": Function(range(2, 3), _TEXT, lambda types: "text", lambda codes: f"TIME[{codes[0]}, {codes[1]}]"),
    "trim": Function(range(1, 2), _TEXT, lambda types: "text", lambda codes: f"' '.join({codes[0]}.split())"),
    "without": Function(range(2, 3), _TEXT, lambda types: "text", lambda codes: f"{codes[0]}.replace({codes[1]}, '')"),
    "before": Function(range(2, 3), _TEXT, lambda types: "text", lambda codes: f"{codes[0]}.split({codes[1]}, 1)[0]"),
    "digits": Function(
        range(1, 2), _TEXT, lambda types: "boolean", lambda codes: f"({codes[0]}.isascii() and {codes[0]}.isdigit())"
    ),
    "lookup": Function(
        range(2, 3), _TEXT, lambda types: "text", lambda codes: f"LOOKUP[{codes[0]}].get({codes[1]}, '')"
    ),
    "ascii": Function(range(1, 2), _TEXT, lambda types: "boolean", lambda codes: f"{codes[0]}.isascii()"),
}
