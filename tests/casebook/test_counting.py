"""Merged and split cases are counted once: the sum of the facts is the size of the live set, then and as known then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import community_mediation as cm
from community_mediation.casebook import Casebook, open_casebook
from community_mediation.domain.attempt import AttemptKind
from community_mediation.domain.case import Case
from community_mediation.domain.effect import apply
from community_mediation.domain.events import Merged, Split
from community_mediation.domain.legal import Link, LinkKind
from community_mediation.domain.values import When
from community_mediation.errors import IllegalMove, InvalidValue
from community_mediation.testing.strategies import Random, tried
from tests.casebook.samples import BY, FEW, HOUR, NOON, at, reported, settled

FEWER = settings(FEW, max_examples=max(15, settings().max_examples // 4))


@attrs.define
class Live:
    """The model: which quarrels there are, told by what was recorded when, of when. It knows no case and no event."""

    said: list[tuple[int, float, str, bool]] = attrs.field(factory=list)

    def say(self, position: int, hour: float, id: str, *, alive: bool) -> None:
        """From *hour* on, by what is recorded at *position*, it is one quarrel, or no more."""
        self.said.append((position, hour, id, alive))

    def at(self, hour: float, position: int) -> set[str]:
        """The quarrels that there were at *hour*, as known at *position*."""
        known = [(when, id, alive) for place, when, id, alive in self.said if place <= position and when <= hour]
        return {id for _, id, alive in known if alive} - {id for _, id, alive in known if not alive}


class Town:
    """A book in which quarrels come in, become one, become several, end, and begin again; and the model beside it."""

    def __init__(self, book: Casebook) -> None:
        self.book, self.live = book, Live()
        self.hour, self.position, self.number = 0.0, 0, 0
        self.merges, self.parts, self.born = 0, 0, 0

    def save(self, *cases: Case) -> list[int]:
        """All in one commit; the positions of their entries."""
        self.book.add_many(cases)
        first, self.position = self.position + 1, self.position + len(cases)
        return list(range(first, self.position + 1))

    def fresh(self, hour: float) -> Case:
        self.number += 1
        return reported(f"case-{self.number}", at=at(hour))

    def step(self, what: str, seed: int) -> None:
        """One thing that happens, perhaps some hours ago; what is refused happens not at all."""
        rng = Random(seed)
        self.hour += 1
        hour = self.hour - (rng.randrange(1, 6) + 0.5 if rng.random() < 0.3 and self.hour > 8 else 0)
        there = sorted(self.live.at(hour, self.position))
        if what == "report" or not there:
            (position,) = self.save(self.fresh(hour))
            self.born += 1
            self.live.say(position, hour, f"case-{self.number}", alive=True)
            return
        id = rng.choice(there)
        case: Case = self.book.get(id)
        told: dict[str, Any] = {"at": at(hour), "by": BY}
        if what == "merge":
            into = rng.choice(there)
            after = tried(lambda: case.merge(into=into, **told))
            if isinstance(after, Case):
                other = self.book.get(into).record(Link(kind=LinkKind.ABSORBED, case=id), **told)
                position, _ = self.save(after, other)
                self.merges += 1
                self.live.say(position, hour, id, alive=False)
        elif what == "split":
            parts = [self.fresh(hour) for _ in range(rng.randrange(2, 4))]
            parts = [each.record(Link(kind=LinkKind.SPLIT_FROM, case=id), **told) for each in parts]
            after = tried(lambda: case.split(into=[each.id for each in parts], **told))
            if isinstance(after, Case):
                position, *others = self.save(after, *parts)
                self.parts += len(parts) - 1
                self.live.say(position, hour, id, alive=False)
                for place, part in zip(others, parts, strict=True):
                    self.live.say(place, hour, part.id, alive=True)
        else:
            calls: dict[str, Callable[[], Case]] = {
                "withdraw": lambda: case.withdraw(**told),
                "reopen": lambda: case.reopen(**told),
                "settle": lambda: case.resolve(on_the_spot=True, **told),
                "close": lambda: case.close(**told),
            }
            after = tried(calls[what])
            if isinstance(after, Case):
                self.save(after)

    def moments(self) -> Iterator[tuple[float, int]]:
        """Every hour and the moment between it and the next, as known at every position."""
        for position in range(self.position + 1):
            for half in range(1, int(self.hour * 2) + 2):
                yield half / 2, position


def counted(book: Casebook, hour: float, position: int, table: str = "case_spell") -> int:
    """What the facts add up to."""
    when = NOON - dt.timedelta(days=300) + hour * HOUR
    return sum(bool(row["counted"]) for row in book.facts(table, valid_at=when, known_at=position).rows())


STEPS = st.sampled_from(["report", "report", "merge", "merge", "split", "reopen", "withdraw", "settle", "close"])
SCRIPTS = st.lists(st.tuples(STEPS, st.integers(0, 2**16)), min_size=3, max_size=12)


def lived(book: Casebook, script: list[tuple[str, int]]) -> Town:
    town = Town(book)
    for what, seed in script:
        town.step(what, seed)
    return town


@FEWER
@given(script=SCRIPTS)
def test_the_facts_add_up_to_the_live_set_at_every_moment_as_known_at_every_position(
    script: list[tuple[str, int]],
) -> None:
    """Whatever is reported, merged, split, ended and reopened, in time or late."""
    with open_casebook("memory:") as book:
        town = lived(book, script)
        for hour, position in town.moments():
            assert counted(book, hour, position) == len(town.live.at(hour, position)), (hour, position)
        for hour in (1.5, town.hour / 2, town.hour):
            assert counted(book, hour, town.position, "case") == len(town.live.at(hour, town.position))
        # Each merger takes one away; each split adds its parts but one.
        assert counted(book, town.hour, town.position) == town.born - town.merges + town.parts


def scenario(book: Casebook) -> Town:
    """Fixed: three come in, one becomes three, one is absorbed."""
    return lived(book, [("report", 1), ("report", 1), ("report", 1), ("split", 1), ("merge", 3), ("reopen", 2)])


def test_the_scenario_has_both_a_split_and_a_merger() -> None:
    """The control: scripts in which nothing is merged or split would prove nothing."""
    with open_casebook("memory:") as book:
        town = scenario(book)
        assert (town.merges, town.parts) == (1, 2) and len(town.live.at(99, 99)) == 4


@pytest.mark.parametrize("event", [Split, Merged])
def test_an_end_that_is_forgotten_is_noticed(event: type[Any]) -> None:
    """Planted fault: the case that was split, or absorbed, goes on being counted."""
    real = apply.registry[event]
    apply.register(event, lambda event, state: None)
    try:
        with open_casebook("memory:") as book:
            town = scenario(book)
            assert counted(book, town.hour, town.position) == len(town.live.at(town.hour, town.position)) + 1
    finally:
        apply.register(event, real)


# ---------------------------------------------------------------- one quarrel, one case


def test_a_settled_case_that_was_merged_is_counted_once_by_the_metrics() -> None:
    """It ends as void, which every metric leaves out and names."""
    with open_casebook("memory:") as book:
        book.add_many([settled("case-1"), settled("case-2")])
        before = cm.metrics.table(book.facts("case"), metrics=["agreement_of_begun"]).rows[0].figure
        assert isinstance(before, cm.metrics.ProportionFigure) and (before.numerator, before.other) == (2, 0)
        told: dict[str, Any] = {"at": at(400), "by": BY}
        absorbing = book.get("case-2").record(Link(kind=LinkKind.ABSORBED, case="case-1"), **told)
        book.add_many([book.get("case-1").merge(into="case-2", **told), absorbing])
        after = cm.metrics.table(book.facts("case"), metrics=["agreement_of_begun"]).rows[0].figure
        assert isinstance(after, cm.metrics.ProportionFigure) and (after.numerator, after.other) == (1, 0)
        assert after.excluded == (("void", 1),)


def test_an_absorbed_case_says_why_it_ended_where_it_goes_on_and_how_it_first_ended() -> None:
    case = settled().merge(into="case-2", at=at(400), by=BY)
    assert (case.process, case.conclusion, case.reason) == ("concluded", "void", "merged")
    assert (case.superseded_by, case.is_counted, case.first_conclusion) == (("case-2",), False, "settled")
    parted = reported().split(into=["case-2", "case-3"], at=at(1), by=BY)
    assert (parted.conclusion, parted.reason, parted.superseded_by) == ("void", "split", ("case-2", "case-3"))


def test_what_goes_on_elsewhere_is_not_taken_up_here_until_that_is_taken_back() -> None:
    case = reported().merge(into="case-2", at=at(1), by=BY)
    calls: list[Callable[[], Case]] = [
        lambda: case.reopen(at=at(2), by=BY),
        lambda: case.merge(into="case-3", at=at(2), by=BY),
        lambda: case.split(into=["case-3", "case-4"], at=at(2), by=BY),
    ]
    for call in calls:
        with pytest.raises(IllegalMove, match="goes on elsewhere"):
            call()
    assert {"reopen", "merge", "split", "vary"}.isdisjoint(case.possible)
    back = case.correct(2, None, at=at(3), by=BY)
    assert back.is_counted and (back.process, back.conclusion) == ("reported", None)


@pytest.mark.parametrize("into", [[], ["case-2"], ["case-2", "case-2"], ["case-1", "case-2"], "case-2"])
def test_a_case_is_split_into_several_others(into: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        reported().split(into=into, at=at(1), by=BY)
    assert caught.value.path == "$.into"


def test_a_case_is_not_merged_into_itself() -> None:
    with pytest.raises(InvalidValue) as caught:
        reported().merge(into="case-1", at=at(1), by=BY)
    assert caught.value.path == "$.into"


def test_an_attempt_that_runs_ends_with_the_merger_without_a_made_up_result() -> None:
    case = reported().accept(at=at(1), by=BY).begin_attempt(at=at(2), by=BY, kind=AttemptKind.PEOPLE)
    (attempt,) = case.merge(into="case-2", at=at(3), by=BY).attempts
    assert (attempt.ended.when, attempt.result) == (When.at(NOON - dt.timedelta(days=300) + 3 * HOUR), None)
