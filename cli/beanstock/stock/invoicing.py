"""Cost of sales at the invoice: what was delivered waits at its cost until its invoice takes it.

An invoice takes its own deliveries' cost in parts, the last takes the rest. One that comes before its delivery takes
the current cost, and the delivery corrects that on its day. A return of goods that were never invoiced gives back what
waits; a credit note takes the cost of the return it names, else that of its invoice.
"""

from __future__ import annotations

from decimal import Decimal

from beanstock.model import ZERO, Document, Line
from beanstock.parts import Origin, Part
from beanstock.stock.holding import Holding
from beanstock.stock.layers import Layer


class Invoicing(Holding):
    """What waits between deliveries and invoices; quantities in base units, costs in money of the books."""

    def deliver(self, line: Line) -> None:
        """A delivery's line waits with its cost (negative for a return), less what was invoiced before it."""
        straight = line.document.kind == "drop-shipments"  # its goods were never in the stock
        cost = line.cost if straight else -sum((move.value for move in line.moves or ()), ZERO)
        waiting = self.waiting[line] = Layer(line.base_qty, cost, line)
        for origin in line.matched or ():
            self._meet(line, waiting, origin)

    def _meet(self, line: Line, waiting: Layer, origin: Origin) -> None:
        """An invoice that came before took the cost of its day; or a return gives back what waits uninvoiced."""
        sign = 1 if line.base_qty >= 0 else -1
        own = self._part(waiting, sign * origin.qty)
        if origin.line.document is not line.document and origin.line in self.invoiced_ahead:
            taken = self._part(self.invoiced_ahead[origin.line], sign * origin.qty)
            self._cost(line.document, line, own.qty, own.value - taken.value)
            if origin.line in self.costs:  # what a credit note gives back later
                self.costs[origin.line].value += own.value - taken.value
        elif origin.line in self.waiting:
            taken = self._part(self.waiting[origin.line], origin.qty)
            self._cost(line.document, line, own.qty, taken.value + own.value)

    def invoice(self, line: Line) -> None:
        """An invoice's line takes the cost of the deliveries it belongs to; what is not delivered yet, the current one."""
        if line.item is None:
            return
        rest = abs(line.base_qty)
        sign = 1 if line.base_qty >= 0 else -1
        cost = ZERO
        for origin in line.matched or ():
            if origin.line.document.kind == "invoices":
                cost += sign * self._of_invoice(origin)
            else:
                cost += self._part(self.waiting[origin.line], sign * origin.qty).value
            rest -= origin.qty
        if rest > 0 and line.expects:
            pool = self.pool(line.item, self.warehouse(line), line.lot)
            ahead = sign * self.known_cost(pool, line, line.item, rest)
            self.invoiced_ahead[line] = Layer(sign * rest, ahead, line)
            cost += ahead
        self.costs[line] = Layer(line.base_qty, cost, line)
        self._cost(line.document, line, line.base_qty, cost)

    def _of_invoice(self, origin: Origin) -> Decimal:
        """The cost that an invoice took for a quantity; what is credited without goods waits for them."""
        layer = self.costs.get(origin.line)
        return self._part(layer, origin.qty).value if layer is not None else ZERO

    def _part(self, layer: Layer, qty: Decimal) -> Layer:
        return layer.take(qty, self.costing.unit) if layer.qty else Layer(qty, ZERO, layer.line)

    @staticmethod
    def _cost(document: Document, line: Line, qty: Decimal, amount: Decimal) -> None:
        if amount:
            document.costs.append(Part(line, document.reference, qty, amount))
