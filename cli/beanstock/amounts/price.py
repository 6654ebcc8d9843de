"""Net, tax and gross of every line, and the totals of the document.

Net of a line = round(quantity x price x (1 - discount)), half up. With gross prices the line's gross is rounded
first, net = round(gross / (1 + rate)), and tax is the difference. A tax amount on the line always wins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
from decimal import ROUND_HALF_UP, Decimal

from beanstock.amounts.currency import Rates, convert, currency_of, priced_by, rate_of
from beanstock.amounts.money import unit_of
from beanstock.amounts.taxes import HUNDRED, NO_TAX, Tax, Taxes, TaxFault
from beanstock.amounts.terms import due_date
from beanstock.model import ONE, ZERO, Document, Line
from beanstock.problems import Problem, problem
from beanstock.records.kinds import Kind, Kinds


class Pricer:
    """Fills in the amounts of documents of one company."""

    def __init__(
        self,
        kinds: Kinds,
        taxes: Taxes,
        currency: str,
        rates: Rates,
        *,
        revenue_at_delivery: bool = False,
        tax_per_rate: bool = False,
    ) -> None:
        self.kinds = kinds
        self.taxes = taxes
        self.currency = currency
        self.rates = rates
        self.books_unit = unit_of(currency)
        self.unit = self.books_unit  # of the document's currency
        self.tax_per_rate = tax_per_rate
        self.problems: list[Problem] = []
        self.revenue_at_delivery = revenue_at_delivery
        self._silent = False
        self._found: dict[tuple[str, dt.date, str], tuple[Tax, Decimal | None]] = {}

    def price(self, documents: list[Document], faulty: Container[Document] = ()) -> list[Problem]:
        """Amounts of all documents, originals before what refers to them.

        Of `faulty` documents, whose references lead nowhere, a missing price is not told as well.

        Problems: control-total, no-price, unknown-tax, item-or-account, not-stocked, no-rate.
        """
        for document in documents:
            kind = self.kinds.documents[document.kind]
            if not self._currency(document, kind):
                continue
            before = len(self.problems)
            self._silent = document in faulty
            either = "account" in kind.lines and not ("item" in kind.lines and kind.lines["item"].required)
            for line in document.lines:
                if either and (line.item is None) == (not line.account):
                    self.problems.append(problem("item-or-account", document.place("item", line)))
                else:
                    self._line(document, line, kind)
            if kind.amounts == "header":
                self._header(document, kind)
            elif kind.settles:
                self._totals(document, trusted=len(self.problems) == before)
        return self.problems

    def name_currencies(self, documents: list[Document]) -> None:
        """Fill in `currency` of all documents that have one; to be called before they are priced."""
        for document in documents:
            self._name_currency(document)

    def _name_currency(self, document: Document) -> None:
        """Those that prices come from first: an order stands behind its day's receipts."""
        chain, seen = [document], {document}
        while chain:
            one = chain[-1]
            source = priced_by(one)
            if source is None or source.currency or source in seen or not self._has_currency(source):
                if self._has_currency(one):
                    one.currency = currency_of(one, self.currency)
                chain.pop()
            else:
                chain.append(source)
                seen.add(source)

    def _has_currency(self, document: Document) -> bool:
        return "currency" in self.kinds.documents[document.kind].header

    def _currency(self, document: Document, kind: Kind) -> bool:
        """The document's currency and rate. Problems: no-rate."""
        if "currency" not in kind.header and "currency" not in kind.lines:
            self.unit = self.books_unit
            return True
        if "currency" in kind.lines:
            return self._opening(document)
        self.unit = self.books_unit
        if document.currency == self.currency:
            return True
        self.unit = unit_of(document.currency)
        document.rate = rate_of(document, self.rates)
        if document.rate is None and kind.posts:
            facts = {"document": document.reference, "currency": document.currency, "date": document.date}
            self.problems.append(problem("no-rate", document.place("currency"), **facts))
            return False
        return True

    def _opening(self, document: Document) -> bool:
        """Opening balances have a currency in each line; their amounts become money of the books."""
        self.unit = self.books_unit
        for line in document.lines:
            currency = (line.extra or {}).get("currency") or self.currency
            stated = [name for name in ("debit", "credit") if line.extra and line.extra.get(name) is not None]
            if currency == self.currency or (line.amount is None and not stated):
                continue
            rate = (line.extra or {}).get("rate") or self.rates.on(currency, document.date)
            if rate is None:
                facts = {"document": document.reference, "currency": currency, "date": document.date}
                self.problems.append(problem("no-rate", document.place("currency", line), **facts))
                return False
            for name in stated:
                assert line.extra is not None
                line.foreign = line.extra[name] if name == "debit" else -line.extra[name]
                line.extra[name] = (line.extra[name] * rate).quantize(self.books_unit, ROUND_HALF_UP)
            if line.amount is not None:
                line.foreign = line.amount
                line.amount = (line.amount * rate).quantize(self.books_unit, ROUND_HALF_UP)
        return True

    def _line(self, document: Document, line: Line, kind: Kind) -> None:
        if kind.stock not in ("", "value") and line.item is not None and not line.item.stocked and not kind.settles:
            self.problems.append(
                problem("not-stocked", document.place("item", line), item=line.item.code, type=line.item.type)
            )
        elif kind.prices or (self.revenue_at_delivery and kind.name == "deliveries"):
            self._amounts(document, line, kind)
        elif line.tax_name and kind.stock in ("signed", "level"):
            line.tax_rate = (
                self.tax_of(document, line, kind)[1] or ZERO
            )  # of what is given away or lost: see `on_stock`

    def _amounts(self, document: Document, line: Line, kind: Kind) -> None:
        exact, taxed, rounded = self._priced(line, line, kind)
        if exact is None:
            if not self._silent:
                what = line.item.code if line.item else line.account
                also = ", and names no order or original that has one" if kind.links else ""
                self.problems.append(problem("no-price", document.place("price", line), item=what, also=also))
            return
        tax, percent = self.tax_of(document, line, kind) if kind.tax or taxed else NO_TAX
        rate = (percent or ZERO) / HUNDRED
        charged = ZERO if tax.reverse else rate
        stated_tax = None if tax.reverse else line.tax_amount  # what the buyer owes himself is in no price
        if not taxed:
            net = exact if rounded else exact.quantize(self.unit, ROUND_HALF_UP)
            amount = stated_tax if stated_tax is not None else (net * charged).quantize(self.unit, ROUND_HALF_UP)
            gross = net + amount
        else:
            gross = exact if rounded else exact.quantize(self.unit, ROUND_HALF_UP)
            if stated_tax is not None:
                net = gross - stated_tax
            else:
                net = (gross / (ONE + charged)).quantize(self.unit, ROUND_HALF_UP)
            amount = gross - net
        recoverable = tax.recoverable or kind.tax != "input"
        line.net = net
        line.tax_rate = percent or ZERO
        if kind.tax and tax is not NO_TAX[0] and not percent and not amount and not line.tax_name:
            # what is exempt is in the return, whoever says so
            line.tax_name = self._named_cell(line, kind) or self._usual_cell(document, line, kind)
        line.tax = amount if recoverable else ZERO
        line.gross = gross
        line.cost = net if recoverable else gross
        if kind.tax != "output" and line.base_qty:
            stated = taxed and stated_tax is not None
            line.exact, line.per = (line.cost if stated or not recoverable else exact), line.base_qty
            if taxed and recoverable and not stated:
                line.per *= ONE + charged
        if document.rate is not None:
            convert(line, document.rate, self.books_unit)
        if tax.reverse and kind.tax == "input":
            owed = line.tax_amount or net * rate  # zero says nothing: invoices of suppliers state it
            self._reverse_charge(line, owed.quantize(self.unit, ROUND_HALF_UP), recovered=recoverable)

    def _reverse_charge(self, line: Line, owed: Decimal, *, recovered: bool) -> None:
        """Tax that the buyer owes (in the document's currency): input tax, or part of what the line costs.

        The supplier is not paid it, so that it is in neither gross nor foreign amounts.
        """
        rate = line.document.rate
        line.reverse_tax = owed if rate is None else (owed * rate).quantize(self.books_unit, ROUND_HALF_UP)
        if recovered:
            line.recovered_tax = line.reverse_tax
        else:
            line.cost += line.reverse_tax
            line.exact += line.reverse_tax

    def _priced(self, line: Line, at: Line, kind: Kind) -> tuple[Decimal | None, bool, bool]:
        """The amount of `line` by the prices of `at`: its own, else those of the line it comes from.

        With whether tax is inside, and whether it is a stated amount; an amount by price is exact, not rounded yet.
        """
        qty = line.qty if line.qty is not None else ONE
        if at is line and line.amount is not None:
            return line.amount, False, True
        if at is line and line.gross_amount is not None:
            return line.gross_amount, True, True
        if at is not line:
            qty = self._in_units_of(line, at)
            if at.document.currency != line.document.currency:  # the price is in another currency
                qty = qty * (at.document.rate or ONE) / (line.document.rate or ONE)
        if at.discount_percent is not None:
            qty = qty * (ONE - at.discount_percent / HUNDRED)
        if at.gross_price is not None:
            return qty * at.gross_price, True, False
        if at.price is not None:
            return qty * at.price, False, False
        if at is not line and at.base_qty and (at.amount is not None or at.gross_amount is not None):
            return qty / (at.qty or ONE) * self._stated_net(at), False, False
        source = self._agreed(at, kind) if at.source is not None else None
        if source is not None:
            return self._priced(line, source, kind)
        if (
            (kind.settles == "receivable" or kind.name == "deliveries")
            and line.item is not None
            and line.item.price is not None
        ):
            return line.base_qty * line.item.price / (line.document.rate or ONE), False, False
        return None, False, False

    def _agreed(self, line: Line, kind: Kind) -> Line | None:
        """The line whose price and tax count where `line` says none; what a supplier asks is no customer's price."""
        source = line.source
        if source is None or self.kinds.documents[source.document.kind].buys != kind.buys:
            return None
        return source

    def _stated_net(self, line: Line) -> Decimal:
        """What a line with a stated amount costs without tax, in its own currency.

        It may stand behind the line that asks, as an order behind its day's receipts: its own `net` is not known then.
        """
        if line.amount is not None:
            return line.amount
        assert line.gross_amount is not None
        tax, percent = self.tax_of(line.document, line, self.kinds.documents[line.document.kind])
        if line.tax_amount is not None and not tax.reverse:
            return line.gross_amount - line.tax_amount
        rate = ZERO if tax.reverse else (percent or ZERO) / HUNDRED
        return (line.gross_amount / (ONE + rate)).quantize(
            unit_of(line.document.currency or self.currency), ROUND_HALF_UP
        )

    @staticmethod
    def _in_units_of(line: Line, at: Line) -> Decimal:
        """The line's quantity in the unit that the other line's price is per."""
        if at.qty is None or not at.qty or line.unit == at.unit:
            return line.qty if line.qty is not None else ONE
        return line.base_qty * at.qty / at.base_qty

    def tax_of(self, document: Document, line: Line, kind: Kind) -> tuple[Tax, Decimal | None]:
        """The tax of a line: its own, else the item's, the partner's, the pack's."""
        cell = line.tax_name or (self._named_cell(line, kind) if line.source is not None else "")
        if not cell and line.tax_amount is not None:
            return self._stated()
        cell = cell or self._usual_cell(document, line, kind)
        if not cell:
            return NO_TAX
        tax, percent = self._found_tax(document, line, cell)
        if tax.reverse and percent is None and not line.tax_amount and kind.tax == "input":
            return tax, self._reverse_rate(document, line, kind, cell)
        return tax, percent

    def _named_cell(self, line: Line, kind: Kind) -> str:
        """The tax that a line says, or what it comes from, as far as to its order.

        Goods that came for an earlier bill say nothing of the tax of a later one.
        """
        at: Line | None = line
        taxed = bool(kind.tax)
        while at is not None and not at.tax_name:
            at = self._agreed(at, kind)
            if at is not None:
                before, taxed = taxed, bool(self.kinds.documents[at.document.kind].tax)
                at = None if taxed and not before else at
        return at.tax_name if at is not None else ""

    def _usual_cell(self, document: Document, line: Line, kind: Kind) -> str:
        """The tax of a line that names none; empty where nothing else names one."""
        cell = line.item.tax if line.item is not None else ""
        if not cell and document.partner is not None:
            cell = document.partner.tax
        if not cell:
            bought = self.taxes.default_bought if line.item is not None else ""
            cell = bought if kind.buys else self.taxes.default
        return cell

    def _reverse_rate(self, document: Document, line: Line, kind: Kind, cell: str) -> Decimal | None:
        """The percentage of a reverse charge that says none: that of the tax which would be charged. Problems: no-tax-rate."""
        usual = self._usual_cell(document, line, kind)
        percent = self._found_tax(document, line, usual)[1] if usual else None
        if percent is None:
            self.problems.append(problem("no-tax-rate", document.place("tax", line), tax=cell))
        return percent

    def _found_tax(self, document: Document, line: Line, cell: str) -> tuple[Tax, Decimal | None]:
        """What a tax cell means for a line. Problems: unknown-tax."""
        # the rate in force when goods were supplied counts, where the document says that day; what goes back takes its
        # tax back at the rate of its day
        day = document.date
        if document.extra is not None:
            day = document.extra.get("supply_date") or document.extra.get("tax_date") or day
        if document.returns and line.named is not None:
            day = line.named.date
        region = document.partner.region if document.partner is not None else ""
        key = (cell, day, region)
        found = self._found.get(key)
        if found is None:
            try:
                found = self.taxes.find(cell, day, region)
            except TaxFault as fault:
                if line.tax_amount is not None and cell.endswith("%"):
                    return self._stated()  # an amount on the line needs no rate in force
                known = ", ".join(self.taxes.by_name)
                facts = {"tax": cell, "why": fault.why, "known": known, "suggestion": fault.suggestion}
                self.problems.append(problem("unknown-tax", document.place("tax", line), **facts))
                return NO_TAX
            self._found[key] = found
        return found

    def _stated(self) -> tuple[Tax, Decimal]:
        """The tax of an amount that stands alone: the pack's usual one."""
        return self.taxes.by_name.get(self.taxes.usual, NO_TAX[0]), ZERO

    def _header(self, document: Document, kind: Kind) -> None:
        """Amounts of a document whose amount stands in its header, net of the tax named there."""
        line = Line(document, document.record)
        line.amount, line.tax_name, line.tax_amount = (
            document.get("amount"),
            document.get("tax") or "",
            document.get("tax_amount"),
        )
        self._amounts(document, line, kind)
        document.net, document.tax, document.gross = line.net, line.tax, line.gross
        document.reverse_tax, document.recovered_tax = line.reverse_tax, line.recovered_tax
        document.foreign = line.foreign
        if document.due is None:
            document.due = due_date(document.date, document.partner.terms if document.partner else "")

    def _totals(self, document: Document, *, trusted: bool) -> None:
        """Sums of the lines; the control total is only held against lines that could all be priced."""
        if self.tax_per_rate:
            self._tax_per_rate(document)
        for line in document.lines:
            document.net += line.net
            document.tax += line.tax
            document.gross += line.gross
            if line.foreign is not None:
                document.foreign = (document.foreign or ZERO) + line.foreign
        if document.due is None:
            document.due = due_date(document.date, document.partner.terms if document.partner else "")
        gross = document.gross if document.foreign is None else document.foreign
        if trusted and document.total is not None and document.total != gross:
            difference = gross - document.total
            facts = {
                "document": document.reference,
                "sum": gross,
                "total": document.total,
                "difference": difference,
            }
            self.problems.append(problem("control-total", document.place("total"), **facts))

    def _tax_per_rate(self, document: Document) -> None:
        """`tax_rounding: per-rate`: tax is rounded once for each rate; the last line of a rate takes the difference.

        Lines with a stated tax or gross keep theirs. In a foreign currency each line's tax was rounded already.
        """
        groups: dict[Decimal, list[Line]] = {}
        for line in document.lines:
            stated = line.tax_amount is not None or line.gross_price is not None or line.gross_amount is not None
            if line.tax_rate and line.tax and not stated and document.rate is None:
                groups.setdefault(line.tax_rate, []).append(line)
        for percent, lines in groups.items():
            whole = sum((line.net for line in lines), ZERO)
            tax = (whole * percent / HUNDRED).quantize(self.unit, ROUND_HALF_UP)
            difference = tax - sum((line.tax for line in lines), ZERO)
            lines[-1].tax += difference
            lines[-1].gross += difference
