"""What the user must hear: the value `Problem` and the one catalogue of all codes and texts.

Texts are templates over the facts that a stage passes; nothing else in the program words a message, so
they can be translated and every code can be documented and tested.
"""

from __future__ import annotations

import difflib
import heapq
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

MAX_SUGGESTED = 100  # characters of a word that is compared with others
Severity = Literal["error", "warning", "note"]


class Place(NamedTuple):
    """Where a problem is: a file, and either a line and column, or a record and the name of its column.

    `record` counts the records of the file from 0; it is turned into a line (1-based) and a column (1-based, in
    characters) only when a problem is shown, so that no value has to carry its position.
    """

    path: str
    line: int = 0
    column: int = 0
    record: int = -1
    field: str = ""
    excerpt: str = ""
    width: int = 1


class Problem(NamedTuple):
    """One message: a code of the catalogue, the facts that fill its texts, and its place."""

    code: str
    facts: Mapping[str, object]
    place: Place | None = None

    @property
    def severity(self) -> Severity:
        return CATALOGUE[self.code].severity

    @property
    def message(self) -> str:
        """What is wrong."""
        return CATALOGUE[self.code].what.format(**self.facts)

    @property
    def reason(self) -> str:
        """Why it matters."""
        return CATALOGUE[self.code].why.format(**self.facts)

    @property
    def remedy(self) -> str:
        """What to do."""
        return CATALOGUE[self.code].remedy.format(**self.facts).strip()


class Entry(NamedTuple):
    """A code's texts."""

    severity: Severity
    what: str
    why: str
    remedy: str


