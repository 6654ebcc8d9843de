"""Vouchers (凭证) and their postings, as rules make them and the ledger's text has them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any


class Posting:
    """One posting of a voucher; debit positive. `item` and the rest become metadata."""

    __slots__ = (
        "account",
        "amount",
        "document",
        "due",
        "item",
        "lot",
        "meta",
        "partner",
        "qty",
        "role",
        "side",
        "warehouse",
    )

    def __init__(self, account: str, role: str, amount: Decimal) -> None:
        self.account = account
        self.role = role
        self.amount = amount
        self.side = ""  # dr or cr, only where a red entry hides it
        self.item = ""
        self.qty: Decimal | None = None
        self.warehouse = ""
        self.lot = ""
        self.partner = ""
        self.document = ""
        self.due: dt.date | None = None
        self.meta: tuple[tuple[str, str], ...] = ()


class Voucher:
    """One balanced Beancount transaction (凭证)."""

    __slots__ = ("date", "document", "flag", "key", "links", "meta", "narration", "payee", "postings", "rule", "tags")

    def __init__(self, date: dt.date, document: str, rule: str) -> None:
        self.date = date
        self.document = document
        self.rule = rule
        self.flag = "*"
        self.payee = ""
        self.narration = ""
        self.links: list[str] = []
        self.tags: list[str] = []
        self.meta: tuple[tuple[str, str], ...] = ()
        self.postings: list[Posting] = []
        self.key: tuple[Any, ...] = ()

    @property
    def sources(self) -> list[str]:
        """The documents that it is of: its own one, or those that a summary voucher sums up."""
        kind = self.document.partition("/")[0]
        several = next((text for key, text in self.meta if key == "documents"), "")
        return [f"{kind}/{name}" for name in several.split(", ")] if several else [self.document]
