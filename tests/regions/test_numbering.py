"""Giving out numbers: 1, 2, 3, … whoever asks, each once, none left out."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community_mediation.casebook import Casebook, open_casebook
from community_mediation.casebook import numbering as giving
from community_mediation.casebook.numbering import NumberUse
from community_mediation.domain.numbering import SHEET, Counter, Numbering, NumberReserved
from community_mediation.domain.validators import matter_id
from community_mediation.domain.values import When
from community_mediation.errors import (
    IllegalMove,
    InvalidReference,
    InvalidValue,
    KeyTaken,
    NotFound,
    StoreReadOnly,
    VersionConflict,
)
from community_mediation.regions import NEUTRAL, FiscalYear, ReferencePattern
from community_mediation.stores import MemoryStore
from tests.regions.numbering_driver import AT
from tests.regions.samples import BY, CN, on, reported

HERE = Path(__file__).parent
PATTERN, PEOPLE = NEUTRAL.pattern(), CN.pattern("people")
CENTRE = "centre-1"


@pytest.fixture(params=["memory", "sqlite"])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Casebook]:
    """An empty book over either store."""
    url = "memory:" if request.param == "memory" else f"sqlite:///{tmp_path.as_posix()}/book.db"
    with open_casebook(url) as book:
        yield book


def reserve(book: Casebook, count: int = 1, centre: str = CENTRE, **given_: Any) -> list[str]:
    asked = {"pattern": PATTERN, "at": AT, "by": BY, **given_}
    return [book.reserve_reference(centre, **asked) for _ in range(count)]


def numbered(*serials: int, year: int = 2026) -> list[str]:
    return [f"{year}-{each:04}" for each in serials]


def in_order(texts: list[str]) -> bool:
    """Whether these are 1, 2, 3, …, each once, however they were handed out."""
    return sorted(texts) == numbered(*range(1, len(texts) + 1))


# ---------------------------------------------------------------- one after the other


def test_numbers_begin_with_one_and_follow_each_other_over_sheets(book: Casebook) -> None:
    count = 2 * SHEET + 5
    assert reserve(book, count) == numbered(*range(1, count + 1))
    assert book.verify().is_whole


def test_another_book_on_the_same_place_goes_on(tmp_path: Path) -> None:
    """However many sheets there are: the last is found without reading all."""
    url = f"sqlite:///{tmp_path.as_posix()}/book.db"
    total = 0
    for count in (1, SHEET - 1, 1, 3 * SHEET, 7, 2 * SHEET):
        with open_casebook(url) as book:
            assert reserve(book, count) == numbered(*range(total + 1, total + count + 1))
        total += count


def test_two_books_that_take_turns_never_give_the_same(tmp_path: Path) -> None:
    """What one remembers of the last sheet is a guess that each commit checks."""
    url = f"sqlite:///{tmp_path.as_posix()}/book.db"
    with open_casebook(url) as one, open_casebook(url) as two:
        given_ = [text for _ in range(SHEET) for each in (one, two, two) for text in reserve(each)]
    assert given_ == numbered(*range(1, 3 * SHEET + 1))


def test_each_centre_pattern_and_year_counts_by_itself(book: Casebook) -> None:
    assert reserve(book, 2) == numbered(1, 2)
    assert reserve(book, centre="centre-2") == numbered(1)
    assert reserve(book, at=on("2027-01-01")) == numbered(1, year=2027)
    assert reserve(book, pattern=PEOPLE, fields={"place": "晋医"}) == ["晋医人调字[2026]001号"]
    assert reserve(book, pattern=PEOPLE, fields={"place": "晋法"}) == ["晋法人调字[2026]002号"]
    assert reserve(book) == numbered(3)


def test_a_year_is_the_fiscal_year_of_the_pattern(book: Casebook) -> None:
    pattern = ReferencePattern(name="fy", template="{year}/{serial}", fiscal=FiscalYear(start_month=4), source="a test")
    days = ("2026-03-31", "2026-04-01", "2027-03-31", "2027-04-01")
    assert [reserve(book, pattern=pattern, at=on(day))[0] for day in days] == ["2025/1", "2026/1", "2026/2", "2027/1"]


def test_a_number_without_a_year_counts_on_for_ever(book: Casebook) -> None:
    """Or the second year would give the first one's numbers again; and its time may be unknown."""
    pattern = ReferencePattern(name="plain", template="No. {serial}", source="a test")
    times = (on("2025-05-14"), on("2026-05-14"), When.unknown())
    assert [reserve(book, pattern=pattern, at=each)[0] for each in times] == ["No. 1", "No. 2", "No. 3"]


