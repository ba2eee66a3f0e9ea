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
from community_mediation.metrics._definitions import OPTIONAL
from community_mediation.metrics._engine import Frame, in_narwhals, open_frame
from community_mediation.metrics._grains import GRAINS, RETURNED, Grain
from community_mediation.metrics._recurrence import with_returns


@attrs.define
class Source:
    """Frames by the name of their table; under the empty name, one that is whatever the metrics count.

    Attributes:
        observed_through: Up to when a book was written, where that is known.
        kind: What results are given back as.
    """

    frames: Mapping[str, Any]
    observed_through: dt.datetime | None = None
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
        also = {"matter_id", "row", *grain.telling[:1]}
        own = [name for name in grain.schema.names if name in wanted or name in also]
        of_case = sorted(wanted - set(grain.schema.names) - OPTIONAL & set(CASE.names))
        cases = None
        if grain.of_case and grain is not GRAINS["case"] and of_case:
            known = [name for name in of_case if CASE.column(name) is not None]
            cases = self._read(CASE.table, ["matter_id", *known]) if known else None
        opened = open_frame(self._read(grain.name, own), needed, by, grain, cases)
        if not _asks_returns(grain, needed):
            return opened
        return with_returns(opened, self._read("case_party", ["matter_id", "row", "person"]))

    def _read(self, table: str, columns: Sequence[str]) -> Any:
        return self.book.facts(table, columns=columns, valid_at=self.valid_at, known_at=self.known_at)


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

    if isinstance(given, Casebook):
        through = _written_through(given, valid_at, known_at)
        # Both questions are put to what the book knows now, however long they take.
        known = given.store.head().position if known_at is None else known_at
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


def _written_through(book: Any, valid_at: Any, known_at: Any) -> dt.datetime | None:
    """The last moment that the book can tell of: its last entry, or an earlier one that is asked for."""
    moments: list[dt.datetime] = []
    if (written := book.store.head().recorded_at) is not None:
        moments.append(written)
    if valid_at is not None:
        moments.append(moment(valid_at))
    if isinstance(known_at, dt.datetime):
        moments.append(known_at)
    elif known_at is not None and known_at > 0:
        moments += [entry.recorded_at for entry in book.store.log(after=known_at - 1, limit=1)]
    return min(moments, default=None)
