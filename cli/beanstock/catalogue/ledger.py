"""The ledger, and what review, closing and git say of it."""

from __future__ import annotations

from beanstock.catalogue.entry import Entry

ENTRIES: dict[str, Entry] = {
    "hand-edited": Entry(
        "error",
        "{path} is generated and was changed by hand",
        "Posting would silently throw the change away.",
        "Move the change into the records, the rules or ledgers/manual/; `beanstock post --overwrite` replaces the file.",
    ),
    "manual-refused": Entry(
        "error",
        "{detail}",
        "Manual vouchers write every amount out, and open nothing that could run or hide.",
        "Repair the file; see docs/RULES.md, manual vouchers.",
    ),
    "beyond-range": Entry(
        "error",
        "with the voucher of {document} the ledger adds up to more than can be summed",
        "Amounts may add up to {amount}, quantities to {quantity}, counted without their signs; sums are kept in 64 bits.",
        "Look for a quantity or price with too many digits.",
    ),
    "ledger-unreadable": Entry(
        "error",
        "this line is not canonical ledger text: `{text}`",
        "Generated files have one exact form.",
        "Run `beanstock post --overwrite`.",
    ),
    "not-posted": Entry(
        "error",
        "there is no ledger yet in {folder}",
        "Checks and reports read the ledger.",
        "Run `beanstock post`.",
    ),
    "stale-ledger": Entry(
        "error",
        "{path} is not what post would write{detail}",
        "Records or rules changed after the last run.",
        "Run `beanstock post` and commit the result.",
    ),
    "ledger-differs": Entry(
        "error",
        "{what}: the records say {records}, the ledger says {ledger}",
        "The difference is {difference}.",
        "Run `beanstock post`; if it stays, look for manual postings on the account.",
    ),
    "tax-differs": Entry(
        "error",
        "{side} tax of {document}: the documents say {records}, the ledger says {ledger}",
        "A tax return is made of documents, and its accounts must say the same; the difference is {difference} (debit positive).",
        "Run `beanstock post`; if it stays, look at the rule that posts it, or for manual postings on the account.",
    ),
    "not-balanced": Entry(
        "error",
        "the voucher of {document} sums to {sum}",
        "Every voucher sums to exactly zero.",
        "Repair the manual voucher; a generated one is made again by `beanstock post --overwrite`.",
    ),
    "beancount-error": Entry(
        "error",
        "Beancount: {detail}",
        "The ledger must load in Beancount without a single error.",
        "Run `beanstock post`, or repair the manual voucher.",
    ),
    "not-on-a-line": Entry(
        "error",
        "the account {account} is on no line of the {statement}",
        "Every account is on exactly one line.",
        "Add it to a line in statements.yaml.",
    ),
    "statements-disagree": Entry(
        "error",
        "{statement}, {year}: {check} does not hold: {left} and {right}",
        "The lines of the forms agree with each other.",
        "Correct the check or the lines in statements.yaml; `beanstock report ... --trace LINE` shows what is on one.",
    ),
    "statements-doubtful": Entry(
        "warning",
        "{statement}, {year}: {check} does not hold: {left} and {right}",
        "Parts are no more than their whole, unless some of it is negative; tax offices ask about it.",
        "Look at `beanstock report ... --trace LINE`; it may be right.",
    ),
    "no-cash-line": Entry(
        "error",
        "{document} moves {amount} of cash that is on no line of the cash-flow statement: {account}",
        "The lines of the statement sum to the change of cash only if every flow is on one.",
        "Give the payment its `cashflow` (a line's number or label), or add the account to a line in statements.yaml.",
    ),
    "locked": Entry(
        "error", "somebody else is writing to {folder}", "Two writers would mix their books.", "Wait, and run again."
    ),
    "cannot-write": Entry(
        "error",
        "cannot write {path}: {detail}",
        "Files are written whole or not at all; the old ones stay.",
        "Make room or give permission, and run again.",
    ),
    "cannot-read": Entry(
        "error", "cannot read {path}: {detail}", "It is needed.", "Check the name and the permission."
    ),
    "git-failed": Entry(
        "error",
        "git: {detail}",
        "Revisions, authors and who you are come from git.",
        "Look at `git status` and `git log`.",
    ),
    "bad-approval": Entry(
        "error",
        "{detail}",
        "Approvals are read strictly: nobody may seem to have approved.",
        "Restore the file from git, and approve with `beanstock review`.",
    ),
    "nothing-to-review": Entry(
        "error",
        "no voucher of `{document}` is to be reviewed",
        "Vouchers that a rule marks are, or all by the policy `review`.",
        "Look at `beanstock review list`.{suggestion}",
    ),
    "four-eyes": Entry(
        "error",
        "{who} cannot approve {document}: {detail}",
        "The policy `four_eyes` wants another person than the one who recorded it.",
        "Let somebody else approve it.",
    ),
    "late-document": Entry(
        "error",
        "{document} is of {date}, and {period} is closed",
        "A closed month never changes.",
        "Date it in an open month, reopen the month, or set the policy `late_documents: next-open-period`.",
    ),
    "closed-record": Entry(
        "error",
        "{document} of {period} was {what} after the month was closed",
        "A closed month never changes.",
        "Restore it, reopen the month, or set the policy `late_documents: next-open-period`.",
    ),
    "closed-effect": Entry(
        "error",
        "{document} of {period}, which is closed, would be posted otherwise",
        "Rules, settings or master data changed.",
        "Give the changed rule a day with `from:`, restore it, or set the policy `late_documents: next-open-period`.",
    ),
    "closed-tampered": Entry(
        "error",
        "{path} is not what `close` wrote: {detail}",
        "A closed month never changes.",
        "Restore it from git: `git checkout -- {path}`; or reopen the month.",
    ),
    "closed-differs": Entry(
        "error",
        "{period} is closed with {what} {promised}; the ledger says {found}",
        "A closed month never changes.",
        "Restore ledgers/ from git.",
    ),
    "cannot-close": Entry(
        "error", "{period} cannot be closed: {detail}", "A closed month is finished and proven.", "{remedy}"
    ),
    "cannot-reopen": Entry(
        "error", "{period} cannot be reopened: {detail}", "Periods are undone in reverse order.", "{remedy}"
    ),
}
