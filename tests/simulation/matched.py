"""Compares what the program says of orders with what the model expects: the three-way match."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

from .model_orders import Orders, Told

_BEYOND = re.compile(r"(error|warning): billed-beyond-order\S*: (\S+) (.+) are billed of (\S+), (\S+) were ordered")
_ABOVE = re.compile(r"(error|warning): billed-above-price\S*: (\S+) bills (.+) at \S+, (\S+) says \S+")


def stopped(said: str) -> bool:
    """Whether the books are not posted because of their orders."""
    return "error: billed-beyond-order" in said or "error: billed-above-price" in said


def mismatched(orders: Orders, said: str) -> list[str]:
    """One sentence for each problem that is missing, or that nobody expects."""
    beyond: Counter[Told] = Counter(
        (order, item, str(Fraction(billed)), str(Fraction(ordered)))
        for _, billed, item, order, ordered in _BEYOND.findall(said)
    )
    above: Counter[Told] = Counter((bill, item, order) for _, bill, item, order in _ABOVE.findall(said))
    must, may = (Counter(one) for one in orders.above())
    expected = Counter(orders.beyond())
    wrong = [*(expected - beyond), *(beyond - expected), *(must - above), *(above - may)]
    levels = {
        *(("over_billing", one[0]) for one in _BEYOND.findall(said)),
        *(("over_price", one[0]) for one in _ABOVE.findall(said)),
    }
    found = [f"three-way match: {one}; the program says {list(beyond)}, {list(above)}" for one in wrong]
    return found + [f"{which}: {level}" for which, level in levels if (level == "error") != orders.stops(which)]
