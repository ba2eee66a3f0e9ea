"""Nothing is coerced, and whatever a document says, it gives a value or a typed error with its path."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from community_mediation.codec import WIRE_VERSION, entries
from community_mediation.codec.leaves import parse_milestone
from community_mediation.domain import events as ev
from community_mediation.domain.values import When
from community_mediation.errors import InvalidValue, MediationError, Undecodable
from community_mediation.testing.strategies import Random, make, tried
from tests.codec.wire import CODEC, EVENTS, SHAPES, Shape, encode, joined, leaves, location, replaced
from tests.domain.test_classes import CANARY, planted

WRONG: list[Any] = [
    None,
    "None",
    "",
    3,
    3.9,
    -1,
    True,
    False,
    "false",
    "x",
    [],
    ["x"],
    {},
    {"x": 1},
    10**30,
    "half \ud800",
]
each_event = pytest.mark.parametrize(("name", "cls"), EVENTS.items(), ids=list(EVENTS))
each_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))


def structured(wire: Any) -> Any:
    """The events of a body whose private values stand in place: decoded as if they had been joined already."""
    from community_mediation.codec.strict import located
    from community_mediation.domain.matter import Event

    try:
        return CODEC._converter.structure(wire, Event)
    except MediationError as error:
        if isinstance(error, InvalidValue):
            return Undecodable(error.problem, remedy=error.remedy, path=error.path)
        raise
    except Exception as error:  # noqa: BLE001 - what `decode` does with it
        return located(error)


def same_json(one: Any, other: Any) -> bool:
    """Equal, and of the same JSON type: 1 is not true, 3.0 is not 3."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def body_of(*wires: Any, **more: Any) -> str:
    return json.dumps({"v": WIRE_VERSION, "events": list(wires), **more})


def refused(body: Any, private: dict[str, str] | None = None) -> Undecodable:
    with pytest.raises(Undecodable) as caught:
        CODEC.decode(body, private or {})
    return caught.value


# ---------------------------------------------------------------- nothing is coerced


def test_null_never_becomes_the_text_None() -> None:
    """Nor 3.9 three, nor "false" or 1 true, nor a text the list of its characters."""
    accepted = {"type": "case.accepted", "at": "unknown", "by": "x"}
    held = {"type": "case.session_held", "at": "unknown", "by": "x", "session": "s1"}
    resolved = {"type": "case.resolved", "at": "unknown", "by": "x", "resolution": "r1"}
    for wire, key, value in [
        (accepted, "by", None),
        (accepted, "at", None),
        (accepted, "by", 5),
        (held, "minutes", 3.9),
        (held, "minutes", 3.0),
        (held, "minutes", "3"),
        (held, "minutes", True),
        (held, "attended", "ab"),
        (held, "attended", None),
        (held, "attended", {"a": 1}),
        (resolved, "on_the_spot", "false"),
        (resolved, "on_the_spot", 1),
        (resolved, "on_the_spot", None),
        (resolved, "amount", 5),
        (resolved, "amount", {"amount": "5", "currency": "CNY"}),
        (resolved, "kind", None),
    ]:
        CODEC.decode(body_of(wire), {})
        assert refused(body_of({**wire, key: value})).path == f"$.events[0].{key}"


@each_shape
def test_every_value_of_a_wrong_type_is_refused_at_its_place(shape: Shape) -> None:
    """In every place of every event, each kind of JSON value: it reads back as exactly itself, or is refused there."""
    event = shape(planted)
    wire = joined(encode("m1", (event,)))["events"][0]
    assert structured(wire) == event
    tried_places = refused_values = 0
    for path, there in leaves(wire):
        if not path or path == ("type",):
            continue
        tried_places += 1
        for value in WRONG:
            if same_json(value, there):
                continue
            result = structured(replaced(wire, path, value))
            if isinstance(result, Undecodable):
                refused_values += 1
                # A party with another id, or a wrong tag, is told at the place that shows it.
                assert result.path.startswith(location(path)) or location(path).startswith(result.path), (path, value)
                assert CANARY not in str(result)
            else:
                again = joined(encode("m1", (result,)))["events"][0]
                assert kept(again, path, value), (path, value)
    assert refused_values > tried_places


DEFAULT = {"concludes": True, "given": True}
"""The defaults that are not empty."""


def kept(wire: Any, path: tuple[Any, ...], value: Any) -> bool:
    """Whether the value is still there; what is empty equals a default, and defaults are left out on the way out."""
    place = wire
    for step in path:
        if isinstance(place, dict) and step not in place:
            empty: tuple[Any, ...] = (DEFAULT[step],) if step in DEFAULT else (None, False, [], {})
            return any(same_json(value, each) for each in empty)
        place = place[step]
    return same_json(place, value)


