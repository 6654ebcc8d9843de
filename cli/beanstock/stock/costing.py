"""How the stock keeps values, by the books' policies."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from beanstock.model import Item


@dataclass(frozen=True)
class Costing:
    """How values are kept: the method by item or category, and the policies that valuation.md names."""

    unit: Decimal
    default: str = "moving-average"
    by_category: dict[str, str] = field(default_factory=dict)
    scope: str = "company"
    customer_returns: str = "original"
    supplier_returns: str = ""  # blank: current for averages, else original
    refuses: bool = True  # negative stock is a problem; else it is provisional
    splits_bills: bool = False  # a bill's difference goes to goods still held; else all of it is a difference
    sold_role: str = "cost-of-sales"  # where the rest of it goes
    tracks_arrivals: bool = False  # something may come late for goods in averages
    apportions: bool = False  # standard items keep what receipts differ by, and share it out at the month's end
    costs_at_invoice: bool = False  # what was delivered waits for its invoice before it is a cost of sales
    by_nature: bool = False  # periodic stock: the change in inventories stands for what goods cost

    def method(self, item: Item) -> str:
        return item.costing or self.by_category.get(item.category, "") or self.default

    def is_planned(self, item: Item) -> bool:
        """Whether an item's differences from standard are kept, and shared out at the month's end."""
        return self.apportions and self.method(item) == "standard"
