"""What the ledger keeps of a document that is not what its record and the rules give today: part of `explain`.

A closed month stays as it was closed. What its documents would post otherwise stands as red and blue vouchers on the
first open day, and a document that was removed is still in its closed month.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from beanstock.ledger.late import own_day
from beanstock.voucher import Voucher
from beanstock.vouchers.explain import said


def kept(vouchers: Iterable[Voucher], reference: str) -> list[dict[str, Any]]:
    """The vouchers of a document in their order, where some were corrected; else nothing."""
    own = [one for one in vouchers if reference in one.sources]
    return [voucher_tree(one) for one in own] if any(_correction(one) for one in own) else []


def removed(vouchers: Iterable[Voucher], reference: str) -> list[dict[str, Any]]:
    """The tree of a document that no record has any more; nothing where the ledger does not know it either."""
    own = [one for one in vouchers if one.document == reference and one.rule != "manual"]
    if not own:
        return []
    head = {"document": reference, "date": own_day(own[0]).isoformat(), "partner": "", "source": {}, "summary": ""}
    trees = [voucher_tree(one) for one in own]
    return [{**head, "posts": True, "removed": True, "lines": [], "ledger": trees, "rules": [], "not_taken": []}]


def _correction(voucher: Voucher) -> str:
    return dict(voucher.meta).get("correction", "")


def voucher_tree(voucher: Voucher) -> dict[str, Any]:
    """A voucher as it stands in the ledger; an amount on its own side is negative where the entry is red."""
    postings = []
    for one in voucher.postings:
        side = one.side or ("cr" if one.amount < 0 else "dr")
        amount = one.amount if side == "dr" else -one.amount
        postings.append({"side": side, "account": one.account, "amount": said(amount), "item": one.item})
    return {
        "date": voucher.date.isoformat(),
        "rule": voucher.rule,
        "correction": _correction(voucher),
        "postings": postings,
    }
