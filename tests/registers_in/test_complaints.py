"""The shipped complaints come in through their mapping: whole, once, and with no outcome that nobody recorded."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from community_mediation import metrics, samples
from community_mediation.casebook import Casebook
from community_mediation.errors import InvalidMapping
from community_mediation.registers import ImportResult, RegisterMapping, import_register
from tests.registers_in.helpers import counts, entries, file_book, new_book, portrait

REGISTER = samples.path("nyc311_noise_20220501.csv")
MAPPING = samples.path("nyc311.toml")


@pytest.fixture(scope="module")
def imported() -> Iterator[tuple[Casebook, ImportResult]]:
    with new_book() as book:
        yield book, import_register(book, REGISTER, mapping=RegisterMapping.load(MAPPING))


def test_all_924_complaints_are_added_and_none_is_rejected(imported: tuple[Casebook, ImportResult]) -> None:
    book, result = imported
    assert (result.rows, counts(result), result.notices) == (924, (924, 0, 0, 0), ())
    assert entries(book) == 924


def test_the_same_file_again_adds_no_entry(imported: tuple[Casebook, ImportResult]) -> None:
    book, _ = imported
    before = book.store.head()
    again = import_register(book, REGISTER, mapping=RegisterMapping.load(MAPPING))
    assert counts(again) == (0, 0, 924, 0)
    assert book.store.head() == before


def test_rows_in_another_order_with_columns_in_another_order_are_the_same_cases(
    imported: tuple[Casebook, ImportResult], tmp_path: Path
) -> None:
    book, _ = imported
    with REGISTER.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path = tmp_path / "turned.csv"
    with path.open("w", encoding="utf-8", newline="") as turned:
        writer = csv.DictWriter(turned, list(reversed(rows[0])))
        writer.writeheader()
        writer.writerows(reversed(rows))
    assert counts(import_register(book, path, mapping=RegisterMapping.load(MAPPING))) == (0, 0, 924, 0)


def test_the_outcome_of_all_924_is_unknown_or_open_and_never_an_agreement(
    imported: tuple[Casebook, ImportResult],
) -> None:
    book, _ = imported
    facts = list(book.facts("case").rows())
    assert Counter(row["agreement"] for row in facts) == {"unknown": 924}
    assert Counter(row["conclusion"] for row in facts) == {"unknown": 480, None: 444}


def test_the_medians_of_the_imported_book_are_those_of_the_published_file(
    imported: tuple[Casebook, ImportResult],
) -> None:
    """58.7 minutes with the open complaints counted as watched, 32.4 among those that had ended."""
    book, _ = imported
    found = metrics.survival(book.facts("case").to_polars(), unit="minutes").total
    assert (found.estimate.cases, found.estimate.ended) == (924, 480)
    assert (round(found.value or 0, 1), round(found.closed_only_value or 0, 1)) == (58.7, 32.4)


def test_without_a_zone_the_mapping_is_refused_and_nothing_is_recorded() -> None:
    text = MAPPING.read_text("utf-8").replace('zone = "America/New_York"', "")
    with new_book() as book:
        with pytest.raises(InvalidMapping, match="no zone is known"):
            import_register(book, REGISTER, mapping=RegisterMapping.parse(text))
        assert entries(book) == 0


def test_a_book_in_memory_and_a_book_in_a_file_hold_the_same(
    imported: tuple[Casebook, ImportResult], tmp_path: Path
) -> None:
    with file_book(tmp_path / "complaints.db") as other:
        import_register(other, REGISTER, mapping=RegisterMapping.load(MAPPING))
        assert portrait(other) == portrait(imported[0])
        assert other.verify().is_whole
