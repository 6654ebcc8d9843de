"""statements.yaml: the lines of balance sheet and income statement, by roles and accounts.

A line takes accounts by role or by the beginning of their name; the longest match wins, so that every account is on
exactly one line. A line may instead be the sum of others (`sum: [1, 2, -3]`, by number).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from beanstock.files.forms import File, Keys, choice, flag, listed, mapping, named, text, texts
from beanstock.files.typed import Typed
from beanstock.files.yamltext import Map
from beanstock.problems import Problem, problem, suggest

_LINE_KEYS: Keys = {
    "no": text("The form's number of the line"),
    "label": text("What stands on the line"),
    "level": text("How far it is indented: 0, 1, 2", "^[0-9]+$"),
    "roles": texts("Roles whose accounts are on the line"),
    "accounts": texts("Beginnings of account names; the longest match wins"),
    "sign": choice(("dr", "cr"), "The side on which an amount is positive"),
    "sum": texts("Numbers of lines above, `-2` is subtracted"),
    "result": flag("Whether the line takes the profit that is not closed yet"),
}
_STATEMENT_KEYS: Keys = {
    "title": text("The title"),
    "titles": named(text("The title"), "The title by language"),
    "lines": listed(mapping(_LINE_KEYS, "A line"), "The lines in their order"),
}
STATEMENTS = ("balance-sheet", "income-statement")
KEYS: Keys = {name: mapping(_STATEMENT_KEYS, f"The {name.replace('-', ' ')}") for name in STATEMENTS}
FILE = File("statements.yaml", "The forms of the statements", KEYS)


@dataclass
class StatementLine:
    """One line. `sign` is dr or cr: the side on which an amount is positive. `result` takes the profit not yet closed."""

    number: str
    label: str
    level: int
    roles: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    sign: str = "dr"
    sum: tuple[str, ...] = ()
    result: bool = False


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
    body = Typed(tree, shown, problems, KEYS, "statements.yaml")
    known = list(roles)
    for name in body:
        below = body.map(name, _STATEMENT_KEYS, f"the statement `{name}`")
        titles = {language: one.value for language, one in below.named_texts("titles").items()}
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
