"""Figures as others printed them: digits, the unit they are counted in, and how far their rounding reaches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final, Self

import attrs

from community_mediation.errors import InvalidValue
from community_mediation.metrics._rounding import Fit, half_up, how_printed

_DIGITS: Final = re.compile(
    r"(?P<sign>[+\-−]?)(?P<whole>\d{1,3}(?:[, \u00a0\u202f]\d{3})+|\d{1,15})(?:\.(?P<decimals>\d{1,9}))?", re.ASCII
)
_ZH: Final = {"万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3}
_EN: Final = {
    "trillion": 10**12, "billion": 10**9, "crore": 10**7, "million": 10**6, "lakh": 10**5, "thousand": 10**3,
}  # fmt: skip
_UNIT: Final = re.compile(rf"(?P<number>1(?:0|,000)+(?!\d))?\s*(?P<word>{'|'.join([*_ZH, *_EN])})?", re.IGNORECASE)
_ABOUT: Final = re.compile(r"rounded|approx|about|more than|at least|约|余|多", re.IGNORECASE)
_PERCENT: Final = re.compile(r"%|％|per ?cent|百分", re.IGNORECASE)


@attrs.frozen
class Bounds:
    """The values that printed figures may stand for: the one that they show, and how far rounding may have moved it."""

    low: Fraction
    shown: Fraction
    high: Fraction

    @classmethod
    def at(cls, value: Fraction | int) -> Self:
        """A value that was not rounded."""
        exact = value if isinstance(value, Fraction) else Fraction(value)
        return cls(exact, exact, exact)

    @property
    def exact(self) -> bool:
        """Nothing was rounded."""
        return self.low is self.high or self.low == self.high

    def __add__(self, other: Bounds) -> Bounds:
        if self.exact and other.exact:
            return Bounds.at(self.shown + other.shown)
        return Bounds(self.low + other.low, self.shown + other.shown, self.high + other.high)

    def __neg__(self) -> Bounds:
        return Bounds(-self.high, -self.shown, -self.low)

    def __sub__(self, other: Bounds) -> Bounds:
        return self + -other

    def __mul__(self, other: Bounds) -> Bounds:
        if self.exact and other.exact:
            return Bounds.at(self.shown * other.shown)
        corners = [one * two for one in (self.low, self.high) for two in (other.low, other.high)]
        return Bounds(min(corners), self.shown * other.shown, max(corners))

    def over(self, other: Bounds) -> Bounds | None:
        """The quotient; none where the divisor may be nothing."""
        if other.low <= 0:
            return None
        if self.exact and other.exact:
            return Bounds.at(self.shown / other.shown)
        return self * Bounds(1 / other.high, 1 / other.shown, 1 / other.low)


@attrs.frozen
class Printed:
    """A figure as it was printed.

    ``Printed.parse("19.2", "万件")`` is 192,000, give or take 500: what was printed says no more.

    Attributes:
        units: The digits as a whole number, in units of the last printed place.
        places: The decimals that were printed.
        factor: What one of the unit is: 10,000 for 万件, 1 for cases and for per cent.
        unit: The unit, in words.
        reach: How far the true value may lie from the printed one, in the figure's own unit; nothing for a full count.
    """

    units: int
    places: int
    factor: int
    unit: str
    reach: Fraction

    @classmethod
    def parse(cls, text: object, unit: str = "", *, places: int | None = None) -> Self:
        """Read a printed figure.

        A count in single units is taken as exact. A percentage, a figure in thousands, 万 or millions, one with
        decimals and one said to be rounded are exact to half of their last printed place.

        Args:
            text: The digits, such as ``8,451``, ``76.92 %`` or ``-3.4``, alone or with the unit behind them.
            unit: The unit, if it stands elsewhere: ``万件``, ``10000 cases``, ``100 million yuan``, ``percent``.
            places: The decimals that were printed, where a spreadsheet dropped zeros at the end: 5.5 for 5.50.

        Raises:
            InvalidValue: There are no digits, or a comma may be a decimal comma.
        """
        written = str(text).strip()
        match = _DIGITS.match(written)
        behind = written[match.end() :].strip() if match else ""
        if match is None or behind[:1] in tuple(",.;:-/0123456789"):
            raise InvalidValue(
                "not a printed figure",
                remedy="Figures look like 8,451 or 76.92 %, with a point before the decimals. Mend the cell.",
            )
        unit = " ".join(filter(None, (behind, unit.strip())))
        decimals = match["decimals"] or ""
        if places is not None and places > len(decimals):
            decimals = decimals.ljust(places, "0")
        units = int(re.sub(r"\D", "", match["whole"]) + decimals)
        factor, zeros = _factor(unit), 1
        if _ABOUT.search(unit) and not decimals and units:
            zeros = 10 ** (len(str(units)) - len(str(units).rstrip("0")))
        counted = factor == 1 and zeros == 1 and not decimals and not _PERCENT.search(unit)
        reach = Fraction(0) if counted else Fraction(zeros, 2 * 10 ** len(decimals))
        return cls(-units if match["sign"] in ("-", "−") and units else units, len(decimals), factor, unit, reach)

    @property
    def value(self) -> Fraction:
        """The printed value, in the figure's own unit: 19.2 for 19.2 万件."""
        return Fraction(self.units, 10**self.places)

    @property
    def percent(self) -> bool:
        """Whether it is a percentage."""
        return bool(_PERCENT.search(self.unit))

    def as_percent(self) -> Printed:
        """The same digits as a percentage, where the table leaves the sign to its heading."""
        if self.percent or self.factor != 1:
            return self
        return attrs.evolve(self, unit="%", reach=Fraction(1, 2 * 10**self.places))

    @property
    def bounds(self) -> Bounds:
        """The values that it may stand for, in single units: cases, persons, percentage points."""
        value = self.factor * self.value
        if not self.reach:
            return Bounds.at(value)
        reach = self.factor * self.reach
        return Bounds(value - reach, value, value + reach)

    def fit(self, found: Bounds) -> Fit:
        """How it stands to what was recomputed for it, in single units."""
        low, shown, high = (value / self.factor * 10**self.places for value in (found.low, found.shown, found.high))
        if self.reach > Fraction(1, 10**self.places):
            # Said to be rounded, to zeros before the point: 4,300,000,000.
            zeros = int(2 * self.reach * 10**self.places)
            return attrs.evolve(self, units=self.units // zeros, places=0, factor=self.factor * zeros,
                                reach=Fraction(1, 2)).fit(found)  # fmt: skip
        if found.exact:
            return how_printed(shown, self.units)
        ways = {how_printed(value, self.units) for value in (low, shown, high)}
        if len(ways) == 1 and Fit.NO_FIT not in ways:
            return ways.pop()
        reach = self.reach * 10**self.places
        if not reach:
            return Fit.WITHIN_ROUNDING if low <= self.units <= high else Fit.NO_FIT
        # Ranges that only touch have no value in common: 96.35 prints as 96.4, and never as 96.3.
        return Fit.WITHIN_ROUNDING if low - reach < self.units < high + reach else Fit.NO_FIT

    def in_unit(self, value: Fraction, places: int | None = None) -> str:
        """A value in single units as this figure would print it, half-up."""
        return f"{_grouped(half_up(value / self.factor, self.places if places is None else places))}{self.suffix}"

    @property
    def suffix(self) -> str:
        """The unit as it stands behind the digits; nothing for single units."""
        if self.percent or self.factor == 1:
            return " %" if self.percent else ""
        return f" ×{self.factor:,}" if self.unit[:1].isdigit() else f" {self.unit}"

    def __str__(self) -> str:
        digits = f"{abs(self.units):0{self.places + 1}d}"
        whole, decimals = digits[: len(digits) - self.places], digits[len(digits) - self.places :]
        sign = "-" if self.units < 0 else ""
        return f"{sign}{int(whole):,}{'.' if decimals else ''}{decimals}{self.suffix}"