def test_a_number_whose_year_nobody_knows_is_refused(book: Casebook) -> None:
    with pytest.raises(InvalidValue) as caught:
        reserve(book, at=When.unknown())
    assert caught.value.path == "$.at"


@pytest.mark.parametrize("fields", [None, {"place": "人"}, {"town": "x"}])
def test_what_cannot_be_printed_is_refused_and_no_number_is_lost(book: Casebook, fields: Any) -> None:
    with pytest.raises(InvalidReference):
        reserve(book, pattern=PEOPLE, fields=fields)
    assert reserve(book, pattern=PEOPLE, fields={"place": "晋医"}) == ["晋医人调字[2026]001号"]


def test_a_book_for_reading_gives_out_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path.as_posix()}/book.db"
    with open_casebook(url) as book:
        reserve(book)
    with open_casebook(url, readonly=True) as book, pytest.raises(StoreReadOnly):
        reserve(book)


@settings(max_examples=20)
@given(centre=st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=200), sheet=st.integers(0, 10**9))
def test_any_centre_has_a_counter_whose_id_a_matter_may_have(centre: str, sheet: int) -> None:
    """And one that no run of digits makes look like the number of a person."""
    id = Counter(centre, "case", 2026).sheet_id(sheet)
    assert matter_id(id) == id
    assert re.fullmatch(r"numbers:[a-p]{32}:\d+", id)


def test_no_two_counters_share_their_sheets() -> None:
    counters = [("a", "b", None), ("a", "b", 2026), ("ab", "", 2026), ("a:b", "", None), ("a", "b2026", None)]
    assert len({Counter(*each).sheet_id(0) for each in counters}) == len(counters)


# ---------------------------------------------------------------- numbers that cases have


def test_a_number_that_a_case_has_already_is_passed_over(book: Casebook) -> None:
    """In whatever spelling: with fewer zeros, with the other brackets. It counts as given out."""
    for number, text in enumerate(("晋医人调字[2026]001号", "晋医人调字〔2026〕3号", "晋医人调字[2026]0005号")):
        book.save(reported(AT, id=f"old-{number}", reference=text))
    book.save(reported(AT, id="elsewhere", centre="centre-2", reference="晋医人调字[2026]002号"))
    given_ = reserve(book, 3, pattern=PEOPLE, fields={"place": "晋医"})
    assert given_ == ["晋医人调字[2026]002号", "晋医人调字[2026]004号", "晋医人调字[2026]006号"]


def test_a_whole_register_is_passed_over_sheet_by_sheet(book: Casebook) -> None:
    """Numbers that were taken fill their sheets, so that the last one is found as ever."""
    taken = 3 * SHEET + 7
    book.add_many(reported(AT, id=f"old-{each}", reference=numbered(each)[0]) for each in range(1, taken + 1))
    assert reserve(book, 2) == numbered(taken + 1, taken + 2)
    counted = list(book.counted_references(CENTRE, PATTERN, 2026))
    assert [each.serial for each in counted] == list(range(1, taken + 3))
    assert [each.use for each in counted[:taken]] == [NumberUse.TAKEN] * taken
    with open_casebook("memory:") as empty:
        assert list(empty.counted_references(CENTRE, PATTERN, 2026)) == []


def test_a_case_that_is_imported_after_the_number_was_given_out_keeps_it(book: Casebook) -> None:
    """The case that was to have it is told, and asks for another."""
    (text,) = reserve(book)
    book.save(reported(AT, id="faster", reference=text))
    with pytest.raises(KeyTaken):
        book.save(reported(AT, id="slower", reference=text))
    assert reserve(book) == numbered(2)


def test_what_became_of_each_number_can_be_asked(book: Casebook) -> None:
    book.save(reported(AT, id="old", reference=numbered(2)[0]))
    used, unused, void = reserve(book, 3)
    book.save(reported(AT, id="new", reference=used))
    book.void_reference(CENTRE, PATTERN, void, at=AT, by=BY, reason="withdrawn")
    counted = [(each.serial, str(each.use), each.case) for each in book.counted_references(CENTRE, PATTERN, 2026)]
    assert counted == [(1, "used", "new"), (2, "taken", None), (3, "open", None), (4, "voided", None)]
    assert unused == numbered(3)[0]