def problem(code: str, place: Place | None = None, /, **facts: object) -> Problem:
    """Make a problem of a code that the catalogue knows."""
    assert code in CATALOGUE, code
    return Problem(code, facts, place)


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that make a run fail."""
    return [one for one in problems if one.severity == "error"]


class _Patience:
    """How many more known words a run compares with unknown ones, and how many it looks at."""

    CLOSELY, ALL = 5_000, 300_000

    def __init__(self) -> None:
        self.closely, self.all = self.CLOSELY, self.ALL


_patience = _Patience()
_MANY = 40  # known words of which a closer look is taken


def begin_suggestions() -> None:
    """A run begins: suggestions may take their time again."""
    _patience.closely, _patience.all = _Patience.CLOSELY, _Patience.ALL


def suggest(word: str, known: Iterable[str]) -> str:
    """A sentence that offers the nearest known word, or nothing.

    Of many known words only those are compared that share most pairs of letters with it. A run that has thousands of
    unknown words, where suggestions help nobody, gets no more of them after the first.
    """
    if _patience.closely <= 0 or _patience.all <= 0 or len(word) > MAX_SUGGESTED:
        return ""
    words = list(known)
    _patience.all -= len(words)
    if len(words) > _MANY:
        pairs = {word[at : at + 2] for at in range(len(word) - 1)}
        words = [one for one in words if abs(len(one) - len(word)) <= len(word)]
        words = heapq.nlargest(_MANY, words, key=lambda one: sum(pair in one for pair in pairs))
    _patience.closely -= len(words)
    near = difflib.get_close_matches(word, [one for one in words if len(one) <= MAX_SUGGESTED], n=1)
    return f" Did you mean `{near[0]}`?" if near else ""


_REPAIR = "Repair the record and run again."

CATALOGUE: dict[str, Entry] = {
    # --- the books folder and its files
    "no-books": Entry(
        "error",
        "no beanstock.yaml in {folder} or above it",
        "A books folder is recognised by this file.",
        "Name the folder, or make one with `beanstock init`.",
    ),
    "bad-setting": Entry(
        "error",
        "`{key}` cannot be {value}",
        "{why}",
        "Allowed: {allowed}.",
    ),
    "method-forbidden": Entry(
        "warning",
        "{pack} does not allow the costing method {method}, used for {items}",
        "The books are computed all the same; statements under this standard may not be made of them.",
        "Choose another method under `costing`, or keep such books beside the statutory ones.",
    ),
    "missing-setting": Entry(
        "error",
        "beanstock.yaml says no `{key}`",
        "Without it the books cannot be made.",
        "Add a line `{key}: ...`; {example}",
    ),
    "unknown-key": Entry(
        "error",
        "unknown key `{key}`",
        "{where} has no such key; a misspelt key would silently change nothing.",
        "Known here: {known}.{suggestion}",
    ),
    "bad-yaml": Entry(
        "error",
        "this is not the YAML that beanstock reads: {detail}",
        "Aliases, tags, deep nesting and broken structure are refused: a reviewer could not see what they mean.",
        "Write the file as plain mappings, lists and text.",
    ),
    "bad-form": Entry(
        "error",
        "{what} must be {form}",
        "It has another form here.",
        "Write it in the form that the examples show.",
    ),
    "duplicate-key": Entry(
        "error",
        "the key `{key}` stands twice in one mapping",
        "Most YAML readers would silently keep the last one.",
        "Remove one of the two.",
    ),
    "not-text": Entry(
        "error",
        "this file is not text: {detail}",
        "Records, rules and ledgers are UTF-8 (or GB18030) text.",
        "Save it as UTF-8; a spreadsheet is exported with `CSV UTF-8`.",
    ),
    "gb18030": Entry(
        "note",
        "read as GB18030, because it is not UTF-8",
        "The encoding is guessed from the whole file; a wrong guess shows as wrong characters.",
        "Save it as UTF-8 to be sure.",
    ),
    "outside-books": Entry(
        "error",
        "{path} is a link that leads out of its folder",
        "No file of the books may point elsewhere; only the command line may.",
        "Copy what it points to into the folder.",
    ),
    "unknown-rule-file": Entry(
        "error",
        "rules/{name} is read by nobody",
        "A misspelt or misplaced file would silently change nothing.",
        "Files here: {known}.{suggestion}",
    ),
    "ignored-file": Entry(
        "note",
        "{path} is not read: records are .csv and .yaml files",
        "Nothing in it counts.",
        "Export it as CSV, or move it out of records/.",
    ),
    "empty-file": Entry("warning", "the file is empty", "It says nothing.", "Remove it, or export it again."),
    "no-lines": Entry(
        "error",
        "{document} has no lines",
        "A document without lines says nothing.",
        "Write its lines as a list under `lines:`.",
    ),
    "too-large": Entry(
        "error",
        "{what} is larger than {limit}",
        "Such a size is a mistake or an attack.",
        "Split the file.",
    ),
    # --- records
    "unknown-kind": Entry(
        "error",
        "records/{name} is no kind of record",
        "The first part of the path below records/ names the kind.",
        "Kinds: {known}.{suggestion}",
    ),
    "missing-column": Entry(
        "error",
        "the column `{column}` is missing",
        "{kind} needs it on every line.",
        "Add the column `{column}`{also}.",
    ),
    "near-column": Entry(
        "warning",
        "the column `{column}` is not one of {kind}; it is kept as text",
        "It looks like a misspelt name.",
        "{suggestion}",
    ),
    "duplicate-column": Entry(
        "error",
        "the column `{column}` stands twice",
        "One of the two would be ignored.",
        "Remove one of them.",
    ),
    "wrong-delimiter": Entry(
        "error",
        "the first line is one single cell: `{cell}`",
        "Cells are separated by commas; another separator would shift every value.",
        "Export the file with commas.",
    ),
    "row-length": Entry(
        "error",
        "this row has {cells} cells, the header has {columns}",
        "A cell is missing or too many: a comma without quotes, or a file that was cut.",
        "Quote cells that hold commas, or export the file again.",
    ),
    "unclosed-quote": Entry(
        "error",
        "a quote is opened and not closed as CSV wants it: {detail}",
        "Everything up to the next quote would become one cell, and its rows would vanish.",
        'Close the quote; a quote inside a quoted cell is doubled ("").',
    ),
    "no-final-newline": Entry(
        "warning",
        "the file ends without a line break",
        "A file that was cut looks the same.",
        "Check its last row, and end it with a line break.",
    ),
    "row-limit": Entry(
        "warning",
        "the file has exactly {rows} rows, where spreadsheets cut",
        "The rest may be missing.",
        "Compare the number of rows with the system it came from.",
    ),
    "control-character": Entry(
        "error",
        "a line break or control character stands in `{column}`",
        "It could hide text from a reviewer or change the meaning of the ledger.",
        "Remove the character ({name}).",
    ),
    "missing-value": Entry(
        "error",
        "`{column}` is empty",
        "{kind} needs it.",
        "Fill it in.{more}",
    ),
    "wrong-type": Entry(
        "error",
        "`{text}` is no {type}",
        "`{column}` must be {form}.",
        _REPAIR,
    ),
    "ambiguous-number": Entry(
        "error",
        "`{text}` is not written as a plain number",
        "Thousands separators, percent and currency signs, brackets and full-width digits mean different things in different places.",
        "Write digits with an optional sign and decimal point, or declare the form in an import mapping.",
    ),
    "ambiguous-date": Entry(
        "error",
        "`{text}` is not written as YYYY-MM-DD",
        "Other forms mean different days in different places.",
        "Write YYYY-MM-DD, or declare the form in an import mapping.",
    ),
    "too-precise": Entry(
        "error",
        "`{text}` has {decimals} decimals; {type} has {allowed} at most",
        "The rest would be lost silently.",
        "Round it where you know how.",
    ),
    "too-big": Entry(
        "error",
        "`{text}` is too large",
        "Numbers have {digits} digits before the point at most.",
        _REPAIR,
    ),
    "conflicting-header": Entry(
        "error",
        "`{column}` is `{one}` here and `{other}` in an earlier row of {number}",
        "All rows of one document share its header.",
        "Make them equal, or leave the cell blank on further rows.",
    ),
    "conflicting-document": Entry(
        "error",
        "{document} stands also in {other}, with other content",
        "One number names one document; posting either would be a guess.",
        "Remove one, or give it another number.",
    ),
    "repeated-document": Entry(
        "note",
        "{document} stands also in {other}, with the same content, and counts once",
        "The same file may have been exported twice.",
        "Nothing to do.",
    ),
    "unknown-asset": Entry(
        "error",
        "unknown asset `{code}`",
        "records/assets does not have it.",
        "Add it to the assets.{suggestion}",
    ),
    "unknown-item": Entry(
        "error", "unknown item `{code}`", "records/items does not have it.", "Add it to the items.{suggestion}"
    ),
    "unknown-partner": Entry(
        "error",
        "unknown partner `{code}`",
        "records/partners does not have it.",
        "Add it to the partners.{suggestion}",
    ),
    "unknown-warehouse": Entry(
        "error",
        "unknown warehouse `{code}`",
        "records/warehouses does not have it.",
        "Add it to the warehouses.{suggestion}",
    ),
    "unknown-unit": Entry(
        "error",
        "`{unit}` is no unit of {item}",
        "Its own unit is `{base}`, and records/units has no factor for this one.",
        "Add a row item, unit, factor to the units.",
    ),
    "partner-role": Entry(
        "error",
        "{code} is a {role}, not a {wanted}",
        "The partner's role does not allow this document.",
        "Change the partner's role to `both`, or the document.",
    ),
    "item-or-account": Entry(
        "error",
        "a line needs an item or an account, and not both",
        "Otherwise nobody knows what it is for.",
        "Fill one of the two.",
    ),
    "not-stocked": Entry(
        "error",
        "{item} is a {type}, and is not stocked",
        "Only goods, materials and products move through the stock.",
        "Change the item's type, or leave the line out.",
    ),
    "lot-needed": Entry(
        "error", "{item} is kept by lot, and the line names none", "Its cost follows the lot.", "Name the lot."
    ),
    "job-of-goods": Entry(
        "error",
        "{item} goes into stock, and the line names a {column}",
        "Goods reach a job by a production, which takes them from the stock; they would cost it twice.",
        "Leave `{column}` blank, and name the goods as an input of the job's production.",
    ),
    "no-standard-cost": Entry(
        "error",
        "{item} is kept at standard cost, and has none on {date}",
        "Its stock would be worth nothing.",
        "Give the item a standard_cost, or a row in standard-costs.",
    ),
    "no-price": Entry(
        "error",
        "no price for {item}",
        "The line has no price or amount{also}.",
        "Fill in the price; write 0 where it is free.",
    ),
    "control-total": Entry(
        "error",
        "the lines of {document} sum to {sum}, its total says {total}",
        "The difference is {difference}; a line is missing, doubled or wrong.",
        "Compare with the paper, and repair the lines or the total.",
    ),
    "no-rate": Entry(
        "error",
        "{document} is in {currency}, and there is no rate for {date}",
        "The books need its amounts in their own currency.",
        "Write `rate` in the document, or a row for the day or one before it into the records `rates`.",
    ),
    "other-currency": Entry(
        "error",
        "{document} is in {currency}, and settles {other} in {theirs}",
        "Nobody knows how much of it that is.",
        "Write the payment in {theirs}, with `bank_amount` for what the account moved.",
    ),
    "allocation-sides": Entry(
        "error",
        "{document}: {source} and {target} do not settle each other",
        "An allocation takes from what we owe and from what is owed to us by the same amount.",
        "Name an advance, a credit note or a document of the other side on one of them.",
    ),
    "allocation-early": Entry(
        "error",
        "{document} of {date} settles {other}, which comes later",
        "Nothing is open before its own day.",
        "Date the allocation on the later day. Money that came first may name what it is for (`applies` of its payment).",
    ),
    "unknown-tax": Entry(
        "error",
        "`{tax}` is no tax of the pack",
        "{why}",
        "Taxes: {known}; or a percentage such as `20%`.{suggestion}",
    ),
    "no-tax-rate": Entry(
        "error",
        "`{tax}` says no percentage, and neither item, partner nor pack names one",
        "The buyer owes this tax himself, so that the amounts of the document do not tell it.",
        "Write it with a percentage (`{tax} 20%`), or give the line a tax_amount.",
    ),
    # --- references between documents
    "unknown-document": Entry(
        "error",
        "there is no document `{reference}`",
        "`{column}` must name a document of {kinds}{partner}.",
        "Write its number, or kind/number.{suggestion}",
    ),
    "ambiguous-document": Entry(
        "error",
        "`{reference}` names more than one document: {found}",
        "Nothing is matched by guess.",
        "Write kind/number, or kind/partner/number.",
    ),
    "no-such-line": Entry(
        "error",
        "{document} has no line for this{detail}",
        "A line belongs to a line of the document that it names.",
        "Check the item and the line number.",
    ),
    "return-too-much": Entry(
        "error",
        "{qty} {item} are returned, but only {left} of {document} are left to return",
        "More comes back than went.",
        "Check the quantity and the document named.",
    ),
    "return-before-original": Entry(
        "error",
        "{document} is dated {date}, before {original} ({original_date}) which it returns",
        "No return comes before its original.",
        "Check the dates and the document named.",
    ),
    "over-billed": Entry(
        "warning",
        "{document} bills {qty} {item} beyond what was received of {receipt}",
        "They wait in goods in transit until they arrive.",
        "Check the quantity; later receipts name this bill.",
    ),
    "disposition-sum": Entry(
        "error",
        "{amount} of {item} is decided, but {pending} is pending of {count}",
        "The lines of an item clear exactly what its count left; only lines with a quantity leave a rest for later.",
        "Correct the amounts, or state the quantities that this decision is about.",
    ),
    "estimate-taken-back": Entry(
        "note",
        "the estimate of {receipt}, {amount}, is taken back in the ledger until the month's end",
        "The stock keeps its value; the ledger estimates it again on the last day if it is still unbilled.",
        "Nothing is to be done.",
    ),
    "journal-sides": Entry(
        "error",
        "{document}: a line has either a debit or a credit",
        "A posting has one side.",
        "Fill one of the two; write further lines for further amounts.",
    ),
    "journal-balance": Entry(
        "error",
        "{document} does not balance: debit {debit}, credit {credit}",
        "The difference is {difference}.",
        "Correct the amounts, or add the line that is missing.",
    ),
    "billed-beyond-order": Entry(
        "error",
        "{billed} {item} are billed of {order}, {ordered} were ordered",
        "The tolerance is {tolerance} % (`over_billing`).",
        "Ask the supplier for a credit note, correct the bill, or change the order.",
    ),
    "billed-beyond-order-warning": Entry(
        "warning",
        "{billed} {item} are billed of {order}, {ordered} were ordered",
        "The tolerance is {tolerance} %; with `over_billing: problem` this stops the books.",
        "Ask the supplier for a credit note, correct the bill, or change the order.",
    ),
    "billed-above-price": Entry(
        "error",
        "{document} bills {item} at {price}, {order} says {ordered}",
        "The tolerance is {tolerance} % (`over_price`); prices are net, per {unit}.",
        "Ask the supplier for a credit note, correct the bill, or change the order's price.",
    ),
    "billed-above-price-warning": Entry(
        "warning",
        "{document} bills {item} at {price}, {order} says {ordered}",
        "The tolerance is {tolerance} %; with `over_price: problem` this stops the books. Prices are net, per {unit}.",
        "Ask the supplier for a credit note, correct the bill, or change the order's price.",
    ),
    "over-applied": Entry(
        "error",
        "{amount} is applied to {document}, of which {open} was open",
        "A document cannot be settled beyond its amount.",
        "Apply less; what is left over stays an advance.",
    ),
    "applied-sum": Entry(
        "error",
        "{document} settles {settled}, but applies {applied}",
        "What is applied cannot be more than what is paid.",
        "Check the amounts.",
    ),
    "over-certified": Entry(
        "error",
        "{document} certifies {tax} of {of}, of which {pending} is pending",
        "Under `input_tax: on-certification` the tax of a document waits once, from its own day on.",
        "Check what is certified already (`beanstock report tax`), the dates, and the policy.",
    ),
    "write-off-limit": Entry(
        "error",
        "{document} writes off {amount} of {settled}",
        "The books write off {limit} of a payment at most (`write_off_limit`).",
        "Leave the rest open, ask for a credit note, or raise the limit.",
    ),
    "note-exceeded": Entry(
        "error",
        "{document} takes {amount} of the note {note}, of which {open} is there",
        "A note cannot be endorsed, discounted or paid beyond its amount, nor twice.",
        "Check the note's number, and enter the payment that it came with first.",
    ),
    "note-without-number": Entry(
        "warning",
        "{document} posts to {note} without the note's number",
        "The register of notes (票据备查簿) keeps such notes together: it cannot say whose they are, nor take one of them back.",
        "Write {note}:NUMBER, in every document that moves the note.",
    ),
    # --- stock
    "negative-stock": Entry(
        "error",
        "{item} would be {balance} in {place} on {date}",
        "{document} takes {qty}, and only {before} are there.",
        "Look for a missing or later-dated receipt; `beanstock report stock-moves --item {item}` lists the moves.",
    ),
    "unknown-cost": Entry(
        "warning",
        "{item} has no known cost in {document}; it takes 0.00",
        "There is no stock, no earlier cost and no last_cost of the item.",
        "Give a price or value on the line, or last_cost in the items.",
    ),
    "dependency-cycle": Entry(
        "error",
        "{documents} on {date} take from one another",
        "Transfers of one day are ordered by what they need; here each needs the other first.",
        "Give them a `time`, or join them into one document.",
    ),
    "account-by-warehouse": Entry(
        "error",
        "the role `inventory` depends on the warehouse, but costs are kept for the whole company",
        "With cost_scope company a move between warehouses has no value of its own.",
        "Set `policies: {{cost_scope: warehouse}}`, or take the warehouse out of the table.",
    ),
    # --- rules
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
    "rule-failed": Entry("error", "{document}: {text}", "The rule `{rule}` refuses it.", _REPAIR),
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
    # --- ledger
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
        "Nothing was changed; the old books stay.",
        "Make room or give permission, and run again.",
    ),
    "cannot-read": Entry(
        "error", "cannot read {path}: {detail}", "It is needed.", "Check the name and the permission."
    ),
    # --- git, review, closing
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
    # --- commands
    "unknown-reference": Entry(
        "error",
        "nothing here is called `{reference}`",
        "explain takes a document, an item or an account.",
        "{suggestion}",
    ),
    "wrong-option": Entry(
        "error", "{option} cannot be `{value}`", "The command does not understand it.", "Allowed: {allowed}."
    ),
    "bad-query": Entry(
        "error",
        "the query cannot be answered: {detail}",
        "Queries are SELECTs in the language of beanquery.",
        "Try `SELECT account, sum(number) GROUP BY account`; docs/REPORTS.md lists the columns.",
    ),
    "unknown-report": Entry(
        "error",
        "there is no report `{name}`",
        "Reports are listed by `beanstock report --help`.",
        "Reports: {known}.{suggestion}",
    ),
    "folder-in-use": Entry(
        "error",
        "{folder} already holds {what}",
        "init makes new books and overwrites nothing.",
        "Name an empty folder.",
    ),
    "unknown-pack": Entry(
        "error", "there is no {what} `{name}`", "It is not shipped.", "There are: {known}.{suggestion}"
    ),
    "bad-invoice": Entry(
        "error",
        "{file}: {detail}",
        "An invoice is only taken as it is written, to the cent.",
        "Ask its sender for a valid UBL invoice (EN 16931), or record it by hand.",
    ),
    "import-row": Entry(
        "error",
        "{detail}",
        "The mapping does not say what such a row becomes.",
        "Repair the row or the mapping {mapping}.",
    ),
}
