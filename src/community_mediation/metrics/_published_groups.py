"""Checks from row to row of a published table: shares of a total, parts of a parent, one figure in two places."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import add

import attrs

from community_mediation.errors import InvalidQuery
from community_mediation.metrics._checked_table import CheckedFigure
from community_mediation.metrics._published_checks import PERCENT, FigureCheck, compared, percent_of
from community_mediation.metrics._published_rows import PublishedRows, Side, bare, names_in
from community_mediation.metrics._published_words import say


@attrs.frozen(kw_only=True)
class ShareCheck(FigureCheck):
    """The share of each row in the row of the total.

    ``ShareCheck(of="cases", published="percent", name="type", whole="Total", within="year")``.

    Attributes:
        of: The column that is counted.
        name: The column with the names of the rows.
        whole: The name of the row that holds the total.
        published: The column with the percentage; ``None`` to compute one that nobody printed.
        within: The columns that hold a table together, such as the year.
    """

    of: str
    name: str
    whole: str
    published: str | None = None
    within: tuple[str, ...] = attrs.field(default=(), converter=names_in)

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.of, *self.names, *names_in(self.published or ()))

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.within)

    def found_in(self, rows: PublishedRows) -> Iterator[CheckedFigure]:
        for group in rows.groups(self.within).values():
            total = [row for row in group if rows.text(row, self.name) == self.whole]
            if len(total) > 1:
                raise InvalidQuery(f"The total {self.whole!r} has several rows. Say in within= what tells them apart.")
            for row in group:
                top = Side.of(rows, row, (self.of,))
                bottom = Side.of(rows, total[0], (self.of,)) if total else None
                there = bottom is not None and bottom.value is not None and top.value is not None
                yield from compared(
                    rows,
                    row,
                    kind="share",
                    formula=f"{self.of} / {say(rows.lang, 'whole', self.of, self.whole)}",
                    working=f"{top.working} / {bottom.working}" if there and bottom else "",
                    published=self.published,
                    computed=percent_of(top.value, bottom.value) if bottom else None,
                    cells=top.cells | (bottom.cells if bottom else frozenset()),
                    lacking=top.lacking or (say(rows.lang, "whole", self.of, self.whole),),
                )


@attrs.frozen(kw_only=True)
class PartsCheck(FigureCheck):
    """Rows that add up to the row of their parent, level by level.

    ``PartsCheck(of="cases", name="type", parent="parent", within="year")``.

    Attributes:
        of: The column that is added up.
        name: The column with the names of the rows.
        parent: The column with the name of the row that each is a part of; empty for those that are part of none.
        within: The columns that hold a table together, such as the year.
    """

    of: str
    name: str
    parent: str
    within: tuple[str, ...] = attrs.field(default=(), converter=names_in)

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.of, *self.names)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, self.parent, *self.within)

    def found_in(self, rows: PublishedRows) -> Iterator[CheckedFigure]:
        for group in rows.groups(self.within).values():
            named, parts = dict[str, list[int]](), dict[str, list[int]]()
            for row in group:
                named.setdefault(rows.text(row, self.name), []).append(row)
                if parent := rows.text(row, self.parent):
                    parts.setdefault(parent, []).append(row)
            for parent, under in parts.items():
                yield from self._of(rows, parent, under, named.get(parent, []))

    def _of(self, rows: PublishedRows, parent: str, parts: list[int], own: list[int]) -> Iterator[CheckedFigure]:
        if len(own) > 1:
            raise InvalidQuery(f"The parent {parent!r} has several rows. Say in within= what tells them apart.")
        figures = {row: figure for row in parts if (figure := rows.figure(row, self.of)) is not None}
        lacking = [say(rows.lang, "whole", self.of, rows.text(row, self.name)) for row in parts if row not in figures]
        found = compared(
            rows,
            own[0] if own else parts[0],
            kind="parts",
            formula=say(rows.lang, "rows", parent),
            working=" + ".join(map(bare, figures.values())),
            published=self.of if own else None,
            computed=None if lacking else reduce(add, (figure.bounds for figure in figures.values())),
            cells=frozenset((part, self.of) for part in figures),
            lacking=lacking,
            shape=next(iter(figures.values()), PERCENT),
            balance=True,
        )
        if own:
            yield from found
        else:
            group = [rows.text(parts[0], column) for column in self.within]
            yield from (attrs.evolve(figure, where=" ".join([*group, parent])) for figure in found)


@attrs.frozen(kw_only=True)
class SameCheck(FigureCheck):
    """One figure printed in several places, or in several units: each is held against the one printed most finely.

    Attributes:
        of: The column.
        within: The columns that say that rows speak of the same thing, such as the year.
    """

    of: str
    within: tuple[str, ...] = attrs.field(converter=names_in)

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.of, *self.within)

    @property
    def names(self) -> tuple[str, ...]:
        return self.within

    def found_in(self, rows: PublishedRows) -> Iterator[CheckedFigure]:
        for group in rows.groups(self.within).values():
            figures = {row: figure for row in group if (figure := rows.figure(row, self.of)) is not None}
            if len(figures) < 2:
                continue
            finest = min(figures, key=lambda row: figures[row].reach * figures[row].factor)
            for row in figures:
                if row != finest:
                    yield from compared(
                        rows,
                        row,
                        kind="same",
                        formula=say(rows.lang, "in", self.of, rows.where(finest)),
                        working=str(figures[finest]),
                        published=self.of,
                        computed=figures[finest].bounds,
                        cells=frozenset({(finest, self.of)}),
                    )
