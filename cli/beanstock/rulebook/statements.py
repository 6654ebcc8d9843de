"""statements.yaml: the lines of balance sheet and income statement, by roles and accounts.

A line takes accounts by role or by the beginning of their name; the longest match wins, so that every account is on
exactly one line. A line may instead be the sum of others (`sum: [1, 2, -3]`, by number), or show a part of another one
once more (`of: 9`, 其中). Balances on the wrong side may belong to a line of the other side (`debit:`, `credit:`). `checks` are comparisons of lines that hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from beanstock.files.forms import File, Keys, choice, flag, listed, mapping, named, text, texts
from beanstock.files.typed import Typed
from beanstock.files.yamltext import Map
from beanstock.problems import Problem, problem, suggest
from beanstock.rulebook.comparisons import Comparison, read_comparison
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
    "flows": texts("Indirect cash flow: lines of the direct form that are no part of operating activities"),
}
_STATEMENT_KEYS: Keys = {
    "title": text("The title"),
    "titles": named(text("The title"), "The title by language"),
    "lines": listed(mapping(_LINE_KEYS, "A line"), "The lines in their order"),
    "bases": named(texts("Numbers of lines, `-2` is subtracted"), "What ratios are worked out from"),
    "follow": texts("Cash flow: roles that go where the largest other part of their voucher goes"),
    "checks": texts("Comparisons of lines that hold, such as `3 >= 4 + 5` or `22 = balance-sheet 1`"),
}
STATEMENTS = ("balance-sheet", "income-statement", "cash-flow", "cash-flow-indirect")
KEYS: Keys = {name: mapping(_STATEMENT_KEYS, f"The {name.replace('-', ' ')}") for name in STATEMENTS}
FILE = File("statements.yaml", "The forms of the statements", KEYS)


@dataclass
class StatementLine:
    """One line. `sign` is dr or cr: the side on which an amount is positive. `result` takes the profit not yet closed.

    A line `of` another repeats what accounts put there. `debit` and `credit` are accounts of other lines that come here
    when their balance is on that side: partner by partner where they are kept by partner, else with all below them.

    In the cash-flow statement, `inflow` and `outflow` are counter accounts or roles of money that comes in or goes out,
    `sign: cr` shows money that goes out as positive, and `beginning` is the cash before the period.

    In the indirect form, `flows` are lines of the direct form whose flows are no part of operating activities: as money
    where nothing else is said, and where `accounts` or `roles` name profit accounts, what to add back to the profit.
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
    flows: tuple[str, ...] = ()


@dataclass
class Statement:
    """A statement's form. `bases` are sums of lines by the names that ratios use.

    `follow` are roles whose part of a cash flow goes where the rest of their voucher goes.
    """

    name: str
    title: str
    titles: dict[str, str] = field(default_factory=dict)
    lines: list[StatementLine] = field(default_factory=list)
    bases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    follow: tuple[str, ...] = ()
    checks: tuple[Comparison, ...] = ()


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
        statement.follow = below.texts("follow")
        problems += _unknown_roles(below, "follow", statement.follow, known)
        statements[name] = statement
    _forget(statements, set(body))
    for name in body:
        statements[name].checks = tuple(_checks(body.map(name, _STATEMENT_KEYS), statements, name))
        problems += _flows_of(body, name, statements)
    return problems


def _forget(statements: dict[str, Statement], replaced: set[str]) -> None:
    """What older forms say of lines of forms that were replaced: other lines stand there now."""
    if "cash-flow" in replaced and "cash-flow-indirect" not in replaced:
        statements.pop("cash-flow-indirect", None)
    for name, statement in statements.items():
        if name not in replaced:
            statement.checks = tuple(one for one in statement.checks if not any(map(one.names, replaced)))


def _checks(body: Typed, statements: dict[str, Statement], name: str) -> Iterator[Comparison]:
    """The comparisons of a statement. Problems (in the body's): bad-form, bad-rule."""
    for written in body.texts("checks"):
        check = read_comparison(written, name)
        if check is None or any(one.at and one.statement != "balance-sheet" for one in (*check.left, *check.right)):
            form = "lines and statements, such as 3 >= 4 + 5 or 22 = balance-sheet 1"
            body.problems.append(problem("bad-form", body.place("checks"), what="`checks`", form=form))
            continue
        missing = [one for one in (*check.left, *check.right) if not _has(statements, one.statement, one.line)]
        if missing:
            detail = f"`{written}`: {missing[0].statement} has no line {missing[0].line}"
            body.problems.append(problem("bad-rule", body.place("checks"), detail=detail, suggestion=""))
        else:
            yield check


def _flows_of(body: Typed, name: str, statements: dict[str, Statement]) -> list[Problem]:
    """Lines of the indirect form that name lines which the direct form has not; they show nothing. Problems: bad-rule."""
    found = []
    for line in statements[name].lines:
        missing = [one for one in line.flows if not _has(statements, "cash-flow", one.removeprefix("-"))]
        line.flows = tuple(one for one in line.flows if one not in missing)
        for one in missing:
            detail = f"line {line.number} has flows of line {one.removeprefix('-')}, which cash-flow has not"
            found.append(problem("bad-rule", body.place(name), detail=detail, suggestion=""))
    return found


def _has(statements: dict[str, Statement], name: str, number: str) -> bool:
    return name in statements and any(line.number == number for line in statements[name].lines)


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
    made.flows = body.texts("flows")
    body.problems += _unknown_roles(body, "roles", made.roles, roles)
    return made


def _unknown_roles(body: Typed, key: str, names: Iterable[str], roles: list[str]) -> list[Problem]:
    return [
        problem("unknown-role", body.place(key), role=name, suggestion=suggest(name, roles))
        for name in names
        if name not in roles
    ]
