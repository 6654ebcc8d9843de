"""The same trading year under every costing method: the table of docs/POLICIES.md is made here.

`python tests/costing_year.py --update` writes it anew; tests/test_policies.py holds it against the program.
"""

from __future__ import annotations

import re
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from conftest import Company

PAGE = Path(__file__).parents[1] / "docs/POLICIES.md"
BLOCK = re.compile(r"(<!-- the year under every method -->\n).*?(<!-- end -->)", re.DOTALL)
METHODS = {
    "moving-average": {},
    "monthly-average": {},
    "fifo": {},
    "lifo": {},
    "specific": {},
    "standard": {},
    "standard, `variance: apportion`": {"variance": "apportion"},
}
# each month: bought at a price, and sold; prices rise, fall and rise again
BOUGHT = ((100, "10.20"), (80, "10.60"), (120, "11.10"), (60, "11.90"), (90, "12.40"), (100, "12.10"),
          (70, "11.60"), (110, "11.00"), (80, "10.80"), (60, "11.30"), (100, "12.00"), (90, "12.70"))  # fmt: skip
SOLD = (70, 95, 80, 90, 60, 110, 85, 70, 120, 75, 60, 95)


def year() -> dict[str, str]:
    """The records: opening 150 at 11.00; a return to a supplier in April, one of a customer in July."""
    receipts = ["number,date,supplier,item,qty,price,lot,returns"]
    deliveries = ["number,date,customer,item,qty,lot,returns"]
    lots = {0: 150}
    for month, ((bought, price), sold) in enumerate(zip(BOUGHT, SOLD, strict=True), 1):
        late = month % 3 == 0  # each third month what is bought comes behind the sale
        receipts.append(f"R{month},2026-{month:02}-{26 if late else 6:02},S1,A,{bought},{price},L{month},")
        if not late:
            lots[month] = bought
        left = sold
        for lot in sorted(lots):  # whoever keeps lots sells the oldest
            taken = min(left, lots[lot])
            if taken:
                deliveries.append(f"D{month},2026-{month:02}-20,C1,A,{taken},L{lot},")
                lots[lot] -= taken
                left -= taken
        if late:
            lots[month] = bought
        if month == 4:
            receipts.append("R4B,2026-04-25,S1,A,-10,11.90,L4,R4")
            lots[4] -= 10
        if month == 7:
            last = deliveries[-1].split(",")
            deliveries.append(f"D7B,2026-07-28,C1,A,-5,{last[5]},D7")
            lots[int(last[5][1:])] += 5
    return {
        "items": "code,name,unit,type,standard_cost\nA,Article,pcs,goods,11",
        "partners": "code,name,role\nC1,Customer,customer\nS1,Supplier,supplier",
        "opening-stock": "date,item,qty,value,lot\n2026-01-01,A,150,1650,L0",
        "receipts": "\n".join(receipts),
        "deliveries": "\n".join(deliveries),
        "invoices": "number,date,customer,account,amount\nI1,2027-01-01,C1,revenue,1",  # December is over
    }


def figures(method: str, folder: Path) -> tuple[Decimal, Decimal, Decimal]:
    """Cost of sales, price differences and closing stock at the year's end."""
    company = Company(folder)
    name, policies = method.split(",", maxsplit=1)[0], METHODS[method]
    lines = ["company: Year", "pack: us-gaap", "currency: USD", f"costing: {name}"]
    company.write(
        "beanstock.yaml",
        "\n".join(
            [
                *lines,
                *(["policies:"] if policies else []),
                *(f"  {key}: {value}" for key, value in policies.items()),
                "",
            ]
        ),
    )
    company.records(**year()).post()
    rows = company.report("trial-balance", "--to", "2026-12-31")["rows"]
    found = {row["role"]: Decimal(row["closing"]) for row in rows}
    zero = Decimal("0.00")
    return found["cost-of-sales"], found.get("price-difference", zero), found["inventory"]


def table() -> str:
    """The table of the page."""
    lines = ["| method | cost of sales | price differences | closing stock |", "|---|---:|---:|---:|"]
    for method in METHODS:
        with tempfile.TemporaryDirectory() as folder:
            amounts = figures(method, Path(folder))
        name, _, rest = method.partition(", ")
        lines.append(
            f"| `{name}`{', ' + rest if rest else ''} | " + " | ".join(f"{one:,.2f}" for one in amounts) + " |"
        )
    return "\n".join([*lines, ""])


def page() -> str:
    """docs/POLICIES.md with the table that the program gives today."""
    return BLOCK.sub(lambda match: match[1] + table() + match[2], PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__" and "--update" in sys.argv:
    PAGE.write_text(page(), encoding="utf-8")
