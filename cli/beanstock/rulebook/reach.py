"""What can be known of rules before any document is there: rules that can never take one, and pairs that take the same.

Faults (unreachable, two-rules, table-tie) stop the loading; advice (gap, unused) is told by `rules check` only.
"""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise, product

from beanstock.expressions.compiler import Scope
from beanstock.expressions.tree import ExpressionFault, parse_expression
from beanstock.files.typed import Text
from beanstock.problems import Problem, problem, suggest
from beanstock.records.kinds import Kinds
from beanstock.rulebook.accounts import DATE, Accounts, Role
from beanstock.rulebook.closings import KIND
from beanstock.rulebook.compiling import CompiledRule
from beanstock.rulebook.logic import MAX_CASES, OTHER, Case, Condition, Variables, told
from beanstock.rulebook.scopes import names_of_kinds, usual_names

_BEGINNING = "0001-01-01"
_FIRST, _LAST = dt.date.min, dt.date.max
_COMPARED = re.compile(r"[=<>]|\bin\b|\b(and|not|False)\b")
_SHOWN = 3  # cases that a message names
_BUDGET = 10_000  # cases of pairs of rules that one kind may cost when rules load: a tenth of a second


def faults_of_rules(rules: Iterable[CompiledRule]) -> list[Problem]:
    """Rules of one kind that can never be used, and pairs that take the same documents. Problems: unreachable, two-rules."""
    found: list[Problem] = []
    by_voucher: dict[str, list[CompiledRule]] = {}
    for one in rules:
        by_voucher.setdefault(one.rule.voucher, []).append(one)
        found += _never(one)
    budget = _BUDGET
    for several in by_voucher.values():
        for one, other in combinations(several, 2):
            if _start(one) <= _end(other) and _start(other) <= _end(one) and budget > 0:
                same, cost = _both(one, other)
                found += same
                budget -= cost
    return found


def _start(one: CompiledRule) -> dt.date:
    return one.rule.start or _FIRST


def _end(one: CompiledRule) -> dt.date:
    return one.rule.end or _LAST


def _never(one: CompiledRule) -> list[Problem]:
    rule, detail = one.rule, ""
    place = rule.place
    if not one.scope.kind.posts:
        detail = f"Documents of the kind {rule.document} post nothing."
    elif _start(one) > _end(one):
        detail = f"It begins on {rule.start} and ends on {rule.end}."
    elif rule.when is not None and _impossible(one, rule.when, one.scope):
        detail, place = f"`{rule.when.value}` never holds.", rule.when.place
    if not detail:
        return list(_never_inside(one))
    facts = {"what": f"the rule `{rule.id}`", "detail": detail, "suggestion": ""}
    return [problem("unreachable", place, **facts)]


def _never_inside(one: CompiledRule) -> Iterator[Problem]:
    """Lines of a rule and what it says, on conditions that never hold. Problems: unreachable."""
    rule = one.rule
    inside: list[tuple[str, Text | None, Scope]] = [
        (f"`{say.kind}` of the rule `{rule.id}`", say.condition, one.scope) for say in rule.says
    ]
    if rule.review is not None and rule.review.value != "False":
        inside.append((f"`review` of the rule `{rule.id}`", rule.review, one.scope))
    for line in rule.lines:
        element = one.scope.element(line.each) if line.each else None
        inside.append((f"a line of the rule `{rule.id}`", line.condition, element[1] if element else one.scope))
    for what, condition, scope in inside:
        if condition is not None and _impossible(one, condition, scope):
            detail = f"`{condition.value}` never holds."
            yield problem("unreachable", condition.place, what=what, detail=detail, suggestion="")


def _impossible(one: CompiledRule, text: Text, scope: Scope) -> bool:
    """Whether a condition holds in no case that can be told apart."""
    if not _COMPARED.search(text.value):
        return False  # nothing that could contradict itself; most conditions are so, and rules load often
    try:
        condition = Condition(parse_expression(text.value), scope, _lets(one), figures=True)
    except ExpressionFault:
        return False
    variables = Variables()
    condition.gather(variables)
    cases = list(variables.cases())
    return bool(cases) and not any(condition.holds({**case, **free}) for case in cases for free in variables.freely())


def _lets(one: CompiledRule) -> dict[str, ast.expr]:
    return {name: parse_expression(text.value).node for name, text in one.rule.lets.items()}


