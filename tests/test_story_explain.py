"""`explain`: from a voucher, a posting, a line of the ledger, an item, or a document that no rule takes, back to the why."""

from __future__ import annotations

from conftest import Company

INVOICES = """
    number,date,customer,item,qty,price,tax
    I1,2026-01-05,C1,S,1,100,20%
    I1,2026-01-05,C1,S,2,50.01,20%
"""
RULES = """
large:
  document: invoices
  overrides: invoices
  when: gross > 1000 and customer.code == "C1" and has(customer.name, "One")
  lines:
    - {dr: receivable, amount: gross}
    - {cr: revenue, amount: gross}
special:
  document: invoices
  when: gross > 1000 and customer.code == "C2"
  lines:
    - {dr: receivable, amount: gross}
    - {cr: revenue, amount: gross}
old:
  document: invoices
  to: 2025-12-31
  when: gross > 1000 and customer.code == "C3"
  lines:
    - {dr: receivable, amount: gross}
    - {cr: revenue, amount: gross}
"""


def test_amounts_show_their_inputs_and_arithmetic(company: Company) -> None:
    company.records(invoices=INVOICES)
    company.write(
        "rules/vouchers.yaml",
        "own:\n  document: invoices\n  overrides: invoices\n  when: gross > 100 and customer.role == 'customer'\n  let: {bonus: round(net * 3 / 100)}\n"
        "  review: gross > 200\n  rounding: {role: rounding, max: 0.02}\n  warn: {if: bonus > 5, text: 'a bonus of {bonus}'}\n  lines:\n"
        "    - {dr: receivable, amount: gross, due: due}\n    - {each: lines, cr: revenue, amount: line.net - 0.01, merge: [account]}\n"
        "    - {cr: output-tax, amount: 'sum(lines, line.tax)'}\n"
        "    - amount: bonus\n      if: bonus > 0\n      split: [{dr: gift, share: 1/3}, {dr: sample, share: remaining}]\n    - {cr: wages-payable, amount: bonus}\n",
    )
    text = company.run("explain", "I1").out
    for said in (
        "because gross > 100 (gross = 240.02)",
        "because customer.role == 'customer' (customer.role = customer)",
        "let bonus: round(net * 3 / 100) = round(200.02 * 3 / 100) = 6.00",
        "warned of: a bonus of 6",
        "marked `!` for review: gross > 200 (gross = 240.02)",
        "amount: line.net - 0.01 = 100.02 - 0.01 = 100.01",
        "amount: sum(lines, line.tax) = (20.00 + 20.00) = 40.00",
        "dr  Expenses:Selling:Gifts  2.00",
        "amount: bonus = 6.00; 1/3 of 6.00",
        "dr  Expenses:Selling:Samples  4.00",
        "amount: bonus = 6.00; what remains of 6.00",
        "because bonus > 0 (bonus = 6.00)",
        "cr  Expenses:Operating:Rounding  0.02",
    ):
        assert said in text, f"{said}\n{text}"
    tree = company.run("explain", "I1", "--format", "json").json[0]
    assert [one["amount"] for one in tree["rules"][0]["postings"]] == [
        "240.02", "99.99", "100.01", "40.00", "2.00", "4.00", "6.00", "0.02",
    ]  # fmt: skip


def test_a_document_that_no_rule_takes_learns_how_near_each_came(company: Company) -> None:
    company.records(invoices=INVOICES)
    company.write("rules/vouchers.yaml", RULES)
    text = company.run("explain", "invoices/I1").out
    near = [line.strip() for line in text.splitlines() if "not rule" in line]
    assert [line.split("`")[1] for line in near] == ["large", "special", "old"]
    assert "2 of 3 conditions hold" in near[0]
    assert "does not hold: gross > 1000 (gross = 240.02)" in text
    assert 'holds: has(customer.name, "One") (customer.name = Customer One)' in text
    assert "does not hold: to 2025-12-31 (date = 2026-01-05)" in text
    assert "0 of 3 conditions hold" in near[2]
    assert "no rule takes invoices/I1" in company.fails("no-rule")


