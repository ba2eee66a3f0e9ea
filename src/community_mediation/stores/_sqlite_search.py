"""Searching private parts in SQLite.

Every part that is kept is looked at: there is no index, in which an erasure would have to find what it erases.
"""

from __future__ import annotations

from typing import Final

from community_mediation.ports import Matches
from community_mediation.stores._sqlite_commit import read_head
from community_mediation.stores._sqlite_errors import Connection
from community_mediation.stores._sqlite_schema import PARTS_BITS, salt_of
from community_mediation.stores.kit.searching import Search

# instr, never LIKE: no wildcards, and a NUL ends nothing. SQLite's own lower() knows A to Z only, as it should be.
_PAGE: Final = f"""
    SELECT entry.matter_id, entry.position
    FROM private AS part CROSS JOIN entry ON entry.position = part.place >> {PARTS_BITS}
    WHERE part.place >= :first AND part.place < :end AND part.kept AND instr(lower(part.data), :text)
    AND NOT EXISTS (
        SELECT 1 FROM entry AS earlier CROSS JOIN private AS other
        ON other.place >= earlier.position << {PARTS_BITS} AND other.place < (earlier.position + 1) << {PARTS_BITS}
        WHERE earlier.matter_id = entry.matter_id AND earlier.position <= entry.position
        AND other.place < part.place AND other.kept AND instr(lower(other.data), :text)
    )
    ORDER BY part.place LIMIT :count
"""
"""Parts in the order in which they were written, each the first of its matter that holds the text."""


def search_page(connection: Connection, text: str, limit: int, cursor: str | None) -> Matches:
    """A page of matters.

    Raises:
        InvalidQuery: As ``Searches.search`` says.
    """
    salt = salt_of(connection)
    search = Search.check(text, limit, cursor, head=read_head(connection).position, secret=salt)
    found = connection.rows(
        _PAGE,
        {
            "first": (search.after + 1) << PARTS_BITS,
            "end": (search.position + 1) << PARTS_BITS,
            "text": search.text,
            "count": search.limit + 1,
        },
    )
    return search.page(found)
