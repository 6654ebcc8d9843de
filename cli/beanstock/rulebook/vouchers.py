"""vouchers.yaml to rules: what stands in the file, checked for form; `compiling` makes them run."""

from __future__ import annotations

import datetime as dt
import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from beanstock.files.typed import Text, Typed
from beanstock.files.yamltext import Map
from beanstock.problems import Place, Problem, problem, suggest

RULE_KEYS = (
    "document",
    "voucher",
    "when",
    "from",
    "to",
    "let",
    "payee",
    "narration",
    "lines",
    "tags",
    "meta",
    "skip",
    "fail",
    "warn",
    "overrides",
)
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_KEY = re.compile(r"[a-z][a-z0-9_-]+", re.ASCII)
_TAG = re.compile(r"[A-Za-z0-9_/.-]+", re.ASCII)
RESERVED = ("document", "rule", "item", "qty", "warehouse", "lot", "partner", "due", "side", "late", "correction")
LINE_KEYS = ("dr", "cr", "each", "amount", "if", "merge", "due", "document", "meta")


@dataclass
class RuleLine:
    """One posting (or one per element of `each`) that a rule makes."""

    side: str
    account: Text
    amount: Text
    each: str = ""
    condition: Text | None = None
    merge: tuple[str, ...] = ()
    due: Text | None = None
    document: Text | None = None  # what a partner posting is kept by, where it is not the obvious one
    meta: dict[str, Text] = field(default_factory=dict)
    place: Place = field(default_factory=lambda: Place(""))
    each_place: Place = field(default_factory=lambda: Place(""))


@dataclass
class Rule:
    """What one kind of document posts as one voucher."""

    id: str
    document: str
    place: Place
    voucher: str = ""
    when: Text | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    lets: dict[str, Text] = field(default_factory=dict)
    payee: Text | None = None
    narration: Text | None = None
    lines: list[RuleLine] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    meta: dict[str, Text] = field(default_factory=dict)
    skip: str = ""
    fail: Text | None = None
    warn: Text | None = None


def load_rules(rules: dict[str, Rule], tree: Map, shown: str) -> list[Problem]:
    """Add a vouchers.yaml to the rules. Problems: unknown-key, bad-form, bad-rule, duplicate-rule.

    A rule of a later file replaces another only where it says `overrides: ID`.
    """
    problems: list[Problem] = []
    for name, value in tree.items():
        place = tree.key_place(shown, name)
        body = Typed(value, shown, problems, RULE_KEYS, f"the rule `{name}`", place)
        replaced = body.text("overrides")
        if replaced and replaced not in rules:
            facts = {"detail": f"there is no rule `{replaced}` to override", "suggestion": suggest(replaced, rules)}
            problems.append(problem("bad-rule", body.place("overrides"), **facts))
        rules.pop(replaced, None)
        if name in rules:
            problems.append(problem("duplicate-rule", place, name=name))
            continue
        rules[name] = _rule(name, body, place)
    return problems


def _rule(name: str, body: Typed, place: Place) -> Rule:
    rule = Rule(name, body.text("document", name), place, voucher=body.text("voucher"))
    rule.when, rule.payee, rule.narration = body.located("when"), body.located("payee"), body.located("narration")
    rule.fail, rule.warn, rule.skip = body.located("fail"), body.located("warn"), body.text("skip")
    rule.start, rule.end = body.day("from"), body.day("to")
    rule.lets, rule.meta = body.named_texts("let"), body.named_texts("meta")
    rule.tags = body.texts("tags")
    for key, names, pattern in (("let", rule.lets, _NAME), ("meta", rule.meta, _KEY), ("tags", rule.tags, _TAG)):
        _check_names(names, pattern, RESERVED if key != "meta" else (*RESERVED, "memo"), key, body)
    rule.lets = {one: text for one, text in rule.lets.items() if _NAME.fullmatch(one) and not keyword.iskeyword(one)}
    for line in body.maps("lines", LINE_KEYS, "a rule's line"):
        made = _line(line)
        if made is not None:
            rule.lines.append(made)
    if not any(key in body for key in ("lines", "skip", "fail")):
        detail = f"the rule `{name}` has no lines, and no `skip` or `fail`"
        body.problems.append(problem("bad-rule", place, detail=detail, suggestion=""))
    return rule


def _check_names(names: Iterable[str], pattern: re.Pattern[str], taken: tuple[str, ...], key: str, body: Typed) -> None:
    """Names that rules give, which may not be those that vouchers have already. Problems: bad-rule."""
    for one in names:
        if not pattern.fullmatch(one) or keyword.iskeyword(one) or one in taken:
            detail = f"`{one}` cannot be a name under `{key}`"
            body.problems.append(
                problem("bad-rule", body.place(key), detail=detail, suggestion=" Use small letters, digits and _.")
            )


def _line(body: Typed) -> RuleLine | None:
    sides = [side for side in ("dr", "cr") if side in body]
    if len(sides) != 1 or "amount" not in body:
        if body.body:
            detail = "a line has one of dr and cr, and an amount"
            body.problems.append(problem("bad-rule", body.at, detail=detail, suggestion=""))
        return None
    account, amount, each = body.located(sides[0]), body.located("amount"), body.located("each")
    if account is None or amount is None:
        return None
    meta = body.named_texts("meta")
    _check_names(meta, _KEY, (*RESERVED, "department", "project"), "meta", body)
    return RuleLine(
        sides[0],
        account,
        amount,
        each=each.value if each else "",
        condition=body.located("if"),
        merge=body.texts("merge"),
        due=body.located("due"),
        document=body.located("document"),
        meta=meta,
        place=body.at,
        each_place=each.place if each else body.at,
    )
