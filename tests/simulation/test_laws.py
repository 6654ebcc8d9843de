"""What must hold for every company, whatever the figures are: no model is asked here."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from .companies import make_company
from .files import write_books, write_records
from .ledgers import read_postings, unbalanced
from .papers import Company, Scope
from .running import ledger_bytes, posted

# shrinking a seed makes no smaller company
law = settings(max_examples=12, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
seeds = st.integers(1000, 100_000)


def _with_books(seed: int, then: Callable[[Company, Path], None]) -> None:
    """A company's books, posted once, in a folder that goes away."""
    company, _ = make_company(seed)
    company.policies |= {"advance_rate": "advance", "over_billing": "warn", "over_price": "warn"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "books"
        write_books(company, path, Random(seed))
        code, said = posted(path)
        assert code == 0, said
        then(company, path)


@law
@given(seeds)
def test_value_is_conserved(seed: int) -> None:
    """Every voucher sums to zero; no quantity, no value: after every document, or every month where that is the method."""

    def then(company: Company, path: Path) -> None:
        postings = read_postings(path / "ledgers")
        assert not unbalanced(postings)
        assert sum(one.amount for one in postings) == 0
        below = company.policy("negative_stock") == "provisional"
        stock: defaultdict[Scope, list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
        # estimates that are taken back for the ledger alone name no item: valuation keeps them
        moves = [one for one in postings if one.role == "inventory" and "item" in one.meta]
        for number, one in enumerate(moves):
            key = company.scope(one.meta["item"], one.warehouse, one.lot)
            stock[key][0] += one.qty
            stock[key][1] += one.amount
            ahead = moves[number + 1] if number + 1 < len(moves) else None
            if ahead is None or ahead.voucher != one.voucher:
                waits = ahead is not None and ahead.month == one.month
                for (item, *_), (left, value) in stock.items():
                    assert left or not value or (waits and company.method(item) == "monthly-average"), one.voucher
                    assert below or left >= 0, one.voucher

    _with_books(seed, then)


@law
@given(seeds, st.integers(0, 1000))
def test_order_of_rows_and_files_never_matters(seed: int, form: int) -> None:
    """Another order, other files, other headers, YAML for CSV: the ledger has the same bytes."""

    def then(company: Company, path: Path) -> None:
        before = ledger_bytes(path)
        shutil.rmtree(path)
        write_books(company, path, Random(f"form {form}"))
        assert posted(path)[0] == 0
        assert ledger_bytes(path) == before

    _with_books(seed, then)


@law
@given(seeds)
def test_posting_twice_changes_nothing(seed: int) -> None:
    def then(company: Company, path: Path) -> None:
        before = {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in (path / "ledgers").iterdir()}
        assert posted(path)[0] == 0
        assert {one: (one.read_bytes(), one.stat().st_mtime_ns) for one in (path / "ledgers").iterdir()} == before

    _with_books(seed, then)


# a payment that names nothing pays what is added, too, and others name what is not paid ahead any more; or an order is full
NEEDED = (
    "applied-sum",
    "over-applied",
    "unknown-document",
    "cannot-take-back",
    "billed-beyond-order",
    "billed-above-price",
)


@law
@given(seeds, st.data())
def test_a_document_added_and_removed_leaves_no_trace(seed: int, data: st.DataObject) -> None:
    """Any document that nothing else needs: the books with it are other books, and without it they are the old ones."""

    def then(company: Company, path: Path) -> None:
        before = ledger_bytes(path)
        several = [one for one in company.documents if one.kind in ("receipts", "purchases")]
        assume(several)
        added = data.draw(st.sampled_from(several))
        twin = replace(added, number="ZZ-1", returns="", bill="", due=None)
        twin.lines = [
            replace(
                line, qty=None if line.qty is None else max(line.qty, -line.qty), price=line.price, returns_line=None
            )
            for line in added.lines
        ]
        if any(line.price is None and line.gross_price is None and line.amount is None for line in twin.lines):
            twin.lines = [replace(line, price=Fraction(7), gross_amount=None) for line in twin.lines]
        company.documents.append(twin)
        _rewrite(company, path, seed)
        code, said = posted(path)
        assume(not any(f"error: {one}" in said for one in NEEDED))
        assert code == 0, said
        assert ledger_bytes(path) != before
        company.documents.pop()
        _rewrite(company, path, seed)
        assert posted(path)[0] == 0
        assert ledger_bytes(path) == before

    _with_books(seed, then)


@law
@given(seeds, st.data())
def test_late_entries_come_to_the_same_books(seed: int, data: st.DataObject) -> None:
    """Documents are entered in the order in which they were thought of, many with an earlier date than what is posted."""

    def then(company: Company, path: Path) -> None:
        whole, documents = ledger_bytes(path), company.documents
        entered = data.draw(st.integers(1, len(documents)))
        shutil.rmtree(path / "ledgers")
        for company.documents in (documents[:entered], documents[: (entered + len(documents)) // 2], documents):
            _rewrite(company, path, seed)
            code, said = posted(path)
            assert code == 0, said
        assert ledger_bytes(path) == whole

    _with_books(seed, then)


def _rewrite(company: Company, path: Path, seed: int) -> None:
    shutil.rmtree(path / "records")
    write_records(company, path / "records", Random(seed))
