"""The model's goods: what is where, and what every move of it is worth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from .model_events import Refused, Undecided, find, needed
from .model_planned import PlannedPool
from .model_prices import ZERO, half_up
from .model_purchases import line_key
from .model_stock import NOWHERE, Origin, Pool, Taken
from .papers import Company, Document, Line, Scope

REASONS = {"found": "stock-gain", "received": "stock-gain", "cost-correction": "cost-adjustment"}
COST_ROLES = {
    "deliveries": "cost-of-sales", "sales": "cost-of-sales", "counts": "stock-loss", "receipts": "price-difference",
    "purchases": "price-difference",
}  # fmt: skip
MONTHLY = "monthly-average"
Month = tuple[int, int]
Post = Callable[[Document, str, Fraction], None]


@dataclass
class Move:
    document: str
    item: str
    warehouse: str
    lot: str
    qty: Fraction
    value: Fraction


@dataclass(frozen=True)
class Arrival:
    """What came into a monthly average; `first` where it counts from the month's beginning."""

    scope: Scope
    month: Month
    origin: Origin
    qty: Fraction
    first: bool


@dataclass
class Planned:
    """What one making of the books sees of monthly averages, for the next one."""

    came: dict[tuple[Scope, Month], tuple[Fraction, Fraction]] = field(default_factory=dict)  # quantity and value
    arrivals: list[Arrival] = field(default_factory=list)  # in the order of events
    late: dict[tuple[Month, str, Origin], Fraction] = field(default_factory=dict)  # costs of what came by a line


@dataclass
class Waiting:
    """What is delivered and not invoiced of a line, and what it cost."""

    qty: Fraction
    cost: Fraction


