"""What a store keeps that declares ``LEASES``."""

from __future__ import annotations

import datetime as dt
import threading
from functools import partial
from typing import Any

import pytest

from community_mediation.errors import InvalidQuery, MediationError, StoreClosed
from community_mediation.ports import Capability, Lease, Store
from community_mediation.testing.stores.fixtures import Opener, StoreFixtures, need
from community_mediation.testing.stores.gardens import NOON, HandClock, change
from community_mediation.testing.stores.helping import PATIENCE, at_once

HOUR = dt.timedelta(hours=1)
TICK = dt.timedelta(microseconds=1)


class LeaseLaws(StoreFixtures):
    """Work is shared out, and each piece has one worker."""

    @pytest.fixture
    def leases(self, book: Store) -> Any:
        """The store, if workers share work by it."""
        return need(book, Capability.LEASES)

    def test_one_name_has_the_work_and_another_waits(self, leases: Any) -> None:
        """LEASES: of each key by itself; the lease says who has what, and until when."""
        given = leases.lease("ann", "post", HOUR)
        assert (given.name, given.key, given.until) == ("ann", "post", NOON + HOUR)
        assert given.until.tzinfo is dt.UTC
        assert leases.lease("ben", "post", HOUR) is None
        assert leases.lease("ben", "papers", HOUR).name == "ben"

    def test_the_same_name_gets_it_again_under_a_new_token(self, leases: Any, clock: HandClock) -> None:
        """LEASES: so it is made to last, and so a worker that was started again goes on at once."""
        first = leases.lease("ann", "post", HOUR)
        clock.now += HOUR / 2
        second = leases.lease("ann", "post", HOUR)
        assert second.token > first.token
        assert second.until == clock.now + HOUR
        clock.now += HOUR * 3 / 4
        assert leases.lease("ben", "post", HOUR) is None

    def test_a_lease_may_be_made_shorter(self, leases: Any, clock: HandClock) -> None:
        """LEASES: the last one counts."""
        leases.lease("ann", "post", HOUR)
        assert leases.lease("ann", "post", HOUR / 4).until == NOON + HOUR / 4
        clock.now += HOUR / 2
        assert leases.lease("ben", "post", HOUR) is not None

    def test_a_lease_ends_by_the_clock_of_the_store(self, leases: Any, clock: HandClock) -> None:
        """LEASES: not a moment before, and by itself."""
        leases.lease("ann", "post", HOUR)
        clock.now = NOON + HOUR - TICK
        assert leases.lease("ben", "post", HOUR) is None
        clock.now = NOON + HOUR + TICK
        assert leases.lease("ben", "post", HOUR).until == clock.now + HOUR
        assert leases.lease("ann", "post", HOUR) is None

    def test_tokens_of_a_key_only_rise(self, leases: Any, clock: HandClock) -> None:
        """LEASES: over renewals, ends, releases and clocks that are set back."""
        tokens = []
        for number in range(12):
            clock.now = NOON + dt.timedelta(days=number * (-1) ** number)
            lease = leases.lease("ann", "post", HOUR)
            tokens.append(lease.token)
            if number % 3 == 0:
                leases.release(lease)
                tokens.append(leases.lease("ben", "post", TICK).token)
                leases.release(Lease("ben", "post", tokens[-1], clock.now + TICK))
        assert tokens == sorted(set(tokens))
        assert len(tokens) == 16

    def test_what_is_given_back_is_free(self, leases: Any) -> None:
        """LEASES: once; then it is held no longer."""
        given = leases.lease("ann", "post", HOUR)
        assert leases.release(given) is True
        assert leases.release(given) is False
        assert leases.lease("ben", "post", HOUR) is not None

    def test_a_stale_token_gives_nothing_back(self, leases: Any, clock: HandClock) -> None:
        """LEASES: neither what the same name has renewed, nor what another has by now."""
        first = leases.lease("ann", "post", HOUR)
        second = leases.lease("ann", "post", HOUR)
        assert leases.release(first) is False
        assert leases.lease("ben", "post", HOUR) is None
        clock.now += 2 * HOUR
        third = leases.lease("ben", "post", HOUR)
        assert leases.release(second) is False
        assert leases.lease("ann", "post", HOUR) is None
        assert third.token > second.token > first.token
        assert leases.release(third) is True

    def test_a_clock_that_is_set_back_makes_nobody_wait_longer_than_a_lease_lasts(
        self, leases: Any, clock: HandClock
    ) -> None:
        """LEASES: from the next attempt on."""
        first = leases.lease("ann", "post", HOUR)
        clock.now -= dt.timedelta(days=400)
        held = leases.lease("ben", "post", HOUR)
        if held is None:
            clock.now += HOUR + TICK
            held = leases.lease("ben", "post", HOUR)
        assert held is not None
        assert held.token > first.token

    def test_a_clock_that_is_set_forward_is_shown_by_the_token(self, leases: Any, clock: HandClock) -> None:
        """LEASES: the lease ends early; the late worker's is lower, also when the clock is set right again."""
        first = leases.lease("ann", "post", HOUR)
        clock.now += dt.timedelta(days=400)
        second = leases.lease("ben", "post", HOUR)
        assert second.token > first.token
        clock.now = NOON
        assert leases.release(first) is False
        assert leases.lease("ann", "post", HOUR) is None

    @pytest.mark.parametrize(
        "asked",
        [
            ("", "post", HOUR),
            ("ann", "", HOUR),
            ("ann", "post", dt.timedelta(0)),
            ("ann", "post", -HOUR),
            ("ann", "post", dt.timedelta(days=1) + TICK),
        ],
    )
    def test_what_is_no_lease_is_refused(self, leases: Any, asked: tuple[str, str, dt.timedelta]) -> None:
        """LEASES: no name, no key, no time, or more than a day."""
        with pytest.raises(InvalidQuery):
            leases.lease(*asked)
        assert leases.lease("ben", "post", dt.timedelta(days=1)) is not None

    @pytest.mark.parametrize(("name", "key"), [("\ud800", "post"), ("ann", "\ud800")])
    def test_half_a_character_names_no_worker_and_no_work(self, leases: Any, name: str, key: str) -> None:
        """LEASES: it is refused with a typed error."""
        with pytest.raises(MediationError):
            leases.lease(name, key, HOUR)

    @pytest.mark.parametrize("text", ["孙某", "a\0b", "'; --", "Ann "])
    def test_names_and_keys_are_texts_like_others(self, leases: Any, text: str) -> None:
        """LEASES: each is another than those that look like it."""
        assert leases.lease(text, text, HOUR).key == text
        assert leases.lease("ann", text, HOUR) is None
        assert leases.lease("ann", text.strip() + "x", HOUR) is not None

    def test_leases_are_not_in_the_journal(self, leases: Any) -> None:
        """LEASES: they are nobody's history."""
        leases.commit([change("m1")])
        leases.release(leases.lease("ann", "post", HOUR))
        assert leases.head().position == 1

    def test_of_threads_that_race_one_has_the_work(self, leases: Any) -> None:
        """LEASES: in each round; the others get nothing."""
        rounds, names = 20, "abcdef"
        together = threading.Barrier(len(names))
        won: list[tuple[str, int]] = []

        def work(name: str) -> None:
            for number in range(rounds):
                together.wait(PATIENCE)
                lease = leases.lease(name, f"work{number}", HOUR)
                if lease is not None:
                    won.append((lease.key, lease.token))

        with at_once(*[partial(work, name) for name in names]):
            pass
        assert sorted(key for key, _ in won) == sorted(f"work{number}" for number in range(rounds))

    def test_threads_that_pass_work_on_never_share_a_token(self, leases: Any) -> None:
        """LEASES: each lease of a key has its own."""
        tokens: list[int] = []

        def work(name: str) -> None:
            for _ in range(25):
                lease = leases.lease(name, "post", HOUR)
                if lease is not None:
                    tokens.append(lease.token)
                    leases.release(lease)

        with at_once(*[partial(work, name) for name in "abcd"]):
            pass
        assert len(tokens) == len(set(tokens)) > 0

    def test_a_closed_store_gives_no_work(self, leases: Any) -> None:
        """LEASES: it says that it is closed."""
        given = leases.lease("ann", "post", HOUR)
        leases.close()
        with pytest.raises(StoreClosed):
            leases.lease("ann", "post", HOUR)
        with pytest.raises(StoreClosed):
            leases.release(given)

    def test_leases_are_there_after_opening_again(self, leases: Any, open_store: Opener, clock: HandClock) -> None:
        """LEASES: held, and with tokens that go on rising, where the store is ``PERSISTENT``."""
        need(leases, Capability.PERSISTENT)
        first = leases.lease("ann", "post", HOUR)
        leases.close()
        again: Any = open_store(clock)
        try:
            assert again.lease("ben", "post", HOUR) is None
            assert again.release(first) is True
            second = again.lease("ben", "post", HOUR)
            assert second.token > first.token
        finally:
            again.close()
        last: Any = open_store(clock)
        try:
            assert last.lease("ben", "post", HOUR).token > second.token
        finally:
            last.close()
