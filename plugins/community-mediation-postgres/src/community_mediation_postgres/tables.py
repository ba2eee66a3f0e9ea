"""The facts tables that a casebook has, and those that this program knows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from community_mediation.errors import InvalidQuery, InvalidValue, StoreReadOnly, StoreUnavailable
from community_mediation.facts.schema import FactsSchema
from community_mediation_postgres.access import Access
from community_mediation_postgres.cells import Writer
from community_mediation_postgres.errors import REMADE
from community_mediation_postgres.rights import Rights
from community_mediation_postgres.schema import OWN_NAMES
from community_mediation_postgres.session import Session, Statement

LONGEST_NAME: Final = 54
"""PostgreSQL cuts names off behind 63 characters, and ``_versions`` is to be behind a table's."""

COPY_FROM: Final = 64
"""From so many rows on, COPY is faster than INSERT."""


class Table(Writer):
    """One facts table: its rows as they are kept, and the statements on it."""

    def __init__(self, schema: FactsSchema, place: str) -> None:
        super().__init__(schema)
        self.versions = f'{place}."{schema.table}_versions"'
        self.view = f'{place}."{schema.table}"'
        columns = [*self.columns, ("known_from", "bigint"), ("known_to", "bigint")]
        names = ", ".join(f'"{name}"' for name, _ in columns)
        self._types = [kind for _, kind in columns]
        self._copy = f"COPY {self.versions} ({names}) FROM STDIN (FORMAT BINARY)"
        arrays = ", ".join(f"%s::{kind}[]" for kind in self._types)
        self._insert = f"INSERT INTO {self.versions} ({names}) SELECT * FROM unnest({arrays})"

    def create(self, session: Session) -> None:
        """Make the table anew, and its view of current rows; what was there goes, and who may use it stays."""
        collated = {"text": 'text COLLATE "C"'}
        columns = ", ".join(
            f'"{name}" {collated.get(kind, kind)}{" NOT NULL" if index < 2 else ""}'
            for index, (name, kind) in enumerate(self.columns)
        )
        names = ", ".join(f'"{name}"' for name, _ in self.columns)
        rights = [Rights(session, name) for name in (self.versions, self.view)]
        session.rows(f"DROP VIEW IF EXISTS {self.view}")
        session.rows(f"DROP TABLE IF EXISTS {self.versions}")
        session.rows(
            f"CREATE TABLE {self.versions} ({columns}, known_from bigint NOT NULL, known_to bigint, "
            'PRIMARY KEY (matter_id, "row", known_from))'
        )
        for name in self.schema.indexed:
            if name not in ("matter_id", "row"):
                session.rows(f'CREATE INDEX ON {self.versions} ("{name}")')
        session.rows(f"CREATE VIEW {self.view} AS SELECT {names} FROM {self.versions} WHERE known_to IS NULL")
        for kept in rights:
            kept.restore()

    def copy(self, session: Session, rows: Sequence[Sequence[Any]]) -> None:
        """Add many versions: cells as they are kept, known_from, known_to."""
        session.copy(self._copy, self._types, rows)

    def insert(self, rows: Sequence[Sequence[Any]]) -> Statement:
        """The statement that adds some versions: cells as they are kept, known_from, known_to."""
        return self._insert, [list(column) for column in zip(*rows, strict=True)]

    def close(self, matters: list[str], rows: list[str], positions: list[int]) -> Statement:
        """The statement that closes current rows; it is about as many as there were."""
        sql = (
            f"UPDATE {self.versions} AS kept SET known_to = closed.position "
            "FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS closed (matter_id, name, position) "
            'WHERE kept.matter_id = closed.matter_id AND kept."row" = closed.name AND kept.known_to IS NULL'
        )
        return sql, (matters, rows, positions)

    def current(self, matters: list[str], rows: list[str]) -> Statement:
        """The statement that gives a row if one of those named is current."""
        sql = (
            f"SELECT 1 FROM {self.versions} AS kept "
            "JOIN unnest(%s::text[], %s::text[]) AS added (matter_id, name) "
            'ON kept.matter_id = added.matter_id AND kept."row" = added.name WHERE kept.known_to IS NULL LIMIT 1'
        )
        return sql, (matters, rows)

    @property
    def overlaps(self) -> str:
        """The statement that gives a row if one has two versions that were known at once."""
        return (
            'SELECT 1 FROM (SELECT known_to, lead(known_from) OVER (PARTITION BY matter_id, "row" '
            f"ORDER BY known_from) AS next FROM {self.versions}) AS versions "
            "WHERE next IS NOT NULL AND (known_to IS NULL OR known_to > next) LIMIT 1"
        )


