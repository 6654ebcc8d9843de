"""Examples beside the rules: given documents, the postings that are expected. `rules test` runs them.

A spec file has `records:` (masters and other records that all its examples share) and, by rule, a list of examples
with `name`, `settings` and `policies` (where it needs others than the defaults), `given` (records by kind) and `expect` (postings: dr or cr a role or account, and the amount; item, qty,
partner and document where they matter). An example may also say what the rule must say (`refused`, `warned`), whether
it marks the voucher for `review`, and its `narration`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from beanstock.books import POLICY_KEYS
from beanstock.files.forms import File, Form, Keys, flag, listed, mapping, named, text
from beanstock.files.typed import Text, Typed
from beanstock.files.yamltext import Map
from beanstock.problems import Place, Problem, problem, suggest
from beanstock.records.kinds import Kinds
from beanstock.voucher import Posting, Voucher

_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_RECORDS = named(listed(Form({"type": "object"}), "Records"), "Records by kind")
EXPECT_KEYS: Keys = {
    "dr": text("The role or account that is debited"),
    "cr": text("The role or account that is credited"),
    "amount": text("The amount", r"^-?[0-9]+(\.[0-9]+)?$"),
    "item": text("The item of the posting"),
    "qty": text("The quantity of the posting"),
    "partner": text("The partner of the posting"),
    "document": text("The document that the posting is kept by"),
}
EXAMPLE_KEYS: Keys = {
    "name": text("What the example shows"),
    "settings": named(text("An answer"), "Settings under which it holds, where they are not the defaults"),
    "policies": mapping(POLICY_KEYS, "Policies under which it holds, where they are not the pack's own"),
    "given": _RECORDS,
    "expect": listed(mapping(EXPECT_KEYS, "A posting", ["amount"]), "The postings"),
    "narration": text("The voucher's narration"),
    "review": flag("Whether the voucher is marked for review"),
    "refused": text("Part of the text with which the rule refuses the document"),
    "warned": text("Part of the text with which the rule warns"),
}
FILE = File(
    "vouchers.spec.yaml",
    "Examples of rules, by rule",
    {"records": _RECORDS},
    others=listed(mapping(EXAMPLE_KEYS, "An example"), "The examples of a rule"),
)
_DETAILS = ("item", "qty", "partner", "document")


@dataclass(frozen=True)
class Expected:
    """A posting that must be there: a role or account, the amount (debit positive), and details that matter.

    `red` is the side of a red entry.
    """

    name: str
    amount: Decimal
    details: tuple[tuple[str, str], ...] = ()
    red: str = ""


@dataclass
class Example:
    """One example of one rule."""

    rule: str
    name: str
    place: Place
    settings: dict[str, Text] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)  # YAML text of each kind's records
    expect: list[Expected] = field(default_factory=list)
    narration: str | None = None
    review: bool | None = None
    refused: str = ""  # part of the text with which the rule must refuse the document
    warned: str = ""


def load_specs(tree: Map, shown: str, rules: Iterable[str], kinds: Kinds) -> tuple[list[Example], list[Problem]]:
    """The examples of a spec file. Problems: unknown-key, bad-form, bad-rule, unknown-kind."""
    problems: list[Problem] = []
    examples: list[Example] = []
    known = list(rules)
    body = Typed(tree, shown, problems, (), "a file of examples")
    shared = _records(body.map("records"), kinds)
    for rule in body:
        if rule == "records":
            continue
        if rule not in known:
            facts = {"detail": f"there is no rule `{rule}`", "suggestion": suggest(rule, known)}
            problems.append(problem("bad-rule", body.key_place(rule), **facts))
        for below in body.maps(rule, EXAMPLE_KEYS, "an example"):
            example = Example(rule, below.text("name"), below.at, below.named_texts("settings"))
            policies = below.map("policies", POLICY_KEYS, "policies")
            example.policies = {key: policies.text(key) for key in policies}
            records = {kind: list(rows) for kind, rows in shared.items()}
            for kind, rows in _records(below.map("given"), kinds).items():
                records.setdefault(kind, []).extend(rows)
            example.given = {kind: json.dumps(rows, ensure_ascii=False) for kind, rows in records.items()}
            example.expect = [_expected(line) for line in below.maps("expect", EXPECT_KEYS, "an expected posting")]
            example.narration = below.text("narration") if "narration" in below else None
            example.review = below.flag("review", default=False) if "review" in below else None
            example.refused, example.warned = below.text("refused"), below.text("warned")
            examples.append(example)
    return examples, problems


def _records(body: Typed, kinds: Kinds) -> dict[str, list[object]]:
    """Records by kind; a kind is also a file's name, so only known ones are taken."""
    found: dict[str, list[object]] = {}
    for name in body:
        kind = kinds.by_name(name)
        if kind is None:
            facts = {"name": name, "known": ", ".join(kinds.known()), "suggestion": suggest(name, kinds.known())}
            body.problems.append(problem("unknown-kind", body.key_place(name), **facts))
        else:
            found[kind.name] = [row for row, _ in body.list(name)]
    return found


