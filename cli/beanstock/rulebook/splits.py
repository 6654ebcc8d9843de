"""Sharing an amount among several accounts: `split`, in percent, fractions or amounts, and what remains.

Each share is rounded half up to the currency's unit; the part `remaining` (else the last one) takes what is left, so
that the parts are the whole to the cent.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from beanstock.expressions.types import UNKNOWN, said
from beanstock.problems import Place

if TYPE_CHECKING:
    from beanstock.expressions.compiler import Scope
    from beanstock.rulebook.postings import PostingWriter
    from beanstock.rulebook.vouchers import RuleLine

REMAINING = "remaining"
_PERCENT = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,15})?) ?%")
_FRACTION = re.compile(r"([0-9]{1,15}) ?/ ?([1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")


def fixed_share(text: str) -> Fraction | None:
    """A share that is known when the rule loads: `60%`, `1/3` or `0.6`; None where it is an expression."""
    percent, fraction = _PERCENT.fullmatch(text), _FRACTION.fullmatch(text)
    if percent:
        return Fraction(percent[1]) / 100
    if fraction:
        return Fraction(int(fraction[1]), int(fraction[2]))
    return Fraction(text) if _DECIMAL.fullmatch(text) else None


class Shares:
    """The parts of one split. Problems: bad-rule, and those of expressions."""

    def __init__(self, writer: PostingWriter, parts: list[RuleLine], place: Place) -> None:
        self.writer = writer
        self.parts = parts
        self.place = place
        open_parts = [index for index, part in enumerate(parts) if part.share and part.share.value == REMAINING]
        self.rest = open_parts[0] if open_parts else len(parts) - 1
        self._check(open_parts)

    def _check(self, open_parts: list[int]) -> None:
        """Shares make up the whole, or leave something to what remains."""
        if len({part.side for part in self.parts}) > 1:
            self.writer.bad(self.place, "the parts of a split stand on one side, all `dr` or all `cr`")
        if len(open_parts) > 1:
            self.writer.bad(self.parts[open_parts[1]].place, "only one part of a split can be what remains")
        fixed = [fixed_share(part.share.value) for part in self.parts if part.share and part.share.value != REMAINING]
        known = [one for one in fixed if one is not None]
        total = sum(known, Fraction(0))
        all_known = len(known) + len(open_parts) == len(self.parts)
        if not open_parts and not all_known:
            detail = "a split by amounts or expressions needs a part whose share is `remaining`"
            self.writer.bad(self.place, detail)
        elif not open_parts and total != 1:
            detail = f"the shares of the split sum to {_percent(total)}, not to 100%"
            self.writer.bad(self.place, detail, " Let one part's share be `remaining`.")
        elif open_parts and total >= 1:
            self.writer.bad(
                self.parts[open_parts[0]].place, f"nothing remains: the other shares sum to {_percent(total)}"
            )

    def source(self, amount: str, scope: Scope) -> list[str]:
        """Statements that set share0, share1... of the whole amount."""
        lines = [f"whole = {amount}"]
        for index, part in enumerate(self.parts):
            if index != self.rest:
                lines.append(f"share{index} = {self._one(part, scope)}")
        others = "".join(f" - share{index}" for index in range(len(self.parts)) if index != self.rest)
        return [*lines, f"share{self.rest} = whole{others}"]

    def _one(self, part: RuleLine, scope: Scope) -> str:
        if part.amount is not None:
            return self.writer.amount(part, scope)
        assert part.share is not None
        share = fixed_share(part.share.value)
        if share is not None:
            constants = self.writer.constants
            names = [f"K{len(constants)}", f"K{len(constants) + 1}"]
            constants.update(zip(names, map(Decimal, (share.numerator, share.denominator)), strict=True))
            return f"(whole * {names[0]} / {names[1]}).quantize(UNIT, ROUND_HALF_UP)"
        name = self.writer.compiled(part.share, scope)
        if name.type not in ("number", "constant", UNKNOWN):
            self.writer.bad(part.share.place, f"`{part.share.value}` is {said(name.type)}, a share is a bare number")
        return f"(whole * {name.code}).quantize(UNIT, ROUND_HALF_UP)"


def _percent(share: Fraction) -> str:
    scaled = share * 100
    if scaled.denominator == 1:
        return f"{scaled.numerator}%"
    return f"{share.numerator}/{share.denominator}"