def _both(one: CompiledRule, other: CompiledRule) -> tuple[list[Problem], int]:
    """A case in which both take the document, whatever is free; and how many cases were looked at."""
    cost = 0
    for case, taking in _taking([one, other]):
        cost += len(taking)
        if all(len(each) == 2 for each in taking):
            names = f"`{one.rule.id}` and `{other.rule.id}`"
            what = f"{one.rule.document} with {told(case, fixed=True)}" if case else f"all {one.rule.document}"
            return [problem("two-rules", other.rule.place, rules=names, document=what)], cost
    return [], cost


def advice_on_rules(rules: Sequence[CompiledRule]) -> list[Problem]:
    """Documents of one kind that no rule would take, and names nobody uses. Problems: gap, unused."""
    found = [
        problem("unused", text.place, what=f"`{name}`, which the rule `{one.rule.id}` defines under `let`,")
        for one in rules
        for name, text in one.rule.lets.items()
        if name not in one.scope.used
    ]
    if rules and rules[0].rule.document == KIND:
        return found  # each month asks every one of them
    missing = [told(case, fixed=True) for case, taking in _taking(rules) if not any(taking)]
    if missing and rules:
        kind = rules[0].rule.document
        found.append(problem("gap", rules[0].rule.place, what=f"the rules of {kind}", cases=_listed(missing)))
    starts = sorted(rules, key=_start)
    if not any(one.rule.voucher or one.rule.when for one in rules):
        for one, following in pairwise(starts):
            if _end(one) != _LAST and _end(one) + dt.timedelta(1) < _start(following):
                days = f"days from {_end(one) + dt.timedelta(1)} to {_start(following) - dt.timedelta(1)}"
                what = f"the rules of {one.rule.document}"
                found.append(problem("gap", following.rule.place, what=what, cases=days))
    return found


def _taking(rules: Sequence[CompiledRule]) -> Iterator[tuple[Case, list[list[CompiledRule]]]]:
    """Each case of these rules' conditions, and for each state of what is free the rules that take it."""
    variables = Variables()
    conditions = {one.rule.id: condition_of(one, fixed=True) for one in rules}
    for condition in conditions.values():
        if condition is not None:
            condition.gather(variables)
    freely = variables.freely()
    for case in variables.cases():
        states = [{**case, **free} for free in freely]
        yield (
            case,
            [
                [one for one in rules if (condition := conditions[one.rule.id]) is None or condition.holds(state)]
                for state in states
            ],
        )


def condition_of(one: CompiledRule, *, fixed: bool = False) -> Condition | None:
    """A rule's `when`, see `Condition`; None where it has none, or one that cannot be read."""
    if one.rule.when is None:
        return None
    try:
        return Condition(parse_expression(one.rule.when.value), one.scope, _lets(one), fixed=fixed)
    except ExpressionFault:
        return None


# --- decision tables


def faults_of_tables(accounts: Accounts, kinds: Kinds, choices: dict[str, tuple[str, ...]]) -> list[Problem]:
    """Columns that no record has, rows that never win, and ties. Problems: unknown-name, unreachable, table-tie."""
    usual = usual_names(kinds)
    used = {column for role in accounts.roles.values() for column in role.columns if not _is_free(column)}
    known = usual if used <= usual else names_of_kinds(kinds)  # the whole set costs more than all the rest here
    return [
        one
        for role in accounts.roles.values()
        if role.columns or len(role.rows) > 1
        for one in [*_columns(role, known), *_rows(role, choices)]
    ]


def advice_on_tables(accounts: Accounts, choices: dict[str, tuple[str, ...]]) -> list[Problem]:
    """Declared words for which a table has no row. Problems: gap."""
    found = []
    for role in accounts.roles.values():
        days: dict[str, list[str]] = {}  # by case, the days on which a span without a row begins
        for key, day in _keys(role, choices):
            if not any(row.takes(key, day) for row in role.rows) and OTHER not in key and "" not in key:
                days.setdefault(told(dict(zip(role.columns, key, strict=True))), []).append(day)
        if days and not role.columns:
            cases = "".join(f"the days{_when(missing, _days(role))}" for missing in days.values())
            found.append(problem("gap", role.place, what=f"the table of `{role.name}`", cases=cases))
        elif days:
            cases = _listed([f"{case}{_when(missing, _days(role))}" for case, missing in days.items()])
            found.append(problem("gap", role.place, what=f"the table of `{role.name}`", cases=cases))
    return found


