"""The model's productions: inputs leave at cost, outputs share it with the other costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from fractions import Fraction

from .model_events import Undecided, gives_back, needed
from .model_goods import Goods
from .model_late import Late
from .model_planned import PlannedPool
from .model_pools import PoolShares, job_of, month_of
from .model_prices import ZERO, Priced, base_qty, half_up
from .model_purchases import LineKey, line_key
from .model_spending import WHOLE_MONTH, spent, work_on
from .papers import Company, Document, Line

Post = Callable[[Document, str, Fraction], None]


class Making:
    """Productions, and the cost so far of every job."""

    def __init__(self, company: Company, goods: Goods, late: Late, post: Post, pooled: PoolShares) -> None:
        self.company = company
        self.goods = goods
        self.late = late
        self.post = post
        self.pooled = {month: dict(shares) for month, shares in pooled.items()}  # what is still to be taken
        self.jobs: defaultdict[str, Fraction] = defaultdict(Fraction)
        self.finished: dict[str, Document] = {}

    def make(self, document: Document) -> None:
        role = "outside-processing" if document.supplier else "work-in-process"
        pooled = self.pooled.get(month_of(document), {})
        cost = sum((pooled.pop(key) for key in list(pooled) if key[1] == job_of(document)), ZERO)
        went: defaultdict[str, Fraction] = defaultdict(Fraction)
        for line in [*document.lines, *needed(self.company, document)]:
            amount = line.amount or ZERO
            if line.part == "input":
                taken = self.goods.take(document, line, base_qty(self.company, line))
                amount = self.goods.left(document, line, taken)
                went[line.item] += amount
            elif line.part == "cost":
                self.post(document, line.account, -amount)
            elif line.part == "waste":
                self.post(document, "scrap", amount)
                amount = -amount
            else:
                continue
            self.post(document, role, amount)
            cost += amount
        outputs = [line for line in document.lines if line.part == "output"]
        if document.job:
            cost += self.jobs.pop(document.job, ZERO)
        if not outputs:
            self.jobs[job_of(document)] = cost
            return
        if stated := self._stated(document):
            self.jobs[document.job] = stated
            cost -= stated
        if cost < 0:
            raise Undecided("outputs of less than nothing")
        self.post(document, role, -cost)
        self.finished[document.job] = document
        taken_in = ZERO
        back = {
            id(document.lines[place]): half_up(went[document.lines[place].item] * part, self.company.decimals)
            for place, part in gives_back(self.company, document).items()
        }
        made = [line for line in outputs if id(line) not in back]
        shares = dict(zip(map(id, made), self._shares(cost - sum(back.values(), ZERO), made), strict=True)) | back
        for line in outputs:
            part = shares[id(line)]
            landed = self.late.at_receipt(line_key(document, line))
            self.post(document, "landed-cost-clearing", -landed)
            cost += landed
            parts = [(base_qty(self.company, line), part + landed, line_key(document, line))]
            came = self.goods.came(document, line, parts)
            self.late.made[line_key(document, line)] = came - landed
            taken_in += came
        self.post(document, "production-variance", cost - taken_in)

    def spend(self, document: Document, job: str, cost: Fraction) -> None:
        """What a bill says was spent on a job."""
        self.post(document, work_on(self.company, job), cost)
        self.jobs[job] += cost

    def begin(self, documents: list[Document], priced: Mapping[LineKey, Priced]) -> None:
        """What a month's expenses, wages and journals are spent on jobs counts from its beginning."""
        for document in documents:
            for one in spent(self.company, document, priced) if document.kind in WHOLE_MONTH else []:
                if one.job:
                    self.jobs[one.job] += one.cost

    def _stated(self, document: Document) -> Fraction:
        """What counts say is still in process of a job when the month is over."""
        counts = [one for one in self.company.documents if one.kind == "wip-counts" and one.job == document.job]
        lines = [line for one in counts if month_of(one) == month_of(document) for line in one.lines]
        return sum((line.value or ZERO for line in lines), ZERO)

    def adjust(self, document: Document, made: Document, amount: Fraction) -> None:
        """What was taken for a production has cost more: its outputs take it as they took the cost."""
        role = "outside-processing" if made.supplier else "work-in-process"
        made = self.outputs_of(made)
        outputs = [line for line in made.lines if line.part == "output"]
        if not outputs:
            self.jobs[made.job] += amount
            self.post(document, role, amount)
            return
        if gives_back(self.company, made):
            raise Undecided("what was given back has cost more")
        for line, share in zip(outputs, self._shares(amount, outputs), strict=True):
            pool = self.goods.pool_of(made, line)
            if not isinstance(pool, PlannedPool):
                raise Undecided("what outputs have cost beyond what they came in at")
            pool.kept += share
            self.goods.moved(document, line.item, made.place(line), line.lot, ZERO, share)

    def outputs_of(self, made: Document) -> Document:
        """What a production's cost is in now: a finished job's is in what the job put out last."""
        if any(line.part == "output" for line in made.lines) or made.job in self.jobs:
            return made
        return self.finished[made.job]

    def _shares(self, cost: Fraction, outputs: list[Line]) -> list[Fraction]:
        """By stated weights, else by standard value, else by quantity; the last takes the rest."""
        quantities = [base_qty(self.company, line) for line in outputs]
        standards = [self.company.items[line.item].standard_cost for line in outputs]
        weights = quantities
        if any(line.share is not None for line in outputs):
            weights = [line.share or ZERO for line in outputs]
        elif all(one is not None for one in standards):
            weights = [qty * (one or ZERO) for qty, one in zip(quantities, standards, strict=True)]
        whole = sum(weights, ZERO)
        if not whole:
            raise Undecided("outputs without weight")
        shares = [half_up(cost * weight / whole, self.company.decimals) for weight in weights[:-1]]
        shares.append(cost - sum(shares, ZERO))
        if shares[-1] * cost < 0:
            raise Undecided("a last output of less than nothing")
        return shares
