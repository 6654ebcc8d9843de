"""What the generated functions of rules use: accounts that look themselves up, and a few small values."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NoReturn

from beanstock.expressions.functions import MAX_PLACES, joined
from beanstock.model import ZERO, Document, Item, Line, Warehouse
from beanstock.records.kinds import Kind
from beanstock.rulebook.accounts import PARTNER, TAX, AccountFault, Accounts
from beanstock.rulebook.scopes import RECORDS
from beanstock.voucher import Posting

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
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


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


class CellResolver(dict[tuple[str, str, Item | None, str], tuple[str, str]]):
    """Accounts of record cells by text, partner, item, and the day where tables have dates.

    Stock is never posted by a cell; partners' and tax accounts only by opening documents, and tax by payments too.
    `chosen` cells are those that the program writes itself.
    """

    def __init__(self, accounts: Accounts, kind: Kind, *, chosen: bool = False) -> None:
        super().__init__()
        self.accounts = accounts
        self.allowed = ("", PARTNER, TAX) if kind.stage == 0 or chosen else _ALLOWED.get(kind.name, ("",))

    def __missing__(self, key: tuple[str, str, Item | None, str]) -> tuple[str, str]:
        cell, partner, item, day = key
        values = {"partner.code": partner, "date": day}
        if item is not None:
            values.update({f"item.{name}": str(getattr(item, name) or "") for name in RECORDS["item"]})
        account, role = self.accounts.cell(cell, values)
        control = self.accounts.controlled.get(role, "")
        if control not in self.allowed:
            instead = INSTEAD.get(role, "Record it as a document of its own kind.")
            raise AccountFault("controlled-account", account=cell, role=role, instead=instead)
        self[key] = (account, role)
        return account, role


class KnownRates:
    """What `rate("USD")` answers: units of the books' currency for one of another, by the records' `rates`.

    `on` gives the latest rate up to a day; it is filled in when the records are read, after the rules.
    """

    def __init__(self, books: str) -> None:
        self.books = books
        self.on: Callable[[str, dt.date], Decimal | None] = lambda currency, day: None

    def __call__(self, currency: str, day: dt.date) -> Decimal:
        """One for the books' own currency. Raises ArithmeticError where no rate is known."""
        if currency in ("", self.books):
            return Decimal(1)
        rate = self.on(currency, day)
        if rate is None:
            raise ArithmeticError(f"`{currency}` has no rate up to {day}")
        return rate


class Made(dict[Any, Any]):
    """Values made of keys, remembered."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, key: Any) -> Any:
        value = self[key] = self.make(key)
        return value


def shown(value: object) -> str:
    """A value in a text: dates ISO, decimals without trailing zeros, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def document_of(document: Document, line: Line) -> str:
    """The document that a partner posting is kept by: an opening line's own reference, else the document's."""
    reference = line.extra.get("ref") if line.extra else None
    return f"{document.kind}/{reference}" if reference else document.reference


def dimensions_of(line: Line) -> tuple[tuple[str, str], ...]:
    """Department and project of a line, which follow it into every posting."""
    if not line.department and not line.project:
        return ()
    pairs = (("department", line.department), ("project", line.project))
    return tuple(pair for pair in pairs if pair[1])


def number_of(value: object) -> Decimal:
    """A bare number of any number, or of a text such as a column of one's own; blank is zero. Raises ArithmeticError."""
    if isinstance(value, Decimal):
        return value
    text = str(value or "").strip()
    if text and not _NUMBER.fullmatch(text):
        raise ArithmeticError(f"`{text}` is no number")
    return Decimal(text) if text else ZERO


def places_of(digits: Decimal) -> Decimal:
    """The unit of a number of decimal places. Raises ArithmeticError."""
    if digits != digits.to_integral_value() or not 0 <= digits <= MAX_PLACES:
        raise ArithmeticError(f"{digits} is no number of decimal places from 0 to {MAX_PLACES}")
    return Decimal(1).scaleb(-int(digits))


def without_partner(role: str) -> NoReturn:
    """A posting of a role that is kept by partner has none. Raises AccountFault: partner-needed."""
    raise AccountFault("partner-needed", account=role)


def runtime_names(
    accounts: Accounts,
    kind: Kind,
    unit: Decimal,
    main: Warehouse,
    values: Mapping[str, str | Decimal],
    rates: KnownRates,
) -> dict[str, object]:
    """Everything that generated source may name; builtins are cut down to five."""
    return {
        "ZERO": ZERO,
        "UNIT": unit,
        "ROUND_HALF_UP": ROUND_HALF_UP,
        "Posting": Posting,
        "MAIN": main,
        "VALUES": values,
        "EMPTY": {},
        "dimensions": dimensions_of,
        "shown": shown,
        "document_of": document_of,
        "without_partner": without_partner,
        "JOIN": joined,
        "RATE": rates,
        "NUMBER": number_of,
        "PLACES": Made(places_of),
        "INTEGER": Made(Decimal),
        "CONTROLLED": accounts.controlled,
        "CELL": CellResolver(accounts, kind),
        "CHOSEN": CellResolver(accounts, kind, chosen=True),
        "__builtins__": {"abs": abs, "min": min, "max": max, "sum": sum, "any": any, "all": all, "tuple": tuple},
    }