def _factor(unit: str) -> int:
    if _PERCENT.search(unit):
        return 1
    match = _UNIT.match(unit)
    assert match is not None
    word = (match["word"] or "").lower()
    number = int(match["number"].replace(",", "")) if match["number"] else 1
    return number * (_ZH | _EN).get(word, 1)


def _grouped(text: str) -> str:
    whole, point, decimals = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{decimals}"


def spread(
    rows: Any,
    *,
    by: str | Sequence[str],
    name: str | Sequence[str],
    value: str = "value",
    unit: str | None = "unit",
) -> tuple[dict[str, Any], ...]:
    """A long table, one figure in a row, as a wide one: one row for each *by*, one column for each *name*.

    ``check_table`` takes wide tables. Each figure keeps its own unit.

    Args:
        rows: The long table: rows, a frame, or the path of a CSV file.
        by: The columns that say whose figures they are, such as place and period.
        name: The column with the name of the figure; of several, the names are joined: ``settled: total``.
        value: The column with the printed figure.
        unit: The column with its unit; ``None`` if there is none.

    Raises:
        InvalidQuery: A column is missing.
        InvalidValue: One figure stands twice; name another column in *by* that tells the two apart.
    """
    from community_mediation.metrics._published_rows import names_in, needs, rows_in

    keys, names = names_in(by), names_in(name)
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    table = rows_in(rows)
    needs(table, (*keys, *names, value, *((unit,) if unit else ())))
    for row in table:
        key = tuple(str(row[column]) for column in keys)
        wide = found.setdefault(key, dict(zip(keys, key, strict=True)))
        column = ": ".join(str(row[part]) for part in names)
        if column in wide:
            raise InvalidValue(
                f"{column!r} stands twice for the same {', '.join(keys)}",
                remedy="Name another column in by= that tells the two apart, such as the source.",
            )
        try:
            wide[column] = Printed.parse(row[value], str(row[unit] or "") if unit else "")
        except InvalidValue:
            wide[column] = row[value]
    return tuple(found.values())
