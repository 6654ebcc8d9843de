"""Roles to accounts: literal accounts, templates with a partner's code, and decision tables.

In a table the most specific row wins (the one with the most cells that are not `*`); a tie or a hole is a problem.
A row may name another role instead of an account. The same machine resolves account cells of records.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from beanstock.files.yamltext import Map, Sequence, unknown_keys
from beanstock.problems import Place, Problem, problem, suggest
from beanstock.rulebook.names import ROOTS, account_part, code_of, is_account

_FIELD = re.compile(r"\{([a-z_.]+)\}")
STOCK, PARTNER, TAX = "stock", "partner", "tax"


class AccountFault(Exception):
    """An account that cannot be found: the problem's code and facts."""

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass
class Role:
    """A role's table. `by` are the columns that choose the row, and those that templates use."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[tuple[str, ...], str]]
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

    def finish(self) -> list[Problem]:
        """Work out what each role depends on. Problems: unknown-role, bad-account-name."""
        problems: list[Problem] = []
        for role in self.roles.values():
            role.by = tuple(self._depends(role, (), problems))
            for _, target in role.rows:
                if ":" in target and not is_account(_FIELD.sub("X", target)):
                    problems.append(problem("bad-account-name", role.place, account=target, roots=", ".join(ROOTS)))
        for account in self.chart:
            if not is_account(account):
                problems.append(
                    problem("bad-account-name", Place("accounts.yaml"), account=account, roots=", ".join(ROOTS))
                )
        return problems

    def _depends(self, role: Role, trail: tuple[str, ...], problems: list[Problem]) -> list[str]:
        by = list(role.columns)
        for _, target in role.rows:
            more = _FIELD.findall(target)
            if ":" not in target:
                other = self.roles.get(target)
                if other is None or target in trail:
                    suggestion = suggest(target, self.roles)
                    problems.append(problem("unknown-role", role.place, role=target, suggestion=suggestion))
                    continue
                more = self._depends(other, (*trail, role.name), problems)
            by += [column for column in more if column not in by]
        return by

    def resolve(self, role_name: str, values: Mapping[str, str]) -> tuple[str, str]:
        """The account of a role for these values of its `by` columns, and the role that it finally is.

        Raises AccountFault: table-hole, table-tie, partner-needed, account-clash.
        """
        role = self.roles[role_name]
        target = self._row(role, values)
        if ":" not in target:
            return self.resolve(target, values)
        for column in _FIELD.findall(target):
            if not values.get(column):
                raise AccountFault("partner-needed", account=role_name)
        raw = _FIELD.sub(lambda match: values[match[1]], target)
        return self._made(self._filled(target, values), raw), role_name

    def _row(self, role: Role, values: Mapping[str, str]) -> str:
        key = [values.get(column, "") for column in role.columns]
        best: list[str] = []
        most = -1
        for cells, target in role.rows:
            if all(cell in ("*", value) for cell, value in zip(cells, key, strict=True)):
                specific = sum(cell != "*" for cell in cells)
                if specific > most:
                    best, most = [target], specific
                elif specific == most:
                    best.append(target)
        said = ", ".join(f"{column} = {value or 'nothing'}" for column, value in zip(role.columns, key, strict=True))
        if not best:
            raise AccountFault("table-hole", role=role.name, values=said)
        if len(best) > 1:
            raise AccountFault("table-tie", role=role.name, values=said)
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

    def role_of_account(self, account: str) -> str:
        """The role whose account this is (or lies below it), where the role names it literally."""
        for role in self.roles.values():
            for _, target in role.rows:
                fixed = target.split(":{")[0]
                if ":" in target and (account == fixed or account.startswith(fixed + ":")):
                    return role.name
        return ""

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
            raise AccountFault("unknown-account", account=cell, suggestion=suggest(cell, known).strip())
        if not is_account(account):
            raise AccountFault("bad-account-name", account=account, roots=", ".join(ROOTS))
        role = self.role_of_account(account)
        if account not in self.chart and not role:
            self.unlisted.setdefault(account, suggest(account, self.chart))
        return self._made(account, account), role

    def _by_code(self, cell: str) -> str:
        if not cell.isdigit():
            return ""
        fixed = [
            target for role in self.roles.values() for _, target in role.rows if ":" in target and "{" not in target
        ]
        found = {account for account in [*self.chart, *fixed] if code_of(account) == cell}
        return found.pop() if len(found) == 1 else ""


def load_accounts(accounts: Accounts, tree: Map, shown: str) -> list[Problem]:
    """Add an accounts.yaml to what is there. Problems: unknown-key, duplicate-rule, bad-rule.

    A later file may replace a role only by naming it under `overrides`.
    """
    problems: list[Problem] = []
    problems += unknown_keys(tree, ("roles", "chart", "controlled", "overrides"), "accounts.yaml", shown)
    overrides = set(tree.get("overrides", ()))
    roles = tree.get("roles", Map())
    for name, body in roles.items():
        place = roles.key_place(shown, name)
        if name in accounts.roles and name not in overrides:
            problems.append(problem("duplicate-rule", place, name=name))
            continue
        role = _role(name, body, place)
        if role is None:
            problems.append(
                problem("bad-rule", place, detail=f"the role `{name}` is neither an account nor a table", suggestion="")
            )
        else:
            accounts.roles[name] = role
    chart = tree.get("chart", Sequence())
    for entry in chart:
        if isinstance(entry, str):
            accounts.chart[entry] = ""
        else:
            accounts.chart.update(entry)
    controlled = tree.get("controlled", Map())
    for control, names in controlled.items():
        if control not in (STOCK, PARTNER, TAX):
            problems.append(
                problem(
                    "bad-rule",
                    controlled.key_place(shown, control),
                    detail=f"`{control}` is no kind of control",
                    suggestion=" stock, partner or tax.",
                )
            )
        accounts.controlled.update(dict.fromkeys(names, control))
    return problems


def _role(name: str, body: object, place: Place) -> Role | None:
    if isinstance(body, str):
        return Role(name, (), [((), body)], place)
    if (
        not isinstance(body, Map)
        or not isinstance(body.get("by"), Sequence)
        or not isinstance(body.get("rows"), Sequence)
    ):
        return None
    columns = tuple(body["by"])
    rows = []
    for row in body["rows"]:
        if not isinstance(row, Sequence) or len(row) != len(columns) + 1:
            return None
        rows.append((tuple(row[:-1]), row[-1]))
    return Role(name, columns, rows, place)
