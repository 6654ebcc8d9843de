"""Stories of rules that can be known to be wrong before a document is there, as `rules check` tells them."""

from __future__ import annotations

import pytest

from conftest import Company

CLOSING = """
interest:
  {key}: {value}
  lines:
    - {{dr: bank, amount: 1}}
    - {{cr: cash, amount: 1}}
"""
INVOICES = """
own:
  document: invoices
  overrides: invoices
  {key}: {value}
  lines:
    - {{dr: receivable, amount: {amount}}}
    - {{cr: revenue, amount: {amount}, if: {condition}}}
"""


def told(company: Company) -> str:
    """What `rules check` says of rules that are wrong."""
    result = company.run("rules", "check")
    assert result.code == 1, result.out
    return result.err


def own(
    company: Company, key: str = "narration", value: str = "Own", amount: str = "gross", condition: str = "gross != 0"
) -> Company:
    company.write("rules/vouchers.yaml", INVOICES.format(key=key, value=value, amount=amount, condition=condition))
    return company


@pytest.mark.parametrize(
    "condition",
    [
        "1 == 2",
        'balance("bank") > 5 and balance("bank") < 3',
        'balance("bank") > 5 and -3 > balance("bank")',
        'turnover("Income", "year") == 1 and turnover("Income", "year") == 2',
        'balance("bank") - balance("cash") > 0 and not balance("bank") - balance("cash") >= 0',
    ],
)
def test_a_condition_on_figures_that_never_holds(company: Company, condition: str) -> None:
    company.write("rules/closing.yaml", CLOSING.format(key="when", value=condition))
    said = told(company)
    assert "the rule `interest` can never be used" in said
    assert f"`{condition}` never holds." in said


def test_the_same_behind_a_name_and_on_a_line(company: Company) -> None:
    company.write(
        "rules/closing.yaml",
        CLOSING.format(key="let", value="{held: 'balance(\"bank\")'}").replace(
            "  lines:", "  when: held > 5 and held < 3\n  lines:"
        ),
    )
    assert "`held > 5 and held < 3` never holds" in told(company)
    company.write("rules/closing.yaml", "")
    said = told(own(company, condition="gross - net > 5 and gross - net < 3"))
    assert "a line of the rule `own` can never be used" in said
    # what may hold is not told: other figures, and a number between the two
    assert own(company, condition="gross - net > 5 and net - gross < 3").run("rules", "check").code == 0
    assert own(company, condition="gross - net > 3 and gross - net < 4").run("rules", "check").code == 0


def test_a_role_of_a_foreign_balance_that_is_misspelt(company: Company) -> None:
    company.write(
        "rules/closing.yaml",
        """
rates:
  lines:
    - {each: foreign_balances, dr: held.account, amount: held.amount, if: held.role == "receivabel"}
    - {each: foreign_balances, cr: held.account, amount: held.amount, if: held.role == "receivable"}
""",
    )
    said = told(company)
    assert said.count("error:") == 1
    assert "Did you mean `receivable`?" in said


@pytest.mark.parametrize(
    ("review", "remedy"),
    [
        ("yes", "Write `review: true`."),
        ("off", "Write `review: false`."),
        ("5", "Write `review: true`, or a condition."),
        ("gross", "or a condition, such as `gross != 0`."),
        ("\"'why'\"", "Write `review: true`, or a condition."),
    ],
)
def test_review_is_true_or_false_or_a_condition(company: Company, review: str, remedy: str) -> None:
    said = told(own(company, "review", review))
    assert "`review` is true, false or a condition" in said
    assert remedy in said


def test_review_that_is_said_rightly(company: Company) -> None:
    company.records(invoices="number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,100")
    for review, flag in (("true", "!"), ("false", "*"), ("gross > 50", "!"), ("gross > 500", "*")):
        own(company, "review", review).post()
        assert f"2026-01-05 {flag} " in company.ledger("2026-01.bean")


