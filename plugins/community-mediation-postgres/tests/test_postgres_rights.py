"""Who may read the figures may still do so when a table of facts was made anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import psycopg
import pytest
from community_mediation_postgres.rights import Rights
from community_mediation_postgres.store import PostgresStore

from community_mediation.errors import StoreUnavailable
from community_mediation.facts.schema import ColumnType
from community_mediation.testing.stores.gardens import PLOT

Sql = psycopg.Connection[Any]
NEW = attrs.evolve(
    PLOT,
    version=2,
    columns=tuple(attrs.evolve(c, type=ColumnType.TEXT) if c.name == "beds" else c for c in PLOT.columns),
)
"""The table of a later version, to be made anew."""


@pytest.fixture
def schema(url: str) -> str:
    return url.partition("schema=")[2].partition("&")[0]


@pytest.fixture
def roles(schema: str, sql: Sql) -> Iterator[list[str]]:
    """An owner, a reader and another, whose name is to be quoted."""
    names = [f"owner_{schema}", f"reader_{schema}", f"An other {schema}"]
    for name in names:
        sql.execute(f'CREATE ROLE "{name}" LOGIN')
    sql.execute(f'CREATE SCHEMA {schema} AUTHORIZATION "{names[0]}"')
    yield names
    sql.execute(f"DROP SCHEMA {schema} CASCADE")
    for name in names:
        sql.execute(f'DROP OWNED BY "{name}" CASCADE')
        sql.execute(f'DROP ROLE "{name}"')


def prepared(url: str, *schemas: Any) -> None:
    store = PostgresStore.open(url)
    store.prepare(schemas)
    store.close()


def rights(sql: Sql, schema: str) -> list[tuple[Any, ...]]:
    """Who owns the view and the table behind it, and what each role may do with them."""
    return sql.execute(
        "SELECT relname, relowner, grantee, privilege_type, is_grantable FROM pg_class "
        "LEFT JOIN LATERAL aclexplode(relacl) ON true "
        "WHERE relnamespace = %s::regnamespace AND relname IN ('plot', 'plot_versions') ORDER BY 1, 2, 3, 4, 5",
        (schema,),
    ).fetchall()


def granted(url: str, schema: str, roles: list[str], sql: Sql) -> list[tuple[Any, ...]]:
    """A table on which much was granted, one default was taken back, and what is then so."""
    owner, reader, other = roles
    sql.execute(
        f'ALTER DEFAULT PRIVILEGES FOR ROLE "{owner}" IN SCHEMA {schema} GRANT SELECT, UPDATE ON TABLES TO "{other}"'
    )
    prepared(f"{url}&user={owner}", PLOT)
    sql.execute(f'GRANT SELECT ON {schema}.plot, {schema}.plot_versions TO "{reader}"')
    sql.execute(f'GRANT SELECT ON {schema}.plot TO "{other}" WITH GRANT OPTION')
    sql.execute(f"GRANT SELECT ON {schema}.plot TO PUBLIC")
    sql.execute(f'REVOKE ALL ON {schema}.plot_versions FROM "{other}"')
    return rights(sql, schema)


@pytest.mark.parametrize("by_owner", [True, False])
def test_a_table_made_anew_keeps_its_owner_and_its_grants(
    url: str, schema: str, roles: list[str], sql: Sql, by_owner: bool
) -> None:
    """Whoever made it anew, the owner or a superuser; and what was taken back does not return by default."""
    before = granted(url, schema, roles, sql)
    assert len(before) > 20
    prepared(f"{url}&user={roles[0]}" if by_owner else url, NEW)
    assert rights(sql, schema) == before
    assert sql.execute(f"SELECT version FROM {schema}.facts_schema WHERE name = 'plot'").fetchall() == [(2,)]


def test_a_reader_reads_on_after_an_upgrade(url: str, schema: str, roles: list[str], sql: Sql) -> None:
    """With the one grant it got."""
    granted(url, schema, roles, sql)
    prepared(f"{url}&user={roles[0]}", NEW)
    sql.execute(f"GRANT USAGE ON SCHEMA {schema} TO {roles[1]}")
    sql.execute(f"SET ROLE {roles[1]}")
    assert sql.execute(f"SELECT beds FROM {schema}.plot").fetchall() == []
    sql.execute("RESET ROLE")


def test_a_table_that_is_new_has_what_is_granted_by_default(url: str, schema: str, roles: list[str], sql: Sql) -> None:
    """Nothing is taken back of it."""
    granted(url, schema, roles, sql)
    sql.execute(f"DROP VIEW {schema}.plot")
    sql.execute(f"DROP TABLE {schema}.plot_versions")
    prepared(f"{url}&user={roles[0]}", NEW)
    other = sql.execute("SELECT oid FROM pg_roles WHERE rolname = %s", (roles[2],)).fetchall()[0][0]
    assert {row[3] for row in rights(sql, schema) if row[2] == other} == {"SELECT", "UPDATE"}


def test_grants_that_are_not_kept_would_be_missed(
    url: str, schema: str, roles: list[str], sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: a table that is made anew as a new one has lost them."""
    before = granted(url, schema, roles, sql)
    monkeypatch.setattr(Rights, "restore", lambda self: None)
    prepared(f"{url}&user={roles[0]}", NEW)
    assert rights(sql, schema) != before


def test_a_view_that_hangs_on_a_table_is_told_of(url: str, schema: str, sql: Sql) -> None:
    """It is not dropped along, and the table stays as it was."""
    prepared(url, PLOT)
    sql.execute(f"CREATE VIEW {schema}.mine AS SELECT beds FROM {schema}.plot")
    with pytest.raises(StoreUnavailable, match="Drop it"):
        prepared(url, NEW)
    assert sql.execute(f"SELECT beds FROM {schema}.mine").fetchall() == []
    sql.execute(f"DROP VIEW {schema}.mine")
    prepared(url, NEW)
