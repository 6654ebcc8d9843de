"""Books = f(records, rules): the pipeline that post writes down, check compares and explain tells.

Records are read and typed, priced, linked and matched; then posting folds over the months (fold.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial

from beanstock.amounts.currency import Rates
from beanstock.amounts.exemption import Exemptions
from beanstock.amounts.money import decimals_of, unit_of, use_exact_context
from beanstock.amounts.precision import check_precision
from beanstock.amounts.price import Pricer
from beanstock.amounts.quantities import check_quantities
from beanstock.amounts.units import convert_units
from beanstock.books import Books
from beanstock.carried.capture import Capture
from beanstock.carried.going import Carried
from beanstock.carried.state import State
from beanstock.commands.assets import Assets
from beanstock.commands.carry import begun_capture, conditions
from beanstock.commands.month import (
    last_day,
)
from beanstock.commands.stages import Stages
from beanstock.ledger.closed import Period, last_closed, read_closed
from beanstock.ledger.limits import Totals
from beanstock.matching.certifications import Certifications
from beanstock.matching.doubtful import check_doubtful
from beanstock.matching.estimates import Estimates
from beanstock.matching.landed import LandedCosts
from beanstock.matching.notes import Notes
from beanstock.matching.orders import Orders
from beanstock.matching.prepaid import Prepaid
from beanstock.matching.purchases import Purchases
from beanstock.matching.references import Directory, Linker
from beanstock.matching.sales import Sales
from beanstock.matching.settlements import Settlements
from beanstock.matching.write_offs import check_write_offs
from beanstock.model import Document, Item, Warehouse
from beanstock.problems import Problem, errors, problem
from beanstock.records.expand import add_inputs
from beanstock.records.fingerprint import fingerprints
from beanstock.records.identity import event_key
from beanstock.records.kinds import Kinds
from beanstock.records.people import assign_people, check_jobs
from beanstock.records.periodic import expand_journals
from beanstock.records.read import Records, read_records
from beanstock.rulebook.load import Rulebook, load_rulebook
from beanstock.stock.costing import Costing
from beanstock.stock.order import put_behind_originals, rank_transfers
from beanstock.stock.replay import Replay
from beanstock.vouchers.balances import Balances
from beanstock.vouchers.closing import Closer


@dataclass
class Run:
    """Everything that was computed before the fold, and what the fold needs."""

    books: Books
    rulebook: Rulebook
    records: Records
    purchases: Purchases
    settlements: Settlements
    state: State
    assets: Assets
    made: list[Document] = field(default_factory=list)  # documents that months made by themselves
    problems: list[Problem] = field(default_factory=list)
    stages: Stages = field(default_factory=Stages)
    fingerprints: dict[str, str] = field(default_factory=dict)  # what each document says, as a hash, where asked for
    finished: str = ""  # the last month that is closed, or about to be: it ended, whatever comes later
    carried: Carried | None = None  # from what closed months carry the run goes on, where that is known
    kept: dict[str, str] = field(default_factory=dict)  # ledger files of closed months that are not made again: hashes
    capture: Capture | None = None  # what later runs need to go on from the last closed month, where it is noted

    @property
    def balances(self) -> Balances:
        """What the accounts hold so far."""
        return self.state.closer.balances

    @property
    def lines(self) -> int:
        """How many record lines there are."""
        return sum(len(document.lines) for document in self.records.documents)

    @cached_property
    def closed(self) -> tuple[list[Period], list[Problem]]:
        """The closed periods, read once. Problems: closed-tampered, and those of reading a file."""
        return read_closed(self.books.ledgers)

    @property
    def unit(self) -> Decimal:
        """The smallest amount of the books' currency."""
        return unit_of(self.books.currency)

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
    closing: str = "",
    carried: Carried | None = None,
    capturing: bool = False,
) -> Run:
    """Read, price, link and match: all that is done for the whole company at once.

    References and matches are judged only where every record could be read; the faults of half-read records would
    otherwise be told twice. A rule book that is loaded already may be passed in. `hashed` takes the documents'
    fingerprints; documents after `until` do not count; `closing` is a month that ends now. From what closed months
    have `carried` the run goes on, and reads little else of them (raises Stale, as `Carried` does); `capturing` notes it.
    """
    use_exact_context()
    stages = stages or Stages()
    stages.begin("rules")
    main = Warehouse("main")
    problems: list[Problem] = []
    if rulebook is None:
        rulebook, problems = load_rulebook(books, main)
    stages.begin("records")
    if carried is not None:
        carried.fits(conditions(books, rulebook))
    reads = read_records if carried is None else carried.read
    records, found = reads(books.records, rulebook.kinds, decimals_of(books.currency))
    problems += found
    own = records.masters.warehouses["main"]
    main.name, main.account_key, main.extra = own.name, own.account_key, own.extra
    stages.begin("amounts")
    unit = unit_of(books.currency)
    finished = max(closing, last_closed(books.ledgers))
    problems += add_journals(records, rulebook.kinds, finished)
    if carried is not None:
        records.documents = carried.admit(records.documents)
    if until < dt.date.max:
        records.documents = [document for document in records.documents if document.date <= until]
    documents = records.documents
    prints = fingerprints(documents) if hashed else {}
    problems += convert_units(documents)
    add_inputs(documents, records.masters)
    assign_people(documents, records.masters)
    unread = bool(errors(problems))
    problems += check_jobs(documents)
    problems += check_quantities(documents, rulebook.kinds)
    linker = Linker(documents, rulebook.kinds)
    links = linker.link()
    at_delivery = books.policy("revenue") == "at-delivery"
    pricer = Pricer(
        rulebook.kinds,
        rulebook.taxes,
        books.currency,
        Rates(records.masters.rates),
        revenue_at_delivery=at_delivery,
        tax_per_rate=books.policy("tax_rounding") == "per-rate",
    )
    rulebook.rates.on = pricer.rates.on
    pricer.name_currencies(documents)
    problems += check_precision(documents, rulebook.kinds, books.currency, finer=records.finer)
    problems += pricer.price(documents, linker.faulty)
    costing = _costing(books, unit)
    problems += _forbidden(books, costing, records.masters.items.values())
    perpetual = books.policy("inventory_system") == "perpetual"  # else purchases stand at the bill's rate
    exchange_apart = perpetual and books.policy("fx_on_accrual") == "gain-loss"
    purchases = Purchases(
        unit,
        lambda item: books.policy("bill_difference") == "restate" and costing.method(item) != "standard",
        exchange_apart=exchange_apart,
    )
    landed = LandedCosts(unit, linker, at_receipt=books.policy("landed_cost") == "receipt-date")
    sales = Sales(unit, revenue_at_delivery=at_delivery)
    settlements = Settlements(
        rulebook.kinds,
        rulebook.accounts.role_of_cell,
        rulebook.accounts.same,
        books.currency,
        unit,
        Notes(rulebook.accounts.role_of_cell, rulebook.accounts.same),
        Prepaid(rulebook.kinds, unit, applies=books.policy("advance_rate") == "advance", exchange_apart=exchange_apart),
        corrects_tax=books.policy("discount_tax") == "correct",
    )
    certified = books.policy("input_tax") == "on-certification"
    certifications = Certifications(rulebook.kinds, linker, rulebook.accounts.role_of_cell, pending=certified)
    stages.begin("matching")
    if not unread:
        problems += links
        problems += rank_transfers(documents, rulebook.kinds, records.masters.warehouses["main"])
        put_behind_originals(documents)
        documents.sort(key=lambda document: document.key)
    capture = begun_capture(books, rulebook, documents) if capturing and not errors(problems) else None
    settling = documents if carried is None else carried.settle(settlements, records.masters, documents)
    if not errors(problems):
        ended = None if capture is None else partial(capture.step, partial(capture.at_settled, settlements))
        # first, because what was paid ahead measures what it was paid for
        problems += settlements.settle(settling, capture.end if capture else dt.date.max, ended)
        problems += purchases.match(documents)
        problems += landed.share(documents)
        sales.match(documents)
        problems += certifications.match(documents)
        problems += check_doubtful(documents, rulebook.accounts.is_profit)
        problems += check_write_offs(documents, books.policy("write_off_limit"))
        problems += check_orders(books, linker.directory, documents)
    if carried is not None:
        carried.compare()
    replay = Replay(costing, rulebook.kinds, records.masters.warehouses["main"], documents)
    if capture is not None and not errors(problems):
        capture.step(capture.at_matched)
        replay.remembers_all = True
    tax_period = books.settings["tax_period"].value if "tax_period" in books.settings else "month"
    exemptions = Exemptions(rulebook.taxes.exemptions, tax_period, unit, rulebook.kinds)
    estimates = Estimates(books.policy("grni_method") if perpetual else "difference-on-bill")  # nothing is accrued
    next_month = books.policy("depreciation_start") == "next-month"
    assets = Assets(records.masters, documents, unit, from_next_month=next_month)
    closer = _closer(books, rulebook, records, unit)
    state = State(replay, estimates, exemptions, closer, Totals(unit))
    run = Run(books, rulebook, records, purchases, settlements, state, assets, problems=problems)
    run.stages, run.fingerprints, run.finished, run.capture = stages, prints, finished, capture
    if carried is not None:
        carried.restore(state, records.masters)
        run.carried = carried
    return run


