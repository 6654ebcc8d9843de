"""`beanstock rules check|test`: the rule files alone, and the examples beside them."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from beanstock.amounts.money import use_exact_context
from beanstock.books import Books, Chosen, pack_alone, shipped
from beanstock.commands.compute import fold, prepare
from beanstock.commands.options import Options, finish, opened
from beanstock.files.decode import read_text
from beanstock.files.yamltext import parse_map
from beanstock.model import Voucher, Warehouse
from beanstock.problems import Problem, errors, problem
from beanstock.rulebook.load import Rulebook, load_rulebook
from beanstock.rulebook.specs import Example, differences, load_specs

SPEC = "vouchers.spec.yaml"


def check_rules(options: Options) -> int:
    """Load and compile every rule; the exit code."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    rulebook, found = load_rulebook(books, Warehouse("main"))
    count = sum(len(rules) for rules in rulebook.rules.values()) + len(rulebook.idle)
    return finish(
        options, problems + found, books, rulebook.kinds, f"{count} rules, {len(rulebook.accounts.roles)} roles read"
    )


def test_rules(options: Options) -> int:
    """Run the examples of the pack, as it is without these books, and of the books' own rules; the exit code."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    use_exact_context()
    rulebook, found = load_rulebook(books, Warehouse("main"))
    problems += found
    ran = failed = 0
    if not errors(problems):
        pack = pack_alone(books.pack)
        pack_rulebook, _ = load_rulebook(pack, Warehouse("main"))
        of_pack = pack_examples(pack, pack_rulebook, problems)
        own = own_examples(books, rulebook, problems)
        for example in (*of_pack, *own):
            found = run_example(example, *((books, rulebook) if example in own else (pack, pack_rulebook)))
            ran += 1
            failed += bool(errors(found))
            problems += found
    return finish(options, problems, books, rulebook.kinds, f"{ran - failed} of {ran} examples hold")


def pack_examples(books: Books, rulebook: Rulebook, problems: list[Problem]) -> list[Example]:
    """The examples that the pack takes from another, and its own. Problems: those of spec files."""
    packs = [books.takes["examples"], books.pack] if "examples" in books.takes else [books.pack]
    folder = shipped() / "rules"
    files = [(folder / pack / SPEC, f"rules/{pack}/{SPEC}") for pack in packs]
    return [one for path, shown in files for one in _examples(path, shown, None, rulebook, problems)]


def own_examples(books: Books, rulebook: Rulebook, problems: list[Problem]) -> list[Example]:
    """The examples of the books' own rules. Problems: those of spec files."""
    return _examples(books.rules / SPEC, f"rules/{SPEC}", books.folder, rulebook, problems)


def _examples(
    path: Path, shown: str, inside: Path | None, rulebook: Rulebook, problems: list[Problem]
) -> list[Example]:
    if not path.is_file():
        return []
    text, faults = read_text(path, shown, inside)
    tree, more = parse_map(text, shown)
    rules = [rule.rule.id for several in rulebook.rules.values() for rule in several] + rulebook.idle
    found, last = load_specs(tree, shown, rules, rulebook.kinds)
    problems += [*faults, *more, *last]
    return found


def run_example(example: Example, books: Books, rulebook: Rulebook) -> list[Problem]:
    """Post the example's records alone and compare; its own settings mean the rules as they are under these.

    Problems: spec-failed, bad-setting, and whatever its records are.
    """
    for key, answer in example.settings.items():
        setting = books.declared.get(key)
        if setting is None or setting.value(answer.value) is None:
            known = ", ".join(books.declared) if setting is None else setting.allowed
            facts = {"key": key, "value": answer.value, "why": "An example sets what the pack declares."}
            return [problem("bad-setting", answer.place, **facts, allowed=known)]
    if example.settings or example.policies:
        settings = {key: Chosen(answer.value, "example") for key, answer in example.settings.items()}
        policies = {key: Chosen(value, "example") for key, value in example.policies.items()}
        books = replace(books, settings=books.settings | settings, policies=books.policies | policies)
        rulebook, found = load_rulebook(books, Warehouse("main"))
        if errors(found):
            return found
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder)
        for kind, text in example.given.items():
            (records / f"{kind}.yaml").write_text(text, encoding="utf-8")
        run = prepare(replace(books, records=records), rulebook)
        vouchers: list[Voucher] = []
        if not run.failed:
            for _, several in fold(run):
                vouchers += several
    told = [f"{one.code}: {one.message}" for one in errors(run.problems)] or differences(example, vouchers)
    name = f"{example.rule}, {example.name}"
    return [problem("spec-failed", example.place, name=name, detail="; ".join(told))] if told else []
