"""Stories of closing: a month is proven and kept, late documents go to the first open day, and nothing changes the past."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from repository import BOB, Repository, repository

RECEIPTS = """
    number,date,supplier,item,qty,price
    R1,2026-01-05,S1,A,10,10
    R2,2026-02-05,S1,A,10,10
"""
DELIVERIES = """
    number,date,customer,item,qty
    D1,2026-01-10,C1,A,4
"""
INVOICES = """
    number,date,customer,delivery,item,qty,price
    I1,2026-01-12,C1,D1,A,4,20
"""
NEXT = "{late_documents: next-open-period}"


def company(folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: str) -> Repository:
    shop = repository(folder / "books", monkeypatch, **settings)
    shop.records(receipts=RECEIPTS, deliveries=DELIVERIES, invoices=INVOICES)
    return shop.posted("January")


def closed(shop: Repository, month: str = "2026-01") -> Repository:
    shop.ok("close", month)
    return shop.commit(f"close {month}")


def policies(shop: Repository, value: str) -> None:
    text = (shop.folder / "beanstock.yaml").read_text().split("policies:")[0]
    shop.write("beanstock.yaml", f"{text}policies: {value}\n")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    return closed(company(tmp_path, monkeypatch))


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    return closed(company(tmp_path, monkeypatch, policies=NEXT))


def test_a_closed_month_keeps_what_it_promised(shop: Repository) -> None:
    lines = shop.ledger("closed/2026-01.yaml").splitlines()
    assert 'closed_by: "Alice <alice@example.org>"' in lines
    assert 'closed_at: "2026-02-03T10:00:00Z"' in lines
    numbers = [line for line in lines if line.startswith('  "记-')]
    assert [line.split('"')[1] for line in numbers] == ["记-0001", "记-0002", "记-0003"]
    assert "2026-01-10 deliveries/D1 deliveries " in numbers[1]
    assert '  "A in main": "6 worth 60.00"' in lines
    assert '  "receivable C1 invoices/I1": "80.00"' in lines
    assert '  "goods-received-not-invoiced S1 receipts/R1": "-100.00"' in lines
    before = shop.contents()
    shop.post()
    assert shop.contents() == before
    assert "closed       ok" in shop.ok("check").out


def test_months_are_closed_one_after_the_other(shop: Repository) -> None:
    assert "2026-01 cannot be closed: it is closed already" in shop.refused("close", "2026-01")
    assert "2026-03 cannot be closed: 2026-02 is the next month to close" in shop.refused("close", "2026-03")
    assert shop.run("close", "January").code == 2
    closed(shop, "2026-02")
    closed(shop, "2026-03")  # a month without vouchers can be closed, too
    shop.post()


def test_nothing_is_closed_while_anything_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = company(tmp_path, monkeypatch, policies="{review: all, open_estimates: refuse, sequence: strict}")
    shop.records(invoices=INVOICES + "I4,2026-01-13,C1,,S,1,5\nI6,2026-02-13,C1,,S,1,5\n").ok("post")
    shop.commit()
    said = shop.refused("close", "2026-01")
    for reason in (
        "receipts/R1 is not approved",
        "receipts/R1 is not billed (100.00)",
        "the number invoices/I2 is missing",
        "the number invoices/I3 is missing",
    ):
        assert f"error: cannot-close: 2026-01 cannot be closed: {reason}" in said, said
    assert "receipts/R2" not in said
    assert "I5" not in said, "what is missing in the next month is its own matter"
    shop.write("ledgers/2026-01.bean", shop.ledger("2026-01.bean").replace("100.00", "101.00"))
    said = shop.refused("close", "2026-01")
    assert "the check `stock` failed" in said
    assert "the check `frozen` failed" in said
    assert not (shop.folder / "ledgers/closed").exists()


def test_a_late_document_is_refused_with_its_place(shop: Repository) -> None:
    before = shop.contents()
    shop.records(receipts=RECEIPTS + "R3,2026-01-20,S1,A,1,10\n")
    said = shop.refused("post")
    assert "records/receipts.csv:4:1: error: late-document: receipts/R3 is of 2026-01-20, and 2026-01 is closed" in said
    assert shop.contents() == before
    assert "closed       failed" in shop.run("check").out


def test_changed_and_removed_records_of_a_closed_month_are_refused(shop: Repository) -> None:
    shop.records(receipts=RECEIPTS.replace("R1,2026-01-05,S1,A,10,10", "R1,2026-01-05,S1,A,10,11"))
    assert "closed-record: receipts/R1 of 2026-01 was changed after" in shop.refused("post")
    shop.records(receipts=RECEIPTS, invoices="number,date,customer,item,qty,price")
    assert "closed-record: invoices/I1 of 2026-01 was removed after" in shop.refused("post")


def test_a_changed_rule_or_master_cannot_change_a_closed_month(shop: Repository) -> None:
    before = shop.contents()
    rule = """
        own:
          overrides: deliveries
          document: deliveries
          lines:
            - {each: moves, dr: scrap, amount: move.cost}
            - {each: moves, cr: inventory, amount: move.cost}
        """.replace("\n        ", "\n")
    shop.write("rules/vouchers.yaml", rule)
    assert "closed-effect: deliveries/D1 of 2026-01, which is closed, would be posted" in shop.refused("post")
    assert shop.contents() == before
    shop.write(
        "rules/vouchers.yaml",
        rule.replace("lines:", "from: 2026-02-01\n  lines:").replace("overrides: deliveries\n  ", ""),
    )
    original = '\nold:\n  overrides: deliveries\n  document: deliveries\n  to: 2026-01-31\n  payee: "{customer.name}"\n'
    text = (shop.folder / "rules/vouchers.yaml").read_text()
    lines = "  lines:\n    - {each: moves, dr: cost-of-sales, amount: move.cost, merge: [account, item]}\n"
    lines += "    - {each: moves, cr: inventory, amount: move.cost}\n"
    shop.write("rules/vouchers.yaml", text + original + lines)
    shop.post()  # another name and other words for the same postings change nothing
    assert shop.contents()["2026-01.bean"] == before["2026-01.bean"]


def test_a_late_bill_posts_on_the_first_open_day_and_keeps_its_own(late: Repository) -> None:
    january = late.contents()["2026-01.bean"]
    late.records(
        bills="""
        number,date,supplier,receipt,item,qty,price
        B1,2026-01-25,S1,R1,A,10,12
    """
    )
    late.post()
    text = late.ledger("2026-02.bean")
    assert late.contents()["2026-01.bean"] == january
    # the bill itself, and the receipt and the delivery at 12 instead of 10
    assert '2026-02-01 * "Supplier One" "Bill B1"' in text
    assert text.count('  late: "2026-01-25"') == 1
    assert '2026-02-01 * "Supplier One" "Reversal of Receipt R1"' in text
    assert text.count('  correction: "red"') == 2
    assert late.stock("A", "--to", "2026-01-31") == ("6", "60.00")
    assert late.stock("A", "--to", "2026-02-01") == ("6", "72.00")
    assert late.role("cost-of-sales", "--to", "2026-01-31") == "40.00"
    assert late.role("cost-of-sales") == "48.00"
    assert late.role("payable") == "-120.00"
    assert late.role("goods-received-not-invoiced") == "-100.00"  # R2
    # closed in its turn, nothing is corrected twice
    closed(late.commit(), "2026-02")
    before = late.contents()
    late.post()
    assert late.contents() == before
    # and what is taken back later is taken back from there
    (late.folder / "records/bills.csv").unlink()
    late.post()
    assert late.contents()["2026-02.bean"] == before["2026-02.bean"]
    assert late.role("payable") == "0.00"
    assert late.stock("A") == ("16", "160.00")


def test_red_entries_cancel_turnover_on_their_own_side(late: Repository) -> None:
    late.records(receipts=RECEIPTS.replace("R1,2026-01-05,S1,A,10,10", "R1,2026-01-05,S1,A,10,11"))
    late.post()
    rows = {row["role"]: row for row in late.report("trial-balance", "--period", "2026-02")["rows"]}
    # January: red 100 and blue 110 in the debit, cost 40 and 44 in the credit; February: receipt of 100
    assert (rows["inventory"]["debit"], rows["inventory"]["credit"]) == ("110.00", "4.00")
    moves = late.report("stock-moves", "--period", "2026-02", "--item", "A")
    assert late.stock("A") == ("16", "166.00")
    assert moves["rows"]


def test_a_bill_of_an_open_month_changes_costs_of_a_closed_one_there(shop: Repository) -> None:
    """Whatever the policy: the bill is not late, and the closed month's costs are corrected on the first open day."""
    january = shop.contents()["2026-01.bean"]
    shop.records(
        bills="""
        number,date,supplier,receipt,item,qty,price
        B1,2026-02-25,S1,R1,A,10,12
    """
    )
    shop.post()
    assert shop.contents()["2026-01.bean"] == january
    assert shop.role("cost-of-sales", "--to", "2026-01-31") == "40.00"
    assert shop.role("cost-of-sales", "--to", "2026-02-01") == "48.00"
    assert shop.stock("A") == ("16", "172.00")


