"""Stories of gifts and losses with tax, differences that wait for a decision, and jobs with stated work in process."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Company

OPENING = "date,item,qty,value\n2026-01-01,A,100,1000.00"
PENDING = """counts:
  overrides: counts
  lines:
    - {each: moves, dr: inventory, amount: move.value}
    - {each: moves, cr: stock-pending, amount: move.value}
    - {each: lines, dr: stock-pending, amount: line.tax}
    - {each: lines, cr: input-tax-reversed, amount: line.tax}
"""


def test_a_gift_is_taxed_and_a_loss_gives_input_tax_back(company: Company) -> None:
    company.records(
        opening_stock=OPENING,
        adjustments="number,date,reason,item,qty,tax,tax_base\nG1,2026-01-05,gift,A,-2,13%,50.00\n"
        "W1,2026-01-06,scrap,A,-3,13%,\nO1,2026-01-07,own-use,A,-1,,",
        counts="number,date,item,counted,tax\nK1,2026-01-31,A,93,13%",
    ).post()
    assert company.role("output-tax") == "-6.50"
    assert company.role("gift") == "26.50"
    assert company.role("scrap") == "33.90"
    assert company.role("own-use") == "10.00"
    assert company.role("stock-loss") == "11.30"
    assert company.role("input-tax-reversed") == "-5.20"


def test_differences_wait_for_a_decision(company: Company) -> None:
    company.write("rules/vouchers.yaml", PENDING)
    company.records(
        opening_stock=OPENING,
        counts="number,date,item,counted,tax\nK1,2026-01-31,A,95,13%",
        dispositions="number,date,count,item,account,amount\nV1,2026-02-10,K1,A,Expenses:Operating:Other,36.50\n"
        "V1,2026-02-10,K1,A,Assets:Receivables:Insurance,20.00",
    )
    company.write("rules/accounts.yaml", 'chart: ["Assets:Receivables:Insurance"]\n')
    company.post()
    assert company.role("stock-pending", "--to", "2026-01-31") == "56.50"
    assert company.role("stock-pending") == "0.00"
    assert company.role("expense") == "36.50"


def test_a_decision_clears_exactly_what_is_pending(company: Company) -> None:
    company.write("rules/vouchers.yaml", PENDING)
    company.records(
        opening_stock=OPENING,
        counts="number,date,item,counted\nK1,2026-01-31,A,95",
        dispositions="number,date,count,item,account,amount\nV1,2026-02-10,K1,A,Expenses:Operating:Other,49",
    )
    assert "49.00 of A is decided, but 50.00 is pending of counts/K1" in company.fails("disposition-sum")


def test_a_job_keeps_what_is_stated_as_work_in_process(company: Company) -> None:
    """Material 100 and outside work 60 billed to the job; 30 stay in process, so 4 pieces cost 130, the next 30."""
    company.records(
        items="code,name,unit,type\nM,Steel,kg,material\nA,Frame,pcs,product\nS,Work,h,service",
        opening_stock="date,item,qty,value\n2026-01-01,M,10,100",
        bills="number,date,supplier,item,qty,price,job\nB1,2026-01-10,S1,S,1,60,J1",
        productions="number,date,job,part,item,qty\nM1,2026-01-05,J1,input,M,10\nM2,2026-01-20,J1,output,A,4\n"
        "M3,2026-02-20,J1,output,A,1",
        wip_counts="date,job,cost_element,value\n2026-01-31,J1,material,20\n2026-01-31,J1,labour,10",
    )
    company.post()
    assert company.stock("A", "--to", "2026-01-31") == ("4", "130.00")
    assert company.role("work-in-process", "--to", "2026-01-31") == "30.00"
    assert company.stock("A") == ("5", "160.00")
    assert company.role("work-in-process") == "0.00"


def test_a_provisional_input_is_corrected_in_what_was_made_of_it(new_company: Callable[..., Company]) -> None:
    """5 kg are used at their last cost of 8 before they come at 10: the product is worth 10 more."""
    company = new_company(policies="{negative_stock: provisional}").records(
        items="code,name,unit,type,last_cost\nM,Steel,kg,material,8\nA,Frame,pcs,product,",
        productions="number,date,part,item,qty\nM1,2026-01-05,input,M,5\nM1,2026-01-05,output,A,1",
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-10,S1,M,5,10",
    )
    company.post()
    assert company.stock("A", "--to", "2026-01-09") == ("1", "40.00")
    assert company.stock("A") == ("1", "50.00")
    assert company.stock("M") == ("0", "0.00")


def test_what_is_left_of_an_output_takes_its_share_of_a_correction(new_company: Callable[..., Company]) -> None:
    """Five frames of 10 kg that were taken at 8 and came at 10: the one that is left takes 4 of the 20, the four sold 16."""
    company = new_company(costing="fifo", policies="{negative_stock: provisional}").records(
        items="code,name,unit,type,last_cost\nM,Steel,kg,material,8\nA,Frame,pcs,product,",
        productions="number,date,part,item,qty\nM1,2026-01-05,input,M,10\nM1,2026-01-05,output,A,5",
        deliveries="number,date,customer,item,qty\nD1,2026-01-06,C1,A,4",
        purchases="number,date,supplier,item,qty,price\nP1,2026-01-10,S1,M,10,10",
    )
    company.post()
    assert company.stock("A") == ("1", "20.00")
    assert company.role("cost-of-sales") == "80.00"
    assert company.role("work-in-process") == "0.00"


def test_goods_that_come_again_are_those_of_their_receipt_also_where_some_were_not_there(
    new_company: Callable[..., Company],
) -> None:
    """10 go back of which 4 had been sold (found by the count), and come again: freight of their receipt is theirs."""
    company = new_company(policies="{negative_stock: provisional, landed_cost: own-date}").records(
        receipts="""
            number,date,supplier,item,qty,price,returns
            R1,2026-01-05,S1,A,10,5,
            R2,2026-01-10,S1,A,-10,5,R1
            R3,2026-01-20,S1,A,10,5,R2
        """,
        deliveries="number,date,customer,item,qty\nD1,2026-01-06,C1,A,4",
        counts="number,date,item,counted\nN1,2026-01-12,A,0",
        landed_costs="number,date,supplier,basis,amount,document\nL1,2026-01-25,S2,value,20,R1",
    )
    company.post()
    assert company.stock("A") == ("10", "70.00")


def test_what_a_full_count_does_not_list_is_decided_too(company: Company) -> None:
    company.write("rules/vouchers.yaml", PENDING)
    company.records(
        opening_stock="date,item,qty,value\n2026-01-01,A,10,100\n2026-01-01,B,5,50",
        counts="number,date,scope,item,counted\nK1,2026-01-31,full,B,5",
        dispositions="number,date,count,item,account,amount\nV1,2026-02-10,K1,A,Expenses:Operating:Other,100",
    )
    company.post()
    assert company.role("stock-pending", "--to", "2026-01-31") == "100.00"
    assert company.role("stock-pending") == "0.00"
