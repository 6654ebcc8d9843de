"""Settings: what a pack asks of a company. The pack declares name, type, default and meaning; beanstock.yaml answers.

A choice is text, a percentage or number is an exact decimal (7% is 7), a flag is yes or no. Rules name them as
`settings.taxpayer`; tables of accounts and taxes may choose by them.
"""

from __future__ import annotations

import re
from decimal import Decimal

from beanstock.files.typed import Typed
from beanstock.problems import Problem, problem

_KEYS = ("type", "default", "meaning")
_CHOICE = re.compile(r"choice\(([^()]+)\)")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)%?", re.ASCII)
_FLAGS = {"yes": "yes", "true": "yes", "no": "no", "false": "no"}
TYPES = ("choice(one|other)", "percent", "number", "flag", "text")

Value = str | Decimal


class Setting:
    """A declared setting: its type, the words of a choice, its default and its meaning."""

    def __init__(self, name: str, kind: str, choices: tuple[str, ...], default: str, meaning: str) -> None:
        self.name = name
        self.kind = kind
        self.choices = choices
        self.default = default
        self.meaning = meaning

    @property
    def allowed(self) -> str:
        """What may be written, as messages and `beanstock policies` say it."""
        words = {"percent": "a percentage such as 7%", "number": "a number", "flag": "yes, no", "text": "a text"}
        return ", ".join(self.choices) or words[self.kind]

    def value(self, text: str) -> Value | None:
        """The typed value of a text, or None where it is no value of this setting."""
        if self.kind == "choice":
            return text if text in self.choices else None
        if self.kind == "flag":
            return _FLAGS.get(text.lower())
        if self.kind == "text":
            return text
        match = (_PERCENT if self.kind == "percent" else _NUMBER).fullmatch(text)
        return Decimal(match[1] if self.kind == "percent" else match[0]) if match else None


def declared_settings(body: Typed) -> dict[str, Setting]:
    """The settings that a pack.yaml declares. Problems: unknown-key, bad-form, bad-setting."""
    found = {}
    for name in body:
        below = body.map(name, _KEYS, f"the setting `{name}`")
        written = below.text("type", "text")
        match = _CHOICE.fullmatch(written)
        if match is None and written not in TYPES[1:]:
            form = "one of " + ", ".join(TYPES)
            below.problems.append(problem("bad-form", below.at, what=f"the type of `{name}`", form=form))
            written = "text"
        choices = tuple(match[1].split("|")) if match else ()
        setting = Setting(name, "choice" if match else written, choices, below.text("default"), below.text("meaning"))
        if setting.value(setting.default) is None:
            below.problems.append(refused(below, "default", setting, setting.default))
        found[name] = setting
    return found


def refused(body: Typed, key: str, setting: Setting, text: str) -> Problem:
    """The problem of a value that its setting does not take."""
    facts = {"key": setting.name, "value": text, "why": setting.meaning, "allowed": setting.allowed}
    return problem("bad-setting", body.place(key), **facts)
