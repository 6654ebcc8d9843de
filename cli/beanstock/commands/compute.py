"""Books = f(records, rules): the pipeline that post writes down, check compares and explain tells.

Records are read and typed, priced, linked and matched; then posting folds over the months: each takes the state of the
one before it, replays its stock moves, and gives its vouchers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from beanstock.amounts.money import decimals_of, unit_of, use_exact_context
from beanstock.amounts.price import Pricer
from beanstock.amounts.units import convert_units
from beanstock.books import Books
from beanstock.commands.stages import Stages
from beanstock.ledger.text import month_name
from beanstock.matching.landed import LandedCosts
from beanstock.matching.purchases import Purchases
from beanstock.matching.references import Linker
from beanstock.matching.settlements import Settlements
from beanstock.model import Document, Voucher, Warehouse
from beanstock.problems import Problem, errors
from beanstock.records.expand import add_inputs
from beanstock.records.fingerprint import fingerprints
from beanstock.records.read import Records, read_records
from beanstock.rulebook.load import Rulebook, load_rulebook
from beanstock.stock.holding import Costing
from beanstock.stock.order import put_behind_originals, rank_transfers
from beanstock.stock.replay import Replay
from beanstock.vouchers.write import write_vouchers


@dataclass
class State:
    """What posting carries from month to month."""

    stock: Replay


@dataclass
class Run:
    """Everything that was computed before the fold, and what the fold needs."""

    books: Books
    rulebook: Rulebook
    records: Records
    purchases: Purchases
    settlements: Settlements
    state: State
    problems: list[Problem] = field(default_factory=list)
    stages: Stages = field(default_factory=Stages)
    fingerprints: dict[str, str] = field(default_factory=dict)  # what each document says, as a hash, where asked for

    @property
    def lines(self) -> int:
        """How many record lines there are."""
        return sum(len(document.lines) for document in self.records.documents)

    @property
    def failed(self) -> bool:
        return bool(errors(self.problems))


def prepare(
    books: Books,
    rulebook: Rulebook | None = None,
    stages: Stages | None = None,
    *,
    hashed: bool = False,
    until: dt.date = dt.date.max,
) -> Run:
    """Read, price, link and match: all that is done for the whole company at once.

    References and matches are judged only where every record could be read; the faults of half-read records would
    otherwise be told twice. A rule book that is loaded already may be passed in. `hashed` takes the documents'
    fingerprints; documents after `until` do not count.
    """
    use_exact_context()
    stages = stages or Stages()
    stages.begin("rules")
    main = Warehouse("main")
    problems: list[Problem] = []
    if rulebook is None:
        rulebook, problems = load_rulebook(books, main)
    stages.begin("records")
    records, found = read_records(books.records, rulebook.kinds, decimals_of(books.currency))
    problems += found
    own = records.masters.warehouses["main"]
    main.name, main.account_key, main.extra = own.name, own.account_key, own.extra
    stages.begin("amounts")
    unit = unit_of(books.currency)
    if until < dt.date.max:
        records.documents = [document for document in records.documents if document.date <= until]
    documents = records.documents
    prints = fingerprints(documents) if hashed else {}
    problems += convert_units(documents)
    add_inputs(documents, records.masters)
    unread = bool(errors(problems))
    linker = Linker(documents, rulebook.kinds)
    links = linker.link()
    problems += Pricer(rulebook.kinds, rulebook.taxes, books.currency, unit).price(documents, linker.faulty)
    costing = _costing(books, unit)
    purchases = Purchases(
        unit, lambda item: books.policy("bill_difference") == "restate" and costing.method(item) != "standard"
    )
    landed = LandedCosts(unit, linker, at_receipt=books.policy("landed_cost") == "receipt-date")
    settlements = Settlements(rulebook.kinds, rulebook.accounts.role_of_cell)
    stages.begin("matching")
    if not unread:
        problems += links
        problems += rank_transfers(documents, rulebook.kinds)
        put_behind_originals(documents)
        documents.sort(key=lambda document: document.key)
    if not errors(problems):
        problems += purchases.match(documents)
        problems += landed.share(documents)
        problems += settlements.settle(documents)
    replay = Replay(costing, rulebook.kinds, records.masters.warehouses["main"], documents)
    return Run(books, rulebook, records, purchases, settlements, State(replay), problems, stages, prints)


def _costing(books: Books, unit: Decimal) -> Costing:
    """How values are kept, by the books' policies."""
    split = books.policy("bill_difference") == "split"
    return Costing(
        unit,
        books.costing,
        books.costing_by_category,
        books.policy("cost_scope"),
        books.policy("customer_returns"),
        books.policy("supplier_returns").replace("by-method", ""),
        refuses=books.policy("negative_stock") == "refuse",
        splits_bills=split,
        sold_role="price-difference" if books.policy("sold_share") == "variance" else "cost-of-sales",
        tracks_arrivals=split or books.policy("landed_cost") == "own-date",
    )


def post_month(
    month: str, documents: list[Document], state: State, rulebook: Rulebook, stages: Stages
) -> tuple[list[Voucher], list[Problem]]:
    """One step of the fold: the month's stock moves, then its vouchers. The state moves on."""
    stages.begin("stock", month)
    problems = state.stock.replay(documents)
    stages.begin("vouchers", month)
    vouchers, found = write_vouchers(documents, rulebook)
    return vouchers, problems + found


def fold(run: Run) -> Iterator[tuple[str, list[Voucher]]]:
    """The vouchers of each month in turn; problems are added to the run's."""
    for month, group in groupby(run.records.documents, key=lambda document: month_name(document.date)):
        vouchers, problems = post_month(month, list(group), run.state, run.rulebook, run.stages)
        run.problems += problems
        run.stages.begin("text")
        yield month, vouchers
