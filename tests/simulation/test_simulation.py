"""Random companies: the program's books are the model's, to the cent.

`pytest tests/simulation --companies 1 --seed 17` repeats one of them, with all that differs.
"""

from __future__ import annotations

from pathlib import Path

from .companies import make_company
from .comparing import differences
from .running import checked


def test_books_are_the_models(seeds: range, tmp_path: Path) -> None:
    failures: list[str] = []
    for seed in seeds:
        company, books = make_company(seed)
        failures += [f"seed {seed}: {one}" for one in differences(company, books, tmp_path / str(seed))]
    assert not failures, "\n".join(failures)


def test_books_pass_their_own_checks(seeds: range, tmp_path: Path) -> None:
    """One company of each chunk: loading Beancount takes its time."""
    seed = seeds.start
    company, books = make_company(seed)
    assert not differences(company, books, tmp_path)
    code, said = checked(tmp_path)
    assert code == 0, f"seed {seed}: {said}"
