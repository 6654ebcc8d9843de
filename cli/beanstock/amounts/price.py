"""Net, tax and gross of every line, and the totals of the document.

Net of a line = round(quantity x price x (1 - discount)), half up. With gross prices the line's gross is rounded
first, net = round(gross / (1 + rate)), and tax is the difference. A tax amount on the line always wins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container
from decimal import ROUND_HALF_UP, Decimal

from beanstock.amounts.taxes import HUNDRED, NO_TAX, Tax, Taxes, TaxFault
from beanstock.amounts.terms import due_date
from beanstock.model import ONE, ZERO, Document, Line
from beanstock.problems import Problem, problem
from beanstock.records.kinds import Kind, Kinds


class Pricer:
    """Fills in the amounts of documents of one company."""

    def __init__(self, kinds: Kinds, taxes: Taxes, currency: str, unit: Decimal) -> None:
        self.kinds = kinds
        self.taxes = taxes
        self.currency = currency
        self.unit = unit
        self.problems: list[Problem] = []
        self._silent = False
        self._found: dict[tuple[str, dt.date, str], tuple[Tax, Decimal | None]] = {}

    def price(self, documents: list[Document], faulty: Container[Document] = ()) -> list[Problem]:
        """Amounts of all documents, originals before what refers to them.

        Of `faulty` documents, whose references lead nowhere, a missing price is not told as well.

        Problems: control-total, no-price, unknown-tax, item-or-account, not-stocked, foreign-currency.
        """
        for document in documents:
            kind = self.kinds.documents[document.kind]
            if (document.currency or self.currency) != self.currency:
                place = document.place("currency")
                facts = {"document": document.reference, "currency": document.currency, "books": self.currency}
                self.problems.append(problem("foreign-currency", place, **facts))
                continue
            before = len(self.problems)
            self._silent = document in faulty
            for line in document.lines:
                self._line(document, line, kind)
            if kind.amounts == "header":
                self._header(document, kind)
            elif kind.settles:
                self._totals(document, trusted=len(self.problems) == before)
        return self.problems

    def _line(self, document: Document, line: Line, kind: Kind) -> None:
        if "account" in kind.lines and (line.item is None) == (not line.account):
            self.problems.append(problem("item-or-account", document.place("item", line)))
        elif kind.stock not in ("", "value") and line.item is not None and not line.item.stocked and not kind.settles:
            self.problems.append(
                problem("not-stocked", document.place("item", line), item=line.item.code, type=line.item.type)
            )
        elif kind.prices:
            self._amounts(document, line, kind)

    def _amounts(self, document: Document, line: Line, kind: Kind) -> None:
        exact, taxed, rounded = self._priced(line, line, kind)
        if exact is None:
            if not self._silent:
                what = line.item.code if line.item else line.account
                also = ", and names no order or original that has one" if kind.links else ""
                self.problems.append(problem("no-price", document.place("price", line), item=what, also=also))
            return
        tax, percent = self._tax(document, line, kind) if kind.tax or taxed else NO_TAX
        rate = (percent or ZERO) / HUNDRED
        if not taxed:
            net = exact if rounded else exact.quantize(self.unit, ROUND_HALF_UP)
            amount = line.tax_amount if line.tax_amount is not None else (net * rate).quantize(self.unit, ROUND_HALF_UP)
            gross = net + amount
        else:
            gross = exact if rounded else exact.quantize(self.unit, ROUND_HALF_UP)
            if line.tax_amount is not None:
                net = gross - line.tax_amount
            else:
                net = (gross / (ONE + rate)).quantize(self.unit, ROUND_HALF_UP)
            amount = gross - net
        recoverable = tax.recoverable or kind.tax != "input"
        line.net = net
        line.tax_rate = percent or ZERO
        line.tax = amount if recoverable else ZERO
        line.gross = gross
        line.cost = gross - line.tax
        if kind.tax != "output" and line.base_qty:
            if line.tax_amount is not None or not recoverable:
                line.unit_cost = line.cost / line.base_qty
            else:
                line.unit_cost = (exact / (ONE + rate) if taxed else exact) / line.base_qty

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
        if at.discount_percent is not None:
            qty = qty * (ONE - at.discount_percent / HUNDRED)
        if at.gross_price is not None:
            return qty * at.gross_price, True, False
        if at.price is not None:
            return qty * at.price, False, False
        if at is not line and at.base_qty and (at.amount is not None or at.gross_amount is not None):
            return line.base_qty * at.net / at.base_qty, False, False
        if at.source is not None:
            return self._priced(line, at.source, kind)
        if kind.settles == "receivable" and line.item is not None and line.item.price is not None:
            return line.base_qty * line.item.price, False, False
        return None, False, False

    @staticmethod
    def _in_units_of(line: Line, at: Line) -> Decimal:
        """The line's quantity in the unit that the other line's price is per."""
        if at.qty is None or not at.qty or line.unit == at.unit:
            return line.qty if line.qty is not None else ONE
        return line.base_qty * at.qty / at.base_qty

    def _tax(self, document: Document, line: Line, kind: Kind) -> tuple[Tax, Decimal | None]:
        """The tax of a line: its own, else the item's, the partner's, the pack's."""
        cell = line.tax_name or (line.source.tax_name if line.source is not None else "")
        stated = self.taxes.by_name.get(self.taxes.usual, NO_TAX[0]), ZERO  # an amount alone is of the usual tax
        if not cell and line.tax_amount is not None:
            return stated
        if not cell and line.item is not None:
            cell = line.item.tax
        if not cell and document.partner is not None:
            cell = document.partner.tax
        if not cell:
            bought = self.taxes.default_bought if line.item is not None else ""
            cell = bought if kind.tax == "input" else self.taxes.default
        if not cell:
            return NO_TAX
        region = document.partner.region if document.partner is not None else ""
        # what goes back takes its tax back at the rate of its day
        day = line.named.date if document.returns and line.named is not None else document.date
        key = (cell, day, region)
        found = self._found.get(key)
        if found is None:
            try:
                found = self.taxes.find(cell, day, region)
            except TaxFault as fault:
                if line.tax_amount is not None and cell.endswith("%"):
                    return stated  # an amount on the line needs no rate in force
                known = ", ".join(self.taxes.by_name)
                facts = {"tax": cell, "why": fault.why, "known": known, "suggestion": fault.suggestion}
                self.problems.append(problem("unknown-tax", document.place("tax", line), **facts))
                return NO_TAX
            self._found[key] = found
        return found

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
        if document.due is None:
            document.due = due_date(document.date, document.partner.terms if document.partner else "")

    def _totals(self, document: Document, *, trusted: bool) -> None:
        """Sums of the lines; the control total is only held against lines that could all be priced."""
        for line in document.lines:
            document.net += line.net
            document.tax += line.tax
            document.gross += line.gross
        if document.due is None:
            document.due = due_date(document.date, document.partner.terms if document.partner else "")
        if trusted and document.total is not None and document.total != document.gross:
            difference = document.gross - document.total
            facts = {
                "document": document.reference,
                "sum": document.gross,
                "total": document.total,
                "difference": difference,
            }
            self.problems.append(problem("control-total", document.place("total"), **facts))