# ---------------------------------------------------------------- numbers that are not used


def test_a_voided_number_is_never_given_out_again(book: Casebook) -> None:
    texts = reserve(book, SHEET + 1)
    for text in (texts[0], texts[-1], texts[SHEET - 1]):
        book.void_reference(CENTRE, PATTERN, text, at=AT, by=BY, note="a blot")
    assert reserve(book, 2) == numbered(SHEET + 2, SHEET + 3)
    assert book.verify().is_whole


def test_what_was_not_given_out_cannot_be_voided(book: Casebook) -> None:
    book.save(reported(AT, id="old", reference=numbered(1)[0]))
    reserve(book)
    for text, error in (
        ("2026-0003", NotFound),
        ("2025-0001", NotFound),
        ("2026-9999", NotFound),
        ("nonsense", InvalidReference),
    ):
        with pytest.raises(error):
            book.void_reference(CENTRE, PATTERN, text, at=AT, by=BY)


def test_a_number_on_a_case_or_voided_before_cannot_be_voided(book: Casebook) -> None:
    used, void = reserve(book, 2)
    book.save(reported(AT, reference=used))
    book.void_reference(CENTRE, PATTERN, void, at=AT, by=BY)
    for text, stage in ((used, "used"), (void, "voided")):
        with pytest.raises(IllegalMove) as caught:
            book.void_reference(CENTRE, PATTERN, text, at=AT, by=BY)
        assert caught.value.stage == stage


# ---------------------------------------------------------------- races


def race(threads: int, count: int, books: list[Casebook]) -> list[str]:
    """Numbers that so many threads were given, each on one of the books."""

    def work(number: int) -> list[str]:
        return reserve(books[number % len(books)], count)

    with ThreadPoolExecutor(threads) as pool:
        return [text for mine in pool.map(work, range(threads)) for text in mine]


def test_threads_on_one_book_get_each_number_once_and_none_is_left_out(book: Casebook) -> None:
    assert in_order(race(6, 25, [book]))


def test_threads_on_books_of_their_own_do_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path.as_posix()}/book.db"
    books = [open_casebook(url) for _ in range(3)]
    assert in_order(race(3, 40, books))
    for book in books:
        book.close()


def processes(path: Path, count: int, *how: str) -> list[str]:
    """Numbers that four programs were given at the same time."""
    open_casebook(f"sqlite:///{path.as_posix()}").close()
    program = [sys.executable, "-m", "tests.regions.numbering_driver", str(path), str(count), *how]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), *filter(None, sys.path)])}
    running = [
        subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env) for _ in range(4)
    ]
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in running:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    return [text for each in running for text in json.loads(each.communicate()[0])]


def test_programs_get_each_number_once_and_none_is_left_out(tmp_path: Path, amount: Callable[[int, int], int]) -> None:
    count = amount(40, 600)
    path = tmp_path / "book.db"
    assert in_order(processes(path, count))
    with open_casebook(f"sqlite:///{path.as_posix()}") as book:
        counted = list(book.counted_references(CENTRE, PATTERN, 2026))
        assert [each.serial for each in counted] == list(range(1, 4 * count + 1))
        assert book.verify().is_whole


def test_a_store_that_does_not_look_at_the_version_is_caught(tmp_path: Path) -> None:
    """A control: two programs are given one number; on a quick machine not in every race."""
    assert any(not in_order(processes(tmp_path / f"book-{race}.db", 150, "careless")) for race in range(8))


class Rude(MemoryStore):
    """A store on which somebody else is faster, each time that a number is about to be given out."""

    rude = 0

    def commit(self, changes: Any) -> Any:
        """First the other one, then this."""
        changes = list(changes)
        if self.rude:
            self.rude -= 1
            with open_casebook("memory:") as elsewhere:
                other = Casebook(self, elsewhere._folder.kinds.values())
                reserve(other)
        return super().commit(changes)


