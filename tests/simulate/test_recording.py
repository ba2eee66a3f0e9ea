"""A book that is lived through has the times of a real one: what it knew when, what was late and what was put right."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest

import community_mediation as cm
from community_mediation import simulate
from community_mediation.domain import events as ev
from community_mediation.domain.matter import Event
from community_mediation.errors import InvalidValue, StoreFull, VersionConflict
from tests.simulate.conftest import LIVED
from tests.simulate.scenes import LATE, Told, is_late

END = dt.datetime(2022, 12, 31, 16, tzinfo=dt.UTC)
"""Midnight in Shanghai, at the end of the year."""


def test_entries_have_the_simulated_time_and_nothing_else(lived: cm.Casebook) -> None:
    times = [entry.recorded_at for entry in lived.log()]
    assert times == sorted(times)
    assert times[0] >= dt.datetime(2021, 12, 31, tzinfo=dt.UTC)
    assert times[-1] < END
    assert len({time.date() for time in times}) > 100


def test_nothing_is_recorded_before_it_happened(lived: cm.Casebook) -> None:
    early = [
        (entry.matter_id, entry.version)
        for entry in lived.log()
        for event in entry.events or ()
        if event.at.earliest is not None and event.at.earliest > entry.recorded_at
    ]
    assert early == []


def test_no_clock_goes_back_so_no_book_finds_a_jump(lived: cm.Casebook) -> None:
    clock = simulate.Clock()
    shown = []
    for _ in simulate.matters(LIVED, clock=clock):
        shown.append(clock())
    assert shown == sorted(shown)
    assert [finding.code for finding in lived.health() if "clock" in finding.code] == []


def test_a_case_is_saved_once_on_each_day_on_which_something_is_recorded(lived: cm.Casebook) -> None:
    days = Counter(
        (entry.matter_id, (entry.recorded_at + dt.timedelta(hours=8)).date())
        for entry in lived.log()
        if entry.kind == "case"
    )
    assert set(days.values()) == {1}
    assert Counter(entry.matter_id for entry in lived.log() if entry.kind == "case").most_common(1)[0][1] > 3


def test_what_the_book_knew_grows_from_month_to_month(lived: cm.Casebook) -> None:
    """And reports that came late are missing from what it knew of their time."""
    months = [dt.datetime(2022, month, 1, tzinfo=dt.UTC) for month in range(2, 13)]
    known = [len(list(lived.facts("case", known_at=at).rows())) for at in months]
    true = [
        int((lived.facts("case", columns=["reported_on"]).to_polars()["reported_on"] < at.date()).sum())
        for at in months
    ]
    assert known == sorted(known)
    assert all(one <= other for one, other in zip(known, true, strict=True))
    assert known != true


def test_a_correction_shows_what_was_noted_before_it(lived: cm.Casebook) -> None:
    corrected = [
        (entry, event) for entry in lived.log() for event in entry.events or () if isinstance(event, ev.Corrected)
    ]
    assert len(corrected) > 3
    for entry, event in corrected:
        if event.target > entry.version - len(entry.events or ()):
            continue  # typed and put right on one day, so that the book never knew it wrongly
        assert isinstance(event.replacement, ev.SessionHeld)
        now = lived.get(entry.matter_id)
        (before,) = (each for each in now.events if getattr(each, "session", None) == event.replacement.session)
        then = lived.get(entry.matter_id, known_at=entry.position - 1)
        minutes = {
            at: [each.minutes for each in case.sessions if each.id == "session-1"]
            for at, case in (("then", then), ("now", now))
        }
        assert minutes == {"then": [before.minutes], "now": [event.replacement.minutes]}
        assert before.minutes == 10 * (event.replacement.minutes or 0)


def test_whoever_never_opens_the_file_is_late_by_days_and_not_by_weeks(rich: list[Told]) -> None:
    """Apart from what is declared to be late, everything is typed within a week."""
    quick = [each for each in rich if not is_late(each)]
    lags = [at - event.at.latest for each in quick for event, at in each.of(ev.Accepted, ev.AttemptBegun)]
    assert max(lags) < LATE
    assert sum(lag > dt.timedelta(days=1) for lag in lags) > 20


def test_a_book_filled_at_once_has_the_same_cases(lived: cm.Casebook) -> None:
    with cm.open_casebook("memory:") as book:
        done = simulate.fill(book, LIVED)
        assert done == simulate.Filled(records=19, cases=120, saves=120)
        assert [case.events for case in book.matters("case")] == [
            case.events for case in sorted(lived.matters("case"), key=lambda case: str(case.id))
        ]


def test_filling_tells_how_far_it_is_and_what_it_wrote() -> None:
    clock, seen = simulate.Clock(), list[tuple[int, int]]()
    with cm.open_casebook("memory:", clock=clock) as book:
        scenario = simulate.Scenario.centre(cases=30, runs_on=600)
        done = simulate.fill(book, scenario, clock=clock, progress=lambda some, all: seen.append((some, all)))
        assert done.cases == 30
        assert done.saves == sum(entry.kind == "case" for entry in book.log())
        assert done.records == sum(entry.kind != "case" for entry in book.log())
    assert [some for some, _ in seen] == sorted(some for some, _ in seen)
    assert seen[-1] == (30, 30)


def test_a_book_that_holds_cases_is_not_written_to() -> None:
    with cm.open_casebook("memory:") as book:
        simulate.fill(book, simulate.Scenario(cases=2))
        before = book.store.head()
        with pytest.raises(InvalidValue, match="holds cases already"):
            simulate.fill(book, simulate.Scenario(seed=2, cases=2))
        assert book.store.head() == before
        assert simulate.fill(book, simulate.Scenario(seed=2, cases=2), add=True).cases == 2
        assert book.verify().is_whole


def test_the_same_scenario_cannot_be_added_twice() -> None:
    with cm.open_casebook("memory:") as book:
        simulate.fill(book, simulate.Scenario(cases=2))
        with pytest.raises(cm.errors.Conflict):
            simulate.fill(book, simulate.Scenario(cases=2), add=True)


def test_ids_that_are_there_already_are_told_to_come_from_the_same_seed() -> None:
    """The error of a second time with one seed names the seed, not a version."""
    with cm.open_casebook("memory:") as book:
        simulate.fill(book, simulate.Scenario(cases=2))
        with pytest.raises(VersionConflict, match=r"the same seed makes the same ids. Take another seed.") as caught:
            simulate.fill(book, simulate.Scenario(cases=2), add=True)
    assert "half a simulation" not in str(caught.value)


def stopping(book: cm.Casebook, patched: pytest.MonkeyPatch, error: BaseException, *, after: int) -> None:
    """Let the store fail after some commits."""
    whole, made = type(book.store).commit, list[Any]()

    def commit(store: Any, changes: Any) -> Any:
        if len(made) == after:
            raise error
        made.append(whole(store, changes))
        return made[-1]

    patched.setattr(type(book.store), "commit", commit)


FULL = "There is no room left for the casebook. Nothing was written. Make room and try again."


@pytest.mark.parametrize("at_once", [True, False])
def test_a_full_disk_half_way_does_not_send_to_try_again(monkeypatch: pytest.MonkeyPatch, at_once: bool) -> None:
    """It says how many cases the book holds, and that the simulation begins anew in another."""
    clock = simulate.Clock()
    with cm.open_casebook("memory:", clock=clock) as book:
        stopping(book, monkeypatch, StoreFull(FULL), after=2 if at_once else 40)
        scenario = simulate.Scenario(cases=1_200)
        with pytest.raises(StoreFull) as caught:
            simulate.fill(book, scenario, clock=None if at_once else clock)
        held = sum(1 for _ in book.matters("case"))
    assert held > 0
    assert str(caught.value) == (
        f"There is no room left for the casebook. The book holds {held} cases now, and half a simulation, which is not "
        "gone on with: begin anew, in another book."
    )


def test_a_full_disk_before_the_first_commit_is_told_as_the_store_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was written, and it may be tried again."""
    with cm.open_casebook("memory:") as book:
        stopping(book, monkeypatch, StoreFull(FULL), after=0)
        with pytest.raises(StoreFull) as caught:
            simulate.fill(book, simulate.Scenario(cases=2))
    assert str(caught.value) == FULL


