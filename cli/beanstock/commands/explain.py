"""`beanstock explain REF`: why a document posts what it posts, from the record to every amount and account.

For an item or an account it shows the moves or postings behind the figure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from beanstock.books import Books
from beanstock.commands.compute import Run, fold, prepare
from beanstock.commands.options import Options, finish, locate_in, opened
from beanstock.commands.report import report
from beanstock.expressions.compiler import Scope
from beanstock.expressions.interpreter import interpret
from beanstock.expressions.tree import parse_expression
from beanstock.matching.references import Directory
from beanstock.model import Document
from beanstock.problems import errors, problem, suggest
from beanstock.render.problems import position, safe
from beanstock.rulebook.accounts import AccountFault
from beanstock.rulebook.compiling import CompiledRule
from beanstock.rulebook.runtime import shown
from beanstock.rulebook.vouchers import RuleLine
from beanstock.table import Query
from beanstock.vouchers.write import rules_for, takes


def explain(options: Options, reference: str) -> int:
    """Explain a document, an item or an account; the exit code."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    run = prepare(books)
    run.problems[:0] = problems
    found = Directory(run.records.documents).find(reference, (), None)
    if not found and reference in run.records.masters.items:
        return report(options, "stock-moves", Query(item=reference))
    if not found and (":" in reference or reference in run.rulebook.accounts.roles):
        return report(options, "ledger", Query(account=reference))
    if not found:
        known = [*(document.reference for document in run.records.documents), *run.records.masters.items]
        run.problems = [
            *errors(run.problems),
            problem("unknown-reference", None, reference=reference, suggestion=suggest(reference, known).strip()),
        ]
        return finish(options, run.problems, books, run.rulebook.kinds)
    if not run.failed:
        run.state.stock.watched = found[0].reference
        for _ in fold(run):
            pass
    trees = [_explained(document, run, books, options) for document in found]
    if options.form == "json":
        print(json.dumps(trees, ensure_ascii=False, indent=1))  # noqa: T201
    else:
        for tree in trees:
            print("\n".join(_lines(tree)))  # noqa: T201
    own = [one for one in run.problems if one.severity == "error"]
    return finish(Options(options.folder), own, books, run.rulebook.kinds) if own else 0


def _explained(document: Document, run: Run, books: Books, options: Options) -> dict[str, Any]:
    place = locate_in(
        [problem("cannot-read", document.place(), path="", detail="")], books, run.rulebook.kinds, options
    )[0].place
    tree: dict[str, Any] = {
        "document": document.reference,
        "date": document.date.isoformat(),
        "partner": document.partner.code if document.partner else "",
        "source": {"path": place.path, "line": place.line} if place else {},
        "lines": [_line(line, run) for line in document.lines],
        "rules": [],
    }
    rules = run.rulebook.rules.get(document.kind, [])
    tree["not_taken"] = [
        {
            "rule": rule.rule.id,
            "when": rule.rule.when.value if rule.rule.when else "",
            "path": position(rule.rule.place),
        }
        for rule in rules
        if not takes(rule, document)
    ]
    for rule in rules_for(document, run.rulebook, []):
        tree["rules"].append(
            {
                "rule": rule.rule.id,
                "path": position(rule.rule.place).rstrip(": "),
                "postings": list(_postings(document, rule, run)),
            }
        )
    return tree


def _line(line: Any, run: Run) -> dict[str, Any]:
    tree: dict[str, Any] = {
        "index": line.index,
        "what": line.item.code if line.item else line.account,
        "qty": shown(line.base_qty),
    }
    for name in ("net", "tax", "gross"):
        if getattr(line, name):
            tree[name] = _said(getattr(line, name))
    if line.origins:
        tree["returns"] = [
            f"{origin.line.document.reference} line {origin.line.index}: {shown(origin.qty)}" for origin in line.origins
        ]
    receipt = run.purchases.receipts.get(line)
    if receipt is not None and receipt.billed:
        tree["billed"] = [f"{part.document}: {shown(part.qty)} for {_said(part.amount)}" for part in receipt.billed]
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


