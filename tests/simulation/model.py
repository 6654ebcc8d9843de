"""The oracle: the books of a simulated company, recomputed naively and exactly from the sentences of the contract.

Nothing of the program is used. `Model(company)` holds every stock move, every amount by document and role, the open
items and the receipts not yet billed, or raises `Refused`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import TypeVar

from .model_adjustments import Adjustments
from .model_counts import Counts
from .model_events import Refused, Undecided, behind, find, in_order, is_mixed, key_at, negative
from .model_exemptions import Exemptions
from .model_goods import MONTHLY, Goods, Planned, refuse_loops
from .model_invoicing import Invoicing
from .model_journals import written
from .model_late import Late
from .model_making import Making
from .model_money import CLAIMS, DEBITS, Money
from .model_months import Posted, deliveries_at_month_end, estimates_taken_back
from .model_notes import place
from .model_orders import Orders
from .model_periodic import bought, by_nature
from .model_pools import PoolShares, given_to_jobs, month_of, months_with_pools, shared_pools
from .model_prices import PRICED, ZERO, Priced, base_qty, half_up, header_price, price
from .model_purchases import GRNI, LineKey, Purchases, line_key
from .model_returns import Returns
from .model_revenue import UNBILLED, Revenue
from .model_spending import Spending
from .model_taxes import Certifications, incurred
from .model_variances import Variances
from .papers import ACCOUNTS, NOTES, Company, Document, Line, Scope

Name = TypeVar("Name")


class Model:
    """The books of one company."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.documents = in_order(company)
        if any(company.method(code) == MONTHLY for code in company.items):
            refuse_loops(company, self.documents)
        self.pooled: PoolShares = {}
        self._settle()
        for month in months_with_pools(company):
            self.pooled[month] = shared_pools(company, month, self.priced, self.goods.moves)
            self._settle()

    def _settle(self) -> None:
        """Make the books until monthly averages are what they were made with."""
        self._run(None)
        for _ in range(8):
            if not self.goods.seen.came or self.goods.seen == self.goods.planned:
                return
            self._run(self.goods.seen)
        raise Undecided("monthly averages that need each other")

    def _run(self, planned: Planned | None) -> None:
        company = self.company
        self.posted: list[Posted] = []
        self.goods = Goods(company, self.documents, planned, self._post)
        self.priced: dict[LineKey, Priced] = {}
        self.counts = Counts(company, self.documents, self.goods, self._post)
        self.adjustments = Adjustments(company, self.documents, self.goods, self._post)
        self.gross: dict[int, Fraction] = {}
        self.tax: dict[int, Fraction] = {}  # as far as it is given back
        self.foreign: dict[int, Fraction] = {}  # in the document's own currency
        for document in self.documents:
            if document.kind in PRICED:
                lines = [price(company, document, line) for line in document.lines]
                for line, one in zip(document.lines, lines, strict=True):
                    self.priced[line_key(document, line)] = one
                self.gross[id(document)] = sum((one.gross for one in lines), ZERO)
                self.tax[id(document)] = sum((one.tax for one in lines), ZERO)
                self.foreign[id(document)] = sum((one.foreign for one in lines), ZERO)
            elif document.kind == "landed-costs":
                priced = header_price(company, document)
                self.gross[id(document)], self.foreign[id(document)] = priced.gross, priced.foreign
                self.tax[id(document)] = priced.tax
                if document.bill and company.rates:
                    bill = find(self.documents, document.bill, ("bills",))
                    if company.rate_of(bill) is not None:
                        raise Undecided("landed costs of a bill in a foreign currency")
        self.orders = Orders(company, self.documents)
        self.purchases = Purchases(company, self.documents, self.priced)
        self.late = Late(company, self.documents, self.priced, self.purchases, self.goods, self._post)
        self.invoicing = Invoicing(company, self.documents, self.goods, self._post)
        self.revenue = Revenue(company, self.documents, self._post)
        self.returns = Returns(
            company, self.documents, self.purchases, self.late, self.goods, self.invoicing, self.revenue
        )
        self.making = Making(company, self.goods, self.late, self._post, self.pooled)
        self.spending = Spending(company, self.priced, self._post)
        variances = Variances(company, self.goods, self.making, self._post)
        last = max((one.date for one in written(company)), default=dt.date.min)
        self.exemptions = Exemptions(company, last, self._post)
        self.money = Money(company, self.documents, self.gross, self.foreign, self.tax, self.exemptions, self._post)
        self.certifications = Certifications(company, self.documents, self._post)
        month = (0, 0)
        for document, apart in self._events():
            if (document.date.year, document.date.month) != month:
                if month[0]:
                    variances.end(month)
                self.exemptions.end(document.date.replace(day=1))
                month = (document.date.year, document.date.month)
                self.goods.begin(month)
                self.late.begin(month)
                self.making.begin([one for one in self.documents if month_of(one) == month], self.priced)
            if apart is None:
                getattr(self, "_" + document.kind.replace("-", "_"))(document)
                self.money.exchanged(document, self.purchases.exchange[id(document)])
            for line in apart or [one for one in document.lines if not (is_mixed(document) and negative(one))]:
                if self.company.stocked(line.item) and document.kind in ("receipts", "purchases"):
                    self._goods_in(document, line)
                elif self.company.stocked(line.item) and document.kind in ("deliveries", "sales"):
                    self.returns.goods_out(document, line)
        if month[0]:
            variances.end(month)
        self.exemptions.end(dt.date.max)
        for month, shares in self.pooled.items():
            given_to_jobs(month, shares, self._post)

        for document in self.documents:
            if company.policy("grni_method") == "reverse-at-month-start" and self._again_of_several(document):
                raise Undecided("whether an estimate that was nothing counts as taken back")
        if self.posted and company.policy("grni_method") == "reverse-at-month-start":
            self.posted += estimates_taken_back(self.posted, max(one.date for one in written(company)))
        if self.posted and company.policy("cost_of_sales") == "month-end":
            self.posted += deliveries_at_month_end(self.posted, max(one.date for one in written(company)))
        if company.periodic:
            self.posted = by_nature(self.posted, self.documents, bought(company, self.documents, self.priced))

    def _events(self) -> list[tuple[Document, list[Line] | None]]:
        """Documents in order; what comes back on a document that also gives goods has its own place in the day."""
        events: list[tuple[Document, list[Line] | None]] = [(document, None) for document in self.documents]
        for document in self.documents:
            if is_mixed(document):
                own = key_at(document, back=True)
                place = sum(behind(self.company, one) < own for one, lines in events if lines is None)
                found = [at for at, (_, lines) in enumerate(events) if lines is None]
                at = found[place] if place < len(found) else len(events)
                events.insert(at, (document, [one for one in document.lines if negative(one)]))
        return events

    def _again_of_several(self, document: Document) -> bool:
        """Whether a receipt takes back what had gone back of a receipt of several lines."""
        if document.kind != "receipts" or not document.returns or (document.lines[0].qty or ZERO) < 0:
            return False
        sent = find(self.documents, document.returns, ("receipts",), document.party)
        return bool(sent.returns) and len(find(self.documents, sent.returns, ("receipts",), document.party).lines) > 1

    # --- results

    def balances(self) -> dict[tuple[str, str], Fraction]:
        """Amount by document and role, without zeros."""
        return _summed(((one.document, one.role), one.amount) for one in self.posted)

    def by_role(self) -> dict[str, Fraction]:
        return _summed((one.role, one.amount) for one in self.posted)

    def quantities(self) -> dict[tuple[str, str, str, str], Fraction]:
        """Quantity by document, item, warehouse and lot."""
        return _summed(((one.document, one.item, one.warehouse, one.lot), one.qty) for one in self.goods.moves)

    def stock(self) -> dict[Scope, tuple[Fraction, Fraction]]:
        """Quantity and value by item and scope of costs."""
        return {key: (pool.qty, pool.value) for key, pool in self.goods.pools.items() if pool.qty or pool.value}

    def open_items(self) -> dict[tuple[str, str, str], Fraction]:
        """What is left, debit positive, by role, partner and document."""
        return _summed(((one.role, one.party, one.reference), one.book * DEBITS[one.role]) for one in self.money.items)

    def accounts(self) -> dict[tuple[str, str], Fraction]:
        """What accounts of money hold, by role and sub-account."""
        balances = self.money.cash.balances.items()
        return {key: amount for key, amount in balances if amount and key[0] in (*ACCOUNTS, *NOTES)}

    def accrued(self) -> dict[str, Fraction]:
        """Goods received and not invoiced, debit positive, by receipt."""
        return _summed((one.about, one.amount) for one in self.posted if one.role == GRNI)

    # --- what documents do

    def _opening_stock(self, document: Document) -> None:
        for line in document.lines:
            value = self._in(document, line, line.qty or ZERO, line.value or ZERO)
            if value != (line.value or ZERO):
                raise Undecided("an opening of standard goods at another value")
            self._post(document, "opening-equity", -value)

    def _cost_changes(self, document: Document) -> None:
        for line in document.lines:
            self.goods.change_standard(document, line.item, line.standard_cost or ZERO)

    def _opening_balances(self, document: Document) -> None:
        for line in document.lines:
            amount = self.money.opened(document, line)
            self.certifications.opened(line)
            about = f"opening-balances/{line.ref}" if line.partner else ""
            self._post(document, place(line.account)[0], amount, line.partner, about)
            self._post(document, "opening-equity", -amount)

    def _purchase_orders(self, document: Document) -> None:
        pass

    def _sales_orders(self, document: Document) -> None:
        pass

    def _receipts(self, document: Document) -> None:
        for line in document.lines:
            key = line_key(document, line)
            for part in self.purchases.parts(key):
                self._post(document, part.role, -part.amount, document.party, part.about)

    def _drop_shipments(self, document: Document) -> None:
        for line in document.lines:
            for part in self.purchases.parts(line_key(document, line)):
                self._post(document, part.role, -part.amount, document.party, part.about)
                self._post(document, self.invoicing.role(document), part.amount)

    def _landed_costs(self, document: Document) -> None:
        self.late.landed_cost(document)
        if not document.bill:
            self.certifications.came(document, self.tax[id(document)])
            self.money.claim(document)

    def _wip_counts(self, document: Document) -> None:
        pass  # outputs of the month look at it

    def _productions(self, document: Document) -> None:
        self.making.make(document)

    def _bills(self, document: Document) -> None:
        for line in document.lines:
            key = line_key(document, line)
            for part in self.purchases.bill_parts.get(key, []):
                self._post(document, part.role, part.amount, document.party, part.about)
            if line.job:
                self.making.spend(document, line.job, self.priced[key].cost)
            elif key not in self.purchases.bill_parts:
                role = "overhead" if line.cost_pool else line.account or "expense"
                self._post(document, role, self.priced[key].cost)
            self._input_tax(document, self.priced[key])
            for difference in self.purchases.differences.get(key, []):
                self.late.difference(document, difference)
        self._owe(document)

    def _purchases(self, document: Document) -> None:
        for line in document.lines:
            one = self.priced[line_key(document, line)]
            if not self.company.stocked(line.item):
                self._post(document, line.account or "expense", one.cost)
            self._input_tax(document, one)
        self._owe(document)

    def _expenses(self, document: Document) -> None:
        self.spending.charge(document, [line.account for line in document.lines])
        for line in document.lines:
            self._input_tax(document, self.priced[line_key(document, line)])
        self._owe(document)

    def _payrolls(self, document: Document) -> None:
        self.spending.wages(document)

    def _journals(self, document: Document) -> None:
        self.spending.charge(document, [line.account for line in document.lines])

    def _input_tax(self, document: Document, one: Priced) -> None:
        """Deducted at once or only when it is certified; of a reverse charge we owe it, too, and deduct it at once where tax is deducted."""
        self._post(document, incurred(self.company), one.tax)
        if not self.company.american:
            self._post(document, "input-tax", one.reverse)
        self._post(document, "output-tax", -one.reverse)
        self.certifications.came(document, one.tax)

    def _tax_certifications(self, document: Document) -> None:
        self.certifications.certify(document)

    def _deliveries(self, document: Document) -> None:
        pass

    def _invoices(self, document: Document) -> None:
        for line in document.lines:
            one = self.priced[line_key(document, line)]
            self.invoicing.invoiced(document, line)
            shown = self.revenue.invoiced(document, line)
            self._post(document, UNBILLED, -shown)
            self._post(document, line.account or "revenue", shown - one.net)
            self._post(document, "output-tax", -one.tax)
            self.exemptions.sold(document, one.net, one.tax)
        self._owe(document)

    def _sales(self, document: Document) -> None:
        self._invoices(document)

    def _payments(self, document: Document) -> None:
        self.money.pay(document)

    def _allocations(self, document: Document) -> None:
        self.money.allocate(document)

    def _cash_transfers(self, document: Document) -> None:
        self.money.cash.transfer(document)

    def _transfers(self, document: Document) -> None:
        for line in document.lines:
            qty, value = base_qty(self.company, line), ZERO
            source, target = (self.goods.pool(line.item, place, line.lot) for place in (document.from_, document.to))
            gone = value
            if source is not target:
                taken = self.goods.take(document, line, qty, document.from_)
                parts = [(one.qty, one.value, one.origin) for one in taken]
                gone = sum((one.value for one in taken), ZERO)
                value = self.goods.put(document, line, parts, document.to)
            self._post(document, "cost-adjustment", gone - value)  # cents of standard goods
            self.goods.moved(document, line.item, document.from_, line.lot, -qty, -gone)
            self.goods.moved(document, line.item, document.to, line.lot, qty, value)

    def _counts(self, document: Document) -> None:
        self.counts.count(document)

    def _dispositions(self, document: Document) -> None:
        self.counts.dispose(document)

    def _adjustments(self, document: Document) -> None:
        self.adjustments.adjust(document)

    def _in(self, document: Document, line: Line, qty: Fraction, value: Fraction) -> Fraction:
        return self.goods.came(document, line, [(qty, value, line_key(document, line))])

    def _goods_in(self, document: Document, line: Line) -> None:
        """A receipt, or what goes back to the supplier; what stock and supplier see differently is a difference."""
        key = line_key(document, line)
        qty = self.priced[key].qty
        cost = self.purchases.value(key) if document.kind == "receipts" else self.priced[key].cost
        if qty < 0:
            value = -self.returns.to_supplier(document, line, -qty)
        else:
            if cost < 0:
                raise Undecided("goods of less than nothing")
            landed = self.late.at_receipt(line_key(document, line))
            self.returns.keep(document, line, qty, cost + landed)
            if document.returns:
                value = self.returns.from_supplier(document, line, qty)
            else:
                value = self._in(document, line, qty, cost + landed)
            self._post(document, "landed-cost-clearing", -landed)
            cost += landed
        self._post(document, "price-difference", cost - value)

    # --- bookkeeping

    def _owe(self, document: Document) -> None:
        role, gross = CLAIMS[document.kind], self.gross[id(document)]
        if document.total is not None and document.total != self.foreign[id(document)]:
            raise Refused("control total")
        debit = gross if role == "receivable" else -gross
        if document.paid_account:
            self.money.paid_at_once(document, debit)
        else:
            self._post(document, role, debit, document.party, document.reference)
        self.money.claim(document)

    def _post(self, document: Document, role: str, amount: Fraction, partner: str = "", about: str = "") -> None:
        self.posted.append(Posted(document.reference, role, amount, partner, about, document.date))

    def _rounded(self, value: Fraction) -> Fraction:
        return half_up(value, self.company.decimals)


def _summed(pairs: Iterable[tuple[Name, Fraction]]) -> dict[Name, Fraction]:
    sums: defaultdict[Name, Fraction] = defaultdict(Fraction)
    for name, amount in pairs:
        sums[name] += amount
    return {name: amount for name, amount in sums.items() if amount}