class Goods:
    """Pools by scope, quantities by item, warehouse and lot.

    A month's average is not known before its last receipt. So the books are made again and again: `planned` is what the
    time before saw coming into each pool during each month, and it is there from the month's beginning; `seen` is what
    came this time. Where both are the same, the values are those of the contract. The first time nothing is planned.
    """

    def __init__(self, company: Company, documents: list[Document], planned: Planned | None, post: Post) -> None:
        self.documents = documents
        self.planned = planned
        self.seen = Planned()
        self.opened: dict[Scope, Fraction] = {}  # quantities of monthly averages, with what comes during the month
        self.company = company
        self.post = post
        self.waiting: dict[Origin, Waiting] = {}
        self.moves: list[Move] = []
        self.on_hand: defaultdict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
        self.pools: dict[Scope, Pool] = {}
        self.standards = {one.code: one.standard_cost for one in company.items.values()}
        self.provisional = company.policy("negative_stock") == "provisional"

    def pool(self, item: str, warehouse: str, lot: str) -> Pool:
        key = self.company.scope(item, warehouse, lot)
        method, last_cost = self.company.method(item), self.company.items[item].last_cost
        if method == "specific" and not lot:
            raise Refused("a specific cost needs its lot")
        if method == "standard" and self.standards[item] is None:
            raise Refused("no standard cost")
        if key not in self.pools:
            planned = method == "standard" and self.company.policy("variance") == "apportion"
            kind = PlannedPool if planned else Pool
            self.pools[key] = kind(method, self.company.decimals, last_cost, self.standards[item] or ZERO, last_cost)
        return self.pools[key]

    def begin(self, month: Month) -> None:
        """What comes into monthly averages during a month counts from its beginning."""
        for (scope, when), (qty, value) in (self.planned or Planned()).came.items():
            if when == month:
                self.pool(*scope).receive(qty, value, NOWHERE)
        self.opened = {scope: pool.there for scope, pool in self.pools.items()}

    def held_this_month(self, scope: Scope, origin: Origin, month: Month) -> Fraction:
        """How much of what a line brought is in a month's average before anything leaves it; the oldest went first."""
        arrivals = (self.planned or self.seen).arrivals
        held = later = ZERO
        for one in reversed(arrivals):
            if one.scope == scope and (one.month < month or (one.month == month and one.first)):
                if one.origin == origin:
                    held += max(ZERO, min(one.qty, self.opened.get(scope, ZERO) - later))
                later += one.qty
        return held

    def came_back_at_once(self, document: Document) -> bool:
        """Whether a return's original is of the same month."""
        kinds = ("receipts", "purchases") if document.supplier else ("deliveries", "sales")
        original = find(self.documents, document.returns, kinds, document.party)
        return _month(original) == _month(document)

    def see(self, document: Document, line: Line, pool: Pool, place: str, qty: Fraction, value: Fraction) -> bool:
        """Remember what comes into a monthly average; whether it has been there since the month's beginning."""
        key = (self.company.scope(line.item, place, line.lot), _month(document))
        if pool.method != MONTHLY:
            return False
        before = self.seen.came.get(key, (ZERO, ZERO))
        self.seen.came[key] = (before[0] + qty, before[1] + value)
        return self.planned is not None

    def _counts_from_the_first(self, document: Document, line: Line) -> bool:
        if document.kind == "counts":
            return line.price is not None
        if document.kind == "adjustments":
            return line.value is not None
        if document.kind in ("deliveries", "sales"):
            named = bool(document.returns) and self.company.policy("customer_returns") == "original"
            return named and not self.came_back_at_once(document)
        return not document.returns or not self.came_back_at_once(document)

    def pool_of(self, document: Document, line: Line) -> Pool:
        return self.pool(line.item, document.place(line), line.lot)

    def change_standard(self, document: Document, item: str, cost: Fraction) -> None:
        """What is there is worth more or less from this day on."""
        self.standards[item] = cost
        for (own, warehouse, lot), pool in self.pools.items():
            if own == item and isinstance(pool, PlannedPool):
                pool.change(cost)
            elif own == item and pool.method == "standard":
                pool.standard = cost
                worth = half_up(cost * pool.there, self.company.decimals) - pool.value
                if worth:
                    for layer in pool.layers:
                        layer.value += worth
                    self.moved(document, item, warehouse or "main", lot, ZERO, worth)
                    self.post(document, "cost-adjustment", -worth)

    def take(self, document: Document, line: Line, qty: Fraction, warehouse: str = "") -> list[Taken]:
        """An issue from the pool; what is not there leaves at the last known cost, where that is allowed."""
        place = warehouse or document.place(line)
        pool = self.pool(line.item, place, line.lot)
        if isinstance(pool, PlannedPool):
            return [pool.leave(document, line, qty, place)]
        short = qty - max(pool.there, ZERO)
        if short <= 0 or pool.method == "standard":
            return pool.issue(qty, document.kind)
        if pool.method == MONTHLY:
            raise Undecided("a month's average of less than nothing")
        if not self.provisional:
            raise Refused("stock below zero")
        standard = self.company.items[line.item].standard_cost
        cost = pool.current(short, standard)
        taken = pool.issue(qty - short, document.kind) if qty > short else []
        owed = pool.owe(short, cost, document.kind, self.cost_role(document))
        if any(one is line for one in document.lines):  # not of what a full count did not list
            owed.by = line_key(document, line)
        return [*taken, owed]

    @staticmethod
    def cost_role(document: Document) -> str:
        if document.kind == "adjustments":
            return REASONS.get(document.reason, document.reason)
        if document.kind not in COST_ROLES:
            raise Undecided("where the cost of goods went that were transferred or made into others")
        return COST_ROLES[document.kind]

    def put(
        self, document: Document, line: Line, parts: list[tuple[Fraction, Fraction, Origin]], warehouse: str = ""
    ) -> Fraction:
        """Quantities come in; what was owed is covered first, and its provisional cost corrected. The value taken in."""
        place = warehouse or document.place(line)
        pool = self.pool(line.item, place, line.lot)
        whole = ZERO
        first = pool.method == MONTHLY and self._counts_from_the_first(document, line)
        if pool.method == MONTHLY:
            scope, month = self.company.scope(line.item, place, line.lot), _month(document)
            self.seen.arrivals += [Arrival(scope, month, origin, qty, first) for qty, _, origin in parts]
        if first:
            qty, value = sum((one[0] for one in parts), ZERO), sum((one[1] for one in parts), ZERO)
            if self.see(document, line, pool, place, qty, value):
                return value
        for qty, value, origin in parts:
            left, worth = qty, value
            while left > 0 and pool.owing:
                owed = pool.owing[0]
                part = min(left, owed.owed)
                is_worth = worth if part == left else self.rounded(worth * part / left)
                was_worth = owed.owed_value if part == owed.owed else self.rounded(owed.owed_value * part / owed.owed)
                left, worth = left - part, worth - is_worth
                owed.owed, owed.owed_value = owed.owed - part, owed.owed_value - was_worth
                whole += is_worth
                if is_worth != was_worth:
                    owed.corrected = True
                    self.moved(document, line.item, place, line.lot, ZERO, was_worth - is_worth)
                    self.post(document, self._follow(owed, is_worth - was_worth), is_worth - was_worth)
                if not owed.owed:
                    pool.owing.pop(0)
            if left or not qty:
                whole += pool.receive(left, worth, origin)
        return whole

    def _follow(self, owed: Taken, more: Fraction) -> str:
        """Where the cost of goods is now that were delivered without being there."""
        return self._still_waiting(owed.by, more) or owed.role

    def follow(self, document: Document, line: Line, more: Fraction) -> str:
        """Where the cost of what a line took is now, of which more has become known."""
        listed = any(one is line for one in document.lines)  # and not what a full count did not list
        return (self._still_waiting(line_key(document, line), more) if listed else "") or self.cost_role(document)

    def _still_waiting(self, key: Origin, more: Fraction) -> str:
        waiting = self.waiting.get(key)
        if waiting is None or not waiting.qty:
            return ""
        waiting.cost += more
        return "goods-delivered-not-invoiced"

    def came(self, document: Document, line: Line, parts: list[tuple[Fraction, Fraction, Origin]]) -> Fraction:
        """`put`, and the move of it."""
        value = self.put(document, line, parts)
        qty = sum((qty for qty, _, _ in parts), ZERO)
        self.moved(document, line.item, document.place(line), line.lot, qty, value)
        return value

    def left(self, document: Document, line: Line, taken: list[Taken]) -> Fraction:
        """The move of what was taken, and its value."""
        value = sum((one.value for one in taken), ZERO)
        qty = sum((one.qty for one in taken), ZERO)
        self.moved(document, line.item, document.place(line), line.lot, -qty, -value)
        return value

    def moved(self, document: Document, item: str, warehouse: str, lot: str, qty: Fraction, value: Fraction) -> None:
        self.on_hand[item, warehouse, lot] += qty
        if qty < 0 and self.on_hand[item, warehouse, lot] < 0 and not self.provisional:
            raise Refused("stock below zero")
        self.moves.append(Move(document.reference, item, warehouse, lot, qty, value))
        self.post(document, "inventory", value)

    def rounded(self, value: Fraction) -> Fraction:
        return half_up(value, self.company.decimals)


