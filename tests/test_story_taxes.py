"""Stories of taxes: input tax that waits for its certification, discounts that correct tax, and the proof of the returns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import Company

BILLS = """
    number,date,supplier,account,amount,tax
    B1,2026-01-10,S1,expense,1000,13%
    B1,2026-01-10,S1,expense,100,9%
    B2,2026-01-20,S2,expense,200,13%
    B3,2026-01-21,S2,expense,500,0%
"""


def boxes(company: Company, *arguments: str) -> list[tuple[str, str, str, str, str]]:
    rows = company.report("tax", *arguments)["rows"]
    return [(row["box"], row["document"], row["rate"], row["base"], row["amount"]) for row in rows]


@pytest.mark.parametrize("pack", ["ifrs", "cn-small-business", "cn-asbe"])
def test_input_tax_waits_for_its_certification(new_company: Callable[..., Company], pack: str) -> None:
    company = new_company(pack=pack, policies="{input_tax: on-certification}")
    company.records(
        opening_balances="date,account,amount,ref\n2026-01-01,input-tax-pending,50,OLD\n",
        bills=BILLS,
        tax_certifications="""
            number,date,document,tax_amount
            Z1,2026-02-10,B1,
            Z1,2026-02-10,OLD,
            Z2,2026-03-10,B2,20
        """,
    ).post()
    # 130 + 9 + 26 of the bills and 50 of the opening wait; 189 are certified in February, 20 of 26 in March
    assert company.role("input-tax-pending", "--to", "2026-01-31") == "215.00"
    assert company.role("input-tax", "--to", "2026-01-31") == "0.00"
    assert company.role("input-tax", "--to", "2026-02-28") == "189.00"
    assert (company.role("input-tax"), company.role("input-tax-pending")) == ("209.00", "6.00")
    february = boxes(company, "--period", "2026-02")
    assert [one for one in february if one[0] == "input"] == [
        ("input", "tax-certifications/Z1", "0", "0.00", "50.00"),
        ("input", "tax-certifications/Z1", "9", "100.00", "9.00"),
        ("input", "tax-certifications/Z1", "13", "1000.00", "130.00"),
    ]
    assert sum(float(one[4]) for one in boxes(company) if one[0] == "input-pending") == -44  # 165 - 209: 50 came before


def test_nothing_is_certified_twice_or_before_it_is_there(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{input_tax: on-certification}")
    company.records(
        bills=BILLS,
        tax_certifications="""
            number,date,document
            Z0,2026-01-05,B2
            Z1,2026-02-10,B1
            Z2,2026-03-10,B1
            Z3,2026-03-10,B9
        """,
    )
    said = company.fails("over-certified", "over-certified", "unknown-document")
    assert "tax-certifications/Z2 certifies the tax of bills/B1, of which 0.00 is pending" in said


def test_a_credit_note_waits_with_the_other_sign(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{input_tax: on-certification}")
    company.records(
        bills=BILLS + "B4,2026-02-01,S2,expense,-100,13%\n",
        tax_certifications="number,date,document\nZ1,2026-02-10,B2\nZ1,2026-02-10,B4\n",
    ).post()
    assert (company.role("input-tax"), company.role("input-tax-pending")) == ("13.00", "139.00")


PAID = """
    number,date,partner,direction,amount,cash_discount,applies
    P1,2026-01-20,C1,in,116.40,3.60,I1
    P2,2026-01-21,S1,out,1185.80,24.20,B1
