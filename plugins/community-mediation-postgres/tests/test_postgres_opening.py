"""Opening: what is a casebook, what is not, who may do what, and tables of an earlier version."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from community_mediation_postgres import making, schema
from community_mediation_postgres.store import PostgresStore

import community_mediation as cm
from community_mediation.errors import (
    AnotherBook,
    NotACasebook,
    StoreClosed,
    StoreDamaged,
    StoreError,
    StoreReadOnly,
    StoreTooNew,
    StoreUnavailable,
)
from community_mediation.ports import Key, Leases
from community_mediation.testing import strategies
from community_mediation.testing.stores.gardens import NOON, PLOT, TOOL, change, plot, rows_of
from community_mediation.testing.stores.helping import guarded

Sql = psycopg.Connection[Any]
DAY = cm.When.parse("2024-05-09[UTC]")


def schema_of(url: str) -> str:
    return url.partition("schema=")[2].partition("&")[0]


def made(url: str) -> str:
    """A book with something in it; gives its schema."""
    store = PostgresStore.open(url)
    store.prepare([PLOT])
    store.commit([change("m1", add=[plot(beds=4)], private={"p": "x"}, keys=[Key("no", "1")])])
    store.close()
    return schema_of(url)


@pytest.mark.parametrize("how", [{"create": False}, {"readonly": True}])
def test_a_missing_book_is_made_only_when_asked_for(url: str, sql: Sql, how: dict[str, Any]) -> None:
    """Nothing is left of the attempt."""
    with pytest.raises(StoreUnavailable):
        PostgresStore.open(url, **how)
    assert sql.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (schema_of(url),)).fetchall() == []


def test_an_empty_schema_is_filled(url: str, sql: Sql) -> None:
    """It may have been made by somebody with more rights."""
    sql.execute(f"CREATE SCHEMA {schema_of(url)}")
    made(url)


@pytest.mark.parametrize(
    "other",
    [
        "CREATE TABLE {0}.letters (dear text)",
        "CREATE TABLE {0}.store (name text)",
        "CREATE TABLE {0}.store (format text, version integer)",
        "CREATE TABLE {0}.store (format, version) AS VALUES ('cards', 1), ('dice', 2)",
        "CREATE TABLE {0}.store (format, version) AS VALUES (NULL::text, NULL::text)",
        "CREATE VIEW {0}.something AS SELECT 1 AS one",
    ],
)
def test_what_is_no_casebook_is_not_touched(url: str, sql: Sql, other: str) -> None:
    """A schema with something else in it."""
    name = schema_of(url)
    sql.execute(f"CREATE SCHEMA {name}")
    sql.execute(other.format(name))
    with pytest.raises(NotACasebook):
        PostgresStore.open(url)
    assert len(sql.execute("SELECT 1 FROM pg_class WHERE relnamespace = %s::regnamespace", (name,)).fetchall()) < 3


def test_a_book_whose_own_row_is_gone_is_damaged(url: str, sql: Sql) -> None:
    """Its tables say what it was; it is neither taken for something else nor made anew."""
    sql.execute(f"DELETE FROM {made(url)}.store")
    for readonly in (False, True):
        with pytest.raises(StoreDamaged, match=r"table store has no rows.*Restore the last backup"):
            PostgresStore.open(url, readonly=readonly)


def test_a_book_of_a_later_version_is_not_touched(url: str, sql: Sql) -> None:
    name = made(url)
    sql.execute(f"UPDATE {name}.store SET version = 99")
    with pytest.raises(StoreTooNew):
        PostgresStore.open(url)
    with pytest.raises(StoreTooNew):
        PostgresStore.open(url, readonly=True)


@pytest.mark.parametrize(
    "place", ["postgresql://postgres@/no_such_database?", "postgresql://nobody_here@127.0.0.1:9/x?"]
)
def test_what_cannot_be_reached_is_unavailable(url: str, place: str) -> None:
    """No such database, no such server."""
    more = url.partition("?")[2] if place.startswith("postgresql://postgres@/") else "connect_timeout=2"
    with pytest.raises(StoreUnavailable) as caught:
        PostgresStore.open(f"{place}{more}")
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_several_books_lie_in_one_database(new_schema: Callable[[], str]) -> None:
    """Each in its schema; none knows of the others."""
    urls = [new_schema(), new_schema()]
    made(urls[0])
    stores = [PostgresStore.open(url) for url in urls]
    assert [store.head().position for store in stores] == [1, 0]
    for store in stores:
        store.close()


@pytest.fixture(params=["user", "order", "table", "all"])
def word(request: pytest.FixtureRequest, url: str, sql: Sql) -> Iterator[str]:
    """A URL whose schema is called by a word of SQL."""
    yield url.replace(f"schema={schema_of(url)}", f"schema={request.param}")
    sql.execute(f'DROP SCHEMA IF EXISTS "{request.param}" CASCADE')


def test_a_schema_may_be_called_by_a_word_of_sql(word: str) -> None:
    """Whatever is asked of the store: it is made, written, read, searched, rebuilt, leased, erased and looked after."""
    with cm.open_casebook(word, plugins=["postgres"]) as book:
        book.save_all(strategies.lived_case(strategies.Random(seed), id=f"c{seed}") for seed in range(5))
        key = book.keyed("kind", "text")
        book.save(cm.Person.create(id="p", details=cm.PersonDetails(name="孙某"), at=DAY, by="desk"), keys=[key])
        assert (book.holder(key), book.search("孙", reason="why", by="desk").matches[0].id) == ("p", "p")
        assert book.find("case", limit=2).after and len(list(book.facts("case").rows())) == 5
        assert book.store.position_at(NOON) == 0 and book.health()
        assert isinstance(book.store, Leases)
        lease = book.store.lease("worker", "work", NOON - NOON.replace(hour=11))
        assert lease is not None and book.store.release(lease)
        book.rebuild_facts()
        book.erase("p", reason="asked", by="desk")
        assert book.verify().is_whole
    with cm.open_casebook(word, plugins=["postgres"], create=False, readonly=True) as book:
        assert book.get("c3").id == "c3"


def test_a_book_moves_between_schemas_that_are_called_by_words_of_sql(word: str, new_schema: Callable[[], str]) -> None:
    """And knows that it is not the other."""
    with cm.open_casebook(new_schema(), plugins=["postgres"]) as book:
        book.save(cm.Person.create(id="p", details=cm.PersonDetails(name="孙某"), at=DAY, by="desk"))
        assert book.copy_to(word).new == 1
    with cm.open_casebook(word, plugins=["postgres"]) as copy, pytest.raises(AnotherBook):
        copy.copy_to(word)


def test_programs_that_make_a_book_at_once_make_one(url: str) -> None:
    """And one of each facts table."""
    wrong: list[object] = []
    together = threading.Barrier(4)

    def work(number: int) -> None:
        together.wait(30)
        store = PostgresStore.open(url)
        store.prepare([PLOT, TOOL])
        store.commit([change(f"m{number}", add=[plot(f"m{number}")])])
        store.close()

    workers = [threading.Thread(target=guarded, args=(lambda n=n: work(n), wrong)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert wrong == []
    store = PostgresStore.open(url)
    assert store.prepare([PLOT, TOOL]) == ()
    assert len(rows_of(store)) == store.head().position == 4
    store.close()


def test_a_role_that_may_only_read_reads(url: str, sql: Sql) -> None:
    """And is told so when it writes."""
    name = made(url)
    role = f"reader_{name}"
    sql.execute(f"CREATE ROLE {role} LOGIN")
    try:
        sql.execute(f"GRANT USAGE ON SCHEMA {name} TO {role}")
        sql.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {name} TO {role}")
        # As libpq reads it, a parameter of the URL goes before what stands in its first part.
        reader = PostgresStore.open(f"{url}&user={role}", create=False)
        assert reader.prepare([PLOT]) == ()
        assert (reader.head().position, len(rows_of(reader))) == (1, 1)
        for write in (
            lambda: reader.commit([change("m2")]),
            lambda: reader.erase("p"),
            lambda: reader.prepare([TOOL]),
        ):
            with pytest.raises(StoreReadOnly):
                write()
        reader.close()
    finally:
        sql.execute(f"DROP OWNED BY {role}")
        sql.execute(f"DROP ROLE {role}")


def test_a_table_that_is_still_to_be_made_is_not_read_as_if_it_were_empty(url: str) -> None:
    """Not by a book that is open for reading only."""
    made(url)
    reader = PostgresStore.open(url, readonly=True)
    assert reader.prepare([PLOT, TOOL]) == ()
    assert len(rows_of(reader)) == 1
    with pytest.raises(StoreReadOnly, match="tool"):
        reader.facts("tool")
    reader.close()
    with pytest.raises(StoreClosed):
        reader.head()


def migrating(monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """A plugin of the next version, which adds to the tables."""
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(schema, "MIGRATIONS", {2: statements})


ADD = "ALTER TABLE {schema}.entry ADD COLUMN place text NOT NULL DEFAULT 'here'"


def test_tables_of_an_earlier_version_become_those_of_this(url: str, sql: Sql, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all that is in them."""
    name = made(url)
    before = PostgresStore.open(url)
    wanted = list(before.log())
    before.close()
    migrating(monkeypatch, ADD, "UPDATE {schema}.entry SET place = 'there'")
    with pytest.raises(StoreReadOnly):
        PostgresStore.open(url, readonly=True)
    store = PostgresStore.open(url)
    assert store.prepare([PLOT]) == ()
    assert (list(store.log()), len(rows_of(store)), store.key("no", "1")) == (wanted, 1, "m1")
    assert sql.execute(f"SELECT place FROM {name}.entry").fetchall() == [("there",)]
    store.close()
    PostgresStore.open(url).close()


