"""Money: decimals of currencies, and the one rounding of the program (half up, away from zero at the half)."""

from __future__ import annotations

import decimal
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 currencies whose minor unit is not two digits
_DECIMALS = {
    "BHD": 3,
    "IQD": 3,
    "JOD": 3,
    "KWD": 3,
    "LYD": 3,
    "OMR": 3,
    "TND": 3,
    "BIF": 0,
    "CLP": 0,
    "DJF": 0,
    "GNF": 0,
    "ISK": 0,
    "JPY": 0,
    "KMF": 0,
    "KRW": 0,
    "PYG": 0,
    "RWF": 0,
    "UGX": 0,
    "UYI": 0,
    "VND": 0,
    "VUV": 0,
    "XAF": 0,
    "XOF": 0,
    "XPF": 0,
}

# Products of the largest numbers that cells may hold need 46 digits; quotients are then rounded once more to money,
# and with 60 digits no quotient of such numbers can be moved across a half by the first rounding.
PRECISION = 60


def use_exact_context() -> None:
    """Set the decimal precision that all stages rely on; called once at the start of every command."""
    decimal.getcontext().prec = PRECISION


def decimals_of(currency: str) -> int:
    """How many decimals the currency's money has."""
    return _DECIMALS.get(currency, 2)


def unit_of(currency: str) -> Decimal:
    """The smallest amount of the currency, such as 0.01."""
    return Decimal(1).scaleb(-decimals_of(currency))


def rounded(amount: Decimal, unit: Decimal) -> Decimal:
    """An amount rounded half up (away from zero) to the unit of its currency."""
    return amount.quantize(unit, ROUND_HALF_UP)