def _postings(document: Document, rule: CompiledRule, run: Run) -> Iterator[dict[str, Any]]:
    """Each line of the rule for each of its elements: condition, amount with its steps, account with its row."""
    names = {**rule.names, "d": document, **rule.lets(document)}
    for line in rule.rule.lines:
        if line.amount is None:
            continue
        inside = rule.scope.element(line.each) if line.each else None
        word, scope = inside or ("", rule.scope)
        for element in getattr(document, line.each) if line.each else [None]:
            of = getattr(element, "document", "") if word != "line" else ""
            own = {**names, word: element} if word else names
            condition = None
            if line.condition:
                met, steps = interpret(parse_expression(line.condition.value), scope, own)
                condition = {"text": line.condition.value, "met": bool(met), "steps": _steps(steps)}
                if not met:
                    continue
            amount, steps = interpret(parse_expression(line.amount.value), scope, own)
            account, why = _account(line, scope, own, run)
            if amount or account.startswith("Assets:Inventory"):
                yield {
                    "side": line.side,
                    "account": account,
                    "why": why,
                    "amount": _said(amount),
                    "expression": line.amount.value,
                    "steps": _steps(steps),
                    "condition": condition,
                    "of": of if isinstance(of, str) else "",
                }


def _account(line: RuleLine, scope: Scope, names: dict[str, Any], run: Run) -> tuple[str, str]:
    accounts = run.rulebook.accounts
    target = line.account.value
    try:
        if target in accounts.roles:
            values = {}
            for column in accounts.roles[target].by:
                name = scope.resolve(tuple(column.split(".")))
                values[column] = str(eval(name.code, names)) if name else ""  # noqa: S307 declared names only
            account, role = accounts.resolve(target, values)
            said = ", ".join(f"{column} = {value or 'nothing'}" for column, value in values.items())
            return account, f"role {role}" + (f" ({said})" if said else "")
        found = scope.resolve(tuple(target.split(".")))
        if found is not None and found.type == "account":
            cell = str(eval(found.code, names))  # noqa: S307 declared names only
            account, role = accounts.cell(cell, {"partner.code": ""})
            return account, f"the record says `{cell}`" + (f", role {role}" if role else "")
    except AccountFault as fault:
        return f"? ({fault.code})", target
    return target, "named by the rule"


def _steps(steps: list[tuple[str, Any]]) -> list[str]:
    return [f"{text} = {_said(value)}" for text, value in steps]


def _said(value: Any) -> str:
    """A value as it stands in the ledger: money keeps its decimals, what is blank says so."""
    return f"{value:f}" if isinstance(value, Decimal) else shown(value) or "nothing"


def _lines(tree: dict[str, Any]) -> Iterator[str]:
    source = tree["source"]
    yield f"{tree['document']}  {tree['date']}  {tree['partner']}".rstrip()
    yield f"  recorded in {source.get('path', '?')}:{source.get('line', '?')}"
    for line in tree["lines"]:
        amounts = "".join(f", {name} {line[name]}" for name in ("net", "tax", "gross") if name in line)
        if line["what"] or amounts:
            yield f"  line {line['index']}: {safe(line['what'])}, quantity {line['qty']}{amounts}"
        for text in line.get("returns", ()):
            yield f"    returns {text}"
        for text in line.get("billed", ()):
            yield f"    billed by {text}"
        if "stock" in line:
            stock = line["stock"]
            yield f"    {stock['method']}: {stock['before']} before, moved {stock['moved'] or 'nothing'}, {stock['after']} after"
    for rule in tree["rules"]:
        yield f"  rule `{rule['rule']}` ({rule['path']})"
        for posting in rule["postings"]:
            yield f"    {posting['side']}  {posting['account']}  {posting['amount']}"
            of = f", {posting['of']}" if posting["of"] else ""
            yield f"        {posting['why']}{of}; amount: {'; '.join(posting['steps']) or posting['expression']}"
            if posting["condition"]:
                yield f"        because {posting['condition']['text']} ({'; '.join(posting['condition']['steps'])})"
    for rule in tree["not_taken"]:
        yield f"  not rule `{rule['rule']}`: {rule['when'] or 'not in force that day'}"