def test_the_row_behind_an_account(company: Company) -> None:
    company.records(invoices=INVOICES)
    company.write(
        "rules/accounts.yaml",
        "overrides: [revenue]\nroles:\n  services: 'Income:Services'\n  revenue:\n    by: [item.type, customer.code]\n    rows:\n"
        "      - ['*', '*', 'Income:Goods']\n      - {row: [service, '*', services], from: 2026-01-01}\n",
    )
    text = company.run("explain", "I1").out
    assert "row rules/accounts.yaml:8:30: item.type is service, from 2026-01-01" in text
    row = company.run("explain", "I1", "--format", "json").json[0]["rules"][0]["postings"][1]["rows"][0]
    assert (row["role"], row["gives"]) == ("revenue", "services")


def test_one_posting_and_one_line_of_the_ledger(company: Company) -> None:
    company.records(invoices=INVOICES).post()
    one = company.run("explain", "I1#3", "--format", "json").json[0]["rules"][0]["postings"]
    assert [posting["account"] for posting in one] == ["Liabilities:Tax:Output-VAT"] * 2
    lines = company.ledger("2026-01.bean").splitlines()
    at = next(number for number, line in enumerate(lines, start=1) if "Output-VAT" in line)
    assert (
        company.run("explain", f"ledgers/2026-01.bean:{at}", "--format", "json").json[0]["rules"][0]["postings"] == one
    )
    head = next(number for number, line in enumerate(lines, start=1) if line.startswith("2026"))
    whole = company.run("explain", f"2026-01.bean:{head}", "--format", "json").json[0]["rules"][0]["postings"]
    assert len(whole) == 5  # the receivable, and revenue and tax of two lines
    assert company.run("explain", "ledgers/2026-01.bean:1").code == 2


def test_a_summary_voucher_is_explained_by_its_documents(company: Company) -> None:
    company.records(invoices=INVOICES + "    I2,2026-01-05,C2,S,1,7,\n    I3,2026-01-06,C2,S,1,8,\n")
    company.write(
        "rules/vouchers.yaml",
        "own:\n  document: invoices\n  overrides: invoices\n  summary: day\n  lines:\n    - {dr: receivable, amount: gross}\n    - {cr: revenue, amount: net}\n    - {cr: output-tax, amount: tax}\n",
    )
    company.post()
    trees = company.run("explain", "invoices/2026-01-05", "--format", "json").json
    assert [tree["document"] for tree in trees] == ["invoices/I1", "invoices/I2"]
    assert "part of the summary voucher invoices/2026-01-06" in company.run("explain", "I3").out


def test_the_value_of_an_item_is_shown_layer_by_layer(company: Company) -> None:
    company.records(
        opening_stock="date,item,qty,value\n2026-01-01,B,10,100\n2026-01-01,A,4,50",
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-02,S1,B,10,12",
        sales="number,date,customer,item,qty,price\nX1,2026-01-03,C1,B,12,20",
    ).post()
    text = company.run("explain", "B").out
    assert "B: fifo, cost kept by company" in text
    assert "8 pcs worth 96.00 = 12.000000 a pcs" in text
    assert "    8 of purchases/P1 line 1 worth 96.00" in text
    assert (
        "A: moving-average, cost kept by company\n  4 pcs worth 50.00 = 12.500000 a pcs"
        in company.run("explain", "A").out
    )


