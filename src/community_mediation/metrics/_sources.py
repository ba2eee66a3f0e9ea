"""What is counted: a casebook, one frame, or several by the name of their table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from community_mediation.domain.matter import moment
from community_mediation.domain.values import When
from community_mediation.errors import InvalidQuery
from community_mediation.facts.tables import CASE
from community_mediation.metrics._columns import midnight
from community_mediation.metrics._engine import Frame, in_narwhals, open_frame
from community_mediation.metrics._grains import GRAINS, RETURNED, Grain
from community_mediation.metrics._recurrence import with_returns
from community_mediation.metrics._watch import Point, written


@attrs.define
class Source:
    """Frames by the name of their table; under the empty name, one that is whatever the metrics count.

    Attributes:
        observed_through: Up to when a book was written, where that is known.
        kind: What results are given back as.
    """

    frames: Mapping[str, Any]
    observed_through: Point | None = None
    kind: str = "polars"
    _grain: str = ""

    def open(self, grain: Grain, needed: Mapping[str, str], by: Sequence[str]) -> Frame:
        """The rows of a table, with the columns of their cases.

        Raises:
            InvalidQuery: It is not there, or one frame is to be two tables.
        """
        frame = self._of(grain)
        cases = self.frames.get(CASE.table) if grain.of_case else None
        opened = open_frame(frame, needed, by, grain, cases)
        self.kind = opened.kind
        return with_returns(opened, self.frames.get("case_party")) if _asks_returns(grain, needed) else opened

    def _of(self, grain: Grain) -> Any:
        if grain.name in self.frames:
            return self.frames[grain.name]
        if "" not in self.frames:
            raise InvalidQuery(
                f"The table {grain.name} is asked for, and there is only {', '.join(self.frames) or 'none'}."
            )
        if self._grain not in ("", grain.name):
            raise InvalidQuery(
                f"One frame cannot be both {self._grain} and {grain.name}. Give a casebook, or a frame for each table: "
                f'{{"{self._grain}": …, "{grain.name}": …}}.'
            )
        self._grain = grain.name
        return self.frames[""]


@attrs.define
class _Book(Source):
    """A casebook, whose tables are read when they are asked for, and only the columns that are needed."""

    book: Any = None
    valid_at: Any = None
    known_at: Any = None

    def open(self, grain: Grain, needed: Mapping[str, str], by: Sequence[str]) -> Frame:
        wanted = {*grain.underived(needed), *by}
        possible = grain.breakdowns
        for name in by:
            # What is read is only what is asked for; what could be asked for is more.
            if name not in possible:
                raise InvalidQuery(
                    f"Cannot break down the table {grain.name} by {name!r}. Possible: {', '.join(possible)}."
                )
        also = {"matter_id", "row", *grain.telling[:1]}
        own = [name for name in grain.schema.names if name in wanted or name in also]
        cases = None
        if grain.of_case and grain is not GRAINS["case"]:
            known = sorted(name for name in wanted - set(grain.schema.names) if CASE.column(name) is not None)
            cases = self._read(CASE.table, ["matter_id", *known]) if known else None
        opened = open_frame(self._read(grain.name, own), needed, by, grain, cases)
        if not _asks_returns(grain, needed):
            return opened
        return with_returns(opened, self._read("case_party", ["matter_id", "row", "person"]))

    def _read(self, table: str, columns: Sequence[str]) -> Any:
        # All rows that there were by then: an assignment that was over is one, as it is in a question without a date.
        return self.book.facts(table, columns=columns, valid_at=self.valid_at, known_at=self.known_at, ended=True)


def _asks_returns(grain: Grain, needed: Mapping[str, str]) -> bool:
    return grain.name == CASE.table and not RETURNED.isdisjoint(needed)


def source_of(
    given: Any, valid_at: When | dt.datetime | None = None, known_at: int | dt.datetime | None = None
) -> Source:
    """What the caller gave.

    Raises:
        InvalidQuery: A moment in time is asked of something that is no casebook, or an unknown table is named.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    from community_mediation.casebook import Casebook
    from community_mediation.casebook.asking import pinned

    if isinstance(given, Casebook):
        # All tables are asked of what the book knows now, however long that takes.
        known = pinned(given.store, known_at)
        through = _written_through(given, valid_at, known)
        return _Book({}, through, book=given, valid_at=valid_at, known_at=known)
    if valid_at is not None or known_at is not None:
        raise InvalidQuery(
            "valid_at and known_at are asked of a casebook. Give the book itself, or take its facts at that moment."
        )
    if isinstance(given, Mapping):
        if unknown := sorted(set(given) - set(GRAINS)):
            raise InvalidQuery(
                f"A dict is not a frame; several frames are given by the name of their table, and {unknown[0]!r} is"
                f" none. There are: {', '.join(GRAINS)}."
            )
        return Source(dict(given))
    in_narwhals(given)
    return Source({"": given})


def _written_through(book: Any, valid_at: Any, position: int) -> Point | None:
    """The last moment that the book can tell of: the last entry that is known, or an earlier moment that is asked for.

    It is the last entry's even where a later moment of knowledge is asked for: what is written afterwards must not
    change what is told of that moment.
    """
    points: list[tuple[dt.datetime, Point]] = []
    for entry in book.store.log(after=position - 1, limit=1) if position else ():
        points.append((entry.recorded_at, written(entry.recorded_at)))
    if valid_at is not None:
        at = moment(valid_at)
        point = written(at)
        if isinstance(valid_at, When) and valid_at.day is not None:
            point = attrs.evolve(point, day=midnight(valid_at.day), over=midnight(valid_at.day))
        points.append((at, point))
    return min(points, key=lambda each: each[0])[1] if points else None