def test_a_removed_document_is_taken_back_in_red(late: Repository) -> None:
    late.records(invoices="number,date,customer,item,qty,price")
    late.post()
    assert late.role("revenue", "--to", "2026-01-31") == "-80.00"
    assert late.role("revenue") == "0.00"
    assert late.report("receivables")["rows"] == []


def test_a_document_that_moves_out_of_a_closed_month(late: Repository) -> None:
    late.records(invoices=INVOICES.replace("2026-01-12", "2026-02-12"))
    late.post()
    assert late.role("revenue", "--to", "2026-02-01") == "0.00"
    assert late.role("revenue") == "-80.00"


def test_a_tampered_closed_file_is_found(shop: Repository) -> None:
    good = shop.ledger("closed/2026-01.yaml")
    shop.write("ledgers/closed/2026-01.yaml", good.replace("6 worth 60.00", "6 worth 61.00"))
    assert "closed-tampered: ledgers/closed/2026-01.yaml is not what `close` wrote: its seal" in shop.refused("post")
    assert "closed       failed" in shop.run("check").out
    shop.write("ledgers/closed/2026-01.yaml", good.replace("closed_by:", "closed-by:"))
    assert "ledgers/closed/2026-01.yaml:3:1: error: closed-tampered" in shop.refused("check")


