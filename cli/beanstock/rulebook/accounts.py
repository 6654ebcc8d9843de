"""Roles to accounts: literal accounts, templates with a partner's code, and decision tables.

In a table the most specific row wins (the one with the most cells that are not `*`); a tie or a hole is a problem.
A row may name another role instead of an account. The same machine resolves account cells of records.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from beanstock.files.forms import File, Keys, cells, day, listed, mapping, named, one_of, text, texts
from beanstock.files.typed import Typed
from beanstock.files.yamltext import Map, Sequence
from beanstock.problems import Place, Problem, problem, suggest
from beanstock.rulebook.names import ROOTS, account_part, code_of, is_account

_FIELD = re.compile(r"\{([a-z_.]+)\}")
STOCK, PARTNER, TAX = "stock", "partner", "tax"
DATE = "date"  # the document's day (ISO), which chooses among rows with from and to
_ROW = cells("A cell for each column of `by` (`*` is anything), then the account or role")
_ROW_KEYS: Keys = {"row": _ROW, "from": day("In force from"), "to": day("In force to")}
_ROLE_KEYS: Keys = {
    "by": texts("Columns that choose the row, such as item.type"),
    "rows": listed(one_of("A row", _ROW, mapping(_ROW_KEYS, "A row that is in force for a time", ["row"])), "Rows"),
}
KEYS: Keys = {
    "roles": named(one_of("A role", text("An account"), mapping(_ROLE_KEYS, "A decision table", ["rows"])), "Roles"),
    "chart": listed(one_of("An account", text("An account"), named(text("A label"), "With its label")), "Accounts"),
    "controlled": mapping(
        {key: texts("Roles") for key in (STOCK, PARTNER, TAX)}, "Roles whose postings belong to documents"
    ),
    "overrides": texts("Roles of the pack that are replaced here"),
}
FILE = File("accounts.yaml", "Roles, chart and controlled roles", KEYS)


# what a table may choose by: fields of these records, or any column of a document or its line
_FIELDS = {
    "item": ("code", "name", "unit", "type", "category", "costing", "tax", "barcode"),
    "partner": ("code", "name", "role", "currency", "terms", "tax", "tax_id", "region"),
    "warehouse": ("code", "name", "account_key"),
}


def _check_column(column: str, place: Place) -> list[Problem]:
    """A column of a table, such as item.category. Problems: unknown-name."""
    head, _, rest = column.partition(".")
    head = "partner" if head in ("customer", "supplier") else head
    if head not in _FIELDS or rest in _FIELDS[head] or rest.startswith("extra."):
        return []
    known = [f"{head}.{name}" for name in _FIELDS[head]]
    facts = {
        "name": column,
        "expression": column,
        "suggestion": suggest(column, known).strip(),
        "known": f" Known: {', '.join(known)}.",
    }
    return [problem("unknown-name", place, **facts)]


def _decide(role: Role, settings: Mapping[str, str]) -> list[Problem]:
    """Settings are known when the rules load: their columns leave the table, with the rows of other values.

    Problems: unknown-name.
    """
    problems: list[Problem] = []
    for column in [one for one in role.columns if one.startswith("settings.")]:
        value = settings.get(column)
        if value is None:
            facts = {"name": column, "expression": column, "known": f" Known: {', '.join(settings) or 'none'}."}
            problems.append(problem("unknown-name", role.place, **facts, suggestion=suggest(column, settings).strip()))
        at = role.columns.index(column)
        kept: dict[tuple[str, ...], list[Row]] = {}
        for cell in (value, "*"):  # a row of this very value beats one for any
            rows = [row for row in role.rows if row.cells[at] == cell]
            taken = set(kept)
            for row in rows:
                cells = (*row.cells[:at], *row.cells[at + 1 :])
                if cells not in taken:
                    kept.setdefault(cells, []).append(row._replace(cells=cells))
        role.rows = [row for several in kept.values() for row in several]
        role.columns = (*role.columns[:at], *role.columns[at + 1 :])
    return problems


class AccountFault(Exception):
    """An account that cannot be found: the problem's code and facts."""

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Row(NamedTuple):
    """A row of a table: what its columns must be (`*` is anything), and the account or role; in force from and to."""

    cells: tuple[str, ...]
    target: str
    place: Place
    start: str = ""
    end: str = ""

    def takes(self, key: list[str], day: str) -> bool:
        """Whether it is in force on a day (ISO) and its cells are these values."""
        if (self.start and day < self.start) or (self.end and day > self.end):
            return False
        return all(cell in ("*", value) for cell, value in zip(self.cells, key, strict=True))

    @property
    def specific(self) -> int:
        """How many cells are not `*`."""
        return sum(cell != "*" for cell in self.cells)


