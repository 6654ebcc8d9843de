"""Every policy: its values, its default, and what it decides. `beanstock policies` prints this with each value's origin."""

from __future__ import annotations

import re
from typing import NamedTuple


class Policy(NamedTuple):
    """Values that may be chosen, the default first where a pack says nothing else, and the meaning."""

    values: tuple[str, ...]
    default: str
    meaning: str
    pattern: re.Pattern[str] | None = None  # of values that hold a number; `values` are examples then

    def allows(self, value: str) -> bool:
        return value in self.values if self.pattern is None else self.pattern.fullmatch(value) is not None


POLICIES: dict[str, Policy] = {
    "negative_stock": Policy(
        ("refuse", "provisional"),
        "refuse",
        "When more leaves than is there: a problem, or it leaves at the last known cost until corrected.",
    ),
    "customer_returns": Policy(
        ("original", "current"),
        "original",
        "A return that names its delivery comes back at the cost it left with, or at the current cost.",
    ),
    "supplier_returns": Policy(
        ("original", "current", "by-method"),
        "by-method",
        "A return leaves at the value it came in with, or at the current cost; by-method: current for averages, else original.",
    ),
    "bill_difference": Policy(
        ("restate", "split", "variance"),
        "restate",
        "A bill at another price changes the receipt's value from its date; or goods still held; or nothing but a difference.",
    ),
    "sold_share": Policy(
        ("cost-of-sales", "variance"),
        "cost-of-sales",
        "Where the part goes that came too late for goods that are gone.",
    ),
    "landed_cost": Policy(
        ("receipt-date", "own-date"),
        "receipt-date",
        "Landed costs change the receipt's value from its date, or from their own.",
    ),
    "cost_scope": Policy(
        ("company", "warehouse", "lot"),
        "company",
        "One cost for the whole company, for each warehouse, or for each lot.",
    ),
    "cost_of_sales": Policy(
        ("at-delivery", "at-invoice", "month-end"),
        "at-delivery",
        "What is delivered becomes a cost of sales at once, with its invoice, or at the end of the month.",
    ),
    "revenue": Policy(
        ("at-invoice", "at-delivery"),
        "at-invoice",
        "Revenue is posted with the invoice, or with the delivery and then waits for its invoice.",
    ),
    "grni_method": Policy(
        ("difference-on-bill", "reverse-on-bill", "reverse-at-month-start"),
        "difference-on-bill",
        "How the ledger clears estimates of unbilled receipts; their valuation is always kept.",
    ),
    "over_billing": Policy(
        ("warn", "problem", "warn 5%", "problem 5%"),
        "warn",
        "What is billed or invoiced beyond its order (by more than the tolerance) is a warning or a problem.",
        re.compile(r"(warn|problem)(,? [0-9]{1,3}(\.[0-9]+)?%?)?"),
    ),
    "over_price": Policy(
        ("warn", "problem", "warn 5%", "problem 5%"),
        "warn",
        "A bill at a higher price than its order's (by more than the tolerance) is a warning or a problem.",
        re.compile(r"(warn|problem)(,? [0-9]{1,3}(\.[0-9]+)?%?)?"),
    ),
    "write_off_limit": Policy(
        ("none", "5.00", "1%"),
        "none",
        "What a payment may write off at most: an amount in the books' currency, or a share of what it settles.",
        re.compile(r"none|[0-9]{1,9}(\.[0-9]{1,4})?%?"),
    ),
    "cost_pool_key": Policy(
        ("material", "quantity", "hours"),
        "material",
        "Cost pools are shared over a month's jobs by the value of their material, by what they put out, or by their hours.",
    ),
    "depreciation_start": Policy(
        ("same-month", "next-month"),
        "same-month",
        "An asset is depreciated from the month it is bought in, or from the one after.",
    ),
    "storno": Policy(("no", "yes"), "no", "Returns as red entries (negative amounts on their own side)."),
    "tax_rounding": Policy(
        ("line", "per-rate"), "line", "Tax is rounded for each line, or once for each rate of a document."
    ),
    "discount_tax": Policy(
        ("keep", "correct"),
        "keep",
        "A cash discount leaves the tax of what it settles as it is, or takes its share of the tax back.",
    ),
    "input_tax": Policy(
        ("on-bill", "on-certification"),
        "on-bill",
        "Input tax is deducted with its bill, or waits as pending until a tax certification names the bill.",
    ),
    "fx_on_accrual": Policy(
        ("gain-loss", "restate"),
        "gain-loss",
        "What a rate changes between receipt and bill is an exchange gain or loss, or part of what the goods cost.",
    ),
    "advance_rate": Policy(
        ("document", "advance"),
        "document",
        "Goods, costs and revenue that were paid ahead in foreign money stand at their document's rate, or the advance's.",
    ),
    "inventory_system": Policy(
        ("perpetual", "periodic"),
        "perpetual",
        "Stock is posted against what it was bought or sold for, or against the change in inventories.",
    ),
    "variance": Policy(
        ("expense", "apportion"),
        "expense",
        "What receipts differ from standard costs is an expense, or is shared over issues and stock at the month's end.",
    ),
    "late_documents": Policy(
        ("refuse", "next-open-period"),
        "refuse",
        "Documents dated in a closed month, and changed or removed ones: a problem, or posted on the first open day.",
    ),
    "review": Policy(
        ("marked", "all"), "marked", "Which vouchers wait for an approval: those that a rule marks, or all."
    ),
    "four_eyes": Policy(
        ("no", "yes"), "no", "Whether somebody else must approve than the one who committed the record."
    ),
    "open_estimates": Policy(
        ("allow", "refuse"), "allow", "Whether a month can be closed while receipts of it are not billed."
    ),
    "sequence": Policy(
        ("free", "warn", "strict"),
        "warn",
        "Gaps in the books' own numbers: nothing, a warning of `check`, or its failure, and the month cannot be closed.",
    ),
}
