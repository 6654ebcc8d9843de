"""Summary vouchers: many documents of one day (and partner, or kind) in one voucher.

The books say the same: what a role is kept by (item, warehouse and lot; partner and document) stays apart, debits stay
apart from credits, and the documents are named as metadata and links.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from beanstock.model import Document
from beanstock.rulebook.vouchers import Rule
from beanstock.voucher import Posting, Voucher

Key = tuple[object, ...]


@dataclass
class _Summary:
    """One summary voucher that is being made: it is the first document's, and takes in the others."""

    voucher: Voucher
    documents: list[str] = field(default_factory=list)
    narrations: set[str] = field(default_factory=set)
    payees: set[str] = field(default_factory=set)


def summary_name(document: Document, rule: Rule) -> str:
    """What a rule's summary voucher of a document is called: sales/2026-01-05; nothing where it makes none."""
    if not rule.summary:
        return ""
    partner = f"/{document.partner.code}" if rule.summary == "partner" and document.partner else ""
    return f"{document.kind}/{document.date}{partner}"


class Summaries:
    """The summary vouchers of one month."""

    def __init__(self) -> None:
        self.open: dict[Key, _Summary] = {}

    def add(self, voucher: Voucher, document: Document, rule: Rule) -> Voucher | None:
        """Take a document's voucher in; the summary voucher where it is the first of it, else None."""
        partner = document.partner.code if rule.summary == "partner" and document.partner else ""
        whose = document.kind if rule.summary == "kind" else rule.id
        key = (rule.summary, whose, rule.voucher, document.date, partner)
        summary = self.open.get(key)
        first = summary is None
        if summary is None:
            summary = self.open[key] = _Summary(voucher)
            voucher.document = summary_name(document, rule)
            if rule.summary == "kind":
                voucher.rule = document.kind
        else:
            _take_in(summary.voucher, voucher)
        summary.documents.append(document.reference.partition("/")[2])
        summary.narrations.add(voucher.narration)
        summary.payees.add(voucher.payee)
        return voucher if first else None

    def finish(self) -> None:
        """Merge what is alike, and say what each voucher sums up."""
        for summary in self.open.values():
            voucher = summary.voucher
            voucher.postings = merged(voucher.postings)
            many = len(summary.documents)
            if len(summary.narrations) > 1 or many > 1:
                voucher.narration = (
                    summary.narrations.pop() if len(summary.narrations) == 1 else _narration(voucher, many)
                )
            voucher.payee = summary.payees.pop() if len(summary.payees) == 1 else ""
            voucher.meta = (*(pair for pair in voucher.meta if many == 1 or pair[0] != "memo"),)
            voucher.meta += (("documents", ", ".join(summary.documents)),)


def _take_in(voucher: Voucher, other: Voucher) -> None:
    voucher.postings += other.postings
    voucher.links = list(dict.fromkeys([*voucher.links, *other.links]))
    voucher.tags = list(dict.fromkeys([*voucher.tags, *other.tags]))
    voucher.meta = tuple(pair for pair in voucher.meta if pair in other.meta)
    if other.flag == "!":
        voucher.flag = "!"


def _narration(voucher: Voucher, many: int) -> str:
    return f"Summary of {many} {voucher.document.partition('/')[0]}"


def merged(postings: list[Posting]) -> list[Posting]:
    """Postings that differ only in amount and quantity as one, debits and credits apart, in the order of the first."""
    found: dict[Key, Posting] = {}
    for one in postings:
        key = (
            one.account,
            one.role,
            one.amount > 0,
            one.qty is not None and one.qty > 0,
            one.qty is None,
            one.item,
            one.warehouse,
            one.lot,
            one.partner,
            one.document,
            one.due,
            one.side,
            one.meta,
        )
        first = found.get(key)
        if first is None:
            found[key] = one
            continue
        first.amount += one.amount
        if first.qty is not None and one.qty is not None:
            first.qty += one.qty
    return list(found.values())
