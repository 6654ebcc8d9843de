"""Accounts that compiled rules look up while they run: of a role, or of an account cell; each is worked out once."""

from __future__ import annotations

from typing import Any

from beanstock.model import Item
from beanstock.records.kinds import Kind
from beanstock.rulebook.accounts import PARTNER, TAX, AccountFault, Accounts
from beanstock.rulebook.scopes import RECORDS

INSTEAD = {
    "inventory": "Use opening-stock, receipts, deliveries or adjustments.",
    "receivable": "Use invoices and payments.",
    "payable": "Use bills and payments.",
    "customer-advances": "A payment that names no document is an advance.",
    "supplier-advances": "A payment that names no document is an advance.",
    "input-tax": "Give the line a tax.",
    "input-tax-pending": "Give the line a tax.",
    "output-tax": "Give the line a tax.",
}
_ALLOWED = {"payments": ("", TAX)}


class Resolver(dict[Any, tuple[str, str]]):
    """Accounts of one role by the values that choose them; filled on demand."""

    def __init__(self, accounts: Accounts, role: str) -> None:
        super().__init__()
        self.accounts = accounts
        self.role = role

    def __missing__(self, key: tuple[str, ...]) -> tuple[str, str]:
        by = self.accounts.roles[self.role].by
        found = self[key] = self.accounts.resolve(self.role, dict(zip(by, key, strict=True)))
        return found


class CellResolver(dict[tuple[str, str, Item | None], tuple[str, str]]):
    """Accounts of record cells by text, partner and item.

    Stock is never posted by a cell; partners' and tax accounts only by opening documents, and tax by payments too.
    """

    def __init__(self, accounts: Accounts, kind: Kind, *, chosen: bool = False) -> None:
        super().__init__()
        self.accounts = accounts
        self.allowed = ("", PARTNER, TAX) if kind.stage == 0 or chosen else _ALLOWED.get(kind.name, ("",))

    def __missing__(self, key: tuple[str, str, Item | None]) -> tuple[str, str]:
        cell, partner, item = key
        values = {"partner.code": partner}
        if item is not None:
            values.update({f"item.{name}": str(getattr(item, name) or "") for name in RECORDS["item"]})
        account, role = self.accounts.cell(cell, values)
        control = self.accounts.controlled.get(role, "")
        if control not in self.allowed:
            instead = INSTEAD.get(role, "Record it as a document of its own kind.")
            raise AccountFault("controlled-account", account=cell, role=role, instead=instead)
        self[key] = (account, role)
        return account, role
