"""Whoever is simulated is nobody: names, numbers and telephones that no one has, and none of them in a story."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import pytest

import community_mediation as cm
from community_mediation import simulate
from community_mediation.casebook.house_rules import holds_identity_number, may_hold_identity_number
from community_mediation.domain.matter import Matter
from community_mediation.simulate.people import SURNAMES, identity_number
from tests.simulate.scenes import RICH, Told, texts

CHINESE = "|".join(surname for surname, _ in SURNAMES)
LATIN = "|".join(spelt for _, spelt in SURNAMES)
NAME = re.compile(rf"(?:{CHINESE})某{{1,2}}\w*|(?:{LATIN}) M\.(?: M\.| [A-Z][a-z]+(?: [A-Z][a-z]+)?)?")
"""A surname and a blank, as court papers print them; a firm has its trade behind it."""
IDENTITY = re.compile(r"99\d{4}(\d{8})\d{3}[\dX]")
TODAY = dt.date(2026, 1, 1)
PHONE = re.compile(r"\+1-202-555-01\d\d")


def said(things: Iterable[Any]) -> list[tuple[str, str]]:
    """Every text in these values, with the name of its field."""
    return [found for each in things for found in texts(each)]


@pytest.fixture(scope="module")
def everything(rich: list[Told]) -> list[tuple[str, str]]:
    records: list[Matter] = [each for each in simulate.matters(RICH) if not isinstance(each, cm.Case)]
    assert len(records) > 50
    return said(event for matter in (*records, *(each.case for each in rich)) for event in matter.events)


def strange(everything: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What might be somebody's."""
    found = []
    for field, text in everything:
        if field == "identity":
            born = IDENTITY.fullmatch(text)
            fits = born is not None and dt.date.fromisoformat(born[1]) < TODAY and identity_check(text)
        elif field == "contact":
            fits = PHONE.fullmatch(text) is not None
        elif field == "name":
            fits = NAME.fullmatch(text) is not None or text.startswith("某某第")
        else:
            fits = not may_hold_identity_number(text) and not holds_identity_number(text) and not PHONE.search(text)
        if not fits:
            found.append((field, text))
    return found


def identity_check(number: str) -> bool:
    """ISO 7064 MOD 11-2: the number with its check character is 1, modulo 11."""
    value = 0
    for digit in number:
        value = value * 2 + (10 if digit == "X" else int(digit))
    return value % 11 == 1


def test_nobody_has_these_names_and_numbers(everything: list[tuple[str, str]]) -> None:
    fields = {field for field, _ in everything}
    assert {"identity", "contact", "name", "brief", "record", "terms", "note"} <= fields
    assert strange(everything) == []


@pytest.mark.parametrize(
    "planted",
    [
        ("name", "李秀英"),
        ("name", "Li Na"),
        ("contact", "+86 138 0013 8000"),
        ("contact", "+1-202-555-0200"),
        ("identity", "110101199003070134"),
        ("identity", "990101199003070134"),
        ("brief", "身份证号99010119900307012X的当事人"),
        ("note", "打电话+1-202-555-0142"),
    ],
)
def test_what_might_be_somebodys_is_caught(planted: tuple[str, str]) -> None:
    assert strange([planted]) == [planted]


def test_identity_numbers_have_the_right_check_character_and_nobodys_area() -> None:
    numbers = [identity_number(dt.date(1990, 3, 7), 101, each) for each in range(40)]
    assert {number[:14] for number in numbers} == {"99010119900307"}
    assert {number[-1] for number in numbers} == set("0123456789X")
    assert [number for number in numbers if not identity_check(number)] == []


def test_an_identity_number_fits_its_person(rich: list[Told]) -> None:
    """The birth date and the sex in it are those of the party."""
    parties = [party for each in rich for party in each.case.parties if party.identity is not None]
    assert parties
    assert [
        party.identity
        for party in parties
        if party.identity is not None
        and (
            f"{party.birth_date:%Y%m%d}" != party.identity[6:14]
            or (int(party.identity[16]) % 2 == 1) != (party.sex == "male")
        )
    ] == []


def test_everybody_is_grown_up_when_the_cases_are_reported(rich: list[Told]) -> None:
    first = RICH.period.first
    ages = [first.year - born.year for each in rich for party in each.case.parties if (born := party.birth_date)]
    assert min(ages) >= 18
    assert max(ages) < 90


def test_a_regular_is_the_same_person_in_every_case() -> None:
    people: dict[str, set[tuple[object, ...]]] = {}
    for case in simulate.cases(simulate.Scenario(cases=80, repeat=1.0, regulars=3)):
        for party in case.parties:
            if party.person is not None:
                people.setdefault(party.person, set()).add((party.name, party.identity, party.birth_date))
    assert len(people) == 3
    assert {len(seen) for seen in people.values()} == {1}


def test_texts_are_whole_and_in_the_language_of_their_case(everything: list[tuple[str, str]], rich: list[Told]) -> None:
    """No blank is left unfilled, and both languages are there."""
    assert [text for _, text in everything if re.search(r"[{}]", text)] == []
    briefs = [str(each.case.dispute.brief) for each in rich]
    assert any(brief.isascii() for brief in briefs)
    assert any(not brief.isascii() for brief in briefs)
    mixed = [brief for brief in briefs if re.search(r"[a-z]{4}", brief) and re.search(r"[一-鿿]{4}", brief)]
    assert mixed == []


def test_amounts_in_texts_are_in_the_currency_of_the_scenario() -> None:
    def promises(currency: str) -> list[str]:
        made = simulate.cases(simulate.Scenario(cases=60, currency=currency))
        return [
            str(term.text)
            for case in made
            for resolution in case.resolutions
            for term in resolution.clauses
            if term.amount is not None
        ]

    assert all("人民币" in text or "yuan" in text for text in promises("CNY"))
    assert promises("PHP")
    assert all("PHP" in text and "人民币" not in text for text in promises("PHP"))


def test_cases_say_what_they_are_about_in_the_fields_that_papers_need(rich: list[Told]) -> None:
    for each in rich:
        assert each.case.dispute.title
        assert each.case.dispute.brief
        assert each.case.dispute.claims
        assert len(each.case.parties) >= 2
    written = [res for each in rich for res in each.case.resolutions if res.form == "written"]
    assert written
    assert [res.id for res in written if not (res.number and res.facts and res.responsibilities and res.clauses)] == []
