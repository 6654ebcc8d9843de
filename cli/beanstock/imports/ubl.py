"""Electronic invoices (UBL 2.1, EN 16931) to bills or invoices, one record line for each line, allowance and charge.

Lines carry their own net amount (BT-131); the tax of each rate (BT-117) is shared over its lines, rounded half up, and
the last takes the rest, so that net, tax and gross are the header's to the cent. Amounts are the document's currency.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from beanstock.files.decode import read_bytes
from beanstock.imports.convert import CENT, Block, Converted, Count
from beanstock.model import ZERO
from beanstock.problems import Problem, problem

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
_CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_ROOTS = {
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": ("InvoiceLine", "InvoicedQuantity", 1),
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": ("CreditNoteLine", "CreditedQuantity", -1),
}
COLUMNS = ("number", "date", "partner", "due", "currency", "order", "total", "memo")
LINES = ("item", "account", "description", "qty", "amount", "tax", "tax_amount")
REVERSE = "AE"  # UNCL5305: the buyer owes the tax


class _Fault(Exception):
    """What an invoice lacks or says wrongly."""


@dataclass
class Party:
    """A seller or buyer: its code in the records, and what tells it apart."""

    code: str
    name: str
    tax_id: str


@dataclass
class Known:
    """What the books know: their own name, partners by what tells them apart, and items by code or barcode."""

    company: str = ""
    partners: dict[str, str] = field(default_factory=dict)  # code by tax id, name or code
    items: dict[str, str] = field(default_factory=dict)


def read_invoices(files: Iterable[Path], known: Known) -> tuple[Converted, str, list[Problem]]:
    """Records of invoice files, and the currency of the first.

    What the books' own company sent is an invoice of theirs, everything else a bill. Problems: bad-invoice, and those of
    files.
    """
    converted = Converted()
    counts = {kind: Count("invoices", kind, controlled=True) for kind in ("bills", "invoices")}
    blocks = {
        kind: Block(tuple(partner if column == "partner" else column for column in (*COLUMNS, *LINES)))
        for kind, partner in (("bills", "supplier"), ("invoices", "customer"))
    }
    partners = Block(("code", "name", "role", "tax_id"))
    problems: list[Problem] = []
    seen: dict[tuple[str, str, str], tuple[Decimal, ...]] = {}
    currency = ""
    for path in files:
        try:
            root = _parse(path, problems)
            if root is None:
                continue
            seller, buyer = (_party(root, name) for name in ("AccountingSupplierParty", "AccountingCustomerParty"))
            kind = "invoices" if known.company and seller.name == known.company else "bills"
            partner = buyer if kind == "invoices" else seller
            rows, totals, spoken = _rows(root, kind, known)
        except _Fault as fault:
            problems.append(problem("bad-invoice", None, file=path.name, detail=str(fault)))
            continue
        currency = currency or spoken
        code = _code(partner, known, partners, "customer" if kind == "invoices" else "supplier")
        key = (kind, code, _text(root, "ID"))
        count = counts[kind]
        if seen.get(key) == totals:
            count.skipped["the same invoice again"] = count.skipped.get("the same invoice again", 0) + 1
            continue
        seen[key] = totals
        count.taken += 1
        count.exact += totals[2]
        count.rounded += totals[2]
        blocks[kind].rows += [[*head[:2], code, *head[2:]] for head in rows]
    converted.blocks = {kind: [block] for kind, block in blocks.items() if block.rows}
    if partners.rows:
        converted.blocks["partners"] = [partners]
    converted.counts = [count for count in counts.values() if count.taken or count.skipped]
    return converted, currency, problems


def _parse(path: Path, problems: list[Problem]) -> Element | None:
    """The root element; document types and entities are refused, because they can read files and grow without end."""
    from defusedxml import DefusedXmlException  # noqa: PLC0415 only this import needs it
    from defusedxml.ElementTree import ParseError, fromstring  # noqa: PLC0415

    data, found = read_bytes(path, path.name)
    problems += found
    if found:
        return None
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise _Fault("it declares a document type or entities") from None
    except (ParseError, ValueError, LookupError) as fault:
        raise _Fault(f"it is no XML: {fault}") from None
    if root.tag not in _ROOTS:
        raise _Fault("it is no UBL invoice or credit note")
    return root


def _text(node: Element | None, path: str) -> str:
    """The text at a path such as Party/PartyName/Name, blanks folded; nothing where there is none."""
    if node is None:
        return ""
    parts = path.split("/")
    steps = [f"{_CAC}{name}" for name in parts[:-1]] + [f"{_CBC}{parts[-1]}"]
    return " ".join((node.findtext("/".join(steps)) or "").split())


def _number(node: Element | None, path: str) -> Decimal:
    text = _text(node, path)
    try:
        value = Decimal(text or "0")
    except InvalidOperation:
        raise _Fault(f"{path} is `{text}`, which is no number") from None
    if not value.is_finite():
        raise _Fault(f"{path} is `{text}`, which is no number")
    return value


def _party(root: Element, name: str) -> Party:
    node = root.find(f"{_CAC}{name}/{_CAC}Party")
    title = _text(node, "PartyLegalEntity/RegistrationName") or _text(node, "PartyName/Name")
    tax_id = _text(node, "PartyTaxScheme/CompanyID")
    code = tax_id or _text(node, "PartyLegalEntity/CompanyID") or _text(node, "PartyIdentification/ID")
    code = code or _text(node, "EndpointID") or title
    if not code:
        raise _Fault(f"{name} has neither a number nor a name")
    return Party(code, title or code, tax_id)


def _code(party: Party, known: Known, partners: Block, role: str) -> str:
    """The books' code of a partner; one that they do not know is added."""
    for name in (party.tax_id, party.code, party.name):
        if name and name in known.partners:
            return known.partners[name]
    partners.rows.append([party.code, party.name, role, party.tax_id])
    for name in (party.tax_id, party.code, party.name):
        known.partners[name] = party.code
    return party.code


