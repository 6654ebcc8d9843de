"""`beanstock init`: a new books folder, empty or with a sample's records to go on with."""

from __future__ import annotations

from pathlib import Path

from beanstock.books import CURRENCY, FILE, packs, shipped
from beanstock.commands.options import Options, finish
from beanstock.files.commit import Locked, commit, writer
from beanstock.files.decode import HIDDEN_OR_BREAK, real
from beanstock.problems import Problem, problem, suggest
from beanstock.render.problems import safe

_IGNORE = ".beanstock-commit/\n"  # what an interrupted run leaves to the next one


def init(folder: Path, pack: str, sample: str, currency: str, company: str) -> int:
    """Make a books folder; what is already there is never overwritten. The exit code."""
    problems = _misuse(pack, sample, currency, company)
    if problems:
        return finish(Options(), problems)
    files = {".gitignore": _IGNORE.encode()}
    if sample:
        source = shipped() / "samples" / sample
        files.update(
            {
                path.relative_to(source).as_posix(): path.read_bytes()
                for path in sorted(source.rglob("*"))
                if path.is_file()
            }
        )
        files[FILE] = _adapted(files[FILE].decode(), pack, currency, company).encode()
    else:
        files[FILE] = _settings(pack or "ifrs", currency or "EUR", company or real(folder).name).encode()
    try:
        with writer(folder):  # which finishes what an interrupted init left, so only then is the folder judged
            problems = _in_use(folder)
            if problems:
                return finish(Options(), problems)
            commit(folder, files)
    except Locked:
        return finish(Options(), [problem("locked", None, folder=str(folder))])
    except OSError as fault:
        return finish(
            Options(), [problem("cannot-write", None, path=str(fault.filename or folder), detail=fault.strerror)]
        )
    print(safe(f"made {folder}/ with {len(files)} files; next: beanstock post {folder}"))  # noqa: T201
    return 0


def _in_use(folder: Path) -> list[Problem]:
    """Books are made in a folder that holds none. Problems: folder-in-use."""
    taken = [name for name in (FILE, "records", "ledgers") if (folder / name).exists()]
    return [problem("folder-in-use", None, folder=str(folder), what=name) for name in taken]


def _misuse(pack: str, sample: str, currency: str, company: str) -> list[Problem]:
    problems: list[Problem] = []
    samples = sorted(path.parent.name for path in (shipped() / "samples").glob(f"*/{FILE}"))
    if pack and pack not in packs():
        problems.append(
            problem(
                "unknown-pack",
                None,
                what="pack",
                name=pack,
                known=", ".join(packs()),
                suggestion=suggest(pack, packs()),
            )
        )
    if sample and sample not in samples:
        problems.append(
            problem(
                "unknown-pack",
                None,
                what="sample",
                name=sample,
                known=", ".join(samples),
                suggestion=suggest(sample, samples),
            )
        )
    if HIDDEN_OR_BREAK.search(company):
        allowed = "plain text in one line"
        problems.append(problem("wrong-option", None, option="--company", value=company, allowed=allowed))
    if currency and not CURRENCY.fullmatch(currency):
        problems.append(
            problem("wrong-option", None, option="--currency", value=currency, allowed="a code such as EUR or CNY")
        )
    return problems


def _settings(pack: str, currency: str, company: str) -> str:
    quoted = company.replace("'", "''")
    return f"company: '{quoted}'\npack: {pack}\ncurrency: {currency}\n"


def _adapted(text: str, pack: str, currency: str, company: str) -> str:
    """A sample's beanstock.yaml with what the command line says instead."""
    given = {"pack": pack, "currency": currency, "company": "'" + company.replace("'", "''") + "'" if company else ""}
    lines = []
    for line in text.splitlines():
        key = line.split(":", 1)[0]
        lines.append(f"{key}: {given[key]}" if given.get(key) else line)
    return "\n".join(lines) + "\n"
