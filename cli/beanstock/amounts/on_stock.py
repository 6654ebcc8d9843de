"""Tax on goods that are given away, used, or lost: output tax due on them, or input tax that is reversed.

The base is the line's `tax_base`, else what the goods cost; the tax is rounded half up to the currency. A count has tax
on what is lost alone; what an adjustment brings back takes its tax back.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from beanstock.amounts.taxes import HUNDRED
from beanstock.model import ZERO, Document


def tax_on_stock(documents: list[Document], unit: Decimal) -> None:
    """Fill in `tax` of the lines of adjustments and counts that name one; their moves must be valued."""
    for document in documents:
        if document.kind in ("adjustments", "counts"):
            for line in document.lines:
                if line.tax_rate:
                    moves = line.moves or []
                    taxed: Decimal = -sum((move.value for move in moves), ZERO)
                    qty = -sum((move.qty for move in moves), ZERO)  # positive where goods leave
                    base = (line.extra or {}).get("tax_base")
                    if document.kind == "counts" and (qty < 0 or not moves):
                        continue
                    if base is not None:
                        taxed = -base if qty < 0 else base
                    line.tax = (taxed * line.tax_rate / HUNDRED).quantize(unit, ROUND_HALF_UP)
