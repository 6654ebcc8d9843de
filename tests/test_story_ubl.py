"""Stories of electronic invoices (UBL, EN 16931): bills, credit notes, our own invoices, and files that attack."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from beanstock.app import app
from conftest import Company

NAMESPACES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
PARTY = """<cac:{role}><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>{tax_id}</cbc:CompanyID></cac:PartyTaxScheme>
  <cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:{role}>"""


def category(name: str, percent: str, code: str = "S") -> str:
    return f"<cac:{name}><cbc:ID>{code}</cbc:ID><cbc:Percent>{percent}</cbc:Percent></cac:{name}>"


def line(name: str, qty: str, amount: str, percent: str, item: str = "", kind: str = "Invoice", code: str = "S") -> str:
    quantity = "InvoicedQuantity" if kind == "Invoice" else "CreditedQuantity"
    buyers = f"<cac:BuyersItemIdentification><cbc:ID>{item}</cbc:ID></cac:BuyersItemIdentification>" if item else ""
    return (
        f"<cac:{kind}Line><cbc:{quantity}>{qty}</cbc:{quantity}><cbc:LineExtensionAmount>{amount}</cbc:LineExtensionAmount>"
        f"<cac:Item><cbc:Name>{name}</cbc:Name>{buyers}{category('ClassifiedTaxCategory', percent, code)}</cac:Item></cac:{kind}Line>"
    )


def allowance(reason: str, amount: str, percent: str, charge: str = "false") -> str:
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{charge}</cbc:ChargeIndicator><cbc:AllowanceChargeReason>{reason}"
        f"</cbc:AllowanceChargeReason><cbc:Amount>{amount}</cbc:Amount>{category('TaxCategory', percent)}</cac:AllowanceCharge>"
    )


def invoice(
    number: str,
    body: str,
    net: str,
    gross: str,
    taxes: dict[str, str],
    *,
    kind: str = "Invoice",
    seller: str = "Seller",
    code: str = "S",
) -> str:
    subtotals = "".join(
        f'<cac:TaxSubtotal><cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>{category("TaxCategory", percent, code)}</cac:TaxSubtotal>'
        for percent, tax in taxes.items()
    )
    return (
        f'<?xml version="1.0"?><{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" {NAMESPACES}>'
        f"<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-01-10</cbc:IssueDate><cbc:DueDate>2026-02-09</cbc:DueDate>"
        f"<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        + PARTY.format(role="AccountingSupplierParty", name=seller, tax_id=f"DE-{seller}")
        + PARTY.format(role="AccountingCustomerParty", name="Buyer", tax_id="DE-Buyer")
        + f"<cac:TaxTotal>{subtotals}</cac:TaxTotal><cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount>{net}</cbc:TaxExclusiveAmount>"
        f"<cbc:TaxInclusiveAmount>{gross}</cbc:TaxInclusiveAmount></cac:LegalMonetaryTotal>{body}</{kind}>"
    )


def imported(company: Company, **texts: str) -> str:
    paths = []
    for name, text in texts.items():
        paths.append(str(company.write(f"../{name}.xml", text)))
    result = CliRunner().invoke(app, ["import", "ubl", *paths, "--into", str(company.folder)])
    assert result.exit_code == (1 if result.stderr else 0), result.output
    return result.stdout + result.stderr


def test_a_bill_with_allowances_and_goods(company: Company) -> None:
    """2 frames and freight at 19 %, a book at 7 %; 0.01 of rounding stays with the last line of its rate."""
    body = allowance("Loyal", "10.00", "19") + line("Frame", "2", "50.05", "19", "A") + line("Book", "1", "9.99", "7")
    told = imported(company, one=invoice("X-1", body, "50.04", "58.35", {"19": "7.61", "7": "0.70"}))
    assert "1 rows to bills" in told
    company.post()
    assert company.role("payable") == "-58.35"
    assert company.role("input-tax") == "8.31"
    assert company.role("goods-in-transit") == "50.05"  # billed, not received yet
    assert company.role("expense") == "-0.01"


def test_a_credit_note_and_an_invoice_of_our_own(company: Company) -> None:
    credit = invoice(
        "N-1", line("Frame", "1", "20.00", "0", kind="CreditNote"), "20.00", "20.00", {"0": "0"}, kind="CreditNote"
    )
    own = invoice("I-7", line("Advice", "3", "300.00", "19"), "300.00", "357.00", {"19": "57.00"}, seller="Test")
    imported(company, credit=credit, own=own)
    company.post()
    assert company.role("payable") == "20.00"
    assert company.role("receivable") == "357.00"
    assert company.role("revenue") == "-300.00"


def test_the_buyer_owes_the_tax(company: Company) -> None:
    body = line("Software", "1", "100.00", "19", code="AE")
    imported(company, one=invoice("X-1", body, "100.00", "100.00", {"19": "0"}, code="AE"))
    company.post()
    assert (company.role("payable"), company.role("input-tax"), company.role("output-tax")) == (
        "-100.00",
        "19.00",
        "-19.00",
    )


def test_later_imports_keep_the_earlier_ones(company: Company) -> None:
    one = invoice("X-1", line("A", "1", "10.00", "0"), "10.00", "10.00", {"0": "0"})
    two = invoice("X-2", line("B", "1", "20.00", "0"), "20.00", "20.00", {"0": "0"})
    assert "the same invoice again" in imported(company, one=one, again=one)
    imported(company, two=two)
    imported(company, two=two)
    assert company.post().role("payable") == "-30.00"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type or entities"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document type or entities"),
        ("<a/>", "no UBL invoice"),
        ("<a", "no XML"),
        ("", "no XML"),
        (invoice("X", line("A", "1", "10.00", "0"), "11.00", "11.00", {"0": "0"}), "do not sum to its net amount"),
        (invoice("X", line("A", "1", "10.00", "0"), "10.00", "12.00", {"0": "0"}), "do not sum to its gross amount"),
        (invoice("X", line("A", "1", "NaN", "0"), "10.00", "10.00", {"0": "0"}), "no number"),
        (invoice("X", line("A", "1", "10.00", "0"), "10.00", "11.00", {"5": "1.00"}), "none of its lines has"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(text: str, said: str, company: Company) -> None:
    assert said in imported(company, bad=text)
    assert not (company.folder / "records/bills").exists()


def test_the_examples_of_the_standard(tmp_path: Path) -> None:
    """Net and tax of a line of 100 x 0.1212 are the header's: 12.12 and 3.03."""
    company = Company(tmp_path / "books")
    imported(company, one=invoice("test", line("x", "100", "12.12", "25"), "12.12", "15.15", {"25": "3.03"}))
    company.post()
    assert Decimal(company.role("payable")) == Decimal("-15.15")
