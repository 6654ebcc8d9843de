"""Taxes of the whole company: what its documents say of them, and the proof that the ledger says the same."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from beanstock.amounts.tax_lines import INPUT, PENDING, REVERSE_CHARGE, TaxLine, tax_lines
from beanstock.commands.compute import Run
from beanstock.ledger.query import Ledger
from beanstock.model import ZERO
from beanstock.problems import Problem, problem
from beanstock.rulebook.accounts import TAX
from beanstock.rulebook.closings import KIND as CLOSINGS
from beanstock.vouchers.summary import summary_name
from beanstock.vouchers.write import rules_for

BOUGHT = ("input-tax", "input-tax-pending")  # roles of what is recovered; all other tax roles are owed
Sums = dict[tuple[str, str], Decimal]  # by side (input or output) and document, debit positive


def tax_of(run: Run) -> list[TaxLine]:
    """What every document says of its taxes."""
    pending = run.books.policy("input_tax") == "on-certification"
    return tax_lines([*run.records.documents, *run.made], run.rulebook.kinds, run.unit, pending=pending)


def check_tax(run: Run, ledger: Ledger) -> list[Problem]:
    """The tax accounts of the ledger are what the documents say, voucher by voucher. Problems: tax-differs.

    Opening balances and payments of tax, and vouchers that close the tax accounts, are no part of a return.
    """
    roles = {role for role, control in run.rulebook.accounts.controlled.items() if control == TAX}
    if not roles:
        return []
    roles |= {"input-tax-reversed"} & set(run.rulebook.accounts.roles)
    expected: Sums = {}
    summaries = _summaries(run)
    for side, of, amount in _expected(run, roles):
        document = summaries.get(of, of)
        expected[side, document] = expected.get((side, document), ZERO) + amount
    posted: Sums = {}
    for role in roles:
        side = "input" if role in BOUGHT else "output"
        for document, amount in ledger.by_document(role).items():
            if document.startswith(f"{CLOSINGS}/"):
                continue
            posted[side, document] = posted.get((side, document), ZERO) + amount
    found = []
    for side, document in sorted({*expected, *posted}):
        said, written = expected.get((side, document), ZERO), posted.get((side, document), ZERO)
        if said != written:
            facts = {"side": side, "document": document, "difference": f"{written - said:f}"}
            found.append(problem("tax-differs", None, records=f"{said:f}", ledger=f"{written:f}", **facts))
    return found


def _summaries(run: Run) -> dict[str, str]:
    """The summary vouchers of documents that are posted by one."""
    rules = run.rulebook.rules
    kinds = [kind for kind, several in rules.items() if any(rule.rule.summary for rule in several)]
    return {
        document.reference: name
        for document in run.records.documents
        if document.kind in kinds
        for rule in rules_for(document, run.rulebook, [])
        if (name := summary_name(document, rule.rule))
    }


def _expected(run: Run, roles: set[str]) -> Iterator[tuple[str, str, Decimal]]:
    """Side, document and amount (debit positive) of all that documents say of taxes."""
    for line in tax_of(run):
        if line.box in (INPUT, PENDING, REVERSE_CHARGE):
            yield "input", line.document, line.tax
        if line.box not in (INPUT, PENDING):
            yield "output", line.document, -line.tax
    role_of = run.rulebook.accounts.role_of_cell
    for document in run.records.documents:
        if document.kind == "opening-balances":
            cells = [(line.account, line.amount or ZERO) for line in document.lines]
        elif document.kind == "payments":
            sign = -1 if document.get("direction") == "in" else 1
            cells = [((line.extra or {})["pays"], sign * line.net) for line in document.pays]
            cells.append((document.account, -sign * document.banked))
        else:
            continue
        for cell, amount in cells:
            role = role_of(cell) if cell else ""
            if role in roles:
                yield "input" if role in BOUGHT else "output", document.reference, amount
