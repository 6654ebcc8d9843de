"""`beanstock diff [REV] [REV2]`: two states of the books as an accountant sees them, each difference with its cause.

Both states are computed from their records and rules by this program, so that what differs is theirs and not ours.
Whether a rule is the cause is not guessed: the old records are posted once more by the new rules.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from beanstock.amounts.money import unit_of
from beanstock.books import Books
from beanstock.commands.causes import Causes, place_texts
from beanstock.commands.options import Options, finish, letterhead, opened
from beanstock.commands.snapshot import Snapshot, books_at, snapshot, with_rules_of
from beanstock.files.git import GitFault, commit_of
from beanstock.problems import Problem, errors, problem
from beanstock.render.problems import json_text
from beanstock.render.sentences import sentence
from beanstock.render.tables import as_json, render
from beanstock.reports.differences import Change, Key, changes, figures_table, stock_table, vouchers_table
from beanstock.table import Table
from beanstock.voucher import Voucher

NOW = "the working tree"


def diff(options: Options, old: str, new: str) -> int:
    """Compare a revision with another one, or with the working tree where `new` is blank; the exit code."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    with tempfile.TemporaryDirectory() as folder:
        try:
            first, found = at(books, old, Path(folder) / "old")
            second, more = at(books, new, Path(folder) / "new") if new else (books, [])
        except GitFault as fault:
            return finish(options, [*problems, problem("git-failed", None, detail=str(fault))], books)
        if errors(found + more):
            return finish(Options(options.folder), problems + found + more, books)
        states = _states(options, (old, first), (new or NOW, second))
        if isinstance(states, int):
            return states
        before, after = states
        causes = Causes(before, after, _by_rules(first, second, before, after))
        return show(options, books, before, after, causes)


def diff_rules(options: Options, revision: str) -> int:
    """What the rules of today change in these books, against those of a revision; the exit code."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    with tempfile.TemporaryDirectory() as folder:
        try:
            then, found = at(books, revision, Path(folder) / "old")
        except GitFault as fault:
            return finish(options, [*problems, problem("git-failed", None, detail=str(fault))], books)
        if then is None or errors(found):
            return finish(Options(options.folder), problems + found, books)
        states = _states(options, (f"the rules of {revision}", with_rules_of(books, then)), ("today's rules", books))
        if isinstance(states, int):
            return states
        before, after = states
        return show(options, books, before, after, Causes(before, after, after.vouchers))


def at(books: Books, revision: str, folder: Path) -> tuple[Books | None, list[Problem]]:
    """The books of a revision in a new folder. Raises GitFault."""
    folder.mkdir()
    return books_at(books, commit_of(books.folder, revision), folder)


def _states(options: Options, *sides: tuple[str, Books | None]) -> tuple[Snapshot, Snapshot] | int:
    """Both states computed, or the exit code where one of them has errors."""
    made = []
    for label, books in sides:
        state, problems = snapshot(label, books)
        if errors(problems):
            sys.stderr.write(f"{label} cannot be posted:\n\n")
            return finish(
                Options(options.folder), errors(problems), books, state.run.rulebook.kinds if state.run else None
            )
        made.append(state)
    return made[0], made[1]


def _by_rules(
    first: Books | None, second: Books | None, before: Snapshot, after: Snapshot
) -> dict[Key, Voucher] | None:
    """The old records by the new rules; None where the rules are the same, or cannot post them."""
    if first is None or second is None or before.run is None or after.run is None:
        return None
    same_settings = first.values() == second.values() and (first.costing, first.costing_by_category, first.pack) == (
        second.costing,
        second.costing_by_category,
        second.pack,
    )
    if same_settings and before.run.rulebook.hashes == after.run.rulebook.hashes:
        return before.vouchers
    state, problems = snapshot("", with_rules_of(first, second))
    return None if errors(problems) else state.vouchers


def show(options: Options, books: Books, before: Snapshot, after: Snapshot, causes: Causes) -> int:
    """Print the differences in the form asked for."""
    found = changes(before.vouchers, after.vouchers)
    causes.fill(found)
    tables = [
        vouchers_table(found),
        figures_table("accounts", "Accounts", ("account",), before.accounts, after.accounts),
        stock_table(before.stock, after.stock),
        figures_table("statements", "Statement lines", ("statement", "line"), before.lines, after.lines),
    ]
    for table in tables:
        table.settle(unit_of(books.currency))
    if options.form == "json":
        print(json_text(_tree(books, before, after, found, tables, options)))  # noqa: T201
        return 0
    counts = ", ".join(f"{sum(one.kind == kind for one in found)} {kind}" for kind in ("added", "removed", "changed"))
    said = sentence(f"{before.label} → {after.label}: vouchers {counts}", books.language)
    head = f"{books.company}: {said}"
    print(f"### {head.replace('<', '&lt;')}" if options.form == "md" else head)  # noqa: T201
    for table in tables:
        if table.rows:
            print()  # noqa: T201
            render(table, options.form, letterhead(books), sys.stdout)
    return 0


def _tree(
    books: Books, before: Snapshot, after: Snapshot, found: list[Change], tables: list[Table], options: Options
) -> dict[str, Any]:
    unit = unit_of(books.currency)
    places = place_texts(found, before, after, options)
    vouchers = [
        {
            "change": one.kind,
            "date": one.voucher.date.isoformat(),
            "document": one.key.document,
            "rule": one.voucher.rule,
            "cause": {"kind": one.cause, "of": one.of, "place": places.get(one.key.document, "")},
            "words": [{"what": what, "before": said, "after": says} for what, said, says in one.words],
            "postings": [
                {
                    **{name: value for name, value in each.slot._asdict().items() if value},
                    "before": str(each.before.quantize(unit)) if one.old else None,
                    "after": str(each.after.quantize(unit)) if one.new else None,
                    "difference": str((each.after - each.before).quantize(unit)),
                    "qty_difference": f"{each.qty_after - each.qty_before:f}",
                }
                for each in one.differences
            ],
        }
        for one in found
    ]
    rest = {table.report: json.loads(as_json(table, letterhead(books)))["rows"] for table in tables[1:]}
    head = {"company": books.company, "currency": books.currency, "from": before.label, "to": after.label}
    return {**head, "vouchers": vouchers, **rest}
