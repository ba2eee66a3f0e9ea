"""What goes in comes out, and the private part holds all of what names someone."""

from __future__ import annotations

import copy
import datetime as dt
import functools
import json
import pickle
import secrets
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.codec import Codec, Encoded, digest
from community_mediation.domain import events as ev
from community_mediation.domain.case import Case
from community_mediation.domain.matter import Event
from community_mediation.domain.people import Party, PersonDetails
from community_mediation.domain.record import Created, Record
from community_mediation.domain.validators import SENSITIVITY, Sensitivity
from community_mediation.errors import InvalidValue, Undecodable
from community_mediation.testing.strategies import (
    BY,
    Random,
    cases,
    centres,
    event_lists,
    make,
    mediators,
    persons,
    tallies,
)
from tests.codec.wire import AT, CODEC, SHAPES, Shape, encode, joined
from tests.domain.test_classes import planted
from tests.domain.test_moves import DISPUTE, settled

CANARY = "CANARY"
each_event = pytest.mark.parametrize(("name", "shape"), SHAPES.items(), ids=list(SHAPES))


@given(cases() | persons() | mediators() | centres() | tallies())
def test_every_history_comes_out_as_it_went_in(matter: Case | Record) -> None:
    encoded = encode(matter.id, matter.events)
    opened = CODEC.decode(encoded.body, encoded.private)
    assert opened.events == matter.events
    assert opened.erased == frozenset()
    assert encode(matter.id, opened.events) == encoded
    assert type(matter).fold(matter.id, opened.events) == matter.saved()


@given(event_lists())
def test_any_events_come_out_as_they_went_in(events: tuple[Event, ...]) -> None:
    encoded = encode("m1", events)
    assert CODEC.decode(encoded.body, encoded.private).events == events


@each_event
def test_every_event_comes_out_as_it_went_in_full_and_bare(name: str, shape: Shape) -> None:
    for seed in range(60):
        event = shape(functools.partial(make, rng=Random(seed), fill=(0.0, 0.5, 1.0)[seed % 3]))
        encoded = encode("m1", (event,))
        (again,) = CODEC.decode(encoded.body, encoded.private).events
        assert again == event and type(again) is type(event) and repr(again) == repr(event)
        assert json.loads(encoded.body)["events"][0]["type"] == name.partition("-")[0]


def test_times_come_out_with_their_offsets_and_grains() -> None:
    texts = ["2022-05-14T23:05:00.000001+08:00", "2022-05-14T15:05:00-11:59:59", "2022-05-14[Asia/Manila]", "unknown"]
    for text in texts:
        event = ev.Accepted(at=type(AT).parse(text), by=BY)
        encoded = encode("m1", (event,))
        (again,) = CODEC.decode(encoded.body, encoded.private).events
        assert str(again.at) == text and f'"{text}"' in encoded.body


def test_an_event_that_no_plugin_brought_is_refused_on_the_way_out() -> None:
    @attrs.frozen(kw_only=True)
    class Foreign(Event):
        """Not among the codec's events."""

    for event in (Foreign(at=AT, by=BY), Event(at=AT, by=BY)):
        with pytest.raises(InvalidValue, match="none of the events"):
            encode("m1", (event,))
        with pytest.raises(InvalidValue, match="none of the events"):
            encode("m1", (ev.Corrected(at=AT, by=BY, target=1, replacement=event),))


@given(cases())
def test_a_case_survives_pickling_and_copying(case: Case) -> None:
    for again in (pickle.loads(pickle.dumps(case)), copy.deepcopy(case), copy.copy(case)):
        assert again == case and hash(again) == hash(case)
        assert attrs.asdict(again, recurse=False) == attrs.asdict(case, recurse=False)


# ---------------------------------------------------------------- the split


@each_event
def test_the_body_names_no_one_and_the_private_part_everyone(name: str, shape: Shape) -> None:
    """A canary in every private field of every event and of every value inside it."""
    event = shape(planted)
    encoded = encode("m1", (event,))
    assert CANARY not in encoded.body and "1901-02-03" not in encoded.body
    assert CANARY not in repr(encoded)
    private = "".join(encoded.private.values())
    wanted = json.dumps(joined(encoded), ensure_ascii=False).count(CANARY)
    assert private.count(CANARY) == wanted
    holds = str(attrs.asdict(event)).count(CANARY)
    assert wanted == holds
    assert CODEC.decode(encoded.body, encoded.private).events == (event,)


def test_the_canaries_are_planted_in_many_places() -> None:
    """The control: a class with no private field would pass the test above unseen."""
    counts = {
        name: "".join(encode("m1", (shape(planted),)).private.values()).count(CANARY) for name, shape in SHAPES.items()
    }
    assert sum(counts.values()) > 40
    assert counts["case.reported"] > 5 and counts["record.created"] > 0 and counts["case.accepted"] == 0
    assert (counts["case.recorded-exhibit"], counts["case.recorded-service"], counts["case.recorded-link"]) == (2, 1, 0)


