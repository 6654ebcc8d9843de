"""Writes a simulated company as a books folder: CSV or YAML, English or Chinese headers, one file or several.

The form is chosen by a generator of its own, so that one company can be written in many ways that must all mean the
same.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

from .papers import Company, Document, Employee

CHINESE = {
    "date": "日期", "time": "时间", "number": "单号", "supplier": "供应商", "customer": "客户", "partner": "往来单位", "warehouse": "仓库",
    "item": "商品", "qty": "数量", "unit": "单位", "price": "单价", "gross_price": "含税单价", "amount": "金额", "gross_amount": "含税金额",
    "discount_percent": "折扣率", "tax": "税率", "tax_amount": "税额", "total": "价税合计", "order": "订单", "receipt": "入库单", "delivery": "出库单",
    "bill": "采购发票号", "returns": "原单", "returns_line": "原单行", "source_line": "源单行", "due": "到期日", "direction": "收付", "account": "科目",
    "paid_account": "付款账户", "applies": "核销单据", "applied": "核销金额", "fee": "手续费", "cash_discount": "现金折扣", "write_off": "抹零",
    "counted": "实盘数量", "value": "价值", "reason": "原因", "from": "调出仓库", "to": "调入仓库", "scope": "盘点范围", "description": "摘要",
    "ref": "原单据号", "pays": "pays", "lot": "批号", "document": "单据", "basis": "分摊方式", "share": "分摊比例", "part": "投入产出",
    "job": "工单", "count": "盘点单", "cost_pool": "费用池", "cost_element": "成本项目", "standard_cost": "计划成本", "currency": "币种", "rate": "汇率", "bank_amount": "银行金额",
    "received": "到账金额", "debit": "借方", "credit": "贷方", "employee": "员工", "gross": "应发工资", "social_employer": "单位社保",
    "social_employee": "个人社保", "tax_withheld": "代扣个税", "invoice_type": "发票类型", "supply_date": "纳税义务日期", "every": "周期", "until": "截止日期", "reverse": "次月冲回",
}  # fmt: skip
CHINESE_KINDS = {
    "opening-stock": "期初库存", "opening-balances": "期初余额", "purchase-orders": "采购订单", "sales-orders": "销售订单", "receipts": "采购入库", "bills": "采购发票",
    "purchases": "采购", "deliveries": "销售出库", "invoices": "销售发票", "sales": "销售", "payments": "收付款", "transfers": "调拨",
    "counts": "盘点", "adjustments": "库存调整", "cost-changes": "计划价调价", "drop-shipments": "直运销售", "landed-costs": "到岸成本",
    "productions": "生产单", "wip-counts": "在产品盘点", "dispositions": "盘点处理", "allocations": "核销", "cash-transfers": "资金划转",
    "tax-certifications": "发票勾选", "expenses": "费用报销", "payrolls": "工资", "journals": "凭证",
}  # fmt: skip
CHINESE_WORDS = {
    "in": "收",
    "out": "付",
    "full": "全盘",
    "own-use": "领用",
    "scrap": "报废",
    "found": "盘盈",
    "cost-correction": "成本调整",
    "output": "产出",
    "input": "投入",
    "cost": "费用",
    "waste": "损耗",
}
WITHOUT_NUMBER = ("opening-stock", "opening-balances", "wip-counts")
# columns that stand in header and lines
SHARED = {
    "receipts": "warehouse", "purchases": "warehouse", "deliveries": "warehouse", "sales": "warehouse",
    "productions": "warehouse", "bills": "receipt", "invoices": "delivery",
}  # fmt: skip


def write_books(company: Company, folder: Path, random: Random) -> None:
    """A whole books folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "beanstock.yaml").write_text(settings(company), encoding="utf-8")
    write_records(company, folder / "records", random)


def settings(company: Company) -> str:
    costing: object = company.costing
    if company.costing_by_category:
        costing = {"default": company.costing, **company.costing_by_category}
    stated = {"taxpayer": company.taxpayer, "tax_period": company.tax_period}
    values = {
        "company": f"Simulated {company.seed}",
        "pack": company.pack,
        "currency": company.currency,
        "costing": costing,
        "settings": {key: value for key, value in stated.items() if value},
        "policies": {"advance_rate": "document"} | company.policies,  # the model knows no other; the laws hold for both
    }
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in values.items() if value)


