"""Options and names that commands are given."""

from __future__ import annotations

from beanstock.catalogue.entry import Entry

ENTRIES: dict[str, Entry] = {
    "unknown-reference": Entry(
        "error",
        "nothing here is called `{reference}`",
        "It is no document, item, partner, asset, account or role of these books.",
        "`beanstock report journal` names the documents, `beanstock report trial-balance` the accounts.{suggestion}",
    ),
    "wrong-option": Entry(
        "error", "{option} cannot be `{value}`", "The command does not understand it.", "Allowed: {allowed}."
    ),
    "missing-option": Entry(
        "error", "{option} is missing", "The command does not know what is meant without it.", "Give {allowed}."
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
