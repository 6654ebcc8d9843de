"""Stories of a company's own rules over the command line: split, rounding, review, summaries, dates, several vouchers."""

from __future__ import annotations

from conftest import Company

INVOICE = """
    number,date,customer,item,qty,price
    I1,2026-01-05,C1,S,1,100
"""


def postings(company: Company, *arguments: str) -> list[tuple[str, str]]:
    """The journal's accounts and signed amounts."""
    rows = company.report("journal", *arguments)["rows"]
    return [
        (row["account"].rsplit(":", 1)[-1], row["debit"] if row["debit"] != "0.00" else f"-{row['credit']}")
        for row in rows
    ]


def test_rent_is_split_in_percent_and_what_remains(company: Company) -> None:
    company.records(bills="number,date,supplier,account,amount\nB1,2026-01-05,S1,Expenses:Operating:Rent,100.01")
    company.write(
        "rules/vouchers.yaml",
        """
rent:
  document: bills
  overrides: bills
  lines:
    - each: lines
      amount: line.cost
      split:
        - {dr: overhead, share: 60%}
        - {dr: sample, amount: 5}
        - {dr: expense, share: remaining}
        - {dr: own-use, share: 1/3}
    - {cr: payable, amount: gross, due: due}
""",
    )
    company.post()
    # 60 % of 100.01 is 60.006; a third is 33.336...
    assert company.role("overhead") == "60.01"
    assert company.role("sample") == "5.00"
    assert company.role("own-use") == "33.34"
    assert company.role("expense") == "1.66"


def test_shares_without_remaining_make_up_the_whole_to_the_cent(company: Company) -> None:
    company.records(invoices=INVOICE.replace("100", "0.10"))
    rule = (
        "own:\n  document: invoices\n  overrides: invoices\n  lines:\n    - {dr: receivable, amount: gross}\n"
        "    - amount: net\n      merge: [account]\n      split:\n        - {cr: revenue, share: 1/3}\n"
        "        - {cr: gift, share: 1/3}\n        - {cr: sample, share: LAST}\n"
    )
    company.write("rules/vouchers.yaml", rule.replace("LAST", "1/3"))
    company.post()
    assert [company.role(role) for role in ("revenue", "gift", "sample")] == ["-0.03", "-0.03", "-0.04"]
    company.write("rules/vouchers.yaml", rule.replace("LAST", "30%"))
    assert "the shares of the split sum to 29/30, not to 100%" in company.fails("bad-rule")
    company.write("rules/vouchers.yaml", rule.replace("LAST", "number(net)"))
    assert "needs a part whose share is `remaining`" in company.fails("bad-rule")


def test_a_rounding_difference_has_a_role_and_a_limit(company: Company) -> None:
    company.records(invoices=INVOICE + "    I2,2026-01-06,C1,S,1,1000\n")
    company.write(
        "rules/vouchers.yaml",
        "own:\n  document: invoices\n  overrides: invoices\n  when: gross < 500\n  rounding: {role: rounding, max: 0.04}\n"
        "  lines:\n    - {dr: receivable, amount: gross}\n    - {cr: revenue, amount: net - 0.04}\n"
        "large:\n  document: invoices\n  when: gross >= 500\n  rounding: {role: rounding, max: 0.03}\n"
        "  lines:\n    - {dr: receivable, amount: gross}\n    - {cr: revenue, amount: net - 0.04}\n",
    )
    company.fails("unbalanced-rule")
    company.records(invoices=INVOICE)
    company.post()
    assert postings(company) == [("Trade", "100.00"), ("Revenue", "-99.96"), ("Rounding", "-0.04")]


def test_review_marks_the_voucher(company: Company) -> None:
    company.records(invoices=INVOICE + "    I2,2026-01-06,C1,S,1,5000\n")
    company.write(
        "rules/vouchers.yaml",
        "own:\n  document: invoices\n  overrides: invoices\n  review: gross > 1000 or has(customer.name, 'Two')\n"
        "  lines:\n    - {dr: receivable, amount: gross}\n    - {cr: revenue, amount: net}\n",
    )
    company.post()
    heads = [line for line in company.ledger("2026-01.bean").splitlines() if line.startswith("2026")]
    assert [line.split()[1] for line in heads] == ["*", "!"]


def test_conditions_that_warn_refuse_and_skip(company: Company) -> None:
    company.records(invoices=INVOICE + "    I2,2026-01-06,C1,S,1,5000\n    I3,2026-01-07,C2,S,1,7\n")
    company.write(
        "rules/vouchers.yaml",
        "own:\n  document: invoices\n  overrides: invoices\n"
        "  warn:\n    - {if: gross > 1000, text: '{customer.name} buys for {gross}'}\n    - {if: year(date) != 2026, text: another year}\n"
        "  skip: {if: customer.code == 'C2', text: our own house}\n"
        "  fail: {if: 'any(lines, line.qty > 5)', text: too many}\n"
        "  lines:\n    - {dr: receivable, amount: gross}\n    - {cr: revenue, amount: net}\n",
    )
    result = company.run("post")
    assert result.code == 0, result.err
    assert "rule-warned: invoices/I2: Customer One buys for 5000" in result.err
    assert "I3" not in company.ledger("2026-01.bean")
    company.records(invoices=INVOICE.replace("S,1,", "S,6,"))
    assert "invoices/I1: too many" in company.fails("rule-failed")


