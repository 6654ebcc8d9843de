"""Why a document posts what it posts.

Each rule with its conditions and their values, each amount with its arithmetic, the row behind each account; and for
rules that do not take the document, how near they come.

The result is a tree of texts, for `render` to show and for programs to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from beanstock.expressions.compiler import Scope
from beanstock.expressions.interpreter import Worked, interpret, terms, work_out
from beanstock.expressions.tree import Expression, parse_expression, span
from beanstock.files.typed import Text
from beanstock.model import ZERO, Document
from beanstock.problems import Place
from beanstock.rulebook.accounts import DATE, AccountFault, Accounts
from beanstock.rulebook.closings import KIND
from beanstock.rulebook.compiling import CompiledRule
from beanstock.rulebook.load import Rulebook
from beanstock.rulebook.runtime import shown
from beanstock.rulebook.splits import REMAINING, fixed_share
from beanstock.rulebook.vouchers import RuleLine
from beanstock.vouchers.write import rules_for, takes

Tree = dict[str, Any]
_UNWORKABLE = (ArithmeticError, TypeError)


def explain_rules(document: Document, rulebook: Rulebook) -> Tree:
    """`rules` that post the document, `not_taken` with the nearest first."""
    taken = rules_for(document, rulebook, [])
    others = [rule for rule in rulebook.rules.get(document.kind, []) if rule not in taken and document.kind != KIND]
    near = [_near(document, rule) for rule in others]
    near.sort(key=lambda one: (one["missing"], one["rule"]))
    return {"rules": [_rule(document, rule, rulebook.accounts) for rule in taken], "not_taken": near}


def said(value: Any) -> str:
    """A value as it stands in the ledger: money keeps its decimals, what is blank says so."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:f}" if isinstance(value, Decimal) else shown(value) or "nothing"


def _rule(document: Document, rule: CompiledRule, accounts: Accounts) -> Tree:
    tree: Tree = {"rule": rule.rule.id, "path": _path(rule.rule.place), "voucher": rule.rule.voucher}
    try:
        names = {**rule.names, "d": document, **rule.lets(document)}
    except _UNWORKABLE as fault:
        return {**tree, "conditions": [], "lets": [], "says": [], "postings": [], "fault": str(fault) or "no value"}
    tree["conditions"] = _conditions(rule, names)
    tree["lets"] = [{"name": name, **_amount(text, rule.scope, names)} for name, text in rule.rule.lets.items()]
    tree["says"] = [{"kind": kind, "text": text} for kind, text in (rule.say(document) if rule.say else [])]
    if rule.rule.review is not None:
        worked = _worked(rule.rule.review, rule.scope, names)
        tree["review"] = {**_steps(worked), "met": bool(worked.value)}
    refused = any(one["kind"] != "warn" for one in tree["says"])
    tree["postings"] = [] if refused else list(_postings(document, rule, names, accounts))
    total = sum((one["signed"] for one in tree["postings"]), ZERO)
    if total and rule.rule.rounding is not None and rule.rounded is not None and abs(total) <= rule.rule.rounding.most:
        rounded = rule.rounded(document, -total)
        tree["postings"].append(
            {
                **_posting("dr" if total < 0 else "cr", rounded.account, abs(total)),
                "why": f"role {rounded.role}, which takes differences up to {rule.rule.rounding.most}",
                "expression": "what is missing to balance",
            }
        )
    for one in tree["postings"]:
        del one["signed"]
    return tree


def _conditions(rule: CompiledRule, names: dict[str, Any]) -> list[Tree]:
    """The parts of a rule's `when`, each with its values and whether it holds."""
    if rule.rule.when is None:
        return []
    whole = parse_expression(rule.rule.when.value)
    found = []
    for node in terms(whole.node):
        expression = Expression(whole.text, node)
        try:
            value, _ = interpret(expression, rule.scope, names)
            worked = work_out(expression, rule.scope, names, said)
            found.append({"text": _cut(whole, node), "met": bool(value), "inputs": _inputs(worked)})
        except _UNWORKABLE:
            found.append({"text": _cut(whole, node), "met": False, "inputs": ["it cannot be worked out"]})
    return found


def _near(document: Document, rule: CompiledRule) -> Tree:
    """How near a rule comes: what of its dates and conditions holds, and how many do not."""
    start, end = rule.rule.start, rule.rule.end
    dates = []
    if start is not None:
        dates.append({"text": f"from {start}", "met": document.date >= start, "inputs": [f"date = {document.date}"]})
    if end is not None:
        dates.append({"text": f"to {end}", "met": document.date <= end, "inputs": [f"date = {document.date}"]})
    try:
        conditions = dates + _conditions(rule, {**rule.names, "d": document, **rule.lets(document)})
    except _UNWORKABLE as fault:
        conditions = [*dates, {"text": "let", "met": False, "inputs": [str(fault) or "no value"]}]
    missing = sum(not one["met"] for one in conditions)
    tree: Tree = {"rule": rule.rule.id, "path": _path(rule.rule.place), "conditions": conditions, "missing": missing}
    if not missing and takes(rule, document):
        tree["conflict"] = True  # it takes the document, and so does another rule of the same voucher
    return tree


