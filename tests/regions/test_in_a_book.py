"""A book judges by the region of a case's centre: what blocks is not recorded, what came from old registers is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from community_mediation.casebook import Casebook, Remark
from community_mediation.domain.case import Case
from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.dispute import OwnValue
from community_mediation.domain.record import Centre
from community_mediation.domain.snapshot import Snapshot
from community_mediation.errors import Blocked
from community_mediation.plugins import Plugins
from community_mediation.ports import Label, Weight
from community_mediation.regions import OwnField, OwnType, Region
from community_mediation.stores import MemoryStore
from tests.regions.samples import BY, CN, begun, on, reported

DAY = on("2026-05-14")
HOUSE = Region(
    name="house",
    title=Label("House"),
    parent=CN,
    own_fields=(OwnField(name="rooms", label=Label("Rooms"), type=OwnType.INT),),
)
LAX = Region(name="lax", title=Label("Lax"), own_fields=HOUSE.own_fields)


@pytest.fixture
def remarks() -> list[Remark]:
    return []


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, remarks: list[Remark]) -> Iterator[Casebook]:
    """A book in which two centres follow regions of their own."""
    plugins = Plugins()
    monkeypatch.setattr(plugins, "regions", lambda: {each.name: each for each in (HOUSE, LAX)})
    with Casebook(MemoryStore(), plugins.kinds().values(), plugins=plugins, on_objection=remarks.append) as book:
        for name in ("house", "lax"):
            book.save(Centre.create(id=name, details=CentreDetails(region=name), at=on("2020-01-01"), by=BY))
        yield book


def with_rooms(text: str) -> Any:
    return attrs.evolve(reported(DAY).dispute, own=(OwnValue(name="rooms", value=text),))


def test_what_a_rule_of_the_parent_blocks_is_not_recorded(book: Casebook) -> None:
    case = begun(DAY, centre="house").resolve(at=DAY, by=BY)
    with pytest.raises(Blocked) as caught:
        book.save(case)
    assert [(each.code, each.by) for each in caught.value.objections] == [("cn_sample.form_is_known", "house")]
    assert list(book.matters("case")) == []


@pytest.mark.parametrize("centre", ["house", "lax"])
def test_an_own_value_that_does_not_fit_is_not_recorded(book: Casebook, centre: str) -> None:
    """Also where the region has no other rule; and the error does not show it."""
    with pytest.raises(Blocked) as caught:
        book.save(reported(DAY, centre=centre, dispute=with_rooms("secret")))
    assert [each.code for each in caught.value.objections] == [f"{centre}.own_value_fits"]
    assert "secret" not in str(caught.value)
    book.save(reported(DAY, centre=centre, dispute=with_rooms("3")))


def test_the_same_from_an_old_register_is_recorded_and_told(book: Casebook, remarks: list[Remark]) -> None:
    snapshot = Snapshot(dispute=with_rooms("secret"))
    book.save(Case.register(id="old", centre="house", snapshot=snapshot, at=on("2020-05-14"), by=BY))
    assert [(each.objection.code, each.objection.weight) for each in remarks] == [("house.own_value_fits", Weight.WARN)]
    assert [each.code for each in HOUSE.findings(book.get("old"))] == ["house.own_value_fits"]


def test_numbers_are_given_out_whatever_the_region_says_of_cases(book: Casebook) -> None:
    """A counter is no case: no rule of a region is asked of it."""
    pattern = CN.pattern("people")
    text = book.reserve_reference("house", pattern, at=DAY, by=BY, fields={"place": "晋医"})
    book.save(reported(DAY, centre="house", reference=text))
    assert book.get("case-1").reference == "晋医人调字[2026]001号"
