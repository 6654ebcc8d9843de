"""vouchers.yaml to rules: what stands in the file, checked for form; `compiling` makes them run."""

from __future__ import annotations

import datetime as dt
import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from beanstock.files.forms import File, Form, Keys, choice, day, listed, mapping, named, one_of, text, texts
from beanstock.files.typed import Text, Typed
from beanstock.files.yamltext import Map, Sequence
from beanstock.problems import Place, Problem, problem, suggest

MERGE_KEYS = ("account", "item", "partner", "warehouse")
SUMMARIES = ("day", "partner", "kind")
_EXPRESSION = text("An expression")
_META = named(text("A text with expressions in braces"), "Metadata", "^[a-z][a-z0-9_-]+$")
_SIDES: Keys = {
    "dr": text("The role or account that is debited, or a column that holds one"),
    "cr": text("The role or account that is credited, or a column that holds one"),
}
_SHARED: Keys = {
    "merge": texts("Postings that have these alike become one", MERGE_KEYS),
    "due": text("The due date, on roles that are kept by partner"),
    "meta": _META,
}
PART_KEYS: Keys = {
    **_SIDES,
    "share": text("60%, 1/3, an expression, or `remaining`"),
    "amount": text("An amount instead of a share"),
    **_SHARED,
}
LINE_KEYS: Keys = {
    **_SIDES,
    "each": text("A collection, such as lines or moves: one posting for each element"),
    "amount": text("An expression; positive, may be negative (red)"),
    "split": listed(mapping(PART_KEYS, "A part"), "The parts among which the amount is shared"),
    "if": text("A condition"),
    "document": text("What a partner's posting is kept by"),
    **_SHARED,
}
SAY_KEYS: Keys = {"if": text("A condition"), "text": text("A text with expressions in braces")}
ROUNDING_KEYS: Keys = {
    "role": text("The role that takes the difference"),
    "max": text("The largest difference", r"^[0-9]{1,12}(\.[0-9]{1,12})?$"),
}
_SAY = mapping(SAY_KEYS, "On a condition", SAY_KEYS)


def _say(about: str) -> Form:
    return one_of(about, text("Always"), _SAY, listed(_SAY, "Several"))


RULE_KEYS: Keys = {
    "document": text("The kind of document; by default the rule's own name"),
    "voucher": text("An id, where one document posts several vouchers"),
    "summary": choice(SUMMARIES, "Many documents of a day in one voucher"),
    "when": text("A condition; the rule takes the document where it holds"),
    "from": day("In force from"),
    "to": day("In force to"),
    "let": named(_EXPRESSION, "Names for expressions", "^[a-z][a-z0-9_]*$"),
    "payee": text("A text with expressions in braces"),
    "narration": text("A text with expressions in braces"),
    "lines": listed(mapping(LINE_KEYS, "A posting, or one for each element"), "The postings"),
    "rounding": mapping(ROUNDING_KEYS, "Where a small difference goes", ROUNDING_KEYS),
    "review": text("A condition; where it holds the voucher is marked `!`"),
    "tags": texts("Tags"),
    "meta": _META,
    "skip": _say("Why such documents post nothing"),
    "fail": _say("The document is refused with this text"),
    "warn": _say("The document is warned of with this text"),
    "overrides": text("The rule that this one replaces"),
}
FILE = File("vouchers.yaml", "What documents post: rules by id", others=mapping(RULE_KEYS, "A rule"))
RESERVED = (
    "document",
    "documents",
    "rule",
    "item",
    "qty",
    "warehouse",
    "lot",
    "partner",
    "due",
    "side",
    "late",
    "correction",
)
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_KEY = re.compile(r"[a-z][a-z0-9_-]+", re.ASCII)
_TAG = re.compile(r"[A-Za-z0-9_/.-]+", re.ASCII)
_FLAGS = {"true": "true", "false": "false", "yes": "true", "no": "false", "on": "true", "off": "false"}
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")


