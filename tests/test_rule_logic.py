"""Conditions taken apart: what is said of all cases holds for any concrete values, by comparison with real evaluation."""

from __future__ import annotations

import random
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from beanstock.expressions.compiler import Compiler, Name, Scope
from beanstock.expressions.tree import parse_expression
from beanstock.rulebook.logic import Condition, Variables, told
from conftest import Company

NAMES = {
    "direction": Name("v['direction']", "text", ("in", "out")),
    "reason": Name("v['reason']", "text"),
    "gross": Name("v['gross']", "money"),
    "net": Name("v['net']", "money"),
    "stocked": Name("v['stocked']", "boolean"),
}
ATOMS = (
    "direction == 'in'", "direction != 'out'", "direction in ('in', 'out')", "reason", "reason == 'gift'", "reason not in ('gift', '')",
    "gross > 100", "gross <= 100", "gross < 50", "gross == 100", "gross", "gross > net", "stocked", "net >= gross", "has(reason, 'if')", "big",
)  # fmt: skip
LETS = {"big": "gross > 1000"}


class Values:
    """A scope of a few names of each type."""

    def resolve(self, path: tuple[str, ...]) -> Name | None:
        return Name("(v['gross'] > 1000)", "boolean") if path == ("big",) else NAMES.get(".".join(path))

    def names(self) -> Iterable[str]:
        return NAMES

    def element(self, collection: str) -> tuple[str, Scope] | None:
        return None


def condition(text: str) -> Condition:
    return Condition(parse_expression(text), Values(), {name: parse_expression(one).node for name, one in LETS.items()})


def random_text(chance: random.Random, depth: int) -> str:
    if not depth or chance.random() < 0.3:
        return chance.choice(ATOMS)
    kind = chance.randrange(4)
    left, right = random_text(chance, depth - 1), random_text(chance, depth - 1)
    if kind == 0:
        return f"not ({left})"
    if kind == 1:
        return f"(not {left} if {right} else not {random_text(chance, depth - 1)})"
    return f"({left} {'and' if kind == 2 else 'or'} {right})"


def evaluate(text: str, values: dict[str, Any]) -> bool:
    compiler = Compiler(Values())
    code = compiler.compile(parse_expression(text)).code
    return bool(eval(code, {"v": values, "ZERO": Decimal(0), **compiler.constants}))


def test_what_holds_in_no_case_never_holds_and_what_holds_in_all_always_does() -> None:
    chance = random.Random(7)
    never = always = 0
    for _ in range(600):
        text = random_text(chance, 2)
        one = condition(text)
        variables = Variables()
        one.gather(variables)
        results = [one.holds({**case, **free}) for case in variables.cases() for free in variables.freely()]
        assert results
        real = [
            evaluate(
                text,
                {
                    "direction": chance.choice(["in", "out"]),
                    "reason": chance.choice(["", "gift", "own-use"]),
                    "gross": Decimal(chance.choice([-1, 0, 49, 50, 75, 100, 101, 1000, 1001])),
                    "net": Decimal(chance.choice([0, 100])),
                    "stocked": chance.random() < 0.5,
                },
            )
            for _ in range(30)
        ]
        if not any(results):
            never += 1
            assert not any(real), text
        if all(results):
            always += 1
            assert all(real), text
    assert never > 5
    assert always > 5


def test_cases_are_told_in_words() -> None:
    variables = Variables()
    condition("gross > 100 and direction == 'in' and reason and stocked").gather(variables)
    said = {told(case) for case in variables.cases()}
    assert "gross above 100, another reason, direction = in, stocked" in said or (
        "gross above 100, direction = in, another reason, stocked" in said
    )
    assert any("gross below 100" in one and "reason = nothing" in one and "not stocked" in one for one in said)


LINES = "  lines:\n    - {dr: receivable, amount: gross}\n    - {cr: revenue, amount: gross}\n"


