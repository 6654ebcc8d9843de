"""What employees and departments add to documents: who is owed, whose work it is, and which pool its cost goes to."""

from __future__ import annotations

from beanstock.model import Document, Masters
from beanstock.problems import Problem, problem

WITH_PEOPLE = ("payrolls", "expenses", "depreciations", "journals", "bills")


def assign_people(documents: list[Document], masters: Masters) -> None:
    """Fill in the partner of expense claims, and department, function and cost pool of lines that leave them blank.

    What is spent on a job that a supplier works on is marked: it belongs to outside processing.
    """
    outside = {one.get("job") for one in documents if one.kind == "productions" and one.partner is not None}
    for document in documents:
        if document.kind not in WITH_PEOPLE:
            for line in document.lines if masters.departments else ():
                if line.department in masters.departments:
                    line.function = masters.departments[line.department].function
            continue
        if document.partner is None and document.kind == "expenses":
            document.partner = document.get("employee")
        for line in document.lines:
            job = line.extra.get("job") if line.extra else None
            if job and job in outside:
                line.process = "outside"
            if document.kind == "payrolls" and line.partner is not None and not line.department:
                line.department = masters.department_of.get(line.partner.code, "")
            department = masters.departments.get(line.department)
            if department is None:
                continue
            line.function = department.function
            if department.cost_pool and document.kind in ("payrolls", "depreciations"):
                line.extra = {"cost_pool": department.cost_pool, **(line.extra or {})}


def check_jobs(documents: list[Document]) -> list[Problem]:
    """Goods that a bill puts into stock belong to no job or pool before a production takes them. Problems: job-of-goods."""
    return [
        problem("job-of-goods", document.place(column, line), item=line.item.code, column=column)
        for document in documents
        if document.kind == "bills"
        for line in document.lines
        if line.item is not None and line.stocked
        for column in ("job", "cost_pool")
        if line.extra and line.extra.get(column)
    ]
