"""Row 8: date literals: one strict form, equal to the calendar, or refused."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from beanstock.imports.functions import to_day
from beanstock.records.cells import CellFault

REAL = [
    "2026-01-05",
    "1900-01-01",
    "2100-12-31",
    "2024-02-29",
    "2000-02-29",
    "2026-12-31",
    " 2026-01-05 ",
    "1970-01-01",
    "2038-01-19",
]
_ORDER = ["05/01/2026", "01/05/2026", "5/1/2026", "5/1/26", "05.01.2026", "5.1.26", "05-01-2026", "5-1-2026", "05 01 2026", "2026/01/05", "2026/1/5", "2026.01.05", "2026.1.5", "2026 01 05", "2026-1-5", "2026-01-5", "2026-1-05", "26-01-05", "260105",
          "20260105", "05012026", "01052026", "2026年1月5日", "2026年01月05日", "26年1月5日", "二〇二六年一月五日", "令和8年1月5日", "民國115年1月5日", "２０２６-０１-０５", "2026－01－05", "2026–01–05", "2026—01—05", "2026−01−05", "٢٠٢٦-٠١-٠٥"]  # fmt: skip
_WORDS = ["5 Jan 2026", "Jan 5, 2026", "January 5, 2026", "5 January 2026", "5-Jan-2026", "05-JAN-26", "Mon 5 Jan 2026", "Monday, January 5, 2026", "5. Januar 2026", "today", "yesterday", "tomorrow", "now", "Q1 2026", "2026-Q1", "2026-H1", "week 2", "2026W02", "2026-W02",
          "2026-W02-1", "2026W021", "2026-005", "2026005", "2026-01", "2026", "01-05", "--01-05", "1/5", "Jan", "EOM", "n/a", "-", "?", "x", "null", "None", "NaT"]  # fmt: skip
_TIMES = ["2026-01-05 00:00", "2026-01-05 00:00:00", "2026-01-05T00:00:00", "2026-01-05T00:00:00Z", "2026-01-05T00:00:00+02:00", "2026-01-05 12:00 AM", "2026-01-05T", "2026-01-05 ", "2026-01-05Z", "2026-01-05+02:00", "1767571200", "1767571200000", "1.7e9",
          "2026-01-05 00:00:00.000", "12:30", "12:30:45"]  # fmt: skip
_SERIALS = [*(str(number) for number in (0, 1, 2, 58, 59, 60, 61, 62, 366, 367, 1461, 1462, 1463, 25568, 25569, 36526, 42369, 43831, 44561, 44562, 45658, 46027, 46028, 47483, 65380, 65381, 73050, 73415, 2958465, 2958466)),
            "46027.0", "46027.5", "46,027", "-1", "60.0", "0.5", "46027.999988426"]  # fmt: skip
_IMPOSSIBLE = ["2026-00-05", "2026-13-05", "2026-01-00", "2026-01-32", "2026-02-29", "2026-02-30", "2025-02-29", "1900-02-29", "2100-02-29", "2026-04-31", "2026-06-31", "2026-09-31", "2026-11-31", "0000-01-01", "0001-01-01", "0999-12-31", "1899-12-31", "1899-12-30",
               "2101-01-01", "9999-12-31", "10000-01-01", "12026-01-05", "-2026-01-05", "+2026-01-05", "+002026-01-05", "2026-1-1-1", "2026-01-05-", "-2026-01-05", "2026--01-05", "2026-01--05", "2026-01-05.", "2026-0１-05"]  # fmt: skip
_DIRTY = ["2026-01-05\n", "2026-01-05\x00", "\u200e2026-01-05", "2026\u201001\u201005", "2026\u201101\u201105", "2026-01-05\u200b", "\ufeff2026-01-05", "2026-\n01-05", "2026-01-05\x1b", "'2026-01-05", '"2026-01-05"', "=2026-01-05", "=DATE(2026,1,5)", "=TODAY()",
          "2026-01-05;", "2026-01-05,", "#2026-01-05", "2026-01-05#", "(2026-01-05)", "2026_01_05", "2026:01:05", "2026\\01\\05", "2026-O1-O5", "2026-l-5", "2O26-01-05", "2026-01-05x", "x2026-01-05", "2026-01-0५"]  # fmt: skip
FALSE_DAYS = list(dict.fromkeys([*_ORDER, *_WORDS, *(one for one in _TIMES if one.strip() != "2026-01-05"), *_SERIALS, *_IMPOSSIBLE, *_DIRTY, *(f"{month:02d}/{day:02d}/2026" for month in range(1, 13) for day in (1, 5, 12, 13, 28, 31)),
                                *(f"2026.{month}.{day}" for month in range(1, 13) for day in (1, 9, 15, 31))]))  # fmt: skip
STYLES = ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y", "%Y%m%d", "%d-%b-%Y", "%Y年%m月%d日"]


def test_date_literals(cells: dict[str, Any]) -> None:
    """300 literals. Oracle: the day of an ISO text of 1900 to 2100 that exists; everything else, serials and the false leap day
    60 among them, is CellFault.
    """
    assert len(REAL) + len(FALSE_DAYS) >= 300
    for text in REAL:
        year, month, day = map(int, text.strip().split("-"))
        assert cells["date"][text] == dt.date(year, month, day)
    for text in FALSE_DAYS:
        with pytest.raises(CellFault):
            print(repr(text), cells["date"][text])


def test_days(release: bool, chance: random.Random, cells: dict[str, Any]) -> None:
    """4,000 days of 1900 to 2100 in 8 styles. Oracle: ISO gives the day, the other seven are refused in records, and a mapping
    that declares the style gives the day. Release: all 73,414.
    """
    first, last = dt.date(1900, 1, 1).toordinal(), dt.date(2100, 12, 31).toordinal()
    numbers = range(first, last + 1) if release else chance.sample(range(first, last + 1), 4000)
    for number in numbers:
        day = dt.date.fromordinal(number)
        for style in STYLES:
            text = day.strftime(style)
            if style == "%Y-%m-%d":
                assert cells["date"][text] == day
            else:
                with pytest.raises(CellFault):
                    print(text, cells["date"][text])
            assert to_day(text, style) == day.isoformat()
