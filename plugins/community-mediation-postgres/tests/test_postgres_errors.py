"""What goes wrong on a server is told in the library's own errors, and nobody's name is in them, nor in its log."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import psycopg
import psycopg_pool
import pytest
from community_mediation_postgres import commit, facts, heads
from community_mediation_postgres.errors import ConstraintBroken, translate
from community_mediation_postgres.session import Session
from community_mediation_postgres.store import PostgresStore

from community_mediation.errors import (
    InvalidValue,
    KeyTaken,
    MediationError,
    StoreClosed,
    StoreDamaged,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreUnavailable,
    VersionConflict,
)
from community_mediation.facts.schema import ColumnType
from community_mediation.ports import Change, FactsVersion, Key, Lease
from community_mediation.testing.stores.gardens import NOON, PLOT, change, plot, ref, rows_of, tool
from community_mediation.testing.stores.helping import CANARY, assert_says_nothing, guarded

Sql = psycopg.Connection[Any]

TERMINATE = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = %s"
"""Ends the connections of one test, which are called as its schema is."""


@pytest.fixture
def schema(url: str) -> str:
    return url.partition("schema=")[2].partition("&")[0]


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    store = PostgresStore.open(url)
    store.prepare([PLOT])
    store.commit([change("m1", add=[plot(beds=1)], private={"p": CANARY}, keys=[Key("no", "1")])])
    yield store
    store.close()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("53100", StoreFull),
        ("53200", StoreUnavailable),
        ("53300", StoreUnavailable),
        ("55P03", StoreLocked),
        ("40P01", StoreLocked),
        ("40001", StoreLocked),
        ("25006", StoreReadOnly),
        ("42501", StoreReadOnly),
        ("57014", StoreUnavailable),
        ("3F000", StoreUnavailable),
        ("23514", StoreDamaged),
        ("XX001", StoreDamaged),
        ("22P02", StoreDamaged),
        ("58030", StoreUnavailable),
        ("P0001", StoreUnavailable),
    ],
)
def test_what_the_server_refuses_is_of_the_right_branch(
    store: PostgresStore, schema: str, sql: Sql, code: str, kind: type[MediationError]
) -> None:
    """Raised by a trigger as the server raises it; nothing was written, no value is told, and the next commit goes."""
    sql.execute(
        f"CREATE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{CANARY}' USING ERRCODE = '{code}', DETAIL = '{CANARY}'; END$$"
    )
    sql.execute(
        f"CREATE TRIGGER refuse BEFORE INSERT ON {schema}.private FOR EACH ROW EXECUTE FUNCTION {schema}.refuse()"
    )
    with pytest.raises(kind) as caught:
        store.commit([change("m2", private={"p": CANARY})])
    assert_says_nothing(caught.value)
    assert type(caught.value) is kind or kind is StoreDamaged
    assert store.head().position == 1
    sql.execute(f"DROP TRIGGER refuse ON {schema}.private")
    assert store.commit([change("m2", private={"p": CANARY})]).first == 2


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (psycopg.OperationalError(CANARY), StoreUnavailable),
        (psycopg.errors.InvalidPassword(CANARY), StoreUnavailable),
        (psycopg.DataError(CANARY), StoreDamaged),
        (psycopg.InterfaceError(CANARY), StoreUnavailable),
        (psycopg_pool.PoolTimeout(CANARY), StoreUnavailable),
        (psycopg_pool.PoolClosed(CANARY), StoreClosed),
        (UnicodeEncodeError("utf-8", CANARY, 0, 1, CANARY), InvalidValue),
        (OverflowError(CANARY), InvalidValue),
    ],
)
def test_what_the_driver_raises_is_of_the_right_branch(error: Exception, kind: type[MediationError]) -> None:
    """Before the server has said anything."""
    told = translate(error)
    assert type(told) is kind
    assert_says_nothing(told)


def test_who_waits_for_too_long_is_told_so(url: str, store: PostgresStore, schema: str, sql: Sql) -> None:
    """Another program holds the lock; when it is free, the commit goes."""
    hasty = PostgresStore.open(url.replace("timeout=20", "timeout=0.2"))
    hasty.prepare([PLOT])
    with sql.transaction():
        sql.execute(f"SELECT 1 FROM {schema}.store FOR UPDATE")
        for write in (
            lambda: hasty.commit([change("m2")]),
            lambda: hasty.erase("p"),
            lambda: hasty.replace_facts([]),
        ):
            with pytest.raises(StoreLocked):
                write()
        assert hasty.head().position == 1
    assert hasty.commit([change("m2")]).first == 2
    hasty.close()


def test_a_version_that_was_taken_past_the_lock_is_a_conflict(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The constraint finds what nobody looked for; the error says what is there."""
    with monkeypatch.context() as patch:
        patch.setattr(commit, "check_heads", lambda rows, group: None)
        with pytest.raises(VersionConflict) as caught:
            store.commit([change("m0"), change("m1", 0)])
    assert (caught.value.matter_id, caught.value.expected, caught.value.actual) == ("m1", 0, 1)
    assert store.head().position == 1


