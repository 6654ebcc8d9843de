"""Stories of making things: bills of materials, several outputs, cost lines, jobs, outside processing, taking apart."""

from __future__ import annotations

from collections.abc import Callable

from conftest import Company

ITEMS = "code,name,unit,type\nM,Tube,m,material\nN,Paint,kg,material\nP,Frame,pcs,product\nQ,Fork,pcs,product\nBIKE,Bike,pcs,product\n"
STOCK = "date,item,qty,value\n2026-01-01,M,100,200\n2026-01-01,N,10,50"


def made(company: Company, productions: str, **others: str) -> Company:
    return company.records(items=ITEMS, opening_stock=STOCK, productions=productions, **others).post()


def test_outputs_share_inputs_and_costs(company: Company) -> None:
    made(
        company,
        """
            number,date,part,item,account,qty,amount,share
            M1,2026-01-05,input,M,,40,,
            M1,2026-01-05,cost,,wages,,20,
            M1,2026-01-05,output,P,,10,,3
            M1,2026-01-05,output,Q,,10,,1
            M1,2026-01-05,waste,N,,1,,
        """,
    )
    assert company.stock("P") == ("10", "75.00")
    assert company.stock("Q") == ("10", "25.00")
    assert company.stock("N") == ("10", "50.00")
    assert company.role("work-in-process") == "0.00"
    assert company.role("wages") == "-20.00"


def test_inputs_come_from_the_bill_of_materials_level_by_level(company: Company) -> None:
    made(
        company,
        """
            number,date,part,item,qty
            A2,2026-01-05,output,P,5
            A1,2026-01-05,output,BIKE,2
        """,
        boms="product,qty,item,item_qty,waste_percent\nP,1,M,4,25\nBIKE,1,P,2,\nBIKE,1,N,0.5,",
    )
    # a frame takes 5 m at 2.00; a bike two frames and half a kilo at 5.00: ordered by what they need, not by number
    assert company.stock("M") == ("75", "150.00")
    assert company.stock("P") == ("1", "10.00")
    assert company.stock("BIKE") == ("2", "45.00")


def test_a_job_over_several_documents(company: Company) -> None:
    made(
        company,
        """
            number,date,job,part,item,account,qty,amount
            J1,2026-01-05,J,input,M,,10,
            J2,2026-02-05,J,input,N,,2,
            J2,2026-02-05,J,cost,,wages,,5
            J3,2026-02-20,J,output,P,,5,
        """,
    )
    assert company.role("work-in-process", "--to", "2026-02-10") == "35.00"
    assert company.stock("P") == ("5", "35.00")
    assert company.role("work-in-process") == "0.00"


def test_outside_processing_keeps_its_own_account(company: Company) -> None:
    made(
        company,
        """
            number,date,job,supplier,part,item,account,qty,amount
            O1,2026-01-05,O,S1,input,M,,10,
            O2,2026-01-25,O,S1,cost,,expense,,8
            O2,2026-01-25,O,S1,output,Q,,4,
        """,
    )
    assert company.role("outside-processing", "--to", "2026-01-20") == "20.00"
    assert company.role("outside-processing") == "0.00"
    assert company.stock("Q") == ("4", "28.00")


def test_the_fee_of_a_job_that_a_supplier_works_on_is_outside_processing(company: Company) -> None:
    """10 m at 2.00 and a fee of 8.00; another job's fee of 5.00 is work in process."""
    made(
        company,
        """
            number,date,job,supplier,part,item,account,qty,amount
            O1,2026-01-05,O,S1,input,M,,10,
            O2,2026-01-25,O,S1,output,Q,,4,
            J1,2026-01-05,J,,input,M,,1,
        """,
        bills="number,date,supplier,account,amount,job\nB1,2026-01-10,S1,expense,8,O\nB2,2026-01-10,S2,expense,5,J",
    )
    assert company.role("outside-processing", "--to", "2026-01-20") == "28.00"
    assert company.role("outside-processing") == "0.00"
    assert company.role("work-in-process") == "7.00"
    assert company.stock("Q") == ("4", "28.00")


def test_putting_together_takes_no_share_of_a_pool_where_jobs_are_named(company: Company) -> None:
    """The job takes all 30.00 of power, also where the assembly without a job takes the same material."""
    made(
        company,
        """
            number,date,job,part,item,qty
            J1,2026-01-05,J,input,M,10
            J1,2026-01-05,J,output,P,1
            A1,2026-01-06,,input,M,10
            A1,2026-01-06,,output,Q,1
        """,
        bills="number,date,supplier,account,amount,cost_pool\nB1,2026-01-10,S1,expense,30,power",
    )
    assert (company.stock("P"), company.stock("Q")) == (("1", "50.00"), ("1", "20.00"))
    assert company.role("overhead") == "0.00"


def test_taking_apart_shares_by_standard_value_the_rest_to_the_last(company: Company) -> None:
    company.records(
        items="code,name,unit,standard_cost\nBIKE,Bike,pcs,\nP,Frame,pcs,20\nQ,Fork,pcs,10\n",
        opening_stock="date,item,qty,value\n2026-01-01,BIKE,3,100",
        productions="number,date,part,item,qty\nT1,2026-01-05,input,BIKE,1\nT1,2026-01-05,output,P,1\nT1,2026-01-05,output,Q,1",
    ).post()
    assert (company.stock("P"), company.stock("Q")) == (("1", "22.22"), ("1", "11.11"))


def test_standard_outputs_show_their_variance(company: Company) -> None:
    company.records(
        items="code,name,unit,costing,standard_cost\nM,Tube,m,,\nP,Frame,pcs,standard,9\n",
        opening_stock="date,item,qty,value\n2026-01-01,M,100,200",
        productions="number,date,part,item,qty\nT1,2026-01-05,input,M,10\nT1,2026-01-05,output,P,2",
    ).post()
    assert company.stock("P") == ("2", "18.00")
    assert company.role("production-variance") == "2.00"


def test_what_a_job_is_billed_is_no_expense_with_periodic_stock_either(new_company: Callable[..., Company]) -> None:
    """10 A of 100.00 and a fee of 30.00 become five P of 130.00: nothing stays in work in process, and nothing is spent."""
    company = new_company(policies="{inventory_system: periodic}").records(
        opening_stock="date,item,qty,value\n2026-01-01,A,10,100",
        bills="number,date,supplier,account,job,amount\nB1,2026-01-05,S1,expense,J1,30",
        productions="number,date,job,part,item,qty\nX1,2026-01-10,J1,input,A,10\nX1,2026-01-10,J1,output,B,5",
    )
    company.post()
    assert company.stock("B") == ("5", "130.00")
    assert company.role("work-in-process") == "0.00"
    assert company.role("expense") == "0.00"
