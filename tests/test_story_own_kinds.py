"""A company's own kinds of documents, in YAML only: every stock effect, settlement by payments, and what is refused.

docs/OWN-KINDS.md is followed literally by tests/test_docs.py.
"""

from __future__ import annotations

import pytest

from beanstock.records.kinds import EFFECTS
from conftest import Company

HEAD = "    header: {number: 'text, required', date: 'date, required'"
KINDS = {
    "in": f"documents:\n  finds:\n    stage: receipts\n    stock: in\n    prices: yes\n{HEAD}}}\n    lines: {{item: 'item, required', qty: 'quantity, required', price: price}}\n",
    "out": f"documents:\n  finds:\n    stage: deliveries\n    stock: out\n{HEAD}}}\n    lines: {{item: 'item, required', qty: 'quantity, required'}}\n",
    "signed": f"documents:\n  finds:\n    stage: adjustments\n    stock: signed\n{HEAD}}}\n    lines: {{item: 'item, required', qty: 'quantity, required', value: money}}\n",
    "transfer": f"documents:\n  finds:\n    stage: transfers\n    stock: transfer\n{HEAD}, from: 'warehouse, required', to: 'warehouse, required'}}\n    lines: {{item: 'item, required', qty: 'quantity, required'}}\n",
    "level": f"documents:\n  finds:\n    stage: counts\n    stock: level\n{HEAD}}}\n    lines: {{item: 'item, required', counted: 'quantity, required'}}\n",
}
RECORDS = {
    "in": "number,date,item,qty,price\nF1,2026-01-05,A,2,13",
    "out": "number,date,item,qty\nF1,2026-01-05,A,2",
    "signed": "number,date,item,qty,value\nF1,2026-01-05,A,-2,",
    "transfer": "number,date,item,qty,from,to\nF1,2026-01-05,A,2,main,shop",
    "level": "number,date,item,counted\nF1,2026-01-05,A,8",
}
RULE = "finds:\n  narration: Find {number}\n  lines:\n    - {each: moves, dr: inventory, amount: move.value}\n    - {each: moves, cr: stock-gain, amount: move.value}\n"


@pytest.mark.parametrize(
    ("effect", "left"),
    [("in", ("12", "126.00")), ("out", ("8", "80.00")), ("signed", ("8", "80.00")), ("transfer", ("10", "100.00")), ("level", ("8", "80.00"))],
)  # fmt: skip
def test_every_stock_effect(company: Company, effect: str, left: tuple[str, str]) -> None:
    assert set(EFFECTS) == set(KINDS)
    company.records(opening_stock="date,item,qty,value\n2026-01-01,A,10,100", finds=RECORDS[effect])
    company.write("rules/documents.yaml", KINDS[effect])
    company.write("rules/vouchers.yaml", RULE)
    company.post()
    assert company.stock("A") == left


def test_payments_settle_a_kind_of_ones_own_and_goods_come_back_by_reference(company: Company) -> None:
    company.write(
        "rules/documents.yaml",
        "documents:\n  lendings:\n    stage: deliveries\n    returns_stage: customer-returns\n    stock: out\n    settles: receivable\n    prices: yes\n    links: [returns]\n"
        "    header: {number: 'text, required', date: 'date, required', customer: 'customer, required', due: date, returns: text}\n"
        "    lines: {item: 'item, required', qty: 'quantity, required', price: price}\n",
    )
    company.write(
        "rules/vouchers.yaml",
        "lendings:\n  lines:\n    - {dr: receivable, amount: gross, due: due}\n    - {each: lines, cr: revenue, amount: line.net}\n"
        "    - {each: moves, dr: cost-of-sales, amount: move.cost}\n    - {each: moves, cr: inventory, amount: move.cost}\n",
    )
    company.records(
        opening_stock="date,item,qty,value\n2026-01-01,A,10,100",
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-07,S1,A,10,20",
        lendings="number,date,customer,item,qty,price,returns\nL1,2026-01-05,C1,A,4,25,\nL2,2026-01-09,C1,A,-1,25,L1",
        payments="number,date,partner,direction,amount,applies\nP1,2026-01-20,C1,in,50,L1",
    ).post()
    rows = company.report("receivables")["rows"]
    assert {row["document"]: row["open"] for row in rows} == {"lendings/L1": "50.00", "lendings/L2": "-25.00"}
    assert company.role("cost-of-sales") == "30.00"  # the piece came back at the 10.00 that it left at


