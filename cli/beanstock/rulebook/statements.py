"""statements.yaml: the lines of balance sheet and income statement, by roles and accounts.

A line takes accounts by role or by the beginning of their name; the longest match wins, so that every account is on
exactly one line. A line may instead be the sum of others (`sum: [1, 2, -3]`, by number), or show a part of another one
once more (`of: 9`, 其中). Balances on the wrong side may belong to a line of the other side (`debit:`, `credit:`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from beanstock.files.forms import File, Keys, choice, flag, listed, mapping, named, text, texts
from beanstock.files.typed import Typed
from beanstock.files.yamltext import Map
from beanstock.problems import Problem, problem, suggest
from beanstock.rulebook.names import ROOTS

_LINE_KEYS: Keys = {
    "no": text("The form's number of the line"),
    "label": text("What stands on the line"),
    "level": text("How far it is indented: 0, 1, 2", "^[0-9]+$"),
    "roles": texts("Roles whose accounts are on the line"),
    "accounts": texts("Beginnings of account names; the longest match wins"),
    "sign": choice(("dr", "cr"), "The side on which an amount is positive"),
    "sum": texts("Numbers of lines above, `-2` is subtracted"),
    "result": flag("Whether the line takes the profit that is not closed yet"),
    "of": text("The number of the line above that this one is a part of"),
    "debit": texts("Accounts of other lines that come here while their balance is debit"),
    "credit": texts("Accounts of other lines that come here while their balance is credit"),
    "in": texts("Cash flow: accounts and roles that money comes in from"),
    "out": texts("Cash flow: accounts and roles that money goes out for"),
    "beginning": flag("Cash flow: whether the line is the cash before the period"),
}
_STATEMENT_KEYS: Keys = {
    "title": text("The title"),
    "titles": named(text("The title"), "The title by language"),
    "lines": listed(mapping(_LINE_KEYS, "A line"), "The lines in their order"),
    "bases": named(texts("Numbers of lines, `-2` is subtracted"), "What ratios are worked out from"),
}
STATEMENTS = ("balance-sheet", "income-statement", "cash-flow")
KEYS: Keys = {name: mapping(_STATEMENT_KEYS, f"The {name.replace('-', ' ')}") for name in STATEMENTS}
FILE = File("statements.yaml", "The forms of the statements", KEYS)


@dataclass
class StatementLine:
    """One line. `sign` is dr or cr: the side on which an amount is positive. `result` takes the profit not yet closed.

    A line `of` another repeats what accounts put there. `debit` and `credit` are accounts of other lines that come here
    when their balance is on that side: partner by partner where they are kept by partner, else with all below them.

    In the cash-flow statement, `inflow` and `outflow` are counter accounts or roles of money that comes in or goes out,
    `sign: cr` shows money that goes out as positive, and `beginning` is the cash before the period.
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
    inflow: tuple[str, ...] = ()
    outflow: tuple[str, ...] = ()
    beginning: bool = False


@dataclass
class Statement:
    """A statement's form. `bases` are sums of lines by the names that ratios use."""

    name: str
    title: str
    titles: dict[str, str] = field(default_factory=dict)
    lines: list[StatementLine] = field(default_factory=list)
    bases: dict[str, tuple[str, ...]] = field(default_factory=dict)


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
        bases = below.map("bases")
        for base in bases:
            statement.bases[base] = _terms(bases, base, statement, f"the base `{base}`")
        statements[name] = statement
    return problems


def _terms(body: Typed, key: str, statement: Statement, what: str) -> tuple[str, ...]:
    """Numbers of lines that stand above, `-2` is subtracted; others are a problem and count for nothing."""
    above = {line.number for line in statement.lines if line.number}
    terms = body.texts(key)
    for term in terms:
        if term.removeprefix("-") not in above:
            detail = f"{what} sums line {term.removeprefix('-')}, which does not stand above it"
            body.problems.append(problem("bad-rule", body.place(key), detail=detail, suggestion=""))
    return tuple(term for term in terms if term.removeprefix("-") in above)


def _line(body: Typed, statement: Statement, roles: list[str]) -> StatementLine:
    number, level = body.text("no"), body.text("level", "1")
    above = {line.number for line in statement.lines if line.number}
    if number in above:
        body.problems.append(problem("bad-rule", body.place("no"), detail=f"line {number} stands twice", suggestion=""))
    if not level.isdigit():
        body.problems.append(problem("bad-form", body.place("level"), what="`level`", form="0, 1, 2..."))
        level = "1"
    made = StatementLine(number, body.text("label"), int(level))
    made.roles, made.accounts = body.texts("roles"), body.texts("accounts")
    made.sum = _terms(body, "sum", statement, f"line {number}")
    made.inflow, made.outflow = body.texts("in"), body.texts("out")
    made.sign, made.result = body.choice("sign", ("dr", "cr"), "dr"), body.flag("result", default=False)
    made.of, made.debit, made.credit = body.text("of"), body.texts("debit"), body.texts("credit")
    if made.of and made.of not in above:
        detail = f"line {number} is a part of line {made.of}, which does not stand above it"
        body.problems.append(problem("bad-rule", body.place("of"), detail=detail, suggestion=""))
    made.beginning = body.flag("beginning", default=False)
    for key, names in (("in", made.inflow), ("out", made.outflow)):
        for name in names:
            if ":" not in name and name not in roles and name not in ROOTS:
                body.problems.append(
                    problem("unknown-role", body.place(key), role=name, suggestion=suggest(name, roles))
                )
    for role in made.roles:
        if role not in roles:
            body.problems.append(
                problem("unknown-role", body.place("roles"), role=role, suggestion=suggest(role, roles))
            )
    return made
