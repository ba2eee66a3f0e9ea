"""Rules that hold in every house: what can never be erased must not name anyone."""

from __future__ import annotations

import datetime as dt
import functools
import operator
import re
import types
import typing
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, cast

import attrs

from community_mediation.domain.matter import Event
from community_mediation.domain.validators import SENSITIVITY, Sensitivity
from community_mediation.domain.values import When
from community_mediation.ports import Objection, Weight

IDENTITY_NUMBER: Final = "core.identity_number_in_public"
"""The code of the objection to an identity number in a public field."""

LENGTH: Final = 18
# Digits of any script: a full-width number names a person as well.
_CANDIDATE: Final = re.compile(r"(?<!\d)\d{17}[\dXxＸｘ](?!\d)")
_GROUPING: Final = re.compile(r"(?<=\d)[\s\-\u2010-\u2015.·・_]{1,3}(?=[\dXxＸｘ])")
# From the first digit of a group: whoever begins inside one finds no more.
_DIGITS: Final = re.compile(r"(?<!\d)\d(?:[\s\-\u2010-\u2015.·・_]{0,3}\d){16}")
_CHECK_DIGITS: Final = "10X98765432"


def holds_identity_number(text: str) -> bool:
    """Whether a text holds a resident identity number of the People's Republic of China.

    GB 11643-1999: six digits of area, eight of the date of birth, three of sequence, and a check character by
    ISO 7064 MOD 11-2. Of random numbers of 18 digits some 7 in 100,000 look like one.
    """
    if len(text) < LENGTH:
        return False
    found = _CANDIDATE.findall(text)
    if not text.isalnum():
        # Written in groups: 990101 19900101 001X, or with hyphens or dots between.
        found += _CANDIDATE.findall(_GROUPING.sub("", text))
    return any(map(_is_identity_number, found))


def may_hold_identity_number(text: str) -> bool:
    """Whether a text has so many digits in a row, however grouped, that a closer look is worth it."""
    return len(text) >= LENGTH and _DIGITS.search(text) is not None


def _is_identity_number(candidate: str) -> bool:
    digits = [int(each) for each in candidate[:-1]]
    year, month, day = (int("".join(map(str, digits[start:end]))) for start, end in ((6, 10), (10, 12), (12, 14)))
    try:
        born = dt.date(year, month, day)
    except ValueError:
        return False
    total = sum(digit * pow(2, LENGTH - 1 - place, 11) for place, digit in enumerate(digits))
    check = "X" if candidate[-1] in "XxＸｘ" else str(int(candidate[-1]))
    return 1900 <= born.year < 2100 and _CHECK_DIGITS[total % 11] == check


def identity_number_objections(event: Event, matter_id: str) -> list[Objection]:
    """An objection for each public text of the event, and for the matter's id, that holds an identity number."""
    paths = [f"${path}" for path in _found(event)] if _holds(event) else []
    if _short_holds(matter_id):
        paths.insert(0, "the id of the matter")
    return [
        Objection(
            code=IDENTITY_NUMBER,
            weight=Weight.BLOCK,
            reason=f"{path} holds an identity number, and stands in the public part of the journal",
            source="GB 11643-1999 with ISO 7064 MOD 11-2, by which the number is recognised",
            remedy="Put it in a private field: what is public cannot be erased.",
        )
        for path in paths
    ]


_short_holds: Final = functools.lru_cache(maxsize=4096)(holds_identity_number)
"""The same for texts that come again and again: ids of accounts, centres, mediators, and of the matter itself."""
_SHORT: Final = 64


def _holds(value: Any) -> bool:
    """Whether an attrs value holds one anywhere in public: ``_found`` without the paths, in a fraction of the time."""
    return _any_holds(_public_values(cast(Any, type(value)))(value))


def _any_holds(values: Iterable[Any]) -> bool:
    for value in values:
        kind: Any = type(value)
        if kind is str:
            length = len(value)
            if length >= LENGTH and (_short_holds(value) if length <= _SHORT else holds_identity_number(value)):
                return True
        elif value is None:
            continue
        elif kind is tuple:
            if value and _any_holds(value):
                return True
        elif _is_looked_into(kind) and _holds(value):
            return True
    return False


@functools.cache
def _public_values(cls: Any) -> Callable[[Any], Sequence[Any]]:
    names = _public_fields(cls)
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda value: [getattr(value, name) for name in names]


def _found(value: Any) -> list[str]:
    """The paths inside an attrs value that lead to an identity number."""
    return [
        f".{name}{path}" for name in _public_fields(cast(Any, type(value))) for path in _found_in(getattr(value, name))
    ]


def _found_in(value: Any) -> list[str]:
    kind: Any = type(value)
    if kind is str:
        return [""] if holds_identity_number(value) else []
    if kind is tuple:
        return [f"[{index}]{path}" for index, each in enumerate(value) for path in _found_in(each)]
    return _found(value) if _is_looked_into(kind) else []


@functools.cache
def _is_looked_into(kind: Any) -> bool:
    # The only text of a time is a zone of the time zone database.
    return kind is not When and attrs.has(kind) and bool(_public_fields(cast(Any, kind)))


@functools.cache
def _public_fields(cls: Any) -> tuple[str, ...]:
    """The public fields of a class that can hold a text, however deep inside."""
    return tuple(
        field.name
        for field in attrs.fields(cls)
        if field.metadata.get(SENSITIVITY, Sensitivity.NONE) is Sensitivity.NONE and _may_hold_text(field.type)
    )


def _may_hold_text(annotation: Any) -> bool:
    if typing.get_origin(annotation) in (types.UnionType, typing.Union, tuple):
        return any(map(_may_hold_text, typing.get_args(annotation)))
    if annotation is When:
        return False
    if annotation is str or annotation is Event:
        # An event stands for whichever event it is.
        return True
    return isinstance(annotation, type) and attrs.has(annotation) and bool(_public_fields(cast(Any, annotation)))
