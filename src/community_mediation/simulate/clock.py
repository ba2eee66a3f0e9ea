"""A clock that shows the time of a simulation."""

import datetime as dt

from community_mediation.errors import InvalidValue


class Clock:
    """A clock for ``open_casebook(url, clock=…)``: what is recorded while a simulation runs gets the simulated time.

    Before it is set it shows the first moment of the year 2000.
    """

    def __init__(self) -> None:
        self._now = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

    def set(self, moment: dt.datetime) -> None:
        """Show this moment from now on.

        Raises:
            InvalidValue: It has no zone.
        """
        if moment.tzinfo is None:
            raise InvalidValue("a time without a zone", path="$.moment", remedy="Give the datetime a tzinfo.")
        self._now = moment

    def __call__(self) -> dt.datetime:
        """The moment that it shows."""
        return self._now