@dataclass
class Role:
    """A role's table. `by` are the columns that choose the row, and those that templates use."""

    name: str
    columns: tuple[str, ...]
    rows: list[Row]
    place: Place
    by: tuple[str, ...] = ()


@dataclass
class Accounts:
    """The accounts of a pack with the user's own: roles, chart and which roles are controlled."""

    roles: dict[str, Role] = field(default_factory=dict)
    chart: dict[str, str] = field(default_factory=dict)  # account to label
    controlled: dict[str, str] = field(default_factory=dict)  # role to stock, partner or tax
    raw: dict[str, str] = field(default_factory=dict)  # generated account to the text it came from
    unlisted: dict[str, str] = field(default_factory=dict)  # accounts of records that are in no chart
    told: set[str] = field(default_factory=set)  # those of them that the user has heard of
    dated: bool = False  # whether the day chooses an account anywhere
    used: Callable[[Place], None] | None = None  # hears of each row that decides, for `rules coverage`

    def finish(self, settings: Mapping[str, str] | None = None) -> list[Problem]:
        """Choose what settings decide, and work out what each role depends on.

        Problems: unknown-role, bad-account-name, unknown-name, bad-rule.
        """
        problems = [one for role in self.roles.values() for one in _decide(role, settings or {})]
        owners: dict[str, str] = {}
        for role in self.roles.values():
            for column in role.columns:
                problems += _check_column(column, role.place)
            for row in role.rows:
                problems += self._check_row(role, row, owners)
        for role in self.roles.values():
            role.by = tuple(self._depends(role, (role.name,), problems))
            self.dated |= DATE in role.by
        return problems

    def _check_row(self, role: Role, row: Row, owners: dict[str, str]) -> list[Problem]:
        if ":" not in row.target:
            if row.target in self.roles:
                return []
            return [problem("unknown-role", row.place, role=row.target, suggestion=suggest(row.target, self.roles))]
        if not is_account(_FIELD.sub("X", row.target)):
            return [problem("bad-account-name", row.place, account=row.target, roots=", ".join(ROOTS))]
        owner = owners.setdefault(row.target, role.name)
        if owner != role.name and (owner in self.controlled or role.name in self.controlled):
            detail = f"the roles `{owner}` and `{role.name}` share {row.target}, and one of them is controlled"
            return [problem("bad-rule", row.place, detail=detail, suggestion=" Give each its own account.")]
        return [one for column in _FIELD.findall(row.target) for one in _check_column(column, row.place)]

    def _depends(self, role: Role, trail: tuple[str, ...], problems: list[Problem]) -> list[str]:
        by = list(role.columns)
        if any(row.start or row.end for row in role.rows):
            by.append(DATE)
        for row in role.rows:
            more = _FIELD.findall(row.target)
            if ":" not in row.target:
                if row.target not in self.roles:
                    continue
                if row.target in trail:
                    detail = f"the role `{role.name}` leads back to itself"
                    problems.append(problem("bad-rule", row.place, detail=detail, suggestion=""))
                    continue
                more = self._depends(self.roles[row.target], (*trail, row.target), problems)
            by += [column for column in more if column not in by]
        return by

    def resolve(self, role_name: str, values: Mapping[str, str]) -> tuple[str, str]:
        """The account of a role for these values of its `by` columns, and the role that it finally is.

        Raises AccountFault: table-hole, table-tie, partner-needed, account-clash.
        """
        role = self.roles[role_name]
        target = self.row(role, values).target
        if ":" not in target:
            if target not in self.roles:
                raise AccountFault("table-hole", role=role_name, values="nothing", known="")
            return self.resolve(target, values)
        for column in _FIELD.findall(target):
            if not values.get(column):
                raise AccountFault("partner-needed", account=role_name)
        raw = _FIELD.sub(lambda match: values[match[1]], target)
        return self._made(self._filled(target, values), raw), role_name

    def row(self, role: Role, values: Mapping[str, str]) -> Row:
        """The row of a role's table for these values. Raises AccountFault: table-hole, table-tie."""
        key = [values.get(column, "") for column in role.columns]
        day = values.get(DATE, "")
        taking = [row for row in role.rows if row.takes(key, day)]
        most = max((row.specific for row in taking), default=0)
        best = [row for row in taking if row.specific == most]
        said = ", ".join(f"{column} = {value or 'nothing'}" for column, value in zip(role.columns, key, strict=True))
        if day and any(row.start or row.end for row in role.rows):
            said = f"{said}, {day}".removeprefix(", ")
        if not best:
            first = sorted({row.cells[0] for row in role.rows if row.cells and row.cells[0] != "*"})
            known = f" The table knows {', '.join(first)}." + suggest(key[0], first) if first else ""
            raise AccountFault("table-hole", role=role.name, values=said, known=known)
        if len(best) > 1:
            raise AccountFault("table-tie", role=role.name, values=said)
        if self.used is not None:
            self.used(best[0].place)
        return best[0]

    @staticmethod
    def _filled(target: str, values: Mapping[str, str]) -> str:
        parts = []
        for part in target.split(":"):
            filled = _FIELD.sub(lambda match: values[match[1]], part)
            parts.append(part if filled == part else account_part(filled))
        return ":".join(parts)

    def _made(self, account: str, raw: str) -> str:
        """An account made from text; two texts that meet in one account are a fault."""
        known = self.raw.setdefault(account, raw)
        if known != raw:
            raise AccountFault("account-clash", one=known, other=raw, account=account)
        return account

    # --- cells of records

    def role_of_cell(self, cell: str) -> str:
        """The role that an account cell means, or nothing where it is a plain account."""
        name = cell.split(":", 1)[0]
        if name in self.roles:
            return name
        account = self._by_code(cell) or cell
        return self.role_of_account(account)

    def same(self, cell: str) -> str:
        """One name for all cells that mean the same account: `bank:USD`, its account, or its chart code.

        Roles whose account depends on something are no account by themselves and keep their name.
        """
        name, _, rest = cell.partition(":")
        role = self.roles.get(name)
        if role is None:
            return self._by_code(cell) or cell
        target = role.rows[0][1]
        if len(role.rows) > 1 or ":" not in target or "{" in target:
            return cell
        return ":".join([target, *map(account_part, rest.split(":"))]) if rest else target

    def is_profit(self, cell: str) -> bool:
        """Whether a cell means income or expenses; a role of several accounts does where one of them does."""
        role = self.roles.get(cell.partition(":")[0])
        if role is not None:
            return any(self.is_profit(row.target) for row in role.rows)  # an account, or another role
        return self.same(cell).startswith(("Income:", "Expenses:"))

    def role_of_account(self, account: str) -> str:
        """The role whose account this is (or lies below it), where the role names it literally; the nearest wins."""
        return self._nearest(account)[0]

    def _nearest(self, account: str) -> tuple[str, int]:
        found, longest = "", 0
        for role in self.roles.values():
            for _, target, *_ in role.rows:
                fixed = target.split(":{")[0]
                if ":" in target and (account == fixed or account.startswith(fixed + ":")) and len(fixed) > longest:
                    found, longest = role.name, len(fixed)
        return found, longest

    def cell(self, cell: str, values: Mapping[str, str]) -> tuple[str, str]:
        """The account and role that a cell means: a role, `role:name`, an account, or a chart code.

        Raises AccountFault: unknown-account, bad-account-name, and those of `resolve`.
        """
        name, _, rest = cell.partition(":")
        if name in self.roles:
            account, role = self.resolve(name, values)
            if not rest:
                return account, role
            sub = ":".join(account_part(part) for part in rest.split(":"))
            return self._made(f"{account}:{sub}", f"{account}:{rest}"), role
        account = self._by_code(cell) or cell
        if ":" not in account:
            known = [*self.roles, *self.chart]
            near = self._below_code(cell) or suggest(cell, known).strip()
            raise AccountFault("unknown-account", account=cell, suggestion=near)
        if not is_account(account):
            raise AccountFault("bad-account-name", account=account, roots=", ".join(ROOTS))
        role = self.role_of_account(account)
        if account not in self.chart and not role and account not in self.told:
            self.unlisted.setdefault(account, suggest(account, self.chart))
        return self._made(account, account), role

    def _below_code(self, cell: str) -> str:
        """For the code of an account that is posted to by its sub-accounts only: which they are."""
        if not cell.isdigit():
            return ""
        below = sorted(account for account in self._fixed() if f":{cell}-" in account)
        codes = [account.rsplit(":", 1)[1] for account in below]
        more = f" and {len(codes) - 5} more" if codes[5:] else ""
        return f"It is posted to by its sub-accounts: {', '.join(codes[:5])}{more}." if codes else ""

    def _fixed(self) -> set[str]:
        """The chart, and the accounts of roles that are always the same."""
        targets = (target for role in self.roles.values() for _, target, *_ in role.rows)
        return {*self.chart, *(target for target in targets if ":" in target and "{" not in target)}

    def _by_code(self, cell: str) -> str:
        if not cell.isdigit():
            return ""
        found = {account for account in self._fixed() if code_of(account) == cell}
        return found.pop() if len(found) == 1 else ""


