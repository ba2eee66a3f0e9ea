"""A machine that makes moves of every kind at every stage, and also breaks the rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from community_mediation.domain.case import Case
from community_mediation.domain.history import in_force
from community_mediation.domain.stages import Move, Process
from community_mediation.domain.values import When
from community_mediation.errors import IllegalMove, InvalidValue
from community_mediation.testing.strategies import Random, loosely, mover, new_case, tried
from tests.domain.test_moves import DAY, T0, sensible


def fields_of(case: Case) -> dict[str, Any]:
    return {field.name: getattr(case, field.name) for field in attrs.fields(Case)}


class CaseMachine(RuleBasedStateMachine):
    """Moves of every kind at every stage, in time and late, and after each the honesty of ``possible``."""

    case: Case
    clock: dt.datetime

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.clock = T0 + 800 * DAY  # after all that a snapshot may tell
        self.case = new_case(Random(seed), at=When.at(T0))

    @rule(move=st.sampled_from(Move), seed=st.integers(0, 2**16), hours=st.integers(0, 100))
    def in_time(self, move: Move, seed: int, hours: int) -> None:
        self.clock += dt.timedelta(hours=hours)
        self.attempt(move, seed, When.at(self.clock))

    @rule(pick=st.integers(0, 100), seed=st.integers(0, 2**16), hours=st.integers(0, 100))
    def in_order(self, pick: int, seed: int, hours: int) -> None:
        self.in_time(self.case.possible[pick % len(self.case.possible)], seed, hours)

    @precondition(lambda self: len(self.case.events) > 2)
    @rule(move=st.sampled_from(Move), seed=st.integers(0, 2**16), hours=st.integers(1, 500))
    def late(self, move: Move, seed: int, hours: int) -> None:
        rng = Random(seed)
        self.attempt(move, seed, loosely(self.clock - dt.timedelta(hours=hours), rng))

    @rule()
    def save(self) -> None:
        saved = self.case.saved()
        assert saved.history == self.case.events and saved.pending == ()
        self.case = saved

    def attempt(self, move: Move, seed: int, when: When) -> None:
        before, was = self.case, fields_of(self.case)
        number = hash(before)
        after = tried(lambda: mover(before, move, Random(seed))(when))
        if isinstance(after, IllegalMove):
            # A correction is refused in the name of the move that it would have put in.
            assert after.move == move.value or (move is Move.CORRECT and after.move in set(Move))
            assert after.stage.split(",")[0] in set(Process)
            assert after.move not in after.possible or "would become impossible" in str(after)
            assert set(after.possible) <= {each.value for each in Move}
        elif isinstance(after, InvalidValue):
            assert after.path.startswith("$.")
        else:
            assert after.events[:-1] == before.events and after.history == before.history
            assert Case.fold(after.id, after.events) == after.saved()
            self.case = after
        assert fields_of(before) == was and hash(before) == number

    @invariant()
    def the_possible_is_possible_and_the_rest_is_not(self) -> None:
        # A correction may have put a step into the time to come: "now" is after that too.
        told = [event.at.latest for _, event in in_force(self.case.events)]
        now = max([self.clock, *(each for each in told if each is not None)])
        later, now_possible = When.at(now + DAY), self.case.possible
        for move in Move:
            if move in now_possible:
                assert sensible(self.case, move, later).version == self.case.version
            else:
                with pytest.raises(IllegalMove) as caught:
                    sensible(self.case, move, later)
                assert set(caught.value.possible) == set(now_possible)


CaseMachine.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=20,
    # Seeds do not shrink to anything simpler: a failure prints its steps at once.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
TestCaseMachine = CaseMachine.TestCase
