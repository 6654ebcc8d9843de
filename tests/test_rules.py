"""Rules: every shipped rule has an example that holds, faults of rule files are told with caret and suggestion,
and a user's own rules replace the pack's only by saying so."""

from __future__ import annotations

from pathlib import Path

import pytest

from beanstock.amounts.money import use_exact_context
from beanstock.books import open_books, packs
from beanstock.commands.rules import pack_examples, run_example
from beanstock.model import Warehouse
from beanstock.problems import Problem
from beanstock.rulebook.load import load_rulebook
from conftest import ROOT, Company

INVOICES = """
    number,date,customer,item,qty,price
    I1,2026-01-05,C1,S,1,100
"""


@pytest.mark.parametrize("pack", packs())
def test_every_rule_has_an_example_that_holds(tmp_path: Path, pack: str) -> None:
    use_exact_context()
    (tmp_path / "beanstock.yaml").write_text(f"company: Test\npack: {pack}\ncurrency: EUR\n")
    books, _ = open_books(tmp_path, None, None)
    assert books is not None
    rulebook, problems = load_rulebook(books, Warehouse("main"))
    assert not problems
    found: list[Problem] = []
    all_examples = pack_examples(books, rulebook, found)
    for example in all_examples:
        found += run_example(example, books, rulebook)[0]
    assert [one.message for one in found] == []
    elsewhere = {  # rules taken from another pack are proven there; the examples here are of what differs
        rule.rule.id
        for several in rulebook.rules.values()
        for rule in several
        if not rule.rule.place.path.startswith(f"rules/{pack}/")
    }
    assert {example.rule for example in all_examples} | elsewhere == {
        rule.rule.id for several in rulebook.rules.values() for rule in several
    }.union(rulebook.idle)


def test_an_example_that_does_not_hold_is_told_as_an_accountant_reads(company: Company) -> None:
    company.write(
        "rules/vouchers.spec.yaml",
        "invoices:\n  - name: wrong\n    given:\n      items: [{code: A, name: A, unit: pcs}]\n      partners: [{code: C, name: C}]\n"
        "      invoices: [{number: I, date: 2026-01-01, customer: C, item: A, qty: 1, price: 5}]\n"
        "    expect: [{dr: receivable, amount: 6.00}, {cr: revenue, amount: 5.00}]\n",
    )
    result = company.run("rules", "test")
    assert result.code == 1
    assert "invoices, wrong: expected dr receivable 6.00; posted dr receivable 5.00 beside it" in result.err


def test_the_packs_examples_prove_the_pack_whatever_the_books_say(company: Company) -> None:
    company.write(
        "rules/vouchers.yaml",
        "own:\n  document: invoices\n  overrides: invoices\n  lines:\n    - {dr: receivable, amount: net}\n    - {cr: revenue, amount: net}\n",
    )
    company.write(
        "rules/vouchers.spec.yaml",
        "own:\n  - name: no tax\n    given:\n      items: [{code: A, name: A, unit: pcs}]\n      partners: [{code: C, name: C}]\n"
        "      invoices: [{number: I, date: 2026-01-01, customer: C, item: A, qty: 1, price: 5, tax: 20%}]\n"
        "    expect: [{dr: receivable, amount: 5.00}, {cr: revenue, amount: 5.00}]\n",
    )
    result = company.run("rules", "test")
    assert result.code == 0, result.err


@pytest.mark.parametrize(
    ("rule", "code", "place"),
    [
        ("  lines:\n    - {dr: receivable, amount: gros}\n", "unknown-name", "rules/vouchers.yaml:4:32"),
        ("  lines:\n    - {dr: receivabel, amount: gross}\n", "unknown-role", "rules/vouchers.yaml:4:12"),
        ("  lines:\n    - {dr: receivable, amount: gross, marge: [item]}\n", "unknown-key", "rules/vouchers.yaml:4:39"),
        ("  lines:\n    - {dr: inventory, amount: gross}\n", "bad-rule", "rules/vouchers.yaml:4:7"),
        ("  lines:\n    - {each: lnes, dr: revenue, amount: 1}\n", "bad-rule", "rules/vouchers.yaml:4:14"),
        ("  lines:\n    - {dr: revenue, amount: number}\n", "bad-rule", "rules/vouchers.yaml:4:29"),
        ('  lines:\n    - {dr: "Assets:bank", amount: gross}\n', "bad-account-name", "rules/vouchers.yaml:4:13"),
        (
            '  payee: "{custmer.name}"\n  lines:\n    - {dr: revenue, amount: net}\n',
            "unknown-name",
            "rules/vouchers.yaml:3:12",
        ),
        ("  narration: no lines\n", "bad-rule", "rules/vouchers.yaml:1:1"),
    ],
)
def test_faults_of_rules_have_place_and_suggestion(company: Company, rule: str, code: str, place: str) -> None:
    company.records(invoices=INVOICES)
    company.write("rules/vouchers.yaml", "own:\n  document: invoices\n" + rule)
    result = company.run("rules", "check")
    assert result.code == 1
    assert f"{place}: error: {code}" in result.err, result.err
    assert company.run("post").code == 1
    assert not (company.folder / "ledgers").exists()


