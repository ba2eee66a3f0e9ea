"""What is written out for speed says what the strict converter says, of every document."""

import datetime as dt
import hashlib
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given

from community_mediation.codec import Codec, Encoded, Opened, entries
from community_mediation.codec.wording import Unusual, Wording
from community_mediation.domain.case import Case
from community_mediation.domain.making import Filling, is_plain
from community_mediation.domain.matter import Event
from community_mediation.domain.validators import PUBLIC, checked, identifier
from community_mediation.domain.values import When
from community_mediation.errors import InvalidValue, Undecodable
from community_mediation.testing.strategies import Random, cases, make, tried
from tests.codec import test_strict as strict
from tests.codec.histories import HISTORIES
from tests.codec.wire import AT, CODEC, EVENTS, SHAPES, Shape, encode
from tests.domain.test_classes import CLASSES, name_of, planted

LEAVES = {"When", "Milestone", "Code", "Period"}
"""Classes that look at their parts together; the codec reads and writes them as texts."""


def salts() -> Callable[[], str]:
    numbers = iter(range(10**6))
    return lambda: f"salt-{next(numbers)}"


def told(call: Callable[[], Any]) -> Any:
    """What a call gives, or the error as it tells it."""
    found = tried(call)
    return (type(found), str(found)) if isinstance(found, Exception) else found


def quickly(codec: Codec, body: str, private: Mapping[str, str]) -> Any:
    """What the quick way gives; ``None`` where it leaves the document to the strict converter."""
    try:
        return codec._decoded(body, private)
    except Exception:  # noqa: BLE001 - whatever it is
        return None


def same(quick: Any, strict: Any) -> bool:
    """Equal in every digit and every class."""
    return bool(quick == strict) and repr(quick) == repr(strict) and str(quick.events) == str(strict.events)


def both_ways(matter_id: str, events: tuple[Event, ...]) -> None:
    """Neither way differs from the other, and neither is left out."""
    encoded = CODEC.encode_strictly(matter_id, events, salt=salts())
    assert CODEC._encoded(matter_id, events, salts()) == encoded
    opened = CODEC.decode_strictly(encoded.body, encoded.private)
    assert same(CODEC._decoded(encoded.body, encoded.private), opened)
    for subject in encoded.private:
        left = {name: part for name, part in encoded.private.items() if name != subject}
        assert same(CODEC._decoded(encoded.body, left), CODEC.decode_strictly(encoded.body, left))


@pytest.mark.parametrize("fill", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))
def test_every_event_goes_both_ways(shape: Shape, fill: float) -> None:
    for seed in range(5):
        both_ways("m1", (shape(lambda cls: make(cls, Random(seed), fill=fill)),))  # noqa: B023 - called at once
    both_ways("m1", (shape(planted),))


@pytest.mark.parametrize("name", list(HISTORIES))
def test_every_history_goes_both_ways(name: str) -> None:
    both_ways(name, tuple(HISTORIES[name]()))


@given(cases())
def test_every_case_goes_both_ways(case: Case) -> None:
    both_ways(case.id, case.events)


@pytest.mark.parametrize("cls", [each for each in CLASSES if each.__name__ not in LEAVES], ids=name_of)
def test_every_class_is_plain_enough(cls: Any) -> None:
    """One that is not would be read and written by the strict converter alone, or filled in many times the time."""
    assert is_plain(cls) and Filling(cls).known["twin"] is not cls


# ---------------------------------------------------------------- spoilt


def spoilt(amount: int) -> list[tuple[str, dict[str, str]]]:
    """Documents with something wrong in them, in structure or in text, most of them."""
    rng = random.Random(20220515)
    originals = [
        encode("m1", tuple(make(cls, Random(seed)) for cls in rng.choices(list(EVENTS.values()), k=2)))
        for seed in range(60)
    ]
    found = []
    for number in range(amount):
        original = rng.choice(originals)
        body, private = original.body, dict(original.private)
        if number % 3 == 0 and private:
            subject = rng.choice(sorted(private))
            text = strict.spoilt_text(private[subject], rng)
            if entries.digest(text) != entries.digest(private[subject]):
                body = body.replace(entries.digest(private[subject]), entries.digest(text))
            private[subject] = text
        elif number % 3 == 1:
            # Without blanks, so that it comes as far as it can.
            body = strict.spoilt_structure(body, rng).replace('", "', '","').replace('": ', '":').replace(", ", ",")
        else:
            body = strict.spoilt_text(body, rng)
        found.append((body, private))
    return found


