"""`make bench`: what a trading year costs, by stage, size and peer.

    make bench                        50,000, 100,000 and 200,000 record lines
    make bench ARGS="1000000"         other sizes
    make bench ARGS="--repeat 5"      more runs of each (the best is shown, with the spread)
    make bench ARGS=--reports         every report on a year of about 100,000 vouchers, a third of them payments
    make bench ARGS="--plain"         purchases and sales alone
    make bench ARGS="--closed"        six years, five of them closed: posting goes on from the closed ones

Everything runs in processes of its own, as a user would start it (from the second time on: modules are compiled); times
are wall clock, memory the kernel's peak.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from generate import write_books, write_foreign

BEANSTOCK = [sys.executable, "-c", "from beanstock.app import main; main()"]
BARE = "import typer\napp = typer.Typer(rich_markup_mode=None, add_completion=False)\n@app.callback()\ndef top() -> None:\n  '''Help.'''\n@app.command()\ndef one() -> None:\n  '''One.'''\napp()\n"
WARM = (
    "trial-balance", "balance-sheet", "income-statement", "cash-flow", "stock", "stock-moves", "stock-aging", "receivables", "payables",
    "margins", "ratios", "budget", "forecast",
)  # fmt: skip

REPORTED = (
    *WARM, "cash-flow-indirect", "trial-balance --by item", "income-statement --by customer", "margins --by customer", "receivables --by partner",
    "receivables --format json", "statement-of-account --partner C001", "ledger --account bank --period 2026-12", "cash-flow --period 2026-12",
)  # fmt: skip


def seconds(command: list[str], **options: object) -> tuple[float, str]:
    """Wall-clock seconds of a command and what it wrote to stderr; it must succeed."""
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    spent = time.perf_counter() - begin
    if done.returncode:
        sys.exit(f"{' '.join(command[:6])}: {done.stderr[-2000:]}{done.stdout}")
    return spent, done.stderr


def best(repeat: int, run: Callable[[], tuple[float, str]]) -> tuple[float, float, str]:
    """The best of several runs, the worst, and the best one's stderr."""
    runs = sorted((run() for _ in range(repeat)), key=lambda one: one[0])
    return runs[0][0], runs[-1][0], runs[0][1]


def post(folder: Path, lines: int, repeat: int) -> float:
    """Post a year from nothing, and print the stages."""

    def run() -> tuple[float, str]:
        shutil.rmtree(folder / "ledgers", ignore_errors=True)
        return seconds([*BEANSTOCK, "post", "-v", str(folder)])

    spent, worst, stages = best(repeat, run)
    print(
        f"\n{lines:,} lines: post {spent:.2f} s ({worst:.2f} at worst of {repeat}), {spent / lines * 1e6:.1f} µs a line all included"
    )
    for name, each in re.findall(r"^(\w+) +\d+ ms +([\d.]+) µs", stages, re.MULTILINE):
        print(f"  {name:<12} {each:>6} µs a line")
    print(f"  peak memory  {peak([*BEANSTOCK, 'post', '--dry-run', str(folder)]):,.0f} MB")
    again, _, _ = best(repeat, lambda: seconds([*BEANSTOCK, "post", str(folder)]))
    print(f"  post again, nothing changed: {again:.2f} s")
    return spent


def peak(command: list[str]) -> float:
    """Peak resident memory of a command in MB, measured in a process that runs nothing else."""
    code = f"import resource, subprocess; subprocess.run({command!r}, stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024


def reports(folder: Path, repeat: int) -> None:
    """Cold (no index) and warm times of reports, and of check."""
    shutil.rmtree(os.environ["XDG_CACHE_HOME"], ignore_errors=True)
    cold, _ = seconds([*BEANSTOCK, "report", "trial-balance", str(folder)])
    vouchers = sum(path.read_text().count("\n  document: ") for path in (folder / "ledgers").glob("2*.bean"))
    print(f"  reports of {vouchers:,} vouchers: cold {cold:.2f} s; warm", end="")
    for name in WARM:
        spent, _, _ = best(repeat, lambda name=name: seconds([*BEANSTOCK, "report", name, str(folder)]))  # type: ignore[misc]
        print(f" {name} {spent:.2f}", end="")
    print(" s")


def every_report(folder: Path, repeat: int) -> None:
    """Wall clock and processor seconds of every report, warm, with start-up, off a terminal."""
    write_books(folder, 330_000, plain=True, paid=True)
    seconds([*BEANSTOCK, "post", str(folder)])
    vouchers = sum(path.read_text().count("\n  document: ") for path in (folder / "ledgers").glob("2*.bean"))
    cold, _ = seconds([*BEANSTOCK, "report", "trial-balance", str(folder)])
    print(f"{vouchers:,} vouchers; the first report, which fills the index: {cold:.1f} s")
    for name in REPORTED:
        walls, spent = [], []
        for _ in range(repeat):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            walls.append(seconds([*BEANSTOCK, "report", *name.split(), "--books", str(folder)])[0])
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        print(f"  {name:<40} {min(walls):.2f} s, processor {min(spent):.2f} s", flush=True)


