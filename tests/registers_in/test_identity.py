"""No double entry: which row is which case, and what becomes of a row that has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_mediation.casebook import Casebook
from community_mediation.domain.case import Case
from community_mediation.domain.dispute import Dispute, Intake
from community_mediation.domain.events import Amended
from community_mediation.domain.history import in_force
from community_mediation.domain.snapshot import Snapshot
from community_mediation.domain.values import Code, ExternalId, When
from community_mediation.errors import KeyTaken
from community_mediation.registers import amending, importing
from tests.registers_in.helpers import (
    ZONE,
    Row,
    cases,
    counts,
    entries,
    new_book,
    only,
    portrait,
    private,
    problems,
    row,
    take,
)
from tests.registers_in.lives import KEYS, MAPPING, life, lives, registers


def known(book: Casebook, case_id: str) -> Any:
    """What the register is known to say of a case now."""
    return in_force(book.get(case_id).events)[0][1]


def same(one: Any, other: Any) -> bool:
    """Whether two registrations say the same, whoever the mediators are."""
    bare = [(each.at, attrs.evolve(each.snapshot, mediators=())) for each in (one, other)]
    return bare[0] == bare[1]


def check_rounds(rounds: Sequence[Sequence[Row]]) -> None:
    """Import file after file: each row is added once, amended where it differs, and else leaves no trace."""
    with TemporaryDirectory() as name, new_book() as book, new_book() as fresh:
        folder, latest = Path(name), dict[str, Row]()
        for rows in rounds:
            before = {_key(each): each for each in latest.values()}
            told = {_key(each): each for each in rows}
            journal = entries(book)
            result = take(book, folder, rows, MAPPING)
            changed = [key for key in told if key in before and dict(before[key]) != dict(told[key])]
            assert problems(result) == []
            assert result.added == len([key for key in told if key not in before])
            # A cell may change in its spelling only: then nothing is recorded, and nothing need be.
            assert result.amended <= len(changed)
            assert sum(counts(result)) == len(rows)
            if not result.added and not result.amended:
                assert entries(book) == journal
            latest |= told
        take(fresh, folder, list(latest.values()), MAPPING)
        assert portrait(book) == portrait(fresh)
        assert private(book) == private(fresh)
        assert book.verify().is_whole


def _key(each: Row) -> str:
    if each.get("external_id"):
        return f"external {each['external_system']} {each['external_id']}"
    return f"number {each['centre']} {each['case_no']}"


@settings(max_examples=60)
@given(st.lists(registers(4), min_size=2, max_size=4))
def test_any_row_of_files_leaves_the_book_as_a_fresh_import_of_the_latest_rows(rounds: list[list[Row]]) -> None:
    check_rounds(rounds)


@settings(max_examples=40)
@given(registers(), st.randoms(use_true_random=False))
def test_the_same_rows_in_any_order_of_rows_and_columns_change_nothing(rows: list[dict[str, str]], rng: Any) -> None:
    with TemporaryDirectory() as name, new_book() as book:
        take(book, Path(name), rows, MAPPING)
        journal = entries(book)
        turned = [dict(rng.sample(list(each.items()), len(each))) for each in rng.sample(rows, len(rows))]
        assert counts(take(book, Path(name), turned, MAPPING)) == (0, 0, len(rows), 0)
        assert entries(book) == journal


@settings(max_examples=40)
@given(lives(), lives())
def test_a_changed_row_records_the_changed_fields_and_no_others(old: dict[str, str], new: dict[str, str]) -> None:
    with TemporaryDirectory() as name, new_book() as book:
        take(book, Path(name), [{**KEYS[0], **old}], MAPPING)
        case = only(book)
        before = known(book, case.id)
        result = take(book, Path(name), [{**KEYS[0], **new}], MAPPING)
        after = known(book, case.id)
        differing = {
            field.name
            for field in attrs.fields(Snapshot)
            if getattr(before.snapshot, field.name) != getattr(after.snapshot, field.name)
        }
        if result.unchanged:
            assert before == after
            return
        event = only(book).events[-1]
        assert isinstance(event, Amended)
        assert set(event.fields) == differing
        assert (event.reported is not None) == (before.at != after.at)
        unsaid = {field.name for field in attrs.fields(Snapshot)} - differing - {"dispute"}
        bare = Snapshot(dispute=event.snapshot.dispute)
        assert [each for each in unsaid if getattr(event.snapshot, each) != getattr(bare, each)] == []
        if "dispute" not in differing:
            assert event.snapshot.dispute.title is None and event.snapshot.dispute.own == ()


def test_a_second_row_of_a_case_is_told_with_the_row_of_the_first(tmp_path: Path) -> None:
    with new_book() as book:
        result = take(book, tmp_path, [row("1"), row("2"), row("1", title="again")])
        assert problems(result) == [(4, None, "row 2 is the same case")]
        assert len(cases(book)) == 2


def test_the_second_row_is_told_however_far_behind_the_first_it_stands(tmp_path: Path) -> None:
    with new_book() as book:
        result = take(book, tmp_path, [*(row(str(number)) for number in range(1200)), row("3")])
        assert problems(result) == [(1202, None, "row 5 is the same case")]


def test_the_external_id_says_which_case_a_row_without_a_number_is(tmp_path: Path) -> None:
    outside = {"external_system": "police", "external_id": "P1"}
    with new_book() as book:
        take(book, tmp_path, [row("", **outside)])
        result = take(
            book, tmp_path, [row("", **outside, title="changed"), row("", external_system="court", external_id="P1")]
        )
        assert counts(result) == (1, 1, 0, 0)


def test_one_number_in_two_systems_is_two_cases_and_one_number_at_two_centres_too(tmp_path: Path) -> None:
    rows = [row("1", centre="甲站"), row("1", centre="乙站"), row("1", centre="甲 站")]
    with new_book() as book:
        assert counts(take(book, tmp_path, rows)) == (3, 0, 0, 0)
        assert counts(take(book, tmp_path, rows)) == (0, 0, 3, 0)


def test_a_row_whose_two_numbers_belong_to_two_cases_is_rejected(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row("1"), row("", external_system="police", external_id="P1")])
        result = take(book, tmp_path, [row("1", external_system="police", external_id="P1")])
        assert problems(result) == [(2, None, "its two numbers belong to two cases of the book")]


def test_a_case_of_the_book_with_another_number_is_not_renamed(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row("1", external_system="police", external_id="P1")])
        result = take(book, tmp_path, [row("2", external_system="police", external_id="P1")])
        assert problems(result) == [(2, None, "the same case has another number or centre in the book")]


def test_a_case_that_had_one_number_only_gets_the_other_from_a_later_row(tmp_path: Path) -> None:
    """Whichever came first; a row that leaves a number out takes none away, and the next one adds nothing."""
    outside = {"external_system": "police", "external_id": "P1"}
    for first in (row("", **outside), row("1")):
        with new_book() as book:
            take(book, tmp_path, [first])
            if first == row("1"):
                book.save(only(book).number(at=When.unknown(), by="someone", external=ExternalId("police", "P1")))
            else:
                assert counts(take(book, tmp_path, [row("1", **outside)])) == (0, 1, 0, 0)
            case = only(book)
            assert (case.reference, case.external) == ("1", ExternalId("police", "P1"))
            for again in (row("1", **outside), row("", **outside), row("1")):
                assert counts(take(book, tmp_path, [again])) == (0, 0, 1, 0)


def test_a_number_that_another_case_has_is_not_given_twice(tmp_path: Path) -> None:
    outside = {"external_system": "police", "external_id": "P1"}
    with new_book() as book:
        take(book, tmp_path, [row("1"), row("", **outside)])
        assert counts(take(book, tmp_path, [row("1", **outside)])) == (0, 0, 0, 1)


def lived(book: Casebook) -> None:
    """Work on the one case of the book, here."""
    case = only(book)
    book.save(case.accept(at=When.on(dt.date(2022, 5, 2), ZONE), by="someone"))


def test_after_live_work_a_row_that_changes_the_course_is_rejected_and_names_the_fields(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row(title="old", status="open")])
        lived(book)
        changed = row(title="new", status="concluded", concluded_at="2022-06-01", reported_at="2022-04-30")
        result = take(book, tmp_path, [changed])
        assert problems(result) == [
            (2, None, "a step was recorded here since, and the row changes concluded, reported_at, status")
        ]
        assert only(book).dispute.title == "old"


def test_after_live_work_a_new_description_is_still_taken(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row(title="old", status="open")])
        lived(book)
        result = take(book, tmp_path, [row(title="new", status="open", applicants="叶某", channel="walk_in")])
        case = only(book)
        assert counts(result) == (0, 1, 0, 0)
        assert (case.dispute.title, len(case.parties), case.accepted.is_reached) == ("new", 1, True)


def test_after_live_work_the_same_row_is_still_nothing_new(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row(status="open")])
        lived(book)
        assert counts(take(book, tmp_path, [row(status="open", recorded_at="2022-06-01")])) == (0, 0, 1, 0)


def test_a_case_that_was_reported_here_is_not_overwritten_by_a_register(tmp_path: Path) -> None:
    with new_book() as book:
        take(book, tmp_path, [row("9")])
        born = Case.report(
            id=book.new_id(),
            centre="unknown",
            reference="1",
            dispute=Dispute(type=Code("local", "neighbour")),
            intake=Intake(),
            parties=[],
            at=When.on(dt.date(2022, 5, 1), ZONE),
            by="someone",
        )
        book.save(born)
        result = take(book, tmp_path, [row("1", title="from elsewhere")])
        assert problems(result) == [(2, None, "the case is lived through in this book")]


# ---------------------------------------------------------------- what was erased

FULL = {
    "title": "漏水",
    "brief": "楼上漏水",
    "place": "甲社区",
    "applicants": "叶某|person|female|1980-01-01",
    "respondents": "钱某",
    "party_keys": "990000198001010021; 990000198001010048",
    "own_note": "旧账",
}


def check_erased_stays_erased(folder: Path) -> None:
    """What was erased of a case does not come back with the next import of the same register."""
    with new_book() as book:
        take(book, folder, [row(**FULL, status="open")])
        case = only(book)
        book.erase(f"{case.id}/a1", reason="asked", by="office")
        book.erase(case.id, reason="asked", by="office")
        assert counts(take(book, folder, [row(**FULL, status="open")])) == (0, 0, 1, 0)
        result = take(book, folder, [row(**FULL, status="concluded", channel="walk_in")])
        after = only(book)
        assert counts(result) == (0, 1, 0, 0)
        assert after.dispute.title is None and after.dispute.brief is None and after.dispute.place is None
        assert after.dispute.own[0].value is None
        first, second = after.parties
        assert (first.name, first.identity, first.birth_date) == (None, None, None)
        assert (second.name, second.identity) == ("钱某", "990000198001010048")
        assert book.verify().is_whole


def test_what_was_erased_is_not_taken_again_from_the_register(tmp_path: Path) -> None:
    check_erased_stays_erased(tmp_path)


# ---------------------------------------------------------------- planted faults


def test_the_round_check_catches_an_import_that_forgets_a_changed_field(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = amending._changes
    monkeypatch.setattr(amending, "_changes", lambda old, new: [each for each in whole(old, new) if each != "dispute"])
    rounds = [[{**KEYS[0], **life(1), "dispute_type": kind}] for kind in ("neighbour", "family")]
    with pytest.raises(AssertionError):
        check_rounds(rounds)


def test_the_round_check_catches_an_import_that_takes_each_row_for_a_new_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing._Run, "_holders", lambda self, keys: {})
    with pytest.raises((AssertionError, KeyTaken)):
        check_rounds([[{**KEYS[0], **life(1)}]] * 2)


def test_the_erasure_check_catches_an_import_that_brings_names_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(amending, "without_erased", lambda told, *_: told)
    with pytest.raises(AssertionError):
        check_erased_stays_erased(tmp_path)
