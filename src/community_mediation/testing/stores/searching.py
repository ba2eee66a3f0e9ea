"""What a store keeps that declares ``SEARCH``."""

from __future__ import annotations

import base64
import contextlib
from typing import Any

import pytest

from community_mediation.errors import InvalidQuery, VersionConflict
from community_mediation.ports import Capability, Searches, Store
from community_mediation.testing.stores.fixtures import StoreFixtures, need
from community_mediation.testing.stores.gardens import change
from community_mediation.testing.stores.helping import CANARY, PAGES_AT_MOST, assert_says_nothing

TEXTS = {
    "m1": "李某某住在东街，Tel 555-0101",
    "m2": "王某 和 李某某 的 邻居",
    "m3": "100% of_it; 'DROP' \"TABLE\" \\ *",
    "m4": "ÄPFEL und äpfel",
    "m5": "a\0b",
    "m6": "x" * 5000 + "needle" + "y" * 5000,
    "m7": "İstanbul Straße",
}


def found(book: Searches, text: str, limit: int = 50) -> list[str]:
    """All matters of all pages."""
    matters: list[str] = []
    cursor = None
    for _ in range(PAGES_AT_MOST):
        page = book.search(text, limit, cursor)
        assert 0 <= len(page.matters) <= limit
        matters += page.matters
        if page.cursor is None:
            return matters
        cursor = page.cursor
    pytest.fail(f"the pages do not end: {len(matters)} matters on {PAGES_AT_MOST} pages")


