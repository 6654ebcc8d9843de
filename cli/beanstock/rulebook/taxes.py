"""taxes.yaml to the tax values that amounts use."""

from __future__ import annotations

import re
from decimal import Decimal

from beanstock.amounts.taxes import Rate, Tax, Taxes
from beanstock.files.forms import File, Keys, day, flag, listed, mapping, named, text, texts
from beanstock.files.typed import Typed
from beanstock.files.yamltext import Map
from beanstock.problems import Problem, problem, suggest

_RATE_KEYS: Keys = {
    "percent": text("A percentage such as 20%", r"^[0-9]+(\.[0-9]+)?%$"),
    "from": day("In force from"),
    "to": day("In force to"),
}
_TAX_KEYS: Keys = {
    "rates": listed(mapping(_RATE_KEYS, "A rate", ["percent"]), "Rates with the days on which they are in force"),
    "any_rate": flag("Whether any percentage is taken"),
    "recoverable": flag("Whether input tax is given back; else it is part of cost"),
    "label": text("Its name for people"),
}
KEYS: Keys = {
    "usual": text("The tax that a bare percentage means"),
    "default": text("The tax where nothing is named"),
    "words": named(texts("Other words"), "Words in cells that mean a tax"),
    "taxes": named(mapping(_TAX_KEYS, "A tax"), "Taxes"),
    "overrides": texts("Taxes of the pack that are replaced here"),
}
FILE = File("taxes.yaml", "Taxes and their rates", KEYS)
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")


def load_taxes(taxes: Taxes, tree: Map, shown: str) -> tuple[Taxes, list[Problem]]:
    """Taxes with those of one more file. Problems: unknown-key, bad-form, duplicate-rule, bad-rule."""
    problems: list[Problem] = []
    body = Typed(tree, shown, problems, KEYS, "taxes.yaml")
    by_name = dict(taxes.by_name)
    overrides = body.texts("overrides")
    below = body.map("taxes")
    for name in below:
        if name in by_name and name not in overrides:
            problems.append(problem("duplicate-rule", below.key_place(name), name=name))
        declared = below.map(name, _TAX_KEYS, f"the tax `{name}`")
        rates = tuple(_rate(rate) for rate in declared.maps("rates", _RATE_KEYS, "a rate"))
        any_rate, recoverable = declared.flag("any_rate", default=False), declared.flag("recoverable", default=True)
        by_name[name] = Tax(name, rates, any_rate=any_rate, recoverable=recoverable)
    for name in overrides:
        if name not in taxes.by_name:
            facts = {"detail": f"there is no tax `{name}` to override", "suggestion": suggest(name, taxes.by_name)}
            problems.append(problem("bad-rule", body.place("overrides"), **facts))
    words = dict(taxes.words)
    others = body.map("words")
    for word in others:
        words.update(dict.fromkeys(others.texts(word), word))
    made = Taxes(by_name, body.text("usual", taxes.usual), body.text("default", taxes.default), words)
    for key, name in (("usual", made.usual), ("default", made.default)):
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
    return Rate(Decimal(match[1]) if match else Decimal(0), body.day("from"), body.day("to"))