"""
TRADE = {
    "invoices": "number,date,customer,item,qty,price,tax\nI1,2026-01-05,C1,S,1,100,20%\n",
    "bills": "number,date,supplier,account,amount,tax\nB1,2026-01-06,S1,expense,1000,20%\nB1,2026-01-06,S1,expense,10,0%\n",
}


def test_a_cash_discount_corrects_the_tax(new_company: Callable[..., Company]) -> None:
    """3% of 120 are 3.60: 3.00 of revenue and 0.60 of tax. 2% of 1210 are 24.20, of which 24.20 x 200 / 1210 = 4.00 is tax."""
    company = new_company(policies="{discount_tax: correct}").records(**TRADE, payments=PAID).post()
    assert (company.role("discount-given"), company.role("output-tax")) == ("3.00", "-19.40")
    assert (company.role("discount-taken"), company.role("input-tax")) == ("-20.20", "196.00")
    assert (company.role("receivable"), company.role("payable")) == ("0.00", "0.00")
    assert boxes(company) == [
        ("input", "bills/B1", "0", "10.00", "0.00"),
        ("input", "bills/B1", "20", "1000.00", "200.00"),
        ("input", "payments/P2", "20", "-20.20", "-4.00"),
        ("output", "invoices/I1", "20", "100.00", "20.00"),
        ("output", "payments/P1", "20", "-3.00", "-0.60"),
    ]


def test_a_cash_discount_that_keeps_the_tax(company: Company) -> None:
    company.records(**TRADE, payments=PAID).post()
    assert (company.role("discount-given"), company.role("output-tax")) == ("3.60", "-20.00")
    assert (company.role("discount-taken"), company.role("input-tax")) == ("-24.20", "200.00")


def test_every_tax_of_the_ledger_is_in_a_document(company: Company) -> None:
    """Paying the office is no part of the return, and the check knows; a rule that forgets tax is found by its voucher."""
    company.records(
        **TRADE,
        payments="number,date,direction,amount,pays\nP1,2026-02-10,out,20,output-tax\n",
        opening_balances="date,account,amount\n2026-01-01,output-tax,-7\n",
        opening_stock="date,item,qty,value\n2026-01-01,A,10,100\n",
        adjustments="number,date,reason,item,qty,tax\nG1,2026-01-10,gift,A,-1,20%\nG2,2026-01-11,scrap,A,-1,20%\n",
    ).post()
    assert company.role("output-tax") == "-9.00"  # 7 + 20 + 2 of the gift, less 20 paid
    company.write(
        "rules/vouchers.yaml",
        """
invoices:
  overrides: invoices
  narration: "Invoice {number}"
  lines:
    - {dr: receivable, amount: gross, due: due}
    - {each: lines, cr: revenue, amount: line.gross, merge: [account, item]}
""",
    )
    assert company.run("post").code == 0
    result = company.run("check", "--format", "json")
    assert result.code == 1
    checks = {one["name"]: one for one in result.json["checks"]}
    assert checks["tax"]["status"] == "failed"
    assert [one["message"] for one in checks["tax"]["problems"]] == [
        "output tax of invoices/I1: the documents say -20.00, the ledger says 0"
    ]
    assert [name for name, one in checks.items() if one["status"] == "failed"] == ["tax"]


def small(
    new_company: Callable[..., Company], pack: str, invoices: str, policies: str = "{}", **settings: str
) -> Company:
    """A small-scale taxpayer's invoices at 1%: of 101,000 each, 1,000 is tax."""
    said = ", ".join(f"{key}: {value}" for key, value in {"taxpayer": "small-scale", **settings}.items())
    company = new_company(pack=pack, currency="CNY", settings="{" + said + "}", policies=policies)
    return company.records(invoices="number,date,customer,item,qty,gross_price,invoice_type\n" + invoices)


@pytest.mark.parametrize(("pack", "account"), [("cn-small-business", "530109"), ("cn-asbe", "6117")])
def test_a_quarter_below_the_limit_is_let_off(new_company: Callable[..., Company], pack: str, account: str) -> None:
    invoices = "I1,2026-01-15,C1,S,1,101000,\nI2,2026-02-15,C1,S,1,101000,专票\nI3,2026-03-15,C1,S,1,101000,普票\n"
    company = small(new_company, pack, invoices).post()
    # the quarter is not over before something of the next one is there
    assert company.role("output-tax") == "-3000.00"
    company = small(new_company, pack, invoices + "I4,2026-04-01,C1,S,1,101000,\n").post()
    # 300,000 of sales are just the limit; the special invoice's 1,000 are owed all the same
    assert company.role("output-tax", "--to", "2026-03-31") == "-1000.00"
    assert company.role("tax-relief", "--to", "2026-03-31") == "-2000.00"
    rows = {row["code"]: row["closing"] for row in company.report("trial-balance")["rows"]}
    assert rows[account] == "-2000.00"
    assert [one for one in boxes(company) if one[0] == "exempted"] == [
        ("exempted", "tax-exemptions/2026-03-31", "1", "-200000.00", "-2000.00")
    ]
    assert company.role("output-tax") == "-2000.00"


