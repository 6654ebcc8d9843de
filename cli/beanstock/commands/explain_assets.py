"""What `explain ASSET` says of a fixed asset: with what it was bought, what each month took off it, and how it went."""

from __future__ import annotations

from typing import Any

from beanstock.commands.compute import Run
from beanstock.masters import Asset
from beanstock.model import ZERO
from beanstock.rulebook.runtime import shown
from beanstock.vouchers.explain import said

FIXED = "fixed-assets"


def explain_asset(run: Run, asset: Asset) -> dict[str, Any]:
    """All that the books say of an asset, after the fold; amounts are money of the books."""
    cost = asset.cost.quantize(run.unit)
    lost = ZERO
    months: list[dict[str, str]] = []
    gone: list[dict[str, str]] = []
    for document in run.made:
        for line in document.lines:
            if line.memo != asset.code:
                continue
            if document.kind == "depreciations" and line.amount is not None:
                lost += line.amount
                months.append(
                    {
                        "document": document.reference,
                        "amount": said(line.amount),
                        "depreciated": said(lost),
                        "left": said(cost - lost),
                    }
                )
            elif document.kind == "disposals" and line.extra is not None:
                result = line.extra["depreciated"] + line.extra["proceeds"] - line.extra["cost"]
                facts = {
                    name: said(line.extra[name].quantize(run.unit)) for name in ("cost", "depreciated", "proceeds")
                }
                gone.append({"document": document.reference, **facts, "result": said(result.quantize(run.unit))})
    begins = run.assets.begins
    return {
        "asset": asset.code,
        "name": asset.name,
        "date": asset.date.isoformat(),
        "cost": said(cost),
        "salvage": said((asset.salvage or ZERO).quantize(run.unit)),
        "method": asset.method or "straight-line",
        "life": _life(asset),
        "bought": _bought(run, asset),
        "opening": begins.isoformat() if asset.date <= begins else "",
        "depreciation": months,
        "disposal": gone,
    }


def _life(asset: Asset) -> str:
    if asset.method == "units":
        return f"{shown(asset.life_units)} units" if asset.life_units is not None else ""
    return f"{asset.life_months} months"


def _bought(run: Run, asset: Asset) -> list[dict[str, str]]:
    """Lines that post the asset's cost to fixed assets on its day; nothing in the records says more of what it came with."""
    return [
        {"document": document.reference, "line": str(line.index), "amount": said(line.cost)}
        for document in run.records.documents
        if document.date == asset.date and document.kind in ("bills", "purchases", "expenses")
        for line in document.lines
        if line.account and run.rulebook.accounts.role_of_cell(line.account) == FIXED and line.cost == asset.cost
    ]
