"""What stands for one of several classes says which, strictly: items by ``what``, details by ``kind_of``."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from community_mediation.codec import WIRE_VERSION
from community_mediation.domain import events as ev
from community_mediation.domain.item import Item
from community_mediation.domain.items import ITEMS
from community_mediation.errors import InvalidValue, Undecodable
from community_mediation.testing.strategies import Random, make
from tests.codec.wire import AT, CODEC, encode, joined


def refused(*wires: Any) -> Undecodable:
    with pytest.raises(Undecodable) as caught:
        CODEC.decode(json.dumps({"v": WIRE_VERSION, "events": list(wires)}), {})
    return caught.value


@pytest.mark.parametrize("what", ITEMS)
def test_a_missing_or_unknown_key_of_an_item_is_refused_at_its_place(what: str) -> None:
    event = ev.Recorded(at=AT, by="x", item=make(ITEMS[what], Random(5), fill=0.0))
    bare = joined(encode("m1", (event,)))["events"][0]
    item = bare["item"]
    assert item["what"] == what
    for field in attrs.fields(ITEMS[what]):
        if field.default is attrs.NOTHING:
            wrong = {key: each for key, each in item.items() if key != field.name}
            assert "required key" in str(refused({**bare, "item": wrong}))
    assert refused({**bare, "item": {**item, "nothing": 1}}).path == "$.events[0].item"


@pytest.mark.parametrize("tag", [None, 5, "", "nothing", ["link"], {}, True, "case.recorded"])
def test_an_item_of_an_unknown_sort_is_refused(tag: Any) -> None:
    wire = {"type": "case.recorded", "at": "unknown", "by": "x", "item": {"what": tag, "case": "case-2"}}
    assert refused(wire).path == "$.events[0].item.what"


def test_an_item_that_no_book_knows_is_refused_on_the_way_out() -> None:
    @attrs.frozen(kw_only=True)
    class Foreign(Item):
        """Not among the items."""

    for item in (Foreign(), Item()):
        with pytest.raises(InvalidValue, match="none of the things that a case notes"):
            encode("m1", (ev.Recorded(at=AT, by="x", item=item),))


@pytest.mark.parametrize("text", ["", "2022-13", "2022-Q5", "2022-05-02..2022-05-01", "2022-W19", " 2022"])
def test_a_period_looks_like_a_period(text: str) -> None:
    """The error says how one looks, and stands at its place."""
    details = {"kind_of": "tally", "centre": "c1", "measure": "screenings", "cases": 1, "period": text}
    error = refused({"type": "record.created", "at": "unknown", "by": "x", "details": details})
    assert error.path == "$.events[0].details.period" and "eriod" in error.problem


def test_a_danger_is_written_with_its_id_first_as_ever() -> None:
    """Books hold dangers that were written when an id could not be left out."""
    danger = make(ITEMS["risk"], Random(1), fill=1.0)
    wire = joined(encode("m1", (ev.Recorded(at=AT, by="x", item=danger),)))["events"][0]["item"]
    assert list(wire)[:3] == ["what", "id", "kind"]
