"""taxes.yaml to the tax values that amounts use."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from beanstock.amounts.taxes import Rate, Tax, Taxes
from beanstock.files.yamltext import Map, Sequence, unknown_keys
from beanstock.problems import Problem, problem

_KEYS = ("usual", "default", "words", "taxes", "overrides")
_TAX_KEYS = ("rates", "any_rate", "recoverable", "label")
_RATE_KEYS = ("percent", "from", "to")
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")


def load_taxes(taxes: Taxes, tree: Map, shown: str) -> tuple[Taxes, list[Problem]]:
    """Taxes with those of one more file. Problems: unknown-key, duplicate-rule, bad-rule."""
    problems: list[Problem] = []
    problems += unknown_keys(tree, _KEYS, "taxes.yaml", shown)
    by_name = dict(taxes.by_name)
    body: Map = tree.get("taxes") or Map()
    for name, declared in body.items():
        place = body.key_place(shown, name)
        if name in by_name and name not in tree.get("overrides", ()):
            problems.append(problem("duplicate-rule", place, name=name))
        if not isinstance(declared, Map):
            problems.append(problem("bad-rule", place, detail=f"the tax `{name}` is no mapping", suggestion=""))
            continue
        problems += unknown_keys(declared, _TAX_KEYS, "a tax", shown)
        rates = tuple(
            _rate(rate, shown, problems) for rate in declared.get("rates", Sequence()) if isinstance(rate, Map)
        )
        by_name[name] = Tax(
            name, rates, declared.get("any_rate") == "true", declared.get("recoverable", "true") == "true"
        )
    words = dict(taxes.words)
    for word, others in (tree.get("words") or Map()).items():
        words.update(dict.fromkeys(others, word))
    return Taxes(by_name, tree.get("usual", taxes.usual), tree.get("default", taxes.default), words), problems


def _rate(body: Map, shown: str, problems: list[Problem]) -> Rate:
    problems += unknown_keys(body, _RATE_KEYS, "a rate", shown)
    match = _PERCENT.fullmatch(body.get("percent", ""))
    days: dict[str, dt.date | None] = {"from": None, "to": None}
    for key in days:
        try:
            days[key] = dt.date.fromisoformat(body[key]) if key in body else None
        except ValueError:
            problems.append(
                problem(
                    "bad-rule",
                    body.value_place(shown, key),
                    detail=f"`{body[key]}` is no day",
                    suggestion=" Write YYYY-MM-DD.",
                )
            )
    if match is None:
        problems.append(
            problem(
                "bad-rule", body.value_place(shown, "percent"), detail="a rate has a percent such as 20%", suggestion=""
            )
        )
    return Rate(Decimal(match[1]) if match else Decimal(0), days["from"], days["to"])
