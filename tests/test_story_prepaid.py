"""Stories of goods and sales that were paid ahead in foreign money: what an advance covers stands at the advance's rate."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Company

PAID = "number,date,partner,direction,amount,currency,rate,applies"
BOUGHT = "number,date,supplier,currency,rate,item,qty,price,tax"
PURCHASE = f"{BOUGHT}\nP1,2026-02-01,S1,USD,7.2,A,100,10,"
AHEAD = f"{PAID}\nZ1,2026-01-10,S1,out,400,USD,7.0,P1"


def exchange(company: Company) -> str:
    """Gains and losses together, losses positive."""
    rows = company.report("trial-balance")["rows"]
    held = {row["role"]: float(row["closing"]) for row in rows if row["role"].startswith("exchange-")}
    return f"{sum(held.values()):.2f}"


def test_a_part_that_was_paid_ahead_stands_at_the_advances_rate(company: Company) -> None:
    """1,000 USD of goods at 7.2, of which 400 were paid at 7.0: 2,800.00 and 4,320.00; the rest is paid at 7.3."""
    rest = f"{AHEAD}\nZ2,2026-03-01,S1,out,600,USD,7.3,P1"
    company.records(purchases=PURCHASE, payments=rest).post()
    assert company.stock("A") == ("100", "7120.00")
    assert "paid ahead: 400.00 USD at 7.000000, which changes its worth by -80.00" in company.run("explain", "P1").out
    assert company.role("payable", "--to", "2026-02-28") == "-4320.00"
    assert company.role("exchange-loss", "--to", "2026-02-28") == "0.00"
    assert company.role("supplier-advances") == "0.00"
    assert company.role("payable") == "0.00"
    assert company.role("exchange-loss") == "60.00"  # 600 x 0.1, of what was not paid ahead


def test_it_may_stand_at_the_documents_rate(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{advance_rate: document}").records(purchases=PURCHASE, payments=AHEAD).post()
    assert company.stock("A") == ("100", "7200.00")
    assert company.role("exchange-gain") == "-80.00"  # 400 x 0.2


def test_tax_stays_at_the_documents_rate(company: Company) -> None:
    """100 USD and 20 of tax at 7.2, all paid ahead at 7.0: the goods are worth 700.00, the tax 144.00, which cost 140.00."""
    company.records(
        purchases=f"{BOUGHT}\nP1,2026-02-01,S1,USD,7.2,A,10,10,20%",
        payments=f"{PAID}\nZ1,2026-01-10,S1,out,120,USD,7.0,P1",
    ).post()
    assert company.stock("A") == ("10", "700.00")
    assert company.role("input-tax") == "144.00"
    assert company.role("exchange-gain") == "-4.00"
    assert [company.role(one) for one in ("payable", "supplier-advances")] == ["0.00", "0.00"]
    [row] = company.report("tax")["rows"]
    assert (row["base"], row["amount"]) == ("720.00", "144.00")  # the tax return has the document's rate


def test_an_advance_covers_goods_before_tax(company: Company) -> None:
    """Of 120 USD with 20 of tax 50 were paid ahead: 50 x 7.0 + 50 x 7.2, and no exchange difference."""
    company.records(
        purchases=f"{BOUGHT}\nP1,2026-02-01,S1,USD,7.2,A,10,10,20%",
        payments=f"{PAID}\nZ1,2026-01-10,S1,out,50,USD,7.0,P1",
    ).post()
    assert company.stock("A") == ("10", "710.00")
    assert company.role("input-tax") == "144.00"
    assert company.role("payable") == "-504.00"  # 70 x 7.2
    assert exchange(company) == "0.00"


def test_tax_that_nobody_gives_back_is_cost_and_covered(company: Company) -> None:
    company.records(
        purchases="number,date,supplier,currency,rate,item,qty,price,tax,tax_amount\n"
        "P1,2026-02-01,S1,USD,7.2,A,10,10,non-deductible,20",
        payments=f"{PAID}\nZ1,2026-01-10,S1,out,120,USD,7.0,P1",
    ).post()
    assert company.stock("A") == ("10", "840.00")
    assert exchange(company) == "0.00"


def test_several_advances_at_their_own_rates_over_several_lines(company: Company) -> None:
    """900 USD: 600 of frames, 300 of carriage; 300 paid at 6.9, 150 at 7.1, the rest is owed at 7.2: 6,375.00 in all."""
    company.records(
        purchases=f"{BOUGHT.replace('item', 'item,account')}\nP1,2026-02-01,S1,USD,7.2,A,,60,10,\n"
        "P1,,,,,,Expenses:Carriage,1,300,",
        payments=f"{PAID}\nZ1,2026-01-10,S1,out,300,USD,6.9,P1\nZ2,2026-01-20,S1,out,150,USD,7.1,P1",
    ).post()
    assert company.stock("A") == ("60", "4250.00")  # two thirds of 300 x 6.9 + 150 x 7.1 + 450 x 7.2
    rows = company.report("trial-balance")["rows"]
    assert [row["closing"] for row in rows if row["account"] == "Expenses:Carriage"] == ["2125.00"]
    assert company.role("payable") == "-3240.00"
    assert exchange(company) == "0.00"


def test_revenue_that_was_received_ahead(company: Company) -> None:
    """50 USD received at 7.0 of an invoice of 100 and 20 of tax at 7.2; the rest comes at its own rate."""
    company.records(
        invoices="number,date,customer,currency,rate,item,qty,price,tax\nI1,2026-02-05,C1,USD,7.2,S,1,100,20%",
        payments=f"{PAID}\nZ1,2026-01-10,C1,in,50,USD,7.0,I1\nZ2,2026-03-10,C1,in,70,USD,7.2,I1",
    ).post()
    assert company.role("revenue") == "-710.00"
    assert company.role("output-tax") == "-144.00"
    assert company.role("receivable", "--to", "2026-02-28") == "504.00"
    assert [company.role(one) for one in ("receivable", "customer-advances")] == ["0.00", "0.00"]
    assert exchange(company) == "0.00"


def test_an_allocation_tells_what_an_advance_was_for(company: Company) -> None:
    """The advance names nothing; it is allocated to the bill in the month of the bill. From an opening balance as well."""
    company.records(
        opening_balances="date,account,partner,amount,currency,rate,ref\n2026-01-01,supplier-advances,S1,100,USD,6.8,OLD",
        purchases=PURCHASE,
        payments=f"{PAID}\nZ1,2026-01-10,S1,out,400,USD,7.0,",
        allocations="number,date,partner,from,to,amount\nN1,2026-02-01,S1,Z1,P1,400\nN2,2026-02-20,S1,OLD,P1,100",
    ).post()
    assert company.stock("A") == ("100", "7080.00")  # 400 x 7.0 + 100 x 6.8 + 500 x 7.2
    assert company.role("payable") == "-3600.00"
    assert company.role("supplier-advances") == "0.00"
    assert exchange(company) == "0.00"


def test_a_later_allocation_leaves_the_months_before_alone(company: Company) -> None:
    company.records(
        purchases=PURCHASE,
        payments=f"{PAID}\nZ1,2026-01-10,S1,out,400,USD,7.0,",
        allocations="number,date,partner,from,to,amount\nN1,2026-03-01,S1,Z1,P1,400",
    ).post()
    assert company.stock("A") == ("100", "7200.00")
    assert company.role("exchange-gain") == "-80.00"


RECEIPT = "number,date,supplier,currency,rate,item,qty,price\nR1,2026-01-20,S1,USD,7.1,A,100,10"
BILL = "number,date,supplier,currency,rate,receipt,item,qty,price\nB1,2026-02-05,S1,USD,7.2,R1,A,100,10"
AHEAD_OF_BILL = f"{PAID}\nZ1,2026-01-10,S1,out,400,USD,7.0,B1"


def test_an_estimated_receipt_is_restated_by_what_was_paid_ahead(company: Company) -> None:
    """400 at 7.0, and 600 at the receipt's 7.1; what the rate changed until the bill is a loss on these 600 alone."""
    company.records(receipts=RECEIPT, bills=BILL, payments=AHEAD_OF_BILL).post()
    assert company.stock("A") == ("100", "7060.00")
    assert company.role("exchange-loss") == "60.00"
    assert company.role("payable") == "-4320.00"
    assert company.role("goods-received-not-invoiced") == "0.00"