def test_several_vouchers_of_one_document(company: Company) -> None:
    company.records(invoices=INVOICE)
    company.write(
        "rules/vouchers.yaml",
        "commission:\n  document: invoices\n  voucher: commission\n  when: customer.code == 'C1'\n  let: {fee: round(net * 3 / 100)}\n"
        "  narration: 'Commission of {fee} on {number}'\n  tags: [commission]\n  meta: {base: '{net}'}\n"
        "  lines:\n    - {dr: expense, amount: fee}\n    - {cr: wages-payable, amount: fee}\n",
    )
    company.post()
    assert postings(company)[-2:] == [("Other", "3.00"), ("Wages", "-3.00")]
    text = company.ledger("2026-01.bean")
    assert text.count('document: "invoices/I1"') == 3  # two vouchers, and the receivable is kept by it
    assert "#invoices #commission" in text
    assert '"Commission of 3 on I1"' in text
    assert 'base: "100"' in text


SHOP = """
    number,date,customer,item,qty,price,memo
    X1,2026-01-05,C1,A,2,20,first
    X2,2026-01-05,C2,A,3,20,
    X3,2026-01-05,C1,A,-1,20,
    X4,2026-01-06,C1,A,1,20,
"""


def sales_rule(summary: str) -> str:
    return (
        f"own:\n  document: sales\n  overrides: sales\n  summary: {summary}\n  payee: '{{customer.name}}'\n  narration: Shop sales\n"
        "  lines:\n    - {dr: bank, amount: gross}\n    - {cr: receivable, amount: gross}\n    - {dr: receivable, amount: gross}\n"
        "    - {each: lines, cr: revenue, amount: line.net, merge: [account]}\n"
        "    - {each: moves, dr: cost-of-sales, amount: move.cost}\n    - {each: moves, cr: inventory, amount: move.cost}\n"
    )


def test_summary_vouchers_by_day_partner_and_kind(company: Company) -> None:
    company.records(opening_stock="date,item,qty,value\n2026-01-01,A,100,1000", sales=SHOP)
    counts = {}
    plain = (
        sales_rule("day")
        .replace("  summary: day\n", "")
        .replace("cr: receivable", "cr: write-off")
        .replace("dr: receivable", "dr: write-off")
    )
    company.write("rules/vouchers.yaml", plain)
    result = company.run("post")
    assert result.code == 0, result.err
    values = {role: company.role(role) for role in ("bank", "revenue", "inventory", "cost-of-sales")}
    cards = company.report("stock-moves", "--item", "A")["totals"]
    for summary in ("day", "partner", "kind"):
        company.write("rules/vouchers.yaml", plain.replace("  payee", f"  summary: {summary}\n  payee"))
        result = company.run("post")
        assert result.code == 0, result.err
        assert {role: company.role(role) for role in values} == values
        assert company.report("stock-moves", "--item", "A")["totals"] == cards
        checks = {one["name"]: one["status"] for one in company.run("check", "--format", "json").json["checks"]}
        assert (checks["stock"], checks["balance"], checks["beancount"]) == ("ok", "ok", "ok")
        counts[summary] = company.ledger("2026-01.bean").count("#sales")
    assert counts == {"day": 2, "partner": 3, "kind": 2}
    company.write("rules/vouchers.yaml", plain.replace("  payee", "  summary: day\n  payee"))
    company.run("post")
    text = company.ledger("2026-01.bean")
    assert '2026-01-05 * "" "Shop sales" ^X3 ^X1 ^X2 #sales' in text
    assert 'document: "sales/2026-01-05"' in text
    assert 'documents: "X3, X1, X2"' in text
    # what went out (5 pieces) and what came back (1) stay apart
    assert text.count("    qty: -5\n") == 1
    assert text.count("    qty: 1\n") == 1


def test_summaries_keep_receivables_by_document(company: Company) -> None:
    company.records(opening_stock="date,item,qty,value\n2026-01-01,A,100,1000", sales=SHOP)
    rule = sales_rule("day").replace("    - {dr: bank, amount: gross}\n    - {cr: receivable, amount: gross}\n", "")
    company.write(
        "rules/vouchers.yaml", rule.replace("dr: receivable, amount: gross", "dr: receivable, amount: gross, due: due")
    )
    company.post()
    rows = company.report("receivables")["rows"]
    assert [(row["document"], row["open"]) for row in rows] == [
        ("sales/X1", "40.00"),
        ("sales/X3", "-20.00"),
        ("sales/X4", "20.00"),
        ("sales/X2", "60.00"),
    ]


