"""The documents that fixed assets make: a month's depreciation, and disposals on their day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from beanstock.amounts.depreciation import age, depreciated, used_up
from beanstock.commands.month import first_day, last_day, made_document
from beanstock.masters import Asset
from beanstock.model import ZERO, Document, Line, Masters
from beanstock.records.kinds import Kinds


class Assets:
    """Fixed assets of one company; `begins` is the day of its opening balances, which hold all months before."""

    def __init__(self, masters: Masters, documents: list[Document], unit: Decimal, *, from_next_month: bool) -> None:
        self.assets = sorted(masters.assets.values(), key=lambda asset: asset.code)
        self.unit = unit
        self.from_next_month = from_next_month
        openings = [document.date for document in documents if document.kind == "opening-balances"]
        self.begins = min(openings, default=dt.date.min)
        self.opened = any(document.kind in ("opening-stock", "opening-balances") for document in documents)
        self.oldest = min((asset.date for asset in self.assets), default=None)

    def documents(self, month: str, kinds: Kinds, *, finished: bool) -> list[Document]:
        """Depreciation of a month on its last day, when it is finished, and the disposals in it."""
        if not self.assets or last_day(month) <= self.begins:
            return []
        depreciation = made_document("depreciations", last_day(month), kinds)
        made: list[Document] = []
        for asset in self.assets:
            here = asset.disposed is not None and first_day(month) <= asset.disposed <= last_day(month)
            amount = self._of_month(asset, month)
            if amount and (finished or here):
                line = _line(depreciation, asset)
                line.account, line.amount = asset.account, amount
            if here:
                made.append(self._disposal(asset, kinds))
        return [*([depreciation] if depreciation.lines else []), *made]

    def _lost(self, asset: Asset, day: dt.date) -> Decimal:
        """All that an asset has lost at the end of a day's month; not in the month it goes, where months count at once.

        What it did in the month it goes counts, where it is depreciated by usage.
        """
        if asset.method == "units":
            last = min(day, asset.disposed) if asset.disposed is not None else day
            return used_up(asset, last.isoformat()[:7], self.unit)
        last = day
        if asset.disposed is not None and day >= asset.disposed.replace(day=1):
            last = asset.disposed
            if not self.from_next_month:
                last = asset.disposed.replace(day=1) - dt.timedelta(days=1)
        months = age(asset, last.year, last.month, from_next_month=self.from_next_month)
        return depreciated(asset, months, self.unit)

    def _of_month(self, asset: Asset, month: str) -> Decimal:
        before = first_day(month) - dt.timedelta(days=1)
        return self._lost(asset, last_day(month)) - self._lost(asset, before)

    def _disposal(self, asset: Asset, kinds: Kinds) -> Document:
        assert asset.disposed is not None
        document = made_document("disposals", asset.disposed, kinds)
        document.number = asset.code
        document.reference = f"disposals/{asset.code}"
        line = _line(document, asset)
        lost = self._lost(asset, asset.disposed)
        line.extra = {"cost": asset.cost, "proceeds": asset.proceeds or ZERO, "depreciated": lost}
        return document


def _line(document: Document, asset: Asset) -> Line:
    line = Line(document, 0)
    line.index = len(document.lines) + 1
    line.department = asset.department
    line.memo = asset.code
    document.lines.append(line)
    return line