@dataclass
class RuleLine:
    """One posting (or one per element of `each`) that a rule makes; or the parts among which `split` shares it.

    A part is a line, too, with a `share` (or an amount of its own).
    """

    side: str
    account: Text
    amount: Text | None
    each: str = ""
    condition: Text | None = None
    merge: tuple[str, ...] = ()
    due: Text | None = None
    document: Text | None = None  # what a partner posting is kept by, where it is not the obvious one
    meta: dict[str, Text] = field(default_factory=dict)
    share: Text | None = None
    parts: list[RuleLine] = field(default_factory=list)
    place: Place = field(default_factory=lambda: Place(""))
    each_place: Place = field(default_factory=lambda: Place(""))

    @property
    def postings(self) -> list[RuleLine]:
        """The lines that post: this one, or its parts."""
        return self.parts or [self]


@dataclass(frozen=True)
class Say:
    """What a rule says of a document: skip (post nothing), fail (refuse it) or warn; always, or on a condition."""

    kind: str
    text: Text
    condition: Text | None = None


@dataclass(frozen=True)
class Rounding:
    """The role that takes a difference of at most `most` (money) between debits and credits."""

    role: Text
    most: Decimal


@dataclass
class Rule:
    """What one kind of document posts as one voucher."""

    id: str
    document: str
    place: Place
    voucher: str = ""
    summary: str = ""
    when: Text | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    lets: dict[str, Text] = field(default_factory=dict)
    payee: Text | None = None
    narration: Text | None = None
    lines: list[RuleLine] = field(default_factory=list)
    rounding: Rounding | None = None
    review: Text | None = None
    reverse: bool = False  # closing rules: whether the next month begins with taking it back
    tags: tuple[str, ...] = ()
    meta: dict[str, Text] = field(default_factory=dict)
    says: list[Say] = field(default_factory=list)

    @property
    def merges(self) -> bool:
        """Whether postings of it may merge to zero."""
        return any(one.merge for line in self.lines for one in line.postings)


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
        rules[name] = read_rule(name, body, place)  # a second one as well, so that all its faults are told at once
    return problems


def read_rule(name: str, body: Typed, place: Place) -> Rule:
    """One rule from its keys. Problems: bad-form, unknown-key, bad-rule."""
    rule = Rule(name, body.text("document", name), place, voucher=body.text("voucher"))
    rule.when, rule.payee, rule.narration = body.located("when"), body.located("payee"), body.located("narration")
    rule.says = [say for kind in ("skip", "fail", "warn") for say in _says(kind, body)]
    rule.start, rule.end = body.day("from"), body.day("to")
    rule.summary = body.choice("summary", SUMMARIES, "") if "summary" in body else ""
    rule.review, rule.rounding = _review(body), _rounding(body)
    rule.lets, rule.meta = body.named_texts("let"), body.named_texts("meta")
    rule.tags = body.texts("tags")
    for key, names, pattern in (("let", rule.lets, _NAME), ("meta", rule.meta, _KEY), ("tags", rule.tags, _TAG)):
        _check_names(names, pattern, RESERVED if key != "meta" else (*RESERVED, "memo"), key, body)
    rule.lets = {one: let for one, let in rule.lets.items() if _NAME.fullmatch(one) and not keyword.iskeyword(one)}
    for line in body.maps("lines", LINE_KEYS, "a rule's line"):
        made = _line(line)
        if made is not None:
            rule.lines.append(made)
    for say in rule.says:
        if say.kind in ("skip", "fail") and say.condition is None and "lines" in body:
            detail = f"the rule `{name}` has lines, and `{say.kind}` without a condition, so that they post nothing"
            remedy = f" Give `{say.kind}` a condition (`{{if: ..., text: ...}}`), or take the lines away."
            body.problems.append(problem("bad-rule", body.place(say.kind), detail=detail, suggestion=remedy))
    if not any(key in body for key in ("lines", "skip", "fail")):
        detail = f"the rule `{name}` has no lines, and no `skip` or `fail`"
        body.problems.append(problem("bad-rule", place, detail=detail, suggestion=""))
    return rule


def _review(body: Typed) -> Text | None:
    """`true`, `false` or a condition. Problems: bad-rule."""
    review = body.located("review")
    if review is None or review.value.lower() not in _FLAGS:
        return review
    if review.value.lower() in ("true", "false"):
        return Text(review.value.capitalize(), review.place)
    meant = _FLAGS[review.value.lower()]
    detail = f"`review` is true, false or a condition, and `{review.value}` is none of them"
    body.problems.append(problem("bad-rule", review.place, detail=detail, suggestion=f" Write `review: {meant}`."))
    return None


