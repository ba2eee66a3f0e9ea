"""What the manual's page on operating says is so: its statements run as they stand, but for the names."""

from __future__ import annotations

import ast
import datetime as dt
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from community_mediation_postgres import health
from community_mediation_postgres.store import PostgresStore

import community_mediation as cm
from community_mediation.errors import StoreReadOnly, StoreUnavailable
from community_mediation.plugins import Plugins
from community_mediation.testing import strategies

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "operate-postgresql.md"
ROLES = ("mediation_owner", "mediation_writer", "mediation_reader", "mediation_auditor")
Sql = psycopg.Connection[Any]


@pytest.fixture
def blocks(url: str) -> list[str]:
    """The page's blocks of SQL, with names of this test's own."""
    schema = url.partition("schema=")[2].partition("&")[0]
    found = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [re.sub(r"\bcasebook\b", schema, block).replace("mediation_", f"m{schema}_") for block in found]


@pytest.fixture
def roles(url: str, sql: Sql, blocks: list[str]) -> Iterator[dict[str, str]]:
    """The URL of the book for each role, after the page's first steps; the owner has made the tables."""
    schema = url.partition("schema=")[2].partition("&")[0]
    names = [role.replace("mediation_", f"m{schema}_") for role in ROLES]
    sql.execute(blocks[0])
    try:
        urls = {role.removeprefix("mediation_"): f"{url}&user={n}" for role, n in zip(ROLES, names, strict=True)}
        cm.open_casebook(urls["owner"], plugins=["postgres"]).close()
        sql.execute(blocks[1])
        sql.execute(blocks[2])
        sql.execute(blocks[3])
        yield urls
    finally:
        sql.execute(f"DROP SCHEMA {schema} CASCADE")
        for name in names:
            sql.execute(f"DROP OWNED BY {name} CASCADE")
            sql.execute(f"DROP ROLE {name}")


def test_the_writer_does_all_that_a_program_needs(roles: dict[str, str]) -> None:
    """Saving, erasing, searching, leasing, and writing the facts anew."""
    with cm.open_casebook(roles["writer"], plugins=["postgres"], create=False) as book:
        case = book.save(strategies.lived_case(strategies.Random(1), id="c1"))
        book.save(strategies.lived_case(strategies.Random(2), id="c2"))
        assert book.get("c1") == case
        assert book.verify().is_whole
        store: Any = book.store
        subject = next(iter(store.entries("c1")[0].private))
        assert store.erase(subject) > 0
        assert store.search("no such text").matters == []
        lease = store.lease("ann", "post", dt.timedelta(hours=1))
        assert store.release(lease) is True
        assert store.replace_facts([]) == 0


def test_the_writer_cannot_change_the_journal_nor_the_tables(roles: dict[str, str], sql: Sql) -> None:
    """Not even past the library."""
    with cm.open_casebook(roles["writer"], plugins=["postgres"], create=False) as book:
        book.save(strategies.lived_case(strategies.Random(1), id="c1"))
    schema = roles["writer"].partition("schema=")[2].partition("&")[0]
    with psycopg.connect(re.sub(r"&?(schema|timeout)=[^&]*", "", roles["writer"]), autocommit=True) as raw:
        for statement in ("UPDATE {0}.entry SET body = ''", "DELETE FROM {0}.entry", "DROP TABLE {0}.entry"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(statement.format(schema))


def test_a_table_that_only_the_owner_may_make_is_said_to_be_missing(roles: dict[str, str]) -> None:
    """A writer of a later version, before the owner has opened the book."""
    import attrs

    (schema, *_) = Plugins().kinds()["case"].schemas
    store = PostgresStore.open(roles["writer"])
    with pytest.raises(StoreReadOnly, match=r"lacks a right.*once as their owner.*how-to/operate-postgresql"):
        store.prepare([attrs.evolve(schema, version=99)])
    store.close()


def test_the_reader_reads_figures_and_nothing_else(roles: dict[str, str]) -> None:
    """Nobody is named in them."""
    with cm.open_casebook(roles["writer"], plugins=["postgres"], create=False) as book:
        book.save(strategies.lived_case(strategies.Random(1), id="c1"))
    with psycopg.connect(re.sub(r"&?(schema|timeout)=[^&]*", "", roles["reader"]), autocommit=True) as raw:
        schema = roles["reader"].partition("schema=")[2].partition("&")[0]
        assert raw.execute(f'SELECT matter_id FROM {schema}."case"').fetchall() == [("c1",)]
        for table in ("entry", "private", "key"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(f"SELECT 1 FROM {schema}.{table}")
    with pytest.raises(StoreUnavailable):
        PostgresStore.open(roles["reader"], readonly=True)


def test_who_reads_by_the_library_reads_all_and_writes_nothing(roles: dict[str, str]) -> None:
    """Opened for reading only, what a case holds is there, and its figures are."""
    with cm.open_casebook(roles["writer"], plugins=["postgres"], create=False) as book:
        case = book.save(strategies.lived_case(strategies.Random(1), id="c1"))
    with cm.open_casebook(f"{roles['auditor']}&mode=ro", plugins=["postgres"]) as book:
        assert book.get("c1") == case
        assert book.verify().is_whole
        assert book.health() is not None
        with pytest.raises(StoreReadOnly):
            book.save(strategies.lived_case(strategies.Random(2), id="c2"))


def test_the_other_statements_of_the_page_run(roles: dict[str, str], sql: Sql, blocks: list[str]) -> None:
    """What is looked at, and what cleans up."""
    assert set(roles) == {"owner", "writer", "reader", "auditor"}
    for block in blocks[4:]:
        for statement in filter(str.strip, block.split(";")):
            sql.execute(statement)
    assert len(blocks) == 7


def told() -> dict[str, list[str]]:
    """The rows of the page's table of findings, by their codes."""
    text = PAGE.read_text(encoding="utf-8").partition("\n## What health says\n")[2].partition("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return {row[0].strip("`"): row[1:] for row in cells[2:]}


def given() -> dict[str, str]:
    """The findings that there can be, with their severity, as the source has them."""
    found = {f"{name.replace('_', '-')}-off": severity.value for name, (severity, *_) in health._OFF.items()}
    for call in ast.walk(ast.parse(inspect.getsource(health))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Finding":
            code, severity, *_ = call.args
            if isinstance(code, ast.Constant):
                assert isinstance(severity, ast.Attribute)
                found[str(code.value)] = severity.attr.lower()
    return found


def test_every_finding_is_on_the_page() -> None:
    """With how bad it is, what it means and what to do; and none that is no longer given."""
    assert {code: cells[0] for code, cells in told().items()} == given()
    assert all(len(cells) == 3 and all(cells) for cells in told().values())


def test_a_finding_that_is_left_out_would_be_seen() -> None:
    """A control: the source is read, and the table is."""
    assert len(given()) == 12
    assert "nothing-of-that" not in told()
