"""Who approved or rejected which voucher: ledgers/approvals.csv, one row for each decision.

A decision is bound to the hash of the document and its postings, so a voucher that changes waits for a new one by
itself. Rows are kept in the order of documents, so that two branches that approve different ones seldom conflict.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from beanstock.files.decode import HIDDEN_OR_BREAK, read_text
from beanstock.ledger.text import Serializer
from beanstock.problems import Place, Problem, problem
from beanstock.records.fingerprint import digest
from beanstock.voucher import Voucher

NAME = "approvals.csv"
SHOWN = f"ledgers/{NAME}"
COLUMNS = ("document", "rule", "hash", "decision", "who", "when", "reason")
APPROVED, REJECTED, WAITING = "approved", "rejected", "waiting"


class Decision(NamedTuple):
    """One row. `who` is a name with its address, `when` an instant in UTC."""

    document: str
    rule: str
    hash: str
    decision: str
    who: str
    when: str
    reason: str


@dataclass
class Approvals:
    """All decisions; the last one on a voucher counts."""

    rows: list[Decision] = field(default_factory=list)
    last: dict[tuple[str, str], Decision] = field(default_factory=dict)

    def add(self, row: Decision) -> None:
        """Take in one more decision."""
        self.rows.append(row)
        known = self.last.get((row.document, row.hash))
        if known is None or row.when >= known.when:
            self.last[row.document, row.hash] = row

    def state(self, document: str, hash_: str) -> str:
        """approved, rejected or waiting."""
        row = self.last.get((document, hash_))
        return row.decision if row is not None else WAITING

    def text(self) -> str:
        """The file's text."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        ordered = sorted(self.rows, key=lambda row: (row.document, row.rule, row.when, row.hash))
        writer.writerows(ordered)
        return out.getvalue()


def read_approvals(folder: Path) -> tuple[Approvals, list[Problem]]:
    """The decisions of a ledger folder. Problems: bad-approval, and those of reading a file."""
    approvals = Approvals()
    path = folder / NAME
    if not path.exists() and not path.is_symlink():
        return approvals, []
    text, problems = read_text(path, SHOWN, folder)
    if problems:
        return approvals, problems
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in rows:
            detail = _fault(row, first=rows.line_num == 1)
            if detail:
                problems.append(problem("bad-approval", Place(SHOWN, rows.line_num, 1), detail=detail))
            elif rows.line_num > 1:
                approvals.add(Decision(*row))
    except csv.Error as fault:
        problems.append(problem("bad-approval", Place(SHOWN, rows.line_num, 1), detail=str(fault)))
    return approvals, problems


def _fault(row: list[str], *, first: bool) -> str:
    if first:
        return "" if tuple(row) == COLUMNS else f"the columns are {', '.join(COLUMNS)}"
    if len(row) != len(COLUMNS) or not all(row[:6]):
        return "a row has a value in each column; only the reason may be blank"
    if row[3] not in (APPROVED, REJECTED):
        return f"the decision is {APPROVED} or {REJECTED}, not `{row[3]}`"
    if any(HIDDEN_OR_BREAK.search(cell) for cell in row):
        return "a cell holds a line break or control character"
    return ""


def voucher_hash(voucher: Voucher, fingerprints: Mapping[str, str], serializer: Serializer) -> str:
    """What an approval is bound to: what its documents say, the day, and every posting."""
    said = [fingerprints.get(name, "") for name in voucher.sources]
    return digest("\n".join([*said, str(voucher.date), *posting_texts(voucher, serializer)]))


def posting_texts(voucher: Voucher, serializer: Serializer) -> list[str]:
    """The canonical text of each posting."""
    texts = []
    for posting in voucher.postings:
        parts: list[str] = []
        serializer.postings([posting], parts)
        texts.append("".join(parts))
    return texts


def put_flags(
    vouchers: Iterable[Voucher],
    approvals: Approvals,
    fingerprints: Mapping[str, str],
    serializer: Serializer,
    *,
    all_: bool,
) -> None:
    """`!` on vouchers that wait, `*` on those that are approved. A rule has put `!` on what it marks; `all_` is the policy."""
    for voucher in vouchers:
        if all_ or voucher.flag == "!":
            hash_ = voucher_hash(voucher, fingerprints, serializer) if approvals.rows else ""
            voucher.flag = "*" if approvals.state(voucher.document, hash_) == APPROVED else "!"


def manual_hashes(vouchers: Iterable[Voucher], serializer: Serializer) -> list[str]:
    """What is promised of manual vouchers: their day, words and postings, wherever they stand in their file."""
    return [digest("\n".join([str(one.date), one.narration, *posting_texts(one, serializer)])) for one in vouchers]