def test_what_is_paid_after_the_goods_came_settles_what_they_cost(company: Company) -> None:
    """Received at 7.1, 400 paid at 7.0 on the way to the bill: the goods stay at 7.1, and 400 x 0.1 is a gain."""
    paid = f"{PAID}\nZ1,2026-01-25,S1,out,400,USD,7.0,B1"
    company.records(receipts=RECEIPT, bills=BILL, payments=paid).post()
    assert company.stock("A") == ("100", "7100.00")
    assert exchange(company) == "20.00"  # 600 x 0.1 - 400 x 0.1


def test_estimates_that_are_taken_back_each_month(new_company: Callable[..., Company]) -> None:
    """暂估: the receipt is estimated at 7.1, half of it is sold, and the late bill makes up the difference of both halves."""
    company = new_company(
        pack="cn-small-business", currency="CNY", language="zh", settings="{taxpayer: small-scale}"
    ).records(
        receipts=RECEIPT,
        deliveries="number,date,customer,item,qty\nD1,2026-01-25,C1,A,50",
        bills=BILL.replace("2026-02-05", "2026-03-05"),
        payments=AHEAD_OF_BILL,
    )
    company.post()
    assert company.stock("A") == ("50", "3530.00")
    assert company.role("cost-of-sales", "--to", "2026-01-31") == "3550.00"
    assert company.role("cost-of-sales") == "3530.00"
    assert company.role("goods-received-not-invoiced") == "0.00"
    assert company.role("supplier-advances") == "0.00"


