"""The types of expressions, and what they become when values are added, multiplied and compared.

Numbers carry what they measure, as in physics: money is one kind of unit, quantity another, a price is money per
quantity. So a tax rate times money is money, a price times a quantity is money, and money plus a quantity is a fault.
A product may pass through what has no meaning by itself (`gross * line.net / net`); only where such a value is added,
compared or posted is it a fault. `money` is rounded already, `amount` is money that still has to be rounded.
"""

from __future__ import annotations

from collections.abc import Iterable

Unit = tuple[int, int]  # powers of money and of quantity

CONSTANT, ZERO_TYPE = "constant", "zero"  # literals go together with everything
_UNITS: dict[str, Unit] = {
    "money": (1, 0),
    "amount": (1, 0),
    "number": (0, 0),
    "quantity": (0, 1),
    "price": (1, -1),
    CONSTANT: (0, 0),
    ZERO_TYPE: (0, 0),
}
_NAMES: dict[Unit, str] = {(1, 0): "amount", (0, 0): "number", (0, 1): "quantity", (1, -1): "price"}
_SAID = {
    "amount": "money (to be rounded)",
    CONSTANT: "a number",
    ZERO_TYPE: "a number",
    "number": "a number",
    "quantity": "a quantity",
    "price": "a price",
}
MAX_POWER = 6
TEXTUAL = frozenset({"text", "account"})  # an account cell is text that rules may also post to
UNKNOWN = "unknown"  # of a part whose fault is told already; it goes together with everything


def is_numeric(kind: str) -> bool:
    """Whether a type is a number of any unit."""
    return kind in _UNITS or kind == UNKNOWN


def is_amount(kind: str) -> bool:
    """Whether a value may be posted: money, or a bare number."""
    return kind == UNKNOWN or _UNITS.get(kind) in ((1, 0), (0, 0))


def multiplied(left: str, right: str, sign: int) -> str | None:
    """The type of a product (sign 1) or quotient (sign -1); None where its unit is beyond every use."""
    if UNKNOWN in (left, right):
        return UNKNOWN
    if {left, right} <= {CONSTANT, ZERO_TYPE}:
        return CONSTANT
    one, other = _UNITS[left], _UNITS[right]
    unit = (one[0] + sign * other[0], one[1] + sign * other[1])
    return _named(unit) if max(map(abs, unit)) <= MAX_POWER else None


def combined(types: Iterable[str]) -> str | None:
    """The type of a sum, a smallest value or a choice of these numbers; None where they do not go together."""
    found = set(types)
    if UNKNOWN in found:
        return UNKNOWN
    measured = found - {CONSTANT, ZERO_TYPE}
    if not measured:
        return CONSTANT if CONSTANT in found else ZERO_TYPE
    units = {_UNITS[one] for one in measured}
    if len(units) > 1:
        return None
    if found <= {"money", ZERO_TYPE}:
        return "money"
    return _named(units.pop())


def said(kind: str) -> str:
    """A type as a message says it."""
    return _SAID.get(kind, kind)


def _named(unit: Unit) -> str:
    """The name of a unit; one without a name is spelt out: `money × money`."""
    if unit not in _NAMES:
        above = ["money"] * max(0, unit[0]) + ["quantity"] * max(0, unit[1])
        below = ["money"] * max(0, -unit[0]) + ["quantity"] * max(0, -unit[1])
        name = " × ".join(above) or "1"
        _NAMES[unit] = name = name + "".join(f" ÷ {one}" for one in below)
        _UNITS[name] = unit
    return _NAMES[unit]
