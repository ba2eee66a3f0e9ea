"""Seeded centres and countries: any number of invented cases, for trying, teaching, testing and measuring.

::

    from community_mediation import simulate

    for case in simulate.cases(simulate.Scenario.centre(seed=7)):
        ...
"""

from community_mediation.simulate.clock import Clock
from community_mediation.simulate.dice import Spread
from community_mediation.simulate.filling import Filled, fill
from community_mediation.simulate.kinds import DisputeKind, Ending
from community_mediation.simulate.margins import Margins, fit
from community_mediation.simulate.scenario import Scenario
from community_mediation.simulate.season import Season
from community_mediation.simulate.stream import cases, matters
from community_mediation.simulate.themes import themes

__all__ = [
    "Clock",
    "DisputeKind",
    "Ending",
    "Filled",
    "Margins",
    "Scenario",
    "Season",
    "Spread",
    "cases",
    "fill",
    "fit",
    "matters",
    "themes",
]
