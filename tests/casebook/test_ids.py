"""New ids: UUID version 7, each greater than the one before."""

from __future__ import annotations

import threading
import time
import uuid

import pytest

from community_mediation.casebook import Casebook, new_id
from community_mediation.domain.validators import checked_id


def test_an_id_is_a_uuid_of_version_seven() -> None:
    """With the variant of RFC 9562, and the milliseconds of now in front."""
    before = time.time_ns() // 1_000_000
    id = uuid.UUID(new_id())
    assert (id.version, id.variant) == (7, uuid.RFC_4122)
    assert before <= id.int >> 80 <= time.time_ns() // 1_000_000 + 1_000
    assert checked_id(str(id)) == str(id)
    assert uuid.UUID(Casebook.new_id()) > id


def test_ids_rise_also_across_threads() -> None:
    """Within a thread each is greater than the one before, and no two threads get the same."""
    found: list[list[str]] = [[] for _ in range(8)]
    start = threading.Barrier(len(found))

    def take(mine: list[str]) -> None:
        start.wait()
        mine += [new_id() for _ in range(2_000)]

    threads = [threading.Thread(target=take, args=(mine,)) for mine in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(mine == sorted(mine) for mine in found)
    assert len({id for mine in found for id in mine}) == 16_000
    assert max(id for mine in found for id in mine) < new_id()


def test_ids_rise_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """By an hour, or when it stands still; and the milliseconds carry over."""
    first = new_id()
    for now in (time.time_ns() - 3_600 * 10**9, 0, 1_000_000):
        monkeypatch.setattr(time, "time_ns", lambda now=now: now)
        ids = [new_id() for _ in range(5_000)]
        assert [first, *ids] == sorted({first, *ids})
        first = ids[-1]
        assert all(uuid.UUID(id).version == 7 for id in ids)
