"""What the index says of vouchers that change cash: sums where an account decides, and the vouchers to look at one by one."""

from __future__ import annotations

import json
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from beanstock.ledger.index import OPENING_PART
from beanstock.ledger.query import FIRST, LAST, Ledger


class Counter(NamedTuple):
    """What vouchers that change cash post to another account on one side: debit positive; red entries keep their side."""

    account: str
    side: str
    amount: Decimal


class CashChanges(NamedTuple):
    """Counter postings summed, and the vouchers that sums cannot tell."""

    counters: list[Counter]
    apart: list[int]


def cash_changes(
    ledger: Ledger, cash: Collection[str], follow: Collection[str], start: str = FIRST, end: str = LAST
) -> CashChanges:
    """The vouchers of a period that post to cash, openings left out.

    Apart are those with a `cashflow` of their own, and those that post to accounts that `follow` the rest of their
    voucher. What moves among cash accounts only, and changes nothing, is in neither.
    """
    asked = {"start": start, "end": end, "cash": json.dumps(sorted(cash)), "follow": json.dumps(sorted(follow))}
    connection = ledger.connection
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS cashed (voucher INTEGER PRIMARY KEY, change INTEGER)")
    connection.execute("DELETE FROM cashed")
    connection.execute(
        "INSERT INTO cashed SELECT voucher, sum(amount) FROM postings"  # noqa: S608 our own constant
        " WHERE account IN (SELECT value FROM json_each(:cash)) AND date BETWEEN :start AND :end"
        f" AND part <> {OPENING_PART} GROUP BY voucher",
        asked,
    )
    apart = [
        voucher
        for (voucher,) in connection.execute(
            "SELECT DISTINCT voucher FROM cashed JOIN postings USING (voucher)"
            " WHERE instr(meta, 'cashflow=') OR account IN (SELECT value FROM json_each(:follow))",
            asked,
        )
    ]
    rows = connection.execute(
        "SELECT account, side, sum(amount) FROM cashed JOIN postings USING (voucher) WHERE change <> 0"
        " AND account NOT IN (SELECT value FROM json_each(:cash))"
        " AND voucher NOT IN (SELECT value FROM json_each(:apart)) GROUP BY account, side, amount > 0",
        {"cash": asked["cash"], "apart": json.dumps(apart)},
    )
    return CashChanges([Counter(account, side, ledger.money(amount)) for account, side, amount in rows], apart)
