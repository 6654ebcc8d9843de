"""Production: inputs leave at cost, outputs share what inputs and costs amount to.

The share of an output is its stated weight, else its standard value, else its quantity; shares are rounded half up and
the last output takes the rest. Documents of one job are one order: an output takes the job's cost so far. Standard
items take their standard cost, and the difference is the document's variance. Waste takes no value unless it has a
price, and enters no stock.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from beanstock.model import ZERO, Line


def part_of(line: Line) -> str:
    """Whether a line of a production is output, input, cost or waste."""
    return str((line.extra or {}).get("part", ""))


def weights(outputs: list[Line]) -> list[Decimal]:
    """What outputs are weighed by: stated shares, else standard values, else quantities."""
    stated = [(line.extra or {}).get("share") for line in outputs]
    if any(one is not None for one in stated):
        return [one if one is not None else ZERO for one in stated]
    standards = [line.item.standard_cost if line.item else None for line in outputs]
    if all(one is not None for one in standards):
        return [(one or ZERO) * line.base_qty for one, line in zip(standards, outputs, strict=True)]
    return [line.base_qty for line in outputs]


def spread(amount: Decimal, outputs: list[Line], unit: Decimal) -> list[Decimal]:
    """An amount over outputs by their weights (where these are all zero, by quantity); the last takes the rest."""
    weighed = weights(outputs)
    if not any(weighed):
        weighed = [line.base_qty for line in outputs]
    whole = sum(weighed, ZERO)
    shares = [(amount * one / whole).quantize(unit, ROUND_HALF_UP) if whole else ZERO for one in weighed[:-1]]
    return [*shares, amount - sum(shares, ZERO)]