def _when(missing: list[str], days: list[str]) -> str:
    """The days of spans without a row, of all the days on which something begins; nothing where it is every day."""
    if missing == days:
        return ""
    spans: list[str] = []
    open_since = ""
    for day in [*days, ""]:
        if day and day in missing:
            open_since = open_since or day
        elif open_since:
            last = (dt.date.fromisoformat(day) - dt.timedelta(1)).isoformat() if day else ""
            begins = f"from {open_since} " if open_since != _BEGINNING else "up "
            spans.append(f"{begins}to {last}" if last else f"{begins}on")
            open_since = ""
    return " " + " and ".join(spans)


def _is_free(column: str) -> bool:
    """Whether a table may choose by it without a record having it: the day, a setting or policy, a column of one's own."""
    return column == DATE or column.split(".", maxsplit=1)[0] in ("settings", "policy") or "extra." in column


def _columns(role: Role, known: set[str]) -> list[Problem]:
    found = []
    for column in role.columns:
        if column not in known and not _is_free(column):
            near = suggest(column, known).strip()
            facts = {"name": column, "expression": column, "suggestion": near, "known": ""}
            found.append(problem("unknown-name", role.place, **facts))
    return found


def _rows(role: Role, choices: dict[str, tuple[str, ...]]) -> list[Problem]:
    found: list[Problem] = []
    for position, row in enumerate(role.rows):
        for cell, column in zip(row.cells, role.columns, strict=True):
            words = _words(column, choices)
            if words and cell not in ("*", "", *words):
                detail = f"`{cell}` is none of {', '.join(words)}."
                facts = {"what": f"row {position + 1} of `{role.name}`", "detail": detail}
                found.append(problem("unreachable", row.place, suggestion=suggest(cell, words), **facts))
    keys = list(_keys(role, choices))
    if found or not keys:
        return found
    winning: set[int] = set()
    ties: dict[tuple[int, ...], str] = {}
    for key, day in keys:
        taking = [position for position, row in enumerate(role.rows) if row.takes(key, day)]
        most = max((role.rows[position].specific for position in taking), default=0)
        best = tuple(position for position in taking if role.rows[position].specific == most)
        winning.update(best)
        if len(best) > 1:
            ties.setdefault(best, told(dict(zip(role.columns, key, strict=True))))
    for position, row in enumerate(role.rows):
        if position not in winning:
            detail = (
                "It begins after it ends."
                if row.end and row.start > row.end
                else "Other rows are more specific in every case it takes."
            )
            facts = {"what": f"row {position + 1} of `{role.name}`", "detail": detail, "suggestion": ""}
            found.append(problem("unreachable", row.place, **facts))
    found += [
        problem("table-tie", role.rows[best[-1]].place, role=role.name, values=values) for best, values in ties.items()
    ]
    return found


def _keys(role: Role, choices: dict[str, tuple[str, ...]]) -> Iterator[tuple[list[str], str]]:
    """Every key and day that the rows can tell apart; none where they are too many to go through."""
    domains: list[list[str]] = []
    for at, column in enumerate(role.columns):
        words = _words(column, choices)
        cells = {row.cells[at] for row in role.rows if row.cells[at] != "*"}
        domains.append(sorted({*words, *cells}) if words else [*sorted(cells), OTHER])
    days = _days(role)
    many = len(days)
    for domain in domains:
        many *= len(domain)
    if many <= MAX_CASES:
        for key in product(*domains):
            for day in days:
                yield list(key), day


def _days(role: Role) -> list[str]:
    """The days on which a row of the table begins, or has just ended; and the first day there is."""
    days = {_BEGINNING}
    for row in role.rows:
        days |= {row.start} if row.start else set()
        days |= {_next(row.end)} if row.end else set()
    return sorted(days)


def _next(day: str) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(1)).isoformat()


def _words(column: str, choices: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    head, _, rest = column.partition(".")
    return choices.get(f"{'partner' if head in ('customer', 'supplier') else head}.{rest}", ())


def _listed(cases: list[str]) -> str:
    more = f", and {len(cases) - _SHOWN} more cases" if len(cases) > _SHOWN else ""
    return "; ".join(cases[:_SHOWN]) + more
