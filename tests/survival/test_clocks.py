"""Order, what was known when, and leases do not depend on the clock."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterable
from pathlib import Path

import attrs
import pytest

from community_mediation.ports import Capability, Change, Committed, Lease, Leases, Store
from community_mediation.stores import MemoryStore, SqliteStore
from community_mediation.testing.stores.gardens import rows_of
from tests.survival.counters import COUNT, batch, check_whole, counted
from tests.survival.wild_clock import DAY, WildClock

Say = Callable[[str], None]
DAYS = 1_000
DAYS_A_BOOK = 20
ACTS = 6
MINUTE = dt.timedelta(minutes=1)


class Trusting(SqliteStore):
    """The planted fault: an entry is recorded at whatever the clock shows."""

    def commit(self, changes: Iterable[Change]) -> Committed:
        """Believe the clock."""
        committed = super().commit(changes)
        return attrs.evolve(committed, recorded_at=self._clock())


@attrs.define
class Days:
    """What was seen in days with a wild clock."""

    days: int = 0
    commits: int = 0
    jumps: int = 0
    went_back: int = 0
    warned: int = 0
    wrongly: int = 0


def live(store: Store, clock: WildClock, chance: random.Random, seen: Days) -> None:
    """A day: commits, and jumps of the clock between them."""
    for _ in range(ACTS):
        clock.true += DAY / ACTS
        if chance.random() < 0.3:
            clock.jump()
            seen.jumps += 1
        head = store.head()
        size = chance.choice((1, 2, 6))
        committed = store.commit(batch(head.position + 1, size))
        seen.commits += 1
        assert (committed.first, committed.last) == (head.position + 1, head.position + size)
        if head.recorded_at is not None and committed.recorded_at <= head.recorded_at:
            seen.went_back += 1
        # What the clock shows is taken whenever it can be.
        assert committed.recorded_at >= clock.shown.astimezone(dt.UTC)
    seen.days += 1


def look(store: Store, clock: WildClock, chance: random.Random, seen: Days) -> None:
    """At the end of a day: order, the facts of any moment, and whether a jump is told."""
    head = store.head()
    assert head.recorded_at is not None
    then = chance.randrange(1, head.position + 1)
    (entry,) = store.log(then - 1, 1)
    assert entry.position == then
    # All entries of one commit share their moment: the last of them is the book as it was known then.
    last = int(entry.body.rpartition(" ")[2])
    assert store.position_at(entry.recorded_at) == last
    assert store.position_at(entry.recorded_at - dt.timedelta(microseconds=1)) < then
    assert {row[0]: row[2] for row in rows_of(store, "count", known_at=then)} == counted(then)
    warned = any(finding.code == "clock-jump" for finding in store.health())
    seen.warned += warned
    seen.wrongly += warned != (head.recorded_at - clock.shown > DAY)


def days(parent: Path, count: int, kind: type[SqliteStore] = SqliteStore) -> Days:
    """Some days with a wild clock."""
    seen = Days()
    for number in range(-(-count // DAYS_A_BOOK)):
        chance = random.Random(number)
        clock = WildClock(chance)
        with contextlib.closing(kind.open(parent / f"{kind.__name__}-{number}.db", clock=clock)) as store:
            store.prepare([COUNT])
            for _ in range(min(DAYS_A_BOOK, count - seen.days)):
                live(store, clock, chance, seen)
                look(store, clock, chance, seen)
            entries = store.log(limit=1_000_000)
            assert [entry.position for entry in entries] == list(range(1, len(entries) + 1))
            assert all(one.recorded_at <= two.recorded_at for one, two in itertools.pairwise(entries))
            check_whole(store, range(1, len(entries) + 1))
    return seen


def test_order_and_what_was_known_stand_whatever_the_clock_does(tmp_path: Path, figure: Say) -> None:
    """Every commit is recorded later than the one before, and facts as known then are found by position and moment."""
    seen = days(tmp_path, DAYS)
    figure(
        f"wild clocks: {seen.days:,} days, {seen.commits:,} commits, {seen.jumps:,} jumps, {seen.went_back} recorded "
        f"earlier than the one before; health told of a jump on {seen.warned} days, wrongly on {seen.wrongly}"
    )
    assert seen.went_back == 0
    assert seen.wrongly == 0
    assert 0 < seen.warned < seen.days == DAYS


def test_the_days_find_a_store_that_believes_its_clock(tmp_path: Path, figure: Say) -> None:
    """A control."""
    seen = Days()
    chance = random.Random(0)
    clock = WildClock(chance)
    with contextlib.closing(Trusting.open(tmp_path / "book.db", clock=clock)) as store:
        store.prepare([COUNT])
        for _ in range(20):
            live(store, clock, chance, seen)
    figure(f"wild clocks, control of a store that believes its clock: {seen.went_back} of {seen.commits} went back")
    assert seen.went_back > 3


# ---------------------------------------------------------------- leases


class Believing:
    """The planted fault: leases that end when the clock says so, and no sooner, with a new count of tokens a worker."""

    def __init__(self, clock: WildClock) -> None:
        self._clock = clock
        self._held: dict[str, Lease] = {}

    def lease(self, name: str, key: str, ttl: dt.timedelta) -> Lease | None:
        """Compare what is written with the clock."""
        held, now = self._held.get(key), self._clock().astimezone(dt.UTC)
        if held is not None and held.name != name and held.until > now:
            return None
        self._held[key] = given = Lease(name, key, 1, now + ttl)
        return given

    def release(self, lease: Lease) -> bool:
        """Take it back."""
        return self._held.pop(lease.key, None) == lease


@attrs.define
class Work:
    """What was seen of work that is shared out.

    Attributes:
        given: Leases that were given.
        starved: Times at which a worker waited for longer than a dead one's lease lasts.
        fell: Tokens that were not greater than the one before.
    """

    given: int = 0
    starved: int = 0
    fell: int = 0


def share_out(leases: Leases, clock: WildClock, chance: random.Random, count: int) -> Work:
    """Some days on which a worker dies with a lease, the clock jumps, and another asks every minute for the work."""
    seen, last = Work(), 0

    def note(lease: Lease) -> None:
        nonlocal last
        seen.given += 1
        seen.fell += lease.token <= last
        last = lease.token

    for day in range(count):
        ttl = chance.randrange(1, 90) * MINUTE
        first = leases.lease(f"dies-{day}", "work", ttl)
        assert first is not None
        note(first)
        for _ in range(chance.randrange(4)):
            clock.jump()
            clock.true += MINUTE
            if chance.random() < 0.5 and (other := leases.lease(f"asks-{day}", "work", ttl)) is not None:
                note(other)
        lease, waited = leases.lease(f"asks-{day}", "work", ttl), 0
        while lease is None and waited * MINUTE <= ttl:
            waited += 1
            clock.true += MINUTE
            lease = leases.lease(f"asks-{day}", "work", ttl)
        if lease is None:
            seen.starved += 1
            while lease is None:
                clock.true += DAY
                lease = leases.lease(f"asks-{day}", "work", ttl)
        note(lease)
        assert leases.lease(f"late-{day}", "work", ttl) is None
        leases.release(lease)
        clock.true += DAY
    return seen


@pytest.mark.parametrize("sort", ["memory", "sqlite"])
def test_nobody_starves_and_tokens_rise_whatever_the_clock_does(tmp_path: Path, sort: str, figure: Say) -> None:
    """The work of a worker that died comes to another within the time of its lease, once the clock is at rest."""
    chance = random.Random(0)
    clock = WildClock(chance)
    store: Store = MemoryStore(clock=clock) if sort == "memory" else SqliteStore.open(tmp_path / "b.db", clock=clock)
    with contextlib.closing(store):
        if Capability.LEASES not in store.capabilities or not isinstance(store, Leases):
            pytest.skip(f"the {sort} store declares no leases")
        seen = share_out(store, clock, chance, DAYS)
    figure(
        f"wild clocks, leases ({sort}): {DAYS:,} days, {seen.given:,} leases, {seen.starved} starved, {seen.fell} "
        "tokens fell"
    )
    assert (seen.starved, seen.fell) == (0, 0)


def test_the_days_find_leases_that_believe_the_clock(figure: Say) -> None:
    """A control."""
    chance = random.Random(0)
    clock = WildClock(chance)
    seen = share_out(Believing(clock), clock, chance, 100)
    figure(f"wild clocks, control of leases that believe the clock: {seen.starved} starved, {seen.fell} tokens fell")
    assert seen.starved > 0
    assert seen.fell > 0
