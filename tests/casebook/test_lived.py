"""What a case notes on its way is what its history tells: nobody may see whether it was noted or folded again."""

import datetime as dt
import pickle

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.case import Case, held_by
from community_mediation.domain.case_state import Lived
from community_mediation.errors import IllegalMove, InvalidValue
from community_mediation.facts.rows import case_rows
from community_mediation.testing import strategies
from tests.domain.test_moves import T0


def is_noted(case: Case) -> bool:
    return case._lived is not None


def check(case: Case) -> None:
    """Against the same value that noted nothing."""
    bare = attrs.evolve(case)
    assert is_noted(case) and not is_noted(bare)
    assert list(held_by(case)) == list(held_by(bare))
    assert case_rows(case) == case_rows(bare)


@given(case=strategies.cases(), cut=st.integers(0, 20), hours=st.integers(-24, 24 * 60))
def test_what_a_case_has_noted_is_what_its_events_tell(case: Case, cut: int, hours: int) -> None:
    """Made by moves, saved, folded with and without pending events, at a past moment, and pickled."""
    events = case.events
    cut %= len(events) + 1
    for each in (
        case,
        case.saved(),
        Case.fold(case.id, events),
        Case.fold(case.id, events[:cut], events[cut:]),
        pickle.loads(pickle.dumps(case)),
    ):
        check(each)
    then = case.valid_at(T0 + dt.timedelta(hours=hours))
    if then is not None:
        check(then)


@given(base=strategies.cases(), moved=st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 200)), max_size=6))
def test_what_the_book_holds_is_the_value_before_the_first_move(base: Case, moved: list[tuple[int, int]]) -> None:
    """Whatever was done since, in time or late, to a value that was read or saved."""
    case = base = base.saved()
    when = T0 + dt.timedelta(days=900)
    for seed, hours in moved:
        rng = strategies.Random(seed)
        when += dt.timedelta(hours=hours)
        try:
            case = strategies.mover(case, rng.choice(case.possible), rng)(strategies.loosely(when, rng))
        except (IllegalMove, InvalidValue):
            continue
        held = case.recorded()
        assert (held, held.pending) == (Case.fold(case.id, case.history), ())
        assert case_rows(held) == case_rows(base)
        check(case)


@given(case=strategies.cases())
def test_another_value_with_changed_fields_keeps_nothing_noted(case: Case) -> None:
    """``attrs.evolve`` may put in other events, which tell of something else."""
    born = case.events[0]
    other = attrs.evolve(case, history=(), pending=(attrs.evolve(born, centre="elsewhere"),))  # type: ignore[call-arg]
    assert [held[0] for _, held in held_by(other)][-1] == "elsewhere"


@given(case=strategies.cases())
def test_a_wrong_note_is_found_by_these_tests(case: Case) -> None:
    """Planted: one step was not noted."""
    object.__setattr__(case, "_lived", Lived(tuple(held_by(case))[:-1], None))
    with pytest.raises(AssertionError):
        check(case)
