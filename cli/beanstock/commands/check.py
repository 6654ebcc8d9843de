"""`beanstock check`: the books are proven, each check by its name.

The records are computed again and compared with what the ledger's text says, read back by the strict reader; then
Beancount judges the whole. `--frozen` adds that the text is exactly what post would write.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from beanstock.amounts.money import decimals_of, unit_of
from beanstock.books import Books
from beanstock.commands.check_notes import check_notes
from beanstock.commands.check_sequence import TWICE, check_sequence
from beanstock.commands.check_statements import check_cash, check_statements
from beanstock.commands.compute import Run, prepare
from beanstock.commands.options import Options, exit_code, finish, in_checkout, letterhead, locate_in, opened
from beanstock.commands.post import made_texts
from beanstock.commands.taxes import check_tax
from beanstock.commands.written import CODES, needs_fingerprints, written
from beanstock.ledger.figures import check_closed
from beanstock.ledger.index import open_index
from beanstock.ledger.judge import judge
from beanstock.ledger.query import Ledger
from beanstock.ledger.store import generated_files, hand_edits
from beanstock.ledger.text import Serializer, month_name
from beanstock.model import ZERO
from beanstock.problems import Place, Problem, errors, problem
from beanstock.records.kinds import Kinds
from beanstock.render.problems import as_dict, json_text, safe, show_problems
from beanstock.render.tables import render
from beanstock.reports.cash_flow import know_cash
from beanstock.table import Cell, Column, Table

NAMES = (
    "records",
    "rules",
    "balance",
    "stock",
    "accrual",
    "receivable",
    "payable",
    "notes",
    "tax",
    "cash",
    "statements",
    "sequence",
    "closed",
    "generated",
    "beancount",
)


_READ_FIRST = ("ledgers/main.bean", "ledgers/accounts.bean")


@dataclass
class Checked:
    """One check's outcome: ok, failed or skipped."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    skipped: bool = False

    @property
    def status(self) -> str:
        return "skipped" if self.skipped else "failed" if errors(self.problems) else "ok"


