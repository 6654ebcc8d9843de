"""Which lines of a balance sheet or income statement take an amount.

An account is on one line, but for what its balance's side moves to another (a customer in credit is a liability), partner
by partner where the account is kept so. Lines that are parts of others show their share once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from beanstock.reports.accounts import below
from beanstock.rulebook.statements import Statement, StatementLine

_ZERO = Decimal(0)
PROFIT_ROOTS = ("Income", "Expenses")
Sums = Mapping[str, Decimal]  # by account, debit positive


@dataclass
class Balances:
    """Balances by account, and what of them is kept by partner."""

    accounts: Sums
    partners: Mapping[str, Sums] = field(default_factory=dict)

    def parcels(self) -> Iterator[tuple[str, str, Decimal]]:
        """Account, partner and amount: every account's balance, in one piece or one for each partner and the rest."""
        for account, balance in self.accounts.items():
            pieces = self.partners.get(account, {})
            yield from ((account, partner, amount) for partner, amount in pieces.items())
            yield account, "", balance - sum(pieces.values(), _ZERO)

    def below(self, prefix: str) -> Decimal:
        """What an account and those below it hold together."""
        return sum((balance for account, balance in self.accounts.items() if below(account, prefix)), _ZERO)


def line_of(account: str, role: str, statement: Statement) -> StatementLine | None:
    """The one line an account belongs to: by its role, else by the longest beginning of its name."""
    best: StatementLine | None = None
    longest = -1
    for line in statement.lines:
        if line.of:
            continue
        if role and role in line.roles:
            return line
        for prefix in line.accounts:
            if below(account, prefix) and len(prefix) > longest:
                best, longest = line, len(prefix)
    return best


def moves_sides(statement: Statement) -> bool:
    """Whether a statement has lines that take accounts because of the side of their balance."""
    return any(line.debit or line.credit for line in statement.lines)


class Placing:
    """The lines of a statement for each account and partner, decided by one set of balances."""

    def __init__(self, statement: Statement, roles: Mapping[str, str], balances: Balances) -> None:
        self.statement = statement
        self.roles = roles
        self.balances = balances
        self._amounts = {(account, partner): amount for account, partner, amount in balances.parcels()}
        self._below = cache(balances.below)
        self._known: dict[tuple[str, str], list[StatementLine]] = {}

    def lines(self, account: str, partner: str = "") -> list[StatementLine]:
        """The lines that take what an account holds of a partner: one, and its parts; none where it is on no line.

        Profit accounts stand on the balance sheet's result line.
        """
        key = (account, partner if (account, partner) in self._amounts else "")
        if key not in self._known:
            self._known[key] = self._lines(*key)
        return self._known[key]

    def _lines(self, account: str, partner: str) -> list[StatementLine]:
        role = self.roles.get(account, "")
        if self.statement.name == "balance-sheet" and account.split(":", 1)[0] in PROFIT_ROOTS:
            line = next((one for one in self.statement.lines if one.result), None)
        else:
            line = self._other_side(account, partner) or line_of(account, role, self.statement)
        if line is None:
            return []
        return [line, *(one for one in self.statement.lines if one.of == line.number and _takes(one, account, role))]

    def _other_side(self, account: str, partner: str) -> StatementLine | None:
        """The line that takes an account because of the side of its balance: one partner's, or that of all below it."""
        for line in self.statement.lines:
            for prefixes, sign in ((line.debit, 1), (line.credit, -1)):
                for prefix in prefixes:
                    if below(account, prefix):
                        of_partner = account in self.balances.partners
                        amount = self._amounts[account, partner] if of_partner else self._below(prefix)
                        if amount * sign > 0:
                            return line
        return None

    def amounts(self) -> dict[str, Decimal]:
        """The amount of every numbered line, signed as on the form."""
        return self.placed(self.balances.parcels())

    def placed(self, parcels: Iterable[tuple[str, str, Decimal]]) -> dict[str, Decimal]:
        """As `amounts`, of other amounts by account and partner."""
        found = {line.number: _ZERO for line in self.statement.lines if line.number}
        for account, partner, amount in parcels:
            for line in self.lines(account, partner):
                found[line.number] += amount if line.sign == "dr" else -amount
        add_sums(self.statement, found)
        return found


def amounts(statement: Statement, roles: Mapping[str, str], balances: Balances) -> dict[str, Decimal]:
    """The amount of every numbered line, signed as on the form."""
    return Placing(statement, roles, balances).amounts()


def add_sums(statement: Statement, found: dict[str, Decimal]) -> None:
    """Add to the lines that are sums what they sum of the lines above them."""
    for line in statement.lines:
        if line.sum:
            found[line.number] += sum(
                (-found[term[1:]] if term.startswith("-") else found[term] for term in line.sum), _ZERO
            )


def _takes(line: StatementLine, account: str, role: str) -> bool:
    return role in line.roles or any(below(account, prefix) for prefix in line.accounts)
