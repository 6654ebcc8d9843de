"""A state of the books, computed: those in the folder, or those of a git revision taken out into a temporary folder.

Closed months are what they were closed with, and what is late for them stands in the first open one, as `post` writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from beanstock.amounts.money import decimals_of, unit_of
from beanstock.books import FILE, Books, open_books
from beanstock.commands.compute import Run, prepare
from beanstock.commands.written import written
from beanstock.files.git import extract
from beanstock.ledger.closed import FOLDER as CLOSED
from beanstock.ledger.index import index_of
from beanstock.ledger.manual import read_manual
from beanstock.ledger.query import LAST, Ledger
from beanstock.ledger.text import Serializer
from beanstock.problems import Problem, errors
from beanstock.reports.differences import Key, keyed
from beanstock.reports.placing import Balances, amounts
from beanstock.reports.statements import held
from beanstock.voucher import Voucher


@dataclass
class Snapshot:
    """The vouchers of one state, and the figures they make. `run` is None where the state has no books at all."""

    label: str
    run: Run | None = None
    vouchers: dict[Key, Voucher] = field(default_factory=dict)
    accounts: dict[tuple[str, ...], Decimal] = field(default_factory=dict)
    stock: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    lines: dict[tuple[str, ...], Decimal] = field(default_factory=dict)

    @property
    def fingerprints(self) -> Mapping[str, str]:
        return self.run.fingerprints if self.run else {}


def books_at(books: Books, commit: str, folder: Path) -> tuple[Books | None, list[Problem]]:
    """The books as they were at a commit, written into a folder; None where there were none yet.

    Problems: outside-books, too-large, and those of `open_books`. Raises GitFault.
    """
    problems = extract(books.folder, commit, folder, (FILE, "rules"))
    if not (folder / FILE).is_file():
        return None, errors(problems)
    for name, source, below in (
        ("records", books.records, (".",)),
        ("ledgers", books.ledgers, ("manual", CLOSED, "approvals.csv")),
    ):
        (folder / name).mkdir(exist_ok=True)
        problems += extract(source, commit, folder / name, below)
    closed = [f"{path.stem}.bean" for path in (folder / "ledgers" / CLOSED).glob("*.yaml")]
    problems += extract(books.ledgers, commit, folder / "ledgers", closed)  # which stay as they are
    found, more = open_books(folder, folder / "records", folder / "ledgers")
    return found, problems + more


def snapshot(label: str, books: Books | None) -> tuple[Snapshot, list[Problem]]:
    """Compute a state. Problems: all that posting it would tell."""
    if books is None:
        return Snapshot(label), []
    run = prepare(books, hashed=True)
    made: list[Voucher] = []
    if not run.failed:
        for _, vouchers, _ in written(run, Serializer(books.currency, decimals_of(books.currency))):
            made += vouchers
    manual, _, problems = read_manual(books.ledgers, run.rulebook.accounts, books.currency)
    run.problems += problems
    state = Snapshot(label, run)
    if not run.failed:
        state.vouchers = keyed([*made, *manual])
        _sum(state, books, run)
    return state, run.problems


def with_rules_of(books: Books, other: Books) -> Books:
    """The records of one state with the rules, policies and settings of another."""
    return replace(other, records=books.records, ledgers=books.ledgers)


def _sum(state: Snapshot, books: Books, run: Run) -> None:
    """Balances by account, quantity and value by item, and the statements' lines, at the end of everything."""
    ledger = Ledger(index_of(state.vouchers.values(), unit_of(books.currency)), unit_of(books.currency))
    state.accounts = {(account,): amount for account, amount in ledger.balances().items()}
    for one in ledger.moves():
        qty, value = state.stock.get(one.item, (Decimal(0), Decimal(0)))
        state.stock[one.item] = (qty + one.qty, value + one.value)
    for name, balances in (("balance-sheet", held(ledger, LAST)), ("income-statement", Balances(ledger.nets()))):
        statement = run.rulebook.statements.get(name)
        if statement is None:
            continue
        placed = amounts(statement, ledger.roles, balances)
        state.lines |= {(name, line.label): placed[line.number] for line in statement.lines if line.number}
    ledger.connection.close()
