"""What the options of `report` may say. Everything here is wrong use of the command: exit code 2."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from beanstock.commands.report_context import Context
from beanstock.commands.report_list import ANY, REPORTS, Report
from beanstock.ledger.query import Ledger
from beanstock.problems import Problem, problem, suggest
from beanstock.reports.accounts import below
from beanstock.reports.periods import EARLIEST, period_days
from beanstock.rulebook.accounts import AccountFault
from beanstock.rulebook.load import Rulebook
from beanstock.rulebook.statements import STATEMENTS
from beanstock.table import Query

ALL = "all"
CHOOSING = ("account", "item", "partner")  # options that choose rows; a report that ignored one would show too much
_DAY_LIKE = re.compile(r"[\d./-]*\d[\d./-]*")
NEEDS = {"account": "an account, its code or its role", "partner": "a partner's code"}


def misuse(name: str, query: Query, period: str) -> list[Problem]:
    """Wrong options, as far as the command line alone says. `--period` becomes days.

    Problems: unknown-report, wrong-option, missing-option.
    """
    if name not in REPORTS and name != ALL:
        known = (*REPORTS, ALL)
        return [problem("unknown-report", None, name=name, known=", ".join(known), suggestion=suggest(name, known))]
    problems: list[Problem] = []
    if period:
        days = period_days(period)
        if days is None:
            problems.append(wrong("--period", period, "2026, 2026-Q1 or 2026-01"))
        elif query.start or query.end:
            problems.append(wrong("--period", period, "either --period or --from and --to"))
        else:
            query.start, query.end = days
    for option, value in (("--from", query.start), ("--to", query.end)):
        if value and not is_day(value):
            problems.append(wrong(option, value, f"a day as YYYY-MM-DD, of {EARLIEST} or later"))
    if not problems and query.start and query.end and query.start > query.end:
        problems.append(wrong("--to", query.end, f"{query.start} or later"))
    if name != ALL:
        problems += _misuse_of(name, REPORTS[name], query)
    else:
        for option in ("trace", "by", "compare", *CHOOSING):
            value = getattr(query, option)
            if value:
                shown = value if isinstance(value, str) else ",".join(value)
                problems.append(wrong(f"--{option}", shown, "one report, not all of them"))
    return problems


def _misuse_of(name: str, report: Report, query: Query) -> list[Problem]:
    problems = []
    if report.needs and not getattr(query, report.needs):
        problems.append(problem("missing-option", None, option=f"--{report.needs}", allowed=NEEDS[report.needs]))
    if report.by != ANY:
        for key in query.by:
            if key not in report.by:
                problems.append(wrong("--by", key, f"{', '.join(report.by) or 'nothing'}, in {name}"))
    if query.compare and query.compare not in report.compare:
        problems.append(wrong("--compare", query.compare, f"{', '.join(report.compare) or 'nothing'}, in {name}"))
    elif query.compare and not query.start and name != "balance-sheet":
        problems.append(wrong("--compare", query.compare, "only with --from or --period, which say what is compared"))
    for option in CHOOSING:
        if getattr(query, option) and option not in report.takes:
            taking = ", ".join(one for one, other in REPORTS.items() if option in other.takes)
            problems.append(wrong(f"--{option}", getattr(query, option), f"in {taking}"))
    if query.trace and not report.traces:
        tracing = ", ".join(one for one, other in REPORTS.items() if other.traces)
        problems.append(wrong("--trace", query.trace, f"in {tracing}"))
    return problems


def unknown(name: str, query: Query, context: Context) -> list[Problem]:
    """Names that neither ledger nor masters nor rules know. Problems: unknown-reference, wrong-option, unknown-report."""
    problems = []
    ledger = context.ledger
    written = {query.account, query.trace}
    if query.account:
        query.account = account_named(query.account, ledger, context.rulebook)
    if name == "trial-balance" and query.trace:
        query.trace = account_named(query.trace, ledger, context.rulebook)
    for text, column in _columns(name, query):
        known = ledger.known(column) if text else []
        role = column == "account" and ledger.accounts_of(text)
        if not text or text in known or role or any(one.startswith(text + ":") for one in known):
            continue
        if not _idle(text, column, context, written):
            suggestion = suggest(text, known) or f" The ledger has {len(known)} such names."
            problems.append(problem("unknown-reference", None, reference=text, suggestion=suggestion))
    if name in STATEMENTS and name not in context.rulebook.statements:  # the pack has no form of it
        known = [one for one in REPORTS if one not in STATEMENTS or one in context.rulebook.statements]
        problems.append(problem("unknown-report", None, name=name, known=", ".join(known), suggestion=""))
    if name in REPORTS and REPORTS[name].by == ANY and query.by:
        dimensions = context.dimensions.known()
        problems += [wrong("--by", key, ", ".join(dimensions)) for key in query.by if key not in dimensions]
    return problems


def _idle(text: str, column: str, context: Context, written: set[str]) -> bool:
    """Whether a name is known of which the ledger has nothing yet: then a report is empty, and no mistake."""
    if column != "account":
        masters = context.masters
        return text in (masters.items if column == "item" else masters.partners)
    accounts = context.rulebook.accounts
    return bool(written & accounts.roles.keys()) or text in accounts.chart or bool(accounts.role_of_account(text))


def wrong(option: str, value: str, allowed: str) -> Problem:
    """An option that the command does not understand."""
    return problem("wrong-option", None, option=option, value=value, allowed=allowed)


def _columns(name: str, query: Query) -> list[tuple[str, Literal["item", "partner", "account"]]]:
    traced = query.trace if name == "trial-balance" else ""
    return [(query.item, "item"), (query.partner, "partner"), (query.account, "account"), (traced, "account")]


def is_day(text: str) -> bool:
    """Whether a text is a day as YYYY-MM-DD, of 1900 or later."""
    try:
        day = dt.date.fromisoformat(text)
        return day.isoformat() == text and day.year >= EARLIEST
    except ValueError:
        return False


def looks_like_a_day(text: str) -> bool:
    """Whether somebody meant a day, well written or not, and not the name of a folder."""
    return bool(_DAY_LIKE.fullmatch(text))


def account_named(cell: str, ledger: Ledger, rulebook: Rulebook) -> str:
    """The account that a cell names: an account, a chart code, or a role's.

    A role with several accounts is the account above them where nothing else is below that, else it stays a role.
    """
    if cell in ledger.roles or (":" in cell and cell.split(":", maxsplit=1)[0] not in rulebook.accounts.roles):
        return cell
    of_role = ledger.accounts_of(cell)
    if of_role:
        parts = [account.split(":") for account in of_role]
        common = ":".join(names[0] for names in zip(*parts, strict=False) if len(set(names)) == 1)
        inside = {account for account in ledger.roles if common and below(account, common)}
        return common if len(of_role) == 1 or (inside and inside <= {common, *of_role}) else cell
    try:
        return rulebook.accounts.cell(cell, {})[0]
    except AccountFault:
        return cell
