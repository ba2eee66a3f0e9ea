"""What the tests of this room share: scenarios, what is seen in their cases, and what chance alone may do."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

import community_mediation as cm
from community_mediation import simulate
from community_mediation.domain import events as ev
from community_mediation.domain.matter import Event
from community_mediation.domain.resolution import Compliance

SHARES: Final[Mapping[str, float]] = {
    "on_the_spot": 0.2,
    "repeat": 0.25,
    "late": 0.2,
    "corrected": 0.15,
    "reopened": 0.12,
    "breached": 0.2,
    "partly": 0.3,
    "dangers": 0.18,
    "referred": 0.3,
    "english": 0.22,
}
"""Shares that all differ from their defaults, and are large enough to be told from others with a thousand cases."""
RICH: Final = simulate.Scenario.centre(seed=5, cases=1200, runs_on=900, centres=3, **SHARES)
"""Everything happens in it, and it goes on until all is over."""
LATE: Final = dt.timedelta(days=7)
ENDS: Final = (ev.Resolved, ev.ConcludedWithoutAgreement, ev.Withdrawn, ev.Declined)


@attrs.frozen
class Told:
    """A case as a simulation told it: how it stands at last, and when each of its events was recorded."""

    case: cm.Case
    recorded: tuple[dt.datetime, ...]

    def of(self, *kinds: type[Event]) -> list[tuple[Any, dt.datetime]]:
        """Its events of these kinds, with when they were recorded."""
        return [(event, at) for event, at in zip(self.case.events, self.recorded, strict=True) if type(event) in kinds]

    def has(self, *kinds: type[Event]) -> bool:
        """Whether it has any."""
        return bool(self.of(*kinds))


def told(scenario: simulate.Scenario) -> list[Told]:
    """All cases of a scenario, as ``matters`` tells them save by save."""
    clock = simulate.Clock()
    last: dict[str, Told] = {}
    for matter in simulate.matters(scenario, clock=clock):
        if isinstance(matter, cm.Case):
            before = last[matter.id].recorded if matter.history else ()
            last[matter.id] = Told(matter, before + (clock(),) * len(matter.pending))
    return list(last.values())


def is_late(each: Told) -> bool:
    """Whether its report or an ending was recorded a week after it happened, or later."""
    return any(recorded - event.at.latest >= LATE for event, recorded in each.of(ev.Reported, *ENDS))


def looks(each: Told) -> list[Compliance]:
    """What was found when somebody looked whether the agreement is kept."""
    return [event.compliance for event, _ in each.of(ev.ComplianceRecorded)]


def has_ended(each: Told) -> bool:
    """Whether it is over."""
    return each.case.conclusion is not None


Seen = Callable[[Told], bool]
SEEN: Final[Mapping[str, tuple[Seen, Seen]]] = {
    "on_the_spot": (
        lambda each: each.case.conclusion == "settled",
        lambda each: any(event.on_the_spot for event, _ in each.of(ev.Resolved)),
    ),
    "repeat": (lambda each: True, lambda each: any(party.person for party in each.case.parties)),
    "late": (lambda each: True, is_late),
    "corrected": (lambda each: each.has(ev.SessionHeld) and has_ended(each), lambda each: each.has(ev.Corrected)),
    "reopened": (
        lambda each: each.has(ev.AttemptBegun) and each.case.conclusion in ("settled", "not_settled"),
        lambda each: each.has(ev.Reopened),
    ),
    "breached": (lambda each: bool(looks(each)), lambda each: Compliance.BREACHED in looks(each)),
    "partly": (lambda each: bool(looks(each)), lambda each: Compliance.PARTLY in looks(each)),
    "dangers": (lambda each: each.has(ev.SessionHeld), lambda each: bool(each.case.risks)),
    "referred": (lambda each: True, lambda each: each.case.intake.source == "referral"),
    "english": (lambda each: True, lambda each: str(each.case.dispute.title).isascii()),
}
"""By the name of a share: the cases that it is a share of, and those that it counts."""


def seen(name: str, cases: Iterable[Told]) -> tuple[int, int]:
    """How many of how many: read off the cases, and not off what was drawn for them."""
    among, counts = SEEN[name]
    some = [each for each in cases if among(each)]
    return sum(map(counts, some)), len(some)


def tails(count: int, number: int, share: float) -> float:
    """Twice the chance of a count at least as far out on its side, of a binomial; exactly, term by term."""
    if not 0 < share < 1:
        return float(count == number * share)
    far = range(count + 1) if count <= number * share else range(count, number + 1)
    whole, yes, no = math.lgamma(number + 1), math.log(share), math.log1p(-share)
    return 2 * math.fsum(
        math.exp(whole - math.lgamma(each + 1) - math.lgamma(number - each + 1) + each * yes + (number - each) * no)
        for each in far
    )


def fits(count: int, number: int, share: float) -> bool:
    """Whether chance alone gives such a count more often than once in ten thousand times."""
    return tails(count, number, share) >= 1e-4


def texts(value: Any) -> Iterator[tuple[str, str]]:
    """Every text at any depth, with the name of its field."""
    if isinstance(value, tuple):
        yield from itertools.chain.from_iterable(map(texts, value))
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            inside = getattr(value, field.name)
            if isinstance(inside, str):
                yield field.name, str(inside)
            else:
                yield from texts(inside)