def _postings(document: Document, rule: CompiledRule, names: dict[str, Any], accounts: Accounts) -> Iterator[Tree]:
    """Each line of the rule for each of its elements: condition, amount with its steps, account with its row."""
    for line in rule.rule.lines:
        inside = rule.scope.element(line.each) if line.each else None
        word, scope = inside or ("", rule.scope)
        for element in getattr(document, line.each) if line.each else [None]:
            own = {**names, word: element} if word else names
            of = getattr(element, "document", "") if word != "line" else ""
            item = getattr(element, "item", None)
            told: Tree = {
                "item": item.code if item is not None else "",
                "of": of if isinstance(of, str) else "",
                "line": _path(line.place),
                "condition": None,
            }
            if line.condition:
                worked = _worked(line.condition, scope, own)
                if not worked.value:
                    continue
                told["condition"] = {**_steps(worked), "met": True}
            assert line.amount is not None
            for part, amount, how in _shares(line, scope, own):
                account, why, rows = _account(part, scope, own, accounts)
                if amount or accounts.controlled.get(accounts.role_of_account(account), "") == "stock":
                    yield {**_posting(part.side, account, amount), **told, "why": why, "rows": rows, **how}


def _posting(side: str, account: str, amount: Decimal) -> Tree:
    return {
        "side": side,
        "account": account,
        "amount": said(amount),
        "signed": amount if side == "dr" else -amount,
        "item": "",
        "why": "",
        "rows": [],
        "of": "",
        "condition": None,
        "steps": [],
    }


def _shares(line: RuleLine, scope: Scope, names: dict[str, Any]) -> Iterator[tuple[RuleLine, Decimal, Tree]]:
    """A line's amount, or each part's share of it, as the compiled rule rounds them."""
    assert line.amount is not None
    worked = _worked(line.amount, scope, names)
    whole = _rounded(worked.value, names)
    if not line.parts:
        yield line, whole, _amount(line.amount, scope, names)
        return
    amounts: dict[int, Decimal] = {}
    open_parts = [index for index, part in enumerate(line.parts) if part.share and part.share.value == REMAINING]
    rest = open_parts[0] if open_parts else len(line.parts) - 1
    for index, part in enumerate(line.parts):
        if index != rest and part.amount is not None:
            amounts[index] = _rounded(_worked(part.amount, scope, names).value, names)
        elif index != rest and part.share is not None:
            fixed = fixed_share(part.share.value)
            share = _worked(part.share, scope, names).value if fixed is None else Decimal(fixed.numerator)
            amounts[index] = _rounded(whole * share / (fixed.denominator if fixed else 1), names)
    amounts[rest] = whole - sum(amounts.values(), ZERO)
    for index, part in enumerate(line.parts):
        of = "what remains" if index == rest else part.share.value if part.share else "a fixed amount"
        how = _amount(line.amount, scope, names)
        how["share"] = f"{of} of {said(whole)}"
        yield part, amounts[index], how


def _rounded(value: Any, names: dict[str, Any]) -> Decimal:
    rounded: Decimal = value.quantize(names["UNIT"], names["ROUND_HALF_UP"])
    return rounded


def _amount(text: Text, scope: Scope, names: dict[str, Any]) -> Tree:
    worked = _worked(text, scope, names)
    _, steps = interpret(parse_expression(text.value), scope, names)
    return {**_steps(worked), "steps": [f"{one} = {said(value)}" for one, value in steps]}


def _worked(text: Text, scope: Scope, names: dict[str, Any]) -> Worked:
    return work_out(parse_expression(text.value), scope, names, said)


def _steps(worked: Worked) -> Tree:
    return {
        "expression": worked.text,
        "put_in": worked.put_in,
        "value": said(worked.value),
        "inputs": _inputs(worked),
    }


def _inputs(worked: Worked) -> list[str]:
    return [f"{text} = {said(value)}" for text, value in worked.inputs]


def _cut(expression: Expression, node: Any) -> str:
    start, length = span(node, expression.text)
    return expression.text[start : start + length].replace("ƒ", "f")


def _account(line: RuleLine, scope: Scope, names: dict[str, Any], accounts: Accounts) -> tuple[str, str, list[Tree]]:
    """The account, why it is that one, and the rows of the tables that led there."""
    target = line.account.value
    try:
        if target in accounts.roles:
            values = {}
            for column in accounts.roles[target].by:
                name = scope.resolve(tuple(column.split(".")))
                values[column] = (
                    names["d"].date.isoformat() if column == DATE else str(eval(name.code, names)) if name else ""  # noqa: S307 declared names only
                )
            account, role = accounts.resolve(target, values)
            told = ", ".join(f"{column} = {value or 'nothing'}" for column, value in values.items())
            return account, f"role {role}" + (f" ({told})" if told else ""), _rows(target, values, accounts)
        found = scope.resolve(tuple(target.split(".")))
        if found is not None and found.type == "account":
            cell = str(eval(found.code, names))  # noqa: S307 declared names only
            account, role = accounts.cell(cell, {"partner.code": "", DATE: names["d"].date.isoformat()})
            return account, f"the record says `{cell}`" + (f", role {role}" if role else ""), []
    except AccountFault as fault:
        return f"? ({fault.code})", target, []
    return target, "named by the rule", []


def _rows(role_name: str, values: dict[str, str], accounts: Accounts) -> list[Tree]:
    """The row that decides in each table on the way to the account; roles without a table have none."""
    rows = []
    while role_name in accounts.roles:
        role = accounts.roles[role_name]
        row = accounts.row(role, values)
        if role.columns or row.start or row.end:
            cells = [f"{column} is {cell}" for column, cell in zip(role.columns, row.cells, strict=True) if cell != "*"]
            cells += [f"from {row.start}"] if row.start else []
            cells += [f"to {row.end}"] if row.end else []
            when = ", ".join(cells) or "every other case"
            rows.append({"role": role_name, "path": _path(row.place), "when": when, "gives": row.target})
        role_name = row.target
    return rows


def _path(place: Place) -> str:
    return f"{place.path}:{place.line}:{place.column}"
