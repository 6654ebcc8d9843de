"""What holds for every shipped pack: all roles of the vocabulary, every account on exactly one line, and what packs may
declare: settings, taxes and accounts that settings choose, files taken from another pack."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from beanstock.books import open_books, packs
from beanstock.ledger.query import CASH
from beanstock.model import Warehouse
from beanstock.reports.accounts import below
from beanstock.reports.cash_flow import counter_line
from beanstock.reports.placing import PROFIT_ROOTS, line_of
from beanstock.rulebook.load import Rulebook, load_rulebook
from conftest import Company

CHINESE = ("cn-small-business", "cn-asbe")
ROLES = [
    "cash",
    "bank",
    "wallet",
    "receivable",
    "unbilled-receivable",
    "customer-advances",
    "payable",
    "supplier-advances",
    "notes-receivable",
    "notes-payable",
    "inventory",
    "goods-received-not-invoiced",
    "goods-in-transit",
    "goods-delivered-not-invoiced",
    "work-in-process",
    "landed-cost-clearing",
    "outside-processing",
    "overhead",
    "stock-pending",
    "input-tax",
    "input-tax-pending",
    "input-tax-reversed",
    "output-tax",
    "tax-payable",
    "revenue",
    "cost-of-sales",
    "change-in-inventories",
    "price-difference",
    "production-variance",
    "cost-adjustment",
    "stock-gain",
    "stock-loss",
    "own-use",
    "scrap",
    "gift",
    "sample",
    "purchases",
    "exchange-gain",
    "exchange-loss",
    "bank-charges",
    "discount-given",
    "discount-taken",
    "write-off",
    "rounding",
    "opening-equity",
    "retained-earnings",
    "profit-of-the-year",
    "fixed-assets",
    "accumulated-depreciation",
    "depreciation",
    "wages",
    "wages-payable",
    "social-insurance-payable",
    "expense",
]


def rulebook_of(folder: Path, pack: str, settings: str = "") -> Rulebook:
    folder.mkdir(exist_ok=True)
    (folder / "beanstock.yaml").write_text(f"company: T\npack: {pack}\ncurrency: CNY\n{settings}", encoding="utf-8")
    books, problems = open_books(folder, None, None)
    assert books is not None, problems
    rulebook, problems = load_rulebook(books, Warehouse("main"))
    assert not problems
    return rulebook


@pytest.mark.parametrize("pack", packs())
def test_every_role_has_accounts_of_its_own(tmp_path: Path, pack: str) -> None:
    accounts = rulebook_of(tmp_path, pack).accounts
    assert set(ROLES) <= set(accounts.roles)
    owners: dict[str, str] = {}
    for role in accounts.roles.values():
        for row in role.rows:
            if ":" in row.target:
                assert owners.setdefault(row.target, role.name) == role.name, row.target
                assert accounts.role_of_account(row.target) == role.name
    assert not set(owners) & set(accounts.chart)


@pytest.mark.parametrize("pack", packs())
def test_every_account_is_on_exactly_one_line(tmp_path: Path, pack: str) -> None:
    rulebook = rulebook_of(tmp_path, pack)
    accounts = rulebook.accounts
    targets = [row.target for role in accounts.roles.values() for row in role.rows if ":" in row.target]
    for account in (*targets, *accounts.chart):
        name = "income-statement" if account.split(":")[0] in PROFIT_ROOTS else "balance-sheet"
        statement = rulebook.statements[name]
        found = line_of(account, accounts.role_of_account(account), statement)
        assert found is not None, account
        longest = max((prefix for prefix in found.accounts if below(account, prefix)), key=len, default="")
        again = [one for one in statement.lines if one is not found and not one.of and longest in one.accounts]
        assert not longest or not again, account
        if pack in CHINESE and account.split(":")[0] == "Assets":  # a mistyped prefix would fall into the rest
            assert found.label != "其他非流动资产", account


@pytest.mark.parametrize("pack", packs())
def test_every_account_is_on_a_line_of_the_cash_flow_forms(tmp_path: Path, pack: str) -> None:
    """Money from and for every account has a line of the direct form, and every change one of the indirect form."""
    rulebook = rulebook_of(tmp_path, pack)
    accounts = rulebook.accounts
    targets = {row.target: role.name for role in accounts.roles.values() for row in role.rows if ":" in row.target}
    direct, indirect = rulebook.statements["cash-flow"], rulebook.statements.get("cash-flow-indirect")
    for account in (*targets, *accounts.chart):
        role = targets.get(account, "")
        for incoming in (True, False):
            if role not in CASH:
                assert counter_line(account, role, direct, incoming=incoming) is not None, account
                assert indirect is None or counter_line(account, role, indirect, incoming=incoming) is not None, account
    assert (indirect is None) == (pack == "cn-small-business")  # the form has no supplement


@pytest.mark.parametrize(("pack", "counts"), [("cn-small-business", (53, 32, 22)), ("cn-asbe", (72, 28, 35))])
def test_the_lines_of_the_chinese_forms(tmp_path: Path, pack: str, counts: tuple[int, int, int]) -> None:
    statements = rulebook_of(tmp_path, pack).statements
    for name, count in zip(("balance-sheet", "income-statement", "cash-flow"), counts, strict=True):
        numbers = [int(line.number) for line in statements[name].lines if line.number]
        assert numbers == list(range(1, count + 1))


def test_settings_are_typed_and_told(new_company: Callable[..., Company]) -> None:
    company = new_company(pack="cn-asbe", settings="{taxpayer: small}")
    text = company.fails("bad-setting")
    assert "`taxpayer` cannot be small" in text
    assert "Allowed: general, small-scale." in text
    assert "unknown key `tax_payer`" in new_company(pack="cn-asbe", settings="{tax_payer: general}").fails(
        "unknown-key"
    )
    rows = new_company(pack="cn-asbe", settings="{taxpayer: small-scale}").run("policies", "--format", "json").json
    assert [(row["value"], row["origin"]) for row in rows["rows"] if row["key"] == "settings.taxpayer"] == [
        ("small-scale", "beanstock.yaml")
    ]


def test_a_table_that_asks_for_an_unknown_setting(new_company: Callable[..., Company]) -> None:
    company = new_company(pack="cn-small-business", currency="CNY")
    company.write(
        "rules/accounts.yaml",
        'overrides: [expense]\nroles:\n  expense:\n    by: [settings.taxpayr]\n    rows: [["*", "Expenses:5602-管理费用"]]\n',
    )
    text = company.run("rules", "check").err
    assert "unknown name `settings.taxpayr`" in text
    assert "Did you mean `settings.taxpayer`?" in text
    company.write("rules/accounts.yaml", "{}\n")
    company.write("rules/taxes.yaml", "default: {settings.taxpayer: {small-scale: levy}}\n")
    assert "`default` says nothing for settings.taxpayer = general" in company.run("rules", "check").err


def test_a_rule_may_test_settings(new_company: Callable[..., Company]) -> None:
    company = new_company(pack="cn-small-business", currency="CNY", settings="{taxpayer: small-scale}")
    company.write(
        "rules/vouchers.yaml",
        "invoices:\n  overrides: invoices\n  fail: 小规模纳税人不开 13% 的票 {number}\n"
        "  when: settings.taxpayer == 'small-scale' and sum(lines, line.tax_rate) == 13\n",
    )
    company.records(invoices="number,date,customer,item,qty,price,tax\nI1,2026-01-05,C1,S,1,100,13%")
    assert "小规模纳税人不开 13% 的票 I1" in company.fails("rule-failed")


def test_rates_by_place(new_company: Callable[..., Company]) -> None:
    company = new_company()
    company.write(
        "rules/taxes.yaml",
        "default: {sold: local, bought: ''}\ntaxes:\n  local:\n    rates:\n"
        "      - {percent: 8%, region: North, to: 2026-06-30}\n"
        "      - {percent: 9%, region: North, from: 2026-07-01}\n      - {percent: 5%, region: South}\n",
    )
    company.records(
        partners="code,name,role,region\nC1,One,customer,North\nC2,Two,customer,South\nC3,Three,customer,\nS1,Sup,supplier,North",
        invoices="number,date,customer,item,qty,price\nI1,2026-06-30,C1,S,1,100\nI2,2026-07-01,C1,S,1,100\nI3,2026-07-01,C2,S,1,100",
        bills="number,date,supplier,item,qty,price\nB1,2026-07-01,S1,S,1,100",
    )
    assert company.post().role("output-tax") == "-22.00"
    assert company.role("payable") == "-100.00"
    company.records(invoices="number,date,customer,item,qty,price\nI1,2026-06-30,C3,S,1,100")
    assert "`local` has no rate for a partner without a region" in company.fails("unknown-tax")


STATEMENTS = """
balance-sheet:
  title: Balance sheet
  lines:
    - {no: 1, label: Cash, accounts: ["Assets:Cash"]}
    - {no: 2, label: Receivables, accounts: ["Assets:Receivables"], debit: ["Liabilities:Payables"]}
    - {no: 3, label: Tax asset, debit: ["Liabilities:Tax"]}
    - {no: 4, label: Other assets, accounts: [Assets]}
    - {no: 5, label: of which input tax, of: 4, accounts: ["Assets:Tax"]}
    - {no: 6, label: Assets, sum: [1, 2, 3, 4]}
    - {no: 7, label: Payables, sign: cr, accounts: ["Liabilities:Payables"]}
    - {no: 8, label: Customers in credit, sign: cr, credit: ["Assets:Receivables"]}
    - {no: 9, label: Tax, sign: cr, accounts: ["Liabilities:Tax"]}
    - {no: 10, label: Equity, sign: cr, accounts: [Equity], result: yes}
    - {no: 11, label: Both, sum: [7, 8, 9, 10]}
