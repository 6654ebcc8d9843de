"""Opens a books folder: beanstock.yaml, the pack it names, the paths, policies and settings.

Only the command line may point elsewhere than into the folder; nothing in a file can.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from beanstock.files.decode import HIDDEN_OR_BREAK, read_text, real
from beanstock.files.forms import File, Form, Keys, choice, mapping, named, one_of, text
from beanstock.files.typed import Typed
from beanstock.files.yamltext import Map, parse_map
from beanstock.policies import POLICIES, Policy
from beanstock.problems import Place, Problem, problem, suggest
from beanstock.settings import Setting, Value, declared_settings, refused

FILE = "beanstock.yaml"
COSTING_METHODS = ("moving-average", "monthly-average", "fifo", "lifo", "specific", "standard")
_REQUIRED = {"company": "the name of the company", "pack": "such as ifrs", "currency": "such as EUR"}
CURRENCY = re.compile(r"[A-Z][A-Z0-9]{2,5}")
LANGUAGES = ("en", "zh")
_PACK_KEYS = ("name", "language", "policies", "settings", "takes", "forbids")
PARTS = ("accounts", "taxes", "vouchers", "closing", "statements")  # the files that a pack is made of
OPTIONAL = ("closing",)  # of these
TAKEN = (*PARTS, "examples")  # what a pack may take from another


def _policy(one: Policy) -> Form:
    return choice(one.values, one.meaning) if one.pattern is None else text(one.meaning, f"^{one.pattern.pattern}$")


_METHOD = choice(COSTING_METHODS, "How the cost of stock is worked out")
POLICY_KEYS: Keys = {key: _policy(one) for key, one in POLICIES.items()}
KEYS: Keys = {
    "company": text("The name of the company"),
    "pack": text("The accounting standard, such as ifrs"),
    "currency": text("The books' currency, such as EUR", r"^[A-Z][A-Z0-9]{2,5}$"),
    "fiscal_year_start": text("The first day of fiscal years, MM-01", r"^(0[1-9]|1[0-2])-01$"),
    "language": choice(LANGUAGES, "The language of reports"),
    "costing": one_of("A method for all items, or by category with `default`", _METHOD, named(_METHOD, "By category")),
    "policies": mapping(POLICY_KEYS, "See docs/POLICIES.md"),
    "settings": named(text("A value"), "What the pack asks for"),
}
BOOKS_FILE = File(FILE, "The settings of a books folder", KEYS, tuple(_REQUIRED))
_YEAR_START = re.compile(r"(0[1-9]|1[0-2])-01")


@dataclass
class Chosen:
    """The value of a policy or setting, and where it comes from."""

    value: str
    origin: str


@dataclass
class Books:
    """One company's folder. Paths are absolute; what messages show is relative to `folder`."""

    folder: Path
    records: Path
    ledgers: Path
    company: str = ""
    pack: str = ""
    currency: str = ""
    fiscal_year_start: str = "01-01"
    language: str = "en"
    costing: str = "moving-average"
    costing_by_category: dict[str, str] = field(default_factory=dict)
    policies: dict[str, Chosen] = field(default_factory=dict)
    settings: dict[str, Chosen] = field(default_factory=dict)
    declared: dict[str, Setting] = field(default_factory=dict)  # the settings that the pack asks for
    forbids: tuple[str, ...] = ()  # costing methods that the standard does not allow
    takes: dict[str, str] = field(default_factory=dict)  # part to the pack whose file comes before this pack's own

    @property
    def rules(self) -> Path:
        return self.folder / "rules"

    def policy(self, key: str) -> str:
        return self.policies[key].value

    def values(self) -> dict[str, Value]:
        """Policies and settings as rules name them: policy.x and settings.x; numbers are Decimal."""
        found: dict[str, Value] = {f"policy.{key}": one.value for key, one in self.policies.items()}
        for key, chosen in self.settings.items():
            value = self.declared[key].value(chosen.value)
            assert value is not None
            found[f"settings.{key}"] = value
        return found

    def words(self) -> dict[str, tuple[str, ...]]:
        """The few words that a policy or setting may have, where it is no number: policy.x and settings.x."""
        found = {f"policy.{key}": one.values for key, one in POLICIES.items() if one.pattern is None}
        return found | {f"settings.{key}": one.choices for key, one in self.declared.items() if one.choices}

    def texts(self) -> dict[str, str]:
        """Settings as tables of accounts and taxes choose by them: settings.x as it is written."""
        return {key: str(value) for key, value in self.values().items() if key.startswith("settings.")}


def shipped() -> Path:
    """The folder that holds the shipped rules/ and samples/: inside the wheel, or the checkout."""
    inside = Path(__file__).parent / "_shipped"
    return inside if inside.is_dir() else Path(__file__).parents[2]


def packs() -> list[str]:
    """Names of the shipped packs."""
    return sorted(path.parent.name for path in (shipped() / "rules").glob("*/pack.yaml"))


def find_folder(start: Path) -> Path | None:
    """The nearest folder at or above `start` that holds beanstock.yaml."""
    return next((folder for folder in (start, *start.parents) if (folder / FILE).is_file()), None)


