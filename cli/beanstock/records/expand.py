"""What masters stand for: dated standard costs become documents, bills of materials the inputs of productions."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from beanstock.model import ZERO, Document, Item, Line, Masters

_QUANTITY = Decimal("0.000001")


def expanded(masters: Masters) -> list[Document]:
    """The documents of master records, numbered by item and day; they are ordered with the others."""
    documents = []
    for standard in masters.standard_costs:
        document = Document("cost-changes", standard.place.path, standard.place.record)
        document.number = f"{standard.item.code}/{standard.start}"
        document.date = standard.start
        line = Line(document, standard.place.record)
        line.item = standard.item
        line.extra = {"standard_cost": standard.cost}
        document.lines.append(line)
        documents.append(document)
    return documents


def is_standard_cost(document: Document) -> bool:
    """Whether a document stands for a dated standard cost: that is known ahead, and nothing that happens."""
    return document.kind == "cost-changes" and document.number.endswith(f"/{document.date}")


def add_inputs(documents: list[Document], masters: Masters) -> None:
    """Productions that state no inputs take them from the bill of materials of their outputs, one level of it.

    A job that was issued its inputs by an earlier document takes no others. Quantities are rounded half up to 6 decimals.
    Call it when quantities are in base units and documents in the order of events.
    """
    issued: set[str] = set()
    for document in documents:
        if document.kind != "productions":
            continue
        job = document.get("job") or ""
        parts = {(line.extra or {}).get("part") for line in document.lines}
        if job and "input" in parts and "output" not in parts:
            issued.add(job)
        if "input" in parts or job in issued:
            continue
        needed: dict[Item, Decimal] = {}
        for line in document.lines:
            if line.item is not None and (line.extra or {}).get("part") == "output":
                for item, factor in masters.boms.get(line.item, ()):
                    needed[item] = needed.get(item, ZERO) + factor * line.base_qty
        for item, qty in sorted(needed.items(), key=lambda pair: pair[0].code):
            line = Line(document, document.record)
            line.index = len(document.lines) + 1
            line.item, line.extra = item, {"part": "input"}
            line.qty = line.base_qty = qty.quantize(_QUANTITY, ROUND_HALF_UP).normalize()
            document.lines.append(line)
