"""Stories of foreign currencies: price and exchange differences apart, settlement, advances, foreign cash."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Company

RATES = "date,currency,rate\n2026-01-01,USD,6.5\n2026-02-01,USD,6.6\n2026-03-01,USD,6.7"
RECEIPT = "number,date,supplier,currency,rate,item,qty,price\nR1,2026-01-05,S1,USD,,A,10,10"
BILL = "number,date,supplier,currency,rate,receipt,item,qty,price\nB1,2026-02-05,S1,USD,,R1,A,10,11"


def test_price_and_exchange_difference_are_apart(company: Company) -> None:
    """Received 100 USD at 6.5; billed 110 USD at 6.6: 10 USD at 6.6 are price, 100 USD x 0.1 exchange."""
    company.records(rates=RATES, receipts=RECEIPT, bills=BILL).post()
    assert company.stock("A", "--to", "2026-01-31") == ("10", "716.00")  # the bill restates the receipt by its price
    assert company.role("exchange-loss") == "10.00"
    assert company.role("payable") == "-726.00"
    assert company.role("goods-received-not-invoiced") == "0.00"


def test_the_rate_may_be_part_of_what_goods_cost(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{fx_on_accrual: restate}").records(rates=RATES, receipts=RECEIPT, bills=BILL)
    company.post()
    assert company.stock("A") == ("10", "726.00")
    assert company.role("exchange-loss") == "0.00"


def test_a_settlement_relieves_the_documents_own_book_value(company: Company) -> None:
    """726.00 owed for 110 USD; 30 USD paid at 6.7, then 80 USD for 540.00 that the bank took."""
    company.records(
        rates=RATES,
        receipts=RECEIPT,
        bills=BILL,
        payments="number,date,partner,direction,amount,currency,rate,bank_amount,fee,applies\n"
        "Z1,2026-03-05,S1,out,30,USD,6.7,201.00,,B1\nZ2,2026-03-20,S1,out,80,USD,,540.00,,B1",
    ).post()
    assert company.role("payable", "--to", "2026-03-05") == "-528.00"
    assert company.role("payable") == "0.00"
    assert company.role("bank") == "-741.00"
    assert company.role("exchange-loss") == "25.00"  # 10 of the bill, 3 and 12 of the payments
    text = company.ledger("2026-03.bean")
    assert 'foreign: "30.00 USD"' in text


def test_an_invoice_with_tax_and_an_advance_at_its_rate(company: Company) -> None:
    """50 USD paid ahead at 6.5; invoiced 120 USD at 6.6; the rest of 70 USD comes at 6.7. Revenue is 50 x 6.5 + 50 x 6.6."""
    company.records(
        rates=RATES,
        invoices="number,date,customer,currency,total,item,qty,price,tax\nI1,2026-02-05,C1,USD,120.00,S,1,100,20%",
        payments="number,date,partner,direction,amount,currency,applies\n"
        "Z1,2026-01-10,C1,in,50,USD,I1\nZ2,2026-03-05,C1,in,70,USD,I1",
    ).post()
    assert company.role("customer-advances", "--to", "2026-01-31") == "-325.00"
    assert company.role("revenue") == "-655.00"
    assert company.role("output-tax") == "-132.00"
    assert company.role("receivable", "--to", "2026-02-28") == "462.00"
    assert company.role("receivable") == "0.00"
    assert company.role("bank") == "794.00"
    assert company.role("exchange-loss") == "0.00"  # see test_story_prepaid.py
    assert company.role("exchange-gain") == "-7.00"  # 70 x (6.7 - 6.6)


def test_foreign_cash_leaves_at_its_average(company: Company) -> None:
    """100 USD at 6.5 and 100 at 6.7; 150 leave at 6.6 on average, the last 50 take the rest: zero and zero."""
    company.records(
        rates=RATES,
        opening_balances="date,account,amount,currency,rate\n2026-01-01,bank:usd,100,USD,6.5",
        invoices="number,date,customer,currency,rate,item,qty,price\nI1,2026-02-05,C1,USD,6.7,S,1,100",
        bills="number,date,supplier,currency,rate,item,qty,price\nB1,2026-02-06,S1,USD,6.7,S,1,200",
        payments="number,date,partner,direction,amount,account,currency,rate,applies\n"
        "Z1,2026-02-10,C1,in,100,bank:usd,USD,6.7,I1\nZ2,2026-02-20,S1,out,150,bank:usd,USD,6.7,B1\n"
        "Z3,2026-02-25,S1,out,50,bank:usd,USD,6.7,B1",
    ).post()
    rows = company.report("trial-balance", "--to", "2026-02-20")["rows"]
    assert [row["closing"] for row in rows if row["account"].endswith("Usd")] == ["330.00"]
    rows = company.report("trial-balance")["rows"]
    assert [row["closing"] for row in rows if row["account"].endswith("Usd")] == ["0.00"]
    assert company.role("exchange-gain") == "-20.00"  # 150 x 0.1 and 50 x 0.1


def test_a_payment_in_the_wrong_currency_is_refused(company: Company) -> None:
    company.records(
        invoices="number,date,customer,currency,rate,item,qty,price\nI1,2026-02-05,C1,USD,6.7,S,1,100",
        payments="number,date,partner,direction,amount,applies\nZ1,2026-02-10,C1,in,670,I1",
    )
    assert "payments/Z1 is in EUR, and settles invoices/I1 in USD" in company.fails("other-currency")


def test_a_day_without_a_rate_is_refused(company: Company) -> None:
    company.records(rates="date,currency,rate\n2026-03-01,USD,6.7", receipts=RECEIPT)
    assert "there is no rate for 2026-01-05" in company.fails("no-rate")


def test_landed_costs_and_orders_in_foreign_currency(company: Company) -> None:
    """The order's price in USD counts at the receipt's rate; freight of 10 USD at 6.6 joins it."""
    company.records(
        rates=RATES,
        purchase_orders="number,date,supplier,currency,item,qty,price\nO1,2026-01-02,S1,USD,A,10,10",
        receipts="number,date,supplier,order,item,qty\nR1,2026-02-05,S1,O1,A,10",
        landed_costs="number,date,supplier,basis,amount,currency,document\nL1,2026-02-08,S1,qty,10,USD,R1",
    ).post()
    assert company.stock("A") == ("10", "726.00")
    assert company.role("payable") == "-66.00"


def test_foreign_money_that_pays_a_bill_at_once_leaves_at_its_average(company: Company) -> None:
    """100 USD at 6.5 are there; a bill of 100 USD at 6.7 is paid with them: zero and zero, and 20 of exchange gain."""
    company.records(
        opening_balances="date,account,amount,currency,rate\n2026-01-01,bank:usd,100,USD,6.5",
        bills="number,date,supplier,currency,rate,paid_account,item,qty,price\nB1,2026-02-06,S1,USD,6.7,bank:usd,S,1,100",
    ).post()
    rows = company.report("trial-balance")["rows"]
    assert [row["closing"] for row in rows if row["account"].endswith("Usd")] == ["0.00"]
    assert company.role("expense") == "670.00"
    assert company.role("exchange-gain") == "-20.00"


def test_an_overdrawn_foreign_account_is_cleared_at_what_it_is_carried_at(company: Company) -> None:
    """100 USD leave at 6.5 that were not there; 150 come at 6.7: 100 clear the 650, 50 are worth 335."""
    company.records(
        bills="number,date,supplier,currency,rate,item,qty,price\nB1,2026-02-06,S1,USD,6.5,S,1,100",
        invoices="number,date,customer,currency,rate,item,qty,price\nI1,2026-02-07,C1,USD,6.7,S,1,150",
        payments="number,date,partner,direction,amount,account,currency,rate,applies\n"
        "Z1,2026-02-10,S1,out,100,bank:usd,USD,6.5,B1\nZ2,2026-02-20,C1,in,150,bank:usd,USD,6.7,I1",
    ).post()
    rows = company.report("trial-balance")["rows"]
    assert [row["closing"] for row in rows if row["account"].endswith("Usd")] == ["335.00"]
    assert company.role("exchange-loss") == "20.00"


def test_amounts_have_the_decimals_of_their_own_currency(new_company: Callable[..., Company]) -> None:
    """12.34 USD at 150 in books that have no cents; 12.345 USD is refused, and so is half a yen."""
    payments = "number,date,partner,direction,amount,currency,rate,pays\nZ1,2026-02-10,,out,{},{},{},expense"
    company = new_company(currency="JPY").records(payments=payments.format("12.34", "USD", "150")).post()
    assert company.role("bank") == "-1851.00"
    company.records(payments=payments.format("12.345", "USD", "150"))
    assert "`12.345` has 3 decimals; amount in USD has 2 at most" in company.fails("too-precise")
    company.records(payments=payments.format("12.5", "", ""))
    assert "`12.5` has 1 decimals; amount has 0 at most" in company.fails("too-precise")


def test_an_orders_currency_is_known_on_its_own_day(company: Company) -> None:
    """The order of the same day is in its supplier's currency, and so is the receipt that takes its price."""
    company.records(
        rates=RATES,
        partners="code,name,role,currency\nS1,Supplier,supplier,USD",
        purchase_orders="number,date,supplier,item,qty,price\nO1,2026-01-02,S1,A,10,10",
        receipts="number,date,supplier,order,item,qty\nR1,2026-01-02,S1,O1,A,10",
    ).post()
    assert company.stock("A") == ("10", "650.00")


