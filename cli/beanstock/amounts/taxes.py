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
    """A tax's percentage in force on the days from `start` to `end`, both included; None is open."""

    percent: Decimal
    start: dt.date | None = None
    end: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Tax:
    """A tax of the pack. `any_rate`: percentages need not be listed. `recoverable`: input tax is no cost."""

    name: str
    rates: tuple[Rate, ...] = ()
    any_rate: bool = False
    recoverable: bool = True
    reverse: bool = False  # the buyer owes it, and recovers it at once


@dataclass(frozen=True)
class Taxes:
    """The taxes of a pack; `usual` is the one that a bare percentage means, `default` applies where nothing is named."""

    by_name: dict[str, Tax] = field(default_factory=dict)
    usual: str = ""
    default: str = ""
    words: dict[str, str] = field(default_factory=dict)

    def find(self, cell: str, day: dt.date) -> tuple[Tax, Decimal | None]:
        """The tax and percentage that a cell means on a day; no percentage where the line must give an amount.

        Raises TaxFault with the reason where there is none.
        """
        word = self.words.get(cell, cell)
        match = _PERCENT.fullmatch(word)
        if match:
            percent = Decimal(match[1])
            tax = self.by_name.get(self.usual) or Tax(self.usual)
            if percent == 0 or tax.any_rate or any(rate.percent == percent and rate.holds(day) for rate in tax.rates):
                return tax, percent
            in_force = ", ".join(f"{rate.percent.normalize():f}%" for rate in tax.rates if rate.holds(day)) or "none"
            raise TaxFault(f"`{tax.name}` has no rate of {word} on {day}; in force: {in_force}.")
        name, _, rest = word.partition(" ")
        found = self.by_name.get(word) or self.by_name.get(name)
        if found is None:
            raise TaxFault(
                "It is neither a percentage nor a tax that taxes.yaml declares.", suggest(word, self.by_name)
            )
        match = _PERCENT.fullmatch(rest)
        if match:
            return found, Decimal(match[1])
        rates = [rate.percent for rate in found.rates if rate.holds(day)]
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
