"""The ladder of denominators as one object: who stands on each rung, and how many of them agreed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from community_mediation.domain.values import Period, When
from community_mediation.errors import InvalidQuery
from community_mediation.metrics._agreement import FULLY, by_rung
from community_mediation.metrics._asking import Answer, asked, language, period_of, reading_of
from community_mediation.metrics._conditions import LADDER, Reading
from community_mediation.metrics._definitions import Proportion
from community_mediation.metrics._figures import ProportionFigure
from community_mediation.metrics._shown import Shown, Watched
from community_mediation.metrics._signatures import Group
from community_mediation.ports import Label

if TYPE_CHECKING:
    import altair

    from community_mediation.metrics._sheet import Sheet

BOTH: Final = "both"

IN_FULL: Final = {
    name: attrs.evolve(
        metric,
        name=f"full_{metric.name}",
        label=Label(f"Full {metric.label.en[0].lower()}{metric.label.en[1:]}", f"全部达成协议率（{metric.label.zh}）"),
        numerator=FULLY,
        numerator_label=Label("cases with a full agreement", "全部达成调解协议的案件"),
    )
    for name, metric in by_rung.items()
}
"""Agreement in full alone, over each rung."""


@attrs.frozen(kw_only=True)
class Standing:
    """One rung, of one group.

    Attributes:
        rung: Its name.
        group: The values of the ``by`` columns; empty for the total.
        total: Whether it is the total over all groups.
        reading: How settlements on the spot are read.
        agreement: Agreement in full or in part over the rung, with all that was left out.
        full: Agreement in full alone.
    """

    rung: str
    group: Group
    total: bool
    reading: Reading
    agreement: ProportionFigure
    full: ProportionFigure

    @property
    def cases(self) -> int:
        """How many are known to stand on it, decided or not."""
        figure = self.agreement
        return figure.numerator + figure.other + figure.open + figure.unknown_outcome

    @property
    def unknown(self) -> int:
        """Of how many it is not known whether they do."""
        return self.agreement.unknown_place

    @property
    def below(self) -> int:
        """How many are known not to."""
        return self.agreement.outside + self.agreement.elsewhere

    @property
    def in_part(self) -> int | None:
        """How many agreed in part only; none where the rate has no value."""
        return None if self.agreement.reason or self.full.reason else self.agreement.numerator - self.full.numerator


@attrs.frozen(kw_only=True)
class Reach:
    """Uptake times agreement is effective reach, in whole cases: of all that were reported, how many agreed in it.

    Open cases, and those whose outcome is not known, are in every denominator and have not agreed (yet): otherwise
    the product of the two shares would not be the third. Cases of which it is not known whether they stand on the rung
    are in none.

    Attributes:
        rung: The rung that is taken up, such as ``begun``.
        reported: The cases reported of which it is known.
        taken_up: Those on the rung.
        agreed: Those of them that agreed, in full or in part.
        undecided: Those on the rung that are open, or whose outcome is not known.
        elsewhere: Cases that agreed without standing on it: not in the reach.
        unknown: Cases of which it is not known whether they stand on it: left out.
    """

    rung: str
    reported: int
    taken_up: int
    agreed: int
    undecided: int
    elsewhere: int
    unknown: int

    @classmethod
    def of(cls, standing: Standing) -> Reach:
        """From the figure of a rung."""
        figure = standing.agreement
        return cls(
            rung=standing.rung,
            reported=standing.cases + standing.below,
            taken_up=standing.cases,
            agreed=figure.numerator,
            undecided=figure.open + figure.unknown_outcome,
            elsewhere=figure.outside,
            unknown=standing.unknown,
        )

    @property
    def uptake(self) -> Fraction | None:
        """The share that is taken up."""
        return Fraction(self.taken_up, self.reported) if self.reported else None

    @property
    def agreement(self) -> Fraction | None:
        """The share of those that agreed so far."""
        return Fraction(self.agreed, self.taken_up) if self.taken_up else None

    @property
    def value(self) -> Fraction | None:
        """The share of all reported that agreed so far: the product of the two."""
        return Fraction(self.agreed, self.reported) if self.reported else None


@attrs.frozen(kw_only=True)
class Ladder(Watched, Shown):
    """The rungs of each group, from the widest denominator to the narrowest.

    ``print`` it, show it in a notebook, or pass it on with ``to_json`` and ``to_frame``.

    Attributes:
        rungs: By reading, group and rung; the total stands last.
        by: The columns that it is broken down by.
        period: The period in which the cases were reported.
        lang: The language of printing.
        kind: ``polars`` or ``pandas``: what ``to_frame`` gives.
        watched_through: The last day that was watched to its end, where the source is a casebook.
    """

    rungs: tuple[Standing, ...] = attrs.field(repr=False)
    by: tuple[str, ...]
    period: Period | None
    lang: str = "en"
    kind: str = "polars"
    watched_through: dt.date | None = None

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings of on-the-spot settlements that were asked for."""
        return tuple(dict.fromkeys(each.reading for each in self.rungs))

    @property
    def total(self) -> tuple[Standing, ...]:
        """The rungs over all groups."""
        return tuple(each for each in self.rungs if each.total)

    def __getitem__(self, name: str) -> Standing:
        """The rung of that name, of the total and in the first reading.

        Raises:
            KeyError: No such rung.
        """
        for each in self.total:
            if each.rung == name:
                return each
        raise KeyError(name)

    def reach(self, rung: str = "begun", *, group: Group = (), reading: str | None = None) -> Reach:
        """Uptake, agreement and effective reach through a rung.

        Raises:
            InvalidQuery: No such rung or group, or a reading that was not asked for.
        """
        wanted = self.readings[0] if reading is None else reading_of(reading)
        for each in self.rungs:
            if (each.rung, each.group, each.reading) == (rung, group, wanted):
                return Reach.of(each)
        raise InvalidQuery("The ladder has no such rung, group or reading.")

    def _sheet(self) -> Sheet:
        from community_mediation.metrics._ladder_shown import sheet

        return sheet(self)

    def explain(self) -> str:
        """What stands on each rung, what was counted over it and what was left out: a sentence for each reading."""
        from community_mediation.metrics._ladder_shown import explained

        return explained(self)

    def to_frame(self) -> Any:
        """One row for each rung of each group."""
        from community_mediation.metrics._ladder_shown import to_frame

        return to_frame(self)

    def to_json(self) -> str:
        """The ladder as JSON, the same text for the same input."""
        from community_mediation.metrics._ladder_shown import to_json

        return to_json(self)

    def plot(self) -> altair.LayerChart | altair.FacetChart:
        """The cases on each rung as a bar, and how many of them agreed, as an Altair chart.

        Raises:
            MissingExtra: The packages of the extra ``charts`` are not installed.
            InvalidQuery: There is no case.
        """
        from community_mediation.metrics._ladder_plot import plot

        return plot(self)


