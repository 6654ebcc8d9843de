"""Stories of orders, cut-off, and the documents behind a tax return, as reports tell them."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Company


def test_an_order_is_followed_to_its_payment(company: Company) -> None:
    company.records(
        purchase_orders="number,date,supplier,expected,item,qty,price\nPO1,2026-01-02,S1,2026-01-20,A,10,4",
        receipts="number,date,supplier,order,item,qty\nR1,2026-01-10,S1,PO1,A,6",
        bills="number,date,supplier,receipt,item,qty\nB1,2026-01-15,S1,R1,A,5",
        payments="number,date,partner,direction,amount,applies\nZ1,2026-01-20,S1,out,10,B1",
        sales_orders="number,date,customer,item,qty,price\nSO1,2026-01-12,C1,A,3,9",
        deliveries="number,date,customer,order,item,qty\nD1,2026-01-14,C1,SO1,A,2\nD2,2026-01-16,C1,SO1,A,1",
        invoices="number,date,customer,delivery,item,qty,price\nI1,2026-01-18,C1,D1,A,1,9",
    ).post()
    bought, sold = company.report("orders")["rows"]
    assert (bought["order"], bought["ordered"], bought["received"], bought["billed"]) == (
        "purchase-orders/PO1",
        "10",
        "6",
        "5",
    )
    assert (bought["open"], bought["paid"], bought["expected"]) == ("4", "10.00", "2026-01-20")
    assert (sold["delivered"], sold["invoiced"], sold["open"], sold["received"]) == ("3", "1", "0", None)
    gaps = [(row["gap"], row["document"], row["qty"], row["amount"]) for row in company.report("accruals")["rows"]]
    assert gaps == [
        ("received-not-billed", "receipts/R1", "1", "4.00"),
        ("delivered-not-invoiced", "deliveries/D1", "1", "4.00"),
        ("delivered-not-invoiced", "deliveries/D2", "1", "4.00"),
    ]
    then = [(row["document"], row["qty"]) for row in company.report("accruals", "--to", "2026-01-14")["rows"]]
    assert then == [("receipts/R1", "6"), ("deliveries/D1", "2")]


def test_the_documents_behind_a_tax_return(company: Company) -> None:
    company.records(
        invoices="number,date,customer,item,qty,price,tax\nI1,2026-01-10,C1,S,1,100,20%\nI1,,,S,1,10,5%\nN1,2026-01-12,C1,S,-1,40,20%",
        bills="number,date,supplier,item,qty,price,tax\nB1,2026-01-15,S1,S,1,50,20%\nB2,2026-02-15,S1,S,1,50,reverse-charge 19%",
    ).post()
    rows = company.report("tax", "--period", "2026-01")["rows"]
    assert [(row["box"], row["rate"], row["document"], row["base"], row["amount"]) for row in rows] == [
        ("input", "20", "bills/B1", "50.00", "10.00"),
        ("output", "5", "invoices/I1", "10.00", "0.50"),
        ("output", "20", "invoices/I1", "100.00", "20.00"),
        ("output", "20", "invoices/N1", "-40.00", "-8.00"),
    ]
    assert [row["box"] for row in company.report("tax")["rows"]] == [
        "input",
        "output",
        "output",
        "output",
        "reverse-charge",
    ]


def test_a_credit_note_takes_the_price_of_its_invoice(company: Company) -> None:
    company.records(
        invoices="number,date,customer,returns,item,qty,price\nI1,2026-01-10,C1,,S,4,25\nN1,2026-01-12,C1,I1,S,-1,",
    ).post()
    assert company.role("revenue") == "-75.00"


ORDER = "number,date,supplier,item,qty,price\nPO1,2026-01-02,S1,A,100,10\n"
RECEIPT = "number,date,supplier,order,item,qty\nR1,2026-01-10,S1,PO1,A,100\n"


def dear(company: Company, bills: str) -> list[str]:
    """The warnings of bills that are dearer than their order."""
    company.records(
        purchase_orders=ORDER, receipts=RECEIPT, bills="number,date,supplier,receipt,item,qty,price\n" + bills
    )
    found = company.run("post", "--format", "json").json["problems"]
    return [one["message"] for one in found if one["code"].startswith("billed-above-price")]


def test_a_bill_above_the_price_of_its_order_is_told(new_company: Callable[..., Company]) -> None:
    bills = "B1,2026-01-20,S1,R1,A,50,10.30\nB2,2026-01-21,S1,R1,A,40,10\nB3,2026-01-21,S1,R1,A,10,9.50\n"
    said = ["bills/B1 bills A at 10.30, purchase-orders/PO1 says 10.00"]
    assert dear(new_company(), bills) == said
    assert dear(new_company(policies="{over_price: warn 3%}"), bills) == []
    assert dear(new_company(policies="{over_price: warn 2.9%}"), bills) == said
    company = new_company(policies="{over_price: problem}")
    assert dear(company, bills) == said
    assert "records/bills.csv:2:" in company.fails("billed-above-price")


def test_a_credit_note_of_returned_goods_is_taken_off_its_order(company: Company) -> None:
    """10 ordered; 14 received and billed, 4 sent back and credited: nothing is billed beyond the order in the end."""
    company.records(
        purchase_orders="number,date,supplier,item,qty,price\nPO1,2026-01-02,S1,A,10,10",
        receipts="number,date,supplier,order,returns,item,qty\nR1,2026-01-10,S1,PO1,,A,14\nR2,2026-01-15,S1,,R1,A,-4",
        bills="number,date,supplier,receipt,item,qty,price\nB1,2026-01-12,S1,R1,A,14,10\nB2,2026-01-16,S1,R2,A,-4,10",
    )
    assert company.run("post", "--format", "json").json["problems"] == []
    (row,) = company.report("orders")["rows"]
    assert (row["received"], row["billed"], row["open"]) == ("10", "10", "0")


def test_an_order_of_an_amount_gives_its_price_on_its_own_day(company: Company) -> None:
    """10 for 120.00, with 20 % tax inside, received and billed on the day of the order; another 5 are billed through the receipt."""
    company.records(
        purchase_orders="number,date,supplier,item,qty,gross_amount,tax\nPO1,2026-01-02,S1,A,10,120,20%",
        receipts="number,date,supplier,order,item,qty\nR1,2026-01-02,S1,PO1,A,10",
        bills="number,date,supplier,receipt,item,qty\nB1,2026-01-02,S1,R1,A,5",
    ).post()
    assert company.stock("A") == ("10", "100.00")
    # the bill takes price and tax of the order that its receipt names
    assert (company.role("input-tax"), company.role("payable")) == ("10.00", "-60.00")


def test_the_price_of_a_drop_shipment_is_no_price_of_its_invoice(company: Company) -> None:
    company.records(
        drop_shipments="number,date,supplier,customer,item,qty,price\nD1,2026-01-02,S1,C1,A,10,4",
        invoices="number,date,customer,delivery,item,qty,price\nI1,2026-01-03,C1,D1,A,10,",
    )
    company.fails("no-price")


def test_an_invoice_has_the_currency_of_the_order_behind_its_delivery(company: Company) -> None:
    """10 USD a piece: 3 delivered and invoiced are 30 USD, 27.00 EUR, and wait for dollars."""
    company.records(
        rates="date,currency,rate\n2026-01-01,USD,0.90",
        opening_stock="date,item,qty,value\n2026-01-01,A,10,50",
        sales_orders="number,date,customer,currency,item,qty,price\nSO1,2026-01-02,C1,USD,A,10,10",
        deliveries="number,date,customer,order,item,qty\nD1,2026-01-03,C1,SO1,A,3",
        invoices="number,date,customer,delivery,item,qty\nI1,2026-01-04,C1,D1,A,3",
    ).post()
    assert company.role("receivable") == "27.00"
    assert 'foreign: "30.00 USD"' in company.ledger("2026-01.bean")


def test_prices_are_compared_in_the_currency_of_the_order(company: Company) -> None:
    """10 USD an ordered piece are 9 and 11 EUR by the day; the price is the same until the bill says 12."""
    company.records(
        rates="date,currency,rate\n2026-01-01,USD,0.90\n2026-01-15,USD,1.10",
        purchase_orders="number,date,supplier,currency,item,qty,price\nPO1,2026-01-02,S1,USD,A,100,10",
        receipts=RECEIPT,
        bills="""
            number,date,supplier,currency,receipt,item,qty,price
            B1,2026-01-20,S1,USD,R1,A,50,10
            B2,2026-01-21,S1,USD,R1,A,50,12
        """,
    )
    found = company.run("post", "--format", "json").json["problems"]
    assert [one["message"] for one in found] == ["bills/B2 bills A at 12.00, purchase-orders/PO1 says 10.00"]
