"""The result of a question: typed rows, and the ways to print and pass them on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import attrs

from community_mediation.domain.values import Period
from community_mediation.metrics._conditions import Reading
from community_mediation.metrics._definitions import Metric
from community_mediation.metrics._figures import Row
from community_mediation.metrics._shown import Watched

if TYPE_CHECKING:
    import altair


@attrs.frozen(kw_only=True)
class ResultTable(Watched):
    """An outcome table.

    ``print`` it, show it in a notebook, or pass it on with ``to_json`` and ``to_frame``.

    Attributes:
        rows: One for each group and metric; the total stands last.
        by: The columns that it is broken down by.
        period: The period asked for.
        on_the_spot: The reading of on-the-spot settlements.
        lang: The language of printing.
        kind: ``polars`` or ``pandas``: what ``to_frame`` gives.
        watched_through: The last day that was watched to its end; none if nobody said.
    """

    rows: tuple[Row, ...] = attrs.field(repr=False)
    by: tuple[str, ...]
    period: Period | None
    on_the_spot: Reading
    lang: str = "en"
    kind: str = "polars"
    watched_through: dt.date | None = None

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics, in order."""
        return tuple({row.metric.name: row.metric for row in self.rows}.values())

    @property
    def total(self) -> tuple[Row, ...]:
        """The rows over all groups."""
        return tuple(row for row in self.rows if row.total)

    def __getitem__(self, name: str) -> Any:
        """The figure of the total for the metric *name*.

        Raises:
            KeyError: The table does not hold it.
        """
        for row in self.rows:
            if row.total and row.metric.name == name:
                return row.figure
        raise KeyError(name)

    def __str__(self) -> str:
        from community_mediation.metrics._text import to_text

        return to_text(self)

    def _repr_html_(self) -> str:
        from community_mediation.metrics._html import to_html

        return to_html(self)

    def to_json(self) -> str:
        """The table as JSON, the same text for the same input."""
        from community_mediation.metrics._export import to_json

        return to_json(self)

    def to_frame(self) -> Any:
        """The table as a frame of the kind that it was made from."""
        from community_mediation.metrics._export import to_frame

        return to_frame(self)

    def explain(self) -> str:
        """One sentence for each metric: what was counted over what, and what was left out."""
        from community_mediation.metrics._explain import explain

        return explain(self)

    def plot(self) -> altair.LayerChart | altair.FacetChart:
        """The proportions with their intervals, as an Altair chart.

        Raises:
            MissingExtra: The packages of the extra ``charts`` are not installed.
            InvalidQuery: There is no proportion with a value.
        """
        from community_mediation.metrics._plot import plot

        return plot(self)

    def with_lang(self, lang: str) -> ResultTable:
        """The same table, printed in another language."""
        return attrs.evolve(self, lang=lang)
