"""The workload of the benchmarks is what `simulate` makes, and what the figures on speed are about."""

from __future__ import annotations

import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import attrs
import pytest

import community_mediation as cm
from benchmarks import _workload
from community_mediation import simulate
from community_mediation.casebook.folding import Folder
from community_mediation.domain.matter import Event
from community_mediation.plugins import Plugins

RANGES: dict[str, tuple[int, int, Callable[[cm.Case], int]]] = {
    "parties": (2, 4, lambda case: len(case.parties)),
    "mediators": (1, 3, lambda case: len(case.assignments)),
    "sessions": (1, 4, lambda case: len(case.sessions)),
    "terms": (1, 3, lambda case: sum(len(each.clauses) for each in case.resolutions)),
    "visits": (0, 3, lambda case: len(case.follow_ups)),
    "events": (5, 12, lambda case: len(case.events)),
    "agreements": (1, 1, lambda case: len(case.resolutions)),
}


@pytest.fixture(scope="module")
def workload() -> list[cm.Case]:
    return list(simulate.cases(simulate.Scenario.workload(cases=300)))


def outside(cases: Iterable[cm.Case], what: str) -> set[int]:
    """The counts that are beyond what is said of the workload."""
    least, most, count = RANGES[what]
    return {number for case in cases if not least <= (number := count(case)) <= most}


@pytest.mark.parametrize("what", RANGES)
def test_a_case_has_as_many_of_each_as_is_said(workload: list[cm.Case], what: str) -> None:
    assert outside(workload, what) == set()
    least, most, count = RANGES[what]
    found = {count(case) for case in workload}
    # Every number of parties, mediators and so on does come, and nearly every number of events.
    assert set(range(max(least, 6) if what == "events" else least, most + 1)) - found <= (
        {6, 12} if what == "events" else set()
    )


@pytest.mark.parametrize("what", ["sessions", "agreements", "terms"])
def test_cases_of_another_scenario_are_caught(what: str) -> None:
    assert outside(simulate.cases(simulate.Scenario.country(cases=200)), what) != set()


def size(id: str, events: Iterable[Event]) -> int:
    """Of one JSON text with all that a case holds, in bytes."""
    import msgspec

    def plain(value: Any) -> Any:
        return str(value) if isinstance(value, cm.When | cm.Money | cm.Code) else attrs_of(value)

    def attrs_of(value: Any) -> Any:
        return {
            field.name: inside
            for field in attrs.fields(type(value))
            if (inside := getattr(value, field.name)) is not None and inside != ()
        }

    return len(msgspec.json.encode({"id": id, "events": [deep(event, plain) for event in events]}))


def deep(value: Any, plain: Callable[[Any], Any]) -> Any:
    """The value in dictionaries, lists and texts."""
    if attrs.has(type(value)):
        value = plain(value)
    if isinstance(value, dict):
        return {name: deep(inside, plain) for name, inside in value.items()}
    return [deep(each, plain) for each in value] if isinstance(value, tuple) else value


def test_a_case_is_2_to_4_kilobytes_of_json(workload: list[cm.Case]) -> None:
    """Half of all, and nearly all within a half more."""
    sizes = [size(case.id, case.pending) for case in workload]
    assert 2_000 < statistics.median(sizes) < 4_096
    assert min(sizes) > 2_000
    assert max(sizes) < 6_144


def test_texts_are_chinese_and_scalars_are_many(workload: list[cm.Case]) -> None:
    assert not any(str(case.dispute.brief).isascii() for case in workload)
    assert min(scalars(case) for case in workload) > 40


def scalars(value: Any) -> int:
    """How many single values it holds that are known."""
    if attrs.has(type(value)):
        return sum(scalars(getattr(value, field.name)) for field in attrs.fields(type(value)))
    return sum(map(scalars, value)) if isinstance(value, tuple) else value is not None


def test_the_benchmarks_take_these_cases() -> None:
    """But for the centre and the numbers, which are theirs."""
    scenario = simulate.Scenario.workload(seed=_workload.MOST_BLOCKS, cases=_workload.BLOCK, centres=1, repeat=0.0)
    made = _workload.cases(40)
    assert [case.id for case in made] == [case.id for case, _ in zip(simulate.cases(scenario), range(40), strict=False)]
    assert {case.centre for case in made} == {_workload.CENTRE}
    for what in RANGES:
        assert outside(made, what) == set()


def test_any_case_of_the_benchmarks_can_be_had_without_those_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = Counter[str]()
    original = simulate.cases

    def counting(scenario: simulate.Scenario) -> Any:
        for case in original(scenario):
            taken["cases"] += 1
            yield case

    monkeypatch.setattr(simulate, "cases", counting)
    far = _workload.cases(2, first=5_000_000, seed=77)
    assert taken["cases"] <= 2 * _workload.BLOCK
    assert far == [_workload.case(5_000_000, 77), _workload.case(5_000_001, 77)]


def test_the_workload_can_be_saved_across_its_blocks() -> None:
    """No id, case number or external id comes twice."""
    made = _workload.cases(5, first=_workload.BLOCK - 3) + _workload.cases(4, seed=2)
    with cm.open_casebook("memory:") as book:
        assert book.add_many(made) == 9
        assert book.verify().is_whole


def test_histories_are_the_events_of_the_same_cases() -> None:
    assert _workload.histories(3) == [(case.id, case.pending) for case in _workload.cases(3)]


def test_the_codec_reads_what_it_writes_of_the_workload() -> None:
    codec = Folder(Plugins().kinds()).codec
    for id, events in _workload.histories(10):
        encoded = codec.encode(id, events, salt=lambda: "00" * 16)
        assert codec.decode(encoded.body, encoded.private).events == tuple(events)


def test_the_hand_written_structs_of_the_benchmarks_hold_all_of_the_workload() -> None:
    """Otherwise the reference would have less to do than we."""
    from benchmarks import _structs

    left_out: set[tuple[str, str]] = set()

    def look(value: Any) -> None:
        if isinstance(value, tuple):
            for each in value:
                look(each)
        if not attrs.has(type(value)) or isinstance(value, cm.When):
            return
        held = getattr(_structs, type(value).__name__).__struct_fields__
        for field in attrs.fields(type(value)):
            inside = getattr(value, field.name)
            if inside not in (None, ()) and inside != field.default:
                if field.name not in held:
                    left_out.add((type(value).__name__, field.name))
                look(inside)

    for _, events in _workload.histories(200):
        look(events)
    assert left_out == set()
    assert "msgspec" in sys.modules
