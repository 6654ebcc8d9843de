"""Every sample: a folder made by `init` posts and is in order, and what came by import still comes out of the exports."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from beanstock.app import app
from conftest import Company

SAMPLES = Path(__file__).parents[1] / "samples"
PACKS = {"bike-works": "ifrs", "tea-house": "cn-small-business", "web-shop": "us-gaap"}


def test_every_sample_is_tried_here() -> None:
    assert sorted(PACKS) == sorted(path.parent.name for path in SAMPLES.glob("*/beanstock.yaml"))


@pytest.mark.parametrize(("sample", "pack"), PACKS.items())
def test_init_makes_books_of_the_sample(tmp_path: Path, sample: str, pack: str) -> None:
    folder = str(tmp_path / "books")
    for arguments in (
        ["init", folder, "--pack", pack, "--sample", sample],
        ["post", folder],
        ["check", folder, "--frozen"],
        ["rules", "test", "--books", folder],
    ):
        outcome = CliRunner().invoke(app, arguments)
        assert outcome.exit_code == 0, outcome.stderr + outcome.stdout


def test_the_shop_imports_what_its_records_hold(tmp_path: Path) -> None:
    shop = SAMPLES / "web-shop"
    mapping = tmp_path / "rules/imports/shop.yaml"
    mapping.parent.mkdir(parents=True)
    mapping.write_bytes((shop / "rules/imports/shop.yaml").read_bytes())
    exports = [str(path) for path in sorted((shop / "exports").glob("*.csv"))]
    outcome = CliRunner().invoke(app, ["import", "shop", *exports, "--into", str(tmp_path)])
    assert outcome.exit_code == 0, outcome.stderr
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.glob("records/*/shop.csv"))
    assert made == [Path(f"records/{kind}/shop.csv") for kind in ("partners", "payments", "sales")]
    for path in made:
        assert (tmp_path / path).read_bytes() == (shop / path).read_bytes(), path
    assert "1 rows to nothing: order cancelled before it was paid" in outcome.stdout


def figures(sample: str, report: str, *arguments: str) -> dict[object, str]:
    """Amounts of a report on the committed ledger, by line number or role."""
    company = Company.__new__(Company)
    company.folder = SAMPLES / sample
    ledgers = str(SAMPLES.parent / "ledgers" / sample)
    found: dict[object, str] = {}
    for row in company.report(report, "--ledgers", ledgers, *arguments)["rows"]:
        if "amount" in row:
            found[row["no"]] = row["amount"]
        else:
            found[row["role"] or row["account"]] = row["closing"]
    return found


def test_the_tea_house_ties_by_hand() -> None:
    """The sums of samples/tea-house/README.md: estimates at each month's end, VAT of the quarter and the surcharges on it, profit of each month."""
    for month, estimate, profit in (
        ("2026-01", "-27174.00", "2980.48"),
        ("2026-02", "-12040.00", "3490.54"),
        ("2026-03", "-6988.80", "-4287.94"),
    ):
        assert figures("tea-house", "trial-balance", "--period", month)["goods-received-not-invoiced"] == estimate
        assert figures("tea-house", "income-statement", "--period", month)[32] == profit
    lines = figures("tea-house", "balance-sheet")
    assert (
        lines[36] == "4034.05"
    )  # VAT of January 3601.83, surcharges 432.22; the 127.12 of input tax that is left is an asset
    assert lines[9] == "44767.41"
    assert lines[30] == lines[53] == "278181.93"  # 278054.81 and 127.12


def test_the_web_shop_ties_by_hand() -> None:
    january = figures("web-shop", "trial-balance", "--period", "2026-01")
    assert january["output-tax"] == "-54.67"
    february = figures("web-shop", "trial-balance", "--period", "2026-02")
    assert (february["output-tax"], february["wallet"]) == ("-33.91", "101.00")
    lines = figures("web-shop", "balance-sheet")
    assert lines[3] == "3239.00"
    assert lines[12] == lines[29] == "20835.48"