def test_a_corrected_event_inside_a_correction_is_split_too() -> None:
    """However deep: replaced births hold parties."""
    birth = planted(ev.Reported)
    encoded = encode("m1", (ev.Corrected(at=AT, by=BY, target=1, replacement=birth, reason=CANARY),))
    assert CANARY not in encoded.body
    assert set(encoded.private) == {"m1", *(f"m1/{party.id}" for party in birth.parties)}


def people(*names: str | None) -> tuple[Party, ...]:
    return tuple(Party(id=f"p{number}", side="A", name=name) for number, name in enumerate(names, 1))


def two_people() -> tuple[ev.Reported, Encoded]:
    dispute = attrs.evolve(DISPUTE, title="围墙")
    event = ev.Reported(at=AT, by=BY, centre="c1", dispute=dispute, parties=people("孙某", "周某", None))
    return event, encode("m1", (event,))


def test_each_subject_has_a_part_of_its_own() -> None:
    _, encoded = two_people()
    assert set(encoded.private) == {"m1", "m1/p1", "m1/p2"}, "a party of whom nothing is known has none"
    for subject, text in {"m1": "围墙", "m1/p1": "孙某", "m1/p2": "周某"}.items():
        assert [name for name, part in encoded.private.items() if text in part] == [subject]
    assert json.loads(encoded.private["m1/p1"]) == {"salt": "salt-2", "values": {"0/parties/0/name": "孙某"}}


def test_the_body_holds_the_digest_of_each_part() -> None:
    _, encoded = two_people()
    assert json.loads(encoded.body)["digests"] == {name: digest(part) for name, part in encoded.private.items()}


def test_the_same_value_has_another_digest_each_time() -> None:
    """An identity number could be found from an unsalted digest by trying them all."""
    event, _ = two_people()
    bodies = [CODEC.encode("m1", (event,), salt=lambda: secrets.token_hex(16)).body for _ in range(3)]
    found = [json.loads(body)["digests"]["m1/p1"] for body in bodies]
    assert len(set(found)) == 3
    assert len({CODEC.encode("m1", (event,), salt=lambda: "same").body for _ in range(3)}) == 1


def test_an_event_without_private_values_has_no_digests() -> None:
    encoded = encode("m1", (ev.Accepted(at=AT, by=BY),))
    assert encoded.private == {} and "digests" not in encoded.body


# ---------------------------------------------------------------- erased and tampered


@pytest.mark.parametrize("gone", [{"m1"}, {"m1/p1"}, {"m1/p1", "m1/p2"}, {"m1", "m1/p1", "m1/p2"}])
def test_an_erased_part_reads_as_nothing_and_is_told(gone: set[str]) -> None:
    event, encoded = two_people()
    left = {subject: part for subject, part in encoded.private.items() if subject not in gone}
    opened = CODEC.decode(encoded.body, left)
    assert opened.erased == gone
    dispute = attrs.evolve(event.dispute, title=None) if "m1" in gone else event.dispute
    names = [None if f"m1/{party.id}" in gone else party.name for party in event.parties]
    assert opened.events == (attrs.evolve(event, dispute=dispute, parties=people(*names)),)


@given(cases(), st.data())
def test_whatever_is_erased_only_private_values_are_lost(case: Case, data: st.DataObject) -> None:
    encoded = encode(case.id, case.events)
    kept = data.draw(st.sets(st.sampled_from(sorted(encoded.private)))) if encoded.private else set()
    opened = CODEC.decode(encoded.body, {name: encoded.private[name] for name in kept})
    assert opened.erased == set(encoded.private) - kept
    assert [bare(event) for event in opened.events] == [bare(event) for event in case.events]
    Case.fold(case.id, opened.events)


def bare(value: Any) -> Any:
    """A value without what is private in it."""
    if isinstance(value, tuple):
        return tuple(map(bare, value))
    if not attrs.has(type(value)) or not any(SENSITIVITY in field.metadata for field in attrs.fields(type(value))):
        return value
    return {
        field.name: bare(getattr(value, field.name))
        for field in attrs.fields(type(value))
        if field.metadata[SENSITIVITY] is Sensitivity.NONE
    }


