"""Any value of any class of the domain, from its annotations and a seed.

A class or a field that is added to the domain is covered without a word here.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import types
import typing
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

import attrs
from hypothesis import strategies as st

from community_mediation.domain import events as ev
from community_mediation.domain.dispute import Claim, Dispute, Issue
from community_mediation.domain.items import ITEMS, Item
from community_mediation.domain.matter import Event
from community_mediation.domain.people import Party
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.tally import TallyDetails
from community_mediation.domain.validators import REFERS, SENSITIVITY, Sensitivity
from community_mediation.domain.values import NOT_REACHED, UNKNOWN, Code, Milestone, Money, Period, When
from community_mediation.testing.strategies.values import ISSUE_IDS, PARTY_IDS, SURNAMES, TEXTS, ZONES, Random

Ids = Callable[[str], Sequence[str]]
"""The ids of the things of one sort that there are."""


def some_text(rng: Random) -> str:
    """A text that a personal field may hold, awkward ones among them."""
    return rng.choice(TEXTS) + "".join(rng.choices("abc xyz，。调解和解", k=rng.randrange(12)))


def some_id(rng: Random) -> str:
    """An id."""
    return "".join(rng.choices("abcXYZ019-_.:调解é", k=rng.randrange(1, 10)))


def _moment(rng: Random) -> dt.datetime:
    zone = dt.timezone(dt.timedelta(minutes=rng.choice([0, 480, 840, -720, 345, rng.randrange(-1439, 1440)])))
    return dt.datetime(2021, 1, 1, tzinfo=zone) + dt.timedelta(microseconds=rng.randrange(3 * 365 * 86_400 * 10**6))


def some_when(rng: Random) -> When:
    """A time: an instant, a day, or unknown."""
    kind = rng.randrange(5)
    if kind < 2:
        return When.at(_moment(rng))
    return When.on(_moment(rng).date(), rng.choice(ZONES)) if kind < 4 else When.unknown()


def _milestone(rng: Random) -> Milestone:
    return rng.choice([UNKNOWN, NOT_REACHED, Milestone.at(some_when(rng)), Milestone.at(some_when(rng))])


def _identity(rng: Random) -> str:
    return f"99{rng.randrange(10**15):015}X"


_MADE: Final[dict[Any, Callable[[Random], Any]]] = {
    bool: lambda rng: rng.random() < 0.5,
    int: lambda rng: rng.choice([1, 2, 9_999]),
    dt.date: lambda rng: dt.date(1930, 1, 1) + dt.timedelta(days=rng.randrange(30_000)),
    When: some_when,
    Milestone: _milestone,
    Decimal: lambda rng: Decimal(rng.randrange(10**9)),
    Money: lambda rng: Money(Decimal(rng.randrange(10**9)).scaleb(-rng.randrange(4)), rng.choice(["CNY", "PHP"])),
    Period: lambda rng: Period.parse(rng.choice(["2022", "2022-H1", "2022-Q3", "2022-06", "2022-01-02..2022-05-31"])),
    Code: lambda rng: Code(rng.choice(["moj_stat_18", "local"]), rng.choice(["neighbour", "land", "纠纷: 其他"])),
}
NAMED: Final[dict[str, Callable[[Random], Any]]] = {
    "name": lambda rng: rng.choice(SURNAMES) + rng.choice(["某", "某某", "某甲"]),
    "identity": _identity,
    "zone": lambda rng: rng.choice(ZONES),
    "currency": lambda rng: "CNY",
    "score": lambda rng: rng.randrange(1, 6),
    "target": lambda rng: rng.randrange(1, 12),
    "attended": lambda rng: tuple(rng.sample(PARTY_IDS, rng.randrange(3))),
    "fields": lambda rng: tuple(rng.sample(_SNAPSHOT_FIELDS, rng.randrange(5))),
    "side": lambda rng: rng.choice("AB"),
    "party": lambda rng: rng.choice(PARTY_IDS),
    **dict.fromkeys(("resolution", "session", "follow_up"), lambda rng: rng.choice(("x1", "x2", "register-agreement"))),
    **dict.fromkeys(("attempt", "assignment"), lambda rng: rng.choice(("a1", "a2", "register-attempt"))),
}
"""How a field of that name is filled, where its type alone would say too little."""
_SNAPSHOT_FIELDS: Final[tuple[str, ...]] = tuple(field.name for field in attrs.fields(Snapshot))
CASE_EVENTS: Final[tuple[type[Event], ...]] = tuple(
    each for each in vars(ev).values() if isinstance(each, type) and issubclass(each, Event) and each is not Event
)
"""Every class of event of a case."""


def make(cls: Any, rng: Random, fill: float = 0.6) -> Any:
    """A value of a value class or event, from its annotations; each optional field is filled with that chance."""
    if cls in _MADE:
        return _MADE[cls](rng)
    values = {}
    for field in attrs.fields(cls):
        if field.default is not attrs.NOTHING and rng.random() > fill:
            continue
        values[field.alias] = make_field(field, rng, fill)
    if cls is Snapshot and rng.random() < 0.5:
        _in_order(values, rng)
    if cls is TallyDetails:
        values.setdefault("cases", 0)
    return cls(**values)


def make_field(field: attrs.Attribute[Any], rng: Random, fill: float = 0.6) -> Any:
    """A value for one field of a class; never ``None`` unless nothing else fits."""
    public = field.metadata[SENSITIVITY] is Sensitivity.NONE
    return some_value(field.type, rng, fill, field.name, public=public)


def some_value(annotation: Any, rng: Random, fill: float, name: str, *, public: bool) -> Any:
    """A value for an annotation; *name* is that of its field, and *public* whether it names no one."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        choices = [each for each in arguments if each is not type(None)]
        return some_value(rng.choice(choices), rng, fill, name, public=public)
    if name in NAMED and annotation in (str, int, tuple[str, ...]) and not (name == "name" and public):
        return NAMED[name](rng)
    if annotation in _MADE:
        return _MADE[annotation](rng)
    if annotation is str:
        return some_id(rng) if public else some_text(rng)
    if origin is tuple:
        if arguments[0] in (Party, Issue, Claim):
            pool = PARTY_IDS if arguments[0] is Party else ISSUE_IDS
            return tuple(
                attrs.evolve(make(arguments[0], rng, fill), id=each) for each in rng.sample(pool, rng.randrange(4))
            )
        return tuple(some_value(arguments[0], rng, fill, name, public=public) for _ in range(rng.randrange(3)))
    if annotation is Event:
        return make(rng.choice([each for each in CASE_EVENTS if each is not ev.Corrected]), rng, fill)
    if annotation is Item:
        return make(rng.choice(list(ITEMS.values())), rng, fill)
    if issubclass(annotation, enum.Enum):
        return rng.choice(list(annotation))
    return make(annotation, rng, fill)


