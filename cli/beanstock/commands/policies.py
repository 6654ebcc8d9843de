"""`beanstock policies`: every policy and setting with its value, where that comes from, and what it decides."""

from __future__ import annotations

import sys

from beanstock.commands.options import Options, finish, letterhead, opened
from beanstock.policies import POLICIES
from beanstock.problems import errors
from beanstock.render.meanings import MEANINGS
from beanstock.render.tables import render
from beanstock.table import Cell, Column, Table


def policies(options: Options) -> int:
    """Print the policies in force; the exit code."""
    books, problems = opened(options)
    if books is None or errors(problems):
        return finish(options, problems)
    for_people = options.form in ("table", "md")  # data never changes with the language
    meanings = MEANINGS.get(books.language, {}) if for_people else {}
    rows: list[dict[str, Cell]] = [
        {
            "key": key,
            "value": one.value,
            "origin": one.origin,
            "values": ", ".join(POLICIES[key].values),
            "meaning": meanings.get(key, POLICIES[key].meaning),
        }
        for key, one in books.policies.items()
    ]
    rows += [
        {
            "key": f"settings.{key}",
            "value": one.value,
            "origin": one.origin,
            "values": books.declared[key].allowed,
            "meaning": books.declared[key].meaning,
        }
        for key, one in books.settings.items()
    ]
    columns = [Column(name, "text") for name in ("key", "value", "origin", "values", "meaning")]
    render(Table("policies", "Policies", columns, rows), options.form, letterhead(books), sys.stdout)
    return finish(Options(options.folder), problems, books) if problems else 0