def test_goods_that_are_billed_before_they_come(company: Company) -> None:
    """The bill waits in transit with what was paid ahead; two receipts take it over in parts."""
    company.records(
        bills="number,date,supplier,currency,rate,item,qty,price\nB1,2026-01-15,S1,USD,7.2,A,100,10",
        payments=AHEAD_OF_BILL,
        receipts="number,date,supplier,bill,currency,rate,item,qty,price\n"
        "R1,2026-02-01,S1,B1,USD,7.5,A,30,10\nR2,2026-03-01,S1,B1,USD,7.6,A,70,10",
    ).post()
    assert company.role("goods-in-transit", "--to", "2026-01-31") == "7120.00"
    assert company.stock("A", "--to", "2026-02-28") == ("30", "2136.00")
    assert company.stock("A") == ("100", "7120.00")
    assert company.role("goods-in-transit") == "0.00"


def test_goods_go_back_at_what_they_came_at(new_company: Callable[..., Company]) -> None:
    """Half of 7,060.00 goes back; the note at 7.3 is worth 3,650.00, and the rest is exchange, no difference of price."""
    company = new_company(policies="{supplier_returns: original}").records(
        receipts=f"{RECEIPT.replace('item', 'returns,item').replace('7.1,', '7.1,,')}\nR2,2026-03-01,S1,USD,7.4,R1,A,-50,10",
        bills=f"{BILL}\nB2,2026-03-05,S1,USD,7.3,R2,A,-50,10",
        payments=AHEAD_OF_BILL,
    )
    company.post()
    assert company.stock("A") == ("50", "3530.00")
    assert company.role("price-difference") == "0.00"
    assert company.role("goods-received-not-invoiced") == "0.00"
    assert company.role("payable") == "-670.00"  # 4,320.00 less 3,650.00
    assert exchange(company) == "-60.00"  # a loss of 60 with the bill; 3,650.00 - 3,530.00 gained


