"""The life of a case: its events, in the order in which they are recorded.

The events are made directly and folded once, which costs a third of making the same case by its moves. That each of
them could have been recorded by a move is proved by the tests, for every case that they make.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import attrs

from community_mediation.domain import events as ev
from community_mediation.domain.attempt import AttemptKind, Medium, PanelChoice, PanelRole, SessionFormat
from community_mediation.domain.case import Case
from community_mediation.domain.follow_up import Satisfaction
from community_mediation.domain.legal import LegalStep, LegalStepKind
from community_mediation.domain.matter import Event
from community_mediation.domain.people import PartyKind
from community_mediation.domain.resolution import AgreementForm, Compliance, Conclusion, Term, TermKind
from community_mediation.domain.risk import Risk, RiskKind
from community_mediation.domain.values import When
from community_mediation.simulate.dice import Dice
from community_mediation.simulate.kinds import Ending
from community_mediation.simulate.plot import Lateness, Plot, case_id, centre_id, mediator_id
from community_mediation.simulate.report import Opening, opening
from community_mediation.simulate.scenario import Scenario
from community_mediation.simulate.wall import Wall

LIVES: Final = 1
"""The key of the throws of a case's life, beside the seed and the number of the case."""
MOST_EVENTS: Final = 12
"""A case has at most so many events, but for dangers, suits, corrections and reopenings."""
DAY: Final = dt.timedelta(days=1)
MINUTE: Final = dt.timedelta(minutes=1)
EVENING: Final = dt.time(17, 30)

_QUICK: Final = frozenset({Ending.DECLINED, Ending.RESOLVED_BEFORE_SESSION, Ending.UNSUITABLE, Ending.REFERRED_OUT})
_MAY_REOPEN: Final = frozenset({Ending.SETTLED, Ending.NOT_SETTLED})
_FORMATS: Final = (SessionFormat.JOINT, SessionFormat.SEPARATE, SessionFormat.JOINT, SessionFormat.SITE_VISIT)
_MEDIA: Final = (Medium.IN_PERSON, Medium.IN_PERSON, Medium.IN_PERSON, Medium.PHONE, Medium.ONLINE)
_WHY: Final = ("amount_too_far_apart", "facts_in_dispute", "no_will_to_settle", "other")


@attrs.frozen
class Note:
    """An event with the moment, by the clock on the wall, at which it is recorded."""

    recorded: dt.datetime
    event: Event


@attrs.frozen
class Life:
    """A whole case: its id, and its events in the order of their recording."""

    id: str
    notes: tuple[Note, ...]

    def saves(self, end: dt.datetime) -> list[tuple[dt.datetime, int]]:
        """When it is saved, and how many events it then has: once on each day on which something is recorded."""
        result: list[tuple[dt.datetime, int]] = []
        for count, note in enumerate(self.notes, 1):
            if note.recorded >= end and count > 1:
                break
            if result and result[-1][0].date() == note.recorded.date():
                result.pop()
            result.append((note.recorded, count))
        return result

    def case(self, history: int, count: int) -> Case:
        """The case with its first *count* events, of which *history* are saved."""
        events = tuple(note.event for note in self.notes[:count])
        return Case.fold(self.id, events[:history], events[history:])


