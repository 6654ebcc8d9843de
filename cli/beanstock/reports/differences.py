"""Two states of the books, side by side: vouchers added, removed and changed, and what that does to every figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from beanstock.model import ZERO
from beanstock.table import Cell, Column, Table
from beanstock.voucher import Posting, Voucher


class Key(NamedTuple):
    """What a voucher is known by in both states: its document, its rule, and which of several that is."""

    document: str
    rule: str
    which: int = 0


class Slot(NamedTuple):
    """What a posting is for; the postings of one slot are summed before they are compared."""

    account: str
    item: str
    warehouse: str
    lot: str
    partner: str
    document: str


@dataclass
class Difference:
    """One slot of a voucher in both states; amounts debit positive."""

    slot: Slot
    before: Decimal
    after: Decimal
    qty_before: Decimal
    qty_after: Decimal


@dataclass
class Change:
    """A voucher that differs. `words` are what its head says otherwise, `cause` is filled in by who knows it."""

    key: Key
    old: Voucher | None
    new: Voucher | None
    differences: list[Difference] = field(default_factory=list)
    words: list[tuple[str, str, str]] = field(default_factory=list)
    cause: str = ""
    of: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return "added" if self.old is None else "removed" if self.new is None else "changed"

    @property
    def voucher(self) -> Voucher:
        """The newer one of the two."""
        one = self.new or self.old
        assert one is not None
        return one


def keyed(vouchers: Iterable[Voucher]) -> dict[Key, Voucher]:
    """Vouchers by what they are known by; manual ones by what they say first, as their lines move about."""
    found: dict[Key, Voucher] = {}
    for voucher in vouchers:
        key = Key(voucher.document, voucher.rule)
        if voucher.rule == "manual":
            key = Key(voucher.document.partition(":")[0], f"{voucher.date} {voucher.narration}")
        while key in found:
            key = key._replace(which=key.which + 1)
        found[key] = voucher
    return found


def changes(old: Mapping[Key, Voucher], new: Mapping[Key, Voucher]) -> list[Change]:
    """Every voucher that differs, in the order of their days and documents."""
    found = []
    for key in {**old, **new}:
        change = compare(key, old.get(key), new.get(key))
        if change is not None:
            found.append(change)
    return sorted(found, key=lambda change: (change.voucher.date, change.key))


def compare(key: Key, old: Voucher | None, new: Voucher | None) -> Change | None:
    """What differs between two forms of a voucher; None where nothing does."""
    change = Change(key, old, new)
    before, after = _slots(old), _slots(new)
    for slot in {**before, **after}:
        one, other = before.get(slot, (ZERO, ZERO)), after.get(slot, (ZERO, ZERO))
        if one != other or (old is None) != (new is None):
            change.differences.append(Difference(slot, one[0], other[0], one[1], other[1]))
    if old is not None and new is not None:
        for name in ("date", "flag", "payee", "narration"):
            said, says = str(getattr(old, name)), str(getattr(new, name))
            if said != says:
                change.words.append((name, said, says))
    return change if change.differences or change.words else None


def _slots(voucher: Voucher | None) -> dict[Slot, tuple[Decimal, Decimal]]:
    sums: dict[Slot, tuple[Decimal, Decimal]] = {}
    for posting in voucher.postings if voucher is not None else ():
        slot = slot_of(posting)
        amount, qty = sums.get(slot, (ZERO, ZERO))
        sums[slot] = (amount + posting.amount, qty + (posting.qty or ZERO))
    return sums


def slot_of(posting: Posting) -> Slot:
    """The slot of a posting."""
    warehouse = posting.warehouse or ("main" if posting.qty is not None else "")
    return Slot(posting.account, posting.item, warehouse, posting.lot, posting.partner, posting.document)


def vouchers_table(found: list[Change]) -> Table:
    """One row for each posting that differs, and for each word of a head."""
    rows: list[dict[str, Cell]] = []
    for change in found:
        head: dict[str, Cell] = {
            "change": change.kind,
            "date": change.voucher.date.isoformat(),
            "document": change.key.document,
            "why": because(change),
        }
        for name, said, says in change.words:
            rows.append({**head, "account": f"({name}) {said} → {says}"})
        for one in change.differences:
            qty = one.qty_after - one.qty_before
            rows.append(
                {
                    **head,
                    "account": one.slot.account,
                    "item": one.slot.item,
                    "before": one.before if change.old else None,
                    "after": one.after if change.new else None,
                    "difference": one.after - one.before,
                    "qty": qty or None,
                }
            )
    columns = [
        *(Column(name, "date" if name == "date" else "text") for name in ("change", "date", "document", "why")),
        Column("account", "text"),
        Column("item", "text"),
        *(Column(name, "money") for name in ("before", "after", "difference")),
        Column("qty", "quantity", "Qty difference"),
    ]
    return Table("vouchers", "Vouchers", columns, rows)


def because(change: Change) -> str:
    """The cause in words, such as `cost effect of receipts/R1`."""
    several = change.of[:3]
    more = f" and {len(change.of) - 3} more" if len(change.of) > 3 else ""
    return f"{change.cause} {', '.join(several)}{more}".rstrip()


def figures_table(
    report: str,
    title: str,
    names: tuple[str, ...],
    old: Mapping[tuple[str, ...], Decimal],
    new: Mapping[tuple[str, ...], Decimal],
) -> Table:
    """The figures that differ: names, before, after, difference."""
    rows: list[dict[str, Cell]] = []
    for key in {**old, **new}:
        before, after = old.get(key, ZERO), new.get(key, ZERO)
        if before != after:
            row: dict[str, Cell] = dict(zip(names, key, strict=True))
            rows.append({**row, "before": before, "after": after, "difference": after - before})
    columns = [
        *(Column(name, "text") for name in names),
        *(Column(name, "money") for name in ("before", "after", "difference")),
    ]
    return Table(report, title, columns, rows)


def stock_table(old: Mapping[str, tuple[Decimal, Decimal]], new: Mapping[str, tuple[Decimal, Decimal]]) -> Table:
    """Items whose quantity or value differs."""
    rows: list[dict[str, Cell]] = []
    for item in sorted({*old, *new}):
        before, after = old.get(item, (ZERO, ZERO)), new.get(item, (ZERO, ZERO))
        if before != after:
            rows.append(
                {
                    "item": item,
                    "qty_before": before[0],
                    "qty_after": after[0],
                    "before": before[1],
                    "after": after[1],
                    "difference": after[1] - before[1],
                }
            )
    columns = [
        Column("item", "text"),
        Column("qty_before", "quantity"),
        Column("qty_after", "quantity"),
        *(Column(name, "money") for name in ("before", "after", "difference")),
    ]
    return Table("stock", "Stock", columns, rows)
