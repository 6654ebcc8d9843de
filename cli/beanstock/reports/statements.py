"""Balance sheet and income statement by the pack's statements.yaml: all lines of the form, zeros too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from beanstock.ledger.dimensions import Dimensions
from beanstock.ledger.query import FIRST, Ledger
from beanstock.reports.accounts import below
from beanstock.reports.periods import compared_days, fiscal_year, last_day
from beanstock.rulebook.statements import Statement, StatementLine
from beanstock.table import Cell, Chart, Column, Query, Table

_ZERO = Decimal(0)
_TENTH = Decimal("0.1")
PROFIT_ROOTS = ("Income", "Expenses")

Balances = Mapping[str, Decimal]
Budgeted = Callable[[str, str], Balances]  # first and last day to budgeted amounts by account, debit positive


@dataclass
class Form:
    """What a statement is made with: its form, and what comparisons and dimensions need."""

    statement: Statement
    year_start: str
    language: str
    dimensions: Dimensions
    budgeted: Budgeted


def balance_sheet(ledger: Ledger, query: Query, form: Form) -> Table:
    """Balances at the end of a day, beside those at the start of its fiscal year."""
    day = last_day(ledger, query)
    columns: dict[str, Balances] = {
        "amount": ledger.balances(query.last()),
        "opening": ledger.opening(fiscal_year(day, form.year_start).isoformat()),
    }
    if query.compare:
        _, end = compared_days(query.start, day, query.compare)
        columns["compared"] = ledger.balances(end)
    if query.by:
        columns |= _split(query, form, FIRST, closing=True)
    return _statement("balance-sheet", ledger, form, columns, query)


def income_statement(ledger: Ledger, query: Query, form: Form) -> Table:
    """Turnover of a period, beside that of the fiscal year so far; without the vouchers that close profit accounts."""
    day = last_day(ledger, query)

    def nets(start: str, end: str) -> Balances:
        found = ledger.turnover(start, end, closing=query.after_closing)
        return {account: one.debit - one.credit for account, one in found.items()}

    columns = {
        "amount": nets(query.first(), query.last()),
        "year_to_date": nets(fiscal_year(day, form.year_start).isoformat(), query.last()),
    }
    if query.compare == "budget":
        columns["compared"] = form.budgeted(query.start, day.isoformat())
    elif query.compare:
        columns["compared"] = nets(*compared_days(query.start, day, query.compare))
    if query.by:
        columns |= _split(query, form, query.first(), closing=query.after_closing)
    return _statement("income-statement", ledger, form, columns, query)


def _split(query: Query, form: Form, start: str, *, closing: bool) -> dict[str, Balances]:
    """One more column for each value of the dimensions, named `department:SALES`; what has no value comes last."""
    found: dict[str, dict[str, Decimal]] = {}
    for key, one in form.dimensions.turnover(query.by, start, query.last(), closing=closing).items():
        name = f"{'/'.join(query.by)}:{'/'.join(key[1:])}"
        balances = found.setdefault(name, {})
        balances[key[0]] = balances.get(key[0], _ZERO) + one.debit - one.credit
    return {name: found[name] for name in sorted(found, key=lambda name: (name.endswith(":"), name))}


def line_of(account: str, role: str, statement: Statement) -> StatementLine | None:
    """The one line an account belongs to: by its role, else by the longest beginning of its name."""
    best: StatementLine | None = None
    longest = -1
    for line in statement.lines:
        if role and role in line.roles:
            return line
        for prefix in line.accounts:
            if below(account, prefix) and len(prefix) > longest:
                best, longest = line, len(prefix)
    return best


def place(account: str, role: str, statement: Statement) -> StatementLine | None:
    """The line of a balance sheet or income statement that takes an account's amount.

    Profit accounts stand on the balance sheet's result line; on an income statement nothing else stands.
    """
    profit = account.split(":", 1)[0] in PROFIT_ROOTS
    if statement.name == "balance-sheet" and profit:
        return next((one for one in statement.lines if one.result), None)
    return line_of(account, role, statement) if profit or statement.name == "balance-sheet" else None


def amounts(ledger: Ledger, statement: Statement, balances: Balances) -> dict[str, Decimal]:
    """The amount of every numbered line, signed as on the form."""
    found = {line.number: _ZERO for line in statement.lines if line.number}
    for account, balance in balances.items():
        line = place(account, ledger.roles.get(account, ""), statement)
        if line is not None:
            found[line.number] += balance if line.sign == "dr" else -balance
    add_sums(statement, found)
    return found


def add_sums(statement: Statement, found: dict[str, Decimal]) -> None:
    """Work out the lines that are sums of lines above them."""
    for line in statement.lines:
        if line.sum:
            found[line.number] = sum(
                (-found[term[1:]] if term.startswith("-") else found[term] for term in line.sum), _ZERO
            )


def _statement(report: str, ledger: Ledger, form: Form, columns: Mapping[str, Balances], query: Query) -> Table:
    found = {name: amounts(ledger, form.statement, balances) for name, balances in columns.items()}
    return laid_out(report, form.statement, form.language, found, query)


def laid_out(
    report: str, statement: Statement, language: str, found: Mapping[str, Mapping[str, Decimal]], query: Query
) -> Table:
    """A statement's table from the amounts of each column by line; a comparison adds what changed."""
    rows: list[dict[str, Cell]] = []
    for line in statement.lines:
        row: dict[str, Cell] = {"no": _number(line.number), "label": line.label, "level": line.level}
        for name, by_line in found.items():
            row[name] = by_line[line.number] if line.number else None
        if "compared" in found:
            row |= _change(row["amount"], row["compared"])
        rows.append(row)
    names = list(found)
    if "compared" in names:
        names[names.index("compared") + 1 : names.index("compared") + 1] = ["change", "change_percent"]
    made = [Column("no", "integer"), Column("label", "text"), Column("level", "integer")]
    for name in names:
        heading = name.partition(":")[2] or "(none)" if ":" in name else ""
        made.append(Column(name, "percent" if name == "change_percent" else "money", heading or _compared(name, query)))
    table = Table(report, statement.titles.get(language, statement.title), made, rows)
    drawn = tuple(at for at, line in enumerate(statement.lines) if line.number and line.level <= 1)
    table.charts.append(Chart("", "label", ("amount",), rows=drawn))
    return table


def _compared(name: str, query: Query) -> str:
    return (
        {"previous": "Previous", "last-year": "Last year", "budget": "Budget"}[query.compare]
        if name == "compared"
        else ""
    )


def _change(amount: Cell, compared: Cell) -> dict[str, Cell]:
    """Difference to what is compared, and that in percent of it (one decimal; none of zero)."""
    if not isinstance(amount, Decimal) or not isinstance(compared, Decimal):
        return {"change": None, "change_percent": None}
    return {"change": amount - compared, "change_percent": percent(amount - compared, abs(compared))}


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part in percent of a whole, with one decimal, half up; None of nothing."""
    return (part * 100 / whole).quantize(_TENTH, ROUND_HALF_UP) if whole else None


def _number(text: str) -> Cell:
    return int(text) if text.isdigit() else text or None
