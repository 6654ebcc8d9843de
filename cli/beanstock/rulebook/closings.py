"""closing.yaml: what finished months post by themselves, rule after rule in the order of the file.

They are rules like those of vouchers.yaml, for documents of the kind `closings` that every finished month makes: one
for each rule. What they may name is in `ClosingScope`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from beanstock.expressions.functions import FUNCTIONS, Function
from beanstock.files.forms import File, Keys, flag, mapping, text
from beanstock.files.typed import Typed
from beanstock.files.yamltext import Map
from beanstock.problems import Place, Problem, problem, suggest
from beanstock.rulebook.accounts import Accounts
from beanstock.rulebook.names import ROOTS, is_account
from beanstock.rulebook.scopes import Collection, DocumentScope
from beanstock.rulebook.vouchers import RULE_KEYS, Rule, read_rule

KIND = "closings"
PERIODS = ("month", "quarter", "year")
CLOSING_KEYS: Keys = {
    **{key: form for key, form in RULE_KEYS.items() if key not in ("document", "voucher", "summary")},
    "reverse": flag("Whether the next month begins with taking it back"),
    "before": text("The rule that this one comes before; without it, a rule comes last"),
}
FILE = File(
    "closing.yaml", "What finished months post: rules by id, in their order", others=mapping(CLOSING_KEYS, "A rule")
)
_ENTRY = {"amount": ("{}.amount", "money"), "account": ("{}.account", "account")}
_HELD = {
    **_ENTRY,
    "role": ("{}.role", "text"),
    "currency": ("{}.currency", "text"),
    "foreign": ("{}.foreign", "number"),
    "value": ("{}.value", "money"),
    "monetary": ("{}.monetary", "boolean"),
    "document": ("{}.document", "text"),
}


class ClosingScope(DocumentScope):
    """Names of closing rules: the day, the ends of periods, the profit accounts, and the functions of balances."""

    document: Mapping[str, tuple[str, str]] = {
        "number": ("d.number", "text"),
        "reference": ("d.reference", "text"),
        "date": ("d.date", "date"),
        "ends_quarter": ("d.ends_quarter", "boolean"),
        "ends_year": ("d.ends_year", "boolean"),
    }
    collections: Mapping[str, Collection] = {
        "income_accounts": ("entry", _ENTRY, {}),
        "expense_accounts": ("entry", _ENTRY, {}),
        "foreign_balances": ("held", _HELD, {}),
    }

    def with_accounts(self, accounts: Accounts, credited: set[str]) -> ClosingScope:
        """The same, with functions that know the roles there are; `credited` collects those whose credits are asked for."""

        def name(text: str) -> str | None:
            if text in accounts.roles or is_account(text) or text in ROOTS:
                return None
            return f"`{text}` is no role or account.{suggest(text, [*accounts.roles, *ROOTS])}"

        def credited_name(text: str) -> str | None:
            credited.add(text)
            return name(text)

        def period(text: str) -> str | None:
            return None if text in PERIODS else f"`{text}` is none of {', '.join(PERIODS)}"

        def over(function: str, *checks: Callable[[str], str | None]) -> Function:
            many = range(1, len(checks) + 1)
            return Function(
                many, "text", lambda types: "money", lambda codes: f"d.{function}({', '.join(codes)})", checks
            )

        self.choices = {**self.choices, "held.role": tuple(accounts.roles)}
        self.functions = {
            **FUNCTIONS,
            "balance": over("balance", name),
            "turnover": over("turnover", name, period),
            "credited": over("credited", credited_name, period),
        }
        return self


def load_closings(closings: list[Rule], tree: Map, shown: str, names: Iterable[str]) -> list[Problem]:
    """Add a closing.yaml to the rules; `names` are those that other rules have. Problems: see `load_rules`.

    A rule that replaces another stands in its place; else it comes last, or before the rule that it names.
    """
    problems: list[Problem] = []
    taken = {*names}
    for name, value in tree.items():
        place = tree.key_place(shown, name)
        body = Typed(value, shown, problems, CLOSING_KEYS, f"the rule `{name}`", place)
        at = len(closings)
        for key in ("overrides", "before"):
            other = body.text(key)
            if not other:
                continue
            ids = [one.id for one in closings]
            if other not in ids:
                problems.append(_not_above(other, key, body.place(key), ids, tree))
                continue
            at = ids.index(other)
            if key == "overrides":
                del closings[at]
        same = next((one for one in closings if one.id == name), None)
        if name in taken or same is not None:
            problems.append(problem("duplicate-rule", place, name=name))
        if same is not None:  # the second one is read, so that all its faults are told at once
            at = closings.index(same)
            closings.remove(same)
        rule = read_rule(name, body, place)
        rule.document, rule.voucher = KIND, name
        rule.reverse = body.flag("reverse", default=False)
        closings.insert(at, rule)
    return problems


def _not_above(name: str, key: str, place: Place, known: list[str], tree: Map) -> Problem:
    """What a rule comes before or replaces stands above it: in the pack, or earlier in the file."""
    if name in tree:
        remedy = " The order of the file is their order; `before` is for rules of the pack and those above."
        return problem(
            "bad-rule", place, detail=f"`{key}: {name}` names a rule that is not above it", suggestion=remedy
        )
    return problem("bad-rule", place, detail=f"there is no closing rule `{name}`", suggestion=suggest(name, known))