def test_a_quarter_above_the_limit_is_owed_in_full(new_company: Callable[..., Company]) -> None:
    invoices = "I1,2026-01-15,C1,S,1,303001.01,\nI4,2026-04-01,C1,S,1,101,\n"
    company = small(new_company, "cn-small-business", invoices).post()
    assert (company.role("tax-relief"), company.role("output-tax")) == ("0.00", "-3001.01")


def test_by_the_month_and_in_years_with_other_limits(new_company: Callable[..., Company]) -> None:
    # by the month: January is above 100,000, February below it; a red invoice takes March under its limit
    invoices = """I1,2026-01-15,C1,S,1,101001.01,
        I2,2026-02-15,C1,S,1,50500,
        I3,2026-03-15,C1,S,1,111100,
        I4,2026-03-16,C1,S,-1,20200,
        I5,2026-04-01,C1,S,1,101,
    """
    company = small(new_company, "cn-small-business", invoices, tax_period="month").post()
    assert company.role("tax-relief") == "-1400.00"  # 500 and 1100 - 200
    # 2021: 400,000 in the first quarter are above the limit of 300,000, in the second below that of 450,000
    invoices = "I1,2021-01-15,C1,S,1,404000,\nI2,2021-04-15,C1,S,1,404000,\nI3,2021-07-15,C1,S,1,101,\n"
    company = small(new_company, "cn-small-business", invoices).post()
    assert company.role("tax-relief") == "-4000.00"


DISCOUNTED = "number,date,partner,direction,amount,cash_discount,applies\n"


@pytest.mark.parametrize(
    ("invoice", "left"),
    [
        ("I1,2026-01-15,C1,S,1,10100,\n", "0.00"),  # let off in January: nothing of it comes back in February
        ("I1,2026-01-15,C1,S,1,10100,专票\n", "-99.00"),  # a special invoice's 100 were owed, and 1 is taken back
        ("I1,2026-01-15,C1,S,1,202000,\n", "-1999.00"),  # above the limit all was owed
    ],
)
def test_a_discount_takes_back_no_tax_that_was_let_off(
    new_company: Callable[..., Company], invoice: str, left: str
) -> None:
    """1% tax by the month, and 101 less are paid in February, where there are sales above the limit, and their tax is owed."""
    company = small(
        new_company,
        "cn-small-business",
        invoice + "I2,2026-02-15,C2,S,1,303000,\nI3,2026-03-01,C2,S,1,1010,\n",
        "{discount_tax: correct}",
        tax_period="month",
    )
    company.records(payments=f"{DISCOUNTED}P1,2026-02-20,C1,in,1000,101,I1\n").post()
    assert company.role("output-tax", "--to", "2026-02-28") == f"{float(left) - 3000:.2f}"
    assert company.role("discount-given") == ("101.00" if left == "0.00" else "100.00")


def test_a_discount_on_a_special_invoice_lets_no_more_off(new_company: Callable[..., Company]) -> None:
    """In one month: 100 of tax of a plain invoice are let off, and of a special one 100 less 1 are owed."""
    invoices = "I1,2026-01-15,C1,S,1,10100,专票\nI2,2026-01-16,C2,S,1,10100,\nI3,2026-02-01,C2,S,1,1010,\n"
    company = small(new_company, "cn-small-business", invoices, "{discount_tax: correct}", tax_period="month")
    company.records(payments=f"{DISCOUNTED}P1,2026-01-20,C1,in,9999,101,I1\n").post()
    assert company.role("tax-relief", "--to", "2026-01-31") == "-100.00"
    assert company.role("output-tax", "--to", "2026-01-31") == "-99.00"


