"""How evenly the load is shared: the part of the busiest tenth, and the index of Hirschman and Herfindahl.

Source: A. O. Hirschman, American Economic Review 54 (1964) 761-762 (who invented the index). What it would be by chance
alone follows from the multinomial law.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import attrs

from community_mediation.domain.values import Period, When
from community_mediation.errors import InvalidQuery
from community_mediation.metrics._asking import asked, language, period_of
from community_mediation.metrics._catalogue import chosen
from community_mediation.metrics._conditions import Reading
from community_mediation.metrics._definitions import Count
from community_mediation.metrics._explain import ended, named, rows_word, when_of
from community_mediation.metrics._export import framed, group_columns
from community_mediation.metrics._figures import CountFigure
from community_mediation.metrics._funnel import of_persons
from community_mediation.metrics._lines import basis_word
from community_mediation.metrics._rounding import half_up
from community_mediation.metrics._sheet import Sheet
from community_mediation.metrics._shown import Shown, Watched
from community_mediation.metrics._signatures import Group
from community_mediation.metrics._text import unfinished_line
from community_mediation.metrics._words import joined, say, word

if TYPE_CHECKING:
    import altair


@attrs.frozen(kw_only=True)
class Concentration(Watched, Shown):
    """How many each unit has, and how evenly.

    Attributes:
        total: What was counted over all units and none.
        counts: By unit, how many; in order of name. Units that have none in the period are not among them.
        idle: How many units are in the source, and have none in the period.
        nowhere: How many are of no unit: left out of every share.
        confidential: Whether the units are persons: then it is not for a public report.
        by, period, lang, kind: As in a ``ResultTable``.
        watched_through: The last day that was watched to its end, where the source is a casebook.
    """

    total: CountFigure = attrs.field(repr=False)
    counts: tuple[tuple[Group, int], ...] = attrs.field(repr=False)
    idle: int
    nowhere: int
    confidential: bool
    by: tuple[str, ...]
    period: Period | None
    lang: str = "en"
    kind: str = "polars"
    watched_through: dt.date | None = None

    @property
    def units(self) -> int:
        """How many units have at least one."""
        return len(self.counts)

    @property
    def cases(self) -> int:
        """How many they have together."""
        return sum(count for _, count in self.counts)

    def busiest(self, part: Fraction | float = Fraction(1, 10)) -> tuple[int, Fraction]:
        """How many units the busiest part is, at least one, and their share of all.

        Raises:
            InvalidQuery: No part between 0 and 1.
        """
        if not 0 < part <= 1:
            raise InvalidQuery("The busiest part of units lies between 0 and 1; a tenth is 0.1.")
        exact = Fraction(str(part)) if isinstance(part, float) else Fraction(part)
        units = -(-self.units * exact.numerator // exact.denominator)
        most = sorted((count for _, count in self.counts), reverse=True)[:units]
        return units, Fraction(sum(most), self.cases)

    @property
    def index(self) -> Fraction:
        """The sum of the squared shares: 1 where one unit has all, 1 by the number of units where all have as many."""
        return sum((Fraction(count, self.cases) ** 2 for _, count in self.counts), Fraction(0))

    @property
    def by_chance(self) -> Fraction:
        """The index to be expected where each case falls to any of the units alike, by chance."""
        return Fraction(1, self.units) + (1 - Fraction(1, self.units)) / self.cases

    @property
    def effective(self) -> Fraction:
        """How many units with equal loads give the same index."""
        return 1 / self.index

    def _sheet(self) -> Sheet:
        lang = self.lang
        units, share = self.busiest()
        period = word("whole period", lang) if self.period is None else f"{word('period', lang)} {self.period}"
        rows = [
            (word("units with at least one", lang), f"{self.units:,}"),
            (self.total.metric.what.text(lang), f"{self.cases:,}"),
            (say("share of the busiest tenth ({} units)", lang, units), f"{half_up(100 * share, 1)} %"),
            (word("index of concentration (Herfindahl)", lang), half_up(self.index, 4)),
            (word("index to be expected by chance alone", lang), half_up(self.by_chance, 4)),
            (word("effective number of units", lang), half_up(self.effective, 1)),
        ]
        said = [say("units that have none in the period, in no share: {}", lang, self.idle)] if self.idle else []
        said += [say("of no unit, in no share: {}", lang, f"{self.nowhere:,}")] if self.nowhere else []
        said += [word("It shows persons: not for a public report", lang)] if self.confidential else []
        said += unfinished_line(self)
        caption = (
            f"{word('Concentration', lang)}: {self.total.metric.label.text(lang)}, {' / '.join(self.by)}, {period}"
        )
        headings = (word("figure", lang), word("value", lang))
        return Sheet(caption=caption, headings=headings, rows=rows, left={0}, said=said, lang=lang)

    def explain(self) -> str:
        """One sentence."""
        lang, metric, (units, share) = self.lang, self.total.metric, self.busiest()
        told = say(
            "{}, {} {} ({}), by {}: the busiest {} of {} units that have any have {} % of {}; the sum of squared "
            "shares is {}, and by chance alone would be {}",
            lang,
            named(metric, lang),
            rows_word(metric, lang),
            when_of(self.period, lang),
            basis_word(metric, lang),
            joined(self.by, " and ", lang),
            units,
            f"{self.units:,}",
            half_up(100 * share, 1),
            f"{self.cases:,}",
            half_up(self.index, 4),
            half_up(self.by_chance, 4),
        )
        left = [say("{} of no unit left out", lang, f"{self.nowhere:,}")] if self.nowhere else []
        return ended([told, *unfinished_line(self), *left], metric, lang)

    def to_frame(self) -> Any:
        """One row for each unit: its count and its share."""
        kinds = {"count": "int", "share": "float"}
        data, first = group_columns(self.by, [group for group, _ in self.counts], kinds)
        data |= {"count": [count for _, count in self.counts]}
        data |= {"share": [count / self.cases for _, count in self.counts]}
        return framed(data, {**first, **kinds}, self.kind)

    def plot(self) -> altair.LayerChart:
        """The share of all that the busiest part of units has, for every part, as an Altair chart.

        Raises:
            MissingExtra: The packages of the extra ``charts`` are not installed.
        """
        from community_mediation.metrics._charts import MARK, MUTED, folded, titled
        from community_mediation.metrics._charts import altair as package

        alt = package()
        most = sorted((count for _, count in self.counts), reverse=True)
        rising = [0, *accumulate(most)]
        values = [{"units": place / self.units, "share": sum_ / self.cases} for place, sum_ in enumerate(rising)]
        axis = alt.Axis(format=".0%")
        x = alt.X("units:Q", title=word("busiest part of units", self.lang), axis=axis)
        y = alt.Y("share:Q", title=word("share of all", self.lang), axis=axis)
        line = alt.Chart(alt.InlineData(values=values)).mark_line(color=MARK, strokeWidth=2, point=True)
        even = alt.Chart(alt.InlineData(values=[{"units": 0, "share": 0}, {"units": 1, "share": 1}]))
        layers = alt.layer(even.mark_line(color=MUTED, strokeDash=[4, 4]).encode(x=x, y=y), line.encode(x=x, y=y))
        sheet = self._sheet()
        told = [*folded("; ".join(": ".join(row) for row in sheet.rows)), *sheet.said]
        return titled(layers.properties(width=360, height=320), sheet.caption, told)  # type: ignore[no-any-return]


def concentration(
    source: Any,
    by: str | Sequence[str] = "mediator",
    metric: str | Count | None = None,
    *,
    period: Period | str | None = None,
    valid_at: When | dt.datetime | None = None,
    known_at: int | dt.datetime | None = None,
    lang: str = "en",
) -> Concentration:
    """How much of the load the busiest units carry.

    Args:
        source: As for ``table``: a casebook, or frames.
        by: The columns that make a unit.
        metric: The count that is shared out; by default ``assignments`` of mediators, each in full for each of them,
            and ``reported`` cases of any other unit.
        period, valid_at, known_at, lang: As for ``table``.

    Raises:
        InvalidQuery: A metric that is no count, or no unit that has any; and as for ``table``.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    language(lang)
    (wanted,) = chosen(["assignments" if by in ("mediator", ["mediator"], ("mediator",)) else "reported"]
                       if metric is None else [metric])  # fmt: skip
    if not isinstance(wanted, Count):
        raise InvalidQuery(f"Metric {wanted.name} is no count, and nothing that units have a share of.")
    when = period_of(period)
    answer = asked(source, [wanted], by, [(when, Reading.IMPLIED)], valid_at=valid_at, known_at=known_at)
    found = {group: answer.figure(wanted, group) for group in answer.groups}
    counts = {group: figure.counted for group, figure in found.items() if isinstance(figure, CountFigure)}
    named = {group: count for group, count in counts.items() if any(value is not None for value in group)}
    total = answer.figure(wanted, ())
    assert isinstance(total, CountFigure)
    if not any(named.values()):
        raise InvalidQuery(f"No unit by {' and '.join(answer.by) or 'no column'} has any: nothing is shared out.")
    return Concentration(
        total=total,
        counts=tuple((group, count) for group, count in named.items() if count),
        idle=sum(1 for count in named.values() if not count),
        nowhere=sum(counts.values()) - sum(named.values()),
        confidential=of_persons(wanted, answer.by),
        by=answer.by,
        period=when,
        lang=lang,
        kind=answer.kind,
        watched_through=answer.watch.finished,
    )
