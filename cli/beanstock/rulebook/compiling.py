"""Rules to functions: from the checked expressions of a rule one Python function is generated.

Nothing of a rule file is ever executed as it stands: names become the sources that `scopes` lists, literals become
constants, and accounts become look-ups that fill themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from beanstock.expressions.compiler import Name
from beanstock.expressions.functions import OVER
from beanstock.expressions.types import CONSTANT, UNKNOWN, ZERO_TYPE, is_numeric, said
from beanstock.model import Document, Warehouse
from beanstock.problems import Place, Problem, problem, suggest
from beanstock.records.kinds import Kind
from beanstock.rulebook.accounts import Accounts
from beanstock.rulebook.closings import KIND, ClosingScope
from beanstock.rulebook.postings import PostingWriter
from beanstock.rulebook.runtime import KnownRates, runtime_names
from beanstock.rulebook.scopes import DocumentScope
from beanstock.rulebook.vouchers import Rule, RuleLine
from beanstock.voucher import Posting

# computed names that only these kinds of documents fill in
_FILLED = {"variance": ("productions",)} | dict.fromkeys(
    (
        "fee",
        "interest",
        "reopened",
        "cash_discount",
        "discount_tax",
        "write_off",
        "banked",
        "advance",
        "advance_role",
        "settled_by",
    ),
    ("payments", "cash-transfers"),
)
# postings, payee, narration, metadata, and whether somebody should review it
Draft = tuple[list[Posting], str, str, list[tuple[str, str]], bool]


@dataclass
class CompiledRule:
    """A rule that runs: its condition, what it says, and its voucher as functions of a document.

    `lets` gives the values of `let` by the names that generated source uses; `names` is all that it may use. Both are
    for `explain`.
    """

    rule: Rule
    source: str
    when: Callable[[Document], object] | None  # a rule's `and` gives its last operand
    voucher: Callable[[Document], Draft]
    say: Callable[[Document], list[tuple[str, str]]] | None
    rounded: Callable[[Document, Decimal], Posting] | None
    lets: Callable[[Document], dict[str, object]]
    scope: DocumentScope
    names: dict[str, object]
    never: bool = False  # whether the books' policies and settings leave no document to it


@dataclass
class RuleCompiler:
    """Compiles the rules of one company."""

    accounts: Accounts
    values: Mapping[str, str | Decimal]  # policy.x and settings.x
    unit: Decimal
    storno: bool
    main: Warehouse
    rates: KnownRates
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of fields of masters
    used: Callable[[Place], None] | None = None  # hears of rules and lines that are used, for `rules coverage`
    problems: list[Problem] = field(default_factory=list)
    credited: set[str] = field(default_factory=set)  # roles and accounts whose credits closing rules ask for

    def compile(self, rule: Rule, kind: Kind) -> CompiledRule:
        """The rule's function. Problems: unknown-name, bad-expression, bad-rule, unknown-role, bad-account-name."""
        scope = DocumentScope(kind, self.values, self.choices)
        if kind.name == KIND:
            scope = ClosingScope(kind, self.values, self.choices).with_accounts(self.accounts, self.credited)
        names = runtime_names(self.accounts, kind, self.unit, self.main, self.values, self.rates)
        writer = _Writer(self.accounts, kind, scope, names, storno=self.storno, used=self.used)
        made = writer.write(rule)
        self.problems += writer.problems
        return made


