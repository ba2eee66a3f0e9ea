"""Facts rows that take the place of all others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from community_mediation.ports import FactsVersion
from community_mediation.stores.kit import check_interval, overlapping, unknown_table
from community_mediation_postgres.access import Writing
from community_mediation_postgres.errors import ConstraintBroken
from community_mediation_postgres.tables import Table


class Replacement:
    """A rebuild in the making, inside its transaction."""

    def __init__(self, writing: Writing, schema: str, tables: Mapping[str, Table]) -> None:
        self._session = writing.session
        self._schema = schema
        self._tables = tables
        self._head = writing.head.position
        # Not TRUNCATE: readers would wait for it, and those that began before it would find nothing.
        self._session.batch([(f"DELETE FROM {table.versions}", ()) for table in tables.values()])

    def write(self, versions: Sequence[FactsVersion]) -> None:
        """Write some of the rows.

        Raises:
            InvalidValue: A row is not as its schema says, or was known at no position of the journal.
        """
        rows: dict[str, list[list[Any]]] = defaultdict(list)
        for version in versions:
            check_interval(version, self._head)
            table = self._tables.get(version.row.table)
            if table is None:
                raise unknown_table(self._tables)
            cells = table(version.row)
            cells += (version.known_from, version.known_to)
            rows[version.row.table].append(cells)
        for name, found in rows.items():
            try:
                self._tables[name].copy(self._session, found)
            except ConstraintBroken:
                twice = True
            else:
                twice = False
            if twice:
                raise overlapping(name)

    def finish(self) -> None:
        """Look at the whole, and note that the tables are rebuilt.

        Raises:
            InvalidValue: Two versions of one row were known at once.
        """
        answers = self._session.batch([(table.overlaps, ()) for table in self._tables.values()])
        for name, answer in zip(self._tables, answers, strict=True):
            if answer.rows:
                raise overlapping(name)
        self._session.batch(
            [
                (
                    f"UPDATE {self._schema}.facts_schema SET to_rebuild = false WHERE name = ANY(%s)",
                    (list(self._tables),),
                ),
                (f"UPDATE {self._schema}.store SET rebuilds = rebuilds + 1", ()),
            ]
        )
