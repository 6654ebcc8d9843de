"""What comes out of a production: its outputs, their weights, and what gives back an input."""

from __future__ import annotations

from decimal import Decimal

from beanstock.masters import Item
from beanstock.model import ZERO, Document, Line


def part_of(line: Line) -> str:
    """Whether a line of a production is output, input, cost or waste."""
    return str((line.extra or {}).get("part", ""))


def weights_of(outputs: list[Line]) -> list[Decimal]:
    """What outputs are weighed by: stated shares, else standard values, else quantities."""
    stated = [(line.extra or {}).get("share") for line in outputs]
    if any(one is not None for one in stated):
        return [one if one is not None else ZERO for one in stated]
    standards = [line.item.standard_cost if line.item else None for line in outputs]
    if all(one is not None for one in standards):
        return [(one or ZERO) * line.base_qty for one, line in zip(standards, outputs, strict=True)]
    return [line.base_qty for line in outputs]


def made_of(document: Document) -> list[Line]:
    """The outputs of a production, those that give back an input among them."""
    return [line for line in document.lines if part_of(line) == "output" and line.item is not None]


def given_back(document: Document) -> dict[Line, Decimal]:
    """Outputs that give back an input, with their part of what went in of it.

    They state no share, are no more than what went in, and something else is made beside them.
    """
    came: dict[Item, Decimal] = {}
    went: dict[Item, Decimal] = {}
    outputs = made_of(document)
    for line in document.lines:
        if line.item is not None and part_of(line) == "input":
            went[line.item] = went.get(line.item, ZERO) + line.base_qty
    for line in outputs:
        if line.item is not None and (line.extra or {}).get("share") is None:
            came[line.item] = came.get(line.item, ZERO) + line.base_qty
    back = {
        line: line.base_qty / went[line.item]
        for line in outputs
        if line.item in went
        and (line.extra or {}).get("share") is None
        and ZERO < came[line.item] <= went[line.item]
        and line.base_qty > 0
    }
    return back if len(back) < len(outputs) else {}