def refuse_loops(company: Company, documents: list[Document]) -> None:
    """Within a month, no pool may need what comes out of itself: which value comes first then, the contract leaves open."""
    sources: defaultdict[tuple[Month, Scope], set[Scope]] = defaultdict(set)
    in_job: defaultdict[tuple[Month, str], set[Scope]] = defaultdict(set)
    for document in documents:
        month = _month(document)
        if document.kind == "transfers":
            for line in document.lines:
                ends = [company.scope(line.item, place, line.lot) for place in (document.from_, document.to)]
                if ends[0] != ends[1]:
                    sources[month, ends[1]].add(ends[0])
        elif document.kind == "productions":
            lines = [*document.lines, *needed(company, document)]
            scopes = [(one.part, company.scope(one.item, document.place(one), one.lot)) for one in lines if one.item]
            outputs = {scope for part, scope in scopes if part == "output"}
            inputs = {scope for part, scope in scopes if part == "input"}
            if document.job:  # its cost so far comes from elsewhere
                in_job[month, document.job] |= inputs
                for scope in outputs:
                    sources[month, scope] |= in_job[month, document.job]
            for part, scope in scopes:
                if part == "input" and company.method(scope[0]) != MONTHLY:  # as do other inputs
                    sources[month, scope] |= {other for other in inputs if company.method(other[0]) == MONTHLY}
                if part == "output":
                    sources[month, scope] |= {other for kind, other in scopes if kind == "input"}
                    if company.method(scope[0]) == MONTHLY:  # what else is made waits for its own turn
                        sources[month, scope] |= {other for other in outputs if company.method(other[0]) != MONTHLY}
        elif document.kind == "landed-costs" and document.basis in ("", "value"):
            carriers = [
                find(documents, line.document, ("receipts", "purchases", "productions")) for line in document.lines
            ]
            inputs = set[Scope]()  # of what is made in that month: outputs' values are weights
            for one in carriers:
                if one.kind == "productions" and _month(one) == month:
                    lines = [*one.lines, *needed(company, one)]
                    inputs |= {
                        company.scope(each.item, one.place(each), each.lot) for each in lines if each.part == "input"
                    }
            for one in carriers if len({id(each) for each in carriers}) > 1 else []:
                for line in one.lines:
                    if company.stocked(line.item) and line.part in ("", "output"):
                        sources[month, company.scope(line.item, one.place(line), line.lot)] |= inputs
    _refuse_circles_of_cents(company, documents)
    for month, scope in list(sources):
        reached: set[Scope] = set()
        waiting = [scope]
        while waiting:
            new = sources.get((month, waiting.pop()), set()) - reached
            reached |= new
            waiting += new
        if scope in reached:
            raise Undecided("a month's average that needs itself")


def _refuse_circles_of_cents(company: Company, documents: list[Document]) -> None:
    """Issues of a month's average take their cents in the order of events, which must not wait for what they make."""
    events: list[tuple[Document, set[Scope], set[Scope]]] = []  # what each takes from, and puts into
    for document in documents:
        lines = [*document.lines, *needed(company, document)] if document.kind == "productions" else document.lines
        if document.kind == "transfers":
            takes = {company.scope(line.item, document.from_, line.lot) for line in lines}
            events.append((document, takes, {company.scope(line.item, document.to, line.lot) for line in lines}))
        elif document.kind == "productions":
            scopes = [(one.part, company.scope(one.item, document.place(one), one.lot)) for one in lines if one.item]
            takes, puts = ({scope for part, scope in scopes if part == way} for way in ("input", "output"))
            events.append((document, takes, puts))
    needs: dict[int, set[int]] = {}
    for at, (document, takes, _) in enumerate(events):
        needs[at] = set()
        for other, (given, its_takes, its_puts) in enumerate(events):
            if other == at or _month(given) != _month(document):
                continue
            monthly = any(company.method(scope[0]) == MONTHLY for scope in takes & its_puts)
            if monthly or (
                other < at and (takes & (its_takes | its_puts) or (given.job and given.job == document.job))
            ):
                needs[at].add(other)
    while needs:
        free = [at for at, others in needs.items() if not others & set(needs)]
        if not free:
            raise Undecided("which of two issues takes a cent first")
        for at in free:
            del needs[at]


def _month(document: Document) -> Month:
    return document.date.year, document.date.month