@each_event
def test_a_missing_or_unknown_key_is_refused_at_its_place(name: str, cls: Any) -> None:
    bare = joined(encode("m1", (make(cls, Random(5), fill=0.0),)))["events"][0]
    for field in attrs.fields(cls):
        if field.default is attrs.NOTHING:
            error = refused(body_of({key: each for key, each in bare.items() if key != field.name}))
            assert "required key" in str(error) or "none of the" in str(error)
    for key in ("nothing", "Type", "by ", "é", "张某住在这里", "x" * 500):
        error = refused(body_of({**bare, key: 1}))
        assert "unknown keys" in str(error) and error.path == "$.events[0]"
        assert "张某" not in str(error), "a key may be a slip of the pen, and name someone"


@pytest.mark.parametrize("tag", [None, 5, "", "case.nothing", ["case.accepted"], {}, True])
def test_an_event_of_an_unknown_type_is_refused(tag: Any) -> None:
    assert refused(body_of({"type": tag, "at": "unknown", "by": "x"})).path == "$.events[0].type"
    wrongs: tuple[Any, ...] = (None, 5, "case.accepted", [], True, {})
    for wrong in wrongs:
        assert refused(body_of(wrong)).path.startswith("$.events[0]")


def test_details_say_their_kind() -> None:
    wire: dict[str, Any] = {"type": "record.created", "at": "unknown", "by": "x", "details": {"kind_of": "person"}}
    CODEC.decode(body_of(wire), {})
    wrongs: tuple[Any, ...] = (
        {},
        {"kind_of": "dog"},
        {"kind_of": None},
        "person",
        None,
        [],
        {"kind_of": "centre", "sex": "male"},
    )
    for details in wrongs:
        assert refused(body_of({**wire, "details": details})).path.startswith("$.events[0].details")


@pytest.mark.parametrize(
    "text",
    [
        "2022-W19-6",
        "20220514",
        "2022-5-14",
        "2022-05-14T00",
        " 2022-05-14",
        "2022-02-30",
        "",
        "２０２２-05-14",
        "0000-01-01",
    ],
)
def test_a_date_looks_like_a_date(text: str) -> None:
    """Later Pythons read weeks; a document means the same under each."""
    wire = {"type": "record.created", "at": "unknown", "by": "x", "details": {"kind_of": "person", "birth_date": text}}
    error = structured(wire)
    assert isinstance(error, Undecodable) and error.path == "$.details.birth_date"


@pytest.mark.parametrize(
    "text", ["", "at", "at ", "at  unknown", "AT unknown", "at nothing", "not reached", "at not_reached"]
)
def test_a_milestone_looks_like_one(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_milestone(text)
    assert parse_milestone("at unknown").when == When.unknown()


# ---------------------------------------------------------------- documents


@pytest.mark.parametrize(
    "body",
    [
        None,
        5,
        b"{}",
        "",
        " ",
        "null",
        "5",
        '"x"',
        "[]",
        "{}",
        "{",
        "nul",
        "{'v':1}",
        '{"v":1}',
        '{"v":1,"events":{}}',
        '{"v":1,"events":null}',
        '{"v":1,"events":[],"more":1}',
        '{"v":"1","events":[]}',
        '{"v":true,"events":[]}',
        '{"v":1.0,"events":[]}',
        '{"v":0,"events":[]}',
        '{"v":-1,"events":[]}',
        '{"v":null,"events":[]}',
        '{"v":1,"events":[],"digests":[]}',
        '{"v":1,"events":[],"digests":null}',
        '{"v":1,"events":[],"digests":{"m":5}}',
        '{"v":1,"events":[]} x',
        '\ufeff{"v":1,"events":[]}',
        '{"v":1,"events":[],}',
        '{"v":01,"events":[]}',
    ],
)
def test_what_is_no_body_is_refused(body: Any) -> None:
    refused(body)


def test_an_empty_body_is_a_body() -> None:
    assert CODEC.decode('{"v":1,"events":[]}', {}).events == ()


def test_a_later_wire_version_asks_for_an_upgrade() -> None:
    assert "Upgrade" in str(refused('{"v":2,"events":[]}'))


def test_an_earlier_wire_version_goes_through_its_upcasters(monkeypatch: pytest.MonkeyPatch) -> None:
    def up(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "v": 1, "events": [{"by": "x", **each} for each in body["events"]]}

    old = '{"v":0,"events":[{"type":"case.accepted","at":"unknown"}]}'
    refused(old)
    monkeypatch.setattr(entries, "UPCASTERS", {0: up})
    assert CODEC.decode(old, {}).events == (ev.Accepted(at=When.unknown(), by="x"),)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5_000, "1.5", "1e2", "-0.0"])
