"""Verifying a book with a bar: what verify, backup and doctor have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community_mediation.cli.common import progress_bar

if TYPE_CHECKING:
    from community_mediation.casebook import Casebook
    from community_mediation.casebook.verifying import Verification


def verified(book: Casebook, *, facts: bool = True, anchor: str | None = None) -> Verification:
    """As ``Casebook.verify``; each entry is read once for the journal, and with *facts* once more for them."""
    total = book.store.head().position * (2 if facts else 1)
    with progress_bar("Verifying") as bar:
        return book.verify(facts=facts, anchor=anchor, progress=lambda done: bar(done, total))