def test_two_rules_for_a_document_and_none(company: Company) -> None:
    company.records(invoices=INVOICES)
    lines = "  lines:\n    - {dr: receivable, amount: gross}\n    - {cr: revenue, amount: gross}\n"
    company.write("rules/vouchers.yaml", "own:\n  document: invoices\n" + lines)
    company.fails("two-rules")
    company.write(
        "rules/vouchers.yaml", "own:\n  document: invoices\n  overrides: invoices\n  when: gross > 1000\n" + lines
    )
    assert "no rule takes invoices/I1" in company.fails("no-rule")
    company.write("rules/vouchers.yaml", "own:\n  document: invoices\n  overrides: invoices\n" + lines)
    company.post()
    assert 'rule: "own"' in company.ledger("2026-01.bean")


def test_an_unbalanced_rule_is_refused_with_its_figures(company: Company) -> None:
    company.records(invoices=INVOICES)
    company.write(
        "rules/vouchers.yaml",
        "invoices:\n  overrides: invoices\n  lines:\n    - {dr: receivable, amount: gross}\n    - {cr: revenue, amount: net * 0.9}\n",
    )
    text = company.fails("unbalanced-rule")
    assert "debits 100.00, credits 90.00" in text
    assert "rules/vouchers.yaml:1:1" in text


def test_dated_rules_let_and_skip(company: Company) -> None:
    company.records(invoices=INVOICES + "    I2,2026-07-01,C1,S,1,100\n    I3,2026-07-02,C2,S,1,100\n")
    company.write(
        "rules/vouchers.yaml",
        "old:\n  document: invoices\n  overrides: invoices\n  to: 2026-06-30\n  lines:\n    - {dr: receivable, amount: gross}\n    - {cr: revenue, amount: gross}\n"
        "new:\n  document: invoices\n  from: 2026-07-01\n  when: customer.code == 'C1'\n  let: {share: round(gross / 3)}\n  lines:\n"
        "    - {dr: receivable, amount: gross}\n    - {cr: revenue, amount: share}\n    - {cr: write-off, amount: gross - share}\n"
        "none:\n  document: invoices\n  from: 2026-07-01\n  when: customer.code != 'C1'\n  skip: a gift\n",
    )
    assert company.run("post").code == 0
    assert company.role("revenue") == "-133.33"
    assert company.role("write-off") == "-66.67"
    assert company.role("receivable") == "200.00"


def test_decision_tables(company: Company) -> None:
    company.records(
        items="code,name,unit,type,category\nS,Repair,h,service,repair\nT,Training,h,service,school\n",
        invoices=INVOICES + "    I1,2026-01-05,C1,T,1,50\n",
    )
    table = "overrides: [revenue]\nroles:\n  revenue:\n    by: [item.category, partner.code]\n    rows:\n"
    company.write(
        "rules/accounts.yaml",
        table + '      - [repair, "*", "Income:Repairs"]\n      - ["*", "*", "Income:Other:Services"]\n',
    )
    company.post()
    rows = {row["account"]: row["closing"] for row in company.report("trial-balance")["rows"]}
    assert (rows["Income:Repairs"], rows["Income:Other:Services"]) == ("-100.00", "-50.00")
    company.write("rules/accounts.yaml", table + '      - [repair, "*", "Income:Repairs"]\n')
    assert "item.category = school, partner.code = C1" in company.fails("table-hole")
    company.write(
        "rules/accounts.yaml",
        table + '      - [repair, "*", "Income:Repairs"]\n      - ["*", C1, "Income:Other:Services"]\n',
    )
    company.fails("table-tie")
    company.write("rules/accounts.yaml", 'roles: {revenue: "Income:Sales"}\n')
    company.fails("duplicate-rule")


