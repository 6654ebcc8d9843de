"""The strict grammar of cells: what is read, what is refused, and under which code."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanstock.amounts.terms import due_date
from beanstock.records.cells import CellFault, clean, date, number


@pytest.mark.parametrize("text", ["0", "12", "-3", "+4", "0.5", ".5", "007", "12.500000", "123456789012345"])
def test_numbers_that_are_read(text: str) -> None:
    assert number(text, "quantity", 6) == Decimal(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,234", "ambiguous-number"), ("1.234,50", "ambiguous-number"), ("1 234", "ambiguous-number"), ("(5)", "ambiguous-number"),
        ("￥5", "ambiguous-number"), ("5%", "ambiguous-number"), ("−5", "ambiguous-number"), ("5-", "ambiguous-number"),
        ("１２３", "ambiguous-number"), ("٣", "ambiguous-number"), ("1_000", "ambiguous-number"), ("5.", "ambiguous-number"),
        ("1e5", "wrong-type"), ("NaN", "wrong-type"), ("Infinity", "wrong-type"), ("0x10", "wrong-type"), ("ten", "wrong-type"),
        ("10+5*2", "wrong-type"), ("1.2.3", "ambiguous-number"), ("1234567890123456", "too-big"), ("0.1234567", "too-precise"),
    ],
)  # fmt: skip
def test_numbers_that_are_refused(text: str, code: str) -> None:
    with pytest.raises(CellFault) as fault:
        number(text, "quantity", 6)
    assert fault.value.code == code


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**14), max_value=10**14))
def test_every_written_decimal_is_itself(value: Decimal) -> None:
    assert number(f"{value:f}", "quantity", 6) == value


@given(st.text(max_size=12))
def test_no_text_breaks_the_grammar(text: str) -> None:
    codes = set()
    for parse in (lambda: number(clean(text), "price", 8), lambda: date(clean(text))):
        try:
            parse()
        except CellFault as fault:
            codes.add(fault.code)
    assert codes <= {"control-character", "wrong-type", "ambiguous-number", "ambiguous-date", "too-big", "too-precise"}


def test_days() -> None:
    assert date("2026-01-05") == dt.date(2026, 1, 5)
    assert date("2024-02-29") == dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("05/01/2026", "ambiguous-date"), ("2026/1/5", "ambiguous-date"), ("20260105", "ambiguous-date"), ("2026-W02-1", "ambiguous-date"),
        ("2026年1月5日", "ambiguous-date"), ("46027", "ambiguous-date"), ("5.1.26", "ambiguous-date"), ("2026-02-30", "wrong-type"),
        ("2026-13-01", "wrong-type"), ("1899-12-31", "wrong-type"), ("2101-01-01", "wrong-type"), ("0001-01-01", "wrong-type"),
        ("yesterday", "wrong-type"), ("2026-01-05 00:00", "ambiguous-date"),
    ],
)  # fmt: skip
def test_days_that_are_refused(text: str, code: str) -> None:
    with pytest.raises(CellFault) as fault:
        date(text)
    assert fault.value.code == code


def test_every_day_of_two_centuries() -> None:
    day = dt.date(1900, 1, 1)
    while day.year < 2101:
        assert date(day.isoformat()) == day
        day += dt.timedelta(days=1)


@pytest.mark.parametrize(
    "character", ["\x00", "\n", "\r", "\t", "\x1b", "\u2028", "\u202e", "\u200f", "\ufeff", "\x85"]
)
def test_hidden_characters_are_refused(character: str) -> None:
    with pytest.raises(CellFault, match="control-character"):
        clean(f"a{character}b")


@pytest.mark.parametrize(
    ("terms", "due"),
    [("", "2026-01-15"), ("0", "2026-01-15"), ("30", "2026-02-14"), ("EOM", "2026-01-31"), ("EOM+10", "2026-02-10")],
)
def test_terms(terms: str, due: str) -> None:
    assert due_date(dt.date(2026, 1, 15), terms).isoformat() == due
