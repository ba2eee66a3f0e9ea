"""The stream of a simulation: cases in the order in which they are recorded, in memory that does not grow."""

import datetime as dt
import heapq
from collections.abc import Callable, Iterator
from typing import Final

import attrs

from community_mediation.domain.case import Case
from community_mediation.domain.matter import Matter
from community_mediation.simulate.clock import Clock
from community_mediation.simulate.dice import Dice, Spread, running
from community_mediation.simulate.kinds import ENDINGS, Ending
from community_mediation.simulate.life import Life, Writer
from community_mediation.simulate.plot import Lateness, Plot
from community_mediation.simulate.registers import registers
from community_mediation.simulate.scenario import Scenario
from community_mediation.simulate.wall import Wall

PLOTS: Final = 0
"""The key of the throws that decide what comes when, beside the seed."""
HELD: Final = 500
"""So many lives are held in memory until they are over; further ones are written anew when they go on."""
HOURS: Final = Spread(((0, 7.0), (0.08, 8.5), (0.45, 11.5), (0.55, 14.0), (0.88, 17.5), (1, 19.5)))
"""The hour at which disputes are reported. Invented; what may follow on the same day is over before midnight."""


def plots(scenario: Scenario) -> Iterator[Plot]:
    """What is decided of each case, in the order of their reports."""
    dice = Dice(scenario.seed, PLOTS)
    first, days = scenario.period.first, (scenario.period.last - scenario.period.first).days + 1
    weights = running(scenario.season.weight(first + dt.timedelta(days=day)) for day in range(days))
    counts = [0] * days
    for _ in range(scenario.cases):
        counts[dice.drawn(weights)] += 1
    draw, sizes = _drawing(scenario, dice), _sizes(scenario)
    end = end_of(scenario)
    serials: dict[int, tuple[int, int]] = {}
    number = 0
    for day, count in enumerate(counts):
        today = dt.datetime.combine(first + dt.timedelta(days=day), dt.time())
        seconds = sorted(int(HOURS.at(dice.random()) * 3600) for _ in range(count))
        for second in seconds:
            kind, ending = draw()
            centre = dice.drawn(sizes)
            year, last = serials.get(centre, (today.year, 0))
            serials[centre] = (today.year, last + 1 if year == today.year else 1)
            reported = today + dt.timedelta(seconds=second)
            late, delay = _lateness(scenario, dice, ENDINGS[ending])
            lag = delay if late is Lateness.REPORT else dt.timedelta(minutes=2 + dice.below(120))
            yield Plot(
                number=number,
                serial=serials[centre][1],
                reported=reported,
                # Whatever was reported stands in the book: what would be recorded after its end comes at its end.
                recorded=min(reported + lag, max(reported, end - dt.timedelta(seconds=1))),
                kind=scenario.kinds[kind],
                ending=ENDINGS[ending],
                centre=centre,
                regular=dice.below(scenario.regulars) if dice.chance(scenario.repeat) else None,
                late=late,
                delay=delay,
            )
            number += 1


def end_of(scenario: Scenario) -> dt.datetime:
    """The moment, by the clock on the wall, from which on nothing is recorded any more."""
    return dt.datetime.combine(scenario.period.last + dt.timedelta(days=scenario.runs_on + 1), dt.time())


def _sizes(scenario: Scenario) -> tuple[float, ...]:
    # Some centres have ten times as much to do as others.
    dice = Dice(scenario.seed, PLOTS, 1)
    return running(1 + 9 * dice.random() * dice.random() for _ in range(scenario.centres))


def _lateness(scenario: Scenario, dice: Dice, ending: Ending) -> tuple[Lateness, dt.timedelta]:
    share = dice.random()
    if share >= scenario.late:
        return Lateness.NOTHING, dt.timedelta(0)
    late = Lateness.REPORT if share < scenario.late / 2 or ending is Ending.OPEN else Lateness.ENDING
    return late, dt.timedelta(days=scenario.lateness.whole(dice), hours=1)