def test_a_stop_after_the_registers_says_so_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A book without cases is filled in part all the same: its centres are there."""
    with cm.open_casebook("memory:") as book:
        stopping(book, monkeypatch, KeyboardInterrupt(), after=1)
        with pytest.raises(KeyboardInterrupt) as caught:
            simulate.fill(book, simulate.Scenario(cases=2))
    (note,) = caught.value.__notes__
    assert note.startswith("The book holds 0 cases now, and half a simulation")


def test_another_clock_than_the_books_is_refused() -> None:
    with (
        cm.open_casebook("memory:", clock=simulate.Clock()) as book,
        pytest.raises(InvalidValue, match="another clock"),
    ):
        simulate.fill(book, simulate.Scenario(cases=1), clock=simulate.Clock())


def test_a_clock_shows_the_time_that_it_is_set_to_and_no_time_without_a_zone() -> None:
    clock = simulate.Clock()
    clock.set(END)
    assert clock() == END
    with pytest.raises(InvalidValue, match="without a zone"):
        clock.set(END.replace(tzinfo=None))


def test_centres_mediators_and_regulars_come_before_the_cases_that_name_them(lived: cm.Casebook) -> None:
    known: set[str] = set()
    named: set[str] = set()
    for entry in lived.log():
        if entry.kind != "case":
            assert not named
            known.add(entry.matter_id)
        for event in entry.events or ():
            named |= set(names(event))
    assert named <= known
    assert len(named) > 10


def names(event: Event) -> list[str]:
    """The records that an event of a case names."""
    if isinstance(event, ev.Reported):
        return [event.centre, *(party.person for party in event.parties if party.person is not None)]
    return [event.mediator] if isinstance(event, ev.MediatorAssigned) else []


def test_saves_in_another_order_within_a_day_would_be_seen() -> None:
    """The control of the clock that never goes back: by id instead of by moment."""
    clock = simulate.Clock()
    shown = [(clock(), matter.id) for matter in simulate.matters(LIVED, clock=clock)]
    shuffled = [at for at, _ in sorted(shown, key=lambda each: (each[0].date(), each[1]))]
    assert shuffled != sorted(shuffled)