def test_typed_columns_for_kinds_that_there_are(company: Company) -> None:
    company.write(
        "rules/documents.yaml",
        "columns:\n  invoices:\n    header: {commission: percent}\n    lines: {pieces: integer}\nnames: {commission: [Provision]}\n",
    )
    company.write(
        "rules/vouchers.yaml",
        "commission:\n  document: invoices\n  voucher: commission\n  when: commission > 0\n  let: {fee: round(net * commission / 100)}\n"
        '  lines:\n    - {dr: expense, amount: "fee + round(sum(lines, line.pieces) * 0.5)"}\n    - {cr: wages-payable, amount: "fee + round(sum(lines, line.pieces) * 0.5)"}\n',
    )
    company.records(
        invoices="number,date,customer,item,qty,price,Provision,pieces\nI1,2026-01-05,C1,S,1,100,7.5,3"
    ).post()
    assert company.role("wages-payable") == "-9.00"  # 7.5 % of 100.00, and half a euro for each of 3 pieces
    company.records(invoices="number,date,customer,item,qty,price,Provision\nI1,2026-01-05,C1,S,1,100,much")
    company.fails("wrong-type")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("documents:\n  invoices: {stage: invoices}\n", "duplicate-rule", "`invoices` is declared twice"),
        ("documents:\n  Finds: {stage: invoices}\n", "bad-rule", "`Finds` cannot be the name of a kind"),
        (KINDS["out"].replace("stock: out", "stock: production"), "bad-rule", "`production` belongs to one shipped kind"),
        (KINDS["out"].replace("stock: out", "stock: outt"), "bad-form", "Did you mean `out`?"),
        (KINDS["out"].replace("stage: deliveries", "stage: delivery"), "bad-rule", "Did you mean `deliveries`?"),
        (KINDS["out"].replace("    stage: deliveries\n", ""), "bad-rule", "has no `stage`"),
        (KINDS["out"].replace("qty: 'quantity, required'", "qty: quantity"), "bad-rule", "needs the column `qty: quantity, required`"),
        (KINDS["out"].replace("date: 'date, required'", "day: date"), "bad-rule", "needs the header column `date: date, required`"),
        (KINDS["out"].replace("number: 'text, required'", "no: text"), "bad-rule", "needs the header column `number: text, required`"),
        (KINDS["out"].replace("stock: out", "stock: out\n    settles: receivable"), "bad-rule", "needs a required customer"),
        (KINDS["out"].replace("qty: 'quantity, required'", "qty: 'quantity, required', b-c: quantty"), "bad-rule", "cannot be a column"),
        (KINDS["out"].replace("qty: 'quantity, required'", "qty: 'quantity, required', weight: quantty"), "bad-rule", "Did you mean `quantity`?"),
        (KINDS["out"].replace("stock: out", "stock: out\n    links: [receipt]"), "bad-rule", "`receipt` is no column"),
        (KINDS["out"].replace("stock: out", "stok: out"), "unknown-key", "Did you mean `stock`?"),
        ("columns:\n  invoces: {header: {a: text}}\n", "unknown-kind", "Did you mean `invoices`?"),
        ("columns:\n  invoices: {header: {due: date}}\n", "duplicate-rule", "`due` is declared twice"),
        ("documents: [a, b]\n", "bad-form", "a mapping"),
        ("documents:\n  finds: text\nnames: 5\nwords: {a: b}\ncolumns: []\n", "bad-form", "a mapping"),
        ("documents:\n  finds:\n    header: [a]\n    lines: {a: {b: c}}\n    names: {a: b}\n    stage: [x]\n", "bad-form", "a mapping"),
    ],
)  # fmt: skip
def test_faults_of_kinds_are_told(company: Company, text: str, code: str, said: str) -> None:
    company.write("rules/documents.yaml", text)
    result = company.run("rules", "check")
    assert result.code == 1
    assert f"error: {code}" in result.err, result.err
    assert said in result.err, result.err
    assert "rules/documents.yaml:" in result.err
