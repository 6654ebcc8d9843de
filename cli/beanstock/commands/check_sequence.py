"""The check `sequence` of `check`: no number stands twice, and none of the books' own numbers is missing."""

from __future__ import annotations

from collections.abc import Iterable

from beanstock.model import Document
from beanstock.problems import Problem, problem
from beanstock.records.kinds import Kinds
from beanstock.records.sequence import Gap, gaps

TWICE = ("conflicting-document", "repeated-document")
MISSING = "missing-numbers"  # where the kind or the policy says `sequence: strict`
_TOLD = 5  # names of one gap, and gaps of one kind; the rest is counted


def check_sequence(documents: Iterable[Document], kinds: Kinds, usual: str) -> list[Problem]:
    """What is missing, at the document behind the gap. Problems: missing-numbers, missing-numbers-warning."""
    problems: list[Problem] = []
    by_kind: dict[str, list[Gap]] = {}
    for gap in gaps(documents, kinds, usual):
        by_kind.setdefault(gap.before.kind, []).append(gap)
    for kind, found in by_kind.items():
        for position, gap in enumerate(found[:_TOLD], start=1):
            code = "missing-numbers" if gap.strict else "missing-numbers-warning"
            names = ", ".join(gap.names[:_TOLD]) + (f" and {gap.count - _TOLD} more" if gap.count > _TOLD else "")
            if position == _TOLD < len(found):
                names += f", and more in {len(found) - _TOLD} further gaps of {kind}"
            facts = {"names": names, "document": gap.before.reference}
            problems.append(problem(code, gap.before.place("number"), **facts))
    return problems
