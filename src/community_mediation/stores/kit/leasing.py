"""Who may have a lease, and for how long: what every store that declares ``LEASES`` decides alike."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from community_mediation.errors import InvalidQuery
from community_mediation.stores.kit.questions import keepable

LONGEST: Final = dt.timedelta(days=1)
"""A worker that has died holds its work up for no longer."""


def check_lease(name: Any, key: Any, ttl: Any) -> None:
    """Refuse what is no lease.

    Raises:
        InvalidQuery: As ``Leases.lease`` says.
    """
    for text, what in ((name, "name"), (key, "key")):
        if not isinstance(text, str) or not text or not keepable(text):
            raise InvalidQuery(f"A lease needs a {what}: a text that is not empty and holds no half of a character.")
    if not isinstance(ttl, dt.timedelta) or not dt.timedelta(0) < ttl <= LONGEST:
        raise InvalidQuery("A lease lasts longer than nothing and a day at most. Lease again to make it last.")


def wait_until(now: dt.datetime, until: dt.datetime, ttl: dt.timedelta) -> dt.datetime | None:
    """Until when another name has to wait for a lease that was given for *ttl* up to *until*; ``None``: it has ended.

    Never longer than the lease lasts, from now: the clock may have been set back since it was given.
    """
    return min(until, now + ttl) if now < until else None
