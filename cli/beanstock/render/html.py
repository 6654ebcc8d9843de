"""Tables as one self-contained page: styles and charts inside, no script, nothing fetched from anywhere."""

from __future__ import annotations

from html import escape

from beanstock.render.cells import (
    NUMBERS,
    Letterhead,
    columns_for_people,
    footnotes,
    heading,
    shown_column,
    subtitle,
    title,
    with_totals,
    worded,
)
from beanstock.render.charts import as_svg
from beanstock.render.problems import safe
from beanstock.table import Cell, Table

# the page may not load or run anything, whatever a record says
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
body { font: 14px/1.45 system-ui, "Noto Sans CJK SC", sans-serif; color: #1a202c; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th { text-align: left; border-bottom: 2px solid #4a5568; padding: .3rem .6rem; vertical-align: bottom; }
td { border-bottom: 1px solid #e2e8f0; padding: .2rem .6rem; vertical-align: top; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; } .minus { color: #c53030; }
.s td { font-weight: 600; border-top: 1px solid #4a5568; } .l1 { padding-left: 1.6rem; } .l2 { padding-left: 2.8rem; } .l3 { padding-left: 4rem; }
svg { width: 100%; max-width: 45rem; height: auto; margin: .8rem 0; font-size: 12px; } .note { color: #4a5568; }
@media print { body { margin: 0; max-width: none; } tr, svg { break-inside: avoid; } h2 { break-after: avoid; } }
"""


def as_html(tables: list[Table], head: Letterhead) -> str:
    """A page of one or more tables; with several, a list of them at the top."""
    company = escape(safe(head.company))
    name = escape(title(tables[0], head)) if len(tables) == 1 else company
    parts = [
        f'<!DOCTYPE html>\n<html lang="{escape(head.language, quote=True)}">\n<head>\n<meta charset="utf-8">\n',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        f"<title>{name}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{company}</h1>\n",
    ]
    if len(tables) > 1:
        links = (
            f'<li><a href="#{escape(one.report, quote=True)}">{escape(safe(worded(one.title, head.language)))}</a></li>'
            for one in tables
        )
        parts.append(f"<ul>{''.join(links)}</ul>\n")
    parts += [_section(one, head) for one in tables]
    return "".join([*parts, "</body>\n</html>\n"])


def _section(table: Table, head: Letterhead) -> str:
    columns, rows = columns_for_people(table), with_totals(table, head.language)
    parts = [f'<section id="{escape(table.report, quote=True)}">\n<h2>{escape(subtitle(table, head))}</h2>\n']
    parts += [drawn + "\n" for chart in table.charts if (drawn := as_svg(table, chart, head.language))]
    heads = (
        ("<th class='n'>" if column.type in NUMBERS else "<th>") + f"{escape(heading(column, head.language))}</th>"
        for column in columns
    )
    parts.append(f'<div class="wide"><table>\n<thead><tr>{"".join(heads)}</tr></thead>\n<tbody>\n')
    cells = [
        [
            _cell(text, row, column.type in NUMBERS, indent=column.name == "label")
            for text, row in zip(texts, rows, strict=True)
        ]
        for column in columns
        for texts in [shown_column(rows, column, head.language)]
    ]
    for at, row in enumerate(zip(*cells, strict=True)):
        strong = ' class="s"' if rows[at].get("level") == 0 or at >= len(table.rows) else ""
        parts.append(f"<tr{strong}>{''.join(row)}</tr>\n")
    parts.append("</tbody></table></div>\n")
    parts += [f'<p class="note">{escape(note)}</p>\n' for note in footnotes(table, head.language)]
    return "".join([*parts, "</section>\n"])


def _cell(text: str, row: dict[str, Cell], number: bool, *, indent: bool) -> str:
    level = row.get("level")
    if number:
        classes = "n minus" if text.startswith("-") and len(text) > 1 else "n"
    else:
        classes = f"l{min(level, 3)}" if indent and isinstance(level, int) and level else ""
    shown = escape(text.strip() if indent else text)
    return f'<td class="{classes}">{shown}</td>' if classes else f"<td>{shown}</td>"