class SearchLaws(StoreFixtures):
    """Texts are found in private parts."""

    @pytest.fixture
    def searched(self, book: Store) -> Any:
        """The store with some texts, if it can be searched."""
        need(book, Capability.SEARCH)
        for name, text in TEXTS.items():
            book.commit([change(name, private={"p": text})])
        return book

    @pytest.mark.parametrize(
        ("text", "matters"),
        [
            ("李某", ["m1", "m2"]),
            ("东", ["m1"]),
            ("某某住在东街", ["m1"]),
            ("李街", []),
            ("el 555-0", ["m1"]),
            ("needle", ["m6"]),
            (TEXTS["m6"], ["m6"]),
            (TEXTS["m6"] + "y", []),
            ("nothing of that", []),
        ],
    )
    def test_a_text_is_found_wherever_it_stands(self, searched: Searches, text: str, matters: list[str]) -> None:
        """SEARCH: two Chinese characters as well as a sentence, a single one, and ten thousand."""
        assert found(searched, text) == matters

    @pytest.mark.parametrize(
        ("text", "matters"),
        [
            ("NEEDLE", ["m6"]),
            ("tEL", ["m1"]),
            ("ÄPFEL", ["m4"]),
            ("Äpfel", ["m4"]),
            ("ÄPFEL UND ä", ["m4"]),
            ("ÄPFEL UND Ä", []),
        ],
    )
    def test_ascii_letters_are_equal_in_either_case_and_no_others(
        self, searched: Searches, text: str, matters: list[str]
    ) -> None:
        """SEARCH: A to Z and a to z are equal, all else is compared as it is."""
        assert found(searched, text) == matters

    @pytest.mark.parametrize("text", ["istanbul", "strasse", "STRASSE", "i\u0307stanbul", "ﬁ", "ä"])
    def test_no_rule_of_a_language_is_applied(self, searched: Searches, text: str) -> None:
        """SEARCH: ``İ`` is no ``i``, ``ß`` no ``ss``, ``ä`` no ``Ä``."""
        assert found(searched, text) == (["m4"] if text == "ä" else [])

    @pytest.mark.parametrize(
        ("text", "matters"),
        [
            ("%", ["m3"]),
            ("_", ["m3"]),
            ("*", ["m3"]),
            ("1%of", []),
            ("'drop'", ["m3"]),
            ('"table"', ["m3"]),
            ("\\", ["m3"]),
            ("李 OR 王", []),
            ("李*", []),
            ("NOT x", []),
            ("'; --", []),
            ("a\0b", ["m5"]),
            ("\0", ["m5"]),
            ("a\0c", []),
        ],
    )
    def test_no_character_is_a_wildcard_or_a_word_of_a_language(
        self, searched: Searches, text: str, matters: list[str]
    ) -> None:
        """SEARCH: percent, underscore, star, quotes, operators and NUL are characters like others."""
        assert found(searched, text) == matters

    def test_a_matter_comes_once_in_the_order_of_its_first_entry(self, book: Store) -> None:
        """SEARCH: whatever its later entries hold, and by whichever subject."""
        store = need(book, Capability.SEARCH)
        book.commit([change("m9", private={"p": "nothing"}), change("m5", private={"p": "a plum"})])
        book.commit([change("m1", private={"p": "Plum", "q": "plums"}), change("m9", 1, private={"p": "plum"})])
        book.commit([change("m5", 1, private={"q": "plum"})])
        assert found(store, "plum") == found(store, "plum", 1) == ["m5", "m1", "m9"]

    def test_only_private_parts_are_searched(self, book: Store) -> None:
        """SEARCH: neither bodies nor the names of matters and subjects."""
        store = need(book, Capability.SEARCH)
        book.commit([change("plum", kind="plum", body='"plum"', private={"plum": "x"})])
        assert found(store, "plum") == []

    @pytest.mark.parametrize("limit", [1, 2, 7, 40, 41])
    def test_pages_of_a_search_do_not_move_while_entries_are_added(self, book: Store, limit: int) -> None:
        """SEARCH: none is lost or comes twice; what is added later is in a later search."""
        store = need(book, Capability.SEARCH)
        book.commit([change(f"m{number * 37 % 40:02}", private={"p": f"plum {number}"}) for number in range(40)])
        wanted = [f"m{number * 37 % 40:02}" for number in range(40)]
        page = store.search("plum", limit)
        matters = list(page.matters)
        while page.cursor is not None and len(matters) <= len(wanted):
            last = matters[-1]
            version = book.entries(last)[-1].version
            added = book.head().position
            book.commit([change(f"a{added}", private={"p": "plum"}), change(last, version, private={"p": "plum"})])
            page = store.search("plum", limit, page.cursor)
            matters += page.matters
        assert matters == wanted
        assert set(found(store, "plum", 1000)) == {entry.matter_id for entry in book.log()}

    def test_what_was_erased_is_not_found(self, searched: Any) -> None:
        """SEARCH: not even on a page that was asked for before; what another part holds still is."""
        searched.commit([change("m1", 1, private={"q": "李某某"})])
        page = searched.search("李某", 1)
        searched.erase("p")
        assert found(searched, "needle") == found(searched, "东街") == []
        assert list(searched.search("李某", 1, page.cursor).matters) in ([], ["m1"])
        assert found(searched, "李某") == ["m1"]

    def test_what_was_refused_is_not_found(self, searched: Any) -> None:
        """SEARCH: no part of it was written."""
        with pytest.raises(VersionConflict):
            searched.commit([change("m8", private={"p": "pear"}), change("m1", 7)])
        assert found(searched, "pear") == []

    @pytest.mark.parametrize(
        "asked",
        [
            {"text": ""},
            {"text": CANARY + "\ud800"},
            {"text": "x", "limit": 0},
            {"text": "x", "limit": -1},
            {"text": "x", "limit": 2**70},
            {"text": "x", "cursor": ""},
            {"text": "x", "cursor": CANARY},
            {"text": "x", "cursor": "\ud800"},
            {"text": "x", "cursor": "W10"},
        ],
    )
    def test_what_is_no_search_is_refused(self, searched: Searches, asked: dict[str, Any]) -> None:
        """SEARCH: no text, half of a character, a limit that is none, a text that is no cursor; nothing is quoted."""
        with pytest.raises(InvalidQuery) as caught:
            searched.search(**asked)
        assert_says_nothing(caught.value)

    def test_a_cursor_of_another_text_is_refused(self, searched: Searches) -> None:
        """SEARCH: its own text goes on, with any limit."""
        cursor = searched.search("某", 1).cursor
        assert cursor is not None
        assert list(searched.search("某", 9, cursor).matters) == ["m2"]
        with pytest.raises(InvalidQuery):
            searched.search("王某", 1, cursor)

    def test_a_cursor_does_not_show_the_text(self, searched: Searches) -> None:
        """SEARCH: it goes into links and logs, where no name may stand."""
        cursor = searched.search("李某某", 1).cursor
        assert cursor is not None
        shown = [cursor.encode()]
        with contextlib.suppress(ValueError):
            shown.append(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        for text in shown:
            assert "李某".encode() not in text
            assert "李某".encode("unicode_escape") not in text.lower()