def disagreements(codec: Codec, documents: list[tuple[str, dict[str, str]]]) -> tuple[int, int]:
    """How many the quick way reads, and how many of those otherwise than the strict converter."""
    read = wrong = 0
    for body, private in documents:
        if (quick := quickly(codec, body, private)) is not None:
            read += 1
            wrong += not isinstance(quick, Opened) or told(lambda: codec.decode_strictly(body, private)) != quick  # noqa: B023
    return read, wrong


def test_nothing_is_read_that_the_strict_converter_refuses_or_reads_otherwise(
    amount: Callable[[int, int], int],
) -> None:
    read, wrong = disagreements(CODEC, spoilt(amount(6_000, 300_000)))
    assert read > 100 and wrong == 0


@pytest.mark.parametrize("fault", ["keys", "canonical", "digest", "leftover"])
def test_a_laxer_way_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above: a check of the quick way that is left out."""
    entries._wording.cache_clear()
    codec = Codec(EVENTS)
    if fault == "keys":
        plain = Wording._read_lines
        monkeypatch.setattr(Wording, "_read_lines", lambda *given: _lax(plain, given))
    elif fault == "canonical":
        monkeypatch.setattr(entries, "_canonical", lambda text: entries._decode(text.encode()))
    elif fault == "digest":
        monkeypatch.setattr(entries, "_sha", lambda raw: Anything())
    else:
        monkeypatch.setattr(entries, "any", lambda several: False, raising=False)
    assert disagreements(codec, [*spoilt(3_000), *_own_spoilt()])[1] > 0


def otherwise(documents: list[tuple[str, dict[str, str]]]) -> int:
    """How many bodies ``document`` takes otherwise than strict reading does."""
    return sum(
        told(lambda: CODEC.document(body)) != told(lambda: CODEC._document_strictly(body))  # noqa: B023 - called at once
        for body, _ in documents
    )


def test_the_outer_shape_of_a_body_is_looked_at_as_strictly_by_the_quick_way() -> None:
    assert otherwise([*spoilt(3_000), *_own_spoilt()]) == 0


def test_a_laxer_look_at_the_outer_shape_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""
    monkeypatch.setattr(entries, "_shaped", lambda document: document)
    assert otherwise([*spoilt(3_000), *_own_spoilt()]) > 0


class Anything(str):
    """Equal to whatever it is held against."""

    __hash__ = str.__hash__

    def __ne__(self, other: object) -> bool:
        return False


def _lax(plain: Any, given: Any) -> Any:
    reader = plain(*given)
    known = reader.__globals__
    known["public"] = type("All", (), {"__ge__": lambda self, other: True})()
    return reader


def _own_spoilt() -> list[tuple[str, dict[str, str]]]:
    """A document of each kind that one check alone refuses."""
    accepted = '{"type":"case.accepted","at":"unknown","by":"x"%s}'
    original = encode("m1", (make(EVENTS["case.reported"], Random(3), fill=1.0),))
    other = {name: text.replace("salt-", "salt+") for name, text in original.private.items()}
    stray = '{"salt":"s","values":{"9/x":"y"}}'
    return [
        ('{"v":1,"events":[' + accepted % ',"more":1' + "]}", {}),
        ('{"v":1,"events":[' + accepted % ',"by":"x"' + "]}", {}),
        (original.body, other),
        ('{"v":1,"events":[' + accepted % "" + f'],"digests":{{"m1":"{entries.digest(stray)}"}}}}', {"m1": stray}),
    ]


# ---------------------------------------------------------------- what it leaves alone


def _lower(text: str) -> str:
    return text.lower()


@attrs.frozen(kw_only=True, field_transformer=checked)
class Turned(Event):
    """An event of a plugin that makes something else of what it is given."""

    word: str = attrs.field(metadata=PUBLIC, validator=identifier, converter=_lower)


@attrs.frozen(kw_only=True)
class Looking(Event):
    """An event of a plugin that looks at itself when it is made."""

    number: int = attrs.field(default=0, metadata=PUBLIC)

    def __attrs_post_init__(self) -> None:
        if self.number == 13:
            raise InvalidValue("no luck")


@pytest.mark.parametrize(
    "event", [Turned(at=AT, by="x", word="ABC"), Looking(at=AT, by="x", number=3)], ids=["converter", "post-init"]
)
def test_a_class_with_a_way_of_its_own_is_left_to_the_strict_converter(event: Event) -> None:
    codec = Codec({"x.event": type(event)})
    with pytest.raises(Unusual):
        codec._wording.reader(type(event))
    with pytest.raises(Unusual):
        codec._wording.writer(type(event))
    encoded: Encoded = codec.encode("m1", (event,), salt=salts())
    assert codec.decode(encoded.body, encoded.private).events == (event,)


def test_what_it_refuses_is_told_by_the_strict_converter() -> None:
    codec = Codec({"x.event": Looking})
    body = '{"v":1,"events":[{"type":"x.event","at":"unknown","by":"x","number":13}]}'
    assert told(lambda: codec.decode(body, {})) == told(lambda: codec.decode_strictly(body, {}))
    assert "no luck" in told(lambda: codec.decode(body, {}))[1]


def test_a_moment_is_the_same_however_it_is_read() -> None:
    for text in ("2022-05-14T23:05:00+08:00", "2022-05-14T23:05:00+00:00", "2022-05-14[Asia/Shanghai]", "unknown"):
        one, other = When.parse(text), When.parse(text)
        assert one == other and hash(one) == hash(other) and str(one) == text


@attrs.frozen(kw_only=True)
class Unruled(Event):
    """An event of a plugin whose own fields no rule looks at."""

    n: int = 0
    t: tuple[str, ...] = ()


@pytest.mark.parametrize("wrong", ['"n":"x"', '"n":true', '"n":null', '"t":[1,2]'])
def test_an_event_without_rules_is_left_to_the_strict_converter(wrong: str) -> None:
    """It checks the types itself."""
    body = f'{{"v":1,"events":[{{"type":"odd","at":"2022-01-01T00:00:00+00:00","by":"x",{wrong}}}]}}'
    with pytest.raises(Undecodable):
        Codec({"odd": Unruled}).decode(body, {})


@pytest.mark.parametrize("values", ["null", "[]", "0", '""', "false"])
def test_a_private_part_whose_values_are_no_object_is_refused_in_both_ways(values: str) -> None:
    """Also where its digest is right."""
    part = f'{{"salt":"s","values":{values}}}'
    digest = hashlib.sha256(part.encode()).hexdigest()
    body = f'{{"v":1,"events":[],"digests":{{"m1":"{digest}"}}}}'
    codec = Codec({})
    for decode in (codec.decode, codec.decode_strictly):
        with pytest.raises(Undecodable):
            decode(body, {"m1": part})


@attrs.frozen(kw_only=True, field_transformer=checked)
class Holes:
    """Tuples whose items may be missing."""

    texts: tuple[str | None, ...] = attrs.field(default=(), metadata=PUBLIC, validator=lambda *_: None)
    amounts: tuple[Decimal | None, ...] = attrs.field(default=(), metadata=PUBLIC)
    moments: tuple[dt.datetime | None, ...] = attrs.field(default=(), metadata=PUBLIC)
    numbers: tuple[int | None, ...] = attrs.field(default=(), metadata=PUBLIC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"texts": ("\ud800",)},
        {"amounts": (Decimal("NaN"),)},
        {"numbers": (10**40,)},
    ],
)
def test_items_that_may_be_missing_are_looked_at_where_they_are_there(wrong: dict[str, Any]) -> None:
    """As items that must be there are."""
    assert Holes(texts=("a", None), amounts=(None, Decimal(1)), numbers=(None, 3)).texts == ("a", None)
    with pytest.raises(InvalidValue):
        Holes(**wrong)
