"""What a store keeps that declares ``ERASE``: what is erased is in its files and logs no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from community_mediation.errors import VersionConflict
from community_mediation.ports import Capability, Key, Store
from community_mediation.testing.stores.fixtures import StoreFixtures, need
from community_mediation.testing.stores.gardens import chain_fault, change

LENGTHS = (0, 10, 300, 3000, 5000, 20_000)


class FileErasingLaws(StoreFixtures):
    """The bytes of the store's own files and logs."""

    @pytest.fixture
    def filed(self, book: Store) -> Store:
        """The store, if it erases from its files."""
        need(book, Capability.ERASE)
        return book

    def test_an_erased_value_is_in_no_file(self, filed: Store, stored_bytes: Callable[[], bytes]) -> None:
        """ERASE: private parts and keys, of any length, when ``erase`` returns; others stay."""
        for length in LENGTHS:
            parts = {"p": f"canary-part-{length}-孙某" + "y" * length, "q": f"stays-{length}"}
            value = f"canary-key-{length}-" + "k" * min(length, 900)
            filed.commit([change(f"m{length}", private=parts, keys=[Key("id", value, "p")])])
        before = stored_bytes()
        for length in LENGTHS:
            assert f"canary-part-{length}-孙某".encode() in before, "stored_bytes gives all that is in the files"
            assert f"canary-key-{length}-".encode() in before, "stored_bytes gives all that is in the files"
        assert filed.erase("p") == len(LENGTHS)
        after = stored_bytes()
        assert b"canary" not in after
        assert "孙某".encode() not in after
        assert [dict(filed.entries(f"m{length}")[0].private) for length in LENGTHS] == [
            {"q": f"stays-{length}"} for length in LENGTHS
        ]
        filed.close()
        assert b"canary" not in stored_bytes()

    def test_a_key_that_was_given_up_is_erased_with_its_subject(
        self, filed: Store, stored_bytes: Callable[[], bytes]
    ) -> None:
        """ERASE: whoever held it last, its value was the subject's."""
        filed.commit([change("m1", keys=[Key("id", "canary-one", "p"), Key("id", "canary-two", "p")])])
        filed.commit([change("m1", 1, release=[Key("id", "canary-one", "p")])])
        filed.erase("p")
        assert b"canary" not in stored_bytes()
        assert chain_fault(filed.log()) is None

    def test_what_was_refused_leaves_nothing_to_erase(self, filed: Store, stored_bytes: Callable[[], bytes]) -> None:
        """ERASE: a batch that was refused late may have been on the disk already."""
        batch = [change(f"n{number}", private={"p": f"canary-{number}"}) for number in range(1200)]
        with pytest.raises(VersionConflict):
            filed.commit([*batch, change("n0", 7)])
        filed.commit([change("m1", private={"p": "canary-x"})])
        filed.erase("p")
        assert b"canary" not in stored_bytes()

    def test_erasing_among_much_writing_leaves_nothing_behind(
        self, filed: Store, stored_bytes: Callable[[], bytes]
    ) -> None:
        """ERASE: wherever the values were moved to meanwhile."""
        for turn in range(6):
            for number in range(25):
                name = f"{(number * 37 + turn * 11) % 97:02}-{turn}"
                part = f"canary-{turn}-{number}-" + "y" * (number * 211 % 4000)
                filed.commit([change(name, private={f"p{turn}": part}, keys=[Key("id", f"canary-{name}", f"p{turn}")])])
            if turn % 2:
                assert filed.erase(f"p{turn}") == 25
                assert f"canary-{turn}-".encode() not in stored_bytes()
        for turn in (0, 2, 4):
            filed.erase(f"p{turn}")
        assert b"canary" not in stored_bytes()
