"""Records: their files, cells and rows."""

from __future__ import annotations

from beanstock.catalogue.entry import REPAIR, Entry

ENTRIES: dict[str, Entry] = {
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
        REPAIR,
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
        REPAIR,
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
    "missing-numbers": Entry(
        "error",
        "missing before {document}: {names}",
        "The books number such documents themselves (`sequence: strict`); what is missing may be lost.",
        "Record them, or documents that say they are void.",
    ),
    "missing-numbers-warning": Entry(
        "warning",
        "missing before {document}: {names}",
        "The books number such documents themselves; what is missing may be lost.",
        "Record them, or documents that say they are void; `sequence: free` (a policy, or of the kind) lets gaps be.",
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
    "unknown-department": Entry(
        "warning",
        "records/departments does not have `{code}`",
        "Wages and depreciation of an unknown department count as administration, and go into no cost pool.",
        "Add it to the departments.{suggestion}",
    ),
    "partner-role": Entry(
        "error",
        "{code} has the role {role}, and not {wanted}",
        "The partner's role does not allow this document.",
        "Change the partner's role (`both` buys and sells), or the document.",
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
}
