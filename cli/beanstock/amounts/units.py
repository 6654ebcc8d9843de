"""Quantities in the item's own unit: a box of 12 is 12 pieces."""

from __future__ import annotations

from beanstock.model import Document
from beanstock.problems import Problem, problem


def convert_units(documents: list[Document]) -> list[Problem]:
    """Fill in `base_qty` of every line (quantity x factor, exact). Problems: unknown-unit."""
    problems: list[Problem] = []
    for document in documents:
        for line in document.lines:
            if line.qty is None:
                continue
            item = line.item
            if not line.unit or item is None or line.unit == item.unit:
                line.base_qty = line.qty
            elif line.unit in item.units:
                line.base_qty = line.qty * item.units[line.unit]
            else:
                place = document.place("unit", line)
                problems.append(problem("unknown-unit", place, unit=line.unit, item=item.code, base=item.unit))
    return problems
