"""Documents to vouchers: the one rule that takes each, its postings, and the proof that they balance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from beanstock.model import ZERO, Document, Line
from beanstock.problems import Place, Problem, problem
from beanstock.records.kinds import Kind
from beanstock.rulebook.accounts import AccountFault
from beanstock.rulebook.closings import KIND
from beanstock.rulebook.compiling import CompiledRule
from beanstock.rulebook.load import Rulebook
from beanstock.voucher import Posting, Voucher
from beanstock.vouchers.summary import Summaries

_LINK = re.compile(r"[A-Za-z0-9_/.-]+")


def write_vouchers(documents: Sequence[Document], rulebook: Rulebook) -> tuple[list[Voucher], list[Problem]]:
    """Vouchers of documents in their order.

    Problems: no-rule, two-rules, unbalanced-rule, rule-failed, and the accounts' (table-hole, unknown-account...).
    """
    vouchers: list[Voucher] = []
    problems: list[Problem] = []
    summaries = Summaries()
    for document in documents:
        kind = rulebook.kinds.documents[document.kind]
        if not kind.posts:
            continue
        for rule in rules_for(document, rulebook, problems):
            voucher = make_voucher(document, rule, rulebook, problems)
            if voucher is not None and rule.rule.summary:
                voucher = summaries.add(voucher, document, rule.rule)
            if voucher is not None:
                vouchers.append(voucher)
    summaries.finish()
    if rulebook.accounts.unlisted:
        problems += _unlisted(documents, rulebook)
    return vouchers, problems


def _unlisted(documents: Iterable[Document], rulebook: Rulebook) -> list[Problem]:
    """Accounts that no chart lists, each told once at its first cell. Problems: account-not-in-chart."""
    unlisted = rulebook.accounts.unlisted
    places: dict[str, Place] = {}
    for document in documents:
        owners: list[Document | Line] = [document, *document.lines]
        for owner in owners:
            for text in (owner.account, *(owner.extra or {}).values()):
                if isinstance(text, str) and text in unlisted and text not in places:
                    places[text] = _cell(document, text)
    found = [
        problem("account-not-in-chart", places.get(account), account=account, suggestion=near)
        for account, near in unlisted.items()
    ]
    rulebook.accounts.told.update(unlisted)
    unlisted.clear()
    return found


def rules_for(document: Document, rulebook: Rulebook, problems: list[Problem]) -> list[CompiledRule]:
    """Exactly one rule per voucher id. Problems: no-rule, two-rules."""
    rules = rulebook.rules.get(document.kind, [])
    if document.kind == KIND:
        return [one for one in rules if document.number == f"{document.date.isoformat()}-{one.rule.id}"]
    if len(rules) == 1 and rules[0].when is None and rules[0].rule.start is None and rules[0].rule.end is None:
        return rules
    taken: dict[str, list[CompiledRule]] = {}
    for rule in rules:
        try:
            if takes(rule, document):
                taken.setdefault(rule.rule.voucher, []).append(rule)
        except (ArithmeticError, TypeError) as fault:
            problems.append(uncomputed(document, rule, fault))
            return []
    if not taken:
        names = ", ".join(f"`{rule.rule.id}`" for rule in rules)
        word = "rule" if len(rules) == 1 else "rules"
        detail = f" It does not meet the conditions of the {word} {names}." if names else ""
        problems.append(
            problem("no-rule", document.place(), document=document.reference, kind=document.kind, detail=detail)
        )
    for several in taken.values():
        if len(several) > 1:
            names = " and ".join(f"`{rule.rule.id}`" for rule in several)
            problems.append(problem("two-rules", several[-1].rule.place, rules=names, document=document.reference))
    return [several[0] for several in taken.values() if len(several) == 1]


def takes(rule: CompiledRule, document: Document) -> bool:
    """Whether a rule is in force on the document's day and its condition holds."""
    start, end = rule.rule.start, rule.rule.end
    if (start is not None and document.date < start) or (end is not None and document.date > end):
        return False
    return rule.when is None or bool(rule.when(document))


