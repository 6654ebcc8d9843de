"""Problems for people and for programs.

For people in hledger's order: where, what, the excerpt with a caret, why, and what to do.
"""

from __future__ import annotations

import json
import unicodedata
from typing import TextIO

from beanstock.files.decode import HIDDEN, HIDDEN_OR_BREAK, character_name
from beanstock.problems import Place, Problem

_COLOURS = {"error": "bold red", "warning": "yellow", "note": "cyan"}
SHOWN_AT_MOST = 100


def show_problems(problems: list[Problem], stream: TextIO) -> None:
    """Print problems to a stream, errors last so that they stand nearest to the prompt."""
    if not problems:
        return
    ordered = sorted(problems, key=lambda one: ("note", "warning", "error").index(one.severity))
    left_out = max(0, len(ordered) - SHOWN_AT_MOST)
    if stream.isatty():
        from rich.console import Console  # noqa: PLC0415 only terminals pay for it
        from rich.text import Text  # noqa: PLC0415

        console = Console(file=stream, highlight=False)
        for one in ordered[left_out:]:
            text = Text(problem_text(one) + "\n")
            text.highlight_regex(rf"\b{one.severity}: \S+", _COLOURS[one.severity])
            console.print(text, soft_wrap=True)
    else:
        for one in ordered[left_out:]:
            stream.write(problem_text(one) + "\n\n")
    counts = [
        f"{sum(one.severity == severity for one in problems)} {severity}s" for severity in ("error", "warning", "note")
    ]
    more = f" ({left_out} not shown; --format json has all)" if left_out else ""
    stream.write(
        ", ".join(count if not count.startswith("1 ") else count[:-1] for count in counts if not count.startswith("0 "))
        + more
        + "\n"
    )


def problem_text(one: Problem) -> str:
    """A problem as plain text of a few lines."""
    lines = [f"{position(one.place)}{one.severity}: {one.code}: {safe(one.message)}"]
    if one.place is not None and one.place.excerpt.strip():
        lines += excerpt(one.place)
    lines += [f"  {safe(text)}" for text in (one.reason, one.remedy) if text.strip()]
    return "\n".join(lines)


def position(place: Place | None) -> str:
    """`path:line:column: `, as far as it is known."""
    if place is None:
        return ""
    numbers = f":{place.line}:{place.column}" if place.column else f":{place.line}" if place.line else ""
    return f"{safe(place.path)}{numbers}: "


def excerpt(place: Place) -> list[str]:
    """The line with a caret under the place; wide characters take two columns."""
    text = safe(place.excerpt)
    start = max(0, place.column - 1)
    if len(text) > 110:
        cut = max(0, start - 40)
        text = ("…" if cut else "") + text[cut : cut + 100] + "…"
        start -= cut - (1 if cut else 0)
    gutter = f"{place.line:>5} | "
    indent = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text[:start])
    marked = text[start : start + place.width]
    width = max(1, sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in marked))
    return [gutter + text, " " * (len(gutter) - 2) + "| " + " " * indent + "^" * width]


def safe(text: str) -> str:
    """Text without characters that could command a terminal or hide something; each becomes its name."""
    return HIDDEN_OR_BREAK.sub(lambda match: f"<{character_name(match[0])}>", text)


def problems_json(problems: list[Problem], summary: str = "") -> str:
    """Problems as JSON: code, severity, path, line, column, message, reason, remedy."""
    return json_text({"summary": summary, "problems": [as_dict(one) for one in problems]})


def json_text(tree: object) -> str:
    """JSON for people and programs: letters stay as they are, hidden characters are written as escapes."""
    return escaped(json.dumps(tree, ensure_ascii=False, indent=1))


def escaped(text: str) -> str:
    """JSON with its hidden characters written as escapes."""
    return HIDDEN.sub(lambda match: json.dumps(match[0])[1:-1], text)


def as_dict(one: Problem) -> dict[str, str | int | None]:
    """One problem as JSON values; line and column are null where they are not known."""
    place = one.place or Place("")
    return {
        "code": one.code,
        "severity": one.severity,
        "path": place.path or None,
        "line": place.line or None,
        "column": place.column or None,
        "message": one.message,
        "reason": one.reason,
        "remedy": one.remedy,
    }
