"""Every case of the basis falls in exactly one part, and in the right one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_mediation.domain.values import Period
from community_mediation.errors import InvalidValue
from community_mediation.metrics import Proportion, ProportionFigure, catalogue, col, table
from community_mediation.metrics._conditions import EVERYTHING
from tests.metrics import oracle
from tests.metrics.frames import BOOKS, FEW, Cells, case, in_polars

PERIODS = st.sampled_from([None, Period.parse("2022-03"), Period.parse("2022-03-01..2022-03-02")])
PROPORTIONS = [one for one in catalogue().values() if isinstance(one, Proportion) and one.grain == "case"]


REPORTED = next(metric for metric in PROPORTIONS if metric.name == "agreement_of_reported")


def parts_of(figure: ProportionFigure) -> Counter[str]:
    """A figure's parts by name, as the oracle names them."""
    names = ("numerator", "other", "open", "unknown_outcome", "unknown_place", "outside", "elsewhere", "undated")
    found = Counter({name: getattr(figure, name) for name in names})
    found["excluded"] = sum(count for _, count in figure.excluded)
    return +found


@FEW
@given(BOOKS, PERIODS, st.booleans())
def test_each_rung_has_the_parts_that_single_cases_give(book: list[Cells], period: Period, implied: bool) -> None:
    """Against a second definition, case by case, over registers full of contradictions."""
    found = table(in_polars(book), period=period, on_the_spot="implied" if implied else "as_recorded")
    for rung in oracle.RUNGS:
        expected = oracle.parts(book, rung, period, implied, {"full", "partial"})
        assert parts_of(found[f"agreement_of_{rung}"]) == expected, rung
    full = oracle.parts(book, "begun", period, implied, {"full"})
    assert parts_of(found["full_agreement_of_begun"]) == full


@FEW
@given(BOOKS, PERIODS, st.booleans())
def test_the_parts_of_every_proportion_add_up_to_its_basis(
    book: list[Cells], period: Period | None, implied: bool
) -> None:
    found = table(
        in_polars(book), metrics=PROPORTIONS, period=period, on_the_spot="implied" if implied else "as_recorded"
    )
    for metric in (one for one in PROPORTIONS if one.filter == EVERYTHING):
        event = metric.milestone == "concluded"
        places = Counter(oracle.place(row, metric.milestone, period, event) for row in book)
        figure = found[metric.name]
        assert figure.basis_cases == places["in"] and figure.undated == places["undated"]
        assert sum(parts_of(figure).values()) - figure.undated == figure.basis_cases


@FEW
@given(BOOKS)
def test_the_rungs_are_nested(book: list[Cells]) -> None:
    """Whoever stands on a rung stands on all below it, so the known cases on a rung only shrink."""
    found = table(in_polars(book))
    on = [
        figure.numerator + figure.other + figure.open + figure.unknown_outcome
        for figure in (found[f"agreement_of_{rung}"] for rung in oracle.RUNGS)
    ]
    assert on == sorted(on, reverse=True)


@FEW
@given(BOOKS)
def test_the_bounds_hold_the_share_whatever_the_unknown_cases_are(book: list[Cells]) -> None:
    found = table(in_polars(book), metrics=PROPORTIONS)
    for metric in PROPORTIONS:
        figure = found[metric.name]
        if figure.value is not None:
            assert figure.bounds[0] <= figure.value <= figure.bounds[1]


@FEW
@given(BOOKS, st.sampled_from([None, "2022-03"]))
def test_a_breakdown_adds_up_to_its_total(book: list[Cells], period: str | None) -> None:
    found = table(in_polars(book), by="centre", period=period, metrics=[*PROPORTIONS, "reported", "open_at_end"])
    for metric in found.metrics:
        groups: list[Any] = [row.figure for row in found.rows if row.metric.name == metric.name and not row.total]
        if isinstance(metric, Proportion):
            summed = sum((parts_of(one) for one in groups), Counter[str]())
            assert summed == parts_of(found[metric.name])
        else:
            assert sum(one.counted for one in groups) == found[metric.name].counted


PLANTED: dict[str, dict[str, Any]] = {
    "an outcome that is yes and open at once": {"pending": col("agreement").is_in(["open", "full"])},
    "an outcome that is open and no at once": {"pending": col("agreement").is_in(["open", "none"])},
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_definition_that_takes_a_case_twice_is_refused(fault: str) -> None:
    """A planted fault: the parts overlap, and no figure comes out."""
    broken = attrs.evolve(REPORTED, **PLANTED[fault])
    book = [case(agreement="full"), case(agreement="none"), case(agreement="open")]
    with pytest.raises(InvalidValue, match="exactly one part"):
        table(in_polars(book), metrics=[broken])


def test_a_figure_that_drops_its_unknown_cases_is_refused() -> None:
    """A planted fault: the unknown cases vanish between the counting and the figure."""
    book = [case(agreement="full", begun="at"), case(agreement="unknown", begun="at"), case()]
    honest = table(in_polars(book))["agreement_of_begun"]
    assert (honest.unknown_outcome, honest.unknown_place) == (1, 1)
    for lost in ("unknown_outcome", "unknown_place"):
        with pytest.raises(InvalidValue, match="its parts hold 2 cases, its basis 3"):
            attrs.evolve(honest, **{lost: 0})


def test_a_metric_that_calls_the_unknown_a_no_is_caught_by_the_oracle() -> None:
    """A planted fault that still adds up: only the second definition sees it."""
    lying = attrs.evolve(
        REPORTED, numerator=col("agreement").is_in(["full", "partial"]) & ~(col("agreement") == "open")
    )
    book = [case(agreement="full"), case(agreement="unknown")]
    found = table(in_polars(book), metrics=[lying])["agreement_of_reported"]
    assert parts_of(found) != oracle.parts(book, "reported", None, True, {"full", "partial"})