def fingerprints_of(run: Run) -> dict[str, str]:
    """What each document says, as a hash, where the run did not take it: the records are read once more."""
    kinds = run.rulebook.kinds
    records, _ = read_records(run.books.records, kinds, decimals_of(run.books.currency))
    add_journals(records, kinds, run.finished)
    return fingerprints(records.documents)


def _closer(books: Books, rulebook: Rulebook, records: Records, unit: Decimal) -> Closer:
    """What closes the months."""
    return Closer(
        rulebook,
        Balances(rulebook.accounts.role_of_account, rulebook.credited),
        int(books.fiscal_year_start[:2]),
        Rates(records.masters.rates),
        records.masters.partners,
        unit,
        storno=books.policy("storno") == "yes",
        reversal="冲回：" if books.language == "zh" else "Reversal: ",
    )


def _forbidden(books: Books, costing: Costing, items: Iterable[Item]) -> list[Problem]:
    """Methods that the pack's standard forbids, with the items they are used for. Problems: method-forbidden."""
    used: dict[str, list[str]] = {}
    for item in items:
        if item.stocked:
            used.setdefault(costing.method(item), []).append(item.code)
    return [
        problem("method-forbidden", None, pack=books.pack, method=method, items=_some(used[method]))
        for method in books.forbids
        if method in used
    ]


