"""The pages show real output: every console block is run again and compared.

`python tests/test_docs.py --update` writes the outputs anew. A block is a list of commands, each followed by what it
printed; blocks of one page run one after the other in one new folder. A block behind a line that is only a file's name
in backquotes is that file, and is written where the commands run.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "docs/README.zh.md", "docs/MONTH.md", "docs/OWN-KINDS.md")
# git's own configuration does not count, and it is always the same day
ENVIRONMENT = {
    "COLUMNS": "120",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_DATE": "2026-05-04T09:00:00Z",
    "GIT_COMMITTER_DATE": "2026-05-04T09:00:00Z",
    "SOURCE_DATE_EPOCH": "1777885200",
}
_BLOCK = re.compile(r"(?:^`([\w./-]+)`\n\n)?```(\w+)\n(.*?)```", re.DOTALL | re.MULTILINE)


def rendered(page: str) -> str:
    """The page with the outputs that its commands give today."""
    text = (ROOT / page).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)

        def run(block: re.Match[str]) -> str:
            nonlocal where
            if block[1]:
                (where / block[1]).parent.mkdir(parents=True, exist_ok=True)
                (where / block[1]).write_text(block[3], encoding="utf-8")
            if block[2] != "console":
                return block[0]
            lines = ["```console"]
            for command in re.findall(r"^\$ (.*)$", block[3], re.MULTILINE):
                lines.append(f"$ {command}")
                if command.startswith("cd "):
                    where /= command[3:]
                else:
                    lines += output(command, where).splitlines()
            return "\n".join([*lines, "```"])

        return _BLOCK.sub(run, text)


def output(command: str, where: Path) -> str:
    """What a command prints, without trailing blanks, stderr behind stdout."""
    arguments = shlex.split(command)
    if arguments[0] == "beanstock":
        arguments[:1] = [sys.executable, "-c", "from beanstock.app import main; main()"]
    environment = {**os.environ, **ENVIRONMENT}
    done = subprocess.run(arguments, cwd=where, capture_output=True, text=True, check=False, env=environment)
    return "\n".join(line.rstrip() for line in (done.stdout + done.stderr).rstrip().splitlines())


@pytest.mark.parametrize("page", PAGES)
def test_pages_show_what_the_program_prints(page: str) -> None:
    assert rendered(page) == (ROOT / page).read_text(encoding="utf-8"), (
        f"run python tests/test_docs.py --update, and read the diff of {page}"
    )


@pytest.mark.parametrize("page", [*PAGES, *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))])
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / link).exists(), f"{page}: {link}"


if __name__ == "__main__" and "--update" in sys.argv:
    for name in PAGES:
        (ROOT / name).write_text(rendered(name), encoding="utf-8")