def _rows(root: Element, kind: str, known: Known) -> tuple[list[list[str]], tuple[Decimal, ...], str]:
    """Record lines without their partner; net, tax and gross of the header; the currency."""
    line_name, quantity_name, sign = _ROOTS[root.tag]
    currency = _text(root, "DocumentCurrencyCode")
    total = root.find(f"{_CAC}LegalMonetaryTotal")
    net, gross = sign * _number(total, "TaxExclusiveAmount"), sign * _number(total, "TaxInclusiveAmount")
    head = [_text(root, "ID"), _text(root, "IssueDate"), _text(root, "DueDate"), currency]
    head += [_text(root, "OrderReference/ID"), f"{gross:f}", ""]
    lines: list[tuple[list[str], Decimal, tuple[str, Decimal]]] = []
    for node in root.findall(f"{_CAC}{line_name}"):
        amount, qty = sign * _number(node, "LineExtensionAmount"), sign * _number(node, quantity_name)
        if qty * amount < 0:
            qty = -qty  # a return that only its amount tells
        item = node.find(f"{_CAC}Item")
        names = [_text(item, f"{one}ItemIdentification/ID") for one in ("Buyers", "Standard", "Sellers")]
        code = next((known.items[name] for name in names if name in known.items), "")
        lines.append(
            (
                [code, _account(kind, code), _text(item, "Name"), f"{qty:f}"],
                amount,
                _rate(item, "ClassifiedTaxCategory"),
            )
        )
    for node in root.findall(f"{_CAC}AllowanceCharge"):
        charge = _text(node, "ChargeIndicator") in ("true", "1")
        amount = sign * _number(node, "Amount") * (1 if charge else -1)
        what = _text(node, "AllowanceChargeReason") or ("Charge" if charge else "Allowance")
        lines.append((["", _account(kind, ""), what, ""], amount, _rate(node, "TaxCategory")))
    taxes = _taxes(root, currency, sign)
    if sum((amount for _, amount, _ in lines), ZERO) != net:
        raise _Fault(f"its lines, allowances and charges do not sum to its net amount {net}")
    if net + sum(taxes.values(), ZERO) != gross:
        raise _Fault(f"its net amount and taxes do not sum to its gross amount {gross}")
    shares = _shared([(amount, rate) for _, amount, rate in lines], taxes)
    rows = [
        [*head, *cells, f"{amount:f}", _tax_cell(rate), f"{tax:f}"]
        for (cells, amount, rate), tax in zip(lines, shares, strict=True)
    ]
    return rows, (net, gross - net, gross), currency


def _account(kind: str, item: str) -> str:
    return "" if item else "revenue" if kind == "invoices" else "expense"


def _rate(node: Element | None, name: str) -> tuple[str, Decimal]:
    return _text(node, f"{name}/ID"), _number(node, f"{name}/Percent").normalize()


def _tax_cell(rate: tuple[str, Decimal]) -> str:
    category, percent = rate
    return f"reverse-charge {percent:f}%" if category == REVERSE and percent else f"{percent:f}%"


def _taxes(root: Element, currency: str, sign: int) -> dict[tuple[str, Decimal], Decimal]:
    """Tax by category and rate, in the document's currency (a second total may repeat it in another)."""
    found: dict[tuple[str, Decimal], Decimal] = {}
    for node in root.findall(f"{_CAC}TaxTotal/{_CAC}TaxSubtotal"):
        amount = node.find(f"{_CBC}TaxAmount")
        if amount is not None and amount.get("currencyID", currency) == currency:
            rate = _rate(node, "TaxCategory")
            found[rate] = found.get(rate, ZERO) + sign * _number(node, "TaxAmount")
    return found


def _shared(
    lines: list[tuple[Decimal, tuple[str, Decimal]]], taxes: dict[tuple[str, Decimal], Decimal]
) -> list[Decimal]:
    """The tax of each line; the last line of a rate takes what rounding leaves."""
    left = dict(taxes)
    last = {rate: position for position, (_, rate) in enumerate(lines)}
    shares: list[Decimal] = []
    for position, (amount, rate) in enumerate(lines):
        share = (amount * rate[1] / 100).quantize(CENT, ROUND_HALF_UP)
        if position == last[rate]:
            share = left.get(rate, ZERO)
        left[rate] = left.get(rate, ZERO) - share
        shares.append(share)
    if any(left[rate] for rate in left if rate not in last):
        raise _Fault("it states a tax that none of its lines has")
    return shares
