"""What closed months carry: later runs go on from it where they can, and compute everything where they cannot."""

from __future__ import annotations

import ast
import os
from pathlib import Path
from random import Random
from typing import Any

import pytest

from beanstock.amounts.exemption import Exemptions
from beanstock.carried import settled, state
from beanstock.carried.codec import _CLASSES, fields_of
from beanstock.carried.told import _DOCUMENT, _LINE, _PLACE, _SETTLED, _STOCK
from beanstock.commands import post
from beanstock.ledger.limits import Totals
from beanstock.matching.settlements import Settlements
from beanstock.model import Document, Line
from beanstock.stock.replay import Replay
from beanstock.vouchers.balances import Balances
from conftest import ROOT, Result
from repository import Repository, repository

JANUARY = {
    "purchases": "number,date,supplier,item,qty,price\nP1,2026-01-05,S1,A,10,10\nP2,2026-01-06,S1,B,10,7",
    "sales": "number,date,customer,item,qty,price\nX1,2026-01-10,C1,A,4,20\nX2,2026-01-11,C2,B,3,15",
    "payments": "number,date,partner,direction,amount,applies\nY1,2026-01-20,C2,in,45,X2",
}
FEBRUARY = "\nX3,2026-02-03,C1,A,2,20"
CARRIED = "closed months that were not computed again"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """January is closed, and February has one sale; what January carries is noted."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shop = repository(tmp_path / "books", monkeypatch)
    shop.records(**JANUARY)
    shop.posted("January")
    shop.ok("close", "2026-01")
    shop.records(sales=JANUARY["sales"] + FEBRUARY)
    assert not carries(shop.ok("post", "-v"))
    return shop


def carries(result: Result) -> bool:
    return CARRIED in result.err


def files(shop: Repository) -> list[Path]:
    return sorted(Path(os.environ["XDG_CACHE_HOME"]).glob("beanstock/*.closed"))


def same_as_everything(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in the ledger is what a run makes that knows nothing."""
    before = shop.contents()
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("XDG_CACHE_HOME", str(shop.folder.parent / "elsewhere"))
        assert not carries(shop.ok("post", "-v"))
    assert shop.contents() == before
    shop.ok("check", "--frozen")


