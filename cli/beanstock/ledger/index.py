"""The index: a SQLite cache of the ledger's text, filled per file and good only for files with the same hash.

It holds every posting, totals by day and account and by day and item, and what is kept by partner and document, so that
most reports read sums only.
Amounts are whole numbers of the currency's smallest unit, quantities of millionths, so that SQLite's sums are exact.
Deleting it, or finding it damaged, changes nothing but time. It is believed because it lies where only the user
writes, see `cachefile`.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from beanstock.amounts.foreign import FOREIGN
from beanstock.files.decode import read_bytes
from beanstock.ledger.limits import QUANTITY_SCALE, Totals
from beanstock.ledger.manual import manual_files, read_manual
from beanstock.ledger.reader import read_roles, read_vouchers
from beanstock.ledger.store import generated_files, generated_hashes, strange_files
from beanstock.problems import Problem, problem
from beanstock.rulebook.accounts import Accounts
from beanstock.voucher import Posting, Voucher
from beanstock.vouchers.balances import CLOSING

VERSION = 8
OPENING = ("opening-stock", "opening-balances")  # kinds that make the opening of the period they begin
NAMED = "\t"  # what stands before a payee where no partner's code is known
ORDINARY_PART, OPENING_PART, CLOSING_PART = 0, 1, 2  # what a voucher is to its period
_SCHEMA = f"""
CREATE TABLE files (name TEXT PRIMARY KEY, sha TEXT NOT NULL, amount TEXT NOT NULL, quantity TEXT NOT NULL);
CREATE TABLE roles (account TEXT PRIMARY KEY, role TEXT NOT NULL);
CREATE TABLE vouchers (
  id INTEGER PRIMARY KEY, file TEXT, position INTEGER, date TEXT, flag TEXT, payee TEXT, narration TEXT,
  document TEXT, rule TEXT, tags TEXT);
CREATE TABLE postings (
  voucher INTEGER, file TEXT, date TEXT, part INTEGER, party TEXT, account TEXT, amount INTEGER, side TEXT, item TEXT, qty INTEGER, warehouse TEXT,
  lot TEXT, partner TEXT, document TEXT, due TEXT, meta TEXT);
CREATE TABLE days (file TEXT, date TEXT, part INTEGER, account TEXT, debit INTEGER, credit INTEGER);
CREATE TABLE months (
  file TEXT, month TEXT, part INTEGER, dimension TEXT, value TEXT, account TEXT, debit INTEGER, credit INTEGER);
CREATE TABLE moves (
  file TEXT, date TEXT, own TEXT, kind TEXT, item TEXT, warehouse TEXT, lot TEXT,
  in_qty INTEGER, in_value INTEGER, out_qty INTEGER, out_value INTEGER);
CREATE TABLE opens (
  file TEXT, account TEXT, partner TEXT, document TEXT, date TEXT, part INTEGER, due TEXT, own INTEGER, amount INTEGER,
  currency_amount TEXT);
