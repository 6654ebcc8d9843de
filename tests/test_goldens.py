"""The committed books of the samples are what the program writes today, and they are in order."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from beanstock.app import app

ROOT = Path(__file__).parents[1]
SAMPLES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/beanstock.yaml"))


@pytest.mark.parametrize("sample", SAMPLES)
def test_golden_ledgers_are_fresh(sample: str) -> None:
    arguments = ["check", str(ROOT / "samples" / sample), "--ledgers", str(ROOT / "ledgers" / sample), "--frozen"]
    outcome = CliRunner().invoke(app, arguments)
    assert outcome.exit_code == 0, f"run make goldens, and read the diff\n{outcome.stderr}{outcome.stdout}"
