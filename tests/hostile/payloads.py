"""Texts that try to leave the field they are written into."""

from __future__ import annotations

import re
import unicodedata

PLUGIN = 'option "insert_pythonpath" "TRUE"\nplugin "pwn"'
_DIRECTIVES = [
    'plugin "pwn"', 'include "/etc/passwd"', 'option "title" "x"', "pushtag #x", "poptag #x", "pushmeta k: 1",
    "2026-01-01 open Assets:Evil", "2026-01-01 close Assets:Cash:Bank", "2026-01-01 balance Assets:Cash:Bank 0 EUR",
    "2026-01-01 pad Assets:Cash:Bank Equity:Opening-Balances", '2026-01-01 custom "x" "y"', '2026-01-01 note Assets:Cash:Bank "x"',
    '2026-01-01 event "x" "y"', "2026-01-01 commodity XXX", '2026-01-01 query "x" "y"', "2026-01-01 price EUR 2 USD",
    '2026-01-01 document Assets:Cash:Bank "/etc/passwd"',
    '2026-01-01 * "x" "y"\n  Assets:Cash:Bank  1.00 EUR\n  Income:Revenue  -1.00 EUR',
]  # fmt: skip
_POSTINGS = [
    "  Assets:Cash:Bank  1.00 EUR", "x\n  Assets:Cash:Bank  1.00 EUR\n  Income:Revenue  -1.00 EUR", "  qty: 999", '    item: "A"',
    "1.00 EUR {2.00 EUR}", "1.00 EUR @ 2.00 USD", "1.00 EUR @@ 2.00 USD", "(1+1) EUR",
]  # fmt: skip
_QUOTES = [
    '"', '""', '"""', "'", "\\", "\\\\", '\\"', '\\\\"', 'x"', '"x', "x\\", "\\n", "\\t", "\\x41", "\\u0041", "\\r\\n", 'a"b"c', '" "', '" ^link #tag', '"\\"',
    '"} {"', "`", "$(touch pwned)", "%s%n", "${HOME}", "{{7*7}}", "<script>", "&quot;", "%0a", "\\0", "${jndi:ldap://x}",
]  # fmt: skip
_COMMENTS = [
    "; x",
    "x ; y",
    "# x",
    "* x",
    ": x",
    "! x",
    "& x",
    "? x",
    "% x",
    "-- x",
    "/* x */",
    "// x",
    "^link",
    "#tag",
    "^^^",
    "| x",
    "~",
    "@",
    "=1+1",
    "+1",
    "-1",
]
_BRACES = [
    "{",
    "}",
    "{}",
    "{number",
    "number}",
    "{__class__}",
    "{0.__class__}",
    "{number.__class__}",
    "{{number}}",
    "{% x %}",
    "[[x]]",
]
_HIDDEN = [
    "a\nb", "\na", "a\n", "a\r\nb", "a\rb", "a\tb", "a\x00b", "\x00", "a\x0bb", "a\x0cb", "a\x1bb", "\x1b]0;x\x07", "a\x7fb", "a\x85b", "a\x9bb",
    "a\u2028b", "a\u2029b", "\u202eabc", "a\u2066b\u2069", "a\u200bb", "a\ufeffb", "a\xadb", "a\u061cb", "a\u2060b",
    "a\u034fb", "a\u115fb", "a\u180bb", "a\u206ab", "a\u3164b", "a\uffa0b", "a\ufff9b", "a\U000e0041b", "a\U0001d173b",
]  # fmt: skip
_WIDE = [
    "茶叶", "é", "e\u0301", "Å", "\u212b", "ﬁ", "１２３", "😀", "𝔘𝔫𝔦", "\u0301x", "ẞ", "İ", "ı", "\ue000x", "a\u00a0b", "a\u3000b", "\u037e x", "K", "\ufffd",
    "\uffff", "\U0010ffff", "a\u200db",
]  # fmt: skip


def payloads() -> list[str]:
    """The 120 texts (and some), each unlike the others as a cell reads them."""
    found = [
        *_QUOTES,
        *_COMMENTS,
        *_BRACES,
        *_HIDDEN,
        *_WIDE,
        *(f"x\n{one}\n" for one in [PLUGIN, *_DIRECTIVES]),
        *(f'x"\n{one}\n; "' for one in [PLUGIN, *_DIRECTIVES[:3]]),
        f'x\\"\r\n{PLUGIN}',
        *_DIRECTIVES[:17],
        *_POSTINGS,
        "a" * 300,
        "z" * 70_000,
        '"' * 5000,
        "\\" * 5001,
        "CON",
        "../../../etc/passwd",
        "NaN",
        "None",
        "TRUE",
        "1970-01-01",
        ",,,",
        "a,b",
        "'; DROP TABLE postings; --",
    ]
    by_cell = {cell(one): one for one in found if cell(one)}
    assert len(by_cell) >= 120
    return list(by_cell.values())


def cell(text: str) -> str:
    """What a cell keeps of a text: no blanks around it, accents composed."""
    return unicodedata.normalize("NFC", text.strip())


# written out again, so that the program's own list is tested by another
HIDES = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff\ud800-\udfff]"
)
