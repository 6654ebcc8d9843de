"""Ratios of liquidity, profitability, activity and capital, from the lines that the pack's statements name as their bases."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from beanstock.ledger.query import Ledger
from beanstock.reports.periods import first_day, last_day
from beanstock.reports.placing import Balances, amounts
from beanstock.reports.statements import held, held_at_first
from beanstock.rulebook.statements import Statement
from beanstock.table import Cell, Column, Query, Table

_ZERO, _HUNDREDTH = Decimal(0), Decimal("0.01")
YEAR = 365

# ratio, what people call it, its unit, its formula over bases (and the `days` of the period)
RATIOS = (
    ("current-ratio", "Current ratio", "times", "current-assets / current-liabilities"),
    ("quick-ratio", "Quick ratio", "times", "(current-assets - inventories) / current-liabilities"),
    ("cash-ratio", "Cash ratio", "times", "cash / current-liabilities"),
    ("gross-margin", "Gross margin", "percent", "gross-profit / revenue"),
    ("operating-margin", "Operating margin", "percent", "operating-profit / revenue"),
    ("net-margin", "Net margin", "percent", "profit / revenue"),
    ("return-on-equity", "Return on equity, a year", "percent", "(profit * year) / (equity * days)"),
    ("return-on-assets", "Return on assets, a year", "percent", "(profit * year) / (assets * days)"),
    ("inventory-days", "Days of inventory", "days", "(average inventories * days) / cost-of-sales"),
    ("receivable-days", "Days of receivables", "days", "(average receivables * days) / revenue"),
    ("payable-days", "Days of payables", "days", "(average payables * days) / cost-of-sales"),
    ("cash-cycle", "Cash conversion cycle", "days", "inventory-days + receivable-days - payable-days"),
    ("debt-ratio", "Debt ratio", "percent", "liabilities / assets"),
    ("equity-ratio", "Equity ratio", "percent", "equity / assets"),
)


def ratios(ledger: Ledger, query: Query, statements: Mapping[str, Statement]) -> Table:
    """Every ratio with its value (two decimals, half up) and formula; blank where a base is missing or the divisor is zero.

    Balances are those of the last day, averages those of its balances and the day before the period.
    """
    day, start = last_day(ledger, query), first_day(ledger, query)
    days = Decimal((day - start).days + 1)
    ends = _bases(ledger, statements.get("balance-sheet"), held(ledger, query.last()))
    begins = _bases(ledger, statements.get("balance-sheet"), held_at_first(ledger, query.first(), query.last()))
    nets = Balances(ledger.nets(query.first(), query.last(), closing=False))
    values: dict[str, Decimal] = {
        **ends,
        **{f"average {name}": (ends[name] + begins[name]) / 2 for name in begins},
        **_bases(ledger, statements.get("income-statement"), nets),
        "days": days,
        "year": Decimal(YEAR),
    }
    rows: list[dict[str, Cell]] = []
    for ratio, label, unit, formula in RATIOS:
        value = _worked(formula, values)
        if value is not None:
            values[ratio] = value
            value = (value * 100 if unit == "percent" else value).quantize(_HUNDREDTH, ROUND_HALF_UP)
        rows.append({"ratio": ratio, "label": label, "value": value, "unit": unit, "formula": formula})
    columns = [Column("ratio", "text"), Column("label", "text"), Column("value", "quantity")]
    columns += [Column("unit", "text"), Column("formula", "text")]
    notes = [
        f"Balances of {day}; turnover of {days:f} days from {start}; returns are stretched to a year of {YEAR} days."
    ]
    return Table("ratios", "Ratios", columns, rows, notes=notes)


def _bases(ledger: Ledger, statement: Statement | None, balances: Balances) -> dict[str, Decimal]:
    if statement is None:
        return {}
    lines = amounts(statement, ledger.roles, balances)
    return {
        name: sum((-lines[term[1:]] if term.startswith("-") else lines[term] for term in terms), _ZERO)
        for name, terms in statement.bases.items()
    }


def _worked(formula: str, values: Mapping[str, Decimal]) -> Decimal | None:
    """A formula's value: sums of products, divided once; None where a name is not known or nothing divides."""
    above, _, below = formula.translate({ord("("): "", ord(")"): ""}).partition(" / ")
    parts = [_sum(part, values) for part in (above, below) if part]
    if None in parts:
        return None
    if not below:
        return parts[0]
    divisor = parts[1]
    return parts[0] / divisor if parts[0] is not None and divisor else None


def _sum(text: str, values: Mapping[str, Decimal]) -> Decimal | None:
    total = _ZERO
    for term in text.replace(" - ", " + -").split(" + "):
        product = Decimal(-1) if term.startswith("-") else Decimal(1)
        for name in term.removeprefix("-").split(" * "):
            if name not in values:
                return None
            product *= values[name]
        total += product
    return total
