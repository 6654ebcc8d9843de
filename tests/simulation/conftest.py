"""Options of the simulation: how many companies, and from which seed."""

from __future__ import annotations

import pytest

CHUNK = 10  # companies of one test, so that two workers share them evenly
CLOSING = 20  # one company of so many closes its months as well: they are posted several times


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--companies", type=int, default=170, help="how many companies are simulated")
    parser.addoption("--seed", type=int, default=0, help="the seed of the first company")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seeds" in metafunc.fixturenames:
        first = metafunc.config.getoption("--seed", default=0)
        last = first + metafunc.config.getoption("--companies", default=170)
        chunks = [range(start, min(start + CHUNK, last)) for start in range(first, last, CHUNK)]
        metafunc.parametrize("seeds", chunks, ids=lambda chunk: f"{chunk.start}-{chunk.stop - 1}")
    if "closing_seed" in metafunc.fixturenames:
        first = metafunc.config.getoption("--seed", default=0)
        last = first + max(1, metafunc.config.getoption("--companies", default=170) // CLOSING)
        metafunc.parametrize("closing_seed", range(first, last))
