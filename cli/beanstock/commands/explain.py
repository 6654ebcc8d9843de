"""`beanstock explain REF`: why a document posts what it posts, from the record to every amount and account.

REF is a document, a summary voucher (sales/2026-01-05), a posting of either (DN-0007#2, the second one), a line of a
generated file (ledgers/2026-01.bean:120), an item, a partner, an asset, an account or a role. For an item, a partner or an
account it shows the moves or postings behind the figure, for an asset what it was bought with, its depreciation and disposal.
"""

from __future__ import annotations

import re
from typing import Any

from beanstock.amounts.money import decimals_of
from beanstock.books import Books
from beanstock.commands.compute import Run, prepare
from beanstock.commands.explain_assets import explain_asset
from beanstock.commands.explain_closed import kept, removed
from beanstock.commands.fold import fold
from beanstock.commands.options import Options, finish, locate_in, opened
from beanstock.commands.report import report
from beanstock.commands.written import needs_fingerprints, written
from beanstock.files.decode import read_text
from beanstock.ledger.reader import read_vouchers
from beanstock.ledger.text import Serializer, month_name
from beanstock.matching.references import Directory
from beanstock.model import Document
from beanstock.problems import errors, problem, suggest
from beanstock.render.explanation import asset_lines, explanation_lines
from beanstock.render.problems import json_text
from beanstock.rulebook.runtime import shown
from beanstock.stock.pools import LayerPool
from beanstock.table import Query
from beanstock.voucher import Posting, Voucher
from beanstock.vouchers.closing import ClosingDocument
from beanstock.vouchers.explain import explain_rules, said
from beanstock.vouchers.summary import summary_name
from beanstock.vouchers.write import rules_for

_POSTING = re.compile(r"(.+)#([1-9][0-9]{0,4})")
_LEDGER_LINE = re.compile(r"(?:.*/)?(\d{4}-\d{2}\.bean):([1-9][0-9]{0,8})")


def explain(options: Options, reference: str) -> int:
    """Explain a document, a voucher or one of its postings, an item or an account; the exit code."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    run = prepare(books, hashed=needs_fingerprints(books))
    run.problems[:0] = problems
    written = reference
    reference, number, month = _at_line(books, reference)
    match = _POSTING.fullmatch(reference)
    if match and not number:
        reference, number = match[1], int(match[2])
    found = _documents(run, reference)
    if not found and reference in run.records.masters.items:
        code = report(options, "stock-moves", Query(item=reference))
        if code == 0 and options.form != "json":
            print("\n".join(_held(run, reference)))  # noqa: T201
        return code
    if not found and (":" in reference or reference in run.rulebook.accounts.roles):
        return report(options, "ledger", Query(account=reference))
    vouchers = _vouchers(run, found[0].reference if found else "")
    asset = run.records.masters.assets.get(reference)
    if not found and asset is not None and not run.failed:
        tree = explain_asset(run, asset)
        print(json_text([tree]) if options.form == "json" else "\n".join(asset_lines(tree)))  # noqa: T201
        return finish(Options(options.folder), errors(run.problems), books, run.rulebook.kinds)
    if not found and reference in run.records.masters.partners:
        return report(options, "statement-of-account", Query(partner=reference))
    made: list[Document] = []
    if not found:  # a document that a month made by itself; what takes it back is explained by it
        made = [one for one in run.made if one.reference == reference]
        found = [_original(one) or one for one in made]
    gone = [] if found else removed(vouchers, reference)
    if not found and not gone:
        known = [
            *(document.reference for document in run.records.documents),
            *run.records.masters.items,
            *run.records.masters.assets,
            *run.records.masters.partners,
        ]
        run.problems = [
            *errors(run.problems),
            problem("unknown-reference", None, reference=written, suggestion=suggest(reference, known)),
        ]
        return finish(options, run.problems, books, run.rulebook.kinds)
    trees = gone or [_explained(document, run, books, options) for document in found]
    for tree, of in zip(trees, made, strict=False):
        tree["taken_back_by"] = of.reference if _original(of) else ""
    for tree, document in zip(trees, found, strict=False):
        tree["ledger"] = kept(vouchers, document.reference)
    if number and not gone:
        of_month = [one for one in vouchers if not month or month_name(one.date) == month]
        trees = _only(trees, _posting(of_month, found, number))
    if not trees:
        said_of = f" {reference} has no posting {number}."
        return finish(options, [problem("unknown-reference", None, reference=written, suggestion=said_of)])
    if options.form == "json":
        print(json_text(trees))  # noqa: T201
    else:
        for tree in trees:
            print("\n".join(explanation_lines(tree)))  # noqa: T201
    own = [one for one in run.problems if one.severity == "error"]
    return finish(Options(options.folder), own, books, run.rulebook.kinds) if own else 0


def _original(document: Document) -> ClosingDocument | None:
    """What a document of a month's beginning takes back."""
    return document.takes_back if isinstance(document, ClosingDocument) else None


def _vouchers(run: Run, watched: str) -> list[Voucher]:
    """All that is posted; the stock notes what it does for the document that is watched."""
    if run.failed:
        return []
    run.state.stock.watched = watched
    serializer = Serializer(run.books.currency, decimals_of(run.books.currency))
    return [voucher for _, several, _ in written(run, serializer) for voucher in several]


def _documents(run: Run, reference: str) -> list[Document]:
    """The documents that a reference means; those of a summary voucher where it names one."""
    documents = run.records.documents
    found = Directory(documents).find(reference, (), None)
    if found or "/" not in reference:
        return found
    kind = reference.partition("/")[0]
    return [
        document
        for document in documents
        if document.kind == kind
        and any(summary_name(document, rule.rule) == reference for rule in rules_for(document, run.rulebook, []))
    ]


