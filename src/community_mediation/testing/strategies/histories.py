"""Cases that have lived: random legal moves, some recorded late, with corrections, amendments and loose times."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import attrs
from hypothesis import strategies as st

from community_mediation.domain import events as ev
from community_mediation.domain.attempt import AttemptKind, Medium, PanelChoice, PanelRole, SessionFormat
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute, Intake
from community_mediation.domain.follow_up import Satisfaction
from community_mediation.domain.people import Party
from community_mediation.domain.proceedings import Helper
from community_mediation.domain.resolution import AgreementForm, Compliance, Conclusion, ResolutionKind
from community_mediation.domain.stages import ENDINGS, Move
from community_mediation.domain.values import ExternalId, Money, When
from community_mediation.errors import IllegalMove, InvalidValue
from community_mediation.testing.strategies.making import (
    NAMED,
    at_home,
    make,
    some_id,
    some_snapshot,
    some_text,
    some_value,
    some_when,
)
from community_mediation.testing.strategies.noting import noting_mover, some_terms
from community_mediation.testing.strategies.values import BY, START, ZONES, Random

Mover = Callable[[When], Case]


def mover(case: Case, move: Move, rng: Random) -> Mover:
    """One way to make *move* on *case*; whether it is legal depends on when it is said to have happened."""
    there = [party.id for party in case.parties]
    points = [issue.id for issue in case.dispute.issues]
    bound = rng.sample(there, rng.randrange(len(there) + 1))
    note = some_text(rng) if rng.random() < 0.5 else None
    told: dict[str, Any] = {"by": BY, "note": note}
    why: dict[str, Any] = {**told, "reason": some_id(rng) if rng.random() < 0.5 else None}
    pick = rng.choice
    match move:
        case Move.ACCEPT:
            return lambda at: case.accept(at=at, by=BY)
        case Move.DECLINE:
            return lambda at: case.decline(at=at, **why)
        case Move.BEGIN_ATTEMPT:
            clock = {"due": pick([None, some_when(rng)]), "chosen": pick([None, *PanelChoice])}
            kind, consented = pick(list(AttemptKind)), pick([None, some_when(rng)])
            return lambda at: case.begin_attempt(at=at, by=BY, kind=kind, consented=consented, **clock)
        case Move.END_ATTEMPT:
            return lambda at: case.end_attempt(at=at, **why)
        case Move.ASSIGN:
            role, attempt = pick(list(PanelRole)), pick([None, *(each.id for each in case.attempts)])
            mediator = some_id(rng)
            return lambda at: case.assign(at=at, by=BY, mediator=mediator, role=role, attempt=attempt)
        case Move.HOLD_SESSION:
            form, medium = pick([None, *SessionFormat]), pick([None, *Medium])
            helpers = [str(each.id) for each in case.noted(Helper)]
            return lambda at: case.hold_session(
                at=at, by=BY, format=form, medium=medium, attended=bound, helpers=helpers, minutes=45, record=note
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
                "clauses": some_terms(case, rng),
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
            clauses = [term.id for each in case.resolutions if each.id == which for term in each.clauses]
            term = pick([None, *clauses])
            return lambda at: case.record_compliance(at=at, compliance=found, resolution=which, term=term, **told)
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
            snapshot, fields = some_snapshot(rng), NAMED["fields"](rng)
            reported = pick([None, None, some_when(rng)])
            return lambda at: case.amend(at=at, by=BY, snapshot=snapshot, fields=fields, reported=reported)
        case _:
            return noting_mover(case, move, rng)


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
        "external": rng.choice([None, ExternalId("old-register", some_id(rng))]),
    }
    if registered or (registered is None and rng.random() < 0.5):
        return Case.register(snapshot=some_snapshot(rng), **given)
    people = some_value(tuple[Party, ...], rng, 0.6, "parties", public=True)
    people, dispute = at_home(people, make(Dispute, rng), rng)
    return Case.report(dispute=dispute, intake=make(Intake, rng), parties=people, **given)


@functools.cache
def new_cases(*, registered: bool | None = None) -> st.SearchStrategy[Case]:
    """A case that has just come in."""
    return st.integers(0, 2**32).map(lambda seed: new_case(Random(seed), registered=registered))


_HOURS: Final = st.sampled_from([1, 0, 5, 30, 200])
_MOVES: Final = st.lists(st.tuples(st.integers(0, 2**16), _HOURS, st.integers(0, 4)), max_size=10)


def lived(case: Case, moves: list[tuple[int, int, int]], saved: bool) -> Case:
    """*case* after those of the moves that were legal; each is a seed, hours that passed, and whether it came late."""
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
    return st.builds(lived, new_cases(registered=registered), _MOVES, st.booleans())
