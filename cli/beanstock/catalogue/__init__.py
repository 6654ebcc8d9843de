"""The one catalogue of all codes and texts, by what they speak of.

Texts are templates over the facts that a stage passes; nothing else in the program words a message, so they can be
translated and every code can be documented and tested.
"""

from __future__ import annotations

from beanstock.catalogue import books, commands, documents, ledger, records, rules
from beanstock.catalogue.entry import Entry

CATALOGUE: dict[str, Entry] = {
    **books.ENTRIES,
    **records.ENTRIES,
    **documents.ENTRIES,
    **rules.ENTRIES,
    **ledger.ENTRIES,
    **commands.ENTRIES,
}
