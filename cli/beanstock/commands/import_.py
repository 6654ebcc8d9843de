"""`beanstock import SOURCE FILES... --into DIR`: foreign files to records, by a mapping of rules/imports."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from beanstock.amounts.money import decimals_of, use_exact_context
from beanstock.books import FILE, open_books
from beanstock.commands.options import Options, finish
from beanstock.files.commit import Locked, commit, writer
from beanstock.files.decode import read_text
from beanstock.imports.convert import Block, Converted, Count, convert
from beanstock.imports.mapping import find_mapping
from beanstock.imports.ubl import Known, read_invoices
from beanstock.problems import Problem, begin_suggestions, errors, problem
from beanstock.records.read import read_master_records
from beanstock.render.progress import progress
from beanstock.rulebook.load import kinds_of

UBL = "ubl"


def import_(source: str, files: list[Path], into: Path) -> int:
    """Write records/<kind>/<source>.csv for every kind that the files give; the exit code.

    Where the folder holds no books yet, beanstock.yaml is made from what the mapping says.
    """
    use_exact_context()
    begin_suggestions()
    if source == UBL:
        return import_invoices(files, into)
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
        summary = _write(source, mapping.title, mapping.books, converted, into, problems)
    return finish(Options(into), problems, summary=summary)


def import_invoices(files: list[Path], into: Path) -> int:
    """Electronic invoices (UBL) to bills, or to invoices where the books' own company sent them; the exit code."""
    books, problems = open_books(into, None, None) if (into / FILE).is_file() else (None, [])
    known = Known()
    if books is not None:
        kinds, _ = kinds_of(books.folder, {})
        masters = read_master_records(books.records, kinds, decimals_of(books.currency))
        known.company = books.company
        for partner in masters.partners.values():
            known.partners |= {name: partner.code for name in (partner.name, partner.tax_id, partner.code) if name}
        for item in masters.items.values():
            known.items |= {name: item.code for name in (item.barcode, item.code) if name}
    converted, currency, found = read_invoices(files, known)
    problems += found
    for kind, blocks in converted.blocks.items():
        blocks[0].rows[:0] = _kept(into / "records" / kind / f"{UBL}.csv", blocks[0])
    summary = ""
    if not errors(problems):
        settings = {"company": "My company", "pack": "ifrs", "currency": currency or "EUR"}
        summary = _write(UBL, "UBL invoices", settings, converted, into, problems)
    return finish(Options(into), problems, summary=summary)


def _kept(path: Path, block: Block) -> list[list[str]]:
    """Rows of an earlier import that the new ones do not replace: invoices come one by one, in no whole set."""
    if not path.is_file():
        return []
    text, _ = read_text(path, path.name)
    header, *rows = csv.reader(io.StringIO(text)) if text else [[]]
    if tuple(header) != block.columns:
        return []
    identity = [position for position, name in enumerate(header) if name in ("number", "supplier", "customer", "code")]
    new = {tuple(row[position] for position in identity) for row in block.rows}
    return [row for row in rows if tuple(row[position] for position in identity) not in new]


def _write(
    source: str, title: str, settings: dict[str, str], converted: Converted, into: Path, problems: list[Problem]
) -> str:
    """Write the records, all or nothing, and say what became of every row. Problems: locked, cannot-write."""
    writes = {
        f"records/{kind}/{source}.csv": _csv(blocks)
        for kind, blocks in converted.blocks.items()
        if any(block.rows for block in blocks)
    }
    if not (into / FILE).is_file():
        writes[FILE] = "".join(f"{key}: {value}\n" for key, value in settings.items()).encode()
    try:
        with writer(into):
            commit(into, {name: data for name, data in writes.items() if not _same(into / name, data)})
    except Locked:
        problems.append(problem("locked", None, folder=str(into)))
        return ""
    except OSError as fault:
        problems.append(problem("cannot-write", None, path=str(fault.filename or into), detail=fault.strerror))
        return ""
    return _account(title, converted)


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


def _account(title: str, converted: Converted) -> str:
    """What became of every row, control totals, and the files that nothing was made of."""
    lines = [f"{title}:"]
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
