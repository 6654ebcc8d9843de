"""What documents say of each other, and what they do to the stock."""

from __future__ import annotations

from beanstock.catalogue.entry import Entry

ENTRIES: dict[str, Entry] = {
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
    "cannot-take-back": Entry(
        "error",
        "{document} cannot take back {amount}: {why}",
        "Money that goes back opens again what it had settled, and no more.",
        "Name the payment that was not honoured (`applies`), with what of it goes back.",
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
    "transfer-account": Entry(
        "error",
        "{document} moves money from or to `{account}`, which holds none",
        "A cash transfer is between accounts of money (and notes); income and expenses have documents of their own.",
        "Write what was paid or received as a payment that `pays` the account, and a bank's charge as `fee`.",
    ),
    "wages-exceeded": Entry(
        "warning",
        "{document} takes {deducted} off wages of {gross}",
        "What is left, {net}, is owed by the employee.",
        "Check the amounts; what is meant is posted as it stands.",
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
    "value-without-quantity": Entry(
        "error",
        "`{column}` is {value}, and the quantity of {item} is zero",
        "Goods that are not there are worth nothing; the value would stay in the stock forever.",
        "State the quantity. A cost of goods that are there is a landed cost, or an adjustment (cost-correction).",
    ),
    "counted-twice": Entry(
        "error",
        "{item} is counted twice in {document}",
        "A count is a level; the second would take back the first.",
        "Add the rows up, or write two documents if they were counted at different times.",
    ),
    "nothing-to-correct": Entry(
        "error",
        "{document} changes the cost of {item} by {value}, of which the stock cannot take {left}",
        "{why}",
        "Date it when the goods are there, check the amount, or post the rest with a journal.",
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
}
