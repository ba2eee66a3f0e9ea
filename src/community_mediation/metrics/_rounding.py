"""Rounding as people check it by hand, and the comparison with what somebody printed."""

from __future__ import annotations

import enum
import re
from fractions import Fraction

import attrs

from community_mediation.errors import InvalidValue


def half_up(value: Fraction | int | float, places: int) -> str:
    """*value* with *places* decimals, halves away from zero: 0.125 prints 0.13, where banker's rounding prints 0.12."""
    exact = Fraction(value)
    whole, places_text = divmod((abs(exact) * 10**places + Fraction(1, 2)).__floor__(), 10**places)
    sign = "-" if exact < 0 and (whole or places_text) else ""
    return f"{sign}{whole}.{places_text:0{places}d}" if places else f"{sign}{whole}"


def percent(numerator: int, denominator: int, places: int = 1) -> str:
    """A share as a percentage, rounded half-up at the last printed place."""
    if denominator <= 0:
        raise InvalidValue("a percentage of nothing")
    return half_up(Fraction(100 * numerator, denominator), places)


class Fit(enum.StrEnum):
    """How a printed figure stands to what is recomputed for it."""

    HALF_UP = "half-up"
    TRUNCATED = "truncated"
    ROUNDED_UP = "rounded up"
    BALANCES = "balances"
    WITHIN_ROUNDING = "within rounding"
    NO_FIT = "no fit"
    DOES_NOT_BALANCE = "does not balance"
    NOT_PRINTED = "not printed"
    REDEFINED = "definition changes"
    NOT_CHECKED = "cannot be checked"

    @property
    def agrees(self) -> bool:
        """The printed figure is the recomputed one, rounded in some way."""
        return self in (Fit.HALF_UP, Fit.TRUNCATED, Fit.ROUNDED_UP, Fit.BALANCES, Fit.WITHIN_ROUNDING)

    @property
    def disagrees(self) -> bool:
        """The printed figure is another one."""
        return self in (Fit.NO_FIT, Fit.DOES_NOT_BALANCE)


def how_printed(value: Fraction, units: int) -> Fit:
    """How *value* became the whole number *units*; both in units of the last printed place.

    Halves go away from zero, and what is cut is cut towards zero, for a fall as for a rise.
    """
    exact, units = (value, units) if value >= 0 else (-value, -units)
    if units == (exact + Fraction(1, 2)).__floor__():
        return Fit.HALF_UP
    if units == exact.__floor__():
        return Fit.TRUNCATED
    return Fit.ROUNDED_UP if units == exact.__ceil__() else Fit.NO_FIT


@attrs.frozen(kw_only=True)
class PublishedCheck:
    """Whether a printed percentage fits its counts, and how it was rounded.

    Attributes:
        fits: It lies less than one unit of its last place from the exact value.
        how: ``half-up``, ``truncated``, ``rounded up`` or ``no fit``.
    """

    numerator: int
    denominator: int
    published: str
    fits: bool
    how: Fit

    def __str__(self) -> str:
        places = len(self.published.partition(".")[2])
        own = percent(self.numerator, self.denominator, places)
        return f"{self.numerator:,}/{self.denominator:,} = {own} % half-up; published {self.published} %: {self.how}"


def check_published(numerator: int, denominator: int, published: str) -> PublishedCheck:
    """Compare a printed percentage with its counts, one unit in the last printed place allowed.

    Raises:
        InvalidValue: The text is no percentage, or the denominator is nothing.
    """
    units, places = _units(published)
    if denominator <= 0:
        raise InvalidValue("a percentage of nothing")
    how = how_printed(Fraction(100 * numerator, denominator) * 10**places, units)
    return PublishedCheck(
        numerator=numerator, denominator=denominator, published=_clean(published), fits=how.agrees, how=how
    )


def fitting(count: int, published: str) -> tuple[PublishedCheck, ...]:
    """Every pair of counts that prints the percentage half-up, with *count* above or below the line.

    A count beside a percentage does not say which of the two it is: 182 at 98.9 % fits 182/184 and 180/182.

    Raises:
        InvalidValue: The text is no percentage above 0, or the count is nothing.
    """
    units, places = _units(published)
    if count <= 0 or not 0 < units <= 100 * 10**places:
        raise InvalidValue("a count and a percentage above 0 are needed")
    above = Fraction(100 * count * 10**places)
    fewest, most = (above / (units + Fraction(1, 2))).__floor__(), (above / (units - Fraction(1, 2))).__ceil__()
    pairs = [(count, denominator) for denominator in range(max(count, fewest), most + 1)]
    low, high = count * (units - 1) // (100 * 10**places), count * (units + 1) // (100 * 10**places) + 1
    pairs += [(numerator, count) for numerator in range(max(0, low), min(count, high) + 1)]
    checks = (check_published(*pair, published) for pair in dict.fromkeys(pairs))
    return tuple(check for check in checks if check.how is Fit.HALF_UP)


def _clean(text: str) -> str:
    return text.strip().removesuffix("%").rstrip()


def _units(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,6})(?:\.(\d{1,12}))?", _clean(text), re.ASCII)
    if match is None:
        raise InvalidValue("not a printed percentage", remedy="Percentages look like 76.92.")
    places = len(match[2] or "")
    return int(match[1] + (match[2] or "")), places
