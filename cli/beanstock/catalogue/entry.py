"""What the catalogue says of a code."""

from __future__ import annotations

from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]
REPAIR = "Repair the record and run again."


class Entry(NamedTuple):
    """A code's texts."""

    severity: Severity
    what: str
    why: str
    remedy: str
