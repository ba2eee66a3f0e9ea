"""What every value class and event keeps: strict types, and a sensitivity that nobody can forget."""

from __future__ import annotations

import datetime as dt
import enum
import pickle
import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs
import pytest

from community_mediation.builtins import CASE_EVENTS, RECORD_EVENTS
from community_mediation.domain.attempt import Assignment, Attempt, Session
from community_mediation.domain.item import Item
from community_mediation.domain.items import ITEMS
from community_mediation.domain.ledger import LEDGER_EVENTS
from community_mediation.domain.matter import Event
from community_mediation.domain.resolution import Resolution
from community_mediation.domain.validators import (
    MAX_ITEMS,
    MAX_NUMBER,
    MAX_TEXT,
    NARRATIVE,
    PERSONAL,
    PUBLIC,
    SENSITIVE,
    SENSITIVITY,
    Sensitivity,
    checked,
    code,
    codes,
    identifier,
    rule_for,
)
from community_mediation.domain.values import Milestone, Period, When
from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.testing.strategies import Random, make, make_field, tried

CANARY = "CANARY-某-7f3a"


def classes_in(annotation: Any) -> Iterator[Any]:
    """The value classes that an annotation names; where any item may stand, all of them."""
    if annotation is Item:
        yield from ITEMS.values()
    if typing.get_args(annotation):
        for each in typing.get_args(annotation):
            yield from classes_in(each)
    elif isinstance(annotation, type) and attrs.has(annotation):
        yield annotation


def reachable(*roots: Any) -> list[Any]:
    """The roots and every value class inside them."""
    found: dict[Any, None] = {}
    left = list(roots)
    while left:
        cls = left.pop(0)
        if cls not in found:
            found[cls] = None
            left += [each for field in attrs.fields(cls) for each in classes_in(field.type)]
    return list(found)


EVENTS: list[Any] = [*CASE_EVENTS.values(), *RECORD_EVENTS.values(), *LEDGER_EVENTS.values()]
CLASSES = reachable(*EVENTS, Attempt, Assignment, Session, Resolution)
FIELDS = [(cls, field) for cls in CLASSES for field in attrs.fields(cls)]
STRICT = [(cls, field) for cls, field in FIELDS if cls not in (When, Milestone)]


def name_of(value: Any) -> str:
    return value.__name__ if isinstance(value, type) else str(getattr(value, "name", value))


each_class = pytest.mark.parametrize("cls", CLASSES, ids=name_of)
each_field = pytest.mark.parametrize(("cls", "field"), STRICT, ids=name_of)


# ---------------------------------------------------------------- sensitivity


@each_class
def test_every_field_says_who_it_can_hurt(cls: Any) -> None:
    for field in attrs.fields(cls):
        assert isinstance(field.metadata.get(SENSITIVITY), Sensitivity), field.name


@each_class
def test_whatever_can_hurt_is_hidden_and_may_be_missing(cls: Any) -> None:
    for field in attrs.fields(cls):
        if field.metadata[SENSITIVITY] is not Sensitivity.NONE:
            assert field.default is None and field.repr is False, field.name


@each_class
def test_a_canary_in_every_private_field_shows_in_no_text_of_the_value(cls: Any) -> None:
    value = planted(cls)
    for text in (repr(value), str(value), f"{value}", repr([value]), repr({"x": value})):
        assert CANARY not in text
        assert "1901-02-03" not in text and "1901, 2, 3" not in text


def planted(cls: Any) -> Any:
    """A value of the class with a canary in each private field, its values inside planted too."""

    def plant(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(plant, value))
        if not attrs.has(type(value)) or type(value) in (When, Milestone):
            return value
        changes: dict[str, Any] = {}
        for field in attrs.fields(type(value)):
            inner = getattr(value, field.name)
            if field.metadata[SENSITIVITY] is Sensitivity.NONE:
                changes[field.alias] = plant(inner)
            else:
                changes[field.alias] = dt.date(1901, 2, 3) if field.type == dt.date | None else CANARY
        return attrs.evolve(value, **changes)

    return plant(make(cls, Random(7), fill=1.0))


def test_the_planting_reaches_private_fields_at_every_depth() -> None:
    """The control: without it, a canary that was never planted would be found nowhere."""
    values = [planted(cls) for cls in CLASSES]
    private = [field for cls, field in FIELDS if field.metadata[SENSITIVITY] is not Sensitivity.NONE]
    assert len(private) > 25
    assert sum(str(attrs.asdict(value)).count(CANARY) for value in values) > len(private)


