"""The list of reports: what makes each, and which options it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from beanstock.commands.report_context import Context
from beanstock.reports.accounts import account_ledger, journal, trial_balance
from beanstock.reports.budget import DIMENSIONS, budget
from beanstock.reports.cash_flow import cash_flow
from beanstock.reports.documents import accruals, orders, tax
from beanstock.reports.forecast import forecast
from beanstock.reports.indirect import indirect_cash_flow
from beanstock.reports.margins import margins
from beanstock.reports.notes import notes
from beanstock.reports.open_items import open_items, statement_of_account
from beanstock.reports.ratios import ratios
from beanstock.reports.statements import balance_sheet, income_statement
from beanstock.reports.stock import BY, stock, stock_moves
from beanstock.reports.stock_aging import stock_aging
from beanstock.table import Query, Table

ANY = ("*",)  # every dimension that the ledger has
PERIODS = ("previous", "last-year")


@dataclass(frozen=True)
class Report:
    """A report: its maker, what `--by` and `--compare` may name, and what else it takes or needs.

    `takes`: which of --account, --item and --partner choose rows of it; `traces`: `--trace` lists what is behind its
    lines; `of_day`: it is of a day and not of a period; `needs`: the option that it cannot do without.
    """

    make: Callable[[Query, Context], Table]
    by: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()
    traces: bool = False
    of_day: bool = False
    needs: str = ""
    takes: tuple[str, ...] = ()


REPORTS: dict[str, Report] = {
    "trial-balance": Report(
        lambda query, context: trial_balance(context.ledger, query, context.dimensions), ANY, PERIODS, traces=True
    ),
    "balance-sheet": Report(
        lambda query, context: balance_sheet(context.ledger, query, context.form("balance-sheet")),
        ANY,
        PERIODS,
        traces=True,
        of_day=True,
    ),
    "income-statement": Report(
        lambda query, context: income_statement(context.ledger, query, context.form("income-statement")),
        ANY,
        (*PERIODS, "budget"),
        traces=True,
    ),
    "stock": Report(
        lambda query, context: stock(context.ledger, query, context.pool_of(), context.category_of),
        BY,
        of_day=True,
        takes=("item",),
    ),
    "stock-moves": Report(
        lambda query, context: stock_moves(context.ledger, query, context.category_of), BY, takes=("item",)
    ),
    "receivables": Report(
        lambda query, context: open_items(context.ledger, query, "receivable", context.partner_name),
        ("partner",),
        of_day=True,
        takes=("partner",),
    ),
    "payables": Report(
        lambda query, context: open_items(context.ledger, query, "payable", context.partner_name),
        ("partner",),
        of_day=True,
        takes=("partner",),
    ),
    "statement-of-account": Report(
        lambda query, context: statement_of_account(context.ledger, query, context.partner_name),
        needs="partner",
        takes=("partner",),
    ),
    "cash-flow": Report(
        lambda query, context: cash_flow(context.ledger, query, context.form("cash-flow")), (), PERIODS, traces=True
    ),
    "cash-flow-indirect": Report(
        lambda query, context: indirect_cash_flow(
            context.ledger, query, context.form("cash-flow-indirect"), context.rulebook.statements["cash-flow"]
        ),
        (),
        PERIODS,
    ),
    "margins": Report(
        lambda query, context: margins(
            context.ledger, query, context.dimensions, context.item_name, context.partner_name
        ),
        ANY,
    ),
    "stock-aging": Report(
        lambda query, context: stock_aging(context.ledger, query, context.item_name), of_day=True, takes=("item",)
    ),
    "ratios": Report(lambda query, context: ratios(context.ledger, query, context.rulebook.statements)),
    "budget": Report(
        lambda query, context: budget(
            context.ledger, query, context.plan, context.dimensions, context.books.fiscal_year_start
        ),
        DIMENSIONS,
    ),
    "forecast": Report(
        lambda query, context: forecast(context.ledger, query, context.expected, context.on_order, context.maturing),
        of_day=True,
    ),
    "orders": Report(lambda query, context: orders(context.orders(query.end), query), of_day=True, takes=("partner",)),
    "accruals": Report(
        lambda query, context: accruals(context.gaps(query.end), query), of_day=True, takes=("partner",)
    ),
    "notes": Report(
        lambda query, context: notes(context.run.settlements.notes.known.values(), query),
        of_day=True,
        takes=("partner",),
    ),
    "tax": Report(lambda query, context: tax(context.tax_lines(), query)),
    "journal": Report(lambda query, context: journal(context.ledger, query)),
    "ledger": Report(
        lambda query, context: account_ledger(context.ledger, query), needs="account", takes=("account", "partner")
    ),
}
