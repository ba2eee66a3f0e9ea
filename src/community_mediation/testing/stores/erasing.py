"""Law 8: what is erased is gone, and the chain holds."""

from __future__ import annotations

import attrs

from community_mediation.ports import Key, Store
from community_mediation.testing.stores.fixtures import StoreFixtures
from community_mediation.testing.stores.gardens import chain_fault, change, plot, rows_of
from community_mediation.testing.stores.helping import CANARY


class ErasingLaws(StoreFixtures):
    """What is erased is gone."""

    def test_what_is_erased_is_gone_and_the_rest_stays(self, book: Store) -> None:
        """Law 8: the subject's private parts and keys, in every matter; the chain holds."""
        for number in range(3):
            parts = {"p1": CANARY, "p2": "stays"}
            keys = [Key("id", f"{number}", "p1"), Key("id", f"{number}x", "p2"), Key("id", f"{number}y")]
            book.commit([change(f"m{number}", private=parts, keys=keys, add=[plot(f"m{number}")])])
        before = book.log()
        assert book.erase("p1") == 3
        after = book.log()
        assert [attrs.evolve(entry, private={"p2": "stays"}) for entry in before] == list(after)
        assert chain_fault(after) is None
        assert [book.key("id", value) for value in ("0", "0x", "0y")] == [None, "m0", "m0"]
        assert len(rows_of(book)) == 3
        assert book.erase("p1") == 0

    def test_a_key_that_was_erased_can_be_taken(self, book: Store) -> None:
        """Law 8: it belongs to nobody."""
        book.commit([change("m1", keys=[Key("id", "1", "p")])])
        book.erase("p")
        book.commit([change("m2", keys=[Key("id", "1")])])
        assert book.key("id", "1") == "m2"
