"""Whether the comparisons of statements' lines hold (`checks` in statements.yaml), for one fiscal year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from beanstock.ledger.query import Ledger
from beanstock.reports.cash_flow import gathered, lines_of
from beanstock.reports.indirect import indirect_lines
from beanstock.reports.placing import PROFIT_ROOTS, Balances, Placing, amounts
from beanstock.reports.statements import held, held_at_first
from beanstock.rulebook.comparisons import AT_LEAST, Comparison, Term
from beanstock.rulebook.statements import Statement

_ZERO = Decimal(0)


class Outcome(NamedTuple):
    """A comparison that does not hold: its statement, and what its sides are."""

    statement: str
    check: Comparison
    left: Decimal
    right: Decimal

    @property
    def doubtful(self) -> bool:
        """Whether it may be right all the same: parts are more than their whole where some of them are negative."""
        return self.check.operator == AT_LEAST


@dataclass
class Year:
    """The statements of a fiscal year up to a day, each made when a comparison asks for it."""

    ledger: Ledger
    statements: Mapping[str, Statement]
    start: str
    end: str

    def failing(self) -> list[Outcome]:
        """All comparisons that do not hold."""
        found = []
        for statement in self.statements.values():
            for check in statement.checks:
                left, right = self._sum(check.left), self._sum(check.right)
                if not (left >= right if check.operator == AT_LEAST else left == right):
                    found.append(Outcome(statement.name, check, left, right))
        return found

    def _sum(self, terms: tuple[Term, ...]) -> Decimal:
        return sum((one.sign * self._values(one.statement, one.at)[one.line] for one in terms), _ZERO)

    def _values(self, name: str, at: str) -> Mapping[str, Decimal]:
        makers: dict[tuple[str, str], Callable[[], Mapping[str, Decimal]]] = {
            ("balance-sheet", ""): lambda: self._sheet,
            ("balance-sheet", "opening"): lambda: self._opening,
            ("balance-sheet", "moved"): lambda: self._moved,
            ("income-statement", ""): lambda: self._income,
            ("cash-flow", ""): lambda: self._cash,
            ("cash-flow-indirect", ""): lambda: self._indirect,
        }
        return makers[name, at]()

    @cached_property
    def _sheet(self) -> Mapping[str, Decimal]:
        return amounts(self.statements["balance-sheet"], self.ledger.roles, held(self.ledger, self.end))

    @cached_property
    def _opening(self) -> Mapping[str, Decimal]:
        opening = held_at_first(self.ledger, self.start)
        return amounts(self.statements["balance-sheet"], self.ledger.roles, opening)

    @cached_property
    def _moved(self) -> Mapping[str, Decimal]:
        """What the accounts of each line changed by in the year, without the profit that was closed to them."""
        placing = Placing(self.statements["balance-sheet"], self.ledger.roles, held(self.ledger, self.end))
        after, before = self.ledger.balances(self.end), self.ledger.opening(self.start)
        change = [
            (account, "", after.get(account, _ZERO) - before.get(account, _ZERO))
            for account in sorted({*after, *before})
            if account.split(":", 1)[0] not in PROFIT_ROOTS
        ]
        whole = self.ledger.nets(self.start, self.end)
        open_ = self.ledger.nets(self.start, self.end, closing=False)
        closed = [
            (account, "", whole.get(account, _ZERO) - open_.get(account, _ZERO))
            for account in whole
            if account.split(":", 1)[0] in PROFIT_ROOTS
        ]
        return placing.placed([*change, *closed])

    @cached_property
    def _income(self) -> Mapping[str, Decimal]:
        nets = Balances(self.ledger.nets(self.start, self.end, closing=False))
        return amounts(self.statements["income-statement"], self.ledger.roles, nets)

    @cached_property
    def _cash(self) -> Mapping[str, Decimal]:
        form = self.statements["cash-flow"]
        return lines_of(self.ledger, form, gathered(self.ledger, form, self.start, self.end), self.start, self.end)

    @cached_property
    def _indirect(self) -> Mapping[str, Decimal]:
        forms = self.statements
        return indirect_lines(self.ledger, forms["cash-flow-indirect"], forms["cash-flow"], self.start, self.end)[0]
