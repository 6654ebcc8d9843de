"""What of the rules has been used: rules, their lines, and the rows of decision tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from beanstock.problems import Place
from beanstock.rulebook.accounts import Accounts
from beanstock.rulebook.vouchers import Rule, RuleLine


@dataclass
class Coverage:
    """Counts by place: how often a rule took a document, a line posted, and a row was looked up."""

    examples: Counter[Place] = field(default_factory=Counter)
    documents: Counter[Place] = field(default_factory=Counter)
    of_documents: bool = False  # what is counted now

    def hit(self, place: Place) -> None:
        """Something that stands here was used."""
        (self.documents if self.of_documents else self.examples)[place] += 1


@dataclass(frozen=True)
class Part:
    """A part of the rules that can be used: its kind (rule, line, row), its name and where it stands."""

    kind: str
    name: str
    place: Place


def parts(rules: Iterable[Rule], accounts: Accounts) -> Iterator[Part]:
    """Every part, in the order of the files."""
    for rule in rules:
        yield Part("rule", rule.id, rule.place)
        for line in rule.lines:
            for one in line.postings:
                yield Part("line", _name(rule, one, line), one.place)
    for role in accounts.roles.values():
        if role.columns or len(role.rows) > 1:
            for row in role.rows:
                yield Part("row", f"{role.name}: {', '.join((*row.cells, row.target))}", row.place)


def _name(rule: Rule, line: RuleLine, owner: RuleLine) -> str:
    amount = line.amount or owner.amount
    return f"{rule.id}: {line.side} {line.account.value}, {amount.value if amount else ''}"
