"""What lines must say of quantities and of what is applied, so that nothing they say is left out.

No value is in the stock without goods, and no goods without a number.
"""

from __future__ import annotations

from collections.abc import Iterator

from beanstock.model import Document, Line
from beanstock.problems import Problem, problem
from beanstock.records.kinds import Kind, Kinds


def check_quantities(documents: list[Document], kinds: Kinds) -> list[Problem]:
    """Lines of goods whose quantity is missing, or does not go together with their value.

    A bill or invoice may have an amount without a quantity: it is of the price. Call it when quantities are in base units.

    Problems: missing-value, value-without-quantity, wrong-type, counted-twice.
    """
    problems: list[Problem] = []
    for document in documents:
        kind = kinds.documents[document.kind]
        if kind.stock or kind.prices:
            for line in document.lines:
                if line.stocked:
                    problems += _of_goods(document, line, kind)
        if kind.stock == "level":
            problems += _counted_twice(document)
        elif kind.stock == "production":
            problems += _of_costs(document)
        elif document.kind == "payments":
            problems += _of_payment(document)
    return problems


def _of_goods(document: Document, line: Line, kind: Kind) -> Iterator[Problem]:
    part = (line.extra or {}).get("part")
    stated = line.amount if line.amount is not None else line.gross_amount
    if "qty" in kind.lines and line.qty is None:
        needs = part in ("input", "output") if kind.stock == "production" else kind.stock in ("in", "out")
        if needs or (kind.prices and stated is None):
            yield problem("missing-value", document.place("qty", line), column="qty", kind=kind.name, more="")
    elif part == "output" and not line.base_qty:
        facts = {"column": "qty", "text": line.qty, "type": "quantity of an output", "form": "greater than zero"}
        yield problem("wrong-type", document.place("qty", line), **facts)
    elif kind.stock in ("in", "level"):
        qty = (line.extra or {}).get("counted") if kind.stock == "level" else line.base_qty
        column = "value" if line.value is not None else "amount" if line.amount is not None else "gross_amount"
        value = line.value if line.value is not None else stated
        if value and not qty:
            facts = {"column": column, "value": value, "item": line.item.code if line.item else ""}
            yield problem("value-without-quantity", document.place(column, line), **facts)
    if line.value is not None and line.value < 0 < line.base_qty:
        facts = {"column": "value", "text": line.value, "type": "value of goods that come in", "form": "zero or more"}
        yield problem("wrong-type", document.place("value", line), **facts)


def _of_payment(document: Document) -> Iterator[Problem]:
    """What is applied is applied to something, and positive: the document named tells the side."""
    for line in document.lines:
        extra = line.extra or {}
        applied = extra.get("applied")
        if applied is None or extra.get("pays"):
            continue
        if not extra.get("applies"):
            facts = {"column": "applies", "kind": "What is applied", "more": ""}
            yield problem("missing-value", document.place("applies", line), **facts)
        elif applied < 0:
            facts = {"column": "applied", "text": applied, "type": "amount applied", "form": "zero or more"}
            yield problem("wrong-type", document.place("applied", line), **facts)


def _of_costs(document: Document) -> Iterator[Problem]:
    """A production's costs have an amount, and go into an output, or into the work in process of a job."""
    parts = {(line.extra or {}).get("part"): line for line in document.lines}
    for line in document.lines:
        if (line.extra or {}).get("part") == "cost" and line.amount is None:
            yield problem("missing-value", document.place("amount", line), column="amount", kind="A cost", more="")
    if document.lines and "output" not in parts and not document.get("job"):
        facts = {"column": "job", "kind": "A production without an output", "more": " Or add its output."}
        yield problem("missing-value", document.place("job"), **facts)


def _counted_twice(document: Document) -> Iterator[Problem]:
    seen: set[tuple[object, object, str]] = set()
    for line in document.lines:
        key = (line.item, line.warehouse, line.lot)
        if key in seen and line.item is not None:
            facts = {"item": line.item.code + (f", lot {line.lot}" if line.lot else ""), "document": document.reference}
            yield problem("counted-twice", document.place("item", line), **facts)
        seen.add(key)
