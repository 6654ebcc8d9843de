"""Examples beside the rules: given documents, the postings that are expected. `rules test` runs them.

A spec file has `records:` (masters and other records that all its examples share) and, by rule, a list of examples
with `name`, `given` (records by kind) and `expect` (postings: dr or cr a role or account, and the amount).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from beanstock.files.yamltext import Map, Sequence, unknown_keys
from beanstock.model import Voucher
from beanstock.problems import Place, Problem, problem, suggest

_EXAMPLE_KEYS = ("name", "given", "expect")


@dataclass
class Example:
    """One example of one rule."""

    rule: str
    name: str
    place: Place
    given: dict[str, str] = field(default_factory=dict)  # YAML text of each kind's records
    expect: list[tuple[str, Decimal]] = field(default_factory=list)  # role or account, amount (debit positive)


def load_specs(tree: Map, shown: str, rules: Iterable[str]) -> tuple[list[Example], list[Problem]]:
    """The examples of a spec file. Problems: unknown-key, bad-rule."""
    problems: list[Problem] = []
    examples: list[Example] = []
    known = list(rules)
    shared: Map = tree.get("records") or Map()
    for rule, several in tree.items():
        if rule == "records":
            continue
        if rule not in known:
            place = tree.key_place(shown, rule)
            problems.append(
                problem("bad-rule", place, detail=f"there is no rule `{rule}`", suggestion=suggest(rule, known))
            )
        for body in several if isinstance(several, Sequence) else ():
            problems += unknown_keys(body, _EXAMPLE_KEYS, "an example", shown)
            example = Example(rule, body.get("name", ""), Place(shown, *body.at))
            records: dict[str, list[object]] = {kind: list(rows) for kind, rows in shared.items()}
            for kind, rows in (body.get("given") or Map()).items():
                records.setdefault(kind, []).extend(rows)
            example.given = {kind: json.dumps(rows, ensure_ascii=False) for kind, rows in records.items()}
            for line in body.get("expect") or Sequence():
                example.expect.append(_expected(line, shown, problems))
            examples.append(example)
    return examples, problems


def differences(example: Example, vouchers: Iterable[Voucher]) -> list[str]:
    """What the rule's vouchers post differently from the example, as an accountant reads it."""
    posted: list[tuple[str, str, Decimal]] = [
        (posting.role, posting.account, posting.amount)
        for voucher in vouchers
        if voucher.rule == example.rule
        for posting in voucher.postings
    ]
    found: list[str] = []
    for name, amount in example.expect:
        match = next((one for one in posted if name in one[:2] and one[2] == amount), None)
        if match is None:
            found.append(f"expected {_said(name, amount)}")
        else:
            posted.remove(match)
    return found + [f"posted {_said(role or account, amount)} beside it" for role, account, amount in posted]


def _expected(line: Map, shown: str, problems: list[Problem]) -> tuple[str, Decimal]:
    side = next((side for side in ("dr", "cr") if side in line), "dr")
    try:
        amount = Decimal(line.get("amount", ""))
    except InvalidOperation:
        problems.append(
            problem(
                "bad-rule",
                Place(shown, *line.at),
                detail="an expected posting has dr or cr and an amount",
                suggestion="",
            )
        )
        amount = Decimal(0)
    return line.get(side, ""), amount if side == "dr" else -amount


def _said(name: str, amount: Decimal) -> str:
    return f"{'dr' if amount >= 0 else 'cr'} {name} {abs(amount)}"
