"""The rule book of one company: its pack, then the user's own rules/*.yaml on top, compiled.

A user's file has the name of the pack's file that it adds to; it replaces an entry only by saying so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from beanstock.amounts.money import unit_of
from beanstock.amounts.taxes import Taxes
from beanstock.books import OPTIONAL, PARTS, Books, shipped
from beanstock.files.decode import HIDDEN_OR_BREAK, decode, read_bytes
from beanstock.files.yamltext import Map, Sequence, parse_map
from beanstock.model import Warehouse
from beanstock.problems import Place, Problem, errors, problem, suggest
from beanstock.records.kinds import Kinds, add_own_kinds, load_kinds
from beanstock.rulebook.accounts import Accounts, load_accounts
from beanstock.rulebook.closings import KIND, load_closings
from beanstock.rulebook.compiling import CompiledRule, RuleCompiler
from beanstock.rulebook.reach import advice_on_rules, advice_on_tables, faults_of_rules, faults_of_tables
from beanstock.rulebook.runtime import KnownRates
from beanstock.rulebook.statements import Statement, load_statements
from beanstock.rulebook.taxes import load_taxes
from beanstock.rulebook.vouchers import Rule, load_rules


@dataclass
class Rulebook:
    """Everything that rule files say."""

    kinds: Kinds
    accounts: Accounts = field(default_factory=Accounts)
    taxes: Taxes = field(default_factory=Taxes)
    rules: dict[str, list[CompiledRule]] = field(default_factory=dict)  # by kind of document
    idle: list[str] = field(default_factory=list)  # rules that the books' policies and settings leave nothing to
    statements: dict[str, Statement] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)  # the few words that fields of masters may have
    ruled: set[str] = field(default_factory=set)  # kinds that have a rule, idle ones included
    credited: set[str] = field(default_factory=set)  # roles and accounts whose credits closing rules ask for
    rates: KnownRates = field(default_factory=lambda: KnownRates(""))  # those of the records, once they are read
    replaced: frozenset[str] = frozenset()  # rules of the pack that the books have their own for

    def advice(self) -> list[Problem]:
        """What is no fault, but worth a look. Problems: gap, unused."""
        found = advice_on_tables(self.accounts, self.choices)
        for kind in self.kinds.documents.values():
            if kind.posts and not kind.made and kind.name not in self.ruled:
                found.append(problem("gap", None, what="vouchers.yaml", cases=f"documents of the kind {kind.name}"))
        return found + [one for rules in self.rules.values() for one in advice_on_rules(rules)]


def load_rulebook(
    books: Books, main: Warehouse, used: Callable[[Place], None] | None = None, *, parts: Container[str] = PARTS
) -> tuple[Rulebook, list[Problem]]:
    """The compiled rules of the books, or only some of its parts; `used` hears where what is used stands.

    Problems: all codes of rules (see the catalogue), all at once.
    """
    problems: list[Problem] = []
    hashes: dict[str, str] = {}
    rules_folder = shipped() / "rules"
    kinds, found = kinds_of(books.folder, hashes)
    of_pack: set[str] = set()
    book = Rulebook(kinds, hashes=hashes, choices=_choices(kinds), rates=KnownRates(books.currency))
    problems += found
    rules: dict[str, Rule] = {}
    closings: list[Rule] = []
    settings = books.texts()
    own = ("rules/vouchers.yaml", "rules/closing.yaml")
    for part, path, shown in _files(books):
        if part not in parts:
            continue
        inside = books.folder if path.is_relative_to(books.folder) and not path.is_relative_to(rules_folder) else None
        tree = _read(path, shown, hashes, problems, inside)
        if part == "accounts":
            problems += load_accounts(book.accounts, tree, shown)
        elif part == "taxes":
            book.taxes, found = load_taxes(book.taxes, tree, shown, settings)
            problems += found
        elif part == "vouchers":
            problems += load_rules(rules, tree, shown)
            of_pack |= set() if shown in own else set(rules)
        elif part == "closing":
            problems += load_closings(closings, tree, shown, rules)
            of_pack |= set() if shown in own else {one.id for one in closings}
        else:
            problems += load_statements(book.statements, tree, shown, book.accounts.roles)
    every = {**rules, **{one.id: one for one in closings}}
    book.replaced = frozenset(name for name in of_pack if name not in every or every[name].place.path in own)
    problems += _unknown_files(books)
    faults = book.accounts.finish(settings)
    problems += faults
    problems += _check_scope(books, book.accounts)
    compiler = RuleCompiler(
        book.accounts,
        books.values(),
        unit_of(books.currency),
        books.policy("storno") == "yes",
        main,
        book.rates,
        {**book.choices, **books.words()},
        used,
    )
    for rule in every.values():
        kind = kinds.documents.get(rule.document)
        if rule.document == KIND and rule.id in rules:
            facts = {"detail": f"the rule `{rule.id}` is for `{KIND}`, which closing.yaml posts", "suggestion": ""}
            problems.append(problem("bad-rule", rule.place, **facts))
        elif kind is None:
            facts = {
                "detail": f"the rule `{rule.id}` is for `{rule.document}`, which is no kind",
                "suggestion": suggest(rule.document, kinds.documents),
            }
            problems.append(problem("bad-rule", rule.place, **facts))
        elif not faults and not HIDDEN_OR_BREAK.search(
            rule.id
        ):  # accounts that cannot be worked out would only repeat their faults in every rule
            compiled = compiler.compile(rule, kind)
            book.ruled.add(rule.document)
            if compiled.never:
                book.idle.append(rule.id)
            else:
                book.rules.setdefault(rule.document, []).append(compiled)
    problems += compiler.problems
    book.credited = compiler.credited
    if not errors(problems):  # rules with faults would be compared by what is left of them
        problems += faults_of_tables(book.accounts, kinds, book.choices)
        problems += [one for several in book.rules.values() for one in faults_of_rules(several)]
    book.accounts.used = used
    return book, problems


def _choices(kinds: Kinds) -> dict[str, tuple[str, ...]]:
    """The few words that fields of masters may have, such as item.type."""
    return {
        f"{kind.name.removesuffix('s')}.{column.name}": column.choices
        for kind in kinds.masters.values()
        for column in kind.lines.values()
        if column.choices
    }


def kinds_of(folder: Path | None, hashes: dict[str, str]) -> tuple[Kinds, list[Problem]]:
    """The kinds of records: what the shipped rules/documents.yaml declares, and a books folder's own on top.

    The hashes of what was read are added to `hashes`. Problems: those of YAML and of `add_own_kinds`.
    """
    problems: list[Problem] = []
    shown = "rules/documents.yaml"
    shipped_hashes: dict[str, str] = {}
    kinds, found = load_kinds(_read(shipped() / "rules" / "documents.yaml", shown, shipped_hashes, problems), shown)
    hashes |= shipped_hashes
    if folder is None:
        return kinds, problems + found
    own = folder / "rules" / "documents.yaml"
    if own.is_file() and own.resolve() != (shipped() / "rules" / "documents.yaml").resolve():
        own_hashes: dict[str, str] = {}
        tree = _read(own, shown, own_hashes, problems, folder)
        hashes["rules/documents.yaml (own)"] = own_hashes[shown]
        kinds, more = add_own_kinds(kinds, tree, shown)
        found += more
    return kinds, problems + found


def _pack_files(books: Books, part: str) -> list[tuple[Path, str]]:
    """The pack's files of one part, with the names they are shown by: the one it takes from another pack, then its own.

    What is taken is that pack's own file and nothing that it takes itself, so that two files are all there is to read.
    """
    folder = shipped() / "rules"
    taken = books.takes.get(part)
    own = folder / books.pack / f"{part}.yaml"
    names = [taken] if taken else []
    if own.is_file() or not (taken or part in OPTIONAL):
        names.append(books.pack)
    return [(folder / name / f"{part}.yaml", f"rules/{name}/{part}.yaml") for name in names]


def _files(books: Books) -> Iterator[tuple[str, Path, str]]:
    for part in PARTS:
        for path, shown in _pack_files(books, part):
            yield part, path, shown
        own = books.rules / f"{part}.yaml"
        if own.is_file():
            yield part, own, f"rules/{part}.yaml"


def _unknown_files(books: Books) -> list[Problem]:
    """A misspelt or misplaced file would silently change nothing."""
    if not books.rules.is_dir():
        return []
    known = ["documents.yaml", *(f"{part}.yaml" for part in PARTS), "vouchers.spec.yaml", "closing.spec.yaml"]
    found = []
    for path in sorted(books.rules.rglob("*.y*ml")):
        name = path.relative_to(books.rules).as_posix()
        if name not in known and not name.startswith("imports/"):
            facts = {"name": name, "known": ", ".join(known), "suggestion": suggest(path.name, known)}
            found.append(problem("unknown-rule-file", Place(f"rules/{name}"), **facts))
    return found


def _check_scope(books: Books, accounts: Accounts) -> list[Problem]:
    role = accounts.roles.get("inventory")
    if (
        role is not None
        and books.policy("cost_scope") == "company"
        and any(column.startswith("warehouse.") for column in role.by)
    ):
        targets = {row.target for row in role.rows}
        if len(targets) > 1 and any(
            row[0][at] != "*"
            for row in role.rows
            for at, column in enumerate(role.columns)
            if column.startswith("warehouse.")
        ):
            return [problem("account-by-warehouse", role.place)]
    return []


def _read(path: Path, shown: str, hashes: dict[str, str], problems: list[Problem], inside: Path | None = None) -> Map:
    data, found = read_bytes(path, shown, inside)
    text, more = ("", []) if found else decode(data, shown)
    hashes[shown] = hashlib.sha256(data).hexdigest()
    problems += found + more
    tree, found = parse_map(text, shown)
    problems += found
    _check_text(tree, shown, problems)
    return tree


def _check_text(tree: object, shown: str, problems: list[Problem]) -> None:
    """Texts of rules, and names that are keys, end up in the ledger; none may hide anything or break a line."""
    detail = "a text holds a line break or control character"
    if isinstance(tree, Map):
        for key, value in tree.items():
            if HIDDEN_OR_BREAK.search(key):
                problems.append(problem("bad-rule", tree.key_place(shown, key), detail=detail, suggestion=""))
            if isinstance(value, str) and HIDDEN_OR_BREAK.search(value):
                problems.append(problem("bad-rule", tree.value_place(shown, key), detail=detail, suggestion=""))
            _check_text(value, shown, problems)
    elif isinstance(tree, Sequence):
        for position, value in enumerate(tree):
            if isinstance(value, str) and HIDDEN_OR_BREAK.search(value):
                problems.append(problem("bad-rule", tree.place(shown, position), detail=detail, suggestion=""))
            _check_text(value, shown, problems)
