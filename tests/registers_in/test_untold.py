"""A file without a column says nothing of it; an empty cell says that it is unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

from community_mediation.domain.snapshot import Snapshot
from community_mediation.registers import amending, export_register, import_register
from community_mediation.registers.untold import SOURCES
from tests.registers_in.helpers import ZONE, counts, new_book, only, portrait, private, row, take

WHOLE = {
    "title": "相邻通道",
    "applicants": "叶某|person|male",
    "respondents": "赵某",
    "party_keys": "990101;990102",
    "mediators": "佟某",
    "channel": "walk_in",
    "status": "closed",
    "accepted_at": "2022-05-02",
    "agreed_at": "2022-05-04",
    "concluded_at": "2022-05-04",
    "closed_at": "2022-05-09",
    "conclusion": "settled",
    "agreement_form": "oral",
    "compliance": "kept",
    "follow_up_at": "2022-06-01",
    "escalation_kind": "fight",
}


def test_a_file_with_few_columns_takes_nothing_away(tmp_path: Path) -> None:
    """A list of three columns amends those three, and no person, date or outcome is lost."""
    with new_book() as book:
        take(book, tmp_path, [row("1", **WHOLE)])
        facts, told = portrait(book), private(book)
        assert counts(take(book, tmp_path, [row("1")])) == (0, 0, 1, 0)
        assert counts(take(book, tmp_path, [row("1", difficulty="simple")])) == (0, 1, 0, 0)
        assert private(book) == told
        assert only(book).dispute.difficulty == "simple"
        for table, rows in portrait(book).items():
            assert [{**each, "difficulty": None} for each in rows] == [
                {**each, "difficulty": None} for each in facts[table]
            ]


def test_an_empty_cell_of_a_column_that_is_there_makes_it_unknown(tmp_path: Path) -> None:
    """Whoever empties a cell takes back what it said."""
    with new_book() as book:
        take(book, tmp_path, [row("1", **WHOLE)])
        assert counts(take(book, tmp_path, [row("1", channel="", respondents="", applicants="叶某")])) == (0, 1, 0, 0)
        case = only(book)
        assert case.intake.channel is None
        assert [party.name for party in case.parties] == ["叶某"]


def test_an_export_without_names_imported_again_leaves_the_people_there(tmp_path: Path) -> None:
    """What was left out for discretion is not erased by it."""
    with new_book() as book:
        take(book, tmp_path, [row("1", **WHOLE)])
        told = private(book)
        export_register(book, tmp_path / "out.csv")
        result = import_register(book, tmp_path / "out.csv", zone=ZONE)
        assert (result.added, result.amended, result.unchanged, result.rejected) == (0, 0, 1, 0)
        assert private(book) == told


def test_every_field_of_a_snapshot_has_its_columns() -> None:
    """A field that is added must say which columns tell it."""
    parts = {"dispute", "intake", "parties"}
    assert {field.name for field in attrs.fields(Snapshot)} == SOURCES.keys() | parts


def test_the_check_catches_an_import_that_takes_missing_columns_for_empty_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault is what an import without this rule does."""

    def as_told(told: Snapshot, known: Snapshot, columns: Any) -> Snapshot:
        return told

    monkeypatch.setattr(amending, "with_untold", as_told)
    with pytest.raises(AssertionError):
        test_a_file_with_few_columns_takes_nothing_away(tmp_path)
