"""The notes below reports in other languages: whole sentences, with what stands in them."""

from __future__ import annotations

import re

_ZH = (
    ("Receivables come in on their due date and the customer's average delay so far, weighted by amount.", "应收款按到期日加该客户以往的平均延迟天数（按金额加权）收回。"),
    ("Customers who paid nothing yet are given ([+-]?\\d+) days. Payables are paid when they are due.", "尚未付过款的客户按 {} 天计。应付款到期支付。"),
    ("Notes come in, and are paid, when they are due.", "票据按到期日收付。"),
    ("What is overdue, and what is owed to and for employees, moves in the first week.", "逾期款项和应付职工薪酬在第一周收付。"),
    ("Recurring: journals with `every` where they post to cash, the wages of the last month again on their day, and sales of assets that have a date.", "定期收支：涉及现金的循环凭证（列“周期”）、按最近一个月工资逐月重复、已定日期的资产处置收入。"),
    ("Orders: what is not invoiced or billed yet, when it is expected \\(at once, where that is over\\), and the partner's terms after that.", "订单：尚未开票的部分，按预计日期（已过则立即）加往来单位账期收付。"),
    ("Not in it: advances, orders in foreign currency, taxes that are not due, and costs without a document.", "未包括：预收预付、外币订单、未到期的税费、没有单据的费用。"),
    ("Delays in days: (.+)\\.", "延迟天数：{}。"),
    ("(\\S+) of the change of cash is on no line; `beanstock check` names the vouchers.", "现金变动中有 {} 不在任何行；`beanstock check` 列出凭证。"),
    ("On no line of this form: (.+)\\.", "不在本表任何行的科目：{}。"),
    ("Revenue counts on the day of the invoice, cost of sales on the day of the delivery.", "收入按开票日、成本按出库日计入。"),
    ("Balances of (\\S+); turnover of (\\S+) days from (\\S+); returns are stretched to a year of (\\d+) days.", "余额截至 {}；发生额为 {} 天，自 {} 起；收益率折算为一年 {} 天。"),
    ("What is left is taken to be what came last, at the item's average value.", "结存视为最后入库的部分，按该商品的平均成本计价。"),
    ("Slow: nothing went out for more than (\\d+) days. Turnover from (\\S+) to (\\S+).", "呆滞：超过 {} 天没有发出。周转期间 {} 至 {}。"),
    ("Income is positive, and so are expenses; a month's budget counts as soon as the period touches the month.", "收入、费用均以正数列示；期间涉及的月份计入整月预算。"),
    ("Result \\(income less expenses\\): budget (\\S+), actual (\\S+), outlook (\\S+).", "损益（收入减费用）：预算 {}，实际 {}，全年预计 {}。"),
    ("Outlook: actual from (\\S+) to (\\S+), and the budget of the months after that up to (\\S+).", "全年预计：{} 至 {} 的实际数，加其后至 {} 各月的预算。"),
    # titles
    ("Ledger of (.+) with (.+)", "明细账：{}，{}"),
    ("Ledger of (.+)", "明细账：{}"),
    ("Stock card of (.+)", "商品明细账：{}"),
    ("Statement of account: (.+)", "对账单：{}"),
    ("Behind (.+)", "数据来源：{}"),
    # why a voucher differs
    ("record", "记录"),
    ("rule", "规则"),
    ("manual voucher", "手工凭证"),
    ("master data", "基础资料"),
    ("approval", "审核"),
    ("records and rules", "记录和规则"),
    ("cost effect of (.+) and (\\d+) more", "成本影响：{} 等，另有 {} 个"),
    ("cost effect of (.+)", "成本影响：{}"),
    # of policies, and of what two states differ in
    ("pack (.+)", "准则包 {}"),
    ("(.+) → the working tree: vouchers (\\d+) added, (\\d+) removed, (\\d+) changed", "{} → 当前工作区：凭证新增 {}，删除 {}，修改 {}"),
    ("(.+) → (.+): vouchers (\\d+) added, (\\d+) removed, (\\d+) changed", "{} → {}：凭证新增 {}，删除 {}，修改 {}"),
)  # fmt: skip
_READ = {"zh": [(re.compile(pattern), text) for pattern, text in _ZH]}


def sentence(text: str, language: str) -> str:
    """A note in a language; the English one where there is no other."""
    for pattern, other in _READ.get(language, ()):
        found = pattern.fullmatch(text)
        if found:
            return other.format(*found.groups())
    return text