def make_voucher(document: Document, rule: CompiledRule, rulebook: Rulebook, problems: list[Problem]) -> Voucher | None:
    """The voucher of one rule; none where the rule skips the document or nothing is posted.

    Problems: unbalanced-rule, rule-failed, rule-warned, rule-error, and those of accounts.
    """
    try:
        if rule.say is not None and not _said(document, rule, problems):
            return None
        return _posted(document, rule, rulebook, problems)
    except AccountFault as fault:
        place = _cell(document, str(fault.facts.get("account", ""))) if document.file else rule.rule.place
        problems.append(problem(fault.code, place, **fault.facts))
    except (ArithmeticError, TypeError) as fault:  # a division by zero, or a comparison with a blank date
        problems.append(uncomputed(document, rule, fault))
    return None


def _posted(document: Document, rule: CompiledRule, rulebook: Rulebook, problems: list[Problem]) -> Voucher | None:
    postings, payee, narration, meta, review = rule.voucher(document)
    sum_of_all = ZERO
    for posting in postings:
        sum_of_all += posting.amount
    if sum_of_all:
        rounding = rule.rule.rounding
        if rounding is None or rule.rounded is None or abs(sum_of_all) > rounding.most:
            problems.append(_unbalanced(document, rule, postings, sum_of_all))
            return None
        postings.append(rule.rounded(document, -sum_of_all))
    if rule.rule.merges:
        postings = [one for one in postings if one.amount or one.qty is not None]
    if not postings:
        return None
    voucher = Voucher(document.date, document.reference, rule.rule.id)
    voucher.key = document.key
    voucher.payee = payee
    voucher.narration = narration
    voucher.links = links(document, rulebook.kinds.documents[document.kind])
    voucher.tags = [document.kind, *rule.rule.tags]
    if review:
        voucher.flag = "!"
    if document.memo:
        voucher.meta = (("memo", document.memo),)
    if meta:
        voucher.meta += tuple(meta)
    voucher.postings = postings
    return voucher


def uncomputed(document: Document, rule: CompiledRule, fault: Exception) -> Problem:
    """A rule that has no value for a document. Problems: rule-error."""
    said = str(fault)
    if "Division" in type(fault).__name__ + said:
        detail = "a division by zero"
    elif not isinstance(fault, ArithmeticError):
        detail = "a blank value is used"
    else:
        detail = said if said.startswith("`") else "a number is too large"
    return problem("rule-error", rule.rule.place, rule=rule.rule.id, document=document.reference, detail=detail)


def links(document: Document, kind: Kind) -> list[str]:
    """The document's number and those of the documents it names, where ASCII allows."""
    names = [] if kind.group else [document.number]
    if document.extra or document.order or document.returns:
        own = {**(document.extra or {}), "order": document.order, "returns": document.returns}
        names += [name for column in kind.links if (name := own.get(column))]
    if kind.line_links:
        lines = [line.extra for line in document.lines if line.extra]
        names += [name for column in kind.line_links for extra in lines if (name := extra.get(column))]
    return [name for name in dict.fromkeys(names) if _LINK.fullmatch(name)]


def _cell(document: Document, text: str) -> Place:
    """The cell of a document that says a text (an account), else the document."""
    owners: list[tuple[Document | Line, Line | None]] = [(document, None), *((line, line) for line in document.lines)]
    for owner, line in owners:
        if text and owner.account == text:
            return document.place("account", line)
        for column, value in (owner.extra or {}).items():
            if text and value == text:
                return document.place(column, line)
    return document.place()


def _said(document: Document, rule: CompiledRule, problems: list[Problem]) -> bool:
    """Tell what the rule says of the document; whether it is posted all the same."""
    assert rule.say is not None
    posts = True
    for kind, text in rule.say(document):
        if kind != "skip":
            code = "rule-failed" if kind == "fail" else "rule-warned"
            facts = {"document": document.reference, "text": text, "rule": rule.rule.id}
            problems.append(problem(code, document.place() if document.file else rule.rule.place, **facts))
        posts = posts and kind == "warn"
    return posts


def _unbalanced(document: Document, rule: CompiledRule, postings: list[Posting], difference: Decimal) -> Problem:
    debit = sum((posting.amount for posting in postings if posting.amount > 0), ZERO)
    credit = -sum((posting.amount for posting in postings if posting.amount < 0), ZERO)
    facts = {
        "rule": rule.rule.id,
        "document": document.reference,
        "debit": debit,
        "credit": credit,
        "difference": difference,
    }
    return problem("unbalanced-rule", rule.rule.place, **facts)
