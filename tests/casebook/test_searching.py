"""Searching a book: what is found is a value of somebody, every search is recorded, and what is erased is not found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community_mediation.casebook import Casebook, Match
from community_mediation.casebook.searching import search
from community_mediation.domain.case import Case
from community_mediation.domain.ledger import BOOK, Disclosed
from community_mediation.domain.people import Party, PersonDetails, Role
from community_mediation.domain.record import Person
from community_mediation.errors import InvalidQuery, StoreDamaged, StoreReadOnly
from community_mediation.ports import Searches, Store
from community_mediation.stores import MemoryStore, SqliteStore
from community_mediation.testing.stores.gardens import change
from tests.casebook.conftest import Shelf
from tests.casebook.samples import BY, at, reported


def party(id: str, name: str, **given: object) -> Party:
    return Party(id=id, side="A", role=Role.APPLICANT, name=name, **given)  # type: ignore[arg-type]


def found(book: Casebook, text: str, limit: int = 50) -> list[Match]:
    """The matches of all pages."""
    matches: list[Match] = []
    after = None
    while True:
        page = book.search(text, reason="why", by=BY, limit=limit, after=after)
        assert len(page.matches) <= limit
        matches += page.matches
        after = page.after
        if after is None:
            return matches


@pytest.fixture
def filled(book: Casebook) -> Casebook:
    """A book with some people in it."""
    book.save(reported("c1", parties=(party("a", "孙某"), party("b", '周"某"某'))))
    book.save(reported("c2", parties=(party("a", "孙某某"), party("b", "line\nbreak\0\\n"))))
    book.save(Person.create(id="person-1", at=at(), by=BY, details=PersonDetails(name="Sun, Mou")))
    return book


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("孙某", ["c1", "c2"]),
        ("孙", ["c1", "c2"]),
        ("孙某某", ["c2"]),
        ("sun, m", ["person-1"]),
        ('周"某"', ["c1"]),
        ('"', ["c1"]),
        ("\n", ["c2"]),
        ("line\nbreak", ["c2"]),
        ("break\0", ["c2"]),
        ("\\n", ["c2"]),
        ("\\", ["c2"]),
        ("nbreak", []),
        ("u0000", []),
        ("name", []),
        ("salt", []),
        ("values", []),
        ("parties", []),
        ('{"', []),
        ("c1", []),
        ("neighbour", []),
    ],
)
def test_a_text_is_found_where_it_is_a_value_of_somebody(filled: Casebook, text: str, ids: list[str]) -> None:
    """Quotes, line breaks and NULs as they are; neither salts, names of fields, ids nor codes."""
    assert [match.id for match in found(filled, text)] == ids


def test_a_match_says_what_kind_and_whose(filled: Casebook) -> None:
    """The party, or the matter itself."""
    assert found(filled, "某") == [Match("c1", "case", ("c1/a", "c1/b")), Match("c2", "case", ("c2/a",))]
    assert found(filled, "MOU") == [Match("person-1", "person", ("person-1",))]


def test_a_salt_is_not_found(filled: Casebook) -> None:
    """The store names every matter whose salt holds the letter; the book looks once more."""
    store = filled.store
    assert isinstance(store, Searches)
    salted = [letter for letter in "0123456789" if store.search(letter).matters]
    assert salted
    assert [found(filled, letter) for letter in salted] == [[]] * len(salted)


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_are_full_although_the_store_names_matters_that_do_not_count(book: Casebook, limit: int) -> None:
    """Every salt holds some digit; only some names do."""
    named = [number for number in range(30) if number % 4 == 0]
    for number in range(30):
        book.save(reported(f"c{number:02}", parties=(party("a", "7" if number in named else "某"),)))
    page = book.search("7", reason="why", by=BY, limit=limit)
    assert len(page.matches) == min(limit, len(named))
    assert [match.id for match in found(book, "7", limit)] == [f"c{number:02}" for number in named]


def test_what_was_corrected_is_still_found(book: Casebook) -> None:
    """The journal keeps it, so it is known."""
    person = book.save(Person.create(id="person-1", at=at(), by=BY, details=PersonDetails(name="孙某")))
    book.save(person.change(at=at(1), by=BY, details=PersonDetails(name="周某")))
    assert [match.id for match in found(book, "孙某")] == [match.id for match in found(book, "周某")] == ["person-1"]


def test_an_erased_person_is_not_found(filled: Casebook) -> None:
    """By no part of the name; those of the same name still are."""
    filled.erase("c1/a", reason="asked for", by=BY)
    assert [match.id for match in found(filled, "孙某")] == ["c2"]
    filled.erase("person-1", reason="asked for", by=BY)
    assert found(filled, "Sun") == []


def test_each_page_is_recorded_and_what_was_searched_for_is_not(filled: Casebook) -> None:
    """Who, when and why; the text would outlive an erasure of the one whom it names."""
    before = len(filled.history(BOOK)) if filled.store.entries(BOOK) else 0
    assert len(found(filled, "孙某某", 1)) == 1
    assert len(found(filled, "孙某", 1)) == 2
    entries = filled.history(BOOK)[before:]
    events = [event for entry in entries for event in entry.events or ()]
    assert [(type(event), event.what, event.reason, event.by) for event in events if isinstance(event, Disclosed)] == [
        (Disclosed, "search", "why", BY)
    ] * len(events)
    assert len(events) == 3
    kept = "".join(entry.body + "".join(entry.private.values()) for entry in filled.store.entries(BOOK))
    assert "孙" not in kept
    assert "\\u5b59" not in kept


def test_the_book_s_own_matter_is_not_searched(book: Casebook) -> None:
    """Its secret would be found letter by letter, and each reason by the next search."""
    book.keyed("kind", "text")
    book.search("x", reason="looking for 孙某", by=BY)
    assert found(book, "孙某") == []
    assert [found(book, digit) for digit in "0123456789abcdef"] == [[]] * 16


def test_a_book_that_is_open_for_reading_only_is_not_searched(sqlite: Shelf) -> None:
    """The disclosure could not be recorded."""
    book = sqlite.new()
    book.save(reported("c1"))
    readonly = sqlite.over(SqliteStore.open(sqlite.path(book), readonly=True))
    with pytest.raises(StoreReadOnly):
        readonly.search("叶某", reason="why", by=BY)
    readonly.close()


@pytest.mark.parametrize(
    "asked",
    [
        {"text": ""},
        {"text": None},
        {"text": 5},
        {"text": "孙\ud800"},
        {"text": "x", "limit": 0},
        {"text": "x", "limit": 1001},
        {"text": "x", "limit": True},
        {"text": "x", "after": "no cursor"},
    ],
)
def test_what_is_no_search_is_refused_and_not_recorded(filled: Casebook, asked: dict[str, object]) -> None:
    """The error does not say what was searched for."""
    before = filled.store.head()
    with pytest.raises(InvalidQuery) as caught:
        filled.search(**{"reason": "why", "by": BY, **asked})  # type: ignore[arg-type]
    assert "孙" not in str(caught.value)
    assert filled.store.head() == before


def test_a_cursor_belongs_to_its_text(filled: Casebook) -> None:
    """Upper and lower case of A to Z are the same text."""
    filled.save(Person.create(id="person-2", at=at(), by=BY, details=PersonDetails(name="SUN")))
    page = filled.search("sun", reason="why", by=BY, limit=1)
    again = filled.search("SUN", reason="why", by=BY, limit=1, after=page.after)
    assert [match.id for match in again.matches] == ["person-2"]
    with pytest.raises(InvalidQuery):
        filled.search("su", reason="why", by=BY, after=page.after)


class Deaf:
    """A store that does all but search."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> object:
        if name in ("search", "backup"):
            raise AttributeError(name)
        return getattr(self._store, name)


