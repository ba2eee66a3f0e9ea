"""Invented people, quarrels and histories for Hypothesis, built on the public model classes only.

Names are surnames with 某, as courts print them; identity numbers begin with 99, an area that is assigned to nobody.
Times and moves are drawn by Hypothesis and shrink; what fills the fields comes from a seed, which is far faster.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
import random
import types
import typing
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import attrs
from hypothesis import strategies as st

from community_mediation.domain import events as ev
from community_mediation.domain.attempt import AttemptKind, Medium, PanelRole, SessionFormat
from community_mediation.domain.case import Case
from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.dispute import Dispute, Intake, Issue
from community_mediation.domain.follow_up import Satisfaction
from community_mediation.domain.matter import Event
from community_mediation.domain.people import MediatorDetails, Party, PersonDetails
from community_mediation.domain.record import Centre, Mediator, Person, Record
from community_mediation.domain.resolution import AgreementForm, Compliance, Conclusion, ResolutionKind
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.stages import ENDINGS, Move
from community_mediation.domain.validators import SENSITIVITY, Sensitivity
from community_mediation.domain.values import NOT_REACHED, UNKNOWN, Code, ExternalId, Milestone, Money, When
from community_mediation.errors import IllegalMove, InvalidValue, MediationError

ZONES: Final = (
    "Asia/Shanghai",
    "Asia/Manila",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "America/Sao_Paulo",
    "America/St_Johns",
    "UTC",
)
SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨叶"
TEXTS: Final = (
    "",
    "=1+1",
    "<b>&amp;</b>",
    "{{ x }}",
    "שלום",
    "面对面调解",
    "\x00\x1f",
    "🧓🏽",
    "null",
    "a\r\nb",
    "  x  ",
)
PARTY_IDS: Final = ("p1", "p2", "p3", "p4")
ISSUE_IDS: Final = ("i1", "i2", "i3")
BY: Final = "account-1"
START: Final = dt.datetime(2022, 3, 1, 1, 0, tzinfo=dt.UTC)

Random = random.Random


def tried(call: Callable[[], Any]) -> Any:
    """What *call* returns, or the error with which this library refuses it; any other error is one."""
    try:
        return call()
    except MediationError as error:
        return error


# ---------------------------------------------------------------- times and small values, drawn by Hypothesis


@functools.cache
def texts(max_size: int = 60) -> st.SearchStrategy[str]:
    """Any text that a field may hold: every script, controls, markup, formulas; no lone surrogates."""
    return st.sampled_from(TEXTS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=max_size)


@functools.cache
def ids() -> st.SearchStrategy[str]:
    """Ids: printable, without blanks."""
    return st.text(st.sampled_from("abcXYZ019-_.:调解é"), min_size=1, max_size=12)


@functools.cache
def offsets() -> st.SearchStrategy[dt.timezone]:
    """Fixed offsets, with seconds in some."""
    usual = st.sampled_from([0, 8 * 3600, 14 * 3600, -12 * 3600, 20700])
    return (usual | st.integers(-86_399, 86_399)).map(lambda each: dt.timezone(dt.timedelta(seconds=each)))


@functools.cache
def instants(
    first: dt.date = dt.date(1801, 1, 1), last: dt.date = dt.date(2999, 1, 1)
) -> st.SearchStrategy[dt.datetime]:
    """Aware moments, to the microsecond."""
    bounds = [dt.datetime.combine(each, dt.time()) for each in (first, last)]
    return st.builds(lambda naive, zone: naive.replace(tzinfo=zone), st.datetimes(*bounds), offsets())


@functools.cache
def whens(
    first: dt.date = dt.date(1801, 1, 1), last: dt.date = dt.date(2999, 1, 1), *, unknown: bool = True
) -> st.SearchStrategy[When]:
    """Instants, days in all kinds of zones, and (unless told otherwise) unknown times."""
    known = st.one_of(
        st.builds(When.on, st.dates(first, last), st.sampled_from(ZONES)), instants(first, last).map(When.at)
    )
    return known | st.just(When.unknown()) if unknown else known


@functools.cache
def money() -> st.SearchStrategy[Money]:
    """Amounts, in cents and in other fractions."""
    cents = st.integers(0, 10**14).map(lambda each: Decimal(each) / 100)
    odd = st.sampled_from([Decimal("0.000001"), Decimal("1E+5"), Decimal("0.10"), Decimal(10**20)])
    return st.builds(Money, cents | odd, st.sampled_from(["CNY", "PHP", "EUR"]))


# ---------------------------------------------------------------- any value of any class, from a seed


def _text(rng: Random) -> str:
    return rng.choice(TEXTS) + "".join(rng.choices("abc xyz，。调解和解", k=rng.randrange(12)))


def _id(rng: Random) -> str:
    return "".join(rng.choices("abcXYZ019-_.:调解é", k=rng.randrange(1, 10)))


def _moment(rng: Random) -> dt.datetime:
    zone = dt.timezone(dt.timedelta(minutes=rng.choice([0, 480, 840, -720, 345, rng.randrange(-1439, 1440)])))
    return dt.datetime(2021, 1, 1, tzinfo=zone) + dt.timedelta(microseconds=rng.randrange(3 * 365 * 86_400 * 10**6))


def _when(rng: Random) -> When:
    kind = rng.randrange(5)
    if kind < 2:
        return When.at(_moment(rng))
    return When.on(_moment(rng).date(), rng.choice(ZONES)) if kind < 4 else When.unknown()


def _milestone(rng: Random) -> Milestone:
    return rng.choice([UNKNOWN, NOT_REACHED, Milestone.at(_when(rng)), Milestone.at(_when(rng))])


def _identity(rng: Random) -> str:
    return f"99{rng.randrange(10**15):015}X"


_MADE: Final[dict[Any, Callable[[Random], Any]]] = {
    bool: lambda rng: rng.random() < 0.5,
    int: lambda rng: rng.choice([1, 2, 9_999]),
    dt.date: lambda rng: dt.date(1930, 1, 1) + dt.timedelta(days=rng.randrange(30_000)),
    When: _when,
    Milestone: _milestone,
    Decimal: lambda rng: Decimal(rng.randrange(10**9)),
    Money: lambda rng: Money(Decimal(rng.randrange(10**9)).scaleb(-rng.randrange(4)), rng.choice(["CNY", "PHP"])),
    Code: lambda rng: Code(rng.choice(["moj_stat_18", "local"]), rng.choice(["neighbour", "land", "纠纷: 其他"])),
}
_NAMED: Final[dict[str, Callable[[Random], Any]]] = {
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
    return cls(**values)


def make_field(field: attrs.Attribute[Any], rng: Random, fill: float = 0.6) -> Any:
    """A value for one field of a class; never ``None`` unless nothing else fits."""
    public = field.metadata[SENSITIVITY] is Sensitivity.NONE
    return _value(field.type, rng, fill, field.name, public=public)


def _value(annotation: Any, rng: Random, fill: float, name: str, *, public: bool) -> Any:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (types.UnionType, typing.Union):
        choices = [each for each in arguments if each is not type(None)]
        return _value(rng.choice(choices), rng, fill, name, public=public)
    if name in _NAMED and annotation in (str, int, tuple[str, ...]) and not (name == "name" and public):
        return _NAMED[name](rng)
    if annotation in _MADE:
        return _MADE[annotation](rng)
    if annotation is str:
        return _id(rng) if public else _text(rng)
    if origin is tuple:
        if arguments[0] in (Party, Issue):
            pool = PARTY_IDS if arguments[0] is Party else ISSUE_IDS
            return tuple(
                attrs.evolve(make(arguments[0], rng, fill), id=each) for each in rng.sample(pool, rng.randrange(4))
            )
        return tuple(_value(arguments[0], rng, fill, name, public=public) for _ in range(rng.randrange(3)))
    if annotation is Event:
        return make(rng.choice([each for each in CASE_EVENTS if each is not ev.Corrected]), rng, fill)
    if issubclass(annotation, enum.Enum):
        return rng.choice(list(annotation))
    return make(annotation, rng, fill)


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


def snapshots() -> st.SearchStrategy[Snapshot]:
    """A case as another register has it: any milestone reached, unknown or not reached, in any order."""
    return made(Snapshot)


@functools.cache
def case_events() -> st.SearchStrategy[Event]:
    """Any event of a case, sensible or not."""
    return st.builds(lambda seed, cls: make(cls, Random(seed)), st.integers(0, 2**32), st.sampled_from(CASE_EVENTS))


@functools.cache
def event_lists(max_size: int = 10) -> st.SearchStrategy[tuple[Event, ...]]:
    """A birth, and then anything at all."""
    births = made(ev.Reported) | made(ev.Registered)
    return st.builds(lambda birth, rest: (birth, *rest), births, st.lists(case_events(), max_size=max_size))


# ---------------------------------------------------------------- histories

Mover = Callable[[When], Case]


def mover(case: Case, move: Move, rng: Random) -> Mover:
    """One way to make *move* on *case*; whether it is legal depends on when it is said to have happened."""
    there = [party.id for party in case.parties]
    points = [issue.id for issue in case.dispute.issues]
    bound = rng.sample(there, rng.randrange(len(there) + 1))
    note = _text(rng) if rng.random() < 0.5 else None
    told: dict[str, Any] = {"by": BY, "note": note}
    why: dict[str, Any] = {**told, "reason": _id(rng) if rng.random() < 0.5 else None}
    pick = rng.choice
    match move:
        case Move.ACCEPT:
            return lambda at: case.accept(at=at, by=BY)
        case Move.DECLINE:
            return lambda at: case.decline(at=at, **why)
        case Move.BEGIN_ATTEMPT:
            kind, consented = pick(list(AttemptKind)), pick([None, _when(rng)])
            return lambda at: case.begin_attempt(at=at, by=BY, kind=kind, consented=consented)
        case Move.END_ATTEMPT:
            return lambda at: case.end_attempt(at=at, **why)
        case Move.ASSIGN:
            role, attempt = pick(list(PanelRole)), pick([None, *(each.id for each in case.attempts)])
            mediator = _id(rng)
            return lambda at: case.assign(at=at, by=BY, mediator=mediator, role=role, attempt=attempt)
        case Move.HOLD_SESSION:
            form, medium = pick([None, *SessionFormat]), pick([None, *Medium])
            return lambda at: case.hold_session(
                at=at, by=BY, format=form, medium=medium, attended=bound, minutes=45, record=note
            )
        case Move.RESOLVE | Move.RESOLVE_ON_THE_SPOT:
            spot = move is Move.RESOLVE_ON_THE_SPOT
            terms: dict[str, Any] = {
                "parties": bound,
                "issues": rng.sample(points, rng.randrange(len(points) + 1)),
                "form": pick([None, *AgreementForm]),
                "kind": pick([ResolutionKind.AGREEMENT, *ResolutionKind]),
                "amount": pick([None, Money(Decimal("1200.50"), "CNY")]),
                "concludes": spot or rng.random() < 0.5,
            }
            return lambda at: case.resolve(at=at, by=BY, on_the_spot=spot, terms=note, **terms)
        case Move.CONCLUDE_WITHOUT_AGREEMENT:
            ending = pick(sorted(ENDINGS.get(case.process, frozenset(Conclusion))))
            return lambda at: case.conclude_without_agreement(at=at, conclusion=ending, **why)
        case Move.WITHDRAW:
            who = pick([None, *there])
            return lambda at: case.withdraw(at=at, party=who, **why)
        case Move.RECORD_COMPLIANCE:
            found, which = pick(list(Compliance)), pick([None, *(each.id for each in case.resolutions)])
            return lambda at: case.record_compliance(at=at, compliance=found, resolution=which, **told)
        case Move.FOLLOW_UP:
            kept, score = pick([None, *Compliance]), rng.randrange(1, 6)
            answers = [Satisfaction(score=score, side="A")]
            return lambda at: case.follow_up(at=at, kept=kept, satisfaction=answers, **told)
        case Move.CLOSE:
            return lambda at: case.close(at=at, by=BY)
        case Move.REOPEN:
            return lambda at: case.reopen(at=at, **why)
        case Move.CORRECT:
            number = rng.randrange(len(case.events)) + 1
            others = [each for each in case.events if not isinstance(each, ev.Corrected | ev.Amended)]
            target = case.events[number - 1]
            other = pick([target, target, *others])
            replacement = None if rng.random() < 0.4 else attrs.evolve(other, at=_near(target.at, rng))
            return lambda at: case.correct(number, replacement, at=at, by=BY, reason=note)
        case Move.AMEND:
            snapshot, fields = make(Snapshot, rng), _NAMED["fields"](rng)
            reported = pick([None, None, _when(rng)])
            return lambda at: case.amend(at=at, by=BY, snapshot=snapshot, fields=fields, reported=reported)


def _near(when: When, rng: Random) -> When:
    start = when.earliest
    return when if start is None else When.at(start + dt.timedelta(hours=rng.randrange(-72, 73)))


def loosely(moment: dt.datetime, rng: Random) -> When:
    """A time that may mean *moment*: the instant itself, its local day, or (seldom) unknown."""
    kind = rng.randrange(9)
    if kind < 4:
        return When.at(moment.astimezone(dt.timezone(dt.timedelta(minutes=rng.choice([0, 480, 840, -720])))))
    return When.unknown() if kind == 8 else When.on(moment.date(), rng.choice(ZONES))


def new_case(rng: Random, *, registered: bool | None = None, at: When | None = None) -> Case:
    """A case that has just come in: reported here, or registered from elsewhere."""
    given: dict[str, Any] = {
        "id": "case-" + rng.choice("abc"),
        "centre": "centre-1",
        "at": loosely(START, rng) if at is None else at,
        "by": BY,
        "reference": rng.choice([None, "晋医人调字[2019]011号"]),
        "external": rng.choice([None, ExternalId("old-register", _id(rng))]),
    }
    if registered or (registered is None and rng.random() < 0.5):
        return Case.register(snapshot=make(Snapshot, rng), **given)
    people = _value(tuple[Party, ...], rng, 0.6, "parties", public=True)
    return Case.report(dispute=make(Dispute, rng), intake=make(Intake, rng), parties=people, **given)


@functools.cache
def new_cases(*, registered: bool | None = None) -> st.SearchStrategy[Case]:
    """A case that has just come in."""
    return st.integers(0, 2**32).map(lambda seed: new_case(Random(seed), registered=registered))


_HOURS: Final = st.sampled_from([1, 0, 5, 30, 200])
_MOVES: Final = st.lists(st.tuples(st.integers(0, 2**16), _HOURS, st.integers(0, 4)), max_size=10)


def _lived(case: Case, moves: list[tuple[int, int, int]], saved: bool) -> Case:
    clock = START
    for seed, hours, late in moves:
        rng = Random(seed)
        clock += dt.timedelta(hours=hours)
        when = clock - dt.timedelta(hours=rng.randrange(1, 300)) if late == 4 else clock
        move = rng.choice(list(Move) if late == 4 else case.possible)
        try:
            case = mover(case, move, rng)(loosely(when, rng))
        except (IllegalMove, InvalidValue):
            continue
    return case.saved() if saved else case


@functools.cache
def cases(*, registered: bool | None = None) -> st.SearchStrategy[Case]:
    """A case made by random legal moves, some recorded late, with corrections, amendments and loose times."""
    return st.builds(_lived, new_cases(registered=registered), _MOVES, st.booleans())


# ---------------------------------------------------------------- persons, mediators, centres


def _record(cls: Any, details: Any, seed: int) -> Any:
    rng = Random(seed)
    record: Record = cls.create(id="record-1", details=make(details, rng), at=loosely(START, rng), by=BY)
    clock = START
    for _ in range(rng.randrange(4)):
        clock += dt.timedelta(hours=rng.randrange(-30, 400))
        try:
            record = record.change(details=make(details, rng), at=loosely(clock, rng), by=BY)
        except (IllegalMove, InvalidValue):
            continue
    if rng.random() < 0.5:
        record = record.end(at=When.unknown(), by=BY, reason="left", note=_text(rng))
    return record


def persons() -> st.SearchStrategy[Person]:
    """A person with a history."""
    return st.integers(0, 2**32).map(lambda seed: typing.cast(Person, _record(Person, PersonDetails, seed)))


def mediators() -> st.SearchStrategy[Mediator]:
    """A mediator with a history."""
    return st.integers(0, 2**32).map(lambda seed: typing.cast(Mediator, _record(Mediator, MediatorDetails, seed)))


def centres() -> st.SearchStrategy[Centre]:
    """A centre with a history."""
    return st.integers(0, 2**32).map(lambda seed: typing.cast(Centre, _record(Centre, CentreDetails, seed)))
