"""The master records: items, partners, warehouses, rates, bills of materials."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from beanstock.problems import Place

STOCKED_TYPES = frozenset({"goods", "material", "product"})


@dataclass(slots=True, eq=False)
class Item:
    """A master record of items. Prices and costs are per base unit, in the books' currency."""

    code: str
    name: str
    unit: str
    type: str = "goods"
    category: str = ""
    costing: str = ""
    tax: str = ""
    price: Decimal | None = None
    standard_cost: Decimal | None = None
    last_cost: Decimal | None = None
    weight: Decimal | None = None
    volume: Decimal | None = None
    barcode: str = ""
    stocked: bool = True
    units: dict[str, Decimal] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Partner:
    """A customer, a supplier, both, an employee or another party."""

    code: str
    name: str
    role: str = ""
    currency: str = ""
    terms: str = ""
    tax: str = ""
    tax_id: str = ""
    region: str = ""
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Warehouse:
    """A place of stock; `account_key` chooses its account in a decision table."""

    code: str
    name: str = ""
    account_key: str = ""
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class StandardCost:
    """A standard cost of an item from a day on."""

    item: Item
    start: dt.date
    cost: Decimal
    place: Place


@dataclass(slots=True, eq=False)
class Department:
    """Where work is done: `function` chooses the account of its wages and depreciation, `cost_pool` collects them."""

    code: str
    name: str
    function: str = ""
    cost_pool: str = ""
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Asset:
    """A fixed asset. Cost and salvage are money of the books; `method` is straight-line, declining or units.

    Under `units`, `life_units` is what it can do in its life, and `usage` what it did, by month (2026-01).
    """

    code: str
    name: str
    date: dt.date
    cost: Decimal
    life_months: int
    salvage: Decimal | None = None
    method: str = ""
    department: str = ""
    account: str = ""
    disposed: dt.date | None = None
    proceeds: Decimal | None = None
    life_units: Decimal | None = None
    usage: dict[str, Decimal] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Budget:
    """A planned amount of an account in a month (2026-01), signed as people plan: income and expenses are positive."""

    account: str
    month: str
    amount: Decimal
    department: str
    project: str
    place: Place


@dataclass(slots=True)
class Masters:
    """The master records of one company, by code."""

    items: dict[str, Item] = field(default_factory=dict)
    partners: dict[str, Partner] = field(default_factory=dict)
    warehouses: dict[str, Warehouse] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    department_of: dict[str, str] = field(default_factory=dict)  # of employees, by code
    standard_costs: list[StandardCost] = field(default_factory=list)
    budgets: list[Budget] = field(default_factory=list)
    rates: list[tuple[dt.date, str, Decimal]] = field(default_factory=list)  # of foreign currencies
    boms: dict[Item, list[tuple[Item, Decimal]]] = field(default_factory=dict)  # inputs of one unit, waste included
