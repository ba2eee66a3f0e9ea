"""What can never be erased must not name anyone: no identity number in a public text."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from community_mediation.casebook import open_casebook
from community_mediation.casebook.house_rules import (
    IDENTITY_NUMBER,
    holds_identity_number,
    identity_number_objections,
    may_hold_identity_number,
)
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute, Intake, Issue, OwnValue
from community_mediation.domain.events import Reported
from community_mediation.domain.people import Party, PersonDetails, Role
from community_mediation.domain.record import Person
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.values import Code, ExternalId
from community_mediation.errors import Blocked
from tests.casebook.samples import BY, at, reported, settled

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
"""The table of GB 11643, by another way than the library's."""


def number(area: str = "990101", born: str = "19900307", serial: str = "001") -> str:
    """An identity number of an area that is assigned to nobody."""
    body = f"{area}{born}{serial}"
    return body + CHECKS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


NUMBER = number()

areas = st.integers(990000, 999999).map(str)
days = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)).map(lambda day: day.strftime("%Y%m%d"))
serials = st.integers(0, 999).map("{:03}".format)


@given(areas, days, serials)
def test_every_identity_number_is_recognised(area: str, born: str, serial: str) -> None:
    assert holds_identity_number(number(area, born, serial))


@given(areas, days, serials, st.lists(st.sampled_from(["", " ", "-", "·", "– ", "   "]), min_size=17, max_size=17))
def test_the_quick_look_passes_nothing_over(area: str, born: str, serial: str, gaps: list[str]) -> None:
    """However its digits are grouped, what the close look finds the quick one lets through."""
    text = "".join(itertools.chain.from_iterable(zip(number(area, born, serial), [*gaps, ""], strict=True)))
    assert may_hold_identity_number(text) or not holds_identity_number(text)
    assert not may_hold_identity_number(number(area, born, serial)[:16])


edges = st.sampled_from(["", "x", "-", " -", "x-", "0", "0-", "0x", "0----"])
close_digits = st.tuples(st.sampled_from("01٣"), st.sampled_from(["", "", "", " ", "· -"])).map("".join)


@given(edges, st.lists(close_digits, min_size=15, max_size=18).map("".join), edges)
def test_the_quick_look_takes_any_17_digits_that_stand_close(before: str, digits: str, after: str) -> None:
    """Wherever they begin, and whatever is before and after them."""
    text = f"{before}{digits}{after} "
    close = any(
        re.match(r"\d(?:[\s\-\u2010-\u2015.·・_]{0,3}\d){16}", text[start:]) is not None for start in range(len(text))
    )
    assert may_hold_identity_number(text) is close


@given(areas, days, serials, st.sampled_from("0123456789X"))
def test_with_another_check_character_it_is_none(area: str, born: str, serial: str, last: str) -> None:
    right = number(area, born, serial)
    assume(last != right[-1])
    assert not holds_identity_number(right[:-1] + last)


def test_a_random_number_of_18_digits_nearly_always_passes() -> None:
    """Registers number their rows; of 20,000 such numbers at most a handful may look like one of a person."""
    random = Random(20240501)
    taken = sum(holds_identity_number(str(random.randrange(10**17, 10**18))) for _ in range(20_000))
    assert taken <= 6


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (NUMBER, True),
        (f"p-{NUMBER}", True),
        (f"{NUMBER}.pdf", True),
        (f"证{NUMBER}号", True),
        (number(serial="004").lower(), True),
        ("".join(chr(ord(each) + 0xFEE0) for each in NUMBER), True),
        (f"1{NUMBER}", False),
        (f"{NUMBER}1", False),
        (NUMBER[:17], False),
        (number(born="19900230"), False),
        (number(born="18991231"), False),
        (number(born="21000101"), False),
        ("0192f0c1-2345-7890-8123-456789abcdef", False),
        ("", False),
    ],
)
def test_where_one_begins_and_ends(text: str, holds: bool) -> None:
    assert holds_identity_number(text) is holds


def test_the_check_character_of_the_cases_is_an_x_once() -> None:
    """The control of the table above: it holds a small and a large X only if one of its numbers ends so."""
    assert number(serial="004")[-1] == "X"