def test_a_number_is_a_whole_one_that_fits(number: str) -> None:
    held = '{"v":1,"events":[{"type":"case.session_held","at":"unknown","by":"x","session":"s","minutes":%s}]}'
    refused(held % number)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_json_has_no_number_for_is_refused_wherever_it_stands(number: str) -> None:
    for body in (
        f'{{"v":{number},"events":[]}}',
        f'{{"v":1,"events":[{number}]}}',
        f'{{"v":1,"events":[],"x":{number}}}',
    ):
        assert "not finite" in str(refused(body))


def test_a_key_twice_is_refused_wherever_it_stands() -> None:
    for body in (
        '{"v":1,"v":1,"events":[]}',
        '{"v":1,"events":[],"events":[]}',
        '{"v":1,"events":[{"type":"case.accepted","at":"unknown","by":"x","by":"y"}]}',
        '{"v":1,"events":[{"type":"case.accepted","at":"unknown","by":"x","b\\u0079":"y"}]}',
    ):
        assert "twice" in str(refused(body))


@pytest.mark.parametrize("depth", [10, 100, 300, 900, 5_000, 200_000])
@pytest.mark.parametrize("shape", ["list", "object", "correction"])
def test_a_deep_document_gives_a_typed_error(depth: int, shape: str) -> None:
    """Never a recursion error, and never a crash."""
    opening, closing = {
        "list": ("[", "]"),
        "object": ('{"a":', "}"),
        "correction": ('{"type":"case.corrected","at":"unknown","by":"x","target":1,"replacement":', "}"),
    }[shape]
    refused('{"v":1,"events":[' + opening * depth + "5" + closing * depth + "]}")


def test_corrections_within_corrections_are_a_value_or_refused() -> None:
    """They decode while they fit, and folding passes over them."""
    wire: Any = {"type": "case.accepted", "at": "unknown", "by": "x"}
    for _ in range(20):
        wire = {"type": "case.corrected", "at": "unknown", "by": "x", "target": 1, "replacement": wire}
    (event,) = CODEC.decode(body_of(wire), {}).events
    assert isinstance(event, ev.Corrected)


# ---------------------------------------------------------------- fuzz

TOKENS = [
    "null",
    "true",
    "3.9",
    "-1",
    '"None"',
    '""',
    "[]",
    "{}",
    '{"a":1}',
    "NaN",
    "1e400",
    '"\\ud800"',
    "9" * 40,
    '"unknown"',
]


def test_whatever_a_body_says_it_is_read_or_refused(amount: Callable[[int, int], int]) -> None:
    """Bodies and private parts, spoilt at random in structure and in text; any other error fails the test."""
    rng = random.Random(20220514)
    originals = [
        encode("m1", tuple(make(cls, Random(seed)) for cls in rng.choices(list(EVENTS.values()), k=2)))
        for seed in range(150)
    ]
    read = 0
    for number in range(amount(20_000, 1_000_000)):
        original = rng.choice(originals)
        body, private = original.body, dict(original.private)
        kind = number % 4
        if kind == 0 or not private:
            body = spoilt_text(body, rng)
        elif kind == 1:
            subject = rng.choice(sorted(private))
            private[subject] = spoilt_text(private[subject], rng)
            document = json.loads(body)
            document["digests"][subject] = entries.digest(private[subject])
            body = json.dumps(document)
        else:
            body = spoilt_structure(body, rng)
        opened = tried(lambda: CODEC.decode(body, private))  # noqa: B023 - called at once
        if isinstance(opened, Undecodable):
            assert opened.path.startswith("$")
            continue
        read += 1
        encode("m1", opened.events)
    assert 0 < read < number


def spoilt_text(text: str, rng: random.Random) -> str:
    """A text with a few characters or tokens replaced, left out, doubled."""
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(text) + 1)
        end = place + rng.choice([0, 1, 1, 5])
        text = (
            text[:place]
            + rng.choice(["", '"', ",", "}", "[", "\\", "\x00", "é", *TOKENS, text[place : place + 9]])
            + text[end:]
        )
    return text


def spoilt_structure(text: str, rng: random.Random) -> str:
    """A document with something else, or nothing, at one of its places."""
    document = json.loads(text)
    places = [path for path, _ in leaves(document) if path]
    path = rng.choice(places)
    if rng.random() < 0.3:
        target: Any = document
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]
        return json.dumps(document)
    marker = "\u0001place\u0001"
    return json.dumps(replaced(document, path, marker)).replace(json.dumps(marker), rng.choice(TOKENS))
