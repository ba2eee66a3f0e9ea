"""Every column of the forms has a field that feeds it: the tables of the reference are walked against the model."""

from __future__ import annotations

import csv
import enum
import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from community_mediation.builtins import CASE_EVENTS, RECORD_EVENTS
from community_mediation.domain import people, resolution
from community_mediation.domain.case_state import CaseState
from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.dispute import Nature, Source
from community_mediation.domain.items import ITEMS
from community_mediation.domain.matter import Event
from community_mediation.facts.tables import CASE_TABLES, CENTRE, MEDIATOR, PERSON, TALLY

# How many different papers, or columns, each form has: a table that lost one is not whole.
FORMS = {
    "gbt31000_dispute": 25,
    "people_mediation_case_table": 53,
    "administrative_mediation_table": 27,
    "people_mediation_file": 18,
    "kp_report": 19,
    "kp_forms": 28,
}
TABLES = {schema.table: schema for schema in (*CASE_TABLES, CENTRE, MEDIATOR, PERSON, TALLY)}
CLASSES: dict[str, Any] = {
    "Case": CaseState,
    **{cls.__name__: cls for cls in (*CASE_EVENTS.values(), *RECORD_EVENTS.values(), *ITEMS.values())},
    **{
        cls.__name__: cls
        for cls in (people.Party, people.MediatorDetails, people.Membership, resolution.Term, CentreDetails)
    },
}
# Columns of facts whose codes the library itself closes.
CLOSED: dict[str, set[str]] = {
    "source": set(Source),
    "nature": set(Nature),
    "conclusion": set(resolution.Conclusion),
    "agreement": {"full", "partial", "none", "open", "unknown"},
    "agreement_form": set(resolution.AgreementForm),
    "compliance": set(resolution.Compliance),
    "confirmation": set(resolution.Confirmation),
    "repudiated": {"at", "not_reached", "unknown"},
    "counted": {"true", "false"},
    "averted": {"true", "false"},
    "litigation": {"true", "false"},
    "difficulty": {"simple", "ordinary", "complex"},
}


@pytest.fixture(scope="module")
def root() -> Path:
    return Path(__file__).parents[2]


PATH = re.compile(r"(?P<table>[a-z_]+)\[(?P<where>[^\]]+)\]|(?P<dotted>[A-Za-z_]+(\.[a-z_]+)+)")


def classes_in(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) in (types.UnionType, typing.Union, tuple):
        for each in typing.get_args(annotation):
            yield from classes_in(each)
    elif isinstance(annotation, type):
        yield annotation


def problem(path: str) -> str:
    """Why a path leads nowhere; empty if it does not."""
    match = PATH.fullmatch(path)
    if match is None:
        return "not a path"
    if match["table"]:
        return problem_of_rows(match["table"], match["where"])
    root, *steps = path.split(".")
    if root in TABLES:
        column = TABLES[root].column(".".join(steps))
        return "" if column is not None else f"table {root} has no column {steps}"
    if root not in CLASSES:
        return f"no class or table {root}"
    found = [CLASSES[root]]
    for step in steps:
        fields = [attrs.fields_dict(cls)[step] for cls in found if attrs.has(cls) and step in attrs.fields_dict(cls)]
        if not fields:
            return f"{found} has no field {step}"
        found = [cls for field in fields for cls in classes_in(field.type)]
    return ""


def problem_of_rows(table: str, where: str) -> str:
    if table not in TABLES:
        return f"no table {table}"
    for condition in where.split(","):
        name, _, value = condition.partition("=")
        if TABLES[table].column(name) is None:
            return f"table {table} has no column {name}"
        if name in CLOSED and value not in CLOSED[name]:
            return f"{name} is never {value}"
    return ""


def rows(root: Path, form: str) -> list[dict[str, str]]:
    with (root / "docs" / "reference" / "fields" / f"{form}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("form", FORMS)
def test_every_column_of_a_form_is_fed_by_fields_that_exist(form: str, root: Path) -> None:
    found = rows(root, form)
    wrong = [
        (row["no"], row["column"], path, why)
        for row in found
        for path in row["fed by"].split("; ")
        if (why := problem(path))
    ]
    assert wrong == []
    assert all(row["fed by"] for row in found)


@pytest.mark.parametrize(("form", "count"), FORMS.items())
def test_no_number_of_a_form_is_left_out(form: str, count: int, root: Path) -> None:
    """Columns and forms are numbered as they are printed; two papers open a file before the first number."""
    numbers = {int(row["no"]) for row in rows(root, form)}
    assert numbers == set(range(0 if form == "people_mediation_file" else 1, count if 0 in numbers else count + 1))


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("Case.dispute.colour", "has no field colour"),
        ("Cases.dispute", "no class or table Cases"),
        ("case.colour", "has no column"),
        ("case[colour=red]", "has no column colour"),
        ("cases[agreement=full]", "no table cases"),
        ("case[agreement=settled]", "never settled"),
        ("the title", "not a path"),
    ],
)
def test_a_path_that_leads_nowhere_is_caught(path: str, why: str) -> None:
    assert why in problem(path)


def test_every_field_of_what_a_case_notes_is_reached_by_some_form_or_is_of_the_library(root: Path) -> None:
    """A class of items that no form asks for would be an invention: each is named by a form, or says its source."""
    named = {path.split(".")[0] for form in FORMS for row in rows(root, form) for path in row["fed by"].split("; ")}
    unnamed = {cls.__name__ for cls in ITEMS.values()} - named
    assert unnamed == {"Answer", "ConflictOfInterest", "Link", "RiskUpdate"}


def test_the_closed_codes_are_those_of_the_model() -> None:
    """The control of the codes above: every enum among them has the members that the test allows."""
    assert all(isinstance(each, enum.StrEnum | str) for codes in CLOSED.values() for each in codes)
    assert issubclass(CASE_EVENTS["case.recorded"], Event)
