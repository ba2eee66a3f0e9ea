"""The tables of a casebook in PostgreSQL. The name of its schema comes quoted: it may be a word of SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FORMAT: Final = "community-mediation"
"""What the table ``store`` says of itself: by it a casebook is told from any other table of that name."""

VERSION: Final = 1
"""The version of the tables. A book with a higher one was written by a later version of this plugin."""

TEXT: Final = 'text COLLATE "C"'
"""Ordered by code points, as Python orders texts, whatever the language of the database."""

OWN_NAMES: Final = frozenset({"store", "entry", "private", "key", "facts_schema", "lease", "lease_token"})

OWN_TABLES: Final = OWN_NAMES - {"lease_token"}
"""Those of them that are tables: where all are there, it was a casebook, whatever they hold."""

TABLES: Final = (
    """CREATE TABLE {schema}.store (
        format text NOT NULL,
        version integer NOT NULL,
        salt bytea NOT NULL,
        tables bigint NOT NULL,
        rebuilds bigint NOT NULL
    )""",
    f"""CREATE TABLE {{schema}}.entry (
        position bigint CONSTRAINT entry_position PRIMARY KEY,
        matter_id {TEXT} NOT NULL,
        kind {TEXT} NOT NULL,
        expected bigint NOT NULL,
        version bigint NOT NULL,
        recorded_at timestamptz NOT NULL,
        body {TEXT} NOT NULL,
        previous {TEXT} NOT NULL,
        hash {TEXT} NOT NULL,
        CONSTRAINT entry_version UNIQUE (matter_id, version)
    )""",
    f"""CREATE TABLE {{schema}}.private (
        position bigint NOT NULL,
        subject {TEXT} NOT NULL,
        data {TEXT} NOT NULL
    )""",
    "CREATE INDEX private_position ON {schema}.private (position)",
    "CREATE INDEX private_subject ON {schema}.private USING hash (subject)",
    f"""CREATE TABLE {{schema}}.key (
        digest bytea CONSTRAINT key_digest PRIMARY KEY,
        kind {TEXT} NOT NULL,
        value {TEXT} NOT NULL,
        matter_id {TEXT} NOT NULL,
        subject {TEXT}
    )""",
    "CREATE INDEX key_matter ON {schema}.key USING hash (matter_id)",
    "CREATE INDEX key_subject ON {schema}.key USING hash (subject) WHERE subject IS NOT NULL",
    f"""CREATE TABLE {{schema}}.facts_schema (
        name {TEXT} CONSTRAINT facts_schema_name PRIMARY KEY,
        version bigint NOT NULL,
        columns {TEXT} NOT NULL,
        to_rebuild boolean NOT NULL
    )""",
    "CREATE SEQUENCE {schema}.lease_token",
    """CREATE TABLE {schema}.lease (
        work bytea CONSTRAINT lease_work PRIMARY KEY,
        worker bytea NOT NULL,
        token bigint NOT NULL,
        until timestamptz NOT NULL,
        microseconds bigint NOT NULL
    )""",
)
"""Statements that make an empty casebook of version 1.

No constraint and no ordered index holds a clear personal value: the server repeats in its log the values that break
one. A key is unique by a digest that is salted for this book, a subject is found by a hash, and ``lease`` holds digests
of what workers and work are called.
"""

COMPRESSION: Final = "lz4"
"""How long texts are packed where the server can: the default takes several times as long, half of a commit's time."""

PACKED: Final = (("entry", "body"), ("private", "data"))
"""Tables and their columns that hold long texts."""

MIGRATIONS: Final[Mapping[int, tuple[str, ...]]] = {}
"""For each later version, what makes it of the one before. Statements that were released never change."""