def test_a_credit_note_takes_back_what_revenue_was(company: Company) -> None:
    """A quarter of 7,120.00 (400 of 1,000 USD received at 7.0, the rest at 7.2) is taken back; the note is at 7.4."""
    company.records(
        sales="number,date,customer,currency,rate,returns,item,qty,price\nV1,2026-02-01,C1,USD,7.2,,S,10,100\n"
        "V2,2026-03-01,C1,USD,7.4,V1,S,-2.5,100",
        payments=f"{PAID}\nZ1,2026-01-10,C1,in,400,USD,7.0,V1",
    ).post()
    assert company.role("revenue") == "-5340.00"
    assert company.role("receivable") == "2470.00"  # 600 x 7.2 - 250 x 7.4
    assert company.role("exchange-loss") == "70.00"  # 1,850.00 - 1,780.00


def test_purchases_come_back_at_their_value(new_company: Callable[..., Company]) -> None:
    company = new_company(policies="{supplier_returns: original}").records(
        purchases="number,date,supplier,currency,rate,returns,item,qty,price\nP1,2026-02-01,S1,USD,7.2,,A,100,10\n"
        "P2,2026-03-01,S1,USD,7.4,P1,A,-100,10",
        payments=AHEAD,
    )
    company.post()
    assert company.stock("A") == ("0", "0.00")
    assert company.role("price-difference") == "0.00"
    assert company.role("payable") == "3080.00"  # 1,000 x 7.4 less 600 x 7.2
    assert company.role("exchange-gain") == "-280.00"  # 7,400.00 - 7,120.00


def test_goods_in_transit_that_are_credited_leave_nothing(company: Company) -> None:
    company.records(
        bills="number,date,supplier,currency,rate,returns,item,qty,price\nB1,2026-01-15,S1,USD,7.2,,A,100,10\n"
        "B2,2026-02-15,S1,USD,7.4,B1,A,-100,10",
        payments=AHEAD_OF_BILL,
    ).post()
    assert company.role("goods-in-transit") == "0.00"
    assert company.role("exchange-gain") == "-280.00"


def test_carriage_that_was_paid_ahead(company: Company) -> None:
    """Landed costs of 100 USD at 7.2, of which 40 were paid at 7.0."""
    company.records(
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-20,S1,A,10,10",
        landed_costs="number,date,supplier,basis,amount,currency,rate,document\nL1,2026-02-01,S2,value,100,USD,7.2,R1",
        payments=f"{PAID}\nZ1,2026-01-10,S2,out,40,USD,7.0,L1",
    ).post()
    assert company.stock("A") == ("10", "812.00")
    assert company.role("payable") == "-432.00"
    assert exchange(company) == "0.00"


def test_reverse_charge_is_due_at_the_documents_rate(company: Company) -> None:
    """100 USD at 7.2, paid ahead at 7.0: the service costs 700.00; 20 % of 720.00 are owed and deducted."""
    company.records(
        bills="number,date,supplier,currency,rate,account,qty,price,tax\n"
        "B1,2026-02-05,S1,USD,7.2,Expenses:Advice,1,100,reverse-charge 20%",
        payments=f"{PAID}\nZ1,2026-01-10,S1,out,100,USD,7.0,B1",
    ).post()
    rows = company.report("trial-balance")["rows"]
    assert [row["closing"] for row in rows if row["account"] == "Expenses:Advice"] == ["700.00"]
    assert (company.role("input-tax"), company.role("output-tax")) == ("144.00", "-144.00")
    assert exchange(company) == "0.00"


def test_without_perpetual_stock_purchases_take_both_rates(new_company: Callable[..., Company]) -> None:
    """Received at 7.1, billed at 7.2 with 400 of 1,000 USD paid at 7.0; half of it is credited at 7.4."""
    company = new_company(policies="{inventory_system: periodic}").records(
        receipts=RECEIPT,
        bills="number,date,supplier,currency,rate,receipt,returns,item,qty,price\nB1,2026-02-05,S1,USD,7.2,R1,,A,100,10\n"
        "B2,2026-03-05,S1,USD,7.4,,B1,A,-50,10",
        payments=AHEAD_OF_BILL,
    )
    company.post()
    assert company.role("purchases", "--to", "2026-02-28") == "7120.00"
    assert company.role("purchases") == "3560.00"
    assert company.role("payable") == "-620.00"  # 600 x 7.2 - 500 x 7.4
    assert company.role("exchange-gain") == "-140.00"  # 3,700.00 - 3,560.00
