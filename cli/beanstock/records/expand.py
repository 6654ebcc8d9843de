"""Documents that masters stand for: dated standard costs become changes of cost on their day."""

from __future__ import annotations

from beanstock.model import Document, Line, Masters


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
