"""Progress of long work: a line on a terminal, nothing elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

PATIENCE = 700_000_000  # nanoseconds that may pass before a progress line is worth showing


@contextlib.contextmanager
def progress(title: str) -> Iterator[Callable[[str], None] | None]:
    """Something to tell each step to; it shows the step and the time on a terminal's stderr once the work takes long."""
    if not sys.stderr.isatty():
        yield None
        return
    begin = time.perf_counter_ns()
    with contextlib.ExitStack() as stack:
        shown: list[Callable[[str], None]] = []

        def tell(step: str) -> None:
            if not shown and time.perf_counter_ns() - begin > PATIENCE:
                shown.append(_line(stack, title))
            if shown:
                shown[0](step)

        yield tell


def _line(stack: contextlib.ExitStack, title: str) -> Callable[[str], None]:
    from rich.console import Console  # noqa: PLC0415 only long work on terminals pays for it
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    bar = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
    task = bar.add_task(title, total=None)
    return lambda step: bar.update(task, description=f"{title}: {step}")
