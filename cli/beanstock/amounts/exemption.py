"""Sales tax that need not be paid where the sales of a period stay below a limit (小规模纳税人免征增值税).

All sales of the period count towards the limit, net of tax. Below it, the tax of those is let off that were not invoiced
with a special invoice (专票), whose buyer deducts it; above it, the whole is owed. A cash discount on a sale whose tax was let
off takes no tax back, whatever the policy `discount_tax` says: nothing was paid of it.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from beanstock.amounts.tax_lines import OUTPUT, tax_items
from beanstock.amounts.taxes import Exemption
from beanstock.model import ZERO, Document, Line
from beanstock.records.kinds import Kinds

SPECIAL = "special"
Key = tuple[Decimal, str]  # rate and name of a tax


class Exemptions:
    """Follows the sales of each tax period, `month` or `quarter`, and lets the tax off at its end."""

    def __init__(self, limits: tuple[Exemption, ...], period: str, unit: Decimal, kinds: Kinds) -> None:
        self.limits = limits
        self.months = 3 if period == "quarter" else 1
        self.unit = unit
        self.kinds = kinds
        self.sales: dict[dt.date, Decimal] = {}  # net sales by the last month of a period, given as its first day
        self.let_off: set[dt.date] = set()  # periods whose tax was not owed
        self.taxed: dict[dt.date, dict[Key, list[Decimal]]] = {}  # base and tax that may be let off

    def _period(self, day: dt.date) -> dt.date:
        """The last month of a day's period."""
        return day.replace(month=-(-day.month // self.months) * self.months, day=1)

    def note(self, documents: list[Document], month: dt.date) -> None:
        """Add a month's sales; what belongs to an earlier period comes too late for it and counts in this one."""
        if not self.limits:
            return
        for document in documents:
            self._keep_tax(document)
            for box, line, base, tax in tax_items(document, self.kinds, self.unit):
                if box != OUTPUT:
                    continue
                day = document.get("supply_date") or document.get("tax_date") or document.date
                period = max(self._period(day), self._period(month))
                self.sales[period] = self.sales.get(period, ZERO) + base
                if tax and line.document.get("invoice_type") != SPECIAL:  # of a discount, what it was given on
                    sums = self.taxed.setdefault(period, {}).setdefault((line.tax_rate, line.tax_name), [ZERO, ZERO])
                    sums[0] += base
                    sums[1] += tax

    def _keep_tax(self, document: Document) -> None:
        """A discount's tax stays in it where the tax of its sale was let off in an earlier period."""
        owed = [one for one in document.discounts if not self._was_let_off(one[0])]
        if len(owed) < len(document.discounts):
            document.discounts = owed
            document.discount_tax = sum((tax for _, _, tax in owed), ZERO)

    def _was_let_off(self, sale: Document) -> bool:
        if self.kinds.documents[sale.kind].tax != "output" or sale.get("invoice_type") == SPECIAL:
            return False
        day = sale.get("supply_date") or sale.get("tax_date") or sale.date
        return max(self._period(day), self._period(sale.date)) in self.let_off

    def period_end(self, into: Document, month: dt.date) -> None:
        """Put what is let off into a document of the last day of a period, by rate; nothing above the limit."""
        if self._period(month) != month:
            return
        sales, taxed = self.sales.pop(month, ZERO), self.taxed.pop(month, {})
        limit = next((one.limit(self.months) for one in self.limits if one.holds(into.date)), None)
        if limit is None or sales > limit or sum((tax for _, tax in taxed.values()), ZERO) <= 0:
            return
        self.let_off.add(month)
        for (rate, name), (base, tax) in sorted(taxed.items()):
            line = Line(into, 0)
            line.index, line.tax_rate, line.tax_name = len(into.lines) + 1, rate, name
            line.net, line.tax = base, tax
            into.lines.append(line)
