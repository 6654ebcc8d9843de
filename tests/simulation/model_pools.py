"""The model's cost pools: what a month spent for all of its production, shared over its jobs.

What a share is depends on what material costs, and that on the months before; so the books are made once without the
month's pools, and again with what came out.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from fractions import Fraction

from .model_events import Undecided, gives_back
from .model_goods import Move
from .model_journals import written
from .model_prices import ZERO, Priced, base_qty, half_up
from .model_purchases import LineKey
from .model_spending import spent
from .papers import Company, Document

Post = Callable[[Document, str, Fraction], None]
Month = tuple[int, int]
PoolShares = dict[Month, dict[tuple[str, str], Fraction]]  # by month, pool and job


def month_of(document: Document) -> Month:
    return document.date.year, document.date.month


def job_of(document: Document) -> str:
    return document.job or document.reference


def months_with_pools(company: Company) -> list[Month]:
    months = {month_of(one) for one in written(company) if any(line.cost_pool or line.gross for line in one.lines)}
    return sorted(months)


def shared_pools(
    company: Company, month: Month, priced: Mapping[LineKey, Priced], moves: list[Move]
) -> dict[tuple[str, str], Fraction]:
    """Rounded half up, in the order of names; the last job takes the rest."""
    amounts: defaultdict[str, Fraction] = defaultdict(Fraction)
    within = [one for one in written(company) if month_of(one) == month]
    for document in within:
        for each in spent(company, document, priced):
            if each.pool:
                amounts[each.pool] += each.cost
    made = [one for one in within if one.kind == "productions" and not one.supplier]
    made = [one for one in made if one.job] or made
    if not made or not any(amounts.values()):
        return {}
    weights = _weights(company, made, moves)
    whole = sum(weights.values(), ZERO)
    if not whole:
        raise Undecided("pools for jobs that weigh nothing")
    shares: dict[tuple[str, str], Fraction] = {}
    for pool, amount in amounts.items():
        jobs = sorted(weights)
        for job in jobs[:-1]:
            shares[pool, job] = half_up(amount * weights[job] / whole, company.decimals)
        shares[pool, jobs[-1]] = amount - sum((shares[pool, job] for job in jobs[:-1]), ZERO)
    return shares


def _weights(company: Company, made: list[Document], moves: list[Move]) -> dict[str, Fraction]:
    """What each job took of material, or where that is nothing, or not the key, what it put out."""
    material, output = dict[str, Fraction](), dict[str, Fraction]()
    for document in made:
        job = job_of(document)
        taken = -sum((one.value for one in moves if one.document == document.reference and one.qty < 0), ZERO)
        back = gives_back(company, document)
        outputs = [one for place, one in enumerate(document.lines) if one.part == "output" and place not in back]
        put = sum((base_qty(company, line) for line in outputs), ZERO)
        material[job] = material.get(job, ZERO) + taken
        output[job] = output.get(job, ZERO) + put
    return material if company.policy("cost_pool_key") == "material" and any(material.values()) else output


def given_to_jobs(month: Month, shares: dict[tuple[str, str], Fraction], post: Post) -> None:
    """The month's end: overhead becomes work in process."""
    day = dt.date(*month, calendar.monthrange(*month)[1])
    document = Document("cost-pools", day.isoformat(), day)
    for share in shares.values():
        post(document, "work-in-process", share)
        post(document, "overhead", -share)
