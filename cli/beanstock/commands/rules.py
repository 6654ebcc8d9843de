"""`beanstock rules check|test|coverage`: the rule files alone, the examples beside them, and what of them is used."""

from __future__ import annotations

import sys
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
from beanstock.render.comparison import comparison_lines
from beanstock.render.tables import render
from beanstock.rulebook.coverage import Coverage, parts
from beanstock.rulebook.load import Rulebook, load_rulebook
from beanstock.rulebook.runtime import CellResolver, Resolver
from beanstock.rulebook.specs import Example, compare, differences, load_specs
from beanstock.table import Cell, Column, Table


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
            found, vouchers = run_example(example, books, rulebook)
            ran += 1
            failed += bool(errors(found))
            problems += found
            if found and options.form != "json":
                _tell(example, vouchers)
    return finish(options, problems, books, rulebook.kinds, f"{ran - failed} of {ran} examples hold")


def _tell(example: Example, vouchers: list[Voucher]) -> None:
    """What was expected and what was posted, side by side, where a voucher came out."""
    pairs = compare(example, vouchers)
    if any(not pair.same for pair in pairs):
        rows = [(pair.name, pair.expected, pair.posted, pair.note) for pair in pairs]
        print("\n".join(comparison_lines(f"{example.rule}, {example.name}", rows)) + "\n")  # noqa: T201


def cover_rules(options: Options) -> int:
    """Which rules, lines and rows of tables the books' documents and the examples use; the exit code."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    use_exact_context()
    coverage = Coverage()
    rulebook, found = load_rulebook(books, Warehouse("main"), coverage.hit)
    problems += found
    if errors(problems):
        return finish(Options(options.folder), problems, books, rulebook.kinds)
    for example in examples(books, rulebook, problems):
        run_example(example, books, rulebook)
        forget_accounts(rulebook)
    coverage.of_documents = True
    run = prepare(books, rulebook)
    if not run.failed:
        for _ in fold(run):
            pass
    problems += run.problems
    if errors(problems):
        return finish(Options(options.folder), problems, books, rulebook.kinds)
    rules = [one.rule for several in rulebook.rules.values() for one in several]
    rows: list[dict[str, Cell]] = []
    for part in parts(rules, rulebook.accounts):
        documents, several = coverage.documents[part.place], coverage.examples[part.place]
        row: dict[str, Cell] = {"part": part.kind, "name": part.name, "place": f"{part.place.path}:{part.place.line}"}
        rows.append(
            {**row, "documents": documents, "examples": several, "used": "yes" if documents + several else "no"}
        )
    columns = [Column(name, "text") for name in ("part", "name", "place")]
    columns += [Column("documents", "integer"), Column("examples", "integer"), Column("used", "text")]
    render(
        Table("coverage", "Coverage of the rules", columns, rows),
        options.form,
        books.company,
        books.currency,
        sys.stdout,
    )
    used = {kind: [row["used"] == "yes" for row in rows if row["part"] == kind] for kind in ("rule", "line", "row")}
    if options.form == "table":
        print(", ".join(f"{sum(each)} of {len(each)} {kind}s used" for kind, each in used.items()))  # noqa: T201
    return 0


def forget_accounts(rulebook: Rulebook) -> None:
    """Let every account be looked up again: remembered ones are not counted, and names of examples are not the books'."""
    rulebook.accounts.raw.clear()
    for several in rulebook.rules.values():
        for rule in several:
            for value in rule.names.values():
                if isinstance(value, (Resolver, CellResolver)):
                    value.clear()


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


def run_example(example: Example, books: Books, rulebook: Rulebook) -> tuple[list[Problem], list[Voucher]]:
    """Post the example's records alone and compare; what differs, and the vouchers.

    Problems: spec-failed, which says whatever else is wrong.
    """
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder)
        for kind, text in example.given.items():
            (records / f"{kind}.yaml").write_text(text, encoding="utf-8")
        run = prepare(replace(books, records=records), rulebook)
        vouchers: list[Voucher] = []
        if not run.failed:
            for _, several in fold(run):
                vouchers += several
    said = [one for one in run.problems if one.code in ("rule-failed", "rule-warned")]
    wrong = [f"{one.code}: {one.message}" for one in errors(run.problems) if not (example.refused and one in said)]
    for code, expected in (("rule-failed", example.refused), ("rule-warned", example.warned)):
        if expected and not any(one.code == code and expected in one.message for one in said):
            wrong.append(f"expected it to be {code.removeprefix('rule-').replace('failed', 'refused')}: {expected}")
    wrong = wrong or differences(example, vouchers)
    name = f"{example.rule}, {example.name}"
    return ([problem("spec-failed", example.place, name=name, detail="; ".join(wrong))] if wrong else []), vouchers
