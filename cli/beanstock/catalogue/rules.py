"""Rule files."""

from __future__ import annotations

from beanstock.catalogue.entry import REPAIR, Entry

ENTRIES: dict[str, Entry] = {
    "unknown-name": Entry(
        "error",
        "unknown name `{name}` in `{expression}`",
        "A rule may use what the document has: its columns, amounts and partners.",
        "{suggestion}{known}",
    ),
    "bad-expression": Entry(
        "error",
        "`{expression}` cannot be used: {detail}",
        "Expressions are arithmetic, comparisons, and/or/not/in, if-else and the registered functions.",
        "Repair the expression.",
    ),
    "bad-rule": Entry("error", "{detail}", "The rule cannot be read as it stands.", "See docs/RULES.md.{suggestion}"),
    "unbalanced-rule": Entry(
        "error",
        "the rule `{rule}` does not balance for {document}: debits {debit}, credits {credit}",
        "The difference is {difference}. No amount ever goes to a suspense account.",
        "Complete the rule's lines; `beanstock explain {document}` shows each amount.",
    ),
    "no-rule": Entry(
        "error",
        "no rule takes {document}",
        "Every document is posted by exactly one rule per voucher.{detail}",
        "Add a rule for {kind} to rules/vouchers.yaml, or correct the document.",
    ),
    "two-rules": Entry(
        "error",
        "the rules {rules} all take {document}",
        "Every document is posted by exactly one rule per voucher; there is no last one that wins.",
        "Make their `when` exclude each other, or say `overrides:`.",
    ),
    "unreachable": Entry("error", "{what} can never be used", "{detail}", "Correct it, or remove it.{suggestion}"),
    "gap": Entry(
        "warning",
        "nothing in {what} takes {cases}",
        "Such a document could not be posted.",
        "Add what is missing, if there can be such documents.",
    ),
    "unused": Entry("warning", "{what} is not used", "It changes nothing.", "Use it, or remove it."),
    "rule-error": Entry(
        "error",
        "the rule `{rule}` cannot be worked out for {document}: {detail}",
        "An amount or text of it has no value here.",
        "Guard it with `if`, or correct the record; `beanstock explain {document}` shows the values.",
    ),
    "rule-failed": Entry("error", "{document}: {text}", "The rule `{rule}` refuses it.", REPAIR),
    "rule-warned": Entry("warning", "{document}: {text}", "The rule `{rule}` says so.", "Check the document."),
    "unknown-role": Entry(
        "error",
        "`{role}` is neither a role nor an account",
        "Roles are declared in accounts.yaml.",
        "Name a role, or an account with a known first part.{suggestion}",
    ),
    "unknown-account": Entry(
        "error",
        "`{account}` is no role, account or chart code",
        "An account cell takes a role (`bank`), an account name, a chart code, or `role:name`.",
        "{suggestion} Accounts of your own are listed in rules/accounts.yaml under `chart`.",
    ),
    "account-not-in-chart": Entry(
        "warning",
        "the account `{account}` is not in the chart; it is opened by use",
        "A misspelt account would look the same.",
        "List it in rules/accounts.yaml under `chart`.{suggestion}",
    ),
    "controlled-account": Entry(
        "error",
        "`{account}` is the books' {role}, which only its own documents may post",
        "Otherwise stock, receivables or payables and the ledger would drift apart.",
        "{instead}",
    ),
    "partner-needed": Entry(
        "error",
        "{account} is kept by partner, and none is named",
        "Open items belong to a partner.",
        "Name the partner where the document has a column for it, or use another account.",
    ),
    "bad-account-name": Entry(
        "error",
        "`{account}` is no account name that Beancount takes",
        "Parts are separated by colons, begin with a capital or a digit, and hold letters, digits and hyphens only; the first is {roots}.",
        "Rename the account.",
    ),
    "account-clash": Entry(
        "error",
        "`{one}` and `{other}` both become the account `{account}`",
        "Two names that meet would share one account.",
        "Rename one of them.",
    ),
    "table-hole": Entry(
        "error",
        "the table of `{role}` has no row for {values}",
        "Every case needs an account.",
        "Add a row to the table, or correct the record.{known}",
    ),
    "table-tie": Entry(
        "error",
        "rows of `{role}` are equally specific for {values}",
        "The most specific row wins; a tie would be decided by chance.",
        "Make one row more specific, or remove one.",
    ),
    "duplicate-rule": Entry(
        "error",
        "`{name}` is declared twice",
        "There is no last one that wins.",
        "Rename one, or say `overrides: {name}`.",
    ),
    "spec-failed": Entry(
        "error", "{name}: {detail}", "The rule does not post what its example says.", "Repair the rule or its example."
    ),
}
