"""The statements of the samples, worked out once more by others: Beancount reads the golden ledgers, beanquery and hledger
sum them, and the lines of the Chinese forms follow from account codes as the forms' own instructions say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from beancount.core.data import Transaction
from beanquery import query

from conftest import Company

ROOT = Path(__file__).parents[1]
SAMPLES = sorted(path.parent.name for path in (ROOT / "samples").glob("*/beanstock.yaml"))
ZERO = Decimal("0.00")
sys.path.insert(0, str(ROOT / "tests/bench"))


def reported(sample: str, report: str, *arguments: str) -> list[dict[str, str]]:
    """The rows of a report on a sample's golden ledger."""
    company = Company.__new__(Company)
    company.folder = ROOT / "samples" / sample
    rows: list[dict[str, str]] = company.report(report, "--ledgers", str(ROOT / "ledgers" / sample), *arguments)["rows"]
    return rows


def lines(sample: str, report: str) -> dict[int, Decimal]:
    return {int(row["no"]): Decimal(row["amount"]) for row in reported(sample, report) if row["no"] is not None}


@cache
def loaded(sample: str) -> tuple[list[Any], dict[str, Any]]:
    entries, errors, options = loader.load_file(str(ROOT / "ledgers" / sample / "main.bean"))
    assert not errors
    return entries, options


def asked(sample: str, text: str) -> list[tuple[str, Decimal]]:
    entries, options = loaded(sample)
    return [tuple(row) for row in query.run_query(entries, options, text)[1]]


@pytest.mark.parametrize("sample", SAMPLES)
def test_beanquery_has_the_same_trial_balance(sample: str) -> None:
    sums = {
        account: number for account, number in asked(sample, "SELECT account, sum(number) GROUP BY account") if number
    }
    rows = reported(sample, "trial-balance", "--after-closing")
    assert {row["account"]: Decimal(row["closing"]) for row in rows if Decimal(row["closing"])} == sums
    assert sum(sums.values()) == 0


@pytest.mark.skipif(not shutil.which("hledger"), reason="no hledger here")
@pytest.mark.parametrize("sample", SAMPLES)
def test_hledger_has_the_same_trial_balance(sample: str, tmp_path: Path) -> None:
    from all_benches import as_plain_journal  # noqa: PLC0415 it stands beside the benches

    books = tmp_path / "books"
    shutil.copytree(ROOT / "ledgers" / sample, books / "ledgers")
    plain = tmp_path / "plain.journal"
    plain.write_text(as_plain_journal(books), encoding="utf-8")
    command = ["hledger", "balance", "--flat", "--no-total", "--output-format", "csv", "--file", str(plain)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    )
    sums = dict(re.findall(r'^"([^"]+)","(-?[\d.,]+) [A-Z]{3}"$', done.stdout, re.MULTILINE))
    rows = reported(sample, "trial-balance", "--after-closing")
    assert {row["account"]: row["closing"] for row in rows if Decimal(row["closing"])} == {
        account: text.replace(",", "") for account, text in sums.items()
    }


@pytest.mark.parametrize(
    ("sample", "assets", "profit", "cash"),
    [("bike-works", 11, 11, 20), ("tea-house", 30, 32, 22), ("web-shop", 12, 15, 21)],
)
def test_the_totals_of_the_forms(sample: str, assets: int, profit: int, cash: int) -> None:
    """Total assets are all accounts of Assets, and the input tax that is carried forward, where that is shown as one."""
    roots = dict(asked(sample, "SELECT root(account, 1), sum(number) WHERE NOT ('closing' IN tags) GROUP BY 1"))
    assert lines(sample, "balance-sheet")[assets] == roots["Assets"] + carried_forward(sample)
    assert lines(sample, "income-statement")[profit] == -roots["Income"] - roots["Expenses"]
    held = dict.fromkeys(("cash", "bank", "wallet"), ZERO)
    for row in reported(sample, "trial-balance"):
        if row["role"] in held:
            held[row["role"]] += Decimal(row["closing"])
    assert lines(sample, "cash-flow")[cash] == sum(held.values())


class Codes:
    """Balances and turnovers of a sample by account code, from Beancount's own entries."""

    def __init__(self, sample: str, *, closed: bool = True) -> None:
        vouchers = [entry for entry in loaded(sample)[0] if isinstance(entry, Transaction)]
        self.vouchers = [one for one in vouchers if closed or "closing" not in one.tags]
        self.balances: dict[str, Decimal] = defaultdict(lambda: ZERO)
        self.partners: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
        for voucher in self.vouchers:
            for posting in voucher.postings:
                number, meta = amount(posting), posting.meta or {}
                self.balances[code(posting.account)] += number
                if "partner" in meta:
                    self.partners[code(posting.account), meta["partner"]] += number

    def held(self, *prefixes: str) -> Decimal:
        return sum((number for own, number in self.balances.items() if own.startswith(prefixes)), ZERO)

    def sided(self, sign: int, *prefixes: str) -> Decimal:
        """Balances of partners on one side, and of what is kept by no partner as one."""
        found = [number for (own, _), number in self.partners.items() if own.startswith(prefixes)]
        rest = self.held(*prefixes) - sum(found, ZERO)
        return sum((abs(number) for number in [*found, rest] if number * sign > 0), ZERO)


