"""Law 9: a store declares what it can, and can what it declares."""

from __future__ import annotations

import pytest

from community_mediation.ports import Capability, Store
from community_mediation.testing.stores.fixtures import METHODS, StoreFixtures, need


class DeclaringLaws(StoreFixtures):
    """What a store says of itself."""

    def test_a_store_declares_what_it_can(self, book: Store) -> None:
        """Law 9: in words of the port, and it is one."""
        assert isinstance(book.capabilities, frozenset)
        assert all(isinstance(capability, Capability) for capability in book.capabilities)
        assert isinstance(book, Store)

    @pytest.mark.parametrize("capability", METHODS, ids=str)
    def test_what_is_declared_has_its_methods(self, book: Store, capability: Capability) -> None:
        """Law 9: those of the protocol in ``ports.offers``."""
        need(book, capability)

    def test_what_cannot_last_is_not_shared(self, book: Store) -> None:
        """Law 9: programs share a book only where it outlives each of them."""
        assert Capability.PROCESSES not in book.capabilities or Capability.PERSISTENT in book.capabilities

    def test_a_declaration_does_not_change(self, book: Store) -> None:
        """Law 9: it is the same in every state, so that a caller may ask once."""
        before = book.capabilities
        book.prepare([])
        assert book.capabilities == before
