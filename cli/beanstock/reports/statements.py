"""Balance sheet and income statement by the pack's statements.yaml: all lines of the form, zeros too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from beanstock.ledger.dimensions import ACCOUNT_PARTNER, Dimensions
from beanstock.ledger.query import FIRST, LAST, Ledger
from beanstock.reports.periods import compared_days, fiscal_year, last_day
from beanstock.reports.placing import Balances, Placing, Sums, amounts, moves_sides
from beanstock.rulebook.statements import Statement
from beanstock.table import Cell, Chart, Column, Query, Table

_ZERO = Decimal(0)
_TENTH = Decimal("0.1")
HEADINGS = {("balance-sheet", "amount"): "Closing", ("balance-sheet", "opening"): "Start of year"}
Budgeted = Callable[[str, str], Sums]  # first and last day to budgeted amounts by account, debit positive


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
    start = fiscal_year(day, form.year_start).isoformat()
    whole = Placing(form.statement, ledger.roles, held(ledger, query.last()))
    found = {
        "amount": whole.amounts(),
        "opening": amounts(form.statement, ledger.roles, held_at_first(ledger, start)),
    }
    if query.compare:
        _, end = compared_days(query.start, day, query.compare)
        found["compared"] = amounts(form.statement, ledger.roles, held(ledger, end))
    if query.by:
        found |= _split(query, form, whole, FIRST, closing=True)
    return laid_out("balance-sheet", form.statement, form.language, found, query)


def income_statement(ledger: Ledger, query: Query, form: Form) -> Table:
    """Turnover of a period, beside that of the fiscal year so far; without the vouchers that close profit accounts."""
    day = last_day(ledger, query)

    def placed(sums: Sums) -> Placing:
        return Placing(form.statement, ledger.roles, Balances(sums))

    def nets(start: str, end: str) -> Sums:
        return ledger.nets(start, end, closing=query.after_closing)

    whole = placed(nets(query.first(), query.last()))
    found = {
        "amount": whole.amounts(),
        "year_to_date": placed(nets(fiscal_year(day, form.year_start).isoformat(), query.last())).amounts(),
    }
    if query.compare == "budget":
        found["compared"] = placed(form.budgeted(query.start, day.isoformat())).amounts()
    elif query.compare:
        found["compared"] = placed(nets(*compared_days(query.start, day, query.compare))).amounts()
    if query.by:
        found |= _split(query, form, whole, query.first(), closing=query.after_closing)
    return laid_out("income-statement", form.statement, form.language, found, query)


def held(ledger: Ledger, end: str) -> Balances:
    """What accounts and partners hold at the end of a day."""
    return Balances(ledger.balances(end), ledger.by_partner(end))


def held_at_first(ledger: Ledger, start: str, end: str = LAST) -> Balances:
    """What they hold at the beginning of a day, as `Ledger.opening`."""
    return Balances(ledger.opening(start, end), ledger.opening_by_partner(start, end))


def _split(query: Query, form: Form, whole: Placing, start: str, *, closing: bool) -> dict[str, dict[str, Decimal]]:
    """One more column for each value of the dimensions, named `department:SALES`; what has no value comes last.

    The balances of the whole decide which line an amount is on, so that the columns add up to it.
    """
    by = (*query.by, ACCOUNT_PARTNER) if moves_sides(form.statement) else query.by
    parcels: dict[str, dict[tuple[str, str], Decimal]] = {}
    for key, one in form.dimensions.turnover(by, start, query.last(), closing=closing).items():
        name = f"{'/'.join(query.by)}:{'/'.join(key[1 : len(query.by) + 1])}"
        amount, own = one.debit - one.credit, parcels.setdefault(name, {})
        parcel = (key[0], "".join(key[len(query.by) + 1 :]))
        own[parcel] = own.get(parcel, _ZERO) + amount
    ordered = sorted(parcels, key=lambda name: (name.endswith(":"), name))
    return {name: whole.placed((*parcel, amount) for parcel, amount in parcels[name].items()) for name in ordered}


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
        heading = heading or _compared(name, query) or HEADINGS.get((report, name), "")
        made.append(Column(name, "percent" if name == "change_percent" else "money", heading))
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