def test_an_error_names_no_personal_value() -> None:
    """The value itself is described, never quoted."""
    for cls, field in STRICT:
        for wrong in (CANARY + "\ud800", CANARY * MAX_TEXT, CANARY.encode(), [CANARY], f" {CANARY} ", f"{CANARY}\n"):
            error = tried(lambda: make_with(cls, field, wrong))  # noqa: B023 - called at once
            if isinstance(error, InvalidValue):
                assert CANARY not in f"{error} {error!r} {error.args} {vars(error)}", (cls, field.name)


# ---------------------------------------------------------------- classes that cannot even be made


@pytest.mark.parametrize(
    ("annotation", "options", "problem"),
    [
        (str, {}, "no sensitivity"),
        (str, {"metadata": {}}, "no sensitivity"),
        (str, {"metadata": {SENSITIVITY: "none"}, "validator": code}, "no sensitivity"),
        (str, {"metadata": {SENSITIVITY: None}}, "no sensitivity"),
        (str | None, {"metadata": PERSONAL, "default": None}, "repr=False"),
        (str | None, {"metadata": SENSITIVE, "default": None, "repr": lambda value: "…"}, "repr=False"),
        (str, {"metadata": NARRATIVE, "repr": False}, "default=None"),
        (str, {"metadata": NARRATIVE, "repr": False, "default": ""}, "default=None"),
        (str | None, {"metadata": PERSONAL, "repr": False, "factory": str}, "default=None"),
        (When | None, {"metadata": PERSONAL, "repr": False, "default": None}, "holds values"),
        (tuple[When, ...] | None, {"metadata": PERSONAL, "repr": False, "default": None}, "holds values"),
        (str, {"metadata": PUBLIC}, "public text"),
        (str | None, {"metadata": PUBLIC, "default": None}, "public text"),
        (tuple[str, ...], {"metadata": PUBLIC, "default": ()}, "public text"),
        (tuple[str, ...] | None, {"metadata": PUBLIC, "default": None}, "public text"),
        (str | int, {"metadata": PUBLIC, "validator": code}, "no strict check"),
        (float, {"metadata": PUBLIC}, "no strict check"),
        (Any, {"metadata": PUBLIC}, "no strict check"),
        (list[str], {"metadata": PUBLIC, "validator": codes}, "no strict check"),
        (dict[int, int], {"metadata": PUBLIC}, "no strict check"),
        (tuple[int, str], {"metadata": PUBLIC, "validator": codes}, "no strict check"),
        (bytes, {"metadata": PUBLIC}, "no strict check"),
    ],
)
def test_a_class_that_breaks_the_rules_on_personal_data_cannot_be_made(
    annotation: Any, options: dict[str, Any], problem: str
) -> None:
    with pytest.raises(TypeError, match=problem):
        attrs.make_class(
            "Planted",
            {"field": attrs.field(type=typing.cast(Any, annotation), **options)},
            frozen=True,
            field_transformer=checked,
        )


def test_a_class_that_keeps_the_rules_can_be_made() -> None:
    """The control of the test above."""
    made = attrs.make_class(
        "Kept",
        {
            "id": attrs.field(type=str, metadata=PUBLIC, validator=identifier),
            "tags": attrs.field(type=tuple[str, ...], metadata=PUBLIC, default=(), validator=codes),
            "name": attrs.field(type=typing.cast(Any, str | None), metadata=PERSONAL, default=None, repr=False),
        },
        frozen=True,
        field_transformer=checked,
    )
    assert CANARY not in repr(made(id="x", name=CANARY))


def test_a_class_that_inherits_checks_each_field_once() -> None:
    """An error names an inherited field once."""
    for cls in EVENTS:
        field = attrs.fields_dict(cls)["by"]
        with pytest.raises(InvalidValue) as caught:
            make_with(cls, field, "two words")
        assert caught.value.path == "$.by"


# ---------------------------------------------------------------- strict types


class Text(str):
    """A text that is not quite a text."""


class Number(int):
    """A number that is not quite a number."""


WRONG: list[Any] = [
    None,
    "None",
    "",
    3,
    3.9,
    "1",
    True,
    "false",
    Decimal(3),
    b"bytes",
    dt.datetime(2022, 1, 1),  # noqa: DTZ001 - what must be refused
    dt.datetime(2022, 1, 1, tzinfo=dt.UTC),
    dt.date(2022, 1, 1),
    "2022-01-01",
    [],
    ["x"],
    {},
    (),
    ("x",),
    (None,),
    (3,),
    object(),
    Text("x"),
    Number(3),
    float("nan"),
    "half \ud800",
    "x" * (MAX_TEXT + 1),
    MAX_NUMBER + 1,
    -(10**5_000),
    ("x",) * (MAX_ITEMS + 1),
    When,
    Sensitivity.NONE,
]


