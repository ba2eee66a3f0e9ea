"""Checks of changes: on the previous year (同比), on the previous period (环比), on a figure that stands beside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

import attrs

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._checked_table import CheckedFigure
from community_mediation.metrics._printed import Bounds
from community_mediation.metrics._published_checks import PERCENT, FigureCheck, compared, percent_of
from community_mediation.metrics._published_rows import Cell, PublishedRows, Side, names_in
from community_mediation.metrics._published_words import say
from community_mediation.metrics._rounding import Fit

_YEAR: Final = re.compile(r"\d{1,4}", re.ASCII)
_DIGITS: Final = re.compile(r"\d+", re.ASCII)


@attrs.frozen(kw_only=True)
class _Base:
    """What a figure is compared with."""

    value: Bounds | None
    working: str = ""
    name: str = ""
    cells: frozenset[Cell] = frozenset()
    lacking: tuple[str, ...] = ()
    implied: bool = False
    note: str = ""


def _by_text(breaks: Mapping[Any, str]) -> dict[str, str]:
    # A year may be given as a number; in a table that was read it may be either.
    return {str(period): what for period, what in breaks.items()}


@attrs.frozen(kw_only=True)
class ChangeCheck(FigureCheck):
    """A change, absolute or in per cent.

    The base is the column *before*; or the row before in the order of *along*; or, where neither is printed, what the
    absolute change implies: 8,451 after a rise of 281 was 8,170, and 281 of 8,170 is 3.44 %.

    Attributes:
        of: The column that changes.
        absolute: The column with the change in numbers.
        percent: The column with the change in per cent. Without either, the change in per cent is computed.
        before: The column with the earlier figure.
        along: The column with the years or periods. Years must follow each other, and other periods be written alike:
            across a gap, and between nine months and a year, nothing is compared.
        within: The columns that hold a series together, such as the place.
        breaks: The years or periods from which the definition is another one, each with what changed: no change is
            computed across them, and one that was printed is marked.
    """

    of: str
    absolute: str | None = None
    percent: str | None = None
    before: str | None = None
    along: str | None = None
    within: tuple[str, ...] = attrs.field(default=(), converter=names_in)
    breaks: Mapping[str, str] = attrs.field(factory=dict, converter=_by_text)

    def __attrs_post_init__(self) -> None:
        if self.before and self.along:
            raise InvalidQuery("A change has one base: give before= or along=, not both.")
        if not (self.before or self.along or (self.absolute and self.percent)):
            raise InvalidQuery("A change needs its base: before=, along=, or absolute= beside percent=.")

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.of, *self.names, *filter(None, (self.absolute, self.percent, self.before)))

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.within, *names_in(self.along or ()))

    def found_in(self, rows: PublishedRows) -> Iterator[CheckedFigure]:
        for row, base in self._bases(rows):
            now = Side.of(rows, row, (self.of,))
            change = None if now.value is None or base.value is None else now.value - base.value
            shared = {"cells": now.cells | base.cells, "lacking": (*now.lacking, *base.lacking)}
            if self.absolute and not base.implied:
                yield from self._marked(
                    base,
                    compared(
                        rows,
                        row,
                        kind="change",
                        formula=f"{self.of} - {base.name}",
                        working=f"{now.working} - {base.working}" if change else "",
                        published=self.absolute,
                        computed=change,
                        shape=rows.figure(row, self.of) or PERCENT,
                        balance=True,
                        **shared,  # type: ignore[arg-type]
                    ),
                )
            if self.percent or not self.absolute:
                yield from self._marked(
                    base,
                    compared(
                        rows,
                        row,
                        kind="change",
                        formula=say(rows.lang, "change", self.of, base.name),
                        working=f"({now.working} - {base.working}) / {base.working}" if change else "",
                        published=self.percent,
                        computed=self._percent(rows, row, now, base),
                        **shared,  # type: ignore[arg-type]
                    ),
                )

    def _percent(self, rows: PublishedRows, row: int, now: Side, base: _Base) -> Bounds | None:
        if now.value is None or base.value is None:
            return None
        if base.implied and self.absolute and (printed := rows.figure(row, self.absolute)):
            return percent_of(printed.bounds, base.value)
        # (now - base) / base would count the rounding of the base twice.
        found = percent_of(now.value, base.value)
        return None if found is None else found - Bounds.at(100)

    def _marked(self, base: _Base, found: Iterator[CheckedFigure]) -> Iterator[CheckedFigure]:
        for figure in found:
            if not base.note:
                yield figure
            elif figure.how is Fit.NOT_PRINTED:
                yield attrs.evolve(figure, computed=None, how=Fit.REDEFINED, reason=base.note)
            else:
                but = say(figure.lang, "but", base.note)
                yield attrs.evolve(figure, reason="; ".join(filter(None, (figure.reason, but))))

    def _bases(self, rows: PublishedRows) -> Iterator[tuple[int, _Base]]:
        if self.along:
            for group in rows.groups(self.within).values():
                yield from self._in_order(rows, group, self.along)
            return
        for row in range(len(rows.rows)):
            if self.before:
                side = Side.of(rows, row, (self.before,))
                yield row, _Base(value=side.value, working=side.working, name=self.before, cells=side.cells,
                                 lacking=side.lacking)  # fmt: skip
            elif self.absolute and rows.text(row, self.absolute):
                yield row, self._implied(rows, row, self.absolute)

    def _implied(self, rows: PublishedRows, row: int, absolute: str) -> _Base:
        now, change = Side.of(rows, row, (self.of,)), Side.of(rows, row, (absolute,))
        if now.value is None or change.value is None:
            return _Base(value=None, implied=True, name=f"{self.of} - {absolute}", lacking=change.lacking)
        figure = rows.figure(row, self.of)
        value = now.value - change.value
        return _Base(
            value=value,
            working=figure.in_unit(value.shown) if figure else "",
            name=f"{self.of} - {absolute}",
            cells=change.cells,
            implied=True,
        )

    def _in_order(self, rows: PublishedRows, group: list[int], along: str) -> Iterator[tuple[int, _Base]]:
        there = sorted(
            (row for row in group if rows.figure(row, self.of)), key=lambda row: _order(rows.text(row, along))
        )
        name = say(rows.lang, "before", along)
        if there:
            yield there[0], _Base(value=None, name=name, lacking=(name,))
        for earlier, row in pairwise(there):
            one, two = rows.text(earlier, along), rows.text(row, along)
            if one == two:
                raise InvalidQuery(f"{along} {one!r} has several rows. Say in within= what tells them apart.")
            note = say(rows.lang, "from", two, self.breaks[two]) if two in self.breaks else ""
            if not note and not _follows(one, two):
                yield row, _Base(value=None, name=name, lacking=(name,))
                continue
            side = Side.of(rows, earlier, (self.of,))
            yield row, _Base(value=side.value, working=side.working, name=name, cells=side.cells, note=note)


def _order(period: str) -> tuple[bool, int, str]:
    return (False, int(period), "") if _YEAR.fullmatch(period) else (True, 0, period)


def _follows(one: str, two: str) -> bool:
    """Whether two periods may be compared: years that follow each other, or periods that are written alike."""
    if _YEAR.fullmatch(one) and _YEAR.fullmatch(two):
        return int(two) - int(one) == 1
    return _DIGITS.sub("0", one) == _DIGITS.sub("0", two)
