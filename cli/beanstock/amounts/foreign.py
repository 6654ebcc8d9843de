"""Foreign money as the ledger notes it beside amounts in money of the books: `foreign: "-110.00 USD"`."""

from __future__ import annotations

import re
from decimal import Decimal

FOREIGN = "foreign"  # the metadata of postings
_NOTED = re.compile(r"(-?\d{1,18}(?:\.\d{1,9})?) ([A-Z]{3})", re.ASCII)


def noted(text: str) -> tuple[Decimal, str] | None:
    """Amount and currency of a note; None for anything else, which manual vouchers may write."""
    match = _NOTED.fullmatch(text)
    return (Decimal(match[1]), match[2]) if match else None


def add_noted(sums: dict[str, Decimal], text: str) -> None:
    """Add a note to sums by currency; what is none is left out."""
    found = noted(text)
    if found:
        amount, currency = found
        sums[currency] = sums.get(currency, Decimal(0)) + amount


def in_currencies(sums: dict[str, Decimal]) -> str:
    """Amounts by currency as a text, `-110.00 USD, 5.00 CHF`; blank where none is left."""
    return ", ".join(f"{amount:f} {currency}" for currency, amount in sorted(sums.items()) if amount)
