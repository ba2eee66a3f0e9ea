"""What was known then stays as it was, what was true then is told as it is known now, and nothing counts twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import attrs
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from community_mediation import simulate
from community_mediation.casebook import Casebook, open_casebook
from community_mediation.domain.attempt import AttemptKind, SessionFormat
from community_mediation.domain.case import Case
from community_mediation.domain.legal import LegalStep, LegalStepKind
from community_mediation.domain.people import Party, PersonDetails
from community_mediation.domain.record import Person, Tally
from community_mediation.domain.tally import TallyDetails
from community_mediation.domain.values import Money, Period, When
from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics import _sources as sources
from community_mediation.metrics import catalogue, survival, table, trend
from community_mediation.testing.strategies import START, Random, lived_case
from tests.casebook.samples import BY, reported
from tests.metrics.frames import FEW

SOME: Final = (
    "reported",
    "open_at_end",
    "amount_agreed",
    "agreement_of_reported",
    "days_to_conclusion",
    "days_to_agreement",
    "on_time_30_days_from_accepted_to_first_concluded",
    "repudiation_within_10_days",
    "durability",
    "people_involved",
    "participations",
    "people_served",
    "repeat_users",
    "cases_per_mediator",
    "mediator_agreement_of_begun",
    "satisfied_of_answers",
    "risks_raised_persons",
)
TABLES: Final = (
    "case", "case_party", "case_mediator", "case_session", "case_resolution", "case_term", "case_risk", "case_answer",
)  # fmt: skip
ZONE: Final = "Asia/Shanghai"
MARCH: Final = dt.date(2022, 3, 1)
BOOKS_ARE_DEAR: Final = settings(
    FEW, max_examples=max(5, FEW.max_examples // 5), phases=(Phase.explicit, Phase.generate)
)


class Clock:
    """A clock that stands where it is set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def on(self, month: int, day: int, hour: int = 1) -> None:
        self.now = dt.datetime(2022, month, day, hour, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(clock: Clock) -> Iterator[Casebook]:
    with open_casebook("memory:", clock=clock) as book:
        yield book


def on(month: int, day: int) -> When:
    """A day known as such."""
    return When.on(dt.date(2022, month, day), ZONE)


def mediated(id: str = "case-1", *, month: int = 3, day: int = 1, **given: Any) -> Case:
    """A case that is being mediated."""
    return (
        reported(id, at=on(month, day), **given)
        .accept(at=on(month, day), by=BY)
        .begin_attempt(at=on(month, day), by=BY, kind=AttemptKind.PEOPLE)
        .assign(at=on(month, day), by=BY, mediator="mediator-1")
    )


def settled(id: str = "case-1", *, month: int = 3, day: int = 1, amount: str = "100", **given: Any) -> Case:
    """A case that was settled two days after its report."""
    later = on(month, day + 2)
    return (
        mediated(id, month=month, day=day, **given)
        .hold_session(at=later, by=BY, format=SessionFormat.JOINT, minutes=60)
        .resolve(at=later, by=BY, amount=Money(Decimal(amount), "CNY"))
    )


def figure(book: Casebook, name: str, **asked: Any) -> Any:
    return table(book, metrics=name, **asked)[name]


# ------------------------------------------------------------------------------------------------ as it was known


def cut_lives(seeds: list[int], share: float) -> list[tuple[Case, Case]]:
    """Random cases with corrections and late events, as they were recorded up to a part of their way, and wholly."""
    found = []
    for number, seed in enumerate(seeds):
        case = lived_case(Random(seed), id=f"case-{number}", moves=14)
        cut = max(1, round(share * len(case.events)))
        found.append(
            (Case.fold(case.id, (), case.events[:cut]), Case.fold(case.id, case.events[:cut], case.events[cut:]))
        )
    return found


def told(book: Casebook, **asked: Any) -> str:
    """The bytes of the spring of 2022."""
    return table(book, metrics=SOME, period="2022-03-01..2022-05-31", by="centre", **asked).to_json()


@given(st.lists(st.integers(0, 2**32), min_size=1, max_size=8), st.sampled_from([0.2, 0.5, 0.8]))
@BOOKS_ARE_DEAR
def test_what_was_known_then_keeps_its_bytes_whatever_is_recorded_afterwards(seeds: list[int], share: float) -> None:
    """By position and by moment; what the book itself said then, without being asked for a moment, is the same."""
    clock, lives = Clock(), cut_lives(seeds, share)
    with open_casebook("memory:", clock=clock) as book:
        clock.on(6, 1)
        book.save_all(first for first, _ in lives)
        position, at_that_time = book.store.head().position, told(book)
        clock.on(7, 1)
        between = clock.now
        assert told(book, known_at=between) == at_that_time
        clock.on(9, 1)
        book.save_all(whole for _, whole in lives if whole.pending)
        book.save(lived_case(Random(seeds[0]), id="another"))
        assert told(book, known_at=position) == told(book, known_at=between) == at_that_time


@given(st.lists(st.integers(0, 2**32), min_size=1, max_size=8), st.sampled_from([0.2, 0.5, 0.8]))
@BOOKS_ARE_DEAR
def test_a_book_is_counted_as_its_tables_are(seeds: list[int], share: float) -> None:
    """Given one by one as frames: as they are, and as they were on a day."""
    clock = Clock()
    with open_casebook("memory:", clock=clock) as book:
        clock.on(9, 1)
        book.save_all(whole for _, whole in cut_lives(seeds, 1))
        past: dict[str, Any] = {"valid_at": START + dt.timedelta(days=30 * share)}
        for asked in ({}, past):
            frames = {name: book.facts(name, **asked, ended=True).to_polars() for name in TABLES}
            through = asked.get("valid_at", clock.now)
            of_frames = table(frames, metrics=SOME, observed_through=through)
            for row in table(book, metrics=SOME, **asked).rows:
                if "within" not in row.metric.name and "on_time" not in row.metric.name:
                    assert row.figure == of_frames[row.metric.name], row.metric.name


def test_a_simulated_quarter_keeps_its_bytes_while_late_reports_and_corrections_come_in() -> None:
    """All metrics of the catalogue; asked without that moment, the quarter is restated."""
    clock = simulate.Clock()
    scenario = simulate.Scenario.centre(seed=11, cases=24, late=0.4, corrected=0.4)
    with open_casebook("memory:", clock=clock) as book:
        simulate.fill(book, scenario, clock=clock)
        log = list(book.store.log())
        position = log[len(log) // 2].position
        asked: dict[str, Any] = {"metrics": list(catalogue()), "period": "2022-Q1"}
        then = table(book, known_at=position, **asked).to_json()
        book.save(settled("case-late", day=3))
        assert table(book, known_at=position, **asked).to_json() == then != table(book, **asked).to_json()


def test_a_figure_that_looks_at_the_last_entry_of_the_whole_book_is_caught(
    book: Casebook, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: open cases are watched up to what was written last, and not to what was known."""
    through = sources._written_through
    monkeypatch.setattr(
        sources, "_written_through", lambda book, valid, _: through(book, valid, book.store.head().position)
    )
    book.save(mediated())
    position, then = book.store.head().position, told(book)
    clock.on(9, 1)
    book.save(settled("case-2"))
    assert told(book, known_at=position) != then


# ------------------------------------------------------------------------------------------------ restated


def test_a_settlement_repudiated_afterwards_changes_the_restated_figure_alone(book: Casebook, clock: Clock) -> None:
    """3 settled and none repudiated is what was known at the end of March; restated, it is 1 of 3."""
    clock.on(3, 31)
    one, *_ = (book.save(settled(f"case-{n}")) for n in range(3))
    position = book.store.head().position
    known = figure(book, "repudiation_within_10_days", period="2022-Q1")
    assert (known.numerator, known.denominator) == (0, 3)
    step = LegalStep(id="l1", kind=LegalStepKind.REPUDIATION, resolution=one.resolutions[0].id)
    clock.on(4, 20)
    book.save(one.record(step, at=on(3, 9), by=BY))
    restated = figure(book, "repudiation_within_10_days", period="2022-Q1")
    assert (restated.numerator, restated.denominator) == (1, 3)
    assert figure(book, "repudiation_within_10_days", period="2022-Q1", known_at=position) == known


def test_an_ending_recorded_late_is_true_then_and_was_not_known_then(book: Casebook, clock: Clock) -> None:
    """Settled on 3 March, written down on 2 May: asked in May, it was not open at the end of March."""
    clock.on(3, 5)
    case = book.save(mediated())
    clock.on(5, 2)
    book.save(case.resolve(at=on(3, 3), by=BY))
    end = dt.datetime(2022, 3, 31, 15, tzinfo=dt.UTC)
    assert figure(book, "open_at_end", valid_at=end).value == 0
    assert figure(book, "open_at_end", known_at=end).value == 1
    assert figure(book, "open_at_end", valid_at=end, known_at=end).value == 1
    early = dt.datetime(2022, 3, 2, 12, tzinfo=dt.UTC)
    assert figure(book, "open_at_end", valid_at=early).value == 1


def test_a_mediator_whose_work_was_over_then_had_worked(book: Casebook, clock: Clock) -> None:
    """Who is released when the case ends is still who mediated it: 1 of 1, now and on any later day."""
    clock.on(5, 1)
    book.save(settled())
    for asked in ({}, {"valid_at": dt.datetime(2022, 4, 1, tzinfo=dt.UTC)}):
        found = figure(book, "mediator_agreement_of_begun", **asked)
        assert (found.numerator, found.denominator) == (1, 1)
    april = dt.datetime(2022, 4, 1, tzinfo=dt.UTC)
    assert list(book.facts("case_mediator", valid_at=april).rows()) == []
    assert len(list(book.facts("case_mediator", valid_at=april, ended=True).rows())) == 1
    before = figure(book, "mediator_agreement_of_begun", valid_at=dt.datetime(2022, 3, 2, tzinfo=dt.UTC))
    assert (before.numerator, before.denominator, before.open) == (0, 0, 1)


def test_a_tally_that_was_changed_or_withdrawn_counts_as_it_is_now(book: Casebook, clock: Clock) -> None:
    """5 and then 7 are 7 and not 12; in between, 5; withdrawn, none."""
    details = TallyDetails(centre="centre-1", measure="screenings", period=Period.parse("2022-01"), cases=5)
    clock.on(3, 1)
    tally = book.save(Tally.create(id="t1", details=details, at=on(2, 1), by=BY))
    clock.on(3, 20)
    tally = book.save(tally.change(details=attrs.evolve(details, cases=7), at=on(3, 10), by=BY))
    ask: dict[str, Any] = {"metrics": "tallied_cases", "period": "2022-Q1"}
    assert table(book, **ask)["tallied_cases"].amounts == {"screenings": 7}
    assert table(book, **ask, valid_at=on(3, 5))["tallied_cases"].amounts == {"screenings": 5}
    assert table({"tally": book.facts("tally").to_polars()}, **ask)["tallied_cases"].amounts == {"screenings": 7}
    book.save(tally.end(at=on(3, 15), by=BY))
    assert table(book, **ask)["tallied_cases"].amounts == {}


# ------------------------------------------------------------------------------------------------ once


def test_a_case_that_is_merged_or_split_counts_where_it_goes_on(book: Casebook, clock: Clock) -> None:
    """Two reports of one quarrel, merged, and one of two quarrels, split: 3 cases, with 6 parties and 600 yuan.

    case-1 (100) absorbed case-2 (100); case-3 (100) was split into case-4 (200) and case-5 (300).
    """
    clock.on(5, 1)
    amounts = {"case-1": "100", "case-2": "100", "case-3": "100", "case-4": "200", "case-5": "300"}
    parties = (Party(id="p1", side="A", person="person-1"), Party(id="p2", side="B", person="person-2"))
    one, two, three, four, five = (
        settled(id, amount=amount, centre="east" if id in ("case-1", "case-4") else "west", parties=parties)
        for id, amount in amounts.items()
    )
    book.save_all([one, two, three, four, five])
    asked: dict[str, Any] = {
        "by": "centre",
        "metrics": ["reported", "participations", "amount_agreed", "people_served"],
    }
    before = table(book, **asked)
    assert (before["reported"].value, before["participations"].value) == (5, 10)
    two, three = book.get("case-2"), book.get("case-3")
    book.save_all(
        [two.merge(into="case-1", at=on(4, 1), by=BY), three.split(into=["case-4", "case-5"], at=on(4, 1), by=BY)]
    )
    after = table(book, **asked)
    assert after["reported"].value == 3 and after["reported"].excluded == (("void", 2),)
    assert after["participations"].value == 6
    assert after["amount_agreed"].amounts == {"CNY": 600}
    of_groups: dict[Any, Any] = {(row.metric.name, row.group): row.figure for row in after.rows if not row.total}
    for name in ("reported", "participations"):
        assert of_groups[name, ("east",)].value + of_groups[name, ("west",)].value == after[name].value
    # Two persons are two in each centre, and two in all.
    assert [of_groups["people_served", (name,)].value for name in ("east", "west")] == [2, 2]
    assert after["people_served"].value == 2
    then = table(book, **asked, valid_at=dt.datetime(2022, 3, 20, tzinfo=dt.UTC))
    assert then["reported"].value == 5


def test_erasing_a_person_changes_no_figure(book: Casebook, clock: Clock) -> None:
    """What is erased is who it was; the link between their cases is a number, and stays."""
    clock.on(5, 1)
    book.save(Person.create(id="person-1", details=PersonDetails(name="叶某"), at=on(3, 1), by=BY))
    person = Party(id="p1", side="A", person="person-1", name="叶某")
    book.save_all([settled(f"case-{n}", parties=(person, Party(id="p2", side="B", name="蒋某"))) for n in range(3)])
    ask: dict[str, Any] = {"metrics": list(catalogue()), "observed_through": dt.date(2022, 5, 1)}
    before, position, then = table(book, **ask), book.store.head().position, told(book, valid_at=on(3, 20))
    assert before["repeat_users"].numerator == 1
    book.erase("person-1", reason="asked for", by=BY)
    assert table(book, **ask).to_json() == table(book, **ask, known_at=position).to_json() == before.to_json()
    assert told(book, valid_at=on(3, 20)) == told(book, valid_at=on(3, 20), known_at=position) == then


# ------------------------------------------------------------------------------------------------ up to when


def open_days(book: Casebook, **asked: Any) -> float:
    """For how many days the only case was seen open."""
    found = survival(book, **asked).total
    (step,) = found.estimate.steps
    assert (step.ended, step.censored) == (0, 1)
    return float(step.time / 86_400_000_000)


def test_open_cases_are_watched_up_to_the_last_entry_that_is_asked_about(book: Casebook, clock: Clock) -> None:
    """Reported on 1 March; entries on the 5th, the 11th and the 21st."""
    case = reported(at=When.at(START))
    for day in (5, 11, 21):
        clock.on(3, day)
        case = book.save(case if day == 5 else case.number(reference=str(day), at=on(3, day), by=BY))
    assert open_days(book) == 20
    assert open_days(book, known_at=book.store.head().position) == 20
    # The first save is one entry or more; the second is the one before the last.
    assert open_days(book, known_at=book.store.head().position - 1) == 10
    assert open_days(book, known_at=dt.datetime(2022, 3, 12, tzinfo=dt.UTC)) == 10
    assert open_days(book, valid_at=dt.datetime(2022, 3, 9, 1, tzinfo=dt.UTC)) == 8
    assert open_days(book, valid_at=dt.datetime(2022, 6, 1, tzinfo=dt.UTC)) == 20
    both = {"valid_at": dt.datetime(2022, 3, 9, 1, tzinfo=dt.UTC), "known_at": dt.datetime(2022, 3, 6, tzinfo=dt.UTC)}
    assert open_days(book, **both) == 4


@pytest.mark.parametrize(
    ("written", "due"),
    [((3, 13, 3), 0), ((3, 13, 23), 0), ((3, 14, 11), 0), ((3, 14, 12), 1), ((3, 20, 0), 1)],
)
def test_a_window_has_closed_when_its_last_day_is_over_everywhere(
    book: Casebook, clock: Clock, written: tuple[int, int, int], due: int
) -> None:
    """Settled on 3 March: ten days run until the end of the 13th, which on the last island is noon of the 14th, UTC."""
    clock.on(*written)
    book.save(settled())
    found = figure(book, "repudiation_within_10_days")
    assert (found.denominator, found.not_due) == (due, 1 - due)


def test_a_trend_of_a_book_ends_where_its_days_are_over(book: Casebook, clock: Clock) -> None:
    """Written at noon on 20 April: the 18th is over everywhere, and April is unfinished."""
    clock.on(4, 20, 11)
    book.save(settled())
    found = trend(book, "reported", first="2022-03", last="2022-05")
    assert found.watched_through == dt.date(2022, 4, 18)
    assert [point.state for point in found.points] == ["", "not finished", "not begun"]


def test_a_day_that_is_asked_for_is_over(book: Casebook, clock: Clock) -> None:
    """What was true on 13 March is asked at its end: the window has closed; on the 12th it has not."""
    clock.on(5, 1)
    book.save(settled())
    assert figure(book, "repudiation_within_10_days", valid_at=on(3, 13)).denominator == 1
    assert figure(book, "repudiation_within_10_days", valid_at=on(3, 12)).not_due == 1


def test_an_empty_book_tells_of_no_time_at_all(book: Casebook) -> None:
    for asked in ({}, {"known_at": 0}, {"valid_at": START}, {"known_at": START}):
        found = table(book, metrics=["reported", "days_to_conclusion", "people_served"], **asked)
        assert (found["reported"].value, found["days_to_conclusion"].reason) == (0, "no cases")


@pytest.mark.parametrize("asked", [{"known_at": dt.datetime(2022, 1, 1)}, {"known_at": -1}, {"known_at": "now"}])  # noqa: DTZ001
def test_a_moment_that_cannot_be_known_at_is_refused(book: Casebook, asked: dict[str, Any]) -> None:
    with pytest.raises(InvalidQuery, match=r"What was known|needs its zone"):
        table(book, **asked)


@pytest.mark.parametrize("when", [dt.datetime(2022, 1, 1), When.unknown(), dt.date(2022, 1, 1), "2022"])  # noqa: DTZ001
def test_a_moment_that_nothing_can_be_true_at_is_refused(book: Casebook, when: Any) -> None:
    with pytest.raises((InvalidQuery, InvalidValue)):
        table(book, valid_at=when)


@pytest.mark.parametrize("asked", [{"known_at": 1}, {"valid_at": START}])
def test_a_frame_cannot_be_asked_for_another_time(asked: dict[str, Any]) -> None:
    with pytest.raises(InvalidQuery, match="asked of a casebook"):
        table({"case": pl.DataFrame()}, **asked)
