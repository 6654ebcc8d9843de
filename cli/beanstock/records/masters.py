"""Master records: items, partners, warehouses and units, each identified by its code."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from beanstock.books import COSTING_METHODS
from beanstock.files.yamltext import Map, Sequence, parse
from beanstock.masters import (
    STOCKED_TYPES,
    Asset,
    Budget,
    Department,
    Item,
    Masters,
    Partner,
    StandardCost,
    Warehouse,
)
from beanstock.problems import Place, Problem, problem, suggest
from beanstock.records.cells import Typing
from beanstock.records.csvfile import cut_off, read_rows
from beanstock.records.fill import RecordFile, Step, column_name, fill, near_column
from beanstock.records.kinds import Column, Kinds

_CLASSES: dict[str, type] = {
    "items": Item,
    "partners": Partner,
    "warehouses": Warehouse,
    "departments": Department,
    "assets": Asset,
}


class _Row:
    """A master record as it is read: all its columns, and the text of those that nobody declared."""

    def __init__(self) -> None:
        self.extra: dict[str, Any] | None = None


def read_masters(files: list[RecordFile], kinds: Kinds, money_decimals: int) -> tuple[Masters, list[Problem]]:
    """Masters of all files.

    Problems: those of cells, conflicting-document, unknown-item, bad-setting, unknown-department (a warning).
    """
    masters = Masters()
    typing = Typing(masters, kinds.words, money_decimals, chosen=kinds.chosen)
    problems: list[Problem] = []
    seen: dict[tuple[str, ...], tuple[dict[str, Any], str]] = {}
    units: list[tuple[dict[str, Any], Place]] = []
    standards: list[tuple[dict[str, Any], Place]] = []
    boms: list[tuple[dict[str, Any], Place]] = []
    employees: list[dict[str, Any]] = []
    belonging: list[tuple[str, Place]] = []  # the departments of employees and assets
    usages: list[tuple[dict[str, Any], Place]] = []
    for one in files:
        for values, place in _rows(one, kinds, typing, problems):
            key = (one.kind.name, *(str(values.get(column, "")) for column in one.kind.identity))
            if key in seen:
                before, other = seen[key]
                code = "repeated-document" if before == values else "conflicting-document"
                problems.append(problem(code, place, document="/".join(key), other=other))
                continue
            seen[key] = (values, one.shown)
            if one.kind.name in ("employees", "assets") and values.get("department"):
                belonging.append((values["department"], place._replace(field="department")))
            if one.kind.name == "units":
                units.append((values, place))
            elif one.kind.name == "standard-costs":
                standards.append((values, place))
            elif one.kind.name == "budgets":
                department, project = (values.get(column) or "" for column in ("department", "project"))
                masters.budgets.append(
                    Budget(values["account"], values["month"], values["amount"], department, project, place)
                )
            elif one.kind.name == "boms":
                boms.append((values, place))
            elif one.kind.name == "employees":
                employees.append(values)
            elif one.kind.name == "asset-usages":
                usages.append((values, place))
            elif one.kind.name == "rates":
                masters.rates.append((values["date"], values["currency"], values["rate"]))
            else:
                _add(masters, one.kind.name, values, place, problems)
    for code, place in belonging if masters.departments else ():
        if code not in masters.departments:
            facts = {"code": code, "suggestion": suggest(code, masters.departments)}
            problems.append(problem("unknown-department", place, **facts))
    for values in employees:  # they are partners, too: wages and expenses are owed to them
        masters.partners.setdefault(values["code"], Partner(values["code"], values["name"], "employee"))
        masters.department_of[values["code"]] = values.get("department") or ""
    for values, place in usages:
        _add_usage(masters, values, place, problems)
    for values, place in units:
        _add_unit(masters, values, place, problems)
    for values, place in standards:
        item = _item(masters, values, place, problems)
        if item is not None:
            masters.standard_costs.append(StandardCost(item, values["from"], values["cost"], place))
    for values, place in boms:
        product, item = (_item(masters, {"item": values[key]}, place, problems) for key in ("product", "item"))
        if product is not None and item is not None:
            factor = (1 + (values.get("waste_percent") or 0) / Decimal(100)) * values["item_qty"] / values["qty"]
            masters.boms.setdefault(product, []).append((item, factor))
    return masters, problems


def _rows(one: RecordFile, kinds: Kinds, typing: Typing, problems: list[Problem]) -> list[tuple[dict[str, Any], Place]]:
    found: list[tuple[dict[str, Any], Place]] = []
    for record, cells in _cells(one, problems):
        plan: list[Step] = []
        row: list[str] = []
        for name, text in cells.items():
            known = column_name(one.kind, name, kinds)
            column = one.kind.lines[known] if known else Column(name, "text")
            if any(written.name == column.name for _, written, _ in plan):
                problems.append(problem("duplicate-column", Place(one.shown, record=record, field=name), column=name))
            elif not known and record == 0:
                problems += near_column(one.kind, name, Place(one.shown, record=record, field=name))
            plan.append((len(row), column, typing.cells(column)))
            row.append(text)
        written = {column.name for _, column, _ in plan}
        for column in one.kind.lines.values():
            if column.required and column.name not in written:
                plan.append((len(row), column, typing.cells(column)))
                row.append("")
        values = _Row()
        if not fill(values, plan, row, record, problems, one):
            values.extra = _known_anyway(one, plan, row)
        if values.extra is not None:
            found.append((values.extra or {}, Place(one.shown, record=record, field=one.kind.identity[0])))
    return found


def _known_anyway(one: RecordFile, plan: list[Step], row: list[str]) -> dict[str, Any] | None:
    """A row with a fault is known by its code, so that its fault is not told again wherever the code is used.

    Nothing but usages names an asset, and nothing can be worked out of one without its cost and life.
    """
    if one.kind.name not in _CLASSES or one.kind.name == "assets":
        return None
    texts = {column.name: row[position].strip() for position, column, _ in plan}
    code = texts.get("code", "")
    return (
        {"code": code, **({"name": code, "unit": "-"} if one.kind.name == "items" else {"name": code})}
        if code
        else None
    )


def _cells(one: RecordFile, problems: list[Problem]) -> list[tuple[int, dict[str, str]]]:
    if one.form == "csv":
        header, rows, found = read_rows(one.text, one.shown)
        problems += found
        return [
            (record, {name: cell for name, cell in zip(header, row, strict=True) if name})
            for record, row in enumerate(rows)
            if row
        ]
    tree, found = parse(one.text, one.shown)
    problems += found + cut_off(one.text, one.shown)
    if not isinstance(tree, Sequence):
        problems.append(problem("bad-form", Place(one.shown, 1, 1), what="a file of records", form="a list"))
        return []
    cells: list[tuple[int, dict[str, str]]] = []
    for record, node in enumerate(tree):
        if not isinstance(node, Map) or not all(isinstance(value, str) for value in node.values()):
            problems.append(
                problem(
                    "bad-yaml", Place(one.shown, record=record), detail="a mapping of columns to text is expected here"
                )
            )
        else:
            cells.append((record, dict(node)))
    return cells


def _add(masters: Masters, kind: str, values: dict[str, Any], place: Place, problems: list[Problem]) -> None:
    declared = _CLASSES[kind].__slots__  # type: ignore[attr-defined]
    known = {name: value for name, value in values.items() if name in declared}
    extra = {name: value for name, value in values.items() if name not in declared}
    record = _CLASSES[kind](**known, extra=extra)
    if isinstance(record, Item):
        record.stocked = record.type in STOCKED_TYPES
        if record.costing and record.costing not in COSTING_METHODS:
            problems.append(
                problem(
                    "bad-setting",
                    place._replace(field="costing"),
                    key="costing",
                    value=record.costing,
                    why="It names a costing method.",
                    allowed=", ".join(COSTING_METHODS),
                )
            )
    if isinstance(record, Asset):
        problems += _doubtful(record, place)
    if isinstance(record, Asset) and record.method == "units" and not (record.life_units or 0) > 0:
        place = place._replace(field="life_units" if "life_units" in values else "method")
        problems.append(
            problem("missing-value", place, column="life_units", kind="An asset depreciated by units", more="")
        )
    table: dict[str, Any] = getattr(masters, kind)
    table[record.code] = record


def _doubtful(asset: Asset, place: Place) -> Iterator[Problem]:
    """What an asset cannot be: worth more at its end than at its beginning, or given away before it came."""
    if (asset.salvage or 0) > asset.cost:
        facts = {"column": "salvage", "text": str(asset.salvage), "type": "salvage value", "form": "the cost at most"}
        yield problem("wrong-type", place._replace(field="salvage"), **facts)
    if asset.disposed is not None and asset.disposed < asset.date:
        facts = {
            "column": "disposed",
            "text": str(asset.disposed),
            "type": "day of disposal",
            "form": "the asset's date or later",
        }
        yield problem("wrong-type", place._replace(field="disposed"), **facts)
    if asset.proceeds and asset.disposed is None:
        yield problem("missing-value", place._replace(field="disposed"), column="disposed", kind="`proceeds`", more="")


def _add_usage(masters: Masters, values: dict[str, Any], place: Place, problems: list[Problem]) -> None:
    asset = masters.assets.get(values["asset"])
    if asset is not None:
        asset.usage[values["month"]] = values["units"]
        return
    suggestion = suggest(values["asset"], masters.assets)
    problems.append(
        problem("unknown-asset", place._replace(field="asset"), code=values["asset"], suggestion=suggestion)
    )


def _add_unit(masters: Masters, values: dict[str, Any], place: Place, problems: list[Problem]) -> None:
    item = _item(masters, values, place, problems)
    factor: Decimal = values["factor"]
    if item is not None and values["unit"] == item.unit and factor != 1:
        facts = {
            "column": "factor",
            "text": factor,
            "type": "factor",
            "form": f"1 for {item.unit}, the item's own unit",
        }
        problems.append(problem("wrong-type", place._replace(field="factor"), **facts))
    elif item is not None:
        item.units[values["unit"]] = factor


def _item(masters: Masters, values: dict[str, Any], place: Place, problems: list[Problem]) -> Item | None:
    code = values["item"]
    if code not in masters.items:
        problems.append(problem("unknown-item", place, code=code, suggestion=suggest(code, masters.items)))
    return masters.items.get(code)