def _check_names(names: Iterable[str], pattern: re.Pattern[str], taken: tuple[str, ...], key: str, body: Typed) -> None:
    """Names that rules give, which may not be those that vouchers have already. Problems: bad-rule."""
    for one in names:
        if not pattern.fullmatch(one) or keyword.iskeyword(one) or one in taken:
            detail = f"`{one}` cannot be a name under `{key}`"
            body.problems.append(
                problem("bad-rule", body.place(key), detail=detail, suggestion=" Use small letters, digits and _.")
            )


def _says(kind: str, body: Typed) -> Iterator[Say]:
    """`warn: text`, `warn: {if: condition, text: text}`, or a list of such. Problems: bad-form, unknown-key."""
    value = body.body.get(kind)
    if value is None:
        return
    if isinstance(value, str):
        always = body.located(kind)
        if always is not None:
            yield Say(kind, always)
        return
    several = value if isinstance(value, Sequence) else [value]
    for one in several:
        below = Typed(one, body.shown, body.problems, SAY_KEYS, f"`{kind}`", body.place(kind))
        said, condition = below.located("text"), below.located("if")
        if said is not None and condition is not None:
            yield Say(kind, said, condition)
        elif below.body:
            form = "a text, or `if` with a condition and `text`"
            body.problems.append(problem("bad-form", below.at, what=f"`{kind}`", form=form))


def _rounding(body: Typed) -> Rounding | None:
    if "rounding" not in body:
        return None
    below = body.map("rounding", ROUNDING_KEYS, "`rounding`")
    role, most = below.located("role"), below.text("max")
    if role is None or not _AMOUNT.fullmatch(most):
        form = "a `role` and `max`, an amount such as 0.05"
        body.problems.append(problem("bad-form", body.place("rounding"), what="`rounding`", form=form))
        return None
    return Rounding(role, Decimal(most))


def _line(body: Typed) -> RuleLine | None:
    """A line: one of dr and cr with an amount, or an amount and the parts that share it."""
    if not body.body:
        return None
    parts = [part for one in body.maps("split", PART_KEYS, "a part of a split") if (part := _part(one)) is not None]
    sides = [side for side in ("dr", "cr") if side in body]
    wrong = ""
    if "split" in body and (sides or "amount" not in body or not parts):
        wrong = "a line with `split` has an amount, and its parts have dr or cr"
    elif "split" not in body and (len(sides) != 1 or "amount" not in body):
        wrong = "a line has one of dr and cr, and an amount"
    if wrong:
        body.problems.append(problem("bad-rule", body.at, detail=wrong, suggestion=""))
        return None
    account = body.located(sides[0]) if sides else parts[0].account
    amount, each = body.located("amount"), body.located("each")
    if account is None or amount is None:
        return None
    made = RuleLine(
        sides[0] if sides else parts[0].side,
        account,
        amount,
        each=each.value if each else "",
        condition=body.located("if"),
        document=body.located("document"),
        parts=parts,
        place=body.at,
        each_place=each.place if each else body.at,
    )
    made.merge, made.due, made.meta = body.texts("merge"), body.located("due"), _meta(body)
    for part in parts:  # what the line says holds for each part that does not say otherwise
        part.document, part.merge, part.due = made.document, part.merge or made.merge, part.due or made.due
        part.meta = {**made.meta, **part.meta}
    return made


def _meta(body: Typed) -> dict[str, Text]:
    """Metadata of a posting; no name that postings have themselves. Problems: bad-rule."""
    found = body.named_texts("meta")
    _check_names(found, _KEY, (*RESERVED, "department", "project"), "meta", body)
    return found


def _part(body: Typed) -> RuleLine | None:
    sides = [side for side in ("dr", "cr") if side in body]
    if len(sides) != 1 or ("share" in body) == ("amount" in body):
        if body.body:
            detail = "a part of a split has one of dr and cr, and one of share and amount"
            body.problems.append(problem("bad-rule", body.at, detail=detail, suggestion=""))
        return None
    account = body.located(sides[0])
    if account is None:
        return None
    part = RuleLine(sides[0], account, body.located("amount"), share=body.located("share"), place=body.at)
    part.merge, part.due, part.meta = body.texts("merge"), body.located("due"), _meta(body)
    return part
