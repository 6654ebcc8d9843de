"""The one strict grammar of cells: text to typed values, remembered per text.

A column of a real file repeats its values, so each type is a dictionary that fills itself: a hit costs one look-up
in C, a miss parses. A cell that cannot be typed raises CellFault, which the reader turns into a problem.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Container
from decimal import Decimal
from functools import partial
from typing import Any

from beanstock.files.decode import HIDDEN_OR_BREAK, character_name
from beanstock.model import Masters, Partner
from beanstock.problems import suggest
from beanstock.records.kinds import Column

QUANTITY_DECIMALS = 6
PRICE_DECIMALS = 8
MAX_DIGITS = 15
MAX_LENGTH = 60  # of a number or date as written
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_NUMBER_LIKE = re.compile(r"[-+−(（]?\s*[$€£¥￥%]?\s*[\d.,'’\s_]*\d[\d.,'’\s_]*[%$€£¥￥)）]?\s*[A-Z]{0,3}-?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DATE_LIKE = re.compile(r"[\d./年月日\-W ]*\d[\d./年月日\-W :T]*")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?")
_MONTH = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
_TERMS = re.compile(r"[0-9]{1,4}|EOM(?:\+[0-9]{1,3})?")
_MONTH_YEARS = range(1900, 2101)

FORMS = {
    "quantity": ("number", "a number with up to 6 decimals, such as 12 or -0.5"),
    "price": ("number", "a number with up to 8 decimals, such as 3.25"),
    "money": ("amount", "an amount of money, such as 1250.00"),
    "percent": ("number", "a number of percent, such as 10"),
    "rate": ("number", "an exchange rate with up to 8 decimals"),
    "integer": ("whole number", "a whole number, such as 1"),
    "date": ("date", "a day as YYYY-MM-DD"),
    "month": ("month", "a month as YYYY-MM"),
    "time": ("time", "a time as HH:MM or HH:MM:SS"),
    "boolean": ("yes or no", "yes or no"),
    "terms": ("payment term", "a number of days, EOM, or EOM+10"),
}

HUNDRED = Decimal(100)
# what a limited number is called, and what it must be
LIMITS = {
    "positive": ("positive number", "greater than zero"),
    "unsigned": ("unsigned number", "zero or more"),
    "part": ("part of a whole", "from 0 to 100"),
}


class CellFault(Exception):
    """A cell that cannot be typed: the problem's code and facts; the reader adds the place."""

    def __init__(self, fault: str, /, **facts: object) -> None:
        super().__init__(fault)
        self.code = fault  # facts may be called code or name
        self.facts = facts