def test_a_new_book_takes_the_way_of_old_ones(url: str, sql: Sql, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that their tables are the same."""
    migrating(monkeypatch, ADD)
    PostgresStore.open(url).close()
    assert sql.execute(f"SELECT version FROM {schema_of(url)}.store").fetchall() == [(2,)]
    assert sql.execute(f"SELECT place FROM {schema_of(url)}.entry").fetchall() == []


def test_a_migration_that_ends_in_the_middle_never_was(url: str, sql: Sql, monkeypatch: pytest.MonkeyPatch) -> None:
    """The earlier version goes on with the book."""
    name = made(url)
    with monkeypatch.context() as patch:
        migrating(patch, ADD, "UPDATE {schema}.entry SET no_such_column = 1")
        with pytest.raises(StoreError):
            PostgresStore.open(url)
    columns = sql.execute(
        "SELECT 1 FROM information_schema.columns WHERE table_schema = %s AND column_name = 'place'", (name,)
    )
    assert columns.fetchall() == []
    store = PostgresStore.open(url)
    assert store.head().position == 1
    store.close()


def test_programs_that_migrate_at_once_migrate_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one finds it done."""
    made(url)
    migrating(monkeypatch, ADD, "SELECT pg_sleep(0.2)")
    wrong: list[object] = []
    workers = [
        threading.Thread(target=guarded, args=(lambda: PostgresStore.open(url).close(), wrong)) for _ in range(3)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert wrong == []


@pytest.mark.parametrize(("way", "wanted"), [("pglz", "p"), ("no such way", "")])
def test_long_texts_are_packed_as_the_server_can(
    url: str, sql: Sql, monkeypatch: pytest.MonkeyPatch, way: str, wanted: str
) -> None:
    """Where it cannot, as it does by itself."""
    monkeypatch.setattr(schema, "COMPRESSION", way)
    name = made(url)
    found = sql.execute(
        "SELECT attcompression::text FROM pg_attribute WHERE (attrelid, attname) IN "
        f"(('{name}.entry'::regclass, 'body'), ('{name}.private'::regclass, 'data'))"
    )
    assert found.fetchall() == [(wanted,)] * 2


def test_a_server_that_is_too_old_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is made."""
    monkeypatch.setattr(making, "OLDEST_SERVER", 990000)
    with pytest.raises(StoreUnavailable, match="older"):
        PostgresStore.open(url)


def test_a_database_that_cannot_hold_every_text_is_refused(url: str, sql: Sql) -> None:
    """Its encoding is to be UTF8."""
    name = f"latin_{schema_of(url)}"
    sql.execute(f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(StoreUnavailable, match="UTF8"):
            PostgresStore.open(f"{url}&dbname={name}")
    finally:
        sql.execute(f"DROP DATABASE {name}")
