"""The figures of a period's end that a closed period promises, and the proof that the ledger still has them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from beanstock.amounts.foreign import in_currencies
from beanstock.ledger.closed import Period, read_closed
from beanstock.ledger.query import FIRST, Ledger
from beanstock.ledger.text import number
from beanstock.problems import Place, Problem, problem


def put_figures(period: Period, ledger: Ledger) -> None:
    """Trial balance, foreign money, stock by item and place, and open items at a period's end, written into it."""
    end = period.end.isoformat()
    period.trial_balance = {account: f"{amount:f}" for account, amount in sorted(ledger.balances(end).items())}
    period.stock = {}
    for one in ledger.moves(FIRST, end):
        place = f"{one.item} in {one.warehouse}{f', lot {one.lot}' if one.lot else ''}"
        period.stock[place] = f"{number(one.qty)} worth {one.value:f}"
    period.open_items = {}
    for role in ledger.open_roles():
        foreign = ledger.open_foreign(role, end)
        for item in ledger.open_items(role, end):
            also = in_currencies(foreign.get((item.partner, item.document), {}))
            period.open_items[f"{role} {item.partner} {item.document}"] = f"{item.open:f}{also and f' ({also})'}"
    period.foreign_money = {account: in_currencies(sums) for account, sums in ledger.foreign_money(end).items()}


def check_closed(folder: Path, ledger: Ledger) -> list[Problem]:
    """The ledger has the figures that each closed period promised. Problems: closed-differs, closed-tampered."""
    periods, problems = read_closed(folder)
    for period in periods:
        now = Period(period.period)
        put_figures(now, ledger)
        for what in ("trial_balance", "foreign_money", "stock", "open_items"):
            problems += _differs(period.period, what, getattr(period, what), getattr(now, what))
    return problems


def _differs(period: str, what: str, promised: Mapping[str, str], found: Mapping[str, str]) -> list[Problem]:
    place = Place(f"ledgers/closed/{period}.yaml")
    words = what.replace("_", " ")
    return [
        problem(
            "closed-differs",
            place,
            period=period,
            what=f"{words}: {key} =",
            promised=promised.get(key, "nothing"),
            found=found.get(key, "nothing"),
        )
        for key in sorted({*promised, *found})
        if promised.get(key) != found.get(key)
    ]
