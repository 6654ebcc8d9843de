"""Production: inputs leave at cost, outputs share what inputs and costs amount to.

The share of an output is its stated weight, else its standard value, else its quantity; shares are rounded half up and
the last output takes the rest. What gives back an input comes in at what that cost, and takes no share. Documents of
one job are one order: an output takes the job's cost so far. Standard items take their standard cost, and the
difference is the document's variance. Waste takes no value unless it has a price, and enters no stock.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from beanstock.masters import Item
from beanstock.matching.outputs import given_back, made_of, weights_of
from beanstock.model import ZERO, Document, Line


def spread(
    amount: Decimal, document: Document, used: Mapping[Item, Decimal], unit: Decimal
) -> list[tuple[Line, Decimal]]:
    """An amount over the outputs of a production: what was `used` of an item goes back with it, the rest by weights.

    Weights that are all zero count as quantities; the last output that gives nothing back takes the rest.
    """
    back = given_back(document)
    fixed = {
        line: (used.get(line.item, ZERO) * part).quantize(unit, ROUND_HALF_UP)
        for line, part in back.items()
        if line.item is not None
    }
    outputs = made_of(document)
    sharing = [line for line in outputs if line not in fixed]
    rest = amount - sum(fixed.values(), ZERO)
    weighed = weights_of(sharing)
    if not any(weighed):
        weighed = [line.base_qty for line in sharing]
    whole = sum(weighed, ZERO)
    shares = [(rest * one / whole).quantize(unit, ROUND_HALF_UP) if whole else ZERO for one in weighed[:-1]]
    fixed |= dict(zip(sharing, [*shares, rest - sum(shares, ZERO)], strict=True))
    return [(line, fixed[line]) for line in outputs]
