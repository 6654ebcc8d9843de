"""`beanstock rules check|test`: the rule files alone, and the examples beside them."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from beanstock.amounts.money import use_exact_context
from beanstock.books import Books, shipped
from beanstock.commands.compute import fold, prepare
from beanstock.commands.options import Options, finish, opened
from beanstock.files.decode import read_text
from beanstock.files.yamltext import parse_map
from beanstock.imports.mapping import find_mapping
from beanstock.model import Voucher, Warehouse
from beanstock.problems import Problem, errors, problem
from beanstock.rulebook.load import Rulebook, load_rulebook
from beanstock.rulebook.specs import Example, differences, load_specs


def check_rules(options: Options) -> int:
    """Load and compile every rule; the exit code."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    rulebook, found = load_rulebook(books, Warehouse("main"))
    if not errors(found):
        examples(books, rulebook, found)
        found += rulebook.advice()
        for path in sorted((books.rules / "imports").glob("*.yaml")):
            found += find_mapping(path.stem, books.folder, rulebook.kinds)[1]
    count = sum(len(rules) for rules in rulebook.rules.values())
    return finish(
        options, problems + found, books, rulebook.kinds, f"{count} rules, {len(rulebook.accounts.roles)} roles read"
    )


def test_rules(options: Options) -> int:
    """Run the examples of the pack and of the books' own rules; the exit code."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    use_exact_context()
    rulebook, found = load_rulebook(books, Warehouse("main"))
    problems += found
    ran = failed = 0
    if not errors(problems):
        for example in examples(books, rulebook, problems):
            found = run_example(example, books, rulebook)
            ran += 1
            failed += bool(errors(found))
            problems += found
    return finish(options, problems, books, rulebook.kinds, f"{ran - failed} of {ran} examples hold")


def examples(books: Books, rulebook: Rulebook, problems: list[Problem]) -> list[Example]:
    """The examples of the pack and of the books. Problems: those of spec files."""
    rules = [*(rule.rule.id for several in rulebook.rules.values() for rule in several), *rulebook.replaced]
    pack = (shipped() / "rules" / books.pack / "vouchers.spec.yaml", f"rules/{books.pack}/vouchers.spec.yaml")
    found: list[Example] = []
    for path, shown in (pack, (books.rules / "vouchers.spec.yaml", "rules/vouchers.spec.yaml")):
        if path.is_file():
            text, faults = read_text(path, shown, books.folder if path.is_relative_to(books.folder) else None)
            tree, more = parse_map(text, shown)
            read, last = load_specs(tree, shown, rules, rulebook.kinds)
            problems += [*faults, *more, *last]
            found += [one for one in read if path != pack[0] or one.rule not in rulebook.replaced]
    return found


def run_example(example: Example, books: Books, rulebook: Rulebook) -> list[Problem]:
    """Post the example's records alone and compare. Problems: spec-failed, and whatever its records are."""
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
