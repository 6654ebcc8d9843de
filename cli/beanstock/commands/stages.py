"""How long each part of a run took, for `-v` and the benchmark, and who is told when a part begins."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Stages:
    """Nanoseconds by stage. `told` hears the name of each stage as it begins."""

    spent: dict[str, int] = field(default_factory=dict)
    told: Callable[[str], None] | None = None
    _name: str = ""
    _since: int = 0

    def begin(self, name: str, of: str = "") -> None:
        """End the stage that runs, and begin another; a name that comes again adds up. `of` is what it works on."""
        now = time.perf_counter_ns()
        if self._name:
            self.spent[self._name] = self.spent.get(self._name, 0) + now - self._since
        self._name, self._since = name, now
        if self.told is not None and name:
            self.told(f"{name} {of}".rstrip())

    def end(self) -> None:
        """End the stage that runs."""
        self.begin("")

    def show(self, lines: int, carried: int = 0) -> None:
        """Print milliseconds, and microseconds per record line that was read, by stage to stderr; and months `carried`."""
        for name, spent in [*self.spent.items(), ("all", sum(self.spent.values()))]:
            each = f"{spent // max(1, lines) / 1000:8.1f} µs a line" if lines else ""
            sys.stderr.write(f"{name:<12} {spent // 1_000_000:>8} ms {each}\n")
        if carried:
            sys.stderr.write(f"{'carried':<12} {carried:>8} closed months that were not computed again\n")
