"""taxes.yaml to the tax values that amounts use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from beanstock.amounts.taxes import Exemption, Rate, Tax, Taxes
from beanstock.files.forms import File, Form, Keys, day, flag, listed, mapping, named, one_of, text, texts
from beanstock.files.typed import Typed
from beanstock.files.yamltext import Map
from beanstock.problems import Problem, problem, suggest

_SIDES = ("sold", "bought")
_SIDE = text("The tax where nothing is named")


def _chosen(form: Form) -> Form:
    """A value, or the answers of a setting to choose it by."""
    return one_of("", form, named(named(form, "The value by the setting's answer"), "Chosen by a setting"))


_RATE_KEYS: Keys = {
    "percent": text("A percentage such as 20%", r"^[0-9]+(\.[0-9]+)?%$"),
    "from": day("In force from"),
    "to": day("In force to"),
    "region": text("The region that it holds in"),
}
_TAX_KEYS: Keys = {
    "rates": listed(mapping(_RATE_KEYS, "A rate", ["percent"]), "Rates with the days on which they are in force"),
    "any_rate": flag("Whether any percentage is taken"),
    "recoverable": _chosen(flag("Whether input tax is given back; else it is part of cost")),
    "reverse": flag("Whether the buyer owes the tax"),
    "label": text("Its name for people"),
}
_EXEMPTION_KEYS: Keys = {
    "applies": _chosen(flag("Whether it is for these books")),
    "month": text("Net sales of a month, such as 100000", r"^[0-9]{1,15}$"),
    "quarter": text("Net sales of a quarter", r"^[0-9]{1,15}$"),
    "from": day("In force from"),
    "to": day("In force to"),
}
KEYS: Keys = {
    "usual": _chosen(text("The tax that a bare percentage means")),
    "default": one_of(
        "The tax where nothing is named",
        _chosen(text("On both sides")),
        mapping({"sold": _chosen(_SIDE), "bought": _chosen(_SIDE)}, "By side"),
    ),
    "words": named(texts("Other words"), "Words in cells that mean a tax"),
    "taxes": named(mapping(_TAX_KEYS, "A tax"), "Taxes"),
    "exemptions": listed(
        mapping(_EXEMPTION_KEYS, "A limit", ["month", "quarter"]), "Sales up to which tax is let off, by date"
    ),
    "overrides": texts("Taxes of the pack that are replaced here"),
}
FILE = File("taxes.yaml", "Taxes and their rates", KEYS)
_LIMIT = re.compile(r"[0-9]{1,15}")
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")


def load_taxes(
    taxes: Taxes, tree: Map, shown: str, settings: Mapping[str, str] | None = None
) -> tuple[Taxes, list[Problem]]:
    """Taxes with those of one more file; `settings` choose where the file asks for it.

    Problems: unknown-key, unknown-name, bad-form, duplicate-rule, bad-rule.
    """
    problems: list[Problem] = []
    settings = settings or {}
    body = _decided(Typed(tree, shown, problems, KEYS, "taxes.yaml"), settings)
    by_name = dict(taxes.by_name)
    overrides = body.texts("overrides")
    below = body.map("taxes")
    for name in below:
        if name in by_name and name not in overrides:
            problems.append(problem("duplicate-rule", below.key_place(name), name=name))
        declared = _decided(below.map(name, _TAX_KEYS, f"the tax `{name}`"), settings)
        rates = tuple(_rate(rate) for rate in declared.maps("rates", _RATE_KEYS, "a rate"))
        any_rate, recoverable = declared.flag("any_rate", default=False), declared.flag("recoverable", default=True)
        reverse = declared.flag("reverse", default=False)
        by_name[name] = Tax(name, rates, any_rate=any_rate, recoverable=recoverable, reverse=reverse)
    for name in overrides:
        if name not in taxes.by_name:
            facts = {"detail": f"there is no tax `{name}` to override", "suggestion": suggest(name, taxes.by_name)}
            problems.append(problem("bad-rule", body.place("overrides"), **facts))
    words = dict(taxes.words)
    others = body.map("words")
    for word in others:
        words.update(dict.fromkeys(others.texts(word), word))
    sold, bought = taxes.default, taxes.default_bought
    if isinstance(body.body.get("default"), Map):
        sides = _decided(body.map("default", _SIDES, "`default`"), settings)
        sold, bought = sides.text("sold"), sides.text("bought")
    elif "default" in body:
        sold = bought = body.text("default")
    exemptions = [_decided(one, settings) for one in body.maps("exemptions", _EXEMPTION_KEYS, "an exemption")]
    limits = tuple(_exemption(one) for one in exemptions if one.flag("applies", default=True))
    limits = limits if "exemptions" in body else taxes.exemptions
    made = Taxes(by_name, body.text("usual", taxes.usual), sold, bought, words, limits)
    for key, name in (("usual", made.usual), ("default", sold), ("default", bought)):
        if key in body and name and name not in by_name and not _PERCENT.fullmatch(name):
            facts = {"detail": f"`{key}` names `{name}`, which is no tax", "suggestion": suggest(name, by_name)}
            problems.append(problem("bad-rule", body.place(key), **facts))
    return made, problems


def _rate(body: Typed) -> Rate:
    percent = body.text("percent")
    match = _PERCENT.fullmatch(percent)
    if match is None:
        place = body.place("percent") if "percent" in body else body.at
        body.problems.append(problem("bad-form", place, what="a rate's `percent`", form="a percentage such as 20%"))
    return Rate(Decimal(match[1]) if match else Decimal(0), body.day("from"), body.day("to"), body.text("region"))


def _exemption(body: Typed) -> Exemption:
    amounts = []
    for key in ("month", "quarter"):
        limit = body.text(key)
        if not _LIMIT.fullmatch(limit):
            place = body.place(key) if key in body else body.at
            form = "an amount such as 100000"
            body.problems.append(problem("bad-form", place, what=f"an exemption's `{key}`", form=form))
        amounts.append(Decimal(limit) if _LIMIT.fullmatch(limit) else Decimal(0))
    return Exemption(amounts[0], amounts[1], body.day("from"), body.day("to"))


def _decided(body: Typed, settings: Mapping[str, str]) -> Typed:
    """The mapping with every value that a setting chooses, as `{settings.taxpayer: {general: 13%, small-scale: 3%}}`, chosen.

    Problems: unknown-name, bad-rule.
    """
    decided: dict[str, str] = {}
    for key, value in body.body.items():
        if not isinstance(value, Map) or len(value) != 1 or not next(iter(value)).startswith("settings."):
            continue
        name = next(iter(value))
        chosen = settings.get(name)
        answers = body.map(key).map(name)
        text = ""
        if chosen is None:
            facts = {"name": name, "expression": name, "known": f" Known: {', '.join(settings) or 'none'}."}
            place = value.key_place(body.shown, name)
            body.problems.append(problem("unknown-name", place, **facts, suggestion=suggest(name, settings).strip()))
        elif chosen in answers or "*" in answers:
            text = answers.text(chosen if chosen in answers else "*")
        else:
            detail = f"`{key}` says nothing for {name} = {chosen}"
            body.problems.append(problem("bad-rule", value.key_place(body.shown, name), detail=detail, suggestion=""))
        decided[key] = text
    if decided:
        body.body = body.body.changed(decided)
    return body
