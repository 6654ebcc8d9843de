"""YAML as text: nothing is guessed, nothing hides, and every value knows where it stands."""

from __future__ import annotations

import time

import pytest

from beanstock.files.yamltext import Map, parse, parse_map


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "010",
        "00123",
        "12:30",
        "1.10",
        "1e3",
        "~",
        "null",
        "2026-01-05",
        "0x1F",
        "yes",
        ".inf",
        "1_000",
        "=",
        "<<",
    ],
)
def test_scalars_stay_text(text: str) -> None:
    tree, problems = parse_map(f"key: {text}\n", "x.yaml")
    assert not problems
    assert tree["key"] == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: 1\na: 2\n", "duplicate-key"),
        ("a: &x 1\nb: *x\n", "bad-yaml"),
        ("a: !!python/object:os.system 1\n", "bad-yaml"),
        ("a: !!str 1\n", "bad-yaml"),
        ("a: [1\n", "bad-yaml"),
        ("a: 1\n---\nb: 2\n", "bad-yaml"),
        ("? [a, b]\n: 1\n", "bad-yaml"),
        ("\t- a\n", "bad-yaml"),
        ("a: " + "[" * 500 + "]" * 500, "bad-yaml"),
        ("- 1\n", "bad-yaml"),
        ("just text\n", "bad-yaml"),
    ],
)
def test_what_is_refused(text: str, code: str) -> None:
    begin = time.perf_counter()
    _, problems = parse_map(text, "x.yaml")
    assert [one.code for one in problems][:1] == [code]
    assert time.perf_counter() - begin < 1


def test_an_alias_bomb_is_refused() -> None:
    bomb = 'a: &a ["lol"]\n' + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)}]\n" for i in range(20)
    )
    _, problems = parse(bomb, "x.yaml")
    assert problems[0].code == "bad-yaml"


def test_positions() -> None:
    tree, _ = parse_map("one: 1\ntwo:\n  - {three: 四}\n", "x.yaml")
    assert tree.value_place("x.yaml", "one")[:3] == ("x.yaml", 1, 6)
    inner = tree["two"][0]
    assert isinstance(inner, Map)
    assert inner.value_place("x.yaml", "three")[:3] == ("x.yaml", 3, 13)
    assert parse_map("", "x.yaml") == ({}, [])
