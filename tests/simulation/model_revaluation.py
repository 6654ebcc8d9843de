"""What finished months make of foreign money, worked out from the ledger's text and the rates alone.

At the end of a finished month each account that is money, by partner and document, is worth its foreign amount at the
latest rate; the next day takes the difference back.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from .ledgers import Posting
from .model_journals import written
from .model_prices import half_up
from .papers import Company

MONEY = ("bank", "wallet", "cash", "receivable", "payable", "notes-receivable", "notes-payable")
Key = tuple[str, str, str]
SUFFIX = "-revaluation"


def is_revaluation(posting: Posting) -> bool:
    """Whether a posting belongs to a month's end or the day that takes it back."""
    return posting.voucher.startswith("closings/") and posting.voucher.endswith(SUFFIX)


def is_closing(posting: Posting) -> bool:
    """Whether a posting is one of those that months make at their end."""
    return posting.voucher.startswith("closings/")


def left_open(postings: list[Posting]) -> Iterator[str]:
    """One sentence for each profit account that the end of a year does not leave empty."""
    for ended in sorted({one.month for one in postings if one.voucher.endswith("-close-profit")}):
        sums: defaultdict[str, Fraction] = defaultdict(Fraction)
        for one in postings:
            if one.month <= ended and one.account.startswith(("Income:", "Expenses:")):
                sums[one.account] += one.amount
        yield from (
            f"{account} holds {float(amount)} at the end of {ended}" for account, amount in sums.items() if amount
        )


def misjudged(company: Company, postings: list[Posting]) -> Iterator[str]:
    """One sentence for each account that the end of a finished month does not value as it must."""
    posted: defaultdict[str, defaultdict[Key, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for one in postings:
        if is_revaluation(one) and one.role in MONEY:
            posted[one.voucher.removeprefix("closings/").removesuffix(SUFFIX)][_key(one)] += one.amount
    months = sorted({one.date.strftime("%Y-%m") for one in written(company)})
    months = list(_between(months[0], months[-1])) if months else []
    wanted: dict[str, dict[Key, Fraction]] = {}
    for month in months[:-1]:
        end = dt.date.fromisoformat(f"{month}-01")
        end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
        found = _differences(company, [one for one in postings if one.month <= month and not is_revaluation(one)], end)
        if found:
            wanted[end.isoformat()] = found
            wanted[(end + dt.timedelta(1)).isoformat()] = {key: -amount for key, amount in found.items()}
    for day in sorted({*wanted, *posted}):
        for key in {*wanted.get(day, {}), *posted[day]}:
            expected, amount = wanted.get(day, {}).get(key, Fraction(0)), posted[day][key]
            if expected != amount:
                yield f"revaluation on {day} of {key}: the rates say {float(expected)}, the program {float(amount)}"


def _between(first: str, last: str) -> Iterator[str]:
    """All months from one to another."""
    year, month = map(int, first.split("-"))
    while f"{year:04}-{month:02}" <= last:
        yield f"{year:04}-{month:02}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _key(posting: Posting) -> Key:
    partner = posting.meta.get("partner", "")
    return posting.account, partner, posting.meta.get("document", "") if partner else ""


def _differences(company: Company, postings: list[Posting], day: dt.date) -> dict[Key, Fraction]:
    foreign: defaultdict[tuple[Key, str], Fraction] = defaultdict(Fraction)
    booked: defaultdict[tuple[Key, str], Fraction] = defaultdict(Fraction)
    for one in postings:
        if one.role in MONEY and "foreign" in one.meta:
            number, currency = one.meta["foreign"].split()
            foreign[_key(one), currency] += Fraction(number)
            booked[_key(one), currency] += one.amount
    sums: defaultdict[Key, Fraction] = defaultdict(Fraction)
    for (key, currency), amount in foreign.items():
        rates = [
            rate.rate
            for rate in sorted(company.rates, key=lambda one: one.date)
            if rate.currency == currency and rate.date <= day
        ]
        if rates:
            sums[key] += half_up(amount * rates[-1], company.decimals) - booked[key, currency]
    return {key: amount for key, amount in sums.items() if amount}