def closed_years(folder: Path, repeat: int) -> None:
    """Post the sixth year of books, with nothing closed, and with five years closed that were noted or not."""
    write_books(folder, 20_000, plain=True, settled=True, years=6)
    lines = sum(path.read_text().count("\n") - 1 for path in (folder / "records").rglob("*/*.csv"))
    last = folder / "records" / "sales" / "2031-12.csv"
    rows = last.read_text().splitlines(keepends=True)
    post_ = [*BEANSTOCK, "post", str(folder)]
    seconds(post_)

    def run(*, noted: bool) -> tuple[float, str]:
        """Post after a change of the last sale."""
        if not noted:
            shutil.rmtree(os.environ["XDG_CACHE_HOME"], ignore_errors=True)
        price = rows[-1].rpartition(",")[0]
        last.write_text("".join([*rows[:-1], f"{price},{random.randint(100, 900)}.00\n"]))
        return seconds(post_)

    for months, cases in ((0, (False,)), (60, (False, True))):
        close_months(folder, months)
        for noted in cases:
            spent, worst, _ = best(repeat, lambda noted=noted: run(noted=noted))  # type: ignore[misc]
            used = peak(post_)
            name = f"{months} of 72 months closed" + (
                ", noted" if noted else ", everything computed and noted" if months else ""
            )
            print(
                f"{lines:,} lines, {name}: {spent:.2f} s ({worst:.2f} at worst of {repeat}); peak memory when posted again {used:.0f} MB"
            )


def close_months(folder: Path, months: int) -> None:
    """Close months as `close` does, without proving each: the books are made by the program."""
    os.environ |= {"GIT_COMMITTER_NAME": "Bench", "GIT_COMMITTER_EMAIL": "bench@example.org"}
    code = (
        "import sys; from pathlib import Path; from beanstock.commands.close import _promise; "
        "from beanstock.commands.compute import prepare; from beanstock.commands.options import Options, opened; "
        "books = opened(Options(Path(sys.argv[1])))[0]; run = prepare(books, hashed=True); "
        "months = sorted(path.stem for path in books.ledgers.glob('2*.bean'))[: int(sys.argv[2])]; "
        "[_promise(books, run, month) for month in months]"
    )
    seconds([sys.executable, "-c", code, str(folder), str(months)])


def peers(folder: Path) -> None:
    """The same ledger under bean-check, hledger and ledger, where they are installed."""
    main = folder / "ledgers" / "main.bean"
    check = shutil.which("bean-check", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if check:
        spent, _ = seconds([check, "--no-cache", str(main)])
        print(f"  bean-check {spent:.2f} s", end="")
    spent, _ = seconds([*BEANSTOCK, "check", str(folder)])
    print(f"; beanstock check, Beancount's judgement included, {spent:.2f} s", end="")
    plain = folder / "plain.journal"
    plain.write_text(as_plain_journal(folder))
    for name, arguments in (("hledger", ["balance", "-f"]), ("ledger", ["balance", "-f"])):
        if shutil.which(name):
            spent, _ = seconds([name, arguments[0], arguments[1], str(plain)])
            print(f"; {name} {spent:.2f} s", end="")
    print()


def as_plain_journal(folder: Path) -> str:
    """The month files in the syntax that hledger and ledger share: the metadata lines become comments."""
    lines = []
    for path in sorted((folder / "ledgers").glob("2*.bean")):
        for line in path.read_text().splitlines():
            if re.match(r"\d{4}-", line):
                lines.append(re.sub(r' "(.*?)" "(.*?)".*', r" \2", line))
            elif re.match(r"  [A-Z]", line):
                lines.append("    " + re.sub(r" {2,}", "  ", line.strip(), count=1))
            elif re.match(r" +[a-z]", line):
                lines.append("    ; " + line.strip())
            else:
                lines.append("")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--reports", action="store_true", help="every report on a year of about 100,000 vouchers")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--closed", action="store_true", help="six years, five of them closed")
    options = parser.parse_args()
    os.environ["XDG_CACHE_HOME"], os.environ["PYTHONPYCACHEPREFIX"] = tempfile.mkdtemp(), tempfile.mkdtemp()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if options.closed:
        with tempfile.TemporaryDirectory() as scratch:
            closed_years(Path(scratch) / "books", options.repeat)
        return
    if options.reports:
        with tempfile.TemporaryDirectory() as scratch:
            every_report(Path(scratch) / "books", options.repeat)
        return
    sizes = options.sizes or [50_000, 100_000, 200_000]
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, limit of memory {resource.getrlimit(resource.RLIMIT_AS)[1]}"
    )
    help_time, _, _ = best(5, lambda: seconds([*BEANSTOCK, "--help"]))
    bare_time, _, _ = best(5, lambda: seconds([sys.executable, "-c", BARE, "--help"]))
    print(f"--help {help_time:.3f} s; a bare typer program {bare_time:.3f} s; ratio {help_time / bare_time:.2f}")
    with tempfile.TemporaryDirectory() as scratch:
        spent: list[float] = []
        for position, size in enumerate(sizes):
            folder = Path(scratch) / f"books{size}"
            write_books(folder, size, plain=options.plain)
            spent.append(post(folder, size, options.repeat))
            reports(folder, options.repeat)
            if position == 0:
                peers(folder)
            shutil.rmtree(folder)
        for small, large, one, other in zip(sizes, sizes[1:], spent, spent[1:], strict=False):
            print(f"t({large:,})/t({small:,}) = {other / one:.2f}")
        foreign = Path(scratch) / "online-retail.csv"
        write_foreign(foreign, sizes[-1])
        command = [*BEANSTOCK, "import", "online-retail", str(foreign), "--into"]
        taken, _, _ = best(options.repeat, lambda: seconds([*command, str(Path(tempfile.mkdtemp(dir=scratch)))]))
        print(f"import of {sizes[-1]:,} foreign lines: {taken:.2f} s, {taken / sizes[-1] * 1e6:.1f} µs a line")


if __name__ == "__main__":
    main()