def check(options: Options, *, frozen: bool = False) -> int:
    """Run all checks; the exit code is 1 when one fails."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    run, results = prove(books, problems, frozen=frozen)
    return _tell(options, books, run.rulebook.kinds, results)


def prove(books: Books, problems: list[Problem], *, frozen: bool, hashed: bool = False) -> tuple[Run, list[Checked]]:
    """All checks of books, each with its outcome; `problems` are those of opening them."""
    run = prepare(books, hashed=hashed or needs_fingerprints(books))
    run.problems[:0] = problems
    stock: dict[tuple[str, str, str, str], list[Decimal]] = {}
    serializer = Serializer(books.currency, decimals_of(books.currency))
    months: dict[str, bytes] = {}
    opened_accounts: dict[str, str] = {}
    if not run.failed:
        for month, vouchers, kept in written(run, serializer):
            months[f"{month}.bean"] = (kept or (serializer.month(vouchers) if frozen else "")).encode()
            opened_accounts.update(
                {posting.account: posting.role for voucher in vouchers for posting in voucher.postings}
            )
        _sum_moves(run, stock)
    closed = [one for one in run.problems if one.code in CODES]
    by_rules = [
        one
        for one in run.problems
        if one not in closed and one.place is not None and one.place.path.startswith(("rules/", "beanstock.yaml"))
    ]
    sequence = [one for one in run.problems if one.code in TWICE]
    apart = [*closed, *by_rules, *sequence]
    sequence += check_sequence(run.records.documents, run.rulebook.kinds, books.policy("sequence"))
    results = [Checked("records", [one for one in run.problems if one not in apart]), Checked("rules", by_rules)]
    if run.failed:
        said = {"closed": closed, "sequence": sequence}
        results += [
            Checked(name, said.get(name, []), skipped=not said.get(name))
            for name in (*NAMES[2:], *(("frozen",) if frozen else ()))
        ]
    else:
        made, found = made_texts(run, months, opened_accounts)
        stale = _compare(books, months | made)
        # what Beancount loads first may say anything that runs or reads: it must be exactly what post would write
        loaded = found + [one for one in stale if one.facts["path"] in _READ_FIRST]
        results += _ledger_checks(books, run, stock, loaded, sequence, tell=not frozen)
        if frozen:
            results.append(Checked("frozen", found + stale))
    return run, results


def _sum_moves(run: Run, stock: dict[tuple[str, str, str, str], list[Decimal]]) -> None:
    """What the replay moved, by month, item, warehouse and lot."""
    for document in (*run.records.documents, *run.made):
        for move in (*document.moves, *document.corrections):
            key = (month_name(document.date), move.item.code, move.warehouse.code, move.lot)
            sums = stock.setdefault(key, [ZERO, ZERO])
            sums[0] += move.qty
            sums[1] += move.value


def _ledger_checks(
    books: Books,
    run: Run,
    stock: dict[tuple[str, str, str, str], list[Decimal]],
    loaded: list[Problem],
    sequence: list[Problem],
    *,
    tell: bool,
) -> list[Checked]:
    """What is proven of the ledger. It is read anew: a proof may not lean on a cache that came with the folder."""
    unit = unit_of(books.currency)
    generated = hand_edits(books.ledgers)
    edited = {one.facts.get("path") for one in generated}
    untouched = not generated and not loaded
    if tell:
        generated += [one for one in loaded if one.facts.get("path") not in edited]
    with open_index(None, books.ledgers, run.rulebook.accounts, books.currency, unit) as (
        connection,
        found,
    ):
        if errors(found):
            names = [name for name in NAMES[2:] if name != "balance"]
            read = {"generated": generated, "sequence": sequence}  # what needs no ledger
            return [
                Checked("balance", found),
                *(Checked(name, read.get(name, []), skipped=name not in read) for name in names),
            ]
        ledger = Ledger(connection, unit)
        forms = run.rulebook.statements
        know_cash(ledger, forms)
        cash = "cash-flow" in forms
        results = [
            Checked(
                "balance",
                [
                    problem("not-balanced", None, document=document, sum=amount)
                    for document, amount in ledger.unbalanced()
                ],
            ),
            Checked("stock", _check_stock(run, ledger, stock)),
            Checked("accrual", _check_accrual(run, ledger)),
            Checked("receivable", _check_open(run, ledger, "receivable", "customer-advances", 1)),
            Checked("payable", _check_open(run, ledger, "payable", "supplier-advances", -1)),
            Checked("notes", check_notes(run, ledger)),
            Checked("tax", check_tax(run, ledger)),
            Checked("cash", check_cash(ledger, forms) if cash else [], skipped=not cash),
            Checked("statements", check_statements(ledger, forms, books.fiscal_year_start)),
            Checked("sequence", sequence),
            Checked("closed", check_closed(books.ledgers, ledger)),
            Checked("generated", generated),
        ]
    # Beancount only loads what nobody changed: main.bean and accounts.bean are what post would write, and the strict
    # readers have seen the months and the manual vouchers whole
    results.append(Checked("beancount", judge(books.ledgers) if untouched else [], skipped=not untouched))
    return results


def _check_stock(run: Run, ledger: Ledger, stock: dict[tuple[str, str, str, str], list[Decimal]]) -> list[Problem]:
    """Sub-ledger = ledger: by month, item and place; and the stock accounts hold nothing else."""
    problems: list[Problem] = []
    posted = ledger.stock_by_month()
    for key in sorted({*stock, *posted}):
        month, item, warehouse, lot = key
        place = f"{item} in {warehouse}{f', lot {lot}' if lot else ''}, {month}"
        qty, value = stock.get(key, [ZERO, ZERO])
        ledger_qty, ledger_value = posted.get(key, (ZERO, ZERO))
        problems += _differs(f"quantity of {place}", qty, ledger_qty) + _differs(
            f"value of {place}", value, ledger_value
        )
    roles = [role for role, control in run.rulebook.accounts.controlled.items() if control == "stock"]
    accounts = [account for account, role in ledger.roles.items() if role in roles]
    balances = ledger.balances()
    held = sum((balances.get(account, ZERO) for account in accounts), ZERO)
    taken_back = run.state.estimates.taken_back()
    value = sum((value for _, value in stock.values()), ZERO) - sum(taken_back.values(), ZERO)
    problems += _differs("value of the stock", value, held)
    problems += [
        problem("estimate-taken-back", None, receipt=receipt, amount=amount) for receipt, amount in taken_back.items()
    ]
    return problems


def _check_accrual(run: Run, ledger: Ledger) -> list[Problem]:
    """Goods received not invoiced = open receipts; goods in transit = bills whose goods have not come."""
    problems: list[Problem] = []
    if run.books.policy("inventory_system") == "periodic":
        return problems  # nothing is accrued
    received = run.purchases.open_by_receipt()
    for receipt, amount in run.state.estimates.taken_back().items():
        received[receipt] = received.get(receipt, ZERO) - amount
    for role, expected, sign in (
        ("goods-received-not-invoiced", received, -1),
        ("goods-in-transit", run.purchases.open_in_transit(), 1),
    ):
        posted: dict[str, Decimal] = {}
        for (_, document), amount in ledger.role_by_document(role).items():
            if not document.startswith("opening-balances/"):
                posted[document] = posted.get(document, ZERO) + sign * amount
        problems += _compare_sums(f"{role} of {{}}", expected, posted)
    return problems


def _check_open(run: Run, ledger: Ledger, role: str, advances: str, sign: int) -> list[Problem]:
    """Open items by partner and document, and advances by partner."""
    expected = {
        f"{one.document} ({one.partner.code})": one.book
        for one in run.settlements.opens.values()
        if one.role == role and one.book
    }
    posted = {
        f"{document} ({partner})": sign * amount
        for (partner, document), amount in ledger.role_by_document(role).items()
    }
    problems = _compare_sums(f"{role} {{}}", expected, posted)
    problems += _without_partner(ledger, role) + _without_partner(ledger, advances)
    ahead = {partner: amount for (partner, of), amount in run.settlements.advances.items() if of == advances and amount}
    held: dict[str, Decimal] = {}
    for (partner, _), amount in ledger.role_by_document(advances).items():
        held[partner] = held.get(partner, ZERO) - sign * amount
    return problems + _compare_sums(
        f"{advances} of {{}}", ahead, {partner: amount for partner, amount in held.items() if amount}
    )


def _without_partner(ledger: Ledger, role: str) -> list[Problem]:
    """What a role's accounts hold that no partner stands behind: open items do not show it, the balance sheet does."""
    held = sum((ledger.balances().get(account, ZERO) for account in ledger.accounts_of(role)), ZERO)
    return _differs(f"{role} without a partner", ZERO, held - sum(ledger.role_by_document(role).values(), ZERO))