def open_books(folder: Path | None, records: Path | None, ledgers: Path | None) -> tuple[Books | None, list[Problem]]:
    """The books of a folder (by default the one above the current folder).

    Problems: no-books, wrong-option, missing-setting, bad-setting, unknown-key, unknown-pack, and those of YAML.
    """
    found = find_folder(Path.cwd()) if folder is None else folder if (folder / FILE).is_file() else None
    if found is None:
        return None, [problem("no-books", None, folder=str(folder or Path.cwd()))]
    found = real(found)
    read, problems = read_text(found / FILE, FILE, found)
    tree, more = parse_map(read, FILE)
    problems += more
    if problems:
        return None, problems
    books = Books(found, real(records or found / "records"), real(ledgers or found / "ledgers"))
    for name, given, path in (("records", records, books.records), ("ledgers", ledgers, books.ledgers)):
        if given is None and not path.is_relative_to(found):
            problems.append(problem("outside-books", Place(name), path=name))
        there = given is not None or os.path.lexists(found / name)
        if there and name == "records" and not path.is_dir():
            if given is not None:
                problems.append(problem("wrong-option", None, option="--records", value=given, allowed="a folder"))
            else:
                problems.append(problem("cannot-read", Place(name), path=name, detail="it is no folder"))
    _read(books, tree, problems)
    return (books if not any(one.severity == "error" for one in problems) else None), problems


def pack_alone(pack: str) -> Books:
    """Books that say nothing but their pack: its own policies, settings and rules. Its examples are proven with these."""
    folder = shipped() / "rules" / pack
    books = Books(folder, folder, folder)
    tree = Map()
    tree.update({"company": pack, "pack": pack, "currency": "EUR"})
    _read(books, tree, [])
    return books


def _read(books: Books, tree: Map, problems: list[Problem]) -> None:
    body = Typed(tree, FILE, problems, KEYS, FILE)
    for key, example in _REQUIRED.items():
        if not tree.get(key):
            problems.append(problem("missing-setting", Place(FILE, 1, 1), key=key, example=example))
    for key in ("company", "pack", "currency", "fiscal_year_start", "language"):
        value = body.text(key, getattr(books, key))
        setattr(books, key, value)
        if HIDDEN_OR_BREAK.search(value):
            _bad(problems, body, key, value, "It holds a line break or control character.", "plain text")
    if books.currency and not CURRENCY.fullmatch(books.currency):
        _bad(problems, body, "currency", books.currency, "Beancount takes capitals only.", "a code such as EUR or CNY")
    if not _YEAR_START.fullmatch(books.fiscal_year_start):
        _bad(problems, body, "fiscal_year_start", books.fiscal_year_start, "Fiscal years begin with a month.", "MM-01")
    if books.language not in LANGUAGES:
        _bad(problems, body, "language", books.language, "It chooses the labels of reports.", ", ".join(LANGUAGES))
    if not books.pack:
        return
    if books.pack not in packs():
        facts = {
            "what": "pack",
            "name": books.pack,
            "known": ", ".join(packs()),
            "suggestion": suggest(books.pack, packs()),
        }
        problems.append(problem("unknown-pack", body.place("pack"), **facts))
        return
    _costing(books, body, problems)
    _policies(books, body, problems)


def _costing(books: Books, body: Typed, problems: list[Problem]) -> None:
    """`costing: fifo`, or `costing: {default: moving-average, frames: fifo}` with categories as keys."""
    if isinstance(body.body.get("costing"), Map):
        chosen = {category: text.value for category, text in body.named_texts("costing").items()}
    else:
        chosen = {"default": body.text("costing", books.costing)}
    for category, method in chosen.items():
        if method not in COSTING_METHODS:
            _bad(problems, body, "costing", method, "It names a costing method.", ", ".join(COSTING_METHODS))
        elif category == "default":
            books.costing = method
        else:
            books.costing_by_category[category] = method


def _policies(books: Books, body: Typed, problems: list[Problem]) -> None:
    shown = f"rules/{books.pack}/pack.yaml"
    read, found = read_text(shipped() / "rules" / books.pack / "pack.yaml", shown)
    tree, more = parse_map(read, shown)
    problems += [*found, *more]
    pack = Typed(tree, shown, problems, _PACK_KEYS, "a pack")
    own, by_pack = body.map("policies", POLICIES, "policies"), pack.map("policies", POLICIES, "policies")
    for key, policy in POLICIES.items():
        source = own if key in own else by_pack
        value = source.text(key, policy.default)
        origin = FILE if key in own else f"pack {books.pack}" if key in by_pack else "default"
        books.policies[key] = Chosen(value, origin)
        if not policy.allows(value):
            facts = {"key": key, "value": value, "why": policy.meaning, "allowed": ", ".join(policy.values)}
            problems.append(problem("bad-setting", source.place(key), **facts))
    if "language" not in body:
        books.language = pack.text("language", books.language)
    books.forbids = pack.texts("forbids")
    _settings(books, body, pack)
    books.takes = {part: name.value for part, name in pack.named_texts("takes").items()}
    for part, name in books.takes.items():
        if part not in TAKEN or name not in packs() or name == books.pack:
            why = "A pack takes the file of a part from another pack."
            facts = {"key": part, "value": name, "why": why, "allowed": ", ".join(TAKEN)}
            problems.append(problem("bad-setting", pack.place("takes"), **facts))


def _settings(books: Books, body: Typed, pack: Typed) -> None:
    """What the pack asks for, answered by beanstock.yaml or by the default."""
    books.declared = declared_settings(pack.map("settings"))
    given = body.map("settings", tuple(books.declared) or ("none in this pack",), "settings")
    for key, setting in books.declared.items():
        text = given.text(key, setting.default)
        books.settings[key] = Chosen(text, FILE if key in given else f"pack {books.pack}")
        if key in given and setting.value(text) is None:
            body.problems.append(refused(given, key, setting, text))


def _bad(problems: list[Problem], body: Typed, key: str, value: object, why: str, allowed: str) -> None:
    problems.append(problem("bad-setting", body.place(key), key=key, value=value, why=why, allowed=allowed))
