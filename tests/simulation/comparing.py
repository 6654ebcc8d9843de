"""Posts a simulated company and says where the program's books differ from the model's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from .files import write_books
from .ledgers import Posting, read_postings, unbalanced
from .matched import mismatched, stopped
from .model import Model
from .model_money import DEBITS
from .model_revaluation import is_closing, left_open, misjudged
from .money_laws import not_emptied
from .papers import ACCOUNTS, FORBIDS_LIFO, NOTES, Company, Scope
from .running import posted, reported

Name = TypeVar("Name")
REPORTED = 4  # one company of so many is compared through the reports as well: they take longer than posting


def differences(company: Company, books: Model, folder: Path) -> list[str]:
    """One sentence for each difference; none where both agree to the cent."""
    write_books(company, folder, Random(company.seed))
    code, said = posted(folder)
    mistold = mismatched(books.orders, said)
    if code and stopped(said):
        company = replace(company, policies=company.policies | {"over_billing": "warn", "over_price": "warn"})
        write_books(company, folder, Random(company.seed))
        code, said = posted(folder)
    if code or mistold:
        return [f"exit code {code}: {said}"] if code else mistold
    everything = read_postings(folder / "ledgers")
    postings = [one for one in everything if not is_closing(one)]
    stock = [one for one in postings if one.role == "inventory" and "item" in one.meta]  # estimates have none
    partners = [one for one in postings if one.role in DEBITS]
    accruals = [one for one in postings if one.role == "goods-received-not-invoiced"]
    found = [f"{voucher} sums to {amount}" for voucher, amount in unbalanced(everything).items()]
    if ("method-forbidden" in said) != (_uses_lifo(company) and company.pack in FORBIDS_LIFO):
        found.append("whether lifo is allowed")
    found += [*misjudged(company, everything), *left_open(everything)]
    found += _compare("amount", books.balances(), _summed(((one.voucher, one.role), one.amount) for one in postings))
    found += _compare("role", books.by_role(), _summed((one.role, one.amount) for one in postings))
    found += _compare(
        "moved",
        books.quantities(),
        _summed(((one.voucher, one.meta["item"], one.warehouse, one.lot), one.qty) for one in stock),
    )
    found += _compare_stock(company, books, stock)
    found += _compare("open", books.open_items(), _summed(((one.role, *_about(one)), one.amount) for one in partners))
    found += _compare(
        "accrued", books.accrued(), _summed((one.meta.get("document", ""), one.amount) for one in accruals)
    )
    money = [one for one in postings if one.role in (*ACCOUNTS, *NOTES)]
    found += _compare("account", books.accounts(), _summed(((one.role, one.beneath), one.amount) for one in money))
    found += not_emptied(postings)
    if company.seed % REPORTED == 0:
        closed = {one.role for one in everything if is_closing(one)} if company.chinese else set()
        found += _compare_reports(company, books, folder, closed)
    return found


def _uses_lifo(company: Company) -> bool:
    return any(company.method(code) == "lifo" for code in company.items if company.stocked(code))


def _compare_reports(company: Company, books: Model, folder: Path, closed: set[str]) -> list[str]:
    """The reports read the same ledger through the program's own index; `closed` are roles that a month's end touches."""
    trial = _summed(
        (row["role"] or row["account"], Fraction(row["closing"])) for row in reported(folder, "trial-balance")
    )
    rows = [((row["item"], row["warehouse"], row["lot"] or ""), row) for row in reported(folder, "stock")]
    found = _compare("trial balance", *(_without(one, closed) for one in (books.by_role(), trial)))
    found += _compare(
        "reported qty", _summed(books.goods.on_hand.items()), _summed((key, Fraction(row["qty"])) for key, row in rows)
    )
    values = _summed((company.scope(*key), Fraction(row["value"])) for key, row in rows)
    found += _compare("reported value", _values(books), values)
    found += _compare("notes", books.money.cash.notes.register(), _register(reported(folder, "notes")))
    for name, role in (("receivables", "receivable"), ("payables", "payable")):
        expected = {key: amount for key, amount in books.open_items().items() if key[0] == role}
        rows_open = {(role, row["partner"], row["document"]): Fraction(row["open"]) for row in reported(folder, name)}
        found += _compare(name, expected, rows_open)
    return found


def _register(rows: list[dict[str, Any]]) -> dict[tuple[str, str, str], Fraction]:
    found = {}
    for row in rows:
        found[row["role"], row["note"], f"open, {row['state']}, {row['holder']}"] = Fraction(row["open"])
        found[row["role"], row["note"], f"amount of {row['partner']}, {row['due']}"] = Fraction(row["amount"])
    return found


def _without(sums: dict[str, Fraction], roles: set[str]) -> dict[str, Fraction]:
    return {role: amount for role, amount in sums.items() if role not in roles}


def _values(books: Model) -> dict[Scope, Fraction]:
    """The model's value of stock by item and cost scope, without zeros."""
    return {key: value for key, (_, value) in books.stock().items() if value}


def _compare_stock(company: Company, books: Model, stock: list[Posting]) -> list[str]:
    """Quantity and value by item and cost scope; nothing may be left where there is no quantity."""
    scope = [(company.scope(one.meta["item"], one.warehouse, one.lot), one) for one in stock]
    quantities = {key: qty for key, (qty, _) in books.stock().items() if qty}
    return [
        *_compare("stock qty", quantities, _summed((key, one.qty) for key, one in scope)),
        *_compare("stock value", _values(books), _summed((key, one.amount) for key, one in scope)),
    ]


def _about(posting: Posting) -> tuple[str, str]:
    return posting.meta.get("partner", ""), posting.meta.get("document", "")


def _compare(what: str, expected: Mapping[Name, Fraction], found: Mapping[Name, Fraction]) -> list[str]:
    zero = Fraction(0)
    return [
        f"{what} of {name}: the contract says {float(expected.get(name, zero))}, the program {float(found.get(name, zero))}"
        for name in dict.fromkeys([*expected, *found])
        if expected.get(name, zero) != found.get(name, zero)
    ]


def _summed(pairs: Iterable[tuple[Name, Fraction]]) -> dict[Name, Fraction]:
    sums: defaultdict[Name, Fraction] = defaultdict(Fraction)
    for name, amount in pairs:
        sums[name] += amount
    return {name: amount for name, amount in sums.items() if amount}
