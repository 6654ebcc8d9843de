"""Vouchers (记账凭证) as one HTML page to print or to keep: a sheet of eight lines each, more sheets where there are more.

The page is whole in itself: no script, no picture, nothing that is loaded from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from beanstock.model import ZERO
from beanstock.render.chinese_amounts import in_words
from beanstock.render.problems import safe
from beanstock.voucher import Posting, Voucher

LINES = 8  # postings on a sheet
_WORDS = {
    "en": {
        "title": "Voucher", "number": "No.", "draft": "not closed", "date": "Date", "late": "Date of the document",
        "document": "Document", "narration": "Narration", "account": "Account", "of": "Kept by", "debit": "Debit",
        "credit": "Credit", "total": "Total", "posted": "Closed by", "approved": "Approved by", "waiting": "not approved",
        "void": "void",
    },
    "zh": {
        "title": "记账凭证", "number": "凭证号", "draft": "未结账", "date": "日期", "late": "业务日期",
        "document": "单据", "narration": "摘要", "account": "会计科目", "of": "辅助核算", "debit": "借方金额",
        "credit": "贷方金额", "total": "合计", "posted": "记账", "approved": "审核", "waiting": "未审核",
        "void": "作废",
    },
}  # fmt: skip
_STYLE = """
body { font-family: serif; font-size: 10pt; margin: 0; }
section { break-inside: avoid; margin: 8mm auto; max-width: 200mm; }
h2 { text-align: center; font-size: 14pt; margin: 0; border-bottom: 3px double; }
p { display: flex; justify-content: space-between; margin: 1mm 0; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { border: 1px solid; padding: 1mm; overflow-wrap: anywhere; height: 1.2em; }
td.amount { text-align: right; font-variant-numeric: tabular-nums; }
.red, .waiting { color: #b00; }
"""


@dataclass
class Printed:
    """A voucher with what the ledger's text does not say: its number, and who approved and closed it."""

    voucher: Voucher
    number: str = ""
    approved_by: str = ""
    closed_by: str = ""


def as_html(
    company: str, currency: str, language: str, vouchers: Iterable[Printed], void: Iterable[str]
) -> Iterator[str]:
    """The page, sheet by sheet; `void` are numbers whose voucher is gone."""
    words = _WORDS[language]
    yield f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
    yield f"<title>{_text(company)}: {words['title']}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    for one in vouchers:
        postings = one.voucher.postings
        sheets = max(1, -(-len(postings) // LINES))
        for sheet in range(sheets):
            part = postings[sheet * LINES : (sheet + 1) * LINES]
            page = f"{sheet + 1}/{sheets}" if sheets > 1 else ""
            yield _sheet(one, part, page, company, currency, words, last=sheet == sheets - 1)
    for number in void:
        yield f"<section>\n<h2>{words['title']}</h2>\n<p><span>{words['number']} {_text(number)}</span>"
        yield f"<span>{words['void']}</span></p>\n</section>\n"
    yield "</body>\n</html>\n"


def _sheet(
    one: Printed, postings: list[Posting], page: str, company: str, currency: str, words: dict[str, str], *, last: bool
) -> str:
    voucher = one.voucher
    late = dict(voucher.meta).get("late", "")
    number = f"{words['number']} {_text(one.number) or words['draft']} {page}".rstrip()
    waiting = f'<span class="waiting">{words["waiting"]}</span>' if voucher.flag == "!" else ""
    head = [
        f"<section>\n<h2>{words['title']}</h2>\n",
        f"<p><span>{_text(company)}</span><span>{words['date']} {voucher.date}</span>{waiting}<span>{number}</span></p>\n",
        f"<p><span>{words['document']} {_text(voucher.document)}</span>",
        f"<span>{words['late']} {_text(late)}</span>" if late else "",
        f"<span>{_text(voucher.payee)}</span><span>{_text(currency)}</span></p>\n<table>\n<tr>",
        "".join(f"<th>{words[name]}</th>" for name in ("narration", "account", "of", "debit", "credit")),
        "</tr>\n",
    ]
    rows = [_row(voucher, posting) for posting in postings]
    rows += ["<tr>" + "<td></td>" * 5 + "</tr>\n"] * (LINES - len(postings))
    if last:
        rows.append(_total(voucher, words))
    signed = f"<p><span>{words['posted']} {_text(one.closed_by)}</span><span>{words['approved']} {_text(one.approved_by)}</span></p>"
    return "".join([*head, *rows, f"</table>\n{signed}\n</section>\n"])


def _row(voucher: Voucher, posting: Posting) -> str:
    kept = [posting.partner, posting.document, dict(posting.meta).get("foreign", ""), posting.item]
    if posting.qty is not None:
        kept.append(f"× {posting.qty:f}")
        kept += [posting.warehouse, posting.lot]
    debit, credit = sides(posting)
    cells = [voucher.narration, posting.account, " ".join(part for part in kept if part)]
    texts = "".join(f"<td>{_text(cell)}</td>" for cell in cells)
    return f"<tr>{texts}{_amount(debit)}{_amount(credit)}</tr>\n"


def _total(voucher: Voucher, words: dict[str, str]) -> str:
    """The totals of the whole voucher, in words where the language is Chinese."""
    debit = sum((sides(one)[0] or ZERO for one in voucher.postings), ZERO)
    credit = sum((sides(one)[1] or ZERO for one in voucher.postings), ZERO)
    said = f" {in_words(debit)}" if words is _WORDS["zh"] else ""
    return f'<tr><td colspan="3">{words["total"]}{said}</td>{_amount(debit)}{_amount(credit)}</tr>\n'


def sides(posting: Posting) -> tuple[Decimal | None, Decimal | None]:
    """Debit and credit of a posting, None on the other side; a red entry is negative on its own side."""
    debit = posting.side == "dr" or (not posting.side and posting.amount >= 0)
    return (posting.amount, None) if debit else (None, -posting.amount)


def _amount(amount: Decimal | None) -> str:
    if amount is None:
        return "<td></td>"
    red = ' class="amount red"' if amount < 0 else ' class="amount"'
    return f"<td{red}>{amount:,f}</td>"


def _text(text: str) -> str:
    return escape(safe(text))
