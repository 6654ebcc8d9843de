"""Rules to functions: from the checked expressions of a rule one Python function is generated.

Nothing of a rule file is ever executed as it stands: names become the sources that `scopes` lists, literals become
constants, and accounts become look-ups that fill themselves. Stock roles can only be posted from moves, so that
every stock posting carries its quantity.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from beanstock.expressions.compiler import TEXTUAL, Compiler, Scope
from beanstock.expressions.template import compile_template
from beanstock.expressions.tree import ExpressionFault, parse_expression
from beanstock.files.typed import Text
from beanstock.model import ZERO, Document, Line, Posting, Warehouse
from beanstock.problems import Place, Problem, problem, suggest
from beanstock.records.kinds import Kind
from beanstock.rulebook.accounts import PARTNER, STOCK, AccountFault, Accounts
from beanstock.rulebook.names import ROOTS, is_account
from beanstock.rulebook.resolving import CellResolver, Resolver
from beanstock.rulebook.scopes import COLLECTIONS, DocumentScope
from beanstock.rulebook.vouchers import Rule, RuleLine

_CHOSEN = ("settlement", "late", "correction")  # elements whose role the program chooses, not a cell
# amounts that have a counterpart in the document's own currency, and its source
_FOREIGN = {
    "gross": "d.foreign",
    "advance": "d.advance_foreign",
    "banked": "d.banked_foreign",
    "reopened": "d.reopened_foreign",
    "line.amount": "line.foreign",
    "line.debit": "line.foreign",
    "settlement.amount": "settlement.foreign",
    "prepayment.relieved": "prepayment.foreign",
}
MERGE_KEYS = ("account", "item", "partner", "warehouse")


# elements that have a line, and its source; elements that have a partner
_WITH_LINE = {
    "line": "line",
    "move": "move.line",
    "correction": "correction.line",
    "accrual": "accrual.line",
    "transit": "transit.line",
    "share": "share.line",
    "late": "late.line",
    "estimate": "estimate.line",
    "cost": "cost.line",
}
_WITH_PARTNER = ("settlement", "prepayment")


@dataclass
class CompiledRule:
    """A rule that runs: its condition, texts and postings as functions of a document."""

    rule: Rule
    source: str
    when: Callable[[Document], bool] | None
    payee: Callable[[Document], str]
    narration: Callable[[Document], str]
    postings: Callable[[Document], list[Posting]]
    meta: Callable[[Document], list[tuple[str, str]]]
    fail: Callable[[Document], str] | None
    warn: Callable[[Document], str] | None
    scope: DocumentScope
    names: dict[str, object]  # what the generated source may use, for `explain`
    never: bool = False  # whether the books' policies and settings leave no document to it


@dataclass
class RuleCompiler:
    """Compiles the rules of one company."""

    accounts: Accounts
    values: Mapping[str, str | Decimal]  # policy.x and settings.x
    unit: Decimal
    storno: bool
    main: Warehouse
    problems: list[Problem] = field(default_factory=list)

    def compile(self, rule: Rule, kind: Kind) -> CompiledRule:
        """The rule's function. Problems: unknown-name, bad-expression, bad-rule, unknown-role, bad-account-name."""
        return _Writer(self, rule, kind).write()


