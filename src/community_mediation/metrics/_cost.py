"""What the settled cases would have cost in court: a product of two numbers, which names both."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import attrs

from community_mediation.domain.values import Money
from community_mediation.errors import InvalidQuery, InvalidValue
from community_mediation.metrics._figures import CountFigure, ProportionFigure
from community_mediation.ports import Label


@attrs.frozen(kw_only=True)
class CostSaving:
    """Cases times what one costs elsewhere.

    Attributes:
        cases: How many cases.
        what: Which cases.
        unit_cost: What one of them would have cost.
        as_of: When that cost was found: a year or a day.
        source: Who found it.
    """

    cases: int
    what: Label
    unit_cost: Money
    as_of: int | dt.date
    source: str

    @property
    def value(self) -> Decimal:
        """The product, exact, in the currency of the unit cost."""
        return self.cases * self.unit_cost.amount

    def text(self, lang: str = "en") -> str:
        """Both numbers with their product; ``zh`` for Chinese."""
        money, saved = f"{self.unit_cost.amount:,f} {self.unit_cost.currency}", f"{self.value:,f}"
        what = self.what.text(lang)
        if lang == "zh":
            return (
                f"{what} {self.cases:,} × 单位成本 {money}（{self.as_of}，{self.source}）= {saved}；"
                "以每件本会诉至法院为前提，并非实测节省"
            )
        return (
            f"{self.cases:,} {what} x {money} each ({self.as_of}, {self.source}) = {saved};"
            " as if each had gone to court: nobody saw that, and it is no measured saving"
        )

    def __str__(self) -> str:
        return self.text()


def cost_saving(
    figure: CountFigure | ProportionFigure, unit_cost: Money, *, as_of: int | dt.date, source: str
) -> CostSaving:
    """What the cases of a figure would have cost elsewhere.

    The unit cost is yours: the library knows none. It differs between courts and grows old, so its date and its source
    are printed with it. Source: the Philippine Department of the Interior (cases settled x PHP 9,500 of government
    savings each); Massachusetts Office of Public Collaboration, 2019.

    Args:
        figure: A count, or a share whose numerator is taken.
        unit_cost: What one case costs, exact.
        as_of: The year or the day of that cost.
        source: Who says so.

    Raises:
        InvalidQuery: The figure is no count and no share, or has no value.
        InvalidValue: A cost without its date or its source.
    """
    if not isinstance(figure, CountFigure | ProportionFigure):
        raise InvalidQuery("A cost is multiplied with a count, or with the numerator of a share.")
    if figure.value is None:
        raise InvalidQuery(f"Metric {figure.metric.name} has no value ({figure.reason}), and so there is no cost.")
    if not isinstance(unit_cost, Money):
        raise InvalidValue("a cost without its currency", remedy='Give Money(Decimal("9500"), "PHP").')
    if type(as_of) is not int and type(as_of) is not dt.date:
        raise InvalidValue("a cost without its year or day")
    told: object = source
    if not isinstance(told, str) or not told.strip():
        raise InvalidValue("a cost without its source")
    return CostSaving(
        cases=figure.counted if isinstance(figure, CountFigure) else figure.numerator,
        what=figure.metric.what if isinstance(figure, CountFigure) else figure.metric.numerator_label,
        unit_cost=unit_cost,
        as_of=as_of,
        source=source,
    )
