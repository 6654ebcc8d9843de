"""`beanstock rules check|test|coverage`: the rule files alone, the examples beside them, and what of them is used."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from beanstock.amounts.money import use_exact_context
from beanstock.books import Books, Chosen, pack_alone, shipped
from beanstock.commands.compute import prepare
from beanstock.commands.fold import fold
from beanstock.commands.options import Options, finish, letterhead, opened
from beanstock.files.decode import read_text
from beanstock.files.yamltext import parse_map
from beanstock.imports.mapping import find_mapping
from beanstock.ledger.text import month_name
from beanstock.model import Warehouse
from beanstock.problems import Place, Problem, errors, problem
from beanstock.render.comparison import comparison_lines
from beanstock.render.tables import render
from beanstock.rulebook.closings import KIND as CLOSINGS
from beanstock.rulebook.coverage import Coverage, parts
from beanstock.rulebook.load import Rulebook, load_rulebook
from beanstock.rulebook.runtime import CellResolver, Resolver
from beanstock.rulebook.specs import Example, compare, differences, load_specs
from beanstock.table import Cell, Column, Table
from beanstock.voucher import Voucher

SPECS = ("vouchers.spec.yaml", "closing.spec.yaml")


def check_rules(options: Options) -> int:
    """Load and compile every rule; the exit code."""
    books, problems = opened(options)
    if books is None:
        return finish(options, problems)
    rulebook, found = load_rulebook(books, Warehouse("main"))
    if not errors(found):
        pack = pack_alone(books.pack)
        pack_examples(pack, load_rulebook(pack, Warehouse("main"))[0], found)
        own_examples(books, rulebook, found)
        found += rulebook.advice()
        for path in sorted((books.rules / "imports").glob("*.yaml")):
            found += find_mapping(path.stem, books.folder, rulebook.kinds)[1]
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
            found, vouchers = run_example(example, *((books, rulebook) if example in own else (pack, pack_rulebook)))
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
    for example in (*pack_examples(books, rulebook, problems), *own_examples(books, rulebook, problems)):
        run_example(example, books, rulebook, coverage.hit)
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
        letterhead(books),
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


def pack_examples(books: Books, rulebook: Rulebook, problems: list[Problem]) -> list[Example]:
    """The examples that the pack takes from another, and its own. Problems: those of spec files."""
    packs = [books.takes["examples"], books.pack] if "examples" in books.takes else [books.pack]
    folder = shipped() / "rules"
    files = [(folder / pack / spec, f"rules/{pack}/{spec}") for pack in packs for spec in SPECS]
    return [one for path, shown in files for one in _examples(path, shown, None, rulebook, problems)]


def own_examples(books: Books, rulebook: Rulebook, problems: list[Problem]) -> list[Example]:
    """The examples of the books' own rules. Problems: those of spec files."""
    files = [(books.rules / spec, f"rules/{spec}") for spec in SPECS]
    return [one for path, shown in files for one in _examples(path, shown, books.folder, rulebook, problems)]


def _examples(
    path: Path, shown: str, inside: Path | None, rulebook: Rulebook, problems: list[Problem]
) -> list[Example]:
    if not path.is_file():
        return []
    text, faults = read_text(path, shown, inside)
    tree, more = parse_map(text, shown)
    rules = [rule.rule.id for several in rulebook.rules.values() for rule in several] + rulebook.idle
    read, last = load_specs(tree, shown, [*rules, *rulebook.replaced], rulebook.kinds)
    problems += [*faults, *more, *last]
    return [one for one in read if inside is not None or one.rule not in rulebook.replaced]


def run_example(
    example: Example, books: Books, rulebook: Rulebook, used: Callable[[Place], None] | None = None
) -> tuple[list[Problem], list[Voucher]]:
    """Post the example's records alone and compare; what differs, and the vouchers.

    Its own settings and policies mean the rules as they are under these; `used` hears which of them were used.
    Problems: bad-setting, and spec-failed, which says whatever else is wrong.
    """
    for key, answer in example.settings.items():
        setting = books.declared.get(key)
        if setting is None or setting.value(answer.value) is None:
            known = ", ".join(books.declared) if setting is None else setting.allowed
            facts = {"key": key, "value": answer.value, "why": "An example sets what the pack declares."}
            return [problem("bad-setting", answer.place, **facts, allowed=known)], []
    if example.settings or example.policies:
        settings = {key: Chosen(answer.value, "example") for key, answer in example.settings.items()}
        policies = {key: Chosen(value, "example") for key, value in example.policies.items()}
        books = replace(books, settings=books.settings | settings, policies=books.policies | policies)
        rulebook, found = load_rulebook(books, Warehouse("main"), used)
        if errors(found):
            return found, []
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder)
        for kind, text in example.given.items():
            (records / f"{kind}.yaml").write_text(text, encoding="utf-8")
        run = prepare(replace(books, records=records, ledgers=records / "ledgers"), rulebook)
        vouchers: list[Voucher] = []
        if any(one.rule.id == example.rule for one in rulebook.rules.get(CLOSINGS, ())):
            run.finished = max((month_name(one.date) for one in run.records.documents), default="")
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
