"""statements.yaml: the lines of balance sheet and income statement, by roles and accounts.

A line takes accounts by role or by the beginning of their name; the longest match wins, so that every account is on
exactly one line. A line may instead be the sum of others (`sum: [1, 2, -3]`, by number).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from beanstock.files.yamltext import Map, Sequence, unknown_keys
from beanstock.problems import Problem, problem

_LINE_KEYS = ("no", "label", "level", "roles", "accounts", "sign", "sum", "result")
_STATEMENT_KEYS = ("title", "titles", "lines")


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


def load_statements(statements: dict[str, Statement], tree: Map, shown: str) -> list[Problem]:
    """Add or replace the statements of one file. Problems: unknown-key, bad-rule."""
    problems: list[Problem] = []
    for name, body in tree.items():
        if not isinstance(body, Map):
            problems.append(
                problem(
                    "bad-rule",
                    tree.key_place(shown, name),
                    detail=f"the statement `{name}` is no mapping",
                    suggestion="",
                )
            )
            continue
        problems += unknown_keys(body, _STATEMENT_KEYS, "a statement", shown)
        statement = Statement(name, body.get("title", name), dict(body.get("titles", Map())))
        for line in body.get("lines", Sequence()):
            problems += unknown_keys(line, _LINE_KEYS, "a statement's line", shown)
            statement.lines.append(
                StatementLine(
                    line.get("no", ""),
                    line.get("label", ""),
                    int(line.get("level", "1")),
                    tuple(line.get("roles", ())),
                    tuple(line.get("accounts", ())),
                    line.get("sign", "dr"),
                    tuple(line.get("sum", ())),
                    line.get("result") == "true",
                )
            )
        numbers = {line.number for line in statement.lines if line.number}
        for line in statement.lines:
            for term in line.sum:
                if term.lstrip("-") not in numbers:
                    detail = f"{name}: line {line.number} sums line {term.lstrip('-')}, which there is not"
                    problems.append(problem("bad-rule", tree.key_place(shown, name), detail=detail, suggestion=""))
        statements[name] = statement
    return problems
