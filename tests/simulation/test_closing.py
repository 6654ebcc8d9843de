"""Random companies close some of their months and go on: what they closed stays, and the books come to the same.

Nothing is asked of the model here. The books without any closing are the measure: at the end of every open month each
account, each item's stock and each partner's document stand as they would stand if no month had ever been closed.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from .companies import make_company
from .files import write_books
from .ledgers import Posting, read_postings, unbalanced
from .papers import Company
from .running import checked, closed, posted

CLOSES_PROFIT = ("-close-profit", "-close-income", "-close-expenses")
Standing = dict[tuple[str, ...], Fraction]


@pytest.fixture(autouse=True)
def _somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("NAME", "Alice"), ("EMAIL", "alice@example.org")):
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")


def test_closed_months_stay_and_the_books_come_to_the_same(closing_seed: int, tmp_path: Path) -> None:
    company, _ = make_company(closing_seed)
    company.policies |= {"late_documents": "next-open-period", "over_billing": "warn", "over_price": "warn"}
    random = Random(f"closing {closing_seed}")
    open_books = _write(company, tmp_path / "open")
    whole = read_postings(open_books / "ledgers")
    months = sorted({one.month for one in whole})
    documents = company.documents
    entered = random.randint(len(documents) // 2, len(documents))

    books = tmp_path / "books"
    last, kept = "", dict[str, bytes]()
    for company.documents in (documents[:entered], documents[: (entered + len(documents)) // 2], documents):
        _write(company, books)
        assert kept == {name: (books / "ledgers" / name).read_bytes() for name in kept}, "a closed month has changed"
        for month in months[:-1]:
            if month > last and random.random() < 0.7 and (books / "ledgers" / f"{month}.bean").exists():
                code, said = closed(books, month)
                if "is the next month to close" in said:  # a month before it has no vouchers yet, or was left open
                    continue
                assert code == 0, said
                last = month
                kept[f"{month}.bean"] = (books / "ledgers" / f"{month}.bean").read_bytes()

    _write(company, books)
    postings = read_postings(books / "ledgers")
    assert not unbalanced(postings)
    for month in (one for one in sorted({one.month for one in postings} | set(months)) if one > last):
        expected, found = _standing(whole, month), _standing(postings, month)
        differing = {key: (expected.get(key), found.get(key)) for key in {*expected, *found}}
        assert {key: pair for key, pair in differing.items() if pair[0] != pair[1]} == {}, f"{closing_seed}: {month}"
    code, said = checked(books)
    assert code == 0, said


def _write(company: Company, folder: Path) -> Path:
    shutil.rmtree(folder / "records", ignore_errors=True)
    write_books(company, folder, Random(company.seed))
    code, said = posted(folder)
    assert code == 0, said
    return folder


def _standing(postings: list[Posting], month: str) -> Standing:
    """What stands at the end of a month, without zeros.

    Where the profit of a month is closed does not count: what is late for a closed month stands in the next one's.
    """
    sums: defaultdict[tuple[str, ...], Fraction] = defaultdict(Fraction)
    for one in postings:
        if one.month <= month and not one.voucher.endswith(CLOSES_PROFIT):
            for key, amount in _kept(one):
                sums[key] += amount
    return {key: amount for key, amount in sums.items() if amount}


def _kept(one: Posting) -> Iterator[tuple[tuple[str, ...], Fraction]]:
    """The balances that a posting is a part of."""
    yield ("account", one.account), one.amount
    if one.role == "inventory" and "item" in one.meta:
        place = (one.meta["item"], one.warehouse, one.lot)
        yield ("qty", *place), one.qty
        yield ("value", *place), one.amount
    if one.role in ("receivable", "payable", "goods-received-not-invoiced"):
        yield ("open", one.role, one.meta.get("partner", ""), one.meta.get("document", "")), one.amount
