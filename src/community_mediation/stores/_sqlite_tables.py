"""The facts tables that a casebook has, and those that this program knows."""

from __future__ import annotations

from collections.abc import Sequence

from community_mediation.errors import InvalidQuery, StoreReadOnly, StoreUnavailable
from community_mediation.facts.schema import FactsSchema
from community_mediation.stores._sqlite_errors import Connection
from community_mediation.stores._sqlite_schema import check_names, columns_text, create_facts
from community_mediation.stores.kit.cells import Writer

REMADE = "Another program changed the facts tables. Open the casebook again."


class Tables:
    """The tables that were prepared."""

    def __init__(self, *, readonly: bool) -> None:
        self._readonly = readonly
        self._absent: frozenset[str] = frozenset()
        self._cookie: int | None = None
        self.writers: dict[str, Writer] = {}

    def look(self, connection: Connection, schemas: Sequence[FactsSchema]) -> bool:
        """Take *schemas* as known; gives whether the file has all of them, as they are."""
        check_names([*(writer.schema for writer in self.writers.values()), *schemas])
        recorded = _recorded(connection)
        missing = frozenset(schema.table for schema in schemas if recorded.get(schema.table) != _identity(schema))
        names = {schema.table for schema in schemas}
        self._absent = (self._absent - names) | missing
        self.writers = {**self.writers, **{schema.table: Writer(schema) for schema in schemas}}
        self._cookie = connection.value("PRAGMA schema_version")
        return not missing

    def make(self, connection: Connection, schemas: Sequence[FactsSchema]) -> None:
        """Make those that the file has not, or has otherwise; to be rebuilt if there are entries."""
        recorded = _recorded(connection)
        filled = connection.value("SELECT EXISTS (SELECT 1 FROM entry)")
        for schema in schemas:
            if recorded.get(schema.table) != _identity(schema):
                create_facts(connection, schema)
                connection.rows(
                    "INSERT OR REPLACE INTO facts_schema VALUES (?, ?, ?, ?)",
                    (schema.table, schema.version, columns_text(schema), filled),
                )
        self._absent -= {schema.table for schema in schemas}
        self._cookie = connection.value("PRAGMA schema_version")

    def to_rebuild(self, connection: Connection, schemas: Sequence[FactsSchema]) -> tuple[str, ...]:
        """Those of *schemas* whose rows are to be rebuilt."""
        waiting = {name for (name,) in connection.rows("SELECT name FROM facts_schema WHERE to_rebuild")}
        return tuple(schema.table for schema in schemas if schema.table in waiting)

    def schema(self, table: str) -> FactsSchema:
        """A table's schema.

        Raises:
            InvalidQuery: There is no such table; the message names those that there are.
            StoreReadOnly: It is still to be made, and the casebook is open for reading only.
        """
        writer = self.writers.get(table)
        if writer is None:
            raise InvalidQuery(f"There is no such facts table. There are: {', '.join(sorted(self.writers)) or 'none'}.")
        if self._readonly and table in self._absent:
            raise StoreReadOnly(
                f"Facts table {table} was made by another version. Open the casebook for writing once, to rebuild it."
            )
        return writer.schema

    def check_unchanged(self, connection: Connection) -> None:
        """Refuse to write facts into tables that another program has made otherwise since.

        Raises:
            StoreUnavailable: A table's schema is no longer the one that was prepared here.
        """
        cookie = connection.value("PRAGMA schema_version")
        if cookie != self._cookie:
            recorded = _recorded(connection)
            if any(recorded.get(name) != _identity(writer.schema) for name, writer in self.writers.items()):
                raise StoreUnavailable(REMADE)
            self._cookie = cookie


def _identity(schema: FactsSchema) -> tuple[int, str]:
    return schema.version, columns_text(schema)


def _recorded(connection: Connection) -> dict[str, tuple[int, str]]:
    rows = connection.rows("SELECT name, version, columns FROM facts_schema")
    return {name: (version, columns) for name, version, columns in rows}