@dataclass
class Pair:
    """A line of the comparison: what an account or role was expected to get and got, debit positive; None is nothing."""

    name: str
    expected: Decimal | None
    posted: Decimal | None
    note: str = ""
    red: str = ""  # the side of a red entry

    @property
    def same(self) -> bool:
        return self.expected == self.posted and not self.note


def compare(example: Example, vouchers: Iterable[Voucher]) -> list[Pair]:
    """Expected and posted, side by side: what is alike first found together, then what is left of each account."""
    posted = [posting for voucher in vouchers if voucher.rule == example.rule for posting in voucher.postings]
    pairs: list[Pair] = []
    open_pairs: list[tuple[Expected, Pair]] = []
    for expected in example.expect:
        same = (one for one in posted if _named(one, expected))
        match = next((one for one in same if (one.amount, one.side) == (expected.amount, expected.red)), None)
        pair = Pair(expected.name, expected.amount, None, red=expected.red)
        pairs.append(pair)
        if match is None:
            open_pairs.append((expected, pair))
        else:
            posted.remove(match)
            pair.posted, pair.note = match.amount, _details(match, expected)
    for expected, pair in open_pairs:
        match = next((one for one in posted if _named(one, expected)), None)
        if match is not None:
            posted.remove(match)
            pair.posted = match.amount
            if match.amount == expected.amount:
                pair.note = "a red entry, not an ordinary one" if match.side else "an ordinary entry, not a red one"
    return pairs + [Pair(one.role or one.account, None, one.amount, red=one.side) for one in posted]


def differences(example: Example, vouchers: Iterable[Voucher]) -> list[str]:
    """What the rule's vouchers post differently from the example, in words."""
    own = [voucher for voucher in vouchers if voucher.rule == example.rule]
    found: list[str] = []
    for pair in compare(example, own):
        if pair.expected != pair.posted:
            found += [f"expected {_said(pair.name, pair.expected, pair.red)}"] if pair.expected is not None else []
            found += [f"posted {_said(pair.name, pair.posted, pair.red)} beside it"] if pair.posted is not None else []
        elif pair.note:
            found.append(f"{_said(pair.name, pair.expected or Decimal(0), pair.red)} has {pair.note}")
    for voucher in own:
        if example.narration is not None and voucher.narration != example.narration:
            found.append(f"expected the narration `{example.narration}`, not `{voucher.narration}`")
        if example.review is not None and (voucher.flag == "!") != example.review:
            found.append("expected it to be marked for review" if example.review else "it is marked for review")
    return found


def _named(posting: Posting, expected: Expected) -> bool:
    return expected.name in (posting.role, posting.account)


def _details(posting: Posting, expected: Expected) -> str:
    """What of a posting is not as expected, in words."""
    values = {name: getattr(posting, name) for name in _DETAILS}
    wrong = []
    for name, wanted in expected.details:
        value = values[name]
        same = value == Decimal(wanted) if isinstance(value, Decimal) and _AMOUNT.fullmatch(wanted) else value == wanted
        if not same:
            wrong.append(f"the {name} {value if value not in (None, '') else 'nothing'}, not {wanted}")
    return ", ".join(wrong)


def _expected(line: Typed) -> Expected:
    side = "dr" if "dr" in line else "cr"
    written = line.text("amount")
    if not _AMOUNT.fullmatch(written):
        line.problems.append(
            problem("bad-form", line.at, what="an expected posting", form="dr or cr, and an amount such as 12.00")
        )
        written = "0"
    amount = Decimal(written)
    details = tuple((name, line.text(name)) for name in _DETAILS if name in line)
    return Expected(line.text(side), amount if side == "dr" else -amount, details, side if amount < 0 else "")


def _said(name: str, amount: Decimal, red: str) -> str:
    side = red or ("dr" if amount >= 0 else "cr")
    return f"{side} {name} {'-' if red else ''}{abs(amount)}"
