"""Names of things within a case: what is named must be there, and what is new must have a name of its own."""

import functools
import types
import typing
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, Final, cast

import attrs

from community_mediation.domain.item import Item
from community_mediation.domain.legal import Referral
from community_mediation.domain.matter import Event, State
from community_mediation.domain.proceedings import Helper
from community_mediation.domain.validators import REFERS
from community_mediation.errors import InvalidValue

RESERVED: Final = "register-"
"""Ids that begin so are given to what came from another register."""

_IDS: Final[Mapping[str, Callable[[State], Iterable[str]]]] = {
    "party": lambda state: (each.id for each in state["parties"]),
    "present": lambda state: (each.id for each in state["parties"] if each.is_present),
    "issue": lambda state: (each.id for each in state["dispute"].issues),
    "attempt": lambda state: (each.id for each in state["attempts"]),
    "assignment": lambda state: (each.id for each in state["assignments"]),
    "session": lambda state: (each.id for each in state["sessions"]),
    "resolution": lambda state: (each.id for each in state["resolutions"]),
    "term": lambda state: (term.id for each in state["resolutions"] for term in each.clauses),
    "follow_up": lambda state: (each.id for each in state["follow_ups"]),
    "risk": lambda state: (str(each.id) for each in state["risks"]),
    "item": lambda state: (str(each.id) for each in (*state["items"], *state["risks"])),
    "helper": lambda state: (str(each.id) for each in state["items"] if isinstance(each, Helper)),
    "referral": lambda state: (str(each.id) for each in state["items"] if isinstance(each, Referral)),
}


def ids_of(what: str, state: State) -> list[str]:
    """The ids of the things of one sort that a case has; ``anything`` is of every sort."""
    if what == "anything":
        return [id for sort in _IDS for id in ids_of(sort, state)]
    return list(_IDS[what](state))


def known(
    named: str | Iterable[str], there: Iterable[str], path: str, problem: str = "the case has none of that id"
) -> None:
    """Refuse a name, or one of several names, of something that is not there.

    Raises:
        InvalidValue: Something is not.
    """
    ids = set(there)
    for index, each in enumerate((named,) if isinstance(named, str) else named):
        if each not in ids:
            where = f"$.{path}" if isinstance(named, str) else f"$.{path}[{index}]"
            raise InvalidValue(problem, path=where, remedy=f"It has: {', '.join(sorted(ids)) or 'none'}.")


def new(id: str, taken: Iterable[str], path: str) -> None:
    """Refuse an id that is taken, or reserved.

    Raises:
        InvalidValue: It is.
    """
    if id in set(taken):
        raise InvalidValue("the id is taken", path=f"$.{path}", remedy="Give another, or leave it out.")
    if id.startswith(RESERVED):
        raise InvalidValue(
            f"ids that begin with {RESERVED} belong to what came from another register",
            path=f"$.{path}",
            remedy="Give another, or leave it out.",
        )


def check_unique(ids: Iterable[str], path: str, taken: Iterable[str] = ()) -> None:
    """Refuse two of the same id.

    Raises:
        InvalidValue: There are.
    """
    seen = set(taken)
    for id in ids:
        if id in seen:
            raise InvalidValue("two of them have the same id", path=f"$.{path}", remedy="Give each an id of its own.")
        seen.add(id)


@functools.cache
def _naming(cls: Any) -> tuple[tuple[str, str | None], ...]:
    """The fields of a class that name something of the case, and those that hold values that may."""
    found: list[tuple[str, str | None]] = []
    for field in attrs.fields(cls):
        if REFERS in field.metadata:
            found.append((field.name, field.metadata[REFERS]))
        elif any(_may_name(each) for each in _classes(field.type)):
            found.append((field.name, None))
    return tuple(found)


def _may_name(cls: Any) -> bool:
    return issubclass(cls, Item) or bool(_naming(cls))


def _classes(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) in (types.UnionType, typing.Union, tuple):
        for each in typing.get_args(annotation):
            yield from _classes(each)
    elif isinstance(annotation, type) and attrs.has(annotation) and not issubclass(annotation, Event):
        yield annotation


def check_references(value: Any, state: State, path: str = "") -> None:
    """Refuse an event or value that names, at any depth, what the case does not have.

    Raises:
        InvalidValue: It does.
    """
    for name, what in _naming(cast(Hashable, type(value))):
        inside = getattr(value, name)
        each_of = inside if isinstance(inside, tuple) else (inside,)
        where = f"{path}{name}"
        if what is not None:
            if inside is not None:
                known(inside, ids_of(what, state), where)
        else:
            for index, each in enumerate(each_of):
                if each is not None:
                    check_references(each, state, f"{where}[{index}]." if isinstance(inside, tuple) else f"{where}.")
