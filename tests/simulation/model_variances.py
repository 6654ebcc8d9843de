"""The model's month ends of planned goods: what issues cost beyond the plan goes where their cost went."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from fractions import Fraction

from .model_events import Undecided
from .model_goods import Goods
from .model_making import Making
from .model_planned import Leaving, PlannedPool
from .model_prices import ZERO
from .papers import Company, Document, Scope

Post = Callable[[Document, str, Fraction], None]
Month = tuple[int, int]


class Variances:
    """Shares out the differences of all planned pools, those first whose shares go into others."""

    def __init__(self, company: Company, goods: Goods, making: Making, post: Post) -> None:
        self.company = company
        self.goods = goods
        self.making = making
        self.post = post

    def end(self, month: Month) -> None:
        day = dt.date(*month, calendar.monthrange(*month)[1])
        document = Document("cost-variances", day.isoformat(), day)
        waiting = {scope: pool for scope, pool in self.goods.pools.items() if isinstance(pool, PlannedPool)}
        feeds = {scope: self._fed(pool) for scope, pool in waiting.items()}
        while waiting:
            ready = [scope for scope in waiting if not any(scope in feeds[other] for other in waiting)]
            if not ready:
                if not any(pool.kept for pool in waiting.values()):
                    ready = list(waiting)
                else:
                    raise Undecided("planned goods that are made of each other within a month")
            for scope in ready:
                self._share_out(document, scope, waiting.pop(scope))

    def _fed(self, pool: PlannedPool) -> set[Scope]:
        """The pools into which what left this one went."""
        fed: set[Scope] = set()
        for one in pool.month:
            if one.document.kind == "transfers":
                fed.add(self.company.scope(one.line.item, one.document.to, one.line.lot))
            elif one.document.kind == "productions":
                made = self.making.outputs_of(one.document)
                outputs = [line for line in made.lines if line.part == "output"]
                fed |= {self.company.scope(line.item, made.place(line), line.lot) for line in outputs}
        return fed

    def _share_out(self, document: Document, scope: Scope, pool: PlannedPool) -> None:
        for one, share in pool.share_out():
            if share:
                self.goods.moved(document, one.line.item, one.place, one.line.lot, ZERO, -share)
                self._follow(document, one, share)
        if pool.kept and not pool.there:  # what came too late for goods that were all gone before
            rest, pool.kept = pool.kept, ZERO
            role = "price-difference" if self.company.policy("sold_share") == "variance" else "cost-of-sales"
            self.goods.moved(document, scope[0], scope[1] or "main", scope[2], ZERO, -rest)
            self.post(document, role, rest)

    def _follow(self, document: Document, one: Leaving, share: Fraction) -> None:
        """The share of an issue goes where its cost went."""
        if one.document.kind == "transfers":
            target = self.goods.pool(one.line.item, one.document.to, one.line.lot)
            assert isinstance(target, PlannedPool)
            target.kept += share
            self.goods.moved(document, one.line.item, one.document.to, one.line.lot, ZERO, share)
        elif one.document.kind == "productions":
            self.making.adjust(document, one.document, share)
        else:
            self.post(document, self.goods.follow(one.document, one.line, share), share)
