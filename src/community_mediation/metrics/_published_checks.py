"""What may be checked in a published table: each check says which figure follows from which."""

from __future__ import annotations

import abc
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

import attrs

from community_mediation.metrics._checked_table import CheckedFigure
from community_mediation.metrics._printed import Bounds, Printed
from community_mediation.metrics._published_rows import (
    Cell,
    PublishedRows,
    Side,
    columns_in,
    names_in,
    written,
)
from community_mediation.metrics._published_words import say
from community_mediation.metrics._rounding import Fit

PERCENT: Final = Printed.parse("0.00 %")


class FigureCheck(abc.ABC):
    """Says which printed figure follows from which others. Write your own by giving ``columns`` and ``found_in``."""

    @property
    @abc.abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The columns that the table must have."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that hold names and years, and no figures to check."""
        return ()

    @abc.abstractmethod
    def found_in(self, rows: PublishedRows) -> Iterator[CheckedFigure]:
        """Every figure of the table that this check is about."""


def compared(
    rows: PublishedRows,
    row: int,
    *,
    kind: str,
    formula: str,
    working: str,
    published: str | None,
    computed: Bounds | None,
    cells: frozenset[Cell],
    lacking: Sequence[str] = (),
    shape: Printed = PERCENT,
    balance: bool = False,
    note: str = "",
) -> Iterator[CheckedFigure]:
    """The figure of one row; none if nothing is printed and nothing can be computed."""
    suffixes = {figure.suffix for cell in cells if (figure := rows.figure(*cell)) is not None}
    if len(suffixes) == 1:
        # All in 10,000s: the numbers are told in them, and the result says the unit.
        working = working.replace(suffixes.pop() or " %", "")
    printed = None if published is None else rows.figure(row, published)
    if printed is not None and shape.percent and not balance:
        printed = printed.as_percent()
    if printed is not None and published is not None:
        cells |= {(row, published)}
    text = published is not None and bool(rows.text(row, published))
    reason = note
    if published is not None and published not in rows.rows[row]:
        # A long table has a row for what was printed, and none for what was not: it is another table's figure.
        return
    if computed is None:
        if not text:
            return
        how, cells = Fit.NOT_CHECKED, cells & {(row, published)}
        reason = say(rows.lang, "lacking", ", ".join(lacking)) if lacking else say(rows.lang, "zero")
    elif printed is None:
        how, shape = Fit.NOT_CHECKED if text else Fit.NOT_PRINTED, carried(shape, computed)
        reason = say(rows.lang, "unread", published) if text else note
    else:
        how = printed.fit(computed)
        if balance:
            how = _balance(how, printed, computed)
    yield CheckedFigure(
        kind=kind,
        where=rows.where(row),
        what=formula if published is None else f"{published} = {formula}",
        working=working,
        printed=printed,
        computed=computed,
        shape=printed or shape,
        how=how,
        reason=reason,
        lang=rows.lang,
        cells=cells,
    )


def carried(shape: Printed, computed: Bounds) -> Printed:
    """The shape with no more decimals than figures that were rounded can carry."""
    places = shape.places
    while places and not computed.exact and shape.in_unit(computed.low, places) != shape.in_unit(computed.high, places):
        places -= 1
    return attrs.evolve(shape, places=places)


def _balance(how: Fit, printed: Printed, computed: Bounds) -> Fit:
    if how is Fit.NO_FIT:
        return Fit.DOES_NOT_BALANCE
    return Fit.BALANCES if printed.fit(Bounds.at(computed.shown)) is Fit.HALF_UP else how