class Tables:
    """The tables that were prepared."""

    def __init__(self, schema: str, *, readonly: bool) -> None:
        self._place = schema
        self._readonly = readonly
        self._absent: frozenset[str] = frozenset()
        self._count: int | None = None
        self.known: dict[str, Table] = {}

    def look(self, access: Access, schemas: Sequence[FactsSchema]) -> bool:
        """Take *schemas* as known; gives whether the book has all of them, as they are."""
        check_names([*(table.schema for table in self.known.values()), *schemas])
        (count,) = access.of_store("tables")
        recorded = _recorded(access.rows(self._recorded_sql))
        missing = frozenset(schema.table for schema in schemas if recorded.get(schema.table) != _identity(schema))
        self._absent = (self._absent - {schema.table for schema in schemas}) | missing
        self.known = {**self.known, **{schema.table: Table(schema, self._place) for schema in schemas}}
        self._count = count
        return not missing

    def make(self, session: Session, schemas: Sequence[FactsSchema], *, filled: bool) -> None:
        """Make those that the book has not, or has otherwise; to be rebuilt if there are entries (*filled*)."""
        recorded = _recorded(session.rows(self._recorded_sql))
        for schema in schemas:
            if recorded.get(schema.table) != _identity(schema):
                self.known[schema.table].create(session)
                session.rows(
                    f"INSERT INTO {self._place}.facts_schema VALUES (%s, %s, %s, %s) ON CONFLICT (name) DO UPDATE "
                    "SET version = excluded.version, columns = excluded.columns, to_rebuild = excluded.to_rebuild",
                    (schema.table, schema.version, columns_text(schema), filled),
                )
        self._count = session.value(f"UPDATE {self._place}.store SET tables = tables + 1 RETURNING tables")
        self._absent -= {schema.table for schema in schemas}

    def to_rebuild(self, access: Access, schemas: Sequence[FactsSchema]) -> tuple[str, ...]:
        """Those of *schemas* whose rows are to be rebuilt."""
        waiting = {name for (name,) in access.rows(f"SELECT name FROM {self._place}.facts_schema WHERE to_rebuild")}
        return tuple(schema.table for schema in schemas if schema.table in waiting)

    def table(self, name: str) -> Table:
        """A table that can be read.

        Raises:
            InvalidQuery: There is no such table; the message names those that there are.
            StoreReadOnly: It is still to be made, and the casebook is open for reading only.
        """
        found = self.known.get(name)
        if found is None:
            raise InvalidQuery(f"There is no such facts table. There are: {', '.join(sorted(self.known)) or 'none'}.")
        if self._readonly and name in self._absent:
            raise StoreReadOnly(
                f"Facts table {name} was made by another version. Open the casebook for writing once, to rebuild it."
            )
        return found

    def check_unchanged(self, session: Session, count: int) -> None:
        """Refuse to write facts into tables that another program has made otherwise since.

        Args:
            session: Holds the lock of all commits.
            count: How often tables were made, as read under that lock.

        Raises:
            StoreUnavailable: A table's schema is no longer the one that was prepared here.
        """
        if self.known and count != self._count:
            recorded = _recorded(session.rows(self._recorded_sql))
            if any(recorded.get(name) != _identity(table.schema) for name, table in self.known.items()):
                raise StoreUnavailable(REMADE)
            self._count = count

    @property
    def _recorded_sql(self) -> str:
        return f"SELECT name, version, columns FROM {self._place}.facts_schema"


def check_names(schemas: Iterable[FactsSchema]) -> None:
    """Refuse tables that would take the name of another.

    Raises:
        InvalidValue: A name that the store or another facts table has, or one that PostgreSQL would cut off.
    """
    taken: dict[str, str] = {}
    for schema in schemas:
        if len(schema.table) > LONGEST_NAME:
            raise InvalidValue(f"a facts table whose name is longer than {LONGEST_NAME} characters")
        for name in (schema.table, f"{schema.table}_versions"):
            if name in OWN_NAMES or taken.setdefault(name, schema.table) != schema.table:
                raise InvalidValue(f"a facts table {schema.table!r}, whose name {name!r} is taken")


def columns_text(schema: FactsSchema) -> str:
    """A schema's columns as they are recorded."""
    return json.dumps([[column.name, column.type] for column in schema.columns])


def _identity(schema: FactsSchema) -> tuple[int, str]:
    return schema.version, columns_text(schema)


def _recorded(rows: Sequence[tuple[Any, ...]]) -> dict[str, tuple[int, str]]:
    return {name: (version, columns) for name, version, columns in rows}
