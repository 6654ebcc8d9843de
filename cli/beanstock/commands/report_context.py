"""What reports may need beside the ledger: the masters, forms and policies of the books, each read when it is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from beanstock.amounts.currency import Rates
from beanstock.amounts.money import decimals_of, unit_of
from beanstock.amounts.price import Pricer
from beanstock.amounts.tax_lines import TaxLine
from beanstock.books import Books
from beanstock.commands.compute import Run, prepare
from beanstock.commands.expected import KINDS, expected, maturing, on_order
from beanstock.commands.fold import fold
from beanstock.commands.taxes import tax_of
from beanstock.ledger.dimensions import Dimensions, ledger_name, payee
from beanstock.ledger.query import Ledger, Moves
from beanstock.masters import Masters
from beanstock.matching.cutoff import Gap, gaps
from beanstock.matching.notes import PAYABLE, RECEIVABLE
from beanstock.matching.orders import ORDERS, Orders, Progress
from beanstock.matching.references import Directory
from beanstock.problems import Problem, errors, problem
from beanstock.records.read import read_master_records, read_some_records
from beanstock.reports.budget import Planned, budgeted
from beanstock.reports.forecast import Expected, Ordered
from beanstock.reports.statements import Form
from beanstock.reports.stock import PoolOf
from beanstock.rulebook.accounts import AccountFault
from beanstock.rulebook.load import Rulebook
from beanstock.stock.costing import Costing


@dataclass
class Context:
    """The books behind a ledger."""

    books: Books
    rulebook: Rulebook
    ledger: Ledger
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def masters(self) -> Masters:
        """The master records; what is wrong with them is told by post and check."""
        return read_master_records(self.books.records, self.rulebook.kinds, decimals_of(self.books.currency))

    @cached_property
    def run(self) -> Run:
        """The books computed from their records, for what the ledger cannot tell. Problems (in `problems`): all of them."""
        run = prepare(self.books)
        if not run.failed:
            for _ in fold(run):
                pass
        self.problems += errors(run.problems)
        return run

    def expected(self, day: dt.date, until: dt.date) -> Iterator[Expected]:
        """Cash that recurring journals, wages and sales of assets will move after a day."""
        decimals, kinds = decimals_of(self.books.currency), self.rulebook.kinds
        found = read_some_records(self.books.records, kinds, decimals, self.masters, KINDS)
        yield from expected(found, self.masters, self.rulebook.accounts, day, until)

    def on_order(self, day: dt.date) -> Iterator[Ordered]:
        """What is ordered up to a day and not billed; books without orders are not computed for it."""
        decimals, kinds = decimals_of(self.books.currency), self.rulebook.kinds
        if read_some_records(self.books.records, kinds, decimals, self.masters, tuple(ORDERS)):
            pricer = Pricer(kinds, self.run.rulebook.taxes, self.books.currency, Rates(self.masters.rates))
            yield from on_order(self.orders(day.isoformat()), pricer, day)

    def maturing(self, day: dt.date) -> Iterator[Expected]:
        """Notes that are open at the end of a day, by their due dates; books that hold none are not computed for it."""
        balances = self.ledger.balances(day.isoformat())
        if any(balances.get(account) for account in self.ledger.accounts_of(RECEIVABLE, PAYABLE)):
            yield from maturing(self.run.settlements.notes.known.values(), day)

    def orders(self, end: str) -> list[Progress]:
        """What became of each order up to a day."""
        run = self.run
        paid = {
            one.owner: (one.amount - one.open) / one.amount
            for one in run.settlements.opens.values()
            if one.owner is not None and one.amount
        }
        documents = run.records.documents
        return Orders(documents, Directory(documents)).follow(documents, _day(end), paid)

    def gaps(self, end: str) -> list[Gap]:
        """Both cut-off gaps at the end of a day."""
        takes_back = self.books.policy("grni_method") == "reverse-at-month-start"
        return gaps(self.run.records.documents, _day(end), self.run.unit, takes_back=takes_back)

    def tax_lines(self) -> list[TaxLine]:
        """What every document says of its taxes."""
        return tax_of(self.run)

    @cached_property
    def dimensions(self) -> Dimensions:
        """Sums by dimension, with payees read as the partners of that name."""
        return Dimensions(self.ledger, self._reading)

    @cached_property
    def _codes(self) -> dict[str, str]:
        """Partners' codes by name, where only one partner has the name."""
        found: dict[str, list[str]] = {}
        for partner in self.masters.partners.values():
            found.setdefault(partner.name, []).append(partner.code)
        return {name: codes[0] for name, codes in found.items() if len(codes) == 1}

    def _reading(self, key: str, value: str) -> str:
        if ledger_name(key) == "partner":
            name = payee(value)
            return value if name is None else self._codes.get(name, name)
        return self.category_of(value) if key == "category" else value

    def category_of(self, item: str) -> str:
        """An item's category, blank where it has none."""
        found = self.masters.items.get(item)
        return found.category if found else ""

    def item_name(self, item: str) -> str:
        """An item's name, else its code."""
        found = self.masters.items.get(item)
        return found.name if found else item

    def partner_name(self, partner: str) -> str:
        """A partner's name, else its code."""
        found = self.masters.partners.get(partner)
        return found.name if found else partner

    def form(self, statement: str) -> Form:
        """A statement's form."""
        books = self.books
        return Form(
            self.rulebook.statements[statement], books.fiscal_year_start, books.language, self.dimensions, self.budgeted
        )

    @cached_property
    def plan(self) -> list[Planned]:
        """The budget, with the accounts that its cells mean. Problems (in `problems`): those of account cells."""
        found = []
        for one in self.masters.budgets:
            try:
                account, _ = self.rulebook.accounts.cell(one.account, {})
            except AccountFault as fault:
                self.problems.append(problem(fault.code, one.place, **fault.facts))
            else:
                found.append(Planned(account, one.month, one.amount, one.department, one.project))
        return found

    def budgeted(self, start: str, end: str) -> dict[str, Decimal]:
        """Budgeted amounts by account of the months of a period, debit positive."""
        return budgeted(self.plan, start, end)

    def pool_of(self) -> PoolOf:
        """Which places of an item share one cost."""
        scope = self.books.policy("cost_scope")
        costing = Costing(unit_of(self.books.currency), self.books.costing, self.books.costing_by_category, scope)
        specific = {item.code for item in self.masters.items.values() if costing.method(item) == "specific"}

        def pool(place: Moves) -> tuple[str, ...]:
            warehouse = place.warehouse if scope == "warehouse" else ""
            return (place.item, warehouse, place.lot if scope == "lot" or place.item in specific else "")

        return pool


def _day(text: str) -> dt.date:
    """A day of the command line; without one, the last there is."""
    return dt.date.fromisoformat(text) if text else dt.date.max