class _Writer(PostingWriter):
    """Writes the source of one rule."""

    def write(self, rule: Rule) -> CompiledRule:
        lets = self._lets(rule)
        kept = "".join(f"'let_{name}': let_{name}, " for name in self.scope.lets)
        functions = [
            ["def lets(d):", *lets, f"    return {{{kept}}}"],
            self._when(rule, lets),
            self._say(rule, lets),
            self._rounded(rule),
            self._voucher(rule, lets),
        ]
        source = "\n".join(line for function in functions for line in function)
        self.names.update(self.constants)
        # the source is made of the compiler's own pieces only; builtins are cut down all the same
        exec(compile(source, f"<rule {rule.id}>", "exec"), self.names)  # noqa: S102
        get: Callable[[str], Any] = self.names.get
        never = False
        chosen = rule.when is not None and not rule.lets and re.search(r"\b(policy|settings)\.", rule.when.value)
        if chosen and not re.search(r"\bd\b", functions[1][-1]):
            # policies and settings alone decide: once for all documents
            never = not get("when")(None)
            self.names["when"] = None
        return CompiledRule(
            rule,
            source,
            get("when"),
            get("voucher"),
            get("say"),
            get("rounded"),
            get("lets"),
            self.scope,
            self.names,
            never,
        )

    def _lets(self, rule: Rule) -> list[str]:
        lines = []
        for name, text in rule.lets.items():
            if name in self._taken():
                self.bad(text.place, f"`{name}` under `let` hides a name that rules have already; call it otherwise")
                continue
            found = self.compiled(text, self.scope)
            if found.type in ("collection", "choices"):
                self.bad(text.place, f"`{text.value}` is a {found.type}, a single value is needed")
                continue
            lines.append(f"    let_{name} = {found.code}")
            self.scope.lets[name] = Name(f"let_{name}", found.type, found.choices)
        return lines

    def _review(self, rule: Rule) -> str:
        """Source of whether somebody should look at the voucher: a condition, or always."""
        if rule.review is None:
            return "False"
        found = self.compiled(rule.review, self.scope)
        literal = rule.review.value.strip()[:1] in "'\""
        if found.type == UNKNOWN:
            return found.code  # told already
        if is_numeric(found.type) or literal or found.type in ("collection", "choices"):
            kind = (
                "a text"
                if literal
                else f"a {found.type}"
                if found.type in ("collection", "choices")
                else said(found.type)
            )
            detail = f"`review` is true, false or a condition, and `{rule.review.value}` is {kind}"
            compared = (
                ""
                if literal
                else f", such as `{rule.review.value} != 0`"
                if found.type not in (CONSTANT, ZERO_TYPE)
                else ""
            )
            self.bad(rule.review.place, detail, f" Write `review: true`, or a condition{compared}.")
        return found.code

    def _taken(self) -> set[str]:
        """Names that `let` may not give, because they mean something in documents of the kind, and functions.

        What only other kinds of documents fill in (the fee of a payment) may be given another meaning.
        """
        kind = self.scope.kind
        own = {name for name in self.scope.document if kind.name in _FILLED.get(name, (kind.name,))}
        return {
            *own,
            *kind.header,
            *self.scope.collections,
            *self.scope.functions,
            *OVER,
            "line",
            "extra",
            "policy",
            "settings",
        }

    def _when(self, rule: Rule, lets: list[str]) -> list[str]:
        if rule.when is None:
            return []
        return ["def when(d):", *lets, f"    return {self.value(rule.when, self.scope)}"]

    def _say(self, rule: Rule, lets: list[str]) -> list[str]:
        """What the rule says of a document: pairs of skip, fail or warn and a text."""
        if not rule.says:
            return []
        lines = ["def say(d):", *self._used(rule), *lets, "    said = []"]
        for say in rule.says:
            pad = "    "
            if say.condition is not None:
                lines.append(f"{pad}if {self.value(say.condition, self.scope)}:")
                pad += "    "
            lines.append(f"{pad}said.append(({say.kind!r}, {self.template(say.text, self.scope)}))")
        return [*lines, "    return said"]

    def _rounded(self, rule: Rule) -> list[str]:
        """The posting that takes a small difference; its role is a plain one, kept by nothing."""
        if rule.rounding is None:
            return []
        role = rule.rounding.role
        if role.value not in self.accounts.roles:
            near = suggest(role.value, self.accounts.roles)
            self.problems.append(problem("unknown-role", role.place, role=role.value, suggestion=near))
            return []
        if role.value in self.accounts.controlled:
            self.bad(role.place, f"the controlled role `{role.value}` cannot take what is rounded")
        line = RuleLine("dr", role, None, place=role.place)
        account, _ = self.account(line, self.scope, "", "_rounding")
        return [
            "def rounded(d, amount):",
            *(f"    {one}" for one in account),
            "    return Posting(account, role, amount)",
        ]

    def _used(self, rule: Rule) -> list[str]:
        if self.used is None:
            return []
        self.names.update(USED=self.used, PLACE=rule.place)
        return ["    USED(PLACE)"]

    def _voucher(self, rule: Rule, lets: list[str]) -> list[str]:
        body = [one for position, line in enumerate(rule.lines) for one in self.line(line, str(position))]
        payee, narration = self.template(rule.payee, self.scope), self.template(rule.narration, self.scope)
        review = self._review(rule)
        return [
            "def voucher(d):",
            *([] if rule.says else self._used(rule)),  # what it says is asked first
            *lets,
            "    postings = []",
            *(["    merged = {}"] if rule.merges else []),
            *body,
            f"    return postings, {payee}, {narration}, {self.meta(rule.meta, self.scope)}, {review}",
        ]
