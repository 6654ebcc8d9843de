"""vouchers.yaml to rules: what stands in the file, checked for form; `compiling` makes them run."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from beanstock.files.yamltext import Map, Sequence, unknown_keys
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
LINE_KEYS = ("dr", "cr", "each", "amount", "if", "merge", "due", "document", "meta")


@dataclass
class Text:
    """A text of a rule file and where it stands."""

    value: str
    place: Place


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
    overrides: str = ""


def load_rules(rules: dict[str, Rule], tree: Map, shown: str) -> list[Problem]:
    """Add a vouchers.yaml to the rules. Problems: unknown-key, bad-rule, duplicate-rule.

    A rule of a later file replaces another only where it says `overrides: ID`.
    """
    problems: list[Problem] = []
    for name, body in tree.items():
        place = tree.key_place(shown, name)
        if not isinstance(body, Map):
            problems.append(problem("bad-rule", place, detail=f"the rule `{name}` is no mapping", suggestion=""))
            continue
        problems += unknown_keys(body, RULE_KEYS, "a rule", shown)
        replaced = body.get("overrides", "")
        if replaced:
            if replaced not in rules:
                problems.append(
                    problem(
                        "bad-rule",
                        body.value_place(shown, "overrides"),
                        detail=f"there is no rule `{replaced}` to override",
                        suggestion=suggest(replaced, rules),
                    )
                )
            rules.pop(replaced, None)
        if name in rules:
            problems.append(problem("duplicate-rule", place, name=name))
            continue
        rules[name] = _rule(name, body, place, shown, problems)
    return problems


def _rule(name: str, body: Map, place: Place, shown: str, problems: list[Problem]) -> Rule:
    rule = Rule(
        name, body.get("document", name), place, voucher=body.get("voucher", ""), overrides=body.get("overrides", "")
    )
    rule.when, rule.payee, rule.narration = (_text(body, key, shown) for key in ("when", "payee", "narration"))
    rule.fail, rule.warn = _text(body, "fail", shown), _text(body, "warn", shown)
    rule.skip = body.get("skip", "")
    rule.start, rule.end = (_day(body, key, shown, problems) for key in ("from", "to"))
    rule.tags = tuple(body.get("tags", ()))
    rule.lets = _texts(body.get("let", Map()), shown)
    rule.meta = _texts(body.get("meta", Map()), shown)
    for line in body.get("lines", Sequence()):
        made = _line(line, shown, problems)
        if made is not None:
            rule.lines.append(made)
    if not (rule.lines or rule.skip or rule.fail):
        problems.append(
            problem("bad-rule", place, detail=f"the rule `{name}` has no lines, and no `skip` or `fail`", suggestion="")
        )
    return rule


def _line(body: object, shown: str, problems: list[Problem]) -> RuleLine | None:
    if not isinstance(body, Map):
        problems.append(
            problem("bad-rule", Place(shown), detail="a line is a mapping with dr or cr and amount", suggestion="")
        )
        return None
    problems += unknown_keys(body, LINE_KEYS, "a rule's line", shown)
    place = Place(shown, *body.at)
    sides = [side for side in ("dr", "cr") if side in body]
    if len(sides) != 1 or "amount" not in body:
        problems.append(problem("bad-rule", place, detail="a line has one of dr and cr, and an amount", suggestion=""))
        return None
    account, amount = _text(body, sides[0], shown), _text(body, "amount", shown)
    assert account is not None
    assert amount is not None
    return RuleLine(
        sides[0],
        account,
        amount,
        each=body.get("each", ""),
        condition=_text(body, "if", shown),
        merge=tuple(body.get("merge", ())),
        due=_text(body, "due", shown),
        document=_text(body, "document", shown),
        meta=_texts(body.get("meta", Map()), shown),
        place=place,
    )


def _text(body: Map, key: str, shown: str) -> Text | None:
    value = body.get(key)
    return Text(value, body.value_place(shown, key)) if isinstance(value, str) else None


def _texts(body: Map, shown: str) -> dict[str, Text]:
    return {key: Text(value, body.value_place(shown, key)) for key, value in body.items() if isinstance(value, str)}


def _day(body: Map, key: str, shown: str, problems: list[Problem]) -> dt.date | None:
    value = body.get(key)
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        problems.append(
            problem(
                "bad-rule", body.value_place(shown, key), detail=f"`{value}` is no day", suggestion=" Write YYYY-MM-DD."
            )
        )
        return None
