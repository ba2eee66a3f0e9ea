"""Seeded centres and countries: any number of invented cases, for trying, teaching, testing and measuring.

from community_mediation import simulate

for case in simulate.cases(simulate.Scenario.centre(seed=7)):
    ...
"""

from community_mediation.simulate.clock import Clock
from community_mediation.simulate.dice import Spread, spread
from community_mediation.simulate.filling import Filled, fill
from community_mediation.simulate.fitting import apportion
from community_mediation.simulate.kinds import KINDS, DisputeKind, Ending
from community_mediation.simulate.scenario import Margins, Scenario, fit
from community_mediation.simulate.season import EVEN, Season
from community_mediation.simulate.stream import cases, matters
from community_mediation.simulate.themes import themes

__all__ = [
    "EVEN",
    "KINDS",
    "Clock",
    "DisputeKind",
    "Ending",
    "Filled",
    "Margins",
    "Scenario",
    "Season",
    "Spread",
    "apportion",
    "cases",
    "fill",
    "fit",
    "matters",
    "spread",
    "themes",
]