def shown(value: object) -> str:
    """A value in a text: dates ISO, decimals without trailing zeros, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def document_of(document: Document, line: Line) -> str:
    """The document that a partner posting is kept by: an opening line's own reference, else the document's."""
    reference = line.extra.get("ref") if line.extra else None
    return f"{document.kind}/{reference}" if reference else document.reference


class _Writer:
    """Writes the source of one rule."""

    def __init__(self, compiler: RuleCompiler, rule: Rule, kind: Kind) -> None:
        self.compiler = compiler
        self.accounts = compiler.accounts
        self.rule = rule
        self.kind = kind
        self.scope = DocumentScope(kind, compiler.values)
        self.names: dict[str, object] = {
            "ZERO": ZERO,
            "UNIT": compiler.unit,
            "ROUND_HALF_UP": ROUND_HALF_UP,
            "Posting": Posting,
            "MAIN": compiler.main,
            "VALUES": compiler.values,
            "EMPTY": {},
            "dimensions": dimensions_of,
            "shown": shown,
            "document_of": document_of,
            "CONTROLLED": self.accounts.controlled,
            "CELL": CellResolver(self.accounts, kind),
            "CHOSEN": CellResolver(self.accounts, kind, chosen=True),
            "__builtins__": {"abs": abs, "min": min, "max": max, "sum": sum, "tuple": tuple},
        }
        self.constants: dict[str, object] = {}

    def write(self) -> CompiledRule:
        rule = self.rule
        lets = self._lets()
        body = [line for position, one in enumerate(rule.lines) for line in self._posting(one, position)]
        functions = {
            "when": self._function(lets, self._expression(rule.when, self.scope)) if rule.when else "",
            "payee": self._function(lets, self._template(rule.payee)),
            "narration": self._function(lets, self._template(rule.narration)),
            "meta": self._function(lets, self._meta(rule.meta, self.scope)),
            "fail": self._function(lets, self._template(rule.fail)) if rule.fail else "",
            "warn": self._function(lets, self._template(rule.warn)) if rule.warn else "",
        }
        source = "\n".join(
            ["def postings(d):", *lets, "    postings = []", "    merged = {}", *body, "    return postings"]
            + [f"def {name}(d):\n{code}" for name, code in functions.items() if code]
        )
        self.names.update(self.constants)
        # the source is made of the compiler's own pieces only; builtins are cut down all the same
        exec(compile(source, f"<rule {rule.id}>", "exec"), self.names)  # noqa: S102
        get: Callable[[str], Any] = self.names.get
        never = False
        if functions["when"] and not lets and not re.search(r"\bd\b", functions["when"]):
            # policies and settings alone decide: once for all documents
            never = not self.names["when"](None)  # type: ignore[operator]
            self.names["when"] = None
        return CompiledRule(
            rule,
            source,
            get("when"),
            get("payee"),
            get("narration"),
            get("postings"),
            get("meta"),
            get("fail"),
            get("warn"),
            self.scope,
            self.names,
            never,
        )

    # --- texts

    def _function(self, lets: list[str], code: str) -> str:
        return "\n".join([*lets, f"    return {code}"])

    def _lets(self) -> list[str]:
        lines = []
        for name, text in self.rule.lets.items():
            found = self._compiled(text, self.scope)
            if found is not None:
                lines.append(f"    let_{name} = {found[0]}")
                self.scope.lets[name] = replace(found[2], code=f"let_{name}")
        return lines

    def _expression(self, text: Text, scope: Scope) -> str:
        found = self._compiled(text, scope)
        if found and found[1] in ("collection", "choices"):
            self._bad(text.place, f"`{text.value}` is a {found[1]}, a single value is needed")
        return found[0] if found else "ZERO"

    def _of_type(self, text: Text, scope: Scope, types: frozenset[str], wanted: str) -> str:
        """Source of an expression that must have a type. Problems: bad-rule."""
        found = self._compiled(text, scope)
        if found is not None and found[1] not in types:
            self._bad(text.place, f"{wanted}, and `{text.value}` is {found[1]}")
        return found[0] if found else "''"

    def _compiled(self, text: Text, scope: Scope) -> tuple[str, str, Any] | None:
        try:
            name = Compiler(scope, self.constants).compile(parse_expression(text.value))
        except ExpressionFault as fault:
            self.compiler.problems.append(fault.problem(text.place, text.value))
            return None
        return name.code, name.type, name

    def _template(self, text: Text | None, scope: Scope | None = None) -> str:
        if text is None:
            return "''"
        try:
            return compile_template(text.value, Compiler(scope or self.scope, self.constants))
        except ExpressionFault as fault:
            self.compiler.problems.append(fault.problem(text.place, text.value))
            return "''"

    def _meta(self, meta: Mapping[str, Text], scope: Scope) -> str:
        pairs = [f"({key!r}, {self._template(text, scope)})" for key, text in meta.items()]
        return f"[pair for pair in ({', '.join(pairs)},) if pair[1]]" if pairs else "[]"

    def _bad(self, place: Place, detail: str, suggestion: str = "") -> None:
        self.compiler.problems.append(problem("bad-rule", place, detail=detail, suggestion=suggestion))

    # --- postings

    def _posting(self, line: RuleLine, position: int) -> list[str]:
        scope: Scope = self.scope
        word = ""
        head: list[str] = []
        pad = "    "
        if line.each:
            inside = self.scope.element(line.each)
            if inside is None:
                self._bad(line.each_place, f"`{line.each}` is no collection", suggest(line.each, COLLECTIONS))
                return []
            word, scope = inside
            head.append(f"{pad}for {word} in d.{line.each}:")
            pad += "    "
        if line.condition:
            head.append(f"{pad}if {self._expression(line.condition, scope)}:")
            pad += "    "
        found = self._compiled(line.amount, scope)
        if found is None:
            return []
        code, kind, _ = found
        if kind not in ("money", "number"):
            self._bad(line.amount.place, f"`{line.amount.value}` is {kind}, an amount is needed")
        amount = code if kind == "money" else f"({code}).quantize(UNIT, ROUND_HALF_UP)"
        head.append(f"{pad}amount = {amount if line.side == 'dr' else '-' + amount}")
        account, role = self._account(line, scope, word, position)
        control = self.accounts.controlled.get(role, "") if role else ""
        stock = control == STOCK
        if stock and line.each not in ("moves", "corrections", "estimates"):
            self._bad(line.place, f"the stock role `{role}` is posted with `each: moves`, so that quantities follow")
        if stock and line.merge:
            self._bad(line.place, "stock postings are not merged: each carries its own quantity")
        if not stock:
            head.append(f"{pad}if amount:")
            pad += "    "
        head += [pad + part for part in account]
        return head + [pad + part for part in self._made(line, scope, word, position, role, control)]

    def _made(self, line: RuleLine, scope: Scope, word: str, position: int, role: str, control: str) -> list[str]:
        """Making the posting, or adding to the one it merges with."""
        for key in line.merge:
            if key not in MERGE_KEYS:
                self._bad(line.place, f"`merge` knows {', '.join(MERGE_KEYS)}", suggest(key, MERGE_KEYS))
        item = f"({word}.item.code if {word}.item else '')" if word in _WITH_LINE else "''"
        keeps_item = not line.merge or "item" in line.merge
        dimensions = f"dimensions({_WITH_LINE[word]})" if word in _WITH_LINE else "()"
        document = self._document(line, scope, word)
        made = ["p = Posting(account, role, amount)"]
        if keeps_item and word in ("line", "move", "correction", "cost"):
            made.append(f"p.item = {item}")
        if self.compiler.storno:
            made.append(f"if amount {'<' if line.side == 'dr' else '>'} ZERO: p.side = {line.side!r}")
        if control == STOCK and word in ("move", "correction"):
            made += [f"p.qty = {word}.qty", f"p.lot = {word}.lot"]
            made.append(f"if {word}.warehouse.code != 'main': p.warehouse = {word}.warehouse.code")
        if control == STOCK and word == "estimate":  # the ledger alone: stock and its value stay as they are
            made.append("p.document = estimate.document")
        made += self._partner(line, scope, word, role, control, document)
        meta = self._meta(line.meta, scope)
        if dimensions != "()" or meta != "[]":
            made.append(f"p.meta = {dimensions}" + (f" + tuple({meta})" if meta != "[]" else ""))
        foreign, currency = _FOREIGN.get(line.amount.value, ""), self._currency(word)
        if foreign and currency and not line.merge:
            sign = "" if line.side == "dr" else "-"
            made.append(f"if {foreign} is not None: p.meta += (('foreign', f'{{{sign}{foreign}:f}} {{{currency}}}'),)")
        made.append("postings.append(p)")
        if not line.merge:
            return made
        kept = [item if keeps_item else "''", dimensions, document if control == PARTNER else "''"]
        head = [
            f"key = ({position}, account, {', '.join(kept)})",
            "if key in merged:",
            "    merged[key].amount += amount",
            "else:",
        ]
        return [*head, *(f"    {part}" for part in [*made, "merged[key] = p"])]

    def _currency(self, word: str) -> str:
        """Source of the currency that a foreign amount is in; nothing in kinds that know none."""
        if "currency" in self.kind.header:
            return "d.currency"
        if "currency" in self.kind.lines and word == "line":
            return '(line.extra or EMPTY).get("currency")'
        return "settlement.currency" if word == "settlement" else ""

    def _document(self, line: RuleLine, scope: Scope, word: str) -> str:
        """Source of the document that a partner posting is kept by."""
        if line.document:
            return self._of_type(line.document, scope, TEXTUAL, "`document` is a text")
        if word in ("settlement", "accrual", "transit", "estimate"):
            return f"{word}.document"
        return "document_of(d, line)" if word == "line" else "d.reference"

    def _partner(self, line: RuleLine, scope: Scope, word: str, role: str, control: str, document: str) -> list[str]:
        """Source that keeps a posting by partner and document, where its role wants that."""
        partner = (
            "line.partner or d.partner"
            if word == "line"
            else f"{word}.partner"
            if word in _WITH_PARTNER
            else "estimate.line.document.partner"
            if word == "estimate"
            else "d.partner"
        )
        kept = [f"partner = {partner}", "p.partner = partner.code if partner else ''", f"p.document = {document}"]
        if control == PARTNER:
            return kept + (
                [f"p.due = {self._of_type(line.due, scope, frozenset({'date'}), '`due` is a date')}"]
                if line.due
                else []
            )
        if line.due:
            self._bad(line.place, "`due` belongs to roles that are kept by partner")
        if role:
            return []
        # the cell of a record decides
        due = "(line.extra or EMPTY).get('due')" if word == "line" and "due" in self.kind.lines else "d.due"
        return [f"if CONTROLLED.get(role) == {PARTNER!r}:", *(f"    {part}" for part in [*kept, f"p.due = {due}"])]

    def _account(self, line: RuleLine, scope: Scope, word: str, position: int) -> tuple[list[str], str]:
        """Source that sets `account` and `role`, and the role's name where the rule itself names one."""
        target = line.account.value
        if target in self.accounts.roles:
            by = self.accounts.roles[target].by
            if not by:
                try:
                    account, role = self.accounts.resolve(target, {})
                except AccountFault as fault:  # a table without rows, or with two alike
                    self.compiler.problems.append(problem(fault.code, line.account.place, **fault.facts))
                    return ["account = role = ''"], "unknown"
                return [f"account = {account!r}", f"role = {role!r}"], target
            keys = []
            for column in by:
                name = scope.resolve(tuple(column.split(".")))
                keys.append(name.code if name is not None else "''")
            resolver = f"R{position}"
            self.names[resolver] = Resolver(self.accounts, target)
            return [f"account, role = {resolver}[{''.join(key + ', ' for key in keys)}]"], target
        if ":" in target:
            if not is_account(target):
                self.compiler.problems.append(
                    problem("bad-account-name", line.account.place, account=target, roots=", ".join(ROOTS))
                )
            return [
                f"account = {target!r}",
                f"role = {self.accounts.role_of_account(target)!r}",
            ], self.accounts.role_of_account(target)
        found = scope.resolve(tuple(target.split(".")))
        if found is not None and found.type == "account":
            partner = "(line.partner or d.partner)" if word == "line" else "d.partner"
            item = f"{word}.item" if word in _WITH_LINE else "None"
            resolver = "CHOSEN" if word in _CHOSEN else "CELL"
            return [f"account, role = {resolver}[{found.code}, {partner}.code if {partner} else '', {item}]"], ""
        known = [*self.accounts.roles, *(name for name in scope.names() if name.endswith("account"))]
        self.compiler.problems.append(
            problem("unknown-role", line.account.place, role=target, suggestion=suggest(target, known))
        )
        return ["account = role = ''"], "unknown"


def dimensions_of(line: Line) -> tuple[tuple[str, str], ...]:
    """Department and project of a line, which follow it into every posting."""
    if not line.department and not line.project:
        return ()
    pairs = (("department", line.department), ("project", line.project))
    return tuple(pair for pair in pairs if pair[1])
