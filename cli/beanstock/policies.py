"""Every policy: its values, its default, and what it decides. `beanstock policies` prints this with each value's origin."""

from __future__ import annotations

from typing import NamedTuple


class Policy(NamedTuple):
    """Values that may be chosen, the default first where a pack says nothing else, and the meaning."""

    values: tuple[str, ...]
    default: str
    meaning: str


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
    "cost_of_sales": Policy(("at-delivery",), "at-delivery", "When cost of sales is posted."),
    "revenue": Policy(("at-invoice",), "at-invoice", "When revenue is posted."),
    "grni_method": Policy(
        ("difference-on-bill",), "difference-on-bill", "How estimates of unbilled receipts are cleared in the ledger."
    ),
    "storno": Policy(("no", "yes"), "no", "Returns as red entries (negative amounts on their own side)."),
    "tax_rounding": Policy(("line",), "line", "Tax is rounded for each line."),
    "inventory_system": Policy(("perpetual",), "perpetual", "Stock is posted with every document."),
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
        ("free", "strict"), "free", "Whether the books' own numbers may have gaps when a month is closed."
    ),
}