@pytest.mark.parametrize("before", [0, 1, SHEET - 1, SHEET])
def test_whoever_loses_the_race_is_given_the_next_number(before: int) -> None:
    """Also over the end of a sheet, where both begin the next one."""
    with open_casebook("memory:") as other:
        store = Rude()
        book = Casebook(store, other._folder.kinds.values())
    reserve(book, before)
    store.rude = 1
    assert reserve(book) == numbered(before + 2)
    numbers = [event.serial for entry in store.log() for event in _events(book, entry.matter_id)]
    assert sorted(set(numbers)) == list(range(1, before + 3))


def _events(book: Casebook, id: str) -> list[NumberReserved]:
    return [each for each in book.get(id).events if isinstance(each, NumberReserved)]


def test_a_book_that_does_not_ask_again_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """A control: the conflict is told instead of looked at."""
    monkeypatch.setattr(giving, "VersionConflict", ZeroDivisionError)
    with pytest.raises(VersionConflict):
        test_whoever_loses_the_race_is_given_the_next_number(1)


# ---------------------------------------------------------------- what it costs


class Counting(MemoryStore):
    """Counts the entries that are read."""

    read = 0

    def entries(self, matter_id: str, known_at: int | None = None) -> Any:
        """As ever."""
        found = super().entries(matter_id, known_at)
        self.read += len(found)
        return found


@pytest.mark.parametrize("sheets", [3, 12, 48])
def test_the_next_number_reads_a_few_sheets_however_many_there_are(sheets: int) -> None:
    """By a book that knows nothing yet: the last sheet is found in doubling steps. One that does know reads none."""
    with open_casebook("memory:") as other:
        kinds = other._folder.kinds.values()
    store = Counting()
    book = Casebook(store, kinds)
    reserve(book, sheets * SHEET - 1)
    store.read = 0
    reserve(book)
    assert store.read == 0
    fresh = Casebook(store, kinds)
    store.read = 0
    reserve(fresh)
    assert store.read <= 2 * SHEET * sheets.bit_length()


def test_a_book_remembers_so_many_counters_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving, "REMEMBERED", 3)
    with open_casebook("memory:") as book:
        for number in range(10):
            assert reserve(book, 2, centre=f"centre-{number}") == numbered(1, 2)
            assert len(book._remembered()) <= 3
        assert reserve(book, centre="centre-0") == numbered(3)


# ---------------------------------------------------------------- a sheet


def sheet() -> Numbering:
    return Numbering.begin(Counter(CENTRE, "case", 2026), 1, at=AT, by=BY)


def test_a_sheet_knows_its_numbers() -> None:
    it = sheet().take(SHEET + 2, at=AT, by=BY).reserve("x", at=AT, by=BY)
    assert (it.number, it.begun.first, it.last, it.ends, it.is_full) == (1, SHEET + 1, SHEET + 3, 2 * SHEET, False)
    assert list(it.reserved) == [SHEET + 3]
    full = it.take(2 * SHEET, at=AT, by=BY)
    assert full.is_full
    with pytest.raises(IllegalMove, match="the next sheet goes on"):
        full.reserve("y", at=AT, by=BY)
    with pytest.raises(IllegalMove, match="the next sheet goes on"):
        full.take(2 * SHEET + 1, at=AT, by=BY)


@pytest.mark.parametrize("last", [0, SHEET, 2 * SHEET + 1])
def test_a_sheet_takes_only_its_next_numbers(last: int) -> None:
    with pytest.raises(InvalidValue) as caught:
        sheet().take(last, at=AT, by=BY)
    assert caught.value.path == "$.last"


def test_a_sheet_can_be_looked_at_as_it_was() -> None:
    it = sheet().reserve("x", at=on("2026-06-01"), by=BY)
    then = it.valid_at(dt.datetime(2026, 5, 20, tzinfo=dt.UTC))
    assert then is not None
    assert then.last == SHEET
    assert it.valid_at(dt.datetime(2026, 5, 1, tzinfo=dt.UTC)) is None
    with pytest.raises(IllegalMove, match="look at the past"):
        then.reserve("y", at=AT, by=BY)


def test_a_history_that_is_no_sheet_is_refused() -> None:
    for history in ((), (NumberReserved(at=AT, by=BY, serial=1, reference="x"),)):
        with pytest.raises(InvalidValue, match="beginning of a sheet"):
            Numbering.fold("x", history)
