"""From when and up to when cases were watched, where they do not say so themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import attrs

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._columns import DAY, midnight

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

Moment = dt.date | dt.datetime
Given = Moment | Mapping[str, Moment] | None
"""One moment for all, or one for each centre."""

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MOST: Final = 400
"""Different moments in one question: more make an expression that engines cannot nest."""


@attrs.frozen
class Point:
    """A day, and an instant if it is known so exactly, in microseconds since 1970.

    Attributes:
        over: The last day that was over by then: the day itself, or for an instant, the one before.
    """

    day: int
    over: int
    instant: int | None = None

    @property
    def till(self) -> int:
        """The day up to which a deadline may run without having passed."""
        return self.day if self.instant is None else self.over + DAY


def microseconds(moment: dt.datetime) -> int:
    """An instant, as frames hold it."""
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def written(at: dt.datetime) -> Point:
    """The moment of an entry. Where it was written nobody says: a day is over when it is so everywhere on earth."""
    earliest = at.astimezone(dt.timezone(dt.timedelta(hours=-12)))
    return Point(midnight(at.astimezone(dt.UTC)), midnight(earliest) - DAY, microseconds(at))


@attrs.frozen
class Watch:
    """The observation of a book.

    Attributes:
        through: Up to when open cases were watched, by centre; under ``None`` for all others.
        since: From when cases were watched, the same way: one that is older came in late, and counts from then on.
    """

    through: Mapping[str | None, Point] = attrs.field(factory=dict)
    since: Mapping[str | None, Point] = attrs.field(factory=dict)

    @classmethod
    def of(cls, through: object = None, since: object = None) -> Watch:
        """From what the caller gave: a date, an aware datetime, or one of them for each centre.

        Raises:
            InvalidQuery: A datetime without a zone, something else, or too many different moments.
        """
        return cls(_points("observed_through", through), _points("observed_from", since))

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it reads."""
        by_centre = {name for name in (*self.through, *self.since) if name is not None}
        return frozenset({"centre"} if by_centre else ())

    @property
    def finished(self) -> dt.date | None:
        """The last day that was watched to its end, everywhere: that of the centre that stopped first."""
        over = min((point.over for point in self.through.values()), default=None)
        return None if over is None else _EPOCH.date() + dt.timedelta(microseconds=over)

    def limits(self) -> dict[str, nw.Expr]:
        """Both as columns of times; instants only where all are so exact."""
        found: dict[str, nw.Expr] = {}
        for name, points in (("through", self.through), ("since", self.since)):
            if points:
                found[f"__{name}_on"] = _chosen({centre: point.day for centre, point in points.items()})
            if exact(points):
                found[f"__{name}_at"] = _chosen({centre: point.instant for centre, point in points.items()})
        if self.through:
            found["__over_on"] = _chosen({centre: point.over for centre, point in self.through.items()})
            found["__till_on"] = _chosen({centre: point.till for centre, point in self.through.items()})
        return found


def exact(points: Mapping[str | None, Point]) -> bool:
    """Whether each moment is known to the instant; otherwise all are taken as days."""
    return bool(points) and all(point.instant is not None for point in points.values())


def _points(name: str, given: object) -> dict[str | None, Point]:
    if given is None:
        return {}
    if isinstance(given, Point):
        return {None: given}
    if not isinstance(given, Mapping):
        return {None: _point(name, given)}
    points: dict[str | None, Point] = {centre: _point(name, moment) for centre, moment in given.items()}
    if len(set(points.values())) > _MOST:
        raise InvalidQuery(f"{name} has more than {_MOST} different moments. Ask for fewer centres at a time.")
    return points


def _point(name: str, value: object) -> Point:
    if isinstance(value, dt.datetime):
        if value.utcoffset() is None:
            raise InvalidQuery(f"{name} has no zone. Give an aware datetime, or a date.")
        return Point(midnight(value), midnight(value) - DAY, microseconds(value))
    if isinstance(value, dt.date):
        return Point(midnight(value), midnight(value))
    raise InvalidQuery(f"{name} is neither a date nor an aware datetime, nor one of them for each centre.")


def _chosen(points: Mapping[str | None, int | None]) -> nw.Expr:
    import narwhals.stable.v2 as nw

    by_point: dict[int | None, list[str]] = {}
    for centre, point in points.items():
        if centre is not None:
            by_point.setdefault(point, []).append(centre)
    # Without a default the rest is empty: nobody said it of those centres.
    found = nw.lit(points[None], nw.Int64()) if None in points else None
    for point, centres in by_point.items():
        chosen = nw.when(nw.col("centre").is_in(centres).fill_null(False)).then(nw.lit(point, nw.Int64()))
        found = chosen if found is None else chosen.otherwise(found)
    assert found is not None
    return found