def test_a_forged_seal_does_not_help(shop: Repository) -> None:
    from beanstock.ledger.closed import parse  # noqa: PLC0415 the forger knows the program

    period, _ = parse(shop.ledger("closed/2026-01.yaml"))
    assert period is not None
    period.stock["A in main"] = "6 worth 61.00"
    shop.write("ledgers/closed/2026-01.yaml", period.text())
    said = shop.refused("check")
    assert (
        "closed-differs: 2026-01 is closed with stock: A in main = 6 worth 61.00; the ledger says 6 worth 60.00" in said
    )


def test_a_changed_ledger_of_a_closed_month_comes_back_or_is_refused(shop: Repository) -> None:
    good = shop.contents()["2026-01.bean"]
    shop.write("ledgers/2026-01.bean", good.replace(b"100.00", b"101.00"))
    assert "hand-edited" in shop.refused("post")
    shop.ok("post", "--overwrite")
    assert shop.contents()["2026-01.bean"] == good
    (shop.folder / "ledgers/2026-01.bean").unlink()
    shop.post()
    assert shop.contents()["2026-01.bean"] == good
    # a promised text that nobody has any more cannot be made up
    policies(shop, NEXT)
    shop.records(receipts=RECEIPTS.replace("R1,2026-01-05,S1,A,10,10", "R1,2026-01-05,S1,A,10,11"))
    shop.write("ledgers/2026-01.bean", good.replace(b"100.00", b"101.00"))
    assert "closed-tampered: ledgers/2026-01.bean" in shop.refused("post", "--overwrite")


def test_manual_vouchers_of_a_closed_month_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = company(tmp_path, monkeypatch)
    rent = '2026-01-31 * "Rent"\n  Expenses:Rent   100.00 EUR\n  Assets:Bank  -100.00 EUR\n'
    shop.write("ledgers/manual/rent.bean", rent)
    closed(shop.posted())
    february = rent.replace("2026-01-31", "2026-02-28")
    shop.write("ledgers/manual/rent.bean", february + "\n" + rent)
    shop.post()
    shop.write("ledgers/manual/rent.bean", february + "\n" + rent.replace("100.00", "90.00"))
    assert "ledgers/manual/rent.bean:5:1: error: closed-record: manual/rent:5 of 2026-01 was added" in shop.refused(
        "post"
    )
    shop.write("ledgers/manual/rent.bean", february)
    assert "a manual voucher of 2026-01 was removed or changed" in shop.refused("post")


