"""What is kept from row to row, as registers say the same few things again and again, mixes up no two of them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_mediation.domain import register_effects
from community_mediation.domain.attempt import PanelRole
from community_mediation.domain.values import Code
from community_mediation.registers import binding, dates, snapshots
from community_mediation.registers.text import Lines
from tests.registers_in.helpers import cases, new_book, only, row, take
from tests.registers_in.lives import MAPPING, life

PLACES = {"Asia/Shanghai": "moj_stat_18", "America/Los_Angeles": "nyc", "Pacific/Apia": "local"}
"""Zones, and lists of types."""


def by_its_first(keep: Callable[..., Any]) -> Callable[..., Any]:
    """The planted fault: what is kept under less than it is made of, its first part."""
    kept: dict[Any, Any] = {}

    def found(first: Any, *others: Any) -> Any:
        if first not in kept:
            kept[first] = keep(first, *others)
        return kept[first]

    return found


# ---------------------------------------------------------------- two places


def check_zones(folder: Path) -> None:
    """The same row under three zones, in one program, happened at three times."""
    seen = set()
    for _ in range(2):
        for zone in PLACES:
            with new_book() as book:
                take(book, folder, [row(reported_at="2022-05-01", accepted_at="2022-05-02 09:00")], zone=zone)
                case = only(book)
                assert str(case.reported.when) == f"2022-05-01[{zone}]"
                assert case.accepted.when is not None and case.accepted.when.instant is not None
                seen.add(case.accepted.when.instant)
    assert len(seen) == len(PLACES)


def test_the_same_date_in_two_zones_is_two_times(tmp_path: Path) -> None:
    check_zones(tmp_path)


def test_the_check_of_zones_catches_dates_that_are_kept_by_their_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(binding, "parse_when", by_its_first(dates.parse_when))
    with pytest.raises(AssertionError):
        check_zones(tmp_path)


def check_schemes(folder: Path) -> None:
    """The same word of two lists is two types, from whichever register it comes."""
    for _ in range(2):
        for scheme in PLACES.values():
            with new_book() as book:
                take(book, folder, [row()], f'dispute_scheme = "{scheme}"\n')
                assert only(book).dispute.type == Code(scheme, "neighbour")


def test_the_same_word_of_two_lists_is_two_types(tmp_path: Path) -> None:
    check_schemes(tmp_path)


def test_the_check_of_lists_catches_types_that_are_kept_by_their_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    by_word = by_its_first(lambda code, scheme: Code(scheme, code))
    monkeypatch.setattr(snapshots, "_type", lambda scheme, code: by_word(code, scheme))
    with pytest.raises(AssertionError):
        check_schemes(tmp_path)


def check_words(folder: Path) -> None:
    """The same word means what the mapping of its own register says."""
    for channel in ("walk_in", "police_call", "group_chat"):
        with new_book() as book:
            toml = f'[codes.channel]\n"窗口" = "{channel}"\n[codes.source]\n"*" = "referral"\n'
            take(book, folder, [row(channel="窗口", source="法院")], toml)
            assert (only(book).intake.channel, only(book).intake.source) == (channel, "referral")


def test_the_same_word_of_two_mappings_is_two_codes(tmp_path: Path) -> None:
    check_words(tmp_path)


def test_the_check_of_words_catches_an_intake_that_is_kept_by_its_source(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(snapshots, "_intake", by_its_first(snapshots._intake.__wrapped__))
    with pytest.raises(AssertionError):
        check_words(tmp_path)


# ---------------------------------------------------------------- two cases


def check_marks(folder: Path) -> None:
    """Each side keeps its own mark, in every row."""
    marks = [(str(one), str(other)) for one in range(1, 6) for other in range(1, 6)]
    rows = [
        row(str(number), satisfaction_applicant=one, satisfaction_respondent=other)
        for number, (one, other) in enumerate(marks)
    ]
    with new_book() as book:
        take(book, folder, rows)
        found = {
            number: tuple(str(each.score) for each in case.follow_ups[0].satisfaction)
            for number, case in cases(book).items()
        }
    assert found == {str(number): each for number, each in enumerate(marks)}


def test_the_same_mark_of_two_sides_is_two_marks(tmp_path: Path) -> None:
    check_marks(tmp_path)


def test_the_check_of_marks_catches_one_mark_a_side(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(snapshots, "_satisfaction", by_its_first(snapshots._satisfaction.__wrapped__))
    with pytest.raises(AssertionError):
        check_marks(tmp_path)


def check_panels(folder: Path) -> None:
    """Who leads one case may be a member in the next."""
    rows = [row("1", mediators="郗某; 蔚某"), row("2", mediators="蔚某; 郗某")]
    with new_book() as book:
        take(book, folder, rows)
        one, other = (cases(book)[number].assignments for number in "12")
    assert [each.mediator for each in one] == [each.mediator for each in reversed(other)]
    for panel in (one, other):
        assert [(each.id, each.role) for each in panel] == [
            ("register-1", PanelRole.LEAD),
            ("register-2", PanelRole.MEMBER),
        ]


def test_a_mediator_leads_one_case_and_is_a_member_in_another(tmp_path: Path) -> None:
    check_panels(tmp_path)


def test_the_check_of_panels_catches_work_that_is_kept_by_the_mediator(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = register_effects._assignment
    by_mediator = by_its_first(lambda mediator, number: whole(number, mediator))
    monkeypatch.setattr(register_effects, "_assignment", lambda number, mediator: by_mediator(mediator, number))
    with pytest.raises(AssertionError):
        check_panels(tmp_path)


# ---------------------------------------------------------------- what was looked at before


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_whatever_a_register_tells_the_case_is_made_of_sound_parts(seed: int) -> None:
    """Parts that are made without a look at them would stand up to one."""
    with tempfile.TemporaryDirectory() as folder, new_book() as book:
        take(book, Path(folder), [{**row(), **life(seed)}], MAPPING)
        case = only(book)
        parts = (*case.attempts, *case.sessions, *case.resolutions, *case.risks, *case.follow_ups, *case.assignments)
        for part in parts:
            assert attrs.evolve(part) == part  # type: ignore[misc]


# ---------------------------------------------------------------- the mark of a spreadsheet


def check_apostrophes(folder: Path) -> None:
    """The mark that stops a formula is taken off wherever it stands, and off nothing else."""
    briefs = ["plain", "'=1+1", "it's", "''=x", "first\n'=second", "'", "two\nlines", "'@x"]
    rows = [row(str(number), title="t", brief=brief, place="'+86") for number, brief in enumerate(briefs)]
    rows.insert(1, row("a", title="t", brief="b", place="p"))
    with new_book() as book:
        take(book, folder, rows)
        told = [case.dispute.brief for case in cases(book).values()]
        places = {case.dispute.place for case in cases(book).values()}
    assert told == ["plain", "b", "=1+1", "it's", "'=x", "first\n'=second", "'", "two\nlines", "@x"]
    assert places == {"+86", "p"}


def test_the_mark_of_a_cell_is_taken_off(tmp_path: Path) -> None:
    check_apostrophes(tmp_path)


def test_the_check_of_marked_cells_catches_marks_that_are_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Lines, "has_apostrophe", property(lambda self: False, lambda self, value: None), raising=False)
    with pytest.raises(AssertionError):
        check_apostrophes(tmp_path)