def test_a_key_that_was_taken_past_the_lock_is_taken(store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The constraint holds a digest of it; the error says whose it is."""
    with monkeypatch.context() as patch:
        patch.setattr(commit, "check_holders", lambda rows, wanted: wanted)
        with pytest.raises(KeyTaken) as caught:
            store.commit([change("m2", keys=[Key("no", "1")])])
    assert (caught.value.kind, caught.value.holder) == ("no", "m1")
    assert (store.head().position, store.key("no", "1")) == (1, "m1")


def test_another_constraint_that_breaks_is_damage(store: PostgresStore, schema: str, sql: Sql) -> None:
    """It is named, and the row is not."""
    sql.execute(f"ALTER TABLE {schema}.private ADD CONSTRAINT short CHECK (length(data) < 40)")
    with pytest.raises(ConstraintBroken, match="short") as caught:
        store.commit([change("m2", private={"p": CANARY * 20})])
    assert_says_nothing(caught.value)


BY_HAND = {
    "emptied": ("DELETE FROM {0}.store", "no rows"),
    "doubled": ("INSERT INTO {0}.store SELECT * FROM {0}.store", "2 rows"),
    "without a cell": (
        """ALTER TABLE {0}.store ALTER salt DROP NOT NULL, ALTER tables DROP NOT NULL,
            ALTER rebuilds DROP NOT NULL, ALTER version DROP NOT NULL;
        UPDATE {0}.store SET salt = NULL, tables = NULL, rebuilds = NULL, version = NULL""",
        "an empty cell",
    ),
}
TTL = NOON - NOON.replace(hour=11)
CALLS: dict[str, Callable[[PostgresStore], object]] = {
    "identity": lambda store: store.identity,
    "prepare": lambda store: store.prepare([PLOT]),
    "commit": lambda store: store.commit([change("m2", keys=[Key("no", "2")])]),
    "facts": rows_of,
    "key": lambda store: store.key("no", "1"),
    "replace_facts": lambda store: store.replace_facts([]),
    "erase": lambda store: store.erase("p"),
    "search": lambda store: store.search("x"),
    "lease": lambda store: store.lease("ann", "post", TTL),
    "release": lambda store: store.release(Lease("ann", "post", 1, NOON)),
    "health": lambda store: store.health(),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("how", BY_HAND)
def test_a_table_of_one_row_into_which_somebody_wrote_is_damage(
    store: PostgresStore, schema: str, sql: Sql, how: str, call: str
) -> None:
    """Whichever call needs the row; with what is wrong and what to do."""
    statements, what = BY_HAND[how]
    sql.execute(statements.format(schema))
    with pytest.raises(StoreDamaged, match=f"table store has {what}.*Restore the last backup"):
        CALLS[call](store)


def test_facts_that_are_being_read_when_the_row_goes_are_damage(
    store: PostgresStore, schema: str, sql: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than facts that were rebuilt."""
    monkeypatch.setattr(facts, "BATCH", 1)
    store.commit([change("m2", add=[plot("m2")])])
    batches = store.facts("plot")
    next(batches)
    sql.execute(f"DELETE FROM {schema}.store")
    with pytest.raises(StoreDamaged, match="no rows"):
        list(batches)


def test_connections_that_the_server_ended_are_replaced(store: PostgresStore, schema: str, sql: Sql) -> None:
    """Between two calls nobody notices; neither a reader nor a writer."""
    for number in range(2, 5):
        sql.execute(TERMINATE, (schema,))
        if number % 2:
            assert store.head().position == number - 1
        assert store.commit([change(f"m{number}")]).first == number


def test_a_connection_that_is_lost_in_a_commit_leaves_nothing(store: PostgresStore, schema: str, sql: Sql) -> None:
    """The error says so, and the next commit goes."""

    def batch() -> Iterator[Change]:
        yield change("m2", private={"p": "x"})
        # The next group comes when the first was written.
        yield change("m2", 1)
        sql.execute(f"{TERMINATE} AND state = 'idle in transaction'", (schema,))
        yield change("m2", 2)

    with pytest.raises(StoreUnavailable, match="Nothing of this was written"):
        store.commit(batch())
    assert store.head().position == 1
    assert store.commit([change("m2")]).first == 2


def losing(monkeypatch: pytest.MonkeyPatch, *, after: bool) -> None:
    """The connection is lost at the first commit: before the server has it, or before its answer is there."""
    real, lost = Session.commit, [False]

    def commit_once(self: Session) -> None:
        if lost[0]:
            return real(self)
        lost[0] = True
        if after:
            real(self)
        self._raw.close()
        raise StoreUnavailable("The connection to the server was lost. Nothing of this was written.")

    monkeypatch.setattr(Session, "commit", commit_once)


def test_a_commit_whose_answer_was_lost_is_looked_up(store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was done, and is told as done."""
    losing(monkeypatch, after=True)
    given = store.commit([change("m2"), change("m3")])
    assert (given.first, given.last, store.head().position) == (2, 3, 3)


def test_a_commit_that_was_lost_is_told_as_lost(store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be made again."""
    losing(monkeypatch, after=False)
    with pytest.raises(StoreUnavailable, match="Nothing of this was written"):
        store.commit([change("m2")])
    assert store.commit([change("m2")]).first == 2


@pytest.mark.parametrize(
    "write",
    [
        lambda store: store.erase("p"),
        lambda store: store.replace_facts([]),
        lambda store: store.lease("ann", "post", NOON - NOON.replace(hour=11)),
    ],
)
def test_what_cannot_be_looked_up_is_told_as_unknown(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch, write: Callable[[PostgresStore], object]
) -> None:
    """These can be done again without harm."""
    losing(monkeypatch, after=True)
    with pytest.raises(StoreUnavailable, match="cannot be asked"):
        write(store)
    write(store)


def test_many_threads_and_few_connections_do_not_wait_for_each_other(url: str) -> None:
    """Changes read the store while they are consumed; a writer never holds what a reader waits for."""
    store = PostgresStore.open(f"{url}&pool_size=2")
    store.prepare([PLOT])
    wrong: list[object] = []

    def work(name: str) -> None:
        def batch() -> Iterator[Change]:
            for number in range(3):
                store.entries("m1")
                yield change(f"{name}{number}")

        for _ in range(4):
            store.head()
        store.commit(batch())

    workers = [threading.Thread(target=guarded, args=(lambda n=n: work(n), wrong)) for n in "abcdefgh"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert wrong == []
    assert store.head().position == 24
    store.close()


def test_a_commit_asks_the_server_to_wait_for_its_disk(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the server's settings say otherwise; where they ask for more, they are left."""
    asked: list[str] = []
    real = Session.commit

    def looking(self: Session) -> None:
        asked.append(self.value("SHOW synchronous_commit"))
        real(self)

    monkeypatch.setattr(Session, "commit", looking)
    for setting in ("off", "local", "remote_apply"):
        store = PostgresStore.open(f"{url}&options=-c%20synchronous_commit%3D{setting}")
        store.prepare([PLOT])
        asked.clear()
        store.commit([change(setting)])
        assert asked == ["on" if setting == "off" else setting]
        store.close()


@pytest.mark.parametrize("prepare", ["yes", "no"])
def test_a_pooler_that_knows_no_prepared_statements_can_stand_between(
    url: str, monkeypatch: pytest.MonkeyPatch, prepare: str
) -> None:
    """None is left on the server where the URL says so."""
    left: list[int] = []
    real = Session.commit

    def looking(self: Session) -> None:
        left.append(self.value("SELECT count(*) FROM pg_prepared_statements"))
        real(self)

    monkeypatch.setattr(Session, "commit", looking)
    store = PostgresStore.open(f"{url}&prepare={prepare}")
    store.prepare([PLOT])
    for number in range(12):
        store.commit([change(f"m{number}", add=[plot(f"m{number}")])])
        assert store.entries(f"m{number}")
    assert (left[-1] > 0) == (prepare == "yes")
    store.close()


def test_a_table_that_another_program_made_anew_is_not_written(store: PostgresStore, url: str) -> None:
    """Nor is one read that has other columns now."""
    columns = [attrs.evolve(c, type=ColumnType.TEXT) if c.name == "beds" else c for c in PLOT.columns]
    for _ in range(6):
        assert rows_of(store) != []
    other = PostgresStore.open(url)
    assert other.prepare([attrs.evolve(PLOT, version=2, columns=tuple(columns))]) == ("plot",)
    with pytest.raises(StoreUnavailable):
        store.commit([change("m1", 1, close=[ref()], add=[plot(beds=2)])])
    with pytest.raises(StoreUnavailable):
        store.commit([change("m2", add=[tool("m2")])])
    other.close()


def test_a_table_that_was_made_anew_is_read_by_connections_that_knew_the_old_one(store: PostgresStore) -> None:
    """They have prepared the very statement that now gives cells of another type."""
    columns = [attrs.evolve(c, type=ColumnType.TEXT) if c.name == "beds" else c for c in PLOT.columns]
    new = attrs.evolve(PLOT, version=2, columns=tuple(columns))
    for _ in range(8):
        assert rows_of(store, columns=["beds"]) == [(1,)]
    assert store.prepare([new]) == ("plot",)
    store.replace_facts([FactsVersion(plot(beds="many"), 1, None)])
    assert rows_of(store, columns=["beds"]) == [("many",)]


def test_threads_wait_for_each_other_no_longer_than_they_may(url: str) -> None:
    """A commit that pauses holds up those of its own program as well."""
    store = PostgresStore.open(url.replace("timeout=20", "timeout=0.3"))
    store.prepare([PLOT])
    inside, done = threading.Event(), threading.Event()
    wrong: list[object] = []

    def batch() -> Iterator[Change]:
        yield change("m1")
        yield change("m1", 1)
        inside.set()
        done.wait(30)

    slow = threading.Thread(target=guarded, args=(lambda: store.commit(batch()), wrong))
    slow.start()
    inside.wait(30)
    began = time.monotonic()
    with pytest.raises(StoreLocked):
        store.commit([change("m2")])
    assert time.monotonic() - began >= 0.3
    done.set()
    slow.join()
    assert (wrong, store.head().position) == ([], 2)
    store.close()


def test_the_pool_does_not_log_who_is_in_the_book(
    store: PostgresStore, schema: str, sql: Sql, caplog: pytest.LogCaptureFixture
) -> None:
    """Nor what its connections were used for."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(MediationError):
        store.commit([change("m2", private={CANARY: CANARY}), change("m1", 0)])
    sql.execute(TERMINATE, (schema,))
    store.search(CANARY)
    assert CANARY not in caplog.text


def test_a_commit_of_one_case_takes_few_exchanges_with_the_server(
    store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All others wait for as long as it holds the lock, and each exchange takes as long as the network does."""
    made: list[str] = []

    def counted(name: str) -> None:
        real = getattr(Session, name)

        def call(self: Session, *given: Any) -> Any:
            made.append(name)
            return real(self, *given)

        monkeypatch.setattr(Session, name, call)

    for name in ("rows", "run", "batch", "several", "copy", "commit"):
        counted(name)
    rows = [plot("m1", str(number)) for number in range(5)]
    store.commit([change("m1", 1, private={"p": "x"}, keys=[Key("no", "2")], close=[ref()], add=rows)])
    assert made == ["several", "batch", "batch", "commit"]


def test_the_lock_of_commits_is_held_from_the_beginning() -> None:
    """What a commit reads of the journal's end is read behind the lock."""
    statements = (heads.begin(1) + heads.lock("casebook")).split("; ")
    assert [statement.split()[0] for statement in statements] == ["BEGIN", "SELECT", "SELECT", "SELECT"]
    assert "FOR NO KEY UPDATE" in statements[2]
    assert "entry" in statements[3]