def _at_line(books: Books, reference: str) -> tuple[str, int, str]:
    """The voucher and posting that stand at a line of a generated file: a reference, a number (0: the whole), the month."""
    match = _LEDGER_LINE.fullmatch(reference)
    path = books.ledgers / match[1] if match else books.ledgers
    if match is None or not path.is_file():
        return reference, 0, ""
    every = read_text(path, path.name)[0].split("\n")
    above = every[: int(match[2])]
    if len(every) < int(match[2]):
        return reference, 0, ""
    vouchers, _ = read_vouchers("\n".join(above), path.name)
    if not vouchers:
        return reference, 0, ""
    whole, _ = read_vouchers(read_text(path, path.name)[0], path.name)
    voucher = whole[len(vouchers) - 1]
    before = sum(len(one.postings) for one in whole[: len(vouchers) - 1] if one.document == voucher.document)
    number = before + len(vouchers[-1].postings) if vouchers[-1].postings else 0
    return voucher.document, number, month_name(voucher.date)


def _posting(vouchers: list[Voucher], documents: list[Document], number: int) -> Posting | None:
    """The posting of that number, counted over the vouchers of the documents as they stand in the ledger."""
    names = {document.reference for document in documents}
    for voucher in vouchers:
        if not names.isdisjoint(voucher.sources):
            if number <= len(voucher.postings):
                return voucher.postings[number - 1]
            number -= len(voucher.postings)
    return None


def _only(trees: list[dict[str, Any]], posting: Posting | None) -> list[dict[str, Any]]:
    """The trees with what makes up one posting: of its account, and of its item, document and amount where it has them."""
    for tree in trees:
        tree["not_taken"] = []
        for rule in tree["rules"]:
            alike = [
                one
                for one in rule["postings"]
                if posting is not None
                and one["account"] == posting.account
                and (not posting.item or one["item"] in ("", posting.item))
            ]
            exact = (
                [one for one in alike if one["amount"].removeprefix("-") == f"{abs(posting.amount):f}"]
                if posting
                else []
            )
            rule["postings"] = exact if len(exact) == 1 else alike
        tree["rules"] = [rule for rule in tree["rules"] if rule["postings"]]
    return [tree for tree in trees if tree["rules"]]


def _held(run: Run, code: str) -> list[str]:
    """Behind an item's stock value: its method, and what the pools hold, layer by layer where they have layers."""
    if not run.failed:
        for _ in fold(run):
            pass
    stock, item = run.state.stock, run.records.masters.items[code]
    lines = [f"{code}: {stock.costing.method(item)}, cost kept by {stock.costing.scope}"]
    seen: list[object] = []
    for own, warehouse, lot in sorted(stock.on_hand, key=lambda place: (place[0].code, place[1].code, place[2])):
        if own is not item:
            continue
        pool = stock.pool(item, warehouse, lot)
        if pool in seen:
            continue
        seen.append(pool)
        each = f" = {pool.value / pool.qty:.6f} a {item.unit}" if pool.qty else ""
        lines.append(f"  {shown(pool.qty)} {item.unit} worth {said(pool.value)}{each}")
        for layer in pool.layers if isinstance(pool, LayerPool) else ():
            of = f"{layer.line.document.reference} line {layer.line.index}" if layer.line else "no document"
            lines.append(f"    {shown(layer.qty)} of {of} worth {said(layer.value)}")
    return lines


def _explained(document: Document, run: Run, books: Books, options: Options) -> dict[str, Any]:
    place = locate_in(
        [problem("cannot-read", document.place(), path="", detail="")], books, run.rulebook.kinds, options
    )[0].place
    names = [summary_name(document, rule.rule) for rule in rules_for(document, run.rulebook, [])]
    return {
        "document": document.reference,
        "date": document.date.isoformat(),
        "partner": document.partner.code if document.partner else "",
        "source": {"path": place.path, "line": place.line} if place and document.file else {},
        "summary": ", ".join(name for name in names if name),
        "posts": run.rulebook.kinds.documents[document.kind].posts,
        "lines": [_line(line, run) for line in document.lines],
        **explain_rules(document, run.rulebook),
    }


def _line(line: Any, run: Run) -> dict[str, Any]:
    tree: dict[str, Any] = {
        "index": line.index,
        "what": line.item.code if line.item else line.account,
        "qty": shown(line.base_qty),
    }
    for name in ("net", "tax", "gross"):
        if getattr(line, name):
            tree[name] = said(getattr(line, name))
    if line.item is None and line.amount and not line.net:
        tree["amount"] = said(line.amount)
    if line.origins:
        tree["returns"] = [
            f"{origin.line.document.reference} line {origin.line.index}: {shown(origin.qty)}" for origin in line.origins
        ]
    if line.covers:
        tree["paid_ahead"] = [
            f"{cover.foreign:.2f} {line.document.currency} at {cover.rate:.6f}, which changes its worth by {said(cover.change)}"
            for cover in line.covers
        ]
    receipt = run.purchases.receipts.get(line)
    if receipt is not None and receipt.billed:
        tree["billed"] = [f"{part.document}: {shown(part.qty)} for {said(part.amount)}" for part in receipt.billed]
    if line.extra and "counted" in line.extra:
        tree["qty"] = f"{shown(line.extra['counted'])} counted"
    if line.item is not None and line in run.state.stock.notes:
        before_qty, before_value, after_qty, after_value = run.state.stock.notes[line]
        tree["stock"] = {
            "method": run.state.stock.costing.method(line.item),
            "before": f"{shown(before_qty)} worth {before_value}",
            "moved": "; ".join(f"{shown(move.qty)} worth {move.value}" for move in line.moves or ()),
            "after": f"{shown(after_qty)} worth {after_value}",
        }
    return tree