def test_a_store_that_cannot_be_searched_or_copied_is_told(tmp_path: Path) -> None:
    """By a typed error; nothing is recorded."""
    book = Casebook(Deaf(MemoryStore()), ())  # type: ignore[arg-type]
    with pytest.raises(InvalidQuery, match="cannot be searched"):
        book.search("x", reason="why", by=BY)
    with pytest.raises(InvalidQuery, match="no backups"):
        book.backup(tmp_path / "copy.db")
    assert book.store.head().position == 0


def test_a_private_part_that_is_none_is_damage() -> None:
    """The error does not quote it."""
    store = MemoryStore()
    store.commit([change(private={"p": "孙某 and no JSON"})])
    with pytest.raises(StoreDamaged) as caught:
        search(store, "孙", 50, None)
    assert "孙" not in str(caught.value)


# A naive search

LETTERS = 'aAbZ孙某ä\0\n\\"u0ſK'
TEXTS = st.text(alphabet=LETTERS, min_size=1, max_size=4)


def naive(names: list[list[str]], text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Each case and each party looked at by itself."""

    def small(each: str) -> str:
        return "".join(chr(ord(char) + 32) if "A" <= char <= "Z" else char for char in each)

    hits = []
    for number, parties in enumerate(names):
        subjects = tuple(f"c{number}/p{index}" for index, name in enumerate(parties) if small(text) in small(name))
        if subjects:
            hits.append((f"c{number}", subjects))
    return hits


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.lists(TEXTS, min_size=1, max_size=3), min_size=1, max_size=6),
    text=TEXTS,
    limit=st.integers(1, 3),
)
def test_a_search_finds_what_a_naive_one_finds(shelf: Shelf, names: list[list[str]], text: str, limit: int) -> None:
    """The same matters, the same subjects, in the same order, whatever the size of the pages."""
    names = [[name if name.strip() else f"某{name}" for name in parties] for parties in names]
    with shelf.new() as book:
        for number, parties in enumerate(names):
            book.save(case_of(f"c{number}", parties))
        assert [(match.id, match.subjects) for match in found(book, text, limit)] == naive(names, text)


def case_of(id: str, names: list[str]) -> Case:
    return reported(id, parties=tuple(party(f"p{index}", name) for index, name in enumerate(names)))
