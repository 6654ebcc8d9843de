"""Closing rules of one's own that go wrong: each is told at its place, and `explain` shows what it would have posted."""

from __future__ import annotations

import pytest

from conftest import Company

INVOICES = "number,date,customer,item,qty,price\nI1,2026-01-10,C1,S,1,100\nI2,2026-02-10,C1,S,1,50"
LINES = "  lines:\n    - {dr: expense, amount: 5}\n    - {cr: %s, amount: 5}\n"
OWN = LINES % "bank"


@pytest.fixture
def trader(company: Company) -> Company:
    return company.records(invoices=INVOICES)


def rule(company: Company, text: str) -> Company:
    company.write("rules/closing.yaml", text)
    return company


@pytest.mark.parametrize("where", ["when: {}", "let: {{share: '{}'}}", "review: {}", "warn: '{{{}}}'"])
def test_what_cannot_be_worked_out_is_told(trader: Company, where: str) -> None:
    nothing = 'balance("bank") / (balance("expense") - balance("expense")) > 1'
    said = rule(trader, f"own:\n  {where.format(nothing)}\n{OWN}").fails("rule-error")
    assert "rules/closing.yaml:1:1: error: rule-error: the rule `own` cannot be worked out" in said
    assert "closings/2026-01-31-own: a division by zero" in said
    assert "cannot be worked out" in trader.run("explain", "closings/2026-01-31-own").err


def test_what_does_not_balance_is_explained(trader: Company) -> None:
    rule(trader, OWN.replace("amount: 5}\n    - {cr", "amount: 6}\n    - {cr").join(["own:\n", ""]))
    assert "explain closings/2026-01-31-own` shows each amount" in trader.fails("unbalanced-rule")
    told = trader.run("explain", "closings/2026-01-31-own")
    assert (told.code, "6.00" in told.out, "cr  Assets:Cash:Bank  5.00" in told.out) == (1, True, True)


def test_a_rule_that_refuses_stands_where_the_rule_stands(trader: Company) -> None:
    assert "rules/closing.yaml:1:1: error: rule-failed" in rule(trader, "own:\n  fail: not yet\n").fails("rule-failed")


def test_a_receivable_belongs_to_a_partner(trader: Company) -> None:
    """Without one it would stand on the balance sheet and among no open items."""
    rule(trader, "own:\n" + LINES % "receivable")
    assert "rules/closing.yaml:1:1: error: partner-needed: receivable is kept by partner" in trader.fails(
        "partner-needed"
    )
    rule(trader, "").post()
    ledger = trader.ledger("2026-01.bean")
    trader.write(
        "ledgers/2026-01.bean",
        ledger + '\n2026-01-31 * "" "a"\n  document: "closings/a"\n  rule: "own"\n'
        "  Assets:Receivables:Trade  5.00 EUR\n  Assets:Cash:Bank  -5.00 EUR\n",
    )
    checked = trader.run("check")
    assert "receivable   failed" in checked.out
    assert "receivable without a partner: the records say 0, the ledger says 5.00" in checked.err


@pytest.mark.parametrize("other", ["own", "later"])
def test_before_names_what_is_above(trader: Company, other: str) -> None:
    rule(trader, f"own:\n  before: {other}\n{OWN}later:\n{OWN}")
    assert f"`before: {other}` names a rule that is not above it" in trader.run("rules", "check").err


def test_closings_are_posted_by_closing_rules_alone(trader: Company) -> None:
    trader.write("rules/vouchers.yaml", "closings:\n" + OWN)
    assert "is for `closings`, which closing.yaml posts" in trader.run("rules", "check").err


def test_what_is_taken_back_is_explained_by_what_it_takes_back(trader: Company) -> None:
    rule(trader, f"own:\n  reverse: yes\n{OWN}").post()
    told = trader.run("explain", "closings/2026-02-01-own").out
    assert "closings/2026-02-01-own takes it back" in told
    assert "takes it back" not in trader.run("explain", "closings/2026-01-31-own").out


def test_postings_and_lines_that_there_are_not(trader: Company) -> None:
    trader.post()
    beyond = trader.run("explain", "I1#9")
    assert (beyond.code, "I1 has no posting 9." in beyond.err) == (2, True)
    assert trader.run("explain", "ledgers/2026-01.bean:999").code == 2


@pytest.mark.parametrize("file", ["closing", "vouchers"])
def test_a_policy_is_one_of_its_words(trader: Company, file: str) -> None:
    head = "own:\n" if file == "closing" else "own:\n  document: invoices\n  voucher: own\n"
    trader.write(f"rules/{file}.yaml", f'{head}  when: policy.inventory_system == "periodc"\n{OWN}')
    said = trader.run("rules", "check").err
    assert "`periodc` is none of perpetual, periodic. Did you mean `periodic`?" in said
