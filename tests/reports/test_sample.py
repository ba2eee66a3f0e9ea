"""The sample register: invented, plain about it, and taken whole."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from community_mediation import samples
from community_mediation.casebook import open_casebook
from community_mediation.errors import NotFound
from community_mediation.registers import import_register
from tests.reports.helpers import outcomes


def rows() -> list[dict[str, str]]:
    with samples.path("studio_register.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_is_taken_and_none_a_second_time() -> None:
    with open_casebook("memory:") as book:
        found = [
            import_register(book, samples.path("studio_register.csv"), centre="studio", zone="Asia/Shanghai")
            for _ in range(2)
        ]
    assert [(each.added, each.unchanged, each.rejected) for each in found] == [(62, 0, 0), (0, 62, 0)]
    assert found[0].notices == ()


def test_every_row_says_that_it_is_invented() -> None:
    for row in rows():
        assert row["case_no"].startswith("样例")
        assert row["external_system"] == "invented-sample"
        assert "invented" in row["own.note"]


def test_people_have_surnames_only_and_no_birth_date() -> None:
    people = [
        party.split("|")
        for row in rows()
        for column in ("applicants", "respondents")
        for party in row[column].split("; ")
        if party
    ]
    assert all(fields[0].endswith(("某", "某等")) for fields in people if fields[1] == "person")
    assert all(fields[0].startswith("某") for fields in people if fields[1] == "organisation")
    assert max(map(len, people)) == 3


def test_its_endings_are_those_that_the_readme_tells() -> None:
    endings = Counter(row["conclusion"] or row["status"] for row in rows())
    assert endings == {
        "settled": 50, "settled_in_part": 2, "not_settled": 2, "withdrawn": 1, "declined": 1,
        "resolved_before_session": 1, "closed": 1, "open": 3, "void": 1,
    }  # fmt: skip


def test_three_dangers_are_claimed_to_be_averted() -> None:
    assert [row["escalation_averted"] for row in rows() if row["escalation_kind"]] == ["yes"] * 3


def test_the_factory_wall_was_settled_in_separate_visits_without_paper() -> None:
    (wall,) = [row for row in rows() if "砌墙" in row["title"]]
    assert (wall["session_format"], wall["agreement_form"], wall["joint_session_at"]) == ("separate", "oral", "")


def test_the_narrow_lane_has_no_respondent_and_was_settled_at_eleven_the_same_night() -> None:
    (lane,) = [row for row in rows() if "窄路" in row["title"]]
    assert (lane["applicants"].count(";"), lane["respondents"]) == (1, "")
    assert (lane["reported_at"][:10], lane["agreed_at"]) == ("2022-05-21", "2022-05-21 23:00")


def test_the_same_cases_give_several_rates() -> None:
    found = outcomes(period="2021-05-01..2022-05-31")
    names = ("agreement_of_reported", "agreement_of_begun", "agreement_of_substantively_concluded")
    assert [found[name].percent() for name in names] == ["86.7", "94.1", "96.2"]


def test_a_sample_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(NotFound, match=r"'nothing.csv'.*studio_register\.csv"):
        samples.path("nothing.csv")
