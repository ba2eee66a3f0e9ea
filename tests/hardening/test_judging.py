"""Whose rules an event is judged by, where the case changes hands; and that no remark is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import attrs
import pytest

from community_mediation.casebook import Casebook
from community_mediation.casebook.judging import Remark
from community_mediation.domain import events as ev
from community_mediation.domain.case import Case
from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.dispute import Dispute
from community_mediation.domain.record import Centre
from community_mediation.domain.values import Code, When
from community_mediation.errors import Blocked
from community_mediation.plugins import Plugins
from community_mediation.ports import Label, Weight
from community_mediation.regions import Region, Rule
from community_mediation.stores import MemoryStore

START = dt.datetime(2022, 5, 14, 9, 30, tzinfo=dt.UTC)


def at(minutes: int) -> When:
    return When.at(START + dt.timedelta(minutes=minutes))


def accepting(name: str, weight: Weight) -> Region:
    rule = Rule(
        name="never_accept",
        label=Label("Nothing is accepted"),
        source="a test",
        weight=weight,
        applies_to=(ev.Accepted,),
        objection=lambda before, event, after: "nothing is accepted here",
    )
    return Region(name=name, title=Label(name), rules=(rule, attrs.evolve(rule, name="nor_that")))


class Invented(Plugins):
    """Two regions: one blocks, one warns twice."""

    def regions(self) -> dict[str, Region]:
        invented = [accepting("strict", Weight.BLOCK), accepting("mild", Weight.WARN)]
        return {**super().regions(), **{each.name: each for each in invented}}


def book(on_objection: Callable[[Remark], None] = lambda remark: None) -> Casebook:
    plugins = Invented()
    opened = Casebook(MemoryStore(), plugins.kinds().values(), plugins=plugins, on_objection=on_objection)
    for id, region in (("strict-house", "strict"), ("mild-house", "mild"), ("house", None)):
        details = CentreDetails(name=id, region=region)
        opened.save(Centre.create(id=id, details=details, at=at(-1000), by="desk"))
    return opened


def case(centre: str = "strict-house") -> Case:
    dispute = Dispute(type=Code("demo", "neighbour"))
    return Case.report(id="one", centre=centre, dispute=dispute, at=at(0), by="desk")


def test_what_is_blocked_does_not_get_in_with_a_transfer_in_the_same_save() -> None:
    with book() as opened, pytest.raises(Blocked):
        opened.save(case().accept(at=at(1), by="desk").transfer("house", at=at(2), by="desk"))


def test_what_happened_before_a_transfer_is_judged_by_the_first_centres_rules_however_late_it_is_recorded() -> None:
    with book() as opened:
        moved = opened.save(case().transfer("house", at=at(2), by="desk"))
        with pytest.raises(Blocked):
            opened.save(moved.accept(at=at(1), by="desk"))


def test_what_happened_after_a_transfer_is_judged_by_the_new_centres_rules() -> None:
    with book() as opened:
        saved = opened.save(case().transfer("house", at=at(2), by="desk").accept(at=at(3), by="desk"))
        assert saved.version == 3


def test_a_correction_of_the_centre_does_not_let_in_what_was_blocked_before_it() -> None:
    taken = case().accept(at=at(1), by="desk")
    birth = taken.events[0]
    assert isinstance(birth, ev.Reported)
    with book() as opened, pytest.raises(Blocked):
        opened.save(taken.correct(1, attrs.evolve(birth, centre="house"), at=at(3), by="desk"))


def test_one_who_fails_at_the_first_remark_is_told_the_others_as_well() -> None:
    told: list[Remark] = []

    def failing(remark: Remark) -> None:
        told.append(remark)
        raise RuntimeError("no ink")

    with book(failing) as opened:
        with pytest.raises(RuntimeError, match="no ink"):
            opened.save(case("mild-house").accept(at=at(1), by="desk"))
        assert [each.objection.code for each in told] == ["mild.never_accept", "mild.nor_that"]
        assert opened.get("one").version == 2
