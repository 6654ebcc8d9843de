"""Costs that belong to all production of a month: pools are shared over its jobs before their outputs are valued.

The key is the value of the material that each job took in the month, the quantity it put out, or the hours that its
productions state. What materials cost may itself depend on the shares of other jobs, so the month is first replayed on
trial, without any pool.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from beanstock.matching.outputs import given_back, made_of, part_of
from beanstock.model import ZERO, Document
from beanstock.stock.replay import Replay


def job_of(document: Document) -> str:
    """The order that a production belongs to: its job, else itself."""
    return str(document.get("job") or document.reference)


def shared_pools(
    replay: Replay, month: list[Document], pools: dict[str, Decimal], key: str
) -> dict[tuple[str, str], Decimal]:
    """What each pool gives to each job of the month, rounded half up; the last job takes the rest.

    Outside processing takes no share, and where any production names a job, what is put together or taken apart without
    one takes none. A month without production leaves the pools as they are. Where no material was taken, or no hours
    are stated, the quantity is the key.
    """
    made = [one for one in month if one.kind == "productions" and one.partner is None]
    made = [one for one in made if one.get("job")] or made
    if not made or not any(pools.values()):
        return {}
    if key == "material":
        weights = _material(replay, month, made)
    else:
        weights = _by_job(made, _hours if key == "hours" else _quantity)
    if not any(weights.values()):
        weights = _by_job(made, _quantity)
    whole = sum(weights.values(), ZERO)
    shares: dict[tuple[str, str], Decimal] = {}
    for pool, amount in sorted(pools.items()):
        rest = amount
        for position, (job, weight) in enumerate(sorted(weights.items())):
            share = rest
            if position < len(weights) - 1:
                share = (amount * weight / whole).quantize(replay.costing.unit, ROUND_HALF_UP) if whole else ZERO
            shares[pool, job] = share
            rest -= share
    return shares


def _by_job(made: list[Document], measure: Callable[[Document], Decimal]) -> dict[str, Decimal]:
    weights: dict[str, Decimal] = {}
    for document in made:
        weights[job_of(document)] = weights.get(job_of(document), ZERO) + measure(document)
    return weights


def _quantity(document: Document) -> Decimal:
    back = given_back(document)
    return sum((line.base_qty for line in made_of(document) if line not in back), ZERO)


def _hours(document: Document) -> Decimal:
    hours: Decimal = document.get("hours") or ZERO
    return hours


def _taken(document: Document) -> Decimal:
    return -sum((move.value for move in document.moves if part_of(move.line) == "input"), ZERO)


def _material(replay: Replay, month: list[Document], made: list[Document]) -> dict[str, Decimal]:
    lengths = {document: len(document.lines) for document in month}
    replay.twin().replay(month)
    weights = _by_job(made, _taken)
    for document in month:  # as if it had not been
        del document.lines[lengths[document] :]
        document.moves, document.corrections, document.sold, document.costs = [], [], [], []
        document.variance = ZERO
        for line in document.lines:
            line.moves = None
    return weights
