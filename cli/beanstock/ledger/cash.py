"""What the index says of vouchers that change cash: sums where an account decides, and the vouchers to look at one by one."""

from __future__ import annotations

import json
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from beanstock.ledger.index import OPENING_PART
from beanstock.ledger.query import FIRST, LAST, Ledger

_CASHED = """
INSERT INTO cashed
SELECT voucher, sum(amount), count(*), max(CASE WHEN instr(meta, 'cashflow=') THEN meta ELSE '' END) FROM postings
WHERE account IN (SELECT value FROM json_each(:cash)) AND date BETWEEN :start AND :end AND part <> :opening GROUP BY voucher
"""
# what a voucher's only cash posting says of itself is so; else its counter postings may say something, or follow others
_APART = """
SELECT DISTINCT voucher FROM cashed CROSS JOIN postings USING (voucher)
WHERE CASE WHEN cashed.meta <> '' THEN moneys > 1
      ELSE instr(postings.meta, 'cashflow=') OR account IN (SELECT value FROM json_each(:follow)) END
"""
_COUNTERS = """
SELECT account, side, sum(amount), cashed.meta FROM cashed CROSS JOIN postings USING (voucher)
WHERE change <> 0 AND account NOT IN (SELECT value FROM json_each(:cash))
  AND voucher NOT IN (SELECT value FROM json_each(:apart)) GROUP BY cashed.meta, account, side, amount > 0
"""


class Counter(NamedTuple):
    """What vouchers that change cash post to another account on one side: debit positive; red entries keep their side.

    `meta` is that of their cash posting where it names its line.
    """

    account: str
    side: str
    amount: Decimal
    meta: str


class CashChanges(NamedTuple):
    """Counter postings summed, and the vouchers that sums cannot tell."""

    counters: list[Counter]
    apart: list[int]


def cash_changes(
    ledger: Ledger, cash: Collection[str], follow: Collection[str], start: str = FIRST, end: str = LAST
) -> CashChanges:
    """The vouchers of a period that post to cash, openings left out.

    Apart are those whose postings name several lines, or post to accounts that `follow` the rest of their voucher. What
    moves among cash accounts only, and changes nothing, is in neither. CROSS JOIN keeps the few vouchers outside and looks
    their postings up; the planner would read all postings.
    """
    lists = {"cash": json.dumps(sorted(cash)), "follow": json.dumps(sorted(follow))}
    connection = ledger.connection
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS cashed (voucher INTEGER PRIMARY KEY, change INTEGER, moneys INTEGER, meta TEXT)"
    )
    connection.execute("DELETE FROM cashed")
    connection.execute(_CASHED, {"start": start, "end": end, "opening": OPENING_PART, **lists})
    apart = [voucher for (voucher,) in connection.execute(_APART, lists)]
    rows = connection.execute(_COUNTERS, {"apart": json.dumps(apart), **lists})
    return CashChanges(
        [Counter(account, side, ledger.money(amount), meta) for account, side, amount, meta in rows], apart
    )