def _compare_sums(what: str, expected: Mapping[str, Decimal], posted: Mapping[str, Decimal]) -> list[Problem]:
    return [
        one
        for key in sorted({*expected, *posted})
        for one in _differs(what.format(key), expected.get(key, ZERO), posted.get(key, ZERO))
    ]


def _differs(what: str, records: Decimal, ledger: Decimal) -> list[Problem]:
    if records == ledger:
        return []
    return [
        problem(
            "ledger-differs",
            None,
            what=what,
            records=f"{records:f}",
            ledger=f"{ledger:f}",
            difference=f"{ledger - records:f}",
        )
    ]


def _compare(books: Books, files: dict[str, bytes]) -> list[Problem]:
    """--frozen: the ledger is what post would write."""
    problems = []
    present = generated_files(books.ledgers)
    for name in sorted({*files, *present}):
        new, old = files.get(name), present.get(name)
        if new != old:
            line = _first_difference((old or b"").decode("utf-8", errors="replace"), (new or b"").decode())
            detail = (
                " (it is missing)"
                if old is None
                else " (nothing would be written there)"
                if new is None
                else f" from line {line} on"
            )
            problems.append(
                problem("stale-ledger", Place(f"ledgers/{name}", line, 1), path=f"ledgers/{name}", detail=detail)
            )
    return problems


def _first_difference(old: str, new: str) -> int:
    lines = zip(old.split("\n"), new.split("\n"), strict=False)
    return next((number for number, (one, other) in enumerate(lines, start=1) if one != other), 1)


def _tell(options: Options, books: Books, kinds: Kinds, results: list[Checked]) -> int:
    located = {result.name: locate_in(result.problems, books, kinds, options) for result in results}
    if options.form == "json":
        checks = [
            {"name": one.name, "status": one.status, "problems": [as_dict(each) for each in located[one.name]]}
            for one in results
        ]
        print(json_text({"company": books.company, "checks": checks}))  # noqa: T201
    elif options.form in ("csv", "md"):
        render(_table(results, located), options.form, letterhead(books), sys.stdout)
    elif options.form != "table":
        from beanstock.render.ci import Outcome, as_ci  # noqa: PLC0415 what it needs is slow to load

        outcomes = [Outcome(one.name, one.status, located[one.name]) for one in results]
        sys.stdout.write(as_ci(options.form, books.company, outcomes, lambda shown: in_checkout(shown, books)))
    else:
        show_problems([one for several in located.values() for one in several], stream=sys.stderr)
        for one in results:
            print(f"{one.name:<12} {one.status}")  # noqa: T201
    return exit_code([one for result in results for one in result.problems])


def _table(results: list[Checked], located: dict[str, list[Problem]]) -> Table:
    """A row for each problem, and one for each check that found none."""
    columns = [Column(name, "text") for name in ("check", "status", "severity", "code", "path")]
    columns += [Column("line", "integer"), Column("column", "integer")]
    columns += [Column(name, "text") for name in ("message", "reason", "remedy")]
    rows: list[dict[str, Cell]] = []
    for one in results:
        for each in [as_dict(found) for found in located[one.name]] or [{}]:
            row: dict[str, Cell] = {"check": one.name, "status": one.status}
            for name, cell in each.items():
                row[name] = safe(cell) if isinstance(cell, str) else cell
            rows.append(row)
    return Table("check", "Checks", columns, rows)
