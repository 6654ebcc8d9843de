"""`rules test` and `rules coverage`: examples of one's own rules, differences side by side, and what nobody uses."""

from __future__ import annotations

import pytest

from conftest import Company

RULES = """
invoices:
  overrides: invoices
  narration: "Sale {number}"
  review: gross > 1000
  fail: {if: gross > 9000, text: "{gross} is too much"}
  warn: {if: gross > 5000, text: much}
  lines:
    - {dr: receivable, amount: gross}
    - {each: lines, cr: revenue, amount: line.net, if: not line.account}
    - {each: lines, cr: line.account, amount: line.net, if: line.account}
    - {each: lines, cr: output-tax, amount: line.tax}
"""
EXAMPLE = """
records:
  items: [{{code: A, name: A, unit: pcs}}]
  partners: [{{code: C, name: C}}]
invoices:
  - name: one frame
    given:
      invoices: [{{number: I, date: 2026-01-01, customer: C, item: A, qty: 1, price: {price}, tax: 20%}}]
    {expect}
"""


def example(price: str, expect: str) -> str:
    return EXAMPLE.format(price=price, expect=expect)


def test_differences_stand_side_by_side(company: Company) -> None:
    company.write("rules/vouchers.yaml", RULES)
    company.write(
        "rules/vouchers.spec.yaml",
        example(
            "50",
            "expect: [{dr: receivable, amount: 60.00}, {cr: revenue, amount: 45.00}, {cr: rounding, amount: 1.00}]",
        ),
    )
    result = company.run("rules", "test")
    assert result.code == 1
    assert [line.split() for line in result.out.splitlines()[:6]] == [
        ["invoices,", "one", "frame"],
        ["expected", "posted", "difference"],
        ["receivable", "dr", "60.00", "dr", "60.00"],
        ["revenue", "cr", "45.00", "cr", "50.00", "cr", "5.00"],
        ["rounding", "cr", "1.00", "-", "dr", "1.00"],
        ["output-tax", "-", "cr", "10.00", "cr", "10.00"],
    ]
    assert "expected cr revenue 45.00; posted cr revenue 50.00 beside it" in result.err


@pytest.mark.parametrize(
    ("price", "expect", "said"),
    [
        ("5", "narration: Sale I", ""),
        ("5", "narration: Sale J", "expected the narration `Sale J`, not `Sale I`"),
        ("5", "review: yes", "expected it to be marked for review"),
        ("5000", "{review: yes, warned: much}", ""),
        ("5000", "review: no", "it is marked for review"),
        ("5", "warned: much", "expected it to be warned: much"),
        ("9000", "refused: is too much", ""),
        ("9000", "refused: nonsense", "expected it to be refused: nonsense"),
        ("5", "refused: is too much", "expected it to be refused: is too much"),
        ("5", "expect: [{dr: receivable, amount: 6, partner: C, document: invoices/I}, {cr: revenue, amount: 5, item: B}]", "cr revenue 5 has the item A, not B"),
    ],
)  # fmt: skip
def test_examples_say_more_than_amounts(company: Company, price: str, expect: str, said: str) -> None:
    company.write("rules/vouchers.yaml", RULES)
    postings = f"expect: [{{dr: receivable, amount: {float(price) * 1.2:.2f}}}, {{cr: revenue, amount: {price}.00}}, {{cr: output-tax, amount: {float(price) * 0.2:.2f}}}]"
    if expect.startswith("expect"):
        lines = expect.replace("item: B}]", "item: B}, {cr: output-tax, amount: 1}]")
    elif expect.startswith("refused"):
        lines = expect
    else:
        pairs = expect.strip("{}").split(", ")
        lines = "\n    ".join([postings, *pairs])
    company.write("rules/vouchers.spec.yaml", example(price, lines))
    result = company.run("rules", "test")
    assert (result.code == 0) == (not said), result.err + result.out
    assert said in result.err


def test_coverage_names_what_neither_documents_nor_examples_use(company: Company) -> None:
    company.records(invoices="number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,100\nI2,2026-01-06,C1,S,1,100")
    company.write("rules/vouchers.yaml", RULES)
    company.write(
        "rules/accounts.yaml",
        "overrides: [revenue]\nroles:\n  revenue:\n    by: [item.type]\n    rows:\n      - [service, 'Income:Services']\n      - ['*', 'Income:Goods']\n",
    )
    company.write("rules/vouchers.spec.yaml", example("5", "expect: []"))
    rows = company.run("rules", "coverage", "--format", "json").json["rows"]
    own = {row["name"]: (row["documents"], row["examples"], row["used"]) for row in rows if "ifrs" not in row["place"]}
    assert {name: (documents, used) for name, (documents, _, used) in own.items()} == {
        "invoices": (2, "yes"),
        "invoices: dr receivable, gross": (2, "yes"),
        "invoices: cr revenue, line.net": (2, "yes"),
        "invoices: cr line.account, line.net": (0, "no"),
        "invoices: cr output-tax, line.tax": (0, "yes"),
        "revenue: service, Income:Services": (1, "yes"),
        "revenue: *, Income:Goods": (0, "yes"),
    }
    assert own["invoices: cr output-tax, line.tax"][1] == 2  # ours, and that of a discount that corrects the tax
    text = company.run("rules", "coverage").out
    assert "rules used" in text.splitlines()[-1]
