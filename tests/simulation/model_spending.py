"""The model's spending: what expenses, wages and journals cost, and which job or cost pool takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .model_prices import ZERO, Priced
from .model_purchases import LineKey, line_key
from .papers import Company, Department, Document, Line

Post = Callable[..., None]
WHOLE_MONTH = ("expenses", "payrolls", "journals")  # they are known before anything of their month is valued
KINDS = ("bills", *WHOLE_MONTH)


@dataclass
class Spent:
    """What a line costs; a job comes before a pool."""

    job: str
    pool: str
    cost: Fraction


def spent(company: Company, document: Document, priced: Mapping[LineKey, Priced]) -> list[Spent]:
    """What each line of a document costs, wages at what they cost the employer."""
    if document.kind not in KINDS:
        return []
    found = []
    for line in document.lines:
        pool = line.cost_pool
        if document.kind == "journals":
            cost = (line.debit or ZERO) - (line.credit or ZERO)
        elif document.kind == "payrolls":
            cost = (line.gross or ZERO) + (line.social_employer or ZERO)
            department = department_of(company, line)
            pool = pool or (department.cost_pool if department else "")
        else:
            cost = priced[line_key(document, line)].cost
        found.append(Spent(line.job, "" if line.job else pool, cost))
    return found


def department_of(company: Company, line: Line) -> Department | None:
    return company.departments.get(company.partners[line.employee].department)


class Spending:
    """Posts payrolls, journals, and what expenses are for."""

    def __init__(self, company: Company, priced: dict[LineKey, Priced], post: Post) -> None:
        self.company = company
        self.priced = priced
        self.post = post

    def charge(self, document: Document, accounts: list[str]) -> None:
        """Each line's cost goes to its job or pool, else to its own account."""
        for one, account in zip(spent(self.company, document, self.priced), accounts, strict=True):
            role = account
            if one.job:
                role = work_on(self.company, one.job)
            elif one.pool:
                role = "overhead"
            self.post(document, role, one.cost)

    def wages(self, document: Document) -> None:
        """What employees earn goes to their function; what is kept of it is owed to others."""
        functions = {"production": "overhead", "selling": "wages-selling"}
        departments = [department_of(self.company, line) for line in document.lines]
        self.charge(document, [functions.get(one.function if one else "", "wages") for one in departments])
        for line in document.lines:
            withheld, theirs = line.tax_withheld or ZERO, line.social_employee or ZERO
            ours = line.social_employer or ZERO
            self.post(document, "wages-payable", withheld + theirs - (line.gross or ZERO))
            self.post(document, "tax-withheld", -withheld)
            self.post(document, "social-insurance-payable", -ours)
            own = "social-insurance-withheld" if self.company.chinese else "social-insurance-payable"
            self.post(document, own, -theirs)


def work_on(company: Company, job: str) -> str:
    """Where a job's costs wait: in the own works, or with the supplier who works on it."""
    outside = any(one.job == job and one.supplier for one in company.documents)
    return "outside-processing" if outside else "work-in-process"
