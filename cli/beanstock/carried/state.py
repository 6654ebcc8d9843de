"""The state at the end of the last closed month: stock, estimates, tax periods, balances, and what is taken back next.

What the stock remembers of single lines is kept with their documents, and comes back with those that are read again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from beanstock.amounts.exemption import Exemptions
from beanstock.carried.codec import Decoder, Encoder, Stale, name_of
from beanstock.ledger.limits import Totals
from beanstock.matching.dispositions import Pending
from beanstock.matching.estimates import Estimates
from beanstock.model import ZERO, Document, Line
from beanstock.stock.pools import LayerPool, Pool
from beanstock.stock.replay import Replay
from beanstock.vouchers.closing import Closer

# fields of the stock: those that go on as they are, by documents' names or by line, and those that documents and books give
WHOLE = ("on_hand", "pools", "debts", "arrivals", "pooled", "jobs", "standards", "below")
BY_NAME = ("finished",)
BY_LINE = ("issued", "originals", "waiting", "invoiced_ahead", "landed_late", "billed_late", "costs")
GIVEN = [
    "costing",
    "kinds",
    "main",
    "keys",
    "by_warehouse",
    "methods",
    "problems",
    "watched",
    "notes",
    "differences",
    "foreseen",
    "returned",
    "undone",
    "in_process",
    "has_monthly",
    "late",
    "remembers_all",
]
BALANCES = ("roles", "month", "before", "closed", "moved", "credits", "tracked", "foreign")
EXEMPTIONS = ("sales", "let_off", "taxed")
TOTALS = ("amount", "quantity", "roles")
_BOOKED = "productions"  # their moves are looked at by landed costs that come later


@dataclass
class State:
    """What posting carries from month to month: see `commands/fold.py`."""

    stock: Replay
    estimates: Estimates
    exemptions: Exemptions
    closer: Closer
    totals: Totals
    pending: Pending = field(default_factory=Pending)

    def simple(self) -> dict[str, tuple[Any, tuple[str, ...]]]:
        """Objects whose fields go on as they are, with the names of these fields."""
        return {
            "balances": (self.closer.balances, BALANCES),
            "exemptions": (self.exemptions, EXEMPTIONS),
            "totals": (self.totals, TOTALS),
        }


def form_of(state: State, encoder: Encoder) -> dict[str, Any]:
    """The state as JSON. Raises Stale."""
    found: dict[str, Any] = {"stock": _stock(state.stock, encoder)}
    for name, (of, fields) in state.simple().items():
        found[name] = {each: encoder.value(getattr(of, each)) for each in fields}
    found["estimates"] = encoder.value(state.estimates.open)
    found["pending"] = [[name_of(one), item.code, str(amount)] for (one, item), amount in state.pending.amounts.items()]
    found["finished"] = {job: name_of(one) for job, one in state.stock.finished.items()}
    found["reversals"] = encoder.value(state.closer.reversals)
    return found


def _stock(stock: Replay, encoder: Encoder) -> dict[str, Any]:
    """The whole of the stock: without the issues that unnamed returns may take back, and what came long before what is there."""
    twins: dict[Pool, Pool] = {pool: pool.twin() for pool in stock.pools.values()}
    for pool in twins.values():
        if isinstance(pool, LayerPool):
            pool.history = None
    whole: dict[str, Any] = {name: getattr(stock, name) for name in WHOLE}
    whole["pools"] = {key: twins[pool] for key, pool in stock.pools.items()}
    whole["debts"] = {twins[pool]: owed for pool, owed in stock.debts.items() if owed}
    whole["arrivals"] = {twins[pool]: _latest(arrived, pool.qty) for pool, arrived in stock.arrivals.items()}
    return {name: encoder.value(one) for name, one in whole.items()}


def _latest(arrived: list[tuple[Any, Line | None, Decimal]], qty: Decimal) -> list[tuple[Any, Line | None, Decimal]]:
    """The arrivals that what is there can have come by, the oldest units going first; older ones never count again."""
    kept = []
    there = ZERO
    for one in sorted(arrived, key=lambda one: one[0], reverse=True):
        if there >= qty:
            break
        kept.append(one)
        there += one[2]
    return kept[::-1]


def restore(form: dict[str, Any], state: State, decoder: Decoder) -> None:
    """Put it into a new state. Raises Stale."""
    for name in WHOLE:
        setattr(state.stock, name, decoder.value(form["stock"][name]))
    for name, (of, fields) in state.simple().items():
        for each in fields:
            setattr(of, each, decoder.value(form[name][each]))
    state.estimates.open = decoder.value(form["estimates"])
    for name, code, amount in form["pending"]:
        item, document = decoder.masters.items.get(code), decoder.documents.get(name)
        if item is not None and document is not None:  # what is not there is named by nothing
            state.pending.amounts[document, item] = Decimal(amount)
    known = {job: decoder.documents.get(name) for job, name in form["finished"].items()}  # others are named by nothing
    state.stock.finished = {job: one for job, one in known.items() if one is not None}
    state.closer.reversals = decoder.value(form["reversals"])
    unnamed = {item for item, _, _ in state.stock.pools if item in state.stock.undone}
    if any(isinstance(pool, LayerPool) for (item, _, _), pool in state.stock.pools.items() if item in unnamed):
        raise Stale("goods come back that name nothing, to layers of closed months")


def lines_of(stock: Replay, document: Document, encoder: Encoder) -> dict[str, Any]:
    """What the stock remembers of a document's lines, by line number; nothing of most. Raises Stale."""
    found: dict[str, Any] = {}
    if document.kind == _BOOKED:
        found["moves"] = [[line.index, encoder.value(line.moves)] for line in document.lines if line.moves]
    for name in BY_LINE:
        of: dict[Line, Any] = getattr(stock, name)
        kept = [[line.index, encoder.value(of[line])] for line in document.lines if line in of]
        if kept:
            found[name] = kept
    return found


def remember(form: dict[str, Any], stock: Replay, document: Document, decoder: Decoder) -> None:
    """Put back what the stock remembers of a document's lines. Raises Stale."""
    lines = {line.index: line for line in document.lines}
    for name, kept in form.items():
        for index, one in kept:
            if index not in lines:
                raise Stale(f"{document.reference} has no line {index}")
            if name == "moves":
                lines[index].moves = decoder.value(one)
            else:
                getattr(stock, name)[lines[index]] = decoder.value(one)


def bound_lines(state: State) -> Iterable[Line]:
    """Lines of whose documents later months need more than their name: what is owed to the stock, and what is unbilled."""
    for owed in state.stock.debts.values():
        yield from (layer.line for layer in owed if layer.line is not None)
    for several in state.estimates.open.values():
        yield from (one.line for one in several)