def test_an_amount_of_its_own_is_in_the_partners_currency(company: Company) -> None:
    """An invoice that names a delivery and states its amount takes no price from there, and no currency."""
    company.records(
        rates=RATES,
        partners="code,name,role,currency\nC1,Customer,customer,USD",
        opening_stock="date,item,qty,value\n2026-01-01,A,10,100",
        deliveries="number,date,customer,item,qty\nD1,2026-01-05,C1,A,10",
        invoices="number,date,customer,delivery,item,qty,amount\nI1,2026-01-06,C1,D1,A,10,200",
    ).post()
    assert company.role("receivable") == "1300.00"


def test_an_allocation_has_the_decimals_of_what_it_sets_off(new_company: Callable[..., Company]) -> None:
    """Books of yen set off 30.25 of an invoice of 100 USD against a bill of 30.25 USD; a third decimal is refused."""
    allocations = "number,date,partner,from,to,amount\nV1,2026-01-20,P1,B1,I1,{}"
    company = new_company(currency="JPY").records(
        partners="code,name,currency\nP1,Both,USD",
        invoices="number,date,customer,rate,item,qty,price\nI1,2026-01-10,P1,150,S,1,100",
        bills="number,date,supplier,rate,account,amount\nB1,2026-01-12,P1,140,expense,30.25",
        allocations=allocations.format("30.25"),
    )
    company.post()
    assert (company.role("receivable"), company.role("payable")) == ("10462.00", "0.00")  # 15,000 less 4,537.5, rounded
    assert company.role("exchange-loss") == "303.00"  # 4,538 were worth 4,235
    company.records(allocations=allocations.format("30.255"))
    assert "`30.255` has 3 decimals; amount in USD has 2 at most" in company.fails("too-precise")