def _drawing(scenario: Scenario, dice: Dice) -> Callable[[], tuple[int, int]]:
    """Draws the kind and the ending of a case: each by itself, or from the quotas without putting back."""
    if scenario.quotas is None:
        shares = running(kind.share for kind in scenario.kinds)
        odds = [running(kind.odds_of(ending) for ending in ENDINGS) for kind in scenario.kinds]

        def draw() -> tuple[int, int]:
            kind = dice.drawn(shares)
            return kind, dice.drawn(odds[kind])

        return draw
    left = [list(row) for row in scenario.quotas]
    in_row = [sum(row) for row in left]

    def take() -> tuple[int, int]:
        kind = _nth(in_row, dice.below(sum(in_row)))
        ending = _nth(left[kind], dice.below(in_row[kind]))
        in_row[kind] -= 1
        left[kind][ending] -= 1
        return kind, ending

    return take


def _nth(counts: list[int], number: int) -> int:
    """The place of the *number*-th, where each place holds so many."""
    for place, count in enumerate(counts):
        if number < count:
            return place
        number -= count
    raise IndexError(number)


def cases(scenario: Scenario) -> Iterator[Case]:
    """Every case whole, all its events pending, in the order of the ids: the fast way, for measuring.

    They are the same cases that ``matters`` tells step by step, as they stand at the end of the book.
    """
    writer, end = Writer(scenario), end_of(scenario)
    for plot in _in_order(plots(scenario)):
        life = writer.life(plot)
        yield life.case(0, life.saves(end)[-1][1])


def _in_order(plots: Iterator[Plot]) -> Iterator[Plot]:
    """By the time of their recording, where they come by that of their report, which is never later."""
    waiting: list[tuple[dt.datetime, int, Plot]] = []
    for plot in plots:
        while waiting and waiting[0][0] < plot.reported:
            yield heapq.heappop(waiting)[2]
        heapq.heappush(waiting, (plot.recorded, plot.number, plot))
    while waiting:
        yield heapq.heappop(waiting)[2]


@attrs.define
class _Step:
    """A case that goes on: how many of its events are saved, and how many saves there were."""

    plot: Plot
    saved: int = 0
    number: int = 0


def saves(scenario: Scenario) -> Iterator[tuple[dt.datetime, Matter]]:
    """Every save with the moment, by the clock on the wall, at which it is made, in their order; registers come first.

    A case is saved on each day on which something of it is recorded: first as new, and later with what came to it, was
    put right or was told late.
    """
    writer, end = Writer(scenario), end_of(scenario)
    yield from registers(scenario)
    held: dict[int, Life] = {}
    waiting: list[tuple[dt.datetime, int, _Step]] = []

    def save(moment: dt.datetime, step: _Step) -> tuple[dt.datetime, Matter]:
        life = held.pop(step.plot.number, None) or writer.life(step.plot)
        todo = life.saves(end)
        count = todo[step.number][1]
        case = life.case(step.saved, count)
        if step.number + 1 < len(todo):
            step.saved, step.number = count, step.number + 1
            heapq.heappush(waiting, (todo[step.number][0], step.plot.number, step))
            if len(held) < HELD:
                held[step.plot.number] = life
        return moment, case

    for plot in _in_order(plots(scenario)):
        while waiting and waiting[0][0] <= plot.recorded:
            moment, _, step = heapq.heappop(waiting)
            yield save(moment, step)
        # The first save is made once the day's last event is there: others of that day may come before it.
        first = writer.life(plot)
        heapq.heappush(waiting, (first.saves(end)[0][0], plot.number, _Step(plot)))
        if len(held) < HELD:
            held[plot.number] = first
    while waiting:
        moment, _, step = heapq.heappop(waiting)
        yield save(moment, step)


def matters(scenario: Scenario, *, clock: Clock | None = None) -> Iterator[Matter]:
    """The centres, mediators and persons who come again, and then every case, step by step as it is recorded.

    Save each of them before the next is taken: a case comes again when it goes on, with the earlier events as its
    history. Memory grows with the cases that are open at one time, and with nothing else.

    Args:
        scenario: What to simulate.
        clock: Is set to the moment of each save, for a book that was opened with it.
    """
    wall = Wall(scenario)
    for moment, matter in saves(scenario):
        if clock is not None:
            clock.set(wall.instant(moment))
        yield matter
