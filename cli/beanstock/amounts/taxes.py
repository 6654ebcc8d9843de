"""Taxes as values: what a tax cell means on a day. The pack's taxes.yaml is read by rulebook, which makes these."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from decimal import Decimal

from beanstock.model import ZERO
from beanstock.problems import suggest

_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Rate:
    """A tax's percentage in force on the days from `start` to `end`, both included; None is open.

    With a `region` it is the rate of that place, as a partner's region names it.
    """

    percent: Decimal
    start: dt.date | None = None
    end: dt.date | None = None
    region: str = ""

    def holds(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Exemption:
    """Sales, net, of a month or quarter up to which their tax is let off, on the days from `start` to `end`."""

    month: Decimal
    quarter: Decimal
    start: dt.date | None = None
    end: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def limit(self, months: int) -> Decimal:
        """The limit of a period of one month or three."""
        return self.month if months == 1 else self.quarter


@dataclass(frozen=True)
class Tax:
    """A tax of the pack. `any_rate`: percentages need not be listed. `recoverable`: input tax is no cost."""

    name: str
    rates: tuple[Rate, ...] = ()
    any_rate: bool = False
    recoverable: bool = True
    reverse: bool = False  # the buyer owes it, and deducts it at once where it is recoverable

    def in_force(self, day: dt.date, region: str) -> list[Rate]:
        """The rates of a day: those of the region where there are any, else those that name no region."""
        rates = [rate for rate in self.rates if rate.holds(day)]
        return [rate for rate in rates if region and rate.region == region] or [
            rate for rate in rates if not rate.region
        ]


@dataclass(frozen=True)
class Taxes:
    """The taxes of a pack; `usual` is the one that a bare percentage means.

    Where nothing is named `default` applies to what is sold, and `default_bought` to items that are bought; what is
    booked straight on an account has only the tax that it names, because input tax stands on an invoice.
    """

    by_name: dict[str, Tax] = field(default_factory=dict)
    usual: str = ""
    default: str = ""
    default_bought: str = ""
    words: dict[str, str] = field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()

    def find(self, cell: str, day: dt.date, region: str = "") -> tuple[Tax, Decimal | None]:
        """The tax and percentage that a cell means on a day and at a place; no percentage where the line must give an amount.

        Raises TaxFault with the reason where there is none.
        """
        word = self.words.get(cell, cell)
        match = _PERCENT.fullmatch(word)
        if match:
            percent = Decimal(match[1])
            tax = self.by_name.get(self.usual) or Tax(self.usual)
            if percent == 0 or tax.any_rate or any(rate.percent == percent for rate in tax.in_force(day, region)):
                return tax, percent
            in_force = ", ".join(f"{rate.percent.normalize():f}%" for rate in tax.in_force(day, region)) or "none"
            raise TaxFault(f"`{tax.name}` has no rate of {word} on {day}; in force: {in_force}.")
        name, _, rest = word.partition(" ")
        name = self.words.get(name, name)
        found = self.by_name.get(word) or self.by_name.get(name)
        if found is None:
            raise TaxFault(
                "It is neither a percentage nor a tax that taxes.yaml declares.", suggest(word, self.by_name)
            )
        match = _PERCENT.fullmatch(rest)
        if match:
            return found, Decimal(match[1])
        rates = [rate.percent for rate in found.in_force(day, region)]
        if not rates and any(rate.region for rate in found.rates):
            place = f"the region `{region}`" if region else "a partner without a region"
            raise TaxFault(f"`{found.name}` has no rate for {place} on {day}.")
        if len(rates) > 1:
            raise TaxFault(f"`{found.name}` has {len(rates)} rates on {day}; write one of them as a percentage.")
        if not rates and found.rates:
            raise TaxFault(f"`{found.name}` is not in force on {day}.")
        return found, rates[0] if rates else None


class TaxFault(Exception):
    """A tax cell that means nothing on its day."""

    def __init__(self, why: str, suggestion: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.suggestion = suggestion


NO_TAX = (Tax("none"), ZERO)