def test_rows_of_tables_have_dates(company: Company) -> None:
    company.records(
        invoices=INVOICE + "    I2,2026-07-01,C1,S,1,50\n",
        payments="""
            number,date,direction,amount,account,pays
            P1,2026-06-30,out,5,till,expense
            P2,2026-07-01,out,7,till,expense
        """,
    )
    company.write(
        "rules/accounts.yaml",
        """
overrides: [revenue]
roles:
  revenue:
    by: [item.type]
    rows:
      - {row: [service, "Income:Old"], to: 2026-06-30}
      - {row: [service, "Income:New"], from: 2026-07-01}
      - ["*", "Income:Goods"]
  till:
    rows:
      - {row: ["Assets:Cash:Old-Till"], to: 2026-06-30}
      - {row: ["Assets:Cash:New-Till"], from: 2026-07-01}
""",
    )
    company.post()
    rows = {row["account"]: row["closing"] for row in company.report("trial-balance")["rows"]}
    assert (rows["Income:Old"], rows["Income:New"]) == ("-100.00", "-50.00")
    assert (rows["Assets:Cash:Old-Till"], rows["Assets:Cash:New-Till"]) == ("-5.00", "-7.00")


def test_rules_cannot_hang_or_fill_the_memory(company: Company) -> None:
    company.records(invoices=INVOICE)
    deep = "sum(lines, sum(lines, sum(lines, line.net)))"
    company.write(
        "rules/vouchers.yaml",
        f"own:\n  document: invoices\n  overrides: invoices\n  lines:\n    - {{dr: receivable, amount: '{deep}'}}\n    - {{cr: revenue, amount: gross}}\n",
    )
    assert "sum cannot stand inside another function over a collection" in company.fails("bad-expression")
    doubling = "".join(f"    t{number}: t{number - 1} + t{number - 1}\n" for number in range(1, 60))
    company.write(
        "rules/vouchers.yaml",
        f"own:\n  document: invoices\n  overrides: invoices\n  let:\n    t0: number + number\n{doubling}"
        "  narration: '{t59}'\n  lines:\n    - {dr: receivable, amount: gross}\n    - {cr: revenue, amount: gross}\n",
    )
    assert "`+` makes a text that is too long" in company.fails("rule-error")


def test_a_rule_asks_for_the_rate_of_the_day(company: Company) -> None:
    """`rate` knows what the records' rates say on the document's day, in vouchers.yaml and in closing.yaml."""
    company.records(
        rates="date,currency,rate\n2026-01-01,USD,0.90\n2026-01-06,USD,0.80\n2026-01-31,USD,0.75",
        invoices="number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,100\nI2,2026-01-06,C1,S,1,100\nI3,2026-02-01,C1,S,1,100",
    )
    rule = """
invoices:
  overrides: invoices
  narration: "{round(gross / rate('USD'))} USD, {rate(currency)}"
  lines:
    - {dr: receivable, amount: gross, due: due}
    - {each: lines, cr: revenue, amount: line.net}
"""
    company.write("rules/vouchers.yaml", rule)
    company.write(
        "rules/closing.yaml",
        "promise:\n  lines:\n    - {dr: expense, amount: 100 * rate('USD')}\n    - {cr: write-off, amount: 100 * rate('USD')}\n",
    )
    company.post()
    said = {row["document"]: row["narration"] for row in company.report("journal")["rows"]}
    assert said["invoices/I1"] == "111.11 USD, 1"
    assert said["invoices/I2"] == "125 USD, 1"
    assert "75.00" in [amount for _, amount in postings(company)]
    assert "100 * rate('USD') = 100 * 0.75 = 75" in company.run("explain", "closings/2026-01-31-promise").out
    company.write("rules/vouchers.yaml", rule.replace("'USD'", "'GBP'"))
    assert "cannot be worked out for invoices/I1: `GBP` has no rate up to 2026-01-05" in company.fails(
        "rule-error", "rule-error", "rule-error"
    )


def test_rules_know_a_lines_department_and_employee(company: Company) -> None:
    company.records(
        departments="code,name,function\nD1,Workshop,production\nD2,Shop,selling",
        employees="code,name,department\nE1,Ann,D1",
        invoices="number,date,customer,item,qty,price,department\nI1,2026-01-05,C1,S,1,100,D2",
        payrolls="number,date,employee,gross\nP1,2026-01-31,E1,1000",
    )
    company.write(
        "rules/accounts.yaml",
        """
overrides: [revenue]
roles:
  revenue:
    by: [department.function]
    rows:
      - [selling, "Income:Sales:Shop"]
      - ["*", "Income:Sales"]
""",
    )
    company.write(
        "rules/vouchers.yaml",
        """
payrolls:
  overrides: payrolls
  lines:
    - {each: lines, dr: wages, amount: line.gross, meta: {who: "{employee.code} {employee.name}"}}
    - {each: lines, cr: wages-payable, amount: line.gross, meta: {where: "{department.code} {department.function}"}}
""",
    )
    company.post()
    ledger = company.ledger("2026-01.bean")
    assert "Income:Sales:Shop" in ledger
    assert 'who: "E1 Ann"' in ledger
    assert 'where: "D1 production"' in ledger