class Writer:
    """Writes the lives of the cases of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.wall = Wall(scenario)
        self._dice = Dice()

    def life(self, plot: Plot) -> Life:
        """The life of a case: always the same for the same plot."""
        dice = self._dice
        dice.begin(self.scenario.seed, LIVES, plot.number)
        id = case_id(plot.number, self.wall.instant(plot.recorded), dice.below(2**28))
        return Life(id, tuple(_Course(self, plot, dice).notes()))


class _Course:
    """One case on its way."""

    def __init__(self, writer: Writer, plot: Plot, dice: Dice) -> None:
        self.plot, self.dice, self.scenario, self.wall = plot, dice, writer.scenario, writer.wall
        self.now = plot.reported
        self.recorded = plot.recorded
        self.count = 0
        self.lead = self._mediator()
        self.desk = f"desk-{plot.centre + 1}"
        self.delay: dt.timedelta | None = None
        self.rhythm = (2 + dice.below(5)) * DAY
        self.opening: Opening = opening(
            self.scenario, self.wall, plot, dice, centre=centre_id(self.scenario.seed, plot.centre), desk=self.desk
        )
        self.wrong: tuple[int, ev.SessionHeld] | None = None

    def notes(self) -> Iterator[Note]:
        """Its events, each with when it is recorded."""
        plot, dice, scenario = self.plot, self.dice, self.scenario
        self.count = 1
        yield Note(plot.recorded, self.opening.event)
        ending = plot.ending
        spot = ending is Ending.SETTLED and dice.chance(scenario.on_the_spot)
        if spot or ending in _QUICK:
            yield from self._ended_at_once(spot)
        else:
            days = plot.kind.days.whole(dice)
            again = ending in _MAY_REOPEN and dice.chance(scenario.reopened)
            yield from self._mediated(days, Ending.NOT_SETTLED if again else ending)
            if again:
                yield from self._again(ending)
        if ending is not Ending.OPEN:
            yield from self._afterwards()

    # ---- time

    def _to(self, days_after_report: int) -> When:
        """Go on to a moment on that day; on the same day a little later."""
        dice, day = self.dice, self.plot.reported.date() + dt.timedelta(days=days_after_report)
        if day > self.now.date():
            self.now = dt.datetime.combine(day, dt.time(8)) + dice.below(540) * MINUTE
        else:
            self.now += (5 + dice.below(20)) * MINUTE
        return self.wall.when(self.now)

    def _note(self, event: Event) -> Note:
        """The event with when it is recorded: never before what was recorded ahead of it."""
        self.count += 1
        last, now = self.recorded, self.now
        if self.delay is not None:
            self.recorded = max(last + MINUTE, now + self.delay)
        elif now.date() <= last.date():
            self.recorded = max(last, now) + MINUTE
        else:
            # The desk does not open a file every day: what happened since then is typed together.
            day = max(now.date(), last.date() + self.rhythm)
            self.recorded = max(dt.datetime.combine(day, EVENING), now + MINUTE)
        return Note(self.recorded, event)

    def _mediator(self) -> int:
        # The first mediators of a centre have more to do than the last.
        share = self.dice.random()
        return int(share * share * self.scenario.mediators)

    def _id(self, mediator: int) -> str:
        return mediator_id(self.scenario.seed, self.plot.centre, mediator % self.scenario.mediators)

    # ---- endings

    def _ended_at_once(self, spot: bool) -> Iterator[Note]:
        dice, ending = self.dice, self.plot.ending
        days = self.scenario.at_once.whole(dice)
        self._late_ending()
        if spot:
            yield self._note(
                ev.MediatorAssigned(
                    at=self._to(0), by=self.desk, assignment="assignment-1", mediator=self._id(self.lead)
                )
            )
            yield self._note(self._agreement(days, on_the_spot=True))
            return
        note = dice.pick(self.opening.phrases.notes)
        if ending is Ending.DECLINED:
            yield self._note(ev.Declined(at=self._to(days), by=self.desk, reason="not_accepted", note=note))
            return
        yield self._note(ev.Accepted(at=self._to(0), by=self.desk))
        yield self._note(self._conclusion(Conclusion(ending.value), days, note))

    def _mediated(self, days: int, ending: Ending) -> Iterator[Note]:
        dice, scenario = self.dice, self.scenario
        yield self._note(ev.Accepted(at=self._to(0), by=self.desk))
        begun = self._to(min(days, dice.below(3)))
        yield self._note(
            ev.AttemptBegun(
                at=begun,
                by=self.desk,
                attempt="attempt-1",
                kind=AttemptKind.PRE_FILING if self.opening.is_referred else AttemptKind.PEOPLE,
                consented=begun,
                due=self.wall.day(self.now + 30 * DAY),
                chosen=dice.pick((PanelChoice.AGREED, PanelChoice.APPOINTED)),
            )
        )
        panel = 1 + (dice.random() < 0.35) + (dice.random() < 0.1)
        for place in range(panel):
            yield self._note(
                ev.MediatorAssigned(
                    at=begun,
                    by=self.desk,
                    assignment=f"assignment-{place + 1}",
                    mediator=self._id(self.lead + place),
                    role=(PanelRole.LEAD, PanelRole.MEMBER, PanelRole.RECORDER)[place],
                    attempt="attempt-1",
                )
            )
        if ending not in (Ending.NO_RESPONSE, Ending.REFUSED):
            room = MOST_EVENTS - self.count - 2
            sessions = min(room, 1 + (dice.random() < 0.45) + (dice.random() < 0.3) + (dice.random() < 0.15))
            for place in range(sessions):
                yield self._note(self._session(place, days * (place + 1) // (sessions + 1)))
                if place == 0 and dice.chance(scenario.dangers):
                    yield self._note(self._danger())
        if ending is Ending.OPEN:
            return
        self._late_ending()
        if ending in (Ending.SETTLED, Ending.SETTLED_IN_PART):
            yield self._note(self._agreement(days, partly=ending is Ending.SETTLED_IN_PART))
        elif ending is Ending.WITHDRAWN:
            yield self._note(ev.Withdrawn(at=self._to(days), by=self._id(self.lead), party="p1", reason="other"))
        else:
            yield self._note(self._conclusion(Conclusion(ending.value), days, dice.pick(self.opening.phrases.notes)))

    def _again(self, ending: Ending) -> Iterator[Note]:
        start = (self.now.date() - self.plot.reported.date()).days + 5 + self.dice.below(40)
        by = self._id(self.lead)
        yield self._note(ev.Reopened(at=self._to(start), by=by, reason="new_facts"))
        yield self._note(ev.AttemptBegun(at=self._to(start), by=by, attempt="attempt-2", kind=AttemptKind.PEOPLE))
        yield self._note(self._session(9, start + 1))
        end = start + 2 + self.dice.below(10)
        if ending is Ending.SETTLED:
            yield self._note(self._agreement(end))
        else:
            yield self._note(self._conclusion(Conclusion.NOT_SETTLED, end, None))

    def _late_ending(self) -> None:
        if self.plot.late is Lateness.ENDING:
            self.delay = self.plot.delay

    # ---- events

    def _session(self, place: int, days: int) -> ev.SessionHeld:
        dice, said = self.dice, self.opening
        form = _FORMATS[dice.below(4)]
        first = [party.id for party in said.parties]
        session = ev.SessionHeld(
            at=self._to(days),
            by=self._id(self.lead),
            session=f"session-{place + 1}",
            format=form,
            medium=_MEDIA[dice.below(5)],
            attended=tuple(first[:1] if form is SessionFormat.SEPARATE else first[:2]),
            agencies=("police",) if dice.random() < 0.08 else (),
            minutes=30 + dice.below(120),
            record=dice.pick(said.phrases.records).format(a=said.names[0], b=said.names[1]),
            place=said.phrases.room,
        )
        if place == 0 and dice.chance(self.scenario.corrected) and self.plot.ending is not Ending.OPEN:
            self.wrong = (self.count + 1, session)
            return attrs.evolve(session, minutes=(session.minutes or 0) * 10)
        return session

    def _danger(self) -> ev.Recorded:
        dice = self.dice
        risk = Risk(
            id="risk-1",
            kind=dice.pick((RiskKind.FIGHT, RiskKind.VIOLENCE, RiskKind.MASS_PETITION, RiskKind.OTHER)),
            persons=1 + dice.below(4),
            averted=dice.chance(0.9),
            reported=True,
            note=self.opening.phrases.danger,
        )
        return ev.Recorded(at=self._to(0), by=self._id(self.lead), item=risk)

    def _conclusion(self, conclusion: Conclusion, days: int, note: str | None) -> ev.ConcludedWithoutAgreement:
        return ev.ConcludedWithoutAgreement(
            at=self._to(days), by=self._id(self.lead), conclusion=conclusion, reason=self.dice.pick(_WHY), note=note
        )

    def _agreement(self, days: int, *, on_the_spot: bool = False, partly: bool = False) -> ev.Resolved:
        dice, said, wall = self.dice, self.opening, self.wall
        a, b = said.names[:2]
        at = self._to(days)
        written = not on_the_spot and dice.random() < 0.7
        amount = said.amount * (4 + dice.below(6)) // 10 if said.amount is not None else None
        clauses: list[dict[str, Any]] = []
        if amount is not None:
            money = wall.money(amount)
            told = said.phrases.yuan.format(amount=amount) if money.currency == "CNY" else str(money)
            text = said.phrases.pay.format(a=a, b=b, sum=told)
            clauses.append({"kind": TermKind.PAYMENT, "amount": money, "method": "transfer", "text": text})
        if dice.random() < 0.6:
            clauses.append({"kind": TermKind.ACT, "text": said.words.act})
        if not clauses or dice.random() < 0.35:
            clauses.append(
                {"kind": TermKind.APOLOGY, "method": "in_person", "text": said.phrases.sorry.format(a=a, b=b)}
            )
        due = wall.day(self.now + (1 + dice.below(60)) * DAY)
        return ev.Resolved(
            at=at,
            by=self._id(self.lead),
            resolution="resolution-1",
            form=AgreementForm.WRITTEN if written else AgreementForm.ORAL,
            on_the_spot=on_the_spot,
            issues=("i1",) if partly else (),
            amount=wall.money(amount) if amount is not None else None,
            terms=said.phrases.terms.format(a=a, b=b),
            clauses=tuple(
                Term(id=f"term-{place + 1}", debtor="p2", creditor="p1", due=due, **clause)
                for place, clause in enumerate(clauses)
            ),
            number=f"{self.plot.serial:05}" if written else None,
            copies=3 if written else None,
            facts=said.phrases.facts.format(a=a, b=b, title=said.title) if written else None,
            responsibilities=said.phrases.responsibilities.format(a=a, b=b) if written else None,
        )

    # ---- afterwards

    def _afterwards(self) -> Iterator[Note]:
        dice, ending = self.dice, self.plot.ending
        end = (self.now.date() - self.plot.reported.date()).days
        if self.wrong is not None:
            number, right = self.wrong
            at = self._to(end + 1 + dice.below(10))
            reason = self.opening.phrases.mistake
            yield self._note(ev.Corrected(at=at, by=self.desk, target=number, replacement=right, reason=reason))
        if dice.random() < 0.9:
            yield self._note(ev.Closed(at=self._to(end + dice.below(8)), by=self.desk))
        self.delay = None
        if ending not in (Ending.SETTLED, Ending.SETTLED_IN_PART):
            return
        if dice.random() < 0.5 and self.count < MOST_EVENTS:
            yield from self._looked_after(end)
        visits = (dice.random() < 0.55) + (dice.random() < 0.2) + (dice.random() < 0.1)
        for place in range(min(visits, MOST_EVENTS - self.count)):
            yield self._note(self._visit(place, end + 25 * (place + 1) + dice.below(20)))

    def _looked_after(self, end: int) -> Iterator[Note]:
        dice, scenario = self.dice, self.scenario
        share = dice.random()
        found = Compliance.KEPT
        if share < scenario.breached:
            found = Compliance.BREACHED
        elif share < scenario.breached + scenario.partly:
            found = Compliance.PARTLY
        by = self._id(self.lead)
        at = self._to(end + 5 + dice.below(15))
        yield self._note(ev.ComplianceRecorded(at=at, by=by, resolution="resolution-1", compliance=found))
        if found is Compliance.BREACHED and dice.random() < 0.3:
            suit = LegalStep(id="suit-1", kind=LegalStepKind.SUIT, resolution="resolution-1", party="p1", body="court")
            yield self._note(ev.Recorded(at=self._to(end + 22), by=self.desk, item=suit))

    def _visit(self, place: int, days: int) -> ev.FollowedUp:
        dice = self.dice
        self._to(days)
        sides = [party for party in self.opening.parties[:2] if party.kind is PartyKind.NATURAL]
        return ev.FollowedUp(
            at=self.wall.day(self.now),
            by=self._id(self.lead),
            follow_up=f"follow-up-{place + 1}",
            satisfaction=tuple(
                Satisfaction(score=5 - int(dice.random() * dice.random() * 5), side=party.side) for party in sides
            ),
            sued=False,
            new_danger=False,
            note=dice.pick(self.opening.phrases.visits),
            medium=Medium.PHONE if place else Medium.IN_PERSON,
        )
