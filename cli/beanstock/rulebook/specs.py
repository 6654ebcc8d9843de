"""Examples beside the rules: given documents, the postings that are expected. `rules test` runs them.

A spec file has `records:` (masters and other records that all its examples share) and, by rule, a list of examples
with `name`, `settings` (where it needs others than the defaults), `given` (records by kind) and `expect` (postings: dr or cr a role or account, and the amount).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from beanstock.files.typed import Text, Typed
from beanstock.files.yamltext import Map
from beanstock.model import Voucher
from beanstock.policies import POLICIES
from beanstock.problems import Place, Problem, problem, suggest
from beanstock.records.kinds import Kinds

_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_EXAMPLE_KEYS = ("name", "settings", "policies", "given", "expect")


@dataclass
class Example:
    """One example of one rule."""

    rule: str
    name: str
    place: Place
    settings: dict[str, Text] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)  # YAML text of each kind's records
    policies: dict[str, str] = field(default_factory=dict)  # under which it holds, where they are not the pack's own
    # role or account, amount (debit positive), and the side of a red entry
    expect: list[tuple[str, Decimal, str]] = field(default_factory=list)


def load_specs(tree: Map, shown: str, rules: Iterable[str], kinds: Kinds) -> tuple[list[Example], list[Problem]]:
    """The examples of a spec file. Problems: unknown-key, bad-form, bad-rule, unknown-kind."""
    problems: list[Problem] = []
    examples: list[Example] = []
    known = list(rules)
    body = Typed(tree, shown, problems, (), "a file of examples")
    shared = _records(body.map("records"), kinds)
    for rule in body:
        if rule == "records":
            continue
        if rule not in known:
            facts = {"detail": f"there is no rule `{rule}`", "suggestion": suggest(rule, known)}
            problems.append(problem("bad-rule", body.key_place(rule), **facts))
        for below in body.maps(rule, _EXAMPLE_KEYS, "an example"):
            example = Example(rule, below.text("name"), below.at, below.named_texts("settings"))
            policies = below.map("policies", POLICIES, "policies")
            example.policies = {key: policies.text(key) for key in policies}
            records = {kind: list(rows) for kind, rows in shared.items()}
            for kind, rows in _records(below.map("given"), kinds).items():
                records.setdefault(kind, []).extend(rows)
            example.given = {kind: json.dumps(rows, ensure_ascii=False) for kind, rows in records.items()}
            example.expect = [
                _expected(line) for line in below.maps("expect", ("dr", "cr", "amount"), "an expected posting")
            ]
            examples.append(example)
    return examples, problems


def _records(body: Typed, kinds: Kinds) -> dict[str, list[object]]:
    """Records by kind; a kind is also a file's name, so only known ones are taken."""
    found: dict[str, list[object]] = {}
    for name in body:
        kind = kinds.by_name(name)
        if kind is None:
            facts = {"name": name, "known": ", ".join(kinds.known()), "suggestion": suggest(name, kinds.known())}
            body.problems.append(problem("unknown-kind", body.key_place(name), **facts))
        else:
            found[kind.name] = [row for row, _ in body.list(name)]
    return found


def differences(example: Example, vouchers: Iterable[Voucher]) -> list[str]:
    """What the rule's vouchers post differently from the example, as an accountant reads it."""
    posted: list[tuple[str, str, Decimal, str]] = [
        (posting.role, posting.account, posting.amount, posting.side)
        for voucher in vouchers
        if voucher.rule == example.rule
        for posting in voucher.postings
    ]
    found: list[str] = []
    for name, amount, red in example.expect:
        match = next((one for one in posted if name in one[:2] and one[2:] == (amount, red)), None)
        if match is None:
            found.append(f"expected {_said(name, amount, red)}")
        else:
            posted.remove(match)
    return found + [f"posted {_said(role or account, amount, red)} beside it" for role, account, amount, red in posted]


def _expected(line: Typed) -> tuple[str, Decimal, str]:
    side = "dr" if "dr" in line else "cr"
    written = line.text("amount")
    if not _AMOUNT.fullmatch(written):
        line.problems.append(
            problem("bad-form", line.at, what="an expected posting", form="dr or cr, and an amount such as 12.00")
        )
        written = "0"
    amount = Decimal(written)
    return line.text(side), amount if side == "dr" else -amount, side if amount < 0 else ""


def _said(name: str, amount: Decimal, red: str) -> str:
    side = red or ("dr" if amount >= 0 else "cr")
    return f"{side} {name} {'-' if red else ''}{abs(amount)}"
