"""Amounts of money in Chinese capital words (大写金额), as vouchers and cheques want them."""

from __future__ import annotations

from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿", "亿亿")


def in_words(amount: Decimal) -> str:
    """An amount of yuan with at most two decimals: 1234.50 is 壹仟贰佰叁拾肆元伍角整; red amounts begin with 负.

    After the Ministry of Finance's norms for basic accounting work: zeros between digits are one 零, 整 stands where
    there are no fen.
    """
    cents = int(abs(amount) * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    parts = [_integer(yuan) + "元"] if yuan else []
    if jiao:
        parts.append(_DIGITS[jiao] + "角")
    elif fen and yuan:
        parts.append("零")
    if fen:
        parts.append(_DIGITS[fen] + "分")
    if not cents:
        return "零元整"
    return ("负" if amount < 0 else "") + "".join(parts) + ("" if fen else "整")


def _integer(number: int) -> str:
    """A whole number above zero, in groups of four digits."""
    assert number < 10**20, number
    text = ""
    gap = False  # a zero is owed before the next digit
    for group in range(len(_GROUPS) - 1, -1, -1):
        value = number // 10 ** (4 * group) % 10_000
        if not value:
            gap = bool(text)
            continue
        for place in range(3, -1, -1):
            digit = value // 10**place % 10
            if digit:
                text += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
                gap = False
            else:
                gap = bool(text)
        text += _GROUPS[group]
        gap = value % 10 == 0 and gap
    return text
