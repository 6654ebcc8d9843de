"""Account names: what Beancount takes, and the one rule that makes any text an acceptable part."""

from __future__ import annotations

import re
import unicodedata

ROOTS = ("Assets", "Liabilities", "Equity", "Income", "Expenses")
_CODE = re.compile(r"[0-9]+")


def is_account(text: str) -> bool:
    """Whether Beancount takes this account name."""
    root, *parts = text.split(":")
    return root in ROOTS and bool(parts) and all(_is_part(part) for part in parts)


def _is_part(part: str) -> bool:
    first = part[:1]
    return (("A" <= first <= "Z") or ("0" <= first <= "9")) and all(_is_allowed(character) for character in part)


def _is_allowed(character: str) -> bool:
    return character == "-" or unicodedata.category(character)[0] == "L" or unicodedata.category(character) == "Nd"


def account_part(text: str) -> str:
    """Any text as an account part.

    Forbidden characters become hyphens; a first ASCII letter is upper-cased; a part that then begins with neither an
    ASCII capital nor a digit gets the prefix `X-`.
    """
    part = "".join(character if _is_allowed(character) else "-" for character in text)
    if "a" <= part[:1] <= "z":
        part = part[0].upper() + part[1:]
    return part if _is_part(part) else "X-" + part


def code_above(account: str) -> str:
    """The chart code of an account, or of the nearest account above that has one: 1012 of Assets:1012-其他货币资金:X-微信."""
    parts = account.split(":")
    codes = (code_of(":".join(parts[:many])) for many in range(len(parts), 1, -1))
    return next((code for code in codes if code), "")


def code_of(account: str) -> str:
    """The chart code that an account's last part begins with, such as 1405 of Assets:1405-库存商品; else nothing."""
    match = _CODE.match(account.rsplit(":", 1)[-1])
    return match[0] if match else ""