@pytest.mark.parametrize("name", ["gross", "customer", "lines", "round", "sum", "policy", "line"])
def test_a_name_of_let_that_hides_another(company: Company, name: str) -> None:
    assert f"`{name}` under `let` hides a name that rules have already" in told(own(company, "let", f"{{{name}: '1'}}"))
    # what only payments fill in is free for invoices
    assert own(company, "let", "{fee: '1'}", condition="fee > 0").run("rules", "check").code == 0


@pytest.mark.parametrize("places", ["40", "-1", "2.5", "net"])
def test_places_that_nobody_can_round_to(company: Company, places: str) -> None:
    said = told(own(company, amount=f"'round(gross, {places})'"))
    assert f"`{places}` is" in said
    assert "decimal places" in said
    assert own(company, amount="'round(gross, 2)'").run("rules", "check").code == 0


def test_a_dated_table_says_which_days_miss(company: Company) -> None:
    company.write(
        "rules/accounts.yaml",
        """
overrides: [revenue]
roles:
  revenue:
    rows:
      - {row: ["Income:Sales"], to: 2026-01-31}
      - {row: ["Income:Sales"], from: 2026-03-01, to: 2026-06-30}
""",
    )
    result = company.run("rules", "check")
    assert result.code == 0
    days = "the days from 2026-02-01 to 2026-02-28 and from 2026-07-01 on"
    assert f"nothing in the table of `revenue` takes {days}" in result.err


def test_a_dated_table_says_the_days_of_each_case(company: Company) -> None:
    company.write(
        "rules/accounts.yaml",
        """
overrides: [revenue]
roles:
  revenue:
    by: [partner.role]
    rows:
      - {row: [supplier, "Income:Sales"], from: 2026-01-01}
      - ["*", "Income:Sales:Others"]
  rent:
    by: [item.category]
    rows:
      - {row: [repair, "Expenses:Rent"], from: 2026-01-01, to: 2026-01-31}
""",
    )
    said = company.run("rules", "check").err
    assert "`rent` takes item.category = repair up to 2025-12-31 and from 2026-02-01 on" in said
    assert "`revenue`" not in said


@pytest.mark.parametrize("key", ["skip", "fail"])
def test_lines_that_a_text_makes_useless(company: Company, key: str) -> None:
    said = told(own(company, key, "not yet"))
    assert f"the rule `own` has lines, and `{key}` without a condition, so that they post nothing" in said
    assert f"Give `{key}` a condition" in said
    assert own(company, key, "{if: gross > 100, text: too much}").run("rules", "check").code == 0


OVERRIDES = {
    "rules/vouchers.yaml": """
invoices:
  OVERRIDES
  whenn: gross > 0
  lines:
    - {dr: receivabl, amount: gros}
    - {dr: receivable}
""",
    "rules/closing.yaml": """
close-profit:
  OVERRIDES
  whenn: ends_year
  lines:
    - {dr: receivabl, amount: gros}
    - {dr: receivable}
""",
}


@pytest.mark.parametrize("file", OVERRIDES)
@pytest.mark.parametrize(
    ("overrides", "faults"),
    [
        ("invoices", []),
        ("", ["duplicate-rule"]),
        ("invoicess", ["bad-rule", "duplicate-rule"]),
        ("[invoices]", ["bad-form", "duplicate-rule"]),
    ],
)
def test_whatever_overrides_says_all_faults_of_a_rule_are_told(
    company: Company, file: str, overrides: str, faults: list[str]
) -> None:
    name = overrides if file == "rules/vouchers.yaml" else overrides.replace("invoices", "close-profit")
    company.write(file, OVERRIDES[file].replace("OVERRIDES", f"overrides: {name}"))
    company.fails(*faults, "unknown-key", "bad-rule", "unknown-name", "unknown-role")


def test_a_role_that_is_declared_twice_is_read_all_the_same(company: Company) -> None:
    company.write(
        "rules/accounts.yaml",
        'overrides: [recevable]\nroles:\n  receivable: "Asets:Debts"\n  revenue: {by: [item.category], rows: [[a]]}\n',
    )
    codes = ["bad-rule", "duplicate-rule", "duplicate-rule", "bad-account-name", "bad-form"]
    company.fails(*codes)
