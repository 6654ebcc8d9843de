"""The books folder and its files."""

from __future__ import annotations

from beanstock.catalogue.entry import Entry

ENTRIES: dict[str, Entry] = {
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
}
