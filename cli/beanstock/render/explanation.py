"""The tree that `explain` makes, as text: a document, its lines, and every posting with its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from beanstock.render.problems import safe

Tree = dict[str, Any]


def explanation_lines(tree: Tree) -> Iterator[str]:
    """Lines of text."""
    source = tree["source"]
    yield f"{tree['document']}  {tree['date']}  {tree['partner']}".rstrip()
    if tree.get("removed"):
        yield "  no record has it any more: this is what the ledger keeps"
    else:
        yield f"  recorded in {source['path']}:{source['line']}" if source else "  made by the month itself"
    if tree.get("taken_back_by"):
        yield f"  {tree['taken_back_by']} takes it back: each amount below stands there with the other sign"
    if tree.get("summary"):
        yield f"  part of the summary voucher {tree['summary']}"
    for line in tree["lines"]:
        yield from _line(line)
    if not tree.get("posts", True):
        yield "  documents of this kind post nothing"
    for voucher in tree.get("ledger", ()):
        yield from _kept(voucher)
    for rule in tree["rules"]:
        yield from _rule(rule)
    for rule in tree["not_taken"]:
        yield from _not_taken(rule)


def _line(line: Tree) -> Iterator[str]:
    amounts = "".join(f", {name} {line[name]}" for name in ("amount", "net", "tax", "gross") if name in line)
    quantity = f", quantity {line['qty']}" if line["qty"] != "0" or not amounts else ""
    if line["what"] or amounts:
        yield f"  line {line['index']}: {safe(line['what'])}{quantity}{amounts}"
    for text in line.get("returns", ()):
        yield f"    returns {text}"
    for text in line.get("paid_ahead", ()):
        yield f"    paid ahead: {text}"
    for text in line.get("billed", ()):
        yield f"    billed by {text}"
    if "stock" in line:
        stock = line["stock"]
        yield f"    {stock['method']}: {stock['before']} before, moved {stock['moved'] or 'nothing'}, {stock['after']} after"


def _kept(voucher: Tree) -> Iterator[str]:
    """A voucher of a closed month, or a correction of one."""
    words = {"": "as it was closed", "red": "takes that back", "blue": "posts what the rules give now"}
    yield f"  in the ledger of {voucher['date']}, rule `{voucher['rule']}`: {words[voucher['correction']]}"
    for one in voucher["postings"]:
        of = f"  {safe(one['item'])}" if one["item"] else ""
        yield f"    {one['side']}  {one['account']}  {one['amount']}{of}"


def _rule(rule: Tree) -> Iterator[str]:
    voucher = f", voucher `{rule['voucher']}`" if rule["voucher"] else ""
    yield f"  rule `{rule['rule']}` ({rule['path']}){voucher}"
    for condition in rule["conditions"]:
        yield f"    because {safe(condition['text'])}{_given(condition)}"
    if "fault" in rule:
        yield f"    it cannot be worked out: {safe(rule['fault'])}"
    for let in rule["lets"]:
        yield f"    let {let['name']}: {_worked(let)}"
    for one in rule["says"]:
        word = {"skip": "posts nothing", "fail": "refused", "warn": "warned of"}[one["kind"]]
        yield f"    {word}: {safe(one['text'])}"
    if "review" in rule:
        word = "marked `!` for review" if rule["review"]["met"] else "not marked for review"
        yield f"    {word}: {safe(rule['review']['expression'])}{_given(rule['review'])}"
    for posting in rule["postings"]:
        yield f"    {posting['side']}  {posting['account']}  {posting['amount']}"
        of = f", {posting['of']}" if posting["of"] else ""
        share = f"; {posting['share']}" if "share" in posting else ""
        yield f"        {safe(posting['why'])}{of}; amount: {_worked(posting)}{share}"
        for row in posting["rows"]:
            yield f"        row {row['path']}: {safe(row['when'])}"
        if posting["condition"]:
            yield f"        because {safe(posting['condition']['expression'])}{_given(posting['condition'])}"


def _not_taken(rule: Tree) -> Iterator[str]:
    if rule.get("conflict"):
        yield f"  rule `{rule['rule']}` ({rule['path']}) takes it as well"
        return
    many = len(rule["conditions"])
    holds = f", {many - rule['missing']} of {many} conditions hold" if many > 1 else ""
    yield f"  not rule `{rule['rule']}` ({rule['path']}){holds}"
    for condition in rule["conditions"]:
        word = "holds" if condition["met"] else "does not hold"
        yield f"    {word}: {safe(condition['text'])}{_given(condition)}"


def _given(condition: Tree) -> str:
    return f" ({safe('; '.join(condition['inputs']))})" if condition["inputs"] else ""


def _worked(tree: Tree) -> str:
    """`gross - net = 120.00 - 100.00 = 20.00`."""
    if "value" not in tree:
        return safe(str(tree["expression"]))
    put_in = f" = {tree['put_in']}" if tree["put_in"] and tree["put_in"] != tree["expression"] else ""
    value = f" = {tree['value']}" if tree["value"] not in (tree["put_in"], tree["expression"]) else ""
    return safe(f"{tree['expression']}{put_in}{value}")


def asset_lines(tree: Tree) -> Iterator[str]:
    """What there is to say of a fixed asset, as lines of text."""
    life = f"{tree['method']} over {tree['life']}, salvage {tree['salvage']}"
    yield f"{safe(tree['asset'])} {safe(tree['name'])}: {tree['cost']} from {tree['date']}, {life}"
    for one in tree["bought"]:
        yield f"  bought with {safe(one['document'])} line {one['line']}: {one['amount']}"
    if tree["opening"]:
        yield f"  in the opening balances of {tree['opening']}, with what it had lost by then"
    elif not tree["bought"]:
        yield f"  no bill of its day has a line of {tree['cost']} on `fixed-assets`; the asset's record posts no purchase"
    for one in tree["depreciation"]:
        yield f"  {one['document']}: {one['amount']}, {one['depreciated']} so far, {one['left']} left"
    for one in tree["disposal"]:
        result = f"loss {one['result'][1:]}" if one["result"].startswith("-") else f"gain {one['result']}"
        yield f"  {safe(one['document'])}: cost {one['cost']}, depreciated {one['depreciated']}, proceeds {one['proceeds']}, {result}"
