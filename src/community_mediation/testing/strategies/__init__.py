"""Invented people, quarrels and histories for Hypothesis, built on the public model classes only.

Names are surnames with 某, as courts print them; identity numbers begin with 99, an area that is assigned to nobody.
Times and moves are drawn by Hypothesis and shrink; what fills the fields comes from a seed, which is far faster.

``cases()``, ``event_lists()``, ``parties()``, ``whens()``, ``money()`` and so on are strategies; ``make(cls, rng)``
and ``new_case(rng)`` give one value from a ``random.Random``, for tests that draw their own seeds.
"""

from community_mediation.testing.strategies.histories import (
    Mover,
    cases,
    loosely,
    mover,
    new_case,
    new_cases,
)
from community_mediation.testing.strategies.making import (
    CASE_EVENTS,
    case_events,
    disputes,
    event_lists,
    made,
    make,
    make_field,
    parties,
    snapshots,
)
from community_mediation.testing.strategies.records import (
    centres,
    mediators,
    persons,
    some_centre,
    some_mediator,
    some_person,
    some_tally,
    tallies,
)
from community_mediation.testing.strategies.samples import lived_case, walked
from community_mediation.testing.strategies.values import (
    BY,
    ISSUE_IDS,
    PARTY_IDS,
    START,
    SURNAMES,
    TEXTS,
    ZONES,
    Random,
    ids,
    instants,
    money,
    offsets,
    texts,
    tried,
    whens,
)

__all__ = [
    "BY",
    "CASE_EVENTS",
    "ISSUE_IDS",
    "Mover",
    "PARTY_IDS",
    "Random",
    "START",
    "SURNAMES",
    "TEXTS",
    "ZONES",
    "case_events",
    "cases",
    "centres",
    "disputes",
    "event_lists",
    "ids",
    "instants",
    "lived_case",
    "loosely",
    "made",
    "make",
    "make_field",
    "mediators",
    "money",
    "mover",
    "new_case",
    "new_cases",
    "offsets",
    "parties",
    "persons",
    "snapshots",
    "some_centre",
    "some_mediator",
    "some_person",
    "some_tally",
    "tallies",
    "texts",
    "tried",
    "walked",
    "whens",
]
