"""Values made from checked parts without checking are the values that checking makes."""

import datetime as dt
from typing import Any

import attrs
import pytest

from community_mediation.domain.attempt import Assignment, Attempt, Session
from community_mediation.domain.follow_up import FollowUp
from community_mediation.domain.making import changed, is_plain, maker, making
from community_mediation.domain.resolution import Resolution
from community_mediation.domain.validators import PUBLIC
from community_mediation.domain.values import Milestone, When
from community_mediation.errors import InvalidValue
from community_mediation.testing.strategies import Random, make
from tests.domain.test_classes import CLASSES, name_of

MADE: list[Any] = [*dict.fromkeys([*CLASSES, Attempt, Assignment, Session, Resolution, FollowUp])]
each_class = pytest.mark.parametrize("cls", MADE, ids=name_of)


def parts_of(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in attrs.fields(type(value))}


@each_class
def test_what_is_made_is_what_the_class_makes(cls: Any) -> None:
    """Equal, of the very class, with the same text and hash, and as frozen."""
    for seed in range(3):
        value = make(cls, Random(seed))
        made = maker(cls)(**parts_of(value))
        assert type(made) is cls and made == value and repr(made) == repr(value) and hash(made) == hash(value)
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(made, attrs.fields(cls)[0].name, None)


@each_class
def test_what_is_left_out_is_as_the_class_has_it(cls: Any) -> None:
    """Defaults, also those that are made from other fields."""
    value = make(cls, Random(1), fill=0.0)
    needed = {field.name: getattr(value, field.name) for field in attrs.fields(cls) if field.default is attrs.NOTHING}
    assert maker(cls)(**needed) == cls(**needed)
    for missing in needed:
        with pytest.raises(TypeError):
            making(cls, False)(**{name: part for name, part in needed.items() if name != missing})
    with pytest.raises(TypeError):
        making(cls, False)(**needed, nothing_of_the_kind=1)


@each_class
def test_a_change_is_what_evolve_makes(cls: Any) -> None:
    one, other = make(cls, Random(5)), make(cls, Random(6), fill=1.0)
    for name, part in parts_of(other).items():
        if cls not in (When, Milestone):  # their parts stand or fall together
            assert changed(one, **{name: part}) == attrs.evolve(one, **{name: part})
    assert changed(one) == one and changed(one) is not one
    assert parts_of(one) == parts_of(attrs.evolve(one)), "the old one stays as it is"


def test_parts_are_not_looked_at_again() -> None:
    """The control: with a part that no check would let pass."""
    assert maker(FollowUp)(id="a b", when=When.unknown()).id == "a b"
    with pytest.raises(InvalidValue):
        FollowUp(id="a b", when=When.unknown())


@attrs.frozen(kw_only=True)
class Looking:
    """A value that looks at itself when it is made."""

    number: int = attrs.field(metadata=PUBLIC)

    def __attrs_post_init__(self) -> None:
        if self.number == 13:
            raise InvalidValue("no luck")


def _positive(number: int) -> int:
    return abs(number)


@attrs.frozen(kw_only=True)
class Turned:
    """A value that makes something else of what it is given."""

    number: int = attrs.field(converter=_positive)


@attrs.frozen(kw_only=True, slots=False)
class Open:
    """A value with a dictionary."""

    number: int = 3
    day: dt.date = attrs.field(factory=lambda: dt.date(2022, 5, 14))
    next: dt.date = attrs.field(default=attrs.Factory(lambda self: self.day + dt.timedelta(days=1), takes_self=True))


def test_what_looks_at_its_parts_looks_at_them() -> None:
    """A class with more to do than to fill its fields makes its values itself."""
    assert not is_plain(Looking) and not is_plain(Turned)
    with pytest.raises(InvalidValue, match="no luck"):
        maker(Looking)(number=13)
    with pytest.raises(InvalidValue, match="no luck"):
        changed(Looking(number=12), number=13)
    assert maker(Turned)(number=-3).number == 3


def test_a_class_of_another_shape_works_as_well() -> None:
    assert is_plain(Open) and maker(Open)() == Open() and changed(Open(), number=4) == Open(number=4)
    assert maker(Open)(day=dt.date(2022, 1, 1)).next == dt.date(2022, 1, 2)
