"""Posting folds over the months: each takes the state of the one before it, and gives its vouchers.

A month is the stock's moves, what the month makes by itself, the vouchers of both, and, when it is finished, its closing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import groupby

from beanstock.amounts.on_stock import tax_on_stock
from beanstock.commands.compute import Run
from beanstock.commands.month import (
    COSTS,
    cost_of,
    cost_transfers,
    first_day,
    last_day,
    made_document,
    months_between,
)
from beanstock.ledger.manual import read_manual
from beanstock.ledger.text import month_name
from beanstock.model import ZERO, Document, Line
from beanstock.records.expand import is_standard_cost
from beanstock.records.people import assign_people
from beanstock.rulebook.closings import KIND
from beanstock.stock.pooling import shared_pools
from beanstock.voucher import Voucher
from beanstock.vouchers.write import write_vouchers


def post_month(month: str, documents: list[Document], run: Run, *, finished: bool, begun: bool) -> list[Voucher]:
    """One step of the fold: the month's stock moves, then its vouchers. The state moves on.

    A month has not begun where nothing happened in it or later, and only standard costs are known ahead.
    """
    state, kinds = run.state, run.rulebook.kinds
    opening = made_document("estimates", first_day(month), kinds, first=True)
    if begun:
        state.estimates.month_start(opening)
    run.stages.begin("stock", month)
    periodic = run.assets.documents(month, kinds, finished=finished)
    assign_people(periodic, run.records.masters)
    pools = made_document("cost-pools", last_day(month), kinds)
    share_costs([*documents, *periodic], pools, run)
    run.problems += state.stock.replay(documents)
    tax_on_stock(documents, run.unit)
    state.estimates.note(documents)
    run.problems += state.pending.note(documents)
    state.exemptions.note(documents, first_day(month))
    made = [opening, *periodic, pools, *_month_end(month, documents, run, finished=finished)]
    made = [one for one in made if one.estimates or one.corrections or one.costs or one.lines]
    run.made += made
    run.stages.begin("vouchers", month)
    posted = sorted([*documents, *made], key=lambda document: document.key) if made else documents
    vouchers, found = write_vouchers(posted, run.rulebook)
    run.problems += found
    vouchers[:0] = run.state.closer.begin()
    if KIND not in run.rulebook.rules or run.failed:
        return vouchers
    run.balances.add(month, vouchers)
    if finished:
        closings, closed, found = run.state.closer.close(last_day(month))
        run.made += closings
        run.problems += found
        vouchers += closed
    return vouchers


def _month_end(month: str, documents: list[Document], run: Run, *, finished: bool) -> list[Document]:
    """What a month makes of itself; differences from standard costs are shared out as if an unfinished one ended now."""
    kinds, day = run.rulebook.kinds, last_day(month)
    variances = made_document("cost-variances", day, kinds)
    run.state.stock.end_month(variances)
    if not finished:
        return [variances]
    transfers, estimates = (made_document(kind, day, kinds) for kind in ("cost-transfers", "estimates"))
    perpetual = run.books.policy("inventory_system") == "perpetual"
    if perpetual and run.books.policy("cost_of_sales") == "month-end":
        cost_transfers(documents, transfers)
    run.state.estimates.month_end(estimates)
    exempted = made_document("tax-exemptions", day, kinds)
    run.state.exemptions.period_end(exempted, first_day(month))
    return [variances, transfers, estimates, exempted]


def share_costs(documents: list[Document], pools: Document, run: Run) -> None:
    """Costs of jobs that come from elsewhere than the stock, and the month's cost pools, which become lines of `pools`."""
    stock = run.state.stock
    amounts: dict[str, Decimal] = {}
    for document in documents:
        if document.kind in COSTS:
            for line in document.lines:
                extra = line.extra or {}
                job, pool = extra.get("job"), extra.get("cost_pool")
                if job and document.kind != "bills":  # those come on their day
                    stock.jobs[job] = stock.jobs.get(job, ZERO) + cost_of(line)
                elif pool and not job:
                    amounts[pool] = amounts.get(pool, ZERO) + cost_of(line)
    key = run.books.policy("cost_pool_key")
    for (pool, job), amount in shared_pools(stock, documents, amounts, key).items():
        stock.pooled[job] = stock.pooled.get(job, ZERO) + amount
        line = Line(pools, 0)
        line.index, line.amount, line.extra = len(pools.lines) + 1, amount, {"job": job, "cost_pool": pool}
        pools.lines.append(line)


def by_month(vouchers: Iterable[Voucher]) -> dict[str, list[Voucher]]:
    """Vouchers by their months."""
    found: dict[str, list[Voucher]] = {}
    for voucher in vouchers:
        found.setdefault(month_name(voucher.date), []).append(voucher)
    return found


def _first_day(run: Run, manual: Iterable[Voucher]) -> dt.date | None:
    """The day on which the books begin; None where they are empty.

    Assets begin before the records where nothing can hold what they lost by then: neither opening records nor manual
    vouchers that stand before them.
    """
    days = [document.date for document in run.records.documents[:1]]
    by_hand = [voucher.date for voucher in manual]
    opened = run.assets.opened or any(not days or day <= days[0] for day in by_hand)
    days += by_hand
    if days and run.assets.oldest is not None and not opened:
        days.append(run.assets.oldest)
    return min(days, default=None)


def fold(run: Run, before: Callable[[str], list[Voucher]] | None = None) -> Iterator[tuple[str, list[Voucher]]]:
    """The vouchers of each month in turn; problems are added to the run's.

    A month is finished when a later one begins, or when it is closed. Manual vouchers, and those that `before` gives
    before a month is posted, count in the balances that closing rules see.
    """
    documents = run.records.documents
    written = read_manual(run.books.ledgers, run.rulebook.accounts, run.books.currency)[0]
    manual, first = by_month(written), _first_day(run, written)
    if first is None:
        return
    if run.carried is not None:
        first = run.carried.end + dt.timedelta(days=1)
        documents = [document for document in documents if document.date >= first]
    own = {month: list(group) for month, group in groupby(documents, key=lambda one: month_name(one.date))}
    last = max((month for month, several in own.items() if not all(map(is_standard_cost, several))), default="")
    end = documents[-1].date if documents else first
    if run.finished:
        end = max(end, last_day(run.finished))
    for month in months_between(first, end):
        run.balances.add(month, [*manual.get(month, []), *(before(month) if before else [])])
        finished = month < last or month <= run.finished
        begun = finished or month <= last
        vouchers = post_month(month, own.get(month, []), run, finished=finished, begun=begun)
        run.stages.begin("text")
        if vouchers or month in own:
            yield month, vouchers
    back = run.state.closer.begin()
    if back:  # nothing follows, and what is late may stand beside it
        month = month_name(back[0].date)
        run.balances.add(month, [*back, *(before(month) if before else [])])
        yield month, back