class Cells(dict[str, Any]):
    """Typed values by text, filled on demand; a blank text is None."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        super().__init__()
        self.parse = parse

    def __missing__(self, text: str) -> Any:
        cleaned = clean(text)
        value = self[text] = self.parse(cleaned) if cleaned else None
        return value


def clean(text: str) -> str:
    """A cell without the blanks around it. Faults: control-character."""
    hidden = HIDDEN_OR_BREAK.search(text)
    if hidden:
        raise CellFault("control-character", name=character_name(hidden[0]))
    return composed(text)


def composed(text: str) -> str:
    """A text without blanks around it, and with one way to write an accented letter: what looks alike is alike."""
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def number(text: str, type_name: str, decimals: int) -> Decimal:
    """A decimal number. Faults: wrong-type, ambiguous-number, too-precise, too-big."""
    if len(text) > MAX_LENGTH or not _NUMBER.fullmatch(text):
        kind, form = FORMS[type_name]
        alike = len(text) <= MAX_LENGTH and _NUMBER_LIKE.fullmatch(text)  # long texts would keep the pattern busy
        raise CellFault("ambiguous-number" if alike else "wrong-type", text=text[:MAX_LENGTH], type=kind, form=form)
    value = Decimal(text)
    written = len(text.partition(".")[2])
    if written > decimals and value != value.quantize(Decimal(1).scaleb(-decimals)):
        raise CellFault("too-precise", text=text, decimals=written, type=FORMS[type_name][0], allowed=decimals)
    if len(text) > MAX_DIGITS and value.adjusted() >= MAX_DIGITS:
        raise CellFault("too-big", text=text, digits=MAX_DIGITS)
    return value


def date(text: str) -> dt.date:
    """An ISO day of 1900 to 2100. Faults: wrong-type, ambiguous-date."""
    kind, form = FORMS["date"]
    if len(text) > MAX_LENGTH:
        raise CellFault("wrong-type", text=text[:MAX_LENGTH], type=kind, form=form)
    match = _DATE.fullmatch(text)
    if match is None:
        raise CellFault(
            "ambiguous-date" if _DATE_LIKE.fullmatch(text) else "wrong-type", text=text, type=kind, form=form
        )
    try:
        value = dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise CellFault("wrong-type", text=text, type=kind, form="a day that exists") from None
    if value.year not in _MONTH_YEARS:
        raise CellFault("wrong-type", text=text, type=kind, form="a day of 1900 to 2100")
    return value


def _pattern(type_name: str, pattern: re.Pattern[str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not pattern.fullmatch(text):
            kind, form = FORMS[type_name]
            raise CellFault("wrong-type", text=text, type=kind, form=form)
        return text

    return parse


def _limited(parse: Callable[[str], Any], limit: str, text: str) -> Any:
    """A number that must be positive (above zero), unsigned (zero or more) or a part (a percentage up to 100).

    Faults: wrong-type, and those of `parse`.
    """
    value = parse(text)
    if value < 0 or (limit == "positive" and not value) or (limit == "part" and value > HUNDRED):
        kind, form = LIMITS[limit]
        raise CellFault("wrong-type", text=text, type=kind, form=form)
    return value


def _integer(text: str) -> int:
    return int(number(text, "integer", 0))


def _boolean(text: str) -> bool:
    known = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}
    if text.lower() not in known:
        raise CellFault("wrong-type", text=text, type="yes or no", form="yes or no")
    return known[text.lower()]


class Typing:
    """The typed-cell dictionaries of one run."""

    def __init__(
        self,
        masters: Masters,
        words: dict[str, str],
        money_decimals: int,
        *,
        chosen: Container[str] = (),  # values of choices: what means one of them means it there alone
        finest: int = 0,
    ) -> None:
        self.masters = masters
        self.words = words
        spoken = {word: meant for word, meant in words.items() if meant not in chosen}
        self.money_decimals = money_decimals
        self.finest = finest  # decimals of amounts in currencies other than the books', which are judged when known
        self.finer = False  # whether there are such amounts
        self.by_type: dict[str, Cells] = {
            "text": Cells(str),
            "account": Cells(str),
            "tax": Cells(str),
            "word": Cells(lambda text: spoken.get(text, text)),
            "terms": Cells(_pattern("terms", _TERMS)),
            "month": Cells(_pattern("month", _MONTH)),
            "time": Cells(_pattern("time", _TIME)),
            "quantity": Cells(lambda text: number(text, "quantity", QUANTITY_DECIMALS)),
            "price": Cells(lambda text: number(text, "price", PRICE_DECIMALS)),
            "rate": Cells(lambda text: number(text, "rate", PRICE_DECIMALS)),
            "percent": Cells(lambda text: number(text, "percent", QUANTITY_DECIMALS)),
            "money": Cells(self._money),
            "integer": Cells(_integer),
            "date": Cells(date),
            "boolean": Cells(_boolean),
            "item": Cells(self._item),
            "warehouse": Cells(self._warehouse),
            "partner": Cells(self._partner),
            "supplier": Cells(lambda text: self._partner(text, "supplier")),
            "customer": Cells(lambda text: self._partner(text, "customer")),
            "employee": Cells(lambda text: self._partner(text, "employee")),
        }

    def _money(self, text: str) -> Decimal:
        """An amount with all the decimals of the books' currency, or with more where it may be another currency's."""
        try:
            return number(text, "money", self.money_decimals).quantize(Decimal(1).scaleb(-self.money_decimals))
        except CellFault as fault:
            if fault.code != "too-precise" or self.finest <= self.money_decimals:
                raise
        value = number(text, "money", self.finest)
        self.finer = True
        return value

    def cells(self, column: Column) -> Cells:
        """The dictionary that types a column."""
        if column.type == "choice":
            return Cells(lambda text: self._choice(text, column.choices))
        if not column.limit:
            return self.by_type[column.type]
        name = f"{column.type}, {column.limit}"
        if name not in self.by_type:
            self.by_type[name] = Cells(partial(_limited, self.by_type[column.type].parse, column.limit))
        return self.by_type[name]

    def _choice(self, text: str, choices: tuple[str, ...]) -> str:
        value = self.words.get(text, text)
        if value not in choices:
            raise CellFault("wrong-type", text=text, type="choice", form="one of " + ", ".join(choices))
        return value

    def _item(self, code: str) -> Any:
        item = self.masters.items.get(code)
        if item is None:
            raise CellFault("unknown-item", code=code, suggestion=suggest(code, self.masters.items))
        return item

    def _warehouse(self, code: str) -> Any:
        warehouse = self.masters.warehouses.get(code)
        if warehouse is None:
            raise CellFault("unknown-warehouse", code=code, suggestion=suggest(code, self.masters.warehouses))
        return warehouse

    def _partner(self, code: str, wanted: str = "") -> Partner:
        partner = self.masters.partners.get(code)
        if partner is None:
            raise CellFault("unknown-partner", code=code, suggestion=suggest(code, self.masters.partners))
        fits = ("", "both", wanted, "other" if wanted == "employee" else "")
        if wanted and partner.role not in fits:
            raise CellFault("partner-role", code=code, role=partner.role, wanted=wanted)
        return partner
