"""Who signs and when: the only place that reads the clock, for approvals and closed periods; no figure depends on it."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

from beanstock.files.git import identity


def signature(folder: Path) -> tuple[str, str]:
    """The person by git's configuration, and the instant in UTC. Raises GitFault where git knows nobody.

    SOURCE_DATE_EPOCH (seconds since 1970), where it is set, stands for the clock.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(given) if given.isascii() and given.isdigit() and len(given) < 12 else int(time.time())
    return str(identity(folder)), dt.datetime.fromtimestamp(seconds, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
