"""Depreciation of fixed assets by month. Amounts are money of the books, rounded half up along the running sum.

straight-line: (cost - salvage) / life, month by month. declining: twice the straight rate of the book value at the
beginning of each year of life, and straight to the salvage value in the last two years (双倍余额递减法). units: (cost -
salvage) in proportion to what it did of all that it can do (工作量法); its months do not matter.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from beanstock.masters import Asset

ZERO = Decimal(0)


def depreciated(asset: Asset, months: int, unit: Decimal) -> Decimal:
    """All that an asset has lost after a number of months of its life."""
    months = max(0, min(months, asset.life_months))
    base = asset.cost - (asset.salvage or ZERO)
    if not months:
        return ZERO
    if months == asset.life_months:
        return base
    lost = _declined(asset, months) if asset.method == "declining" else base * months / asset.life_months
    return lost.quantize(unit, ROUND_HALF_UP)


def used_up(asset: Asset, month: str, unit: Decimal) -> Decimal:
    """All that an asset has lost by its usage up to a month (2026-01), never more than cost less salvage."""
    assert asset.life_units
    used = sum((units for when, units in asset.usage.items() if when <= month), ZERO)
    base = asset.cost - (asset.salvage or ZERO)
    lost = base * max(ZERO, min(used, asset.life_units)) / asset.life_units
    return lost.quantize(unit, ROUND_HALF_UP)


def _declined(asset: Asset, months: int) -> Decimal:
    book = asset.cost
    straight_from = max(0, (asset.life_months - 24) // 12 * 12) if asset.life_months > 24 else 0
    done = 0
    while done < months and done < straight_from:
        part = min(12, months - done)
        loss = book * 24 / asset.life_months  # of a whole year
        if part < 12:
            return asset.cost - book + loss * part / 12
        book -= loss
        done += 12
    left = asset.life_months - done
    return asset.cost - book + (book - (asset.salvage or ZERO)) * (months - done) / left if left else asset.cost - book


def age(asset: Asset, year: int, month: int, *, from_next_month: bool) -> int:
    """How many months of its life are over at the end of a month."""
    months = (year - asset.date.year) * 12 + month - asset.date.month
    return months if from_next_month else months + 1
