"""What a document says, as one hash: the same content gives the same hash, wherever it stands in which file.

Closed periods and approvals are bound to it. It is taken as the records are read, before any stage fills something in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from beanstock.model import Document
from beanstock.records.identity import content


def fingerprints(documents: Iterable[Document]) -> dict[str, str]:
    """The first 32 hexadecimal digits of the sha256 of each document's content, by reference.

    Documents of several suppliers may share a reference; then all of them together make the hash.
    """
    texts: dict[str, list[str]] = {}
    for document in documents:
        texts.setdefault(document.reference, []).append(repr(content(document)))
    return {reference: digest("\n".join(sorted(several))) for reference, several in texts.items()}


def digest(text: str) -> str:
    """The first 32 hexadecimal digits of a text's sha256 (128 bits: nobody finds two texts with one)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
