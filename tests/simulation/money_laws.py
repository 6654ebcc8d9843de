"""Laws of money that every company's books must keep, worked out from the ledger's text and the reports alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from .ledgers import Posting
from .papers import ACCOUNTS, NOTES


def not_emptied(postings: list[Posting]) -> Iterator[str]:
    """One sentence for each account that has a book value of foreign money where it has none of that money."""
    foreign: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    booked: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for one in postings:
        if one.role in (*ACCOUNTS, *NOTES) and "foreign" in one.meta:
            number, currency = one.meta["foreign"].split()
            foreign[one.account, currency] += Fraction(number)
            booked[one.account, currency] += one.amount
    for (account, currency), amount in foreign.items():
        if not amount and booked[account, currency]:
            yield f"{account} holds no {currency}, and is worth {float(booked[account, currency])}"
