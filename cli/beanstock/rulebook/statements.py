"""statements.yaml: the lines of balance sheet and income statement, by roles and accounts.

A line takes accounts by role or by the beginning of their name; the longest match wins, so that every account is on
exactly one line. A line may instead be the sum of others (`sum: [1, 2, -3]`, by number), or show a part of another one
once more (`of: 9`, 其中). Balances on the wrong side may belong to a line of the other side (`debit:`, `credit:`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from beanstock.files.typed import Typed
from beanstock.files.yamltext import Map
from beanstock.problems import Problem, problem, suggest

_LINE_KEYS = ("no", "label", "level", "roles", "accounts", "sign", "sum", "result", "of", "debit", "credit")
_STATEMENT_KEYS = ("title", "titles", "lines")
STATEMENTS = ("balance-sheet", "income-statement")


@dataclass
class StatementLine:
    """One line. `sign` is dr or cr: the side on which an amount is positive. `result` takes the profit not yet closed.

    A line `of` another repeats what accounts put there. `debit` and `credit` are accounts of other lines that come here
    when their balance is on that side: partner by partner where they are kept by partner, else with all below them.
    """

    number: str
    label: str
    level: int
    roles: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    sign: str = "dr"
    sum: tuple[str, ...] = ()
    result: bool = False
    of: str = ""
    debit: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()


@dataclass
class Statement:
    """A statement's form."""

    name: str
    title: str
    titles: dict[str, str] = field(default_factory=dict)
    lines: list[StatementLine] = field(default_factory=list)


def load_statements(statements: dict[str, Statement], tree: Map, shown: str, roles: Iterable[str]) -> list[Problem]:
    """Add or replace the statements of one file. Problems: unknown-key, bad-form, bad-rule, unknown-role."""
    problems: list[Problem] = []
    body = Typed(tree, shown, problems, STATEMENTS, "statements.yaml")
    known = list(roles)
    for name in body:
        below = body.map(name, _STATEMENT_KEYS, f"the statement `{name}`")
        titles = {language: text.value for language, text in below.named_texts("titles").items()}
        statement = Statement(name, below.text("title", name), titles)
        for line in below.maps("lines", _LINE_KEYS, "a statement's line"):
            statement.lines.append(_line(line, statement, known))
        statements[name] = statement
    return problems


def _line(body: Typed, statement: Statement, roles: list[str]) -> StatementLine:
    number, level = body.text("no"), body.text("level", "1")
    above = {line.number for line in statement.lines if line.number}
    if number in above:
        body.problems.append(problem("bad-rule", body.place("no"), detail=f"line {number} stands twice", suggestion=""))
    if not level.isdigit():
        body.problems.append(problem("bad-form", body.place("level"), what="`level`", form="0, 1, 2..."))
        level = "1"
    made = StatementLine(number, body.text("label"), int(level))
    made.roles, made.accounts, made.sum = body.texts("roles"), body.texts("accounts"), body.texts("sum")
    made.sign, made.result = body.choice("sign", ("dr", "cr"), "dr"), body.flag("result", default=False)
    made.of, made.debit, made.credit = body.text("of"), body.texts("debit"), body.texts("credit")
    if made.of and made.of not in above:
        detail = f"line {number} is a part of line {made.of}, which does not stand above it"
        body.problems.append(problem("bad-rule", body.place("of"), detail=detail, suggestion=""))
    for term in made.sum:
        if term.removeprefix("-") not in above:
            detail = f"line {number} sums line {term.removeprefix('-')}, which does not stand above it"
            body.problems.append(problem("bad-rule", body.place("sum"), detail=detail, suggestion=""))
    for role in made.roles:
        if role not in roles:
            body.problems.append(
                problem("unknown-role", body.place("roles"), role=role, suggestion=suggest(role, roles))
            )
    return made