def test_one_account_may_be_named_in_several_ways(new_company: Callable[..., Company]) -> None:
    """100 USD are bought to `bank:USD` at 6.5 and leave the same account by its name: nothing stays behind."""
    company = new_company(pack="cn-small-business", currency="CNY", settings="{taxpayer: general}")
    company.records(
        partners="code,name\nS1,Supplier",
        cash_transfers="number,date,from,to,amount,currency,rate\nT1,2026-01-05,bank,bank:USD,100,USD,6.5",
        payments="number,date,partner,direction,amount,account,currency,rate\n"
        "Z1,2026-01-06,S1,out,60,bank:USD,USD,6.6\nZ2,2026-01-07,S1,out,40,Assets:1002-银行存款:USD,USD,6.7",
    )
    company.post()
    closing = {row["account"]: row["closing"] for row in company.report("trial-balance")["rows"]}
    assert closing["Assets:1002-银行存款:USD"] == "0.00"
    assert company.role("exchange-gain") == "-14.00"  # 6.00 and 8.00


def test_money_that_is_opened_later_costs_nothing_before(new_company: Callable[..., Company]) -> None:
    """100 USD are paid at 0.90 on the 1st; 1,000 USD at 0.80 are opened on the 2nd. 900 are left of 710.00, a rate of 0.7889."""
    company = new_company().records(
        rates="date,currency,rate\n2026-01-01,USD,0.90",
        payments="number,date,partner,direction,amount,account,currency\nZ1,2026-01-01,S1,out,100,bank:USD,USD\n"
        "Z2,2026-01-05,S1,out,900,bank:USD,USD",
        opening_balances="date,account,amount,currency,rate\n2026-01-02,bank:USD,1000,USD,0.80",
    )
    company.post()
    assert company.role("supplier-advances", "--to", "2026-01-01") == "90.00"
    assert company.role("exchange-gain") == "-100.00"
    assert company.role("bank") == "0.00"