def forged(body: dict[str, Any], private: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """An entry that agrees with itself in every digest, whatever it says."""
    texts = {name: json.dumps(part, ensure_ascii=False) for name, part in private.items()}
    if texts:
        body = {**body, "digests": {name: digest(text) for name, text in texts.items()}}
    return json.dumps(body), texts


def parts() -> tuple[dict[str, Any], dict[str, Any]]:
    _, encoded = two_people()
    return json.loads(encoded.body), {name: json.loads(part) for name, part in encoded.private.items()}


def test_the_forging_itself_is_sound() -> None:
    """The control of the tests below: what is not tampered with decodes."""
    event, _ = two_people()
    assert CODEC.decode(*forged(*parts())).events == (event,)


def test_a_part_that_is_not_the_one_of_the_body_is_refused() -> None:
    """Changed in one letter, or exchanged for that of someone else."""
    _, encoded = two_people()
    one, two = encoded.private["m1/p1"], encoded.private["m1/p2"]
    for private in (
        {**encoded.private, "m1/p1": one.replace("孙", "李")},
        {**encoded.private, "m1/p1": one + " "},
        {**encoded.private, "m1/p1": two, "m1/p2": one},
        {"m1/p2": one},
        {**encoded.private, "m1/p1": None},
        {**encoded.private, "m1/p1": "half \ud800"},
    ):
        with pytest.raises(Undecodable, match="digest"):
            CODEC.decode(encoded.body, private)  # type: ignore[arg-type]


def test_a_part_that_the_body_does_not_know_is_refused() -> None:
    _, encoded = two_people()
    with pytest.raises(Undecodable, match="does not know"):
        CODEC.decode(encoded.body, {**encoded.private, "m1/p9": encoded.private["m1/p1"]})


@pytest.mark.parametrize(
    ("subject", "path", "value"),
    [
        ("m1/p1", "0/parties/9/name", "孙某"),
        ("m1/p1", "9/parties/0/name", "孙某"),
        ("m1/p1", "0/parties/-1/name", "孙某"),
        ("m1/p1", "0/parties/x/name", "孙某"),
        ("m1/p1", "0/nothing/0/name", "孙某"),
        ("m1/p1", "", "孙某"),
        ("m1/p1", "0", "孙某"),
        ("m1/p1", "0/parties/0", "孙某"),
        ("m1/p1", "0/parties/0/side", "A"),
        ("m1/p1", "0/parties/0/kind", "group"),
        ("m1/p1", "0/reference", "2022-1"),
        ("m1/p1", "0/parties/1/contact", "mail"),
        ("m1/p1", "0/dispute/brief", "quarrel"),
        ("m1", "0/parties/0/contact", "mail"),
    ],
)
def test_a_private_value_at_a_place_that_is_not_its_subjects_is_refused(subject: str, path: str, value: str) -> None:
    """No such place, a place that is taken, a public field, or a field of someone else, in an otherwise sound entry."""
    body, private = parts()
    private[subject]["values"][path] = value
    with pytest.raises(Undecodable):
        CODEC.decode(*forged(body, private))


def test_a_private_value_that_two_parts_claim_is_refused() -> None:
    """Whichever of them comes last."""
    for claimant in ("m1", "m1/p2"):
        body, private = parts()
        private[claimant]["values"]["0/parties/0/name"] = "李某"
        for order in (sorted(private), sorted(private, reverse=True)):
            with pytest.raises(Undecodable, match="belongs to no field"):
                CODEC.decode(*forged(body, {subject: private[subject] for subject in order}))


@pytest.mark.parametrize("place", [("parties", 2, "name"), ("dispute", "brief"), ("dispute", "issues", 0, "text")])
def test_a_private_value_in_the_body_is_refused(place: tuple[Any, ...]) -> None:
    """A body names no one: neither on the way out nor on the way in."""
    body, private = parts()
    target = body["events"][0]
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = "someone"
    with pytest.raises(Undecodable, match="stands in the body"):
        CODEC.decode(*forged(body, private))


@pytest.mark.parametrize(
    "part",
    [
        None,
        5,
        [],
        "x",
        {},
        {"salt": "s"},
        {"values": {}},
        {"salt": "s", "values": []},
        {"salt": "s", "values": None},
        {"salt": "s", "values": {}, "more": 1},
    ],
)
def test_a_private_part_of_another_shape_is_refused(part: Any) -> None:
    body, private = parts()
    with pytest.raises(Undecodable):
        CODEC.decode(*forged(body, {**private, "m1/p1": part}))


def test_ids_with_slashes_in_parties_keep_their_subjects_apart() -> None:
    parties = (Party(id="a", side="A", name="孙某"), Party(id="a/b", side="B", name="周某"))
    event = ev.Reported(at=AT, by=BY, centre="c1", dispute=DISPUTE, parties=parties)
    encoded = encode("m1", (event,))
    assert set(encoded.private) == {"m1/a", "m1/a/b"}
    assert CODEC.decode(encoded.body, encoded.private).events == (event,)


def test_an_own_codec_knows_its_own_events_only() -> None:
    small = Codec({"case.accepted": ev.Accepted})
    encoded = encode("case-1", settled().events)
    with pytest.raises(Undecodable) as caught:
        small.decode(encoded.body, encoded.private)
    assert caught.value.path == "$.events[0].type"


def test_a_birth_date_is_private_and_comes_out_as_a_date() -> None:
    event = Created(at=AT, by=BY, details=PersonDetails(birth_date=dt.date(1950, 2, 3)))
    encoded = encode("m1", (event,))
    assert "1950" not in encoded.body
    assert CODEC.decode(encoded.body, encoded.private).events == (event,)
