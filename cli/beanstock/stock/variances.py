"""The month's end of planned goods: what issues cost beyond the plan goes where their cost went."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from beanstock.matching.outputs import given_back, made_of
from beanstock.model import Document, Item, Line
from beanstock.stock.late import LateCosts
from beanstock.stock.planned import Leaving, PlannedPool
from beanstock.stock.pools import Pool


class Variances(LateCosts):
    """Shares out what planned pools have kept, those first whose shares go into others."""

    def end_month(self, document: Document) -> None:
        """What the month's differences from standard costs put on its issues, as corrections of a document of its end."""
        planned = {pool: item for (item, _, _), pool in self.pools.items() if isinstance(pool, PlannedPool)}
        for pool in _givers_first({pool: list(self._takers(pool)) for pool in planned}):
            assert isinstance(pool, PlannedPool)
            for one, share in pool.share_out():
                if share:
                    self._charge(one, planned[pool], share, document)
        for (item, warehouse, lot), pool in self.pools.items():
            if isinstance(pool, PlannedPool) and pool.variance and not pool.qty:
                rest = pool.variance  # what came too late: everything had gone in earlier months
                pool.correct(-rest, None)
                line = Line(document, 0)
                line.item, line.warehouse, line.lot = item, warehouse or self.main, lot
                self.leave(document, line, item, -rest, self.costing.sold_role, line.warehouse)

    def _charge(self, one: Leaving, item: Item, share: Decimal, document: Document) -> None:
        transferred = one.by.document.kind == "transfers"
        self.correct(
            one.by, item, one.by, share, document, warehouse=one.by.document.get("from") if transferred else None
        )
        issued = self.issued.get(one.by)
        if issued is not None and issued.layers:
            issued.layers[-1].value += share

    def _takers(self, pool: PlannedPool) -> Iterator[Pool]:
        """The pools into which goes what left this one."""
        for one in pool.month:
            document = one.by.document
            if document.kind == "transfers" and one.by.item is not None:
                yield self.pool(one.by.item, document.get("to"), one.by.lot)
            elif document.kind == "productions":
                made = self.outputs_of(document)
                back = given_back(made)
                for line in made_of(made):
                    if line.item is not None and line not in back:
                        yield self.pool(line.item, self.warehouse(line), line.lot)


def _givers_first(takers: dict[Pool, list[Pool]]) -> list[Pool]:
    """Pools, each before those it gives to; in a circle the first goes first, and what it gets waits for the next month."""
    waiting = dict(takers)
    order: list[Pool] = []
    while waiting:
        taking = {id(taker) for several in waiting.values() for taker in several}
        ready = [pool for pool in waiting if id(pool) not in taking] or list(waiting)[:1]
        for pool in ready:
            del waiting[pool]
        order += ready
    return order
