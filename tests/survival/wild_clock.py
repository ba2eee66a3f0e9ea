"""A clock as bad as clocks get: it jumps by days and years, changes between summer and winter, repeats seconds."""

from __future__ import annotations

import datetime as dt
import random
from zoneinfo import ZoneInfo

from community_mediation.testing.stores.gardens import NOON

ZONES = (
    dt.UTC,
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("Asia/Shanghai"),
    ZoneInfo("Pacific/Apia"),
    ZoneInfo("Asia/Tehran"),
)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)
JUMPS = (
    (DAY, "a day on"),
    (-DAY, "a day back"),
    (HOUR, "an hour on, as when summer begins and the clock shows local time"),
    (-HOUR, "an hour back"),
    (-SECOND, "a leap second that is shown twice"),
    (365 * DAY, "a year on"),
    (-3 * 365 * DAY, "three years back, as with an empty battery"),
    (40 * 365 * DAY, "decades on"),
)
WEIGHTS = (3, 3, 5, 5, 5, 1, 1, 0.2)
RANGE = 100 * 365 * DAY
"""No clock is off by more: a battery that is empty shows 1970."""


class WildClock:
    """Shows the true time and an error that jumps, in whatever zone.

    Attributes:
        true: What the time really is; set by the test.
        shown: What was shown last.
    """

    def __init__(self, chance: random.Random) -> None:
        self.true = NOON
        self.shown = NOON
        self._chance = chance
        self._error = dt.timedelta()

    def __call__(self) -> dt.datetime:
        """What it shows now."""
        self.true += dt.timedelta(microseconds=self._chance.choice((0, 0, 1, 40, 9_000)))
        zone = self._chance.choice(ZONES)
        self.shown = (self.true + self._error).astimezone(zone)
        return self.shown

    def jump(self) -> str:
        """Jump somehow, and say how."""
        ((by, how),) = self._chance.choices(JUMPS, WEIGHTS)
        error = self._error + by
        self._error = error if abs(error) < RANGE else dt.timedelta()
        return how