@pytest.mark.parametrize(("exempt", "left"), [("50000.00", "0.00"), ("50000.01", "-500.00")])
def test_what_an_item_or_partner_exempts_counts_towards_the_limit(
    new_company: Callable[..., Company], exempt: str, left: str
) -> None:
    """A month with 50,000 of taxed sales and as much of an item that is exempt by itself: just the limit, and a cent beyond it."""
    said = "{taxpayer: small-scale, tax_period: month}"
    company = new_company(pack="cn-small-business", currency="CNY", settings=said)
    company.records(
        items="code,name,unit,type,tax\nE,蔬菜,斤,service,exempt\nT,服务,次,service,\n",
        invoices=f"""
            number,date,customer,item,qty,price
            I1,2026-01-15,C1,T,1,50000
            I2,2026-01-16,C1,E,1,{exempt}
            I3,2026-02-01,C1,T,1,1
        """,
    ).post()
    assert company.role("output-tax", "--to", "2026-01-31") == left
    assert ("output", "invoices/I2", "0", exempt, "0.00") in boxes(company, "--to", "2026-01-31")


def test_a_general_taxpayer_has_no_limit(new_company: Callable[..., Company]) -> None:
    company = new_company(pack="cn-small-business", currency="CNY")
    company.records(
        invoices="number,date,customer,item,qty,price\nI1,2026-01-15,C1,S,1,100\nI2,2026-04-15,C1,S,1,100\n"
    ).post()
    assert (company.role("tax-relief"), company.role("output-tax")) == ("0.00", "-26.00")


def test_a_discount_is_shared_by_what_one_side_settles(new_company: Callable[..., Company]) -> None:
    """An invoice of 120 less a credit note of 24 and a bill of 36: the discount of 4.80 is 5% of 96, 0.80 of it tax."""
    company = new_company(policies="{discount_tax: correct}")
    company.records(
        partners="code,name\nP1,Both",
        invoices="number,date,customer,item,qty,price,tax\nI1,2026-01-05,P1,S,1,100,20%\nN1,2026-01-06,P1,S,-1,20,20%",
        bills="number,date,supplier,account,amount,tax\nB1,2026-01-06,P1,expense,30,20%",
        payments="number,date,partner,direction,amount,cash_discount,applies\n"
        + "".join(f"Z1,2026-01-20,P1,in,55.20,4.80,{name}\n" for name in ("I1", "N1", "B1")),
    ).post()
    assert (company.role("discount-given"), company.role("output-tax")) == ("4.00", "-15.20")  # 20 - 4 - 0.80
    assert (company.role("receivable"), company.role("payable"), company.role("input-tax")) == ("0.00", "0.00", "6.00")


def test_a_reverse_charge_in_foreign_money(company: Company) -> None:
    """1,000 USD at 0.90: 900.00 are owed, and 19 % of them to the tax office and back."""
    company.records(
        bills="number,date,supplier,currency,rate,account,amount,tax\n"
        "B1,2026-01-15,S1,USD,0.90,expense,1000,reverse-charge 19%",
    ).post()
    assert (company.role("payable"), company.role("input-tax"), company.role("output-tax")) == (
        "-900.00",
        "171.00",
        "-171.00",
    )


def test_use_tax_is_part_of_the_cost(new_company: Callable[..., Company]) -> None:
    """10 frames at 10.00 and 6 % use tax cost 106.00; 50.00 of freight cost 53.00 with theirs. The seller is paid neither."""
    company = new_company(pack="us-gaap", currency="USD")
    company.records(
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,10,10\n",
        deliveries="number,date,customer,item,qty\nD1,2026-01-06,C1,A,4\n",
        bills="""
            number,date,supplier,receipt,item,account,qty,amount,tax
            B1,2026-01-10,S1,R1,A,,10,100,use-tax 6%
            B2,2026-01-11,S2,,,expense,,200,reverse-charge 6%
        """,
    ).post()
    # the bill restates what the goods cost from their own day on
    assert company.stock("A") == ("6", "63.60")
    assert (company.role("cost-of-sales"), company.role("expense")) == ("42.40", "212.00")
    assert (company.role("payable"), company.role("output-tax")) == ("-300.00", "-18.00")
    assert company.role("goods-received-not-invoiced") == "0.00"
    company.records(
        landed_costs="number,date,supplier,basis,amount,tax,document\nL1,2026-01-12,S2,value,50,use-tax 6%,R1\n",
    ).post()
    assert company.stock("A") == ("6", "95.40")  # 159.00 x 6 / 10
    assert (company.role("cost-of-sales"), company.role("payable")) == ("63.60", "-350.00")
    assert (company.role("output-tax"), company.role("landed-cost-clearing")) == ("-21.00", "0.00")
    assert boxes(company) == [
        ("reverse-charge-in-cost", "bills/B1", "6", "100.00", "6.00"),
        ("reverse-charge-in-cost", "bills/B2", "6", "200.00", "12.00"),
        ("reverse-charge-in-cost", "landed-costs/L1", "6", "50.00", "3.00"),
    ]


