"""Laws of the pools: value is conserved to the last cent, zero quantity means zero value, whatever the order."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanstock.model import Document, Line, Warehouse
from beanstock.records.kinds import Kinds
from beanstock.stock.costing import Costing
from beanstock.stock.layers import Issued, Layer, total
from beanstock.stock.planned import PlannedPool
from beanstock.stock.pools import AveragePool, LayerPool, Pool, StandardPool
from beanstock.stock.replay import Replay

CENT = Decimal("0.01")
MAKERS: list[Callable[[], Pool]] = [lambda: AveragePool(CENT), lambda: LayerPool(CENT, keeps_history=True)]
quantities = st.decimals(min_value="0.000001", max_value="1000", places=6)
values = st.decimals(min_value="0", max_value="100000", places=2)


@pytest.mark.parametrize("make", MAKERS)
@given(steps=st.lists(st.tuples(st.booleans(), quantities, values), max_size=30))
def test_value_is_conserved(make: Callable[[], Pool], steps: list[tuple[bool, Decimal, Decimal]]) -> None:
    pool = make()
    received = issued = Decimal(0)
    for incoming, qty, value in steps:
        if incoming:
            pool.receive([Layer(qty, value, None)])
            received += value
        elif pool.qty:
            issued += total(pool.issue(min(qty, pool.qty)))
        assert pool.value == received - issued
        assert pool.value >= 0
        if not pool.qty:
            assert pool.value == 0


@pytest.mark.parametrize(
    "make", [*MAKERS, lambda: StandardPool(CENT, Decimal("1.37")), lambda: PlannedPool(CENT, CENT)]
)
def test_a_twin_goes_the_same_way_by_itself(make: Callable[[], Pool]) -> None:
    pool = make()
    line = Line(Document("receipts", "", 0), 0)
    pool.receive([Layer(Decimal(3), Decimal(10), line)])
    pool.issue(Decimal(1), line)
    twin = pool.twin()
    outcomes = []
    for one in (pool, twin):
        pool.receive([])  # the other one stays where it is
        one.receive([Layer(Decimal(2), Decimal(9), line)])
        issued = total(one.issue(Decimal(3), line))
        outcomes.append((issued, one.qty, one.value, total(one.undo(Decimal(4))), one.cost_of(Decimal(1))))
    assert outcomes[0] == outcomes[1]


OF_ONE_REPLAY = {"problems", "notes", "differences", "late"}  # begun anew by each
UNCHANGED = {"methods", "returned", "undone", "in_process"}  # what no replay changes


def test_a_stock_on_trial_has_all_that_is_held_and_shares_nothing_that_changes() -> None:
    stock = Replay(Costing(CENT), Kinds({}, {}, {}, {}, 0), Warehouse("main"), ())
    line, pool, layer = Line(Document("receipts", "", 0), 0), AveragePool(CENT), Layer(Decimal(1), Decimal(2), None)
    held = [name for name in dir(stock) if isinstance(getattr(stock, name), (dict, set, list)) and name[0] != "_"]
    filled: dict[str, Any] = {"pools": {(None, None, ""): pool}, "debts": {pool: [layer]}, "arrivals": {pool: [line]}}
    filled |= {"issued": {line: Issued([layer], CENT)}}
    filled |= {name: {line: layer} for name in ("originals", "waiting", "invoiced_ahead", "costs")}
    for name in {*held} - OF_ONE_REPLAY - UNCHANGED:
        container = getattr(stock, name)
        container.update(filled.get(name, {line: CENT} if isinstance(container, dict) else {line}))
    twin = stock.twin()
    for name in held:
        here, there = getattr(stock, name), getattr(twin, name)
        assert (there is here) == (name in UNCHANGED), name
        assert len(there) == (0 if name in OF_ONE_REPLAY else len(here)), name


@pytest.mark.parametrize("make", MAKERS)
def test_emptying_takes_the_rest(make: Callable[[], Pool]) -> None:
    pool = make()
    pool.receive([Layer(Decimal(3), Decimal("10.00"), None)])
    taken = [total(pool.issue(Decimal(1))) for _ in range(3)]
    assert taken == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]
    assert sum(taken) == Decimal("10.00")


def test_half_goes_away_from_zero() -> None:
    pool = AveragePool(CENT)
    pool.receive([Layer(Decimal(2), Decimal("0.01"), None)])
    assert total(pool.issue(Decimal(1))) == CENT


def test_the_last_cost_of_an_empty_pool() -> None:
    pool = AveragePool(CENT)
    assert pool.cost_of(Decimal(1)) is None
    pool.receive([Layer(Decimal(4), Decimal(10), None)])
    pool.issue(Decimal(4))
    assert pool.cost_of(Decimal(2)) == Decimal("5.00")


def test_layers_leave_in_order_and_a_return_joins_the_end() -> None:
    pool = LayerPool(CENT, keeps_history=True)
    for price in (10, 20, 30):
        pool.receive([Layer(Decimal(2), Decimal(2 * price), None)])
    out = pool.issue(Decimal(3))
    assert total(out) == 40
    pool.receive(out)
    assert total(pool.issue(Decimal(3))) == 80


def test_undoing_the_newest_issues() -> None:
    pool = LayerPool(CENT, keeps_history=True)
    for price in (10, 20):
        pool.receive([Layer(Decimal(2), Decimal(2 * price), None)])
    pool.issue(Decimal(1))
    pool.issue(Decimal(2))
    assert [layer.value for layer in pool.undo(Decimal(2))] == [Decimal(20), Decimal(10)]
    assert [layer.value for layer in pool.undo(Decimal(5))] == [Decimal(10)]


@given(
    layers=st.lists(st.tuples(quantities, values), min_size=1, max_size=4),
    shares=st.lists(st.fractions(min_value=0, max_value=1), max_size=4),
)
def test_partial_returns_take_all_in_the_end(layers: list[tuple[Decimal, Decimal]], shares: list[Fraction]) -> None:
    issued = Issued([Layer(qty, value, None) for qty, value in layers], CENT)
    whole = sum((qty for qty, _ in layers), Decimal(0))
    back = Decimal(0)
    left = whole
    for share in shares:
        qty = (left * share.numerator / share.denominator).quantize(Decimal("0.000001"))
        if 0 < qty < left:
            taken = issued.take(qty)
            assert sum(layer.qty for layer in taken) == qty
            back += total(taken)
            left -= qty
    back += total(issued.take(left))
    assert back == sum(value for _, value in layers)


def test_a_correction_is_spread_by_value() -> None:
    pool = LayerPool(CENT, keeps_history=False)
    pool.receive([Layer(Decimal(1), Decimal(10), None), Layer(Decimal(1), Decimal(20), None)])
    pool.correct(Decimal("1.00"), None)
    assert [layer.value for layer in pool.layers] == [Decimal("10.33"), Decimal("20.67")]


def test_cents_of_a_partial_return_follow_the_running_sum() -> None:
    """Three layers of 0.01 each: of one third, which is 0.01, the steps are 0.00 (0.0033), 0.01 (0.0067) and 0.00."""
    issued = Issued([Layer(Decimal(1), CENT, None) for _ in range(3)], CENT)
    back = issued.take(Decimal(1))
    assert [layer.qty for layer in back] == [Decimal("0.333333"), Decimal("0.333334"), Decimal("0.333333")]
    assert [layer.value for layer in back] == [Decimal(0), CENT, Decimal(0)]


def test_the_last_cost_of_layers_is_that_of_the_newest() -> None:
    """Last in, first out: 10 at 5.00, then 10 at 8.00; when all have left, the last known cost is 8.00, and not 5.00."""
    pool = LayerPool(CENT, keeps_history=True, newest_first=True)
    for price in (5, 8):
        pool.receive([Layer(Decimal(10), Decimal(10 * price), None)])
    assert pool.cost_of(Decimal(1)) == Decimal("8.00")
    pool.issue(Decimal(20))
    assert pool.cost_of(Decimal(1)) == Decimal("8.00")
