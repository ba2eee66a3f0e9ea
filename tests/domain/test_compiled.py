"""The rules of a class, written out as one function, say what the rules say one by one."""

import datetime as dt
from decimal import Decimal
from typing import Any

import attrs
import pytest

from community_mediation.domain.compiled import TEXT_CHECKS, FieldRule, whole
from community_mediation.domain.matter import Event
from community_mediation.domain.validators import (
    MAX_ITEMS,
    MAX_NUMBER,
    MAX_TEXT,
    PUBLIC,
    at_least,
    checked,
    code,
    codes,
    identifier,
)
from community_mediation.domain.values import When
from community_mediation.errors import InvalidValue
from community_mediation.testing.strategies import Random, make
from tests.domain.test_classes import CLASSES, name_of

WRONG: list[Any] = [
    *(None, "", " ", "a b", " a", "a ", "a\n", "x", "围墙", "half \ud800", "x" * 200, "x" * 201, "x" * (MAX_TEXT + 1)),
    *("墙" * MAX_TEXT, 0, -1, 1, MAX_NUMBER, -MAX_NUMBER, MAX_NUMBER + 1, -MAX_NUMBER - 1, 2**200, 3.9, True, False),
    *(
        Decimal(1),
        Decimal("NaN"),
        Decimal("1e40"),
        dt.date(2022, 1, 1),
        dt.datetime(2022, 1, 1, tzinfo=dt.UTC),
        When.unknown(),
    ),
    *((), ("",), ("x", " "), ("x", 5), ("x",) * 3, ("x",) * (MAX_ITEMS + 1), ["x"], {}, b"x", When, (None,)),
    *((When.unknown(),), ("half \ud800",), ("x" * 201,), ("x y",)),
]


def ruled(cls: Any) -> list[tuple[Any, FieldRule]]:
    return [(field, field.metadata["rule"]) for field in attrs.fields(cls)]


def told(check: Any) -> tuple[str, str] | None:
    """What a check objects, with its path."""
    try:
        check()
    except InvalidValue as error:
        return error.path, error.problem
    return None


def one_by_one(value: Any) -> None:
    for attribute, rule in ruled(type(value)):
        rule.located(value, attribute, getattr(value, attribute.name))


def differences(cls: Any) -> list[tuple[str, Any]]:
    """Where the function and the rules do not say the same of one wrong, or right, value in one field."""
    value = make(cls, Random(3), fill=1.0)
    at_once = whole(ruled(cls), longest=MAX_TEXT, most=MAX_ITEMS)
    found = []
    for field in attrs.fields(cls):
        there = getattr(value, field.name)
        for wrong in [there, *WRONG]:
            object.__setattr__(value, field.name, wrong)
            one, other = (told(lambda: at_once(value, None, None)), told(lambda: one_by_one(value)))
            if one != other:
                found.append((field.name, wrong))
        object.__setattr__(value, field.name, there)
    return found


@pytest.mark.parametrize("cls", [each for each in CLASSES if "rule" in attrs.fields(each)[0].metadata], ids=name_of)
def test_all_at_once_says_what_one_by_one_says(cls: Any) -> None:
    """For each field, with every kind of wrong value in it: the same problem at the same path, or none."""
    assert differences(cls) == []


@pytest.mark.parametrize("rule", [code, identifier, (codes, tuple)], ids=["code", "identifier", "codes"])
def test_a_laxer_function_is_seen(rule: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""
    monkeypatch.setitem(TEXT_CHECKS, rule, "True")
    assert any(differences(cls) for cls in CLASSES if "rule" in attrs.fields(cls)[0].metadata)


@attrs.frozen(kw_only=True, field_transformer=checked)
class Odd(Event):
    """An event of a plugin, with a rule of its own."""

    number: int = attrs.field(metadata=PUBLIC, validator=at_least(3))


@attrs.frozen(kw_only=True)
class Odder(Odd):
    """Made without looking at its own field."""

    more: int = attrs.field(default=0, metadata=PUBLIC)


@pytest.mark.parametrize("cls", [Odd, Odder])
def test_what_is_inherited_is_checked_once(cls: Any) -> None:
    """The path names the field once, whichever class of the line it stands in."""
    for wrong, path in (({"number": 2}, "$.number"), ({"by": "a b"}, "$.by"), ({"at": None}, "$.at")):
        with pytest.raises(InvalidValue) as caught:
            cls(**{"at": When.unknown(), "by": "x", "number": 3, **wrong})
        assert caught.value.path == path
    assert cls(at=When.unknown(), by="x", number=3).number == 3


def test_the_first_field_that_is_wrong_is_told() -> None:
    with pytest.raises(InvalidValue) as caught:
        Odd(at=When.unknown(), by="a b", number=1)
    assert caught.value.path == "$.by"
