"""Charts as inline SVG: horizontal bars and lines, drawn with whole numbers and no script.

A chart shows what its table says: the bars keep the order of the rows, and the largest are drawn where there are too many.
"""

from __future__ import annotations

from decimal import Decimal
from html import escape

from beanstock.render.cells import heading, width
from beanstock.render.problems import safe
from beanstock.render.words import said
from beanstock.table import Chart, Column, Table

ZERO = Decimal(0)
WIDTH = 720
BARS = 15  # more than these are too many to read
_LABEL, _VALUE, _ROW = 220, 120, 24
_HEIGHT, _MARGIN = 220, 40
_COLOURS = ("#2b6cb0", "#c05621", "#2f855a", "#805ad5")


def as_svg(table: Table, chart: Chart, language: str) -> str:
    """A chart of a table; nothing where there is nothing to draw."""
    rows = [table.rows[at] for at in chart.rows if at < len(table.rows)] if chart.rows is not None else table.rows
    found = [(safe(str(row.get(chart.label) or "")), [_number(row.get(name)) for name in chart.values]) for row in rows]
    found = [(said(label, language), values) for label, values in found]
    if chart.kind == "lines":
        return _lines(table, chart, found, language) if len(found) > 1 else ""
    found = [one for one in found if any(one[1])]
    if len(found) > BARS:
        least = sorted((abs(values[0]) for _, values in found), reverse=True)[BARS - 1]
        found = [one for one in found if abs(one[1][0]) >= least][:BARS]
    return _bars(chart, found, language) if found else ""


def _number(cell: object) -> Decimal:
    return cell if isinstance(cell, Decimal) else ZERO


def _bars(chart: Chart, found: list[tuple[str, list[Decimal]]], language: str) -> str:
    """One bar a row; negative ones go to the left of a common zero."""
    values = [values[0] for _, values in found]
    low, high = min(ZERO, *values), max(ZERO, *values)
    room, span = WIDTH - _LABEL - _VALUE, (high - low) or Decimal(1)
    zero = _LABEL + int(-low * room / span)
    height = _ROW * len(found) + 4
    parts = [_open(height, chart, language)]
    for at, (label, (value, *_)) in enumerate(found):
        top = at * _ROW + 4
        length = int(abs(value) * room / span)
        left = zero if value >= 0 else zero - length
        colour = _COLOURS[0] if value >= 0 else _COLOURS[1]
        parts.append(
            f'<text x="{_LABEL - 8}" y="{top + 14}" text-anchor="end">{escape(_short(label))}</text>'
            f'<rect x="{left}" y="{top}" width="{max(1, length)}" height="{_ROW - 6}" fill="{colour}"/>'
            f'<text x="{max(left + length, zero) + 6}" y="{top + 14}">{value:,f}</text>'
        )
    parts.append(f'<line x1="{zero}" y1="0" x2="{zero}" y2="{height}" stroke="#888"/></svg>')
    return "".join(parts)


def _lines(table: Table, chart: Chart, found: list[tuple[str, list[Decimal]]], language: str) -> str:
    """One line a column over the rows, between the lowest and the highest value and zero."""
    every = [value for _, values in found for value in values]
    low, high = min(ZERO, *every), max(ZERO, *every)
    span, wide = (high - low) or Decimal(1), WIDTH - 2 * _MARGIN - _VALUE
    bottom = _HEIGHT - _MARGIN

    def down(value: Decimal) -> int:
        return bottom - int((value - low) * (bottom - 20) / span)

    step = [_VALUE + wide * at // (len(found) - 1) for at in range(len(found))]
    parts = [_open(_HEIGHT, chart, language)]
    for level in sorted({low, ZERO, high}):
        parts.append(
            f'<line x1="{_VALUE}" y1="{down(level)}" x2="{_VALUE + wide}" y2="{down(level)}" stroke="#ccc"/>'
            f'<text x="{_VALUE - 8}" y="{down(level) + 4}" text-anchor="end">{level:,f}</text>'
        )
    for column, name in enumerate(chart.values):
        points = " ".join(f"{x},{down(values[column])}" for x, (_, values) in zip(step, found, strict=True))
        colour = _COLOURS[column % len(_COLOURS)]
        named = next((one for one in table.columns if one.name == name), Column(name, "money"))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
            f'<text x="{_VALUE + 110 * column}" y="12" fill="{colour}">{escape(heading(named, language))}</text>'
        )
    for at in range(0, len(found), max(1, (len(found) + 3) // 4)):
        parts.append(
            f'<text x="{step[at]}" y="{bottom + 18}" text-anchor="middle">{escape(_short(found[at][0]))}</text>'
        )
    return "".join([*parts, "</svg>"])


def _open(height: int, chart: Chart, language: str) -> str:
    words = escape(said(chart.title, language), quote=True)
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{words}" xmlns="http://www.w3.org/2000/svg">'


def _short(label: str) -> str:
    """A label that fits beside its bar."""
    if width(label) <= 30:
        return label
    while width(label) > 29:
        label = label[:-1]
    return label + "…"