@pytest.mark.parametrize("system", ["perpetual", "periodic"])
def test_use_tax_of_purchases_comes_back_with_the_goods(new_company: Callable[..., Company], system: str) -> None:
    """3 wheels at 3.33 are 9.99, the use tax of 7.25 % 0.72: 10.71, of which one goes back at 3.57 for 3.33 and 0.24."""
    company = new_company(pack="us-gaap", currency="USD", policies=f"{{inventory_system: {system}}}")
    company.records(
        purchases="""
            number,date,supplier,returns,item,qty,price,tax
            P1,2026-01-05,S1,,B,3,3.33,use-tax 7.25%
            P2,2026-01-06,S1,P1,B,-1,3.33,use-tax 7.25%
        """,
    ).post()
    assert company.stock("B") == ("2", "7.14")
    assert (company.role("payable"), company.role("output-tax")) == ("-6.66", "-0.48")


def test_use_tax_at_a_rate_of_the_books_own(new_company: Callable[..., Company]) -> None:
    """The state raises its tax on 1 July; a bill of 100 EUR at 1.10 owes 6 % and 7 % of 110.00."""
    company = new_company(pack="us-gaap", currency="USD")
    company.write(
        "rules/taxes.yaml",
        "overrides: [reverse-charge]\ntaxes:\n  reverse-charge:\n    recoverable: no\n    reverse: yes\n    rates:\n"
        "      - {percent: 6%, to: 2026-06-30}\n      - {percent: 7%, from: 2026-07-01}\n",
    )
    company.records(
        bills="""
            number,date,supplier,currency,rate,account,amount,tax
            B1,2026-06-30,S1,EUR,1.10,expense,100,use-tax
            B2,2026-07-01,S1,EUR,1.10,expense,100,use-tax
        """,
    ).post()
    assert (company.role("expense"), company.role("payable")) == ("234.30", "-220.00")  # 220 + 6.60 + 7.70
    assert company.role("output-tax") == "-14.30"


@pytest.mark.parametrize("pack", ["cn-small-business", "cn-asbe"])
@pytest.mark.parametrize(
    ("taxpayer", "stock", "cost", "recovered"),
    [("general", "200.00", "100.00", "18.00"), ("small-scale", "212.00", "106.00", "0.00")],
)
def test_a_small_taxpayer_does_not_recover_what_he_owes(
    new_company: Callable[..., Company], pack: str, taxpayer: str, stock: str, cost: str, recovered: str
) -> None:
    """Advice from abroad, 100.00 and 6 %: owed to the tax office by both, deducted by a general taxpayer only."""
    company = new_company(pack=pack, currency="CNY", settings=f"{{taxpayer: {taxpayer}}}")
    company.records(
        purchases="number,date,supplier,item,qty,price,tax\nP1,2026-01-05,S1,A,10,10,reverse-charge 6%\n",
        expenses="number,date,partner,account,amount,tax\nE1,2026-01-06,S2,expense,100,reverse-charge 6%\n",
        landed_costs="number,date,supplier,basis,amount,tax,document\nL1,2026-01-07,S2,qty,100,reverse-charge 6%,P1\n",
    ).post()
    assert (company.stock("A"), company.role("expense")) == (("10", stock), cost)
    assert (company.role("payable"), company.role("output-tax")) == ("-300.00", "-18.00")
    assert company.role("input-tax") == recovered
