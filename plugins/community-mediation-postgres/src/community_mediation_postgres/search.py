"""Searching private parts in PostgreSQL.

Every part that is kept is looked at, by several processes of the server where there are many: there is no index, in
which what was erased would stay until it is cleaned.
"""

from __future__ import annotations

from community_mediation.ports import Matches
from community_mediation.stores.kit import Search
from community_mediation_postgres.access import Access
from community_mediation_postgres.facts import last_position
from community_mediation_postgres.texts import given, kept


def search_page(access: Access, schema: str, text: str, limit: int, cursor: str | None) -> Matches:
    """A page of matters.

    Raises:
        InvalidQuery: As ``Searches.search`` says.
    """
    head, salt = access.of_store(f"{last_position(schema)}, salt")
    search = Search.check(text, limit, cursor, head=head, secret=salt)
    # strpos, never LIKE: no wildcards. By the collation "C", lower() knows A to Z only, as it should be.
    found = access.rows(
        f"SELECT entry.matter_id, min(part.position) FROM {schema}.private AS part "
        f"JOIN {schema}.entry ON entry.position = part.position "
        # "+ 0": an index would only be a longer way to nearly all of them.
        "WHERE part.position + 0 <= %s AND strpos(lower(part.data), %s) > 0 "
        "GROUP BY entry.matter_id HAVING min(part.position) > %s ORDER BY 2 LIMIT %s",
        (search.position, kept(search.text), search.after, search.limit + 1),
    )
    return search.page([(given(matter), position) for matter, position in found])
