"""The registers of a simulation: centres, mediators, and the persons who come again."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.people import MediatorDetails, MediatorKind, Membership
from community_mediation.domain.record import Centre, Mediator, Person, Record
from community_mediation.simulate.dice import Dice
from community_mediation.simulate.people import natural, person_details
from community_mediation.simulate.plot import centre_id, mediator_id, person_id
from community_mediation.simulate.report import regular
from community_mediation.simulate.scenario import Scenario
from community_mediation.simulate.wall import Wall

MEDIATORS: Final = 3
"""The key of the throws that make a mediator, beside the seed, the centre and the number of the mediator."""

_HOSTS: Final = ("village", "resident", "resident", "township", "street", "association", "police_station")
_BACKGROUNDS: Final = (
    *("community_worker", "lawyer", "retired_teacher", "veteran_official", "volunteer", "police_officer", "auxiliary"),
)
_BY: Final = "simulation"


def registers(scenario: Scenario) -> Iterator[tuple[dt.datetime, Record]]:
    """Every record, with the moment by the clock on the wall at which it is made: the day before the first reports."""
    wall = Wall(scenario)
    moment = dt.datetime.combine(scenario.period.first, dt.time(9)) - dt.timedelta(days=1)
    at, seed = wall.when(moment), scenario.seed
    for centre in range(scenario.centres):
        id = centre_id(seed, centre)
        host = _HOSTS[centre % len(_HOSTS)]
        details = CentreDetails(
            name=f"某某第{centre + 1}调解委员会",
            kind="public_order" if host == "police_station" else "people",
            host=host,
            region=scenario.region,
            zone=scenario.zone,
        )
        yield moment, Centre.create(id=id, details=details, at=at, by=_BY)
        for number in range(scenario.mediators):
            who = _mediator(Dice(seed, MEDIATORS, centre, number), id, wall, moment)
            yield moment, Mediator.create(id=mediator_id(seed, centre, number), details=who, at=at, by=_BY)
        for number in range(scenario.regulars):
            person = person_details(regular(scenario, centre, number), id)
            yield moment, Person.create(id=person_id(seed, centre, number), details=person, at=at, by=_BY)


def _mediator(dice: Dice, centre: str, wall: Wall, moment: dt.datetime) -> MediatorDetails:
    about: dict[str, Any] = natural(dice, moment.year)
    since = moment - dt.timedelta(days=dice.below(700))
    return MediatorDetails(
        centre=centre,
        kind=MediatorKind.FULL_TIME if dice.chance(0.3) else MediatorKind.PART_TIME,
        background=dice.pick(_BACKGROUNDS),
        languages=("zh", "en") if dice.chance(0.1) else ("zh",),
        sex=about["sex"],
        name=about["name"],
        contact=about["contact"],
        memberships=(Membership(centre=centre, office="member", appointed=wall.day(since)),),
    )
