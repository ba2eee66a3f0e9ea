"""The tables of a casebook in SQLite."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

from community_mediation.errors import InvalidValue, StoreDamaged
from community_mediation.facts.schema import ColumnType, FactsSchema
from community_mediation.files import CASEBOOK
from community_mediation.stores._sqlite_errors import Connection

APPLICATION_ID: Final = CASEBOOK
"""Bytes 68 to 71 of the file, "CMDB": by them a casebook is told from any other SQLite database."""

SCHEMA_VERSION: Final = 2
"""Bytes 60 to 63 of the file. A file with a higher one was written by a later version of the library."""

PAGE_SIZE: Final = 16384

PARTS_BITS: Final = 20
"""How many bits of a private part's place number it within its entry."""

_VERSION_1: Final = (
    """CREATE TABLE entry (
        position INTEGER PRIMARY KEY,
        matter_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        expected INTEGER NOT NULL,
        version INTEGER NOT NULL,
        recorded_at TEXT NOT NULL,
        body TEXT NOT NULL,
        previous TEXT NOT NULL,
        hash TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX entry_matter ON entry (matter_id, position)",
    """CREATE TABLE head (
        matter_id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE private (
        place INTEGER PRIMARY KEY,
        subject TEXT NOT NULL,
        data TEXT NOT NULL,
        kept INTEGER NOT NULL,
        position INTEGER GENERATED ALWAYS AS (place >> {PARTS_BITS}) VIRTUAL
    ) STRICT""",
    "CREATE INDEX private_subject ON private (subject) WHERE kept",
    """CREATE TABLE "key" (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        matter_id TEXT NOT NULL,
        subject TEXT,
        kept INTEGER NOT NULL,
        digest INTEGER NOT NULL
    ) STRICT""",
    'CREATE INDEX key_digest ON "key" (digest) WHERE kept',
    'CREATE INDEX key_subject ON "key" (subject) WHERE kept AND subject IS NOT NULL',
    """CREATE TABLE facts_schema (
        name TEXT PRIMARY KEY,
        version INTEGER NOT NULL,
        columns TEXT NOT NULL,
        to_rebuild INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE store (rebuilds INTEGER NOT NULL, salt BLOB NOT NULL) STRICT",
    "INSERT INTO store VALUES (0, randomblob(16))",
)
"""Statements that made an empty casebook in version 1.

``private`` and ``key`` hold what may have to be erased, and are laid out for it. When SQLite moves rows from page to
page it leaves copies behind, which ``secure_delete`` does not know of. So these two tables only grow at their end,
which moves nothing, and what is erased is overwritten where it stands (``kept`` becomes 0) rather than deleted. Their
indexes hold no values: a key is found by a short digest, salted for this file.

``to_rebuild`` outlives a program that dies before it has rebuilt.
"""

MIGRATIONS: Final[Mapping[int, tuple[str, ...]]] = {
    2: (
        'CREATE INDEX key_matter ON "key" (matter_id) WHERE kept',
        """CREATE TABLE lease (
            token INTEGER PRIMARY KEY AUTOINCREMENT,
            work BLOB NOT NULL UNIQUE,
            worker BLOB NOT NULL,
            until TEXT NOT NULL,
            microseconds INTEGER NOT NULL
        ) STRICT""",
    ),
}
"""For each later version, what makes it of the one before. Statements that were released never change.

``lease`` holds digests for what workers and work are called, salted for this file: a name that was given there is in
no erasure's reach. Its tokens never come twice (``AUTOINCREMENT``), also once their rows are gone.
"""

TABLES: Final = (*_VERSION_1, *(statement for version in sorted(MIGRATIONS) for statement in MIGRATIONS[version]))
"""Statements that make an empty casebook. It takes the way of every file, so that old and new ones are the same."""

OWN_NAMES: Final = frozenset({"entry", "head", "private", "key", "facts_schema", "store", "lease"})

_TYPES: Final = {
    ColumnType.TEXT: "TEXT",
    ColumnType.INT: "INTEGER",
    ColumnType.FLOAT: "REAL",
    ColumnType.BOOL: "INTEGER",
    ColumnType.DECIMAL: "TEXT",
    ColumnType.DATE: "TEXT",
    ColumnType.INSTANT: "TEXT",
}

REBUILDS: Final = "SELECT rebuilds FROM store"

SALT_BYTES: Final = 16
"""As many as ``randomblob`` made."""


def salt_of(connection: Connection) -> bytes:
    """The secret of the file, from the one row of the table ``store``.

    Raises:
        StoreDamaged: Somebody wrote there by hand.
    """
    found = connection.rows("SELECT salt FROM store")
    if len(found) == 1 and isinstance(salt := found[0][0], bytes) and len(salt) == SALT_BYTES:
        return salt
    raise StoreDamaged(
        "The casebook's table store does not hold its one row, or not the salt in it: somebody wrote there by hand. "
        "Nothing was written. Restore the last backup, or copy the book into a new store."
    )


def blank(column: str) -> str:
    """SQL for as many bytes as *column* has: the same length, so that it is overwritten in its place."""
    size = f"length(CAST({column} AS BLOB))"
    return f"substr(hex(zeroblob({size} / 2 + 1)), 1, {size})"


def check_names(schemas: Iterable[FactsSchema]) -> None:
    """Refuse tables that would take the name of another.

    Raises:
        InvalidValue: A name that the store or another facts table has.
    """
    taken: dict[str, str] = {}
    for schema in schemas:
        for name in (schema.table, versions_table(schema.table)):
            if name in OWN_NAMES or name.startswith("sqlite_") or taken.setdefault(name, schema.table) != schema.table:
                raise InvalidValue(f"a facts table {schema.table!r}, whose name {name!r} is taken")


def versions_table(table: str) -> str:
    """The table that holds all versions of a facts table's rows."""
    return f"{table}_versions"


def columns_text(schema: FactsSchema) -> str:
    """A schema's columns as they are recorded."""
    return json.dumps([[column.name, column.type] for column in schema.columns])


def names_sql(schema: FactsSchema) -> str:
    """A schema's columns for a SELECT or INSERT."""
    return ", ".join(f'"{name}"' for name in schema.names)


def create_facts(connection: Connection, schema: FactsSchema) -> None:
    """Make a facts table anew, and its view of current rows; what was there goes.

    The rows lie in the order in which they are asked for (matter, row, position), so that no index is needed:
    the current version of a row is the last one under its name.
    """
    columns = ", ".join(
        f'"{column.name}" {_TYPES[column.type]}{" NOT NULL" if index < 2 else ""}'
        for index, column in enumerate(schema.columns)
    )
    versions = versions_table(schema.table)
    connection.rows(f'DROP VIEW IF EXISTS "{schema.table}"')
    connection.rows(f'DROP TABLE IF EXISTS "{versions}"')
    connection.rows(
        f'CREATE TABLE "{versions}" ({columns}, known_from INTEGER NOT NULL, known_to INTEGER, '
        'PRIMARY KEY (matter_id, "row", known_from)) STRICT, WITHOUT ROWID'
    )
    connection.rows(
        f'CREATE VIEW "{schema.table}" AS SELECT {names_sql(schema)} FROM "{versions}" WHERE known_to IS NULL'
    )


def close_sql(table: str) -> str:
    """Close a current row; parameters: position, matter, row, matter, row. Seeks, whatever the row's history."""
    versions = versions_table(table)
    return (
        f'UPDATE "{versions}" SET known_to = ? WHERE matter_id = ? AND "row" = ? AND known_to IS NULL AND known_from = '
        f'(SELECT max(known_from) FROM "{versions}" WHERE matter_id = ? AND "row" = ?)'
    )


def current_sql(table: str) -> str:
    """The latest version's end of a row; parameters: matter, row."""
    return (
        f'SELECT known_to FROM "{versions_table(table)}" WHERE matter_id = ? AND "row" = ? '
        "ORDER BY known_from DESC LIMIT 1"
    )


def add_sql(schema: FactsSchema) -> str:
    """Add a version; parameters: the cells, known_from, known_to, which is the order of the table's columns."""
    holes = ", ".join("?" * (len(schema.columns) + 2))
    return f'INSERT INTO "{versions_table(schema.table)}" VALUES ({holes})'


def overlap_sql(table: str) -> str:
    """Finds a row with two versions known at once."""
    return (
        f'SELECT 1 FROM (SELECT known_to, lead(known_from) OVER (PARTITION BY matter_id, "row" ORDER BY known_from) '
        f'AS next FROM "{versions_table(table)}") WHERE next IS NOT NULL AND (known_to IS NULL OR known_to > next) '
        "LIMIT 1"
    )