def load_accounts(accounts: Accounts, tree: Map, shown: str) -> list[Problem]:
    """Add an accounts.yaml to what is there. Problems: unknown-key, bad-form, duplicate-rule, bad-rule.

    A later file may replace a role only by naming it under `overrides`.
    """
    problems: list[Problem] = []
    body = Typed(tree, shown, problems, KEYS, "accounts.yaml")
    overrides = body.texts("overrides")
    for name in overrides:
        if name not in accounts.roles:
            facts = {"detail": f"there is no role `{name}` to override", "suggestion": suggest(name, accounts.roles)}
            problems.append(problem("bad-rule", body.place("overrides"), **facts))
    roles = body.map("roles")
    for name in roles:
        if name in accounts.roles and name not in overrides:
            problems.append(problem("duplicate-rule", roles.key_place(name), name=name))
        accounts.roles[name] = _role(name, roles)  # a second one as well, so that all its faults are told at once
    for entry, place in body.list("chart"):
        listed = {entry: ""} if isinstance(entry, str) else entry if isinstance(entry, Map) else {}
        if not listed or not all(isinstance(label, str) for label in listed.values()):
            problems.append(
                problem("bad-form", place, what="an entry of `chart`", form="an account, or an account: label")
            )
        for account, label in listed.items():
            accounts.chart[account] = str(label)
            if not is_account(account):
                problems.append(problem("bad-account-name", place, account=account, roots=", ".join(ROOTS)))
    controlled = body.map("controlled", (STOCK, PARTNER, TAX), "`controlled`")
    for control in controlled:
        for name in controlled.texts(control):
            accounts.controlled[name] = control
            if name not in accounts.roles:
                facts = {"role": name, "suggestion": suggest(name, accounts.roles)}
                problems.append(problem("unknown-role", controlled.place(control), **facts))
    return problems


