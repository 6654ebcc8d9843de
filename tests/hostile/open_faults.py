"""Faults of the program that are not repaired yet, each with a test that waits for its repair."""

from __future__ import annotations

import pytest


def known(reason: str) -> pytest.MarkDecorator:
    """The mark of such a test; strict, so that the repair takes the mark away."""
    return pytest.mark.xfail(strict=True, reason=reason)