VAT = ("222101", "222102", "222103", "222104", "222105", "222107")  # shown as assets while they are debit


def carried_forward(sample: str) -> Decimal:
    if sample != "tea-house":
        return ZERO
    return sum((max(Codes(sample).held(one), ZERO) for one in VAT), ZERO)


def amount(posting: Any) -> Decimal:
    number: Decimal = posting.units.number
    return number


def code(account: str) -> str:
    """The number of the last part that has one: 22210107 of Liabilities:2221-应交税费:222101-应交增值税:22210107-销项税额."""
    found: list[str] = re.findall(r"(?<=:)\d+", account)
    return found[-1]


def test_the_balance_sheet_of_the_tea_house_line_by_line() -> None:
    own = Codes("tea-house")
    held = own.held
    found = lines("tea-house", "balance-sheet")
    assets = {
        1: held("1001", "1002", "1012"),
        2: held("1101"),
        3: held("1121"),
        4: own.sided(1, "1122") + own.sided(1, "2203"),
        5: own.sided(1, "1123") + own.sided(1, "220201"),
        6: held("1131"),
        7: held("1132"),
        8: own.sided(1, "1221") + own.sided(1, "2241"),
        9: held("1401", "1402", "1403", "1404", "1405", "1407", "1408", "1411", "1421", "4001", "4101", "4401", "4403"),
        10: held("1403"),
        11: held("4001", "4101", "4401", "4403"),
        12: held("1405"),
        13: held("1411"),
        14: held("1901") + carried_forward("tea-house"),
        18: held("1601"),
        19: -held("1602"),
        25: held("1701", "1702"),
        27: held("1801"),
    }
    liabilities = {
        31: -held("2001"),
        32: -held("2201"),
        33: own.sided(-1, "220201") + own.sided(-1, "1123") - held("220202", "220203"),
        34: own.sided(-1, "2203") + own.sided(-1, "1122"),
        35: -held("2211"),
        36: -held("2221") + carried_forward("tea-house"),
        37: -held("2231"),
        38: -held("2232"),
        39: own.sided(-1, "2241") + own.sided(-1, "1221"),
        48: -held("3001"),
        49: -held("3002"),
        50: -held("3101"),
        51: -held("3103", "3104", "3199", "5"),
    }
    expected = {**assets, **liabilities}
    assert {number: found[number] for number in expected} == expected
    assert found[15] == sum((found[number] for number in (*range(1, 10), 14)), ZERO)
    assert found[30] == found[15] + found[29] == found[53] == found[47] + found[52]
    assert found[29] == found[18] - found[19] + found[25] + found[27]
    zero = set(found) - set(expected) - {15, 20, 29, 30, 41, 46, 47, 52, 53}
    assert not any(found[number] for number in zero)


def test_the_income_statement_of_the_tea_house_line_by_line() -> None:
    turned = Codes("tea-house", closed=False).held  # without closing vouchers, balances are turnovers
    expected = {
        1: -turned("5001", "5051"),
        2: turned("5401", "5402"),
        3: turned("5403"),
        11: turned("5601"),
        12: turned("560115"),
        13: turned("560116"),
        14: turned("5602"),
        16: turned("560205"),
        18: turned("5603"),
        19: turned("560301"),
        20: -turned("5111"),
        22: -turned("5301"),
        24: turned("5711"),
        25: turned("571103"),
        31: turned("5801"),
        32: -turned("5"),
    }
    found = lines("tea-house", "income-statement")
    assert {number: found[number] for number in expected} == expected
    assert found[21] == found[1] - found[2] - found[3] - found[11] - found[14] - found[18] + found[20]
    assert found[30] == found[21] + found[22] - found[24] == found[32] + found[31]


# counter accounts of 会小企03 that the tea house has, the longer code first
COUNTERS = (
    ("22210107", 1), ("22210101", -3), ("560101", -4), ("560201", -4), ("560304", 1), ("571103", 1), ("560305", -3), ("560306", 1),
    ("5001", 1), ("5051", 1), ("1122", 1), ("2203", 1), ("1221", 2),
    ("14", -3), ("2202", -3), ("1123", -3), ("4001", -3), ("5401", -3), ("5402", -3),
    ("2211", -4), ("2221", -5), ("5403", -5), ("5601", -6), ("5602", -6), ("5603", -6), ("5711", -6),
)  # fmt: skip


def test_the_cash_flows_of_the_tea_house_line_by_line() -> None:
    """Each voucher with cash, its other postings by their codes; what is paid is positive on its line."""
    found: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for voucher in Codes("tea-house").vouchers:
        if voucher.tags & {"opening-balances", "opening-stock"}:
            continue
        postings = [(code(one.account), amount(one)) for one in voucher.postings]
        if any(own.startswith(("1001", "1002", "1012")) for own, _ in postings):
            for own, number in postings:
                if not own.startswith(("1001", "1002", "1012")):
                    line = next(line for prefix, line in COUNTERS if own.startswith(prefix))
                    found[abs(line)] += number if line < 0 else -number
    shown = lines("tea-house", "cash-flow")
    assert {number: shown[number] for number in range(1, 7)} == {number: found[number] for number in range(1, 7)}
    assert not any(shown[number] for number in range(8, 20))
    assert shown[20] == shown[22] - shown[21]
