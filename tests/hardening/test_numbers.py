"""Numbers that were given out: the serial alone does not name one."""

from __future__ import annotations

import datetime as dt

import pytest

from community_mediation.casebook import open_casebook
from community_mediation.casebook.numbering import NumberUse
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.values import Code, When
from community_mediation.errors import NotFound
from community_mediation.regions import ReferencePattern

AT = When.at(dt.datetime(2022, 5, 14, 9, 30, tzinfo=dt.UTC))
PLACES = ReferencePattern(name="letter", template="{place}-{year}-{serial:03}", source="a test")
OTHERWISE = ReferencePattern(name="letter", template="{place}/{year}/{serial:03}", source="a test")


def test_a_number_of_another_place_is_not_voided_in_its_stead() -> None:
    with open_casebook("memory:") as book:
        given = book.reserve_reference("studio", PLACES, at=AT, by="desk", fields={"place": "north"})
        dispute = Dispute(type=Code("demo", "neighbour"))
        book.save(Case.report(id="one", centre="studio", dispute=dispute, at=AT, by="desk", reference=given))
        with pytest.raises(NotFound, match="was not given out"):
            book.void_reference("studio", PLACES, given.replace("north", "south"), at=AT, by="desk")
        (counted,) = book.counted_references("studio", PLACES, 2022)
        assert (counted.use, counted.case) == (NumberUse.USED, "one")


def test_numbers_are_counted_after_the_pattern_was_written_otherwise() -> None:
    with open_casebook("memory:") as book:
        first = book.reserve_reference("studio", PLACES, at=AT, by="desk", fields={"place": "north"})
        dispute = Dispute(type=Code("demo", "neighbour"))
        book.save(Case.report(id="one", centre="studio", dispute=dispute, at=AT, by="desk", reference=first))
        second = book.reserve_reference("studio", OTHERWISE, at=AT, by="desk", fields={"place": "north"})
        counted = list(book.counted_references("studio", OTHERWISE, 2022))
        assert [(each.reference, each.use, each.case) for each in counted] == [
            (first, NumberUse.USED, "one"),
            (second, NumberUse.OPEN, None),
        ]