@pytest.mark.parametrize(
    ("one", "other", "tied"),
    [
        ("gross > 100", "gross <= 100", ""),
        ("gross > 100", "gross >= 100", ""),  # at 100 only the second, above both
        ("customer.region == 'EU'", "customer.region != 'EU'", ""),
        ("customer.region == 'EU'", "customer.region in ('EU', 'UK')", "invoices with customer.region = EU"),
        ("gross > 100", "gross > net", ""),  # may or may not: decided when a document is there
        ("gross > 100 and gross > net", "gross > 200 and gross > net", ""),
        ("customer.role == 'customer'", "gross > 5", "customer.role = customer"),
    ],
)
def test_rules_that_take_the_same_documents_are_told_before_any_is_there(
    company: Company, one: str, other: str, tied: str
) -> None:
    company.write(
        "rules/vouchers.yaml",
        f'one:\n  document: invoices\n  overrides: invoices\n  when: "{one}"\n{LINES}other:\n  document: invoices\n  when: "{other}"\n{LINES}',
    )
    result = company.run("rules", "check")
    sure = tied or (one == "gross > 100" and other == "gross >= 100")
    assert ("two-rules" in result.err) == bool(sure), result.err
    assert tied in result.err


def test_days_between_two_rules_are_a_gap(company: Company) -> None:
    company.write(
        "rules/vouchers.yaml",
        f"one:\n  document: invoices\n  overrides: invoices\n  to: 2026-03-31\n{LINES}other:\n  document: invoices\n  from: 2026-04-03\n{LINES}",
    )
    result = company.run("rules", "check")
    assert result.code == 0
    assert "gap: nothing in the rules of invoices takes days from 2026-04-01 to 2026-04-02" in result.err


def test_every_static_fault_is_told_at_once(company: Company) -> None:
    company.write(
        "rules/vouchers.yaml",
        "one:\n  document: invoices\n  overrides: invoices\n  when: grss > 5\n  payee: '{custmer.name}'\n  rounding: {role: roundng, max: 1}\n"
        "  review: gross + customer.name\n  warn: {if: line.qty, text: '{nmber}'}\n"
        "  lines:\n    - {dr: 'Asset:Bank', amount: qty}\n    - {cr: revenu, amount: gross * gross}\n    - {each: lnes, dr: bank, amount: 1}\n",
    )
    problems = company.run("rules", "check", "--format", "json").json["problems"]
    assert [one["code"] for one in problems].count("unknown-name") == 5
    assert {one["code"] for one in problems} == {
        "unknown-name",
        "unknown-role",
        "bad-expression",
        "bad-rule",
        "bad-account-name",
    }
    text = company.run("rules", "check").err
    for said in ("`gross`?", "`customer.name`?", "`rounding`?", "`number`?", "`revenue`?", "`lines`?"):
        assert f"Did you mean {said}" in text, said


def test_rules_for_orders_and_kinds_without_rules(company: Company) -> None:
    company.write("rules/vouchers.yaml", f"sales-orders:\n{LINES}")
    result = company.run("rules", "check")
    assert "unreachable: the rule `sales-orders` can never be used" in result.err
    assert "Documents of the kind sales-orders post nothing." in result.err
    company.write("rules/vouchers.yaml", "")
    company.write(
        "rules/documents.yaml",
        "documents:\n  finds:\n    stage: receipts\n    header: {number: 'text, required', date: 'date, required'}\n",
    )
    assert "nothing in vouchers.yaml takes documents of the kind finds" in company.run("rules", "check").err


def test_a_move_is_never_split(company: Company) -> None:
    company.write(
        "rules/vouchers.yaml",
        "deliveries:\n  overrides: deliveries\n  lines:\n    - {each: moves, dr: cost-of-sales, amount: move.cost}\n"
        "    - {each: moves, amount: move.cost, split: [{cr: inventory, share: 50%}, {cr: inventory, share: 50%}]}\n",
    )
    assert "the stock role `inventory` cannot be part of a split" in company.run("rules", "check").err
