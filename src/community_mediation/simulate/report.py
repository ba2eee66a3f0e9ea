"""How a simulated case begins: the dispute, the parties, and how it came in."""

import datetime as dt
from typing import Any, Final

import attrs

from community_mediation.domain.dispute import Claim, Difficulty, Dispute, Intake, Nature, ReferralKind, Source
from community_mediation.domain.events import Reported
from community_mediation.domain.people import Party, Role
from community_mediation.simulate.dice import Dice
from community_mediation.simulate.people import natural, organisation, party
from community_mediation.simulate.plot import Plot, person_id
from community_mediation.simulate.scenario import Scenario
from community_mediation.simulate.themes import Phrases, Words, phrases, theme
from community_mediation.simulate.wall import Wall

PERSONS: Final = 2
"""The key of the throws that make a person, beside the seed, the centre and the number of the person."""

_CHANNELS: Final = (
    *("walk_in", "walk_in", "walk_in", "police_call", "police_call", "grid_worker", "grid_worker"),
    *("hotline", "group_chat", "patrol", "online"),
)
_SOURCES: Final = (Source.APPLICATION, Source.APPLICATION, Source.APPLICATION, Source.PROACTIVE)
_REFERRED: Final = Intake(
    source=Source.REFERRAL, channel="online", referrer_kind="court", referral_kind=ReferralKind.PRE_FILING
)
_INTAKES: Final = {
    (source, channel): Intake(source=source, channel=channel) for source in _SOURCES for channel in _CHANNELS
}
_SIMPLE, _ORDINARY, _COMPLEX = Difficulty
_DIFFICULTIES: Final = (_SIMPLE, _SIMPLE, _ORDINARY, _ORDINARY, _COMPLEX)


@attrs.frozen
class Opening:
    """What is known of a case when it is reported, and the words to go on with."""

    event: Reported
    words: Words
    phrases: Phrases
    names: tuple[str, str]
    amount: int | None

    @property
    def parties(self) -> tuple[Party, ...]:
        """Who quarrels."""
        return self.event.parties

    @property
    def title(self) -> str:
        """The title of the dispute."""
        return self.event.dispute.title or ""

    @property
    def is_referred(self) -> bool:
        """Whether a court referred it."""
        return self.event.intake.source is Source.REFERRAL


def regular(scenario: Scenario, centre: int, number: int) -> dict[str, Any]:
    """The fields of a person who comes again: the same in every case, and in the person's own record."""
    return natural(Dice(scenario.seed, PERSONS, centre, number), scenario.period.first.year)


def opening(scenario: Scenario, wall: Wall, plot: Plot, dice: Dice, *, centre: str, desk: str) -> Opening:
    """The report of a case."""
    about, english = theme(plot.kind.theme), dice.chance(scenario.english)
    words, said = (about.en, phrases("en")) if english else (about.zh, phrases("zh"))
    parties = _parties(scenario, plot, dice, firm=about.firm, english=english)
    a, b = (str(each.name) for each in parties[:2])
    amount = plot.kind.claims.whole(dice) // 10 * 10 if dice.random() < 0.7 else None
    claimed = wall.money(amount) if amount is not None else None
    two = dice.random() < 0.6 or plot.ending.value == "settled_in_part"
    title, brief = dice.pick(words.stories)
    dispute = Dispute(
        type=plot.kind.code,
        nature=Nature.CIVIL,
        since=wall.day(plot.reported - dt.timedelta(days=1 + dice.below(200))),
        scale="individual" if len(parties) < 4 else "several",
        difficulty=dice.pick(_DIFFICULTIES),
        people_involved=len(parties) + dice.below(3),
        units_involved=sum(each.kind != "natural" for each in parties),
        amount_claimed=claimed,
        issues=words.issues[: 1 + two],
        title=title,
        brief=brief.format(a=a, b=b),
        place=said.place.format(number=1 + dice.below(200)),
        claims=(Claim(id="c1", party="p1", amount=claimed, text=words.claim),),
    )
    referred = dice.chance(scenario.referred)
    event = Reported(
        at=wall.when(plot.reported),
        by=desk,
        centre=centre,
        reference=f"{plot.reported.year}-{plot.serial:04}",
        dispute=dispute,
        intake=_REFERRED if referred else _INTAKES[dice.pick(_SOURCES), dice.pick(_CHANNELS)],
        parties=parties,
    )
    return Opening(event, words, said, (a, b), amount)


def _parties(scenario: Scenario, plot: Plot, dice: Dice, *, firm: bool, english: bool) -> tuple[Party, ...]:
    year = scenario.period.first.year
    about, person = natural(dice, year, english=english), None
    if plot.regular is not None:
        about = regular(scenario, plot.centre, plot.regular)
        person = person_id(scenario.seed, plot.centre, plot.regular)
    firm = firm and dice.random() < 0.5
    answers = organisation(dice, english=english) if firm else natural(dice, year, english=english)
    parties = [
        party("p1", "A", Role.APPLICANT, about, person=person),
        party("p2", "B", Role.RESPONDENT, answers),
    ]
    if dice.random() < 0.3:
        parties.append(party("p3", "B", Role.RESPONDENT, natural(dice, year, english=english)))
        if dice.random() < 0.3:
            parties.append(party("p4", "C", Role.THIRD_PARTY, natural(dice, year, english=english)))
    return tuple(parties)
