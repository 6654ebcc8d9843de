"""A tiny reader of generated ledgers, written for the simulator alone: it trusts the fixed form of the text and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

_HEAD = re.compile(r"\d{4}-\d{2}-\d{2} [*!] ")
_POSTING = re.compile(r"  ([A-Z]\S*) +(-?[\d.]+) [A-Z]+")
_META = re.compile(r'  (?:  )?([a-z_-]+): "?(.*?)"?')
_OPEN = re.compile(r"\d{4}-\d{2}-\d{2} open (\S+)")


@dataclass
class Posting:
    voucher: str
    role: str
    account: str
    amount: Fraction
    month: str = ""
    meta: dict[str, str] = field(default_factory=dict)

    @property
    def qty(self) -> Fraction:
        return Fraction(self.meta.get("qty", "0"))

    @property
    def warehouse(self) -> str:
        return self.meta.get("warehouse", "main")

    @property
    def beneath(self) -> str:
        """The sub-account of an account of money or notes, as a cell `role:name` writes it.

        Accounts of roles have three parts, and two where they have codes.
        """
        parts = self.account.split(":")
        return ":".join(parts[2 if parts[1][:1].isdigit() else 3 :])

    @property
    def lot(self) -> str:
        return self.meta.get("lot", "")


def read_postings(folder: Path) -> list[Posting]:
    """Every posting of a ledger folder, with its account's role from accounts.bean."""
    roles = dict(_roles((folder / "accounts.bean").read_text(encoding="utf-8")))
    postings: list[Posting] = []
    for path in sorted(folder.glob("????-??.bean")):
        postings += (replace(one, month=path.stem) for one in _postings(path.read_text(encoding="utf-8"), roles))
    return postings


def _roles(text: str) -> Iterator[tuple[str, str]]:
    account = ""
    for line in text.splitlines():
        opened, meta = _OPEN.fullmatch(line), _META.fullmatch(line)
        if opened:
            account = opened[1]
        elif meta and meta[1] == "role":
            yield account, meta[2]


def _postings(text: str, roles: dict[str, str]) -> Iterator[Posting]:
    voucher, posting = "", None
    for line in text.splitlines():
        if _HEAD.match(line):
            voucher, posting = "", None
        elif found := _POSTING.fullmatch(line):
            if posting:
                yield posting
            posting = Posting(voucher, roles.get(found[1], found[1]), found[1], Fraction(found[2]))
        elif found := _META.fullmatch(line):
            if posting and line.startswith("    "):
                posting.meta[found[1]] = found[2]
            elif found[1] == "document":
                voucher = found[2]
        elif not line and posting:
            yield posting
            posting = None
    if posting:
        yield posting


def unbalanced(postings: list[Posting]) -> dict[str, Fraction]:
    """Vouchers that do not sum to zero."""
    sums: defaultdict[str, Fraction] = defaultdict(Fraction)
    for one in postings:
        sums[one.voucher] += one.amount
    return {voucher: amount for voucher, amount in sums.items() if amount}