def test_reopening_takes_the_last_month_and_leaves_a_trace(shop: Repository) -> None:
    closed(shop, "2026-02")
    assert "2026-02 is the last closed month" in shop.refused("reopen", "2026-01", "--reason", "a mistake")
    assert shop.run("reopen", "2026-02").code == 2
    shop.who(BOB).ok("reopen", "2026-02", "--reason", "the bill of the carrier")
    shop.ok("reopen", "2026-01", "--reason", "the price of R1")
    trace = shop.ledger("closed/reopened.csv").splitlines()
    assert [line.rsplit(",", 1)[0] for line in trace[1:]] == [
        "2026-02,Bob <bob@example.org>,2026-02-03T10:00:00Z,the bill of the carrier",
        "2026-01,Bob <bob@example.org>,2026-02-03T10:00:00Z,the price of R1",
    ]
    # R1 at 11, and one more receipt of the day before: numbers that were given stay, the new one follows
    changed = RECEIPTS.replace("R1,2026-01-05,S1,A,10,10", "R1,2026-01-05,S1,A,10,11")
    shop.records(receipts=changed + "R0,2026-01-04,S1,A,1,10\n", invoices="number,date,customer,item,qty,price")
    closed(shop.posted())
    numbers = dict(voucher_numbers(shop, "2026-01"))
    assert {number: words[1] for number, words in numbers.items()} == {
        "记-0001": "receipts/R1",
        "记-0002": "deliveries/D1",
        "记-0003": "2026-01-12",  # void: the invoice is gone
        "记-0004": "receipts/R0",
    }
    assert numbers["记-0003"][0] == "void"


def voucher_numbers(shop: Repository, month: str) -> Any:
    for line in shop.ledger(f"closed/{month}.yaml").splitlines():
        if line.startswith('  "记-'):
            yield line.split('"')[1], line.split('"')[3].split(" ")


def test_branches_that_conflict_are_posted_again(shop: Repository) -> None:
    shop.git("checkout", "--quiet", "-b", "bills")
    shop.records(receipts=RECEIPTS + "R3,2026-02-10,S1,A,2,10\n").posted("R3")
    shop.git("checkout", "--quiet", "main")
    shop.records(receipts=RECEIPTS + "R4,2026-02-11,S1,A,3,10\n").posted("R4")
    shop.git("merge", "bills", fails=True)
    conflicts = shop.git("diff", "--name-only", "--diff-filter=U").split()
    assert conflicts == ["ledgers/2026-02.bean", "ledgers/beanstock.lock", "records/receipts.csv"]
    # people solve the records, posting solves the ledger
    shop.records(receipts=RECEIPTS + "R3,2026-02-10,S1,A,2,10\nR4,2026-02-11,S1,A,3,10\n")
    shop.posted("merged")
    assert shop.stock("A") == ("21", "210.00")
    assert "<<<<<<<" not in shop.ledger("2026-02.bean") + shop.ledger("beanstock.lock")


def test_gaps_warn_fail_or_are_let_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check `sequence`: as the kind says, else as the policy says, else a warning; bills have others' numbers."""
    shop = company(tmp_path, monkeypatch).records(
        invoices="number,date,customer,item,qty,price\n2026-9,2026-01-05,C1,S,1,5\n2026-12,2026-01-06,C1,S,1,5\nX-1,2026-01-06,C1,S,1,5\n",
        bills="number,date,supplier,item,qty,price\nB1,2026-01-05,S1,S,1,5\nB7,2026-01-06,S1,S,1,5\n",
    )
    shop.ok("post")

    def sequence() -> tuple[str, list[str]]:
        checks = shop.run("check", "--format", "json").json["checks"]
        (found,) = [one for one in checks if one["name"] == "sequence"]
        return found["status"], [one["message"] for one in found["problems"]]

    missing = "missing before invoices/2026-12: invoices/2026-10, invoices/2026-11"
    assert sequence() == ("ok", [missing])
    assert shop.run("check").code == 0
    shop.write("rules/documents.yaml", "documents: {invoices: {sequence: strict}}\n")
    shop.ok("post")
    assert sequence() == ("failed", [missing])
    assert shop.run("check").code == 1
    assert "the number invoices/2026-11 is missing" in shop.refused("close", "2026-01")
    shop.write("rules/documents.yaml", "documents: {invoices: {sequence: free}}\n")
    shop.ok("post")
    assert sequence() == ("ok", [])
    shop.write("rules/documents.yaml", "documents: {invoices: {sequence: never}}\n")
    assert "rules/documents.yaml:1:34: error: bad-form" in shop.refused("post")


def test_a_number_that_stands_twice_fails_the_check_of_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = company(tmp_path, monkeypatch).records(
        invoices="number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,5\nI2,2026-01-06,C1,S,1,5\n"
    )
    shop.ok("post")
    shop.write("records/invoices/more.csv", "number,date,customer,item,qty,price\nI1,2026-01-05,C1,S,1,6\n")
    done = shop.run("check")
    assert done.code == 1
    assert "sequence     failed" in done.out
    assert "records      ok" in done.out
    assert "conflicting-document: invoices/I1 stands also in" in done.err