def ladder(
    source: Any,
    *,
    by: str | Sequence[str] = (),
    period: Period | str | None = None,
    on_the_spot: str = "implied",
    interval: str = "wilson",
    valid_at: When | dt.datetime | None = None,
    known_at: int | dt.datetime | None = None,
    lang: str = "en",
) -> Ladder:
    """Climb the ladder of denominators: reported, accepted, agreed to mediate, begun, joint session held.

    On each rung: how many cases stand on it, of how many that is unknown, and the agreement rate over it, in full or in
    part and in full alone. The rates are those of ``agreement_of_reported`` to ``agreement_of_joint_session``.

    Args:
        source: As for ``table``: a casebook, or frames.
        by: Columns to break down by; the total is always added.
        period: Only cases reported in it.
        on_the_spot: ``implied`` or ``as_recorded``: whether a settlement on the spot stands on all rungs; or ``both``.
        interval, valid_at, known_at, lang: As for ``table``.

    Raises:
        InvalidQuery: An unknown column or reading, a frame that cannot be counted, a bad argument.
        MissingExtra: The packages of the extra ``metrics`` are not installed.
    """
    language(lang)
    when = period_of(period)
    readings = tuple(Reading) if on_the_spot == BOTH else (reading_of(on_the_spot),)
    answer = asked(
        source,
        [*by_rung.values(), *IN_FULL.values()],
        by,
        [(when, reading) for reading in readings],
        interval=interval,
        valid_at=valid_at,
        known_at=known_at,
    )
    groups = [*answer.groups, ()]
    rungs = [
        Standing(
            rung=name,
            group=group,
            total=group == (),
            reading=reading,
            agreement=_share(answer, by_rung[name], group, index),
            full=_share(answer, IN_FULL[name], group, index),
        )
        for index, reading in enumerate(readings)
        for group in groups
        for name in LADDER
    ]
    return Ladder(
        rungs=tuple(rungs),
        by=answer.by,
        period=when,
        lang=lang,
        kind=answer.kind,
        watched_through=answer.watch.finished,
    )


def _share(answer: Answer, metric: Proportion, group: Group, index: int) -> ProportionFigure:
    found = answer.figure(metric, group, index)
    assert isinstance(found, ProportionFigure)
    return found