def fitting(value: Any, ids: Ids, rng: Random) -> Any:
    """The value with everything that it names, at any depth, taken from what is there; what is not there is left out.

    A field that must name something and finds nothing keeps its made-up name, which the case refuses.
    """
    changes: dict[str, Any] = {}
    for field in attrs.fields(type(value)):
        inside = getattr(value, field.name)
        if (what := field.metadata.get(REFERS)) is not None:
            there = list(ids(what))
            if isinstance(inside, tuple):
                changes[field.name] = tuple(rng.sample(there, min(len(there), len(inside))))
            elif inside is not None and (there or field.default is not attrs.NOTHING):
                changes[field.name] = rng.choice(there) if there else None
        elif isinstance(inside, tuple) and any(attrs.has(type(each)) for each in inside):
            changes[field.name] = tuple(fitting(each, ids, rng) if attrs.has(type(each)) else each for each in inside)
    return attrs.evolve(value, **changes)


def at_home(parties: tuple[Party, ...], dispute: Dispute, rng: Random) -> tuple[tuple[Party, ...], Dispute]:
    """Parties of whom nobody has left, and a dispute, that name only these parties."""
    there = [party.id for party in parties]
    present = tuple(
        attrs.evolve(fitting(party, lambda what: there, rng), left=NOT_REACHED, left_reason=None, successor=None)
        for party in parties
    )
    return present, fitting(dispute, lambda what: there, rng)


def some_snapshot(rng: Random, fill: float = 0.6) -> Snapshot:
    """A case as another register has it: any milestone reached, unknown or not reached, in any order."""
    snapshot: Snapshot = make(Snapshot, rng, fill)
    parties, dispute = at_home(snapshot.parties, snapshot.dispute, rng)
    return attrs.evolve(snapshot, parties=parties, dispute=dispute)


def _in_order(values: dict[str, Any], rng: Random) -> None:
    # Most registers tell a life in its order.
    day = dt.date(2022, 3, 1)
    for field in attrs.fields(Snapshot):
        if field.type is Milestone and field.name in values and values[field.name].is_reached:
            day += dt.timedelta(days=rng.randrange(20))
            values[field.name] = Milestone.at(When.on(day, "Asia/Shanghai"))


@functools.cache
def made(cls: Any, fill: float = 0.6) -> st.SearchStrategy[Any]:
    """Any value of that class."""
    return st.integers(0, 2**32).map(lambda seed: make(cls, Random(seed), fill))


def parties() -> st.SearchStrategy[Party]:
    """A person's part in one case."""
    return made(Party)


def disputes() -> st.SearchStrategy[Dispute]:
    """What a quarrel is about."""
    return made(Dispute)


@functools.cache
def snapshots(fill: float = 0.6) -> st.SearchStrategy[Snapshot]:
    """A case as another register has it: any milestone reached, unknown or not reached, in any order."""
    return st.integers(0, 2**32).map(lambda seed: some_snapshot(Random(seed), fill))


@functools.cache
def case_events() -> st.SearchStrategy[Event]:
    """Any event of a case, sensible or not."""
    return st.builds(lambda seed, cls: make(cls, Random(seed)), st.integers(0, 2**32), st.sampled_from(CASE_EVENTS))


@functools.cache
def event_lists(max_size: int = 10) -> st.SearchStrategy[tuple[Event, ...]]:
    """A birth, and then anything at all."""
    births = made(ev.Reported) | made(ev.Registered)
    return st.builds(lambda birth, rest: (birth, *rest), births, st.lists(case_events(), max_size=max_size))
