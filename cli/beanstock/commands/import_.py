"""`beanstock import SOURCE FILES... --into DIR`: foreign files to records, by a mapping of rules/imports."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from beanstock.amounts.money import use_exact_context
from beanstock.books import FILE
from beanstock.commands.options import Options, finish
from beanstock.files.commit import Locked, commit, writer
from beanstock.imports.convert import Block, Converted, Count, convert
from beanstock.imports.mapping import Mapping, find_mapping
from beanstock.problems import errors, problem
from beanstock.render.progress import progress
from beanstock.rulebook.load import kinds_of


def import_(source: str, files: list[Path], into: Path) -> int:
    """Write records/<kind>/<source>.csv for every kind that the files give; the exit code.

    Where the folder holds no books yet, beanstock.yaml is made from what the mapping says.
    """
    use_exact_context()
    kinds, problems = kinds_of(into, {})
    mapping, found = find_mapping(source, into, kinds)
    problems += found
    if mapping is None or errors(problems):
        return finish(Options(into), problems)
    with progress("importing") as told:
        converted, found = convert(mapping, files, told)
    problems += found
    summary = ""
    if not errors(problems):
        writes = {
            f"records/{kind}/{source}.csv": _csv(blocks)
            for kind, blocks in converted.blocks.items()
            if any(block.rows for block in blocks)
        }
        if not (into / FILE).is_file():
            writes[FILE] = _settings(mapping)
        try:
            with writer(into):
                commit(into, {name: data for name, data in writes.items() if not _same(into / name, data)})
            summary = _account(mapping, converted)
        except Locked:
            problems.append(problem("locked", None, folder=str(into)))
        except OSError as fault:
            problems.append(problem("cannot-write", None, path=str(fault.filename or into), detail=fault.strerror))
    return finish(Options(into), problems, summary=summary)


def _csv(blocks: list[Block]) -> bytes:
    """Blocks as one CSV with all their columns, in the order in which they first appear."""
    columns = list(dict.fromkeys(column for block in blocks for column in block.columns))
    out = io.StringIO()
    writing = csv.writer(out, lineterminator="\n")
    writing.writerow(columns)
    for block in blocks:
        if list(block.columns) == columns:
            writing.writerows(block.rows)
        else:
            places = [block.columns.index(column) if column in block.columns else -1 for column in columns]
            writing.writerows([row[place] if place >= 0 else "" for place in places] for row in block.rows)
    return out.getvalue().encode()


def _same(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _settings(mapping: Mapping) -> bytes:
    """beanstock.yaml from a mapping's own `books`."""
    return "".join(f"{key}: {value}\n" for key, value in mapping.books.items()).encode()


def _account(mapping: Mapping, converted: Converted) -> str:
    """What became of every row, control totals, and the files that nothing was made of."""
    lines = [f"{mapping.title}:"]
    for count in converted.counts:
        lines.append(f"  {count.label}: {count.taken} rows to {count.kind}")
        lines += [f"    {rows} rows to nothing: {reason}" for reason, rows in sorted(count.skipped.items())]
        if count.controlled:
            lines.append(_control(count))
    lines += [f"  {table}: {rows} rows that no entry wants" for table, rows in converted.unclaimed.items()]
    if converted.unmapped:
        lines.append(f"  not mapped: {', '.join(converted.unmapped)}")
    return "\n".join(lines)


def _control(count: Count) -> str:
    effect = count.rounded - count.exact
    left_out = f", in rows to nothing {count.skipped_exact:f}" if count.skipped else ""
    return f"    control total {count.exact:f} exact{left_out}; rounded by line {count.rounded:f}, effect of rounding {effect:f}"