def _some(names: list[str]) -> str:
    more = len(names) - 3
    return ", ".join(names[:3]) + (f" and {more} more" if more > 0 else "")


def _costing(books: Books, unit: Decimal) -> Costing:
    """How values are kept, by the books' policies."""
    split = books.policy("bill_difference") == "split"
    perpetual = books.policy("inventory_system") == "perpetual"
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
        apportions=books.policy("variance") == "apportion",
        costs_at_invoice=perpetual and books.policy("cost_of_sales") == "at-invoice",
        by_nature=not perpetual,
    )


def check_orders(books: Books, directory: Directory, documents: list[Document]) -> list[Problem]:
    """What is billed beyond its order, or at a higher price.

    Problems: billed-beyond-order, billed-beyond-order-warning, billed-above-price, billed-above-price-warning.
    """
    orders = Orders(documents, directory)
    if not orders.progress:
        return []
    orders.follow(documents)
    problems = orders.beyond(*_tolerated(books.policy("over_billing")))
    return problems + orders.above(documents, *_tolerated(books.policy("over_price")), unit_of(books.currency))


def _tolerated(policy: str) -> tuple[str, Decimal]:
    """`problem, 5%` as its word and its percentage."""
    word, _, tolerance = policy.replace(",", "").partition(" ")
    return word, Decimal(tolerance.rstrip("%") or 0)


def add_journals(records: Records, kinds: Kinds, finished: str = "") -> list[Problem]:
    """The further times of recurring journals, in the order of events. Problems: journal-sides, journal-balance."""
    made, problems = expand_journals(records.documents, last_day(finished) if finished else dt.date.min)
    for document in made:
        document.key = event_key(document, kinds.documents[document.kind], kinds)
    records.documents += made
    return problems
