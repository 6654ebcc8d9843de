"""The built wheel, installed into an empty environment outside the checkout, runs a sample."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_works_outside_the_checkout(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path / "dist", ROOT, cwd=tmp_path)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    run(tmp_path / "venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=tmp_path)
    beanstock = tmp_path / "venv/bin/beanstock"
    run(beanstock, "init", "books", "--pack", "ifrs", "--sample", "bike-works", cwd=tmp_path)
    run(beanstock, "post", "books", cwd=tmp_path)
    assert "failed" not in run(beanstock, "check", "books", "--frozen", cwd=tmp_path)
    shown = run(beanstock, "report", "balance-sheet", cwd=tmp_path / "books")
    golden = run(
        sys.executable, "-c", "from beanstock.app import main; main()", "report", "balance-sheet", ROOT / "samples/bike-works",
        "--ledgers", ROOT / "ledgers/bike-works", cwd=tmp_path,
    )  # fmt: skip
    assert shown == golden
