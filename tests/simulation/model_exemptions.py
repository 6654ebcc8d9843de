"""The model's small-scale taxpayers (小规模纳税人): tax of a period's sales that need not be paid below a limit."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction

from .papers import Company, Document

LIMITS = {1: 100_000, 3: 300_000}  # net sales of a month or quarter, from 2023 to 2027
SOLD = ("invoices", "sales")
Post = Callable[[Document, str, Fraction], None]


class Exemptions:
    """Net sales by period, the tax among them that a period's end may let off, and the periods that did.

    A period is named by its last day.
    """

    def __init__(self, company: Company, last: dt.date, post: Post) -> None:
        self.company = company
        self.last = last  # the day of the last document: a period that ends before it is over
        self.post = post
        self.months = 1 if company.tax_period == "month" else 3
        self.sales: defaultdict[dt.date, Fraction] = defaultdict(Fraction)
        self.taxed: defaultdict[dt.date, Fraction] = defaultdict(Fraction)
        self.let_off: set[dt.date] = set()

    def sold(self, document: Document, net: Fraction, tax: Fraction, *, on: dt.date | None = None) -> None:
        """A sale; or, negative, what a discount on it of another day takes back."""
        if self.company.small and document.kind in SOLD:
            period = self._ends(on) if on else self._of(document)
            self.sales[period] += net
            if document.invoice_type != "special":
                self.taxed[period] += tax

    def missing(self, document: Document) -> Fraction:
        """What a sale may be worth at most so that its period's tax is let off."""
        return LIMITS[self.months] - self.sales[self._of(document)]

    def owes_nothing(self, target: Document) -> bool:
        """Whether the tax of a sale was let off before today."""
        return target.kind in SOLD and target.invoice_type != "special" and self._of(target) in self.let_off

    def end(self, before: dt.date) -> None:
        """Let the tax off of the periods that ended before a day."""
        for period in sorted(self.sales):
            over = period < before and period < self.last and period not in self.let_off
            if over and self.taxed[period] > 0 and self.sales[period] <= LIMITS[self.months]:
                self.let_off.add(period)
                document = Document("tax-exemptions", period.isoformat(), period)
                self.post(document, "output-tax", self.taxed[period])
                self.post(document, "tax-relief", -self.taxed[period])

    def _of(self, document: Document) -> dt.date:
        """The period of a sale: that of its supply, or where this is over when it is written, the running one."""
        return max(self._ends(document.supply_date or document.date), self._ends(document.date))

    def _ends(self, day: dt.date) -> dt.date:
        month = -(-day.month // self.months) * self.months
        return dt.date(day.year, month, calendar.monthrange(day.year, month)[1])