def test_a_role_with_accounts_in_different_places_is_these_accounts(company: Company) -> None:
    company.records(
        invoices=INVOICES, journals="number,date,account,debit,credit\nJ1,2026-01-06,expense,7,\nJ1,2026-01-06,bank,,7"
    )
    company.write(
        "rules/accounts.yaml",
        "overrides: [revenue]\nroles:\n  revenue:\n    by: [customer.code]\n    rows:\n"
        "      - ['*', 'Income:Goods']\n      - [C1, 'Income:Services:One']\n",
    )
    company.records(invoices=INVOICES + "    I2,2026-01-05,C2,S,1,7,\n").post()
    rows = company.report("ledger", "--account", "revenue")["rows"]
    assert {row["account"] for row in rows} == {"Income:Goods", "Income:Services:One"}
    assert rows[-1]["balance"] == company.role("revenue") == "-207.02"
    company.write(
        "rules/accounts.yaml",
        "overrides: [revenue]\nroles:\n  rent: 'Expenses:Rent'\n  revenue:\n    rows:\n"
        "      - {row: ['Income:Goods'], to: 2026-01-05}\n      - {row: ['Expenses:Odd'], from: 2026-01-06}\n",
    )
    company.records(invoices=INVOICES + "    I2,2026-01-06,C2,S,1,7,\n").post()
    assert "Ledger of revenue" in company.run("explain", "revenue").out
    rows = company.report("ledger", "--account", "revenue")["rows"]
    assert (len(rows), rows[-1]["balance"]) == (2, "-207.02")
    traced = company.report("trial-balance", "--trace", "revenue")["rows"]
    assert len(traced) == 2


def test_an_asset_from_its_bill_to_its_sale(company: Company) -> None:
    """A van of 1,000.00 with a salvage of 100.00 and 36 months: 25.00 a month; sold after two of them for 900.00."""
    company.records(
        assets="code,name,date,cost,salvage,life_months,disposed,proceeds\nVAN,Delivery van,2026-01-10,1000,100,36,2026-03-15,900\n"
        "OLD,Shelf,2025-01-10,360,,36,,",
        bills="number,date,supplier,account,amount\nB1,2026-01-10,S1,fixed-assets,1000",
        journals="number,date,account,debit,credit\nJ1,2026-04-01,bank,1,\nJ1,2026-04-01,cash,,1",
        opening_balances="date,account,amount\n2026-01-01,fixed-assets,360\n2026-01-01,accumulated-depreciation,-120",
    ).post()
    assert company.run("explain", "VAN").out.splitlines() == [
        "VAN Delivery van: 1000.00 from 2026-01-10, straight-line over 36 months, salvage 100.00",
        "  bought with bills/B1 line 1: 1000.00",
        "  depreciations/2026-01-31: 25.00, 25.00 so far, 975.00 left",
        "  depreciations/2026-02-28: 25.00, 50.00 so far, 950.00 left",
        "  disposals/VAN: cost 1000.00, depreciated 50.00, proceeds 900.00, loss 50.00",
    ]
    [tree] = company.run("explain", "OLD", "--format", "json").json
    assert (tree["opening"], tree["bought"], tree["disposal"]) == ("2026-01-01", [], [])
    assert [one["amount"] for one in tree["depreciation"]] == ["10.00", "10.00", "10.00"]
    assert "Did you mean `VAN`?" in company.run("explain", "VANN").err


def test_a_partner_is_explained_by_a_statement_of_account(company: Company) -> None:
    company.records(
        opening_balances="date,account,partner,amount\n2026-01-01,bank,,500.00\n2026-01-01,receivable,C1,80.00",
        payments="number,date,partner,direction,amount\nP1,2026-01-09,C1,in,30",
    ).post()
    said = company.run("explain", "C1")
    assert said.code == 0
    assert said.out.startswith("Test: Statement of account: Customer One (C1)")
    assert "payments/P1" in said.out
    assert company.run("explain", "C1", "--format", "json").json["report"] == "statement-of-account"
    assert company.run("explain", "C2").code == 0, "known, and nothing has happened yet"
    assert "Did you mean `C1`?" in company.run("explain", "C11").err
    opening = company.run("explain", "opening-balances/2026-01-01").out
    assert "line 1: bank, amount 500.00" in opening
    assert "quantity" not in opening