def test_two_names_that_meet_in_one_account(company: Company) -> None:
    company.records(
        payments="""
            number,date,direction,amount,account,pays
            P1,2026-01-05,in,5,wallet:till 1,expense
            P2,2026-01-06,in,5,wallet:till-1,expense
        """
    )
    company.fails("account-clash")


def test_accounts_of_records(company: Company) -> None:
    company.records(
        bills="""
            number,date,supplier,account,amount
            B1,2026-01-05,S1,Expenses:Travel:Trains,30
        """
    )
    result = company.run("post")
    assert result.code == 0
    assert "account-not-in-chart" in result.err
    for account, code in (
        ("Expense:Rent", "bad-account-name"),
        ("rent", "unknown-account"),
        ("receivable", "controlled-account"),
        ("9999", "unknown-account"),
    ):
        company.records(bills=f"number,date,supplier,account,amount\nB1,2026-01-05,S1,{account},30")
        company.fails(code)


def test_taxes_with_dates(company: Company) -> None:
    company.write(
        "rules/taxes.yaml",
        "default: standard\ntaxes:\n  standard:\n    rates:\n      - {percent: 19%, to: 2026-06-30}\n      - {percent: 16%, from: 2026-07-01, to: 2026-12-31}\n",
    )
    company.records(invoices=INVOICES + "    I2,2026-07-01,C1,S,1,100\n")
    company.post()
    assert company.role("output-tax") == "-35.00"
    company.records(invoices=INVOICES + "    I2,2027-01-01,C1,S,1,100\n")
    assert "`standard` is not in force on 2027-01-01" in company.fails("unknown-tax")


def test_a_day_in_a_condition_is_told_where_it_belongs(company: Company) -> None:
    company.write(
        "rules/vouchers.yaml",
        'own:\n  overrides: invoices\n  document: invoices\n  when: "date >= 2026-02-01"\n  lines:\n    - {dr: bank, amount: gross}\n    - {cr: revenue, amount: gross}\n',
    )
    result = company.run("rules", "check")
    assert result.code == 1
    assert "the day 2026-02-01 cannot be written here; a rule's `from` and `to` say when it is in force" in result.err
    assert "rules/vouchers.yaml:4:18" in result.err


def shown_in_the_guide(heading: str) -> list[str]:
    """The YAML examples below a heading of docs/RULES.md."""
    text = (ROOT / "docs/RULES.md").read_text(encoding="utf-8").split(f"\n## {heading}", 1)[1].split("\n## ", 1)[0]
    return [block.split("\n```", 1)[0] + "\n" for block in text.split("```yaml\n")[1:]]


def test_the_examples_of_the_guide_work_as_they_stand(company: Company) -> None:
    (accounts,) = shown_in_the_guide("accounts.yaml")
    company.write("rules/accounts.yaml", accounts)
    voucher, split = shown_in_the_guide("vouchers.yaml")
    (closing,) = shown_in_the_guide("closing.yaml")
    (spec,) = shown_in_the_guide("vouchers.spec.yaml")
    gifts = f"gifts:\n  document: bills\n  overrides: bills\n  lines:\n{split}    - {{cr: payable, amount: gross, due: due}}\n"
    company.write("rules/vouchers.yaml", voucher + gifts)
    result = company.run("rules", "check")
    assert result.code == 0, result.err
    company.write("rules/vouchers.yaml", "invoices:\n" + voucher.split("\n", 1)[1].replace("  when", "  # when"))
    company.write("rules/vouchers.spec.yaml", spec)
    result = company.run("rules", "test")
    assert result.code == 0, result.err
    assert "examples hold" in result.out
    chinese = Company(company.folder.parent / "chinese", {"pack": "cn-small-business", "currency": "CNY"})
    chinese.write("rules/closing.yaml", closing.replace("transfer-vat:", "transfer-vat:\n  overrides: transfer-vat"))
    result = chinese.run("rules", "check")
    assert result.code == 0, result.err
