"""Erasing a subject: what is personal goes, what is counted stays, and the journal says that it happened."""

import attrs

from community_mediation.domain.ledger import BOOK
from community_mediation.errors import NotFound
from community_mediation.facts.schema import FactsSchema
from community_mediation.ports import Filter, Op, Store


@attrs.frozen
class Erasure:
    """What an erasure did.

    Attributes:
        subjects: The subjects that were erased: the one asked for, and the parties linked to that person.
        parts: How many private parts were removed.
        position: The entry that records the erasure.
    """

    subjects: tuple[str, ...]
    parts: int
    position: int


def subjects_of(store: Store, subject: str, party_table: FactsSchema | None) -> tuple[str, ...]:
    """The subject and, if it is a person, every party of a case that is linked to it.

    Raises:
        NotFound: The book has no such person, party (``case/party``) or matter.
    """
    matter_id, slash, _ = subject.partition("/")
    entries = store.entries(matter_id)
    if subject == BOOK or not entries:
        raise NotFound(
            f"The book has nothing to erase under {subject!r}. Give the id of a person, a matter, or case/party."
        )
    linked: list[str] = []
    if not slash and party_table is not None:
        names = party_table.names
        matter, row = names.index("matter_id"), names.index("row")
        for batch in store.facts(party_table.table, [Filter("person", Op.EQ, subject)]):
            linked += [f"{cells[matter]}/{cells[row]}" for cells in batch.rows]
    return (subject, *linked)