def write_records(company: Company, records: Path, random: Random) -> None:
    records.mkdir(parents=True, exist_ok=True)
    masters: dict[str, list[Any]] = {
        "items": list(company.items.values()),
        "partners": [one for one in company.partners.values() if one.role != "employee"],
        "employees": [
            Employee(one.code, one.name, one.department) for one in company.partners.values() if one.role == "employee"
        ],
        "departments": list(company.departments.values()),
        "warehouses": [one for one in company.warehouses.values() if one.code != "main" or one.name],
        "units": company.units,
        "boms": company.boms,
        "standard-costs": company.standard_costs,
        "rates": company.rates,
    }
    for kind, rows in masters.items():
        if rows:
            random.shuffle(rows)
            cells = [_cells(row) for row in rows]
            _write(records / f"{kind}.csv", _csv(_columns(cells), cells), random)
    for kind in sorted({document.kind for document in company.documents}):
        documents = [document for document in company.documents if document.kind == kind]
        random.shuffle(documents)
        _write_kind(records, kind, documents, random)


def _write_kind(records: Path, kind: str, documents: list[Document], random: Random) -> None:
    name = random.choice([kind, CHINESE_KINDS[kind]])
    parts = [documents]
    if len(documents) > 1 and random.random() < 0.3:
        cut = random.randint(1, len(documents) - 1)
        parts = [documents[:cut], documents[cut:]]
    for number, part in enumerate(parts):
        path = records / name if len(parts) == 1 else records / name / f"{number} {'ab'[number]}"
        path.parent.mkdir(exist_ok=True)
        chinese = random.random() < 0.3
        if random.random() < 0.3:
            _write(path.with_name(path.name + ".yaml"), _yaml(part, chinese=chinese), random)
        else:
            rows = [row for document in part for row in _rows(document, random)]
            columns = _columns(rows)
            header = [CHINESE[column] if chinese else column for column in columns]
            _write(path.with_name(path.name + ".csv"), _csv(columns, rows, header, chinese=chinese), random)


def _write(path: Path, text: str, random: Random) -> None:
    encoding = random.choice(["utf-8"] * 8 + ["utf-8-sig", "gb18030"])
    path.write_bytes(text.encode(encoding))


def _rows(document: Document, random: Random) -> list[dict[str, str]]:
    """One row for each line. A column that stands in header and lines is written on every row."""
    header = _cells(document)
    lines = [_cells(line) for line in document.lines] or [{}]
    column = SHARED.get(document.kind, "")
    if column == "warehouse" and any(column in line for line in lines):
        header.setdefault(column, "main")  # the first row's cell would count for the further rows
    rows = []
    style = random.choice(["all", "number", "blank"])
    for position, line in enumerate(lines):
        shared = {column: header[column]} if column in header else {}
        if position == 0 or style == "all" or document.kind in WITHOUT_NUMBER:
            row = {**header, **line}
        else:
            row = {**shared, **line} if style == "blank" else {"number": header["number"], **shared, **line}
        rows.append(row)
    return rows


def _yaml(documents: list[Document], *, chinese: bool) -> str:
    """A list of documents; JSON strings are YAML strings."""

    def named(cells: dict[str, str]) -> dict[str, str]:
        return {(CHINESE[name] if chinese else name): _word(cell) if chinese else cell for name, cell in cells.items()}

    text = []
    for document in documents:
        start = "- "
        for name, cell in named(_cells(document)).items():
            text.append(f"{start}{name}: {json.dumps(cell, ensure_ascii=False)}\n")
            start = "  "
        if document.lines:
            text.append("  lines:\n")
        text += [f"    - {json.dumps(named(_cells(line)), ensure_ascii=False)}\n" for line in document.lines]
    return "".join(text)


def _csv(
    columns: list[str], rows: list[dict[str, str]], header: list[str] | None = None, *, chinese: bool = False
) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header or columns)
    for row in rows:
        cells = [row.get(column, "") for column in columns]
        writer.writerow([_word(cell) for cell in cells] if chinese else cells)
    return out.getvalue()


def _word(cell: str) -> str:
    return CHINESE_WORDS.get(cell, cell)


def _columns(rows: Iterable[dict[str, str]]) -> list[str]:
    return list(dict.fromkeys(column for row in rows for column in row))


def _cells(record: Any) -> dict[str, str]:
    """The columns of a record that say something."""
    cells = {}
    for one in fields(record):
        value = getattr(record, one.name)
        if one.name != "kind" and value not in (None, "") and not isinstance(value, list):
            cells[one.name.rstrip("_")] = cell(value)
    return cells


def cell(value: object) -> str:
    if isinstance(value, Fraction):
        return decimal(value)
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def decimal(value: Fraction) -> str:
    """The exact decimal text of a fraction that has one."""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
        assert places <= 12, value
    digits = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    text = digits[:-places] + "." + digits[-places:] if places else digits
    return ("-" if value < 0 else "") + text