"""


def test_balances_on_the_wrong_side_go_to_the_other_side_partner_by_partner(company: Company) -> None:
    company.write("rules/statements.yaml", STATEMENTS)
    company.records(
        invoices="""
            number,date,customer,item,qty,price,tax
            I1,2026-01-05,C1,S,1,100,20%
            I2,2026-01-06,C2,S,-1,30,20%
        """,
        bills="""
            number,date,supplier,account,amount,tax
            B1,2026-01-05,S1,expense,50,20%
            B2,2026-01-06,S2,expense,-8,
        """,
    ).post()
    amounts = {row["no"]: row["amount"] for row in company.report("balance-sheet")["rows"]}
    assert amounts[2] == "128.00"  # 120 of C1, and 8 that S2 owes us
    assert amounts[8] == "36.00"
    assert amounts[7] == "60.00"
    assert (amounts[4], amounts[5]) == ("10.00", "10.00")
    assert (amounts[3], amounts[9]) == ("0.00", "14.00")
    assert amounts[6] == amounts[11] == "138.00"


def test_a_group_of_accounts_in_debit_is_an_asset(company: Company) -> None:
    company.write("rules/statements.yaml", STATEMENTS)
    company.records(
        payments="number,date,direction,amount,pays\nP1,2026-01-05,out,40,output-tax",
        invoices="number,date,customer,item,qty,price,tax\nI1,2026-01-05,C1,S,1,100,20%",
    ).post()
    amounts = {row["no"]: row["amount"] for row in company.report("balance-sheet")["rows"]}
    assert (amounts[3], amounts[9]) == ("20.00", "0.00")


def test_an_opening_is_told_by_partner_too(company: Company) -> None:
    company.write("rules/statements.yaml", STATEMENTS)
    company.records(
        opening_balances="date,account,partner,amount\n2026-01-01,receivable,C1,70\n2026-01-01,receivable,C2,-20",
        invoices="number,date,customer,item,qty,price\nI1,2026-01-01,C2,S,1,30",
    ).post()
    rows = {row["no"]: row for row in company.report("balance-sheet")["rows"]}
    assert (rows[2]["opening"], rows[8]["opening"]) == ("70.00", "20.00")
    assert (rows[2]["amount"], rows[8]["amount"]) == ("80.00", "0.00")


@pytest.mark.parametrize(("pack", "warned"), [("ifrs", True), ("us-gaap", False), ("cn-asbe", True)])
def test_lifo_is_computed_everywhere_and_allowed_in_the_united_states_only(
    new_company: Callable[..., Company], pack: str, warned: bool
) -> None:
    company = new_company(pack=pack, costing="lifo").records(
        items="code,name,unit\nA,Frame,pcs\nC,Pump,pcs",
        opening_stock="date,item,qty,value\n2026-01-01,A,1,10",
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-02,S1,A,1,12",
        deliveries="number,date,customer,item,qty\nD1,2026-01-03,C1,A,1",
    )
    assert company.post().role("cost-of-sales") == "12.00"
    told = f"{pack} does not allow the costing method lifo, used for A, C"
    assert (told in company.run("post").err) == warned


def test_what_goes_back_takes_its_tax_back_at_the_rate_of_its_day(new_company: Callable[..., Company]) -> None:
    company = new_company(pack="cn-small-business", currency="CNY").records(
        invoices="number,date,customer,item,qty,price,returns\nI1,2019-03-20,C1,S,10,100,\nI2,2019-04-10,C1,S,-1,100,I1",
        purchases="number,date,supplier,item,qty,price,returns\nP1,2019-03-20,S1,A,10,50,\nP2,2019-04-10,S1,A,-1,,P1",
    )
    assert company.post().role("output-tax", "--period", "2019-04") == "-144.00"  # 160 of March less 16, not 13
    assert company.role("input-tax", "--period", "2019-04") == "72.00"
