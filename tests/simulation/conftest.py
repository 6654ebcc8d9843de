"""Options of the simulation: how many companies, from which seed, and whether known faults are avoided."""

from __future__ import annotations

import pytest

from .model_events import AVOIDED

CHUNK = 10  # companies of one test, so that two workers share them evenly


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--companies", type=int, default=200, help="how many companies are simulated")
    parser.addoption("--seed", type=int, default=0, help="the seed of the first company")
    parser.addoption("--known-faults", action="store_true", help="make also what the program is known to get wrong")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--known-faults", default=False):
        AVOIDED.clear()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seeds" in metafunc.fixturenames:
        first = metafunc.config.getoption("--seed", default=0)
        last = first + metafunc.config.getoption("--companies", default=200)
        chunks = [range(start, min(start + CHUNK, last)) for start in range(first, last, CHUNK)]
        metafunc.parametrize("seeds", chunks, ids=lambda chunk: f"{chunk.start}-{chunk.stop - 1}")
