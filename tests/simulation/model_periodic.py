"""The model's periodic stock: the books as they would be with perpetual stock, told again by the nature of the expense.

What documents of goods say of their cost is left out: nothing is accrued, nothing travels or waits, no price differs.
What was bought is a purchase, and whatever else the stock takes or gives is the change in inventories.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from .model_months import DELIVERED, Posted
from .model_prices import Priced, header_price
from .model_purchases import GRNI, TRANSIT, LineKey, line_key
from .papers import Company, Document

CHANGE = "change-in-inventories"
COSTS = (GRNI, TRANSIT, DELIVERED, "cost-of-sales", "price-difference", "landed-cost-clearing")


def by_nature(posted: Iterable[Posted], documents: Iterable[Document], costs: Mapping[int, Fraction]) -> list[Posted]:
    """The same postings without costs of goods; `costs` is what bills, purchases and landed costs say they cost."""
    kept = [one for one in posted if one.role not in COSTS]
    kept += [Posted(one.reference, "purchases", costs.get(id(one), Fraction(0)), "", "", one.date) for one in documents]
    sums: defaultdict[str, Fraction] = defaultdict(Fraction)
    for each in kept:
        sums[each.document] += each.amount
    days = {one.document: one.day for one in kept}
    return [*kept, *(Posted(name, CHANGE, -amount, "", "", days[name]) for name, amount in sums.items())]


def bought(company: Company, documents: Iterable[Document], priced: Mapping[LineKey, Priced]) -> dict[int, Fraction]:
    """What documents of suppliers say that goods and their landed costs are."""
    found: dict[int, Fraction] = {}
    for document in documents:
        if document.kind in ("bills", "purchases"):
            lines = [line for line in document.lines if company.stocked(line.item)]
            found[id(document)] = sum((priced[line_key(document, line)].cost for line in lines), Fraction(0))
        elif document.kind == "landed-costs" and not document.bill:
            found[id(document)] = header_price(company, document).net
    return found