def test_a_run_goes_on_from_closed_months(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    result = shop.ok("post", "-v")
    assert "carried             1 closed months that were not computed again\n" in result.err
    assert result.out == "Test: 2 months; changed: nothing\n"
    shop.records(sales=JANUARY["sales"] + FEBRUARY + "\nX4,2026-02-04,C2,B,5,15")
    assert carries(shop.ok("post", "-v"))
    assert shop.stock("B") == ("2", "14.00")
    assert shop.stock("A") == ("4", "40.00")
    same_as_everything(shop, monkeypatch)


def test_what_comes_back_of_a_closed_sale_has_its_cost(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """X2 is paid and done: only because the return names it, it is read again, with what its goods had cost."""
    returns = "number,date,customer,returns,item,qty,price\nR1,2026-02-07,C2,X2,B,-1,15"
    shop.write("records/sales/back.csv", returns + "\n")
    assert carries(shop.ok("post", "-v"))
    assert shop.stock("B") == ("8", "56.00")
    same_as_everything(shop, monkeypatch)


def test_a_payment_that_names_nothing_finds_what_is_open(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.records(payments=JANUARY["payments"] + "\nY2,2026-02-09,C1,in,100,")
    assert carries(shop.ok("post", "-v"))
    rows = shop.report("receivables")["rows"]
    assert [(one["document"], one["open"]) for one in rows] == [("sales/X3", "20.00")]
    same_as_everything(shop, monkeypatch)


def test_a_file_that_grows_at_its_end_is_read_from_there(shop: Repository) -> None:
    shop.records(purchases=JANUARY["purchases"] + "\nP3,2026-02-02,S2,A,1,11")
    assert carries(shop.ok("post", "-v"))
    assert shop.stock("A") == ("5", "50.71")  # 7 for 71.00, less 2 of them


def test_new_master_records_change_nothing_of_closed_months(shop: Repository) -> None:
    items = (shop.folder / "records/items.csv").read_text()
    shop.write("records/items.csv", items + "N,New,pcs,goods,\n")
    shop.records(purchases=JANUARY["purchases"] + "\nP3,2026-02-02,S2,N,1,11")
    assert carries(shop.ok("post", "-v"))
    shop.write("records/items.csv", items.replace("Wheel", "Big wheel"))
    shop.records(purchases=JANUARY["purchases"])
    assert not carries(shop.ok("post", "-v"))


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("records/sales.csv", "X1,2026-01-10,C1,A,4", "X1,2026-01-10,C1,A,5", "closed-record"),
        ("records/sales.csv", "X3,2026-02-03", "X3,2026-01-31", "late-document"),
        ("records/sales.csv", "X1,2026-01-10,C1,A,4,20\n", "", "closed-record"),
        ("records/payments.csv", "X2\n", "X2\nY2,2026-02-01,C2,in,1,X9\n", "unknown-document"),
        ("records/sales.csv", "X3,2026-02-03,C1,A,2", "X3,2026-02-03,C1,A,7", "negative-stock"),
        ("ledgers/closed/2026-01.yaml", "60.00", "61.00", "closed-tampered"),
    ],
)
def test_what_is_wrong_is_told_as_ever(shop: Repository, name: str, old: str, new: str, code: str) -> None:
    text = (shop.folder / name).read_text()
    assert old in text
    shop.write(name, text.replace(old, new))
    shop.fails(code)
    shop.write(name, text)
    assert carries(shop.ok("post", "-v"))


def test_a_ledger_file_of_a_closed_month_comes_back(shop: Repository) -> None:
    before = shop.contents()
    (shop.folder / "ledgers/2026-01.bean").unlink()
    assert not carries(shop.ok("post", "-v"))
    assert shop.contents() == before
    assert carries(shop.ok("post", "-v"))


def test_a_bill_that_changes_a_closed_receipt_posts_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shop = repository(tmp_path / "books", monkeypatch, policies="{late_documents: next-open-period}")
    shop.records(
        receipts="number,date,supplier,item,qty,price\nR1,2026-01-05,S1,A,10,10\nR2,2026-01-06,S1,A,10,10",
        sales="number,date,customer,item,qty,price\nX1,2026-01-10,C1,A,4,20",
    )
    shop.posted("January")
    shop.ok("close", "2026-01")
    bills = "number,date,supplier,receipt,item,qty,price\nB1,2026-02-05,S1,R1,A,10,10"
    shop.records(bills=bills)
    shop.ok("post")
    assert carries(shop.ok("post", "-v"))
    shop.records(bills=bills + "\nB2,2026-02-06,S1,R2,A,10,12")
    assert not carries(shop.ok("post", "-v"))  # 20.00 more of goods that came in January
    assert 'correction: "blue"' in shop.ledger("2026-02.bean")
    assert shop.stock("A") == ("16", "176.00")


def test_manual_vouchers_of_open_months_may_come(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    voucher = '2026-02-10 * "Rent"\n  Expenses:Rent  5.00 EUR\n  Assets:Bank  -5.00 EUR\n'
    shop.write("ledgers/manual/rent.bean", voucher)
    assert carries(shop.ok("post", "-v"))
    same_as_everything(shop, monkeypatch)
    shop.write("ledgers/manual/rent.bean", voucher.replace("02-10", "01-31"))
    shop.fails("closed-record")


def test_tax_of_an_opening_that_was_certified_stays_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both certifications mean the opening's OLD, which is no document of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    settings = {"pack": "cn-small-business", "currency": "CNY", "settings": "{taxpayer: general}"}
    shop = repository(tmp_path / "books", monkeypatch, policies="{input_tax: on-certification}", **settings)
    certified = "number,date,document\nZ1,2026-01-10,OLD"
    shop.records(
        opening_balances="date,account,amount,ref\n2026-01-01,input-tax-pending,50,OLD\n2026-01-01,bank,-50,",
        tax_certifications=certified,
        journals="number,date,account,debit,credit\nJ1,2026-02-01,bank,1,\nJ1,2026-02-01,cash,,1",
    )
    shop.posted("January")
    shop.ok("close", "2026-01")
    shop.ok("post")
    assert carries(shop.ok("post", "-v"))
    shop.records(tax_certifications=certified + "\nZ2,2026-02-10,OLD")
    shop.fails("over-certified")


def test_a_damaged_file_is_removed_and_made_again(shop: Repository) -> None:
    before, random = shop.contents(), Random(1)
    for _ in range(12):
        (path,) = files(shop)
        data = bytearray(path.read_bytes())
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
        path.write_bytes(data[: random.choice([len(data), len(data) // 2])])
        assert not carries(shop.ok("post", "-v"))
        assert shop.contents() == before
        assert carries(shop.ok("post", "-v"))


def test_a_month_that_is_closed_meanwhile_leaves_nothing(shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever closes February while another one posts must not get January's state for it."""
    shop.records(sales=JANUARY["sales"] + FEBRUARY + "\nX4,2026-03-04,C2,B,1,15")
    shop.ok("post")
    shop.write("records/partners.csv", (shop.folder / "records/partners.csv").read_text() + "C9,New,customer,\n")
    (path,) = files(shop)
    path.unlink()
    publish = post.publish

    def close_meanwhile(*arguments: Any, **options: Any) -> str:
        said = publish(*arguments, **options)
        with monkeypatch.context() as once:
            once.setattr(post, "publish", publish)
            once.setenv("XDG_CACHE_HOME", str(shop.folder.parent / "other"))
            shop.ok("close", "2026-02")
        return said

    monkeypatch.setattr(post, "publish", close_meanwhile)
    shop.ok("post")
    monkeypatch.setattr(post, "publish", publish)
    assert files(shop) == []
    same_as_everything(shop, monkeypatch)


def test_there_is_one_file_for_each_ledger(shop: Repository) -> None:
    for number in range(3):
        shop.write(
            "records/partners.csv",
            f"code,name,role,terms\nC1,One {number},customer,30\nC2,Two,customer,\nS1,S,supplier,\nS2,T,supplier,\n",
        )
        shop.ok("post")
        assert len(files(shop)) == 1


def test_a_dry_run_notes_nothing(tmp_path: Path, shop: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    shop.ok("post", "--dry-run")
    assert files(shop) == []


def _attributes(kind: type[Any]) -> set[str]:
    """The fields of a class, as its source sets them."""
    found = set(getattr(kind, "__dataclass_fields__", ()))
    for base in kind.__mro__[:-1]:
        path = ROOT / "cli" / f"{base.__module__.replace('.', '/')}.py"
        made = next(
            one
            for one in ast.walk(ast.parse(path.read_text()))
            if isinstance(one, ast.ClassDef) and one.name == base.__name__
        )
        for node in ast.walk(made):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AnnAssign)
                else []
            )
            several = [each for one in targets for each in (one.elts if isinstance(one, ast.Tuple) else [one])]
            found |= {
                one.attr for one in several if isinstance(one, ast.Attribute) and ast.unparse(one.value) == "self"
            }
    return found


def test_every_field_is_carried_or_known_not_to_be() -> None:
    """A field that somebody adds must be sorted: what goes on as it is, what is kept by line, and what is given anew."""
    for kind, known in (
        (Replay, {*state.WHOLE, *state.BY_NAME, *state.BY_LINE, *state.GIVEN}),
        (Balances, {*state.BALANCES, "role_of", "credited_names"}),
        (Exemptions, {*state.EXEMPTIONS, "limits", "months", "unit", "kinds"}),
        (Totals, {*state.TOTALS, "unit"}),
        (Settlements, {*settled.CARRIED, *settled.GIVEN}),
    ):
        made = _attributes(kind)
        assert made == known, kind
    assert {*_DOCUMENT, *_PLACE, *_STOCK, *_SETTLED} >= {*fields_of(Document)} - {"lines"}
    assert {*_LINE, *_PLACE, *_STOCK} >= {*fields_of(Line)}
    assert all(fields_of(kind) for kind in _CLASSES.values())