CREATE INDEX postings_by_voucher ON postings (voucher);
CREATE INDEX postings_by_account ON postings (account);
CREATE INDEX postings_by_item ON postings (item) WHERE item <> '';
CREATE INDEX postings_by_partner ON postings (partner) WHERE partner <> '';
CREATE INDEX months_by_dimension ON months (dimension, account);
CREATE INDEX opens_by_document ON opens (account, partner, document, date, part, own, due, amount);
PRAGMA user_version = {VERSION};
"""
_TABLES = ("vouchers", "postings", "days", "months", "moves", "opens")
DIMENSIONS = {"item": "item", "partner": "party", "warehouse": "warehouse", "lot": "lot"}  # and metadata of any name
_DEBIT = "CASE WHEN side = 'dr' OR (side = '' AND amount > 0) THEN amount ELSE 0 END"
_CREDIT = "CASE WHEN side = 'dr' OR (side = '' AND amount > 0) THEN 0 ELSE -amount END"


@contextlib.contextmanager
def open_index(
    path: Path | None, folder: Path, accounts: Accounts, currency: str, unit: Decimal
) -> Iterator[tuple[sqlite3.Connection, list[Problem]]]:
    """A connection to an index that agrees with the ledger folder, and what is wrong with the ledger's text.

    `path` is where the cache is kept; without one, or where it cannot be, the index lives in memory for this run. Problems:
    not-posted, ledger-unreadable, and those of manual vouchers.
    """
    connection = _connect(path)
    try:
        problems = _refresh(connection, folder, accounts, currency, unit)
    except sqlite3.DatabaseError:
        connection.close()
        if path is None:
            raise
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        connection = _connect(path)
        problems = _refresh(connection, folder, accounts, currency, unit)
    try:
        yield connection, problems
    finally:
        connection.close()


def _connect(path: Path | None) -> sqlite3.Connection:
    if path is None:
        return sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")  # a cache: a torn one is found and made again
    except (sqlite3.Error, OSError):
        connection = sqlite3.connect(":memory:", isolation_level=None)
    return connection


def _refresh(
    connection: sqlite3.Connection, folder: Path, accounts: Accounts, currency: str, unit: Decimal
) -> list[Problem]:
    """Take in every file whose hash changed, drop those that are gone. One writer at a time; readers see whole states.

    Where something is wrong nothing is taken in, so that it is told again next time.
    """
    strange = strange_files(folder)
    if not strange and _is_warm(connection, folder):
        return []
    contents, problems = _contents(folder)
    if strange or problems:
        return strange + problems
    if "main.bean" not in contents:
        return [problem("not-posted", None, folder=str(folder))]
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
    if _same(connection, hashes):
        return []
    connection.execute("BEGIN IMMEDIATE")
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            _rebuild(connection)
        problems = _take_in(connection, folder, contents, hashes, accounts, currency, unit)
        connection.execute("ROLLBACK" if problems else "COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return problems


def _is_warm(connection: sqlite3.Connection, folder: Path) -> bool:
    """Whether an index that was filled before is of these very files, none of which is kept in memory."""
    if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        return False
    hashes = generated_hashes(folder)
    for path in manual_files(folder):
        data, found = read_bytes(path, f"ledgers/manual/{path.name}", folder)
        if found:
            return False
        hashes[f"manual/{path.name}"] = hashlib.sha256(data).hexdigest()
    return "main.bean" in hashes and _same(connection, hashes)


def _contents(folder: Path) -> tuple[dict[str, bytes], list[Problem]]:
    contents = generated_files(folder)
    problems: list[Problem] = []
    for path in manual_files(folder):
        data, found = read_bytes(path, f"ledgers/manual/{path.name}", folder)
        contents[f"manual/{path.name}"] = data
        problems += found
    return contents, problems


def index_of(vouchers: Iterable[Voucher], unit: Decimal) -> sqlite3.Connection:
    """An index in memory of vouchers that were never written, with the roles their postings name."""
    connection = _connect(None)
    _rebuild(connection)
    several = list(vouchers)
    fill(connection, "", several, unit)
    roles = {posting.account: posting.role for voucher in several for posting in voucher.postings}
    connection.executemany("INSERT INTO roles VALUES (?, ?)", roles.items())
    return connection


def _same(connection: sqlite3.Connection, hashes: dict[str, str]) -> bool:
    if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        return False
    return dict(connection.execute("SELECT name, sha FROM files").fetchall()) == hashes


def _rebuild(connection: sqlite3.Connection) -> None:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        connection.execute(f'DROP TABLE IF EXISTS "{name}"')
    for statement in _SCHEMA.split(";"):
        if statement.strip():
            connection.execute(statement)


def _take_in(
    connection: sqlite3.Connection,
    folder: Path,
    contents: dict[str, bytes],
    hashes: dict[str, str],
    accounts: Accounts,
    currency: str,
    unit: Decimal,
) -> list[Problem]:
    known = dict(connection.execute("SELECT name, sha FROM files").fetchall())
    problems: list[Problem] = []
    for name in sorted(known):
        if known[name] != hashes.get(name):
            for table in _TABLES:
                connection.execute(f"DELETE FROM {table} WHERE file = ?", (name,))  # noqa: S608 names of our own tables
            connection.execute("DELETE FROM files WHERE name = ?", (name,))
    totals: dict[str, Totals] = {}
    changed = [name for name in sorted(contents) if known.get(name) != hashes[name]]
    if any(name.startswith("manual/") for name in changed):
        manual, _, found = read_manual(folder, accounts, currency)
        problems += found
        for name in changed:
            if name.startswith("manual/"):
                stem = name.removeprefix("manual/").removesuffix(".bean")
                vouchers = [one for one in manual if one.document.startswith(f"manual/{stem}:")]
                problems += _fill(connection, name, vouchers, totals, unit)
    for name in changed:
        text = contents[name].decode("utf-8", errors="replace")
        if name == "accounts.bean":
            connection.execute("DELETE FROM roles")
            connection.executemany("INSERT INTO roles VALUES (?, ?)", read_roles(text).items())
        elif name != "main.bean" and not name.startswith("manual/"):
            vouchers, found = read_vouchers(text, f"ledgers/{name}", currency)
            problems += found + _fill(connection, name, vouchers, totals, unit)
    rows = [(name, hashes[name], totals.get(name, Totals(unit))) for name in changed]
    connection.executemany(
        "INSERT INTO files VALUES (?, ?, ?, ?)",
        [(name, sha, str(one.amount), str(one.quantity)) for name, sha, one in rows],
    )
    return problems or _sums(connection, unit)


def _fill(
    connection: sqlite3.Connection, name: str, vouchers: list[Voucher], totals: dict[str, Totals], unit: Decimal
) -> list[Problem]:
    """`fill`, where the vouchers add up to what can be summed. Problems: beyond-range."""
    own = totals[name] = Totals(unit)
    problems = own.add(vouchers)
    if not problems:
        fill(connection, name, vouchers, unit)
    return problems


def _sums(connection: sqlite3.Connection, unit: Decimal) -> list[Problem]:
    """Whether all files together can be summed. Problems: beyond-range."""
    whole = Totals(unit)
    for amount, quantity in connection.execute("SELECT amount, quantity FROM files"):
        whole.amount += Decimal(amount)
        whole.quantity += Decimal(quantity)
    return [] if whole.fits() else [problem("beyond-range", None, document="all files", **whole.largest())]


def fill(connection: sqlite3.Connection, name: str, vouchers: Iterable[Voucher], unit: Decimal) -> None:
    """Put the vouchers of one file into the index."""
    first = connection.execute("SELECT coalesce(max(id), 0) FROM vouchers").fetchone()[0] + 1
    voucher_rows: list[tuple[object, ...]] = []
    posting_rows: list[tuple[object, ...]] = []
    days: dict[tuple[str, int, str], list[int]] = {}
    tagged: dict[tuple[str, int, str, str, str], list[int]] = {}
    moves: dict[tuple[str, ...], list[int]] = {}  # `own` is the day of the document that a late voucher corrects
    opens: list[tuple[object, ...]] = []
    for number, voucher in enumerate(vouchers, start=first):
        date = voucher.date.isoformat()
        kind = voucher.tags[0] if voucher.tags else ""
        own_day = next((value for key, value in voucher.meta if key == "late"), date)
        voucher_rows.append(
            (
                number,
                name,
                number - first,
                date,
                voucher.flag,
                voucher.payee,
                voucher.narration,
                voucher.document,
                voucher.rule,
                " ".join(voucher.tags),
            )
        )
        part = OPENING_PART if kind in OPENING else CLOSING_PART if CLOSING in voucher.tags else ORDINARY_PART
        party = _party(voucher)
        for posting in voucher.postings:
            amount = int(posting.amount / unit)
            qty = None if posting.qty is None else int(posting.qty.scaleb(QUANTITY_SCALE))
            posting_rows.append(_row(number, name, date, part, party, posting, amount, qty))
            if posting.partner:
                opens.append(_open(name, date, part, voucher, posting, amount))
            debit = posting.side == "dr" or (not posting.side and amount > 0)
            day = days.setdefault((date, part, posting.account), [0, 0])
            day[0 if debit else 1] += amount if debit else -amount
            for key, value in posting.meta:
                if key == FOREIGN:  # an amount, which no report is asked by
                    continue
                sums = tagged.setdefault((date[:7], part, key, value, posting.account), [0, 0])
                sums[0 if debit else 1] += amount if debit else -amount
            if qty is not None:
                incoming = qty > 0 or (qty == 0 and amount > 0)
                if posting.side:
                    incoming = posting.side == "dr"
                move = moves.setdefault(
                    (date, own_day, kind, posting.item, posting.warehouse or "main", posting.lot), [0, 0, 0, 0]
                )
                move[0 if incoming else 2] += qty if incoming else -qty
                move[1 if incoming else 3] += amount if incoming else -amount
    connection.executemany("INSERT INTO vouchers VALUES (?,?,?,?,?,?,?,?,?,?)", voucher_rows)
    connection.executemany("INSERT INTO opens VALUES (?,?,?,?,?,?,?,?,?,?)", opens)
    connection.executemany("INSERT INTO postings VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", posting_rows)
    for dimension, column in DIMENSIONS.items():
        connection.execute(
            f"INSERT INTO months SELECT file, substr(date, 1, 7), part, ?, {column}, account, sum({_DEBIT}), sum({_CREDIT})"  # noqa: S608 our own names
            f" FROM postings WHERE voucher >= ? AND file = ? AND {column} <> '' GROUP BY 2, part, {column}, account",
            (dimension, first, name),
        )
    connection.executemany(
        "INSERT INTO months VALUES (?,?,?,?,?,?,?,?)",
        [(name, *key[:2], key[2], key[3], key[4], *value) for key, value in tagged.items()],
    )
    connection.executemany(
        "INSERT INTO days VALUES (?,?,?,?,?,?)", [(name, *key, *value) for key, value in days.items()]
    )
    connection.executemany(
        "INSERT INTO moves VALUES (?,?,?,?,?,?,?,?,?,?,?)", [(name, *key, *value) for key, value in moves.items()]
    )


def _open(name: str, date: str, part: int, voucher: Voucher, posting: Posting, amount: int) -> tuple[object, ...]:
    """A posting that is kept by partner.

    It is its document's own where both are of one kind: opening balances name their documents by reference, and
    payments settle documents of other kinds.
    """
    own = posting.document.partition("/")[0] == voucher.document.partition("/")[0]
    due = posting.due.isoformat() if posting.due and own else None
    foreign = next((value for key, value in posting.meta if key == FOREIGN), "")
    return (name, posting.account, posting.partner, posting.document, date, part, due, own, amount, foreign)


def _party(voucher: Voucher) -> str:
    """The one partner of a voucher's postings; else its payee, behind a mark that no code begins with."""
    found = {posting.partner for posting in voucher.postings if posting.partner}
    return found.pop() if len(found) == 1 else NAMED + voucher.payee if voucher.payee else ""


def _row(
    number: int, name: str, date: str, part: int, party: str, posting: Posting, amount: int, qty: int | None
) -> tuple[object, ...]:
    warehouse = posting.warehouse or ("main" if qty is not None else "")
    meta = "\n".join(f"{key}={value}" for key, value in posting.meta)
    due = posting.due.isoformat() if posting.due else ""
    return (
        number,
        name,
        date,
        part,
        posting.partner or party,
        posting.account,
        amount,
        posting.side,
        posting.item,
        qty,
        warehouse,
        posting.lot,
        posting.partner,
        posting.document,
        due,
        meta,
    )
