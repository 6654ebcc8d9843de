"""`beanstock rules schema`: JSON Schemas for editors, of all that people write in YAML."""

from __future__ import annotations

import json
from pathlib import Path

from beanstock.books import FILE, find_folder
from beanstock.commands.options import Options, finish
from beanstock.files.forms import Schema
from beanstock.problems import errors, problem, suggest
from beanstock.rulebook.load import kinds_of
from beanstock.rulebook.schemas import schemas


def print_schema(options: Options, name: str, into: Path | None) -> int:
    """Print one schema, or the names; or write all to a folder; the exit code.

    In a books folder the company's own kinds of documents have theirs, too.
    """
    folder = options.folder or find_folder(Path.cwd()) or Path.cwd()
    kinds, problems = kinds_of(folder if (folder / FILE).is_file() else None, {})
    if errors(problems):
        return finish(options, problems)
    made = schemas(kinds)
    if into is not None:
        try:
            for one, schema in made.items():
                path = into / f"{one}.schema.json"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(schema_text(schema), encoding="utf-8", newline="\n")
        except OSError as fault:
            facts = {"path": str(fault.filename or into), "detail": fault.strerror}
            return finish(options, [problem("cannot-write", None, **facts)])
        print(f"{len(made)} schemas in {into}")  # noqa: T201
        return 0
    if not name:
        print("\n".join(made))  # noqa: T201
        return 0
    if name not in made:
        known = ", ".join(one for one in made if "/" not in one) + ", records/KIND"
        facts = {"what": "schema", "name": name, "known": known, "suggestion": suggest(name, made)}
        return finish(options, [problem("unknown-pack", None, **facts)])
    print(schema_text(made[name]), end="")  # noqa: T201
    return 0


def schema_text(schema: Schema) -> str:
    """A schema as it stands in a file."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
