"""What a URL may say, and what it may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from community_mediation_postgres.address import PARAMETERS, Address
from psycopg.conninfo import conninfo_to_dict

import community_mediation as cm
from community_mediation.errors import StoreUnavailable
from community_mediation.testing import strategies

SECRET = "canary-password"
DAY = cm.When.parse("2024-05-09[UTC]")


def test_a_url_says_where_and_how() -> None:
    """What is not this store's own goes to libpq."""
    address = Address.parse(
        f"postgresql://clerk:{SECRET}@db.example:6432/mediation"
        "?schema=north_1&mode=ro&timeout=2.5&pool_size=3&prepare=no&sslmode=verify-full&application_name=reports"
    )
    assert (address.schema, address.readonly, address.timeout, address.pool_size, address.prepare) == (
        "north_1",
        True,
        2.5,
        3,
        False,
    )
    for part in ("host=db.example", "port=6432", "sslmode=verify-full", "application_name=reports"):
        assert part in address.conninfo
    assert "schema" not in address.conninfo


def test_what_a_url_does_not_say_has_defaults() -> None:
    """``postgres:`` is the same as ``postgresql:``."""
    address = Address.parse("postgres://db.example/mediation")
    assert (address.schema, address.readonly, address.timeout, address.pool_size) == ("casebook", False, 30.0, 8)
    assert "application_name=community-mediation" in address.conninfo


def test_what_is_of_libpq_is_left_as_it_is_written() -> None:
    """A plus sign is none of a form; what is escaped is so once."""
    address = Address.parse("postgresql:///m?password=a+b%2526&schema=x&options=-c%20geqo%3Doff")
    known = conninfo_to_dict(address.conninfo)
    assert (known["password"], known["options"], address.schema) == ("a+b%26", "-c geqo=off", "x")


def test_a_password_is_not_shown() -> None:
    """Not by an address that is printed."""
    assert SECRET not in repr(Address.parse(f"postgresql://clerk:{SECRET}@db.example/mediation"))


@pytest.mark.parametrize(
    "query",
    [
        "schema=",
        "schema=Casebook",
        "schema=pg_catalog",
        "schema=a-b",
        'schema=a";DROP',
        "schema=" + "x" * 64,
        "mode=readonly",
        "mod=ro",
        "timeout=0",
        "timeout=soon",
        "timeout=-1",
        "pool_size=1",
        "pool_size=101",
        "prepare=maybe",
        "sslmod=require",
        "#part",
    ],
)
def test_a_url_that_is_misspelt_is_refused(query: str) -> None:
    """Nothing of it is passed over, and nothing of it is repeated: it may hold a password."""
    url = f"postgresql://clerk:{SECRET}@db.example/mediation?{query}"
    with pytest.raises(StoreUnavailable) as caught:
        cm.open_casebook(url, plugins=["postgres"])
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("schema=Canary-Name!", r"\bschema\b.*small letters, digits and underscores.*63 .*pg_"),
        ("mode=canary", r"\bmode\b.*ro or rw"),
        ("timeout=canary", r"\btimeout\b.*seconds above 0"),
        ("pool_size=1", r"\bpool_size\b.*2 to 100"),
        ("prepare=canary", r"\bprepare\b.*yes or no"),
        ("pool_size=", r"\bpool_size\b.*2 to 100"),
    ],
)
def test_the_parameter_that_is_wrong_is_named(query: str, wanted: str) -> None:
    """With what it may be, and neither its value nor the others."""
    name = query.partition("=")[0]
    with pytest.raises(StoreUnavailable, match=wanted) as caught:
        Address.parse(f"postgresql://clerk@db.example/mediation?sslmode=require&{query}")
    said = str(caught.value)
    assert "anary" not in said
    assert [other for other in PARAMETERS if f"{other} " in said] == [name]


def test_every_parameter_is_in_the_manual() -> None:
    """The table has those that the store takes, and no others."""
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "operate-postgresql.md").read_text(encoding="utf-8")
    table = page.partition("| parameter |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(PARAMETERS)


def test_the_front_door_opens_it(url: str) -> None:
    """Saved, found again, counted and verified, through the plugin's name alone."""
    with cm.open_casebook(url, plugins=["postgres"]) as book:
        saved = [book.save(strategies.lived_case(strategies.Random(seed), id=f"c{seed}")) for seed in range(10)]
    with cm.open_casebook(url, plugins=["postgres"], create=False) as book:
        assert [book.get(case.id) for case in saved] == saved
        assert book.verify().is_whole
    with cm.open_casebook(f"{url}&mode=ro", plugins=["postgres"]) as book:
        assert book.get("c3") == saved[3]


@pytest.mark.parametrize("url", [f"postgresql://u:{SECRET}\u2100@h/db", f"postgresql://u:{SECRET}[@h/db"])
def test_a_url_that_nothing_can_read_is_told_without_its_password(url: str) -> None:
    """Python's own error repeats it."""
    with pytest.raises(StoreUnavailable) as caught:
        Address.parse(url)
    assert SECRET not in str(caught.value) and caught.value.__context__ is None


def test_texts_are_utf_8_whatever_is_asked_for(new_schema: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """By the URL or the environment: otherwise a sound book would seem to be changed."""
    assert "client_encoding=UTF8" in Address.parse("postgresql:///m?client_encoding=LATIN1").conninfo
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    with cm.open_casebook(new_schema(), plugins=["postgres"]) as book:
        book.save(cm.Person.create(id="p", details=cm.PersonDetails(name="孙某"), at=DAY, by="desk"))
        assert book.get("p").details.name == "孙某" and book.verify().is_whole