def takes(annotation: Any, value: Any) -> bool:
    """Whether a value has exactly the type: the oracle, on types alone."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        return any(takes(each, value) for each in arguments)
    if origin is tuple:
        return type(value) is tuple and len(value) <= MAX_ITEMS and all(takes(arguments[0], each) for each in value)
    if annotation is str:
        return type(value) is str and len(value) <= MAX_TEXT and "\ud800" not in value
    if annotation is int:
        return type(value) is int and abs(value) <= MAX_NUMBER
    return type(value) is annotation


def make_with(cls: Any, field: attrs.Attribute[Any], value: Any) -> Any:
    """A value of the class whose other fields are in order."""
    good: dict[str, Any] = {
        each.name: make_field(each, Random(3))
        for each in attrs.fields(cls)
        if each.default is attrs.NOTHING and each.name != field.name
    }
    good[field.name] = value
    return cls(**good)


@each_field
def test_a_wrong_type_is_refused_and_the_error_names_the_field(cls: Any, field: attrs.Attribute[Any]) -> None:
    """Nothing is coerced: ``True`` is no number, a text no number, a list no tuple, a datetime no date."""
    refused = 0
    for value in WRONG:
        if takes(field.type, value):
            continue
        with pytest.raises(InvalidValue) as caught:
            make_with(cls, field, value)
        assert caught.value.path.split("[")[0] == f"$.{field.name}"
        refused += 1
    assert refused > len(WRONG) / 2


@each_field
def test_a_right_type_is_kept_as_it_was_or_refused_by_the_fields_own_rule(
    cls: Any, field: attrs.Attribute[Any]
) -> None:
    for value in WRONG:
        if takes(field.type, value):
            made = tried(lambda: make_with(cls, field, value))  # noqa: B023 - called at once
            if isinstance(made, InvalidValue):
                assert made.path.split("[")[0] == f"$.{field.name}"
            elif isinstance(made, InvalidQuery):
                other = make_field(attrs.fields(Period).last, Random(3))
                assert (cls, field.name) == (Period, "first") and value > other, "the one rule of two fields"
            else:
                kept = getattr(made, field.name)
                assert kept == value and type(kept) is type(value)


def test_an_item_of_a_list_is_named_by_its_place() -> None:
    for wrong in (("ok", 3), ("ok", ""), ("ok", " x")):
        with pytest.raises(InvalidValue) as caught:
            make_with(
                CASE_EVENTS["case.session_held"], attrs.fields_dict(CASE_EVENTS["case.session_held"])["attended"], wrong
            )
        assert caught.value.path == "$.attended[1]"


def test_a_text_for_a_code_of_a_list_is_no_member_of_it() -> None:
    """An enum's own text is refused too: what is parsed at the edge is parsed there only."""
    for cls, field in STRICT:
        enums = [each for each in (field.type, *typing.get_args(field.type)) if isinstance(each, type)]
        for each in enums:
            if issubclass(each, enum.Enum):
                with pytest.raises(InvalidValue):
                    make_with(cls, field, next(iter(each)).value)


@pytest.mark.parametrize("id", [None, 5, "", "a b", "a\tb", "a\u3000b", "\x00", "\ud800", "x" * 201, Text("x"), b"x"])
def test_an_id_is_short_printable_and_without_blanks(id: Any) -> None:
    with pytest.raises(InvalidValue):
        make_with(EVENTS[0], attrs.fields_dict(EVENTS[0])["by"], id)


def test_an_instant_field_wants_a_zone() -> None:
    rule = rule_for(dt.datetime)
    rule(dt.datetime(2022, 1, 1, tzinfo=dt.UTC))
    for wrong in (dt.datetime(2022, 1, 1), dt.date(2022, 1, 1), None, 5):  # noqa: DTZ001 - what must be refused
        with pytest.raises(InvalidValue):
            rule(wrong)


# ---------------------------------------------------------------- values as values


@each_class
def test_a_value_is_frozen_hashable_equal_to_its_copy_and_survives_pickling(cls: Any) -> None:
    value = make(cls, Random(11), fill=1.0)
    again = pickle.loads(pickle.dumps(value))
    assert again == value and hash(again) == hash(value) and repr(again) == repr(value)
    assert attrs.evolve(value) == value
    for field in attrs.fields(cls):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, field.name, None)


def test_every_event_is_reached() -> None:
    import community_mediation.domain.events as module

    known = {each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Event)}
    assert known - {Event} <= set(EVENTS)