@attrs.frozen(kw_only=True)
class RateCheck(FigureCheck):
    """A percentage within a row: ``RateCheck(of="settled", over="filed", published="settlement_rate")``.

    Attributes:
        of: The column, or the columns added up, above the line; one with ``-`` before its name is taken away.
        over: The same below the line: ``over=("filed", "-pending")``.
        published: The column with the percentage; ``None`` to compute one that nobody printed.
        per: What the rate is counted per: 100 for per cent, 1 for a share such as 0.77, 10,000 for a rate per 10,000
            inhabitants.
    """

    of: tuple[str, ...] = attrs.field(converter=names_in)
    over: tuple[str, ...] = attrs.field(converter=names_in)
    published: str | None = None
    per: int = 100

    @property
    def columns(self) -> tuple[str, ...]:
        return (*columns_in(self.of), *columns_in(self.over), *names_in(self.published or ()))

    def found_in(self, rows: PublishedRows) -> Iterator[CheckedFigure]:
        for row in range(len(rows.rows)):
            top, bottom = Side.of(rows, row, self.of), Side.of(rows, row, self.over)
            there = top.value is not None and bottom.value is not None
            yield from compared(
                rows,
                row,
                kind="rate",
                formula=f"{written(self.of)} / {written(self.over)}",
                working=f"{top.working} / {bottom.working}" if there else "",
                published=self.published,
                computed=percent_of(top.value, bottom.value, self.per),
                cells=top.cells | bottom.cells,
                lacking=(*top.lacking, *bottom.lacking),
                shape=PERCENT if self.per == 100 else attrs.evolve(PERCENT, unit="", places=3 if self.per == 1 else 2),
            )


def percent_of(top: Bounds | None, bottom: Bounds | None, per: int = 100) -> Bounds | None:
    """What per cent the one is of the other; none if one is not there, or the other may be nothing."""
    found = None if top is None or bottom is None else top.over(bottom)
    return None if found is None else Bounds.at(per) * found


@attrs.frozen(kw_only=True)
class SumCheck(FigureCheck):
    """Columns of a row that add up to another: ``SumCheck(parts=("settled", "dismissed"), total="disposed")``.

    Attributes:
        parts: The columns; one with ``-`` before its name is taken away.
        total: The column with their sum; ``None`` to compute one that nobody printed.
    """

    parts: tuple[str, ...] = attrs.field(converter=names_in)
    total: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (*columns_in(self.parts), *names_in(self.total or ()))

    def found_in(self, rows: PublishedRows) -> Iterator[CheckedFigure]:
        for row in range(len(rows.rows)):
            parts = Side.of(rows, row, self.parts)
            if not parts.cells:
                # The total of another table, which has other parts or none.
                continue
            first = rows.figure(row, columns_in(self.parts)[0])
            yield from compared(
                rows,
                row,
                kind="sum",
                formula=written(self.parts, brackets=False),
                working=parts.working.removeprefix("(").removesuffix(")"),
                published=self.total,
                computed=parts.value,
                cells=parts.cells,
                lacking=parts.lacking,
                shape=first or PERCENT,
                balance=True,
            )


@attrs.frozen(kw_only=True)
class ProductCheck(FigureCheck):
    """A figure that is another times a number: savings of 9,500 for each case settled.

    Attributes:
        of: The column, or the columns added up.
        times: What each counts for.
        published: The column with the product; ``None`` to compute one that nobody printed.
    """

    of: tuple[str, ...] = attrs.field(converter=names_in)
    times: int | Fraction
    published: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (*columns_in(self.of), *names_in(self.published or ()))

    def found_in(self, rows: PublishedRows) -> Iterator[CheckedFigure]:
        for row in range(len(rows.rows)):
            side, times = Side.of(rows, row, self.of), f"{self.times:,}" if isinstance(self.times, int) else self.times
            yield from compared(
                rows,
                row,
                kind="product",
                formula=f"{written(self.of)} x {times}",
                working=f"{side.working} x {times}" if side.value is not None else "",
                published=self.published,
                computed=None if side.value is None else side.value * Bounds.at(self.times),
                cells=side.cells,
                lacking=side.lacking,
                shape=Printed.parse("0"),
                balance=True,
            )