def _role(name: str, roles: Typed) -> Role:
    """A role's table; a plain account is a table of one row."""
    if isinstance(roles.body[name], str):
        account = roles.located(name)
        assert account is not None
        if not account.value:
            roles.problems.append(
                problem("bad-form", account.place, what=f"the role `{name}`", form="an account or a table")
            )
        return Role(name, (), [Row((), account.value, account.place)], account.place)
    body = roles.map(name, _ROLE_KEYS, f"the role `{name}`")
    role = Role(name, body.texts("by"), [], roles.key_place(name))
    for row, place in body.list("rows"):
        made = _row(row, place, role, body)
        if made is not None:
            role.rows.append(made)
    return role


def _row(row: object, place: Place, role: Role, body: Typed) -> Row | None:
    """A list of cells and the account; or such a list under `row`, with `from` and `to`. Problems: bad-form."""
    start = end = ""
    if isinstance(row, Map):
        dated = Typed(row, body.shown, body.problems, _ROW_KEYS, "a row", place)
        days = (dated.day("from"), dated.day("to"))
        start, end = ("" if day is None else day.isoformat() for day in days)
        row = row.get("row")
    if isinstance(row, Sequence) and len(row) == len(role.columns) + 1 and all(isinstance(cell, str) for cell in row):
        return Row(tuple(row[:-1]), row[-1], row.place(body.shown, len(row) - 1), start, end)
    form = f"{len(role.columns)} cells and an account"
    body.problems.append(problem("bad-form", place, what=f"a row of `{role.name}`", form=form))
    return None
