"""Persons, mediators and centres: created, changed, ended; and the ledger of the book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.centre import CentreDetails
from community_mediation.domain.ledger import BOOK, BookOpened, Ledger, SubjectsErased
from community_mediation.domain.matter import Matter
from community_mediation.domain.people import MediatorDetails, PersonDetails
from community_mediation.domain.record import Centre, Changed, Created, Ended, Mediator, Person, Record
from community_mediation.domain.values import NOT_REACHED, Milestone, When
from community_mediation.errors import IllegalMove, InvalidValue
from community_mediation.testing.strategies import Random, centres, make, mediators, persons, tried
from tests.domain.test_moves import DAY, T0, accepted, at, told

KINDS: list[tuple[Any, Any]] = [(Person, PersonDetails), (Mediator, MediatorDetails), (Centre, CentreDetails)]
of_each_kind = pytest.mark.parametrize(("cls", "details"), KINDS)


@of_each_kind
def test_a_record_is_created_changed_and_ended_and_each_value_stays_as_it_was(cls: Any, details: Any) -> None:
    first, second = make(details, Random(1)), make(details, Random(2))
    created = cls.create(id="r1", details=first, **told())
    changed = created.change(details=second, **told(1))
    ended = changed.end(reason="left", note="went home", **told(2))
    assert (created.details, created.ended, created.is_active) == (first, NOT_REACHED, True)
    assert (changed.details, changed.created) == (second, Milestone.at(at(0)))
    assert (ended.is_active, ended.ended) == (False, Milestone.at(at(2)))
    assert "went home" not in repr(ended)
    assert cls.fold("r1", ended.events) == ended.saved()
    assert [type(each) for each in ended.events] == [Created, Changed, Ended]


@of_each_kind
def test_what_has_ended_neither_ends_nor_changes_again(cls: Any, details: Any) -> None:
    ended = cls.create(id="r1", details=details(), **told()).end(**told(2))
    calls: list[tuple[str, Callable[[], Record]]] = [
        ("change", lambda: ended.change(details=details(), **told(3))),
        ("change", lambda: ended.change(details=details(), **told(2))),
        ("change", lambda: ended.change(details=details(), at=When.unknown(), by="x")),
        ("end", lambda: ended.end(**told(1))),
    ]
    for move, call in calls:
        with pytest.raises(IllegalMove) as caught:
            call()
        assert (caught.value.move, caught.value.stage) == (move, "ended")
    late = ended.change(details=make(details, Random(3)), **told(1))
    assert late.details == make(details, Random(3)) and not late.is_active


@of_each_kind
def test_a_late_change_takes_its_place_in_time(cls: Any, details: Any) -> None:
    one, two, three = (make(details, Random(seed)) for seed in (1, 2, 3))
    record = cls.create(id="r", details=one, **told()).change(details=three, **told(10)).change(details=two, **told(5))
    assert record.details == three
    assert [past.details for days in (0, 5, 10) if (past := record.valid_at(at(days)))] == [one, two, three]
    assert record.valid_at(at(-1)) is None
    with pytest.raises(InvalidValue, match="before the record began"):
        record.change(details=one, **told(-1))
    past = record.valid_at(at(6))
    calls: list[Callable[[], Record]] = [
        lambda: past.end(**told(20)),
        lambda: past.change(details=one, **told(20)),
    ]
    for call in calls:
        with pytest.raises(IllegalMove, match="look at the past"):
            call()


@of_each_kind
def test_details_of_another_kind_are_refused(cls: Any, details: Any) -> None:
    record = cls.create(id="r1", details=details(), **told())
    others = [other() for _, other in KINDS if other is not details]
    for wrong in (*others, None, {}, "x"):
        for error in (
            tried(lambda: cls.create(id="r", details=wrong, **told())),  # noqa: B023 - called at once
            tried(lambda: record.change(details=wrong, **told(1))),  # noqa: B023 - called at once
        ):
            assert isinstance(error, InvalidValue) and error.path == "$.details"


@pytest.mark.parametrize("id", [None, "", "a b", "case/p1", 5])
def test_the_id_of_a_record_is_in_order(id: Any) -> None:
    with pytest.raises(InvalidValue) as caught:
        Person.create(id=id, details=PersonDetails(), **told())
    assert caught.value.path == "$.id"


@given(persons() | mediators() | centres(), st.integers(-50, 2_000))
def test_a_record_at_a_moment_has_the_latest_details_from_before(record: Record, hours: int) -> None:
    moment = T0 - dt.timedelta(days=80) + dt.timedelta(hours=hours)
    past = record.valid_at(moment)
    assert type(record).fold(record.id, record.events) == record.saved()
    if past is not None:
        told_details = [each.details for each in record.events if isinstance(each, Created | Changed)]
        assert past.details in told_details and past.as_of == moment
        assert past.is_active or not record.is_active


@of_each_kind
def test_what_does_not_begin_with_its_creation_is_no_record(cls: Any, details: Any) -> None:
    other = next(each for _, each in KINDS if each is not details)
    for history in ((), (Ended(**told()),), (Created(details=other(), **told()),), accepted().events):
        with pytest.raises(InvalidValue, match=f"creation of a {cls.__name__}"):
            cls.fold("r1", history)


@of_each_kind
def test_folding_a_record_takes_foreign_events_as_they_come(cls: Any, details: Any) -> None:
    history = (Created(details=details(), **told()), *accepted().events, Ended(**told(1)), Ended(**told(2)))
    assert cls.fold("r1", history).ended == Milestone.at(at(2))


def test_the_names_of_centres_are_kept_private_and_their_zones_are_real() -> None:
    assert "孙大姐" not in repr(Centre.create(id="c", details=CentreDetails(name="孙大姐工作室"), **told()))
    with pytest.raises(InvalidValue) as caught:
        CentreDetails(zone="Asia/Nowhere")
    assert caught.value.path == "$.zone"


# ---------------------------------------------------------------- the ledger, and matters as such


def test_the_ledger_keeps_what_happened_to_the_book() -> None:
    ledger = Ledger.fold(BOOK, ()).record(BookOpened(secret="s3cret", **told()))
    ledger = ledger.record(SubjectsErased(subjects=("p1",), reason="asked for", **told(1)))
    assert ledger.secret == "s3cret" and "s3cret" not in repr(ledger) and "asked for" not in repr(ledger)
    past = ledger.valid_at(at(0.5))
    assert past is not None and len(past.events) == 1 and ledger.valid_at(at(-1)) is None
    wrong: Any = Ended(**told())
    with pytest.raises(InvalidValue):
        ledger.record(wrong)
    assert Ledger.fold(BOOK, ()).secret is None


def test_a_matter_as_such_neither_folds_nor_looks_back() -> None:
    calls: list[Callable[[], Matter | None]] = [lambda: Matter.fold("x", ()), lambda: Matter(id="x").valid_at(T0)]
    for call in calls:
        with pytest.raises(NotImplementedError):
            call()


@given(persons() | mediators() | centres())
def test_a_record_survives_pickling_and_copying(record: Record) -> None:
    import copy
    import pickle

    for again in (pickle.loads(pickle.dumps(record)), copy.deepcopy(record), attrs.evolve(record)):
        assert again == record and repr(again) == repr(record)
    assert dt.timedelta(0) < DAY