PUBLIC: dict[str, dict[str, Any]] = {
    "$.reference": {"reference": NUMBER},
    "$.external.number": {"external": ExternalId("old", f"no-{NUMBER}")},
    "$.centre": {"centre": NUMBER},
    "$.dispute.type.code": {"dispute": Dispute(type=Code("local", NUMBER))},
    "$.dispute.own[1].public": {
        "dispute": Dispute(
            type=Code("local", "neighbour"),
            own=(OwnValue(name="street", public="north"), OwnValue(name="card", public=NUMBER)),
        )
    },
    "$.dispute.own[0].name": {
        "dispute": Dispute(type=Code("local", "neighbour"), own=(OwnValue(name=NUMBER, public="north"),))
    },
    "$.dispute.issues[0].id": {"dispute": Dispute(type=Code("local", "neighbour"), issues=(Issue(id=NUMBER),))},
    "$.parties[0].id": {"parties": (Party(id=NUMBER, side="A", role=Role.APPLICANT),)},
    "$.parties[0].person": {"parties": (Party(id="p1", side="A", role=Role.APPLICANT, person=NUMBER),)},
    "$.intake.channel": {"intake": Intake(channel=NUMBER)},
    "$.by": {"by": NUMBER},
    "the id of the matter": {"id": NUMBER},
}


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_text_that_holds_one_is_refused_with_its_place(path: str) -> None:
    with open_casebook("memory:") as book:
        with pytest.raises(Blocked) as caught:
            book.save(reported(**PUBLIC[path]))
        assert book.store.head().position == 0
    (objection,) = caught.value.objections
    assert (objection.code, objection.reason.partition(" holds")[0]) == (IDENTITY_NUMBER, path)
    assert "Put it in a private field: what is public cannot be erased." in str(caught.value)
    assert NUMBER not in str(caught.value)
    assert NUMBER not in repr(caught.value.objections)


def test_a_private_text_may_hold_one() -> None:
    """There it is erased with its person."""
    party = Party(id="p1", side="A", role=Role.APPLICANT, identity=NUMBER, name=NUMBER, contact=NUMBER)
    own = (OwnValue(name="card", value=NUMBER),)
    dispute = Dispute(type=Code("local", "neighbour"), title=NUMBER, brief=NUMBER, place=NUMBER, own=own)
    with open_casebook("memory:") as book:
        book.save(reported(parties=(party,), dispute=dispute))
        book.save(Person.create(id="person-1", details=PersonDetails(identity=NUMBER), at=at(), by=BY))
        assert NUMBER not in "".join(entry.body for entry in book.store.log())


def test_a_correction_is_looked_into() -> None:
    """The event that it puts in goes into the journal as well."""
    case = reported()
    birth = case.pending[0]
    assert isinstance(birth, Reported)
    with open_casebook("memory:") as book:
        case = book.save(case)
        with pytest.raises(Blocked, match=r"\$\.replacement\.reference holds"):
            book.save(case.correct(1, attrs.evolve(birth, reference=NUMBER), at=at(1), by=BY))


def test_an_old_register_is_refused_too() -> None:
    """What is public could never be erased; and the error does not hold the number either."""
    case = Case.register(
        id="case-1",
        centre="centre-1",
        reference=NUMBER,
        snapshot=Snapshot(dispute=Dispute(type=Code("local", "neighbour"))),
        at=at(),
        by=BY,
    )
    with open_casebook("memory:") as book, pytest.raises(Blocked) as caught:
        book.save(case)
    assert [each.code for each in caught.value.objections] == [IDENTITY_NUMBER]
    assert NUMBER not in str(caught.value) and NUMBER not in repr(caught.value.objections)


def test_an_id_that_is_a_number_is_not_quoted() -> None:
    case = Case.register(
        id=NUMBER,
        centre="centre-1",
        snapshot=Snapshot(dispute=Dispute(type=Code("local", "neighbour"))),
        at=at(),
        by=BY,
    )
    with open_casebook("memory:") as book, pytest.raises(Blocked) as caught:
        book.save(case)
    assert "the id of the matter holds an identity number" in str(caught.value)
    assert NUMBER not in str(caught.value)


def test_a_whole_life_without_one_says_nothing() -> None:
    case = settled()
    assert [each for event in case.pending for each in identity_number_objections(event, case.id)] == []
