"""The check `notes` of `check`: the register of notes is what the ledger holds of each, with what manual vouchers post."""

from __future__ import annotations

from decimal import Decimal

from beanstock.commands.compute import Run
from beanstock.ledger.manual import read_manual
from beanstock.ledger.query import Ledger
from beanstock.matching.notes import PAYABLE, RECEIVABLE
from beanstock.model import ZERO
from beanstock.problems import Problem, problem
from beanstock.rulebook.accounts import AccountFault


def check_notes(run: Run, ledger: Ledger) -> list[Problem]:
    """Register = ledger by the account of each note. Problems: ledger-differs."""
    accounts, books = run.rulebook.accounts, run.books
    balances = ledger.balances()
    held = {account: balances.get(account, ZERO) for account in ledger.accounts_of(RECEIVABLE, PAYABLE)}
    expected: dict[str, Decimal] = {}
    for key, note in run.settlements.notes.known.items():
        try:
            account, _ = accounts.cell(key, {})
        except AccountFault:  # an account that depends on the partner: its notes cannot be told apart there
            return []
        expected[account] = expected.get(account, ZERO) + (-note.open if note.role == PAYABLE else note.open)
    if held or expected:
        for voucher in read_manual(books.ledgers, accounts, books.currency)[0]:
            for posting in voucher.postings:
                if posting.account in held:
                    expected[posting.account] = expected.get(posting.account, ZERO) + posting.amount
    return [
        problem(
            "ledger-differs",
            None,
            what=f"note {account}",
            records=f"{expected.get(account, ZERO):f}",
            ledger=f"{held.get(account, ZERO):f}",
            difference=f"{held.get(account, ZERO) - expected.get(account, ZERO):f}",
        )
        for account in sorted({*expected, *held})
        if expected.get(account, ZERO) != held.get(account, ZERO)
    ]
