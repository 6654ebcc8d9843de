"""The writing commands that faults are injected into, with small books to work on."""

from __future__ import annotations

import subprocess
from pathlib import Path

from injecting import BEANSTOCK, ENVIRONMENT, Command

ROOT = Path(__file__).parents[2]
BOOKS = "company: Faulty\npack: ifrs\ncurrency: EUR\n"
ITEMS = "code,name,unit\nA,Frame,pcs\n"
PARTNERS = "code,name\nC1,Customer\nS1,Supplier\n"
PURCHASES = "number,date,supplier,item,qty,price\nP1,2026-01-02,S1,A,10,10\n"
SALES = "number,date,customer,item,qty,price\nX1,2026-01-05,C1,A,1,20\nX2,2026-02-05,C1,A,2,20\n"
FOREIGN = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n1,20001,Thing,2,2011-01-05 10:00:00,3.5,7.0,UK\n"


def commands(scratch: Path) -> list[Command]:
    """post from nothing, post of a change, import, and init."""
    new = scratch / "new"
    for name, text in {
        "beanstock.yaml": BOOKS, "records/items.csv": ITEMS, "records/partners.csv": PARTNERS,
        "records/purchases.csv": PURCHASES, "records/sales.csv": SALES,
    }.items():  # fmt: skip
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    changed = scratch / "changed"
    subprocess.run(["cp", "-r", str(new), str(changed)], check=True)
    subprocess.run([*BEANSTOCK, "post", str(changed)], check=True, env=ENVIRONMENT, capture_output=True)
    (changed / "records/sales.csv").write_text(
        SALES.replace("X2,2026-02-05", "X2,2026-03-05").replace("1,20\n", "1,25\n")
    )
    foreign = scratch / "online-retail.csv"
    foreign.write_text(FOREIGN)
    return [
        Command("post from nothing", new, ["post", "{}"]),
        Command("post a change", changed, ["post", "{}"]),
        Command("import", new, ["import", "online-retail", str(foreign), "--into", "{}"]),
        Command("init", scratch / "nothing", ["init", "{}", "--pack", "ifrs", "--sample", "bike-works"]),
    ]
